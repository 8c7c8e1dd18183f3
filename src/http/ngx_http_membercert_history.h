/*
 * The versions of a certificate: the member's list, and the desk's.
 *
 * Event loop only; the writers know no nginx.
 */

#ifndef NGX_HTTP_MEMBERCERT_HISTORY_H
#define NGX_HTTP_MEMBERCERT_HISTORY_H

#include "ngx_http_membercert.h"

#include "mc_history.h"

#pragma GCC visibility push(hidden)


/* --- ngx_http_membercert_history.c -------------------------------------- */

void ngx_http_membercert_write_history(mc_json_out_t *out,
    const void *call);
/* Serial and reason of what is taken back or given back. */
void ngx_http_membercert_officer_read_revoke(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
/* A member, and the layout of the certificate. */
void ngx_http_membercert_officer_read_pdf(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_HISTORY_H */
