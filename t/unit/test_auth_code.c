/*
 * Unit tests of auth: one-time codes (I04 X03; OWASP ASVS 5.0 6.5.2), and
 * the codes of certificates (X05).
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


static void
a_certificates_code_is_80_bits_in_16_letters_X05(void **state)
{
    char      code[MC_CODE_CERTIFICATE + 1], again[MC_CODE_CERTIFICATE + 1];
    char      shown[MC_CODE_CERTIFICATE_SHOWN + 1];
    size_t    i, k;
    uint8_t   bytes[MC_CODE_BYTES], ones[MC_CODE_BYTES] = { 0 };
    unsigned  count[128] = { 0 };

    for (i = 0; i < 1000; i++) {
        assert_int_equal(mc_code_certificate_make(code), MC_OK);
        assert_int_equal(strlen(code), MC_CODE_CERTIFICATE);
        assert_int_equal(mc_code_certificate_bytes(mc_str_from(code), bytes),
                         MC_OK);
        mc_code_certificate_letters(bytes, again);
        assert_string_equal(again, code);

        for (k = 0; k < MC_CODE_BYTES; k++) {
            ones[k] |= bytes[k];
        }

        for (k = 0; k < MC_CODE_CERTIFICATE; k++) {
            count[(unsigned char) code[k]]++;
        }

        assert_int_equal(mc_code_certificate_shown(mc_str_from(code), shown),
                         MC_OK);
        assert_int_equal(strlen(shown), MC_CODE_CERTIFICATE_SHOWN);
        assert_int_equal(mc_code_certificate_normalise(mc_str_from(shown),
                                                       again), MC_OK);
        assert_string_equal(again, code);
    }

    for (k = 0; k < MC_CODE_BYTES; k++) {
        assert_int_equal(ones[k], 0xFF);
    }

    /* 16,000 letters of 32: 500 of each are expected */

    for (k = 0; k < 128; k++) {
        if ((k >= '0' && k <= '9') || (k >= 'A' && k <= 'Z')) {
            assert_true(strchr("ILOU", (char) k) != NULL
                        ? count[k] == 0 : count[k] > 350);
        }
    }
}


static void
a_certificates_code_is_read_as_people_type_it_X05(void **state)
{
    static const struct {
        const char  *text;
        const char  *code;          /* NULL: refused */
    } cases[] = {
        { "0123456789ABCDEF", "0123456789ABCDEF" },
        { "0123-4567-89ab-cdef", "0123456789ABCDEF" },
        { " oI23 4567 89ab cdef ", "0123456789ABCDEF" },
        { "OL23–4567—89AB－ＣＤＥＦ", "0123456789ABCDEF" },
        { "GHJKMNPQRSTVWXYZ", "GHJKMNPQRSTVWXYZ" },
        { "GHJKMNPQRSTUWXYZ", NULL },
        { "0123456789ABCDE", NULL },
        { "0123456789ABCDEF0", NULL },
        { "0123456789ABCDE?", NULL },
        { "0123456789ABCDE\xff", NULL },
        { "AAAAAAAAAAAAAAAAAAAAAA", NULL },
        { "", NULL }
    };

    char      code[MC_CODE_CERTIFICATE + 1];
    char      shown[MC_CODE_CERTIFICATE_SHOWN + 1];
    size_t    i;
    uint8_t   bytes[MC_CODE_BYTES];
    mc_err_t  err;

    for (i = 0; i < mc_count(cases); i++) {
        err = mc_code_certificate_normalise(mc_str_from(cases[i].text), code);
        assert_int_equal(err, cases[i].code != NULL ? MC_OK : MC_EINVAL);

        if (err == MC_OK) {
            assert_string_equal(code, cases[i].code);
        }
    }

    assert_int_equal(mc_code_certificate_bytes(mc_str("0123456789ABCDEF"),
                                               bytes), MC_OK);
    assert_memory_equal(bytes,
                        "\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf", 10);
    assert_int_equal(mc_code_certificate_shown(mc_str("0123456789ABCDEF"),
                                               shown), MC_OK);
    assert_string_equal(shown, "0123-4567-89AB-CDEF");

    /* the stored form only; older codes have other letters */

    assert_int_equal(mc_code_certificate_bytes(mc_str("0123456789abcdef"),
                                               bytes), MC_EINVAL);
    assert_int_equal(mc_code_certificate_bytes(mc_str("0123456789ABCDE\0"),
                                               bytes), MC_EINVAL);
    assert_int_equal(mc_code_certificate_bytes(mc_str("0123456789ABCDEI"),
                                               bytes), MC_EINVAL);
    assert_int_equal(mc_code_certificate_bytes(
                         mc_str("abcdefghijklmnopqrstuv"), bytes), MC_EINVAL);
    assert_int_equal(mc_code_certificate_shown(
                         mc_str("abcdefghijklmnopqrstuv"), shown), MC_EINVAL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(eight_digits_come_from_the_whole_range_I04),
        cmocka_unit_test(letters_are_125_bits_in_groups_of_five_X03),
        cmocka_unit_test(codes_are_read_as_people_type_them_X03),
        cmocka_unit_test(a_certificates_code_is_80_bits_in_16_letters_X05),
        cmocka_unit_test(a_certificates_code_is_read_as_people_type_it_X05),
        cmocka_unit_test(a_mac_hangs_on_secret_row_and_code)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
