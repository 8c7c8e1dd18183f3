/*
 * Page content, quickly.
 *
 * Depends on base, mc_layout (lines), mc_content (gaps, tag names).  Any
 * thread.
 */

#include "mc_quick.h"

#include <math.h>

#include "mc_content.h"
#include "mc_digits.h"


#define LINE_ROOM    256        /* beside the glyphs */
#define GLYPH_ROOM   64         /* with a change of font before it */


void
mc_quick_init(mc_quick_t *quick, mc_buf_t *out)
{
    memset(quick, 0, sizeof(*quick));
    quick->out = out;
    quick->font = -1;
    quick->colour.red = -1;
}


static uint8_t *
put_str(uint8_t *p, const char *text, size_t len)
{
    memcpy(p, text, len);

    return p + len;
}

#define put(p, text)  put_str(p, text, sizeof(text) - 1)


static uint8_t *
put_number(uint8_t *p, int64_t hundredths)
{
    p = mc_digits_hundredths(p, hundredths);
    *p++ = ' ';

    return p;
}


static uint8_t *
put_share(uint8_t *p, int per_mille)
{
    uint8_t  *end;

    if (per_mille >= 1000 || per_mille <= 0) {
        *p++ = per_mille > 0 ? '1' : '0';
        *p++ = ' ';
        return p;
    }

    *p++ = '.';
    end = mc_digits_padded(p, (uint64_t) per_mille, 3);

    while (end[-1] == '0') {
        end--;
    }

    *end++ = ' ';

    return end;
}


/* Parts of 10,000. */
static uint8_t *
put_turn(uint8_t *p, long long value)
{
    if (value < 0) {
        *p++ = '-';
        value = -value;
    }

    p = mc_digits_uint(p, (uint64_t) value / 10000);
    *p++ = '.';
    p = mc_digits_padded(p, (uint64_t) value % 10000, 4);
    *p++ = ' ';

    return p;
}


static uint8_t *
put_colour(mc_quick_t *quick, uint8_t *p, const mc_colour_t *colour)
{
    if (memcmp(colour, &quick->colour, sizeof(*colour)) == 0) {
        return p;
    }

    quick->colour = *colour;

    p = put_share(p, colour->red);
    p = put_share(p, colour->green);
    p = put_share(p, colour->blue);

    return put(p, "rg\n");
}


static int
font_of(const mc_glyph_t *glyph)
{
    return 16 * glyph->font + glyph->fixed;
}


static uint8_t *
put_font(mc_quick_t *quick, uint8_t *p, const mc_glyph_t *glyph, int size)
{
    if (quick->font == font_of(glyph) && quick->size == size) {
        return p;
    }

    quick->font = font_of(glyph);
    quick->size = size;

    *p++ = '/';
    *p++ = glyph->fixed ? 'A' : 'B';
    *p++ = (uint8_t) ('0' + glyph->font);
    *p++ = ' ';
    p = put_number(p, size);

    return put(p, "Tf\n");
}


/* Four bytes at worst; a bare CR would be read as LF. */
static uint8_t *
put_glyph(uint8_t *p, unsigned number)
{
    uint8_t  low;

    low = (uint8_t) number;
    *p++ = (uint8_t) (number >> 8);

    if (low == '(' || low == ')' || low == '\\' || low == '\r') {
        *p++ = '\\';
        low = low == '\r' ? 'r' : low;
    }

    *p++ = low;

    return p;
}


static uint8_t *
put_gap(uint8_t *p, int gap)
{
    unsigned  size;

    if (gap == 0) {
        return p;
    }

    *p++ = ')';

    if (gap < 0) {
        *p++ = '-';
    }

    size = (unsigned) (gap < 0 ? -gap : gap);

    if (size < 10) {
        *p++ = (uint8_t) ('0' + size);
    } else {
        p = mc_digits_uint(p, size);
    }

    *p++ = '(';

    return p;
}


/* Where the line begins, and how it is turned. */
static uint8_t *
put_place(uint8_t *p, const mc_line_t *line)
{
    if (line->turn != 0) {
        p = put_turn(p, llround(cos(line->turn) * 10000));
        p = put_turn(p, llround(sin(line->turn) * 10000));
        p = put_turn(p, llround(-sin(line->turn) * 10000));
        p = put_turn(p, llround(cos(line->turn) * 10000));
    }

    p = put_number(p, line->x);
    p = put_number(p, line->y);

    return line->turn != 0 ? put(p, "Tm\n") : put(p, "Td\n");
}


static uint8_t *
put_glyphs(mc_quick_t *quick, uint8_t *p, const mc_line_t *line)
{
    int                carry;
    size_t             i;
    const mc_glyph_t  *glyph;

    carry = 0;
    p = put(p, "[(");

    for (i = 0; i < line->count; i++) {
        glyph = &line->glyphs[i];

        if (font_of(glyph) != quick->font) {
            p = put(p, ")]TJ\n");
            p = put_font(quick, p, glyph, line->size);
            p = put(p, "[(");
        }

        p = put_glyph(p, glyph->number);

        if (i + 1 < line->count) {
            p = put_gap(p, mc_content_gap(line, i, &carry));
        }
    }

    return put(p, ")]TJ\n");
}


static mc_err_t
open_mark(mc_quick_t *quick)
{
    uint8_t  text[64], *p;

    if (!quick->waiting) {
        return quick->out->err;
    }

    quick->waiting = false;
    quick->marked = true;

    p = text;
    *p++ = '/';
    p = put_str(p, mc_content_tag(quick->mark.role),
                strlen(mc_content_tag(quick->mark.role)));

    if (quick->mark.role == MC_ROLE_ARTIFACT) {
        p = put(p, " BMC\n");

    } else {
        p = put(p, "<</MCID ");
        p = mc_digits_uint(p, (uint64_t) quick->mark.id);
        p = put(p, ">>BDC\n");
    }

    return mc_buf_append(quick->out, text, (size_t) (p - text));
}


void
mc_quick_open(mc_quick_t *quick, const mc_mark_t *mark)
{
    quick->mark = *mark;
    quick->waiting = true;
}


mc_err_t
mc_quick_close(mc_quick_t *quick)
{
    quick->waiting = false;

    if (quick->marked) {
        quick->marked = false;
        (void) mc_buf_str(quick->out, mc_str("EMC\n"));
    }

    return quick->out->err;
}


mc_err_t
mc_quick_text(mc_quick_t *quick, const mc_line_t *line)
{
    uint8_t   *p;
    mc_err_t   err;
    mc_buf_t  *out;

    out = quick->out;
    err = open_mark(quick);

    if (err == MC_OK) {
        err = mc_buf_reserve(out, LINE_ROOM + GLYPH_ROOM * line->count);
    }

    if (err != MC_OK || line->count == 0) {
        return err;
    }

    p = out->data + out->len;

    p = put(p, "BT\n");
    p = put_colour(quick, p, &line->colour);

    if (line->tracking != quick->tracking) {
        quick->tracking = line->tracking;
        p = put_number(p, line->tracking);
        p = put(p, "Tc\n");
    }

    p = put_font(quick, p, line->glyphs, line->size);
    p = put_place(p, line);
    p = put_glyphs(quick, p, line);
    p = put(p, "ET\n");

    out->len = (size_t) (p - out->data);

    return MC_OK;
}


mc_err_t
mc_quick_place(mc_quick_t *quick, const mc_box_t *box, unsigned unit,
    const char *call)
{
    mc_buf_t  *out;

    out = quick->out;
    (void) open_mark(quick);

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


mc_err_t
mc_quick_ornament(mc_quick_t *quick, mc_ornament_t kind, const mc_box_t *box)
{
    (void) open_mark(quick);
    quick->colour.red = -1;

    return mc_ornament_draw(quick->out, kind, box);
}


mc_err_t
mc_quick_end(mc_quick_t *quick)
{
    if (quick->tracking != 0) {
        quick->tracking = 0;
        (void) mc_buf_str(quick->out, mc_str("0 Tc\n"));
    }

    return quick->out->err;
}
