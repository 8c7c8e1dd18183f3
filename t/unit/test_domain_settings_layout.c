/*
 * membercert_layout in the settings: names, lines, inheritance, digest.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_settings.h"


static mc_err_t
take(mc_settings_t *settings, const char *name, char *error)
{
    mc_str_t  words[2];

    words[0] = mc_str("membercert_layout");
    words[1] = mc_str_from(name);

    return mc_settings_take(settings, words, 2, "nginx.conf:3", error);
}


static mc_err_t
add(mc_settings_t *settings, const char *first, const char *second,
    const char *where)
{
    char      error[MC_SETTINGS_ERROR];
    mc_str_t  words[2];

    words[0] = mc_str_from(first);
    words[1] = mc_str_from(second);

    return mc_settings_layout_line(settings, words, 2, where, error);
}


static mc_settings_t *
two_layouts(const char *word)
{
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);
    assert_int_equal(take(settings, "a4", error), MC_OK);
    assert_int_equal(add(settings, "page", "a4", "nginx.conf:4"), MC_OK);
    assert_int_equal(take(settings, "card", error), MC_OK);
    assert_int_equal(add(settings, "page", word, "nginx.conf:6"), MC_OK);
    assert_int_equal(add(settings, "text", "$x", "a.conf:7"), MC_OK);

    return settings;
}


static void
lines_are_kept_as_written_with_their_places(void **state)
{
    size_t          index;
    mc_settings_t  *settings;

    settings = two_layouts("card");

    assert_int_equal(settings->layout_count, 2);
    assert_int_equal(settings->layouts[0].count, 1);
    assert_int_equal(settings->layouts[1].count, 2);
    assert_true(mc_str_is(settings->layouts[1].lines[1].where, "a.conf:7"));
    assert_true(mc_str_is(settings->layouts[1].lines[1].words[1], "$x"));
    assert_true(mc_str_is(settings->layouts[1].zh, "card"));
    assert_true(mc_str_is(settings->layouts[1].en, "card"));

    assert_true(mc_settings_layout(settings, mc_str_null, &index));
    assert_int_equal(index, 0);
    assert_true(mc_settings_layout(settings, mc_str("card"), &index));
    assert_int_equal(index, 1);
    assert_false(mc_settings_layout(settings, mc_str("Card"), &index));
    assert_false(mc_settings_layout(settings, mc_str("car"), &index));

    mc_settings_free(settings);
}


static void
a_server_inherits_layouts_and_replaces_them_all_by_its_own(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    uint8_t         one[32], other[32];
    mc_settings_t  *http, *server;

    http = two_layouts("card");
    assert_int_equal(mc_settings_digest(http, one), MC_OK);

    server = mc_settings_create();
    assert_non_null(server);
    assert_int_equal(mc_settings_merge(server, http), MC_OK);
    mc_settings_free(http);

    assert_int_equal(server->layout_count, 2);
    assert_true(mc_str_is(server->layouts[1].lines[1].where, "a.conf:7"));
    assert_int_equal(mc_settings_digest(server, other), MC_OK);
    assert_memory_equal(one, other, 32);
    mc_settings_free(server);

    http = two_layouts("card");
    server = mc_settings_create();
    assert_non_null(server);
    assert_int_equal(take(server, "own", error), MC_OK);
    assert_int_equal(mc_settings_merge(server, http), MC_OK);
    assert_int_equal(server->layout_count, 1);
    assert_true(mc_str_is(server->layouts[0].name, "own"));

    mc_settings_free(server);
    mc_settings_free(http);
}


static void
the_digest_follows_every_word_and_no_place(void **state)
{
    uint8_t         one[32], other[32];
    mc_settings_t  *settings;

    settings = two_layouts("card");
    assert_int_equal(mc_settings_digest(settings, one), MC_OK);

    settings->layouts[0].lines[0].where = mc_str("elsewhere:1");
    assert_int_equal(mc_settings_digest(settings, other), MC_OK);
    assert_memory_equal(one, other, 32);
    mc_settings_free(settings);

    settings = two_layouts("a6");
    assert_int_equal(mc_settings_digest(settings, other), MC_OK);
    assert_memory_not_equal(one, other, 32);
    mc_settings_free(settings);
}


static void
names_lines_and_words_are_bounded(void **state)
{
    int             i;
    char            error[MC_SETTINGS_ERROR], name[40];
    mc_str_t        words[MC_SETTINGS_LAYOUT_WORDS + 1];
    mc_settings_t  *settings;

    settings = mc_settings_create();
    assert_non_null(settings);

    assert_int_equal(add(settings, "page", "a4", "x:1"), MC_EINVAL);
    assert_int_equal(take(settings, "A", error), MC_EINVAL);
    assert_int_equal(take(settings, "", error), MC_EINVAL);
    assert_int_equal(take(settings, "a.b", error), MC_EINVAL);
    assert_int_equal(take(settings, "abcdefghijabcdefghijabcdefghijxyz",
                          error), MC_EINVAL);
    assert_int_equal(settings->layout_count, 0);

    for (i = 0; i < MC_SETTINGS_LAYOUTS; i++) {
        snprintf(name, sizeof(name), "layout-%d_", i);
        assert_int_equal(take(settings, name, error), MC_OK);
    }

    assert_int_equal(take(settings, "layout-1_", error), MC_EINVAL);
    assert_int_equal(take(settings, "one-more", error), MC_EINVAL);

    for (i = 0; i < MC_SETTINGS_LAYOUT_WORDS + 1; i++) {
        words[i] = mc_str("w");
    }

    assert_int_equal(mc_settings_layout_line(settings, words,
                                             MC_SETTINGS_LAYOUT_WORDS + 1,
                                             "x:1", error), MC_EINVAL);
    assert_int_equal(add(settings, "text", "\xff", "x:1"), MC_EINVAL);

    for (i = 0; i < MC_SETTINGS_LAYOUT_LINES; i++) {
        assert_int_equal(mc_settings_layout_line(settings, words,
                                                 MC_SETTINGS_LAYOUT_WORDS,
                                                 "x:1", error), MC_OK);
    }

    assert_int_equal(add(settings, "one", "more", "x:1"), MC_EINVAL);
    assert_int_equal(settings->layouts[3].count, MC_SETTINGS_LAYOUT_LINES);

    mc_settings_free(settings);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(lines_are_kept_as_written_with_their_places),
        cmocka_unit_test(
            a_server_inherits_layouts_and_replaces_them_all_by_its_own),
        cmocka_unit_test(the_digest_follows_every_word_and_no_place),
        cmocka_unit_test(names_lines_and_words_are_bounded)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
