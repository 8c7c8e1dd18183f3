/*
 * Back-off and circuit breaker, as arithmetic.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_retry.h"


int64_t
mc_retry_wait(uint32_t tries, uint32_t random)
{
    int64_t  wait;

    wait = MC_RETRY_FIRST;

    while (tries > 1 && wait < MC_RETRY_MOST) {
        wait *= 2;
        tries--;
    }

    if (wait > MC_RETRY_MOST) {
        wait = MC_RETRY_MOST;
    }

    return wait - (int64_t) (random % (uint32_t) (wait / 4 + 1));
}


int64_t
mc_retry_bound(double seconds)
{
    if (!(seconds > 1)) {
        return 1000;
    }

    if (seconds > MC_RETRY_MOST / 1000) {
        return MC_RETRY_MOST;
    }

    return (int64_t) (seconds * 1000);
}


bool
mc_breaker_open(const mc_breaker_t *breaker, int64_t now)
{
    return breaker->failures >= MC_BREAKER_MOST
           && (now < breaker->until || breaker->probing);
}


bool
mc_breaker_ask(mc_breaker_t *breaker, int64_t now)
{
    if (mc_breaker_open(breaker, now)) {
        return false;
    }

    breaker->probing = breaker->failures >= MC_BREAKER_MOST;

    return true;
}


void
mc_breaker_done(mc_breaker_t *breaker, int64_t now, bool good)
{
    breaker->probing = false;

    if (good) {
        breaker->failures = 0;
        return;
    }

    if (breaker->failures < MC_BREAKER_MOST) {
        breaker->failures++;
    }

    if (breaker->failures == MC_BREAKER_MOST) {
        breaker->until = now + MC_BREAKER_TIME;
    }
}


void
mc_breaker_undone(mc_breaker_t *breaker)
{
    breaker->probing = false;
}
