/*
 * Counting over the pixels of a head shot.
 *
 * Depends on base, the table of rules (what white is) and libm.  Cpu pool
 * or a command.
 */

#include "mc_photo_measure.h"

#include <math.h>

#include "mc_photo_rule.h"


/* Regions, in percent of width or height. */
#define CORNER_WIDTH   20
#define CORNER_HEIGHT  22
#define STRIP_WIDTH    7
#define STRIP_HEIGHT   48
#define TOP_ROWS       2            /* pixels */

#define FACE_X         50
#define FACE_Y         47
#define FACE_RADIUS_X  20
#define FACE_RADIUS_Y  24

#define LOW_PERCENTILE   2
#define HIGH_PERCENTILE  98


typedef struct {
    const mc_photo_lab_table_t *table;
    mc_photo_ground_t          *ground;
    uint64_t                    sum[3];     /* of what is not white */
} look_t;

typedef struct {
    uint64_t  count;
    uint64_t  luma;
    uint64_t  luma2;
    int64_t   edge;                         /* the Laplacian */
    uint64_t  edge2;
    double    chroma;
} sums_t;


static const uint8_t *
pixel_at(const mc_photo_picture_t *picture, uint32_t x, uint32_t y)
{
    return picture->pixels + ((size_t) y * picture->width + x) * 3;
}


static void
count(mc_photo_part_t *part, bool white)
{
    part->count++;
    part->white += white;
}


static void
look(look_t *state, const uint8_t *pixel, bool left, bool upper)
{
    int                 i;
    bool                light, neutral, white;
    uint8_t             rgb[3];
    mc_photo_lab_t      lab;
    mc_photo_ground_t  *ground;

    ground = state->ground;

    mc_photo_rgb(pixel, rgb);
    lab = mc_photo_lab(state->table, rgb);

    light = lab.lightness >= MC_RULE_WHITE_LIGHTNESS;
    neutral = mc_photo_chroma2(&lab)
              <= MC_RULE_WHITE_CHROMA * MC_RULE_WHITE_CHROMA;
    white = light && neutral;

    ground->light += light;
    ground->neutral += neutral;

    count(&ground->all, white);
    count(left ? &ground->left : &ground->right, white);
    count(upper ? &ground->upper : &ground->lower, white);

    for (i = 0; i < 3 && !white; i++) {
        state->sum[i] += rgb[i];
    }
}


/* How far the background reaches into a row from each side. */
static uint32_t
reach(const mc_photo_picture_t *picture, uint32_t y)
{
    uint32_t  width;

    width = picture->width;

    if (y < TOP_ROWS) {
        return (width + 1) / 2;
    }

    return y * 100 < CORNER_HEIGHT * picture->height
           ? CORNER_WIDTH * width / 100 : STRIP_WIDTH * width / 100;
}


void
mc_photo_measure_ground(const mc_photo_picture_t *picture,
    const mc_photo_lab_table_t *table, mc_photo_ground_t *ground)
{
    int       i;
    bool      upper;
    look_t    state;
    uint32_t  x, y, end, others;

    memset(ground, 0, sizeof(*ground));
    memset(&state, 0, sizeof(state));
    state.table = table;
    state.ground = ground;

    for (y = 0; y * 100 < STRIP_HEIGHT * picture->height; y++) {
        end = reach(picture, y);
        upper = y < TOP_ROWS || y * 100 < CORNER_HEIGHT * picture->height;

        for (x = 0; x < end; x++) {
            look(&state, pixel_at(picture, x, y), true, upper);
            look(&state, pixel_at(picture, picture->width - 1 - x, y), false,
                 upper);
        }
    }

    others = ground->all.count - ground->all.white;

    for (i = 0; i < 3 && others > 0; i++) {
        ground->rgb[i] = (uint8_t) ((state.sum[i] + others / 2) / others);
    }

    ground->lab = mc_photo_lab(table, ground->rgb);
}


/* A pixel that has neighbours on all sides. */
static void
feel(const mc_photo_picture_t *picture, const mc_photo_lab_table_t *table,
    uint32_t x, uint32_t y, sums_t *sums)
{
    int             luma, edge;
    size_t          row;
    uint8_t         rgb[3];
    const uint8_t  *pixel;
    mc_photo_lab_t  lab;

    row = (size_t) picture->width * 3;
    pixel = pixel_at(picture, x, y);

    luma = pixel[0];
    edge = 4 * luma - pixel[-3] - pixel[3] - *(pixel - row) - pixel[row];

    mc_photo_rgb(pixel, rgb);
    lab = mc_photo_lab(table, rgb);

    sums->count++;
    sums->luma += (uint64_t) luma;
    sums->luma2 += (uint64_t) (luma * luma);
    sums->edge += edge;
    sums->edge2 += (uint64_t) (edge * edge);
    sums->chroma += (double) sqrtf(mc_photo_chroma2(&lab));
}


static uint32_t
rounded(double value)
{
    return value > 0 ? (uint32_t) (value + 0.5) : 0;
}


void
mc_photo_measure_face(const mc_photo_picture_t *picture,
    const mc_photo_lab_table_t *table, mc_photo_face_t *face)
{
    float     from, middle, height, half;
    double    n, luma, edge;
    sums_t    sums;
    uint32_t  x, y, end;

    memset(&sums, 0, sizeof(sums));

    middle = (float) picture->height * FACE_Y / 100;
    height = (float) picture->height * FACE_RADIUS_Y / 100;

    for (y = 1; y + 1 < picture->height; y++) {
        from = ((float) y - middle) / height;
        half = 1 - from * from;

        if (half <= 0) {
            continue;
        }

        half = sqrtf(half) * FACE_RADIUS_X / 100 * (float) picture->width;
        from = (float) picture->width * FACE_X / 100 - half;
        end = (uint32_t) (from + 2 * half);

        for (x = (uint32_t) from + 1; x < end; x++) {
            feel(picture, table, x, y, &sums);
        }
    }

    n = sums.count > 0 ? (double) sums.count : 1;
    luma = (double) sums.luma / n;
    edge = (double) sums.edge / n;

    face->luma = rounded(luma);
    face->chroma = rounded(sums.chroma / n);
    face->variance = rounded((double) sums.luma2 / n - luma * luma);
    face->sharpness = rounded((double) sums.edge2 / n - edge * edge);
}


/* The luma below which "percent" of all pixels lie. */
static uint32_t
percentile(const uint32_t *histogram, uint64_t pixels, unsigned percent)
{
    uint32_t  luma;
    uint64_t  below;

    below = 0;

    for (luma = 0; luma < 255; luma++) {
        below += histogram[luma];

        if (below * 100 >= pixels * percent) {
            break;
        }
    }

    return luma;
}


mc_photo_tone_t
mc_photo_measure_tone(const mc_photo_picture_t *picture)
{
    size_t    i, pixels;
    uint32_t  histogram[256];

    memset(histogram, 0, sizeof(histogram));
    pixels = (size_t) picture->width * picture->height;

    for (i = 0; i < pixels; i++) {
        histogram[picture->pixels[i * 3]]++;
    }

    return (mc_photo_tone_t) {
        .low = percentile(histogram, pixels, LOW_PERCENTILE),
        .high = percentile(histogram, pixels, HIGH_PERCENTILE)
    };
}


uint32_t
mc_photo_white(const mc_photo_part_t *part)
{
    return part->count > 0
           ? (uint32_t) ((uint64_t) part->white * 100 / part->count) : 100;
}
