/*
 * From glyf to path data.
 *
 * Depends on base, mc_font, mc_content, libm.  Any thread.
 *
 * Every offset is checked against the glyph's length.  Parts that are
 * placed by points instead of offsets stand at the origin: none of the
 * faces in use has any.
 */

#include "mc_outline.h"

#include <math.h>

#include "mc_content.h"


#define ON_CURVE          0x01
#define X_SHORT           0x02
#define Y_SHORT           0x04
#define REPEAT            0x08
#define X_SAME            0x10          /* or positive, when short */
#define Y_SAME            0x20

#define ARGS_ARE_WORDS    0x0001
#define ARGS_ARE_XY       0x0002
#define HAVE_SCALE        0x0008
#define MORE_COMPONENTS   0x0020
#define HAVE_XY_SCALE     0x0040
#define HAVE_2_BY_2       0x0080
#define USE_MY_METRICS    0x0200
#define SCALED_OFFSET     0x0800

/* x' = a x + c y + e, y' = b x + d y + f */
typedef struct {
    double  a, b, c, d, e, f;
} place_t;

typedef struct {
    int      x;
    int      y;
    uint8_t  flags;
} point_t;

typedef struct {
    const mc_font_t  *font;
    mc_buf_t         *out;
    unsigned          parts;
    point_t          *points;           /* MC_OUTLINE_POINTS of them */
    double            x;                /* the pen */
    double            y;
} outline_t;

/* A part of a composite glyph, as it stands there. */
typedef struct {
    unsigned        flags;
    unsigned        glyph;
    place_t         place;
    const uint8_t  *next;
} part_t;


static int
signed16(const uint8_t *p)
{
    return (int16_t) mc_be16(p);
}


static double
f2dot14(const uint8_t *p)
{
    return signed16(p) / 16384.0;
}


/* --- writing: relative to the pen, which takes fewer letters */

static void
put(outline_t *outline, double x, double y)
{
    mc_content_real(outline->out, x - outline->x);
    mc_content_real(outline->out, y - outline->y);
}


static void
go(outline_t *outline, double x, double y)
{
    outline->x = x;
    outline->y = y;
}


static void
place(const place_t *at, double x, double y, double out[2])
{
    out[0] = at->a * x + at->c * y + at->e;
    out[1] = at->b * x + at->d * y + at->f;
}


/* One closed contour.  Between two points off the curve lies one on it. */
static void
put_contour(outline_t *outline, const point_t *points, size_t count,
    const place_t *at)
{
    size_t          i, first;
    double          start[2], control[2], here[2], middle[2];
    bool            curved;
    const point_t  *point;

    first = points[0].flags & ON_CURVE ? 0 : count - 1;

    if (points[first].flags & ON_CURVE) {
        place(at, points[first].x, points[first].y, start);
        first++;
    } else {
        first = 0;
        place(at, (points[0].x + points[count - 1].x) / 2.0,
              (points[0].y + points[count - 1].y) / 2.0, start);
    }

    (void) mc_buf_byte(outline->out, 'm');
    put(outline, start[0], start[1]);
    go(outline, start[0], start[1]);
    curved = false;

    for (i = 0; i < count; i++) {
        point = &points[(first + i) % count];
        place(at, point->x, point->y, here);

        if (point->flags & ON_CURVE) {

            if (!curved && i + 1 == count) {
                break;                  /* closing draws this line */
            }

            (void) mc_buf_byte(outline->out, curved ? 'q' : 'l');

            if (curved) {
                put(outline, control[0], control[1]);
            }

            put(outline, here[0], here[1]);
            go(outline, here[0], here[1]);
            curved = false;
            continue;
        }

        if (curved) {
            middle[0] = (control[0] + here[0]) / 2;
            middle[1] = (control[1] + here[1]) / 2;
            (void) mc_buf_byte(outline->out, 'q');
            put(outline, control[0], control[1]);
            put(outline, middle[0], middle[1]);
            go(outline, middle[0], middle[1]);
        }

        memcpy(control, here, sizeof(control));
        curved = true;
    }

    if (curved) {
        (void) mc_buf_byte(outline->out, 'q');
        put(outline, control[0], control[1]);
        put(outline, start[0], start[1]);
    }

    (void) mc_buf_byte(outline->out, 'z');
    go(outline, start[0], start[1]);
}


/* --- reading */

static bool
read_flags(point_t *points, size_t count, const uint8_t **p,
    const uint8_t *end)
{
    size_t   i, repeat;
    uint8_t  flags;

    for (i = 0; i < count; /* void */ ) {

        if (*p >= end) {
            return false;
        }

        flags = *(*p)++;
        repeat = 1;

        if (flags & REPEAT) {

            if (*p >= end) {
                return false;
            }

            repeat += *(*p)++;
        }

        for ( /* void */ ; repeat > 0 && i < count; repeat--, i++) {
            points[i].flags = flags;
        }
    }

    return true;
}


/* One coordinate of all points; *value keeps the sum. */
static bool
read_delta(uint8_t flags, unsigned is_short, unsigned same, const uint8_t **p,
    const uint8_t *end, int *value)
{
    if (flags & is_short) {

        if (end - *p < 1) {
            return false;
        }

        *value += flags & same ? **p : -(int) **p;
        *p += 1;

    } else if (!(flags & same)) {

        if (end - *p < 2) {
            return false;
        }

        *value += signed16(*p);
        *p += 2;
    }

    return true;
}


static bool
read_points(point_t *points, size_t count, const uint8_t *p,
    const uint8_t *end)
{
    int     value;
    size_t  i;

    if (!read_flags(points, count, &p, end)) {
        return false;
    }

    for (i = 0, value = 0; i < count; i++) {

        if (!read_delta(points[i].flags, X_SHORT, X_SAME, &p, end, &value)) {
            return false;
        }

        points[i].x = value;
    }

    for (i = 0, value = 0; i < count; i++) {

        if (!read_delta(points[i].flags, Y_SHORT, Y_SAME, &p, end, &value)) {
            return false;
        }

        points[i].y = value;
    }

    return true;
}


static mc_err_t
put_simple(outline_t *outline, mc_table_t glyph, const place_t *at)
{
    size_t          i, contours, count, from, last, skip;
    const uint8_t  *ends, *p, *end;

    contours = mc_be16(glyph.data);
    end = glyph.data + glyph.len;
    ends = glyph.data + 10;

    if (contours == 0) {
        return MC_OK;
    }

    if (glyph.len < 10 + 2 * contours + 2) {
        return MC_EINVAL;
    }

    p = ends + 2 * contours;
    count = (size_t) mc_be16(p - 2) + 1;
    skip = mc_be16(p);
    p += 2;

    if (count > MC_OUTLINE_POINTS || (size_t) (end - p) < skip
        || !read_points(outline->points, count, p + skip, end))
    {
        return MC_EINVAL;
    }

    for (i = 0, from = 0; i < contours; i++, from = last + 1) {
        last = mc_be16(ends + 2 * i);

        if (last >= count || last + 1 < from) {
            return MC_EINVAL;
        }

        if (last > from) {              /* a single point has no area */
            put_contour(outline, outline->points + from, last + 1 - from,
                        at);
        }
    }

    return outline->out->err;
}


static void
part_scale(part_t *part, const uint8_t *p)
{
    if (part->flags & HAVE_SCALE) {
        part->place.a = part->place.d = f2dot14(p);

    } else if (part->flags & HAVE_XY_SCALE) {
        part->place.a = f2dot14(p);
        part->place.d = f2dot14(p + 2);

    } else if (part->flags & HAVE_2_BY_2) {
        part->place.a = f2dot14(p);
        part->place.b = f2dot14(p + 2);
        part->place.c = f2dot14(p + 4);
        part->place.d = f2dot14(p + 6);
    }
}


static bool
read_part(part_t *part, const uint8_t *p, const uint8_t *end)
{
    size_t  words, size;

    if (end - p < 4) {
        return false;
    }

    part->flags = mc_be16(p);
    part->glyph = mc_be16(p + 2);
    part->place = (place_t) { 1, 0, 0, 1, 0, 0 };
    p += 4;

    words = part->flags & ARGS_ARE_WORDS ? 4 : 2;
    size = words + (part->flags & HAVE_SCALE ? 2
                    : part->flags & HAVE_XY_SCALE ? 4
                    : part->flags & HAVE_2_BY_2 ? 8 : 0);

    if ((size_t) (end - p) < size) {
        return false;
    }

    if (part->flags & ARGS_ARE_XY) {
        part->place.e = words == 4 ? signed16(p) : (int8_t) p[0];
        part->place.f = words == 4 ? signed16(p + 2) : (int8_t) p[1];
    }

    part_scale(part, p + words);

    if (part->flags & SCALED_OFFSET) {
        part->place.e *= hypot(part->place.a, part->place.b);
        part->place.f *= hypot(part->place.c, part->place.d);
    }

    part->next = p + size;

    return true;
}


static place_t
multiply(const place_t *outer, const place_t *inner)
{
    place_t  out;
    double   move[2];

    out.a = outer->a * inner->a + outer->c * inner->b;
    out.b = outer->b * inner->a + outer->d * inner->b;
    out.c = outer->a * inner->c + outer->c * inner->d;
    out.d = outer->b * inner->c + outer->d * inner->d;
    place(outer, inner->e, inner->f, move);
    out.e = move[0];
    out.f = move[1];

    return out;
}


static mc_err_t
put_glyph(outline_t *outline, unsigned number, const place_t *at,
    unsigned depth)
{
    part_t          part;
    place_t         inner;
    mc_err_t        err;
    mc_table_t      glyph;
    const uint8_t  *p;

    glyph = mc_font_outline(outline->font, number);

    if (glyph.len == 0) {
        return MC_OK;
    }

    if (!(glyph.data[0] & 0x80)) {
        return put_simple(outline, glyph, at);
    }

    p = glyph.data + 10;

    do {
        if (depth == MC_OUTLINE_DEPTH
            || ++outline->parts > MC_OUTLINE_PARTS
            || !read_part(&part, p, glyph.data + glyph.len))
        {
            return MC_EINVAL;
        }

        inner = multiply(at, &part.place);
        err = put_glyph(outline, part.glyph, &inner, depth + 1);
        p = part.next;
    } while (err == MC_OK && (part.flags & MORE_COMPONENTS));

    return err;
}


/* Which glyph's side bearing counts: a part may give its own. */
static unsigned
metrics_of(const mc_font_t *font, unsigned number)
{
    part_t          part;
    mc_table_t      glyph;
    const uint8_t  *p;

    glyph = mc_font_outline(font, number);

    if (glyph.len == 0 || !(glyph.data[0] & 0x80)) {
        return number;
    }

    p = glyph.data + 10;

    while (read_part(&part, p, glyph.data + glyph.len)) {

        if (part.flags & USE_MY_METRICS) {
            return part.glyph;
        }

        if (!(part.flags & MORE_COMPONENTS)) {
            break;
        }

        p = part.next;
    }

    return number;
}


mc_err_t
mc_outline_path(const mc_font_t *font, unsigned glyph, mc_buf_t *out)
{
    place_t     at;
    unsigned    own;
    mc_err_t    err;
    outline_t   outline;
    mc_table_t  table;

    own = metrics_of(font, glyph);
    table = mc_font_outline(font, own);
    at = (place_t) { 1, 0, 0, 1, 0, 0 };

    if (table.len > 0) {                /* the bearing is hmtx's */
        at.e = mc_font_bearing(font, own) - signed16(table.data + 2);
    }

    memset(&outline, 0, sizeof(outline));
    outline.font = font;
    outline.out = out;
    outline.points = mc_alloc(MC_OUTLINE_POINTS * sizeof(point_t));

    if (outline.points == NULL) {
        return MC_ENOMEM;
    }

    err = put_glyph(&outline, glyph, &at, 0);
    mc_free(outline.points);

    return err == MC_OK ? out->err : err;
}
