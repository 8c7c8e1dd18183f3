/*
 * Limits of attempts, in the shared zone.  A request lists in its context
 * what it has to pay for (token buckets, delays that double) and pays all of
 * it, or nothing at all and is told when to come back.  What was not paid
 * leaves nothing in the zone, and the address comes first: who may not try
 * cannot name so many accounts that others' counters have to make room.
 *
 * A log-in pays for its address prefix (/32, /64), for the account from
 * there, and a high ceiling for the account from anywhere.  Unknown accounts
 * count like known ones.  With a known device of the account it pays for
 * that device alone, so that no stranger can lock anybody out.
 *
 * Members and officers do not pay for each other.  Officers' accounts have
 * no ceiling: they have no known devices, and who guesses from many addresses
 * needs password and code at once; wrong codes behind a right password are
 * counted in the store.
 *
 * When the zone has no memory at all the attempt goes on: the zone must not
 * be what locks everybody out.  Event loop only.
 */

#include "ngx_http_membercert.h"

#include "mc_throttle.h"
#include "mc_time.h"


#define NGX_HTTP_MEMBERCERT_CEILING  20     /* times account= */
#define NGX_HTTP_MEMBERCERT_DESK     0x20   /* an officer's, in a key */


/* What stands in the zone; both begin with the moment they are "full". */
typedef union {
    mc_bucket_t  bucket;
    mc_delay_t   delay;
} ngx_http_membercert_level_t;


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


/*
 * The key is the store's, then what is limited, then whose it is: the bytes
 * of "who", and where the request comes from.
 */
void
ngx_http_membercert_throttle_add(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_http_membercert_limited_e what,
    const u_char *who, uint32_t tokens, int64_t time)
{
    u_char                       *p;
    ngx_http_membercert_limit_t  *limit;

    if (ctx->limit_count == NGX_HTTP_MEMBERCERT_LIMITS) {
        return;
    }

    limit = &ctx->limits[ctx->limit_count++];

    p = ngx_cpymem(limit->key, ctx->site->site->store_id, 8);
    *p++ = (u_char) (what | (ctx->officer ? NGX_HTTP_MEMBERCERT_DESK : 0));

    if (who) {
        p = ngx_cpymem(p, who, NGX_HTTP_MEMBERCERT_WHO);
    }

    if (what & NGX_HTTP_MEMBERCERT_LIMIT_PLACE) {
        p = ngx_http_membercert_throttle_prefix(r, p);
    }

    limit->len = (size_t) (p - limit->key);
    limit->what = what;
    limit->tokens = tokens;
    limit->time = time;
}


void
ngx_http_membercert_throttle_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    const mc_settings_t  *settings;

    settings = ctx->site->site->settings;
    ctx->limit_count = 0;

    if (ctx->device_known) {
        ngx_http_membercert_throttle_add(r, ctx,
                                         NGX_HTTP_MEMBERCERT_LIMIT_DEVICE,
                                         ctx->device_key,
                                         settings->login_account,
                                         settings->login_account_time);
        return;
    }

    ngx_http_membercert_throttle_add(r, ctx,
                                     NGX_HTTP_MEMBERCERT_LIMIT_ADDRESS,
                                     NULL, settings->login_address,
                                     settings->login_address_time);

    ngx_http_membercert_throttle_add(r, ctx,
                                     NGX_HTTP_MEMBERCERT_LIMIT_ACCOUNT,
                                     ctx->account, settings->login_account,
                                     settings->login_account_time);

    if (ctx->officer) {
        return;
    }

    ngx_http_membercert_throttle_add(r, ctx,
                                     NGX_HTTP_MEMBERCERT_LIMIT_CEILING,
                                     ctx->account,
                                     settings->login_account
                                     * NGX_HTTP_MEMBERCERT_CEILING,
                                     settings->login_account_time);
}


static ngx_uint_t
ngx_http_membercert_throttle_delays(const ngx_http_membercert_limit_t *limit)
{
    return (limit->what & NGX_HTTP_MEMBERCERT_LIMIT_DELAY) ? 1 : 0;
}


/* Zone locked; NULL: no memory, or not there and not to be made. */
static ngx_http_membercert_level_t *
ngx_http_membercert_throttle_find(ngx_http_membercert_zone_t *zone,
    const ngx_http_membercert_limit_t *limit, ngx_uint_t make, int64_t now)
{
    ngx_http_membercert_level_t  *level;

    level = ngx_http_membercert_zone_find(&zone->shared->buckets, limit->key,
                                          limit->len);
    if (level != NULL || !make) {
        return level;
    }

    level = ngx_http_membercert_zone_add(zone, &zone->shared->buckets,
                                         limit->key, limit->len,
                                         sizeof(*level));
    if (level == NULL) {
        return NULL;
    }

    if (ngx_http_membercert_throttle_delays(limit)) {
        mc_delay_init(&level->delay, now);

    } else {
        mc_bucket_init(&level->bucket, limit->tokens, now);
    }

    return level;
}


/* Zone locked.  Of a success a delay keeps nothing; what is as good as new
 * (see mc_throttle.h) goes. */
static void
ngx_http_membercert_throttle_return(ngx_http_membercert_zone_t *zone,
    const ngx_http_membercert_limit_t *limit, ngx_uint_t success, int64_t now)
{
    ngx_http_membercert_level_t  *level;

    level = ngx_http_membercert_zone_find(&zone->shared->buckets, limit->key,
                                          limit->len);
    if (level == NULL) {
        return;
    }

    if (!ngx_http_membercert_throttle_delays(limit)) {
        mc_bucket_give(&level->bucket, limit->tokens, limit->time, now);

    } else if (success) {
        mc_delay_clear(&level->delay, now);

    } else {
        mc_delay_give(&level->delay, limit->tokens, limit->time);
    }

    if (level->bucket.full <= now) {
        ngx_http_membercert_zone_remove(zone, &zone->shared->buckets, level,
                                        limit->len);
    }
}


/* Zone locked.  False: refused, or nothing was there to pay from. */
static ngx_uint_t
ngx_http_membercert_throttle_pay(ngx_http_membercert_zone_t *zone,
    const ngx_http_membercert_limit_t *limit, ngx_uint_t make, int64_t now,
    int64_t *wait)
{
    ngx_http_membercert_level_t  *level;

    *wait = 0;
    level = ngx_http_membercert_throttle_find(zone, limit, make, now);

    if (level == NULL) {
        return 0;
    }

    return ngx_http_membercert_throttle_delays(limit)
           ? mc_delay_take(&level->delay, limit->tokens, limit->time, now,
                           wait)
           : mc_bucket_take(&level->bucket, limit->tokens, limit->time, now,
                            wait);
}


/* The longest wait counts: who comes back then is not refused again. */
ngx_int_t
ngx_http_membercert_throttle_take(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, int64_t *wait)
{
    int64_t                      now, longer;
    ngx_uint_t                   i, paid[NGX_HTTP_MEMBERCERT_LIMITS];
    ngx_http_membercert_zone_t  *zone;

    *wait = 0;
    now = mc_monotonic();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    for (i = 0; i < ctx->limit_count; i++) {
        paid[i] = ngx_http_membercert_throttle_pay(zone, &ctx->limits[i],
                                                   *wait == 0, now, &longer);
        *wait = ngx_max(*wait, longer);
    }

    for (i = 0; i < ctx->limit_count && *wait; i++) {

        if (paid[i]) {
            ngx_http_membercert_throttle_return(zone, &ctx->limits[i], 0,
                                                now);
        }
    }

    ngx_shmtx_unlock(&zone->pool->mutex);

    ctx->took_tokens = (*wait == 0);

    return *wait ? NGX_BUSY : NGX_OK;
}


void
ngx_http_membercert_throttle_give(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t success)
{
    int64_t                      now;
    ngx_uint_t                   i;
    ngx_http_membercert_zone_t  *zone;

    now = mc_monotonic();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    for (i = 0; i < ctx->limit_count; i++) {
        ngx_http_membercert_throttle_return(zone, &ctx->limits[i], success,
                                            now);
    }

    ngx_shmtx_unlock(&zone->pool->mutex);

    ctx->took_tokens = 0;
}


/* A ceiling says nothing about who asks. */
ngx_uint_t
ngx_http_membercert_throttle_failures(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    int64_t                       now;
    ngx_uint_t                    i, n, most;
    ngx_http_membercert_zone_t   *zone;
    ngx_http_membercert_level_t  *level;
    ngx_http_membercert_limit_t  *limit;

    most = 0;
    now = mc_monotonic();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    for (i = 0; i < ctx->limit_count; i++) {
        limit = &ctx->limits[i];

        if (limit->what == NGX_HTTP_MEMBERCERT_LIMIT_CEILING) {
            continue;
        }

        level = ngx_http_membercert_zone_find(&zone->shared->buckets,
                                              limit->key, limit->len);
        if (level == NULL) {
            continue;
        }

        n = ngx_http_membercert_throttle_delays(limit)
            ? mc_delay_failures(&level->delay, now)
            : mc_bucket_spent(&level->bucket, limit->tokens, limit->time,
                              now);

        most = ngx_max(most, n);
    }

    ngx_shmtx_unlock(&zone->pool->mutex);

    return most;
}


/* "15 分钟", below a minute "8 秒"; rounded up. */
static void
ngx_http_membercert_throttle_wait(mc_call_t *call, mc_problem_t *problem,
    int64_t wait)
{
    long long   n;
    const char  *zh, *en;

    if (wait < 60000) {
        n = (wait + 999) / 1000;
        zh = "%lld 秒";
        en = (n == 1) ? "%lld second" : "%lld seconds";

    } else {
        n = (wait + 59999) / 60000;
        zh = "%lld 分钟";
        en = (n == 1) ? "%lld minute" : "%lld minutes";
    }

    mc_problem_arg(problem, "wait",
                   mc_arena_printf(&call->arena, zh, n),
                   mc_arena_printf(&call->arena, en, n));
}


mc_problem_code_t
ngx_http_membercert_throttle_allowed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, mc_problem_code_t code)
{
    int64_t        wait;
    mc_problem_t  *problem;

    if (ngx_http_membercert_throttle_take(r, ctx, &wait) == NGX_OK) {
        return MC_P_NONE;
    }

    problem = mc_problem_add(&call->problems, code);
    ngx_http_membercert_throttle_wait(call, problem, wait);

    call->problems.retry_after = (uint32_t) ((wait + 999) / 1000);

    return code;
}
