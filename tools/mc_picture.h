/*
 * Pictures as RGB bytes, from and to JPEG, for drawn portraits and what is
 * made of them.
 *
 * The same picture and coding always give the same bytes (with the same
 * libjpeg).  For tools and tests; any one thread.
 */

#ifndef MC_PICTURE_H
#define MC_PICTURE_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


typedef struct {
    uint32_t   width;
    uint32_t   height;
    uint8_t   *rgb;             /* row by row from the top left */
} mc_picture_t;

typedef struct {
    uint32_t  quality;          /* 1..100; 0: the highest that fits */
    uint32_t  max;              /* bytes the file may have */
    uint32_t  dpi;              /* 0: JFIF without a unit */
    bool      progressive;
} mc_picture_coding_t;

/* Zeroed. */
mc_err_t mc_picture_create(mc_picture_t *picture, uint32_t width,
    uint32_t height);
void mc_picture_free(mc_picture_t *picture);

/* MC_EINVAL for what is no JPEG that libjpeg likes; MC_ENOMEM. */
mc_err_t mc_picture_decode(mc_str_t jpeg, mc_picture_t *picture);

/* Appends to "jpeg".  MC_ETOOBIG when no quality fits; MC_ENOMEM. */
mc_err_t mc_picture_encode(const mc_picture_t *picture,
    const mc_picture_coding_t *coding, mc_buf_t *jpeg);


#pragma GCC visibility pop

#endif /* MC_PICTURE_H */
