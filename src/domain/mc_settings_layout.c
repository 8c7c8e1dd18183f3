/*
 * membercert_layout: the lines of each block as they were written.
 *
 * What a line means is the document's business (mc_layout_read.c); here
 * lines are counted, copied, inherited and digested.
 *
 * Depends on base and domain.  Configuration time only, one thread.
 */

#include <stdio.h>

#include "mc_settings_row.h"
#include "mc_word.h"


#define NAME_MAX   32
#define LABEL_MAX  40       /* code points */


static mc_err_t
take_name(mc_settings_taken_t *taken, mc_settings_layout_t *layout)
{
    size_t    i;
    mc_err_t  err;
    mc_str_t  name;

    name = taken->words[0];

    for (i = 0; i < name.len; i++) {
        if (name.data[i] >= 'A' && name.data[i] <= 'Z') {
            break;
        }
    }

    if (i < name.len || !mc_word_name(name, "-_", NAME_MAX)) {
        return mc_settings_fail(taken->error, "invalid name \"%.*s\", must be "
                                "of a-z, 0-9, - and _", mc_cut(name));
    }

    for (i = 0; i < taken->settings->layout_count; i++) {
        if (mc_str_eq(taken->settings->layouts[i].name, name)) {
            return mc_settings_fail(taken->error, "duplicate name \"%.*s\"",
                                    mc_cut(name));
        }
    }

    layout->name = mc_arena_str(&taken->settings->arena, name);
    layout->zh = layout->name;
    layout->en = layout->name;
    err = MC_OK;

    if (taken->count > 1) {
        err = mc_settings_text(taken, taken->words[1], LABEL_MAX,
                               &layout->zh);
        layout->en = layout->zh;
    }

    if (err == MC_OK && taken->count > 2) {
        err = mc_settings_text(taken, taken->words[2], LABEL_MAX,
                               &layout->en);
    }

    return err != MC_OK ? err : layout->name.data ? MC_OK : MC_ENOMEM;
}


mc_err_t
mc_settings_take_layout(mc_settings_taken_t *taken)
{
    mc_err_t               err;
    mc_arena_t            *arena;
    mc_settings_layout_t  *layout;

    err = mc_settings_next(taken, &taken->settings->layout_count,
                           MC_SETTINGS_LAYOUTS);
    if (err != MC_OK) {
        return err;
    }

    layout = &taken->settings->layouts[taken->settings->layout_count];
    memset(layout, 0, sizeof(*layout));

    err = take_name(taken, layout);
    if (err != MC_OK) {
        return err;
    }

    arena = &taken->settings->arena;
    layout->where = mc_arena_str(arena, mc_str_from(taken->where));
    layout->lines = mc_arena_alloc(arena, MC_SETTINGS_LAYOUT_LINES
                                          * sizeof(mc_settings_line_t));

    if (layout->where.data == NULL || layout->lines == NULL) {
        return MC_ENOMEM;
    }

    taken->settings->layout_count++;

    return MC_OK;
}


static mc_err_t
copy_line(mc_arena_t *arena, mc_settings_line_t *line, mc_str_t where,
    const mc_str_t *words, size_t count)
{
    size_t     i;
    mc_str_t  *copy;

    line->where = mc_arena_str(arena, where);
    line->words = copy = mc_arena_alloc(arena, count * sizeof(mc_str_t));

    if (line->where.data == NULL || copy == NULL) {
        return MC_ENOMEM;
    }

    for (i = 0; i < count; i++) {
        copy[i] = mc_arena_str(arena, words[i]);

        if (copy[i].data == NULL) {
            return MC_ENOMEM;
        }
    }

    line->count = count;

    return MC_OK;
}


mc_err_t
mc_settings_layout_line(mc_settings_t *settings, const mc_str_t *words,
    size_t count, const char *where, char error[MC_SETTINGS_ERROR])
{
    mc_err_t               err;
    mc_settings_layout_t  *layout;

    error[0] = '\0';

    if (settings->layout_count == 0 || count == 0) {
        return mc_settings_fail(error, "no layout to add to");
    }

    layout = &settings->layouts[settings->layout_count - 1];

    if (layout->count == MC_SETTINGS_LAYOUT_LINES) {
        return mc_settings_fail(error, "more than %d lines in a layout",
                                MC_SETTINGS_LAYOUT_LINES);
    }

    if (count > MC_SETTINGS_LAYOUT_WORDS) {
        return mc_settings_fail(error, "more than %d words in \"%.*s\"",
                                MC_SETTINGS_LAYOUT_WORDS, mc_cut(words[0]));
    }

    err = mc_settings_check_words(words, count, error);
    if (err != MC_OK) {
        return err;
    }

    err = copy_line(&settings->arena, &layout->lines[layout->count],
                    mc_str_from(where), words, count);
    if (err != MC_OK) {
        (void) mc_settings_fail(error, "out of memory");
        return err;
    }

    layout->count++;

    return MC_OK;
}


bool
mc_settings_copy_layouts(mc_settings_t *to, const mc_settings_t *from)
{
    size_t                       i, n;
    mc_arena_t                  *arena;
    mc_settings_layout_t        *layout;
    const mc_settings_layout_t  *source;

    arena = &to->arena;
    to->layout_count = 0;

    for (i = 0; i < from->layout_count; i++) {
        source = &from->layouts[i];
        layout = &to->layouts[i];

        layout->name = mc_arena_str(arena, source->name);
        layout->zh = mc_arena_str(arena, source->zh);
        layout->en = mc_arena_str(arena, source->en);
        layout->where = mc_arena_str(arena, source->where);
        layout->lines = mc_arena_alloc(arena, MC_SETTINGS_LAYOUT_LINES
                                              * sizeof(mc_settings_line_t));
        layout->count = source->count;

        if (arena->failed || layout->lines == NULL) {
            return false;
        }

        for (n = 0; n < source->count; n++) {
            if (copy_line(arena, &layout->lines[n], source->lines[n].where,
                          source->lines[n].words, source->lines[n].count)
                != MC_OK)
            {
                return false;
            }
        }
    }

    to->layout_count = from->layout_count;

    return true;
}


static void
digest_str(mc_buf_t *buf, mc_str_t text)
{
    (void) mc_buf_printf(buf, "%zu:", text.len);
    (void) mc_buf_str(buf, text);
}


/* Not where a line stands: the same layout in two servers is one. */
void
mc_settings_digest_layouts(mc_buf_t *buf, const mc_settings_t *settings)
{
    size_t                       i, n, word;
    const mc_settings_line_t    *line;
    const mc_settings_layout_t  *layout;

    for (i = 0; i < settings->layout_count; i++) {
        layout = &settings->layouts[i];

        digest_str(buf, layout->name);
        digest_str(buf, layout->zh);
        digest_str(buf, layout->en);

        for (n = 0; n < layout->count; n++) {
            line = &layout->lines[n];
            (void) mc_buf_printf(buf, "%zu;", line->count);

            for (word = 0; word < line->count; word++) {
                digest_str(buf, line->words[word]);
            }
        }

        (void) mc_buf_byte(buf, '\n');
    }
}


bool
mc_settings_layout(const mc_settings_t *settings, mc_str_t name,
    size_t *index)
{
    size_t  i;

    *index = 0;

    if (name.len == 0) {
        return true;
    }

    for (i = 0; i < settings->layout_count; i++) {
        if (mc_str_eq(settings->layouts[i].name, name)) {
            *index = i;
            return true;
        }
    }

    return false;
}
