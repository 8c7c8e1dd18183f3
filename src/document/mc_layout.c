/*
 * The certificate's page: tables of places, and the walk over them.
 *
 * Depends on base, domain (labels, certificate), mc_cast, mc_fit.  Pure;
 * any thread.
 *
 * The tables give y from the head of the page, as one measures a sheet;
 * down() turns it round.
 */

#include "mc_layout.h"

#include <math.h>
#include <stdio.h>

#include "mc_crypto.h"
#include "mc_fit.h"
#include "mc_time.h"
#include "mc_utf8.h"
#include "mc_wording.h"


#define CENTRE        (MC_PAGE_WIDTH / 2)

/* the list of values, beside the photo */
#define ROW_TOP       38650
#define ROW_HEIGHT    3650
#define LABEL_X       8400
#define VALUE_X       18600
#define VALUE_WIDTH   18400
#define LIST_WIDTH    28600

#define PHOTO_X       38900
#define PHOTO_TOP     39300
#define PHOTO_WIDTH   12000
#define PHOTO_HEIGHT  14831         /* 178 x 220 */

#define SEAL_TOP      71000         /* of its centre */
#define SEAL_RADIUS   4700
#define SEAL_ASIDE    13200         /* from the page's middle */
#define SEAL_ROUND    3700          /* middle line of the words around */

#define STATEMENT_MAX  8192         /* bytes */


#define TEXT    { 110, 125, 150 }   /* nearly black, a little blue */
#define LABEL   { 370, 430, 510 }
#define TITLE   { 90, 215, 370 }    /* deep blue */
#define ACCENT  { 620, 480, 230 }   /* old gold */
#define FAINT   { 600, 650, 710 }

struct mc_layout_s {
    mc_layout_seal_t  seals[MC_SEALS];
};

/* Reading order. */
enum {
    ITEM_TITLE, ITEM_TITLE_EN, ITEM_SUBTITLE, ITEM_ISSUER, ITEM_ISSUER_EN,
    ITEM_STATEMENT, ITEM_STATEMENT_EN, ITEM_LIST,
    ITEM_PHOTO = ITEM_LIST + 2 * MC_CERT_FIELDS,
    ITEM_SERIAL, ITEM_ISSUED, ITEM_ISSUED_EN, ITEM_DATE, ITEM_NATIONAL,
    ITEM_REGIONAL, ITEMS
};


typedef struct {
    mc_role_t          role;
    int                id;
    const mc_str_t    *text;
    const mc_shape_t  *shape;
    int                x;           /* of the anchor */
    int                top;         /* base line, from the head */
} words_t;

typedef struct {
    mc_ornament_t  kind;
    int            x;
    int            top;
    int            width;
    int            height;
} figure_t;


/* size, least, width, height, leading, tracking, align, ink */
static const mc_shape_t  title_shape =
    { 3996, 2004, 40000, 0, 0, 1500, MC_ALIGN_CENTRE, TITLE };
static const mc_shape_t  title_en_shape =
    { 1248, 804, 40000, 0, 0, 336, MC_ALIGN_CENTRE, ACCENT };
static const mc_shape_t  subtitle_shape =
    { 1104, 804, 40000, 0, 0, 420, MC_ALIGN_CENTRE, LABEL };
static const mc_shape_t  issuer_shape =
    { 1704, 1296, 42000, 4000, 1900, 264, MC_ALIGN_CENTRE, TITLE };
static const mc_shape_t  issuer_en_shape =
    { 900, 744, 42000, 2200, 1050, 36, MC_ALIGN_CENTRE, LABEL };
static const mc_shape_t  statement_shape =
    { 1452, 1200, 42000, 3700, 1750, 36, MC_ALIGN_CENTRE, TEXT };
static const mc_shape_t  statement_en_shape =
    { 948, 852, 42000, 2500, 1180, 0, MC_ALIGN_CENTRE, LABEL };
static const mc_shape_t  label_shape =
    { 1104, 804, 9800, 0, 0, 60, MC_ALIGN_LEFT, LABEL };
static const mc_shape_t  label_en_shape =
    { 732, 600, 9800, 0, 0, 0, MC_ALIGN_LEFT, LABEL };
static const mc_shape_t  value_shape =
    { 1404, 996, VALUE_WIDTH, 2500, 1230, 24, MC_ALIGN_LEFT, TEXT };
static const mc_shape_t  name_shape =
    { 2004, 1296, VALUE_WIDTH, 3400, 1680, 36, MC_ALIGN_LEFT, TEXT };
static const mc_shape_t  value_en_shape =
    { 828, 648, VALUE_WIDTH, 1900, 820, 0, MC_ALIGN_LEFT, LABEL };
static const mc_shape_t  foot_shape =
    { 1056, 804, 21000, 0, 0, 24, MC_ALIGN_CENTRE, TEXT };
static const mc_shape_t  foot_label_shape =
    { 852, 696, 12000, 0, 0, 24, MC_ALIGN_CENTRE, LABEL };
static const mc_shape_t  foot_en_shape =
    { 780, 648, 21000, 0, 0, 0, MC_ALIGN_CENTRE, LABEL };
static const mc_shape_t  seal_shape =
    { 900, 900, 9000, 0, 0, 0, MC_ALIGN_CENTRE, FAINT };


static const figure_t  figures[] = {
    { MC_ORNAMENT_WATERMARK, CENTRE - 17000, 33000, 34000, 34000 },
    { MC_ORNAMENT_BORDER, 0, 0, MC_PAGE_WIDTH, MC_PAGE_HEIGHT },
    { MC_ORNAMENT_EMBLEM, CENTRE - 2700, 7700, 5400, 5400 },
    { MC_ORNAMENT_DIVIDER, CENTRE - 13000, 28900, 26000, 0 },
    { MC_ORNAMENT_FRAME, PHOTO_X, PHOTO_TOP, PHOTO_WIDTH, PHOTO_HEIGHT },
    { MC_ORNAMENT_SEAL, CENTRE - SEAL_ASIDE - SEAL_RADIUS,
      SEAL_TOP - SEAL_RADIUS, 2 * SEAL_RADIUS, 2 * SEAL_RADIUS },
    { MC_ORNAMENT_SEAL, CENTRE + SEAL_ASIDE - SEAL_RADIUS,
      SEAL_TOP - SEAL_RADIUS, 2 * SEAL_RADIUS, 2 * SEAL_RADIUS }
};


static const words_t  words[] = {
    { MC_ROLE_TITLE, ITEM_TITLE, &mc_wording.title,
      &title_shape, CENTRE, 22900 },
    { MC_ROLE_TEXT, ITEM_TITLE_EN, &mc_wording.title_en,
      &title_en_shape, CENTRE, 25250 },
    { MC_ROLE_TEXT, ITEM_SUBTITLE, &mc_wording.subtitle,
      &subtitle_shape, CENTRE, 27450 },
    { MC_ROLE_LABEL, ITEM_ISSUED, &mc_wording.issued,
      &foot_label_shape, CENTRE, 69300 },
    { MC_ROLE_LABEL, ITEM_ISSUED_EN, &mc_wording.issued_en,
      &foot_en_shape, CENTRE, 70450 }
};


static int
down(int top)
{
    return MC_PAGE_HEIGHT - top;
}


static mc_err_t
open_item(const mc_draw_t *draw, mc_role_t role, int id)
{
    mc_mark_t  mark;

    mark = (mc_mark_t) { role, id };

    return draw->open != NULL ? draw->open(draw->data, &mark) : MC_OK;
}


static mc_err_t
close_item(const mc_draw_t *draw, mc_err_t err)
{
    if (err == MC_OK && draw->close != NULL) {
        err = draw->close(draw->data);
    }

    return err;
}


static mc_err_t
draw_words(mc_cast_t *cast, mc_str_t text, const mc_shape_t *shape, int x,
    int top, mc_place_t place, const mc_draw_t *draw)
{
    mc_fit_t  fit;

    fit.shape = shape;
    fit.x = x;
    fit.y = down(top);
    fit.place = place;

    return mc_fit_draw(&fit, cast, text, draw);
}


/* A text along a circle: from left to right over the head of it, or, when
 * "below", under its foot. */
static mc_err_t
draw_round(mc_cast_t *cast, mc_str_t text, const mc_box_t *centre, int radius,
    bool below, const mc_draw_t *draw)
{
    int         size, gap;
    size_t      i, count;
    double      width, along, angle;
    mc_err_t    err;
    mc_line_t   line;
    mc_glyph_t  glyphs[64];

    size = below ? 620 : 900;
    gap = below ? 100 : 350;

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
        line.x = centre->x + (int) lround(sin(angle) * radius
                                          - cos(angle) * width / 2);
        line.y = centre->y + (int) lround(
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


static mc_err_t
draw_seal_words(mc_cast_t *cast, int x, mc_str_t zh, mc_str_t en,
    const mc_draw_t *draw)
{
    mc_box_t  centre;
    mc_err_t  err;

    centre = (mc_box_t) { x, down(SEAL_TOP), 0, 0 };

    err = draw_round(cast, zh, &centre, SEAL_ROUND - 310, false, draw);

    if (err == MC_OK) {
        err = draw_round(cast, en, &centre, SEAL_ROUND + 230, true, draw);
    }

    if (err == MC_OK) {
        err = draw_words(cast, mc_wording.seal, &seal_shape, x,
                         SEAL_TOP + 340, MC_PLACE_OTHER, draw);
    }

    return err;
}


static mc_err_t
draw_figures(const mc_draw_t *draw)
{
    int       i, top;
    size_t    n;
    mc_box_t  box;
    mc_err_t  err;

    if (draw->ornament == NULL) {
        return MC_OK;
    }

    for (n = 0; n < mc_count(figures); n++) {
        box.x = figures[n].x;
        box.y = down(figures[n].top + figures[n].height);
        box.width = figures[n].width;
        box.height = figures[n].height;

        err = draw->ornament(draw->data, figures[n].kind, &box);
        if (err != MC_OK) {
            return err;
        }
    }

    for (i = 1; i < MC_CERT_FIELDS; i++) {
        top = ROW_TOP + i * ROW_HEIGHT;
        box = (mc_box_t) { LABEL_X, down(top), LIST_WIDTH, 0 };

        err = draw->ornament(draw->data, MC_ORNAMENT_RULE, &box);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


static mc_err_t
draw_labels(mc_cast_t *cast, const mc_draw_t *draw)
{
    int        i, top;
    mc_err_t   err;
    mc_text_t  label;

    for (i = 0; i < MC_CERT_FIELDS; i++) {
        label = mc_cert_label((mc_cert_field_t) i);
        top = ROW_TOP + i * ROW_HEIGHT;

        err = open_item(draw, MC_ROLE_LABEL, ITEM_LIST + 2 * i);
        if (err == MC_OK) {
            err = draw_words(cast, label.zh, &label_shape, LABEL_X,
                             top + 1650, MC_PLACE_OTHER, draw);
        }
        if (err == MC_OK) {
            err = draw_words(cast, label.en, &label_en_shape, LABEL_X,
                             top + 2750, MC_PLACE_OTHER, draw);
        }

        err = close_item(draw, err);

        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


static mc_err_t
draw_texts(mc_cast_t *cast, const mc_draw_t *draw)
{
    size_t          i;
    mc_err_t        err;
    const words_t  *text;

    for (i = 0; i < mc_count(words); i++) {
        text = &words[i];

        err = open_item(draw, text->role, text->id);
        if (err == MC_OK) {
            err = draw_words(cast, *text->text, text->shape, text->x,
                             text->top, MC_PLACE_OTHER, draw);
        }

        err = close_item(draw, err);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


mc_err_t
mc_layout_fixed(const mc_layout_t *layout, mc_cast_t *cast,
    const mc_draw_t *draw)
{
    mc_err_t  err;

    err = open_item(draw, MC_ROLE_ARTIFACT, -1);
    if (err == MC_OK) {
        err = draw_figures(draw);
    }

    err = close_item(draw, err);

    if (err == MC_OK) {
        err = draw_texts(cast, draw);
    }

    if (err == MC_OK) {
        err = draw_labels(cast, draw);
    }

    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_SEAL, ITEM_NATIONAL);
    }

    if (err == MC_OK) {
        err = draw_seal_words(cast, CENTRE - SEAL_ASIDE, mc_wording.national,
                              mc_wording.national_en, draw);
        err = close_item(draw, err);
    }

    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_SEAL, ITEM_REGIONAL);
    }

    if (err == MC_OK) {
        err = draw_seal_words(cast, CENTRE + SEAL_ASIDE, mc_wording.regional,
                              mc_wording.regional_en, draw);
        err = close_item(draw, err);
    }

    return err;
}


static mc_err_t
draw_value(mc_cast_t *cast, const mc_certificate_t *certificate, int field,
    const mc_draw_t *draw)
{
    int               top;
    bool              name;
    mc_err_t          err;
    mc_text_t         value;
    const mc_shape_t *shape;

    name = field == MC_CERT_NAME;
    shape = name ? &name_shape : &value_shape;
    value = certificate->values[field];
    top = ROW_TOP + field * ROW_HEIGHT;

    if (value.zh.len == 0) {
        value.zh = mc_wording.none;
    }

    if (value.en.len == 0 || mc_str_eq(value.en, value.zh)) {
        return draw_words(cast, value.zh, shape, VALUE_X,
                          top + (name ? 2500 : 2250),
                          name ? MC_PLACE_NAME : MC_PLACE_OTHER, draw);
    }

    err = draw_words(cast, value.zh, shape, VALUE_X,
                     top + (name ? 2000 : 1750),
                     name ? MC_PLACE_NAME : MC_PLACE_OTHER, draw);
    if (err != MC_OK) {
        return err;
    }

    return draw_words(cast, value.en, &value_en_shape, VALUE_X, top + 2880,
                      MC_PLACE_OTHER, draw);
}


static bool
ends_with(mc_str_t text, mc_str_t end)
{
    return text.len >= end.len
           && memcmp(text.data + text.len - end.len, end.data, end.len) == 0;
}


static mc_err_t
draw_statement(mc_cast_t *cast, const mc_certificate_t *certificate,
    const mc_draw_t *draw)
{
    mc_buf_t   text;
    mc_err_t   err;
    mc_str_t   category, issuer;
    mc_text_t  name;

    name = certificate->values[MC_CERT_NAME];
    category = certificate->values[MC_CERT_CATEGORY].zh;
    issuer = certificate->issuer.en;

    mc_buf_init(&text, STATEMENT_MAX);

    (void) mc_buf_str(&text, mc_wording.certify);
    (void) mc_buf_str(&text, name.zh.len ? name.zh : mc_wording.none);
    (void) mc_buf_str(&text, mc_wording.member_of_us);

    if (category.len == 0) {
        (void) mc_buf_str(&text, mc_wording.member);
    } else if (ends_with(category, mc_wording.member)) {
        (void) mc_buf_str(&text, category);
    } else {
        (void) mc_buf_str(&text, mc_wording.member_open);
        (void) mc_buf_str(&text, category);
        (void) mc_buf_str(&text, mc_wording.member_close);
    }

    err = mc_buf_str(&text, mc_wording.stop);
    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_TEXT, ITEM_STATEMENT);
    }

    if (err == MC_OK) {
        err = draw_words(cast, mc_buf_view(&text), &statement_shape, CENTRE,
                         32000, MC_PLACE_OTHER, draw);
        err = close_item(draw, err);
    }

    text.len = 0;

    (void) mc_buf_str(&text, mc_wording.certify_en);
    (void) mc_buf_str(&text, name.en.len ? name.en
                           : name.zh.len ? name.zh : mc_wording.none);
    (void) mc_buf_str(&text, mc_wording.member_of_en);
    (void) mc_buf_str(&text, issuer.len ? issuer : mc_wording.institute_en);
    (void) mc_buf_str(&text, mc_wording.stop_en);

    if (err == MC_OK) {
        err = text.err;
    }

    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_TEXT, ITEM_STATEMENT_EN);
    }

    if (err == MC_OK) {
        err = draw_words(cast, mc_buf_view(&text), &statement_en_shape,
                         CENTRE, 35200, MC_PLACE_OTHER, draw);
        err = close_item(draw, err);
    }

    mc_buf_free(&text);

    return err;
}


/* 2026年11月23日 and 23 November 2026 */
static mc_err_t
draw_date(mc_cast_t *cast, int64_t time, int timezone, const mc_draw_t *draw)
{
    char       zh[64], en[64];
    mc_err_t   err;
    mc_date_t  date;

    date = mc_date_at(time, timezone);

    if (date.month < 1 || date.month > 12) {
        return MC_EINVAL;
    }

    snprintf(zh, sizeof(zh), "%d%s%d%s%d%s", date.year,
             mc_wording.year.data, date.month, mc_wording.month.data,
             date.day, mc_wording.day.data);
    snprintf(en, sizeof(en), "%d %s %d", date.day,
             mc_wording.months_en[date.month - 1].data, date.year);

    err = draw_words(cast, mc_str_from(zh), &foot_shape, CENTRE, 72200,
                     MC_PLACE_OTHER, draw);
    if (err != MC_OK) {
        return err;
    }

    return draw_words(cast, mc_str_from(en), &foot_en_shape, CENTRE, 73400,
                      MC_PLACE_OTHER, draw);
}


static mc_err_t
draw_serial(mc_cast_t *cast, int64_t serial, const mc_draw_t *draw)
{
    char  text[96];

    snprintf(text, sizeof(text), "%s %s %08lld", mc_wording.serial.data,
             mc_wording.serial_en.data, (long long) serial);

    return draw_words(cast, mc_str_from(text), &foot_en_shape,
                      PHOTO_X + PHOTO_WIDTH / 2,
                      PHOTO_TOP + PHOTO_HEIGHT + 2000,
                      MC_PLACE_OTHER, draw);
}


static mc_err_t
draw_photo(const mc_draw_t *draw)
{
    mc_err_t  err;
    mc_box_t  box;

    box.width = PHOTO_WIDTH;
    box.height = PHOTO_HEIGHT;
    box.x = PHOTO_X;
    box.y = down(PHOTO_TOP + box.height);

    err = open_item(draw, MC_ROLE_PHOTO, ITEM_PHOTO);
    if (err == MC_OK && draw->photo != NULL) {
        err = draw->photo(draw->data, &box);
    }

    return close_item(draw, err);
}


static mc_err_t
draw_issuer(mc_cast_t *cast, const mc_certificate_t *certificate,
    const mc_draw_t *draw)
{
    mc_err_t  err;

    err = open_item(draw, MC_ROLE_TEXT, ITEM_ISSUER);
    if (err == MC_OK) {
        err = draw_words(cast, certificate->issuer.zh, &issuer_shape, CENTRE,
                         15700, MC_PLACE_OTHER, draw);
    }

    err = close_item(draw, err);
    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_TEXT, ITEM_ISSUER_EN);
    }

    if (err == MC_OK) {
        err = draw_words(cast, certificate->issuer.en, &issuer_en_shape,
                         CENTRE, 17250, MC_PLACE_OTHER, draw);
        err = close_item(draw, err);
    }

    return err;
}


mc_err_t
mc_layout_values(const mc_layout_t *layout, mc_cast_t *cast,
    const mc_certificate_t *certificate, int timezone,
    const mc_draw_t *draw)
{
    int       i;
    mc_err_t  err;

    err = draw_photo(draw);

    if (err == MC_OK) {
        err = draw_issuer(cast, certificate, draw);
    }

    if (err == MC_OK) {
        err = draw_statement(cast, certificate, draw);
    }

    for (i = 0; err == MC_OK && i < MC_CERT_FIELDS; i++) {
        err = open_item(draw, MC_ROLE_VALUE, ITEM_LIST + 2 * i + 1);
        if (err == MC_OK) {
            err = draw_value(cast, certificate, i, draw);
        }

        err = close_item(draw, err);
    }

    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_TEXT, ITEM_SERIAL);
    }

    if (err == MC_OK) {
        err = draw_serial(cast, certificate->serial, draw);
        err = close_item(draw, err);
    }

    if (err == MC_OK) {
        err = open_item(draw, MC_ROLE_VALUE, ITEM_DATE);
    }

    if (err == MC_OK) {
        err = draw_date(cast, certificate->confirmed_at, timezone, draw);
        err = close_item(draw, err);
    }

    return err;
}


static mc_err_t
prepare_text(mc_cast_t *cast, mc_str_t text, uint32_t *missing)
{
    size_t      pos;
    uint32_t    code_point;
    mc_err_t    err;
    mc_glyph_t  glyph;

    for (pos = 0; pos < text.len; /* void */ ) {
        code_point = mc_utf8_next(text, &pos);

        err = mc_cast_add(cast, code_point, &glyph);
        if (err != MC_OK) {
            *missing = code_point;
            return err;
        }
    }

    return MC_OK;
}


mc_err_t
mc_layout_prepare(const mc_layout_t *layout, mc_cast_t *cast,
    uint32_t *missing)
{
    int              i;
    char             c;
    size_t           n;
    mc_err_t         err;
    mc_text_t        label;
    const mc_str_t  *texts;

    err = MC_OK;

    for (c = 0x20; err == MC_OK && c < 0x7F; c++) {
        err = prepare_text(cast, (mc_str_t) { &c, 1 }, missing);
    }

    /* mc_wording_t consists of strings alone */
    texts = (const mc_str_t *) &mc_wording;

    for (n = 0; err == MC_OK && n < sizeof(mc_wording) / sizeof(mc_str_t);
         n++)
    {
        err = prepare_text(cast, texts[n], missing);
    }

    for (i = 0; err == MC_OK && i < MC_CERT_FIELDS; i++) {
        label = mc_cert_label((mc_cert_field_t) i);

        err = prepare_text(cast, label.zh, missing);
        if (err == MC_OK) {
            err = prepare_text(cast, label.en, missing);
        }
    }

    return err;
}


mc_layout_t *
mc_layout_open(const mc_settings_t *settings, size_t index,
    char error[MC_SETTINGS_ERROR], const char **where)
{
    mc_layout_t  *layout;

    *where = "";

    if (index > 0) {
        snprintf(error, MC_SETTINGS_ERROR, "no such layout");
        return NULL;
    }

    layout = mc_alloc(sizeof(mc_layout_t));
    if (layout == NULL) {
        snprintf(error, MC_SETTINGS_ERROR, "out of memory");
    }

    return layout;
}


void
mc_layout_close(mc_layout_t *layout)
{
    mc_free(layout);
}


int
mc_layout_width(const mc_layout_t *layout)
{
    return MC_PAGE_WIDTH;
}


int
mc_layout_height(const mc_layout_t *layout)
{
    return MC_PAGE_HEIGHT;
}


size_t
mc_layout_items(const mc_layout_t *layout)
{
    return ITEMS;
}


mc_role_t
mc_layout_role(const mc_layout_t *layout, size_t item)
{
    if (item >= ITEM_LIST && item < ITEM_PHOTO) {
        return (item - ITEM_LIST) % 2 == 0 ? MC_ROLE_LABEL : MC_ROLE_VALUE;
    }

    switch (item) {
    case ITEM_TITLE:
        return MC_ROLE_TITLE;
    case ITEM_PHOTO:
        return MC_ROLE_PHOTO;
    case ITEM_ISSUED:
    case ITEM_ISSUED_EN:
        return MC_ROLE_LABEL;
    case ITEM_DATE:
        return MC_ROLE_VALUE;
    case ITEM_NATIONAL:
    case ITEM_REGIONAL:
        return MC_ROLE_SEAL;
    default:
        return MC_ROLE_TEXT;
    }
}


mc_seal_kind_t
mc_layout_item_seal(const mc_layout_t *layout, size_t item)
{
    return item == ITEM_NATIONAL ? MC_SEAL_NATIONAL
           : item == ITEM_REGIONAL ? MC_SEAL_REGIONAL : MC_SEALS;
}


const mc_layout_seal_t *
mc_layout_seal(const mc_layout_t *layout, mc_seal_kind_t kind)
{
    return &layout->seals[kind];
}


mc_layout_qr_t
mc_layout_qr(const mc_layout_t *layout)
{
    return MC_LAYOUT_QR_NONE;
}


mc_err_t
mc_layout_digest(const mc_layout_t *layout, uint8_t out[32])
{
    return mc_sha256("a4", 2, out);
}
