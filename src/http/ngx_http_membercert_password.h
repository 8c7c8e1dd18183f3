/*
 * POST password, POST session/confirm: what their bodies say, and what a try
 * costs.
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_PASSWORD_H
#define NGX_HTTP_MEMBERCERT_PASSWORD_H

#include "ngx_http_membercert.h"

#include "mc_passwd.h"
#include "mc_reauth.h"

#pragma GCC visibility push(hidden)


void ngx_http_membercert_read_passwd(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_reauth(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_run_reauth(void *call);

/* Of both: MC_P_NONE, or the refusal, which stands in the call. */
mc_problem_code_t ngx_http_membercert_allow_passwd(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_PASSWORD_H */
