/*
 * Unit tests of domain: the states of a comparison (S24, S25, S26,
 * X01) and the
 * token buckets (I03).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_comparison.h"
#include "mc_throttle.h"


/*
 * The whole table, a row a state, a letter an event: U upload, = match,
 * ! mismatch, ? review, A approve, R reject, C confirm, 0 reset; and what
 * comes of it: p pending, m matched, x mismatched, r review, c confirmed,
 * z closed, "-" no meaning.
 */
static const struct {
    mc_case_state_t  state;
    const char      *name;
    const char      *next;      /* U=!?ARC0 */
} table[] = {
    { MC_CASE_NONE,       "none",       "p-------" },
    { MC_CASE_PENDING,    "pending",    "pmxr---z" },
    { MC_CASE_MATCHED,    "matched",    "p-----cz" },
    { MC_CASE_MISMATCHED, "mismatched", "p------z" },
    { MC_CASE_REVIEW,     "review",     "p---mx-z" },
    { MC_CASE_CONFIRMED,  "confirmed",  "p-------" },
    { MC_CASE_CLOSED,     "closed",     "p-------" },
};


static mc_case_state_t
state_of(char letter)
{
    switch (letter) {
    case 'p': return MC_CASE_PENDING;
    case 'm': return MC_CASE_MATCHED;
    case 'x': return MC_CASE_MISMATCHED;
    case 'r': return MC_CASE_REVIEW;
    case 'c': return MC_CASE_CONFIRMED;
    case 'z': return MC_CASE_CLOSED;
    default: return MC_CASE_STATES;
    }
}


static void
each_event_has_its_meaning_in_each_state_S24_S25_S26(void **state)
{
    size_t           i, event;
    mc_err_t         err;
    mc_case_state_t  next;

    assert_int_equal(mc_count(table), MC_CASE_STATES);

    for (i = 0; i < mc_count(table); i++) {
        assert_int_equal(table[i].state, i);
        assert_int_equal(strlen(table[i].next), MC_CASE_EVENTS);

        for (event = 0; event < MC_CASE_EVENTS; event++) {
            next = MC_CASE_STATES;
            err = mc_case_next(table[i].state, (mc_case_event_t) event,
                               &next);

            assert_int_equal(err, table[i].next[event] == '-'
                                  ? MC_ECONFLICT : MC_OK);
            assert_int_equal(next, state_of(table[i].next[event]));
        }
    }

    assert_int_equal(mc_case_next(MC_CASE_STATES, MC_CASE_UPLOAD, &next),
                     MC_EINVAL);
    assert_int_equal(mc_case_next(MC_CASE_NONE, MC_CASE_EVENTS, &next),
                     MC_EINVAL);
}


static void
only_a_mismatch_and_a_rejection_cost_an_attempt_X01(void **state)
{
    unsigned  event;

    for (event = 0; event < MC_CASE_EVENTS; event++) {
        assert_int_equal(mc_case_costs((mc_case_event_t) event),
                         event == MC_CASE_SAYS_MISMATCH
                         || event == MC_CASE_REJECT);
    }
}


static void
states_read_back_as_named(void **state)
{
    size_t           i;
    mc_case_state_t  read;

    for (i = 0; i < mc_count(table); i++) {
        assert_string_equal(mc_case_name(table[i].state), table[i].name);
        read = MC_CASE_STATES;
        assert_true(mc_case_read(mc_str_from(table[i].name), &read));
        assert_int_equal(read, table[i].state);
    }

    assert_false(mc_case_read(mc_str("Pending"), &read));
    assert_false(mc_case_read(mc_str(""), &read));
    assert_string_equal(mc_case_name(MC_CASE_STATES), "");
}


/* 5 tokens within 15 minutes: one every 180 s */
#define N     5
#define TIME  INT64_C(900000)


static void
tokens_run_out_and_come_back_one_by_one_I03(void **state)
{
    int          i;
    int64_t      wait, now;
    mc_bucket_t  bucket;

    now = 1000000;
    mc_bucket_init(&bucket, N, now);
    assert_true(mc_bucket_full(&bucket, N, TIME, now));

    for (i = 0; i < N; i++) {
        assert_true(mc_bucket_take(&bucket, N, TIME, now, &wait));
        assert_int_equal(wait, 0);
    }

    assert_false(mc_bucket_full(&bucket, N, TIME, now));
    assert_false(mc_bucket_take(&bucket, N, TIME, now, &wait));
    assert_int_equal(wait, 180000);

    assert_false(mc_bucket_take(&bucket, N, TIME, now + 179999, &wait));
    assert_int_equal(wait, 1);

    assert_true(mc_bucket_take(&bucket, N, TIME, now + 180000, &wait));
    assert_false(mc_bucket_take(&bucket, N, TIME, now + 180000, &wait));
    assert_int_equal(wait, 180000);

    /* not more than all of them, however long it rests */

    assert_true(mc_bucket_full(&bucket, N, TIME, now + 100 * TIME));

    for (i = 0; i < N; i++) {
        assert_true(mc_bucket_take(&bucket, N, TIME, now + 100 * TIME,
                                   &wait));
    }

    assert_false(mc_bucket_take(&bucket, N, TIME, now + 100 * TIME, &wait));
}


static void
hammering_neither_delays_nor_speeds_the_return_I03(void **state)
{
    int64_t      wait, now, taken;
    mc_bucket_t  bucket;

    mc_bucket_init(&bucket, N, 0);
    taken = 0;

    for (now = 0; now <= 10 * TIME; now += 7) {
        if (mc_bucket_take(&bucket, N, TIME, now, &wait)) {
            taken++;
        }
    }

    /* 5 at once, then 50 in ten times the period; at the grid of 7 ms the
     * last may be just too late */

    assert_true(taken == N + 50 || taken == N + 49);
}


static void
a_success_gives_its_token_back_but_never_more_than_all(void **state)
{
    int64_t      wait;
    mc_bucket_t  bucket;

    mc_bucket_init(&bucket, N, 0);
    assert_true(mc_bucket_take(&bucket, N, TIME, 0, &wait));
    assert_false(mc_bucket_full(&bucket, N, TIME, 0));
    mc_bucket_give(&bucket, N, TIME, 0);
    assert_true(mc_bucket_full(&bucket, N, TIME, 0));
    mc_bucket_give(&bucket, N, TIME, 0);
    assert_int_equal(bucket.level, N * 1000);

    mc_bucket_init(&bucket, 1, 0);
    assert_true(mc_bucket_take(&bucket, 1, TIME, 0, &wait));
    assert_false(mc_bucket_take(&bucket, 1, TIME, 0, &wait));
    mc_bucket_give(&bucket, 1, TIME, 0);
    assert_true(mc_bucket_take(&bucket, 1, TIME, 0, &wait));
}


static void
a_bucket_knows_when_it_is_as_good_as_new(void **state)
{
    int          i;
    int64_t      wait;
    mc_bucket_t  bucket;

    mc_bucket_init(&bucket, N, 1000);
    assert_int_equal(bucket.full, 1000);

    for (i = 1; i <= N; i++) {
        assert_true(mc_bucket_take(&bucket, N, TIME, 1000, &wait));
        assert_int_equal(bucket.full, 1000 + i * TIME / N);
        assert_true(mc_bucket_full(&bucket, N, TIME, bucket.full));
        assert_false(mc_bucket_full(&bucket, N, TIME, bucket.full - 1));
    }

    mc_bucket_give(&bucket, N, TIME, 1000);
    assert_int_equal(bucket.full, 1000 + (N - 1) * TIME / N);
}


static void
odd_numbers_do_no_harm(void **state)
{
    int64_t      wait;
    mc_bucket_t  bucket;

    /* a clock that went back gives nothing */

    mc_bucket_init(&bucket, 1, 1000);
    assert_true(mc_bucket_take(&bucket, 1, TIME, 1000, &wait));
    assert_false(mc_bucket_take(&bucket, 1, TIME, 0, &wait));
    assert_int_equal(wait, TIME);

    /* a limit lowered by a reload holds at once */

    mc_bucket_init(&bucket, 100, 0);
    assert_true(mc_bucket_take(&bucket, 2, TIME, 0, &wait));
    assert_true(mc_bucket_take(&bucket, 2, TIME, 0, &wait));
    assert_false(mc_bucket_take(&bucket, 2, TIME, 0, &wait));

    /* the largest there are */

    mc_bucket_init(&bucket, UINT32_MAX, INT64_MIN);
    assert_true(mc_bucket_take(&bucket, UINT32_MAX, INT64_MAX, 0, &wait));
    assert_true(mc_bucket_take(&bucket, UINT32_MAX, INT64_MAX, INT64_MAX,
                               &wait));
    mc_bucket_give(&bucket, UINT32_MAX, INT64_MAX, INT64_MAX);

    bucket = (mc_bucket_t) { .level = INT64_MIN, .at = 0 };
    assert_false(mc_bucket_take(&bucket, 1, INT64_MAX, 0, &wait));
    assert_int_equal(wait, INT64_MAX);

    /* none at all */

    mc_bucket_init(&bucket, 0, 0);
    assert_false(mc_bucket_take(&bucket, 0, TIME, 5 * TIME, &wait));
    assert_true(wait > 0);
    mc_bucket_give(&bucket, 0, TIME, 0);
    assert_false(mc_bucket_take(&bucket, 0, TIME, 0, &wait));

    /* no time: no limit */

    mc_bucket_init(&bucket, 1, 0);
    assert_true(mc_bucket_take(&bucket, 1, 0, 0, &wait));
    assert_true(mc_bucket_take(&bucket, 1, 0, 0, &wait));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            each_event_has_its_meaning_in_each_state_S24_S25_S26),
        cmocka_unit_test(only_a_mismatch_and_a_rejection_cost_an_attempt_X01),
        cmocka_unit_test(states_read_back_as_named),
        cmocka_unit_test(tokens_run_out_and_come_back_one_by_one_I03),
        cmocka_unit_test(hammering_neither_delays_nor_speeds_the_return_I03),
        cmocka_unit_test(
            a_success_gives_its_token_back_but_never_more_than_all),
        cmocka_unit_test(a_bucket_knows_when_it_is_as_good_as_new),
        cmocka_unit_test(odd_numbers_do_no_harm),
    };

    return cmocka_run_group_tests_name("domain: comparison and throttle",
                                       tests, NULL, NULL);
}
