/*
 * JSON writer over a bounded buffer.
 *
 * Depends on mc_buf and mc_utf8.  Any one thread.  The reader is mc_json.c.
 *
 * One flag carries the grammar: "comma" says that a value stands before
 * the place where the next one goes.
 */

#include "mc_json.h"

#include <inttypes.h>

#include "mc_utf8.h"


void
mc_json_out_init(mc_json_out_t *out, mc_buf_t *buf)
{
    *out = (mc_json_out_t) { .buf = buf };
}


static void
next_value(mc_json_out_t *out)
{
    if (out->comma) {
        (void) mc_buf_byte(out->buf, ',');
    }

    out->comma = true;
}


void
mc_json_open(mc_json_out_t *out, char bracket)
{
    next_value(out);
    (void) mc_buf_byte(out->buf, (uint8_t) bracket);
    out->comma = false;
}


void
mc_json_close(mc_json_out_t *out, char bracket)
{
    (void) mc_buf_byte(out->buf, (uint8_t) bracket);
    out->comma = true;
}


static bool
needs_escape(uint32_t code)
{
    return code < 0x20 || code == '"' || code == '\\' || code == '<'
           || code == '>' || code == '&' || code == 0x2028 || code == 0x2029
           || code == MC_UTF8_BAD;
}


static void
write_escape(mc_buf_t *buf, uint32_t code)
{
    switch (code) {

    case '"':
        (void) mc_buf_cstr(buf, "\\\"");
        return;

    case '\\':
        (void) mc_buf_cstr(buf, "\\\\");
        return;

    case '\n':
        (void) mc_buf_cstr(buf, "\\n");
        return;

    case '\r':
        (void) mc_buf_cstr(buf, "\\r");
        return;

    case '\t':
        (void) mc_buf_cstr(buf, "\\t");
        return;

    case MC_UTF8_BAD:
        (void) mc_buf_cstr(buf, "\xEF\xBF\xBD");
        return;

    default:
        (void) mc_buf_printf(buf, "\\u%04" PRIx32, code);
    }
}


/* Text between quotes; runs of plain letters go over in one piece. */
static void
write_text(mc_buf_t *buf, mc_str_t text)
{
    size_t    pos, start, plain;
    uint32_t  code;

    (void) mc_buf_byte(buf, '"');

    plain = 0;

    for (pos = 0; pos < text.len; /* void */ ) {
        start = pos;
        code = mc_utf8_next(text, &pos);

        if (!needs_escape(code)) {
            continue;
        }

        (void) mc_buf_append(buf, text.data + plain, start - plain);
        write_escape(buf, code);
        plain = pos;
    }

    if (text.len > plain) {
        (void) mc_buf_append(buf, text.data + plain, text.len - plain);
    }

    (void) mc_buf_byte(buf, '"');
}


void
mc_json_key(mc_json_out_t *out, const char *key)
{
    next_value(out);
    write_text(out->buf, mc_str_from(key));
    (void) mc_buf_byte(out->buf, ':');
    out->comma = false;
}


void
mc_json_str(mc_json_out_t *out, mc_str_t value)
{
    next_value(out);
    write_text(out->buf, value);
}


void
mc_json_int(mc_json_out_t *out, int64_t value)
{
    next_value(out);
    (void) mc_buf_printf(out->buf, "%" PRId64, value);
}


void
mc_json_bool(mc_json_out_t *out, bool value)
{
    next_value(out);
    (void) mc_buf_cstr(out->buf, value ? "true" : "false");
}


void
mc_json_null(mc_json_out_t *out)
{
    next_value(out);
    (void) mc_buf_cstr(out->buf, "null");
}


void
mc_json_pair_str(mc_json_out_t *out, const char *key, mc_str_t value)
{
    mc_json_key(out, key);
    mc_json_str(out, value);
}


void
mc_json_pair_int(mc_json_out_t *out, const char *key, int64_t value)
{
    mc_json_key(out, key);
    mc_json_int(out, value);
}


void
mc_json_pair_bool(mc_json_out_t *out, const char *key, bool value)
{
    mc_json_key(out, key);
    mc_json_bool(out, value);
}
