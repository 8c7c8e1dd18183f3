/*
 * Unit tests of base: clocks and dates.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "mc_time.h"


#define CHINA  (8 * 60)


static void
known_moments_are_written_in_rfc_3339(void **state)
{
    char    text[25];
    size_t  i;

    static const struct {
        int64_t      time;
        const char  *text;
    } cases[] = {
        { 0, "1970-01-01T00:00:00.000Z" },
        { -1, "1969-12-31T23:59:59.999Z" },
        { INT64_C(951782400123), "2000-02-29T00:00:00.123Z" },
        { INT64_C(1709251199999), "2024-02-29T23:59:59.999Z" },
        { INT64_C(1709251200000), "2024-03-01T00:00:00.000Z" },
        { INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
        { INT64_C(-62135596800000), "0001-01-01T00:00:00.000Z" },
        { INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
        { INT64_MIN, "0001-01-01T00:00:00.000Z" },
        { INT64_MAX, "9999-12-31T23:59:59.999Z" },
    };

    for (i = 0; i < mc_count(cases); i++) {
        mc_time_write(cases[i].time, text);
        assert_string_equal(text, cases[i].text);
    }
}


static void
the_calendar_agrees_with_libc_on_every_day(void **state)
{
    time_t      seconds;
    int64_t     time;
    struct tm   tm;
    mc_date_t   date;

    for (time = INT64_C(-62135596800000);
         time < INT64_C(253402300800000);
         time += MC_DAY + (time % (7 * MC_DAY) == 0 ? MC_SECOND : 0))
    {
        seconds = (time_t) (time / MC_SECOND);
        assert_non_null(gmtime_r(&seconds, &tm));
        date = mc_date_at(time, 0);

        if (date.year != tm.tm_year + 1900 || date.month != tm.tm_mon + 1
            || date.day != tm.tm_mday || date.hour != tm.tm_hour
            || date.minute != tm.tm_min || date.second != tm.tm_sec
            || mc_date_time(&date, 0) != time)
        {
            fail_msg("%lld", (long long) time);
        }
    }
}


static void
the_site_offset_moves_the_day(void **state)
{
    char        text[11];
    int64_t     time;
    mc_date_t   date;

    time = INT64_C(1735660800000);      /* 2024-12-31T16:00:00Z */

    mc_date_write(time, CHINA, text);
    assert_string_equal(text, "2025-01-01");
    mc_date_write(time - 1, CHINA, text);
    assert_string_equal(text, "2024-12-31");
    mc_date_write(time, -CHINA, text);
    assert_string_equal(text, "2024-12-31");

    date = mc_date_at(time, CHINA);
    assert_int_equal(date.hour, 0);
    assert_int_equal(mc_date_time(&date, CHINA), time);

    mc_date_write(INT64_MAX, CHINA, text);
    assert_string_equal(text, "9999-12-31");
    mc_date_write(INT64_MIN, -CHINA, text);
    assert_string_equal(text, "0001-01-01");
}


static void
only_real_dates_are_read(void **state)
{
    size_t     i;
    mc_date_t  date;

    static const struct {
        const char  *text;
        mc_err_t     err;
    } cases[] = {
        { "2024-02-29", MC_OK }, { "2023-02-29", MC_EINVAL },
        { "1900-02-29", MC_EINVAL }, { "2000-02-29", MC_OK },
        { "2024-04-31", MC_EINVAL }, { "2024-12-31", MC_OK },
        { "2024-13-01", MC_EINVAL }, { "2024-00-10", MC_EINVAL },
        { "2024-01-00", MC_EINVAL }, { "2024-01-32", MC_EINVAL },
        { "0000-01-01", MC_EINVAL }, { "0001-01-01", MC_OK },
        { "9999-12-31", MC_OK }, { "2024-1-01", MC_EINVAL },
        { "2024/01/01", MC_EINVAL }, { "2024-01-01 ", MC_EINVAL },
        { " 2024-01-0", MC_EINVAL }, { "+024-01-01", MC_EINVAL },
        { "2024-01-0a", MC_EINVAL }, { "", MC_EINVAL },
        { "-001-01-01", MC_EINVAL }, { "20240101", MC_EINVAL },
    };

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(mc_date_read(mc_str_from(cases[i].text), &date),
                         cases[i].err);
    }

    assert_int_equal(mc_date_read(mc_str("2024-02-29"), &date), MC_OK);
    assert_int_equal(mc_date_time(&date, 0), INT64_C(1709164800000));
}


static void
the_clocks_go_on(void **state)
{
    int64_t          before;
    struct timespec  pause = { 0, 2000000 };

    assert_true(mc_now() / MC_SECOND - (int64_t) time(NULL) <= 1);
    assert_true((int64_t) time(NULL) - mc_now() / MC_SECOND <= 1);

    before = mc_monotonic();
    (void) nanosleep(&pause, NULL);
    assert_in_range(mc_monotonic() - before, 1, 60000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(known_moments_are_written_in_rfc_3339),
        cmocka_unit_test(the_calendar_agrees_with_libc_on_every_day),
        cmocka_unit_test(the_site_offset_moves_the_day),
        cmocka_unit_test(only_real_dates_are_read),
        cmocka_unit_test(the_clocks_go_on),
    };

    return cmocka_run_group_tests_name("base: time", tests, NULL, NULL);
}
