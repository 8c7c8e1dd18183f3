/*
 * Memory of one call: many small blocks, freed together.
 *
 * A call (service/) owns one arena; what the thread gives back to the loop
 * lives in it until the request's pool cleanup frees it.  Bounded: beyond
 * "max" bytes in all, every allocation answers NULL.  Not thread safe: one
 * thread at a time.
 */

#ifndef MC_ARENA_H
#define MC_ARENA_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef struct mc_arena_block_s  mc_arena_block_t;

typedef struct {
    mc_arena_block_t *blocks;
    size_t            used;      /* bytes handed out */
    size_t            max;
    bool              failed;    /* some allocation answered NULL */
} mc_arena_t;

void mc_arena_init(mc_arena_t *arena, size_t max);
void mc_arena_free(mc_arena_t *arena);    /* wipes; may be used again */

/* Zeroed, aligned to 16; NULL when out of memory or over the maximum. */
void *mc_arena_alloc(mc_arena_t *arena, size_t size);

/* Copies, with a NUL behind that is not counted; "to" is NULL on failure. */
mc_str_t mc_arena_str(mc_arena_t *arena, mc_str_t s);
mc_str_t mc_arena_printf(mc_arena_t *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));


#pragma GCC visibility pop

#endif /* MC_ARENA_H */
