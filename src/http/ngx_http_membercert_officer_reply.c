/*
 * Sending the desk's answers.  Event loop only.
 */

#include "ngx_http_membercert_officer.h"


static ngx_int_t
ngx_http_membercert_officer_reply(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t status)
{
    return ngx_http_membercert_reply_json(r, ctx, status, "application/json",
                                          "private, no-store");
}


ngx_int_t
ngx_http_membercert_officer_reply_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t        out;
    mc_officer_login_t  *login;

    login = call;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_who(&out, &login->who);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_whoami(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t         out;
    mc_officer_whoami_t  *whoami;

    whoami = call;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_who(&out, &whoami->who);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_queue(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t  out;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_queue(&out, call);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_search(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t  out;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_search(&out, call);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_case(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t  out;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_case(&out, call);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_decided(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t  out;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_decided(&out, call);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_member(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t  out;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_member(&out, call);

    return ngx_http_membercert_officer_reply(r, ctx, NGX_HTTP_OK);
}


ngx_int_t
ngx_http_membercert_officer_reply_confirm(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t       out;
    mc_desk_confirm_t  *confirm;

    confirm = call;

    out = ngx_http_membercert_reply_out(ctx);
    ngx_http_membercert_officer_write_member(&out, &confirm->member);

    return ngx_http_membercert_officer_reply(r, ctx,
                                             confirm->created
                                             ? NGX_HTTP_CREATED
                                             : NGX_HTTP_OK);
}
