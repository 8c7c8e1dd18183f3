/*
 * The directives of accounts: captcha, recovery, outbox, password; for how
 * long a password that was given is good.
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
        "membercert_captcha web=after:7 mini=off ttl=2m bits=18",
        "membercert_recovery code_ttl=5m tries=3 account=1/1d address=2/2h "
        "all=9/1m",
        "membercert_outbox file:/var/spool/membercert/",
        "membercert_outbox smtps://mail.example:465 from=no-reply@x.example "
        "user=u secret=/etc/mail ca=/etc/ca.pem",
        "membercert_outbox https://sms.example/v1 channel=sms secret=/etc/s",
        "membercert_outbox exec",
        "membercert_password profile=djcp min=12 blocklist=/etc/words",
        "membercert_session fresh=2m",
        NULL
    };

    mc_settings_t  *settings;

    settings = take_lines(lines);

    assert_int_equal(settings->captcha_web, MC_CAPTCHA_AFTER);
    assert_int_equal(settings->captcha_after, 7);
    assert_false(settings->captcha_mini);
    assert_int_equal(settings->captcha_ttl, 2 * MC_MINUTE);
    assert_int_equal(settings->captcha_bits, 18);
    assert_int_equal(settings->recovery_code_ttl, 5 * MC_MINUTE);
    assert_int_equal(settings->recovery_tries, 3);
    assert_int_equal(settings->recovery_account, 1);
    assert_int_equal(settings->recovery_account_time, MC_DAY);
    assert_int_equal(settings->recovery_address, 2);
    assert_int_equal(settings->recovery_all, 9);
    assert_int_equal(settings->recovery_all_time, MC_MINUTE);
    assert_int_equal(settings->outbox_count, 4);
    assert_true(mc_str_is(settings->outboxes[0].kind, "file"));
    assert_true(mc_str_is(settings->outboxes[0].target,
                          "/var/spool/membercert"));
    assert_true(mc_str_is(settings->outboxes[1].kind, "smtps"));
    assert_true(mc_str_is(settings->outboxes[1].channel, "email"));
    assert_true(mc_str_is(settings->outboxes[1].from, "no-reply@x.example"));
    assert_true(mc_str_is(settings->outboxes[1].secret, "/etc/mail"));
    assert_true(mc_str_is(settings->outboxes[2].target,
                          "https://sms.example/v1"));
    assert_true(mc_str_is(settings->outboxes[2].channel, "sms"));
    assert_true(mc_str_is(settings->outboxes[3].kind, "exec"));
    assert_true(settings->password_djcp);
    assert_int_equal(settings->password_min, 12);
    assert_true(mc_str_is(settings->password_blocklist, "/etc/words"));

    assert_int_equal(settings->session_fresh, 2 * MC_MINUTE);

    mc_settings_free(settings);

    settings = mc_settings_create();
    assert_non_null(settings);
    assert_int_equal(settings->session_fresh, 10 * MC_MINUTE);
    mc_settings_free(settings);
}


static const struct {
    const char *line;
    const char *error;
} mistakes[] = {
    { "membercert_captcha web=after:0", "invalid value \"after:0\" of "
      "\"web\"" },
    { "membercert_captcha ttl=1h",
      "invalid time \"1h\" of \"ttl\", must be 1s to 900s" },
    { "membercert_recovery all=0/1h",
      "invalid rate \"0/1h\" of \"all\", must be N/TIME, 1 to 1000000 "
      "within 1s to 30d" },
    { "membercert_outbox http://sms.example/",
      "invalid outbox \"http://sms.example/\", must be file:DIR, exec, "
      "smtp://HOST[:PORT], smtps://HOST[:PORT] or https://..." },
    { "membercert_outbox http://127.0.0.1.example/",
      "invalid outbox \"http://127.0.0.1.example/\", must be file:DIR, "
      "exec, smtp://HOST[:PORT], smtps://HOST[:PORT] or https://..." },
    { "membercert_outbox https://sms.example/v1 channel=sms",
      "\"https://sms.example/v1\" needs \"secret\"" },
    { "membercert_outbox file:var", "path \"var\" is not absolute" },
    { "membercert_outbox smtp://m.example",
      "\"smtp://m.example\" needs \"from\"" },
    { "membercert_outbox smtp://m.example from=a@b channel=sms",
      "\"smtp://m.example\" carries e-mail, not sms" },
    { "membercert_outbox smtp://m.example from=a@b user=u",
      "\"user\" and \"secret\" of \"smtp://m.example\" go together" },
    { "membercert_outbox exec from=a", "invalid value \"a\" of \"from\"" },
    { "membercert_outbox exec channel=fax",
      "invalid value \"fax\" of \"channel\"" },
    { "membercert_password profile=none",
      "invalid value \"none\" of \"profile\"" },
    { "membercert_password min=7",
      "invalid number \"7\" of \"min\", must be 8 to 64" },
    { "membercert_session fresh=59",
      "invalid time \"59\" of \"fresh\", must be 60s to 43200s" },
    { "membercert_session fresh=12h1s",
      "invalid time \"12h1s\" of \"fresh\", must be 60s to 43200s" }
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


int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_reaches_its_value),
        cmocka_unit_test(each_mistake_is_told_in_its_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
