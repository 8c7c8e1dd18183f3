/*
 * Reads a layout, line by line; the lines of the built-in one are nginx's
 * grammar in memory.
 *
 * Depends on base, domain (settings).  While configuration is read; any
 * thread.
 */

#include "mc_layout_line.h"

#include <stdio.h>

#include "mc_buf.h"
#include "mc_conf_token.h"
#include "mc_crypto.h"
#include "mc_layout_builtin.h"


#define DIGEST_MAX  (4 * 1024 * 1024)
#define NAME        "built-in layout"

typedef struct {
    const char  *name;
    size_t       min;               /* words behind the name */
    mc_err_t   (*read)(mc_reader_t *reader);
} row_t;

static const row_t  rows[] = {
    { "page", 1, mc_line_page },
    { "style", 2, mc_line_style },
    { "title", 5, mc_line_text },
    { "text", 5, mc_line_text },
    { "label", 5, mc_line_field },
    { "value", 5, mc_line_field },
    { "photo", 4, mc_line_photo },
    { "qr", 4, mc_line_qr },
    { "seal", 4, mc_line_seal },
    { "guilloche", 1, mc_line_guilloche }
};


static mc_err_t
read_line(mc_reader_t *reader)
{
    size_t  i;

    if (reader->line->count == 0) {
        return MC_EINVAL;
    }

    for (i = 0; i < mc_count(rows); i++) {
        if (!mc_str_is(reader->line->words[0], rows[i].name)) {
            continue;
        }

        reader->words = reader->line->words + 1;
        reader->count = reader->line->count - 1;

        return reader->count < rows[i].min
               ? mc_reader_fail(reader, "invalid number of arguments")
               : rows[i].read(reader);
    }

    return mc_reader_fail(reader, "is no line of a layout");
}


/* Over every word but the paths' contents, which are the seals' own. */
static mc_err_t
make_digest(mc_layout_t *layout, const mc_settings_layout_t *lines)
{
    size_t                     i, word;
    mc_buf_t                   buf;
    mc_err_t                   err;
    const mc_settings_line_t  *line;

    mc_buf_init(&buf, DIGEST_MAX);

    for (i = 0; i < lines->count; i++) {
        line = &lines->lines[i];
        (void) mc_buf_printf(&buf, "%zu;", line->count);

        for (word = 0; word < line->count; word++) {
            (void) mc_buf_printf(&buf, "%zu:", line->words[word].len);
            (void) mc_buf_str(&buf, line->words[word]);
        }
    }

    err = buf.err;

    if (err == MC_OK) {
        err = mc_sha256(buf.data, buf.len, layout->digest);
    }

    mc_buf_free(&buf);

    return err;
}


mc_err_t
mc_layout_read(mc_layout_t *layout, const mc_settings_layout_t *lines,
    char error[MC_SETTINGS_ERROR], const char **where)
{
    size_t       i;
    mc_err_t     err;
    mc_reader_t  reader;

    memset(&reader, 0, sizeof(reader));
    reader.layout = layout;
    reader.error = error;

    for (i = 0; i < lines->count; i++) {
        reader.line = &lines->lines[i];
        *where = reader.line->where.data;

        err = read_line(&reader);
        if (err != MC_OK) {
            return err;
        }
    }

    *where = lines->where.data != NULL ? lines->where.data : "";

    if (reader.page[0] == 0) {
        snprintf(error, MC_SETTINGS_ERROR, "the layout \"%.*s\" has no "
                 "\"page\"", mc_cut60(lines->name));
        return MC_EINVAL;
    }

    if (layout->marked_count == 0) {
        snprintf(error, MC_SETTINGS_ERROR, "the layout \"%.*s\" is empty",
                 mc_cut60(lines->name));
        return MC_EINVAL;
    }

    *where = "";

    return make_digest(layout, lines);
}


typedef struct {
    mc_arena_t            *arena;
    mc_settings_layout_t  *layout;
} builtin_t;


static mc_err_t
take_line(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    size_t               i;
    mc_str_t            *words;
    builtin_t           *builtin = data;
    mc_settings_line_t  *line;

    if (statement->kind != MC_CONF_SIMPLE
        || builtin->layout->count == MC_SETTINGS_LAYOUT_LINES)
    {
        return MC_EINVAL;
    }

    line = &builtin->layout->lines[builtin->layout->count++];
    words = mc_arena_alloc(builtin->arena,
                           statement->count * sizeof(mc_str_t));
    line->where = mc_arena_printf(builtin->arena, "%s:%u", statement->file,
                                  statement->line);

    if (words == NULL || line->where.data == NULL) {
        return MC_ENOMEM;
    }

    for (i = 0; i < statement->count; i++) {
        words[i] = mc_arena_str(builtin->arena, statement->words[i]);

        if (words[i].data == NULL) {
            return MC_ENOMEM;
        }
    }

    line->count = statement->count;
    line->words = words;

    return MC_OK;
}


mc_err_t
mc_layout_builtin(mc_arena_t *arena, mc_settings_layout_t *out)
{
    builtin_t        builtin;
    mc_conf_error_t  error;

    memset(out, 0, sizeof(*out));
    out->name = mc_str(NAME);
    out->lines = mc_arena_alloc(arena, MC_SETTINGS_LAYOUT_LINES
                                       * sizeof(mc_settings_line_t));
    if (out->lines == NULL) {
        return MC_ENOMEM;
    }

    builtin.arena = arena;
    builtin.layout = out;

    return mc_conf_walk_text(mc_str_from(mc_layout_builtin_text), NAME,
                             false, take_line, &builtin, &error);
}
