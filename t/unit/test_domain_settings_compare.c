/*
 * Unit tests of domain: the directives of the comparison (I12).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "test_domain_settings_line.h"


static const struct {
    const char *line;
    const char *error;
} refused[] = {
    { "membercert_compare attempts=5",
      "provider \"attempts=5\" is not supported, must be \"manual\" or "
      "\"http\"" },
    { "membercert_compare manual url=https://x",
      "unknown parameter \"url=https://x\"" },
    { "membercert_compare http", "\"http\" needs \"url\"" },
    { "membercert_compare http timeout=3s", "\"http\" needs \"url\"" },
    { "membercert_compare http url=ftp://x/",
      "invalid value \"ftp://x/\" of \"url\"" },
    { "membercert_compare http url=https://a:b@x/",
      "invalid value \"https://a:b@x/\" of \"url\"" },
    { "membercert_compare http url=https://x timeout=0",
      "invalid time \"0\" of \"timeout\", must be 1s to 10s" },
    { "membercert_compare http url=https://x timeout=11s",
      "invalid time \"11s\" of \"timeout\", must be 1s to 10s" },
    { "membercert_compare http url=https://x reference=none",
      "invalid value \"none\" of \"reference\"" },
    { "membercert_compare http url=https://x ca=ca.pem",
      "path \"ca.pem\" is not absolute" },
    { "membercert_compare http url=https://x secret=",
      "path \"\" is not absolute" },
    { "membercert_compare http url=https://x url=https://y",
      "duplicate parameter \"url=https://y\"" },
    { "membercert_compare_consent /c.html", "invalid number of arguments" },
    { "membercert_compare_consent c.html 1", "invalid URL \"c.html\"" },
    { "membercert_compare_consent /c.html a/b",
      "invalid version \"a/b\"" },
    { "membercert_compare manual attempts=0",
      "invalid number \"0\" of \"attempts\", must be 1 to 100" },
    { "membercert_compare manual foo=1", "unknown parameter \"foo=1\"" }
};


static void
every_mistake_is_named_I12(void **state)
{
    size_t          i;
    char            error[MC_SETTINGS_ERROR];
    mc_settings_t  *settings;

    for (i = 0; i < mc_count(refused); i++) {
        settings = mc_settings_create();
        assert_non_null(settings);

        assert_int_equal(take_line(settings, refused[i].line, error),
                         MC_EINVAL);
        assert_string_equal(error, refused[i].error);
        assert_int_equal(settings->set, 0);

        mc_settings_free(settings);
    }
}


/* A photo is given to a service only with a consent of its own. */
static void
a_provider_needs_a_consent_of_its_own(void **state)
{
    char            error[MC_SETTINGS_ERROR];
    const char     *where;
    mc_settings_t  *settings;

    static const char *const lines[] = {
        "membercert_store sqlite:/var/lib/membercert",
        "membercert_secret /etc/a.key",
        "membercert_issuer Institute",
        "membercert_privacy /privacy.html 2026-01",
        "membercert_compare http url=https://x/",
        NULL
    };

    settings = take_lines(lines);

    assert_int_equal(mc_settings_finish(settings, error, &where),
                     MC_EINVAL);
    assert_string_equal(error, "\"membercert_compare\" with \"http\" needs "
                        "\"membercert_compare_consent\"");

    assert_int_equal(take_line(settings,
                               "membercert_compare_consent /c.html 1",
                               error), MC_OK);
    assert_int_equal(mc_settings_finish(settings, error, &where), MC_OK);

    mc_settings_free(settings);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_mistake_is_named_I12),
        cmocka_unit_test(a_provider_needs_a_consent_of_its_own)
    };

    return cmocka_run_group_tests_name("domain: settings of comparison",
                                       tests, NULL, NULL);
}
