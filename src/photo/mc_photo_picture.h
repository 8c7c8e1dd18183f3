/*
 * A stored photo as pixels, at about the size the thresholds were set for.
 *
 * Blocks for <= 0.2 ms: cpu pool or a command.
 */

#ifndef MC_PHOTO_PICTURE_H
#define MC_PHOTO_PICTURE_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


/* Y, Cb, Cr bytes as JFIF has them, row by row from the top left. */
typedef struct {
    uint32_t   width;
    uint32_t   height;
    uint32_t   quality;         /* 1..100, of the luma table */
    uint8_t   *pixels;          /* NULL: none */
} mc_photo_picture_t;

/*
 * Larger pictures are scaled down by eighths as far as they stay 178 pixels
 * wide; so blur is judged as on a certificate.  MC_EINVAL: the decoder
 * refused it; MC_ENOMEM.  Frees nothing of "picture" before.  Only for bytes
 * of mc_photo_transcode().
 */
mc_err_t mc_photo_picture_decode(mc_str_t jpeg, mc_photo_picture_t *picture);

/* Wipes and frees; accepts an empty one. */
void mc_photo_picture_free(mc_photo_picture_t *picture);


#pragma GCC visibility pop

#endif /* MC_PHOTO_PICTURE_H */
