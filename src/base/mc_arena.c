/*
 * Memory of one call: blocks in a list, the newest that still has room in
 * front.
 *
 * Depends on mc_base only.  One thread at a time.
 *
 * A block comes zeroed from mc_alloc() and no byte of it is handed out
 * twice, so allocations are zero without a memset.  A request larger than a
 * quarter of a block has a block of its own behind the front one, whose
 * rest stays in use.
 */

#include "mc_arena.h"

#include <stdarg.h>
#include <stdio.h>


#define ARENA_BLOCK  8192
#define ARENA_ALIGN  16


struct mc_arena_block_s {
    mc_arena_block_t *next;
    size_t            size;
    size_t            used;
    _Alignas(ARENA_ALIGN) uint8_t  data[];
};


void
mc_arena_init(mc_arena_t *arena, size_t max)
{
    *arena = (mc_arena_t) { .max = max };
}


void
mc_arena_free(mc_arena_t *arena)
{
    mc_arena_block_t  *block, *next;

    for (block = arena->blocks; block != NULL; block = next) {
        next = block->next;
        mc_free_wiped(block, sizeof(mc_arena_block_t) + block->used);
    }

    mc_arena_init(arena, arena->max);
}


static mc_arena_block_t *
block_create(mc_arena_t *arena, size_t size)
{
    size_t             room;
    mc_arena_block_t  *block;

    room = size > ARENA_BLOCK / 4 ? size
                                  : ARENA_BLOCK - sizeof(mc_arena_block_t);

    block = mc_alloc(sizeof(mc_arena_block_t) + room);
    if (block == NULL) {
        return NULL;
    }

    block->size = room;

    if (arena->blocks != NULL && room == size) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;

    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }

    return block;
}


void *
mc_arena_alloc(mc_arena_t *arena, size_t size)
{
    void              *p;
    mc_arena_block_t  *block;

    if (size > SIZE_MAX / 2) {
        arena->failed = true;
        return NULL;
    }

    size = (size + ARENA_ALIGN - 1) & ~(size_t) (ARENA_ALIGN - 1);
    if (size == 0) {
        size = ARENA_ALIGN;
    }

    if (arena->used > arena->max || size > arena->max - arena->used) {
        arena->failed = true;
        return NULL;
    }

    block = arena->blocks;

    if (block == NULL || block->size - block->used < size) {
        block = block_create(arena, size);

        if (block == NULL) {
            arena->failed = true;
            return NULL;
        }
    }

    p = block->data + block->used;
    block->used += size;
    arena->used += size;

    return p;
}


mc_str_t
mc_arena_str(mc_arena_t *arena, mc_str_t s)
{
    char  *p;

    p = s.len < SIZE_MAX ? mc_arena_alloc(arena, s.len + 1) : NULL;
    if (p == NULL) {
        arena->failed = true;
        return mc_str_null;
    }

    if (s.len > 0) {
        memcpy(p, s.data, s.len);
    }

    return (mc_str_t) { p, s.len };
}


mc_str_t
mc_arena_printf(mc_arena_t *arena, const char *format, ...)
{
    int      len;
    char    *p;
    va_list  args;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    p = len < 0 ? NULL : mc_arena_alloc(arena, (size_t) len + 1);
    if (p == NULL) {
        arena->failed = true;
        return mc_str_null;
    }

    va_start(args, format);
    (void) vsnprintf(p, (size_t) len + 1, format, args);
    va_end(args);

    return (mc_str_t) { p, (size_t) len };
}
