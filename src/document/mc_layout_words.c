/*
 * The lines of a layout that hold letters: title, text, label, value.
 *
 * Depends on base.  While configuration is read; any thread.
 */

#include "mc_layout_line.h"


static int
line_height(const mc_shape_t *shape)
{
    return (int) ((int64_t) shape->leading * shape->size / shape->least);
}


/* The style at words[*at]; a place without height takes one line of each
 * language. */
static mc_err_t
read_styled(mc_reader_t *reader, size_t *at, mc_item_t *item)
{
    int          height;
    mc_str_t     name;

    if (*at >= reader->count) {
        return mc_reader_fail(reader, "needs a style");
    }

    name = reader->words[*at];
    item->style = mc_reader_style(reader->layout, name);

    if (item->style == NULL) {
        return mc_reader_fail(reader, "unknown style \"%.*s\"",
                              mc_cut60(name));
    }

    *at += 1;
    height = line_height(&item->style->shape);

    if (item->tall) {
        if (height > item->box.height) {
            return mc_reader_fail(reader, "the place is lower than a line of "
                                  "style \"%.*s\"", mc_cut60(name));
        }

        return MC_OK;
    }

    if (item->style->en != NULL) {
        height += line_height(&item->style->en->shape);
    }

    item->box.height = height;
    item->box.y -= height;

    if (item->box.y < 0) {
        return mc_reader_fail(reader, "the place ends below the page");
    }

    return MC_OK;
}


static mc_err_t
read_texts(mc_reader_t *reader, size_t at, mc_item_t *item)
{
    size_t       i;
    mc_err_t     err;
    mc_str_t     bad;
    mc_words_t  *words;

    if (at >= reader->count || reader->count - at > 2) {
        return mc_reader_fail(reader, "needs one text, or one of each "
                              "language");
    }

    if (reader->count - at == 2 && item->style->en == NULL) {
        return mc_reader_fail(reader, "has an English text, but its style "
                              "\"%.*s\" has no en=",
                              mc_cut60(item->style->name));
    }

    for (i = at; i < reader->count; i++) {
        words = i == at ? &item->zh : &item->en;

        err = mc_words_read(&reader->layout->arena, reader->words[i], words,
                            &bad);
        if (err == MC_EINVAL) {
            return mc_reader_fail(reader, "unknown value \"%.*s\"",
                                  mc_cut60(bad));
        }

        if (err == MC_ETOOBIG) {
            return mc_reader_fail(reader, "more than %d pieces in a text",
                        MC_LAYOUT_PIECES);
        }

        if (err != MC_OK) {
            return err;
        }

        if (words->count == 0) {
            return mc_reader_fail(reader, "empty text");
        }
    }

    item->fixed = mc_words_fixed(&item->zh) && mc_words_fixed(&item->en);

    return MC_OK;
}


mc_err_t
mc_line_text(mc_reader_t *reader)
{
    size_t      at;
    mc_err_t    err;
    mc_item_t  *item;

    item = mc_reader_next(reader);
    if (item == NULL) {
        return MC_EINVAL;
    }

    at = 0;
    item->kind = MC_ITEM_TEXT;
    item->mark.role = MC_ROLE_TEXT;

    if (mc_str_is(reader->line->words[0], "title")) {
        if (reader->layout->has_title) {
            return mc_reader_fail(reader, "is duplicate");
        }

        reader->layout->has_title = true;
        item->mark.role = MC_ROLE_TITLE;
    }

    err = mc_reader_place(reader, &at, MC_PLACE_WIDE, item);

    if (err == MC_OK) {
        err = read_styled(reader, &at, item);
    }

    if (err == MC_OK) {
        err = read_texts(reader, at, item);
    }

    return err != MC_OK ? err : mc_reader_add(reader, item);
}


/* label and value */
mc_err_t
mc_line_field(mc_reader_t *reader)
{
    size_t      at;
    mc_err_t    err;
    mc_item_t  *item;

    item = mc_reader_next(reader);
    if (item == NULL) {
        return MC_EINVAL;
    }

    item->value = mc_value_find(reader->words[0]);

    if (item->value < 0) {
        return mc_reader_fail(reader, "unknown field \"%.*s\"",
                              mc_cut60(reader->words[0]));
    }

    item->fixed = mc_str_is(reader->line->words[0], "label");
    item->kind = item->fixed ? MC_ITEM_LABEL : MC_ITEM_VALUE;
    item->mark.role = item->fixed ? MC_ROLE_LABEL : MC_ROLE_VALUE;

    at = 1;
    err = mc_reader_place(reader, &at, MC_PLACE_WIDE, item);

    if (err == MC_OK) {
        err = read_styled(reader, &at, item);
    }

    if (err == MC_OK && at != reader->count) {
        err = mc_reader_fail(reader, "unexpected \"%.*s\"",
                             mc_cut60(reader->words[at]));
    }

    return err != MC_OK ? err : mc_reader_add(reader, item);
}
