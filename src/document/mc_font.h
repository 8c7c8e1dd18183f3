/*
 * One TrueType file, mapped and checked: which glyph a character has, how
 * wide it is, where its outline lies.
 *
 * The file is mapped read-only and shared; only touched pages cost memory,
 * so a 50 MB face is cheap.  Replace font files by rename (as a package
 * manager does); one truncated in place under the map would end in SIGBUS.
 * Every offset of the file is checked here, once or at the look-up; a
 * damaged table gives "no glyph", never a read outside the map.
 * Read-only after opening: any thread.
 * Source: OpenType 1.9 chapters cmap, glyf, head, hhea, hmtx, loca, maxp,
 * name.
 */

#ifndef MC_FONT_H
#define MC_FONT_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_FONT_ERROR  192

typedef struct {
    const uint8_t  *data;
    size_t          len;
} mc_table_t;

typedef struct {
    mc_table_t  file;
    mc_table_t  head;
    mc_table_t  hhea;
    mc_table_t  hmtx;
    mc_table_t  maxp;
    mc_table_t  loca;
    mc_table_t  glyf;
    mc_table_t  cmap;           /* the chosen subtable alone */
    unsigned    cmap_format;    /* 4 or 12 */
    bool        loca_long;
    unsigned    glyphs;
    unsigned    metrics;        /* full entries in hmtx */
    unsigned    units;          /* per em */
    int         ascent;         /* the rest in units */
    int         descent;        /* negative below the base line */
    int         box[4];         /* x0 y0 x1 y1 */
    char        name[64];       /* PostScript name, [A-Za-z0-9-] */
} mc_font_t;

/* NULL and why, without the file's name, in "error". */
mc_font_t *mc_font_open(const char *path, char error[MC_FONT_ERROR]);
void mc_font_close(mc_font_t *font);

/* 0: the font has none. */
unsigned mc_font_glyph(const mc_font_t *font, uint32_t code_point);

/* Advance width in units, and the left side bearing. */
unsigned mc_font_advance(const mc_font_t *font, unsigned glyph);
int mc_font_bearing(const mc_font_t *font, unsigned glyph);

/* The glyph's description; length 0 when it has no outline (or a damaged
 * one). */
mc_table_t mc_font_outline(const mc_font_t *font, unsigned glyph);

/*
 * Fingerprint: SHA-256 over the file's length, its table directory (which
 * holds a checksum of every table) and the head table (which holds that of
 * the whole file).  Says the same as a hash of all 50 MB as long as the
 * font's own checksums are kept, without reading it from disk at each
 * start.
 */
mc_err_t mc_font_digest(const mc_font_t *font, uint8_t out[32]);

static inline unsigned
mc_be16(const uint8_t *p)
{
    return (unsigned) p[0] << 8 | p[1];
}


static inline uint32_t
mc_be32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
           | (uint32_t) p[2] << 8 | p[3];
}


#pragma GCC visibility pop

#endif /* MC_FONT_H */
