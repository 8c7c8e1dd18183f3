/*
 * What the files of mc_seal share (only for them): numbers of SVG, styles,
 * and the pen that turns shapes into path operators.
 *
 * Pure but for the pen's buffer; any one thread.
 * Source: SVG 1.1 (2nd edition) 4, 7.6, 8.3, 9, 11.
 */

#ifndef MC_SEAL_DRAW_H
#define MC_SEAL_DRAW_H

#include "mc_seal.h"

#pragma GCC visibility push(hidden)


#define MC_SEAL_FAR  1e6            /* no point lies farther away */

/* x' = a x + c y + e, y' = b x + d y + f */
typedef struct {
    double  a, b, c, d, e, f;
} mc_seal_matrix_t;

/* First "inner", then "outer". */
mc_seal_matrix_t mc_seal_multiply(const mc_seal_matrix_t *outer,
    const mc_seal_matrix_t *inner);
double mc_seal_det(const mc_seal_matrix_t *matrix);

typedef struct {
    bool  on;
    int   rgb[3];                   /* per mille */
} mc_seal_paint_t;

typedef struct {
    mc_seal_paint_t  fill;
    mc_seal_paint_t  stroke;
    bool             even_odd;
    int              cap;           /* as PDF counts them */
    int              join;
    double           width;         /* in the shape's own units */
    double           miter;
} mc_seal_style_t;

typedef enum {
    MC_SEAL_NOT_OURS = 0,           /* no presentation property */
    MC_SEAL_TAKEN,
    MC_SEAL_REFUSED                 /* *why says what to do */
} mc_seal_taken_t;

extern const mc_seal_style_t  mc_seal_style_first;

/* One property, from an attribute or out of style="". */
mc_seal_taken_t mc_seal_style_set(mc_seal_style_t *style, mc_str_t name,
    mc_str_t value, const char **why);

/* A style="" attribute; *name is the property that was refused. */
mc_seal_taken_t mc_seal_style_all(mc_seal_style_t *style, mc_str_t text,
    mc_str_t *name, const char **why);

/* A transform attribute, multiplied to "matrix". */
bool mc_seal_transform(mc_seal_matrix_t *matrix, mc_str_t text);

/* --- numbers */

/* Where a text is read, without blanks in front of what comes next. */
typedef struct {
    const char  *p;
    const char  *end;
} mc_seal_scan_t;

mc_seal_scan_t mc_seal_scan(mc_str_t text);
void mc_seal_blanks(mc_seal_scan_t *scan);

/* Blanks and at most one comma. */
void mc_seal_comma(mc_seal_scan_t *scan);

/* One number without unit, finite and below 1e9. */
bool mc_seal_number(mc_seal_scan_t *scan, double *out);

/* The whole text is one number, or one in px. */
bool mc_seal_length(mc_str_t text, double *out);

/* --- the pen */

typedef struct {
    mc_buf_t          *out;
    mc_seal_matrix_t   matrix;
    size_t             segments;    /* so far, of all shapes */
    mc_err_t           err;         /* sticks: MC_ETOOBIG, MC_EINVAL (a
                                       point too far away) */
    double             x;           /* the present point, before matrix */
    double             y;
    double             first_x;     /* of the subpath */
    double             first_y;
} mc_seal_pen_t;

void mc_seal_move(mc_seal_pen_t *pen, double x, double y);
void mc_seal_line(mc_seal_pen_t *pen, double x, double y);
void mc_seal_curve(mc_seal_pen_t *pen, const double points[6]);
void mc_seal_end(mc_seal_pen_t *pen);

/* An arc of an ellipse from the present point; "turn" in degrees. */
void mc_seal_arc(mc_seal_pen_t *pen, const double radius[2], double turn,
    bool large, bool sweep, double x, double y);

/* The d attribute of a path.  False: no path data at the byte *at. */
bool mc_seal_path(mc_seal_pen_t *pen, mc_str_t data, size_t *at);

/* --- shapes */

typedef struct {
    mc_seal_pen_t  *pen;
    const char    **attributes;     /* name, value, name ... NULL */
    char            why[128];       /* of a failure */
} mc_seal_shape_t;

const char *mc_seal_find(const char **attributes, const char *name);

/* An attribute that is a length; "missing" when it is not there. */
bool mc_seal_length_of(mc_seal_shape_t *shape, const char *name,
    double missing, double *out);

bool mc_seal_draw_path(mc_seal_shape_t *shape);
bool mc_seal_draw_ellipse(mc_seal_shape_t *shape);  /* and circles */
bool mc_seal_draw_rect(mc_seal_shape_t *shape);
bool mc_seal_draw_line(mc_seal_shape_t *shape);
bool mc_seal_draw_polyline(mc_seal_shape_t *shape);
bool mc_seal_draw_polygon(mc_seal_shape_t *shape);

/* --- painting */

typedef bool (*mc_seal_shape_fn)(mc_seal_shape_t *shape);

typedef struct {
    mc_buf_t         *out;
    mc_buf_t          path;         /* of the present shape */
    mc_seal_style_t   written;      /* what "out" has set so far */
    size_t            segments;
} mc_seal_canvas_t;

void mc_seal_canvas_init(mc_seal_canvas_t *canvas, mc_buf_t *out);
void mc_seal_canvas_free(mc_seal_canvas_t *canvas);

/* Of the outermost element: how the drawing lies in the box; writes q and
 * the clip. */
bool mc_seal_frame(mc_seal_canvas_t *canvas, mc_seal_shape_t *shape,
    mc_seal_matrix_t *matrix, mc_seal_size_t *size);

/* The attributes are set in "shape"; after a failure its "why". */
mc_err_t mc_seal_paint(mc_seal_canvas_t *canvas, mc_seal_shape_t *shape,
    mc_seal_shape_fn draw, const mc_seal_style_t *style,
    const mc_seal_matrix_t *matrix);


#pragma GCC visibility pop

#endif /* MC_SEAL_DRAW_H */
