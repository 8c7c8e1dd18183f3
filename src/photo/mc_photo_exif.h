/*
 * The few values of an Exif segment that photo rules need.
 *
 * Neither blocks nor allocates; any thread and the loop.
 */

#ifndef MC_PHOTO_EXIF_H
#define MC_PHOTO_EXIF_H

#include "mc_time.h"

#pragma GCC visibility push(hidden)


typedef struct {
    uint32_t   orientation;     /* 1..8; 1 where absent or nonsense */
    uint32_t   x_dpi;           /* rounded; 0: not recorded */
    uint32_t   y_dpi;
    bool       dated;           /* DateTimeOriginal, else Digitized */
    mc_date_t  date;            /* the camera's local time */
} mc_photo_exif_t;

/*
 * "data" is the payload of an APP1 segment from "Exif\0\0" on, perhaps cut
 * off.  What is missing, malformed or beyond "len" is as if absent.
 */
void mc_photo_exif_read(const uint8_t *data, size_t len,
    mc_photo_exif_t *out);


#pragma GCC visibility pop

#endif /* MC_PHOTO_EXIF_H */
