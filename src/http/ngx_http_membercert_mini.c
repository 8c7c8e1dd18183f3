/*
 * The mini program on the web site (S04): what GET site says of it, and the
 * picture of its code.
 *
 * The picture was read with the configuration and lies in the site, so it
 * is sent from memory; If-None-Match and Range are nginx's.  Event loop
 * only.
 */

#include "ngx_http_membercert_mini.h"


void
ngx_http_membercert_write_mini(mc_json_out_t *out, const mc_site_t *site)
{
    mc_json_key(out, "mini_program");

    if (site->settings->mini_name.len == 0) {
        mc_json_null(out);
        return;
    }

    mc_json_open(out, '{');
    mc_json_pair_str(out, "name", site->settings->mini_name);
    mc_json_key(out, "qr");

    if (site->mini != NULL) {
        mc_json_str(out, mc_str("mini/qr"));

    } else {
        mc_json_null(out);
    }

    mc_json_close(out, '}');
}


ngx_int_t
ngx_http_membercert_mini_at_once(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_str_t         value;
    mc_mini_t        *mini;
    ngx_table_elt_t  *h;

    mini = ctx->site->site->mini;

    if (mini == NULL) {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_NOT_FOUND);
    }

    if (ngx_http_membercert_reply_begin(r, NGX_HTTP_OK, mini->type,
                                        "no-cache")
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    value.data = (u_char *) mini->etag;
    value.len = MC_MINI_TAG;

    h = ngx_http_membercert_reply_header(r, "ETag", &value);
    if (h == NULL) {
        return NGX_ERROR;
    }

    r->headers_out.etag = h;
    r->disable_not_modified = 0;
    r->allow_ranges = 1;

    return ngx_http_membercert_reply_bytes(r, mini->picture.data,
                                           mini->picture.len);
}
