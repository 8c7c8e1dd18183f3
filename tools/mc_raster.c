/*
 * Painter: the raster, its masks, and how they colour it.
 *
 * Depends on base and libm.  For tools and tests; any one thread.
 *
 * Blur is three box filters, which is a Gaussian for the eye.
 */

#include "mc_raster.h"

#include <math.h>


#define UNIT_WIDTH    178.0f
#define UNIT_HEIGHT   220.0f
#define OVERSAMPLE    2

#define SIZE_MIN      8
#define SIZE_MAX_PX   2048

#define TILT_CENTRE   120.0f


mc_err_t
mc_raster_create(mc_raster_t *raster, uint32_t width, uint32_t height,
    mc_rgb_t background)
{
    size_t  i, count;

    memset(raster, 0, sizeof(*raster));

    if (width < SIZE_MIN || width > SIZE_MAX_PX || height < SIZE_MIN
        || height > SIZE_MAX_PX)
    {
        return MC_EINVAL;
    }

    raster->width = (int) width * OVERSAMPLE;
    raster->height = (int) height * OVERSAMPLE;
    raster->sx = (float) raster->width / UNIT_WIDTH;
    raster->sy = (float) raster->height / UNIT_HEIGHT;
    raster->scale = 1;

    count = (size_t) raster->width * (size_t) raster->height;

    raster->pixels = mc_alloc(count * sizeof(mc_rgb_t));
    raster->line = mc_alloc((size_t) (raster->width + raster->height)
                            * sizeof(float));

    for (i = 0; i < MC_RASTER_MASKS; i++) {
        raster->masks[i].a = mc_alloc(count * sizeof(float));

        if (raster->masks[i].a == NULL) {
            goto failed;
        }
    }

    if (raster->pixels == NULL || raster->line == NULL) {
        goto failed;
    }

    for (i = 0; i < count; i++) {
        raster->pixels[i] = background;
    }

    return MC_OK;

failed:

    mc_raster_free(raster);

    return MC_ENOMEM;
}


void
mc_raster_free(mc_raster_t *raster)
{
    size_t  i;

    for (i = 0; i < MC_RASTER_MASKS; i++) {
        mc_free(raster->masks[i].a);
    }

    mc_free(raster->line);
    mc_free(raster->pixels);
    memset(raster, 0, sizeof(*raster));
}


mc_point_t
mc_raster_place(const mc_raster_t *raster, mc_point_t point)
{
    float       x, y, c, s;
    mc_point_t  out;

    c = cosf(raster->tilt) * raster->scale;
    s = sinf(raster->tilt) * raster->scale;
    x = point.x;
    y = point.y - TILT_CENTRE;

    out.x = (x * c - y * s + raster->dx + UNIT_WIDTH / 2) * raster->sx;
    out.y = (x * s + y * c + raster->dy + TILT_CENTRE) * raster->sy;

    return out;
}


int
mc_raster_clamp(int value, int max)
{
    return value < 0 ? 0 : value > max ? max : value;
}


void
mc_mask_clear(const mc_raster_t *raster, mc_mask_t *mask)
{
    int  y;

    for (y = mask->y0; y < mask->y1; y++) {
        memset(mask->a + (size_t) y * (size_t) raster->width + mask->x0, 0,
               (size_t) (mask->x1 - mask->x0) * sizeof(float));
    }

    mask->x0 = mask->y0 = mask->x1 = mask->y1 = 0;
}


void
mc_mask_grow(const mc_raster_t *raster, mc_mask_t *mask, float x0, float y0,
    float x1, float y1)
{
    int  left, top, right, bottom;

    left = mc_raster_clamp((int) floorf(x0) - 1, raster->width);
    top = mc_raster_clamp((int) floorf(y0) - 1, raster->height);
    right = mc_raster_clamp((int) ceilf(x1) + 2, raster->width);
    bottom = mc_raster_clamp((int) ceilf(y1) + 2, raster->height);

    if (mask->x0 == mask->x1 || mask->y0 == mask->y1) {
        mask->x0 = left;
        mask->y0 = top;
        mask->x1 = right;
        mask->y1 = bottom;
        return;
    }

    mask->x0 = left < mask->x0 ? left : mask->x0;
    mask->y0 = top < mask->y0 ? top : mask->y0;
    mask->x1 = right > mask->x1 ? right : mask->x1;
    mask->y1 = bottom > mask->y1 ? bottom : mask->y1;
}


/* One box filter of a line of "count" values, "step" apart. */
static void
blur_line(float *values, size_t step, int count, int radius, float *scratch)
{
    int    i;
    float  sum;

    sum = 0;

    for (i = 0; i < count; i++) {
        scratch[i] = values[(size_t) i * step];
    }

    for (i = 0; i < radius && i < count; i++) {
        sum += scratch[i];
    }

    for (i = 0; i < count; i++) {
        sum += i + radius < count ? scratch[i + radius] : 0;
        sum -= i - radius - 1 >= 0 ? scratch[i - radius - 1] : 0;
        values[(size_t) i * step] = sum / (float) (2 * radius + 1);
    }
}


void
mc_mask_blur(const mc_raster_t *raster, mc_mask_t *mask, float radius)
{
    int     i, pass, box;
    float  *start;
    size_t  width;

    box = (int) (radius * raster->sx + 0.5f);

    if (box < 1 || mask->x0 == mask->x1 || mask->y0 == mask->y1) {
        return;
    }

    mc_mask_grow(raster, mask, (float) (mask->x0 - 3 * box),
              (float) (mask->y0 - 3 * box), (float) (mask->x1 + 3 * box),
              (float) (mask->y1 + 3 * box));

    width = (size_t) raster->width;
    start = mask->a + (size_t) mask->y0 * width + mask->x0;

    for (pass = 0; pass < 3; pass++) {
        for (i = 0; i < mask->y1 - mask->y0; i++) {
            blur_line(start + (size_t) i * width, 1, mask->x1 - mask->x0,
                      box, raster->line);
        }

        for (i = 0; i < mask->x1 - mask->x0; i++) {
            blur_line(start + i, width, mask->y1 - mask->y0, box,
                      raster->line);
        }
    }
}


static void
mask_times(const mc_raster_t *raster, mc_mask_t *mask, const mc_mask_t *by,
    float offset, float sign)
{
    int     x, y;
    size_t  at;

    for (y = mask->y0; y < mask->y1; y++) {
        for (x = mask->x0; x < mask->x1; x++) {
            at = (size_t) y * (size_t) raster->width + (size_t) x;
            mask->a[at] *= offset + sign * by->a[at];
        }
    }
}


void
mc_mask_clip(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_mask_t *by)
{
    mask_times(raster, mask, by, 0, 1);
}


void
mc_mask_cut(const mc_raster_t *raster, mc_mask_t *mask, const mc_mask_t *by)
{
    mask_times(raster, mask, by, 1, -1);
}


void
mc_raster_paint(mc_raster_t *raster, const mc_mask_t *mask, mc_rgb_t colour,
    float alpha)
{
    int        x, y;
    float      a;
    size_t     at;
    mc_rgb_t  *p;

    for (y = mask->y0; y < mask->y1; y++) {
        for (x = mask->x0; x < mask->x1; x++) {
            at = (size_t) y * (size_t) raster->width + (size_t) x;
            a = mask->a[at] * alpha;
            p = &raster->pixels[at];
            p->r += (colour.r - p->r) * a;
            p->g += (colour.g - p->g) * a;
            p->b += (colour.b - p->b) * a;
        }
    }
}


void
mc_raster_shade(mc_raster_t *raster, const mc_mask_t *mask, mc_rgb_t factor,
    float alpha)
{
    int        x, y;
    float      a;
    size_t     at;
    mc_rgb_t  *p;

    for (y = mask->y0; y < mask->y1; y++) {
        for (x = mask->x0; x < mask->x1; x++) {
            at = (size_t) y * (size_t) raster->width + (size_t) x;
            a = mask->a[at] * alpha;
            p = &raster->pixels[at];
            p->r *= 1 + (factor.r - 1) * a;
            p->g *= 1 + (factor.g - 1) * a;
            p->b *= 1 + (factor.b - 1) * a;
        }
    }
}
