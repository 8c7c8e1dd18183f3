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


/* As the other writer has it: renderers round a moved path differently. */
#define QR_ORIGIN  10


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


void
mc_content_scale(mc_buf_t *out, int hundredths, unsigned unit)
{
    put_number(out, ((int64_t) hundredths * 1000 + unit / 2) / unit, 5);
}


static void
put_matrix(mc_buf_t *out, const mc_line_t *line)
{
    if (line->turn == 0) {
        (void) mc_buf_str(out, mc_str("1 0 0 1 "));

    } else {
        put_number(out, llround(cos(line->turn) * 10000), 4);
        put_number(out, llround(sin(line->turn) * 10000), 4);
        put_number(out, llround(-sin(line->turn) * 10000), 4);
        put_number(out, llround(cos(line->turn) * 10000), 4);
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
put_gap(mc_buf_t *out, int gap)
{
    if (gap != 0) {
        (void) mc_buf_byte(out, '>');
        put_number(out, gap, 0);
        (void) mc_buf_byte(out, '<');
    }
}


mc_err_t
mc_content_text(mc_buf_t *out, const mc_line_t *line)
{
    int                carry;
    size_t             i;
    const mc_glyph_t  *glyph, *last;

    carry = 0;

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
            put_gap(out, mc_content_gap(line, i, &carry));
        }

        last = glyph;
    }

    if (last != NULL) {
        (void) mc_buf_str(out, mc_str(">]TJ\n"));
    }

    return mc_buf_str(out, mc_str("ET\n"));
}


const char *
mc_content_tag(mc_role_t role)
{
    switch (role) {

    case MC_ROLE_ARTIFACT:
        return "Artifact";

    case MC_ROLE_TITLE:
        return "H1";

    case MC_ROLE_LABEL:
        return "Lbl";

    case MC_ROLE_PHOTO:
    case MC_ROLE_QR:
    case MC_ROLE_SEAL:
        return "Figure";

    default:
        return "P";
    }
}


mc_err_t
mc_content_open(mc_buf_t *out, const mc_mark_t *mark)
{
    (void) mc_buf_byte(out, '/');
    (void) mc_buf_cstr(out, mc_content_tag(mark->role));

    if (mark->role == MC_ROLE_ARTIFACT) {
        return mc_buf_str(out, mc_str(" BMC\n"));
    }

    return mc_buf_printf(out, " <</MCID %d>> BDC\n", mark->id);
}


mc_err_t
mc_content_close(mc_buf_t *out)
{
    return mc_buf_str(out, mc_str("EMC\n"));
}


mc_box_t
mc_content_inside(const mc_box_t *box, unsigned width, unsigned height)
{
    mc_box_t  inside;

    inside = *box;
    inside.height = (int) ((int64_t) box->width * height / width);

    if (inside.height > box->height) {
        inside.height = box->height;
        inside.width = (int) ((int64_t) box->height * width / height);
    }

    inside.x += (box->width - inside.width) / 2;
    inside.y += (box->height - inside.height) / 2;

    return inside;
}


mc_err_t
mc_content_place(mc_buf_t *out, const mc_box_t *box, unsigned unit,
    const char *call)
{
    (void) mc_buf_str(out, mc_str("q\n"));
    mc_content_scale(out, box->width, unit);
    (void) mc_buf_str(out, mc_str("0 0 "));
    mc_content_scale(out, box->height, unit);
    mc_content_number(out, box->x);
    mc_content_number(out, box->y);
    (void) mc_buf_str(out, mc_str("cm\n"));
    (void) mc_buf_cstr(out, call);

    return mc_buf_str(out, mc_str("\nQ\n"));
}


static bool
is_dark(const mc_qr_t *qr, unsigned x, unsigned y)
{
    size_t  at;

    at = (size_t) y * qr->size + x;

    return qr->bits[at / 8] >> (7 - at % 8) & 1;
}


mc_err_t
mc_content_qr(mc_buf_t *out, const mc_qr_t *qr, const mc_box_t *box)
{
    unsigned  x, y;

    if (qr->size == 0 || qr->size > MC_QR_MODULES) {
        return MC_EINVAL;
    }

    (void) mc_buf_str(out, mc_str("q\n0 0 0 rg\n"));
    mc_content_scale(out, box->width, qr->size);
    (void) mc_buf_str(out, mc_str("0 0 "));
    mc_content_scale(out, box->height, qr->size);
    mc_content_number(out, box->x);
    mc_content_number(out, box->y);
    (void) mc_buf_printf(out, "cm\n1 0 0 1 -%d -%d cm\n", QR_ORIGIN,
                         QR_ORIGIN);

    for (y = 0; y < qr->size; y++) {
        for (x = 0; x < qr->size; x++) {
            if (is_dark(qr, x, y)) {
                (void) mc_buf_printf(out, "%u %u 1 1 re\n", x + QR_ORIGIN,
                                     qr->size - 1 - y + QR_ORIGIN);
            }
        }
    }

    return mc_buf_str(out, mc_str("f\nQ\n"));
}
