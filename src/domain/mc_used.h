/*
 * A set of used ids that never grows: a Bloom filter in two generations
 * over memory of the caller's (the shared zone).
 *
 * An id stays in the set for at least one period after it came, and for two
 * at most; whoever asks makes ids that live no longer than a period.  What
 * was added is always found again: no flood makes an id good twice.  The
 * other way round a fresh id may look used.  How often: with n ids in a
 * period and m bits in a generation, about 2 (1 - exp(-5 n / m))^5; 1/16 of
 * a zone of 4 MB (2 million bits): below 1 in 10,000 up to 60,000 ids in 15
 * minutes (67 a second), 1 in 100 at 180,000.
 *
 * Ids are random by nature (no hash is applied).  Not thread safe: the
 * caller holds the lock of the memory.
 */

#ifndef MC_USED_H
#define MC_USED_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_USED_ID      16                      /* bytes */
#define MC_USED_PERIOD  INT64_C(900000)         /* ms */

typedef struct {
    uint64_t *words[2];
    uint64_t  bits;             /* of each */
    unsigned  current;
    int64_t   since;            /* ms, monotonic: current's beginning */
} mc_used_t;

/* "memory" is "size" bytes, aligned to 8, >= 16; both halves become empty. */
void mc_used_init(mc_used_t *used, void *memory, size_t size, int64_t now);

/* True when the id was not in the set; it is afterwards.  "now" in ms,
 * monotonic. */
bool mc_used_add(mc_used_t *used, const uint8_t id[MC_USED_ID],
    int64_t now);


#pragma GCC visibility pop

#endif /* MC_USED_H */
