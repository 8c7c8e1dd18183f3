/*
 * Token buckets, as arithmetic: who keeps the buckets (the shared zone)
 * passes one in and stores it again.  Any thread; no clock of its own.
 */

#ifndef MC_THROTTLE_H
#define MC_THROTTLE_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct {
    int64_t  level;             /* thousandths of a token left */
    int64_t  at;                /* ms, monotonic, when level was true */
    int64_t  full;              /* when it is as good as new */
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


#pragma GCC visibility pop

#endif /* MC_THROTTLE_H */
