/*
 * Recovery and activation: what their routes are made of.
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_RECOVERY_H
#define NGX_HTTP_MEMBERCERT_RECOVERY_H

#include "ngx_http_membercert.h"

#include "mc_recovery.h"

#pragma GCC visibility push(hidden)


#define NGX_HTTP_MEMBERCERT_DEADLINE  500   /* ms, of what must not tell */

void ngx_http_membercert_read_recovery(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_activation(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_code(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);

/* What an attempt to get a code, and a typed one, pay for. */
mc_problem_code_t ngx_http_membercert_allow_recovery(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);
mc_problem_code_t ngx_http_membercert_allow_code(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);

void ngx_http_membercert_write_recovery(mc_json_out_t *out,
    const void *call);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_RECOVERY_H */
