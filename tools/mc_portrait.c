/*
 * A portrait from number to JPEG: casting, painting, camera, coding.
 *
 * Depends on base, the painter, the coder and libm.  For tools and tests;
 * any one thread.
 *
 * Raster pixels are half a picture's pixel; the camera averages them, adds
 * light from a side and the noise of a sensor.  Noise is not decoration:
 * without it a file of this size stays below the 10,000 bytes of the rule.
 */

#include "mc_portrait.h"

#include <math.h>

#include "mc_picture.h"
#include "mc_portrait_parts.h"


#define WIDTH        178
#define HEIGHT       220
#define DPI          96
#define MAX_BYTES    20480
#define NOISE        0.0095f

static const mc_rgb_t  backdrop = { 0.990f, 0.990f, 0.992f };


static void
paint(mc_raster_t *raster, const mc_person_t *person,
    const mc_sitting_t *sitting)
{
    raster->dx = sitting->dx;
    raster->dy = sitting->dy;
    raster->scale = sitting->scale;

    raster->tilt = sitting->tilt;
    mc_draw_hair_back(raster, person);

    raster->tilt = 0;
    mc_draw_body(raster, person);

    raster->tilt = sitting->tilt;
    mc_draw_head(raster, person);
    mc_draw_eyes(raster, person);
    mc_draw_hair_front(raster, person);
    mc_draw_glasses(raster, person);
}


static uint8_t
to_byte(float value)
{
    value = value * 255 + 0.5f;

    return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t) value;
}


/* Roughly normal: the sum of three dice. */
static float
grain(uint64_t *dice)
{
    return (mc_dice_range(dice, -1, 1) + mc_dice_range(dice, -1, 1)
            + mc_dice_range(dice, -1, 1)) * NOISE;
}


static mc_rgb_t
average(const mc_raster_t *raster, uint32_t x, uint32_t y)
{
    const mc_rgb_t  *a, *b;

    a = raster->pixels + (size_t) (2 * y) * (size_t) raster->width + 2 * x;
    b = a + raster->width;

    return (mc_rgb_t) {
        (a[0].r + a[1].r + b[0].r + b[1].r) / 4,
        (a[0].g + a[1].g + b[0].g + b[1].g) / 4,
        (a[0].b + a[1].b + b[0].b + b[1].b) / 4
    };
}


static void
expose(const mc_raster_t *raster, const mc_sitting_t *sitting,
    const mc_picture_t *picture)
{
    float      light, value, across;
    uint8_t   *to;
    mc_rgb_t   pixel;
    uint32_t   x, y;
    uint64_t   dice;

    dice = sitting->noise;
    to = picture->rgb;

    for (y = 0; y < picture->height; y++) {
        for (x = 0; x < picture->width; x++) {
            pixel = average(raster, x, y);
            across = (float) x / (float) picture->width - 0.5f;

            /* the backdrop is lit by itself */
            value = (pixel.r + pixel.g + pixel.b) / 3;
            light = 1 + 0.10f * sitting->light * across
                        * (value < 0.9f ? 1 : (1 - value) * 10);
            light *= sitting->exposure;
            light = fminf(light, 1.04f);

            value = grain(&dice);
            *to++ = to_byte(pixel.r * light + value + grain(&dice) / 3);
            *to++ = to_byte(pixel.g * light + value);
            *to++ = to_byte(pixel.b * light + value + grain(&dice) / 3);
        }
    }
}


static mc_err_t
options_fill(const mc_portrait_options_t *given, mc_portrait_options_t *out)
{
    if (given != NULL) {
        *out = *given;

    } else {
        memset(out, 0, sizeof(*out));
    }

    out->width = out->width == 0 ? WIDTH : out->width;
    out->height = out->height == 0 ? HEIGHT : out->height;
    out->dpi = out->dpi == 0 ? DPI : out->dpi;
    out->max = out->max == 0 ? MAX_BYTES : out->max;

    if (out->quality > 100 || out->dpi > UINT16_MAX || out->width > 2048
        || out->height > 2048)
    {
        return MC_EINVAL;
    }

    return MC_OK;
}


mc_err_t
mc_portrait_draw(uint32_t person, uint32_t variant,
    const mc_portrait_options_t *options, mc_buf_t *jpeg)
{
    mc_err_t               err;
    mc_picture_t           picture;
    mc_person_t            features;
    mc_raster_t            raster;
    mc_sitting_t           sitting;
    mc_portrait_options_t  filled;

    err = options_fill(options, &filled);
    if (err != MC_OK) {
        return err;
    }

    err = mc_raster_create(&raster, filled.width, filled.height, backdrop);
    if (err != MC_OK) {
        return err;
    }

    err = mc_picture_create(&picture, filled.width, filled.height);
    if (err != MC_OK) {
        mc_raster_free(&raster);
        return err;
    }

    mc_person_cast(person, filled.sex, &features);
    mc_sitting_cast(person, variant, &sitting);

    paint(&raster, &features, &sitting);
    expose(&raster, &sitting, &picture);

    err = mc_picture_encode(&picture, &(mc_picture_coding_t) {
                                .quality = filled.quality,
                                .max = filled.max,
                                .dpi = filled.no_density ? 0 : filled.dpi,
                                .progressive = filled.progressive
                            }, jpeg);

    mc_picture_free(&picture);
    mc_raster_free(&raster);

    return err;
}
