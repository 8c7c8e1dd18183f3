/*
 * The transforms behind mc_defect.c: each changes a picture in place.
 *
 * For tools and tests; any one thread.
 */

#ifndef MC_DEFECT_ROW_H
#define MC_DEFECT_ROW_H

#include "mc_picture.h"

#pragma GCC visibility push(hidden)


/*
 * What is light and joined to the upper edges takes these colours, from left
 * to right.  The rim of the head is mixed.
 */
mc_err_t mc_change_ground(mc_picture_t *picture, uint32_t left_rgb,
    uint32_t right_rgb);

/* Each byte times "factor", cut at white. */
mc_err_t mc_change_light(mc_picture_t *picture, double factor);

mc_err_t mc_change_gamma(mc_picture_t *picture, double gamma);

/* Darkness is taken away until the range is "part" of what it was; white
 * stays white with "from_white", else it all moves towards the middle. */
mc_err_t mc_change_range(mc_picture_t *picture, double part,
    bool from_white);

mc_err_t mc_change_grey(mc_picture_t *picture);

/* Gaussian; "sigma" in pixels. */
mc_err_t mc_change_blur(mc_picture_t *picture, double sigma);

/* Reduced by "times" and enlarged again, as small pictures are. */
mc_err_t mc_change_enlarge(mc_picture_t *picture, unsigned times);


#pragma GCC visibility pop

#endif /* MC_DEFECT_ROW_H */
