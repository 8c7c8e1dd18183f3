/*
 * Lines of glyphs as SVG.
 *
 * Depends on base, mc_layout, mc_outline, mc_content, libm.  Any one
 * thread.
 *
 * A run of glyphs of one font is a group in that font's own units, so that
 * outlines need no numbers of their own for each size.
 */

#include "mc_preview_glyph.h"

#include <math.h>

#include "mc_content.h"
#include "mc_outline.h"


void
mc_preview_glyphs_init(mc_preview_glyphs_t *glyphs, const mc_chain_t *chain,
    size_t max)
{
    glyphs->chain = chain;
    mc_buf_init(&glyphs->outlines, max);
}


void
mc_preview_glyphs_free(mc_preview_glyphs_t *glyphs)
{
    mc_buf_free(&glyphs->outlines);
}


static void
end_number(mc_buf_t *out)
{
    if (out->err == MC_OK) {
        out->len--;                     /* the blank */
    }
}


void
mc_preview_number(mc_buf_t *out, int hundredths)
{
    mc_content_number(out, hundredths);
    end_number(out);
}


static void
put_id(mc_buf_t *out, const mc_glyph_t *glyph)
{
    (void) mc_buf_printf(out, "%c%u-%u", glyph->fixed ? 'A' : 'B',
                         (unsigned) glyph->font, (unsigned) glyph->number);
}


static mc_err_t
define(mc_preview_glyphs_t *glyphs, const mc_glyph_t *glyph)
{
    uint8_t   *known, bit;
    mc_err_t   err;
    mc_buf_t  *out;

    if (glyph->font >= glyphs->chain->count || glyph->number > MC_CAST_MAX) {
        return MC_EINVAL;
    }

    known = &glyphs->known[glyph->fixed][glyph->font][glyph->number / 8];
    bit = (uint8_t) (1 << glyph->number % 8);

    if (*known & bit) {
        return MC_OK;
    }

    *known |= bit;
    out = &glyphs->outlines;

    (void) mc_buf_str(out, mc_str("<path id=\""));
    put_id(out, glyph);
    (void) mc_buf_str(out, mc_str("\" d=\""));

    err = mc_outline_path(glyphs->chain->fonts[glyph->font], glyph->glyph,
                          out);
    (void) mc_buf_str(out, mc_str("\"/>\n"));

    return err == MC_OK ? out->err : err;
}


/* The beginning of a run, "along" hundredths behind the line's. */
static void
begin_run(mc_buf_t *out, const mc_line_t *line, double along, unsigned units)
{
    double  c, s, scale;

    c = cos(line->turn);
    s = sin(line->turn);
    scale = line->size / 100.0 / units;

    (void) mc_buf_printf(out, "<g transform=\"matrix(%.8f %.8f %.8f %.8f ",
                         scale * c, scale * s + 0.0, -scale * s + 0.0,
                         scale * c);
    mc_content_real(out, (line->x + c * along) / 100);
    mc_content_real(out, (line->y + s * along) / 100);
    end_number(out);
    (void) mc_buf_str(out, mc_str(")\">"));
}


static void
begin_line(mc_buf_t *out, const mc_line_t *line)
{
    (void) mc_buf_printf(out, "<g fill=\"#%02x%02x%02x\">",
                         (unsigned) (line->colour.red * 255 + 500) / 1000,
                         (unsigned) (line->colour.green * 255 + 500) / 1000,
                         (unsigned) (line->colour.blue * 255 + 500) / 1000);
}


static void
put_use(mc_buf_t *out, const mc_glyph_t *glyph, double x)
{
    (void) mc_buf_str(out, mc_str("<use href=\"#"));
    put_id(out, glyph);

    if (x != 0) {
        (void) mc_buf_str(out, mc_str("\" x=\""));
        mc_content_real(out, x);
        end_number(out);
    }

    (void) mc_buf_str(out, mc_str("\"/>"));
}


mc_err_t
mc_preview_line(mc_preview_glyphs_t *glyphs, const mc_line_t *line,
    mc_buf_t *out)
{
    size_t             i;
    double             along, start;
    unsigned           units;
    mc_err_t           err;
    const mc_glyph_t  *glyph;

    along = start = 0;
    units = 1;
    begin_line(out, line);

    for (i = 0; i < line->count; i++) {
        glyph = &line->glyphs[i];
        err = define(glyphs, glyph);

        if (err != MC_OK) {
            return err;
        }

        if (i == 0 || glyph->font != line->glyphs[i - 1].font) {
            (void) mc_buf_cstr(out, i == 0 ? "" : "</g>");
            units = glyphs->chain->fonts[glyph->font]->units;
            start = along;
            begin_run(out, line, start, units);
        }

        put_use(out, glyph, (along - start) * units / line->size);

        if (i + 1 < line->count) {
            along += (double) mc_line_step(line, i) / 1000;
        }
    }

    return mc_buf_cstr(out, line->count > 0 ? "</g></g>\n" : "</g>\n");
}
