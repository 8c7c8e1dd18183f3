/*
 * The outline of a TrueType glyph as path data of SVG.
 *
 * Points are in the font's units, y up, from the glyph's origin, as
 * FreeType gives them unhinted.  Any thread; no state.
 * Source: OpenType 1.9, chapter glyf.
 */

#ifndef MC_OUTLINE_H
#define MC_OUTLINE_H

#include "mc_buf.h"
#include "mc_font.h"

#pragma GCC visibility push(hidden)


#define MC_OUTLINE_POINTS  4096     /* of one glyph or part */
#define MC_OUTLINE_PARTS   64       /* of one glyph, all depths */
#define MC_OUTLINE_DEPTH   4

/* Appends the outline; nothing for a blank.  MC_EINVAL: a damaged glyph. */
mc_err_t mc_outline_path(const mc_font_t *font, unsigned glyph,
    mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_OUTLINE_H */
