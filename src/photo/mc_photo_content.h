/*
 * The content checks of a photo that need no face detector: exposure,
 * contrast, colour, background, sharpness, compression (S27, S32).
 *
 * Blocks for <= 1 ms (about 0.4): cpu pool or a command, never the loop.
 */

#ifndef MC_PHOTO_CONTENT_H
#define MC_PHOTO_CONTENT_H

#include "mc_photo_rule.h"

#pragma GCC visibility push(hidden)


/*
 * "jpeg" is what mc_photo_transcode() wrote.  Each check that fails adds a
 * problem with measured value and limit (texts in "arena") to "faults" where
 * its mode is reject, to "warnings" where it is warn; MC_OK either way.
 * What follows from another fault is not told: a dark photo is dark, neither
 * blurred nor flat, and its white wall is not grey.  MC_EINVAL: the decoder
 * refused it, photo_damaged is added to "faults"; MC_ENOMEM, then neither
 * list has grown.
 */
mc_err_t mc_photo_content(mc_str_t jpeg, const mc_rule_modes_t *modes,
    mc_arena_t *arena, mc_problems_t *faults, mc_problems_t *warnings);


#pragma GCC visibility pop

#endif /* MC_PHOTO_CONTENT_H */
