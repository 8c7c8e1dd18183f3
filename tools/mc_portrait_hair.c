/*
 * Hair of a portrait: what hangs behind the neck, and what frames the face.
 *
 * Depends on base, the painter and libm.  For tools and tests; any one
 * thread.
 *
 * Strands are no lines: the colour of hair is modulated by noise over the
 * angle about the crown, which runs from the parting outwards as hair does.
 */

#include "mc_portrait_parts.h"

#include <math.h>


#define WORK  (&raster->masks[MC_MASK_WORK])
#define PART  (&raster->masks[MC_MASK_PART])

static const mc_rgb_t  shadow = { 0.55f, 0.45f, 0.43f };


/* Smooth noise of one variable, -1..1. */
static float
noise(uint64_t seed, float x)
{
    float     whole, t, a, b;
    uint64_t  state;

    whole = floorf(x);
    t = x - whole;
    t = t * t * (3 - 2 * t);

    state = seed + (uint64_t) (int64_t) whole * 0x9e3779b9u;
    a = mc_dice_range(&state, -1, 1);
    state = seed + (uint64_t) ((int64_t) whole + 1) * 0x9e3779b9u;
    b = mc_dice_range(&state, -1, 1);

    return a + (b - a) * t;
}


/* Colours the mask as hair that grows from "crown"; "gloss" is the height
 * of the band of light. */
static void
paint_hair(mc_raster_t *raster, const mc_mask_t *mask,
    const mc_person_t *person, mc_point_t crown, float gloss)
{
    int         x, y;
    float       angle, far, band, level, a, contrast;
    size_t      at;
    mc_rgb_t   *p;
    mc_point_t  from;

    from = mc_raster_place(raster, crown);
    contrast = 1 - 1.2f * person->hair.r;

    for (y = mask->y0; y < mask->y1; y++) {
        for (x = mask->x0; x < mask->x1; x++) {
            at = (size_t) y * (size_t) raster->width + (size_t) x;
            a = mask->a[at];

            if (a <= 0) {
                continue;
            }

            angle = atan2f(((float) y - from.y) / raster->sy,
                           ((float) x - from.x) / raster->sx);
            far = hypotf(((float) x - from.x) / raster->sx,
                         ((float) y - from.y) / raster->sy);

            level = 0.55f * noise(person->strands, angle * 26 + far * 0.03f)
                    + 0.45f * noise(person->strands + 7, angle * 60);
            band = ((float) y / raster->sy - gloss) / 13;
            band = expf(-band * band);
            level = 1 + contrast * (0.22f * level
                                    + band * (0.55f + 0.45f * level));

            p = &raster->pixels[at];
            p->r += (person->hair.r * level + 0.03f * band - p->r) * a;
            p->g += (person->hair.g * level + 0.03f * band - p->g) * a;
            p->b += (person->hair.b * level + 0.035f * band - p->b) * a;
        }
    }
}


/* Women's styles: 0 long, 1 shoulder length, 2 tied back, 3 bob with a
 * fringe, 4 short. */
void
mc_draw_hair_back(mc_raster_t *raster, const mc_person_t *person)
{
    float  w, low, end;

    static const float  lows[MC_HAIR_STYLES] = { 214, 188, 0, 172, 157 };

    if (!person->woman || person->hair_style == 2) {
        return;
    }

    w = person->wide;
    low = lows[person->hair_style];
    end = person->hair_style == 0 ? 50.0f : 47.0f;

    mc_mask_mirror(raster, PART, (mc_point_t[]) {
        { 0, 10 }, { 24, 14 }, { 42 * w, 29 }, { 51 * w, 50 },
        { 54 * w, 80 }, { 56 * w, 115 }, { 56 * w, low - 22 },
        { end * w, low }, { 30, low + 2 }, { 12, low - 12 }, { 0, low - 16 }
    }, 11);
    paint_hair(raster, PART, person, (mc_point_t) { 0, -30 }, 60);

    /* darker inside, where the neck is */

    mc_mask_ellipse(raster, WORK, (mc_point_t) { 0, low - 35 }, 38, 42);
    mc_mask_blur(raster, WORK, 6);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_shade(raster, WORK, shadow, 0.6f);
}


/* The hair's shadow upon the skin, then the hair, from PART. */
static void
finish_cap(mc_raster_t *raster, const mc_person_t *person, mc_point_t crown,
    float gloss)
{
    mc_mask_t  *face;

    face = &raster->masks[MC_MASK_FACE];

    mc_mask_clear(raster, WORK);
    memcpy(WORK->a, PART->a, (size_t) raster->width
                             * (size_t) raster->height * sizeof(float));
    WORK->x0 = PART->x0;
    WORK->y0 = PART->y0;
    WORK->x1 = PART->x1;
    WORK->y1 = PART->y1;

    mc_mask_blur(raster, WORK, 2);
    mc_mask_clip(raster, WORK, face);
    mc_raster_shade(raster, WORK, shadow, 0.55f);

    mc_mask_blur(raster, PART, 0.5f);
    paint_hair(raster, PART, person, crown, gloss);
}


static void
cap_woman_parted(mc_raster_t *raster, const mc_person_t *person)
{
    float  w, p, h, low;

    w = person->wide;
    p = person->part * (person->hair_style == 0 ? 0 : 12);
    h = person->hairline - 4;
    low = person->hair_style == 0 ? 196.0f
          : person->hair_style == 1 ? 178.0f : 0;

    if (low > 0) {
        mc_mask_path(raster, PART, (mc_point_t[]) {
            { 0, 9 }, { 24, 12.5f }, { 42 * w, 27 }, { 50.5f * w, 48 },
            { 54 * w, 78 }, { 56 * w, 116 }, { 57 * w, low - 20 },
            { 50 * w, low },
            { 44 * w, low - 24 }, { 45.5f * w, 128 }, { 45 * w, 100 },
            { 40 * w, 74 }, { (p + 40 * w) / 2, h + 10 }, { p, h - 6 },
            { (p - 40 * w) / 2, h + 10 }, { -40 * w, 74 }, { -45 * w, 100 },
            { -45.5f * w, 128 }, { -44 * w, low - 24 }, { -50 * w, low },
            { -57 * w, low - 20 }, { -56 * w, 116 }, { -54 * w, 78 },
            { -50.5f * w, 48 }, { -42 * w, 27 }, { -24, 12.5f }
        }, 26, true);

    } else {
        mc_mask_path(raster, PART, (mc_point_t[]) {
            { 0, 10 }, { 22, 13.5f }, { 38 * w, 26 }, { 46.5f * w, 43 },
            { 49.5f * w, 68 },
            { 48 * w, 92 }, { 45 * w, 84 }, { 41.5f * w, 66 },
            { (p + 38 * w) / 2, h + 3 }, { p, h - 6 },
            { (p - 38 * w) / 2, h + 3 }, { -41.5f * w, 66 },
            { -45 * w, 84 }, { -48 * w, 92 }, { -49.5f * w, 68 },
            { -46.5f * w, 43 }, { -38 * w, 26 }, { -22, 13.5f }
        }, 18, true);
    }

    finish_cap(raster, person, (mc_point_t) { p, 6 }, 36);
}


static void
cap_woman_fringe(mc_raster_t *raster, const mc_person_t *person)
{
    float  w, low, h, s;

    w = person->wide;
    s = person->part;
    low = person->hair_style == 3 ? 158.0f : 134.0f;
    h = person->hairline + 15;

    mc_mask_path(raster, PART, (mc_point_t[]) {
        { 0, 9 }, { 24, 12.5f }, { 42 * w, 27 }, { 51 * w, 48 },
        { 54 * w, 76 }, { 55.5f * w, 108 }, { 54 * w, low - 8 },
        { 48 * w, low }, { 42 * w, low - 8 }, { 43 * w, low - 20 },
        { 44.5f * w, 100 }, { 42 * w, 84 },
        { 34 * w, h + 5 - 2 * s }, { 18, h - 2 * s }, { 0, h - 2 },
        { -18, h + 2 * s }, { -34 * w, h + 5 + 2 * s }, { -42 * w, 84 },
        { -44.5f * w, 100 }, { -43 * w, low - 20 }, { -42 * w, low - 8 },
        { -48 * w, low }, { -54 * w, low - 8 }, { -55.5f * w, 108 },
        { -54 * w, 76 }, { -51 * w, 48 }, { -42 * w, 27 }, { -24, 12.5f }
    }, 28, true);

    finish_cap(raster, person, (mc_point_t) { 6 * s, 0 }, 38);
}


/* Men's styles: 0 parted, 1 cropped, 2 brushed up, 3 short fringe,
 * 4 receding. */
static void
cap_man(mc_raster_t *raster, const mc_person_t *person)
{
    float  w, s, h, top, side;

    static const float  tops[MC_HAIR_STYLES] = { 8, 12.5f, 5, 9, 14 };
    static const float  lows[MC_HAIR_STYLES] = { 0, -2, -2, 9, -13 };
    static const float  sides[MC_HAIR_STYLES] = { 2.5f, 0.3f, 1, 2, 0 };

    w = person->wide;
    s = person->part;
    top = tops[person->hair_style];
    h = person->hairline + lows[person->hair_style];
    side = sides[person->hair_style];

    mc_mask_path(raster, PART, (mc_point_t[]) {
        { 0, top }, { 21, top + 3 }, { 37 * w, top + 14 },
        { (45 + side) * w, 40 }, { (48 + side) * w, 60 },
        { (48 + side) * w, 80 }, { 47.5f * w, 98 },
        { 45 * w, 95 }, { 43.5f * w, 80 }, { 42 * w, 66 },
        { 36 * w, h + 9 - 4 * s }, { 20, h + 1 - 3 * s }, { 0, h },
        { -20, h + 1 + 3 * s }, { -36 * w, h + 9 + 4 * s }, { -42 * w, 66 },
        { -43.5f * w, 80 }, { -45 * w, 95 }, { -47.5f * w, 98 },
        { -(48 + side) * w, 80 }, { -(48 + side) * w, 60 },
        { -(45 + side) * w, 40 }, { -37 * w, top + 14 }, { -21, top + 3 }
    }, 24, true);

    if (person->hair_style == 1 || person->hair_style == 4) {
        mc_mask_blur(raster, PART, 0.8f);
    }

    finish_cap(raster, person,
               person->hair_style == 2
                   ? (mc_point_t) { 0, 150 }
                   : (mc_point_t) { person->hair_style == 0 ? 20 * s : 0,
                                    person->hair_style == 0 ? 26 : 2 },
               26);
}


void
mc_draw_hair_front(mc_raster_t *raster, const mc_person_t *person)
{
    if (!person->woman) {
        cap_man(raster, person);

    } else if (person->hair_style <= 2) {
        cap_woman_parted(raster, person);

    } else {
        cap_woman_fringe(raster, person);
    }
}
