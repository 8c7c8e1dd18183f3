/*
 * The walk over a layout's items: what is the same on every certificate,
 * and what is one certificate's own.
 *
 * Depends on base, domain (certificate), mc_cast, mc_fit.  Any thread; the
 * second half runs for every document and takes no memory but the stack.
 */

#include "mc_layout_page.h"

#include <math.h>
#include <stdio.h>

#include "mc_wording.h"


/* An empty seal, drawn for this width, and scaled from there. */
#define SEAL_WIDTH    9400
#define SEAL_ZH       3390          /* radius of the words' base line */
#define SEAL_EN       3930
#define SEAL_LETTERS  64

#define FAINT  { 600, 650, 710 }

/* Modules around a QR code that stay white, and how few it may have. */
#define QUIET          4
#define LEAST_MODULES  33


mc_layout_t *
mc_layout_open(const mc_settings_t *settings, size_t index,
    char error[MC_SETTINGS_ERROR], const char **where)
{
    mc_err_t               err;
    mc_layout_t           *layout;
    mc_settings_layout_t   builtin, *lines;

    *where = "";
    error[0] = '\0';

    layout = mc_alloc(sizeof(mc_layout_t));
    if (layout == NULL) {
        snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    mc_arena_init(&layout->arena, 1024 * 1024);
    err = MC_OK;

    if (settings->layout_count > 0) {
        lines = (mc_settings_layout_t *) &settings->layouts[index];
        err = index < settings->layout_count ? MC_OK : MC_ENOTFOUND;

    } else {
        lines = &builtin;
        err = index > 0 ? MC_ENOTFOUND
                        : mc_layout_builtin(&layout->arena, &builtin);
    }

    if (err == MC_OK) {
        err = mc_layout_read(layout, lines, error, where);
    }

    if (err != MC_OK) {
        if (error[0] == '\0') {
            snprintf(error, MC_SETTINGS_ERROR, "layout: %s",
                     mc_err_name(err));
        }

        /* the built-in page's lines are nobody's */
        if (settings->layout_count == 0) {
            *where = "";
        }

        mc_layout_close(layout);
        return NULL;
    }

    return layout;
}


void
mc_layout_close(mc_layout_t *layout)
{
    if (layout != NULL) {
        mc_arena_free(&layout->arena);
        mc_free(layout);
    }
}


int
mc_layout_width(const mc_layout_t *layout)
{
    return layout->width;
}


int
mc_layout_height(const mc_layout_t *layout)
{
    return layout->height;
}


size_t
mc_layout_items(const mc_layout_t *layout)
{
    return layout->marked_count;
}


mc_role_t
mc_layout_role(const mc_layout_t *layout, size_t item)
{
    return item < layout->marked_count
           ? layout->items[layout->marked[item]].mark.role
           : MC_ROLE_ARTIFACT;
}


mc_seal_kind_t
mc_layout_item_seal(const mc_layout_t *layout, size_t item)
{
    const mc_item_t  *found;

    if (item >= layout->marked_count) {
        return MC_SEALS;
    }

    found = &layout->items[layout->marked[item]];

    return found->kind == MC_ITEM_SEAL ? found->seal : MC_SEALS;
}


const mc_layout_seal_t *
mc_layout_seal(const mc_layout_t *layout, mc_seal_kind_t kind)
{
    return &layout->seals[kind];
}


mc_layout_qr_t
mc_layout_qr(const mc_layout_t *layout)
{
    return layout->qr;
}


mc_err_t
mc_layout_digest(const mc_layout_t *layout, uint8_t out[32])
{
    memcpy(out, layout->digest, 32);

    return MC_OK;
}


/* A text along a circle: from left to right over the head of it, or, when
 * "below", under its foot. */
static mc_err_t
draw_round(mc_cast_t *cast, mc_str_t text, const mc_box_t *box, bool below,
    const mc_draw_t *draw)
{
    int         size, gap, radius;
    size_t      i, count;
    double      width, along, angle;
    mc_err_t    err;
    mc_line_t   line;
    mc_glyph_t  glyphs[SEAL_LETTERS];

    radius = (int) ((int64_t) box->width * (below ? SEAL_EN : SEAL_ZH)
                    / SEAL_WIDTH);
    size = (int) ((int64_t) box->width * (below ? 620 : 900) / SEAL_WIDTH);
    gap = (int) ((int64_t) box->width * (below ? 100 : 350) / SEAL_WIDTH);

    err = mc_fit_glyphs(cast, text, glyphs, mc_count(glyphs), &count);
    if (err != MC_OK) {
        return err;
    }

    memset(&line, 0, sizeof(line));
    line.glyphs = glyphs;
    line.count = count;
    line.size = size;
    line.tracking = gap;
    width = mc_line_width(&line);

    line.colour = (mc_colour_t) FAINT;
    line.count = 1;
    along = -width / 2;

    for (i = 0; i < count; i++) {
        line.glyphs = &glyphs[i];

        width = glyphs[i].advance * size / 1000.0;
        angle = (along + width / 2) / radius;
        line.turn = below ? angle : -angle;
        line.x = box->x + box->width / 2
                 + (int) lround(sin(angle) * radius - cos(angle) * width / 2);
        line.y = box->y + box->height / 2 + (int) lround(
                     below ? -cos(angle) * radius - sin(angle) * width / 2
                           : cos(angle) * radius + sin(angle) * width / 2);

        err = draw->text != NULL ? draw->text(draw->data, &line) : MC_OK;
        if (err != MC_OK) {
            return err;
        }

        along += width + gap;
    }

    return MC_OK;
}


/* The place of a seal that has no picture. */
static mc_err_t
draw_empty_seal(const mc_item_t *item, mc_cast_t *cast,
    const mc_draw_t *draw)
{
    bool        national;
    mc_err_t    err;
    mc_fit_t    fit;
    mc_glyph_t  glyphs[MC_LINE_GLYPHS];
    mc_shape_t  shape;

    err = draw->ornament == NULL ? MC_OK
          : draw->ornament(draw->data, MC_ORNAMENT_SEAL, &item->box);

    national = item->seal == MC_SEAL_NATIONAL;

    if (err == MC_OK) {
        err = draw_round(cast, national ? mc_wording.national
                                        : mc_wording.regional,
                         &item->box, false, draw);
    }

    if (err == MC_OK) {
        err = draw_round(cast, national ? mc_wording.national_en
                                        : mc_wording.regional_en,
                         &item->box, true, draw);
    }

    if (err != MC_OK) {
        return err;
    }

    memset(&shape, 0, sizeof(shape));
    shape.size = item->box.width * 9 / 94;
    shape.least = shape.size;
    shape.leading = shape.size;
    shape.width = item->box.width;
    shape.align = MC_ALIGN_CENTRE;
    shape.colour = (mc_colour_t) FAINT;

    err = mc_fit_choose(&shape, cast, mc_wording.seal, glyphs, &fit);

    return err != MC_OK ? err
           : mc_fit_draw(&fit, &shape, item->box.x, item->box.y
                         + item->box.height / 2 + fit.leading / 2, draw);
}


/* The Chinese line and the English one below it, in the middle of a place
 * with a height, at the head of one without. */
static mc_err_t
draw_pair(const mc_item_t *item, mc_cast_t *cast, mc_str_t zh, mc_str_t en,
    const mc_draw_t *draw)
{
    int                top;
    mc_err_t           err;
    mc_fit_t           first, second;
    mc_shape_t         shape, below;
    mc_glyph_t         glyphs[MC_LINE_GLYPHS], letters[MC_LINE_GLYPHS];
    const mc_style_t  *style;

    style = item->style;
    shape = style->shape;
    shape.width = item->box.width;
    shape.height = item->tall ? item->box.height : 0;
    second.lines = 0;
    second.leading = 0;

    if (style->en == NULL) {
        en.len = 0;
    }

    if (en.len > 0) {
        below = style->en->shape;
        below.width = shape.width;
        below.height = 0;

        if (item->tall) {
            shape.height -= (int) ((int64_t) below.leading * below.size
                                   / below.least);
        }
    }

    err = mc_fit_choose(&shape, cast, zh, glyphs, &first);
    if (err != MC_OK) {
        return err;
    }

    first.all.place = item->kind == MC_ITEM_VALUE
                      && item->value == MC_CERT_NAME ? MC_PLACE_NAME
                                                     : MC_PLACE_OTHER;

    if (en.len > 0) {
        if (item->tall) {
            below.height = item->box.height - mc_fit_height(&first);
        }

        err = mc_fit_choose(&below, cast, en, letters, &second);
        if (err != MC_OK) {
            return err;
        }
    }

    top = item->box.y + item->box.height;

    if (item->tall) {
        top -= (item->box.height - mc_fit_height(&first)
                - mc_fit_height(&second)) / 2;
    }

    err = mc_fit_draw(&first, &shape, item->box.x, top, draw);

    if (err == MC_OK && second.lines > 0) {
        err = mc_fit_draw(&second, &below, item->box.x,
                          top - mc_fit_height(&first), draw);
    }

    return err;
}


static mc_err_t
draw_value(const mc_item_t *item, mc_cast_t *cast, const mc_values_t *values,
    const mc_draw_t *draw)
{
    mc_text_t  text;

    text = values->texts[item->value];

    if (text.zh.len == 0) {
        text.zh = mc_wording.none;
    }

    if (mc_str_eq(text.en, text.zh)) {
        text.en = mc_str_null;
    }

    return draw_pair(item, cast, text.zh, text.en, draw);
}


static mc_err_t
draw_words(const mc_item_t *item, mc_cast_t *cast, const mc_values_t *values,
    const mc_draw_t *draw)
{
    char      zh_room[MC_LAYOUT_TEXT], en_room[MC_LAYOUT_TEXT];
    mc_err_t  err;
    mc_str_t  zh, en;

    err = mc_words_compose(&item->zh, values, zh_room, &zh);

    if (err == MC_OK) {
        err = mc_words_compose(&item->en, values, en_room, &en);
    }

    return err != MC_OK ? err : draw_pair(item, cast, zh, en, draw);
}


/* The code, on white with its quiet zone. */
static mc_err_t
draw_panel(const mc_item_t *item, const mc_draw_t *draw)
{
    int       zone;
    mc_err_t  err;
    mc_box_t  box;

    static const mc_mark_t  mark = { MC_ROLE_ARTIFACT, -1 };

    if (draw->ornament == NULL) {
        return MC_OK;
    }

    box = item->box;
    zone = box.width * QUIET / LEAST_MODULES;
    box.x -= zone;
    box.y -= zone;
    box.width += 2 * zone;
    box.height += 2 * zone;

    err = draw->open != NULL ? draw->open(draw->data, &mark) : MC_OK;

    if (err == MC_OK) {
        err = draw->ornament(draw->data, MC_ORNAMENT_PANEL, &box);
    }

    return err == MC_OK && draw->close != NULL ? draw->close(draw->data)
                                               : err;
}


static mc_err_t
draw_inner(const mc_item_t *item, mc_cast_t *cast, const mc_values_t *values,
    const mc_draw_t *draw)
{
    mc_text_t  label;

    switch (item->kind) {

    case MC_ITEM_TEXT:
        return draw_words(item, cast, values, draw);

    case MC_ITEM_LABEL:
        label = mc_value_label(item->value);
        return draw_pair(item, cast, label.zh, label.en, draw);

    case MC_ITEM_VALUE:
        return draw_value(item, cast, values, draw);

    case MC_ITEM_PHOTO:
        return draw->photo == NULL ? MC_OK
               : draw->photo(draw->data, &item->box);

    case MC_ITEM_QR:
        return draw->qr == NULL ? MC_OK : draw->qr(draw->data, &item->box);

    case MC_ITEM_SEAL:
        if (item->empty) {
            return draw_empty_seal(item, cast, draw);
        }

        return draw->seal == NULL ? MC_OK
               : draw->seal(draw->data, item->seal, &item->box);

    case MC_ITEM_ORNAMENT:
        return draw->ornament == NULL ? MC_OK
               : draw->ornament(draw->data, item->ornament, &item->box);
    }

    return MC_EINVAL;
}


mc_err_t
mc_layout_draw_item(const mc_item_t *item, mc_cast_t *cast,
    const mc_values_t *values, const mc_draw_t *draw)
{
    mc_err_t  err;

    err = draw->open != NULL ? draw->open(draw->data, &item->mark) : MC_OK;

    if (err == MC_OK) {
        err = draw_inner(item, cast, values, draw);
    }

    if (err == MC_OK && draw->close != NULL) {
        err = draw->close(draw->data);
    }

    return err;
}


mc_err_t
mc_layout_fixed(const mc_layout_t *layout, mc_cast_t *cast,
    const mc_draw_t *draw)
{
    size_t            i;
    mc_err_t          err;
    const mc_item_t  *item;

    err = MC_OK;

    for (i = 0; err == MC_OK && i < layout->item_count; i++) {
        item = &layout->items[i];

        if (item->fixed) {
            err = mc_layout_draw_item(item, cast, NULL, draw);

        } else if (item->kind == MC_ITEM_QR) {
            err = draw_panel(item, draw);
        }
    }

    return err;
}


mc_err_t
mc_layout_values(const mc_layout_t *layout, mc_cast_t *cast,
    const mc_certificate_t *certificate, int timezone,
    const mc_draw_t *draw)
{
    size_t       i;
    mc_err_t     err;
    mc_values_t  values;

    err = mc_values_fill(&values, certificate, timezone);

    for (i = 0; err == MC_OK && i < layout->item_count; i++) {
        if (!layout->items[i].fixed) {
            err = mc_layout_draw_item(&layout->items[i], cast, &values,
                                      draw);
        }
    }

    return err;
}
