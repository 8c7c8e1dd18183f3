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

#pragma GCC visibility push(hidden)


/* Hundredths: 1234 gives "12.34 ", with the blank. */
void mc_content_number(mc_buf_t *out, int hundredths);

/* The same, rounded. */
void mc_content_real(mc_buf_t *out, double value);

void mc_content_ink(mc_buf_t *out, const mc_colour_t *colour, bool stroke);

/* BT ... ET */
mc_err_t mc_content_text(mc_buf_t *out, const mc_line_t *line);


#pragma GCC visibility pop

#endif /* MC_CONTENT_H */
