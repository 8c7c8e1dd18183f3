/*
 * Unit tests of password hashing: the four cases of a log-in cost the same
 * (S12), an empty password never opens an account (I05), and a stored hash
 * cannot ask for more than we would spend.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>
#include <sodium.h>

#include "mc_password.h"


#define SALT  "Dpv2PjtBIjw53tbhB1MWpQ"
#define HASH  "EmJI0NvqxPiWTFRtezTXlyb76CGbCE7d7K4voWA/ROY"


/* Processor time, since other programs share the machine. */
static double
cost_of(const char *phc, const char *password)
{
    bool     rehash;
    clock_t  start;

    start = clock();
    (void) mc_password_verify(mc_str_from(phc), mc_str_from(password),
                              &rehash);

    return (double) (clock() - start) / CLOCKS_PER_SEC;
}


static void
a_password_opens_its_own_hash_only_S12(void **state)
{
    bool  rehash;
    char  phc[MC_PASSWORD_HASH], other[MC_PASSWORD_HASH];

    assert_int_equal(mc_password_hash(mc_str("correct horse"), phc), MC_OK);
    assert_int_equal(mc_password_hash(mc_str("correct horse"), other),
                     MC_OK);
    assert_string_not_equal(phc, other);
    assert_memory_equal(phc, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_true(mc_password_phc_valid(mc_str_from(phc)));

    rehash = true;
    assert_int_equal(mc_password_verify(mc_str_from(phc),
                                        mc_str("correct horse"), &rehash),
                     MC_OK);
    assert_false(rehash);

    assert_int_equal(mc_password_verify(mc_str_from(phc),
                                        mc_str("Correct horse"), &rehash),
                     MC_EDENIED);
    assert_int_equal(mc_password_verify(mc_str_from(phc),
                                        mc_str("correct horse\0"), &rehash),
                     MC_EDENIED);
}


static void
an_empty_password_never_opens_I05(void **state)
{
    bool  rehash;
    char  phc[MC_PASSWORD_HASH];

    assert_int_equal(crypto_pwhash_argon2id_str(phc, "", 0, 1,
                         crypto_pwhash_argon2id_MEMLIMIT_MIN), 0);
    assert_true(mc_password_phc_valid(mc_str_from(phc)));
    assert_int_equal(mc_password_verify(mc_str_from(phc), mc_str(""),
                                        &rehash), MC_EDENIED);
    assert_int_equal(mc_password_verify(mc_str_null, mc_str(""), &rehash),
                     MC_EDENIED);

    assert_int_equal(mc_password_hash(mc_str(""), phc), MC_EINVAL);
    assert_string_equal(phc, "");
}


static void
a_password_of_257_bytes_is_too_long(void **state)
{
    bool  rehash;
    char  text[MC_PASSWORD_MAX + 1], phc[MC_PASSWORD_HASH];

    memset(text, 'x', sizeof(text));
    assert_int_equal(mc_password_hash((mc_str_t) { text, sizeof(text) },
                                      phc), MC_ETOOBIG);
    assert_int_equal(mc_password_hash((mc_str_t) { text, MC_PASSWORD_MAX },
                                      phc), MC_OK);
    assert_int_equal(mc_password_verify(mc_str_from(phc),
                         (mc_str_t) { text, sizeof(text) }, &rehash),
                     MC_EDENIED);
    assert_int_equal(mc_password_verify(mc_str_from(phc),
                         (mc_str_t) { text, MC_PASSWORD_MAX }, &rehash),
                     MC_OK);
}


static void
other_parameters_are_accepted_and_told(void **state)
{
    bool  rehash;
    char  phc[MC_PASSWORD_HASH];

    assert_int_equal(crypto_pwhash_argon2id_str(phc, "a password", 10, 1,
                         crypto_pwhash_argon2id_MEMLIMIT_MIN), 0);
    assert_int_equal(mc_password_verify(mc_str_from(phc),
                                        mc_str("a password"), &rehash),
                     MC_OK);
    assert_true(rehash);
}


static void
only_bounded_argon2id_strings_are_valid(void **state)
{
    size_t  i;

    static const struct {
        const char *phc;
        bool        valid;
    } cases[] = {
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT "$" HASH, true },
        { "$argon2id$v=19$m=65536,t=4,p=4$" SALT "$" HASH, true },
        { "$argon2id$v=19$m=65537,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=4294967295,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=99999999999999999999,t=2,p=1$" SALT "$" HASH,
          false },
        { "$argon2id$v=19$m=19456,t=5,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=19456,t=2,p=5$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=19456,t=0,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=019456,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=-1,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=7,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=31,t=2,p=4$" SALT "$" HASH, false },
        { "$argon2id$v=16$m=19456,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$m=19456,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2i$v=19$m=19456,t=2,p=1$" SALT "$" HASH, false },
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT "$" HASH "$", false },
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT "$" HASH " ", false },
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT "$" HASH "=", false },
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT "$", false },
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT, false },
        { "$argon2id$v=19$m=19456,t=2,p=1$$" HASH, false },
        { "$argon2id$v=19$m=19456,t=2,p=1$AAAA$" HASH, false },
        { "$argon2id$v=19$m=19456,t=2,p=1$" SALT "$AAAAAAAA", false },
        { "$argon2id$v=19$m=19456,t=2,p=1$D!v2PjtBIjw53tbhB1MWpQ$" HASH,
          false },
        { "$argon2id$v=19$m=19456,t=2,p=1$Dpv2PjtBI\xCEjw53tbhB1MWpQ$" HASH,
          false },
        { "$2b$12$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234",
          false },
        { "secret", false },
        { "", false },
    };

    for (i = 0; i < mc_count(cases); i++) {
        if (mc_password_phc_valid(mc_str_from(cases[i].phc))
            != cases[i].valid)
        {
            fail_msg("\"%s\"", cases[i].phc);
        }
    }

    assert_false(mc_password_phc_valid(mc_str_null));
    assert_false(mc_password_phc_valid(
        mc_str("$argon2id$v=19$m=19456,t=2,p=1$" SALT "$\0" HASH)));
}


/*
 * Unknown number (no hash), broken hash, empty and overlong password, wrong
 * password: each runs one hash of today's cost.
 */
static void
what_cannot_be_right_costs_a_hash_as_well_S12_I05(void **state)
{
    char    phc[MC_PASSWORD_HASH], text[300];
    size_t  i, n;
    double  usual, cost, best;

    static const char *const  hashes[] = {
        "", "broken", "$argon2id$v=19$m=4294967295,t=2,p=1$" SALT "$" HASH
    };

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';

    assert_int_equal(mc_password_hash(mc_str("a password"), phc), MC_OK);

    usual = 1;

    for (n = 0; n < 5; n++) {
        cost = cost_of(phc, "another one");
        usual = cost < usual ? cost : usual;
    }

    for (i = 0; i < mc_count(hashes) + 2; i++) {
        best = 1;

        for (n = 0; n < 5; n++) {
            cost = i < mc_count(hashes) ? cost_of(hashes[i], "a password")
                   : i == mc_count(hashes) ? cost_of(phc, "")
                                           : cost_of(phc, text);
            best = cost < best ? cost : best;
        }

        if (best < usual * 0.4 || best > usual * 2.5) {
            fail_msg("case %zu costs %.1f ms instead of %.1f", i,
                     best * 1000, usual * 1000);
        }
    }
}


static int
setup(void **state)
{
    return mc_password_init() == MC_OK ? 0 : -1;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_password_opens_its_own_hash_only_S12),
        cmocka_unit_test(an_empty_password_never_opens_I05),
        cmocka_unit_test(a_password_of_257_bytes_is_too_long),
        cmocka_unit_test(other_parameters_are_accepted_and_told),
        cmocka_unit_test(only_bounded_argon2id_strings_are_valid),
        cmocka_unit_test(what_cannot_be_right_costs_a_hash_as_well_S12_I05),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
