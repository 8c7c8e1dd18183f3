/*
 * When a provider is asked again (S24 X01): the wait that doubles, and the
 * circuit breaker; what its words mean.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_comparison.h"
#include "mc_retry.h"


static void
the_wait_doubles_from_5_seconds_to_15_minutes(void **state)
{
    size_t  i;

    static const struct {
        uint32_t  tries;
        int64_t   most;
    } rows[] = {
        { 0, 5000 }, { 1, 5000 }, { 2, 10000 }, { 3, 20000 }, { 4, 40000 },
        { 8, 640000 }, { 9, 900000 }, { 10, 900000 }, { 31, 900000 },
        { 32, 900000 }, { 64, 900000 }, { UINT32_MAX, 900000 }
    };

    for (i = 0; i < mc_count(rows); i++) {
        assert_int_equal(mc_retry_wait(rows[i].tries, 0), rows[i].most);
    }
}


static void
the_last_quarter_of_a_wait_is_random(void **state)
{
    int64_t   wait, least;
    uint32_t  i, random;

    least = 20000;
    random = 1;

    for (i = 0; i < 10000; i++) {
        random = random * 1664525 + 1013904223;
        wait = mc_retry_wait(3, random >> 8);

        assert_true(wait >= 15000 && wait <= 20000);

        if (wait < least) {
            least = wait;
        }
    }

    assert_true(least < 15100);
    assert_true(mc_retry_wait(1, UINT32_MAX) >= 3750);
    assert_true(mc_retry_wait(99, UINT32_MAX) >= 675000);
}


static void
a_wait_somebody_asks_for_stays_within_bounds(void **state)
{
    assert_int_equal(mc_retry_bound(5), 5000);
    assert_int_equal(mc_retry_bound(1.5), 1500);
    assert_int_equal(mc_retry_bound(0), 1000);
    assert_int_equal(mc_retry_bound(-1e300), 1000);
    assert_int_equal(mc_retry_bound(0.0 / 0.0), 1000);
    assert_int_equal(mc_retry_bound(900), 900000);
    assert_int_equal(mc_retry_bound(901), 900000);
    assert_int_equal(mc_retry_bound(1e300), 900000);
}


static void
five_failures_in_a_row_open_the_breaker_and_one_probe_goes(void **state)
{
    unsigned      i;
    mc_breaker_t  breaker = { 0 };

    for (i = 0; i < 4; i++) {
        assert_true(mc_breaker_ask(&breaker, 0));
        mc_breaker_done(&breaker, 0, false);
    }

    assert_true(mc_breaker_ask(&breaker, 0));
    mc_breaker_done(&breaker, 0, true);

    /* a success starts the count anew */

    for (i = 0; i < 5; i++) {
        assert_true(mc_breaker_ask(&breaker, 100));
        mc_breaker_done(&breaker, 100, false);
    }

    assert_true(mc_breaker_open(&breaker, 100));
    assert_false(mc_breaker_ask(&breaker, 100));
    assert_false(mc_breaker_ask(&breaker, 100 + 29999));
    assert_false(mc_breaker_open(&breaker, 100 + 30000));

    assert_true(mc_breaker_ask(&breaker, 100 + 30000));
    assert_false(mc_breaker_ask(&breaker, 100 + 30000));
    mc_breaker_done(&breaker, 40000, false);

    assert_false(mc_breaker_ask(&breaker, 69999));
    assert_true(mc_breaker_ask(&breaker, 70000));

    /* a probe that did not come to it leaves its place to the next */

    assert_true(mc_breaker_open(&breaker, 70000));
    mc_breaker_undone(&breaker);
    assert_false(mc_breaker_open(&breaker, 70000));
    assert_true(mc_breaker_ask(&breaker, 70000));
    mc_breaker_done(&breaker, 70000, true);

    for (i = 0; i < 4; i++) {
        assert_true(mc_breaker_ask(&breaker, 70000));
        mc_breaker_done(&breaker, 70000, false);
    }

    assert_true(mc_breaker_ask(&breaker, 70000));
}


static void
only_a_word_we_know_is_an_answer_and_only_match_is_a_match(void **state)
{
    size_t        i;
    mc_answer_t   answer;
    const char   *reason;

    static const struct {
        const char       *word;
        mc_case_event_t   event;
        const char       *reason;
    } rows[] = {
        { "match", MC_CASE_SAYS_MATCH, "" },
        { "mismatch", MC_CASE_SAYS_MISMATCH, "" },
        { "unsure", MC_CASE_SAYS_REVIEW, "unsure" },
        { "no_reference", MC_CASE_SAYS_REVIEW, "no_reference" },
        { "bad_probe", MC_CASE_SAYS_REVIEW, "bad_probe" },
        { "bad_reference", MC_CASE_SAYS_REVIEW, "bad_reference" }
    };

    static const char *const none[] = {
        "", "retry", "MATCH", "Match", "match ", "matched", "matc", "yes",
        "ok", "true"
    };

    for (i = 0; i < mc_count(rows); i++) {
        assert_true(mc_answer_read(mc_str_from(rows[i].word), &answer));
        assert_string_equal(mc_answer_name(answer), rows[i].word);
        assert_int_equal(mc_answer_event(answer, &reason), rows[i].event);
        assert_string_equal(reason, rows[i].reason);
    }

    for (i = 0; i < mc_count(none); i++) {
        assert_false(mc_answer_read(mc_str_from(none[i]), &answer));
    }

    assert_false(mc_answer_read(mc_str("match\0x"), &answer));

    assert_int_equal(mc_answer_event(MC_ANSWER_RETRY, &reason),
                     MC_CASE_SAYS_REVIEW);
    assert_int_equal(mc_answer_event((mc_answer_t) 99, &reason),
                     MC_CASE_SAYS_REVIEW);
}


static void
every_reason_code_has_words_and_words_stay_words(void **state)
{
    unsigned   i;
    mc_str_t   code;
    mc_text_t  text;

    for (i = 0; i < MC_WHYS; i++) {
        code = mc_str_from(mc_case_why_code((mc_case_why_t) i));
        text = mc_case_reason(code);

        assert_true(code.len > 0 && text.zh.len > 0 && text.en.len > 0);
        assert_false(mc_str_eq(text.zh, code));
    }

    text = mc_case_reason(mc_str("blurred"));
    assert_true(mc_str_is(text.zh, "blurred"));
    assert_true(mc_str_is(text.en, "blurred"));
    assert_string_equal(mc_case_why_code((mc_case_why_t) 99), "");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_wait_doubles_from_5_seconds_to_15_minutes),
        cmocka_unit_test(the_last_quarter_of_a_wait_is_random),
        cmocka_unit_test(a_wait_somebody_asks_for_stays_within_bounds),
        cmocka_unit_test(
            five_failures_in_a_row_open_the_breaker_and_one_probe_goes),
        cmocka_unit_test(
            only_a_word_we_know_is_an_answer_and_only_match_is_a_match),
        cmocka_unit_test(every_reason_code_has_words_and_words_stay_words)
    };

    return cmocka_run_group_tests_name("domain: retry", tests, NULL, NULL);
}
