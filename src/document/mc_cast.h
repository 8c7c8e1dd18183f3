/*
 * The chain of fonts, and the cast: which characters a document shows, each
 * with its glyph and its number in an embedded subset.
 *
 * A character is drawn by the first font of the chain that has it.  The
 * template owns one cast (labels, digits, Latin letters: embedded once for
 * all); a call owns another, which holds only what the template's lacks.
 * Every (font, character) pair has a number of its own even where two
 * characters share a glyph, so that text is found and copied right.
 *
 * What cannot be drawn right counts as missing, never as blank: characters
 * that no font has, glyphs without outline (but blanks), variation
 * selectors and other marks that change their neighbour, scripts whose
 * letters join or reorder (we do not shape), private use.
 *
 * A chain is read-only after opening; a cast belongs to one thread.
 */

#ifndef MC_CAST_H
#define MC_CAST_H

#include "mc_buf.h"
#include "mc_font.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_CAST_MAX   768       /* characters of one cast */
#define MC_CAST_HASH  2048      /* power of two, over MC_CAST_MAX */

typedef struct {
    size_t      count;
    mc_font_t  *fonts[MC_SETTINGS_FONTS];
} mc_chain_t;

typedef struct {
    uint32_t  code_point;
    uint16_t  glyph;            /* in the font file */
    uint16_t  number;           /* in the subset, from 1 */
    uint16_t  advance;          /* thousandths of the size */
    uint8_t   font;             /* of the chain */
    bool      fixed;            /* in the template's subset */
} mc_glyph_t;

typedef struct mc_cast_s  mc_cast_t;

struct mc_cast_s {
    const mc_chain_t  *chain;
    const mc_cast_t   *fixed;   /* looked into first; NULL in a template */
    size_t             count;
    mc_glyph_t         glyphs[MC_CAST_MAX];
    uint16_t           numbers[MC_SETTINGS_FONTS];  /* given out so far */
    uint16_t           hash[MC_CAST_HASH];          /* index + 1; 0: free */
};

/* On failure NULL-like (count 0) and a text that names the file. */
mc_err_t mc_chain_open(mc_chain_t *chain, const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR]);
void mc_chain_close(mc_chain_t *chain);

/* False: no font of the chain draws it. */
bool mc_chain_find(const mc_chain_t *chain, uint32_t code_point,
    mc_glyph_t *out);

/* Empty; "cast" may be any memory. */
void mc_cast_init(mc_cast_t *cast, const mc_chain_t *chain,
    const mc_cast_t *fixed);

/* MC_EINVAL: missing.  MC_ETOOBIG: the cast is full. */
mc_err_t mc_cast_add(mc_cast_t *cast, uint32_t code_point, mc_glyph_t *out);

/*
 * The three parts of one embedded font of the cast: the TrueType file, the
 * widths ("/W[1[500 500]]" and a line end; nothing when all are 1000), the
 * ToUnicode map.  "tag" takes six letters and a NUL that follow from
 * the subset's characters.  "grids", one for each character of the cast in
 * order, are those of mc_subset_round().
 */
mc_err_t mc_cast_file(const mc_cast_t *cast, size_t font, mc_buf_t *out);
mc_err_t mc_cast_file_round(const mc_cast_t *cast, size_t font,
    const uint8_t *grids, mc_buf_t *out);
mc_err_t mc_cast_widths(const mc_cast_t *cast, size_t font, mc_buf_t *out);
mc_err_t mc_cast_unicode(const mc_cast_t *cast, size_t font, mc_buf_t *out);
void mc_cast_tag(const mc_cast_t *cast, size_t font, char tag[7]);


#pragma GCC visibility pop

#endif /* MC_CAST_H */
