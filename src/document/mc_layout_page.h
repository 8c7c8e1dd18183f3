/*
 * What a layout holds once its lines are read (only for mc_layout*.c).
 *
 * Read-only after mc_layout_open(); any thread.
 */

#ifndef MC_LAYOUT_PAGE_H
#define MC_LAYOUT_PAGE_H

#include "mc_fit.h"
#include "mc_layout.h"

#pragma GCC visibility push(hidden)


#define MC_LAYOUT_ITEMS   128
#define MC_LAYOUT_STYLES  32
#define MC_LAYOUT_PIECES  24        /* of one text */
#define MC_LAYOUT_TEXT    4096      /* bytes of one text, values and all */

/* What a text may name and a value may show; the first ones are the
 * certificate's fields in their order. */
typedef enum {
    MC_VALUE_ISSUER = MC_CERT_FIELDS,
    MC_VALUE_SERIAL,
    MC_VALUE_CODE,
    MC_VALUE_DATE,
    MC_VALUE_MEMBERSHIP,        /* the category as the end of a sentence */
    MC_VALUES
} mc_shown_t;

/* A piece of a text: words, or a value's place. */
typedef struct {
    mc_str_t  words;
    int       value;            /* mc_shown_t; -1: the words */
    bool      en;
} mc_piece_t;

typedef struct {
    size_t             count;   /* 0: no text */
    const mc_piece_t  *pieces;
} mc_words_t;

typedef struct mc_style_s  mc_style_t;

struct mc_style_s {
    mc_str_t           name;
    mc_shape_t         shape;   /* width and height are the place's */
    const mc_style_t  *en;      /* of the English line; NULL: none */
};

typedef enum {
    MC_ITEM_TEXT = 0,
    MC_ITEM_LABEL,
    MC_ITEM_VALUE,
    MC_ITEM_PHOTO,
    MC_ITEM_QR,
    MC_ITEM_SEAL,
    MC_ITEM_ORNAMENT
} mc_item_kind_t;

typedef struct {
    mc_item_kind_t     kind;
    mc_mark_t          mark;
    bool               fixed;   /* the same in every document */
    bool               tall;    /* the place has a height */
    mc_box_t           box;
    const mc_style_t  *style;
    mc_words_t         zh;
    mc_words_t         en;
    int                value;
    mc_ornament_t      ornament;
    mc_seal_kind_t     seal;
    bool               empty;   /* a seal without picture */
    const char        *where;   /* "file:line" */
} mc_item_t;

struct mc_layout_s {
    mc_arena_t        arena;
    int               width;
    int               height;
    size_t            style_count;
    mc_style_t        styles[MC_LAYOUT_STYLES];
    size_t            item_count;
    mc_item_t         items[MC_LAYOUT_ITEMS];
    size_t            marked_count;
    uint8_t           marked[MC_LAYOUT_ITEMS];  /* items by MCID */
    bool              has_photo;
    bool              has_title;
    mc_layout_qr_t    qr;
    mc_layout_seal_t  seals[MC_SEALS];
    uint8_t           digest[32];
};

/* The values of one certificate, ready to be shown. */
typedef struct {
    mc_text_t  texts[MC_VALUES];
    char       serial[24];
    char       date_zh[48];
    char       date_en[48];
    char       code[32];
    char       membership[MC_LAYOUT_TEXT];
} mc_values_t;

/* The lines of the built-in page. */
mc_err_t mc_layout_builtin(mc_arena_t *arena, mc_settings_layout_t *out);

/* Reads all lines.  MC_EINVAL, MC_ENOMEM: error and *where are set. */
mc_err_t mc_layout_read(mc_layout_t *layout,
    const mc_settings_layout_t *lines, char error[MC_SETTINGS_ERROR],
    const char **where);

/* "serial", "name" ...; -1 for anything else. */
int mc_value_find(mc_str_t name);
const char *mc_value_name(int value);
mc_text_t mc_value_label(int value);

/* Texts live as long as the certificate and "values".  MC_EINVAL: a time
 * that is no date; MC_ETOOBIG: a category longer than any page. */
mc_err_t mc_values_fill(mc_values_t *values,
    const mc_certificate_t *certificate, int timezone);

/* Splits "words with $name" into pieces; MC_EINVAL: *bad is no value's
 * name; MC_ETOOBIG: too many pieces. */
mc_err_t mc_words_read(mc_arena_t *arena, mc_str_t text, mc_words_t *out,
    mc_str_t *bad);

/* Without any value? */
bool mc_words_fixed(const mc_words_t *words);

/* The text with its values; in "room" unless it is a single piece. */
mc_err_t mc_words_compose(const mc_words_t *words,
    const mc_values_t *values, char room[MC_LAYOUT_TEXT], mc_str_t *out);

/* Characters that every document needs; those of one item. */
mc_err_t mc_layout_prepare_base(mc_cast_t *cast, uint32_t *missing);
mc_err_t mc_layout_prepare_item(const mc_item_t *item, mc_cast_t *cast,
    uint32_t *missing);

/* One item, between its open and close.  "values" may be NULL for one that
 * is fixed. */
mc_err_t mc_layout_draw_item(const mc_item_t *item, mc_cast_t *cast,
    const mc_values_t *values, const mc_draw_t *draw);


#pragma GCC visibility pop

#endif /* MC_LAYOUT_PAGE_H */
