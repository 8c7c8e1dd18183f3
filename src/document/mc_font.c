/*
 * TrueType files: opening, tables, character map, metrics.
 *
 * Depends on libc and base.  Opened while configuration is read, then
 * read-only in any thread.
 *
 * Our own reader instead of a font library: the request path needs five
 * look-ups in tables that are already in memory, at some ten nanoseconds
 * each, and none of a library's state.
 */

#include "mc_font.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_crypto.h"


#define FILE_MAX    (256u * 1024 * 1024)
#define TABLES_MAX  256

static const mc_table_t  no_table = { NULL, 0 };


static int
be16s(const uint8_t *p)
{
    return (int16_t) mc_be16(p);
}


static mc_table_t
slice(mc_table_t table, size_t offset, size_t len)
{
    if (offset > table.len || len > table.len - offset) {
        return no_table;
    }

    return (mc_table_t) { table.data + offset, len };
}


static bool
map_file(mc_table_t *file, const char *path, char *error)
{
    int          fd;
    void        *map;
    struct stat  st;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1) {
        snprintf(error, MC_FONT_ERROR, "cannot be opened (%s)",
                 strerror(errno));
        return false;
    }

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)
        || st.st_size < 12 || st.st_size > (off_t) FILE_MAX)
    {
        snprintf(error, MC_FONT_ERROR, "is no font file");
        close(fd);
        return false;
    }

    map = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);

    if (map == MAP_FAILED) {
        snprintf(error, MC_FONT_ERROR, "cannot be mapped");
        return false;
    }

    file->data = map;
    file->len = (size_t) st.st_size;

    return true;
}


static mc_table_t
find_table(mc_table_t file, const char *tag)
{
    size_t          i, count;
    const uint8_t  *row;

    count = mc_be16(file.data + 4);

    for (i = 0; i < count && 12 + (i + 1) * 16 <= file.len; i++) {
        row = file.data + 12 + i * 16;

        if (memcmp(row, tag, 4) == 0) {
            return slice(file, mc_be32(row + 8), mc_be32(row + 12));
        }
    }

    return no_table;
}


/* How much we like a subtable of cmap; 0: not at all. */
static int
cmap_rank(unsigned platform, unsigned encoding, unsigned format)
{
    if (format == 12 && ((platform == 3 && encoding == 10)
                         || (platform == 0 && encoding >= 3)))
    {
        return 2;
    }

    if (format == 4 && ((platform == 3 && encoding == 1) || platform == 0)) {
        return 1;
    }

    return 0;
}


static mc_table_t
cmap_subtable(mc_table_t cmap, size_t offset, unsigned format)
{
    mc_table_t  rest;

    rest = slice(cmap, offset, cmap.len - offset);

    if (format == 12) {
        if (rest.len < 16) {
            return no_table;
        }

        rest = slice(rest, 0, mc_be32(rest.data + 4));
        if (rest.len < 16
            || mc_be32(rest.data + 12) > (rest.len - 16) / 12)
        {
            return no_table;
        }

        return rest;
    }

    /* format 4 tables longer than 64 kB state a wrong length: use what the
     * file has, every access is checked */
    if (rest.len < 16 || 16 + 4 * (size_t) mc_be16(rest.data + 6) > rest.len) {
        return no_table;
    }

    return rest;
}


static void
choose_cmap(mc_font_t *font, mc_table_t cmap)
{
    int             rank, best;
    size_t          i, count, offset;
    unsigned        format;
    mc_table_t      table;
    const uint8_t  *row;

    best = 0;
    count = cmap.len >= 4 ? mc_be16(cmap.data + 2) : 0;

    for (i = 0; i < count && 4 + (i + 1) * 8 <= cmap.len; i++) {
        row = cmap.data + 4 + i * 8;
        offset = mc_be32(row + 4);

        if (offset > cmap.len || cmap.len - offset < 4) {
            continue;
        }

        format = mc_be16(cmap.data + offset);
        rank = cmap_rank(mc_be16(row), mc_be16(row + 2), format);
        if (rank <= best) {
            continue;
        }

        table = cmap_subtable(cmap, offset, format);
        if (table.data != NULL) {
            best = rank;
            font->cmap = table;
            font->cmap_format = format;
        }
    }
}


/* Keeps [A-Za-z0-9-] of a name record, in either of its encodings. */
static void
take_name(mc_font_t *font, mc_table_t text, bool wide)
{
    size_t   i, out;
    uint8_t  c;

    out = 0;

    for (i = wide ? 1 : 0; i < text.len; i += wide ? 2 : 1) {
        c = text.data[i];

        if (wide && text.data[i - 1] != 0) {
            continue;
        }

        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || (c >= '0' && c <= '9') || c == '-')
        {
            if (out < sizeof(font->name) - 1) {
                font->name[out++] = (char) c;
            }
        }
    }

    font->name[out] = '\0';
}


static void
read_name(mc_font_t *font, mc_table_t name)
{
    size_t          i, count, strings;
    unsigned        platform;
    mc_table_t      text;
    const uint8_t  *row;

    snprintf(font->name, sizeof(font->name), "Certificate");

    count = name.len >= 6 ? mc_be16(name.data + 2) : 0;
    strings = name.len >= 6 ? mc_be16(name.data + 4) : 0;

    for (i = 0; i < count && 6 + (i + 1) * 12 <= name.len; i++) {
        row = name.data + 6 + i * 12;
        platform = mc_be16(row);

        if (mc_be16(row + 6) != 6 || (platform != 3 && platform != 1)) {
            continue;
        }

        text = slice(name, strings + mc_be16(row + 10), mc_be16(row + 8));
        if (text.len > 0) {
            take_name(font, text, platform == 3);
        }

        if (font->name[0] != '\0' && platform == 3) {
            return;
        }
    }

    if (font->name[0] == '\0') {
        snprintf(font->name, sizeof(font->name), "Certificate");
    }
}


static bool
read_tables(mc_font_t *font, char *error)
{
    size_t  entry;

    font->head = find_table(font->file, "head");
    font->hhea = find_table(font->file, "hhea");
    font->hmtx = find_table(font->file, "hmtx");
    font->maxp = find_table(font->file, "maxp");
    font->loca = find_table(font->file, "loca");
    font->glyf = find_table(font->file, "glyf");

    if (font->head.len < 54 || font->hhea.len < 36 || font->maxp.len < 32
        || font->glyf.len == 0)
    {
        snprintf(error, MC_FONT_ERROR, "lacks TrueType tables");
        return false;
    }

    font->units = mc_be16(font->head.data + 18);
    font->loca_long = mc_be16(font->head.data + 50) != 0;
    font->glyphs = mc_be16(font->maxp.data + 4);
    font->metrics = mc_be16(font->hhea.data + 34);
    entry = font->loca_long ? 4 : 2;

    if (font->units < 16 || font->units > 16384 || font->glyphs == 0
        || font->metrics == 0 || font->metrics > font->glyphs
        || font->loca.len < ((size_t) font->glyphs + 1) * entry
        || font->hmtx.len < (size_t) font->metrics * 4
                            + (size_t) (font->glyphs - font->metrics) * 2)
    {
        snprintf(error, MC_FONT_ERROR, "has damaged tables");
        return false;
    }

    choose_cmap(font, find_table(font->file, "cmap"));
    if (font->cmap.data == NULL) {
        snprintf(error, MC_FONT_ERROR, "has no Unicode character map");
        return false;
    }

    return true;
}


static bool
check_kind(const mc_font_t *font, char *error)
{
    const uint8_t  *p;

    p = font->file.data;

    if (memcmp(p, "OTTO", 4) == 0 || memcmp(p, "ttcf", 4) == 0) {
        snprintf(error, MC_FONT_ERROR, "%s; a TrueType (.ttf) file is needed",
                 p[0] == 'O' ? "has PostScript outlines"
                             : "is a font collection");
        return false;
    }

    if ((mc_be32(p) != 0x00010000 && memcmp(p, "true", 4) != 0)
        || mc_be16(p + 4) == 0 || mc_be16(p + 4) > TABLES_MAX)
    {
        snprintf(error, MC_FONT_ERROR, "is no font file");
        return false;
    }

    return true;
}


mc_font_t *
mc_font_open(const char *path, char error[MC_FONT_ERROR])
{
    size_t      i;
    mc_font_t  *font;

    font = mc_alloc(sizeof(mc_font_t));
    if (font == NULL) {
        snprintf(error, MC_FONT_ERROR, "out of memory");
        return NULL;
    }

    if (!map_file(&font->file, path, error)) {
        mc_free(font);
        return NULL;
    }

    if (!check_kind(font, error) || !read_tables(font, error)) {
        mc_font_close(font);
        return NULL;
    }

    read_name(font, find_table(font->file, "name"));

    font->ascent = be16s(font->hhea.data + 4);
    font->descent = be16s(font->hhea.data + 6);

    for (i = 0; i < 4; i++) {
        font->box[i] = be16s(font->head.data + 36 + 2 * i);
    }

    return font;
}


void
mc_font_close(mc_font_t *font)
{
    if (font == NULL) {
        return;
    }

    munmap((void *) (uintptr_t) font->file.data, font->file.len);
    mc_free(font);
}


/* Format 12: sorted groups of (first, last, first glyph). */
static unsigned
lookup_groups(mc_table_t cmap, uint32_t code_point)
{
    size_t          low, high, middle;
    uint32_t        glyph;
    const uint8_t  *group;

    low = 0;
    high = mc_be32(cmap.data + 12);

    while (low < high) {
        middle = low + (high - low) / 2;
        group = cmap.data + 16 + middle * 12;

        if (code_point > mc_be32(group + 4)) {
            low = middle + 1;

        } else if (code_point < mc_be32(group)) {
            high = middle;

        } else {
            glyph = mc_be32(group + 8) + (code_point - mc_be32(group));
            return glyph <= 0xFFFF ? (unsigned) glyph : 0;
        }
    }

    return 0;
}


/* Format 4: arrays of segment ends, starts, deltas and offsets. */
static unsigned
lookup_segments(mc_table_t cmap, uint32_t code_point)
{
    size_t          count, low, high, middle, at;
    unsigned        start, offset, glyph;
    const uint8_t  *ends, *starts, *deltas, *offsets;

    if (code_point > 0xFFFF) {
        return 0;
    }

    count = mc_be16(cmap.data + 6) / 2;
    ends = cmap.data + 14;
    starts = ends + 2 * count + 2;
    deltas = starts + 2 * count;
    offsets = deltas + 2 * count;

    low = 0;
    high = count;

    while (low < high) {
        middle = low + (high - low) / 2;

        if (mc_be16(ends + 2 * middle) < code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }

    if (low == count) {
        return 0;
    }

    start = mc_be16(starts + 2 * low);
    offset = mc_be16(offsets + 2 * low);

    if (code_point < start) {
        return 0;
    }

    if (offset == 0) {
        return (code_point + mc_be16(deltas + 2 * low)) & 0xFFFF;
    }

    at = (size_t) (offsets - cmap.data) + 2 * low + offset
         + 2 * (size_t) (code_point - start);

    if (at + 2 > cmap.len) {
        return 0;
    }

    glyph = mc_be16(cmap.data + at);

    return glyph == 0 ? 0 : (glyph + mc_be16(deltas + 2 * low)) & 0xFFFF;
}


unsigned
mc_font_glyph(const mc_font_t *font, uint32_t code_point)
{
    unsigned  glyph;

    glyph = font->cmap_format == 12 ? lookup_groups(font->cmap, code_point)
                                    : lookup_segments(font->cmap, code_point);

    return glyph < font->glyphs ? glyph : 0;
}


unsigned
mc_font_advance(const mc_font_t *font, unsigned glyph)
{
    if (glyph >= font->metrics) {
        glyph = font->metrics - 1;
    }

    return mc_be16(font->hmtx.data + 4 * (size_t) glyph);
}


int
mc_font_bearing(const mc_font_t *font, unsigned glyph)
{
    if (glyph < font->metrics) {
        return be16s(font->hmtx.data + 4 * (size_t) glyph + 2);
    }

    if (glyph >= font->glyphs) {
        return 0;
    }

    return be16s(font->hmtx.data + 4 * (size_t) font->metrics
                 + 2 * (size_t) (glyph - font->metrics));
}


mc_table_t
mc_font_outline(const mc_font_t *font, unsigned glyph)
{
    size_t          start, end;
    const uint8_t  *p;

    if (glyph >= font->glyphs) {
        return no_table;
    }

    if (font->loca_long) {
        p = font->loca.data + 4 * (size_t) glyph;
        start = mc_be32(p);
        end = mc_be32(p + 4);

    } else {
        p = font->loca.data + 2 * (size_t) glyph;
        start = 2 * (size_t) mc_be16(p);
        end = 2 * (size_t) mc_be16(p + 2);
    }

    if (end < start + 10 || end > font->glyf.len) {
        return no_table;
    }

    return (mc_table_t) { font->glyf.data + start, end - start };
}


mc_err_t
mc_font_digest(const mc_font_t *font, uint8_t out[32])
{
    size_t    directory;
    mc_str_t  parts[3];
    char      length[24];

    directory = 12 + 16 * (size_t) mc_be16(font->file.data + 4);
    if (directory > font->file.len) {
        directory = font->file.len;
    }

    snprintf(length, sizeof(length), "%zu", font->file.len);

    parts[0] = mc_str_from(length);
    parts[1] = (mc_str_t) { (const char *) font->file.data, directory };
    parts[2] = (mc_str_t) { (const char *) font->head.data, font->head.len };

    return mc_sha256_parts(parts, mc_count(parts), out);
}
