/*
 * Unit tests of the document's parts (S16): fonts against FreeType, subset
 * files, fitting of long texts.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "mc_fit.h"
#include "mc_sample.h"
#include "mc_subset.h"
#include "mc_utf8.h"


#define BATCH  150
#define SIDE   352          /* of a glyph drawn large, dots */

static FT_Library   library;
static mc_chain_t   chain;


static int
open_chain(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    mc_settings_t  settings;

    mc_sample_settings(&settings);

    return FT_Init_FreeType(&library) != 0
           || mc_chain_open(&chain, &settings, error) != MC_OK;
}


static int
close_chain(void **state)
{
    mc_chain_close(&chain);
    FT_Done_FreeType(library);

    return 0;
}


static FT_Face
open_face(const mc_font_t *font)
{
    FT_Face  face;

    assert_int_equal(FT_New_Memory_Face(library, font->file.data,
                                        (FT_Long) font->file.len, 0, &face),
                     0);
    assert_int_equal(FT_Select_Charmap(face, FT_ENCODING_UNICODE), 0);

    return face;
}


static void
every_character_has_the_glyph_that_freetype_finds(void **state)
{
    size_t            i;
    FT_Face           face;
    uint32_t          c;
    unsigned          glyph, found;
    const mc_font_t  *font;

    for (i = 0; i < chain.count; i++) {
        font = chain.fonts[i];
        face = open_face(font);
        found = 0;

        for (c = 0; c < 0x32000; c++) {
            glyph = mc_font_glyph(font, c);
            found += glyph != 0;

            if (glyph != FT_Get_Char_Index(face, c)) {
                fail_msg("font %zu, U+%04X", i, c);
            }
        }

        assert_in_range(found, 10000, 65535);
        assert_int_equal(mc_font_glyph(font, UINT32_MAX), 0);
        FT_Done_Face(face);
    }
}


static FT_GlyphSlot
load(FT_Face face, unsigned glyph)
{
    assert_int_equal(FT_Load_Glyph(face, glyph,
                                   FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING),
                     0);

    return face->glyph;
}


static void
assert_same_outline(FT_Face whole, unsigned glyph, FT_Face subset,
    unsigned number)
{
    int         points, contours;
    FT_Pos      advance, bearing;
    FT_Vector  *copy;
    FT_Outline  outline;

    outline = load(whole, glyph)->outline;
    advance = whole->glyph->metrics.horiAdvance;
    bearing = whole->glyph->metrics.horiBearingX;
    points = outline.n_points;
    contours = outline.n_contours;

    copy = malloc(((size_t) points + 1) * sizeof(FT_Vector));
    assert_non_null(copy);
    memcpy(copy, outline.points, (size_t) points * sizeof(FT_Vector));

    outline = load(subset, number)->outline;

    assert_int_equal(outline.n_points, points);
    assert_int_equal(outline.n_contours, contours);
    assert_int_equal(subset->glyph->metrics.horiAdvance, advance);
    assert_int_equal(subset->glyph->metrics.horiBearingX, bearing);
    assert_memory_equal(outline.points, copy,
                        (size_t) points * sizeof(FT_Vector));
    free(copy);
}


/* Writes a subset, opens it and compares each of its glyphs. */
static void
compare_batch(const mc_font_t *font, FT_Face whole, const uint16_t *glyphs,
    size_t count)
{
    size_t    i;
    FT_Face   subset;
    mc_buf_t  file;

    mc_buf_init(&file, 4 * 1024 * 1024);
    assert_int_equal(mc_subset_write(font, glyphs, count, &file), MC_OK);
    assert_int_equal(FT_New_Memory_Face(library, file.data,
                                        (FT_Long) file.len, 0, &subset), 0);
    assert_int_equal(subset->units_per_EM, whole->units_per_EM);

    for (i = 0; i < count; i++) {
        assert_same_outline(whole, glyphs[i], subset, (unsigned) i + 1);
    }

    assert_int_equal(load(subset, 0)->outline.n_points, 0);

    FT_Done_Face(subset);
    mc_buf_free(&file);
}


static FT_Pos
rounded(FT_Pos value, int grid)
{
    FT_Pos  rest;

    value += grid / 2;
    rest = value % grid;

    return value - rest - (rest < 0 ? grid : 0);
}


/* Points to multiples of the grid; then a sixteenth of a unit is a pixel's
 * 64th, so that nothing of the outline is lost. */
static void
enlarge(FT_Outline *outline, int grid)
{
    int  n;

    for (n = 0; n < outline->n_points; n++) {
        outline->points[n].x = (rounded(outline->points[n].x, grid) + 300)
                               * 16;
        outline->points[n].y = (rounded(outline->points[n].y, grid) + 400)
                               * 16;
    }
}


static void
paint(FT_Outline *outline, uint8_t *pixels)
{
    FT_Bitmap  bitmap;

    memset(pixels, 0, SIDE * SIDE);
    memset(&bitmap, 0, sizeof(bitmap));
    bitmap.rows = SIDE;
    bitmap.width = SIDE;
    bitmap.pitch = SIDE;
    bitmap.buffer = pixels;
    bitmap.num_grays = 256;
    bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;

    assert_int_equal(FT_Outline_Get_Bitmap(library, outline, &bitmap), 0);
}


/* The dots differ by what arithmetic of curves and edges rounds, no more. */
static unsigned
assert_same_dots(const uint8_t *a, const uint8_t *b)
{
    size_t    i;
    unsigned  dark;

    dark = 0;

    for (i = 0; i < SIDE * SIDE; i++) {
        assert_true(abs(a[i] - b[i]) <= 1);
        dark += a[i] > 127;
    }

    return dark;
}


static FT_Face
open_subset(const uint16_t *glyphs, const uint8_t *grids, mc_buf_t *file)
{
    FT_Face  face;

    mc_buf_init(file, 4 * 1024 * 1024);
    assert_int_equal(mc_subset_round(chain.fonts[0], glyphs, grids, BATCH,
                                     file), MC_OK);
    assert_int_equal(FT_New_Memory_Face(library, file->data,
                                        (FT_Long) file->len, 0, &face), 0);

    return face;
}


/* Labels are rounded, and lose points that do not bend them: what is drawn
 * is the outline with its points on the grid, to the dot. */
static void
a_rounded_outline_is_its_own_on_the_grid(void **state)
{
    int              spared;
    size_t           i;
    FT_Face          whole, exact, subset;
    uint8_t          grids[BATCH];
    mc_buf_t         files[2];
    uint16_t         glyphs[BATCH];
    FT_Outline       near, own;
    static uint8_t   dots[2][SIDE * SIDE];

    whole = open_face(chain.fonts[0]);

    for (i = 0; i < BATCH; i++) {
        glyphs[i] = (uint16_t) FT_Get_Char_Index(whole, 0x4E00 + 17 * i);
        grids[i] = (uint8_t) (i % 9 + 1);
    }

    exact = open_subset(glyphs, NULL, &files[0]);
    subset = open_subset(glyphs, grids, &files[1]);
    spared = 0;

    for (i = 0; i < BATCH; i++) {
        own = load(exact, (unsigned) i + 1)->outline;
        near = load(subset, (unsigned) i + 1)->outline;
        assert_int_equal(near.n_contours, own.n_contours);
        assert_in_range(near.n_points, 1, own.n_points);
        spared += own.n_points - near.n_points;

        enlarge(&own, grids[i]);
        enlarge(&near, 1);
        paint(&own, dots[0]);
        paint(&near, dots[1]);
        assert_in_range(assert_same_dots(dots[0], dots[1]), 500,
                        SIDE * SIDE / 2);
    }

    assert_in_range(spared, BATCH, BATCH * 50);
    FT_Done_Face(subset);
    FT_Done_Face(exact);
    FT_Done_Face(whole);
    mc_buf_free(&files[0]);
    mc_buf_free(&files[1]);
}


static unsigned
compare_font(const mc_font_t *font, unsigned step)
{
    size_t      count;
    FT_Face     whole;
    uint16_t    glyphs[BATCH];
    unsigned    glyph, composites;
    mc_table_t  outline;

    whole = open_face(font);
    count = 0;
    composites = 0;

    for (glyph = 1; glyph < font->glyphs; glyph++) {
        outline = mc_font_outline(font, glyph);

        if (outline.len > 0 && (outline.data[0] & 0x80) != 0) {
            composites++;
        } else if (glyph % step != 0) {
            continue;
        }

        glyphs[count++] = (uint16_t) glyph;

        if (count == BATCH) {
            compare_batch(font, whole, glyphs, count);
            count = 0;
        }
    }

    compare_batch(font, whole, glyphs, count);
    FT_Done_Face(whole);

    return composites;
}


static void
a_subset_draws_each_glyph_as_the_whole_font_does(void **state)
{
    size_t  i;

    for (i = 0; i < chain.count; i++) {
        (void) compare_font(chain.fonts[i], 23);
    }
}


/* libharu 2.3.0 lost parts of composite glyphs whose number is over 32767
 * or that are parts of parts.  The chain's fonts have few of them; a Latin
 * face (which fontconfig, and so every PDF viewer, brings along) has many. */
static void
a_subset_keeps_all_parts_of_composite_glyphs(void **state)
{
    size_t      i;
    char        error[MC_FONT_ERROR];
    unsigned    composites;
    mc_font_t  *font;

    static const char *const  paths[] = {
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"
    };

    composites = 0;

    for (i = 0; i < mc_count(paths); i++) {
        font = mc_font_open(paths[i], error);
        if (font != NULL) {
            composites += compare_font(font, 5);
            mc_font_close(font);
        }
    }

    assert_true(composites > 100);
}


static void
a_subset_with_parts_of_parts_or_damage_is_bounded(void **state)
{
    mc_buf_t  file;
    uint16_t  glyphs[MC_SUBSET_GLYPHS];

    memset(glyphs, 0, sizeof(glyphs));
    mc_buf_init(&file, 1024 * 1024);

    assert_int_equal(mc_subset_write(chain.fonts[0], glyphs,
                                     MC_SUBSET_GLYPHS, &file), MC_ETOOBIG);
    assert_int_equal(mc_subset_write(chain.fonts[0], glyphs, 0, &file),
                     MC_OK);
    mc_buf_free(&file);

    mc_buf_init(&file, 100);
    assert_int_equal(mc_subset_write(chain.fonts[0], glyphs, 3, &file),
                     MC_ETOOBIG);
    mc_buf_free(&file);
}


typedef struct {
    size_t     lines;
    size_t     count;
    uint32_t   text[MC_LINE_GLYPHS];
    mc_line_t  first;
    mc_line_t  last;
    int        widest;
} seen_t;


static mc_err_t
see(void *data, const mc_line_t *line)
{
    size_t   i;
    seen_t  *seen = data;

    if (seen->lines++ == 0) {
        seen->first = *line;
    }

    seen->last = *line;

    for (i = 0; i < line->count; i++) {
        seen->text[seen->count++] = line->glyphs[i].code_point;
    }

    if (mc_line_width(line) > seen->widest) {
        seen->widest = mc_line_width(line);
    }

    return MC_OK;
}


static mc_err_t
fit(const char *text, const mc_shape_t *shape, seen_t *seen)
{
    mc_fit_t    chosen;
    mc_err_t    err;
    mc_cast_t  *cast;
    mc_draw_t   draw;
    mc_glyph_t  glyphs[MC_LINE_GLYPHS];

    memset(seen, 0, sizeof(*seen));
    draw = (mc_draw_t) { .data = seen, .text = see };

    cast = mc_alloc(sizeof(mc_cast_t));
    assert_non_null(cast);
    mc_cast_init(cast, &chain, NULL);
    err = mc_fit_choose(shape, cast, mc_str_from(text), glyphs, &chosen);

    if (err == MC_OK) {
        err = mc_fit_draw(&chosen, shape, 0, 10000, &draw);
    }

    mc_free(cast);

    return err;
}


/* Nothing lost, nothing out of place, whatever the length. */
static void
a_long_text_shrinks_and_breaks_and_keeps_every_character(void **state)
{
    size_t    n, i, pos;
    char      text[4 * 700];
    seen_t    seen;
    mc_str_t  all;
    uint32_t  c;

    static const mc_shape_t  shape = {
        2000, 1300, 18400, 3400, 1680, 40, MC_ALIGN_LEFT, { 0, 0, 0 }
    };

    for (n = 1; n <= 500; n++) {
        for (i = 0, pos = 0; i < n; i++) {
            c = 0x4E00 + (uint32_t) (i * 31) % 400;
            pos += mc_utf8_encode(i % 7 == 6 ? 0xB7 : c, text + pos);
        }

        text[pos] = '\0';
        assert_int_equal(fit(text, &shape, &seen), MC_OK);
        assert_int_equal(seen.count, n);
        assert_in_range(seen.widest, 1, shape.width);
        assert_in_range(seen.first.size, MC_FIT_LEAST, shape.size);
        assert_in_range(seen.first.y - seen.last.y + seen.last.size, 0,
                        shape.height);

        all = mc_str_from(text);

        for (i = 0, pos = 0; i < n; i++) {
            assert_int_equal(seen.text[i], mc_utf8_next(all, &pos));
        }

        if (n <= 9) {
            assert_int_equal(seen.lines, 1);
        }

        if (n == 40) {
            assert_int_equal(seen.lines, 2);
        }
    }
}


static void
a_text_that_fits_in_no_size_is_refused_and_an_empty_one_is_nothing(
    void **state)
{
    char    text[1000];
    seen_t  seen;

    static const mc_shape_t  one_line = {
        1000, 800, 3000, 0, 0, 0, MC_ALIGN_CENTRE, { 0, 0, 0 }
    };

    memset(text, 'W', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(fit(text, &one_line, &seen), MC_ETOOBIG);
    assert_int_equal(fit("", &one_line, &seen), MC_OK);
    assert_int_equal(seen.lines, 0);
    assert_int_equal(fit("\xC3", &one_line, &seen), MC_EINVAL);
}


static void
lines_break_at_blanks_and_never_before_a_closing_mark(void **state)
{
    seen_t  seen;

    /* four letters and a blank of 10 points a line */
    static const mc_shape_t  shape = {
        1000, 1000, 4100, 2400, 1200, 0, MC_ALIGN_LEFT, { 0, 0, 0 }
    };

    assert_int_equal(fit("一二三四五六", &shape, &seen), MC_OK);
    assert_int_equal(seen.lines, 2);
    assert_int_equal(seen.first.count, 4);

    assert_int_equal(fit("一二三四，五", &shape, &seen), MC_OK);
    assert_int_equal(seen.first.count, 3);

    assert_int_equal(fit("一二三四·五", &shape, &seen), MC_OK);
    assert_int_equal(seen.first.count, 3);

    assert_int_equal(fit("一二三（五六", &shape, &seen), MC_OK);
    assert_int_equal(seen.first.count, 3);

    assert_int_equal(fit("abcde fghij", &shape, &seen), MC_OK);
    assert_int_equal(seen.first.count, 5);
    assert_int_equal(seen.last.count, 5);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_character_has_the_glyph_that_freetype_finds),
        cmocka_unit_test(a_subset_draws_each_glyph_as_the_whole_font_does),
        cmocka_unit_test(a_rounded_outline_is_its_own_on_the_grid),
        cmocka_unit_test(a_subset_keeps_all_parts_of_composite_glyphs),
        cmocka_unit_test(a_subset_with_parts_of_parts_or_damage_is_bounded),
        cmocka_unit_test(
            a_long_text_shrinks_and_breaks_and_keeps_every_character),
        cmocka_unit_test(
            a_text_that_fits_in_no_size_is_refused_and_an_empty_one_is_nothing
        ),
        cmocka_unit_test(
            lines_break_at_blanks_and_never_before_a_closing_mark)
    };

    return cmocka_run_group_tests(tests, open_chain, close_chain);
}
