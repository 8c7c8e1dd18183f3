/*
 * What the files of the portrait generator share: a person's features, and
 * the parts of a picture in the order they are painted.
 *
 * For tools and tests.  Any one thread.
 */

#ifndef MC_PORTRAIT_PARTS_H
#define MC_PORTRAIT_PARTS_H

#include "mc_portrait.h"
#include "mc_raster.h"

#pragma GCC visibility push(hidden)


#define MC_HAIR_STYLES  5       /* of each sex */

/* Lengths in units of the 178 x 220 photo. */
typedef struct {
    bool      woman;
    float     age;              /* 0 young .. 1 old */
    float     wide;             /* of the face, 1: usual */
    float     jaw;
    float     eye_x;            /* of a pupil from the axis */
    float     eye_width;
    float     eye_height;
    float     eye_tilt;
    bool      eye_fold;
    float     brow_height;      /* above the eye */
    float     brow_width;
    float     brow_arch;
    float     nose_width;
    float     nose_y;
    float     mouth_y;
    float     mouth_width;
    float     lips;
    float     smile;
    float     hairline;
    float     part;             /* side of the parting: -1 or 1 */
    bool      glasses;
    int       hair_style;
    int       clothes;
    uint64_t  strands;          /* seed of the hair's texture */
    mc_rgb_t  skin;
    mc_rgb_t  hair;
    mc_rgb_t  mouth;
    mc_rgb_t  iris;
    mc_rgb_t  suit;
    mc_rgb_t  shirt;
    mc_rgb_t  tie;
} mc_person_t;

/* What differs from photo to photo of a person. */
typedef struct {
    float     dx;
    float     dy;
    float     scale;
    float     tilt;
    float     light;            /* -1 from the left .. 1 from the right */
    float     exposure;         /* 1: usual */
    uint64_t  noise;
} mc_sitting_t;

#define MC_EYE_Y   96.0f
#define MC_CHIN_Y  164.0f

/* masks of the raster by use */
#define MC_MASK_WORK  0
#define MC_MASK_FACE  1
#define MC_MASK_PART  2
#define MC_MASK_KEEP  3

/* splitmix64: the next number, and one within [low, high) */
uint64_t mc_dice(uint64_t *state);
float mc_dice_range(uint64_t *state, float low, float high);

void mc_person_cast(uint32_t number, mc_portrait_sex_t sex,
    mc_person_t *person);
void mc_sitting_cast(uint32_t number, uint32_t variant,
    mc_sitting_t *sitting);

void mc_draw_hair_back(mc_raster_t *raster, const mc_person_t *person);
void mc_draw_body(mc_raster_t *raster, const mc_person_t *person);
void mc_draw_head(mc_raster_t *raster, const mc_person_t *person);
void mc_draw_eyes(mc_raster_t *raster, const mc_person_t *person);
void mc_draw_glasses(mc_raster_t *raster, const mc_person_t *person);
void mc_draw_hair_front(mc_raster_t *raster, const mc_person_t *person);

/* The outline of the face into the mask. */
void mc_mask_face(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_person_t *person);

mc_rgb_t mc_rgb_times(mc_rgb_t colour, float factor);


#pragma GCC visibility pop

#endif /* MC_PORTRAIT_PARTS_H */
