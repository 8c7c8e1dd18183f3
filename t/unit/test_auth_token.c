/*
 * Unit tests of session tokens (I06): their letters, their hash, and how
 * they are found in Cookie and Authorization lines.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_crypto.h"
#include "mc_token.h"


static void
a_token_has_43_letters_and_is_never_the_same(void **state)
{
    char     first[MC_TOKEN_LEN + 1], second[MC_TOKEN_LEN + 1];
    uint8_t  bytes[32];

    assert_int_equal(mc_token_make(first), MC_OK);
    assert_int_equal(mc_token_make(second), MC_OK);
    assert_int_equal(strlen(first), MC_TOKEN_LEN);
    assert_string_not_equal(first, second);
    assert_int_equal(mc_base64url_read(mc_str_from(first), bytes, 32),
                     MC_OK);
}


static void
the_hash_is_sha_256_of_the_token_s_bytes(void **state)
{
    char     letters[MC_TOKEN_LEN + 1];
    uint8_t  bytes[32], expected[MC_TOKEN_HASH], hash[MC_TOKEN_HASH];

    memset(bytes, 0x5a, sizeof(bytes));
    mc_base64url(bytes, sizeof(bytes), letters);
    assert_int_equal(mc_sha256(bytes, sizeof(bytes), expected), MC_OK);
    assert_int_equal(mc_token_hash(mc_str_from(letters), hash), MC_OK);
    assert_memory_equal(hash, expected, sizeof(hash));
}


static void
what_is_not_43_canonical_letters_has_no_hash(void **state)
{
    size_t   i;
    uint8_t  hash[MC_TOKEN_HASH];

    static const char *const  bad[] = {
        "",
        "A",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAA+AAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAA/AAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA",
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
    };

    for (i = 0; i < mc_count(bad); i++) {
        assert_int_equal(mc_token_hash(mc_str_from(bad[i]), hash),
                         MC_EINVAL);
    }

    assert_int_equal(mc_token_hash(mc_str_null, hash), MC_EINVAL);
    assert_int_equal(
        mc_token_hash(mc_str("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                      hash), MC_OK);
}


static void
a_cookie_is_found_by_its_whole_name(void **state)
{
    size_t    i;
    mc_err_t  err;
    mc_str_t  value;

    static const struct {
        const char *line;
        const char *value;      /* NULL: not there */
        mc_err_t    err;
    } cases[] = {
        { "", NULL, MC_OK },
        { "session=abc", "abc", MC_OK },
        { "a=1; session=abc", "abc", MC_OK },
        { "session=abc; b=2", "abc", MC_OK },
        { "a=1;session=abc;b=2", "abc", MC_OK },
        { "  session =\tabc ", "abc", MC_OK },
        { "session=", "", MC_OK },
        { "session=a=b", "a=b", MC_OK },
        { "session=\"abc\"", "\"abc\"", MC_OK },
        { "session", NULL, MC_OK },
        { "Session=abc", NULL, MC_OK },
        { "xsession=abc", NULL, MC_OK },
        { "sessionx=abc", NULL, MC_OK },
        { "a=session=abc", NULL, MC_OK },
        { ";;;=;session", NULL, MC_OK },
        { "session=abc; session=abc", NULL, MC_EINVAL },
        { "session=; session=abc", NULL, MC_EINVAL },
        { "session=abc;x;session=", NULL, MC_EINVAL },
    };

    for (i = 0; i < mc_count(cases); i++) {
        err = MC_EIO;
        value = mc_token_cookie(mc_str_from(cases[i].line), "session", &err);

        if (err != cases[i].err
            || (value.data == NULL) != (cases[i].value == NULL)
            || !mc_str_is(value, cases[i].value))
        {
            fail_msg("line %zu: %s", i, cases[i].line);
        }
    }
}


static void
a_bearer_token_stands_behind_its_scheme(void **state)
{
    size_t    i;
    mc_str_t  token;

    static const struct {
        const char *line;
        const char *token;      /* NULL: none */
    } cases[] = {
        { "Bearer abc", "abc" },
        { "bearer abc", "abc" },
        { "BEARER abc", "abc" },
        { "Bearer   abc  ", "abc" },
        { "Bearer", NULL },
        { "Bearer ", NULL },
        { "Bearer    ", NULL },
        { "Bearerabc", NULL },
        { "Bearer\tabc", NULL },
        { "Bearer abc def", NULL },
        { "Basic abc", NULL },
        { "", NULL },
        { " Bearer abc", NULL },
    };

    for (i = 0; i < mc_count(cases); i++) {
        token = mc_token_bearer(mc_str_from(cases[i].line));

        if ((token.data == NULL) != (cases[i].token == NULL)
            || !mc_str_is(token, cases[i].token))
        {
            fail_msg("line %zu: %s", i, cases[i].line);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_token_has_43_letters_and_is_never_the_same),
        cmocka_unit_test(the_hash_is_sha_256_of_the_token_s_bytes),
        cmocka_unit_test(what_is_not_43_canonical_letters_has_no_hash),
        cmocka_unit_test(a_cookie_is_found_by_its_whole_name),
        cmocka_unit_test(a_bearer_token_stands_behind_its_scheme),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
