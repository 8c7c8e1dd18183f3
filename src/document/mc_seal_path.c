/*
 * Path data of SVG, and the pen.
 *
 * Depends on base, mc_content, libm.  Any one thread.
 *
 * Every command becomes lines and cubic curves with absolute points under
 * the pen's matrix.
 */

#include "mc_seal_draw.h"

#include <math.h>

#include "mc_content.h"


#define PI  3.14159265358979323846

/* What the smooth commands remember. */
typedef struct {
    mc_seal_scan_t   scan;
    mc_seal_pen_t   *pen;
    char             last;          /* command before, upper case */
    double           control_x;     /* its last control point */
    double           control_y;
} data_t;


/* A tenth of the box's unit is 4 um of a seal of 40 mm; a further digit would
 * make the file a fifth larger. */
static void
put_tenths(mc_buf_t *out, double value)
{
    mc_content_real(out, round(value * 10) / 10);
}


static void
put_point(mc_seal_pen_t *pen, double x, double y)
{
    double                   px, py;
    const mc_seal_matrix_t  *m;

    m = &pen->matrix;
    px = m->a * x + m->c * y + m->e;
    py = m->b * x + m->d * y + m->f;

    if (!(fabs(px) < MC_SEAL_FAR && fabs(py) < MC_SEAL_FAR)) {
        pen->err = pen->err == MC_OK ? MC_EINVAL : pen->err;
        return;
    }

    put_tenths(pen->out, px);
    put_tenths(pen->out, py);
}


/* False: nothing is drawn any more. */
static bool
another_segment(mc_seal_pen_t *pen)
{
    if (pen->err == MC_OK && ++pen->segments > MC_SEAL_SEGMENTS) {
        pen->err = MC_ETOOBIG;
    }

    return pen->err == MC_OK;
}


void
mc_seal_move(mc_seal_pen_t *pen, double x, double y)
{
    if (another_segment(pen)) {
        put_point(pen, x, y);
        (void) mc_buf_str(pen->out, mc_str("m\n"));
    }

    pen->x = pen->first_x = x;
    pen->y = pen->first_y = y;
}


void
mc_seal_line(mc_seal_pen_t *pen, double x, double y)
{
    if (another_segment(pen)) {
        put_point(pen, x, y);
        (void) mc_buf_str(pen->out, mc_str("l\n"));
    }

    pen->x = x;
    pen->y = y;
}


void
mc_seal_curve(mc_seal_pen_t *pen, const double points[6])
{
    if (another_segment(pen)) {
        put_point(pen, points[0], points[1]);
        put_point(pen, points[2], points[3]);
        put_point(pen, points[4], points[5]);
        (void) mc_buf_str(pen->out, mc_str("c\n"));
    }

    pen->x = points[4];
    pen->y = points[5];
}


void
mc_seal_end(mc_seal_pen_t *pen)
{
    if (another_segment(pen)) {
        (void) mc_buf_str(pen->out, mc_str("h\n"));
    }

    pen->x = pen->first_x;
    pen->y = pen->first_y;
}


/* An arc in the frame of its ellipse, which "m" maps to the drawing. */
static void
arc_pieces(mc_seal_pen_t *pen, const mc_seal_matrix_t *m, double from,
    double delta)
{
    int     i, k, pieces;
    double  t, k4, c0, s0, c1, s1, local[6], points[6];

    pieces = (int) ceil(fabs(delta) / (PI / 2) - 1e-9);
    pieces = pieces < 1 ? 1 : pieces;
    k4 = 4.0 / 3 * tan(delta / pieces / 4);

    for (i = 0; i < pieces; i++) {
        t = from + delta * i / pieces;
        c0 = cos(t);
        s0 = sin(t);
        t = from + delta * (i + 1) / pieces;
        c1 = cos(t);
        s1 = sin(t);

        local[0] = c0 - k4 * s0;
        local[1] = s0 + k4 * c0;
        local[2] = c1 + k4 * s1;
        local[3] = s1 - k4 * c1;
        local[4] = c1;
        local[5] = s1;

        for (k = 0; k < 6; k += 2) {
            points[k] = m->a * local[k] + m->c * local[k + 1] + m->e;
            points[k + 1] = m->b * local[k] + m->d * local[k + 1] + m->f;
        }

        mc_seal_curve(pen, points);
    }
}


/*
 * From end points to centre and angles: SVG 1.1, F.6.5 and F.6.6.
 */
void
mc_seal_arc(mc_seal_pen_t *pen, const double radius[2], double turn,
    bool large, bool sweep, double x, double y)
{
    double            rx, ry, c, s, hx, hy, ux, uy, over, root, cx, cy;
    double            from, delta;
    mc_seal_matrix_t  m;

    rx = fabs(radius[0]);
    ry = fabs(radius[1]);

    if (x == pen->x && y == pen->y) {
        return;
    }

    if (rx < 1e-9 || ry < 1e-9) {
        mc_seal_line(pen, x, y);
        return;
    }

    c = cos(turn * PI / 180);
    s = sin(turn * PI / 180);
    hx = (pen->x - x) / 2;
    hy = (pen->y - y) / 2;
    ux = c * hx + s * hy;
    uy = -s * hx + c * hy;

    over = ux * ux / (rx * rx) + uy * uy / (ry * ry);

    if (over < 1e-30) {             /* its ends are one point */
        mc_seal_line(pen, x, y);
        return;
    }

    if (over > 1) {                 /* too small for its ends */
        rx *= sqrt(over);
        ry *= sqrt(over);
    }

    root = over >= 1 ? 0 : sqrt(1 / over - 1);
    root = large == sweep ? -root : root;
    cx = root * rx * uy / ry;
    cy = -root * ry * ux / rx;

    from = atan2((uy - cy) / ry, (ux - cx) / rx);
    delta = atan2((-uy - cy) / ry, (-ux - cx) / rx) - from;

    if (sweep && delta < 0) {
        delta += 2 * PI;
    } else if (!sweep && delta > 0) {
        delta -= 2 * PI;
    }

    m = (mc_seal_matrix_t) { c * rx, s * rx, -s * ry, c * ry,
                             c * cx - s * cy + (pen->x + x) / 2,
                             s * cx + c * cy + (pen->y + y) / 2 };

    arc_pieces(pen, &m, from, delta);

    pen->x = x;                     /* free of the sum of errors */
    pen->y = y;
}


static bool
read_numbers(data_t *data, double *out, int count)
{
    int  i;

    for (i = 0; i < count; i++) {

        if (!mc_seal_number(&data->scan, &out[i])) {
            return false;
        }

        mc_seal_comma(&data->scan);
    }

    return true;
}


static bool
read_flag(data_t *data, bool *out)
{
    if (data->scan.p >= data->scan.end
        || (*data->scan.p != '0' && *data->scan.p != '1'))
    {
        return false;
    }

    *out = *data->scan.p++ == '1';
    mc_seal_comma(&data->scan);

    return true;
}


static void
to_absolute(const data_t *data, double *points, int count, bool relative)
{
    int  i;

    for (i = 0; relative && i < count; i += 2) {
        points[i] += data->pen->x;
        points[i + 1] += data->pen->y;
    }
}


/* C, S and, raised to cubics, Q and T. */
static bool
read_curve(data_t *data, char command, bool relative)
{
    int      count;
    bool     smooth;
    double   p[6], x0, y0, cx, cy;

    count = command == 'C' ? 6 : command == 'T' ? 2 : 4;

    if (!read_numbers(data, p, count)) {
        return false;
    }

    to_absolute(data, p, count, relative);

    x0 = data->pen->x;
    y0 = data->pen->y;
    smooth = command == 'S' ? data->last == 'C' || data->last == 'S'
                            : data->last == 'Q' || data->last == 'T';
    cx = smooth ? 2 * x0 - data->control_x : x0;
    cy = smooth ? 2 * y0 - data->control_y : y0;

    if (command == 'S') {
        memmove(p + 2, p, 4 * sizeof(double));
        p[0] = cx;
        p[1] = cy;

    } else if (command != 'C') {

        if (command == 'Q') {
            cx = p[0];
            cy = p[1];
        }

        p[4] = command == 'Q' ? p[2] : p[0];
        p[5] = command == 'Q' ? p[3] : p[1];
        p[0] = x0 + (cx - x0) * 2 / 3;
        p[1] = y0 + (cy - y0) * 2 / 3;
        p[2] = p[4] + (cx - p[4]) * 2 / 3;
        p[3] = p[5] + (cy - p[5]) * 2 / 3;
    }

    data->control_x = command == 'Q' || command == 'T' ? cx : p[2];
    data->control_y = command == 'Q' || command == 'T' ? cy : p[3];
    mc_seal_curve(data->pen, p);

    return true;
}


static bool
read_arc(data_t *data, bool relative)
{
    bool    large, sweep;
    double  radius[3], end[2];

    if (!read_numbers(data, radius, 3) || !read_flag(data, &large)
        || !read_flag(data, &sweep) || !read_numbers(data, end, 2))
    {
        return false;
    }

    to_absolute(data, end, 2, relative);
    mc_seal_arc(data->pen, radius, radius[2], large, sweep, end[0], end[1]);

    return true;
}


static bool
read_line(data_t *data, char command, bool relative)
{
    double          p[2];
    mc_seal_pen_t  *pen;

    pen = data->pen;

    if (!read_numbers(data, p, command == 'H' || command == 'V' ? 1 : 2)) {
        return false;
    }

    switch (command) {
    case 'H':
        mc_seal_line(pen, relative ? pen->x + p[0] : p[0], pen->y);
        break;
    case 'V':
        mc_seal_line(pen, pen->x, relative ? pen->y + p[0] : p[0]);
        break;
    case 'L':
        to_absolute(data, p, 2, relative);
        mc_seal_line(pen, p[0], p[1]);
        break;
    default:
        to_absolute(data, p, 2, relative);
        mc_seal_move(pen, p[0], p[1]);
    }

    return true;
}


/* One set of arguments. */
static bool
read_command(data_t *data, char command, bool relative)
{
    switch (command) {
    case 'C':
    case 'S':
    case 'Q':
    case 'T':
        return read_curve(data, command, relative);
    case 'A':
        return read_arc(data, relative);
    case 'M':
    case 'L':
    case 'H':
    case 'V':
        return read_line(data, command, relative);
    default:
        mc_seal_end(data->pen);
        return command == 'Z';
    }
}


/* Is "c" a command's letter?  *upper takes it as the absolute one. */
static bool
is_command(char c, char *upper)
{
    *upper = c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;

    return *upper != '\0' && strchr("MLHVCSQTAZ", *upper) != NULL;
}


/* All that comes behind one letter. */
static bool
read_run(data_t *data)
{
    char  letter, command, next;

    letter = *data->scan.p;

    if (!is_command(letter, &command)
        || (data->last == '\0' && command != 'M'))
    {
        return false;
    }

    data->scan.p++;
    mc_seal_blanks(&data->scan);

    do {
        if (!read_command(data, command, letter != command)) {
            return false;
        }

        data->last = command;

        if (command == 'M') {       /* further pairs are lines */
            letter = letter == 'M' ? 'L' : 'l';
            command = 'L';
        }
    } while (command != 'Z' && data->pen->err == MC_OK
             && data->scan.p < data->scan.end
             && !is_command(*data->scan.p, &next));

    return true;
}


bool
mc_seal_path(mc_seal_pen_t *pen, mc_str_t text, size_t *at)
{
    data_t       data;
    const char  *start;

    memset(&data, 0, sizeof(data));
    data.scan = mc_seal_scan(text);
    data.pen = pen;
    start = data.scan.end - text.len;

    while (data.scan.p < data.scan.end && pen->err == MC_OK) {

        if (!read_run(&data)) {
            *at = (size_t) (data.scan.p - start);
            return false;
        }

        mc_seal_blanks(&data.scan);
    }

    return true;
}
