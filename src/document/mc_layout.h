/*
 * The page as data: what stands where on the certificate, and how a text
 * that is too long is fitted.  Emits to a drawing interface, so that the
 * PDF, a preview and a test that asks where the name stands all follow the
 * same description.
 *
 * Lengths are in hundredths of a point, y runs up from the foot of the page
 * as in PDF.  Pure functions; any thread.
 */

#ifndef MC_LAYOUT_H
#define MC_LAYOUT_H

#include "mc_cast.h"
#include "mc_certificate.h"

#pragma GCC visibility push(hidden)


#define MC_PAGE_WIDTH   59528       /* A4 portrait */
#define MC_PAGE_HEIGHT  84189

#define MC_LINE_DOT     12          /* of 600 dpi */
#define MC_LINE_GLYPHS  1024        /* of one text, all lines together */

typedef enum {
    MC_INK_TEXT = 0,
    MC_INK_LABEL,
    MC_INK_TITLE,
    MC_INK_ACCENT,
    MC_INK_FAINT,
    MC_INKS
} mc_ink_t;

typedef struct {
    int  red;                       /* per mille */
    int  green;
    int  blue;
} mc_colour_t;

extern const mc_colour_t mc_inks[MC_INKS];

/* Places that a caller may want to know apart; the rest is MC_PLACE_OTHER. */
typedef enum {
    MC_PLACE_OTHER = 0,
    MC_PLACE_NAME,
    MC_PLACE_STATEMENT,
    MC_PLACE_ISSUER,
    MC_PLACE_SERIAL,
    MC_PLACE_DATE
} mc_place_t;

typedef enum {
    MC_ORNAMENT_BORDER = 0,         /* box: the page */
    MC_ORNAMENT_WATERMARK,          /* box: around a circle */
    MC_ORNAMENT_EMBLEM,
    MC_ORNAMENT_SEAL,
    MC_ORNAMENT_DIVIDER,            /* box: its length, height 0 */
    MC_ORNAMENT_RULE,
    MC_ORNAMENT_FRAME               /* around the photo */
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
    mc_ink_t           ink;
    mc_place_t         place;
} mc_line_t;

typedef struct {
    void      *data;
    mc_err_t (*text)(void *data, const mc_line_t *line);
    mc_err_t (*photo)(void *data, const mc_box_t *box);
    mc_err_t (*ornament)(void *data, mc_ornament_t kind,
                         const mc_box_t *box);
} mc_draw_t;

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

/* Puts every character of the fixed texts, and printable ASCII, into the
 * template's cast.  MC_EINVAL: *missing has no glyph. */
mc_err_t mc_layout_prepare(mc_cast_t *cast, uint32_t *missing);

/* What every certificate shares: ornaments, then labels. */
mc_err_t mc_layout_fixed(mc_cast_t *cast, const mc_draw_t *draw);

/* Photo and values of one certificate.  "timezone": minutes east of UTC.
 * MC_EINVAL: a character without glyph, or no UTF-8.  MC_ETOOBIG: a value
 * that fits in no size one can read. */
mc_err_t mc_layout_values(mc_cast_t *cast,
    const mc_certificate_t *certificate, int timezone,
    const mc_draw_t *draw);


#pragma GCC visibility pop

#endif /* MC_LAYOUT_H */
