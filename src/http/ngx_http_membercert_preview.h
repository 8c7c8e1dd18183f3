/*
 * GET certificate/preview.
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_PREVIEW_H
#define NGX_HTTP_MEMBERCERT_PREVIEW_H

#include "ngx_http_membercert.h"

#include "mc_preview_use.h"

#pragma GCC visibility push(hidden)


void ngx_http_membercert_read_preview(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
ngx_int_t ngx_http_membercert_reply_preview(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_PREVIEW_H */
