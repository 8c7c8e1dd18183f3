/*
 * Cutting and pasting in a JPEG file, for the recipes of mc_hostile.c.
 *
 * Errors stick in the buffer, as everywhere.  For tools and tests; any one
 * thread.
 */

#ifndef MC_HOSTILE_EDIT_H
#define MC_HOSTILE_EDIT_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_PLAIN_GRAY,
    MC_PLAIN_CMYK,
    MC_PLAIN_RGB,           /* with an Adobe segment that says so */
    MC_PLAIN_RGB_IDS,       /* components named R, G, B */
    MC_PLAIN_RESTART        /* YCbCr, a restart marker each block */
} mc_plain_t;

typedef struct {
    bool      big;          /* endian */
    uint16_t  orientation;  /* 0: not there */
    uint32_t  dots[2];      /* fraction; 0/x: not there */
    uint16_t  unit;         /* 2 inch, 3 centimetre */
    char      date[20];     /* DateTimeOriginal; empty: not there */
    bool      loop;         /* the Exif directory is the first one again */
} mc_exif_recipe_t;

/* A 178 x 220 noise picture of a colour space portraits do not have. */
mc_err_t mc_plain_draw(mc_plain_t kind, mc_buf_t *out);

/* Offset of the n-th (from 0) segment with this marker, 0 where it is not
 * there; only up to the first scan. */
size_t mc_edit_find(const mc_buf_t *jpeg, uint8_t marker, unsigned n);

/* "cut" bytes at "at" give way to the new ones. */
void mc_edit_splice(mc_buf_t *jpeg, size_t at, size_t cut, const void *data,
    size_t len);

/* A whole segment, at "at". */
void mc_edit_segment(mc_buf_t *jpeg, size_t at, uint8_t marker,
    const void *payload, size_t len);

/* A comment before the frame header that makes the file "size" bytes. */
void mc_edit_pad(mc_buf_t *jpeg, size_t size);

/* An Exif segment behind SOI. */
void mc_edit_exif(mc_buf_t *jpeg, const mc_exif_recipe_t *recipe);


#pragma GCC visibility pop

#endif /* MC_HOSTILE_EDIT_H */
