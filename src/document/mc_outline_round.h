/*
 * A glyph's points moved to a coarser grid.
 *
 * Labels are set in small sizes: a thousandth of the em is far less there
 * than a printer's dot, and costs bytes in every document.  Pure; any
 * thread.
 * Source: OpenType 1.9 glyf.
 */

#ifndef MC_OUTLINE_ROUND_H
#define MC_OUTLINE_ROUND_H

#include "mc_buf.h"
#include "mc_font.h"

#pragma GCC visibility push(hidden)


#define MC_OUTLINE_POINTS  1024

typedef struct {
    unsigned  contours;         /* at least one */
    size_t    points;           /* as the last contour's end says */
    size_t    flags;            /* where they begin */
} mc_outline_at_t;

/*
 * Appends a simple glyph, without instructions.  Points that no longer bend
 * the outline are left out.  The bounding box stays as it is: viewers place
 * the outline by it.  MC_EINVAL: damaged.  MC_ETOOBIG: more points than
 * that, or no room.
 */
mc_err_t mc_outline_round(mc_table_t glyph, const mc_outline_at_t *at,
    int grid, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_OUTLINE_ROUND_H */
