/*
 * The audit as lines of JSON, and back.
 *
 * Depends on base.  A command only.  Nothing read here is trusted before its
 * MAC or seal was checked.
 */

#include "mc_audit_admin.h"

#include <errno.h>
#include <stdlib.h>

#include "mc_crypto.h"
#include "mc_json.h"
#include "mc_time.h"


static void
pair_hex(mc_json_out_t *out, const char *key, const uint8_t bytes[32])
{
    char  hex[65];

    mc_hex(bytes, 32, hex);
    mc_json_pair_str(out, key, mc_str_from(hex));
}


static void
pair_time(mc_json_out_t *out, int64_t at)
{
    char  time[25];

    mc_time_write(at, time);
    mc_json_pair_str(out, "time", mc_str_from(time));
}


static mc_err_t
line_end(mc_json_out_t *out)
{
    mc_json_close(out, '}');

    return mc_buf_byte(out->buf, '\n');
}


mc_err_t
mc_audit_line_row(mc_buf_t *buf, const mc_audit_row_t *row)
{
    mc_json_out_t  out;

    mc_json_out_init(&out, buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "seq", row->seq);
    mc_json_pair_int(&out, "at", row->at);
    pair_time(&out, row->at);
    mc_json_key(&out, "member_id");

    if (row->member_id != 0) {
        mc_json_int(&out, row->member_id);

    } else {
        mc_json_null(&out);
    }

    mc_json_pair_str(&out, "actor", row->actor);
    mc_json_pair_str(&out, "action", row->action);
    mc_json_pair_str(&out, "result", row->result);
    mc_json_pair_str(&out, "address", row->address);
    mc_json_pair_str(&out, "request_id", row->request_id);
    pair_hex(&out, "mac", row->mac);

    return line_end(&out);
}


mc_err_t
mc_audit_line_head(mc_buf_t *buf, const mc_audit_place_t *place, int64_t now)
{
    mc_json_out_t  out;

    mc_json_out_init(&out, buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "head", place->seq);
    pair_hex(&out, "mac", place->mac);
    pair_hex(&out, "seal", place->seal);
    pair_time(&out, now);

    return line_end(&out);
}


mc_err_t
mc_audit_line_start(mc_buf_t *buf, const mc_audit_place_t *place)
{
    mc_json_out_t  out;

    mc_json_out_init(&out, buf);
    mc_json_open(&out, '{');
    mc_json_pair_int(&out, "audit", 1);
    mc_json_pair_int(&out, "after", place->seq);
    pair_hex(&out, "mac", place->mac);
    pair_hex(&out, "seal", place->seal);

    return line_end(&out);
}


/* A whole number by its letters: a double would lose some. */
static bool
read_int(const mc_json_t *object, const char *key, int64_t *out)
{
    char              text[24];
    char             *end;
    const mc_json_t  *value;

    value = mc_json_get(object, key);
    *out = 0;

    if (value == NULL || value->type != MC_JSON_NUMBER
        || value->string.len == 0 || value->string.len >= sizeof(text))
    {
        return false;
    }

    memcpy(text, value->string.data, value->string.len);
    text[value->string.len] = '\0';

    errno = 0;
    *out = strtoll(text, &end, 10);

    return errno == 0 && *end == '\0';
}


static bool
read_hex(const mc_json_t *object, const char *key, uint8_t out[32])
{
    return mc_hex_read(mc_json_get_str(object, key), out, 32) == MC_OK;
}


static bool
read_place(const mc_json_t *object, const char *key, mc_audit_place_t *place)
{
    return read_int(object, key, &place->seq)
           && place->seq >= 0 && place->seq < INT64_MAX
           && read_hex(object, "mac", place->mac)
           && read_hex(object, "seal", place->seal);
}


static bool
read_row(const mc_json_t *object, mc_audit_row_t *row)
{
    size_t            i;
    const mc_json_t  *member;

    const struct {
        const char  *key;
        mc_str_t    *out;
    } texts[] = {
        { "actor", &row->actor }, { "action", &row->action },
        { "result", &row->result }, { "address", &row->address },
        { "request_id", &row->request_id }
    };

    for (i = 0; i < mc_count(texts); i++) {
        *texts[i].out = mc_json_get_str(object, texts[i].key);

        if (texts[i].out->data == NULL) {
            return false;
        }
    }

    member = mc_json_get(object, "member_id");
    row->member_id = 0;

    if (member == NULL
        || (member->type != MC_JSON_NULL
            && !read_int(object, "member_id", &row->member_id)))
    {
        return false;
    }

    return read_int(object, "seq", &row->seq)
           && row->seq > 0 && row->seq < INT64_MAX
           && read_int(object, "at", &row->at)
           && read_hex(object, "mac", row->mac);
}


mc_err_t
mc_audit_line_read(mc_str_t line, mc_arena_t *arena, mc_audit_line_t *kind,
    mc_audit_row_t *row, mc_audit_place_t *place)
{
    bool        good;
    mc_err_t    err;
    mc_json_t  *object;

    err = mc_json_read(arena, line, &object, NULL);
    if (err != MC_OK) {
        return err;
    }

    if (mc_json_get(object, "head") != NULL) {
        *kind = MC_AUDIT_LINE_HEAD;
        good = read_place(object, "head", place);

    } else if (mc_json_get(object, "after") != NULL) {
        *kind = MC_AUDIT_LINE_START;
        good = read_place(object, "after", place);

    } else {
        *kind = MC_AUDIT_LINE_ROW;
        good = read_row(object, row);
    }

    return good ? MC_OK : MC_EINVAL;
}
