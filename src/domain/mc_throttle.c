/*
 * Token buckets and delays that double.
 *
 * A refused attempt leaves both as they are: a bucket's level is always
 * reckoned from the last change, so that hammering can neither slow the
 * return of tokens by rounding nor speed it up.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_throttle.h"


#define TOKEN        1000
#define DELAY_FIRST  1000           /* ms */


static int64_t
most(uint32_t tokens)
{
    return (int64_t) tokens * TOKEN;
}


/* The level at "now", 0 <= level <= most(tokens). */
static int64_t
level_at(const mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now)
{
    int64_t   level, passed;
    __int128  gained;

    level = bucket->level < 0 ? 0 : bucket->level;

    if (time <= 0) {
        return most(tokens);
    }

    if (now > bucket->at) {
        gained = (__int128) now - bucket->at;

        if (gained >= time) {
            return most(tokens);
        }

        passed = (int64_t) gained;
        gained = (__int128) passed * most(tokens) / time;

        if (gained >= most(tokens) - level) {
            return most(tokens);
        }

        level += (int64_t) gained;
    }

    return level > most(tokens) ? most(tokens) : level;
}


static void
level_set(mc_bucket_t *bucket, uint32_t tokens, int64_t time, int64_t level,
    int64_t now)
{
    __int128  full;

    bucket->level = level;
    bucket->at = now;
    bucket->full = now;

    if (level < most(tokens) && time > 0) {
        full = (__int128) (most(tokens) - level) * time + most(tokens) - 1;
        full = full / most(tokens) + now;
        bucket->full = full > INT64_MAX ? INT64_MAX : (int64_t) full;
    }
}


void
mc_bucket_init(mc_bucket_t *bucket, uint32_t tokens, int64_t now)
{
    level_set(bucket, tokens, 0, most(tokens), now);
}


bool
mc_bucket_take(mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now, int64_t *wait)
{
    int64_t   level;
    __int128  needed;

    *wait = 0;

    if (tokens == 0) {
        *wait = time > 0 ? time : 1;
        return false;
    }

    level = level_at(bucket, tokens, time, now);

    if (level >= TOKEN) {
        level_set(bucket, tokens, time, level - TOKEN, now);
        return true;
    }

    /* from the last change, so that nothing is rounded twice */

    level = bucket->level < 0 ? 0 : bucket->level;

    needed = (__int128) (TOKEN - level) * time + most(tokens) - 1;
    needed /= most(tokens);

    if (now > bucket->at) {
        needed -= (__int128) now - bucket->at;
    }

    *wait = needed > 1 ? (int64_t) needed : 1;

    return false;
}


void
mc_bucket_give(mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now)
{
    int64_t  level;

    level = level_at(bucket, tokens, time, now);

    level = level > most(tokens) - TOKEN ? most(tokens) : level + TOKEN;
    level_set(bucket, tokens, time, level, now);
}


bool
mc_bucket_full(const mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now)
{
    return level_at(bucket, tokens, time, now) == most(tokens);
}


uint32_t
mc_bucket_spent(const mc_bucket_t *bucket, uint32_t tokens, int64_t time,
    int64_t now)
{
    int64_t  spent;

    spent = most(tokens) - level_at(bucket, tokens, time, now);

    return (uint32_t) ((spent + TOKEN - 1) / TOKEN);
}


void
mc_delay_init(mc_delay_t *delay, int64_t now)
{
    *delay = (mc_delay_t) { .full = now, .at = now, .until = now };
}


/* Saturates: monotonic times are small, stated ones need not be. */
static int64_t
later(int64_t at, int64_t time)
{
    return time > INT64_MAX - at ? INT64_MAX : at + time;
}


/* How long they are held against anybody; never shorter than a bucket of
 * "free" tokens would need to have them back. */
static int64_t
held(uint32_t failures, uint32_t free, int64_t time)
{
    __int128  part;

    if (failures >= free || time <= 0) {
        return time;
    }

    part = ((__int128) time * failures + free - 1) / free;

    return (int64_t) part;
}


/* What the failures so far cost, from the last attempt on. */
static void
delay_set(mc_delay_t *delay, uint32_t free, int64_t time)
{
    int64_t   wait;
    uint32_t  step;

    wait = 0;

    if (delay->failures >= free && delay->failures > 0) {
        step = delay->failures - free;
        wait = step < 32 ? (int64_t) DELAY_FIRST << step : time;

        if (wait > time) {
            wait = time;
        }
    }

    delay->until = later(delay->at, wait);
    delay->full = delay->at;

    if (delay->failures > 0) {
        delay->full = later(delay->until,
                            held(delay->failures, free, time));
    }
}


uint32_t
mc_delay_failures(const mc_delay_t *delay, int64_t now)
{
    return now < delay->full ? delay->failures : 0;
}


bool
mc_delay_take(mc_delay_t *delay, uint32_t free, int64_t time, int64_t now,
    int64_t *wait)
{
    *wait = 0;
    delay->failures = mc_delay_failures(delay, now);

    if (delay->failures > 0 && now < delay->until) {
        *wait = delay->until - now;
        return false;
    }

    if (delay->failures < UINT32_MAX) {
        delay->failures++;
    }

    delay->at = now;
    delay_set(delay, free, time);

    return true;
}


void
mc_delay_give(mc_delay_t *delay, uint32_t free, int64_t time)
{
    if (delay->failures > 0) {
        delay->failures--;
        delay_set(delay, free, time);
    }
}


void
mc_delay_clear(mc_delay_t *delay, int64_t now)
{
    mc_delay_init(delay, now);
}
