/*
 * Tokens of known devices (I03, I05): whose they are, how long they last.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_device.h"


#define NOW  INT64_C(1795000000000)

static const uint8_t  alice[32] = "alice", bob[32] = "bob";


static void
keys_make(mc_keys_t *keys, size_t count)
{
    size_t  i;

    memset(keys, 0, sizeof(*keys));
    keys->count = count;

    for (i = 0; i < count; i++) {
        memset(keys->device[i], (int) (i + 1), MC_KEY_SIZE);
    }
}


static void
a_device_is_known_to_its_account_alone_I05(void **state)
{
    char       token[MC_DEVICE_LEN + 1], other[MC_DEVICE_LEN + 1];
    uint8_t    id[MC_DEVICE_ID], again[MC_DEVICE_ID];
    mc_keys_t  keys;

    keys_make(&keys, 1);
    assert_int_equal(mc_device_make(&keys, alice, NOW, NULL, token), MC_OK);
    assert_int_equal(strlen(token), MC_DEVICE_LEN);

    assert_true(mc_device_check(&keys, alice, mc_str_from(token), NOW, id));
    assert_false(mc_device_check(&keys, bob, mc_str_from(token), NOW, id));

    /* another one is another; one that is renewed stays itself */

    assert_int_equal(mc_device_make(&keys, alice, NOW, NULL, other), MC_OK);
    assert_true(mc_device_check(&keys, alice, mc_str_from(other), NOW,
                                again));
    assert_memory_not_equal(id, again, sizeof(id));

    assert_int_equal(mc_device_make(&keys, alice, NOW + 5000, id, other),
                     MC_OK);
    assert_string_not_equal(token, other);
    assert_true(mc_device_check(&keys, alice, mc_str_from(other), NOW,
                                again));
    assert_memory_equal(id, again, sizeof(id));
}


static void
it_lasts_180_days(void **state)
{
    char       token[MC_DEVICE_LEN + 1];
    uint8_t    id[MC_DEVICE_ID];
    mc_str_t   text;
    mc_keys_t  keys;

    keys_make(&keys, 1);
    assert_int_equal(mc_device_make(&keys, alice, NOW, NULL, token), MC_OK);
    text = mc_str_from(token);

    assert_true(mc_device_check(&keys, alice, text,
                                NOW + MC_DEVICE_TIME - 1, id));
    assert_false(mc_device_check(&keys, alice, text, NOW + MC_DEVICE_TIME,
                                 id));

    /* made by a machine whose clock is ahead, a little */

    assert_true(mc_device_check(&keys, alice, text, NOW - MC_DEVICE_AHEAD,
                                id));
    assert_false(mc_device_check(&keys, alice, text,
                                 NOW - MC_DEVICE_AHEAD - 1, id));
}


static void
any_secret_of_the_site_will_do_and_no_other(void **state)
{
    char       token[MC_DEVICE_LEN + 1];
    uint8_t    id[MC_DEVICE_ID];
    mc_keys_t  keys, turned;

    keys_make(&keys, 1);
    assert_int_equal(mc_device_make(&keys, alice, NOW, NULL, token), MC_OK);

    keys_make(&turned, 2);
    memset(turned.device[0], 9, MC_KEY_SIZE);
    memcpy(turned.device[1], keys.device[0], MC_KEY_SIZE);
    assert_true(mc_device_check(&turned, alice, mc_str_from(token), NOW,
                                id));

    turned.count = 1;
    assert_false(mc_device_check(&turned, alice, mc_str_from(token), NOW,
                                 id));

    turned.count = 0;
    assert_false(mc_device_check(&turned, alice, mc_str_from(token), NOW,
                                 id));
}


static void
not_a_letter_may_differ(void **state)
{
    char       token[MC_DEVICE_LEN + 1], was;
    size_t     i;
    uint8_t    id[MC_DEVICE_ID];
    mc_keys_t  keys;

    keys_make(&keys, 1);
    assert_int_equal(mc_device_make(&keys, alice, NOW, NULL, token), MC_OK);

    for (i = 0; i < MC_DEVICE_LEN; i++) {
        was = token[i];
        token[i] = was == 'A' ? 'B' : 'A';
        assert_false(mc_device_check(&keys, alice, mc_str_from(token), NOW,
                                     id));
        token[i] = '=';
        assert_false(mc_device_check(&keys, alice, mc_str_from(token), NOW,
                                     id));
        token[i] = was;
    }

    assert_true(mc_device_check(&keys, alice, mc_str_from(token), NOW, id));
    assert_false(mc_device_check(&keys, alice,
                                 (mc_str_t) { token, MC_DEVICE_LEN - 1 },
                                 NOW, id));
    assert_false(mc_device_check(&keys, alice, mc_str_null, NOW, id));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_device_is_known_to_its_account_alone_I05),
        cmocka_unit_test(it_lasts_180_days),
        cmocka_unit_test(any_secret_of_the_site_will_do_and_no_other),
        cmocka_unit_test(not_a_letter_may_differ),
    };

    return cmocka_run_group_tests_name("auth: known devices", tests, NULL,
                                       NULL);
}
