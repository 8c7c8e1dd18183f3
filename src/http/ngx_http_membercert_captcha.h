/*
 * Captcha: the route, what the guard asks, the ring of pictures.
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_CAPTCHA_H
#define NGX_HTTP_MEMBERCERT_CAPTCHA_H

#include "ngx_http_membercert.h"

#include "mc_captcha_use.h"

#pragma GCC visibility push(hidden)


/* --- ngx_http_membercert_captcha.c -------------------------------------- */

/* GET captcha. */
ngx_int_t ngx_http_membercert_captcha_at_once(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
ngx_int_t ngx_http_membercert_reply_captcha(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
/* "captcha": {"id", "answer"} of any body, into ctx. */
void ngx_http_membercert_read_captcha(ngx_http_membercert_ctx_t *ctx,
    mc_call_t *call, const mc_json_t *json);
/* MC_P_NONE: none is needed, or the one that was given is right and used up
 * now; else the refusal, which stands in the call.  To be called when the
 * request has paid (throttle). */
mc_problem_code_t ngx_http_membercert_captcha_allowed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);


/* --- ngx_http_membercert_ring.c: pictures drawn ahead ------------------- */

/* NGX_OK: one of them, the caller's from now on; NGX_DECLINED: none left. */
ngx_int_t ngx_http_membercert_ring_take(ngx_http_membercert_site_t *site,
    mc_captcha_drawn_t *drawn);
/* When the worker ends. */
void ngx_http_membercert_ring_free(ngx_http_membercert_site_t *site);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_CAPTCHA_H */
