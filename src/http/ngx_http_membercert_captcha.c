/*
 * Captcha: GET captcha, and the part of the guard that asks for an answer.
 *
 * A proof of work is made at once; a picture comes from the worker's ring of
 * pictures that were drawn ahead, or from a job of its own.  Pictures never
 * take more than a quarter of the cpu pool's room: documents come first.
 *
 * An answer is used up in the shared zone before the request's job is
 * posted, so that it is good once, whatever becomes of the job.  Event loop
 * only.
 */

#include "ngx_http_membercert_captcha.h"

#include "mc_time.h"


#define NGX_HTTP_MEMBERCERT_DRAWING  (NGX_HTTP_MEMBERCERT_ROOM / 4)


static int64_t
ngx_http_membercert_captcha_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (int64_t) tp->sec * 1000 + (int64_t) tp->msec;
}


static ngx_int_t
ngx_http_membercert_captcha_send(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_captcha_drawn_t *drawn)
{
    mc_json_out_t           out;
    mc_captcha_challenge_t  challenge;

    if (mc_captcha_challenge(ctx->site->site,
                             ngx_http_membercert_captcha_now(), drawn,
                             &challenge)
        != MC_OK)
    {
        return ngx_http_membercert_refuse_code(r, ctx,
                                               MC_P_SERVICE_UNAVAILABLE);
    }

    out = ngx_http_membercert_reply_out(ctx);

    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "id", mc_str_from(challenge.id));
    mc_json_pair_str(&out, "kind", challenge.kind == MC_CAPTCHA_PICTURE
                                   ? mc_str("picture") : mc_str("work"));
    mc_json_pair_int(&out, "expires_in", challenge.expires_in);

    if (challenge.kind == MC_CAPTCHA_PICTURE) {
        mc_json_pair_str(&out, "picture", challenge.picture);

    } else {
        mc_json_pair_int(&out, "bits", challenge.bits);
    }

    mc_json_close(&out, '}');

    return ngx_http_membercert_reply_json(r, ctx, NGX_HTTP_OK,
                                          "application/json",
                                          "private, no-store");
}


ngx_int_t
ngx_http_membercert_captcha_at_once(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_int_t           rc;
    ngx_str_t           kind;
    mc_captcha_drawn_t  drawn;

    if (ngx_http_arg(r, (u_char *) "kind", 4, &kind) != NGX_OK
        || (kind.len == 4 && ngx_strncmp(kind.data, "work", 4) == 0))
    {
        return ngx_http_membercert_captcha_send(r, ctx, NULL);
    }

    if (kind.len != 7 || ngx_strncmp(kind.data, "picture", 7) != 0) {
        return ngx_http_membercert_refuse_code(r, ctx,
                                               MC_P_REQUEST_MALFORMED);
    }

    if (ngx_http_membercert_ring_take(ctx->site, &drawn) == NGX_OK) {
        rc = ngx_http_membercert_captcha_send(r, ctx, &drawn);
        mc_captcha_drawn_free(&drawn);

        return rc;
    }

    if (ctx->site->pools[NGX_HTTP_MEMBERCERT_CPU]->jobs
        >= NGX_HTTP_MEMBERCERT_DRAWING)
    {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_SERVICE_BUSY);
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_membercert_reply_captcha(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_captcha_draw_t  *draw;

    draw = call;

    return ngx_http_membercert_captcha_send(r, ctx, &draw->drawn[0]);
}


void
ngx_http_membercert_read_captcha(ngx_http_membercert_ctx_t *ctx,
    mc_call_t *call, const mc_json_t *json)
{
    const mc_json_t  *captcha;

    captcha = mc_json_get(json, "captcha");

    if (captcha == NULL || captcha->type == MC_JSON_NULL) {
        return;
    }

    if (captcha->type != MC_JSON_OBJECT) {
        ngx_http_membercert_read_fault(call, mc_str("captcha 应为对象"),
                                       mc_str("captcha: an object is "
                                              "expected"));
        return;
    }

    ctx->captcha_given = 1;
    ctx->captcha_id = ngx_http_membercert_read_text(call, captcha, "id");
    ctx->captcha_answer = ngx_http_membercert_read_text(call, captcha,
                                                        "answer");
}


/* Anybody may call itself a mini program: where that asks for none, the
 * web's rule holds for it as well. */
static ngx_uint_t
ngx_http_membercert_captcha_needed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    const mc_settings_t  *settings;

    settings = ctx->site->site->settings;

    if (ctx->client == MC_CLIENT_MINI && settings->captcha_mini) {
        return 1;
    }

    if (settings->captcha_web != MC_CAPTCHA_AFTER || !ctx->route->login) {
        return settings->captcha_web != MC_CAPTCHA_OFF;
    }

    /* this attempt was paid for already and counts itself */

    return ngx_http_membercert_throttle_failures(r, ctx)
           > settings->captcha_after;
}


/* Once only: among all workers, and over a reload. */
static ngx_uint_t
ngx_http_membercert_captcha_fresh(ngx_http_request_t *r,
    const uint8_t *nonce)
{
    bool                         fresh;
    int64_t                      now;
    ngx_http_membercert_zone_t  *zone;

    now = mc_monotonic();
    zone = ngx_http_membercert_zone_get(r);

    ngx_shmtx_lock(&zone->pool->mutex);

    fresh = mc_used_add(&zone->shared->captchas, nonce, now);

    ngx_shmtx_unlock(&zone->pool->mutex);

    return fresh;
}


mc_problem_code_t
ngx_http_membercert_captcha_allowed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    bool               uses_up;
    uint8_t            nonce[MC_CAPTCHA_NONCE];
    mc_problem_code_t  code;

    if (!ngx_http_membercert_captcha_needed(r, ctx)) {
        return MC_P_NONE;
    }

    code = MC_P_CAPTCHA_NEEDED;

    if (ctx->captcha_given) {
        code = mc_captcha_judge(ctx->site->site,
                                ngx_http_membercert_captcha_now(),
                                ctx->captcha_id, ctx->captcha_answer,
                                &uses_up, nonce);

        if (uses_up && !ngx_http_membercert_captcha_fresh(r, nonce)) {
            code = MC_P_CAPTCHA_EXPIRED;
        }
    }

    if (code != MC_P_NONE) {
        (void) mc_problem_add(&call->problems, code);
    }

    return code;
}
