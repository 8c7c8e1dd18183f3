/*
 * Writes a small TrueType file that holds some glyphs of a font, for
 * embedding in a PDF (FontFile2).
 *
 * Glyph 0 of the result is empty, glyph n + 1 is glyphs[n] of the font;
 * parts of composite glyphs follow.  Outlines are copied as they are;
 * hinting is left out (it needs the whole font's programs, and PDF viewers
 * draw embedded CJK unhinted).  Left side bearings are copied: viewers
 * shift an outline by xMin minus bearing.
 * Takes under a microsecond for a name.  Any thread.
 * Source: OpenType 1.9 glyf, loca, maxp; ISO 32000-1 9.9.
 */

#ifndef MC_SUBSET_H
#define MC_SUBSET_H

#include "mc_buf.h"
#include "mc_font.h"

#pragma GCC visibility push(hidden)


#define MC_SUBSET_GLYPHS  2048      /* with parts of composites */

/* MC_EINVAL: an outline of the font is damaged.  MC_ETOOBIG: over
 * MC_SUBSET_GLYPHS, or no room in "out". */
mc_err_t mc_subset_write(const mc_font_t *font, const uint16_t *glyphs,
    size_t count, mc_buf_t *out);

/* The same; the points of glyphs[n] are moved to multiples of grids[n]
 * units (1: stay as they are).  Such outlines deflate better. */
mc_err_t mc_subset_round(const mc_font_t *font, const uint16_t *glyphs,
    const uint8_t *grids, size_t count, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_SUBSET_H */
