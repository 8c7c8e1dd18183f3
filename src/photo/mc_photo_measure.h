/*
 * What can be measured on a head shot without looking for the face: its
 * background, and the place where the frame of GA 461-2004 has the face.
 *
 * Neither blocks nor allocates; <= 0.3 ms: cpu pool or a command.
 */

#ifndef MC_PHOTO_MEASURE_H
#define MC_PHOTO_MEASURE_H

#include "mc_photo_lab.h"
#include "mc_photo_picture.h"

#pragma GCC visibility push(hidden)


/* Counts of pixels in a part of the background. */
typedef struct {
    uint32_t  count;
    uint32_t  white;            /* light and neutral */
} mc_photo_part_t;

/* Left and right as seen.  The two top corners, the strips below them at
 * both sides, the two topmost rows. */
typedef struct {
    mc_photo_part_t  all;
    mc_photo_part_t  left;
    mc_photo_part_t  right;
    mc_photo_part_t  upper;     /* corners and topmost rows */
    mc_photo_part_t  lower;     /* strips */
    uint32_t         light;     /* of all: light enough, of any colour */
    uint32_t         neutral;   /* of all: no colour, of any lightness */
    uint8_t          rgb[3];    /* mean of what is not white */
    mc_photo_lab_t   lab;       /* of that mean */
} mc_photo_ground_t;

/* A central ellipse that lies inside any face in that frame. */
typedef struct {
    uint32_t  luma;             /* mean, 0..255 */
    uint32_t  chroma;           /* mean C* */
    uint32_t  variance;         /* of luma */
    uint32_t  sharpness;        /* variance of luma's Laplacian */
} mc_photo_face_t;

void mc_photo_measure_ground(const mc_photo_picture_t *picture,
    const mc_photo_lab_table_t *table, mc_photo_ground_t *ground);
void mc_photo_measure_face(const mc_photo_picture_t *picture,
    const mc_photo_lab_table_t *table, mc_photo_face_t *face);

/* Luma of the whole picture at the 2nd and the 98th percentile. */
typedef struct {
    uint32_t  low;
    uint32_t  high;
} mc_photo_tone_t;

mc_photo_tone_t mc_photo_measure_tone(const mc_photo_picture_t *picture);

/* Percent of a part that is white; 100 for an empty one. */
uint32_t mc_photo_white(const mc_photo_part_t *part);


#pragma GCC visibility pop

#endif /* MC_PHOTO_MEASURE_H */
