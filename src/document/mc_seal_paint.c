/*
 * Paints one shape: what changed of colours and widths, the outline, the
 * operator.
 *
 * Depends on base, mc_content, libm.  Any one thread.
 *
 * Points are written in the box's own system, whatever the transforms
 * were, so that hundredths are fine enough.  Only a stroke that an uneven
 * transform bends needs a matrix of its own; it then has the area 1.
 */

#include "mc_seal_draw.h"

#include <math.h>
#include <stdio.h>

#include "mc_content.h"


void
mc_seal_canvas_init(mc_seal_canvas_t *canvas, mc_buf_t *out)
{
    memset(canvas, 0, sizeof(*canvas));
    canvas->out = out;
    mc_buf_init(&canvas->path, MC_SEAL_CONTENT);

    /* a form begins with the state of who draws it: nothing is known */
    canvas->written = (mc_seal_style_t) {
        .fill = { false, { -1, -1, -1 } },
        .stroke = { false, { -1, -1, -1 } },
        .cap = -1, .join = -1, .width = -1, .miter = -1
    };
}


void
mc_seal_canvas_free(mc_seal_canvas_t *canvas)
{
    mc_buf_free(&canvas->path);
}


/* viewBox, or width and height without one. */
static bool
read_view(mc_seal_shape_t *shape, double view[4])
{
    int              i;
    const char      *text;
    mc_seal_scan_t   scan;

    text = mc_seal_find(shape->attributes, "viewBox");

    if (text == NULL) {
        view[0] = view[1] = 0;

        return mc_seal_length_of(shape, "width", 0, &view[2])
               && mc_seal_length_of(shape, "height", 0, &view[3]);
    }

    scan = mc_seal_scan(mc_str_from(text));

    for (i = 0; i < 4 && mc_seal_number(&scan, &view[i]); i++) {
        mc_seal_comma(&scan);
    }

    if (i == 4 && scan.p == scan.end) {
        return true;
    }

    (void) snprintf(shape->why, sizeof(shape->why),
                    "viewBox is not four numbers");

    return false;
}


bool
mc_seal_frame(mc_seal_canvas_t *canvas, mc_seal_shape_t *shape,
    mc_seal_matrix_t *matrix, mc_seal_size_t *size)
{
    double     scale, left, foot, width, height, view[4];
    mc_buf_t  *out;

    if (!read_view(shape, view)) {
        return false;
    }

    if (!(view[2] >= 1e-3 && view[3] >= 1e-3 && view[2] < 100 * view[3]
          && view[3] < 100 * view[2]))
    {
        (void) snprintf(shape->why, sizeof(shape->why), "the drawing has no "
                        "viewBox (x y width height) of a sensible size");
        return false;
    }

    scale = MC_SEAL_BOX / fmax(view[2], view[3]);
    width = view[2] * scale;
    height = view[3] * scale;
    left = (MC_SEAL_BOX - width) / 2;
    foot = (MC_SEAL_BOX - height) / 2;

    *matrix = (mc_seal_matrix_t) {
        scale, 0, 0, -scale, left - view[0] * scale,
        foot + (view[1] + view[3]) * scale
    };

    size->width = (int) lround(width);
    size->height = (int) lround(height);

    out = canvas->out;
    (void) mc_buf_str(out, mc_str("q\n"));
    mc_content_real(out, left);
    mc_content_real(out, foot);
    mc_content_real(out, width);
    mc_content_real(out, height);
    (void) mc_buf_str(out, mc_str("re W n\n"));

    return true;
}


static void
put_colour(mc_buf_t *out, const mc_seal_paint_t *paint, bool stroke)
{
    mc_colour_t  colour;

    colour.red = paint->rgb[0];
    colour.green = paint->rgb[1];
    colour.blue = paint->rgb[2];
    mc_content_ink(out, &colour, stroke);
}


static void
put_one(mc_buf_t *out, double value, const char *name)
{
    mc_content_real(out, value);
    (void) mc_buf_cstr(out, name);
}


/* What differs from the shape before. */
static void
put_style(mc_seal_canvas_t *canvas, const mc_seal_style_t *style)
{
    mc_buf_t         *out;
    mc_seal_style_t  *written;

    out = canvas->out;
    written = &canvas->written;

    if (style->fill.on
        && memcmp(style->fill.rgb, written->fill.rgb, sizeof(int [3])) != 0)
    {
        put_colour(out, &style->fill, false);
        written->fill = style->fill;
    }

    if (!style->stroke.on) {
        return;
    }

    if (memcmp(style->stroke.rgb, written->stroke.rgb, sizeof(int [3])) != 0)
    {
        put_colour(out, &style->stroke, true);
        written->stroke = style->stroke;
    }

    if (style->width != written->width) {
        put_one(out, style->width, "w\n");
        written->width = style->width;
    }

    if (style->cap != written->cap) {
        put_one(out, style->cap, "J\n");
        written->cap = style->cap;
    }

    if (style->join != written->join) {
        put_one(out, style->join, "j\n");
        written->join = style->join;
    }

    if (style->miter != written->miter) {
        put_one(out, style->miter, "M\n");
        written->miter = style->miter;
    }
}


/*
 * A stroke is as wide as the transform makes it.  Where that differs by
 * direction, *even becomes the matrix that does it, of area 1, and the pen
 * writes points that this matrix brings where they belong.
 */
static bool
bend(mc_seal_matrix_t *matrix, double scale, mc_seal_matrix_t *even)
{
    double            near_by;
    mc_seal_matrix_t  m, back;

    m = *matrix;
    near_by = scale * 1e-6;

    if ((fabs(m.a - m.d) < near_by && fabs(m.b + m.c) < near_by)
        || (fabs(m.a + m.d) < near_by && fabs(m.b - m.c) < near_by))
    {
        return false;
    }

    *even = (mc_seal_matrix_t) { m.a / scale, m.b / scale, m.c / scale,
                                 m.d / scale, 0, 0 };

    /* the inverse; where the transform mirrors, its area is -1 */
    near_by = mc_seal_det(even);
    back = (mc_seal_matrix_t) { even->d / near_by, -even->b / near_by,
                                -even->c / near_by, even->a / near_by,
                                0, 0 };
    *matrix = mc_seal_multiply(&back, &m);

    return true;
}


static const char *
operator_of(const mc_seal_style_t *style)
{
    if (!style->stroke.on) {
        return style->even_odd ? "f*\n" : "f\n";
    }

    if (!style->fill.on) {
        return "S\n";
    }

    return style->even_odd ? "B*\n" : "B\n";
}


/* The outline into canvas->path. */
static mc_err_t
outline(mc_seal_canvas_t *canvas, mc_seal_shape_t *shape,
    mc_seal_shape_fn draw, const mc_seal_matrix_t *matrix)
{
    mc_err_t       err;
    mc_seal_pen_t  pen;

    memset(&pen, 0, sizeof(pen));
    pen.out = &canvas->path;
    pen.matrix = *matrix;
    pen.segments = canvas->segments;

    shape->pen = &pen;
    canvas->path.len = 0;

    if (!draw(shape)) {
        return MC_EINVAL;
    }

    canvas->segments = pen.segments;
    err = pen.err != MC_OK ? pen.err : canvas->path.err;

    if (err == MC_EINVAL) {
        (void) snprintf(shape->why, sizeof(shape->why),
                        "a point lies too far outside of the drawing");
    } else if (err != MC_OK) {
        (void) snprintf(shape->why, sizeof(shape->why), err == MC_ETOOBIG
                        ? "too many points, simplify the paths"
                        : "out of memory");
    }

    return err;
}


mc_err_t
mc_seal_paint(mc_seal_canvas_t *canvas, mc_seal_shape_t *shape,
    mc_seal_shape_fn draw, const mc_seal_style_t *given,
    const mc_seal_matrix_t *given_matrix)
{
    bool              bent;
    double            scale;
    mc_err_t          err;
    mc_seal_style_t   style;
    mc_seal_matrix_t  even, matrix;

    style = *given;
    matrix = *given_matrix;
    scale = sqrt(fabs(mc_seal_det(&matrix)));

    if (!(scale > 1e-7 && scale < MC_SEAL_FAR)) {
        (void) snprintf(shape->why, sizeof(shape->why),
                        "transform leaves nothing to be seen");
        return MC_EINVAL;
    }

    style.stroke.on = style.stroke.on && style.width > 0;
    bent = style.stroke.on && bend(&matrix, scale, &even);
    style.width = fmin(style.width * scale, MC_SEAL_FAR);

    err = outline(canvas, shape, draw, &matrix);

    if (err != MC_OK || canvas->path.len == 0
        || (!style.fill.on && !style.stroke.on))
    {
        return err;
    }

    put_style(canvas, &style);

    if (bent) {
        (void) mc_buf_printf(canvas->out, "q %.6f %.6f %.6f %.6f 0 0 cm\n",
                             even.a, even.b, even.c, even.d);
    }

    (void) mc_buf_str(canvas->out, mc_buf_view(&canvas->path));

    if (bent) {
        (void) mc_buf_cstr(canvas->out, operator_of(&style));
        return mc_buf_str(canvas->out, mc_str("Q\n"));
    }

    return mc_buf_cstr(canvas->out, operator_of(&style));
}
