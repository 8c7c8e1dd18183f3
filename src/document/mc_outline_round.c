/*
 * Reading and writing the points of a simple glyph.
 *
 * Depends on base, mc_font.  Any thread; no state.
 */

#include "mc_outline_round.h"


#define ON_CURVE   0x01
#define X_SHORT    0x02
#define Y_SHORT    0x04
#define REPEAT     0x08
#define X_SAME     0x10         /* a short one: positive */
#define Y_SAME     0x20
#define OVERLAP    0x40

typedef struct {
    mc_table_t  glyph;
    size_t      pos;
    size_t      points;
    size_t      contours;
    uint16_t    ends[MC_OUTLINE_POINTS];    /* each contour's last point */
    uint8_t     flags[MC_OUTLINE_POINTS];
    int16_t     x[MC_OUTLINE_POINTS];
    int16_t     y[MC_OUTLINE_POINTS];
} outline_t;


static bool
read_flags(outline_t *outline)
{
    size_t   i, times;
    uint8_t  flag;

    for (i = 0; i < outline->points; /* void */ ) {
        if (outline->pos >= outline->glyph.len) {
            return false;
        }

        times = 1;
        flag = outline->glyph.data[outline->pos++];

        if (flag & REPEAT) {
            if (outline->pos >= outline->glyph.len) {
                return false;
            }

            times += outline->glyph.data[outline->pos++];
        }

        if (times > outline->points - i) {
            return false;
        }

        memset(outline->flags + i, flag, times);
        i += times;
    }

    return true;
}


/* One axis: differences become positions. */
static bool
read_axis(outline_t *outline, uint8_t is_short, uint8_t same, int16_t *out)
{
    int             value;
    size_t          i, need;
    uint8_t         flag;
    const uint8_t  *p;

    value = 0;

    for (i = 0; i < outline->points; i++) {
        flag = outline->flags[i];
        need = flag & is_short ? 1 : flag & same ? 0 : 2;
        p = outline->glyph.data + outline->pos;

        if (need > outline->glyph.len - outline->pos) {
            return false;
        }

        if (need == 1) {
            value += flag & same ? p[0] : -p[0];
        } else if (need == 2) {
            value += (int16_t) mc_be16(p);
        }

        outline->pos += need;
        out[i] = (int16_t) value;
    }

    return true;
}


static int
rounded(int value, int grid)
{
    int  up;

    up = value + grid / 2;

    return (up >= 0 ? up / grid : -((grid - 1 - up) / grid)) * grid;
}


/* Positions become differences again: appended, and noted in the flags. */
static uint8_t *
write_axis(outline_t *outline, uint8_t is_short, uint8_t same,
    const int16_t *values, uint8_t *p)
{
    int      step, before;
    size_t   i;
    uint8_t *flag;

    before = 0;

    for (i = 0; i < outline->points; i++) {
        flag = &outline->flags[i];
        step = values[i] - before;
        before = values[i];

        if (step == 0) {
            *flag |= same;

        } else if (step > -256 && step < 256) {
            *flag = (uint8_t) (*flag | is_short | (step > 0 ? same : 0));
            *p++ = (uint8_t) (step > 0 ? step : -step);

        } else {
            *p++ = (uint8_t) (step >> 8);
            *p++ = (uint8_t) step;
        }
    }

    return p;
}


static void
write_flags(const outline_t *outline, mc_buf_t *out)
{
    size_t   i, times;
    uint8_t  pair[2];

    for (i = 0; i < outline->points; i += times) {
        for (times = 1; i + times < outline->points && times < 256
             && outline->flags[i + times] == outline->flags[i]; times++)
        {
            /* void */
        }

        if (times < 3) {
            times = 1;
            (void) mc_buf_byte(out, outline->flags[i]);

        } else {
            pair[0] = outline->flags[i] | REPEAT;
            pair[1] = (uint8_t) (times - 1);
            (void) mc_buf_append(out, pair, 2);
        }
    }
}


/*
 * May this point go, so that not one dot of the outline changes?  One where
 * the one before it is, or on the edge between neighbours on the curve; or
 * one half way between neighbours off the curve, which needs no saying.
 */
static bool
is_spare(const outline_t *outline, size_t before, size_t at, size_t after)
{
    int      ax, ay, bx, by;
    bool     on;
    uint8_t  near_by;

    on = outline->flags[at] & ON_CURVE;
    near_by = (outline->flags[before] & ON_CURVE)
              + (outline->flags[after] & ON_CURVE);

    ax = outline->x[at] - outline->x[before];
    ay = outline->y[at] - outline->y[before];
    bx = outline->x[after] - outline->x[at];
    by = outline->y[after] - outline->y[at];

    if (on && outline->flags[before] & ON_CURVE && ax == 0 && ay == 0) {
        return true;
    }

    if (near_by == 0) {
        return on && ax == bx && ay == by;
    }

    return near_by == 2 && (int64_t) ax * by == (int64_t) ay * bx
           && (int64_t) ax * bx + (int64_t) ay * by >= 0;
}


/* Closes the gaps that spare points leave; the first of a contour stays. */
static void
drop_spare(outline_t *outline)
{
    size_t  c, i, kept, first, next, end;

    kept = 0;
    i = 0;

    for (c = 0; c < outline->contours; c++) {
        first = kept;
        end = outline->ends[c] + 1u;
        next = i;

        for ( /* void */ ; i < end; i++) {
            if (i > next
                && is_spare(outline, kept - 1, i, i + 1 < end ? i + 1 : first))
            {
                continue;
            }

            outline->flags[kept] = outline->flags[i];
            outline->x[kept] = outline->x[i];
            outline->y[kept] = outline->y[i];
            kept++;
        }

        outline->ends[c] = (uint16_t) (kept - 1);
    }

    outline->points = kept;
}


/* Contours end in rising order, each with a point at least. */
static bool
read_ends(outline_t *outline)
{
    size_t  i;

    for (i = 0; i < outline->contours; i++) {
        outline->ends[i] = (uint16_t) mc_be16(outline->glyph.data + 10
                                              + 2 * i);

        if (i > 0 && outline->ends[i] <= outline->ends[i - 1]) {
            return false;
        }
    }

    return true;
}


static mc_err_t
write_outline(outline_t *outline, mc_buf_t *out)
{
    size_t    i;
    uint8_t  *p, coordinates[4 * MC_OUTLINE_POINTS];

    for (i = 0; i < outline->contours; i++) {
        (void) mc_buf_byte(out, (uint8_t) (outline->ends[i] >> 8));
        (void) mc_buf_byte(out, (uint8_t) outline->ends[i]);
    }

    /* instructions: none */
    (void) mc_buf_append(out, "\0", 2);

    p = write_axis(outline, X_SHORT, X_SAME, outline->x, coordinates);
    p = write_axis(outline, Y_SHORT, Y_SAME, outline->y, p);

    write_flags(outline, out);

    return mc_buf_append(out, coordinates, (size_t) (p - coordinates));
}


mc_err_t
mc_outline_round(mc_table_t glyph, const mc_outline_at_t *at, int grid,
    mc_buf_t *out)
{
    size_t      i;
    outline_t   outline;

    if (at->points > MC_OUTLINE_POINTS) {
        return MC_ETOOBIG;
    }

    if (at->contours > at->points) {
        return MC_EINVAL;
    }

    outline.glyph = glyph;
    outline.pos = at->flags;
    outline.points = at->points;
    outline.contours = at->contours;

    if (!read_ends(&outline) || !read_flags(&outline)
        || !read_axis(&outline, X_SHORT, X_SAME, outline.x)
        || !read_axis(&outline, Y_SHORT, Y_SAME, outline.y))
    {
        return MC_EINVAL;
    }

    for (i = 0; i < outline.points; i++) {
        outline.flags[i] &= ON_CURVE | OVERLAP;
        outline.x[i] = (int16_t) rounded(outline.x[i], grid);
        outline.y[i] = (int16_t) rounded(outline.y[i], grid);
    }

    drop_spare(&outline);

    /* viewers place the outline by the box: it stays */
    (void) mc_buf_append(out, glyph.data, 10);

    return write_outline(&outline, out);
}
