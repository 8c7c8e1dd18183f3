/*
 * Transforms of whole pictures.
 *
 * Depends on base, pictures and libm.  For tools and tests; any one thread.
 */

#include "mc_defect_row.h"

#include <math.h>


#define LIGHT       224         /* each of R, G, B in a background */
#define SIGMA_MAX   8


static uint8_t
to_byte(double value)
{
    return value <= 0 ? 0 : value >= 254.5 ? 255 : (uint8_t) (value + 0.5);
}


static size_t
bytes_of(const mc_picture_t *picture)
{
    return (size_t) picture->width * picture->height * 3;
}


static void
apply(mc_picture_t *picture, const uint8_t table[256])
{
    size_t  i, len;

    len = bytes_of(picture);

    for (i = 0; i < len; i++) {
        picture->rgb[i] = table[picture->rgb[i]];
    }
}


mc_err_t
mc_change_light(mc_picture_t *picture, double factor)
{
    int      i;
    uint8_t  table[256];

    for (i = 0; i < 256; i++) {
        table[i] = to_byte(i * factor);
    }

    apply(picture, table);

    return MC_OK;
}


mc_err_t
mc_change_gamma(mc_picture_t *picture, double gamma)
{
    int      i;
    uint8_t  table[256];

    for (i = 0; i < 256; i++) {
        table[i] = to_byte(255 * pow(i / 255.0, gamma));
    }

    apply(picture, table);

    return MC_OK;
}


mc_err_t
mc_change_range(mc_picture_t *picture, double part, bool from_white)
{
    int      i;
    double   fixed;
    uint8_t  table[256];

    fixed = from_white ? 255 : 127.5;

    for (i = 0; i < 256; i++) {
        table[i] = to_byte(fixed + (i - fixed) * part);
    }

    apply(picture, table);

    return MC_OK;
}


mc_err_t
mc_change_grey(mc_picture_t *picture)
{
    size_t    i, len;
    uint8_t  *p;

    len = bytes_of(picture);

    for (i = 0; i < len; i += 3) {
        p = picture->rgb + i;
        p[0] = to_byte(0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2]);
        p[1] = p[0];
        p[2] = p[0];
    }

    return MC_OK;
}


/* One direction: "step" bytes from pixel to pixel, "count" pixels. */
static void
blur_line(uint8_t *line, size_t step, int count, const double *kernel,
    int radius, uint8_t *out)
{
    int     i, k, at;
    double  sum;

    for (i = 0; i < count; i++) {
        sum = 0;

        for (k = -radius; k <= radius; k++) {
            at = i + k < 0 ? 0 : i + k >= count ? count - 1 : i + k;
            sum += line[(size_t) at * step] * kernel[k + radius];
        }

        out[i] = to_byte(sum);
    }

    for (i = 0; i < count; i++) {
        line[(size_t) i * step] = out[i];
    }
}


mc_err_t
mc_change_blur(mc_picture_t *picture, double sigma)
{
    int       i, radius, width, height, channel;
    size_t    row;
    double    sum, kernel[6 * SIGMA_MAX + 1];
    uint8_t  *out;

    if (sigma <= 0 || sigma > SIGMA_MAX) {
        return MC_EINVAL;
    }

    out = mc_alloc(picture->width + picture->height);
    if (out == NULL) {
        return MC_ENOMEM;
    }

    radius = (int) ceil(3 * sigma);
    width = (int) picture->width;
    height = (int) picture->height;
    row = (size_t) picture->width * 3;
    sum = 0;

    for (i = -radius; i <= radius; i++) {
        kernel[i + radius] = exp(-i * i / (2 * sigma * sigma));
        sum += kernel[i + radius];
    }

    for (i = 0; i <= 2 * radius; i++) {
        kernel[i] /= sum;
    }

    for (channel = 0; channel < 3; channel++) {
        for (i = 0; i < height; i++) {
            blur_line(picture->rgb + (size_t) i * row + channel, 3, width,
                      kernel, radius, out);
        }

        for (i = 0; i < width; i++) {
            blur_line(picture->rgb + (size_t) i * 3 + channel, row, height,
                      kernel, radius, out);
        }
    }

    mc_free(out);

    return MC_OK;
}


/* The mean of a block of times x times pixels. */
static double
mean(const mc_picture_t *picture, uint32_t x, uint32_t y, unsigned times,
    int channel)
{
    double    sum, count;
    uint32_t  i, j;

    sum = 0;
    count = 0;

    for (j = y; j < y + times && j < picture->height; j++) {
        for (i = x; i < x + times && i < picture->width; i++) {
            sum += picture->rgb[((size_t) j * picture->width + i) * 3
                                + (size_t) channel];
            count++;
        }
    }

    return sum / count;
}


/* Between four pixels; x and y may lie half a pixel outside. */
static double
between(const mc_picture_t *small, double x, double y, int channel)
{
    int             i, j, left, top, at_x, at_y;
    double          sum, part;
    const uint8_t  *pixel;

    left = (int) floor(x);
    top = (int) floor(y);
    sum = 0;

    for (j = 0; j < 2; j++) {
        for (i = 0; i < 2; i++) {
            at_x = left + i;
            at_y = top + j;
            part = (1 - fabs(x - at_x)) * (1 - fabs(y - at_y));

            at_x = at_x < 0 ? 0 : at_x >= (int) small->width
                                  ? (int) small->width - 1 : at_x;
            at_y = at_y < 0 ? 0 : at_y >= (int) small->height
                                  ? (int) small->height - 1 : at_y;

            pixel = small->rgb + ((size_t) at_y * small->width
                                  + (size_t) at_x) * 3;
            sum += part * pixel[channel];
        }
    }

    return sum;
}


mc_err_t
mc_change_enlarge(mc_picture_t *picture, unsigned times)
{
    int            channel;
    mc_err_t       err;
    uint8_t       *to;
    uint32_t       x, y;
    mc_picture_t   small;

    err = mc_picture_create(&small, (picture->width + times - 1) / times,
                            (picture->height + times - 1) / times);
    if (err != MC_OK) {
        return err;
    }

    to = small.rgb;

    for (y = 0; y < small.height; y++) {
        for (x = 0; x < small.width; x++) {
            for (channel = 0; channel < 3; channel++) {
                *to++ = to_byte(mean(picture, x * times, y * times, times,
                                     channel));
            }
        }
    }

    to = picture->rgb;

    for (y = 0; y < picture->height; y++) {
        for (x = 0; x < picture->width; x++) {
            for (channel = 0; channel < 3; channel++) {
                *to++ = to_byte(between(&small, (x + 0.5) / times - 0.5,
                                        (y + 0.5) / times - 0.5, channel));
            }
        }
    }

    mc_picture_free(&small);

    return MC_OK;
}


/* --- background ---------------------------------------------------------- */

typedef struct {
    const mc_picture_t *picture;
    uint8_t            *mask;           /* 1: background */
    uint32_t           *stack;          /* pixels still to be followed */
    size_t              top;
} flood_t;


static void
flood_visit(flood_t *flood, uint32_t x, uint32_t y)
{
    size_t          at;
    const uint8_t  *pixel;

    if (x >= flood->picture->width || y >= flood->picture->height) {
        return;
    }

    at = (size_t) y * flood->picture->width + x;
    pixel = flood->picture->rgb + at * 3;

    if (flood->mask[at] || pixel[0] < LIGHT || pixel[1] < LIGHT
        || pixel[2] < LIGHT)
    {
        return;
    }

    flood->mask[at] = 1;
    flood->stack[flood->top++] = (uint32_t) at;
}


/* A pixel is put on the stack once, so the stack has room for all. */
static void
flood_run(flood_t *flood)
{
    uint32_t  x, y, at, width;

    width = flood->picture->width;

    for (x = 0; x < width; x++) {
        flood_visit(flood, x, 0);
    }

    for (y = 0; y < flood->picture->height; y++) {
        flood_visit(flood, 0, y);
        flood_visit(flood, width - 1, y);
    }

    while (flood->top > 0) {
        at = flood->stack[--flood->top];
        x = at % width;
        y = at / width;

        flood_visit(flood, x + 1, y);
        flood_visit(flood, x - 1, y);       /* wraps: beyond the width */
        flood_visit(flood, x, y + 1);
        flood_visit(flood, x, y - 1);
    }
}


/* How much of the 3 x 3 pixels around is background, 0..1. */
static double
share(const flood_t *flood, uint32_t x, uint32_t y)
{
    int       i, j, count;
    uint32_t  at_x, at_y;

    count = 0;

    for (j = -1; j <= 1; j++) {
        for (i = -1; i <= 1; i++) {
            at_x = x + (uint32_t) i;
            at_y = y + (uint32_t) j;
            at_x = at_x < flood->picture->width ? at_x : x;
            at_y = at_y < flood->picture->height ? at_y : y;

            count += flood->mask[(size_t) at_y * flood->picture->width
                                 + at_x];
        }
    }

    return count / 9.0;
}


/* What the background's colour is now. */
static void
ground_mean(const flood_t *flood, double mean_rgb[3])
{
    int     channel;
    size_t  i, pixels, count;

    pixels = (size_t) flood->picture->width * flood->picture->height;
    count = 0;
    memset(mean_rgb, 0, 3 * sizeof(double));

    for (i = 0; i < pixels; i++) {
        for (channel = 0; channel < 3 && flood->mask[i]; channel++) {
            mean_rgb[channel] += flood->picture->rgb[i * 3
                                                     + (size_t) channel];
        }

        count += flood->mask[i];
    }

    for (channel = 0; channel < 3 && count > 0; channel++) {
        mean_rgb[channel] /= (double) count;
    }
}


/* The new colour keeps the old one's noise. */
static void
paint(const flood_t *flood, mc_picture_t *picture, uint32_t left_rgb,
    uint32_t right_rgb)
{
    int        channel;
    double     across, from, to, part, old[3];
    uint8_t   *pixel;
    uint32_t   x, y;

    ground_mean(flood, old);

    for (y = 0; y < picture->height; y++) {
        for (x = 0; x < picture->width; x++) {
            part = share(flood, x, y);
            across = (double) x / (picture->width - 1);
            pixel = picture->rgb + ((size_t) y * picture->width + x) * 3;

            for (channel = 0; channel < 3; channel++) {
                from = left_rgb >> (16 - 8 * channel) & 0xff;
                to = right_rgb >> (16 - 8 * channel) & 0xff;
                to = from + (to - from) * across - old[channel];

                pixel[channel] = to_byte(pixel[channel] + part * to);
            }
        }
    }
}


mc_err_t
mc_change_ground(mc_picture_t *picture, uint32_t left_rgb,
    uint32_t right_rgb)
{
    size_t    pixels;
    flood_t   flood;
    mc_err_t  err;

    pixels = (size_t) picture->width * picture->height;

    flood = (flood_t) {
        .picture = picture,
        .mask = mc_alloc(pixels),
        .stack = mc_alloc(pixels * sizeof(uint32_t))
    };

    err = MC_ENOMEM;

    if (flood.mask != NULL && flood.stack != NULL) {
        flood_run(&flood);
        paint(&flood, picture, left_rgb, right_rgb);
        err = MC_OK;
    }

    mc_free(flood.mask);
    mc_free(flood.stack);

    return err;
}
