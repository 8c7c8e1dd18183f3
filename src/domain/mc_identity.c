/*
 * Names and ID numbers in the form in which they are compared.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_identity.h"

#include "mc_utf8.h"


#define FULL_WIDTH_FIRST  0xFF01    /* of '!', in the order of ASCII */
#define FULL_WIDTH_LAST   0xFF5E
#define MIDDLE_DOT        0x00B7


/* Written between the parts of a name by one input method or another. */
static const uint32_t  dots[] = {
    0x002E, 0x00B7, 0x0387, 0x2022, 0x2024, 0x2027, 0x2219, 0x22C5, 0x2E31,
    0x3002, 0x30FB, 0xFF61, 0xFF65
};


static bool
is_blank(mc_str_t text, size_t from, size_t to)
{
    return mc_utf8_trim((mc_str_t) { text.data + from, to - from }).len == 0;
}


static uint32_t
narrow(uint32_t point)
{
    return point >= FULL_WIDTH_FIRST && point <= FULL_WIDTH_LAST
           ? point - FULL_WIDTH_FIRST + '!' : point;
}


static uint32_t
name_point(uint32_t point)
{
    size_t  i;

    point = narrow(point);

    if (point >= 'A' && point <= 'Z') {
        return point - 'A' + 'a';
    }

    for (i = 0; i < mc_count(dots); i++) {
        if (point == dots[i]) {
            return MIDDLE_DOT;
        }
    }

    return point;
}


mc_err_t
mc_identity_name(mc_str_t text, mc_arena_t *arena, mc_str_t *out)
{
    char      name[MC_IDENTITY_NAME], bytes[4];
    size_t    pos, next, n, size;
    uint32_t  point;

    text = mc_utf8_trim(text);

    if (!mc_utf8_printable(text, false)) {
        return MC_EINVAL;
    }

    n = 0;

    for (pos = 0; pos < text.len; pos = next) {
        next = pos;
        point = mc_utf8_next(text, &next);

        if (is_blank(text, pos, next)) {
            continue;
        }

        size = mc_utf8_encode(name_point(point), bytes);

        if (size == 0 || size > sizeof(name) - n) {
            return MC_EINVAL;
        }

        memcpy(name + n, bytes, size);
        n += size;
    }

    if (n == 0) {
        return MC_EINVAL;
    }

    *out = mc_arena_str(arena, (mc_str_t) { name, n });
    explicit_bzero(name, sizeof(name));

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}


static bool
is_number_letter(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '('
           || c == ')';
}


/* How many letters; 0: it is none. */
static size_t
number_read(mc_str_t text, char out[MC_IDENTITY_NUMBER])
{
    size_t    pos, next, n;
    uint32_t  point;

    n = 0;

    for (pos = 0; pos < text.len; pos = next) {
        next = pos;
        point = mc_utf8_next(text, &next);

        if (point == MC_UTF8_BAD) {
            return 0;
        }

        point = narrow(point);

        if (point == '-' || is_blank(text, pos, next)) {
            continue;
        }

        if (point >= 'a' && point <= 'z') {
            point = point - 'a' + 'A';
        }

        if (n == MC_IDENTITY_NUMBER || !is_number_letter(point)) {
            return 0;
        }

        out[n++] = (char) point;
    }

    return n;
}


mc_err_t
mc_identity_number(mc_str_t text, char out[MC_IDENTITY_NUMBER + 1])
{
    size_t  n;

    n = number_read(text, out);
    out[n] = '\0';

    return n > 0 ? MC_OK : MC_EINVAL;
}
