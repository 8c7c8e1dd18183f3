/*
 * Tokens of log-in attempts, in the shared zone: one bucket per address
 * prefix (/32, /64), one per account and address prefix, one with a high
 * ceiling per account.  Unknown accounts count like known ones, and no
 * account can be locked from one address for another.
 *
 * An attempt takes one token of each; when one bucket is empty, nothing is
 * taken.  When the zone has no memory at all the attempt goes on: the zone
 * must not be what locks everybody out.  Event loop only.
 */

#include "ngx_http_membercert.h"

#include "mc_throttle.h"
#include "mc_time.h"


#define NGX_HTTP_MEMBERCERT_CEILING  20     /* times account= */
#define NGX_HTTP_MEMBERCERT_BUCKETS  3
#define NGX_HTTP_MEMBERCERT_ACCOUNT  16     /* bytes of its digest */


typedef struct {
    u_char    key[NGX_HTTP_MEMBERCERT_KEY_MAX];
    size_t    len;
    uint32_t  tokens;
    int64_t   time;
} ngx_http_membercert_bucket_t;


static u_char *
ngx_http_membercert_throttle_prefix(ngx_http_request_t *r, u_char *p)
{
    struct sockaddr      *sa;
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    sa = r->connection->sockaddr;

    switch (sa->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:

        sin6 = (struct sockaddr_in6 *) sa;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            *p++ = 4;
            return ngx_cpymem(p, &sin6->sin6_addr.s6_addr[12], 4);
        }

        *p++ = 6;
        return ngx_cpymem(p, sin6->sin6_addr.s6_addr, 8);
#endif

    case AF_INET:

        sin = (struct sockaddr_in *) sa;

        *p++ = 4;
        return ngx_cpymem(p, &sin->sin_addr, 4);

    default:

        *p++ = 0;
        return p;
    }
}


static void
ngx_http_membercert_throttle_keys(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_http_membercert_bucket_t *buckets)
{
    u_char                        *p;
    ngx_uint_t                     i;
    const mc_settings_t           *settings;
    ngx_http_membercert_bucket_t  *b;

    settings = ctx->site->site->settings;

    for (i = 0; i < NGX_HTTP_MEMBERCERT_BUCKETS; i++) {
        b = &buckets[i];

        p = ngx_cpymem(b->key, ctx->site->site->store_id, 8);
        *p++ = (u_char) i;

        if (i != 0) {
            p = ngx_cpymem(p, ctx->account, NGX_HTTP_MEMBERCERT_ACCOUNT);
        }

        if (i != 2) {
            p = ngx_http_membercert_throttle_prefix(r, p);
        }

        b->len = (size_t) (p - b->key);

        b->tokens = i ? settings->login_account : settings->login_address;
        b->time = i ? settings->login_account_time
                    : settings->login_address_time;
    }

    buckets[2].tokens *= NGX_HTTP_MEMBERCERT_CEILING;
}


/* Zone locked; NULL: no memory. */
static mc_bucket_t *
ngx_http_membercert_throttle_find(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_bucket_t *b, int64_t now)
{
    mc_bucket_t  *bucket;

    bucket = ngx_http_membercert_zone_find(&zone->shared->buckets, b->key,
                                           b->len);
    if (bucket != NULL) {
        return bucket;
    }

    bucket = ngx_http_membercert_zone_add(zone, &zone->shared->buckets,
                                          b->key, b->len,
                                          sizeof(mc_bucket_t));
    if (bucket != NULL) {
        mc_bucket_init(bucket, b->tokens, now);
    }

    return bucket;
}


/* Zone locked. */
static void
ngx_http_membercert_throttle_return(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_bucket_t *buckets, ngx_uint_t n, int64_t now)
{
    ngx_uint_t    i;
    mc_bucket_t  *bucket;

    for (i = 0; i < n; i++) {
        bucket = ngx_http_membercert_zone_find(&zone->shared->buckets,
                                               buckets[i].key,
                                               buckets[i].len);
        if (bucket != NULL) {
            mc_bucket_give(bucket, buckets[i].tokens, buckets[i].time, now);
        }
    }
}


ngx_int_t
ngx_http_membercert_throttle_take(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, int64_t *wait)
{
    int64_t                        now;
    ngx_int_t                      rc;
    ngx_uint_t                     i;
    mc_bucket_t                   *bucket;
    ngx_http_membercert_zone_t    *zone;
    ngx_http_membercert_bucket_t   buckets[NGX_HTTP_MEMBERCERT_BUCKETS];

    ngx_http_membercert_throttle_keys(r, ctx, buckets);

    rc = NGX_OK;
    now = mc_monotonic();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    for (i = 0; i < NGX_HTTP_MEMBERCERT_BUCKETS; i++) {
        bucket = ngx_http_membercert_throttle_find(zone, &buckets[i], now);

        if (bucket != NULL
            && !mc_bucket_take(bucket, buckets[i].tokens, buckets[i].time,
                               now, wait))
        {
            ngx_http_membercert_throttle_return(zone, buckets, i, now);
            rc = NGX_BUSY;
            break;
        }
    }

    ngx_shmtx_unlock(&zone->pool->mutex);

    ctx->took_tokens = (rc == NGX_OK);

    return rc;
}


void
ngx_http_membercert_throttle_give(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    int64_t                        now;
    ngx_http_membercert_zone_t    *zone;
    ngx_http_membercert_bucket_t   buckets[NGX_HTTP_MEMBERCERT_BUCKETS];

    ngx_http_membercert_throttle_keys(r, ctx, buckets);

    now = mc_monotonic();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    ngx_http_membercert_throttle_return(zone, buckets,
                                        NGX_HTTP_MEMBERCERT_BUCKETS, now);

    ngx_shmtx_unlock(&zone->pool->mutex);

    ctx->took_tokens = 0;
}
