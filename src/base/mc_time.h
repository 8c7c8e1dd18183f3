/*
 * Clocks and dates.  Times are epoch milliseconds (UTC) in int64_t.
 *
 * Dates of the institute are shown in the site's fixed offset
 * (membercert_timezone), so no time zone data base is read.  Any thread.
 */

#ifndef MC_TIME_H
#define MC_TIME_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_SECOND  INT64_C(1000)
#define MC_MINUTE  (60 * MC_SECOND)
#define MC_HOUR    (60 * MC_MINUTE)
#define MC_DAY     (24 * MC_HOUR)

typedef struct {
    int year;       /* 1..9999 */
    int month;      /* 1..12 */
    int day;        /* 1..31 */
    int hour;
    int minute;
    int second;
} mc_date_t;

int64_t mc_now(void);          /* CLOCK_REALTIME */
int64_t mc_monotonic(void);    /* CLOCK_MONOTONIC */

/* Civil date of "time" at "offset_minutes" east of UTC; what lies outside
 * the years 1..9999 gives their first or last moment. */
mc_date_t mc_date_at(int64_t time, int offset_minutes);
int64_t mc_date_time(const mc_date_t *date, int offset_minutes);

/* "YYYY-MM-DD", a real calendar date; MC_EINVAL otherwise. */
mc_err_t mc_date_read(mc_str_t text, mc_date_t *out);

/* "YYYY-MM-DD" of a time; out has room for 11 bytes. */
void mc_date_write(int64_t time, int offset_minutes, char out[11]);

/* RFC 3339 in UTC with milliseconds: 24 letters and a NUL. */
void mc_time_write(int64_t time, char out[25]);


#pragma GCC visibility pop

#endif /* MC_TIME_H */
