/*
 * A small painter: smooth paths and strokes into masks, masks into a
 * picture.
 *
 * Coordinates are those of a 178 x 220 photo whatever the real size; x is
 * counted from the middle axis (0), y from the top.  A transform (shift,
 * scale, tilt) is applied to every point.  Colours are 0..1.
 *
 * For tools and tests.  Any one thread.
 */

#ifndef MC_RASTER_H
#define MC_RASTER_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct {
    float  x;
    float  y;
} mc_point_t;

typedef struct {
    float  r;
    float  g;
    float  b;
} mc_rgb_t;

/* Coverage 0..1 of each pixel; zero outside of the rectangle. */
typedef struct {
    float *a;
    int    x0;
    int    y0;
    int    x1;
    int    y1;
} mc_mask_t;

#define MC_RASTER_MASKS  4

typedef struct {
    int         width;          /* of the raster: twice the picture's */
    int         height;
    float       sx;             /* raster pixels of one unit */
    float       sy;
    float       dx;             /* transform */
    float       dy;
    float       scale;
    float       tilt;           /* radians, about (0, 120) */
    mc_rgb_t   *pixels;
    float      *line;           /* scratch of the blur */
    mc_mask_t   masks[MC_RASTER_MASKS];
} mc_raster_t;

/* width and height of the picture in pixels, 8..2048 each. */
mc_err_t mc_raster_create(mc_raster_t *raster, uint32_t width,
    uint32_t height, mc_rgb_t background);
void mc_raster_free(mc_raster_t *raster);

void mc_mask_clear(const mc_raster_t *raster, mc_mask_t *mask);

/* A closed curve through the points (straight edges unless "smooth"). */
void mc_mask_path(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count, bool smooth);

/* The right half from top to bottom; the left one is its mirror image. */
void mc_mask_mirror(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count);

void mc_mask_ellipse(const mc_raster_t *raster, mc_mask_t *mask,
    mc_point_t centre, float rx, float ry);

/* An open curve; "taper" thins it towards both ends. */
void mc_mask_stroke(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count, float width, bool taper);

void mc_mask_blur(const mc_raster_t *raster, mc_mask_t *mask, float radius);
void mc_mask_clip(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_mask_t *by);
void mc_mask_cut(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_mask_t *by);

/* Mixes the colour in, or multiplies by it, where the mask is. */
void mc_raster_paint(mc_raster_t *raster, const mc_mask_t *mask,
    mc_rgb_t colour, float alpha);
void mc_raster_shade(mc_raster_t *raster, const mc_mask_t *mask,
    mc_rgb_t factor, float alpha);

/* The parts of this painter among themselves: a rectangle of raster pixels
 * joins the mask's; 0..max. */
void mc_mask_grow(const mc_raster_t *raster, mc_mask_t *mask, float x0,
    float y0, float x1, float y1);
int mc_raster_clamp(int value, int max);

/* Where a point of the picture lies in raster pixels. */
mc_point_t mc_raster_place(const mc_raster_t *raster, mc_point_t point);


#pragma GCC visibility pop

#endif /* MC_RASTER_H */
