/*
 * Unit tests of seals and layouts in a document (S16, S17): the seal of the
 * member's institute and no other's, in both writers; what a card says of
 * itself.
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

#include "mc_conf_token.h"
#include "mc_sample.h"


static char      folder[] = "/tmp/mc_seals_XXXXXX";
static char      national[64], north[64], south[64];
static mc_buf_t  photo;

static const char  page[] =
    "page 100 80; style plain size=10; style big size=16;\n"
    "text 5 5 90 big \"证书\";\n"
    "label name 5 20 30 plain; value name 40 20 50 plain;\n"
    "photo 60 30 20 25; qr 5 30 30 address;\n"
    "seal national 40 30 15 file=%s; seal regional 40 50 15 dir=%s;\n";


static void
put_file(const char *path, const char *text)
{
    FILE  *file;

    file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}


static mc_err_t
take_line(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    char  text[MC_SETTINGS_ERROR];

    return mc_settings_layout_line(data, statement->words, statement->count,
                                   "a.conf:1", text);
}


static mc_template_t *
open_card(mc_settings_t *settings, char error[MC_SETTINGS_ERROR])
{
    char             lines[2048];
    mc_settings_t    sample;
    mc_conf_error_t  why;
    const mc_str_t   words[] = {
        mc_str("membercert_layout"), mc_str("card")
    };

    mc_sample_settings(&sample);
    memcpy(settings->fonts, sample.fonts, sizeof(sample.fonts));
    settings->font_count = sample.font_count;
    settings->timezone = sample.timezone;

    (void) snprintf(lines, sizeof(lines), page, national, folder);

    assert_int_equal(mc_settings_take(settings, words, 2, "a.conf:1", error),
                     MC_OK);
    assert_int_equal(mc_conf_walk_text(mc_str_from(lines), "a.conf", false,
                                       take_line, settings, &why), MC_OK);

    return mc_template_open(settings, 0, NULL, error);
}


static bool
holds(const mc_buf_t *file, const char *text)
{
    return memmem(file->data, file->len, text, strlen(text)) != NULL;
}


/* One file of each writer. */
static void
make(const mc_template_t *template_, const char *institute, mc_buf_t *fast,
    mc_buf_t *plain)
{
    size_t            i;
    mc_qr_t           code;
    mc_buf_t          own;
    mc_document_t     document;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    assert_int_equal(mc_qr_make(mc_str("https://example.org/v/#ABCD"),
                                mc_str(""), &code), MC_OK);

    in = (mc_document_in_t) { .photo = mc_buf_view(&photo), .qr = &code };
    mc_sample_certificate(&certificate, mc_str("林晓岚"));
    certificate.institute_code = mc_str_from(institute);

    mc_buf_init(&own, MC_DOCUMENT_MAX);
    mc_buf_init(fast, MC_DOCUMENT_MAX);
    mc_buf_init(plain, MC_DOCUMENT_MAX);

    assert_int_equal(mc_document_make(template_, &certificate, &in, &own,
                                      &document), MC_OK);

    for (i = 0; i < document.count; i++) {
        assert_int_equal(mc_buf_str(fast, document.parts[i]), MC_OK);
    }

    assert_int_equal(fast->len, document.len);
    assert_int_equal(mc_document_render(template_, &certificate, &in, plain),
                     MC_OK);
    mc_buf_free(&own);
}


static void
the_seal_is_that_of_the_members_institute_S17(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    size_t          i, lens[3];
    mc_buf_t        fast, plain;
    mc_settings_t  *settings;
    mc_template_t  *template_;

    static const struct {
        const char  *institute;
        bool         sealed;
    } cases[] = {
        { "31", true }, { "44", true }, { "99", false }, { "", false },
        { "3", false }
    };

    settings = mc_settings_create();
    assert_non_null(settings);
    template_ = open_card(settings, error);
    if (template_ == NULL) {
        print_error("%s\n", error);
    }

    assert_non_null(template_);
    assert_int_equal(mc_template_qr(template_), MC_QR_ADDRESS);
    memset(lens, 0, sizeof(lens));

    for (i = 0; i < mc_count(cases); i++) {
        make(template_, cases[i].institute, &fast, &plain);

        assert_true(holds(&fast, "/N "));
        assert_true(holds(&plain, "/N Do"));
        assert_int_equal(holds(&fast, "/S Do"), cases[i].sealed);
        assert_int_equal(holds(&plain, "/S Do"), cases[i].sealed);
        assert_int_equal(holds(&fast, "/S 4 0 R"), cases[i].sealed);
        assert_int_equal(holds(&fast, "\n4 0 obj\n"), cases[i].sealed);
        assert_true(holds(&plain, "/MediaBox [0 0 283.46 226.77]"));

        if (i < mc_count(lens)) {
            lens[i] = fast.len;
        }

        mc_buf_free(&fast);
        mc_buf_free(&plain);
    }

    /* each has its own drawing */
    assert_int_not_equal(lens[0], lens[1]);
    assert_true(lens[2] < lens[0]);

    mc_template_close(template_);
    mc_settings_free(settings);
}


/* A seal that is drawn anew makes a new file under the same serial. */
static void
another_seal_is_another_template(void **state)
{
    int             i;
    char            error[MC_SETTINGS_ERROR];
    uint8_t         digests[3][32];
    mc_settings_t  *settings;
    mc_template_t  *template_;

    for (i = 0; i < 3; i++) {
        if (i == 2) {
            put_file(south, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                     "viewBox=\"0 0 10 10\"><circle cx=\"5\" cy=\"5\" "
                     "r=\"3\"/></svg>");
        }

        settings = mc_settings_create();
        assert_non_null(settings);
            template_ = open_card(settings, error);
        assert_non_null(template_);
        mc_template_digest(template_, digests[i]);
        mc_template_close(template_);
        mc_settings_free(settings);
    }

    assert_memory_equal(digests[0], digests[1], 32);
    assert_memory_not_equal(digests[0], digests[2], 32);
}


static void
a_seal_that_cannot_be_read_stops_the_start_and_is_named(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    put_file(south, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
             "viewBox=\"0 0 10 10\"><text>seal</text></svg>");

    settings = mc_settings_create();
    assert_non_null(settings);
    assert_null(open_card(settings, error));
    assert_non_null(strstr(error, "44.svg"));
    mc_settings_free(settings);
}


static int
make_files(void **state)
{
    if (mkdtemp(folder) == NULL) {
        return -1;
    }

    (void) snprintf(national, sizeof(national), "%s/N.svg", folder);
    (void) snprintf(north, sizeof(north), "%s/31.svg", folder);
    (void) snprintf(south, sizeof(south), "%s/44.svg", folder);

    put_file(national, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
             "viewBox=\"0 0 10 10\"><circle cx=\"5\" cy=\"5\" r=\"4\" "
             "fill=\"none\" stroke=\"#b01c1c\" stroke-width=\"1\"/></svg>");
    put_file(north, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
             "viewBox=\"0 0 10 10\"><path fill=\"#b01c1c\" "
             "d=\"M1 1h8v8h-8z M2 2l3 5l4 -3z M3 3c1 2 3 4 5 1z\"/></svg>");
    put_file(south, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
             "viewBox=\"0 0 10 10\"><circle cx=\"5\" cy=\"5\" r=\"4\"/>"
             "</svg>");

    mc_buf_init(&photo, MC_DOCUMENT_MAX);

    return mc_sample_photo(&photo) == MC_OK ? 0 : -1;
}


static int
remove_files(void **state)
{
    mc_buf_free(&photo);

    return unlink(national) | unlink(north) | unlink(south) | rmdir(folder);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_seal_is_that_of_the_members_institute_S17),
        cmocka_unit_test(another_seal_is_another_template),
        cmocka_unit_test(
            a_seal_that_cannot_be_read_stops_the_start_and_is_named)
    };

    return cmocka_run_group_tests(tests, make_files, remove_files);
}
