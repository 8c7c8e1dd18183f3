/*
 * The layout: the built-in page, texts with values, order and marks, what a
 * configured one may hold.  S16 S17 S18 I08
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_conf_token.h"
#include "mc_layout.h"
#include "mc_sample.h"
#include "mc_utf8.h"


#define ITEMS  128

static mc_settings_t  settings;         /* fonts, no layout */
static mc_chain_t     chain;

/* What was drawn, by item. */
typedef struct {
    const mc_layout_t  *layout;
    int                 open;           /* id; -1: artifact; -2: none */
    mc_role_t           role;
    int                 opened[ITEMS];
    char                text[ITEMS][1024];
    int                 lines[ITEMS];
    int                 least[ITEMS];   /* size of the smallest letters */
    mc_box_t            qr;
    mc_box_t            photo;
    mc_box_t            seals[MC_SEALS];
    int                 ornaments;
} page_t;


static int
set_up(void **state)
{
    char  error[MC_SETTINGS_ERROR];

    mc_sample_settings(&settings);

    return mc_chain_open(&chain, &settings, error) == MC_OK ? 0 : -1;
}


static int
tear_down(void **state)
{
    mc_chain_close(&chain);
    return 0;
}


static void
check_box(const page_t *page, const mc_box_t *box)
{
    assert_in_range(box->x, 0, mc_layout_width(page->layout));
    assert_in_range(box->y, 0, mc_layout_height(page->layout));
    assert_in_range(box->x + box->width, 1, mc_layout_width(page->layout));
    assert_in_range(box->y + box->height, 1,
                    mc_layout_height(page->layout));
}


static mc_err_t
see_open(void *data, const mc_mark_t *mark)
{
    page_t  *page = data;

    assert_int_equal(page->open, -2);
    page->open = mark->id;
    page->role = mark->role;

    if (mark->role == MC_ROLE_ARTIFACT) {
        assert_int_equal(mark->id, -1);
        return MC_OK;
    }

    assert_in_range(mark->id, 0, mc_layout_items(page->layout) - 1);
    assert_int_equal(mc_layout_role(page->layout, (size_t) mark->id),
                     mark->role);
    page->opened[mark->id]++;

    return MC_OK;
}


static mc_err_t
see_close(void *data)
{
    assert_int_not_equal(((page_t *) data)->open, -2);
    ((page_t *) data)->open = -2;

    return MC_OK;
}


static mc_err_t
see_text(void *data, const mc_line_t *line)
{
    int      id;
    char     letters[4];
    page_t  *page = data;
    size_t   i, n, len;

    id = page->open;
    assert_in_range(id, 0, ITEMS - 1);
    assert_in_range(line->x, 0, mc_layout_width(page->layout));
    assert_in_range(line->y, 0, mc_layout_height(page->layout));

    if (line->turn == 0) {
        assert_in_range(line->x + mc_line_width(line), 1,
                        mc_layout_width(page->layout));
    }

    len = strlen(page->text[id]);

    if (page->lines[id]++ > 0 && line->turn == 0) {
        page->text[id][len++] = '|';
    }

    for (i = 0; i < line->count; i++) {
        n = mc_utf8_encode(line->glyphs[i].code_point, letters);
        assert_true(len + n < sizeof(page->text[id]));
        memcpy(page->text[id] + len, letters, n);
        len += n;
    }

    page->text[id][len] = '\0';

    if (page->least[id] == 0 || line->size < page->least[id]) {
        page->least[id] = line->size;
    }

    return MC_OK;
}


static mc_err_t
see_photo(void *data, const mc_box_t *box)
{
    page_t  *page = data;

    assert_int_equal(page->role, MC_ROLE_PHOTO);
    check_box(page, box);
    page->photo = *box;

    return MC_OK;
}


static mc_err_t
see_qr(void *data, const mc_box_t *box)
{
    page_t  *page = data;

    assert_int_equal(page->role, MC_ROLE_QR);
    check_box(page, box);
    page->qr = *box;

    return MC_OK;
}


static mc_err_t
see_seal(void *data, mc_seal_kind_t kind, const mc_box_t *box)
{
    page_t  *page = data;

    assert_int_equal(page->role, MC_ROLE_SEAL);
    check_box(page, box);
    page->seals[kind] = *box;

    return MC_OK;
}


static mc_err_t
see_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    check_box(data, box);
    ((page_t *) data)->ornaments++;

    return MC_OK;
}


static void
start(page_t *page, const mc_layout_t *layout, mc_draw_t *draw)
{
    memset(page, 0, sizeof(*page));
    page->layout = layout;
    page->open = -2;

    *draw = (mc_draw_t) {
        page, see_text, see_photo, see_ornament, see_qr, see_seal, see_open,
        see_close
    };
}


/* Both halves of a page, as the writer draws them. */
static mc_err_t
draw_page(const mc_layout_t *layout, const mc_certificate_t *certificate,
    page_t *page)
{
    mc_err_t    err;
    uint32_t    missing;
    mc_cast_t  *fixed, *own;
    mc_draw_t   draw;

    start(page, layout, &draw);

    fixed = mc_alloc(sizeof(mc_cast_t));
    own = mc_alloc(sizeof(mc_cast_t));
    assert_non_null(fixed);
    assert_non_null(own);
    mc_cast_init(fixed, &chain, NULL);

    err = mc_layout_prepare(layout, fixed, &missing);
    if (err == MC_OK) {
        err = mc_layout_fixed(layout, fixed, &draw);
    }

    mc_cast_init(own, &chain, fixed);

    if (err == MC_OK) {
        err = mc_layout_values(layout, own, certificate, 480, &draw);
    }

    mc_free(fixed);
    mc_free(own);

    return err;
}


static mc_err_t
take_line(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    char  text[MC_SETTINGS_ERROR];

    return mc_settings_layout_line(data, statement->words, statement->count,
                                   "a.conf:1", text);
}


/* The settings with one layout of these lines. */
static mc_settings_t *
with_lines(const char *lines)
{
    char             error[MC_SETTINGS_ERROR];
    mc_str_t         words[2];
    mc_settings_t   *made;
    mc_conf_error_t  why;

    words[0] = mc_str("membercert_layout");
    words[1] = mc_str("test");

    made = mc_settings_create();
    assert_non_null(made);
    assert_int_equal(mc_settings_take(made, words, 2, "a.conf:1", error),
                     MC_OK);
    assert_int_equal(mc_conf_walk_text(mc_str_from(lines), "a.conf", false,
                                       take_line, made, &why), MC_OK);

    return made;
}


static mc_layout_t *
open_builtin(void)
{
    char          error[MC_SETTINGS_ERROR];
    const char   *where;
    mc_layout_t  *layout;

    layout = mc_layout_open(&settings, 0, error, &where);
    assert_non_null(layout);

    return layout;
}


static void
the_built_in_page_is_a4_with_every_item_once_in_reading_order(void **state)
{
    size_t            i, labels, seals;
    page_t            page;
    mc_layout_t      *layout;
    mc_certificate_t  certificate;

    layout = open_builtin();
    mc_sample_certificate(&certificate, mc_str("王伟"));
    assert_int_equal(draw_page(layout, &certificate, &page), MC_OK);

    assert_int_equal(mc_layout_width(layout), 59528);
    assert_int_equal(mc_layout_height(layout), 84189);
    assert_int_equal(mc_layout_qr(layout), MC_LAYOUT_QR_STATEMENT);

    /* 40 mm, and a picture of 178 x 220 is not stretched */
    assert_int_equal(page.qr.width, 11339);
    assert_in_range(page.photo.width * 220 / 178 - page.photo.height + 50,
                    0, 100);
    assert_true(page.ornaments > 10);

    labels = 0;
    seals = 0;

    for (i = 0; i < mc_layout_items(layout); i++) {
        assert_int_equal(page.opened[i], 1);

        if (mc_layout_role(layout, i) == MC_ROLE_LABEL) {
            labels++;
            assert_int_equal(mc_layout_role(layout, i + 1), MC_ROLE_VALUE);
        }

        seals += mc_layout_role(layout, i) == MC_ROLE_SEAL;
    }

    assert_int_equal(labels, MC_CERT_FIELDS + 2);
    assert_int_equal(seals, MC_SEALS);
    assert_int_equal(mc_layout_role(layout, 0), MC_ROLE_TITLE);
    assert_string_equal(page.text[0], "会员证书");
    assert_true(mc_layout_seal(layout, MC_SEAL_NATIONAL)->present);

    mc_layout_close(layout);
}


static void
every_sample_name_is_legible_whole_and_once_as_the_name(void **state)
{
    size_t            i, n, item;
    page_t            page;
    char             *bar;
    mc_layout_t      *layout;
    mc_certificate_t  certificate;

    layout = open_builtin();

    for (n = 0; n < mc_sample_name_count; n++) {
        mc_sample_certificate(&certificate, mc_str_from(mc_sample_names[n]));
        assert_int_equal(draw_page(layout, &certificate, &page), MC_OK);

        /* the item behind the label "姓名|Name" */
        item = 0;

        for (i = 0; i + 1 < mc_layout_items(layout); i++) {
            if (strcmp(page.text[i], "姓名|Name") == 0) {
                item = i + 1;
            }
        }

        assert_int_not_equal(item, 0);
        assert_true(page.least[item] >= 900);

        while ((bar = strchr(page.text[item], '|')) != NULL) {
            memmove(bar, bar + 1, strlen(bar));
        }

        assert_string_equal(page.text[item], mc_sample_names[n]);
    }

    mc_layout_close(layout);
}


static const char  head[] =
    "page 200 100;"
    "style small size=6;"
    "style plain size=10 en=small;"
    "style bare size=10 align=right;";


/* Lines, what the first item reads. */
static const struct {
    const char  *line;
    const char  *text;
} texts[] = {
    { "text 1 1 190 plain '$name';", "王伟" },
    { "text 1 1 190 plain '${name}x$sex_en.';", "王伟xFemale." },
    { "text 1 1 190 plain '$name_en is';", "王伟 is" },
    { "text 1 1 190 plain 'a' 'b $sex_en';", "a|b Female" },
    { "text 1 1 190 plain '$member_no';", "—" },
    { "text 1 1 190 plain '$issuer_en';", "this institute" },
    { "text 1 1 190 plain '$serial';", "00001024" },
    { "text 1 1 190 plain '$code';", "ABCD-EFGH-JKMN-PQRS" },
    { "text 1 1 190 plain '$date, $date_en';",
      "2026年11月23日, 23 November 2026" },
    { "text 1 1 190 plain '为$membership';", "为非执业会员" },
    { "value sex 1 1 190 plain;", "女|Female" },
    { "value institute 1 1 190 plain;", "同名" },
    { "value code 1 1 190 20 plain;", "ABCD-EFGH-JKMN-PQRS" },
    { "label date 1 1 190 plain;", "发证日期|Date of issue" },
    { "label issuer 1 1 190 plain;", "发证单位|Issued by" },
    { "text 1 1 20 20 bare 'alpha bravo charlie delta';",
      "alpha bravo charlie|delta" }
};


static void
texts_take_values_by_name_and_values_their_languages(void **state)
{
    size_t            i;
    char              error[MC_SETTINGS_ERROR], lines[512];
    page_t            page;
    const char       *where;
    mc_layout_t      *layout;
    mc_settings_t    *made;
    mc_certificate_t  certificate;

    mc_sample_certificate(&certificate, mc_str("王伟"));
    certificate.values[MC_CERT_MEMBER_NO].zh = mc_str_null;
    certificate.values[MC_CERT_INSTITUTE].zh = mc_str("同名");
    certificate.values[MC_CERT_INSTITUTE].en = mc_str("同名");
    certificate.issuer.en = mc_str_null;
    certificate.code = mc_str("ABCDEFGHJKMNPQRS");

    for (i = 0; i < mc_count(texts); i++) {
        snprintf(lines, sizeof(lines), "%s%s", head, texts[i].line);
        made = with_lines(lines);

        layout = mc_layout_open(made, 0, error, &where);
        assert_non_null(layout);
        assert_int_equal(draw_page(layout, &certificate, &page), MC_OK);
        assert_string_equal(page.text[0], texts[i].text);

        mc_layout_close(layout);
        mc_settings_free(made);
    }
}


static void
a_category_that_is_no_kind_of_member_stands_in_brackets(void **state)
{
    char              error[MC_SETTINGS_ERROR];
    page_t            page;
    const char       *where;
    mc_layout_t      *layout;
    mc_settings_t    *made;
    mc_certificate_t  certificate;

    made = with_lines("page a4; style s size=9;"
                      "text 1 1 200 s '为$membership';");
    layout = mc_layout_open(made, 0, error, &where);
    assert_non_null(layout);

    mc_sample_certificate(&certificate, mc_str("王伟"));
    certificate.values[MC_CERT_CATEGORY].zh = mc_str("注册会计师");
    assert_int_equal(draw_page(layout, &certificate, &page), MC_OK);
    assert_string_equal(page.text[0], "为会员（注册会计师）");

    certificate.values[MC_CERT_CATEGORY].zh = mc_str_null;
    assert_int_equal(draw_page(layout, &certificate, &page), MC_OK);
    assert_string_equal(page.text[0], "为会员");

    mc_layout_close(layout);
    mc_settings_free(made);
}


static void
seals_are_drawn_by_the_writer_or_as_an_empty_place(void **state)
{
    char              error[MC_SETTINGS_ERROR];
    page_t            page;
    const char       *where;
    mc_layout_t      *layout;
    mc_settings_t    *made;
    mc_certificate_t  certificate;

    made = with_lines("page card; seal regional 100 50 20 dir=/s;"
                      "seal national 10 20 30;");
    layout = mc_layout_open(made, 0, error, &where);
    assert_non_null(layout);

    mc_sample_certificate(&certificate, mc_str("王伟"));
    assert_int_equal(draw_page(layout, &certificate, &page), MC_OK);
    assert_int_equal(mc_layout_items(layout), 2);
    assert_int_equal(mc_layout_item_seal(layout, 0), MC_SEAL_REGIONAL);
    assert_int_equal(mc_layout_item_seal(layout, 1), MC_SEAL_NATIONAL);
    assert_int_equal(mc_layout_item_seal(layout, 2), MC_SEALS);
    assert_true(mc_str_is(mc_layout_seal(layout, MC_SEAL_REGIONAL)->path,
                          "/s"));

    assert_int_equal(page.seals[MC_SEAL_REGIONAL].width, 5669);
    assert_int_equal(page.seals[MC_SEAL_NATIONAL].width, 0);
    assert_non_null(strstr(page.text[1], "全国协会印章处"));

    mc_layout_close(layout);
    mc_settings_free(made);
}


static void
the_digest_follows_the_words(void **state)
{
    size_t          i;
    char            error[MC_SETTINGS_ERROR];
    uint8_t         digests[3][32];
    const char     *where;
    mc_layout_t    *layout;
    mc_settings_t  *made;

    static const char *const  lines[] = {
        "page a4; style s size=9; text 1 1 90 s 'a';",
        "page a4;\nstyle s size=9;\n# a remark\ntext 1 1 90 s \"a\";",
        "page a4; style s size=9; text 1 2 90 s 'a';"
    };

    for (i = 0; i < 3; i++) {
        made = with_lines(lines[i]);
        layout = mc_layout_open(made, 0, error, &where);
        assert_non_null(layout);
        assert_int_equal(mc_layout_digest(layout, digests[i]), MC_OK);
        mc_layout_close(layout);
        mc_settings_free(made);
    }

    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], digests[2], 32);
}


static void
the_built_in_page_holds_the_longest_values_or_says_so(void **state)
{
    char         error[MC_SETTINGS_ERROR], category[3 * 300];
    size_t       i;
    const char  *where;

    assert_int_equal(mc_layout_check(&settings, error, &where), MC_OK);
    assert_string_equal(where, "");

    for (i = 0; i < 300; i++) {
        memcpy(category + 3 * i, "中", 3);
    }

    settings.user_types[0].zh = (mc_str_t) { category, sizeof(category) };
    settings.user_type_count = 1;
    assert_int_equal(mc_layout_check(&settings, error, &where), MC_EINVAL);
    assert_non_null(strstr(error, "category"));
    assert_string_equal(where, "");
    settings.user_type_count = 0;
}


static void
without_memory_no_layout_is_opened(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    const char    *where;
    mc_layout_t   *layout;
    unsigned long  n;

    layout = NULL;

    for (n = 1; n < 5000 && layout == NULL; n++) {
        mc_alloc_fail_at(n, false);
        layout = mc_layout_open(&settings, 0, error, &where);
        mc_alloc_fail_at(0, false);
        assert_true(layout != NULL || error[0] != '\0');
    }

    assert_in_range(n, 5, 4999);
    mc_layout_close(layout);

    assert_null(mc_layout_open(&settings, 1, error, &where));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            the_built_in_page_is_a4_with_every_item_once_in_reading_order),
        cmocka_unit_test(
            every_sample_name_is_legible_whole_and_once_as_the_name),
        cmocka_unit_test(texts_take_values_by_name_and_values_their_languages),
        cmocka_unit_test(
            a_category_that_is_no_kind_of_member_stands_in_brackets),
        cmocka_unit_test(seals_are_drawn_by_the_writer_or_as_an_empty_place),
        cmocka_unit_test(the_digest_follows_the_words),
        cmocka_unit_test(
            the_built_in_page_holds_the_longest_values_or_says_so),
        cmocka_unit_test(without_memory_no_layout_is_opened)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
