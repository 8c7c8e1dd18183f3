/*
 * Width, height and components of a baseline JPEG, from its own headers.
 *
 * The photo put into a document is our own transcode; this check is the
 * second door.  libharu's loader is not used: it takes cut-off files,
 * files without image data and arithmetic coding.  Pure; any thread.
 * Source: ITU-T T.81 Annex B.
 */

#ifndef MC_JPEG_HEAD_H
#define MC_JPEG_HEAD_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct {
    unsigned  width;
    unsigned  height;
    unsigned  components;       /* 1 or 3 */
} mc_jpeg_head_t;

/* MC_EINVAL: not a whole baseline JPEG of 8 bits with 1 or 3 components. */
mc_err_t mc_jpeg_head(mc_str_t jpeg, mc_jpeg_head_t *out);


#pragma GCC visibility pop

#endif /* MC_JPEG_HEAD_H */
