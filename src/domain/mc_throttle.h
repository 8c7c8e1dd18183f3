/*
 * Limits of attempts, as arithmetic: token buckets, and delays that double.
 * Who keeps them (the shared zone) passes one in and stores it again.  Any
 * thread; no clock of its own.
 *
 * Both begin with the moment from which they are as good as new, so that
 * whoever runs out of room knows which one nobody misses.
 */

#ifndef MC_THROTTLE_H
#define MC_THROTTLE_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct {
    int64_t  full;              /* ms, monotonic: as good as new */
    int64_t  at;                /* when level was true */
    int64_t  level;             /* thousandths of a token left */
} mc_bucket_t;

/* Full. */
void mc_bucket_init(mc_bucket_t *bucket, uint32_t tokens, int64_t now);

/* Takes one token; false when there is none, and then *wait (ms) tells when
 * one will be.  "tokens" come back evenly within "time" ms. */
bool mc_bucket_take(mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now, int64_t *wait);

/* Gives one back (a success), never over the maximum. */
void mc_bucket_give(mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now);

/* As good as new: may be forgotten. */
bool mc_bucket_full(const mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now);

/* Tokens that are out, a started one counts. */
uint32_t mc_bucket_spent(const mc_bucket_t *bucket, uint32_t tokens,
    int64_t time, int64_t now);


/*
 * The delay of somebody who fails: "free" failures cost nothing, the next
 * attempt after them waits 1 s, then 2 s, 4 s ... up to "time" ms.  Once
 * nothing was tried for "time" after an attempt was allowed again, all is
 * forgotten; fewer failures than "free" after their part of it, so that who
 * guesses has at most "free" in "time" however he spreads them, and the zone
 * can tell one failure from many.  Attempts count when they begin, so that
 * many at once are not free; one that was refused changes nothing.
 */
typedef struct {
    int64_t   full;             /* ms, monotonic: forgotten */
    int64_t   at;               /* the last attempt that counted */
    int64_t   until;            /* the next one not before */
    uint32_t  failures;
} mc_delay_t;

void mc_delay_init(mc_delay_t *delay, int64_t now);

/* Counts an attempt as a failure; false when it is too early, and then *wait
 * (ms) tells when it is not. */
bool mc_delay_take(mc_delay_t *delay, uint32_t free, int64_t time,
    int64_t now, int64_t *wait);

/* The attempt was nobody's fault: it is not counted. */
void mc_delay_give(mc_delay_t *delay, uint32_t free, int64_t time);

/* The attempt was a success: nothing is held against anybody. */
void mc_delay_clear(mc_delay_t *delay, int64_t now);

/* Failures that are not forgotten. */
uint32_t mc_delay_failures(const mc_delay_t *delay, int64_t now);


#pragma GCC visibility pop

#endif /* MC_THROTTLE_H */
