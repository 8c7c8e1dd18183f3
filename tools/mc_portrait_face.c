/*
 * Head, nose, mouth, eyes, brows and glasses of a portrait.
 *
 * Depends on base and the painter.  For tools and tests; any one thread.
 */

#include "mc_portrait_parts.h"


#define WORK  (&raster->masks[MC_MASK_WORK])
#define FACE  (&raster->masks[MC_MASK_FACE])
#define PART  (&raster->masks[MC_MASK_PART])

static const mc_rgb_t  shadow = { 0.66f, 0.50f, 0.46f };
static const mc_rgb_t  blush = { 1.02f, 0.82f, 0.80f };
static const mc_rgb_t  black = { 0.05f, 0.04f, 0.04f };
static const mc_rgb_t  white = { 1, 1, 1 };


void
mc_mask_face(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_person_t *person)
{
    float  w, j;

    w = person->wide;
    j = person->jaw * person->wide;

    mc_mask_mirror(raster, mask, (mc_point_t[]) {
        { 0, 17 }, { 24, 21.5f }, { 38 * w, 37 }, { 45 * w, 60 },
        { 46.5f * w, 84 }, { 45.5f * w, 104 }, { 42.5f * w, 122 },
        { 36.5f * j, 139 }, { 27 * j, 152.5f }, { 14.5f * j, 161.5f },
        { 0, MC_CHIN_Y }
    }, 11);
}


/* A soft patch, clipped to the face. */
static void
soft(mc_raster_t *raster, mc_point_t centre, float rx, float ry, float blur)
{
    mc_mask_ellipse(raster, WORK, centre, rx, ry);
    mc_mask_blur(raster, WORK, blur);
    mc_mask_clip(raster, WORK, FACE);
}


static void
soft_line(mc_raster_t *raster, const mc_point_t *points, size_t count,
    float width, float blur)
{
    mc_mask_stroke(raster, WORK, points, count, width, true);
    mc_mask_blur(raster, WORK, blur);
    mc_mask_clip(raster, WORK, FACE);
}


static void
draw_ear(mc_raster_t *raster, const mc_person_t *person, float side)
{
    float  x;

    x = side * 46.5f * person->wide;

    mc_mask_path(raster, PART, (mc_point_t[]) {
        { x - side * 3, 88 }, { x + side * 2.5f, 84.5f },
        { x + side * 6.3f, 89 }, { x + side * 6.2f, 100 },
        { x + side * 3.8f, 110 }, { x + side * 1.2f, 117 },
        { x - side * 3, 115 }
    }, 7, true);
    mc_raster_paint(raster, PART, mc_rgb_times(person->skin, 0.94f), 1);

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        { x + side * 0.5f, 90 }, { x + side * 3.6f, 91 },
        { x + side * 3.8f, 99 }, { x + side * 1.2f, 108 }
    }, 4, 2.2f, true);
    mc_mask_blur(raster, WORK, 0.6f);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_shade(raster, WORK, shadow, 0.65f);
}


static void
shade_form(mc_raster_t *raster, const mc_person_t *person)
{
    float  side;

    /* what turns away from the light: all but a smaller face */

    mc_mask_ellipse(raster, PART, (mc_point_t) { 0, 92 }, 38 * person->wide,
                    64);
    mc_mask_blur(raster, PART, 7);
    mc_mask_face(raster, WORK, person);
    mc_mask_cut(raster, WORK, PART);
    mc_raster_shade(raster, WORK, shadow, 0.36f);

    soft(raster, (mc_point_t) { 0, 66 }, 24, 11, 8);
    mc_raster_paint(raster, WORK, white, 0.22f);

    for (side = -1; side <= 1; side += 2) {
        soft(raster, (mc_point_t) { side * 26, 121 }, 9, 7, 6);
        mc_raster_shade(raster, WORK, blush,
                        person->woman ? 0.75f : 0.45f);

        soft(raster, (mc_point_t) { side * 25, 112 }, 7, 4, 4);
        mc_raster_paint(raster, WORK, white, 0.16f);

        soft(raster, (mc_point_t) { side * 19, MC_EYE_Y - 3 }, 12, 4.5f, 3);
        mc_raster_shade(raster, WORK, shadow, 0.22f);

        soft_line(raster, (mc_point_t[]) {
            { side * (person->nose_width + 1.5f), person->nose_y - 3 },
            { side * (person->mouth_width - 0.5f), person->mouth_y - 8 },
            { side * (person->mouth_width + 3), person->mouth_y - 1 }
        }, 3, 1.8f, 1);
        mc_raster_shade(raster, WORK, shadow, 0.18f + 0.4f * person->age);

        soft_line(raster, (mc_point_t[]) {
            { side * 13, MC_EYE_Y + 7 }, { side * 20, MC_EYE_Y + 9.5f },
            { side * 28, MC_EYE_Y + 7.5f }
        }, 3, 1.8f, 1);
        mc_raster_shade(raster, WORK, shadow, 0.08f + 0.3f * person->age);
    }

    soft(raster, (mc_point_t) { 0, person->mouth_y + 9.5f }, 9, 1.8f, 2);
    mc_raster_shade(raster, WORK, shadow, 0.5f);

    soft(raster, (mc_point_t) { 0, 157 }, 8, 3.5f, 3);
    mc_raster_paint(raster, WORK, white, 0.12f);
}


static void
draw_nose(mc_raster_t *raster, const mc_person_t *person)
{
    float  w, y, side;

    w = person->nose_width;
    y = person->nose_y;

    soft(raster, (mc_point_t) { 0, y + 2.5f }, w * 0.8f, 2.2f, 1.5f);
    mc_raster_shade(raster, WORK, shadow, 0.55f);

    for (side = -1; side <= 1; side += 2) {
        soft_line(raster, (mc_point_t[]) {
            { side * 9, MC_EYE_Y - 8 }, { side * 6, MC_EYE_Y + 2 },
            { side * 5.5f, MC_EYE_Y + 14 }, { side * (w - 3), y - 6 }
        }, 4, 4, 1.5f);
        mc_raster_shade(raster, WORK, shadow,
                        (side > 0 ? 0.42f : 0.28f)
                        * (person->woman ? 0.6f : 1));

        soft_line(raster, (mc_point_t[]) {
            { side * (w - 2), y - 7 }, { side * w, y - 3 },
            { side * (w - 0.4f), y }, { side * (w - 3), y + 1.2f }
        }, 4, 1.5f, 0.5f);
        mc_raster_shade(raster, WORK, shadow, 0.75f);

        mc_mask_ellipse(raster, WORK,
                        (mc_point_t) { side * w * 0.46f, y + 0.5f },
                        2.3f, 1.05f);
        mc_mask_blur(raster, WORK, 0.4f);
        mc_raster_shade(raster, WORK, (mc_rgb_t) { 0.35f, 0.2f, 0.18f },
                        0.85f);
    }

    soft(raster, (mc_point_t) { -0.5f, y - 14 }, 1.8f, 15, 2);
    mc_raster_paint(raster, WORK, white, 0.26f);

    soft(raster, (mc_point_t) { -0.5f, y - 4.5f }, 2.8f, 2.2f, 1.5f);
    mc_raster_paint(raster, WORK, white, 0.30f);
}


static void
draw_mouth(mc_raster_t *raster, const mc_person_t *person)
{
    float  w, y, l, s;

    w = person->mouth_width;
    y = person->mouth_y;
    l = person->lips;
    s = person->smile;

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { -w, y - s }, { -w * 0.5f, y - 2.8f * l }, { -3, y - 4.2f * l },
        { 0, y - 3.2f * l }, { 3, y - 4.2f * l }, { w * 0.5f, y - 2.8f * l },
        { w, y - s }, { w * 0.5f, y + 0.6f }, { 0, y + 1 },
        { -w * 0.5f, y + 0.6f }
    }, 10, true);
    mc_mask_blur(raster, WORK, 0.3f);
    mc_raster_paint(raster, WORK, mc_rgb_times(person->mouth, 0.88f), 0.9f);

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { -w * 0.93f, y - s * 0.8f }, { -w * 0.45f, y + 0.3f },
        { 0, y + 0.8f }, { w * 0.45f, y + 0.3f },
        { w * 0.93f, y - s * 0.8f }, { w * 0.55f, y + 4.2f * l },
        { 0, y + 5.8f * l }, { -w * 0.55f, y + 4.2f * l }
    }, 8, true);
    mc_mask_blur(raster, WORK, 0.4f);
    mc_raster_paint(raster, WORK, person->mouth, 0.85f);

    soft(raster, (mc_point_t) { -1, y + 3 * l }, w * 0.35f, 1.1f, 1);
    mc_raster_paint(raster, WORK, white, 0.35f);

    soft_line(raster, (mc_point_t[]) {
        { -w - 0.8f, y - s - 0.4f }, { -w * 0.5f, y + 0.4f },
        { 0, y + 0.7f }, { w * 0.5f, y + 0.4f }, { w + 0.8f, y - s - 0.4f }
    }, 5, 1.5f, 0);
    mc_raster_shade(raster, WORK, (mc_rgb_t) { 0.42f, 0.22f, 0.22f }, 0.9f);

    soft(raster, (mc_point_t) { 0, y - 9.5f }, 1.8f, 3, 1);
    mc_raster_shade(raster, WORK, shadow, 0.25f);
}


void
mc_draw_head(mc_raster_t *raster, const mc_person_t *person)
{
    draw_ear(raster, person, -1);
    draw_ear(raster, person, 1);

    mc_mask_face(raster, FACE, person);
    mc_raster_paint(raster, FACE, person->skin, 1);

    shade_form(raster, person);
    draw_nose(raster, person);
    draw_mouth(raster, person);
}


/* A point of an eye: x from its middle, outwards; y down. */
static mc_point_t
eye_point(const mc_person_t *person, float side, float x, float y)
{
    return (mc_point_t) {
        side * (person->eye_x + x),
        MC_EYE_Y + y - x / person->eye_width * person->eye_tilt
    };
}


static void
draw_ball(mc_raster_t *raster, const mc_person_t *person, float side)
{
    float       w, h;
    mc_point_t  middle;

    w = person->eye_width;
    h = person->eye_height;
    middle = eye_point(person, side, 0, -0.2f);

    mc_mask_path(raster, PART, (mc_point_t[]) {
        eye_point(person, side, -w, 1.4f),
        eye_point(person, side, -w * 0.55f, -h * 0.72f),
        eye_point(person, side, 0, -h),
        eye_point(person, side, w * 0.6f, -h * 0.78f),
        eye_point(person, side, w, 0),
        eye_point(person, side, w * 0.55f, h * 0.62f),
        eye_point(person, side, 0, h * 0.85f),
        eye_point(person, side, -w * 0.55f, h * 0.75f)
    }, 8, true);
    mc_raster_paint(raster, PART, (mc_rgb_t) { 0.945f, 0.925f, 0.91f }, 1);

    mc_mask_ellipse(raster, WORK, middle, 4.9f, 4.9f);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_paint(raster, WORK, mc_rgb_times(person->iris, 0.6f), 1);

    mc_mask_ellipse(raster, WORK, middle, 3.9f, 3.9f);
    mc_mask_blur(raster, WORK, 0.5f);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_paint(raster, WORK, mc_rgb_times(person->iris, 1.25f), 0.9f);

    mc_mask_ellipse(raster, WORK, middle, 2.1f, 2.1f);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_paint(raster, WORK, black, 1);

    /* the shadow of the lid, then the light in the eye */

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        eye_point(person, side, -w, 1), eye_point(person, side, 0, -h),
        eye_point(person, side, w, 0)
    }, 3, 3.6f, false);
    mc_mask_blur(raster, WORK, 0.6f);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_shade(raster, WORK, (mc_rgb_t) { 0.5f, 0.45f, 0.45f }, 0.5f);

    mc_mask_ellipse(raster, WORK,
                    (mc_point_t) { middle.x - 1.7f, middle.y - 1.8f },
                    1.05f, 1.05f);
    mc_mask_clip(raster, WORK, PART);
    mc_raster_paint(raster, WORK, white, 0.95f);
}


static void
draw_lids(mc_raster_t *raster, const mc_person_t *person, float side)
{
    float  w, h;

    w = person->eye_width;
    h = person->eye_height;

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        eye_point(person, side, -w - 0.6f, 1.9f),
        eye_point(person, side, -w * 0.55f, -h * 0.75f),
        eye_point(person, side, 0, -h - 0.3f),
        eye_point(person, side, w * 0.6f, -h * 0.8f),
        eye_point(person, side, w + (person->woman ? 1.8f : 0.6f), -0.4f)
    }, 5, person->woman ? 2.3f : 1.7f, true);
    mc_mask_blur(raster, WORK, 0.3f);
    mc_raster_paint(raster, WORK, mc_rgb_times(person->hair, 0.8f), 0.95f);

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        eye_point(person, side, -w * 0.6f, h * 0.85f),
        eye_point(person, side, 0, h * 0.98f),
        eye_point(person, side, w * 0.6f, h * 0.72f),
        eye_point(person, side, w, 0.2f)
    }, 4, 0.9f, true);
    mc_raster_shade(raster, WORK, shadow, 0.75f);

    if (person->eye_fold) {
        mc_mask_stroke(raster, WORK, (mc_point_t[]) {
            eye_point(person, side, -w * 0.8f, -h * 0.55f - 1.8f),
            eye_point(person, side, 0, -h - 2.6f),
            eye_point(person, side, w * 0.9f, -h * 0.4f - 2)
        }, 3, 1.1f, true);
        mc_mask_blur(raster, WORK, 0.3f);
        mc_raster_shade(raster, WORK, shadow, 0.8f);
    }
}


static void
draw_brow(mc_raster_t *raster, const mc_person_t *person, float side)
{
    float  y, t, a, x;

    y = MC_EYE_Y - person->brow_height;
    t = person->brow_width;
    a = person->brow_arch;
    x = person->eye_x;

    mc_mask_path(raster, WORK, (mc_point_t[]) {
        { side * (x - 11.5f), y + 0.3f }, { side * (x - 4), y - a * 0.7f },
        { side * (x + 5), y - a }, { side * (x + 12.8f), y + 2.2f },
        { side * (x + 13.4f), y + 3 },
        { side * (x + 4.5f), y - a + t * 0.8f },
        { side * (x - 4), y - a * 0.7f + t },
        { side * (x - 11), y + t * 0.85f + 0.2f }
    }, 8, true);
    mc_mask_blur(raster, WORK, 0.6f);
    mc_raster_paint(raster, WORK, person->hair,
                    person->woman ? 0.72f : 0.85f);
}


void
mc_draw_eyes(mc_raster_t *raster, const mc_person_t *person)
{
    float  side;

    for (side = -1; side <= 1; side += 2) {
        draw_ball(raster, person, side);
        draw_lids(raster, person, side);
        draw_brow(raster, person, side);
    }
}


void
mc_draw_glasses(mc_raster_t *raster, const mc_person_t *person)
{
    float     side, x, w, h, y;
    mc_rgb_t  frame;

    if (!person->glasses) {
        return;
    }

    x = person->eye_x + 0.5f;
    y = MC_EYE_Y + 1.5f;
    w = 15.5f;
    h = person->woman ? 11.5f : 10.5f;
    frame = person->clothes == 0 ? (mc_rgb_t) { 0.12f, 0.11f, 0.12f }
            : person->clothes == 1 ? (mc_rgb_t) { 0.34f, 0.22f, 0.15f }
                                   : (mc_rgb_t) { 0.42f, 0.42f, 0.45f };

    for (side = -1; side <= 1; side += 2) {
        mc_mask_stroke(raster, WORK, (mc_point_t[]) {
            { side * (x - w), y - 1 },
            { side * (x - w * 0.86f), y - h * 0.8f },
            { side * (x - w * 0.4f), y - h }, { side * (x + w * 0.5f), y - h },
            { side * (x + w * 0.93f), y - h * 0.75f },
            { side * (x + w), y }, { side * (x + w * 0.75f), y + h * 0.8f },
            { side * x, y + h }, { side * (x - w * 0.75f), y + h * 0.75f },
            { side * (x - w), y - 1 }
        }, 10, 1.5f, false);
        mc_raster_paint(raster, WORK, frame, 0.92f);

        mc_mask_stroke(raster, WORK, (mc_point_t[]) {
            { side * (x + w), y - 3 }, { side * 46 * person->wide, y - 4 }
        }, 2, 1.5f, false);
        mc_raster_paint(raster, WORK, frame, 0.9f);
    }

    mc_mask_stroke(raster, WORK, (mc_point_t[]) {
        { -(x - w), y - 2 }, { 0, y - 4 }, { x - w, y - 2 }
    }, 3, 1.5f, false);
    mc_raster_paint(raster, WORK, frame, 0.92f);
}
