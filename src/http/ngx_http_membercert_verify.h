/*
 * The public check: GET verify/CODE, GET verify/CODE/photo, GET keys (X05).
 *
 * The code is all one needs to see what stands behind it, so no line of the
 * error log has it.  Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_VERIFY_H
#define NGX_HTTP_MEMBERCERT_VERIFY_H

#include "ngx_http_membercert.h"

#include "mc_verify.h"

#pragma GCC visibility push(hidden)


/* Hooks of the server's rewrite phase, before the location is looked for,
 * and of the location's: nothing that could log the request line has run.
 * They take the path's text out of it. */
ngx_int_t ngx_http_membercert_verify_hush_early(ngx_http_request_t *r);
ngx_int_t ngx_http_membercert_verify_hush(ngx_http_request_t *r);

void ngx_http_membercert_read_verify(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_read_verify_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
/* One check of the address; too_many_checks. */
mc_problem_code_t ngx_http_membercert_allow_verify(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);

ngx_int_t ngx_http_membercert_reply_verify(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
ngx_int_t ngx_http_membercert_reply_verify_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);
ngx_int_t ngx_http_membercert_reply_keys(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);


/* --- ngx_http_membercert_verify_output.c: JSON; no nginx ---------------- */

void ngx_http_membercert_write_verify(mc_json_out_t *out, const void *call);
void ngx_http_membercert_write_keys(mc_json_out_t *out, const void *call);
/* "verify_photo" of GET certificate: true, false, or null: not said. */
void ngx_http_membercert_write_verify_photo(mc_json_out_t *out,
    const mc_cert_view_t *view);
/* "verify" of GET site: what the check page may show. */
void ngx_http_membercert_write_verify_site(mc_json_out_t *out,
    const mc_settings_t *settings);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_VERIFY_H */
