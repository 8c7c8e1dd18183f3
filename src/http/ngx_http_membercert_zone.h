/*
 * The shared zone: trees with a list each, the set of used captchas, and
 * the members' generations (ngx_http_membercert_cache.h).
 *
 * A cache of the store and nothing more: whatever is lost with it is read
 * again, or costs a token.  Master (init) and event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_ZONE_H
#define NGX_HTTP_MEMBERCERT_ZONE_H

#include "ngx_http_membercert_compat.h"

#include "mc_used.h"

#pragma GCC visibility push(hidden)


/* Every node starts with this; the key's length is node.data. */
typedef struct {
    ngx_rbtree_node_t               node;
    ngx_queue_t                     queue;
    u_char                          key[1];
} ngx_http_membercert_node_t;

/* One tree with its own list, most recently used first. */
typedef struct {
    ngx_rbtree_t                    rbtree;
    ngx_rbtree_node_t               sentinel;
    ngx_queue_t                     queue;
    ngx_uint_t                      count;
    ngx_uint_t                      most;
} ngx_http_membercert_tree_t;

typedef struct {
    ngx_http_membercert_tree_t      sessions;
    ngx_http_membercert_tree_t      buckets;
    mc_used_t                       captchas;

    /* A member's is raised whenever something about him was written: the
     * sum of "everybody" and of the slot his id falls into, a power of two
     * of which there are.  Without the lock, by atomic operations. */
    uint32_t                        everybody;
    ngx_uint_t                      generation_count;
    uint32_t                       *generations;
} ngx_http_membercert_shared_t;

typedef struct {
    ngx_http_membercert_shared_t   *shared;
    ngx_slab_pool_t                *pool;
} ngx_http_membercert_zone_t;

ngx_int_t ngx_http_membercert_zone_init(ngx_shm_zone_t *shm_zone, void *data);

/* All with the zone's lock held.  The value stands behind the key, at the
 * next multiple of 8; find() moves the node to the head of the list. */
void *ngx_http_membercert_zone_find(ngx_http_membercert_tree_t *tree,
    const u_char *key, size_t len);
void *ngx_http_membercert_zone_add(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_tree_t *tree, const u_char *key, size_t len,
    size_t size);
void ngx_http_membercert_zone_remove(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_tree_t *tree, void *value, size_t len);
ngx_http_membercert_zone_t *ngx_http_membercert_zone_get(
    ngx_http_request_t *r);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_ZONE_H */
