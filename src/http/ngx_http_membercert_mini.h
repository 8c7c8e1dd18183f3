/*
 * What the web site tells of the mini program (S04): a part of GET site,
 * and GET mini/qr.  Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_MINI_H
#define NGX_HTTP_MEMBERCERT_MINI_H

#include "ngx_http_membercert.h"

#pragma GCC visibility push(hidden)


/* "mini_program": {name, qr}; null where membercert_mini_program is not
 * stated, "qr" null where it names no picture. */
void ngx_http_membercert_write_mini(mc_json_out_t *out,
    const mc_site_t *site);
/* Answers GET mini/qr; 404 without a picture. */
ngx_int_t ngx_http_membercert_mini_at_once(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_MINI_H */
