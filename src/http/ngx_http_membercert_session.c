/*
 * Sessions in the shared zone: a cache over the store that is trusted for
 * 30 seconds, so that most requests need no session row.
 *
 * A session that was ended leaves a tombstone for 60 s, the longest life of
 * a job: what a slow read, begun before the end, brings along is not put
 * over it.  A member whose sessions ended all at once leaves the epoch since
 * when they count, for as long; it is looked up after each session of the
 * member, so that it goes from a full zone later than they do.  Keys start
 * with the store's id, so that two stores in one nginx share nothing.  Event
 * loop only.
 */

#include "ngx_http_membercert.h"


#define NGX_HTTP_MEMBERCERT_SESSION_KEY  (8 + 32)
#define NGX_HTTP_MEMBERCERT_EPOCH_KEY    (8 + 8)


typedef struct {
    int64_t     member_id;      /* 0: a tombstone, or a member's epoch */
    int64_t     epoch;
    int64_t     expires;        /* ms; of a tombstone: when it may go */
    int64_t     checked_at;     /* ms, when the store last said so */
} ngx_http_membercert_session_t;


static void
ngx_http_membercert_session_key(ngx_http_membercert_ctx_t *ctx,
    const uint8_t hash[32], u_char *key)
{
    ngx_memcpy(key, ctx->site->site->store_id, 8);
    ngx_memcpy(key + 8, hash, 32);
}


static int64_t
ngx_http_membercert_session_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + (int64_t) tp->msec;
}


static void
ngx_http_membercert_session_epoch_key(ngx_http_membercert_ctx_t *ctx,
    int64_t member_id, u_char *key)
{
    ngx_memcpy(key, ctx->site->site->store_id, 8);
    ngx_memcpy(key + 8, &member_id, sizeof(member_id));
}


/* Zone locked.  Did the member's sessions of this epoch end? */
static ngx_uint_t
ngx_http_membercert_session_over(ngx_http_membercert_zone_t *zone,
    ngx_http_membercert_ctx_t *ctx, int64_t member_id, int64_t epoch,
    int64_t now)
{
    u_char                          key[NGX_HTTP_MEMBERCERT_EPOCH_KEY];
    ngx_http_membercert_session_t  *since;

    ngx_http_membercert_session_epoch_key(ctx, member_id, key);

    since = ngx_http_membercert_zone_find(&zone->shared->sessions, key,
                                          sizeof(key));

    return since != NULL && now < since->expires && epoch < since->epoch;
}


void
ngx_http_membercert_session_find(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    u_char                          key[NGX_HTTP_MEMBERCERT_SESSION_KEY];
    int64_t                         now;
    ngx_http_membercert_zone_t     *zone;
    ngx_http_membercert_session_t  *session;

    ngx_http_membercert_session_key(ctx, ctx->credential.hash, key);

    now = ngx_http_membercert_session_now();
    ctx->zone_asked = 1;

    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    session = ngx_http_membercert_zone_find(&zone->shared->sessions, key,
                                            sizeof(key));

    if (session != NULL
        && session->member_id != 0
        && now < session->expires
        && now >= session->checked_at
        && now - session->checked_at <= NGX_HTTP_MEMBERCERT_TRUST
        && !ngx_http_membercert_session_over(zone, ctx, session->member_id,
                                             session->epoch, now))
    {
        ctx->credential.trusted = true;
        ctx->credential.member_id = session->member_id;
        ctx->credential.epoch = session->epoch;
        ctx->member_id = session->member_id;
    }

    ngx_shmtx_unlock(&zone->pool->mutex);
}


void
ngx_http_membercert_session_put(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_session_note_t *note,
    int64_t checked_at)
{
    u_char                          key[NGX_HTTP_MEMBERCERT_SESSION_KEY];
    int64_t                         now;
    ngx_http_membercert_zone_t     *zone;
    ngx_http_membercert_session_t  *session;

    ngx_http_membercert_session_key(ctx, note->hash, key);

    now = ngx_http_membercert_session_now();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    if (ngx_http_membercert_session_over(zone, ctx, note->member_id,
                                         note->epoch, now))
    {
        ngx_shmtx_unlock(&zone->pool->mutex);
        return;
    }

    session = ngx_http_membercert_zone_find(&zone->shared->sessions, key,
                                            sizeof(key));

    if (session == NULL) {
        session = ngx_http_membercert_zone_add(zone, &zone->shared->sessions,
                                               key, sizeof(key),
                                               sizeof(*session));

    } else if ((session->member_id == 0 && now < session->expires)
               || (session->member_id != 0
                   && (session->epoch > note->epoch
                       || session->checked_at > checked_at)))
    {
        session = NULL;
    }

    if (session != NULL) {
        session->member_id = note->member_id;
        session->epoch = note->epoch;
        session->expires = note->expires;
        session->checked_at = checked_at;
    }

    ngx_shmtx_unlock(&zone->pool->mutex);
}


void
ngx_http_membercert_session_drop(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const uint8_t hash[32])
{
    u_char                          key[NGX_HTTP_MEMBERCERT_SESSION_KEY];
    ngx_http_membercert_zone_t     *zone;
    ngx_http_membercert_session_t  *session;

    ngx_http_membercert_session_key(ctx, hash, key);

    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    session = ngx_http_membercert_zone_find(&zone->shared->sessions, key,
                                            sizeof(key));

    if (session == NULL) {
        session = ngx_http_membercert_zone_add(zone, &zone->shared->sessions,
                                               key, sizeof(key),
                                               sizeof(*session));
    }

    if (session != NULL) {
        session->member_id = 0;
        session->epoch = 0;
        session->checked_at = 0;
        session->expires = ngx_http_membercert_session_now()
                           + NGX_HTTP_MEMBERCERT_BURY;
    }

    ngx_shmtx_unlock(&zone->pool->mutex);
}


void
ngx_http_membercert_session_epoch(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, int64_t member_id, int64_t epoch)
{
    u_char                          key[NGX_HTTP_MEMBERCERT_EPOCH_KEY];
    ngx_http_membercert_zone_t     *zone;
    ngx_http_membercert_session_t  *since;

    ngx_http_membercert_session_epoch_key(ctx, member_id, key);

    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    since = ngx_http_membercert_zone_find(&zone->shared->sessions, key,
                                          sizeof(key));

    if (since == NULL) {
        since = ngx_http_membercert_zone_add(zone, &zone->shared->sessions,
                                             key, sizeof(key),
                                             sizeof(*since));
    }

    if (since != NULL) {
        since->epoch = ngx_max(since->epoch, epoch);
        since->expires = ngx_http_membercert_session_now()
                         + NGX_HTTP_MEMBERCERT_BURY;
    }

    ngx_shmtx_unlock(&zone->pool->mutex);
}
