/*
 * The forms of a text in a statement, and which one is the shortest.
 *
 * Depends on base only.  Any thread; no state.
 */

#include "mc_stated.h"

#include "mc_utf8.h"


#define TEXT_MAX  4096              /* bytes of a text that is looked at */


bool
mc_stated_good(mc_str_t text, bool may_be_empty)
{
    return (text.len > 0 || may_be_empty) && text.len <= TEXT_MAX
           && mc_utf8_printable(text, false);
}


/* One code point; its length, 0 when it does not fit into "room". */
static size_t
utf16_put(uint32_t point, uint8_t *out, size_t room)
{
    uint32_t  high, low;

    if (point < 0x10000) {

        if (room < 2) {
            return 0;
        }

        out[0] = (uint8_t) (point >> 8);
        out[1] = (uint8_t) point;

        return 2;
    }

    if (room < 4) {
        return 0;
    }

    point -= 0x10000;
    high = 0xD800 | point >> 10;
    low = 0xDC00 | (point & 0x3FF);
    out[0] = (uint8_t) (high >> 8);
    out[1] = (uint8_t) high;
    out[2] = (uint8_t) (low >> 8);
    out[3] = (uint8_t) low;

    return 4;
}


/* As much as "room" holds; true when that is all of it. */
static bool
put_utf16(mc_str_t text, size_t room, mc_stated_t *out)
{
    size_t  pos, n;

    out->len = 0;

    for (pos = 0; pos < text.len; /* void */ ) {
        n = utf16_put(mc_utf8_next(text, &pos), out->bytes + out->len,
                      room - out->len);

        if (n == 0) {
            return false;
        }

        out->len += n;
    }

    return true;
}


static bool
put_packed(mc_str_t text, size_t room, mc_stated_t *out)
{
    size_t    i;
    unsigned  high, low;

    if (text.len == 0 || (text.len + 1) / 2 > room) {
        return false;
    }

    for (i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }

    for (i = 0; i < text.len; i += 2) {
        high = (unsigned) (text.data[i] - '0');
        low = i + 1 < text.len ? (unsigned) (text.data[i + 1] - '0') : 0xF;
        out->bytes[i / 2] = (uint8_t) (high << 4 | low);
    }

    out->len = (text.len + 1) / 2;

    return true;
}


bool
mc_stated_whole(mc_str_t text, size_t room, mc_stated_t *out)
{
    mc_stated_t  wide;

    if (text.len > 1 && put_packed(text, room, out)) {
        out->form = MC_FORM_PACKED;
        return true;
    }

    if (put_utf16(text, room, &wide) && wide.len < text.len) {
        *out = wide;
        out->form = MC_FORM_UTF16;
        return true;
    }

    if (text.len > room) {
        return false;
    }

    if (text.len > 0) {
        memcpy(out->bytes, text.data, text.len);
    }

    out->form = MC_FORM_UTF8;
    out->len = text.len;

    return true;
}


bool
mc_stated_put(mc_str_t text, size_t room, mc_stated_t *out)
{
    if (room > MC_STATED_MAX) {
        room = MC_STATED_MAX;
    }

    if (mc_stated_whole(text, room, out)) {
        return true;
    }

    (void) put_utf16(text, room, out);
    out->form = MC_FORM_CUT;

    return out->len > 0;
}


size_t
mc_stated_first(mc_str_t text)
{
    size_t   pos;
    uint8_t  unit[4];

    pos = 0;

    return utf16_put(mc_utf8_next(text, &pos), unit, sizeof(unit));
}


/* UTF-16BE into UTF-8; half a pair has no UTF-8 form, and is refused. */
static mc_err_t
utf16_read(const mc_stated_t *in, char *out, size_t *len)
{
    size_t    i, n;
    uint32_t  unit, next;

    if (in->len % 2 != 0) {
        return MC_EINVAL;
    }

    *len = 0;

    for (i = 0; i < in->len; i += 2) {
        unit = (uint32_t) in->bytes[i] << 8 | in->bytes[i + 1];

        if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < in->len) {
            next = (uint32_t) in->bytes[i + 2] << 8 | in->bytes[i + 3];

            if (next >= 0xDC00 && next < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00);
                i += 2;
            }
        }

        n = mc_utf8_encode(unit, out + *len);

        if (n == 0) {
            return MC_EINVAL;
        }

        *len += n;
    }

    return MC_OK;
}


static mc_err_t
packed_read(const mc_stated_t *in, char *out, size_t *len)
{
    size_t    i;
    unsigned  half;

    *len = 0;

    for (i = 0; i < 2 * in->len; i++) {
        half = i % 2 == 0 ? in->bytes[i / 2] >> 4 : in->bytes[i / 2] & 15;

        if (half == 0xF && i > 0 && i + 1 == 2 * in->len) {
            break;
        }

        if (half > 9) {
            return MC_EINVAL;
        }

        out[(*len)++] = (char) ('0' + half);
    }

    return *len > 0 ? MC_OK : MC_EINVAL;
}


mc_err_t
mc_stated_read(const mc_stated_t *in, mc_arena_t *arena,
    mc_str_t *out)
{
    char      text[2 * MC_STATED_MAX];
    size_t    len;
    mc_err_t  err;

    switch (in->form) {

    case MC_FORM_PACKED:
        err = packed_read(in, text, &len);
        break;

    case MC_FORM_UTF8:
        memcpy(text, in->bytes, in->len);
        len = in->len;
        err = MC_OK;
        break;

    default:
        err = utf16_read(in, text, &len);
    }

    if (err != MC_OK || (in->form == MC_FORM_CUT && len == 0)
        || !mc_stated_good((mc_str_t) { text, len }, true))
    {
        return MC_EINVAL;
    }

    *out = mc_arena_str(arena, (mc_str_t) { text, len });

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}
