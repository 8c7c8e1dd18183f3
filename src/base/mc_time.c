/*
 * Clocks and the proleptic Gregorian calendar.
 *
 * Depends on libc's clock_gettime() only; no time zone data, no locale.
 * Any thread.
 *
 * Days are counted from 1970-01-01.  Inside, a year begins in March, so
 * that the leap day is its last one and the months before it have fixed
 * lengths: (153 * m + 2) / 5 days lie before month m (0 = March).
 */

#include "mc_time.h"

#include <time.h>


#define DAYS_400_YEARS    146097
#define DAYS_TO_EPOCH     719468      /* 0000-03-01 .. 1970-01-01 */

/* 0001-01-01T00:00:00.000 .. 9999-12-31T23:59:59.999 */
#define TIME_FIRST        INT64_C(-62135596800000)
#define TIME_LAST         INT64_C(253402300799999)


static int64_t
clock_read(clockid_t id)
{
    struct timespec  ts;

    if (clock_gettime(id, &ts) != 0) {
        return 0;
    }

    return (int64_t) ts.tv_sec * MC_SECOND + ts.tv_nsec / 1000000;
}


int64_t
mc_now(void)
{
    return clock_read(CLOCK_REALTIME);
}


int64_t
mc_monotonic(void)
{
    return clock_read(CLOCK_MONOTONIC);
}


static int64_t
clamp(int64_t time)
{
    if (time < TIME_FIRST) {
        return TIME_FIRST;
    }

    return time > TIME_LAST ? TIME_LAST : time;
}


mc_date_t
mc_date_at(int64_t time, int offset_minutes)
{
    int        era_day, century, year, year_day, month;
    int64_t    local, days, era, rest;
    mc_date_t  date;

    local = clamp(clamp(time) + offset_minutes * MC_MINUTE);

    rest = (local - TIME_FIRST) % MC_DAY;
    days = (local - rest) / MC_DAY + DAYS_TO_EPOCH;

    /* the first days of year 1 lie behind 0000-03-01: never negative */
    era = days / DAYS_400_YEARS;
    era_day = (int) (days % DAYS_400_YEARS);

    century = era_day / 36524;
    if (century == 4) {
        century = 3;
    }

    year_day = era_day - century * 36524;
    year = year_day % 1461 / 365;
    if (year == 4) {
        year = 3;
    }

    year += year_day / 1461 * 4;
    year_day -= year * 365 + year / 4;
    month = (5 * year_day + 2) / 153;

    date.day = year_day - (153 * month + 2) / 5 + 1;
    date.month = month < 10 ? month + 3 : month - 9;
    date.year = (int) era * 400 + century * 100 + year + (date.month <= 2);

    date.hour = (int) (rest / MC_HOUR);
    date.minute = (int) (rest % MC_HOUR / MC_MINUTE);
    date.second = (int) (rest % MC_MINUTE / MC_SECOND);

    return date;
}


int64_t
mc_date_time(const mc_date_t *date, int offset_minutes)
{
    int      month;
    int64_t  year, days;

    year = date->year - (date->month <= 2);
    month = date->month > 2 ? date->month - 3 : date->month + 9;

    days = year * 365 + year / 4 - year / 100 + year / 400
           + (153 * month + 2) / 5 + date->day - 1 - DAYS_TO_EPOCH;

    return days * MC_DAY + date->hour * MC_HOUR
           + (date->minute - offset_minutes) * MC_MINUTE
           + date->second * MC_SECOND;
}


static int
days_of_month(int year, int month)
{
    if (month == 2) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29
                                                                     : 28;
    }

    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}


/* The number of "count" digits at "p"; -1 where one is no digit. */
static int
digits_read(const char *p, size_t count)
{
    int     value;
    size_t  i;

    value = 0;

    for (i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return -1;
        }

        value = value * 10 + (p[i] - '0');
    }

    return value;
}


mc_err_t
mc_date_read(mc_str_t text, mc_date_t *out)
{
    mc_date_t  date;

    if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-') {
        return MC_EINVAL;
    }

    date = (mc_date_t) {
        .year = digits_read(text.data, 4),
        .month = digits_read(text.data + 5, 2),
        .day = digits_read(text.data + 8, 2)
    };

    if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1
        || date.day > days_of_month(date.year, date.month))
    {
        return MC_EINVAL;
    }

    *out = date;

    return MC_OK;
}


static char *
digits_write(char *out, int value, size_t count)
{
    size_t  i;

    for (i = count; i > 0; i--) {
        out[i - 1] = (char) ('0' + value % 10);
        value /= 10;
    }

    return out + count;
}


static char *
day_write(char *out, const mc_date_t *date)
{
    out = digits_write(out, date->year, 4);
    *out++ = '-';
    out = digits_write(out, date->month, 2);
    *out++ = '-';

    return digits_write(out, date->day, 2);
}


void
mc_date_write(int64_t time, int offset_minutes, char out[11])
{
    char       *p;
    mc_date_t   date;

    date = mc_date_at(time, offset_minutes);
    p = day_write(out, &date);
    *p = '\0';
}


void
mc_time_write(int64_t time, char out[25])
{
    int         millisecond;
    char       *p;
    mc_date_t   date;

    time = clamp(time);
    millisecond = (int) ((time - TIME_FIRST) % MC_SECOND);
    date = mc_date_at(time, 0);

    p = day_write(out, &date);
    *p++ = 'T';
    p = digits_write(p, date.hour, 2);
    *p++ = ':';
    p = digits_write(p, date.minute, 2);
    *p++ = ':';
    p = digits_write(p, date.second, 2);
    *p++ = '.';
    p = digits_write(p, millisecond, 3);
    *p++ = 'Z';
    *p = '\0';
}
