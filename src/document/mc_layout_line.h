/*
 * Reading one line of a layout (only for mc_layout_*.c).
 *
 * Lines come from the operator, but nothing is taken on trust: every number
 * is bounded, every place lies on the page, every list has an end.
 * Lengths are read in micrometres, points in hundredths.
 */

#ifndef MC_LAYOUT_LINE_H
#define MC_LAYOUT_LINE_H

#include "mc_layout_page.h"

#pragma GCC visibility push(hidden)


/* How much of a word an error shows: %.*s */
#define mc_cut60(word)  (int) ((word).len < 60 ? (word).len : 60), (word).data

typedef struct {
    mc_layout_t               *layout;
    const mc_settings_line_t  *line;
    const mc_str_t            *words;   /* behind the first */
    size_t                     count;
    int                        page[2]; /* micrometres; 0: not yet */
    char                      *error;
} mc_reader_t;

/* Writes the text, behind the line's first word, and answers MC_EINVAL. */
mc_err_t mc_reader_fail(mc_reader_t *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* 12, 12.5 or 12.345 in thousandths, at most "most". */
bool mc_reader_number(mc_str_t word, int most, int *out);
bool mc_reader_is_number(mc_str_t word);

/* Micrometres in hundredths of a point. */
int mc_reader_points(int length);

/* What follows X Y. */
typedef enum {
    MC_PLACE_SQUARE = 1,            /* SIZE */
    MC_PLACE_BOX,                   /* WIDTH HEIGHT */
    MC_PLACE_WIDE,                  /* WIDTH [HEIGHT] */
    MC_PLACE_WIDTH                  /* WIDTH */
} mc_lengths_t;

/* A place of the words from *at on, which moves behind it. */
mc_err_t mc_reader_place(mc_reader_t *reader, size_t *at,
    mc_lengths_t lengths, mc_item_t *item);

const mc_style_t *mc_reader_style(const mc_layout_t *layout, mc_str_t name);

/* The room of an item, to be filled and then added; NULL and an error when
 * all is used or the page is not known. */
mc_item_t *mc_reader_next(mc_reader_t *reader);
mc_err_t mc_reader_add(mc_reader_t *reader, mc_item_t *item);

/* One kind of line each. */
mc_err_t mc_line_page(mc_reader_t *reader);
mc_err_t mc_line_style(mc_reader_t *reader);
mc_err_t mc_line_text(mc_reader_t *reader);         /* and title */
mc_err_t mc_line_field(mc_reader_t *reader);        /* label, value */
mc_err_t mc_line_photo(mc_reader_t *reader);
mc_err_t mc_line_qr(mc_reader_t *reader);
mc_err_t mc_line_seal(mc_reader_t *reader);
mc_err_t mc_line_guilloche(mc_reader_t *reader);


#pragma GCC visibility pop

#endif /* MC_LAYOUT_LINE_H */
