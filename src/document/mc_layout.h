/*
 * The page as data: what stands where on the certificate, and how a text
 * that is too long is fitted.  Emits to a drawing interface, so that the
 * PDF, a preview and a test that asks where the name stands all follow the
 * same description.
 *
 * Lengths are in hundredths of a point, y runs up from the foot of the page
 * as in PDF.  A layout is read-only after mc_layout_open(); any thread.
 */

#ifndef MC_LAYOUT_H
#define MC_LAYOUT_H

#include "mc_cast.h"
#include "mc_certificate.h"

#pragma GCC visibility push(hidden)


typedef struct mc_layout_s  mc_layout_t;

#define MC_PAGE_WIDTH   59528       /* of the built-in layout: A4 */
#define MC_PAGE_HEIGHT  84189

#define MC_LINE_DOT     12          /* of 600 dpi */
#define MC_LINE_GLYPHS  1024        /* of one text, all lines together */

typedef struct {
    int  red;                       /* per mille */
    int  green;
    int  blue;
} mc_colour_t;

/* Places that a caller may want to know apart; the rest is MC_PLACE_OTHER. */
typedef enum {
    MC_PLACE_OTHER = 0,
    MC_PLACE_NAME               /* a line of the value "name" */
} mc_place_t;

/* What a marked piece of the page is, for the tagged document. */
typedef enum {
    MC_ROLE_ARTIFACT = 0,           /* ornaments; their id is -1 */
    MC_ROLE_TITLE,
    MC_ROLE_TEXT,
    MC_ROLE_LABEL,
    MC_ROLE_VALUE,
    MC_ROLE_PHOTO,
    MC_ROLE_QR,
    MC_ROLE_SEAL
} mc_role_t;

/* "id" is the MCID: the item's index among those that are no artifacts, in
 * reading order; the same in every document of a layout. */
typedef struct {
    mc_role_t  role;
    int        id;
} mc_mark_t;

typedef enum {
    MC_SEAL_NATIONAL = 0,
    MC_SEAL_REGIONAL,
    MC_SEALS
} mc_seal_kind_t;

/* As mc_qr_want_t: same order. */
typedef enum {
    MC_LAYOUT_QR_NONE = 0,
    MC_LAYOUT_QR_STATEMENT,
    MC_LAYOUT_QR_ADDRESS
} mc_layout_qr_t;

typedef enum {
    MC_ORNAMENT_BORDER = 0,         /* inside of the box; as a rule the
                                     * page */
    MC_ORNAMENT_WATERMARK,          /* box: around a circle */
    MC_ORNAMENT_EMBLEM,
    MC_ORNAMENT_SEAL,
    MC_ORNAMENT_DIVIDER,            /* box: its length, height 0 */
    MC_ORNAMENT_RULE,
    MC_ORNAMENT_FRAME,              /* around the photo */
    MC_ORNAMENT_PANEL               /* white, below a QR code */
} mc_ornament_t;

typedef struct {
    int  x;
    int  y;                         /* lower left corner */
    int  width;
    int  height;
} mc_box_t;

/* One line of text, or one letter of a text on a circle. */
typedef struct {
    const mc_glyph_t  *glyphs;
    size_t             count;
    int                x;           /* where the first glyph begins */
    int                y;           /* base line */
    int                size;
    int                tracking;    /* added behind every glyph */
    double             turn;        /* radians, counter-clockwise */
    mc_colour_t        colour;
    mc_place_t         place;
} mc_line_t;

/*
 * What a page is drawn with.  Members may be NULL: such things are passed
 * over.  Every drawing stands between an open and its close; they do not
 * nest.  An item of the page is opened once a document, but one whose text
 * is empty may be left out.
 */
typedef struct {
    void      *data;
    mc_err_t (*text)(void *data, const mc_line_t *line);
    mc_err_t (*photo)(void *data, const mc_box_t *box);
    mc_err_t (*ornament)(void *data, mc_ornament_t kind,
                         const mc_box_t *box);
    mc_err_t (*qr)(void *data, const mc_box_t *box);
    mc_err_t (*seal)(void *data, mc_seal_kind_t kind, const mc_box_t *box);
    mc_err_t (*open)(void *data, const mc_mark_t *mark);
    mc_err_t (*close)(void *data);
} mc_draw_t;

/* A vector image of a layout.  "path": of the file, or of the folder that
 * holds CODE.svg for each institute; empty: the layout draws an empty place
 * instead, and mc_draw_t.seal is not called.  "where" is the line's
 * "file:line". */
typedef struct {
    bool         present;           /* the layout has such a line */
    mc_str_t     path;
    const char  *where;
    mc_box_t     box;
} mc_layout_seal_t;

/*
 * From where glyph i begins to where the next one does, in thousandths of
 * our unit: whole dots of 600 dpi.  Printers and viewers put each glyph on
 * a whole dot; without this rule the gaps would come out uneven.
 */
int64_t mc_line_step(const mc_line_t *line, size_t i);

/* The same without the rule: where a viewer's pen goes by itself. */
int64_t mc_line_natural(const mc_line_t *line, size_t i);

/* Width of a line without the tracking behind its last glyph. */
int mc_line_width(const mc_line_t *line);

/*
 * Opens every layout with the fonts and asks whether each character of its
 * texts can be drawn and the longest values fit where they are to stand:
 * names of 40 characters, the longest category and the issuer that are
 * configured, numbers of 24 characters, institutes of 30 (80 letters in
 * English).  Nothing less than 5 points (English: 4) is taken as legible.
 * MC_OK, or MC_EINVAL with error and *where as of mc_layout_open().  Once,
 * while configuration is read.
 */
mc_err_t mc_layout_check(const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR], const char **where);

/*
 * Reads settings->layouts[index]; without any layout the built-in A4.  On
 * failure NULL and in "error" what is wrong; *where is the line's
 * "file:line", lives as long as the settings, may be "".
 */
mc_layout_t *mc_layout_open(const mc_settings_t *settings, size_t index,
    char error[MC_SETTINGS_ERROR], const char **where);
void mc_layout_close(mc_layout_t *layout);

int mc_layout_width(const mc_layout_t *layout);
int mc_layout_height(const mc_layout_t *layout);

/* Items that are no artifacts, in reading order. */
size_t mc_layout_items(const mc_layout_t *layout);
mc_role_t mc_layout_role(const mc_layout_t *layout, size_t item);

/* Which seal an item of MC_ROLE_SEAL is (MC_SEALS: another item). */
mc_seal_kind_t mc_layout_item_seal(const mc_layout_t *layout, size_t item);
const mc_layout_seal_t *mc_layout_seal(const mc_layout_t *layout,
    mc_seal_kind_t kind);

mc_layout_qr_t mc_layout_qr(const mc_layout_t *layout);

/* Over everything a page's look follows from but fonts. */
mc_err_t mc_layout_digest(const mc_layout_t *layout, uint8_t out[32]);

/* Puts every character of the layout's texts and labels, digits and
 * those most values consist of into the template's cast.  MC_EINVAL:
 * *missing has no glyph.  MC_ETOOBIG: too many of them. */
mc_err_t mc_layout_prepare(const mc_layout_t *layout, mc_cast_t *cast,
    uint32_t *missing);

/* What every certificate shares: ornaments, labels, constant texts, the
 * national seal. */
mc_err_t mc_layout_fixed(const mc_layout_t *layout, mc_cast_t *cast,
    const mc_draw_t *draw);

/* Photo, QR, regional seal and values of one certificate.  "timezone":
 * minutes east of UTC.  MC_EINVAL: a character without glyph, or no UTF-8.
 * MC_ETOOBIG: a value that fits in no size one can read. */
mc_err_t mc_layout_values(const mc_layout_t *layout, mc_cast_t *cast,
    const mc_certificate_t *certificate, int timezone,
    const mc_draw_t *draw);


#pragma GCC visibility pop

#endif /* MC_LAYOUT_H */
