/*
 * Directives of the certificate as a document: signature, public check,
 * cache.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "test_domain_settings_line.h"

#include "mc_time.h"


static void
each_option_reaches_its_value(void **state)
{
    static const char *const lines[] = {
        "membercert_sign certificate=/etc/sign.pem key=/etc/sign.key",
        "membercert_verify limit=5/1h photo=off",
        "membercert_certificate_cache 3m",
        NULL
    };

    mc_settings_t  *settings;

    settings = take_lines(lines);
    assert_true(mc_str_is(settings->sign_certificate, "/etc/sign.pem"));
    assert_true(mc_str_is(settings->sign_key, "/etc/sign.key"));
    assert_int_equal(settings->verify_limit, 5);
    assert_int_equal(settings->verify_limit_time, MC_HOUR);
    assert_false(settings->verify_photo);
    assert_int_equal(settings->cache_size, 3 * 1024 * 1024);
    mc_settings_free(settings);

    settings = mc_settings_create();
    assert_non_null(settings);
    assert_int_equal(settings->sign_certificate.len, 0);
    assert_int_equal(settings->verify_limit, 60);
    assert_int_equal(settings->verify_limit_time, 10 * MC_MINUTE);
    assert_true(settings->verify_photo);
    assert_int_equal(settings->cache_size, 16 * 1024 * 1024);
    mc_settings_free(settings);
}


static const struct {
    const char *line;
    const char *error;
} mistakes[] = {
    { "membercert_sign certificate=/a key=b", "path \"b\" is not absolute" },
    { "membercert_verify limit=60",
      "invalid rate \"60\" of \"limit\", must be N/TIME, 1 to 100000 "
      "within 1s to 30d" },
    { "membercert_certificate_cache 63k",
      "invalid size \"63k\", must be \"off\", or 64k to 1024m" },
    { "membercert_certificate_cache 1025m",
      "invalid size \"1025m\", must be \"off\", or 64k to 1024m" }
};


static void
each_mistake_is_told_in_its_words(void **state)
{
    size_t          i;
    char            error[MC_SETTINGS_ERROR];
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


static void
the_cache_can_be_off(void **state)
{
    static const char *const lines[] = {
        "membercert_certificate_cache off", NULL
    };

    mc_settings_t  *settings;

    settings = take_lines(lines);
    assert_int_equal(settings->cache_size, 0);
    mc_settings_free(settings);
}


int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_reaches_its_value),
        cmocka_unit_test(each_mistake_is_told_in_its_words),
        cmocka_unit_test(the_cache_can_be_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
