/*
 * Unit tests of service: the mini program's name and the picture of its
 * code (S04): what membercert_mini_program takes, and which files it may
 * name.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_domain_settings_line.h"

#include "mc_mini.h"
#include "mc_site_file.h"

#define PNG_HEAD   "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
#define PNG_TAIL   "\0\0\0\0IEND\xae\x42\x60\x82"
#define JPEG_HEAD  "\xff\xd8\xff"
#define JPEG_TAIL  "\xff\xd9"

static char folder[] = "/tmp/membercert-mini-XXXXXX";


static void
name_and_picture_reach_their_values_S04(void **state)
{
    static const char *const both[] = {
        "membercert_mini_program 示例~小程序 qr=/srv/mini.png", NULL
    };
    static const char *const name[] = {
        "membercert_mini_program 示例", NULL
    };

    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);
    assert_int_equal(settings->mini_name.len, 0);
    assert_int_equal(settings->mini_qr.len, 0);
    mc_settings_free(settings);

    settings = take_lines(both);
    assert_true(mc_str_is(settings->mini_name, "示例 小程序"));
    assert_true(mc_str_is(settings->mini_qr, "/srv/mini.png"));
    mc_settings_free(settings);

    settings = take_lines(name);
    assert_true(mc_str_is(settings->mini_name, "示例"));
    assert_int_equal(settings->mini_qr.len, 0);
    mc_settings_free(settings);
}


static void
a_server_with_a_name_alone_has_no_picture_of_http(void **state)
{
    static const char *const outer[] = {
        "membercert_mini_program 外 qr=/srv/mini.png", NULL
    };
    static const char *const inner[] = {
        "membercert_mini_program 内", NULL
    };

    mc_settings_t  *parent, *child;

    parent = take_lines(outer);
    child = take_lines(inner);
    assert_int_equal(mc_settings_merge(child, parent), MC_OK);
    assert_true(mc_str_is(child->mini_name, "内"));
    assert_int_equal(child->mini_qr.len, 0);
    mc_settings_free(child);

    child = mc_settings_create();
    assert_non_null(child);
    assert_int_equal(mc_settings_merge(child, parent), MC_OK);
    assert_true(mc_str_is(child->mini_name, "外"));
    assert_true(mc_str_is(child->mini_qr, "/srv/mini.png"));
    mc_settings_free(child);
    mc_settings_free(parent);
}


static void
every_mistake_is_named_I12(void **state)
{
    static const struct {
        const char *line;
        const char *error;
    } mistakes[] = {
        { "membercert_mini_program ~", "empty text" },
        { "membercert_mini_program a b", "unknown parameter \"b\"" },
        { "membercert_mini_program a qr=mini.png",
          "path \"mini.png\" is not absolute" },
        { "membercert_mini_program a qr=/",
          "invalid path \"/\"" },
    };

    char            error[MC_SETTINGS_ERROR];
    size_t          i;
    mc_settings_t  *settings;

    for (i = 0; i < mc_count(mistakes); i++) {
        settings = mc_settings_create();
        assert_non_null(settings);
        assert_int_equal(take_line(settings, mistakes[i].line, error),
                         MC_EINVAL);
        assert_string_equal(error, mistakes[i].error);
        mc_settings_free(settings);
    }
}


/* head, "fill" times the letter x, tail, as a file; opened. */
static mc_mini_t *
open_file(mc_str_t head, size_t fill, mc_str_t tail,
    char error[MC_SETTINGS_ERROR])
{
    char            path[128];
    FILE           *file;
    mc_mini_t      *mini;
    mc_settings_t  *settings;

    (void) snprintf(path, sizeof(path), "%s/picture", folder);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(head.data, 1, head.len, file), head.len);

    while (fill-- != 0) {
        assert_int_equal(fputc('x', file), 'x');
    }

    assert_int_equal(fwrite(tail.data, 1, tail.len, file), tail.len);
    assert_int_equal(fclose(file), 0);

    settings = mc_settings_create();
    assert_non_null(settings);
    settings->mini_qr = mc_str_from(path);
    error[0] = '\0';
    mini = mc_mini_open(settings, error);
    mc_settings_free(settings);
    assert_int_equal(unlink(path), 0);

    return mini;
}


static void
the_bytes_tell_the_type_and_the_tag_S04(void **state)
{
    char        error[MC_SETTINGS_ERROR], tag[MC_MINI_TAG + 1];
    mc_mini_t  *mini;

    mini = open_file(mc_str(PNG_HEAD), 100, mc_str(PNG_TAIL), error);
    assert_non_null(mini);
    assert_string_equal(mini->type, "image/png");
    assert_int_equal(mini->picture.len, 16 + 100 + 12);
    assert_int_equal(strlen(mini->etag), MC_MINI_TAG);
    assert_int_equal(mini->etag[0], '"');
    assert_int_equal(mini->etag[MC_MINI_TAG - 1], '"');
    memcpy(tag, mini->etag, sizeof(tag));
    mc_mini_close(mini);

    mini = open_file(mc_str(PNG_HEAD), 101, mc_str(PNG_TAIL), error);
    assert_non_null(mini);
    assert_string_not_equal(mini->etag, tag);
    mc_mini_close(mini);

    mini = open_file(mc_str(JPEG_HEAD), 100, mc_str(JPEG_TAIL), error);
    assert_non_null(mini);
    assert_string_equal(mini->type, "image/jpeg");
    mc_mini_close(mini);

    mc_mini_close(NULL);
}


static void
other_kinds_and_cut_files_are_refused_with_the_files_name(void **state)
{
    static const struct {
        mc_str_t     head;
        size_t       fill;
        mc_str_t     tail;
        const char  *error;
    } files[] = {
        { { "", 0 }, 0, { "", 0 }, "is no whole PNG or JPEG picture" },
        { { PNG_HEAD, 16 }, 9, { PNG_TAIL, 11 }, "is no whole" },
        { { PNG_HEAD, 16 }, 9, { JPEG_TAIL, 2 }, "is no whole" },
        { { JPEG_HEAD, 3 }, 9, { PNG_TAIL, 12 }, "is no whole" },
        { { JPEG_HEAD, 3 }, 9, { "\xff", 1 }, "is no whole" },
        { { JPEG_HEAD, 3 }, 0, { "", 0 }, "is no whole" },
        { { "GIF89a", 6 }, 99, { ";", 1 }, "is no whole" },
        { { "<svg/>", 6 }, 0, { "", 0 }, "is no whole" },
        { { PNG_HEAD, 16 }, MC_SITE_FILE_PICTURE - 27, { PNG_TAIL, 12 },
          "is too long" },
    };

    char        error[MC_SETTINGS_ERROR];
    size_t      i;
    mc_mini_t  *mini;

    for (i = 0; i < mc_count(files); i++) {
        assert_null(open_file(files[i].head, files[i].fill, files[i].tail,
                              error));
        assert_non_null(strstr(error, files[i].error));
        assert_non_null(strstr(error, folder));
    }

    mini = open_file(mc_str(PNG_HEAD), MC_SITE_FILE_PICTURE - 28,
                     mc_str(PNG_TAIL), error);
    assert_non_null(mini);
    assert_int_equal(mini->picture.len, MC_SITE_FILE_PICTURE);
    mc_mini_close(mini);
}


int
main(void)
{
    int  failed;

    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_and_picture_reach_their_values_S04),
        cmocka_unit_test(a_server_with_a_name_alone_has_no_picture_of_http),
        cmocka_unit_test(every_mistake_is_named_I12),
        cmocka_unit_test(the_bytes_tell_the_type_and_the_tag_S04),
        cmocka_unit_test(
            other_kinds_and_cut_files_are_refused_with_the_files_name)
    };

    if (mkdtemp(folder) == NULL) {
        return 1;
    }

    failed = cmocka_run_group_tests(tests, NULL, NULL);

    return rmdir(folder) != 0 || failed;
}
