/*
 * Page content in few bytes and little time: what mc_content.h writes
 * plainly, written for the documents that are handed out.
 *
 * The same marks on the paper.  Colour, font and spacing are stated only
 * where they change, glyph numbers stand as bytes instead of hex, and a
 * line is written into memory reserved for it beforehand.
 * One mc_quick_t a content stream; any one thread.
 * Source: ISO 32000-1 7.3.4.2, 8.4, 9.4, 14.6.
 */

#ifndef MC_QUICK_H
#define MC_QUICK_H

#include "mc_layout.h"
#include "mc_ornament.h"

#pragma GCC visibility push(hidden)


typedef struct {
    mc_buf_t    *out;
    int          font;          /* 16 * chain's number + fixed; -1: none */
    int          size;
    int          tracking;
    mc_colour_t  colour;
    mc_mark_t    mark;
    bool         waiting;       /* "mark" is opened by the first drawing */
    bool         marked;
} mc_quick_t;

void mc_quick_init(mc_quick_t *quick, mc_buf_t *out);

/* BT ... ET */
mc_err_t mc_quick_text(mc_quick_t *quick, const mc_line_t *line);

/* Draws the unit square or box of an XObject, e.g. "/P Do", into a place;
 * "unit" is the side of what it draws (1 of a picture). */
mc_err_t mc_quick_place(mc_quick_t *quick, const mc_box_t *box,
    unsigned unit, const char *call);

mc_err_t mc_quick_ornament(mc_quick_t *quick, mc_ornament_t kind,
    const mc_box_t *box);

/* Marked content.  An item that draws nothing leaves no mark. */
void mc_quick_open(mc_quick_t *quick, const mc_mark_t *mark);
mc_err_t mc_quick_close(mc_quick_t *quick);

/* Leaves no spacing behind for the stream that follows on the page. */
mc_err_t mc_quick_end(mc_quick_t *quick);


#pragma GCC visibility pop

#endif /* MC_QUICK_H */
