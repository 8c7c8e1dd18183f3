/*
 * Text of the preview: lines as uses of glyphs, each glyph defined once
 * (only for mc_preview.c).
 *
 * Any one thread.
 */

#ifndef MC_PREVIEW_GLYPH_H
#define MC_PREVIEW_GLYPH_H

#include "mc_layout.h"

#pragma GCC visibility push(hidden)


typedef struct {
    const mc_chain_t  *chain;
    mc_buf_t           outlines;        /* elements for <defs> */
    uint8_t            known[2][MC_SETTINGS_FONTS][MC_CAST_MAX / 8 + 1];
} mc_preview_glyphs_t;

/* Zeroed memory. */
void mc_preview_glyphs_init(mc_preview_glyphs_t *glyphs,
    const mc_chain_t *chain, size_t max);
void mc_preview_glyphs_free(mc_preview_glyphs_t *glyphs);

/* One line into "out", under a y that runs up.  MC_EINVAL: a damaged
 * outline. */
mc_err_t mc_preview_line(mc_preview_glyphs_t *glyphs, const mc_line_t *line,
    mc_buf_t *out);

/* A number in hundredths, without a blank behind it. */
void mc_preview_number(mc_buf_t *out, int hundredths);


#pragma GCC visibility pop

#endif /* MC_PREVIEW_GLYPH_H */
