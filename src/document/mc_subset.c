/*
 * Small TrueType files for embedding: six tables laid out by hand.
 *
 * Depends on base and mc_font.  Any thread; no state.
 *
 * A subsetter library keeps layout tables and needs 12-400 us for a name;
 * what a PDF viewer reads is glyf, head, hhea, hmtx, loca and maxp alone.
 */

#include "mc_subset.h"

#include "mc_outline_round.h"


#define ARGS_ARE_WORDS     0x0001
#define HAVE_SCALE         0x0008
#define MORE_COMPONENTS    0x0020
#define HAVE_XY_SCALE      0x0040
#define HAVE_2_BY_2        0x0080
#define HAVE_INSTRUCTIONS  0x0100

#define TABLES      6
#define HEADER      (12 + 16 * TABLES)
#define SHORT_LOCA  131070

enum { GLYF, HEAD, HHEA, HMTX, LOCA, MAXP };

typedef struct {
    const mc_font_t  *font;
    size_t            asked;        /* glyphs of the caller, and glyph 0 */
    size_t            count;
    uint16_t         *sources;      /* new id -> id in the font */
    const uint8_t    *grids;        /* of the asked glyphs; NULL: none */
    uint32_t         *offsets;      /* in glyf; count + 1 entries */
    size_t            start;        /* of the file in the buffer */
    size_t            at[TABLES];   /* of the tables in the file */
    size_t            len[TABLES];
    mc_buf_t         *out;
} subset_t;


static void
put16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t) (value >> 8);
    p[1] = (uint8_t) value;
}


static void
put32(uint8_t *p, uint32_t value)
{
    put16(p, value >> 16);
    put16(p + 2, value & 0xFFFF);
}


/* The new id of a part; parts stand behind the asked glyphs, once each. */
static mc_err_t
part_id(subset_t *subset, unsigned source, unsigned *out)
{
    size_t  i;

    for (i = subset->asked; i < subset->count; i++) {
        if (subset->sources[i] == source) {
            *out = (unsigned) i;
            return MC_OK;
        }
    }

    if (subset->count >= MC_SUBSET_GLYPHS) {
        return MC_ETOOBIG;
    }

    *out = (unsigned) subset->count;
    subset->sources[subset->count++] = (uint16_t) source;

    return MC_OK;
}


static mc_err_t
write_simple(subset_t *subset, mc_table_t glyph, unsigned contours, int grid)
{
    size_t               ends, instructions;
    mc_outline_at_t      at;
    static const uint8_t none[2] = { 0, 0 };

    ends = 10 + 2 * (size_t) contours;
    if (glyph.len < ends + 2) {
        return MC_EINVAL;
    }

    instructions = mc_be16(glyph.data + ends);
    if (glyph.len < ends + 2 + instructions) {
        return MC_EINVAL;
    }

    at.contours = contours;
    at.points = contours > 0 ? mc_be16(glyph.data + ends - 2) + 1u : 0;
    at.flags = ends + 2 + instructions;

    if (grid > 1 && contours > 0 && at.points <= MC_OUTLINE_POINTS) {
        return mc_outline_round(glyph, &at, grid, subset->out);
    }

    (void) mc_buf_append(subset->out, glyph.data, ends);
    (void) mc_buf_append(subset->out, none, 2);

    return mc_buf_append(subset->out, glyph.data + at.flags,
                         glyph.len - at.flags);
}


static size_t
component_size(unsigned flags)
{
    size_t  size;

    size = flags & ARGS_ARE_WORDS ? 8 : 6;

    if (flags & HAVE_SCALE) {
        size += 2;
    } else if (flags & HAVE_XY_SCALE) {
        size += 4;
    } else if (flags & HAVE_2_BY_2) {
        size += 8;
    }

    return size;
}


static mc_err_t
write_composite(subset_t *subset, mc_table_t glyph)
{
    size_t          pos, size;
    uint8_t         head[4];
    mc_err_t        err;
    unsigned        flags, id;

    (void) mc_buf_append(subset->out, glyph.data, 10);
    pos = 10;

    do {
        if (glyph.len < pos + 4) {
            return MC_EINVAL;
        }

        flags = mc_be16(glyph.data + pos);
        size = component_size(flags);
        if (glyph.len < pos + size) {
            return MC_EINVAL;
        }

        err = part_id(subset, mc_be16(glyph.data + pos + 2), &id);
        if (err != MC_OK) {
            return err;
        }

        put16(head, flags & ~(unsigned) HAVE_INSTRUCTIONS);
        put16(head + 2, id);
        (void) mc_buf_append(subset->out, head, 4);
        (void) mc_buf_append(subset->out, glyph.data + pos + 4, size - 4);
        pos += size;

    } while (flags & MORE_COMPONENTS);

    return subset->out->err;
}


static mc_err_t
write_glyph(subset_t *subset, size_t id)
{
    int         grid;
    mc_err_t    err;
    unsigned    contours;
    mc_table_t  glyph;

    glyph = mc_font_outline(subset->font, subset->sources[id]);
    if (glyph.len == 0) {
        return MC_OK;
    }

    grid = subset->grids != NULL && id < subset->asked
           ? subset->grids[id - 1] : 1;

    contours = mc_be16(glyph.data);
    err = contours & 0x8000 ? write_composite(subset, glyph)
                            : write_simple(subset, glyph, contours, grid);

    if (err == MC_OK && (subset->out->len - subset->start) % 2 != 0) {
        err = mc_buf_byte(subset->out, 0);
    }

    return err;
}


static void
begin_table(subset_t *subset, int table)
{
    while ((subset->out->len - subset->start) % 4 != 0) {
        if (mc_buf_byte(subset->out, 0) != MC_OK) {
            return;
        }
    }

    subset->at[table] = subset->out->len - subset->start;
}


static void
end_table(subset_t *subset, int table)
{
    subset->len[table] = subset->out->len - subset->start
                         - subset->at[table];
}


static mc_err_t
write_glyf(subset_t *subset)
{
    size_t    i;
    mc_err_t  err;

    begin_table(subset, GLYF);

    /* the list grows while it is walked: parts may have parts */
    for (i = 0; i < subset->count; i++) {
        subset->offsets[i] = (uint32_t) (subset->out->len - subset->start
                                         - subset->at[GLYF]);
        if (i > 0) {
            err = write_glyph(subset, i);
            if (err != MC_OK) {
                return err;
            }
        }
    }

    subset->offsets[i] = (uint32_t) (subset->out->len - subset->start
                                     - subset->at[GLYF]);

    /* a file of blanks alone: some readers want the table non-empty */
    if (subset->offsets[i] == 0) {
        (void) mc_buf_append(subset->out, "\0\0\0", 4);
    }

    end_table(subset, GLYF);

    return subset->out->err;
}


static void
write_heads(subset_t *subset, bool long_offsets)
{
    uint8_t           table[54];
    const mc_font_t  *font;

    font = subset->font;

    memcpy(table, font->head.data, 54);
    put32(table + 8, 0);
    put16(table + 50, long_offsets ? 1 : 0);
    begin_table(subset, HEAD);
    (void) mc_buf_append(subset->out, table, 54);
    end_table(subset, HEAD);

    memcpy(table, font->hhea.data, 36);
    put16(table + 34, (unsigned) subset->count);
    begin_table(subset, HHEA);
    (void) mc_buf_append(subset->out, table, 36);
    end_table(subset, HHEA);
}


static void
write_metrics(subset_t *subset)
{
    size_t   i;
    uint8_t  row[4];

    begin_table(subset, HMTX);

    for (i = 0; i < subset->count; i++) {
        put16(row, mc_font_advance(subset->font, subset->sources[i]));
        put16(row + 2, i == 0 ? 0 : (unsigned) mc_font_bearing(subset->font,
                                               subset->sources[i]));
        (void) mc_buf_append(subset->out, row, 4);
    }

    end_table(subset, HMTX);
}


static void
write_offsets(subset_t *subset, bool long_offsets)
{
    size_t   i;
    uint8_t  row[4];

    begin_table(subset, LOCA);

    for (i = 0; i <= subset->count; i++) {
        if (long_offsets) {
            put32(row, subset->offsets[i]);
        } else {
            put16(row, subset->offsets[i] / 2);
        }

        (void) mc_buf_append(subset->out, row, long_offsets ? 4 : 2);
    }

    end_table(subset, LOCA);
}


/* maxp without what only hinting uses. */
static void
write_profile(subset_t *subset)
{
    uint8_t  table[32];

    memcpy(table, subset->font->maxp.data, 32);
    put32(table, 0x00010000);
    put16(table + 4, (unsigned) subset->count);
    put16(table + 14, 1);           /* zones */
    memset(table + 16, 0, 12);      /* twilight points .. instructions */

    begin_table(subset, MAXP);
    (void) mc_buf_append(subset->out, table, 32);
    end_table(subset, MAXP);
}


static uint32_t
checksum(const uint8_t *p, size_t len)
{
    size_t    i;
    uint8_t   last[4];
    uint32_t  sum;

    sum = 0;

    for (i = 0; i + 4 <= len; i += 4) {
        sum += mc_be32(p + i);
    }

    if (i < len) {
        memset(last, 0, 4);
        memcpy(last, p + i, len - i);
        sum += mc_be32(last);
    }

    return sum;
}


static void
write_directory(subset_t *subset)
{
    int                i;
    uint8_t           *file, *row;
    uint32_t           sum, whole;
    static const char  tags[TABLES][5] = {
        "glyf", "head", "hhea", "hmtx", "loca", "maxp"
    };

    file = subset->out->data + subset->start;

    put32(file, 0x00010000);
    put16(file + 4, TABLES);
    put16(file + 6, 64);            /* 4 tables searched in pairs ... */
    put16(file + 8, 2);
    put16(file + 10, 32);           /* ... 2 remain */

    whole = 0;

    for (i = 0; i < TABLES; i++) {
        sum = checksum(file + subset->at[i], subset->len[i]);
        whole += sum;

        row = file + 12 + 16 * i;
        memcpy(row, tags[i], 4);
        put32(row + 4, sum);
        put32(row + 8, (uint32_t) subset->at[i]);
        put32(row + 12, (uint32_t) subset->len[i]);
    }

    /* tables begin at multiples of 4, so their sums add up to the file's */
    put32(file + subset->at[HEAD] + 8,
          0xB1B0AFBA - whole - checksum(file, HEADER));
}


static mc_err_t
write_file(subset_t *subset)
{
    bool      long_offsets;
    uint8_t   header[HEADER];
    mc_err_t  err;

    memset(header, 0, sizeof(header));
    (void) mc_buf_append(subset->out, header, sizeof(header));

    err = write_glyf(subset);
    if (err != MC_OK) {
        return err;
    }

    long_offsets = subset->offsets[subset->count] > SHORT_LOCA;

    write_heads(subset, long_offsets);
    write_metrics(subset);
    write_offsets(subset, long_offsets);
    write_profile(subset);

    if (subset->out->err == MC_OK) {
        write_directory(subset);
    }

    return subset->out->err;
}


mc_err_t
mc_subset_write(const mc_font_t *font, const uint16_t *glyphs, size_t count,
    mc_buf_t *out)
{
    return mc_subset_round(font, glyphs, NULL, count, out);
}


mc_err_t
mc_subset_round(const mc_font_t *font, const uint16_t *glyphs,
    const uint8_t *grids, size_t count, mc_buf_t *out)
{
    uint16_t  sources[MC_SUBSET_GLYPHS];
    uint32_t  offsets[MC_SUBSET_GLYPHS + 1];
    subset_t  subset;

    if (count + 1 > MC_SUBSET_GLYPHS) {
        return MC_ETOOBIG;
    }

    memset(&subset, 0, sizeof(subset));
    subset.font = font;
    subset.asked = count + 1;
    subset.count = count + 1;
    subset.sources = sources;
    subset.grids = grids;
    subset.offsets = offsets;
    subset.start = out->len;
    subset.out = out;

    sources[0] = 0;
    memcpy(sources + 1, glyphs, count * sizeof(uint16_t));

    return write_file(&subset);
}
