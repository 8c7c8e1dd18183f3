/*
 * When to ask again somebody who does not answer: the wait that doubles, and
 * the circuit breaker that spares a service that is down.
 *
 * Arithmetic alone: who keeps the state passes it in, with the time and the
 * random number.  Any thread; no clock of its own.
 */

#ifndef MC_RETRY_H
#define MC_RETRY_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_RETRY_FIRST      5000        /* ms */
#define MC_RETRY_MOST       (15 * 60 * 1000)
#define MC_BREAKER_MOST     5           /* failures in a row that open it */
#define MC_BREAKER_TIME     30000       /* ms for which it stays open */

/*
 * ms to wait before the next try, after "tries" that failed (from 1):
 * MC_RETRY_FIRST * 2^(tries - 1), at most MC_RETRY_MOST, of which the last
 * quarter is random, so that what failed together does not come back
 * together.
 */
int64_t mc_retry_wait(uint32_t tries, uint32_t random);

/* A wait that somebody asks for, kept within 1 s and MC_RETRY_MOST. */
int64_t mc_retry_bound(double seconds);

/* All zero: closed. */
typedef struct {
    uint32_t  failures;         /* in a row */
    int64_t   until;            /* ms, monotonic: open so long */
    bool      probing;          /* one is asking whether it is over */
} mc_breaker_t;

/* May one ask now?  After the time one probe may, and no second one before
 * the first is done. */
bool mc_breaker_ask(mc_breaker_t *breaker, int64_t now);

/* Would that be in vain?  Asks nothing. */
bool mc_breaker_open(const mc_breaker_t *breaker, int64_t now);

/* For each that was allowed: how it went. */
void mc_breaker_done(mc_breaker_t *breaker, int64_t now, bool good);

/* It never came to that (no memory): as if it had not been allowed. */
void mc_breaker_undone(mc_breaker_t *breaker);


#pragma GCC visibility pop

#endif /* MC_RETRY_H */
