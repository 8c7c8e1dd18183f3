/*
 * style NAME size=... of a layout.
 *
 * Depends on base, domain (words).  While configuration is read; any
 * thread.
 */

#include "mc_layout_line.h"

#include "mc_word.h"


const mc_style_t *
mc_reader_style(const mc_layout_t *layout, mc_str_t name)
{
    size_t  i;

    for (i = 0; i < layout->style_count; i++) {
        if (mc_str_eq(layout->styles[i].name, name)) {
            return &layout->styles[i];
        }
    }

    return NULL;
}


static int
hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}


/* #rrggbb */
static bool
read_colour(mc_str_t word, mc_colour_t *out)
{
    int     i, parts[3];
    size_t  at;

    if (word.len != 7 || word.data[0] != '#') {
        return false;
    }

    for (i = 0, at = 1; i < 3; i++, at += 2) {
        if (hex_digit(word.data[at]) < 0 || hex_digit(word.data[at + 1]) < 0)
        {
            return false;
        }

        parts[i] = hex_digit(word.data[at]) * 16
                   + hex_digit(word.data[at + 1]);
        parts[i] = (parts[i] * 1000 + 127) / 255;
    }

    *out = (mc_colour_t) { parts[0], parts[1], parts[2] };

    return true;
}


static bool
read_align(mc_str_t word, mc_align_t *out)
{
    *out = mc_str_is(word, "centre") || mc_str_is(word, "center")
           ? MC_ALIGN_CENTRE
           : mc_str_is(word, "right") ? MC_ALIGN_RIGHT : MC_ALIGN_LEFT;

    return *out != MC_ALIGN_LEFT || mc_str_is(word, "left");
}


/* The options of a style; "least", "leading" of -1: not stated. */
static mc_err_t
read_option(mc_reader_t *reader, mc_style_t *style, mc_str_t word)
{
    int          number;
    bool         good;
    mc_str_t     key, value;
    mc_shape_t  *shape;

    shape = &style->shape;

    if (!mc_word_split(word, '=', &key, &value)) {
        return mc_reader_fail(reader, "unknown option \"%.*s\"",
                              mc_cut60(word));
    }

    number = 0;

    if (mc_str_is(key, "size")) {
        good = mc_reader_number(value, 144000, &number) && number >= 4000;
        shape->size = number / 10;

    } else if (mc_str_is(key, "least")) {
        good = mc_reader_number(value, 144000, &number) && number >= 4000;
        shape->least = number / 10;

    } else if (mc_str_is(key, "tracking")) {
        good = mc_reader_number(value, 40000, &number);
        shape->tracking = number / 10;

    } else if (mc_str_is(key, "leading")) {
        good = mc_reader_number(value, 4000, &number) && number >= 900;
        shape->leading = number;

    } else if (mc_str_is(key, "color")) {
        good = read_colour(value, &shape->colour);

    } else if (mc_str_is(key, "align")) {
        good = read_align(value, &shape->align);

    } else if (mc_str_is(key, "en")) {
        style->en = mc_reader_style(reader->layout, value);

        if (style->en == NULL) {
            return mc_reader_fail(reader, "unknown style \"%.*s\"",
                                  mc_cut60(value));
        }

        good = style->en != style;

    } else {
        return mc_reader_fail(reader, "unknown option \"%.*s\"",
                              mc_cut60(word));
    }

    return good ? MC_OK
           : mc_reader_fail(reader, "invalid value \"%.*s\" of \"%.*s\"",
                            mc_cut60(value), mc_cut60(key));
}


mc_err_t
mc_line_style(mc_reader_t *reader)
{
    size_t        i, j;
    mc_err_t      err;
    mc_str_t      name, key, value, other;
    mc_style_t   *style;
    mc_layout_t  *layout;

    layout = reader->layout;
    name = reader->words[0];

    if (!mc_word_name(name, "-_", 32) || mc_reader_is_number(name)) {
        return mc_reader_fail(reader, "invalid name \"%.*s\"", mc_cut60(name));
    }

    if (mc_reader_style(layout, name) != NULL) {
        return mc_reader_fail(reader, "duplicate name \"%.*s\"",
                              mc_cut60(name));
    }

    if (layout->style_count == MC_LAYOUT_STYLES) {
        return mc_reader_fail(reader, "more than %d of them",
                              MC_LAYOUT_STYLES);
    }

    style = &layout->styles[layout->style_count];
    memset(style, 0, sizeof(*style));
    style->name = name;
    style->shape.leading = 1250;
    style->shape.colour = (mc_colour_t) { 110, 125, 150 };

    for (i = 1; i < reader->count; i++) {
        for (j = 1; j < i; j++) {
            if (mc_word_split(reader->words[i], '=', &key, &value)
                && mc_word_split(reader->words[j], '=', &other, &value)
                && mc_str_eq(key, other))
            {
                return mc_reader_fail(reader, "duplicate option \"%.*s\"",
                                      mc_cut60(key));
            }
        }

        err = read_option(reader, style, reader->words[i]);
        if (err != MC_OK) {
            return err;
        }
    }

    if (style->shape.size == 0) {
        return mc_reader_fail(reader, "needs size=");
    }

    if (style->shape.least == 0) {
        style->shape.least = style->shape.size * 6 / 10;
        style->shape.least = style->shape.least < 400 ? 400
                                                      : style->shape.least;
    }

    if (style->shape.least > style->shape.size) {
        return mc_reader_fail(reader, "\"least\" is larger than \"size\"");
    }

    style->shape.leading = style->shape.leading * style->shape.least / 1000;
    layout->style_count++;

    return MC_OK;
}
