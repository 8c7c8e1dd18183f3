/*
 * Unit tests of base: UTF-8.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_utf8.h"


typedef struct {
    mc_str_t  text;
    bool      valid;
} valid_case_t;

static const valid_case_t  valid_cases[] = {
    { { "", 0 }, true },
    { { "a\0b", 3 }, true },
    { { "\x7F", 1 }, true },
    { { "\xC2\x80", 2 }, true },
    { { "\xE4\xBD\xA0", 3 }, true },
    { { "\xED\x9F\xBF", 3 }, true },             /* U+D7FF */
    { { "\xEE\x80\x80", 3 }, true },             /* U+E000 */
    { { "\xF0\xA0\xAE\xB7", 4 }, true },         /* U+20BB7 */
    { { "\xF4\x8F\xBF\xBF", 4 }, true },         /* U+10FFFF */
    { { "\x80", 1 }, false },
    { { "\xC0\x80", 2 }, false },                /* overlong NUL */
    { { "\xC1\xBF", 2 }, false },
    { { "\xE0\x9F\xBF", 3 }, false },            /* overlong U+07FF */
    { { "\xF0\x8F\xBF\xBF", 4 }, false },        /* overlong U+FFFF */
    { { "\xED\xA0\x80", 3 }, false },            /* U+D800 */
    { { "\xED\xBF\xBF", 3 }, false },            /* U+DFFF */
    { { "\xF4\x90\x80\x80", 4 }, false },        /* U+110000 */
    { { "\xF5\x80\x80\x80", 4 }, false },
    { { "\xFF", 1 }, false },
    { { "\xE4\xBD", 2 }, false },                /* cut off */
    { { "\xF0\xA0\xAE", 3 }, false },
    { { "\xC2", 1 }, false },
    { { "\xE4\xBD" "a", 3 }, false },
};


static void
only_the_shortest_form_of_a_code_point_is_valid(void **state)
{
    size_t  i;

    for (i = 0; i < mc_count(valid_cases); i++) {
        assert_int_equal(mc_utf8_valid(valid_cases[i].text),
                         valid_cases[i].valid);
    }
}


static void
every_code_point_reads_back_as_written(void **state)
{
    char      text[4];
    size_t    len, pos;
    uint32_t  code;

    for (code = 0; code <= 0x110001; code++) {
        len = mc_utf8_encode(code, text);

        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            assert_int_equal(len, 0);
            continue;
        }

        pos = 0;
        assert_int_equal(mc_utf8_next((mc_str_t) { text, len }, &pos), code);
        assert_int_equal(pos, len);
    }

    assert_int_equal(mc_utf8_encode(MC_UTF8_BAD, text), 0);
}


static void
a_bad_byte_is_passed_alone(void **state)
{
    size_t    pos;
    mc_str_t  text = { "\xE4\xBD" "a", 3 };

    pos = 0;
    assert_true(mc_utf8_next(text, &pos) == MC_UTF8_BAD);
    assert_int_equal(pos, 1);
    assert_true(mc_utf8_next(text, &pos) == MC_UTF8_BAD);
    assert_int_equal(pos, 2);
    assert_int_equal(mc_utf8_next(text, &pos), 'a');
    assert_int_equal(pos, 3);
}


static void
letters_are_counted_not_bytes(void **state)
{
    assert_int_equal(mc_utf8_count(mc_str("")), 0);
    assert_int_equal(mc_utf8_count(mc_str("abc")), 3);
    assert_int_equal(mc_utf8_count(mc_str("\xE4\xBD\xA0" "b"
                                          "\xF0\xA0\xAE\xB7")), 3);
}


static void
text_with_controls_is_not_fit_to_be_shown(void **state)
{
    size_t    i, len;
    char      text[8];

    static const uint32_t  bad[] = {
        0, 1, '\t', '\r', 0x1F, 0x7F, 0x80, 0x9F, 0x61C, 0x200E, 0x200F,
        0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069, 0xFEFF, 0xFDD0,
        0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF
    };

    static const uint32_t  good[] = {
        ' ', '~', 0xA0, 0xB7, 0x61B, 0x200D, 0x2010, 0x4DAE, 0x3000, 0xFDCF,
        0xFDF0, 0xFFFD, 0x20BB7, 0x10FFFD, 0xE000
    };

    for (i = 0; i < mc_count(bad); i++) {
        len = mc_utf8_encode(bad[i], text);
        assert_false(mc_utf8_printable((mc_str_t) { text, len }, true));
        assert_false(mc_utf8_printable((mc_str_t) { text, len }, false));
    }

    for (i = 0; i < mc_count(good); i++) {
        len = mc_utf8_encode(good[i], text);
        assert_true(mc_utf8_printable((mc_str_t) { text, len }, false));
    }

    assert_false(mc_utf8_printable(mc_str("a\nb"), false));
    assert_true(mc_utf8_printable(mc_str("a\nb"), true));
    assert_false(mc_utf8_printable(mc_str("a\xFF"), true));
    assert_true(mc_utf8_printable(mc_str(""), false));
}


static void
pasted_blanks_are_trimmed_at_both_ends(void **state)    /* S08 */
{
    size_t  i;

    static const struct {
        const char  *text;
        const char  *trimmed;
    } cases[] = {
        { "", "" },
        { " \t\r\n\v\f", "" },
        { "0001234", "0001234" },
        { " 0001234\r\n", "0001234" },
        { "\xE3\x80\x80" "00 01\xE3\x80\x80 ", "00 01" },
        { "\xEF\xBB\xBF" "1\xE2\x80\x8B", "1" },
        { "\xC2\xA0" "1\xC2\xA0\xE2\x80\x80", "1" },
        { "\xE2\x80\x8C" "1", "\xE2\x80\x8C" "1" },
        { "\xE4\xBD\xA0 ", "\xE4\xBD\xA0" },
        { "\xFF ", "\xFF" },
        { " \x80\x80\x80", "\x80\x80\x80" },
        { "\xE3\x80\x80", "" },
        { "1\x80\xE3\x80\x80", "1\x80" },
    };

    for (i = 0; i < mc_count(cases); i++) {
        assert_true(mc_str_is(mc_utf8_trim(mc_str_from(cases[i].text)),
                              cases[i].trimmed));
    }

    assert_int_equal(mc_utf8_trim(mc_str_null).len, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(only_the_shortest_form_of_a_code_point_is_valid),
        cmocka_unit_test(every_code_point_reads_back_as_written),
        cmocka_unit_test(a_bad_byte_is_passed_alone),
        cmocka_unit_test(letters_are_counted_not_bytes),
        cmocka_unit_test(text_with_controls_is_not_fit_to_be_shown),
        cmocka_unit_test(pasted_blanks_are_trimmed_at_both_ends),
    };

    return cmocka_run_group_tests_name("base: UTF-8", tests, NULL, NULL);
}
