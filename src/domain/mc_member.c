/*
 * A member's values, wherever they live.
 *
 * Depends on base, mc_field.h and the labels.  Pure functions; any thread.
 */

#include "mc_member.h"
#include "mc_json.h"
#include "mc_label.h"
#include "mc_utf8.h"


#define KEY_MAX        32
#define MEMBER_NO_MAX  32


/* In the order of mc_status_t. */
static const char *const status_codes[MC_STATUSES] = {
    "active", "suspended", "left", "deceased"
};


const char *
mc_status_code(mc_status_t status)
{
    if ((unsigned) status >= MC_STATUSES) {
        return "";
    }

    return status_codes[status];
}


mc_str_t
mc_status_text(mc_status_t status, bool english)
{
    if ((unsigned) status >= MC_STATUSES) {
        return mc_str_null;
    }

    return english ? mc_label_status[status].en : mc_label_status[status].zh;
}


bool
mc_status_read(mc_str_t text, mc_status_t *out)
{
    unsigned  i;

    for (i = 0; i < MC_STATUSES; i++) {
        if (mc_str_is(text, status_codes[i])
            || mc_str_eq(text, mc_label_status[i].zh))
        {
            *out = (mc_status_t) i;
            return true;
        }
    }

    return false;
}


static bool
in_column(const mc_field_t *field)
{
    return field->column > MC_COLUMN_NONE && field->column < MC_COLUMNS;
}


/* The place of a profile value; value_count when there is none. */
static size_t
place_of(const mc_member_t *member, mc_str_t key)
{
    size_t  i;

    for (i = 0; i < member->value_count; i++) {
        if (mc_str_eq(member->values[i].key, key)) {
            break;
        }
    }

    return i;
}


mc_str_t
mc_member_value(const mc_member_t *member, const mc_field_t *field)
{
    size_t  i;

    if (in_column(field)) {
        return member->columns[field->column];
    }

    i = place_of(member, field->key);

    return i < member->value_count ? member->values[i].value : mc_str_null;
}


mc_err_t
mc_member_set(mc_member_t *member, const mc_field_t *field, mc_str_t value)
{
    size_t  i;

    if (in_column(field)) {
        member->columns[field->column] = value;
        return MC_OK;
    }

    i = place_of(member, field->key);

    if (value.len == 0) {

        if (i < member->value_count) {
            member->value_count--;
            memmove(&member->values[i], &member->values[i + 1],
                    (member->value_count - i) * sizeof(mc_value_t));
        }

        return MC_OK;
    }

    if (i == MC_FIELDS) {
        return MC_ETOOBIG;
    }

    if (i == member->value_count) {
        member->values[i].key = field->key;
        member->value_count++;
    }

    member->values[i].value = value;

    return MC_OK;
}


mc_str_t
mc_member_shown(const mc_field_t *field, mc_str_t value, bool english)
{
    if (field->type != MC_FIELD_SEX) {
        return value;
    }

    if (mc_str_is(value, "M")) {
        return english ? mc_label_male.en : mc_label_male.zh;
    }

    if (mc_str_is(value, "F")) {
        return english ? mc_label_female.en : mc_label_female.zh;
    }

    return value;
}


static bool
key_before(mc_str_t a, mc_str_t b)
{
    int     order;
    size_t  len;

    len = a.len < b.len ? a.len : b.len;
    order = len > 0 ? memcmp(a.data, b.data, len) : 0;

    return order != 0 ? order < 0 : a.len < b.len;
}


/* Places of the values in the order of their keys. */
static void
sort_values(const mc_member_t *member, uint8_t order[MC_FIELDS])
{
    size_t  i, j;

    for (i = 0; i < member->value_count; i++) {

        for (j = i; j > 0; j--) {
            if (!key_before(member->values[i].key,
                            member->values[order[j - 1]].key))
            {
                break;
            }

            order[j] = order[j - 1];
        }

        order[j] = (uint8_t) i;
    }
}


mc_err_t
mc_member_profile_write(const mc_member_t *member, mc_buf_t *out)
{
    char               key[KEY_MAX + 1];
    size_t             i;
    uint8_t            order[MC_FIELDS];
    mc_json_out_t      json;
    const mc_value_t  *value;

    if (member->value_count > MC_FIELDS) {
        return MC_EINVAL;
    }

    sort_values(member, order);

    mc_json_out_init(&json, out);
    mc_json_open(&json, '{');

    for (i = 0; i < member->value_count; i++) {
        value = &member->values[order[i]];

        if (!mc_field_key_valid(value->key)) {
            return MC_EINVAL;
        }

        memcpy(key, value->key.data, value->key.len);
        key[value->key.len] = '\0';

        mc_json_pair_str(&json, key, value->value);
    }

    mc_json_close(&json, '}');

    return out->err;
}


mc_err_t
mc_member_profile_read(mc_member_t *member, mc_str_t json, mc_arena_t *arena)
{
    size_t      n;
    mc_err_t    err;
    mc_json_t  *root, *item;

    member->value_count = 0;

    if (json.len == 0) {
        return MC_OK;
    }

    err = mc_json_read(arena, json, &root, NULL);

    if (err != MC_OK) {
        return err == MC_EINVAL ? MC_ECORRUPT : err;
    }

    if (root->type != MC_JSON_OBJECT) {
        return MC_ECORRUPT;
    }

    n = 0;

    for (item = root->child; item != NULL; item = item->next) {

        if (n == MC_FIELDS || item->type != MC_JSON_STRING
            || !mc_field_key_valid(item->key))
        {
            return MC_ECORRUPT;
        }

        member->values[n].key = item->key;
        member->values[n].value = item->string;
        n++;
    }

    member->value_count = n;

    return MC_OK;
}


mc_err_t
mc_member_no_read(mc_str_t text, mc_arena_t *arena, mc_str_t *out)
{
    char      c, kept[MEMBER_NO_MAX];
    size_t    pos, next, n;
    mc_str_t  point;

    n = 0;

    for (pos = 0; pos < text.len; pos = next) {
        next = pos;

        if (mc_utf8_next(text, &next) == MC_UTF8_BAD) {
            return MC_EINVAL;
        }

        /* a blank is what trimming takes away */

        point.data = text.data + pos;
        point.len = next - pos;

        if (mc_utf8_trim(point).len == 0) {
            continue;
        }

        c = *point.data;

        if (n == MEMBER_NO_MAX
            || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                 || (c >= 'A' && c <= 'Z') || c == '-'))
        {
            return MC_EINVAL;
        }

        kept[n++] = c;
    }

    if (n == 0) {
        return MC_EINVAL;
    }

    *out = mc_arena_str(arena, (mc_str_t) { kept, n });

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}


mc_str_t
mc_institute_line(const mc_institute_t *institute, mc_str_t hotline,
    mc_arena_t *arena)
{
    mc_str_t  name, contact, phone;

    if (institute == NULL) {
        return mc_arena_str(arena, hotline);
    }

    name = institute->name;
    contact = institute->contact;
    phone = institute->phone.len > 0 ? institute->phone : hotline;

    return mc_arena_printf(arena, "%.*s%s%.*s%s%.*s",
                           (int) name.len, name.data ? name.data : "",
                           name.len > 0 && contact.len > 0 ? " " : "",
                           (int) contact.len,
                           contact.data ? contact.data : "",
                           name.len + contact.len > 0 && phone.len > 0
                           ? " " : "",
                           (int) phone.len, phone.data ? phone.data : "");
}
