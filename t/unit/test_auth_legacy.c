/*
 * Unit tests of imported password hashes: every form is verified, no fast
 * hash stays as it came, and whatever stands in the column costs the same
 * (S12, X04).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>
#include <crypt.h>

#include "mc_legacy.h"


#define SALT  "a:b$"

/* "hello"; digests made with md5sum, sha1sum and sha256sum. */
static const char *const  known[] = {
    "md5:5d41402abc4b2a76b9719d911017c592",
    "md5:5D41402ABC4B2A76B9719D911017C592",
    "md5-salt-password:f76679ee2c584a04a2c3802b10171abc:" SALT,
    "md5-password-salt:35833d2f7c06eda45b063b711b715852:" SALT,
    "md5-md5-salt:c7891cfb2feff73fea4effa141686aca:" SALT,
    "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
    "sha1-salt-password:892544a7d4051f0ec1c35f34407e707d4ba73588:" SALT,
    "sha1-password-salt:68092f3c11f84222840d0d1456f6b56190e77e4d:" SALT,
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    "sha256-salt-password:f04b8dd8bf7108bd48335a14a5b1e7c0"
        "212009ea1c498ff48c107c0e046765b9:" SALT,
    "sha256-password-salt:24f14f7943c8352a96139ceb356e2320"
        "4b641a84de1cf368b877d33f89d218cd:" SALT,
};

/* "abc" */
#define BCRYPT  "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"

#define PHC  "$argon2id$v=19$m=19456,t=2,p=1$Dpv2PjtBIjw53tbhB1MWpQ$"  \
             "EmJI0NvqxPiWTFRtezTXlyb76CGbCE7d7K4voWA/ROY"


static mc_err_t
verify(const char *stored, const char *password, uint32_t cost, bool *rehash)
{
    return mc_legacy_verify(mc_str_from(stored), mc_str_from(password), cost,
                            rehash);
}


static void
every_fast_form_is_wrapped_and_opens_with_its_password_S12(void **state)
{
    bool    rehash;
    char    wrapped[MC_LEGACY_HASH];
    size_t  i;

    for (i = 0; i < mc_count(known); i++) {
        print_message("%.30s\n", known[i]);

        assert_int_equal(mc_legacy_kind(mc_str_from(known[i])),
                         MC_LEGACY_FAST);
        assert_int_equal(mc_legacy_wrap(mc_str_from(known[i]), wrapped),
                         MC_OK);
        assert_int_equal(mc_legacy_kind(mc_str_from(wrapped)),
                         MC_LEGACY_WRAPPED);

        assert_int_equal(verify(wrapped, "hello", 0, &rehash), MC_OK);
        assert_true(rehash);
        assert_int_equal(verify(wrapped, "Hello", 0, &rehash), MC_EDENIED);
        assert_false(rehash);
        assert_int_equal(verify(wrapped, "", 0, &rehash), MC_EDENIED);
    }
}


static void
nothing_of_a_fast_hash_is_in_what_is_stored_X04(void **state)
{
    char         wrapped[MC_LEGACY_HASH], again[MC_LEGACY_HASH];
    size_t       i;
    const char  *hex;

    for (i = 0; i < mc_count(known); i++) {
        assert_int_equal(mc_legacy_wrap(mc_str_from(known[i]), wrapped),
                         MC_OK);

        hex = strchr(known[i], ':') + 1;
        assert_null(memmem(wrapped, strlen(wrapped), hex, 16));
        assert_non_null(strstr(wrapped, "$argon2id$v=19$m=19456,t=2,p=1$"));

        /* two members of one password do not show it */

        assert_int_equal(mc_legacy_wrap(mc_str_from(known[i]), again),
                         MC_OK);
        assert_string_not_equal(wrapped, again);
    }
}


static void
the_digest_itself_is_no_password(void **state)
{
    bool  rehash;
    char  wrapped[MC_LEGACY_HASH];

    assert_int_equal(mc_legacy_wrap(mc_str_from(known[0]), wrapped), MC_OK);
    assert_int_equal(verify(wrapped, known[0] + 4, 0, &rehash), MC_EDENIED);
    assert_int_equal(verify(wrapped,
                            "\x5d\x41\x40\x2a\xbc\x4b\x2a\x76"
                            "\xb9\x71\x9d\x91\x10\x17\xc5\x92", 0, &rehash),
                     MC_EDENIED);
}


static void
a_wrap_is_known_again_by_what_it_was_made_of(void **state)
{
    char  wrapped[MC_LEGACY_HASH];

    assert_int_equal(mc_legacy_wrap(mc_str_from(known[2]), wrapped), MC_OK);

    assert_int_equal(mc_legacy_same(mc_str_from(wrapped),
                                    mc_str_from(known[2])), MC_OK);
    assert_int_equal(mc_legacy_same(mc_str_from(wrapped),
                                    mc_str_from(known[3])), MC_EDENIED);
    assert_int_equal(
        mc_legacy_same(mc_str_from(wrapped),
                       mc_str("md5-salt-password:"
                              "f76679ee2c584a04a2c3802b10171abd:" SALT)),
        MC_EDENIED);
    assert_int_equal(
        mc_legacy_same(mc_str_from(wrapped),
                       mc_str("md5-salt-password:"
                              "f76679ee2c584a04a2c3802b10171abc:other")),
        MC_EDENIED);
    assert_int_equal(mc_legacy_same(mc_str(PHC), mc_str_from(known[2])),
                     MC_EDENIED);
}


static void
bcrypt_is_verified_under_each_of_its_names_S12(void **state)
{
    bool  rehash;
    char  hash[] = BCRYPT;

    for (const char *name = "aby"; *name != '\0'; name++) {
        hash[2] = *name;

        assert_int_equal(mc_legacy_kind(mc_str_from(hash)),
                         MC_LEGACY_BCRYPT);
        assert_int_equal(verify(hash, "abc", 6, &rehash), MC_OK);
        assert_true(rehash);
        assert_int_equal(verify(hash, "abd", 6, &rehash), MC_EDENIED);
        assert_false(rehash);

        /* imported since the highest cost was read */

        assert_int_equal(verify(hash, "abc", 0, &rehash), MC_OK);
        assert_int_equal(verify(hash, "abc", 7, &rehash), MC_OK);
    }
}


static void
bcrypt_sees_72_bytes_and_no_more(void **state)
{
    bool                rehash;
    char                long_one[101];
    struct crypt_data  *data;

    memset(long_one, 'x', 100);
    long_one[100] = '\0';

    data = calloc(1, sizeof(*data));
    assert_non_null(data);
    assert_non_null(crypt_r(long_one, "$2b$04$Dpv2PjtBIjw53tbhB1MWpe",
                            data));

    assert_int_equal(verify(data->output, long_one, 4, &rehash), MC_OK);
    long_one[99] = 'y';
    assert_int_equal(verify(data->output, long_one, 4, &rehash), MC_OK);
    long_one[71] = 'y';
    assert_int_equal(verify(data->output, long_one, 4, &rehash), MC_EDENIED);

    free(data);
}


static void
what_is_no_hash_of_ours_is_refused(void **state)
{
    size_t  i;

    static const char *const  bad[] = {
        "", "x", "hello", ":", "md5", "md5:", "md5::", "md4:00",
        "md5:5d41402abc4b2a76b9719d911017c59",
        "md5:5d41402abc4b2a76b9719d911017c5921",
        "md5:5d41402abc4b2a76b9719d911017c592:salt",
        "md5-salt-password:f76679ee2c584a04a2c3802b10171abc",
        "md5-salt-password:f76679ee2c584a04a2c3802b10171abc:",
        "md5-salt-password:f76679ee2c584a04a2c3802b10171abc:\t",
        "md5-salt-password:f76679ee2c584a04a2c3802b10171abc:"
            "0123456789012345678901234567890123456789012345678901234567890123"
            "4",
        "sha512:00",
        "$2a$13$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "$2a$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "$2a$03$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "$2x$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0",
        "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0ii",
        "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0*",
        "$mc-wrap$md5$$" , "$mc-wrap$md5$61" PHC, "$mc-wrap$md4$" PHC,
        "$mc-wrap$md5-salt-password$" PHC,
        "$mc-wrap$md5-salt-password$6" PHC,
        "$mc-wrap$md5-salt-password$0a" PHC,
        "$1$abcdefgh$0000000000000000000000", "$6$salt$xx",
        "$argon2i$v=19$m=19456,t=2,p=1$Dpv2PjtBIjw53tbhB1MWpQ$"
            "EmJI0NvqxPiWTFRtezTXlyb76CGbCE7d7K4voWA/ROY",
    };

    for (i = 0; i < mc_count(bad); i++) {
        char  out[MC_LEGACY_HASH];

        if (mc_legacy_kind(mc_str_from(bad[i])) != MC_LEGACY_BAD) {
            fail_msg("taken: %s", bad[i]);
        }

        assert_int_equal(mc_legacy_wrap(mc_str_from(bad[i]), out),
                         MC_EINVAL);
        assert_string_equal(out, "");
    }

    assert_int_equal(mc_legacy_kind(mc_str(PHC)), MC_LEGACY_PHC);
    assert_int_equal(mc_legacy_kind(mc_str("$mc-wrap$md5$" PHC)),
                     MC_LEGACY_WRAPPED);
    assert_int_equal(mc_legacy_kind(mc_str("$mc-wrap$sha1-salt-password$61"
                                           PHC)), MC_LEGACY_WRAPPED);
}


/* Processor time, since other programs share the machine. */
static double
cost_of(const char *stored, uint32_t cost)
{
    bool     rehash;
    clock_t  start;

    start = clock();
    (void) verify(stored, "wrong one", cost, &rehash);

    return (double) (clock() - start) / CLOCKS_PER_SEC;
}


/* The least of many, taken in turns: what disturbs one disturbs all. */
static void
costs_of(const char *const *stored, size_t count, uint32_t cost,
    double *least)
{
    int     round;
    double  took;
    size_t  i;

    for (i = 0; i < count; i++) {
        least[i] = 1e9;
    }

    for (round = 0; round < 12; round++) {
        for (i = 0; i < count; i++) {
            took = cost_of(stored[i], cost);
            least[i] = took < least[i] ? took : least[i];
        }
    }
}


static void
every_kind_of_account_costs_the_same_S12_I05(void **state)
{
    char      wrapped[MC_LEGACY_HASH];
    double    least[5], from, to, none;
    size_t    i, count;
    uint32_t  cost;

    assert_int_equal(mc_legacy_wrap(mc_str_from(known[10]), wrapped), MC_OK);

    const char *const  stored[] = { "", "x", PHC, wrapped, BCRYPT };

    none = 0;

    for (cost = 0; cost <= 8; cost += 8) {

        /* without any bcrypt on record nobody has one */

        count = mc_count(stored) - (cost == 0);
        costs_of(stored, count, cost, least);

        from = least[0];
        to = least[0];

        for (i = 1; i < count; i++) {
            from = least[i] < from ? least[i] : from;
            to = least[i] > to ? least[i] : to;
        }

        print_message("cost %u: %.1f ms to %.1f ms\n", (unsigned) cost,
                      from * 1e3, to * 1e3);
        assert_true(to < from * 1.3);

        if (cost == 0) {
            none = to;
        }
    }

    assert_true(from > none * 1.2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            every_fast_form_is_wrapped_and_opens_with_its_password_S12),
        cmocka_unit_test(nothing_of_a_fast_hash_is_in_what_is_stored_X04),
        cmocka_unit_test(the_digest_itself_is_no_password),
        cmocka_unit_test(a_wrap_is_known_again_by_what_it_was_made_of),
        cmocka_unit_test(bcrypt_is_verified_under_each_of_its_names_S12),
        cmocka_unit_test(bcrypt_sees_72_bytes_and_no_more),
        cmocka_unit_test(what_is_no_hash_of_ours_is_refused),
        cmocka_unit_test(every_kind_of_account_costs_the_same_S12_I05),
    };

    if (mc_password_init() != MC_OK) {
        return 1;
    }

    return cmocka_run_group_tests(tests, NULL, NULL);
}
