/*
 * Use case: the certificate as a picture before it is confirmed (S18).
 */

#ifndef MC_PREVIEW_USE_H
#define MC_PREVIEW_USE_H

#include "mc_cert.h"

#pragma GCC visibility push(hidden)


/*
 * GET certificate/preview: what GET certificate tells, drawn by the layout.
 * Blockers do not matter, a missing photo leaves its frame empty; refused
 * are layout_unknown and, because nothing could be drawn, glyph_missing.
 * Where today's data is confirmed, its serial number, date and code are
 * drawn.
 * Store pool.
 */
typedef struct {
    mc_cert_view_t  view;           /* call inside; filled as by GET */
    /* in */
    mc_str_t        layout;         /* name; empty: the first */
    /* out */
    mc_buf_t        svg;            /* freed by mc_preview_free() */
} mc_preview_t;

void mc_preview_run(mc_preview_t *preview);
void mc_preview_free(mc_preview_t *preview);


#pragma GCC visibility pop

#endif /* MC_PREVIEW_USE_H */
