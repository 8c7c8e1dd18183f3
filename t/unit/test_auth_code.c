/*
 * Unit tests of auth: one-time codes (I04 X03; OWASP ASVS 5.0 6.5.2).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mc_code.h"


static void
eight_digits_come_from_the_whole_range_I04(void **state)
{
    char      code[MC_CODE_DIGITS + 1], read[MC_CODE_DIGITS + 1];
    size_t    i, k;
    unsigned  first[10] = { 0 }, seen;

    for (i = 0; i < 2000; i++) {
        assert_int_equal(mc_code_digits(code), MC_OK);
        assert_int_equal(strlen(code), MC_CODE_DIGITS);

        for (k = 0; k < MC_CODE_DIGITS; k++) {
            assert_true(code[k] >= '0' && code[k] <= '9');
        }

        assert_int_equal(mc_code_digits_read(mc_str_from(code), read), MC_OK);
        assert_string_equal(read, code);
        first[code[0] - '0']++;
    }

    /* 200 of each are expected; below 100 would be a wonder */

    for (seen = 0; seen < 10; seen++) {
        assert_true(first[seen] > 100);
    }
}


static void
letters_are_125_bits_in_groups_of_five_X03(void **state)
{
    char      code[MC_CODE_SHOWN + 1], other[MC_CODE_SHOWN + 1];
    char      read[MC_CODE_LETTERS + 1];
    size_t    i, k;
    unsigned  count[128] = { 0 };

    for (i = 0; i < 400; i++) {
        assert_int_equal(mc_code_letters(code), MC_OK);
        assert_int_equal(mc_code_letters(other), MC_OK);
        assert_string_not_equal(code, other);
        assert_int_equal(strlen(code), MC_CODE_SHOWN);

        for (k = 0; k < MC_CODE_SHOWN; k++) {
            assert_true((k % 6 == 5) == (code[k] == '-'));
            count[(unsigned char) code[k]]++;
        }

        assert_int_equal(mc_code_letters_read(mc_str_from(code), read),
                         MC_OK);
        assert_int_equal(strlen(read), MC_CODE_LETTERS);
    }

    /* 10,000 letters of 32: each is there, and none that looks like two */

    for (k = 0; k < 128; k++) {
        if ((k >= '0' && k <= '9') || (k >= 'A' && k <= 'Z')) {
            assert_true(strchr("ILOU", (char) k) != NULL
                        ? count[k] == 0 : count[k] > 200);
        }
    }
}


static void
codes_are_read_as_people_type_them_X03(void **state)
{
    static const struct {
        const char  *text;
        const char  *digits;        /* NULL: refused */
    } cases[] = {
        { "12345678", "12345678" },
        { " 1234 5678 ", "12345678" },
        { "1234-5678", "12345678" },
        { "１２３４　５６７８", "12345678" },
        { "1234567", NULL },
        { "123456789", NULL },
        { "1234567O", NULL },
        { "1234567\xff", NULL },
        { "", NULL }
    }, letters[] = {
        { "ABCDE-FGHJK-MNPQR-STVWX-01234", "ABCDEFGHJKMNPQRSTVWX01234" },
        { "abcdefghjkmnpqrstvwx01234", "ABCDEFGHJKMNPQRSTVWX01234" },
        { "abcde fghjk mnpqr stvwx oi234", "ABCDEFGHJKMNPQRSTVWX01234" },
        { "ABCDE–FGHJK–MNPQR–STVWX–Ol234", "ABCDEFGHJKMNPQRSTVWX01234" },
        { "ＡＢＣＤＥ　ｆｇｈｊｋ　MNPQR STVWX ０１２３４",
          "ABCDEFGHJKMNPQRSTVWX01234" },
        { "ABCDE-FGHJK-MNPQR-STVWX-0123U", NULL },
        { "ABCDE-FGHJK-MNPQR-STVWX-0123", NULL },
        { "ABCDE-FGHJK-MNPQR-STVWX-012345", NULL },
        { "ABCDE-FGHJK-MNPQR-STVWX-0123*", NULL },
        { "\xc3", NULL },
        { "", NULL }
    };

    char      digits[MC_CODE_DIGITS + 1], read[MC_CODE_LETTERS + 1];
    size_t    i;
    mc_err_t  err;

    for (i = 0; i < mc_count(cases); i++) {
        err = mc_code_digits_read(mc_str_from(cases[i].text), digits);
        assert_int_equal(err, cases[i].digits != NULL ? MC_OK : MC_EINVAL);

        if (err == MC_OK) {
            assert_string_equal(digits, cases[i].digits);
        }
    }

    for (i = 0; i < mc_count(letters); i++) {
        err = mc_code_letters_read(mc_str_from(letters[i].text), read);

        if ((err == MC_OK) != (letters[i].digits != NULL)) {
            fail_msg("\"%s\" is %s", letters[i].text,
                     err == MC_OK ? "taken" : "refused");
        }

        if (err == MC_OK) {
            assert_string_equal(read, letters[i].digits);
        }
    }
}


static void
a_mac_hangs_on_secret_row_and_code(void **state)
{
    uint8_t    id[32] = { 1 }, other[32] = { 2 }, a[32], b[32];
    mc_keys_t  keys;

    memset(&keys, 0, sizeof(keys));
    keys.count = 2;
    memset(keys.code[0], 'a', 32);
    memset(keys.code[1], 'b', 32);

    assert_int_equal(mc_code_mac(&keys, 0, id, mc_str("12345678"), a), MC_OK);
    assert_int_equal(mc_code_mac(&keys, 0, id, mc_str("12345678"), b), MC_OK);
    assert_memory_equal(a, b, 32);

    assert_int_equal(mc_code_mac(&keys, 1, id, mc_str("12345678"), b), MC_OK);
    assert_memory_not_equal(a, b, 32);
    assert_int_equal(mc_code_mac(&keys, 0, other, mc_str("12345678"), b),
                     MC_OK);
    assert_memory_not_equal(a, b, 32);
    assert_int_equal(mc_code_mac(&keys, 0, id, mc_str("12345679"), b), MC_OK);
    assert_memory_not_equal(a, b, 32);

    assert_int_equal(mc_code_mac(&keys, 2, id, mc_str("1"), b), MC_EINVAL);
    assert_int_equal(mc_code_mac(&keys, 0, id,
                                 mc_str("ABCDEFGHJKMNPQRSTVWX012345"), b),
                     MC_EINVAL);

    assert_int_equal(mc_code_id(&keys, 0,
                                mc_str("ABCDEFGHJKMNPQRSTVWX01234"), a),
                     MC_OK);
    assert_int_equal(mc_code_id(&keys, 1,
                                mc_str("ABCDEFGHJKMNPQRSTVWX01234"), b),
                     MC_OK);
    assert_memory_not_equal(a, b, 32);
    assert_int_equal(mc_code_id(&keys, 2,
                                mc_str("ABCDEFGHJKMNPQRSTVWX01234"), b),
                     MC_EINVAL);
    assert_int_equal(mc_code_id(&keys, 0, mc_str("ABC"), b), MC_EINVAL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(eight_digits_come_from_the_whole_range_I04),
        cmocka_unit_test(letters_are_125_bits_in_groups_of_five_X03),
        cmocka_unit_test(codes_are_read_as_people_type_them_X03),
        cmocka_unit_test(a_mac_hangs_on_secret_row_and_code)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
