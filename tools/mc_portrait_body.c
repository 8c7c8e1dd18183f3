/*
 * Neck, shirt, tie and suit of a portrait.
 *
 * Depends on base and the painter.  For tools and tests; any one thread.
 */

#include "mc_portrait_parts.h"


#define WORK  (&raster->masks[MC_MASK_WORK])
#define PART  (&raster->masks[MC_MASK_PART])
#define KEEP  (&raster->masks[MC_MASK_KEEP])

static const mc_rgb_t  shadow = { 0.62f, 0.55f, 0.55f };
static const mc_rgb_t  black = { 0, 0, 0 };
static const mc_rgb_t  white = { 1, 1, 1 };


/* Within "opening", or all of it for NULL; the same pixels both times. */
static void
draw_neck(mc_raster_t *raster, const mc_person_t *person,
    const mc_mask_t *opening)
{
    float  w;

    w = person->woman ? 23.0f : 27.5f;

    mc_mask_mirror(raster, KEEP, (mc_point_t[]) {
        { 0, 120 }, { w, 122 }, { w, 150 }, { w - 0.5f, 166 },
        { w + 2, 178 }, { w + 10, 188 }, { w + 22, 196 }, { 10, 222 },
        { 0, 226 }
    }, 9);

    if (opening != NULL) {
        mc_mask_clip(raster, KEEP, opening);
    }

    mc_raster_paint(raster, KEEP, mc_rgb_times(person->skin, 0.97f), 1);

    /* what the head and the sides keep from the light */

    mc_mask_ellipse(raster, WORK, (mc_point_t) { 0, 150 }, 38, 30);
    mc_mask_blur(raster, WORK, 3);
    mc_mask_clip(raster, WORK, KEEP);
    mc_raster_shade(raster, WORK, shadow, 0.75f);

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { -30, 150 }, { -15, 160 }, { -13, 190 }, { -35, 190 }
    }, 4, true);
    mc_mask_blur(raster, WORK, 3);
    mc_mask_clip(raster, WORK, KEEP);
    mc_raster_shade(raster, WORK, shadow, 0.3f);

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { 30, 150 }, { 15, 160 }, { 13, 190 }, { 35, 190 }
    }, 4, true);
    mc_mask_blur(raster, WORK, 3);
    mc_mask_clip(raster, WORK, KEEP);
    mc_raster_shade(raster, WORK, shadow, 0.3f);
}


/* Both sides of a stroke or path that is given for the right one. */
static void
shade_both(mc_raster_t *raster, const mc_point_t *points, size_t count,
    float width, float blur, mc_rgb_t colour, float alpha)
{
    int         side;
    size_t      i;
    mc_point_t  placed[16];

    for (side = -1; side <= 1; side += 2) {
        for (i = 0; i < count; i++) {
            placed[i].x = points[i].x * (float) side;
            placed[i].y = points[i].y;
        }

        if (width > 0) {
            mc_mask_stroke(raster, WORK, placed, count, width, false);

        } else {
            mc_mask_path(raster, WORK, placed, count, false);
        }

        mc_mask_blur(raster, WORK, blur);
        mc_raster_paint(raster, WORK, colour, alpha);
    }
}


/* Light falls on the shoulders; cloth has soft folds towards the arms. */
static void
draw_cloth(mc_raster_t *raster, const mc_person_t *person)
{
    float  w;

    w = person->woman ? 0.92f : 1;

    mc_mask_mirror(raster, KEEP, (mc_point_t[]) {
        { 0, 190 }, { 20, 181 }, { 31, 178.5f }, { 46 * w, 186 },
        { 66 * w, 193.5f }, { 82 * w, 202 }, { 91 * w, 216 },
        { 95 * w, 240 }, { 0, 245 }
    }, 9);
    mc_raster_paint(raster, KEEP, person->suit, 1);

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { -60, 190 }, { -40, 186 }, { -52, 205 }, { -74, 206 }
    }, 4, true);
    mc_mask_blur(raster, WORK, 5);
    mc_mask_clip(raster, WORK, KEEP);
    mc_raster_paint(raster, WORK, white, 0.13f);

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { 60, 190 }, { 40, 186 }, { 52, 205 }, { 74, 206 }
    }, 4, true);
    mc_mask_blur(raster, WORK, 5);
    mc_mask_clip(raster, WORK, KEEP);
    mc_raster_paint(raster, WORK, white, 0.10f);

    shade_both(raster, (mc_point_t[]) {
        { 70, 225 }, { 68, 213 }, { 63, 204 }
    }, 3, 1.6f, 1, black, 0.4f);
}


/* The opening of the jacket. */
static void
draw_shirt(mc_raster_t *raster, const mc_person_t *person)
{
    mc_mask_path(raster, PART, (mc_point_t[]) {
        { -26, 175 }, { -15, 182 }, { 0, 185 }, { 15, 182 }, { 26, 175 },
        { 29, 184 }, { 15, 214 }, { 9, 226 },
        { -9, 226 }, { -15, 214 }, { -29, 184 }
    }, 11, false);
    mc_raster_paint(raster, PART, person->shirt, 1);

    mc_mask_ellipse(raster, WORK, (mc_point_t) { 0, 176 }, 26, 12);
    mc_mask_blur(raster, WORK, 4);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_shade(raster, WORK, shadow, 0.45f);
}


/* The skin that an open collar shows. */
static void
draw_opening(mc_raster_t *raster, const mc_person_t *person, float depth)
{
    mc_mask_path(raster, PART, (mc_point_t[]) {
        { -27, 168 }, { 27, 168 }, { 23, 182 }, { 0, depth }, { -23, 182 }
    }, 5, false);
    draw_neck(raster, person, PART);

    /* collar bones */

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        { -16, 187 }, { -8, 190 }, { -2, 194 }
    }, 3, 1.6f, true);
    mc_mask_blur(raster, WORK, 1);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_shade(raster, WORK, shadow, 0.3f);
}


static void
draw_tie(mc_raster_t *raster, const mc_person_t *person)
{
    int    i;
    float  y;

    mc_mask_path(raster, PART, (mc_point_t[]) {
        { -5, 202 }, { 5, 202 }, { 8.5f, 226 }, { -8.5f, 226 }
    }, 4, false);
    mc_raster_paint(raster, PART, person->tie, 1);

    for (i = 0; i < 4; i++) {
        y = 204 + 7 * (float) i;
        mc_mask_path(raster, WORK, (mc_point_t[]) {
            { -10, y + 6 }, { 10, y - 3 }, { 10, y - 1 }, { -10, y + 8 }
        }, 4, false);
        mc_mask_clip(raster, WORK, PART);
        mc_raster_paint(raster, WORK, white, 0.22f);
    }

    mc_mask_path(raster, PART, (mc_point_t[]) {
        { -6.8f, 190.5f }, { 6.8f, 190.5f }, { 4.6f, 203 }, { -4.6f, 203 }
    }, 4, false);
    mc_raster_paint(raster, PART, mc_rgb_times(person->tie, 1.12f), 1);

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        { -5, 203.4f }, { 0, 204.2f }, { 5, 203.4f }
    }, 3, 1.6f, false);
    mc_mask_blur(raster, WORK, 0.5f);
    mc_raster_paint(raster, WORK, black, 0.4f);
}


static void
draw_collar(mc_raster_t *raster, const mc_person_t *person)
{
    static const mc_point_t  flap[] = {
        { 25.5f, 172.5f }, { 31, 179 }, { 17, 206 }, { 3.5f, 190.5f },
        { 12, 187.5f }, { 20, 181 }
    };
    static const mc_point_t  under[] = {
        { 30, 181.5f }, { 18, 209 }, { 4, 194 }
    };

    shade_both(raster, under, 3, 0, 1.5f, black, 0.22f);
    shade_both(raster, flap, 6, 0, 0, person->shirt, 1);
    shade_both(raster, (mc_point_t[]) {
        { 3.5f, 190.5f }, { 12, 187.5f }, { 20, 181 }, { 25.5f, 172.5f }
    }, 4, 0.9f, 0.5f, mc_rgb_times(person->shirt, 0.62f), 0.5f);
    shade_both(raster, (mc_point_t[]) {
        { 3.8f, 191.5f }, { 17, 205.5f }, { 30.5f, 179.5f }
    }, 3, 0.7f, 0, mc_rgb_times(person->shirt, 0.7f), 0.6f);
}


static void
draw_lapels(mc_raster_t *raster, const mc_person_t *person)
{
    static const mc_point_t  lapel[] = {
        { 28, 177 }, { 37, 181 }, { 44, 197 }, { 34, 200 }, { 39, 205 },
        { 22, 226 }, { 8, 226 }, { 19, 207 }
    };

    shade_both(raster, (mc_point_t[]) {
        { 29, 179 }, { 45, 199 }, { 36, 202 }, { 41, 207 }, { 24, 228 },
        { 8, 228 }
    }, 6, 0, 2, black, 0.4f);
    shade_both(raster, lapel, 8, 0, 0, mc_rgb_times(person->suit, 1.22f), 1);
    shade_both(raster, (mc_point_t[]) {
        { 28, 177 }, { 19, 207 }, { 8, 226 }
    }, 3, 0.8f, 0, mc_rgb_times(person->suit, 0.4f), 0.7f);
    shade_both(raster, (mc_point_t[]) {
        { 44, 197 }, { 34, 200 }, { 39, 205 }
    }, 3, 0.7f, 0, mc_rgb_times(person->suit, 0.4f), 0.8f);
}


void
mc_draw_body(mc_raster_t *raster, const mc_person_t *person)
{
    draw_neck(raster, person, NULL);
    draw_cloth(raster, person);
    draw_shirt(raster, person);

    if (!person->woman) {
        draw_collar(raster, person);
        draw_tie(raster, person);

    } else if (person->clothes == 0) {
        draw_opening(raster, person, 214);

    } else {
        draw_opening(raster, person, person->clothes == 1 ? 200 : 206);
        draw_collar(raster, person);
    }

    draw_lapels(raster, person);
}
