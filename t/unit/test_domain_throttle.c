/*
 * The delay of somebody who fails again and again (I03, I05).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_throttle.h"


/* 5 free ones; waits of at most 15 minutes */
#define FREE  5
#define TIME  INT64_C(900000)

#define take(delay, now, wait)  \
    mc_delay_take((delay), FREE, TIME, (now), (wait))


static int64_t
fail_freely(mc_delay_t *delay, int64_t now)
{
    int      i;
    int64_t  wait;

    mc_delay_init(delay, now);

    for (i = 0; i < FREE; i++) {
        assert_true(take(delay, now + i, &wait));
        assert_int_equal(wait, 0);
        assert_int_equal(mc_delay_failures(delay, now + i), i + 1);
    }

    return now + FREE - 1;
}


static void
five_are_free_then_the_wait_doubles_up_to_the_time_I03(void **state)
{
    size_t      i;
    int64_t     wait, now;
    mc_delay_t  delay;

    static const int64_t  waits[] = {
        1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000, 256000, 512000,
        TIME, TIME, TIME
    };

    now = fail_freely(&delay, 50000);

    for (i = 0; i < mc_count(waits); i++) {
        assert_false(take(&delay, now, &wait));
        assert_true(wait == waits[i]);

        assert_false(take(&delay, now + waits[i] - 1, &wait));
        assert_int_equal(wait, 1);

        now += waits[i];
        assert_true(take(&delay, now, &wait));
        assert_int_equal(wait, 0);
        assert_int_equal(mc_delay_failures(&delay, now), FREE + i + 1);
    }
}


static void
trying_too_early_changes_nothing_I03(void **state)
{
    int         i;
    int64_t     wait, now;
    mc_delay_t  delay, before;

    now = fail_freely(&delay, 7);
    before = delay;

    for (i = 0; i < 999; i++) {
        assert_false(take(&delay, now + i, &wait));
        assert_true(wait == 1000 - i);
    }

    assert_memory_equal(&delay, &before, sizeof(delay));
    assert_true(take(&delay, now + 1000, &wait));
}


static void
quiet_forgets_and_not_before(void **state)
{
    int64_t     wait, now;
    mc_delay_t  delay;

    now = fail_freely(&delay, 0);

    /* allowed again after 1 s, forgotten 15 minutes later */

    assert_int_equal(mc_delay_failures(&delay, now + 1000 + TIME - 1), FREE);
    assert_int_equal(mc_delay_failures(&delay, now + 1000 + TIME), 0);
    assert_true(delay.full == now + 1000 + TIME);

    assert_true(take(&delay, now + 1000 + TIME - 1, &wait));
    assert_int_equal(mc_delay_failures(&delay, now + 1000 + TIME - 1),
                     FREE + 1);

    now = delay.full;
    assert_true(take(&delay, now, &wait));
    assert_int_equal(mc_delay_failures(&delay, now), 1);
}


static void
few_failures_are_forgotten_sooner_than_many(void **state)
{
    int         i;
    int64_t     wait, part;
    mc_delay_t  delay;

    /* each has its fifth of the 15 minutes, as in a bucket of five */

    part = TIME / FREE;
    mc_delay_init(&delay, 0);

    for (i = 1; i < FREE; i++) {
        assert_true(take(&delay, i, &wait));
        assert_true(delay.full == i + i * part);
        assert_int_equal(mc_delay_failures(&delay, delay.full - 1), i);
        assert_int_equal(mc_delay_failures(&delay, delay.full), 0);
    }

    /* from the last free one on the whole time, behind the wait */

    assert_true(take(&delay, i, &wait));
    assert_true(delay.full == i + 1000 + TIME);
    assert_true(take(&delay, i + 1000, &wait));
    assert_true(delay.full == i + 1000 + 2000 + TIME);

    /* one that is taken back takes its part along */

    mc_delay_init(&delay, 0);
    assert_true(take(&delay, 0, &wait));
    assert_true(take(&delay, 0, &wait));
    mc_delay_give(&delay, FREE, TIME);
    assert_true(delay.full == part);

    /* a part that is no whole number is rounded up */

    mc_delay_init(&delay, 0);
    assert_true(mc_delay_take(&delay, 7, 1000, 0, &wait));
    assert_true(delay.full == 143);
}


/* However the attempts are spread: "pause" after each, or after a few. */
static void
no_rhythm_of_guessing_has_more_than_a_bucket_I03(void **state)
{
    int         i;
    size_t      k;
    int64_t     wait, now, taken, day;
    mc_delay_t  delay;

    day = 24 * 3600 * INT64_C(1000);

    for (k = 1; k <= FREE; k++) {
        mc_delay_init(&delay, 0);
        taken = 0;

        for (now = 0; now < day; now = delay.full) {
            for (i = 0; i < (int) k; i++) {
                assert_true(take(&delay, now, &wait));
                taken++;
            }
        }

        /* 96 times 15 minutes */

        assert_true(taken <= 96 * FREE);
        assert_true(taken >= 96 * FREE - FREE);
    }
}


static void
slow_guessing_does_not_pass_for_quiet_I03(void **state)
{
    int64_t     wait, now, taken;
    mc_delay_t  delay;

    mc_delay_init(&delay, 0);
    taken = 0;

    for (now = 0; now < 24 * 3600 * INT64_C(1000); now += 1000) {
        if (take(&delay, now, &wait)) {
            taken++;
        }
    }

    /* 5 + 10 while it doubles, then one every 15 minutes */

    assert_true(taken >= 100 && taken <= 112);
}


static void
a_success_clears_and_a_fault_of_ours_is_taken_back(void **state)
{
    int64_t     wait, now;
    mc_delay_t  delay;

    now = fail_freely(&delay, 0);
    mc_delay_clear(&delay, now);
    assert_int_equal(mc_delay_failures(&delay, now), 0);
    assert_true(delay.full <= now);
    now = fail_freely(&delay, now);

    /* the sixth, which nobody could judge */

    now += 1000;
    assert_true(take(&delay, now, &wait));
    mc_delay_give(&delay, FREE, TIME);
    assert_int_equal(mc_delay_failures(&delay, now), FREE);
    assert_false(take(&delay, now, &wait));
    assert_int_equal(wait, 1000);

    /* the first */

    mc_delay_init(&delay, now);
    assert_true(take(&delay, now, &wait));
    mc_delay_give(&delay, FREE, TIME);
    assert_int_equal(mc_delay_failures(&delay, now), 0);
    assert_true(delay.full <= now);
    mc_delay_give(&delay, FREE, TIME);
    assert_int_equal(delay.failures, 0);
}


static void
many_at_once_are_counted_when_they_begin_I03(void **state)
{
    int         i, allowed;
    int64_t     wait;
    mc_delay_t  delay;

    mc_delay_init(&delay, 0);
    allowed = 0;

    for (i = 0; i < 1000; i++) {
        allowed += take(&delay, 0, &wait);
    }

    assert_int_equal(allowed, FREE);
}


static void
odd_numbers_do_no_harm(void **state)
{
    int         i;
    int64_t     wait;
    mc_delay_t  delay;

    /* none is free */

    mc_delay_init(&delay, 0);
    assert_true(mc_delay_take(&delay, 0, TIME, 0, &wait));
    assert_false(mc_delay_take(&delay, 0, TIME, 0, &wait));
    assert_int_equal(wait, 2000);

    /* more failures than a shift has bits, times at the end of the world */

    mc_delay_init(&delay, 0);

    for (i = 0; i < 200; i++) {
        assert_true(mc_delay_take(&delay, 1, TIME, delay.until, &wait));
    }

    assert_int_equal(mc_delay_failures(&delay, delay.at), 200);
    assert_true(delay.until - delay.at == TIME);

    mc_delay_init(&delay, INT64_MAX - 5);
    assert_true(mc_delay_take(&delay, 1, TIME, INT64_MAX - 5, &wait));
    assert_true(delay.full == INT64_MAX);
    assert_false(mc_delay_take(&delay, 1, TIME, INT64_MAX - 4, &wait));
    assert_true(wait > 0);

    delay.failures = UINT32_MAX;
    delay.until = 0;
    assert_true(mc_delay_take(&delay, 1, TIME, 0, &wait));
    assert_true(delay.failures == UINT32_MAX);
}


static void
a_bucket_tells_what_is_out(void **state)
{
    int64_t      wait;
    mc_bucket_t  bucket;

    mc_bucket_init(&bucket, FREE, 0);
    assert_int_equal(mc_bucket_spent(&bucket, FREE, TIME, 0), 0);

    assert_true(mc_bucket_take(&bucket, FREE, TIME, 0, &wait));
    assert_true(mc_bucket_take(&bucket, FREE, TIME, 0, &wait));
    assert_int_equal(mc_bucket_spent(&bucket, FREE, TIME, 0), 2);
    assert_int_equal(mc_bucket_spent(&bucket, FREE, TIME, 179999), 2);
    assert_int_equal(mc_bucket_spent(&bucket, FREE, TIME, 180000), 1);
    assert_int_equal(mc_bucket_spent(&bucket, FREE, TIME, TIME), 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            five_are_free_then_the_wait_doubles_up_to_the_time_I03),
        cmocka_unit_test(trying_too_early_changes_nothing_I03),
        cmocka_unit_test(quiet_forgets_and_not_before),
        cmocka_unit_test(few_failures_are_forgotten_sooner_than_many),
        cmocka_unit_test(no_rhythm_of_guessing_has_more_than_a_bucket_I03),
        cmocka_unit_test(slow_guessing_does_not_pass_for_quiet_I03),
        cmocka_unit_test(a_success_clears_and_a_fault_of_ours_is_taken_back),
        cmocka_unit_test(many_at_once_are_counted_when_they_begin_I03),
        cmocka_unit_test(odd_numbers_do_no_harm),
        cmocka_unit_test(a_bucket_tells_what_is_out),
    };

    return cmocka_run_group_tests_name("domain: delays", tests, NULL, NULL);
}
