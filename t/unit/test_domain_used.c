/*
 * Unit tests of the set of used ids (I01): nothing that was used is ever
 * forgotten within its time, memory stays what it is, and a fresh id looks
 * used as rarely as the header says.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mc_crypto.h"
#include "mc_used.h"

#define SIZE  65536             /* bytes: 262,144 bits in a generation */


static struct {
    uint64_t   memory[SIZE / 8 + 2];
    mc_used_t  used;
} t;


static int
setup(void **state)
{
    memset(&t, 0xa5, sizeof(t));
    mc_used_init(&t.used, &t.memory[1], SIZE, 1000);

    return 0;
}


/* Random in kind, the same in each run. */
static void
id_of(uint64_t n, uint8_t id[MC_USED_ID])
{
    uint8_t  digest[MC_SHA256_SIZE];

    assert_int_equal(mc_sha256(&n, sizeof(n), digest), MC_OK);
    memcpy(id, digest, MC_USED_ID);
}


static bool
add(uint64_t n, int64_t now)
{
    uint8_t  id[MC_USED_ID];

    id_of(n, id);

    return mc_used_add(&t.used, id, now);
}


static void
an_id_is_new_once(void **state)
{
    assert_true(add(1, 1000));
    assert_false(add(1, 1000));
    assert_true(add(2, 1000));
    assert_false(add(1, 1000 + MC_USED_PERIOD - 1));
}


static void
an_id_stays_for_a_period_at_least(void **state)
{
    static const int64_t  came[] = { 0, 1, 450000, 899999, 900000, 1700000 };

    size_t   i;
    int64_t  at;

    for (i = 0; i < mc_count(came); i++) {
        setup(NULL);
        assert_true(add(77, 1000 + came[i]));

        for (at = 0; at < MC_USED_PERIOD; at += 60000) {
            (void) add((uint64_t) (1000 + at), 1000 + came[i] + at);
            assert_false(add(77, 1000 + came[i] + at));
        }
    }
}


static void
an_id_is_forgotten_after_two_periods(void **state)
{
    assert_true(add(5, 1000));
    assert_true(add(6, 1000 + MC_USED_PERIOD));
    assert_true(add(5, 1000 + 2 * MC_USED_PERIOD));

    /* after a long silence both generations are empty */

    assert_true(add(6, 1000 + 9 * MC_USED_PERIOD));
    assert_true(add(5, 1000 + 9 * MC_USED_PERIOD));
}


static void
a_flood_makes_no_id_good_twice(void **state)
{
    uint64_t  n;

    for (n = 0; n < 200000; n++) {
        (void) add(n, 1000);
    }

    for (n = 0; n < 200000; n += 97) {
        assert_false(add(n, 1000));
    }

    assert_int_equal(t.memory[0], UINT64_C(0xa5a5a5a5a5a5a5a5));
    assert_int_equal(t.memory[SIZE / 8 + 1], UINT64_C(0xa5a5a5a5a5a5a5a5));
}


/* As many of "count" fresh ids look used when both generations hold so many
 * ids; none of them is left behind. */
static unsigned
looks_used(uint64_t ids, uint64_t count)
{
    uint64_t         n;
    unsigned         wrong;
    static uint64_t  before[SIZE / 8 + 2];

    for (n = 0; n < ids; n++) {
        (void) add(n, 1000);
    }

    for (n = 0; n < ids; n++) {
        (void) add(1000000 + n, 1000 + MC_USED_PERIOD);
    }

    memcpy(before, t.memory, sizeof(before));
    wrong = 0;

    for (n = 0; n < count; n++) {
        wrong += add(2000000 + n, 1000 + MC_USED_PERIOD) ? 0 : 1;
        memcpy(t.memory, before, sizeof(before));
    }

    return wrong;
}


/* The header's numbers, for a zone of 4 MB: 60,000 of 2,097,152 bits, and
 * 180,000. */
static void
a_fresh_id_looks_used_as_rarely_as_promised(void **state)
{
    assert_in_range(looks_used(262144 / 35, 40000), 0, 12);

    setup(NULL);
    assert_in_range(looks_used(262144 * 10 / 116, 10000), 50, 180);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_id_is_new_once, setup),
        cmocka_unit_test_setup(an_id_stays_for_a_period_at_least, setup),
        cmocka_unit_test_setup(an_id_is_forgotten_after_two_periods, setup),
        cmocka_unit_test_setup(a_flood_makes_no_id_good_twice, setup),
        cmocka_unit_test_setup(a_fresh_id_looks_used_as_rarely_as_promised,
                               setup)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
