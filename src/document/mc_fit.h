/*
 * Fits a text into its place: one line, a smaller line, several lines.
 *
 * The rule: a text stands on one line in its size; too wide, it shrinks to
 * "least" at worst; still too wide, it breaks, in the greatest size in which
 * the lines are not higher than the place.  Lines break
 * at blanks and around ideographs, not before closing marks nor behind
 * opening ones; a word wider than the place breaks anywhere.  No character
 * is ever dropped.  Sizes and tracking are whole dots of 600 dpi, as the
 * steps from glyph to glyph are.
 *
 * Lengths in hundredths of a point.  Pure functions; any thread.
 */

#ifndef MC_FIT_H
#define MC_FIT_H

#include "mc_layout.h"

#pragma GCC visibility push(hidden)


#define MC_FIT_LINES  16
#define MC_FIT_LEAST  240           /* no text is set smaller */

typedef enum {
    MC_ALIGN_LEFT = 0,
    MC_ALIGN_CENTRE,
    MC_ALIGN_RIGHT
} mc_align_t;

typedef struct {
    int          size;
    int          least;             /* of one line, before it breaks */
    int          width;
    int          height;            /* of all lines; 0: one line only */
    int          leading;           /* at "least"; scales with the size */
    int          tracking;          /* at "size"; scales with the size */
    mc_align_t   align;
    mc_colour_t  colour;
} mc_shape_t;

/* A text with its size and breaks chosen; "glyphs" are the caller's. */
typedef struct {
    mc_line_t  all;
    int        width;               /* of the whole, on one line */
    int        leading;             /* from line to line */
    size_t     lines;               /* 0: an empty text */
    struct {
        size_t  start;
        size_t  count;
    }          spans[MC_FIT_LINES];
} mc_fit_t;

/* Decodes a text into glyphs of the cast.  MC_ETOOBIG: over "room". */
mc_err_t mc_fit_glyphs(mc_cast_t *cast, mc_str_t text, mc_glyph_t *out,
    size_t room, size_t *count);

/* Chooses size and breaks; "glyphs" takes MC_LINE_GLYPHS and outlives the
 * fit.  MC_EINVAL: a character without glyph; MC_ETOOBIG: no size fits. */
mc_err_t mc_fit_choose(const mc_shape_t *shape, mc_cast_t *cast,
    mc_str_t text, mc_glyph_t *glyphs, mc_fit_t *out);

/* Of all lines together. */
int mc_fit_height(const mc_fit_t *fit);

/* Draws the lines, the first one right below "top", "x" being the left edge
 * of the shape's width. */
mc_err_t mc_fit_draw(const mc_fit_t *fit, const mc_shape_t *shape, int x,
    int top, const mc_draw_t *draw);


#pragma GCC visibility pop

#endif /* MC_FIT_H */
