/*
 * The engraved look: guilloche border, rosettes, places for seals, all as
 * vector paths computed from a few sine terms.
 *
 * A pattern is one form (Form XObject, resource /G0 ..) and is repeated by
 * the page under small moves and turns, so that thousands of curves take
 * some kilobytes.  Made once per template; pure, any thread.
 */

#ifndef MC_ORNAMENT_H
#define MC_ORNAMENT_H

#include "mc_layout.h"

#pragma GCC visibility push(hidden)


#define MC_ORNAMENT_FORMS  5

/* Path and stroke of form n; colour and line width are the caller's.  "box"
 * takes its bounds in points. */
mc_err_t mc_ornament_form(size_t n, mc_buf_t *out, int box[4]);

/* Content that draws an ornament into its box. */
mc_err_t mc_ornament_draw(mc_buf_t *out, mc_ornament_t kind,
    const mc_box_t *box);


#pragma GCC visibility pop

#endif /* MC_ORNAMENT_H */
