/*
 * Unit tests of seals (X06): the subset of SVG, what is refused and what is
 * said, bounds, files and folders.  What they look like is
 * t/proto/preview.t.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_seal.h"


#define SVG    "<svg xmlns=\"http://www.w3.org/2000/svg\" "
#define BOX    SVG "viewBox=\"0 0 100 100\">"
#define END    "</svg>"
#define CLIP   "q\n0 0 1000 1000 re W n\n"
#define BLACK  "0 0 0 rg\n"

typedef struct {
    const char  *svg;
    const char  *expected;
} row_t;


static mc_err_t
read_svg(mc_str_t svg, mc_buf_t *content, char error[MC_SETTINGS_ERROR])
{
    mc_seal_size_t  size;

    error[0] = '\0';
    mc_buf_init(content, MC_SEAL_CONTENT);

    return mc_seal_read(svg, content, &size, error);
}


static const row_t  drawn[] = {

    /* shapes */
    { BOX "<rect x='10' y='20' width='30' height='40'/>" END,
      CLIP BLACK "100 800 m\n400 800 l\n400 400 l\n100 400 l\nh\nf\nQ\n" },
    { BOX "<circle cx='50' cy='50' r='50'/>" END,
      CLIP BLACK "1000 500 m\n1000 223.9 776.1 0 500 0 c\n"
      "223.9 0 0 223.9 0 500 c\n0 776.1 223.9 1000 500 1000 c\n"
      "776.1 1000 1000 776.1 1000 500 c\nh\nf\nQ\n" },
    { BOX "<polygon points='0,0 10,0 10 10'/>" END,
      CLIP BLACK "0 1000 m\n100 1000 l\n100 900 l\nh\nf\nQ\n" },
    { BOX "<polyline fill='none' stroke='#f00' points='0,0 10,0'/>" END,
      CLIP "1 0 0 RG\n10 w\n0 J\n0 j\n4 M\n0 1000 m\n100 1000 l\nS\nQ\n" },
    { BOX "<line x2='10' stroke='red' stroke-width='2' "
      "stroke-linecap='round' stroke-linejoin='bevel' "
      "stroke-miterlimit='8'/>" END,
      CLIP "1 0 0 RG\n20 w\n1 J\n2 j\n8 M\n0 1000 m\n100 1000 l\nS\nQ\n" },
    { BOX "<rect width='10' height='10' fill='none'/><rect width='0' "
      "height='10'/><path d='M0 0h1'/>" END,
      CLIP BLACK "0 1000 m\n10 1000 l\nf\nQ\n" },

    /* path data */
    { BOX "<path d='M10 10h10v10H10z'/>" END,
      CLIP BLACK "100 900 m\n200 900 l\n200 800 l\n100 800 l\nh\nf\nQ\n" },
    { BOX "<path d='m10-10.5.5.5l1e1 1.E1'/>" END,
      CLIP BLACK "100 1105 m\n105 1100 l\n205 1000 l\nf\nQ\n" },
    { BOX "<path d='m10-10 .5 5l1e1-1.E1,5-5'/>" END,
      CLIP BLACK "100 1100 m\n105 1050 l\n205 1150 l\n255 1200 l\nf\nQ\n" },
    { BOX "<path d='M0 0C1 1 2 2 3 3S5 5 6 6s1 1 2 2'/>" END,
      CLIP BLACK "0 1000 m\n10 990 20 980 30 970 c\n"
      "40 960 50 950 60 940 c\n70 930 70 930 80 920 c\nf\nQ\n" },
    { BOX "<path d='M0 0Q30 0 30 30T60 60'/>" END,
      CLIP BLACK "0 1000 m\n200 1000 300 900 300 700 c\n"
      "300 500 400 400 600 400 c\nf\nQ\n" },
    { BOX "<path d='M0 0S3 3 6 6T12 12'/>" END,
      CLIP BLACK "0 1000 m\n0 1000 30 970 60 940 c\n"
      "60 940 80 920 120 880 c\nf\nQ\n" },
    { BOX "<path d='M0 50a50 50 0 01100 0'/>" END,
      CLIP BLACK "0 500 m\n0 776.1 223.9 1000 500 1000 c\n"
      "776.1 1000 1000 776.1 1000 500 c\nf\nQ\n" },
    { BOX "<path d='M0 50A50 50 0 0 0 50 100'/>" END,
      CLIP BLACK "0 500 m\n0 223.9 223.9 0 500 0 c\nf\nQ\n" },
    { BOX "<path d='M0 0A0 5 0 0 0 5 10'/>" END,
      CLIP BLACK "0 1000 m\n50 900 l\nf\nQ\n" },
    { BOX "<path d='M0 0A1 1 0 0 0 1e-200 0'/>" END,    /* no direction */
      CLIP BLACK "0 1000 m\n0 1000 l\nf\nQ\n" },
    { BOX "<path d='M10 10z M20 20l5 0z l0 5'/>" END,
      CLIP BLACK "100 900 m\nh\n200 800 m\n250 800 l\nh\n"
      "200 750 l\nf\nQ\n" },

    /* colours, styles, inheritance */
    { BOX "<g fill='#0f0'><path d='M0 0h1'/>"
      "<path fill='rgb(100%,0%,0%)' d='M0 0h1'/>"
      "<path style=' fill : rgb(0,0,255) ; fill-rule:evenodd' d='M0 0h1'/>"
      "</g>" END,
      CLIP "0 1 0 rg\n0 1000 m\n10 1000 l\nf\n"
      "1 0 0 rg\n0 1000 m\n10 1000 l\nf\n"
      "0 0 1 rg\n0 1000 m\n10 1000 l\nf*\nQ\n" },
    { BOX "<path stroke='#c8102e' d='M0 0h1'/>" END,
      CLIP BLACK "0.784 0.063 0.18 RG\n10 w\n0 J\n0 j\n4 M\n"
      "0 1000 m\n10 1000 l\nB\nQ\n" },
    { BOX "<path stroke='red' style='stroke:none' d='M0 0h1'/>" END,
      CLIP BLACK "0 1000 m\n10 1000 l\nf\nQ\n" },
    { BOX "<g stroke='red' fill='inherit' fill-rule='evenodd'>"
      "<path d='M0 0h1'/></g>" END,
      CLIP BLACK "1 0 0 RG\n10 w\n0 J\n0 j\n4 M\n"
      "0 1000 m\n10 1000 l\nB*\nQ\n" },

    /* transforms */
    { BOX "<g transform='translate(10) scale(2)'>"
      "<path transform='rotate(90 5 5), translate(0,1)' d='M5 5h5'/></g>"
      END, CLIP BLACK "180 900 m\n180 800 l\nf\nQ\n" },
    { BOX "<path transform='matrix(1 0 0 1 3 4)skewX(45)' d='M0 0v5'/>" END,
      CLIP BLACK "30 960 m\n80 910 l\nf\nQ\n" },
    { BOX "<path transform='scale(4,1)' stroke='red' d='M1 1h4'/>" END,
      CLIP BLACK "1 0 0 RG\n20 w\n0 J\n0 j\n4 M\n"
      "q 2.000000 0.000000 0.000000 -0.500000 0 0 cm\n"
      "20 -1980 m\n100 -1980 l\nB\nQ\nQ\n" },

    /* frames */
    { SVG "viewBox='-5 10 200 50'><path d='M-5 10h10'/>" END,
      "q\n0 375 1000 250 re W n\n" BLACK "0 625 m\n50 625 l\nf\nQ\n" },
    { SVG "width='50px' height=' 100 '><path d='M0 0h10'/>" END,
      "q\n250 0 500 1000 re W n\n" BLACK "250 1000 m\n350 1000 l\nf\nQ\n" },

    /* what drawing programs add is passed over */
    { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a -->\n" SVG
      "xmlns:i='urn:i' i:version='1' version='1.1' id='a' class='b' "
      "viewBox='0 0 100 100' xml:space='preserve'>"
      "<title>\xe7\xab\xa0</title><defs id='d'/><metadata><i:a><i:b/></i:a>"
      "</metadata><i:view><i:path/></i:view>"
      "<path style='-inkscape-stroke:none;font-size:3px;opacity:1' "
      "i:type='arc' aria-label='x' d='M0 0h1'><title>t</title></path>" END,
      CLIP BLACK "0 1000 m\n10 1000 l\nf\nQ\n" }
};


static void
shapes_paths_styles_and_transforms_become_operators(void **state)
{
    char      error[MC_SETTINGS_ERROR];
    size_t    i;
    mc_buf_t  content;

    for (i = 0; i < mc_count(drawn); i++) {

        if (read_svg(mc_str_from(drawn[i].svg), &content, error) != MC_OK) {
            fail_msg("%s: %s", drawn[i].svg, error);
        }

        assert_int_equal(mc_buf_byte(&content, 0), MC_OK);
        assert_string_equal((char *) content.data, drawn[i].expected);
        mc_buf_free(&content);
    }
}


static const row_t  refused[] = {
    { "", "line 1: this is no XML: no element found" },
    { "%PDF-1.7 ", "line 1: this is no XML: not well-formed (invalid "
      "token)" },
    { "<svg viewBox='0 0 1 1'/>", "line 1: this is no SVG: it does not "
      "begin with <svg xmlns=\"http://www.w3.org/2000/svg\">" },
    { "<g xmlns='http://www.w3.org/2000/svg'/>",
      "line 1: the outermost element is not <svg>" },
    { "<!DOCTYPE svg>\n" BOX END,
      "line 1: <!DOCTYPE> and entities are refused: remove this line" },
    { "\n<!DOCTYPE svg [<!ENTITY a 'b'>]>" BOX "<g id='&a;'/>" END,
      "line 2: <!DOCTYPE> and entities are refused: remove this line" },
    { BOX "&b;" END, "line 1: this is no XML: undefined entity" },
    { "<?xml-stylesheet href='a.css'?>" BOX END,
      "line 1: <?xml-stylesheet?> is refused: remove this line" },
    { BOX "\n<g>\n<text>A</text></g>" END, "line 3: <text> is refused: "
      "convert text to paths in the drawing program" },
    { BOX "<image href='a.png'/>" END,
      "line 1: <image> is refused: draw it as paths (trace the picture)" },
    { BOX "<script>1</script>" END,
      "line 1: <script> is refused: a seal is a drawing alone" },
    { BOX "<style>*{}</style>" END, "line 1: <style> is refused: write "
      "properties as attributes (plain SVG)" },
    { BOX "<defs>\n<linearGradient id='a'/></defs>" END,
      "line 2: <linearGradient> in <defs>: nothing is drawn by reference, "
      "remove the definitions" },
    { BOX "<wheel/>" END, "line 1: <wheel> is not of the subset: svg, g, "
      "path, rect, circle, ellipse, line, polyline, polygon" },
    { BOX SVG "/>" END, "line 1: <svg> inside of a drawing: take it apart" },
    { BOX "<path d='M0 0h1'><path/></path>" END,
      "line 1: a shape holds no other element" },
    { BOX "<path onclick='a()' d='M0 0h1'/>" END, "line 1: attribute "
      "\"onclick\" of <path> is not of the subset, remove it" },
    { BOX "<g xmlns:x='http://www.w3.org/1999/xlink' x:href='b'/>" END,
      "line 1: attribute \"href\" of <g> is not of the subset, remove it" },
    { BOX "<path fill='url(#a)' d='M0 0h1'/>" END, "line 1: \"fill\": "
      "gradients and patterns are not drawn, use one colour" },
    { BOX "<path fill='currentColor' d='M0 0h1'/>" END,
      "line 1: \"fill\": write the colour as #rrggbb" },
    { BOX "<path fill='#12' d='M0 0h1'/>" END,
      "line 1: \"fill\": a colour is #rgb or #rrggbb" },
    { BOX "<path fill='rgb(0,0,256)' d='M0 0h1'/>" END,
      "line 1: \"fill\": a colour is rgb(r,g,b)" },
    { BOX "<g style='fill:red;opacity:.5'/>" END, "line 1: \"opacity\" in "
      "style: a seal is drawn in full colours, make it opaque" },
    { BOX "<g display='none'/>" END,
      "line 1: \"display\": delete what is not to be seen" },
    { BOX "<g style='fill'/>" END, "line 1: \"fill\" in style: style is "
      "\"property: value; ...\"" },
    { BOX "<g style='behaviour:url(a)'/>" END, "line 1: \"behaviour\" in "
      "style: it is no property of the subset, remove it" },
    { BOX "<g stroke-dasharray='1 2'/>" END, "line 1: \"stroke-dasharray\": "
      "convert it to plain paths in the drawing program" },
    { BOX "<g stroke-width='1mm'/>" END, "line 1: \"stroke-width\": write a "
      "number of the drawing's own units" },
    { BOX "<path d='h1'/>" END,
      "line 1: path data cannot be read from letter 1 on" },
    { BOX "<path d='M0 0 L1'/>" END,
      "line 1: path data cannot be read from letter 8 on" },
    { BOX "<path d='M0 0 X'/>" END,
      "line 1: path data cannot be read from letter 6 on" },
    { BOX "<path d='M0 0A1 1 0 2 0 1 1'/>" END,
      "line 1: path data cannot be read from letter 12 on" },
    { BOX "<path d='M1e999 0'/>" END,
      "line 1: path data cannot be read from letter 7 on" },
    { BOX "<path d='M1e6 0'/>" END,
      "line 1: a point lies too far outside of the drawing" },
    { BOX "<polygon points='1 2 3'/>" END,
      "line 1: points cannot be read from pair 2 on" },
    { BOX "<circle r='5%'/>" END, "line 1: r is not a number without unit; "
      "give the drawing a viewBox and its own units" },
    { BOX "<circle r='-1'/>" END, "line 1: a radius is negative" },
    { BOX "<rect width='-1' height='1'/>" END,
      "line 1: width or height is negative" },
    { BOX "<g transform='turn(3)'/>" END,
      "line 1: transform cannot be read" },
    { BOX "<g transform='rotate(3'/>" END,
      "line 1: transform cannot be read" },
    { BOX "<g transform='scale(0)'><path d='M0 0h1'/></g>" END,
      "line 1: transform leaves nothing to be seen" },
    { BOX END, "line 1: nothing is drawn that could be seen" },
    { BOX "\n<title>seal</title><rect width='10' height='10' fill='none'/>"
      "<rect width='0' height='10'/>" END,
      "line 2: nothing is drawn that could be seen" },
    { SVG "viewBox='0 0 1'/>", "line 1: viewBox is not four numbers" },
    { SVG "viewBox='0 0 0 1'/>", "line 1: the drawing has no viewBox (x y "
      "width height) of a sensible size" },
    { SVG "/>", "line 1: the drawing has no viewBox (x y width height) of a "
      "sensible size" },
    { BOX "<g><g><g><g><g><g><g><g><g><g><g><g><g><g><g><g>",
      "line 1: more than 16 elements inside of each other, ungroup them" },
    { BOX "<metadata><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
      "line 1: more than 16 elements inside of each other, ungroup them" },
    { BOX "<g>" END, "line 1: this is no XML: mismatched tag" },
    { BOX "<g/>", "line 1: this is no XML: no element found" },
    { BOX "<g id='\xff'/>" END,
      "line 1: this is no XML: not well-formed (invalid token)" }
};


static void
everything_else_is_refused_with_its_line_and_the_way_out(void **state)
{
    char      error[MC_SETTINGS_ERROR];
    size_t    i;
    mc_buf_t  content;

    for (i = 0; i < mc_count(refused); i++) {
        assert_int_not_equal(read_svg(mc_str_from(refused[i].svg), &content,
                                      error), MC_OK);
        assert_string_equal(error, refused[i].expected);
        mc_buf_free(&content);
    }
}


static void
size_and_points_are_bounded(void **state)
{
    char      error[MC_SETTINGS_ERROR];
    size_t    i;
    mc_buf_t  svg, content;

    /* points */
    mc_buf_init(&svg, MC_SEAL_MAX + 1);
    assert_int_equal(mc_buf_cstr(&svg, BOX "<path d='M0 0h"), MC_OK);

    for (i = 0; i < MC_SEAL_SEGMENTS; i++) {
        assert_int_equal(mc_buf_cstr(&svg, "1 "), MC_OK);
    }

    assert_int_equal(mc_buf_cstr(&svg, "'/>" END), MC_OK);
    assert_int_equal(read_svg(mc_buf_view(&svg), &content, error),
                     MC_ETOOBIG);
    assert_string_equal(error,
                        "line 1: too many points, simplify the paths");
    mc_buf_free(&content);

    /* bytes */
    while (svg.len <= MC_SEAL_MAX) {
        assert_int_equal(mc_buf_byte(&svg, ' '), MC_OK);
    }

    assert_int_equal(read_svg(mc_buf_view(&svg), &content, error),
                     MC_ETOOBIG);
    assert_string_equal(error, "line 1: longer than 256 kB");
    mc_buf_free(&content);
    mc_buf_free(&svg);

    /* content */
    mc_buf_init(&content, 10);
    assert_int_equal(mc_seal_read(mc_str(BOX END), &content,
                                  &(mc_seal_size_t) { 0, 0 }, error),
                     MC_ETOOBIG);
    assert_string_equal(error,
                        "line 1: too many points, simplify the paths");
    mc_buf_free(&content);
}


static void
lack_of_memory_at_any_point_is_an_error_and_no_leak(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    mc_err_t       err;
    mc_buf_t       content;
    unsigned long  n;

    for (n = 1; n < 200; n++) {
        mc_alloc_fail_at(n, n % 2 == 0);
        err = read_svg(mc_str_from(drawn[mc_count(drawn) - 1].svg),
                       &content, error);
        mc_alloc_fail_at(0, false);
        mc_buf_free(&content);

        if (err == MC_OK) {
            assert_true(n > 5);
            return;
        }

        /* expat tells some of its own as faults of the text */
        assert_true(err == MC_ENOMEM || err == MC_EINVAL);
        assert_non_null(strstr(error, "line "));
    }

    fail_msg("never enough memory");
}


static void
write_file(const char *dir, const char *name, const char *text)
{
    char   path[256];
    FILE  *file;

    assert_true(snprintf(path, sizeof(path), "%s/%s", dir, name) < 256);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}


static void
remove_file(const char *dir, const char *name)
{
    char  path[256];

    assert_true(snprintf(path, sizeof(path), "%s/%s", dir, name) < 256);
    assert_int_equal(remove(path), 0);
}


static void
a_folder_gives_one_seal_for_each_code(void **state)
{
    char               error[MC_SETTINGS_ERROR], expected[MC_SETTINGS_ERROR];
    char               dir[] = "/tmp/mc-seals-XXXXXX";
    size_t             i;
    mc_buf_t           note;
    mc_seal_t          seal;
    mc_seals_t         seals;
    static const char *const  names[] = {
        "33.svg", "31.svg", "a_B-1.svg", "notes.txt", "x y.svg",
        "12345678901234567.svg", ".svg"
    };

    assert_non_null(mkdtemp(dir));

    for (i = 0; i < mc_count(names); i++) {
        write_file(dir, names[i], i < 3 ? BOX "<path d='M0 0h1'/>" END
                                        : "no drawing");
    }

    assert_int_equal(mc_seals_open(mc_str_from(dir), &seals, error), MC_OK);
    assert_int_equal(seals.count, 3);
    assert_non_null(mc_seals_find(&seals, mc_str("31")));
    assert_non_null(mc_seals_find(&seals, mc_str("33")));
    assert_string_equal(mc_seals_find(&seals, mc_str("a_B-1"))->code,
                        "a_B-1");
    assert_null(mc_seals_find(&seals, mc_str("3")));
    assert_null(mc_seals_find(&seals, mc_str("32")));
    assert_null(mc_seals_find(&seals, mc_str("")));
    assert_null(mc_seals_find(&seals, mc_str("31\0")));
    assert_null(mc_seals_find(&seals, mc_str("12345678901234567")));

    mc_buf_init(&note, 1024);
    assert_int_equal(mc_seals_note(&seals, mc_str("D"), &note), MC_OK);
    assert_int_equal(mc_buf_byte(&note, 0), MC_OK);
    assert_string_equal((char *) note.data, "regional seals of 3 institutes "
                        "in D: 31, 33, a_B-1; certificates of others leave "
                        "the place empty");
    mc_buf_free(&note);
    mc_seals_close(&seals);
    assert_int_equal(seals.count, 0);

    /* one that is wrong stops all */
    write_file(dir, "32.svg", BOX "\n<text/>" END);
    assert_int_equal(mc_seals_open(mc_str_from(dir), &seals, error),
                     MC_EINVAL);
    (void) snprintf(expected, sizeof(expected), "seal \"%s/32.svg\" line 2: "
                    "<text> is refused: convert text to paths in the "
                    "drawing program", dir);
    assert_string_equal(error, expected);

    remove_file(dir, "32.svg");
    write_file(dir, "one", "");
    assert_int_equal(mc_seal_open(mc_str("/"), &seal, error), MC_EINVAL);
    assert_string_equal(error, "seal \"/\" is not a regular file");

    for (i = 0; i < mc_count(names); i++) {
        remove_file(dir, names[i]);
    }

    remove_file(dir, "one");
    assert_int_equal(mc_seals_open(mc_str_from(dir), &seals, error), MC_OK);
    assert_int_equal(seals.count, 0);
    mc_seals_close(&seals);

    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(mc_seals_open(mc_str_from(dir), &seals, error),
                     MC_EINVAL);
    assert_non_null(strstr(error, "does not exist"));
    assert_int_equal(mc_seal_open(mc_str_from(dir), &seal, error),
                     MC_EINVAL);
    assert_non_null(strstr(error, "does not exist"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(shapes_paths_styles_and_transforms_become_operators),
        cmocka_unit_test(
            everything_else_is_refused_with_its_line_and_the_way_out),
        cmocka_unit_test(size_and_points_are_bounded),
        cmocka_unit_test(
            lack_of_memory_at_any_point_is_an_error_and_no_leak),
        cmocka_unit_test(a_folder_gives_one_seal_for_each_code)
    };

    return cmocka_run_group_tests_name("seals (X06)", tests, NULL, NULL);
}
