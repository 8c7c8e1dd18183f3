/*
 * Colours as people see them: CIE L*a*b* (D65) of a photo's pixels.
 *
 * Source: IEC 61966-2-1 (sRGB), CIE 15.  Neither blocks nor allocates; any
 * thread.
 */

#ifndef MC_PHOTO_LAB_H
#define MC_PHOTO_LAB_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_PHOTO_ROOTS  1024

/* 5 KB, filled in 20 us: for the length of one photo. */
typedef struct {
    float  linear[256];                 /* of an sRGB byte, 0..1 */
    float  root[MC_PHOTO_ROOTS + 2];    /* CIE's f() of n / ROOTS */
} mc_photo_lab_table_t;

typedef struct {
    float  lightness;                   /* 0..100 */
    float  a;                           /* green .. red */
    float  b;                           /* blue .. yellow */
} mc_photo_lab_t;

void mc_photo_lab_init(mc_photo_lab_table_t *table);

/* From a Y, Cb, Cr triple as JFIF defines it. */
void mc_photo_rgb(const uint8_t *ycc, uint8_t rgb[3]);

mc_photo_lab_t mc_photo_lab(const mc_photo_lab_table_t *table,
    const uint8_t rgb[3]);

/* The square of C*, how far from grey. */
float mc_photo_chroma2(const mc_photo_lab_t *lab);


#pragma GCC visibility pop

#endif /* MC_PHOTO_LAB_H */
