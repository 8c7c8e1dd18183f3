/*
 * The life of a site's settings: created with defaults, read a directive
 * at a time, merged from the outer level, checked, digested.
 *
 * What single directives mean stands in mc_settings_table.c and
 * mc_settings_list.c.
 *
 * Depends on base.  Configuration time only, one thread.
 */

#include <stdarg.h>
#include <stdio.h>

#include "mc_settings_row.h"
#include "mc_buf.h"
#include "mc_crypto.h"
#include "mc_utf8.h"


#define ARENA_MAX   (1024 * 1024)
#define DIGEST_MAX  (4 * 1024 * 1024)
#define WORD_MAX    2048


/* A slot's value in a settings struct. */
#define value_of(type, settings, slot)                                       \
    ((type *) (void *) ((char *) (settings) + (slot)->offset))
#define const_value_of(type, settings, slot)                                 \
    ((const type *) (const void *) ((const char *) (settings)                \
                                    + (slot)->offset))


size_t
mc_settings_rows(void)
{
    return mc_settings_table_size;
}


const char *
mc_settings_name(size_t row)
{
    return row < mc_settings_table_size ? mc_settings_table[row].name : "";
}


mc_settings_t *
mc_settings_create(void)
{
    mc_settings_t  *settings;

    settings = mc_alloc(sizeof(mc_settings_t));

    if (settings != NULL) {
        mc_arena_init(&settings->arena, ARENA_MAX);
        mc_settings_defaults(settings);
    }

    return settings;
}


void
mc_settings_free(mc_settings_t *settings)
{
    if (settings != NULL) {
        mc_arena_free(&settings->arena);
        mc_free(settings);
    }
}


mc_err_t
mc_settings_fail(char *error, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    (void) vsnprintf(error, MC_SETTINGS_ERROR, format, args);
    va_end(args);

    return MC_EINVAL;
}


static mc_err_t
fail_nomem(char *error)
{
    (void) mc_settings_fail(error, "out of memory");

    return MC_ENOMEM;
}


mc_err_t
mc_settings_check_words(const mc_str_t *words, size_t count, char *error)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (words[i].len > WORD_MAX) {
            return mc_settings_fail(error, "too long word \"%.*s...\"",
                                    mc_cut(words[i]));
        }

        if (!mc_utf8_printable(words[i], false)) {
            return mc_settings_fail(error, "word %u is not printable UTF-8",
                                    (unsigned) i);
        }
    }

    return MC_OK;
}


static mc_err_t
take_row(mc_settings_taken_t *taken)
{
    mc_err_t                  err;
    const mc_settings_row_t  *row;

    row = taken->row;

    if (taken->again && !row->repeatable) {
        return mc_settings_fail(taken->error, "is duplicate");
    }

    if (taken->count < row->min || taken->count > row->max) {
        return mc_settings_fail(taken->error, "invalid number of arguments");
    }

    err = row->take(taken);

    if (err == MC_OK && row->check != NULL) {
        err = row->check(taken->settings, taken->error);
    }

    if (err == MC_ENOMEM) {
        return fail_nomem(taken->error);
    }

    return err;
}


mc_err_t
mc_settings_take(mc_settings_t *settings, const mc_str_t *words,
    size_t count, const char *where, char error[MC_SETTINGS_ERROR])
{
    size_t               row;
    mc_err_t             err;
    uint64_t             bit;
    mc_settings_taken_t  taken;

    error[0] = '\0';

    for (row = 0; row < mc_settings_table_size; row++) {
        if (count > 0 && mc_str_is(words[0], mc_settings_table[row].name)) {
            break;
        }
    }

    if (row == mc_settings_table_size) {
        return MC_ENOTFOUND;
    }

    err = mc_settings_check_words(words, count, error);

    if (err != MC_OK) {
        return err;
    }

    bit = (uint64_t) 1 << row;

    taken.settings = settings;
    taken.row = &mc_settings_table[row];
    taken.words = words + 1;
    taken.count = count - 1;
    taken.where = where;
    taken.again = (settings->set & bit) != 0;
    taken.error = error;

    err = take_row(&taken);

    if (err != MC_OK) {
        return err;
    }

    if (!taken.again) {
        settings->where[row] = mc_arena_str(&settings->arena,
                                            mc_str_from(where));

        if (settings->where[row].data == NULL) {
            return fail_nomem(error);
        }
    }

    settings->set |= bit;

    return MC_OK;
}


static bool
copy_str(mc_arena_t *arena, mc_str_t *to, mc_str_t from)
{
    if (from.len == 0) {
        *to = mc_str_null;
        return true;
    }

    *to = mc_arena_str(arena, from);

    return to->data != NULL;
}


static bool
copy_list(mc_settings_t *to, const mc_settings_t *from,
    const mc_slot_t *slot)
{
    size_t           i, count;
    mc_str_t        *strs;
    const mc_str_t  *source;

    memcpy(&count, (const char *) from + slot->count, sizeof(size_t));
    memset((char *) to + slot->count, 0, sizeof(size_t));

    strs = value_of(mc_str_t, to, slot);
    source = const_value_of(mc_str_t, from, slot);

    for (i = 0; i < count * slot->width; i++) {
        if (!copy_str(&to->arena, &strs[i], source[i])) {
            return false;
        }
    }

    memcpy((char *) to + slot->count, &count, sizeof(size_t));

    return true;
}


static bool
copy_fields(mc_settings_t *to, const mc_settings_t *from)
{
    size_t             i;
    mc_field_t        *field;
    const mc_field_t  *source;

    to->fields.count = 0;

    for (i = 0; i < from->fields.count; i++) {
        field = &to->fields.items[i];
        source = &from->fields.items[i];

        *field = *source;

        if (!copy_str(&to->arena, &field->key, source->key)
            || !copy_str(&to->arena, &field->zh, source->zh)
            || !copy_str(&to->arena, &field->en, source->en))
        {
            return false;
        }
    }

    to->fields.count = from->fields.count;

    return true;
}


static bool
copy_slot(mc_settings_t *to, const mc_settings_t *from,
    const mc_slot_t *slot)
{
    switch (slot->kind) {

    case MC_SLOT_NONE:
        return true;

    case MC_SLOT_STR:
        return copy_str(&to->arena, value_of(mc_str_t, to, slot),
                        *const_value_of(mc_str_t, from, slot));

    case MC_SLOT_I64:
        *value_of(int64_t, to, slot) = *const_value_of(int64_t, from, slot);
        return true;

    case MC_SLOT_U32:
        *value_of(uint32_t, to, slot) = *const_value_of(uint32_t, from, slot);
        return true;

    case MC_SLOT_INT:
        *value_of(int, to, slot) = *const_value_of(int, from, slot);
        return true;

    case MC_SLOT_BOOL:
        *value_of(bool, to, slot) = *const_value_of(bool, from, slot);
        return true;

    case MC_SLOT_BYTES:
        memcpy(value_of(uint8_t, to, slot),
               const_value_of(uint8_t, from, slot), slot->width);
        return true;

    case MC_SLOT_LIST:
        return copy_list(to, from, slot);

    case MC_SLOT_FIELDS:
        return copy_fields(to, from);

    case MC_SLOT_LAYOUTS:
        return mc_settings_copy_layouts(to, from);
    }

    return false;
}


mc_err_t
mc_settings_merge(mc_settings_t *child, const mc_settings_t *parent)
{
    size_t                    row, i;
    uint64_t                  bit;
    const mc_settings_row_t  *table;

    table = mc_settings_table;

    for (row = 0; row < mc_settings_table_size; row++) {
        bit = (uint64_t) 1 << row;

        if ((child->set & bit) != 0 || (parent->set & bit) == 0) {
            continue;
        }

        for (i = 0; i < MC_SLOTS; i++) {
            if (!copy_slot(child, parent, &table[row].slots[i])) {
                return MC_ENOMEM;
            }
        }

        if (!copy_str(&child->arena, &child->where[row], parent->where[row]))
        {
            return MC_ENOMEM;
        }

        child->set |= bit;
    }

    return MC_OK;
}


/* What rows ask of each other; "row" is the one at fault. */
static mc_err_t
check_together(const mc_settings_t *settings, char *error, const char **row)
{
    /* a photo goes to somebody else's service only by a consent of its own */

    if (settings->compare_http && settings->compare_consent_version.len == 0)
    {
        *row = "membercert_compare";
        return mc_settings_fail(error,
                                "\"membercert_compare\" with \"http\" "
                                "needs \"membercert_compare_consent\"");
    }

    return MC_OK;
}


static const char *
where_of(const mc_settings_t *settings, const char *name)
{
    size_t  i;

    for (i = 0; i < mc_settings_table_size; i++) {
        if (strcmp(mc_settings_table[i].name, name) == 0
            && settings->where[i].data != NULL)
        {
            return settings->where[i].data;
        }
    }

    return "";
}


mc_err_t
mc_settings_finish(mc_settings_t *settings, char error[MC_SETTINGS_ERROR],
    const char **where)
{
    size_t                    i;
    mc_err_t                  err;
    const char               *name;
    const mc_settings_row_t  *row;

    error[0] = '\0';
    *where = "";

    for (i = 0; i < mc_settings_table_size; i++) {
        row = &mc_settings_table[i];

        if (row->required && (settings->set & ((uint64_t) 1 << i)) == 0) {
            return mc_settings_fail(error, "\"%s\" is required", row->name);
        }

        err = row->check ? row->check(settings, error) : MC_OK;

        if (err != MC_OK) {
            *where = where_of(settings, row->name);
            return err;
        }
    }

    err = check_together(settings, error, &name);

    if (err != MC_OK) {
        *where = where_of(settings, name);
    }

    return err;
}


static void
digest_bytes(mc_buf_t *buf, const void *data, size_t len)
{
    mc_buf_printf(buf, "%zu:", len);

    if (len > 0) {
        mc_buf_append(buf, data, len);
    }
}


static void
digest_list(mc_buf_t *buf, const mc_settings_t *settings,
    const mc_slot_t *slot)
{
    size_t           i, count;
    const mc_str_t  *strs;

    memcpy(&count, (const char *) settings + slot->count, sizeof(size_t));
    strs = const_value_of(mc_str_t, settings, slot);

    mc_buf_printf(buf, "%zu;", count);

    for (i = 0; i < count * slot->width; i++) {
        digest_bytes(buf, strs[i].data, strs[i].len);
    }
}


static void
digest_fields(mc_buf_t *buf, const mc_fields_t *fields)
{
    size_t             i;
    const mc_field_t  *field;

    for (i = 0; i < fields->count; i++) {
        field = &fields->items[i];

        digest_bytes(buf, field->key.data, field->key.len);
        digest_bytes(buf, field->zh.data, field->zh.len);
        digest_bytes(buf, field->en.data, field->en.len);
        mc_buf_printf(buf, "%d %d %d %d %d %u;", (int) field->type,
                      (int) field->column, field->required,
                      field->member_edits, field->sensitive,
                      (unsigned) field->max);
    }
}


static void
digest_slot(mc_buf_t *buf, const mc_settings_t *settings,
    const mc_slot_t *slot)
{
    const mc_str_t  *str;

    switch (slot->kind) {

    case MC_SLOT_NONE:
        return;

    case MC_SLOT_STR:
        str = const_value_of(mc_str_t, settings, slot);
        digest_bytes(buf, str->data, str->len);
        return;

    case MC_SLOT_I64:
        mc_buf_printf(buf, "%lld;", (long long)
                      *const_value_of(int64_t, settings, slot));
        return;

    case MC_SLOT_U32:
        mc_buf_printf(buf, "%u;", (unsigned)
                      *const_value_of(uint32_t, settings, slot));
        return;

    case MC_SLOT_INT:
        mc_buf_printf(buf, "%d;", *const_value_of(int, settings, slot));
        return;

    case MC_SLOT_BOOL:
        mc_buf_printf(buf, "%d;", *const_value_of(bool, settings, slot));
        return;

    case MC_SLOT_BYTES:
        digest_bytes(buf, const_value_of(uint8_t, settings, slot),
                     slot->width);
        return;

    case MC_SLOT_LIST:
        digest_list(buf, settings, slot);
        return;

    case MC_SLOT_FIELDS:
        digest_fields(buf, &settings->fields);
        return;

    case MC_SLOT_LAYOUTS:
        mc_settings_digest_layouts(buf, settings);
        return;
    }
}


mc_err_t
mc_settings_digest(const mc_settings_t *settings, uint8_t out[32])
{
    size_t    row, i;
    mc_buf_t  buf;
    mc_err_t  err;

    mc_buf_init(&buf, DIGEST_MAX);

    for (row = 0; row < mc_settings_table_size; row++) {
        mc_buf_printf(&buf, "%s\n", mc_settings_table[row].name);

        for (i = 0; i < MC_SLOTS; i++) {
            digest_slot(&buf, settings, &mc_settings_table[row].slots[i]);
        }
    }

    err = buf.err;

    if (err == MC_OK) {
        err = mc_sha256(buf.data, buf.len, out);
    }

    mc_buf_free(&buf);

    return err;
}


const mc_user_type_t *
mc_settings_user_type(const mc_settings_t *settings, mc_str_t code)
{
    size_t  i;

    for (i = 0; i < settings->user_type_count; i++) {
        if (mc_str_eq(settings->user_types[i].code, code)) {
            return &settings->user_types[i];
        }
    }

    return NULL;
}
