/*
 * The shared zone: two trees with a list each, and the set of used captchas;
 * kept over a reload when its size stays.  It is a cache; losing it (another
 * size, another binary) costs a read of the store, or some spent tokens, or
 * a captcha that is good twice, and nothing else.
 *
 * A tree may fill at most half of the zone, so that a flood of log-in
 * attempts does not push sessions out; when memory gives out all the same,
 * its own oldest nodes go.  Of buckets and delays the one that is as good as
 * new first goes, of the oldest few, and the others of these count as young
 * again: what a flood leaves is soon as good as new, so that it pushes out
 * itself and gives no account its tokens back.  Master (init) and event loop
 * only.
 */

#include "ngx_http_membercert_cache.h"

#include "mc_time.h"


/* what a node of either tree takes of the slab */
#define NGX_HTTP_MEMBERCERT_SLOT  128

/* the part of the zone that holds used captchas, and the most it needs */
#define NGX_HTTP_MEMBERCERT_USED      8
#define NGX_HTTP_MEMBERCERT_USED_MAX  (8 * 1024 * 1024)

/* how many of the oldest buckets are looked at before one goes */
#define NGX_HTTP_MEMBERCERT_LOOK  16


static void ngx_http_membercert_zone_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel);


static void
ngx_http_membercert_zone_tree(ngx_http_membercert_tree_t *tree, size_t size)
{
    ngx_rbtree_init(&tree->rbtree, &tree->sentinel,
                    ngx_http_membercert_zone_insert);
    ngx_queue_init(&tree->queue);

    tree->count = 0;
    tree->most = ngx_max(size / 2 / NGX_HTTP_MEMBERCERT_SLOT, 8);
}


static ngx_int_t
ngx_http_membercert_zone_used(ngx_http_membercert_zone_t *zone, size_t size)
{
    void  *memory;

    memory = ngx_slab_alloc(zone->pool, size);
    if (memory == NULL) {
        return NGX_ERROR;
    }

    mc_used_init(&zone->shared->captchas, memory, size, mc_monotonic());

    return NGX_OK;
}


ngx_int_t
ngx_http_membercert_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    size_t                       len, size, used;
    ngx_http_membercert_zone_t  *zone, *old;

    zone = shm_zone->data;
    old = data;

    if (old) {
        zone->shared = old->shared;
        zone->pool = old->pool;

        return NGX_OK;
    }

    zone->pool = (ngx_slab_pool_t *) shm_zone->shm.addr;

    if (shm_zone->shm.exists) {
        zone->shared = zone->pool->data;

        return NGX_OK;
    }

    zone->shared = ngx_slab_alloc(zone->pool,
                                  sizeof(ngx_http_membercert_shared_t));
    if (zone->shared == NULL) {
        return NGX_ERROR;
    }

    zone->pool->data = zone->shared;

    size = shm_zone->shm.size;
    used = ngx_min(size / NGX_HTTP_MEMBERCERT_USED,
                   NGX_HTTP_MEMBERCERT_USED_MAX);

    ngx_http_membercert_zone_tree(&zone->shared->sessions, size - used);
    ngx_http_membercert_zone_tree(&zone->shared->buckets, size - used);

    if (ngx_http_membercert_zone_used(zone, used) != NGX_OK
        || ngx_http_membercert_generation_init(zone, size) != NGX_OK)
    {
        return NGX_ERROR;
    }

    len = sizeof(" in membercert zone \"\"") + shm_zone->shm.name.len;

    zone->pool->log_ctx = ngx_slab_alloc(zone->pool, len);
    if (zone->pool->log_ctx == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(zone->pool->log_ctx, " in membercert zone \"%V\"%Z",
                &shm_zone->shm.name);

    zone->pool->log_nomem = 0;

    return NGX_OK;
}


ngx_http_membercert_zone_t *
ngx_http_membercert_zone_get(ngx_http_request_t *r)
{
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_membercert_module);

    return mcf->zone->data;
}


static ngx_int_t
ngx_http_membercert_zone_compare(const u_char *a, size_t alen,
    const u_char *b, size_t blen)
{
    if (alen != blen) {
        return alen < blen ? -1 : 1;
    }

    return ngx_memcmp(a, b, alen);
}


static void
ngx_http_membercert_zone_insert(ngx_rbtree_node_t *temp,
    ngx_rbtree_node_t *node, ngx_rbtree_node_t *sentinel)
{
    ngx_rbtree_node_t           **p;
    ngx_http_membercert_node_t   *n, *t;

    for ( ;; ) {
        n = (ngx_http_membercert_node_t *) node;
        t = (ngx_http_membercert_node_t *) temp;

        if (node->key != temp->key) {
            p = (node->key < temp->key) ? &temp->left : &temp->right;

        } else {
            p = (ngx_http_membercert_zone_compare(n->key, n->node.data,
                                                  t->key, t->node.data)
                 < 0)
                ? &temp->left : &temp->right;
        }

        if (*p == sentinel) {
            break;
        }

        temp = *p;
    }

    *p = node;
    node->parent = temp;
    node->left = sentinel;
    node->right = sentinel;
    ngx_rbt_red(node);
}


/* Where the value of a node starts. */
static size_t
ngx_http_membercert_zone_offset(size_t len)
{
    return ngx_align(offsetof(ngx_http_membercert_node_t, key) + len, 8);
}


void *
ngx_http_membercert_zone_find(ngx_http_membercert_tree_t *tree,
    const u_char *key, size_t len)
{
    uint32_t                     hash;
    ngx_int_t                    rc;
    ngx_rbtree_node_t           *node, *sentinel;
    ngx_http_membercert_node_t  *n;

    hash = ngx_crc32_short((u_char *) key, len);

    node = tree->rbtree.root;
    sentinel = tree->rbtree.sentinel;

    while (node != sentinel) {

        if (hash != node->key) {
            node = (hash < node->key) ? node->left : node->right;
            continue;
        }

        n = (ngx_http_membercert_node_t *) node;
        rc = ngx_http_membercert_zone_compare(key, len, n->key,
                                              n->node.data);

        if (rc == 0) {
            ngx_queue_remove(&n->queue);
            ngx_queue_insert_head(&tree->queue, &n->queue);

            return (u_char *) n + ngx_http_membercert_zone_offset(len);
        }

        node = (rc < 0) ? node->left : node->right;
    }

    return NULL;
}


/* The bucket or delay nobody misses: as good as new by now, or soonest.
 * Both begin with that moment (mc_throttle.h).  The tree is not empty; all
 * that were looked at stand at the head of its list afterwards, so that the
 * next look is at others. */
static ngx_queue_t *
ngx_http_membercert_zone_spare(ngx_http_membercert_tree_t *tree)
{
    ngx_uint_t                   i, count;
    ngx_queue_t                 *q, *spare;
    int64_t                     *full, *best;
    ngx_http_membercert_node_t  *n;

    best = NULL;
    spare = NULL;
    count = ngx_min(tree->count, NGX_HTTP_MEMBERCERT_LOOK);

    for (i = 0; i < count; i++) {
        q = ngx_queue_last(&tree->queue);

        ngx_queue_remove(q);
        ngx_queue_insert_head(&tree->queue, q);

        n = ngx_queue_data(q, ngx_http_membercert_node_t, queue);
        full = (int64_t *) ((u_char *) n
                            + ngx_http_membercert_zone_offset(n->node.data));

        if (best == NULL || *full < *best) {
            best = full;
            spare = q;
        }
    }

    return spare;
}


static void
ngx_http_membercert_zone_free(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_tree_t *tree, ngx_http_membercert_node_t *n)
{
    ngx_queue_remove(&n->queue);
    ngx_rbtree_delete(&tree->rbtree, &n->node);
    tree->count--;

    ngx_slab_free_locked(zone->pool, n);
}


void
ngx_http_membercert_zone_remove(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_tree_t *tree, void *value, size_t len)
{
    u_char  *p;

    p = value;

    ngx_http_membercert_zone_free(zone, tree,
        (ngx_http_membercert_node_t *) (p
                                - ngx_http_membercert_zone_offset(len)));
}


static void
ngx_http_membercert_zone_evict(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_tree_t *tree)
{
    ngx_queue_t  *q;

    if (ngx_queue_empty(&tree->queue)) {
        return;
    }

    q = (tree == &zone->shared->buckets)
        ? ngx_http_membercert_zone_spare(tree)
        : ngx_queue_last(&tree->queue);

    ngx_http_membercert_zone_free(zone, tree,
        ngx_queue_data(q, ngx_http_membercert_node_t, queue));
}


void *
ngx_http_membercert_zone_add(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_tree_t *tree, const u_char *key, size_t len,
    size_t size)
{
    u_char                      *value;
    size_t                       offset;
    ngx_uint_t                   tries;
    ngx_http_membercert_node_t  *n;

    if (len > NGX_HTTP_MEMBERCERT_KEY_MAX) {
        return NULL;
    }

    if (tree->count >= tree->most) {
        ngx_http_membercert_zone_evict(zone, tree);
    }

    offset = ngx_http_membercert_zone_offset(len);

    for (tries = 0; /* void */ ; tries++) {
        n = ngx_slab_calloc_locked(zone->pool, offset + size);

        if (n != NULL || tries == 4) {
            break;
        }

        ngx_http_membercert_zone_evict(zone, tree);
        ngx_http_membercert_zone_evict(zone, tree);
    }

    if (n == NULL) {
        return NULL;
    }

    value = (u_char *) n + offset;

    n->node.key = ngx_crc32_short((u_char *) key, len);
    n->node.data = (u_char) len;
    ngx_memcpy(n->key, key, len);

    ngx_rbtree_insert(&tree->rbtree, &n->node);
    ngx_queue_insert_head(&tree->queue, &n->queue);
    tree->count++;

    return value;
}
