/*
 * Ornaments as vector paths.
 *
 * Depends on base, mc_content, libm.  Once per template; any thread.
 *
 * Curves are given as functions of a parameter and written as cubic Bezier
 * pieces through the curve's points and slopes (Hermite form); pieces are
 * short enough that the error stays far under a line's width.
 *
 * Here lengths are in points (double): patterns are drawn around an origin
 * of their own and placed by matrices.
 */

#include "mc_ornament.h"

#include <math.h>

#include "mc_content.h"


#define PI  3.14159265358979323846

/* the band of the border */
#define TILE          26.0          /* length of one period */
#define TILE_HALF     13.0          /* half its height, at most */
#define BAND          39.1          /* middle line, from the page's edge */
#define CORNER        15.5          /* half the square at its corners */
#define A4_WIDTH      595.0
#define BORDER_LEAST  0.35          /* of its size on A4 */

enum { G_BAND, G_BRAID, G_PETAL, G_WAVE, G_STAR };

typedef struct {
    double  x;
    double  y;
} point_t;

typedef struct {
    double  phase;
    double  a;
    double  b;
    double  c;
    int     lobes;
} curve_t;

typedef point_t (*curve_fn)(const curve_t *curve, double t);

static const mc_colour_t  blue = { 130, 290, 470 };
static const mc_colour_t  deep = { 80, 190, 340 };
static const mc_colour_t  gold = { 700, 570, 310 };
static const mc_colour_t  pale = { 905, 932, 955 };
static const mc_colour_t  pale_gold = { 950, 930, 870 };
static const mc_colour_t  grey = { 800, 830, 860 };
static const mc_colour_t  hair = { 870, 890, 910 };
static const mc_colour_t  white = { 1000, 1000, 1000 };


static void
op(mc_buf_t *out, const char *name)
{
    (void) mc_buf_cstr(out, name);
    (void) mc_buf_byte(out, '\n');
}


static void
pair(mc_buf_t *out, double x, double y)
{
    mc_content_real(out, x);
    mc_content_real(out, y);
}


static void
stroke_with(mc_buf_t *out, const mc_colour_t *colour, double width)
{
    mc_content_ink(out, colour, true);
    mc_content_real(out, width);
    op(out, "w");
}


static void
move_to(mc_buf_t *out, double x, double y)
{
    (void) mc_buf_str(out, mc_str("1 0 0 1 "));
    pair(out, x, y);
    op(out, "cm");
}


static void
matrix(mc_buf_t *out, double scale_x, double scale_y, double turn)
{
    int     i;
    double  m[4];

    m[0] = cos(turn) * scale_x;
    m[1] = sin(turn) * scale_x;
    m[2] = -sin(turn) * scale_y;
    m[3] = cos(turn) * scale_y;

    for (i = 0; i < 4; i++) {
        (void) mc_buf_printf(out, "%.5f ", m[i] + 0.0);
    }

    op(out, "0 0 cm");
}


static void
form(mc_buf_t *out, int n)
{
    (void) mc_buf_printf(out, "/G%d Do\n", n);
}


/* Tenths of a point are less than half a dot of 600 dpi off, and every
 * document has these digits. */
static void
tenths(mc_buf_t *out, double x, double y)
{
    pair(out, round(x * 10) / 10, round(y * 10) / 10);
}


/* Writes the curve for t in [0, 1] in "pieces" Bezier arcs. */
static void
trace(mc_buf_t *out, curve_fn fn, const curve_t *curve, int pieces)
{
    int      i;
    double   t, step, h;
    point_t  p, q, slope, slope_q, near_by, far;

    step = 1.0 / pieces;
    h = 1e-5;

    p = fn(curve, 0);
    near_by = fn(curve, -h);
    far = fn(curve, h);
    slope = (point_t) { (far.x - near_by.x) / (2 * h),
                        (far.y - near_by.y) / (2 * h) };

    tenths(out, p.x, p.y);
    op(out, "m");

    for (i = 1; i <= pieces; i++) {
        t = i * step;
        q = fn(curve, t);
        near_by = fn(curve, t - h);
        far = fn(curve, t + h);
        slope_q = (point_t) { (far.x - near_by.x) / (2 * h),
                              (far.y - near_by.y) / (2 * h) };

        tenths(out, p.x + slope.x * step / 3, p.y + slope.y * step / 3);
        tenths(out, q.x - slope_q.x * step / 3, q.y - slope_q.y * step / 3);
        tenths(out, q.x, q.y);
        op(out, "c");

        p = q;
        slope = slope_q;
    }
}


/* A strand of the band: a wave inside of a breathing envelope. */
static point_t
band_strand(const curve_t *curve, double t)
{
    double  envelope;

    envelope = curve->a + curve->b * cos(2 * PI * t);

    return (point_t) {
        t * TILE, envelope * sin(curve->phase + 2 * PI * curve->lobes * t)
    };
}


/* A closed line of "lobes" waves around a circle. */
static point_t
ring_strand(const curve_t *curve, double t)
{
    double  angle, radius;

    angle = 2 * PI * t;
    radius = curve->a + curve->b * cos(curve->lobes * angle + curve->phase)
             + curve->c * cos(2 * curve->lobes * angle + curve->phase);

    return (point_t) { radius * cos(angle), radius * sin(angle) };
}


static void
form_band(mc_buf_t *out)
{
    int      k;
    curve_t  curve = { 0, 7.6, 4.6, 0, 1 };

    for (k = 0; k < 9; k++) {
        curve.phase = 2 * PI * k / 9;
        trace(out, band_strand, &curve, 8);
    }
}


static void
form_braid(mc_buf_t *out)
{
    int      k;
    curve_t  curve = { 0, 8.8, -3.4, 0, 1 };

    for (k = 0; k < 3; k++) {
        curve.phase = 2 * PI * k / 3 + PI / 2;
        trace(out, band_strand, &curve, 8);
    }
}


mc_err_t
mc_ornament_form(size_t n, mc_buf_t *out, int box[4])
{
    int                   i;
    static const curve_t  petal = { 0, 53, 47, 0, 6 };
    static const curve_t  wave = { 0, 84, 16, 0, 18 };
    static const curve_t  star = { 0, 62, 30, 8, 8 };

    for (i = 0; i < 4; i++) {
        box[i] = i < 2 ? -104 : 104;
    }

    switch (n) {
    case G_BAND:
    case G_BRAID:
        box[0] = -1;
        box[1] = -(int) TILE_HALF - 1;
        box[2] = (int) TILE + 1;
        box[3] = (int) TILE_HALF + 1;

        if (n == G_BAND) {
            form_band(out);
        } else {
            form_braid(out);
        }

        break;

    case G_PETAL:
        trace(out, ring_strand, &petal, 48);
        break;

    case G_WAVE:
        trace(out, ring_strand, &wave, 72);
        break;

    default:
        trace(out, ring_strand, &star, 64);
    }

    return mc_buf_cstr(out, "S\n");
}


static void
circle(mc_buf_t *out, double x, double y, double radius)
{
    int                  i;
    double               k, c, s;
    static const double  turn[5][2] = {
        { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 }, { 1, 0 }
    };

    k = radius * 0.5522847;

    pair(out, x + radius, y);
    op(out, "m");

    for (i = 0; i < 4; i++) {
        c = turn[i][0];
        s = turn[i][1];
        pair(out, x + c * radius - s * k, y + s * radius + c * k);
        c = turn[i + 1][0];
        s = turn[i + 1][1];
        pair(out, x + c * radius + s * k, y + s * radius - c * k);
        pair(out, x + c * radius, y + s * radius);
        op(out, "c");
    }
}


/* A rosette around the origin: one strand, turned "strands" times within
 * the length of one lobe.  "width" is of the lines on paper. */
static void
rosette(mc_buf_t *out, int n, int lobes, int strands, double radius,
    const mc_colour_t *colour, double width)
{
    int     i;
    double  scale;

    scale = radius / 100;

    op(out, "q");
    stroke_with(out, colour, width / scale);
    matrix(out, scale, scale, 0);

    for (i = 0; i < strands; i++) {
        form(out, n);
        matrix(out, 1, 1, 2 * PI / lobes / strands);
    }

    op(out, "Q");
}


static void
rectangle(mc_buf_t *out, const mc_colour_t *colour, double width,
    double inset, double w, double h)
{
    stroke_with(out, colour, width);
    pair(out, inset, inset);
    pair(out, w - 2 * inset, h - 2 * inset);
    op(out, "re S");
}


/* One side: tiles in a row from a corner, along a direction. */
static void
side(mc_buf_t *out, int n, double x, double y, double length, double turn)
{
    int  i, tiles;

    tiles = (int) lround(length / TILE);

    op(out, "q");
    move_to(out, x, y);
    matrix(out, length / (tiles * TILE), 1, turn);

    for (i = 0; i < tiles; i++) {
        form(out, n);
        move_to(out, TILE, 0);
    }

    op(out, "Q");
}


static void
sides(mc_buf_t *out, int n, double w, double h)
{
    double  near_by;

    near_by = BAND + CORNER;

    side(out, n, near_by, h - BAND, w - 2 * near_by, 0);
    side(out, n, w - BAND, h - near_by, h - 2 * near_by, -PI / 2);
    side(out, n, w - near_by, BAND, w - 2 * near_by, PI);
    side(out, n, BAND, near_by, h - 2 * near_by, PI / 2);
}


static void
corner(mc_buf_t *out, double x, double y)
{
    op(out, "q");
    move_to(out, x, y);

    stroke_with(out, &gold, 0.35);
    pair(out, -CORNER, -CORNER);
    pair(out, 2 * CORNER, 2 * CORNER);
    op(out, "re S");

    rosette(out, G_WAVE, 18, 3, CORNER - 1.2, &gold, 0.3);
    rosette(out, G_STAR, 8, 6, CORNER - 4, &blue, 0.3);

    op(out, "Q");
}


/* Drawn for the width of an A4 page; smaller for a smaller sheet. */
static void
border(mc_buf_t *out, const mc_box_t *box)
{
    double  w, h, scale;

    w = box->width / 100.0;
    h = box->height / 100.0;
    scale = fmin(w, h) / A4_WIDTH;
    scale = scale > 1 ? 1 : scale < BORDER_LEAST ? BORDER_LEAST : scale;

    move_to(out, box->x / 100.0, box->y / 100.0);

    if (scale < 1) {
        matrix(out, scale, scale, 0);
        w /= scale;
        h /= scale;
    }

    rectangle(out, &deep, 1.1, 21, w, h);
    rectangle(out, &gold, 0.35, 23.6, w, h);
    rectangle(out, &gold, 0.35, 54.6, w, h);
    rectangle(out, &deep, 0.7, 57, w, h);

    stroke_with(out, &gold, 0.35);
    sides(out, G_BRAID, w, h);
    stroke_with(out, &blue, 0.3);
    sides(out, G_BAND, w, h);

    corner(out, BAND, BAND);
    corner(out, w - BAND, BAND);
    corner(out, w - BAND, h - BAND);
    corner(out, BAND, h - BAND);
}


static void
watermark(mc_buf_t *out, double radius)
{
    rosette(out, G_WAVE, 18, 8, radius, &pale, 0.4);
    rosette(out, G_PETAL, 6, 16, radius * 0.69, &pale, 0.4);
    rosette(out, G_STAR, 8, 6, radius * 0.36, &pale_gold, 0.4);
}


static void
emblem(mc_buf_t *out, double radius)
{
    rosette(out, G_WAVE, 18, 4, radius, &gold, 0.35);
    rosette(out, G_STAR, 8, 6, radius * 0.70, &blue, 0.35);

    mc_content_ink(out, &white, false);
    stroke_with(out, &gold, 0.6);
    circle(out, 0, 0, radius * 0.17);
    op(out, "b");
}


/* An empty place: rings, no picture, nothing that could pass for a seal. */
static void
seal(mc_buf_t *out, double radius)
{
    stroke_with(out, &grey, 0.7);
    circle(out, 0, 0, radius);
    op(out, "S");
    stroke_with(out, &grey, 0.3);
    circle(out, 0, 0, radius * 0.95);
    circle(out, 0, 0, radius * 0.62);
    op(out, "S");

    rosette(out, G_WAVE, 18, 2, radius * 0.60, &hair, 0.3);

    op(out, "[1.2 1.8] 0 d");
    stroke_with(out, &grey, 0.4);
    circle(out, 0, 0, radius * 0.36);
    op(out, "S [] 0 d");
}


static void
divider(mc_buf_t *out, double length)
{
    double  half;

    half = length / 2;

    stroke_with(out, &gold, 0.5);
    pair(out, -half, 0);
    op(out, "m");
    pair(out, -9, 0);
    op(out, "l");
    pair(out, 9, 0);
    op(out, "m");
    pair(out, half, 0);
    op(out, "l S");

    rosette(out, G_STAR, 8, 3, 6, &gold, 0.3);
}


static void
draw_line(mc_buf_t *out, const mc_box_t *box)
{
    stroke_with(out, &hair, 0.5);
    mc_content_number(out, box->x);
    mc_content_number(out, box->y);
    op(out, "m");
    mc_content_number(out, box->x + box->width);
    mc_content_number(out, box->y);
    op(out, "l S");
}


static void
photo_frame(mc_buf_t *out, const mc_box_t *box)
{
    int  i, gap;

    for (i = 0; i < 2; i++) {
        gap = i == 0 ? 250 : 480;
        stroke_with(out, i == 0 ? &deep : &gold, i == 0 ? 0.6 : 0.4);
        mc_content_number(out, box->x - gap);
        mc_content_number(out, box->y - gap);
        mc_content_number(out, box->width + 2 * gap);
        mc_content_number(out, box->height + 2 * gap);
        op(out, "re S");
    }
}


static void
panel(mc_buf_t *out, const mc_box_t *box)
{
    mc_content_ink(out, &white, false);
    mc_content_number(out, box->x);
    mc_content_number(out, box->y);
    mc_content_number(out, box->width);
    mc_content_number(out, box->height);
    op(out, "re f");
}


mc_err_t
mc_ornament_draw(mc_buf_t *out, mc_ornament_t kind, const mc_box_t *box)
{
    double  radius;

    radius = box->width / 200.0;

    op(out, "q");

    if (kind == MC_ORNAMENT_WATERMARK || kind == MC_ORNAMENT_EMBLEM
        || kind == MC_ORNAMENT_SEAL || kind == MC_ORNAMENT_DIVIDER)
    {
        move_to(out, (box->x + box->width / 2) / 100.0,
                (box->y + box->height / 2) / 100.0);
    }

    switch (kind) {
    case MC_ORNAMENT_BORDER:
        border(out, box);
        break;
    case MC_ORNAMENT_WATERMARK:
        watermark(out, radius);
        break;
    case MC_ORNAMENT_EMBLEM:
        emblem(out, radius);
        break;
    case MC_ORNAMENT_SEAL:
        seal(out, radius);
        break;
    case MC_ORNAMENT_DIVIDER:
        divider(out, box->width / 100.0);
        break;
    case MC_ORNAMENT_RULE:
        draw_line(out, box);
        break;
    case MC_ORNAMENT_PANEL:
        panel(out, box);
        break;
    default:
        photo_frame(out, box);
    }

    return mc_buf_cstr(out, "Q\n");
}
