/*
 * Unit tests of the preview (S18): glyph outlines against FreeType, page
 * content read back, the picture as a document.  That it looks as the PDF
 * does is t/proto/preview.t.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <expat.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "mc_cast.h"
#include "mc_outline.h"
#include "mc_preview.h"
#include "mc_preview_page.h"
#include "mc_sample.h"


static mc_template_t  *template_;
static mc_buf_t        photo;


static int
open_template(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    mc_settings_t  settings;

    mc_buf_init(&photo, MC_DOCUMENT_MAX);
    mc_sample_settings(&settings);
    template_ = mc_template_open(&settings, 0, NULL, error);

    return template_ == NULL || mc_sample_photo(&photo) != MC_OK;
}


static int
close_template(void **state)
{
    mc_alloc_fail_at(0, false);
    mc_template_close(template_);
    mc_buf_free(&photo);

    return 0;
}


/* --- outlines */

/* A decomposed outline: letters and absolute points. */
typedef struct {
    size_t  count;
    char    letters[MC_OUTLINE_POINTS];
    double  points[MC_OUTLINE_POINTS][4];
} trace_t;


static void
trace_add(trace_t *trace, char letter, double x1, double y1, double x2,
    double y2)
{
    assert_true(trace->count < MC_OUTLINE_POINTS);
    trace->letters[trace->count] = letter;
    trace->points[trace->count][0] = x1;
    trace->points[trace->count][1] = y1;
    trace->points[trace->count][2] = x2;
    trace->points[trace->count][3] = y2;
    trace->count++;
}


static int
ft_move(const FT_Vector *to, void *data)
{
    trace_add(data, 'm', 0, 0, (double) to->x, (double) to->y);
    return 0;
}


static int
ft_line(const FT_Vector *to, void *data)
{
    trace_add(data, 'l', 0, 0, (double) to->x, (double) to->y);
    return 0;
}


static int
ft_conic(const FT_Vector *control, const FT_Vector *to, void *data)
{
    trace_add(data, 'q', (double) control->x, (double) control->y,
              (double) to->x, (double) to->y);
    return 0;
}


static int
ft_cubic(const FT_Vector *a, const FT_Vector *b, const FT_Vector *to,
    void *data)
{
    return 1;
}


/* Our relative path data, made absolute.  A closing line is written, as
 * FreeType does. */
static void
trace_path(trace_t *trace, const mc_buf_t *path)
{
    char         letter;
    double       x, y, start_x, start_y, v[4];
    const char  *p;
    char        *end;

    x = y = start_x = start_y = 0;
    p = (const char *) path->data;

    while (*p != '\0') {
        letter = *p++;

        if (letter == 'z') {
            if (x != start_x || y != start_y) {
                trace_add(trace, 'l', 0, 0, start_x, start_y);
            }

            x = start_x;
            y = start_y;
            continue;
        }

        v[0] = strtod(p, &end);
        v[1] = strtod(end, &end);
        v[2] = v[0];
        v[3] = v[1];

        if (letter == 'q') {
            v[2] = strtod(end, &end);
            v[3] = strtod(end, &end);
        }

        p = end + (*end == ' ');
        trace_add(trace, letter, letter == 'q' ? x + v[0] : 0,
                  letter == 'q' ? y + v[1] : 0, x + v[2], y + v[3]);
        x += v[2];
        y += v[3];

        if (letter == 'm') {
            start_x = x;
            start_y = y;
        }
    }
}


static void
drop_closing_lines(trace_t *trace)
{
    size_t  i, start, kept;

    /* FreeType writes a line to the start even where it has no length */
    for (i = start = kept = 0; i < trace->count; i++) {
        start = trace->letters[i] == 'm' ? kept : start;

        if (trace->letters[i] == 'l' && kept > start
            && trace->points[i][2] == trace->points[kept - 1][2]
            && trace->points[i][3] == trace->points[kept - 1][3])
        {
            continue;
        }

        trace->letters[kept] = trace->letters[i];
        memmove(trace->points[kept], trace->points[i],
                sizeof(trace->points[i]));
        kept++;
    }

    trace->count = kept;
}


static void
assert_same_traces(const trace_t *ours, const trace_t *theirs,
    unsigned glyph)
{
    int     k;
    size_t  i;
    double  away;

    if (ours->count != theirs->count) {
        fail_msg("glyph %u: %zu pieces, not %zu", glyph, ours->count,
                 theirs->count);
    }

    for (i = 0; i < ours->count; i++) {
        assert_int_equal(ours->letters[i], theirs->letters[i]);

        for (k = 0; k < 4; k++) {
            away = ours->points[i][k] - theirs->points[i][k];

            if (away > 1.01 || away < -1.01) {
                fail_msg("glyph %u, piece %zu: %.2f, not %.2f", glyph, i,
                         ours->points[i][k], theirs->points[i][k]);
            }
        }
    }
}


static void
outlines_are_those_that_freetype_gives(void **state)
{
    size_t                   i;
    FT_Face                  face;
    uint32_t                 c;
    unsigned                 glyph, compared;
    mc_buf_t                 path;
    FT_Library               library;
    mc_chain_t               chain;
    char                     error[MC_SETTINGS_ERROR];
    mc_settings_t            settings;
    trace_t                 *ours, *theirs;
    const FT_Outline_Funcs   functions = {
        .move_to = ft_move, .line_to = ft_line, .conic_to = ft_conic,
        .cubic_to = ft_cubic
    };

    mc_sample_settings(&settings);
    assert_int_equal(mc_chain_open(&chain, &settings, error), MC_OK);
    assert_int_equal(FT_Init_FreeType(&library), 0);
    ours = malloc(sizeof(trace_t));
    theirs = malloc(sizeof(trace_t));
    assert_true(ours != NULL && theirs != NULL);

    for (i = 0; i < chain.count; i++) {
        assert_int_equal(FT_New_Memory_Face(library,
                                            chain.fonts[i]->file.data,
                                            (FT_Long)
                                            chain.fonts[i]->file.len, 0,
                                            &face), 0);
        compared = 0;

        for (c = 0x21; c < 0x2FFFF; c += c < 0x250 ? 1 : 61) {
            glyph = mc_font_glyph(chain.fonts[i], c);

            if (glyph == 0) {
                continue;
            }

            mc_buf_init(&path, 1024 * 1024);
            assert_int_equal(mc_outline_path(chain.fonts[i], glyph, &path),
                             MC_OK);
            assert_int_equal(mc_buf_byte(&path, 0), MC_OK);
            ours->count = theirs->count = 0;
            trace_path(ours, &path);
            assert_int_equal(FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE),
                             0);
            assert_int_equal(FT_Outline_Decompose(&face->glyph->outline,
                                                  &functions, theirs), 0);
            drop_closing_lines(ours);
            drop_closing_lines(theirs);
            assert_same_traces(ours, theirs, glyph);
            mc_buf_free(&path);
            compared++;
        }

        assert_true(compared > 150);
        FT_Done_Face(face);
    }

    free(ours);
    free(theirs);
    FT_Done_FreeType(library);
    mc_chain_close(&chain);
}


static void
a_damaged_glyph_is_an_error_and_never_a_read_outside(void **state)
{
    size_t         i, n;
    uint8_t       *copy;
    mc_buf_t       path;
    mc_err_t       err;
    unsigned       glyph, refused;
    mc_chain_t     chain;
    char           error[MC_SETTINGS_ERROR];
    mc_font_t      font;
    mc_settings_t  settings;
    mc_table_t     outline;
    uint8_t        loca[8];

    mc_sample_settings(&settings);
    assert_int_equal(mc_chain_open(&chain, &settings, error), MC_OK);
    glyph = mc_font_glyph(chain.fonts[0], 0x9F99);
    outline = mc_font_outline(chain.fonts[0], glyph);
    assert_true(outline.len > 100);
    refused = 0;

    for (n = 0; n < 2 * outline.len; n++) {
        font = *chain.fonts[0];
        copy = malloc(outline.len);     /* so that ASan sees each end */
        assert_non_null(copy);
        memcpy(copy, outline.data, outline.len);

        if (n < outline.len) {
            copy[n] ^= 0xFF;
        } else {
            for (i = 0; i < 4; i++) {
                copy[(n * 7 + i * 13) % outline.len] = (uint8_t) (n * 31 + i);
            }
        }

        /* a font of this glyph alone, whatever its number */
        font.glyf = (mc_table_t) { copy, outline.len };
        font.loca_long = true;
        font.glyphs = 1;
        memset(loca, 0, sizeof(loca));
        loca[6] = (uint8_t) (outline.len >> 8);
        loca[7] = (uint8_t) outline.len;
        font.loca = (mc_table_t) { loca, 8 };

        mc_buf_init(&path, 1024 * 1024);
        err = mc_outline_path(&font, 0, &path);
        assert_true(err == MC_OK || err == MC_EINVAL);
        refused += err == MC_EINVAL;
        mc_buf_free(&path);
        free(copy);
    }

    assert_true(refused > 5);
    mc_chain_close(&chain);
}


/* --- page content */

static void
page_content_becomes_elements(void **state)
{
    size_t     i;
    unsigned   clips;
    mc_buf_t   out;
    mc_err_t   err;
    static const struct {
        const char  *content;
        const char  *svg;           /* NULL: refused */
    } rows[] = {
        { "", "" },
        { "0 0.502 1 rg\n1 2 m\n3.5 -4 l\nh\nf\n", "<path d=\"M1 2L3.5 -4Z\" "
          "fill=\"#0080ff\" stroke=\"none\"/>\n" },
        { "0 0 m 1 1 2 2 3 3 c f*", "<path d=\"M0 0C1 1 2 2 3 3\" "
          "fill-rule=\"evenodd\" stroke=\"none\"/>\n" },
        { "q 1 0 0 RG 2 w 1 J 2 j 8 M [1.2 1.8] 0 d 1 2 3 -4 re S Q",
          "<path d=\"M1 2h3v-4h-3Z\" fill=\"none\" stroke=\"#ff0000\" "
          "stroke-width=\"2\" stroke-linecap=\"round\" "
          "stroke-linejoin=\"bevel\" stroke-miterlimit=\"8\" "
          "stroke-dasharray=\"1.2 1.8\"/>\n" },
        { "1 2 -3 4 re S", "<path d=\"M1 2h-3v4h3Z\" fill=\"none\"/>\n" },
        { "q 1 0 0 1 5 6 cm q 2 0 0 2 0 0 cm /G3 Do Q Q /G0 Do",
          "<g transform=\"matrix(1 0 0 1 5 6)\">"
          "<g transform=\"matrix(2 0 0 2 0 0)\"><use href=\"#G3\"/>\n"
          "</g></g><use href=\"#G0\"/>\n" },
        { "1 0 0 rg q 0 1 0 rg 0 0 m b Q 0 0 m 1 1 l B",
          "<path d=\"M0 0Z\" fill=\"#00ff00\"/>\n"
          "<path d=\"M0 0L1 1\" fill=\"#ff0000\"/>\n" },
        { "q 0 0 9 9 re W n 0 0 m s Q", "<clipPath id=\"C8\">"
          "<path d=\"M0 0h9v9h-9Z\"/></clipPath>"
          "<g clip-path=\"url(#C8)\"><path d=\"M0 0Z\" fill=\"none\"/>\n"
          "</g>" },
        { "Q", NULL },
        { "q", NULL },
        { "1 m", NULL },
        { "1 2 3 m", NULL },
        { "1 2", NULL },
        { "2 0 0 rg", NULL },
        { "1 2 3 4 5 6 7 8", NULL },
        { "(a) Tj", NULL },
        { "\"><script>", NULL },
        { "/\"><script> Do", NULL },
        { "3 J", NULL },
        { "[<] 0 d", NULL },
        { "[1 2] 1 d", NULL },
        { "0 0 m W f", NULL },
        { "q q q q q q q q q q q q q q q q q", NULL }
    };

    for (i = 0; i < mc_count(rows); i++) {
        mc_buf_init(&out, 4096);
        clips = 7;
        err = mc_preview_page(mc_str_from(rows[i].content), &clips, &out);

        if (rows[i].svg == NULL) {
            assert_int_equal(err, MC_EINVAL);
        } else {
            assert_int_equal(err, MC_OK);
            assert_int_equal(mc_buf_byte(&out, 0), MC_OK);
            assert_string_equal((char *) out.data, rows[i].svg);
        }

        mc_buf_free(&out);
    }
}


/* --- the document */

static mc_err_t
draw(mc_str_t name, mc_str_t jpeg, bool qr, mc_buf_t *out)
{
    mc_err_t           err;
    mc_preview_in_t    in;
    mc_certificate_t   certificate;

    mc_sample_certificate(&certificate, name);
    certificate.serial = 0;
    in = (mc_preview_in_t) { jpeg, qr };
    mc_buf_init(out, MC_PREVIEW_MAX);
    err = mc_preview_svg(template_, &certificate, &in, out);

    return err == MC_OK ? mc_buf_byte(out, 0) : err;
}


static void
on_element(void *data, const XML_Char *name, const XML_Char **attributes)
{
    size_t                    i;
    int                      *count;
    static const char *const  allowed =
        "|svg|title|defs|g|path|use|image|rect|clipPath|";
    char                      word[32];

    count = data;
    (*count)++;
    assert_true(snprintf(word, sizeof(word), "|%s|", name) < 32);
    assert_non_null(strstr(allowed, word));

    for (i = 0; attributes[i] != NULL; i += 2) {
        assert_string_not_equal(attributes[i], "style");
        assert_true(strncmp(attributes[i], "on", 2) != 0);

        if (strcmp(attributes[i], "href") == 0) {
            assert_true(attributes[i + 1][0] == '#'
                        || strncmp(attributes[i + 1],
                                   "data:image/jpeg;base64,", 23) == 0);
        }
    }
}


static void
a_preview_is_well_formed_and_refers_to_nothing_outside(void **state)
{
    int         count;
    size_t      i;
    mc_buf_t    first, second;
    XML_Parser  parser;

    for (i = 0; i < mc_sample_name_count; i++) {
        assert_int_equal(draw(mc_str_from(mc_sample_names[i]),
                              mc_buf_view(&photo), true, &first), MC_OK);
        assert_int_equal(draw(mc_str_from(mc_sample_names[i]),
                              mc_buf_view(&photo), true, &second), MC_OK);
        assert_int_equal(first.len, second.len);
        assert_memory_equal(first.data, second.data, first.len);
        assert_true(first.len < 400000);

        count = 0;
        parser = XML_ParserCreate("UTF-8");
        assert_non_null(parser);
        XML_SetUserData(parser, &count);
        XML_SetStartElementHandler(parser, on_element);
        assert_int_equal(XML_Parse(parser, (char *) first.data,
                                   (int) first.len - 1, XML_TRUE),
                         XML_STATUS_OK);
        XML_ParserFree(parser);
        assert_true(count > 500);

        assert_non_null(strstr((char *) first.data, "role=\"img\""));
        assert_non_null(strstr((char *) first.data,
                               "<g id=\"mark\" fill-opacity="));
        assert_non_null(strstr((char *) first.data, "<rect id=\"qr\""));
        assert_non_null(strstr((char *) first.data, "<image "));
        mc_buf_free(&first);
        mc_buf_free(&second);
    }
}


static void
a_name_cannot_leave_its_place_in_the_text(void **state)
{
    mc_buf_t  svg;

    assert_int_equal(draw(mc_str("<A&\"'>"), mc_str_null, false, &svg),
                     MC_OK);
    assert_non_null(strstr((char *) svg.data, "<title>证书预览 Certificate "
                           "preview: &lt;A&amp;&quot;'&gt;</title>"));
    assert_non_null(strstr((char *) svg.data, "aria-label=\"证书预览 "
                           "Certificate preview: &lt;A&amp;&quot;'&gt;\""));
    mc_buf_free(&svg);
}


static void
without_photo_or_address_their_places_are_empty(void **state)
{
    mc_buf_t  svg;

    assert_int_equal(draw(mc_str("王伟"), mc_str_null, false, &svg), MC_OK);
    assert_null(strstr((char *) svg.data, "<image "));
    assert_null(strstr((char *) svg.data, "id=\"qr\""));
    mc_buf_free(&svg);
}


static void
what_cannot_be_drawn_is_refused(void **state)
{
    mc_buf_t  svg;

    assert_int_equal(draw(mc_str("\xEE\x80\x80"), mc_str_null, true, &svg),
                     MC_EINVAL);
    mc_buf_free(&svg);
    assert_int_equal(draw(mc_str("\xFF"), mc_str_null, true, &svg),
                     MC_EINVAL);
    mc_buf_free(&svg);
    assert_int_equal(draw(mc_str("王伟"), mc_str("no JPEG"), true, &svg),
                     MC_EINVAL);
    mc_buf_free(&svg);
}


static void
lack_of_memory_at_any_point_is_an_error_and_no_leak(void **state)
{
    mc_buf_t       svg;
    mc_err_t       err;
    unsigned long  n;

    for (n = 1; n < 100000; n += 1 + n / 6) {
        mc_alloc_fail_at(n, true);
        err = draw(mc_str("𠮷𫍯"), mc_buf_view(&photo), true, &svg);
        mc_alloc_fail_at(0, false);
        mc_buf_free(&svg);

        if (err == MC_OK) {
            assert_true(n > 50);
            return;
        }

        assert_int_equal(err, MC_ENOMEM);
    }

    fail_msg("never enough memory");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(outlines_are_those_that_freetype_gives),
        cmocka_unit_test(
            a_damaged_glyph_is_an_error_and_never_a_read_outside),
        cmocka_unit_test(page_content_becomes_elements),
        cmocka_unit_test(
            a_preview_is_well_formed_and_refers_to_nothing_outside),
        cmocka_unit_test(a_name_cannot_leave_its_place_in_the_text),
        cmocka_unit_test(without_photo_or_address_their_places_are_empty),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(
            lack_of_memory_at_any_point_is_an_error_and_no_leak)
    };

    return cmocka_run_group_tests_name("preview (S18)", tests, open_template,
                                       close_template);
}
