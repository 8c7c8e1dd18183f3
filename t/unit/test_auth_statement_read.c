/*
 * Unit tests of statements (X05): what comes from outside, the decimal form
 * and the days.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mc_decimal.h"
#include "mc_statement.h"
#include "mc_time.h"


#define ARENA  65536

static mc_arena_t  arena;


static void
what_is_no_statement_is_refused(void **state)
{
    static const char *const  texts[] = {
        "", "0", "1", "12345", "0123", "-1", "1e9", "１２３", "12 34"
    };

    char            many[MC_STATEMENT_DIGITS + 1];
    size_t          i;
    uint8_t         point[MC_P256_POINT], one[MC_P256_SCALAR] = { 0 };
    mc_statement_t  out;

    one[31] = 1;
    assert_int_equal(mc_p256_point(one, point), MC_OK);

    for (i = 0; i < mc_count(texts); i++) {
        assert_int_equal(mc_statement_read(mc_str_from(texts[i]), &arena,
                                           &out), MC_EINVAL);
        assert_int_equal(mc_statement_verify(point,
                                             mc_str_from(texts[i])),
                         MC_EINVAL);
    }

    memset(many, '9', sizeof(many));
    assert_int_equal(mc_statement_read((mc_str_t) { many, 520 }, &arena,
                                       &out), MC_EINVAL);
    assert_int_equal(mc_statement_read((mc_str_t) { many, 521 }, &arena,
                                       &out), MC_ETOOBIG);
    assert_int_equal(mc_statement_verify(point,
                                         (mc_str_t) { many, 521 }),
                     MC_ETOOBIG);
    assert_int_equal(mc_statement_verify(point,
                                         (mc_str_t) { many, SIZE_MAX }),
                     MC_ETOOBIG);
}


/* Texts as bytes; the rest of the statement is zeros behind a version. */
static void
texts_of_a_wrong_form_are_refused(void **state)
{
    static const struct {
        const char  *texts;
        size_t       len;
        bool         good;
    } cases[] = {
#define C(s, g)  { s, sizeof(s) - 1, g }
        C("\x01" "1" "\x01" "a" "\x00", true),
        C("\x81\x12" "\x42\x4E\x00" "\x00", true),
        C("\x81\x1F" "\xC2\x4E\x00" "\xC2\x4E\x00", true),
        C("\x00" "\x01" "a" "\x00", false),             /* no number */
        C("\xC2\x00\x31" "\x01" "a" "\x00", false),     /* number cut */
        C("\x01" "1" "\x00" "\x00", false),             /* no name */
        C("\x01" "1" "\xC0" "\x00", false),             /* cut to nothing */
        C("\x01" "1" "\x01" "a" "\xC0", false),
        C("\x01" "1" "\x01" "a", false),                /* no category */
        C("\x01" "1" "\x01" "a" "\x00" "\x00", false),  /* a fourth */
        C("\x01" "1" "\x01" "a" "\x02" "b", false),     /* too short */
        C("\x3F" "1" "\x01" "a" "\x00", false),
        C("\x81\xF1" "\x01" "a" "\x00", false),         /* no digit */
        C("\x81\x1A" "\x01" "a" "\x00", false),
        C("\x82\x1F\x11" "\x01" "a" "\x00", false),
        C("\x81\xFF" "\x01" "a" "\x00", false),
        C("\x80" "\x01" "a" "\x00", false),
        C("\x01" "1" "\x01" "\n" "\x00", false),        /* control */
        C("\x01" "1" "\x01" "\xff" "\x00", false),      /* no UTF-8 */
        C("\x01" "1" "\x42\xD8\x00" "\x00", false),     /* half a pair */
        C("\x01" "1" "\x42\xDC\x00" "\x00", false),
        C("\x01" "1" "\x44\xD8\x00\x00\x41" "\x00", false),
        C("\x01" "1" "\x44\xD8\x42\xDF\xB7" "\x00", true),
        C("\x01" "1" "\x41\x4E" "\x00", false),         /* half a unit */
        C("\x01" "1" "\x42\x00\x00" "\x00", false),
#undef C
    };

    size_t          i;
    uint8_t         bytes[MC_DECIMAL_BYTES];
    mc_err_t        err;
    mc_str_t        digits;
    mc_statement_t  out;

    for (i = 0; i < mc_count(cases); i++) {
        memset(bytes, 0, sizeof(bytes));
        bytes[0] = 1;
        memcpy(bytes + 37, cases[i].texts, cases[i].len);
        assert_int_equal(mc_decimal_write(bytes, 37 + cases[i].len + 64,
                                          &arena, &digits), MC_OK);
        err = mc_statement_read(digits, &arena, &out);

        if (err != (cases[i].good ? MC_OK : MC_EINVAL)) {
            fail_msg("case %zu: %s", i, mc_err_name(err));
        }
    }

    /* another version */

    memset(bytes, 0, sizeof(bytes));
    bytes[0] = 2;
    memcpy(bytes + 37, cases[0].texts, cases[0].len);
    assert_int_equal(mc_decimal_write(bytes, 37 + cases[0].len + 64, &arena,
                                      &digits), MC_OK);
    assert_int_equal(mc_statement_read(digits, &arena, &out), MC_EINVAL);
}


static void
a_number_goes_to_decimal_and_back(void **state)
{
    size_t    len, i, from;
    uint8_t   bytes[MC_DECIMAL_BYTES + 1], kept[MC_DECIMAL_BYTES + 1];
    uint8_t   read[MC_DECIMAL_BYTES];
    mc_str_t  digits;

    for (len = 1; len <= MC_DECIMAL_BYTES; len++) {
        for (i = 0; i < len; i++) {
            bytes[i] = (uint8_t) (i == 0 ? 1 : len % 3 == 0 ? 0xFF
                                               : len % 3 == 1 ? 0 : i * 71);
        }

        memcpy(kept, bytes, len);
        assert_int_equal(mc_decimal_write(bytes, len, &arena, &digits),
                         MC_OK);
        assert_true(digits.len == 1 || mc_decimal_bytes(digits.len) >= len
                    || mc_decimal_bytes(digits.len + 1) >= len);
        assert_int_equal(mc_decimal_read(digits, read, &from), MC_OK);
        assert_int_equal(sizeof(read) - from, len);
        assert_memory_equal(read + from, kept, len);
        mc_arena_free(&arena);
    }

    memcpy(bytes, "\x01\x00\x00\x00\x00\x00\x00\x00\x00", 9);
    assert_int_equal(mc_decimal_write(bytes, 9, &arena, &digits), MC_OK);
    assert_string_equal(digits.data, "18446744073709551616");

    /* the most that always fits does; more digits than 520 never come */

    for (i = 1; i < 520; i++) {
        assert_true(mc_decimal_bytes(i) <= mc_decimal_bytes(i + 1));
    }

    assert_int_equal(mc_decimal_bytes(520), MC_DECIMAL_BYTES);
    assert_int_equal(mc_decimal_bytes(SIZE_MAX), MC_DECIMAL_BYTES);
    assert_int_equal(mc_decimal_bytes(0), 0);
    memset(bytes, 0xFF, sizeof(bytes));
    assert_int_equal(mc_decimal_write(bytes, sizeof(bytes), &arena, &digits),
                     MC_ETOOBIG);
}


static void
days_are_those_of_the_sites_zone(void **state)
{
    static const struct {
        const char  *date;
        int          hour;          /* UTC */
        int          zone;          /* minutes */
        int          days;          /* -1: refused */
    } cases[] = {
        { "2000-01-01", 0, 0, 0 },
        { "1999-12-31", 23, 0, -1 },
        { "1999-12-31", 16, 480, 0 },
        { "1999-12-31", 15, 480, -1 },
        { "2026-11-23", 15, 480, 9823 },
        { "2026-11-23", 16, 480, 9824 },
        { "2026-11-23", 4, -300, 9822 },
        { "2179-06-06", 23, 0, 65535 },
        { "2179-06-07", 0, 0, -1 }
    };

    size_t     i;
    int64_t    ms;
    uint16_t   days;
    mc_err_t   err;
    mc_date_t  date;

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(mc_date_read(mc_str_from(cases[i].date), &date),
                         MC_OK);
        ms = mc_date_time(&date, 0) + cases[i].hour * MC_HOUR;
        err = mc_statement_days(ms, cases[i].zone, &days);
        assert_int_equal(err, cases[i].days >= 0 ? MC_OK : MC_EINVAL);

        if (err == MC_OK) {
            assert_int_equal(days, cases[i].days);
        }
    }

    assert_int_equal(mc_statement_days(INT64_MAX, 840, &days), MC_EINVAL);
    assert_int_equal(mc_statement_days(-1, 0, &days), MC_EINVAL);
}


static int
fresh(void **state)
{
    mc_arena_init(&arena, ARENA);

    return 0;
}


static int
done(void **state)
{
    mc_arena_free(&arena);

    return 0;
}


int
main(void)
{
#define T(name)  cmocka_unit_test_setup_teardown(name, fresh, done)
    const struct CMUnitTest  tests[] = {
        T(what_is_no_statement_is_refused),
        T(texts_of_a_wrong_form_are_refused),
        T(a_number_goes_to_decimal_and_back),
        T(days_are_those_of_the_sites_zone)
    };
#undef T

    return cmocka_run_group_tests(tests, NULL, NULL);
}
