/*
 * Directives whose values are lists: secrets, fonts, origins, footer
 * lines, user types, fields.
 *
 * The first statement at a level replaces what stands (the defaults);
 * further ones of a repeatable directive add to it.
 *
 * Depends on base and domain.  Configuration time only, one thread.
 */

#include "mc_settings_row.h"
#include "mc_utf8.h"
#include "mc_word.h"


#define KEY_MAX        32
#define LABEL_MAX      60       /* code points */
#define FOOTER_MAX     200
#define TEXT_MAX       100      /* of a field without max= */


mc_err_t
mc_settings_text(mc_settings_taken_t *taken, mc_str_t word, size_t max,
    mc_str_t *out)
{
    word = mc_utf8_trim(word);

    if (word.len == 0) {
        return mc_settings_fail(taken->error, "empty text");
    }

    if (mc_utf8_count(word) > max) {
        return mc_settings_fail(taken->error,
                                "text \"%.*s\" is longer than %zu letters",
                                mc_cut(word), max);
    }

    *out = mc_arena_str(&taken->settings->arena, word);

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}


mc_err_t
mc_settings_path(mc_settings_taken_t *taken, mc_str_t word, mc_str_t *out)
{
    if (word.len == 0 || word.data[0] != '/') {
        return mc_settings_fail(taken->error,
                                "path \"%.*s\" is not absolute",
                                mc_cut(word));
    }

    if (memchr(word.data, '$', word.len) != NULL) {
        return mc_settings_fail(taken->error,
                                "variables are not supported in \"%.*s\"",
                                mc_cut(word));
    }

    while (word.len > 1 && word.data[word.len - 1] == '/') {
        word.len--;
    }

    if (word.len == 1) {
        return mc_settings_fail(taken->error, "invalid path \"/\"");
    }

    *out = mc_arena_str(&taken->settings->arena, word);

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}


static mc_err_t
take_files(mc_settings_taken_t *taken, mc_str_t *files, size_t *count)
{
    size_t    i, j;
    mc_err_t  err;

    for (i = 0; i < taken->count; i++) {
        err = mc_settings_path(taken, taken->words[i], &files[i]);

        if (err != MC_OK) {
            return err;
        }

        for (j = 0; j < i; j++) {
            if (mc_str_eq(files[i], files[j])) {
                return mc_settings_fail(taken->error,
                                        "duplicate file \"%.*s\"",
                                        mc_cut(files[i]));
            }
        }
    }

    *count = taken->count;

    return MC_OK;
}


mc_err_t
mc_settings_take_secret(mc_settings_taken_t *taken)
{
    return take_files(taken, taken->settings->secrets,
                      &taken->settings->secret_count);
}


mc_err_t
mc_settings_take_font(mc_settings_taken_t *taken)
{
    return take_files(taken, taken->settings->fonts,
                      &taken->settings->font_count);
}


static bool
ends_with(mc_str_t word, const char *end)
{
    size_t  len;

    len = strlen(end);

    return word.len > len
           && memcmp(word.data + word.len - len, end, len) == 0;
}


/* As browsers send it: lower case, without the scheme's own port. */
static mc_err_t
take_origin(mc_settings_taken_t *taken, mc_str_t word, mc_str_t *out)
{
    char    *p;
    size_t   i;

    if (!mc_word_url(word, false)) {
        return mc_settings_fail(taken->error,
                                "invalid origin \"%.*s\", must be "
                                "scheme://host[:port]", mc_cut(word));
    }

    if (word.data[4] == 's' ? ends_with(word, ":443")
                            : ends_with(word, ":80"))
    {
        word.len -= word.data[4] == 's' ? 4 : 3;
    }

    p = mc_arena_alloc(&taken->settings->arena, word.len + 1);

    if (p == NULL) {
        return MC_ENOMEM;
    }

    for (i = 0; i < word.len; i++) {
        p[i] = word.data[i] >= 'A' && word.data[i] <= 'Z'
               ? (char) (word.data[i] + 'a' - 'A') : word.data[i];
    }

    out->data = p;
    out->len = word.len;

    return MC_OK;
}


mc_err_t
mc_settings_take_origin(mc_settings_taken_t *taken)
{
    size_t          i;
    mc_err_t        err;
    mc_settings_t  *settings;

    settings = taken->settings;

    for (i = 0; i < taken->count; i++) {
        err = take_origin(taken, taken->words[i], &settings->origins[i]);

        if (err != MC_OK) {
            return err;
        }
    }

    settings->origin_count = taken->count;

    return MC_OK;
}


/* The place for one more line of a repeatable directive. */
mc_err_t
mc_settings_next(mc_settings_taken_t *taken, size_t *count, size_t most)
{
    if (!taken->again) {
        *count = 0;
    }

    if (*count == most) {
        return mc_settings_fail(taken->error, "more than %zu of them", most);
    }

    return MC_OK;
}


mc_err_t
mc_settings_take_footer(mc_settings_taken_t *taken)
{
    mc_err_t        err;
    mc_footer_t    *footer;
    mc_settings_t  *settings;

    settings = taken->settings;
    err = mc_settings_next(taken, &settings->footer_count,
                           MC_SETTINGS_FOOTERS);

    if (err != MC_OK) {
        return err;
    }

    footer = &settings->footers[settings->footer_count];
    footer->url = mc_str_null;

    err = mc_settings_text(taken, taken->words[0], FOOTER_MAX,
                           &footer->text);

    if (err != MC_OK) {
        return err;
    }

    if (taken->count > 1) {

        if (!mc_word_link(taken->words[1])) {
            return mc_settings_fail(taken->error, "invalid URL \"%.*s\"",
                                    mc_cut(taken->words[1]));
        }

        footer->url = mc_arena_str(&settings->arena, taken->words[1]);

        if (footer->url.data == NULL) {
            return MC_ENOMEM;
        }
    }

    settings->footer_count++;

    return MC_OK;
}


static mc_err_t
take_key(mc_settings_taken_t *taken, mc_str_t word, mc_str_t *out)
{
    if (!mc_field_key_valid(word)) {
        return mc_settings_fail(taken->error,
                                "invalid key \"%.*s\", must be 1 to %d of "
                                "a-z 0-9 _", mc_cut(word), KEY_MAX);
    }

    *out = mc_arena_str(&taken->settings->arena, word);

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}


/* key zh en */
static mc_err_t
take_labels(mc_settings_taken_t *taken, mc_str_t *key, mc_str_t *zh,
    mc_str_t *en)
{
    mc_err_t  err;

    err = take_key(taken, taken->words[0], key);

    if (err == MC_OK) {
        err = mc_settings_text(taken, taken->words[1], LABEL_MAX, zh);
    }

    if (err == MC_OK) {
        err = mc_settings_text(taken, taken->words[2], LABEL_MAX, en);
    }

    return err;
}


mc_err_t
mc_settings_take_user_type(mc_settings_taken_t *taken)
{
    mc_err_t         err;
    mc_settings_t   *settings;
    mc_user_type_t  *type;

    settings = taken->settings;
    err = mc_settings_next(taken, &settings->user_type_count,
                     MC_SETTINGS_USER_TYPES);

    if (err != MC_OK) {
        return err;
    }

    if (mc_settings_user_type(settings, taken->words[0]) != NULL) {
        return mc_settings_fail(taken->error, "duplicate code \"%.*s\"",
                                mc_cut(taken->words[0]));
    }

    type = &settings->user_types[settings->user_type_count];
    err = take_labels(taken, &type->code, &type->zh, &type->en);

    if (err == MC_OK) {
        settings->user_type_count++;
    }

    return err;
}


/* Names that stand for something else in files and requests. */
static bool
is_reserved(mc_str_t key)
{
    static const char *const names[] = {
        "user_type", "member_no", "status", "password", "password_hash",
        "photo", "revision"
    };

    size_t  i;

    for (i = 0; i < mc_count(names); i++) {
        if (mc_str_is(key, names[i])) {
            return true;
        }
    }

    return false;
}


/* One word behind the labels; "seen" has a bit for each kind. */
static mc_err_t
take_field_option(mc_settings_taken_t *taken, mc_str_t word,
    mc_field_t *field, unsigned *seen)
{
    bool      valid;
    mc_str_t  key, value;
    unsigned  bit;

    if (!mc_word_split(word, '=', &key, &value)) {
        key = word;
        value = mc_str_null;
    }

    if (mc_str_is(word, "required")) {
        bit = 1;
        valid = true;
        field->required = true;

    } else if (mc_str_is(key, "type") && value.data != NULL) {
        bit = 2;
        valid = mc_field_type_read(value, &field->type);

    } else if (mc_str_is(key, "edit") && value.data != NULL) {
        bit = 4;
        field->member_edits = mc_str_is(value, "member");
        valid = field->member_edits || mc_str_is(value, "institute");

    } else if (mc_str_is(key, "max") && value.data != NULL) {
        bit = 8;
        valid = mc_word_number(value, MC_FIELD_MAX, &field->max)
                && field->max > 0;

    } else {
        return mc_settings_fail(taken->error, "unknown parameter \"%.*s\"",
                                mc_cut(word));
    }

    if ((*seen & bit) != 0) {
        return mc_settings_fail(taken->error, "duplicate parameter \"%.*s\"",
                                mc_cut(word));
    }

    *seen |= bit;

    if (!valid) {
        return mc_settings_fail(taken->error, "invalid parameter \"%.*s\"",
                                mc_cut(word));
    }

    return MC_OK;
}


/*
 * What a line does not state stays as the built-in field has it, but for
 * "required", which is off unless stated.  Where a field lives, and the
 * type of one with a column of its own, cannot be changed.
 */
static mc_err_t
read_field(mc_settings_taken_t *taken, mc_field_t *field)
{
    size_t           i;
    mc_err_t         err;
    unsigned         seen;
    mc_field_type_t  type;

    seen = 0;
    type = field->type;
    field->required = false;

    err = take_labels(taken, &field->key, &field->zh, &field->en);

    for (i = 3; err == MC_OK && i < taken->count; i++) {
        err = take_field_option(taken, taken->words[i], field, &seen);
    }

    if (err != MC_OK) {
        return err;
    }

    if (field->type != type
        && (field->column != MC_COLUMN_NONE
            || field->type == MC_FIELD_INSTITUTE))
    {
        return mc_settings_fail(taken->error,
                                "type=%s is not for the field \"%.*s\"",
                                mc_field_type_name(field->type),
                                mc_cut(field->key));
    }

    if (field->type == MC_FIELD_PHONE || field->type == MC_FIELD_EMAIL
        || field->type == MC_FIELD_ID_NUMBER)
    {
        field->sensitive = true;
    }

    return MC_OK;
}


mc_err_t
mc_settings_take_field(mc_settings_taken_t *taken)
{
    size_t             n;
    mc_err_t           err;
    mc_field_t         field;
    mc_fields_t       *fields;
    mc_settings_t     *settings;
    const mc_field_t  *old;

    settings = taken->settings;
    fields = &settings->fields;

    if (is_reserved(taken->words[0])) {
        return mc_settings_fail(taken->error, "reserved key \"%.*s\"",
                                mc_cut(taken->words[0]));
    }

    old = mc_field_find(fields, taken->words[0]);
    n = old != NULL ? (size_t) (old - fields->items) : fields->count;

    if (n == MC_FIELDS) {
        return mc_settings_fail(taken->error, "more than %d of them",
                                MC_FIELDS);
    }

    if ((settings->fields_stated & (uint64_t) 1 << n) != 0) {
        return mc_settings_fail(taken->error, "duplicate key \"%.*s\"",
                                mc_cut(taken->words[0]));
    }

    memset(&field, 0, sizeof(field));
    field.member_edits = true;
    field.max = TEXT_MAX;

    if (old != NULL) {
        field = *old;
    }

    err = read_field(taken, &field);

    if (err != MC_OK) {
        return err;
    }

    fields->items[n] = field;
    settings->fields_stated |= (uint64_t) 1 << n;

    if (n == fields->count) {
        fields->count++;
    }

    return MC_OK;
}
