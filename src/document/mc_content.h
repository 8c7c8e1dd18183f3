/*
 * Writes page content: numbers, colours, text as glyph numbers.
 *
 * Font names in the page's resources: /A0 .. the template's subset of the
 * chain's n-th font, /B0 .. the document's own.  Any thread.
 * Source: ISO 32000-1 8.4, 9.4.
 */

#ifndef MC_CONTENT_H
#define MC_CONTENT_H

#include "mc_layout.h"
#include "mc_qr.h"

#pragma GCC visibility push(hidden)


/* Hundredths: 1234 gives "12.34 ", with the blank. */
void mc_content_number(mc_buf_t *out, int hundredths);

/* The same, rounded. */
void mc_content_real(mc_buf_t *out, double value);

void mc_content_ink(mc_buf_t *out, const mc_colour_t *colour, bool stroke);

/* A side of "hundredths" drawn by something of "unit" sides: the factor,
 * with five decimals. */
void mc_content_scale(mc_buf_t *out, int hundredths, unsigned unit);

/*
 * What an array of text shows behind glyph i of a line, in thousandths of
 * its size (ISO 32000-1 9.4.3): moves the pen from where it goes by itself
 * to where the next glyph is to stand.  Whole numbers are off by half a
 * thousandth of the size (1/20 dot at 12 points); "carry", 0 at the line's
 * beginning, keeps that from adding up.
 */
static inline int
mc_content_gap(const mc_line_t *line, size_t i, int *carry)
{
    int      want, gap;
    int64_t  natural;

    /* mc_line_natural() and mc_line_step() */
    natural = (int64_t) line->glyphs[i].advance * line->size
              + (int64_t) line->tracking * 1000;
    want = (int) ((natural + MC_LINE_DOT * 500) / (MC_LINE_DOT * 1000)
                  * (MC_LINE_DOT * 1000) - natural) + *carry;

    gap = (want + (want < 0 ? -line->size : line->size) / 2) / line->size;
    *carry = want - gap * line->size;

    return -gap;
}

/* BT ... ET */
mc_err_t mc_content_text(mc_buf_t *out, const mc_line_t *line);

/* Marked content (ISO 32000-1 14.6): the tag, and the two operators. */
const char *mc_content_tag(mc_role_t role);
mc_err_t mc_content_open(mc_buf_t *out, const mc_mark_t *mark);
mc_err_t mc_content_close(mc_buf_t *out);

/* The largest box of a picture's shape inside of another, centred. */
mc_box_t mc_content_inside(const mc_box_t *box, unsigned width,
    unsigned height);

/* An XObject of "unit" sides into its place: "call" is "/P Do". */
mc_err_t mc_content_place(mc_buf_t *out, const mc_box_t *box, unsigned unit,
    const char *call);

/* The dark modules of a QR code, each a square, as one path. */
mc_err_t mc_content_qr(mc_buf_t *out, const mc_qr_t *qr,
    const mc_box_t *box);


#pragma GCC visibility pop

#endif /* MC_CONTENT_H */
