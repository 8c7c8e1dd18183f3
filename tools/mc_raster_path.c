/*
 * Painter: curves, filled paths and strokes into masks.
 *
 * Depends on base and libm.  For tools and tests; any one thread.
 *
 * A path is filled by exact areas: every edge adds its signed cover to the
 * pixels it crosses, and a running sum along each line gives the coverage.
 */

#include "mc_raster.h"

#include <math.h>


#define CURVE_STEPS   12        /* pieces between two points */
#define CURVE_POINTS  64
#define FLAT_MAX      (CURVE_POINTS * CURVE_STEPS + 1)


/* Catmull-Rom between b and c. */
static mc_point_t
curve_at(mc_point_t a, mc_point_t b, mc_point_t c, mc_point_t d, float t)
{
    float       t2, t3, wa, wb, wc, wd;
    mc_point_t  out;

    t2 = t * t;
    t3 = t2 * t;
    wa = -0.5f * t3 + t2 - 0.5f * t;
    wb = 1.5f * t3 - 2.5f * t2 + 1;
    wc = -1.5f * t3 + 2 * t2 + 0.5f * t;
    wd = 0.5f * t3 - 0.5f * t2;

    out.x = wa * a.x + wb * b.x + wc * c.x + wd * d.x;
    out.y = wa * a.y + wb * b.y + wc * c.y + wd * d.y;

    return out;
}


/* Points of the raster along a smooth curve; answers how many. */
static size_t
flatten(const mc_raster_t *raster, const mc_point_t *points, size_t count,
    bool closed, mc_point_t out[FLAT_MAX])
{
    int         step;
    size_t      i, n, spans, last;
    mc_point_t  a, b, c, d;

    if (count < 2 || count > CURVE_POINTS) {
        return 0;
    }

    n = 0;
    last = count - 1;
    spans = closed ? count : last;

    for (i = 0; i < spans; i++) {
        b = points[i];
        c = points[(i + 1) % count];
        a = i > 0 ? points[i - 1] : closed ? points[last] : b;
        d = closed || i + 2 < count ? points[(i + 2) % count] : c;

        for (step = 0; step < CURVE_STEPS; step++) {
            out[n++] = mc_raster_place(raster,
                                       curve_at(a, b, c, d, (float) step
                                                / (float) CURVE_STEPS));
        }
    }

    if (!closed) {
        out[n++] = mc_raster_place(raster, points[last]);
    }

    return n;
}


/* "cover" whose middle is at x: what is right of it in the pixel, the rest
 * in the next one. */
static void
add_cover(float *line, int width, int pixel, float cover, float x)
{
    float  part;

    part = x - (float) pixel;
    line[pixel] += cover * (1 - part);

    if (pixel + 1 < width) {
        line[pixel + 1] += cover * part;
    }
}


/* One edge within one line of pixels: cover "dy" from x0 to x1. */
static void
fill_line(float *line, int width, float x0, float x1, float dy)
{
    int    i, first, last;
    float  left, right, span, done, upto;

    left = fminf(x0, x1);
    right = fmaxf(x0, x1);
    left = fminf(fmaxf(left, 0), (float) width);
    right = fminf(fmaxf(right, 0), (float) width);
    first = mc_raster_clamp((int) left, width - 1);
    last = mc_raster_clamp((int) right, width - 1);
    span = right - left;

    if (first == last || span <= 0) {
        add_cover(line, width, first, dy, (left + right) / 2);
        return;
    }

    for (i = first; i <= last; i++) {
        done = fmaxf(left, (float) i);
        upto = fminf(right, (float) i + 1);
        add_cover(line, width, i, dy * (upto - done) / span,
                  (done + upto) / 2);
    }
}


static void
fill_edge(const mc_raster_t *raster, float *lines, mc_point_t a,
    mc_point_t b)
{
    int         y, end;
    float       sign, top, bottom, slope;
    mc_point_t  swap;

    if (a.y == b.y) {
        return;
    }

    sign = 1;

    if (a.y > b.y) {
        swap = a;
        a = b;
        b = swap;
        sign = -1;
    }

    slope = (b.x - a.x) / (b.y - a.y);
    end = mc_raster_clamp((int) ceilf(b.y), raster->height);

    y = mc_raster_clamp((int) floorf(a.y), raster->height);

    for ( /* void */ ; y < end; y++) {
        top = fmaxf(a.y, (float) y);
        bottom = fminf(b.y, (float) y + 1);

        if (bottom > top) {
            fill_line(lines + (size_t) y * (size_t) raster->width,
                      raster->width, a.x + (top - a.y) * slope,
                      a.x + (bottom - a.y) * slope, sign * (bottom - top));
        }
    }
}


/* The mask must be clear: covers are summed up along its lines. */
static void
fill_polygon(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count)
{
    int     x, y;
    float   x0, y0, x1, y1, sum, *line;
    size_t  i;

    x0 = x1 = points[0].x;
    y0 = y1 = points[0].y;

    for (i = 0; i < count; i++) {
        x0 = fminf(x0, points[i].x);
        y0 = fminf(y0, points[i].y);
        x1 = fmaxf(x1, points[i].x);
        y1 = fmaxf(y1, points[i].y);
        fill_edge(raster, mask->a, points[i], points[(i + 1) % count]);
    }

    mc_mask_grow(raster, mask, x0, y0, x1, y1);

    for (y = mask->y0; y < mask->y1; y++) {
        line = mask->a + (size_t) y * (size_t) raster->width;
        sum = 0;

        for (x = mask->x0; x < mask->x1; x++) {
            sum += line[x];
            line[x] = fminf(fabsf(sum), 1);
        }
    }
}


void
mc_mask_path(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count, bool smooth)
{
    size_t      i, n;
    mc_point_t  flat[FLAT_MAX];

    mc_mask_clear(raster, mask);

    if (smooth) {
        n = flatten(raster, points, count, true, flat);

    } else {
        n = count < FLAT_MAX ? count : 0;

        for (i = 0; i < n; i++) {
            flat[i] = mc_raster_place(raster, points[i]);
        }
    }

    if (n >= 3) {
        fill_polygon(raster, mask, flat, n);
    }
}


void
mc_mask_mirror(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count)
{
    size_t      i, n;
    mc_point_t  whole[CURVE_POINTS];

    if (count > CURVE_POINTS / 2) {
        return;
    }

    n = 0;

    for (i = 0; i < count; i++) {
        whole[n++] = points[i];
    }

    for (i = count; i-- > 0; /* void */ ) {
        if (points[i].x > 0) {
            whole[n].x = -points[i].x;
            whole[n++].y = points[i].y;
        }
    }

    mc_mask_path(raster, mask, whole, n, true);
}


void
mc_mask_ellipse(const mc_raster_t *raster, mc_mask_t *mask,
    mc_point_t centre, float rx, float ry)
{
    int         i;
    float       angle;
    mc_point_t  points[16];

    for (i = 0; i < 16; i++) {
        angle = (float) i * (float) (2 * M_PI / 16);
        points[i].x = centre.x + rx * cosf(angle);
        points[i].y = centre.y + ry * sinf(angle);
    }

    mc_mask_path(raster, mask, points, 16, true);
}


/* Distance of p from the piece ab; *t is where on it, 0..1. */
static float
distance(mc_point_t p, mc_point_t a, mc_point_t b, float *t)
{
    float  dx, dy, length;

    dx = b.x - a.x;
    dy = b.y - a.y;
    length = dx * dx + dy * dy;

    *t = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;
    *t = fminf(fmaxf(*t, 0), 1);

    dx = p.x - a.x - *t * dx;
    dy = p.y - a.y - *t * dy;

    return sqrtf(dx * dx + dy * dy);
}


/* One piece of a stroke: half widths at both of its ends, in pixels. */
static void
stroke_piece(const mc_raster_t *raster, mc_mask_t *mask, mc_point_t a,
    mc_point_t b, float half_a, float half_b)
{
    int         x, y, x0, y0, x1, y1;
    float       t, far, cover, *at, reach;
    mc_point_t  p;

    reach = fmaxf(half_a, half_b) + 1;

    mc_mask_grow(raster, mask, fminf(a.x, b.x) - reach,
              fminf(a.y, b.y) - reach, fmaxf(a.x, b.x) + reach,
              fmaxf(a.y, b.y) + reach);

    x0 = mc_raster_clamp((int) (fminf(a.x, b.x) - reach), raster->width);
    y0 = mc_raster_clamp((int) (fminf(a.y, b.y) - reach), raster->height);
    x1 = mc_raster_clamp((int) (fmaxf(a.x, b.x) + reach) + 1, raster->width);
    y1 = mc_raster_clamp((int) (fmaxf(a.y, b.y) + reach) + 1, raster->height);

    for (y = y0; y < y1; y++) {
        for (x = x0; x < x1; x++) {
            p.x = (float) x + 0.5f;
            p.y = (float) y + 0.5f;
            far = distance(p, a, b, &t);
            cover = half_a + t * (half_b - half_a) - far + 0.5f;
            cover = fminf(fmaxf(cover, 0), 1);
            at = mask->a + (size_t) y * (size_t) raster->width + x;
            *at = fmaxf(*at, cover);
        }
    }
}


static float
taper_at(size_t i, size_t count, bool taper)
{
    float  t;

    if (!taper || count < 2) {
        return 1;
    }

    t = (float) i / (float) (count - 1);

    return 0.15f + 0.85f * sinf(t * (float) M_PI);
}


void
mc_mask_stroke(const mc_raster_t *raster, mc_mask_t *mask,
    const mc_point_t *points, size_t count, float width, bool taper)
{
    float       half;
    size_t      i, n;
    mc_point_t  flat[FLAT_MAX];

    mc_mask_clear(raster, mask);

    n = flatten(raster, points, count, false, flat);
    half = width / 2 * raster->scale * raster->sx;

    for (i = 0; i + 1 < n; i++) {
        stroke_piece(raster, mask, flat[i], flat[i + 1],
                     half * taper_at(i, n, taper),
                     half * taper_at(i + 1, n, taper));
    }
}
