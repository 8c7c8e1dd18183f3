/*
 * Font chain and casts: from characters to numbered glyphs, and what a PDF
 * needs to embed them.
 *
 * Depends on base and domain (settings), mc_font, mc_subset.  The chain is
 * opened while configuration is read; casts live in any one thread.
 */

#include "mc_cast.h"

#include <stdio.h>

#include "mc_digits.h"
#include "mc_subset.h"
#include "mc_utf8.h"


#define PATH_ROOM  1024

typedef struct {
    uint32_t  first;
    uint32_t  last;
} range_t;

/*
 * Characters that take their form from their neighbours, or give one to
 * them, would come out wrong without shaping; what a private one means is
 * known to the font's maker alone.  All these count as missing.  Sorted.
 */
static const range_t  shaped[] = {
    { 0x0300, 0x036F },         /* combining marks */
    { 0x0590, 0x109F },         /* Hebrew, Arabic, Indic, Tibetan, Burmese */
    { 0x135D, 0x135F },
    { 0x1700, 0x1AFF },         /* Khmer, Mongolian, Tai */
    { 0x1B00, 0x1CFF },
    { 0x1DC0, 0x1DFF },
    { 0x200B, 0x200F },         /* zero width, joiners, direction */
    { 0x2028, 0x202E },
    { 0x2060, 0x206F },
    { 0x20D0, 0x20FF },
    { 0x302A, 0x302F },         /* tone marks */
    { 0x3099, 0x309A },
    { 0xA800, 0xABFF },
    { 0xD800, 0xF8FF },         /* surrogates, private use */
    { 0xFB1D, 0xFDFF },         /* Hebrew, Arabic forms */
    { 0xFE00, 0xFE0F },         /* variation selectors */
    { 0xFE20, 0xFE2F },
    { 0xFE70, 0xFEFF },
    { 0x10A00, 0x11FFF },
    { 0x1D165, 0x1D1AD },
    { 0xE0000, 0x10FFFF }       /* tags, variation selectors, private use */
};


static bool
needs_shaping(uint32_t code_point)
{
    size_t  i;

    for (i = 0; i < mc_count(shaped); i++) {
        if (code_point < shaped[i].first) {
            return false;
        }

        if (code_point <= shaped[i].last) {
            return true;
        }
    }

    return false;
}


static bool
is_blank(uint32_t code_point)
{
    return code_point == 0x20 || code_point == 0xA0 || code_point == 0x3000;
}


static mc_err_t
open_one(mc_chain_t *chain, mc_str_t path, char *error)
{
    char        name[PATH_ROOM], why[MC_FONT_ERROR];
    mc_font_t  *font;

    if (path.len >= sizeof(name)) {
        snprintf(error, MC_SETTINGS_ERROR, "font path is too long");
        return MC_EINVAL;
    }

    memcpy(name, path.data, path.len);
    name[path.len] = '\0';

    font = mc_font_open(name, why);
    if (font == NULL) {
        snprintf(error, MC_SETTINGS_ERROR, "font \"%.150s\" %.90s", name,
                 why);
        return MC_EINVAL;
    }

    chain->fonts[chain->count++] = font;

    return MC_OK;
}


mc_err_t
mc_chain_open(mc_chain_t *chain, const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR])
{
    size_t    i;
    mc_err_t  err;

    memset(chain, 0, sizeof(*chain));

    if (settings->font_count == 0
        || settings->font_count > MC_SETTINGS_FONTS)
    {
        snprintf(error, MC_SETTINGS_ERROR, "no font is configured");
        return MC_EINVAL;
    }

    for (i = 0; i < settings->font_count; i++) {
        err = open_one(chain, settings->fonts[i], error);
        if (err != MC_OK) {
            mc_chain_close(chain);
            return err;
        }
    }

    return MC_OK;
}


void
mc_chain_close(mc_chain_t *chain)
{
    while (chain->count > 0) {
        mc_font_close(chain->fonts[--chain->count]);
    }
}


bool
mc_chain_find(const mc_chain_t *chain, uint32_t code_point, mc_glyph_t *out)
{
    size_t            i;
    unsigned          glyph;
    const mc_font_t  *font;

    if (needs_shaping(code_point)) {
        return false;
    }

    for (i = 0; i < chain->count; i++) {
        font = chain->fonts[i];
        glyph = mc_font_glyph(font, code_point);

        if (glyph == 0
            || (!is_blank(code_point)
                && mc_font_outline(font, glyph).len == 0))
        {
            continue;
        }

        out->code_point = code_point;
        out->glyph = (uint16_t) glyph;
        out->number = 0;
        out->advance = (uint16_t) ((mc_font_advance(font, glyph) * 1000
                                    + font->units / 2) / font->units);
        out->font = (uint8_t) i;
        out->fixed = false;

        return true;
    }

    return false;
}


void
mc_cast_init(mc_cast_t *cast, const mc_chain_t *chain,
    const mc_cast_t *fixed)
{
    cast->chain = chain;
    cast->fixed = fixed;
    cast->count = 0;
    memset(cast->numbers, 0, sizeof(cast->numbers));
    memset(cast->hash, 0, sizeof(cast->hash));
}


/* The slot that holds the character, or the free one where it belongs. */
static size_t
slot_of(const mc_cast_t *cast, uint32_t code_point)
{
    size_t  slot;

    slot = (code_point * 2654435761u) >> 21;

    while (cast->hash[slot] != 0
           && cast->glyphs[cast->hash[slot] - 1].code_point != code_point)
    {
        slot = (slot + 1) & (MC_CAST_HASH - 1);
    }

    return slot;
}


mc_err_t
mc_cast_add(mc_cast_t *cast, uint32_t code_point, mc_glyph_t *out)
{
    size_t  slot;

    if (cast->fixed != NULL) {
        slot = slot_of(cast->fixed, code_point);

        if (cast->fixed->hash[slot] != 0) {
            *out = cast->fixed->glyphs[cast->fixed->hash[slot] - 1];
            return MC_OK;
        }
    }

    slot = slot_of(cast, code_point);

    if (cast->hash[slot] != 0) {
        *out = cast->glyphs[cast->hash[slot] - 1];
        return MC_OK;
    }

    if (!mc_chain_find(cast->chain, code_point, out)) {
        return MC_EINVAL;
    }

    if (cast->count == MC_CAST_MAX) {
        return MC_ETOOBIG;
    }

    out->number = ++cast->numbers[out->font];
    out->fixed = cast->fixed == NULL;

    cast->glyphs[cast->count++] = *out;
    cast->hash[slot] = (uint16_t) cast->count;

    return MC_OK;
}


mc_err_t
mc_cast_file(const mc_cast_t *cast, size_t font, mc_buf_t *out)
{
    return mc_cast_file_round(cast, font, NULL, out);
}


mc_err_t
mc_cast_file_round(const mc_cast_t *cast, size_t font, const uint8_t *grids,
    mc_buf_t *out)
{
    size_t    i, count;
    uint8_t   steps[MC_CAST_MAX];
    uint16_t  glyphs[MC_CAST_MAX];

    count = 0;

    for (i = 0; i < cast->count; i++) {
        if (cast->glyphs[i].font == font) {
            steps[count] = grids != NULL ? grids[i] : 1;
            glyphs[count++] = cast->glyphs[i].glyph;
        }
    }

    return mc_subset_round(cast->chain->fonts[font], glyphs,
                           grids != NULL ? steps : NULL, count, out);
}


/* " 500", or where none is open "12[500". */
static void
put_width(mc_buf_t *out, const mc_glyph_t *glyph, bool open)
{
    uint8_t  text[48], *p;

    p = text;

    if (open) {
        *p++ = ' ';
    } else {
        p = mc_digits_uint(p, glyph->number);
        *p++ = '[';
    }

    p = mc_digits_uint(p, glyph->advance);

    (void) mc_buf_append(out, text, (size_t) (p - text));
}


mc_err_t
mc_cast_widths(const mc_cast_t *cast, size_t font, mc_buf_t *out)
{
    bool               open;
    size_t             i, start;
    const mc_glyph_t  *glyph;

    open = false;
    start = out->len;

    for (i = 0; i < cast->count; i++) {
        glyph = &cast->glyphs[i];

        if (glyph->font != font) {
            continue;
        }

        if (glyph->advance == 1000) {
            if (open) {
                (void) mc_buf_byte(out, ']');
            }

            open = false;
            continue;
        }

        if (out->len == start) {
            (void) mc_buf_str(out, mc_str("/W["));
        }

        put_width(out, glyph, open);
        open = true;
    }

    if (open) {
        (void) mc_buf_byte(out, ']');
    }

    if (out->len > start) {
        (void) mc_buf_append(out, "]\n", 2);
    }

    return out->err;
}


static void
put_pair(mc_buf_t *out, const mc_glyph_t *glyph)
{
    uint8_t   text[24], *p;
    uint32_t  code_point;

    code_point = glyph->code_point;

    p = text;
    *p++ = '<';
    p = mc_digits_hex(p, glyph->number);
    *p++ = '>';
    *p++ = '<';

    if (code_point > 0xFFFF) {
        code_point -= 0x10000;
        p = mc_digits_hex(p, 0xD800 + (code_point >> 10));
        p = mc_digits_hex(p, 0xDC00 + (code_point & 0x3FF));

    } else {
        p = mc_digits_hex(p, code_point);
    }

    *p++ = '>';

    (void) mc_buf_append(out, text, (size_t) (p - text));
}


static void
begin_block(mc_buf_t *out, size_t count)
{
    uint8_t  text[24];

    (void) mc_buf_append(out, text,
                         (size_t) (mc_digits_uint(text, count) - text));
    (void) mc_buf_str(out, mc_str(" beginbfchar\n"));
}


mc_err_t
mc_cast_unicode(const mc_cast_t *cast, size_t font, mc_buf_t *out)
{
    size_t  i, left, block;

    (void) mc_buf_str(out, mc_str(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) "
        "/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n"
        "/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\n"
        "endcodespacerange\n"));

    left = cast->numbers[font];
    block = 0;

    for (i = 0; i < cast->count; i++) {
        if (cast->glyphs[i].font != font) {
            continue;
        }

        if (block == 0) {
            block = left < 100 ? left : 100;
            left -= block;
            begin_block(out, block);
        }

        put_pair(out, &cast->glyphs[i]);

        if (--block == 0) {
            (void) mc_buf_str(out, mc_str("\nendbfchar\n"));
        }
    }

    return mc_buf_str(out, mc_str(
        "endcmap\nCMapName currentdict /CMap defineresource pop\n"
        "end\nend\n"));
}


void
mc_cast_tag(const mc_cast_t *cast, size_t font, char tag[7])
{
    int       i;
    size_t    n;
    uint64_t  hash;

    /* FNV-1a over the characters in order */
    hash = UINT64_C(14695981039346656037) ^ font;

    for (n = 0; n < cast->count; n++) {
        if (cast->glyphs[n].font == font) {
            hash = (hash ^ cast->glyphs[n].code_point)
                   * UINT64_C(1099511628211);
        }
    }

    hash ^= hash >> 32;

    for (i = 0; i < 6; i++) {
        tag[i] = (char) ('A' + hash % 26);
        hash /= 26;
    }

    tag[6] = '\0';
}
