/*
 * The shapes of SVG: their attributes and outlines.
 *
 * Depends on base.  Any one thread.
 */

#include "mc_seal_draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <math.h>


#define KAPPA  0.5522847498


static bool __attribute__((format(printf, 2, 3)))
fail(mc_seal_shape_t *shape, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    (void) vsnprintf(shape->why, sizeof(shape->why), format, args);
    va_end(args);

    return false;
}


const char *
mc_seal_find(const char **attributes, const char *name)
{
    size_t  i;

    for (i = 0; attributes[i] != NULL; i += 2) {

        if (strcmp(attributes[i], name) == 0) {
            return attributes[i + 1];
        }
    }

    return NULL;
}


/* An attribute that is a length; "missing" when it is not there. */
bool
mc_seal_length_of(mc_seal_shape_t *shape, const char *name, double missing,
    double *out)
{
    const char  *text;

    *out = missing;
    text = mc_seal_find(shape->attributes, name);

    if (text != NULL && !mc_seal_length(mc_str_from(text), out)) {
        return fail(shape, "%s is not a number without unit; "
                    "give the drawing a viewBox and its own units", name);
    }

    return true;
}


bool
mc_seal_draw_path(mc_seal_shape_t *shape)
{
    size_t       at;
    const char  *data;

    data = mc_seal_find(shape->attributes, "d");

    if (data != NULL && !mc_seal_path(shape->pen, mc_str_from(data), &at)) {
        return fail(shape, "path data cannot be read from "
                    "letter %zu on", at + 1);
    }

    return true;
}


static void
ellipse(mc_seal_pen_t *pen, double cx, double cy, double rx, double ry)
{
    int                  i;
    double               p[6];
    static const double  turn[5][2] = {
        { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 }, { 1, 0 }
    };

    mc_seal_move(pen, cx + rx, cy);

    for (i = 0; i < 4; i++) {
        p[0] = cx + rx * (turn[i][0] - KAPPA * turn[i][1]);
        p[1] = cy + ry * (turn[i][1] + KAPPA * turn[i][0]);
        p[2] = cx + rx * (turn[i + 1][0] + KAPPA * turn[i + 1][1]);
        p[3] = cy + ry * (turn[i + 1][1] - KAPPA * turn[i + 1][0]);
        p[4] = cx + rx * turn[i + 1][0];
        p[5] = cy + ry * turn[i + 1][1];
        mc_seal_curve(pen, p);
    }

    mc_seal_end(pen);
}


bool
mc_seal_draw_ellipse(mc_seal_shape_t *shape)
{
    double  cx, cy, rx, ry, r;

    if (!mc_seal_length_of(shape, "cx", 0, &cx)
        || !mc_seal_length_of(shape, "cy", 0, &cy)
        || !mc_seal_length_of(shape, "r", 0, &r)
        || !mc_seal_length_of(shape, "rx", r, &rx)
        || !mc_seal_length_of(shape, "ry", r, &ry))
    {
        return false;
    }

    if (rx < 0 || ry < 0) {
        return fail(shape, "a radius is negative");
    }

    if (rx > 0 && ry > 0) {
        ellipse(shape->pen, cx, cy, rx, ry);
    }

    return true;
}


static void
rounded(mc_seal_pen_t *pen, const double box[4], double rx, double ry)
{
    double        right, below;
    const double  radius[2] = { rx, ry };

    right = box[0] + box[2];
    below = box[1] + box[3];

    mc_seal_move(pen, box[0] + rx, box[1]);
    mc_seal_line(pen, right - rx, box[1]);
    mc_seal_arc(pen, radius, 0, false, true, right, box[1] + ry);
    mc_seal_line(pen, right, below - ry);
    mc_seal_arc(pen, radius, 0, false, true, right - rx, below);
    mc_seal_line(pen, box[0] + rx, below);
    mc_seal_arc(pen, radius, 0, false, true, box[0], below - ry);
    mc_seal_line(pen, box[0], box[1] + ry);
    mc_seal_arc(pen, radius, 0, false, true, box[0] + rx, box[1]);
    mc_seal_end(pen);
}


bool
mc_seal_draw_rect(mc_seal_shape_t *shape)
{
    double  rx, ry, box[4];

    if (!mc_seal_length_of(shape, "x", 0, &box[0])
        || !mc_seal_length_of(shape, "y", 0, &box[1])
        || !mc_seal_length_of(shape, "width", 0, &box[2])
        || !mc_seal_length_of(shape, "height", 0, &box[3])
        || !mc_seal_length_of(shape, "rx", -1, &rx)
        || !mc_seal_length_of(shape, "ry", rx, &ry))
    {
        return false;
    }

    if (box[2] < 0 || box[3] < 0) {
        return fail(shape, "width or height is negative");
    }

    if (box[2] == 0 || box[3] == 0) {
        return true;
    }

    rx = fmin(rx < 0 ? fmax(ry, 0) : rx, box[2] / 2);
    ry = fmin(fmax(ry, 0), box[3] / 2);

    if (rx > 0 && ry > 0) {
        rounded(shape->pen, box, rx, ry);
        return true;
    }

    mc_seal_move(shape->pen, box[0], box[1]);
    mc_seal_line(shape->pen, box[0] + box[2], box[1]);
    mc_seal_line(shape->pen, box[0] + box[2], box[1] + box[3]);
    mc_seal_line(shape->pen, box[0], box[1] + box[3]);
    mc_seal_end(shape->pen);

    return true;
}


bool
mc_seal_draw_line(mc_seal_shape_t *shape)
{
    double  x1, y1, x2, y2;

    if (!mc_seal_length_of(shape, "x1", 0, &x1)
        || !mc_seal_length_of(shape, "y1", 0, &y1)
        || !mc_seal_length_of(shape, "x2", 0, &x2)
        || !mc_seal_length_of(shape, "y2", 0, &y2))
    {
        return false;
    }

    mc_seal_move(shape->pen, x1, y1);
    mc_seal_line(shape->pen, x2, y2);

    return true;
}


static bool
draw_points(mc_seal_shape_t *shape, bool closed)
{
    size_t           count;
    double           x, y;
    const char      *text;
    mc_seal_scan_t   scan;

    text = mc_seal_find(shape->attributes, "points");
    scan = mc_seal_scan(mc_str_from(text));

    for (count = 0; scan.p < scan.end && shape->pen->err == MC_OK; count++) {

        if (!mc_seal_number(&scan, &x)) {
            return fail(shape, "points cannot be read from "
                        "pair %zu on", count + 1);
        }

        mc_seal_comma(&scan);

        if (!mc_seal_number(&scan, &y)) {
            return fail(shape, "points cannot be read from "
                        "pair %zu on", count + 1);
        }

        mc_seal_comma(&scan);

        if (count == 0) {
            mc_seal_move(shape->pen, x, y);
        } else {
            mc_seal_line(shape->pen, x, y);
        }
    }

    if (closed && count > 0) {
        mc_seal_end(shape->pen);
    }

    return true;
}


bool
mc_seal_draw_polyline(mc_seal_shape_t *shape)
{
    return draw_points(shape, false);
}


bool
mc_seal_draw_polygon(mc_seal_shape_t *shape)
{
    return draw_points(shape, true);
}
