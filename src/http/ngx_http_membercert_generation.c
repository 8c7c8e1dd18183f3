/*
 * Generations: one number for every few members, in the shared zone, raised
 * by each worker whenever something about a member was written.  What was
 * made of the store while the number was the same is still true, in every
 * worker of this nginx.
 *
 * Read before a job is posted, raised before the answer of the one that
 * wrote leaves: a read that raced with a write carries the older number.
 * Two members whose ids fall into one slot cost each other a read, nothing
 * else.  Kept over a reload like the zone; without its lock.  Master (init)
 * and event loop only.
 */

#include "ngx_http_membercert_cache.h"


/* slots, and the part of a small zone they may take */
#define NGX_HTTP_MEMBERCERT_GENERATIONS  4096
#define NGX_HTTP_MEMBERCERT_SHARE        16


ngx_int_t
ngx_http_membercert_generation_init(ngx_http_membercert_zone_t *zone,
    size_t size)
{
    ngx_uint_t                     n;
    ngx_http_membercert_shared_t  *shared;

    shared = zone->shared;

    n = NGX_HTTP_MEMBERCERT_GENERATIONS;

    while (n * sizeof(uint32_t) > size / NGX_HTTP_MEMBERCERT_SHARE) {
        n /= 2;
    }

    shared->everybody = 0;
    shared->generation_count = n;
    shared->generations = ngx_slab_calloc(zone->pool, n * sizeof(uint32_t));

    return shared->generations ? NGX_OK : NGX_ERROR;
}


/* Ids are counted up: neighbours must not share a slot, stores may. */
static uint32_t *
ngx_http_membercert_generation_slot(ngx_http_membercert_shared_t *shared,
    const mc_site_t *site, int64_t member_id)
{
    uint32_t  n;

    ngx_memcpy(&n, site->store_id, sizeof(n));

    n += (uint32_t) member_id;

    return &shared->generations[n & (shared->generation_count - 1)];
}


uint32_t
ngx_http_membercert_generation(ngx_http_membercert_zone_t *zone,
    const mc_site_t *site, int64_t member_id)
{
    uint32_t                      *slot;
    ngx_http_membercert_shared_t  *shared;

    shared = zone->shared;
    slot = ngx_http_membercert_generation_slot(shared, site, member_id);

    return __atomic_load_n(slot, __ATOMIC_ACQUIRE)
           + __atomic_load_n(&shared->everybody, __ATOMIC_ACQUIRE);
}


void
ngx_http_membercert_generation_raise(ngx_http_membercert_zone_t *zone,
    const mc_site_t *site, const mc_changed_t *changed)
{
    size_t                         i;
    uint32_t                      *slot;
    ngx_http_membercert_shared_t  *shared;

    shared = zone->shared;

    if (changed->many) {
        (void) __atomic_add_fetch(&shared->everybody, 1, __ATOMIC_RELEASE);
        return;
    }

    for (i = 0; i < changed->count; i++) {
        slot = ngx_http_membercert_generation_slot(shared, site,
                                                   changed->ids[i]);

        (void) __atomic_add_fetch(slot, 1, __ATOMIC_RELEASE);
    }
}
