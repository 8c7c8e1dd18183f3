/*
 * Unit tests of domain: words of the configuration.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_time.h"
#include "mc_word.h"


#define REFUSED  INT64_C(-1)


static void
times_are_read_as_nginx_writes_them(void **state)
{
    static const struct {
        const char  *word;
        int64_t      time;
    } cases[] = {
        { "0", 0 },
        { "90", 90 * MC_SECOND },
        { "90s", 90 * MC_SECOND },
        { "30m", 30 * MC_MINUTE },
        { "12h", 12 * MC_HOUR },
        { "366d", 366 * MC_DAY },
        { "2w", 14 * MC_DAY },
        { "1h30m", 90 * MC_MINUTE },
        { "1d2h3m4", MC_DAY + 2 * MC_HOUR + 3 * MC_MINUTE + 4 * MC_SECOND },
        { "36525d", 36525 * MC_DAY },
        { "36526d", REFUSED },
        { "36525d1s", REFUSED },
        { "4294967295w", REFUSED },
        { "99999999999", REFUSED },
        { "", REFUSED },
        { "m", REFUSED },
        { "5x", REFUSED },
        { "5ms", REFUSED },
        { "-5m", REFUSED },
        { "5 m", REFUSED },
        { "5m1h", REFUSED },
        { "5m5m", REFUSED },
        { "1.5h", REFUSED },
    };

    size_t   i;
    int64_t  time;

    for (i = 0; i < mc_count(cases); i++) {
        time = 0;

        assert_int_equal(mc_word_time(mc_str_from(cases[i].word), &time),
                         cases[i].time != REFUSED);

        if (cases[i].time != REFUSED) {
            assert_int_equal(time, cases[i].time);
        }
    }
}


static void
numbers_and_sizes_are_bounded(void **state)
{
    static const struct {
        const char  *word;
        uint32_t     max;
        int64_t      number;
        int64_t      size;
    } cases[] = {
        { "0", 10, 0, 0 },
        { "10", 10, 10, 10 },
        { "11", 10, REFUSED, REFUSED },
        { "007", 10, 7, 7 },
        { "4294967295", UINT32_MAX, UINT32_MAX, UINT32_MAX },
        { "4294967296", UINT32_MAX, REFUSED, REFUSED },
        { "18446744073709551617", UINT32_MAX, REFUSED, REFUSED },
        { "10k", 65536, REFUSED, 10240 },
        { "64K", 65536, REFUSED, 65536 },
        { "65k", 65536, REFUSED, REFUSED },
        { "k", 65536, REFUSED, REFUSED },
        { "1kk", 65536, REFUSED, REFUSED },
        { "1m", 65536, REFUSED, REFUSED },
        { "2M", 4194304, REFUSED, 2097152 },
        { "5m", 4194304, REFUSED, REFUSED },
        { "", 65536, REFUSED, REFUSED },
        { "+1", 65536, REFUSED, REFUSED },
        { "-1", 65536, REFUSED, REFUSED },
        { " 1", 65536, REFUSED, REFUSED },
        { "0x10", 65536, REFUSED, REFUSED },
    };

    size_t    i;
    mc_str_t  word;
    uint32_t  n;

    for (i = 0; i < mc_count(cases); i++) {
        word = mc_str_from(cases[i].word);

        assert_int_equal(mc_word_number(word, cases[i].max, &n)
                         ? (int64_t) n : REFUSED,
                         cases[i].number);
        assert_int_equal(mc_word_size(word, cases[i].max, &n)
                         ? (int64_t) n : REFUSED,
                         cases[i].size);
    }
}


static void
an_offset_has_sign_hours_and_minutes(void **state)
{
    static const struct {
        const char  *word;
        int          minutes;   /* 9999: refused */
    } cases[] = {
        { "+08:00", 480 },
        { "+00:00", 0 },
        { "-00:00", 0 },
        { "+05:45", 345 },
        { "-03:30", -210 },
        { "-12:00", -720 },
        { "+14:00", 840 },
        { "+14:01", 9999 },
        { "-12:01", 9999 },
        { "+08:60", 9999 },
        { "08:00", 9999 },
        { "+8:00", 9999 },
        { "+0800", 9999 },
        { "+08:00 ", 9999 },
        { "+ 8:00", 9999 },
        { "", 9999 },
    };

    int     minutes;
    size_t  i;

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(mc_word_zone(mc_str_from(cases[i].word), &minutes)
                         ? minutes : 9999,
                         cases[i].minutes);
    }
}


static void
addresses_are_taken_apart(void **state)
{
    static const struct {
        const char  *word;
        bool         url;       /* scheme, host, port */
        bool         path;      /* with a path too */
        bool         link;
    } cases[] = {
        { "https://example.org", true, true, true },
        { "http://127.0.0.1:8080", true, true, true },
        { "https://[::1]", true, true, true },
        { "https://[::1]:8443", true, true, true },
        { "https://example.org/", false, true, true },
        { "https://example.org:1/a-b/c?d=e&f=%20", false, true, true },
        { "/", false, false, true },
        { "/privacy.html", false, false, true },

        { "//example.org", false, false, false },
        { "/a b", false, false, false },
        { "/\xE9\x9A\x90", false, false, false },
        { "privacy.html", false, false, false },
        { "", false, false, false },
        { "ftp://example.org", false, false, false },
        { "javascript:alert(1)", false, false, false },
        { "HTTPS://example.org", false, false, false },
        { "https://", false, false, false },
        { "https:///a", false, false, false },
        { "https://example.org:", false, false, false },
        { "https://example.org:0", false, false, false },
        { "https://example.org:65536", false, false, false },
        { "https://example.org:99999999999999999999", false, false, false },
        { "https://:80", false, false, false },
        { "https://u@example.org", false, false, false },
        { "https://u:p@example.org/", false, false, false },
        { "https://.example.org", false, false, false },
        { "https://-example.org", false, false, false },
        { "https://example.org-", false, false, false },
        { "https://[]", false, false, false },
        { "https://[::1", false, false, false },
        { "https://[::1]8443", false, false, false },
        { "https://::1", false, false, false },
        { "https://exa_mple.org", false, false, false },
        { "https://example.org/$uri", false, false, false },
        { "https://example.org/\"", false, false, false },
        { "https://example.org/<b>", false, false, false },
        { "https://example.org/a\\b", false, false, false },
        { "https://example.org/#a", false, false, false },
        { "https://example.org?a", false, false, false },
    };

    size_t    i;
    mc_str_t  word;

    for (i = 0; i < mc_count(cases); i++) {
        word = mc_str_from(cases[i].word);

        if (mc_word_url(word, false) != cases[i].url
            || mc_word_url(word, true) != cases[i].path
            || mc_word_link(word) != cases[i].link)
        {
            fail_msg("%s", cases[i].word);
        }
    }
}


static void
names_switches_and_pairs(void **state)
{
    bool      on;
    mc_str_t  left, right;

    assert_true(mc_word_name(mc_str("aZ09_-"), "_-", 6));
    assert_false(mc_word_name(mc_str("aZ09_-"), "_-", 5));
    assert_false(mc_word_name(mc_str("a.b"), "_-", 9));
    assert_false(mc_word_name(mc_str(""), "_-", 9));
    assert_false(mc_word_name((mc_str_t) { "a\0b", 3 }, "_-", 9));

    assert_true(mc_word_switch(mc_str("on"), &on));
    assert_true(on);
    assert_true(mc_word_switch(mc_str("off"), &on));
    assert_false(on);
    assert_false(mc_word_switch(mc_str("On"), &on));
    assert_false(mc_word_switch(mc_str_null, &on));

    assert_true(mc_word_split(mc_str("a=b=c"), '=', &left, &right));
    assert_true(mc_str_is(left, "a"));
    assert_true(mc_str_is(right, "b=c"));
    assert_true(mc_word_split(mc_str("="), '=', &left, &right));
    assert_int_equal(left.len, 0);
    assert_int_equal(right.len, 0);
    assert_false(mc_word_split(mc_str("ab"), '=', &left, &right));
    assert_false(mc_word_split(mc_str_null, '=', &left, &right));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(times_are_read_as_nginx_writes_them),
        cmocka_unit_test(numbers_and_sizes_are_bounded),
        cmocka_unit_test(an_offset_has_sign_hours_and_minutes),
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(names_switches_and_pairs),
    };

    return cmocka_run_group_tests_name("domain: words of the configuration",
                                       tests, NULL, NULL);
}
