/*
 * minicode: draws a picture in the place of a mini program's code, for the
 * demo, to standard output as JPEG.
 *
 * No code of anybody's: rays of a fixed pattern about two characters that
 * say "example".
 *
 * Depends on base and the pictures of tools.  One thread.
 */

#include <math.h>
#include <stdio.h>

#include "mc_picture.h"


#define SIDE      430           /* pixels, as WeChat's own */
#define SAMPLES   3             /* of a pixel, each way */
#define RAYS      72
#define MAX       60000         /* bytes */
#define STROKE    0.022f        /* half the width of one */

#define TURN      6.2831853f

/* The picture is -1..1 each way. */
typedef struct {
    float  x0;
    float  y0;
    float  x1;
    float  y1;
} line_t;


/* U+793A and U+4F8B, stroke by stroke */
static const line_t strokes[] = {
    { -0.31f, -0.17f, -0.11f, -0.17f }, { -0.37f, -0.05f, -0.05f, -0.05f },
    { -0.21f, -0.05f, -0.21f, 0.19f }, { -0.21f, 0.19f, -0.26f, 0.16f },
    { -0.31f, 0.03f, -0.38f, 0.14f }, { -0.11f, 0.03f, -0.04f, 0.14f },

    { 0.13f, -0.20f, 0.05f, -0.04f }, { 0.10f, -0.10f, 0.10f, 0.20f },
    { 0.15f, -0.17f, 0.27f, -0.17f }, { 0.20f, -0.17f, 0.15f, -0.03f },
    { 0.19f, -0.07f, 0.26f, -0.07f }, { 0.26f, -0.07f, 0.15f, 0.18f },
    { 0.17f, 0.02f, 0.21f, 0.06f }, { 0.32f, -0.14f, 0.32f, 0.08f },
    { 0.40f, -0.20f, 0.40f, 0.19f }, { 0.40f, 0.19f, 0.35f, 0.16f }
};


static float
distance(float x, float y, const line_t *line)
{
    float  dx, dy, at;

    dx = line->x1 - line->x0;
    dy = line->y1 - line->y0;
    at = ((x - line->x0) * dx + (y - line->y0) * dy) / (dx * dx + dy * dy);
    at = at < 0 ? 0 : at > 1 ? 1 : at;

    return hypotf(x - line->x0 - at * dx, y - line->y0 - at * dy);
}


/* How far the n-th ray goes: a pattern that means nothing. */
static float
ray_end(unsigned n)
{
    return 0.60f + 0.08f * (float) ((n * n * 7 + n * 3) % 5);
}


static bool
on_ray(float x, float y)
{
    float     radius, angle;
    unsigned  n;

    radius = hypotf(x, y);
    angle = atan2f(y, x) / TURN + 1.0f;
    n = (unsigned) lroundf(angle * RAYS) % RAYS;
    angle = fabsf(angle * RAYS - roundf(angle * RAYS)) * TURN / RAYS;

    return radius > 0.56f && radius < ray_end(n)
           && radius * angle < 0.5f * STROKE;
}


static bool
is_dark(float x, float y)
{
    size_t  i;

    for (i = 0; i < mc_count(strokes); i++) {
        if (distance(x, y, &strokes[i]) < STROKE) {
            return true;
        }
    }

    return on_ray(x, y);
}


static void
draw(mc_picture_t *picture)
{
    float     x, y;
    size_t    i, k, count;
    uint8_t  *p;

    static const uint8_t  ink[3] = { 14, 52, 66 };

    p = picture->rgb;

    for (i = 0; i < (size_t) SIDE * SIDE; i++) {
        count = 0;

        for (k = 0; k < (size_t) SAMPLES * SAMPLES; k++) {
            x = (float) (i % SIDE * SAMPLES + k % SAMPLES) + 0.5f;
            y = (float) (i / SIDE * SAMPLES + k / SAMPLES) + 0.5f;
            count += is_dark(2 * x / (SIDE * SAMPLES) - 1,
                             2 * y / (SIDE * SAMPLES) - 1);
        }

        for (k = 0; k < 3; k++) {
            *p++ = (uint8_t) (255 - (255 - ink[k]) * count
                                    / (SAMPLES * SAMPLES));
        }
    }
}


int
main(void)
{
    int           status;
    mc_buf_t      jpeg;
    mc_picture_t  picture;

    status = 1;
    mc_buf_init(&jpeg, MAX);

    if (mc_picture_create(&picture, SIDE, SIDE) != MC_OK) {
        return 1;
    }

    draw(&picture);

    if (mc_picture_encode(&picture, &(mc_picture_coding_t) { .quality = 80,
                                                             .max = MAX },
                          &jpeg)
        == MC_OK)
    {
        status = fwrite(jpeg.data, 1, jpeg.len, stdout) != jpeg.len
                 || fflush(stdout) != 0;
    }

    mc_picture_free(&picture);
    mc_buf_free(&jpeg);

    return status;
}
