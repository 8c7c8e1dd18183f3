/*
 * seal national|regional NAME [ENGLISH] > FILE.svg
 *
 * Draws a round red seal for the demo: NAME above along the ring, ENGLISH
 * below, and 示例 (sample) across its middle, so that nobody takes it for a
 * real one.  Letters are outlines of the sample fonts: the file is an SVG of
 * the subset that mc_seal.h takes.  One thread.
 */

#include <math.h>
#include <stdio.h>

#include "mc_cast.h"
#include "mc_outline.h"
#include "mc_sample.h"
#include "mc_utf8.h"


#define PI       3.14159265358979323846
#define LETTERS  64
#define RED      "#c8102e"

typedef struct {
    mc_chain_t  chain;
    mc_buf_t    out;
} seal_t;


/* One letter, its foot's middle at (x, y), turned by "turn" degrees; "wide"
 * presses it together. */
static bool
put_letter(seal_t *seal, const mc_glyph_t *glyph, double x, double y,
    double turn, double size, double wide)
{
    double            scale;
    const mc_font_t  *font;

    font = seal->chain.fonts[glyph->font];
    scale = size / font->units;

    (void) mc_buf_printf(&seal->out, "<path transform=\"translate(%.3f %.3f)"
                         " rotate(%.3f) scale(%.6f %.6f) "
                         "translate(%.1f 0)\" d=\"", x, y, turn,
                         scale * wide, -scale,
                         -(double) mc_font_advance(font, glyph->glyph) / 2);

    if (mc_outline_path(font, glyph->glyph, &seal->out) != MC_OK) {
        return false;
    }

    return mc_buf_cstr(&seal->out, "\"/>\n") == MC_OK;
}


static size_t
find_letters(seal_t *seal, mc_str_t text, mc_glyph_t *out)
{
    size_t  pos, count;

    count = 0;

    for (pos = 0; pos < text.len && count < LETTERS; count++) {

        if (!mc_chain_find(&seal->chain, mc_utf8_next(text, &pos),
                           &out[count]))
        {
            return 0;
        }
    }

    return count;
}


/* Along the ring, letters upright at its head ("above") or at its foot. */
static bool
put_round(seal_t *seal, mc_str_t text, bool above, double radius,
    double size)
{
    size_t       i, count;
    double       angle, step, first;
    mc_glyph_t   letters[LETTERS];

    count = find_letters(seal, text, letters);
    step = fmin(above ? 26 : 9, (above ? 250.0 : 90.0) / (double) (count + 1));
    first = -step * ((double) count - 1) / 2;

    for (i = 0; i < count; i++) {
        angle = first + step * (double) i;

        if (!put_letter(seal, &letters[i],
                        50 + radius * sin(angle * PI / 180),
                        above ? 50 - radius * cos(angle * PI / 180)
                              : 50 + radius * cos(angle * PI / 180),
                        above ? angle : -angle, size, 0.86))
        {
            return false;
        }
    }

    return count > 0;
}


static bool
put_middle(seal_t *seal, mc_str_t text, double y, double size)
{
    size_t       i, count;
    mc_glyph_t   letters[LETTERS];

    count = find_letters(seal, text, letters);

    for (i = 0; i < count; i++) {

        if (!put_letter(seal, &letters[i], 50 + size * 1.1
                        * ((double) i - ((double) count - 1) / 2), y, 0,
                        size, 1))
        {
            return false;
        }
    }

    return count > 0;
}


/* A star of five points, or a flower of twelve leaves. */
static void
put_sign(seal_t *seal, bool star)
{
    int     i;
    double  angle, radius;

    if (!star) {
        (void) mc_buf_cstr(&seal->out, "<g fill=\"none\" stroke=\"" RED
                           "\" stroke-width=\"0.7\">\n");

        for (i = 0; i < 12; i++) {
            (void) mc_buf_printf(&seal->out, "<ellipse cx=\"50\" cy=\"34\" "
                                 "rx=\"3.2\" ry=\"6\" transform=\""
                                 "rotate(%d 50 40)\"/>\n", i * 30);
        }

        (void) mc_buf_cstr(&seal->out, "</g>\n");
        return;
    }

    (void) mc_buf_cstr(&seal->out, "<polygon points=\"");

    for (i = 0; i < 10; i++) {
        angle = i * PI / 5;
        radius = i % 2 == 0 ? 12 : 4.58;
        (void) mc_buf_printf(&seal->out, "%.3f,%.3f ",
                             50 + radius * sin(angle),
                             40 - radius * cos(angle));
    }

    (void) mc_buf_cstr(&seal->out, "\"/>\n");
}


static bool
draw(seal_t *seal, bool national, mc_str_t name, mc_str_t english)
{
    (void) mc_buf_cstr(&seal->out,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                       "viewBox=\"0 0 100 100\" fill=\"" RED "\">\n<title>");
    (void) mc_buf_cstr(&seal->out, "示例 sample</title>\n"
                       "<circle cx=\"50\" cy=\"50\" r=\"48\" fill=\"none\" "
                       "stroke=\"" RED "\" stroke-width=\"2.6\"/>\n");

    if (national) {
        (void) mc_buf_cstr(&seal->out, "<circle cx=\"50\" cy=\"50\" "
                           "r=\"45.4\" fill=\"none\" stroke=\"" RED "\" "
                           "stroke-width=\"0.6\"/>\n");
    }

    put_sign(seal, national);

    return put_round(seal, name, true, 33, 11)
           && put_middle(seal, mc_str("示例"), 69, 13)
           && (english.len == 0
               || put_round(seal, english, false, 41.5, 7))
           && mc_buf_cstr(&seal->out, "</svg>\n") == MC_OK;
}


int
main(int argc, char **argv)
{
    bool           good, national;
    char           error[MC_SETTINGS_ERROR];
    seal_t         seal;
    mc_settings_t  settings;

    if (argc < 3 || argc > 4
        || (strcmp(argv[1], "national") != 0
            && strcmp(argv[1], "regional") != 0))
    {
        fprintf(stderr, "usage: seal national|regional NAME [ENGLISH]\n");
        return 2;
    }

    memset(&seal, 0, sizeof(seal));
    mc_buf_init(&seal.out, 1024 * 1024);
    mc_sample_settings(&settings);

    if (mc_chain_open(&seal.chain, &settings, error) != MC_OK) {
        fprintf(stderr, "seal: %s\n", error);
        return 1;
    }

    national = strcmp(argv[1], "national") == 0;
    good = draw(&seal, national, mc_str_from(argv[2]),
                argc > 3 ? mc_str_from(argv[3]) : mc_str_null)
           && fwrite(seal.out.data, 1, seal.out.len, stdout) == seal.out.len
           && fflush(stdout) == 0;

    if (!good) {
        fprintf(stderr, "seal: cannot draw \"%s\"\n", argv[2]);
    }

    mc_chain_close(&seal.chain);
    mc_buf_free(&seal.out);

    return good ? 0 : 1;
}
