/*
 * Photos with something wrong to be seen: drawn portraits with another
 * background, in the wrong light, blurred, enlarged, over-compressed.
 *
 * Each is a sound JPEG of 178 x 220 pixels and 96 dpi with 10,000 to 20,480
 * bytes (padded by a comment where the picture is too plain for that), so
 * that only its content can be refused.
 *
 * For tools and tests.  About 20 ms, of which a portrait is 15; any one
 * thread.
 */

#ifndef MC_DEFECT_H
#define MC_DEFECT_H

#include "mc_picture.h"

#pragma GCC visibility push(hidden)


size_t mc_defect_count(void);

/* The n-th kind: "background-blue" ...; NULL beyond the last one. */
const char *mc_defect_name(size_t n);

/* A portrait as a camera would hand it over, not coded to a limit. */
mc_err_t mc_defect_source(uint32_t person, uint32_t variant,
    mc_picture_t *picture);

/* Appends to "jpeg"; the picture stays as it is.  MC_ENOTFOUND for an
 * unknown kind. */
mc_err_t mc_defect_apply(const char *kind, const mc_picture_t *picture,
    mc_buf_t *jpeg);

/* Both in one.  MC_ENOTFOUND for an unknown kind; else as
 * mc_portrait_draw(). */
mc_err_t mc_defect_make(const char *kind, uint32_t person, uint32_t variant,
    mc_buf_t *jpeg);


#pragma GCC visibility pop

#endif /* MC_DEFECT_H */
