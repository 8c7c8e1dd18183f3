/*
 * GET certificate/preview: the layout's name into the call, the picture out
 * of it.
 *
 * Event loop only.
 */

#include "ngx_http_membercert_preview.h"


void
ngx_http_membercert_read_preview(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_str_t       value;
    ngx_str_t      layout;
    mc_preview_t  *preview;

    preview = (mc_preview_t *) call;

    if (ngx_http_arg(r, (u_char *) "layout", 6, &layout) == NGX_OK) {
        value.data = (const char *) layout.data;
        value.len = layout.len;

        preview->layout = mc_arena_str(&call->arena, value);
    }
}


/* A picture that may be looked at, not kept: each is drawn anew. */
ngx_int_t
ngx_http_membercert_reply_preview(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_preview_t  *preview;

    preview = call;

    if (ngx_http_membercert_reply_begin(r, NGX_HTTP_OK, "image/svg+xml",
                                        "private, no-store")
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_membercert_reply_bytes(r, preview->svg.data,
                                           preview->svg.len);
}
