/*
 * A set of used ids that never grows.
 *
 * Depends on base.  Pure but for the memory it is given.
 *
 * Ids go into the current generation and are looked for in both.  After a
 * period the older one is emptied and becomes the current one.  The places
 * of an id are a + i b for i = 0..4, with a and b its halves.
 */

#include "mc_used.h"


#define PLACES  5


void
mc_used_init(mc_used_t *used, void *memory, size_t size, int64_t now)
{
    size_t  words;

    words = size / 2 / sizeof(uint64_t);

    used->words[0] = memory;
    used->words[1] = used->words[0] + words;
    used->bits = (uint64_t) words * 64;
    used->current = 0;
    used->since = now;

    memset(memory, 0, 2 * words * sizeof(uint64_t));
}


static void
used_turn(mc_used_t *used, int64_t now)
{
    size_t   size;
    int64_t  passed;

    passed = now - used->since;

    if (passed >= 0 && passed < MC_USED_PERIOD) {
        return;
    }

    size = (size_t) (used->bits / 8);

    if (passed >= 2 * MC_USED_PERIOD) {
        memset(used->words[used->current], 0, size);
    }

    used->current ^= 1;
    used->since = now;

    memset(used->words[used->current], 0, size);
}


bool
mc_used_add(mc_used_t *used, const uint8_t id[MC_USED_ID], int64_t now)
{
    bool      here, there;
    uint64_t  a, b, place, bit, *word;
    unsigned  i;

    used_turn(used, now);

    memcpy(&a, id, sizeof(a));
    memcpy(&b, id + sizeof(a), sizeof(b));

    here = true;
    there = true;

    for (i = 0; i < PLACES; i++) {
        place = (a + i * (b | 1)) % used->bits;
        bit = UINT64_C(1) << place % 64;

        word = &used->words[used->current ^ 1][place / 64];
        there = there && (*word & bit) != 0;

        word = &used->words[used->current][place / 64];
        here = here && (*word & bit) != 0;
        *word |= bit;
    }

    return !here && !there;
}
