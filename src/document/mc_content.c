/*
 * Page content.
 *
 * Depends on base, mc_layout.  Any thread.
 *
 * Numbers are written by hand: printf would be half the cost of a page,
 * and would follow the locale.
 */

#include "mc_content.h"

#include <math.h>


static void
put_number(mc_buf_t *out, int64_t value, int decimals)
{
    int       digits;
    bool      negative;
    char      text[32], *p;
    uint64_t  rest;

    negative = value < 0;
    rest = negative ? (uint64_t) -value : (uint64_t) value;

    p = text + sizeof(text);
    *--p = ' ';

    /* no zeros behind the point */
    while (decimals > 0 && rest % 10 == 0) {
        rest /= 10;
        decimals--;
    }

    for (digits = 0; digits < decimals; digits++) {
        *--p = (char) ('0' + rest % 10);
        rest /= 10;
    }

    if (decimals > 0) {
        *--p = '.';
    }

    do {
        *--p = (char) ('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);

    if (negative) {
        *--p = '-';
    }

    (void) mc_buf_append(out, p, (size_t) (text + sizeof(text) - p));
}


void
mc_content_number(mc_buf_t *out, int hundredths)
{
    put_number(out, hundredths, 2);
}


void
mc_content_real(mc_buf_t *out, double value)
{
    put_number(out, llround(value * 100), 2);
}


void
mc_content_ink(mc_buf_t *out, const mc_colour_t *colour, bool stroke)
{
    put_number(out, colour->red, 3);
    put_number(out, colour->green, 3);
    put_number(out, colour->blue, 3);
    (void) mc_buf_cstr(out, stroke ? "RG\n" : "rg\n");
}


static void
put_matrix(mc_buf_t *out, const mc_line_t *line)
{
    if (line->turn == 0) {
        (void) mc_buf_str(out, mc_str("1 0 0 1 "));

    } else {
        put_number(out, llround(cos(line->turn) * 100000), 5);
        put_number(out, llround(sin(line->turn) * 100000), 5);
        put_number(out, llround(-sin(line->turn) * 100000), 5);
        put_number(out, llround(cos(line->turn) * 100000), 5);
    }

    put_number(out, line->x, 2);
    put_number(out, line->y, 2);
    (void) mc_buf_str(out, mc_str("Tm\n"));
}


static void
put_glyph(mc_buf_t *out, unsigned number)
{
    int                i;
    uint8_t            text[4];
    static const char  digits[] = "0123456789ABCDEF";

    for (i = 0; i < 4; i++) {
        text[i] = (uint8_t) digits[(number >> (12 - 4 * i)) & 15];
    }

    (void) mc_buf_append(out, text, 4);
}


/* "/A0 12 Tf" and the string's beginning. */
static void
begin_string(mc_buf_t *out, const mc_glyph_t *glyph, int size)
{
    uint8_t  font[3];

    font[0] = '/';
    font[1] = glyph->fixed ? 'A' : 'B';
    font[2] = (uint8_t) ('0' + glyph->font);

    (void) mc_buf_append(out, font, 3);
    (void) mc_buf_byte(out, ' ');
    put_number(out, size, 2);
    (void) mc_buf_str(out, mc_str("Tf\n[<"));
}


/* Moves the pen where the next glyph is not to stand right behind. */
static void
put_gap(mc_buf_t *out, const mc_line_t *line, size_t i)
{
    int64_t  more;

    more = mc_line_step(line, i) - mc_line_natural(line, i);

    if (more != 0) {
        (void) mc_buf_byte(out, '>');
        put_number(out, -more * 100 / line->size, 2);
        (void) mc_buf_byte(out, '<');
    }
}


mc_err_t
mc_content_text(mc_buf_t *out, const mc_line_t *line)
{
    size_t             i;
    const mc_glyph_t  *glyph, *last;

    (void) mc_buf_str(out, mc_str("BT\n"));
    mc_content_ink(out, &line->colour, false);
    put_number(out, line->tracking, 2);
    (void) mc_buf_str(out, mc_str("Tc\n"));
    put_matrix(out, line);

    last = NULL;

    for (i = 0; i < line->count; i++) {
        glyph = &line->glyphs[i];

        if (last == NULL || last->font != glyph->font
            || last->fixed != glyph->fixed)
        {
            if (last != NULL) {
                (void) mc_buf_str(out, mc_str(">]TJ\n"));
            }

            begin_string(out, glyph, line->size);
        }

        put_glyph(out, glyph->number);

        if (i + 1 < line->count) {
            put_gap(out, line, i);
        }

        last = glyph;
    }

    if (last != NULL) {
        (void) mc_buf_str(out, mc_str(">]TJ\n"));
    }

    return mc_buf_str(out, mc_str("ET\n"));
}
