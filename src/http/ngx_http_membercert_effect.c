/*
 * What a use case wants done in the loop: sessions and tokens in the shared
 * zone, the cookie on the reply.
 *
 * Called in the completion of the job, before anybody asks whether the
 * client is still there.  Event loop only.
 */

#include "ngx_http_membercert_account.h"
#include "ngx_http_membercert_cache.h"


static void ngx_http_membercert_effect_cookie(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const char *token);


void
ngx_http_membercert_effect_apply(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_call_t *call)
{
    size_t              i, n;
    const mc_effect_t  *effect;

    ngx_http_membercert_generation_raise(ngx_http_membercert_zone_get(r),
                                         ctx->site->site,
                                         &call->effects.changed);

    for (i = 0; i < call->effects.count; i++) {
        effect = &call->effects.items[i];

        switch (effect->kind) {

        case MC_EFFECT_SESSION_PUT:
            ngx_http_membercert_session_put(r, ctx, &effect->session,
                                            call->now);
            break;

        case MC_EFFECT_SESSION_DROP:
            ngx_http_membercert_session_drop(r, ctx, effect->session.hash);
            break;

        case MC_EFFECT_SESSIONS_DROP:
            for (n = 0; n < effect->hash_count; n++) {
                ngx_http_membercert_session_drop(r, ctx, effect->hashes[n]);
            }

            break;

        case MC_EFFECT_MEMBER_EPOCH:
            ngx_http_membercert_session_epoch(r, ctx,
                                              effect->session.member_id,
                                              effect->session.epoch);
            break;

        case MC_EFFECT_TOKENS_BACK:
            if (ctx->took_tokens) {
                ngx_http_membercert_throttle_give(r, ctx, 1);
            }

            break;

        case MC_EFFECT_COOKIE_SET:
            ngx_http_membercert_effect_cookie(r, ctx, effect->token);
            break;

        case MC_EFFECT_COOKIE_CLEAR:
            /* a client that shows a token of its own keeps no cookie */
            if (!ctx->has_bearer) {
                ngx_http_membercert_effect_cookie(r, ctx, NULL);
            }

            break;

        case MC_EFFECT_DEVICE_SET:
            ngx_http_membercert_device_set(r, ctx, effect->device);
            break;

        case MC_EFFECT_WORK:
            ngx_http_membercert_work_poke(r, ctx);
            break;

        case MC_EFFECT_AUDIT:
            ngx_http_membercert_audit_note(r, ctx, call, &effect->audit);
            break;
        }
    }

    if (ctx->took_tokens && call->problems.count != 0
        && mc_problem_kind(call->problems.items[0].code)
           == MC_KIND_UNAVAILABLE)
    {
        /* an attempt that nobody could judge costs nothing */
        ngx_http_membercert_throttle_give(r, ctx, 0);
    }
}


/*
 * __Host- binds the cookie to this host, https and the whole site; plain
 * http (secure=off) cannot have it.  Nobody comes to a desk by a link from
 * elsewhere: its cookie is Strict.
 */
static void
ngx_http_membercert_effect_cookie(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const char *token)
{
    size_t       len;
    u_char      *p;
    ngx_str_t   *name, value;
    const char  *secure, *age, *same;

    if (r->header_sent) {
        return;
    }

    secure = ctx->site->site->settings->session_secure ? " Secure;" : "";
    age = token ? "" : " Max-Age=0;";
    token = token ? token : "";
    same = ctx->officer ? "Strict" : "Lax";
    name = ctx->officer ? &ctx->site->officer_cookie : &ctx->site->cookie;

    len = name->len + ngx_strlen(token)
          + sizeof("=; Path=/; Secure; Max-Age=0; HttpOnly; SameSite=Strict");

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return;
    }

    value.data = p;
    value.len = (size_t) (ngx_sprintf(p,
                              "%V=%s; Path=/;%s%s HttpOnly; SameSite=%s",
                              name, token, secure, age, same)
                          - p);

    (void) ngx_http_membercert_reply_header(r, "Set-Cookie", &value);
}
