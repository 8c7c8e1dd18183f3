/*
 * Fitting of text into its place.
 *
 * Depends on base and mc_cast.  Pure; any thread.
 */

#include "mc_fit.h"

#include "mc_utf8.h"


/* The middle of an ideograph above its base line, in hundredths of the
 * size. */
#define MIDDLE  38


int64_t
mc_line_natural(const mc_line_t *line, size_t i)
{
    return (int64_t) line->glyphs[i].advance * line->size
           + (int64_t) line->tracking * 1000;
}


int64_t
mc_line_step(const mc_line_t *line, size_t i)
{
    int64_t  dot;

    dot = MC_LINE_DOT * 1000;

    return (mc_line_natural(line, i) + dot / 2) / dot * dot;
}


int
mc_line_width(const mc_line_t *line)
{
    size_t   i;
    int64_t  width;

    width = 0;

    for (i = 0; i + 1 < line->count; i++) {
        width += mc_line_step(line, i);
    }

    if (line->count > 0) {
        width += (int64_t) line->glyphs[i].advance * line->size;
    }

    return (int) (width / 1000);
}


mc_err_t
mc_fit_glyphs(mc_cast_t *cast, mc_str_t text, mc_glyph_t *out, size_t room,
    size_t *count)
{
    size_t    pos, n;
    mc_err_t  err;
    uint32_t  code_point;

    n = 0;

    for (pos = 0; pos < text.len; n++) {
        code_point = mc_utf8_next(text, &pos);

        if (code_point == MC_UTF8_BAD) {
            return MC_EINVAL;
        }

        if (n == room) {
            return MC_ETOOBIG;
        }

        err = mc_cast_add(cast, code_point, &out[n]);
        if (err != MC_OK) {
            return err;
        }
    }

    *count = n;

    return MC_OK;
}


static bool
is_wide(uint32_t c)
{
    return c >= 0x2E80;
}


/* Marks that must not begin a line, and those that must not end one. */
static bool
is_closing(uint32_t c)
{
    return c == 0x3001 || c == 0x3002 || c == 0xFF0C || c == 0xFF0E
           || c == 0xFF09 || c == 0xFF1A || c == 0xFF1B || c == 0x300B
           || c == 0x300D || c == 0x3011 || c == 0xB7 || c == 0x2019
           || c == 0x201D;
}


static bool
is_opening(uint32_t c)
{
    return c == 0xFF08 || c == 0x300A || c == 0x300C || c == 0x3010
           || c == 0x2018 || c == 0x201C;
}


/* May a line end between these two? */
static bool
may_break(uint32_t before, uint32_t after)
{
    if (is_opening(before) || is_closing(after)) {
        return false;
    }

    return before == 0x20 || is_wide(before) || is_wide(after);
}


/* Glyphs from "start" on that fit on a line of this width; at least one. */
static size_t
take_line(const mc_line_t *all, size_t start, int width)
{
    size_t             i, last;
    int64_t            used;
    const mc_glyph_t  *glyphs;

    glyphs = all->glyphs;
    used = 0;
    last = start;

    for (i = start; i < all->count; i++) {

        /* a blank may hang over the edge */
        if (used + (int64_t) glyphs[i].advance * all->size
            > (int64_t) width * 1000
            && glyphs[i].code_point != 0x20 && i > start)
        {
            return (last > start ? last : i) - start;
        }

        used += mc_line_step(all, i);

        if (i + 1 < all->count
            && may_break(glyphs[i].code_point, glyphs[i + 1].code_point))
        {
            last = i + 1;
        }
    }

    return all->count - start;
}


/* Breaks into spans; more than MC_FIT_LINES when they are not enough. */
static size_t
break_lines(mc_fit_t *fit, int width)
{
    size_t             n, start, taken;
    const mc_line_t   *all;
    const mc_glyph_t  *glyphs;

    all = &fit->all;
    glyphs = all->glyphs;
    start = 0;

    for (n = 0; start < all->count; n++) {
        if (n == MC_FIT_LINES) {
            return MC_FIT_LINES + 1;
        }

        taken = take_line(all, start, width);
        fit->spans[n].start = start;
        fit->spans[n].count = taken;
        start += taken;

        /* blanks at the break are not drawn */
        while (fit->spans[n].count > 1
               && glyphs[start - taken + fit->spans[n].count - 1].code_point
                  == 0x20)
        {
            fit->spans[n].count--;
        }
    }

    return n;
}


/* Both are whole dots, as an ideograph's advance then is. */
static void
set_size(mc_line_t *line, const mc_shape_t *shape, int size)
{
    line->size = size - size % MC_LINE_DOT;
    line->tracking = shape->tracking * size / shape->size;
    line->tracking -= line->tracking % MC_LINE_DOT;
}


static int
leading_of(const mc_line_t *line, const mc_shape_t *shape)
{
    return (int) ((int64_t) shape->leading * line->size / shape->least);
}


/* Chooses the size and the breaks; 0 when nothing fits. */
static size_t
choose(mc_fit_t *fit, const mc_shape_t *shape)
{
    int         size, width;
    size_t      n;
    mc_line_t  *all;

    all = &fit->all;
    set_size(all, shape, shape->size);
    width = mc_line_width(all);

    if (width > shape->width) {
        size = (int) ((int64_t) shape->size * shape->width / width);
        set_size(all, shape, size);

        /* rounding to dots may have added some */
        for (width = mc_line_width(all);
             width > shape->width && all->size > MC_FIT_LEAST;
             width = mc_line_width(all))
        {
            set_size(all, shape, all->size - MC_LINE_DOT);
        }
    }

    fit->width = width;
    fit->spans[0].start = 0;
    fit->spans[0].count = all->count;

    if (all->size >= shape->least - shape->least % MC_LINE_DOT
        || shape->height == 0)
    {
        return all->size >= MC_FIT_LEAST ? 1 : 0;
    }

    for (size = shape->least; size >= MC_FIT_LEAST; size = size * 97 / 100) {
        set_size(all, shape, size);
        n = break_lines(fit, shape->width);

        if (n <= MC_FIT_LINES
            && (int64_t) n * leading_of(all, shape) <= shape->height)
        {
            return n;
        }
    }

    return 0;
}


mc_err_t
mc_fit_choose(const mc_shape_t *shape, mc_cast_t *cast, mc_str_t text,
    mc_glyph_t *glyphs, mc_fit_t *out)
{
    mc_err_t  err;

    memset(&out->all, 0, sizeof(out->all));
    out->lines = 0;
    out->leading = 0;

    err = mc_fit_glyphs(cast, text, glyphs, MC_LINE_GLYPHS,
                        &out->all.count);
    if (err != MC_OK || out->all.count == 0) {
        return err;
    }

    out->all.glyphs = glyphs;
    out->all.colour = shape->colour;
    out->lines = choose(out, shape);
    out->leading = leading_of(&out->all, shape);

    return out->lines > 0 ? MC_OK : MC_ETOOBIG;
}


int
mc_fit_height(const mc_fit_t *fit)
{
    return (int) fit->lines * fit->leading;
}


mc_err_t
mc_fit_draw(const mc_fit_t *fit, const mc_shape_t *shape, int x, int top,
    const mc_draw_t *draw)
{
    int        rest;
    size_t     i;
    mc_err_t   err;
    mc_line_t  line;

    if (draw->text == NULL) {
        return MC_OK;
    }

    for (i = 0; i < fit->lines; i++) {
        line = fit->all;
        line.glyphs += fit->spans[i].start;
        line.count = fit->spans[i].count;

        line.x = x;

        if (shape->align != MC_ALIGN_LEFT) {
            rest = shape->width - (fit->lines == 1 ? fit->width
                                                   : mc_line_width(&line));
            line.x += shape->align == MC_ALIGN_CENTRE ? rest / 2 : rest;
        }

        /* a quarter into a dot: arithmetic in a viewer that ends a hair to
         * the left or right must not move single glyphs by a dot */
        line.x += MC_LINE_DOT / 4 - line.x % MC_LINE_DOT;

        line.y = top - fit->leading * (int) i - fit->leading / 2
                 - line.size * MIDDLE / 100;

        err = draw->text(draw->data, &line);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}
