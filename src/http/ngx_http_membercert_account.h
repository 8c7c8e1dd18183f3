/*
 * Known devices, and the member's page of sessions.
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_ACCOUNT_H
#define NGX_HTTP_MEMBERCERT_ACCOUNT_H

#include "ngx_http_membercert.h"

#include "mc_sessions.h"

#pragma GCC visibility push(hidden)


/* --- ngx_http_membercert_device.c --------------------------------------- */

/* What a log-in says of its device: User-Agent, "device" of the body. */
void ngx_http_membercert_device_read(ngx_http_request_t *r,
    mc_login_t *login, const mc_json_t *json);
/* Is it a known device of ctx->account?  By cookie, of a mini program by the
 * body; sets ctx->device_known and device_key, and the same of the call. */
void ngx_http_membercert_device_find(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_login_t *login);
/* Gives the browser its token. */
void ngx_http_membercert_device_set(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const char *token);


/* --- ngx_http_membercert_sessions.c ------------------------------------- */

void ngx_http_membercert_read_sessions_end(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_write_sessions(mc_json_out_t *out,
    const void *call);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_ACCOUNT_H */
