/*
 * The public check: what is asked for, what a check costs, how it is sent.
 *
 * A check costs its address one token, whatever comes of it and whether the
 * code could be one at all; a page that also shows the photo pays twice.
 * Nobody's session is looked for.  Event loop only.
 */

#include "ngx_http_membercert_verify.h"

#include "mc_crypto.h"


#define NGX_HTTP_MEMBERCERT_VERIFY_CACHE  "no-store"
#define NGX_HTTP_MEMBERCERT_KEYS_CACHE    "public, max-age=3600"


/* nginx's own, the same for every request. */
static ngx_http_log_handler_pt  ngx_http_membercert_verify_log_usual;


/*
 * What nginx adds to an error of this request, but for the address of the
 * client, which its own handler has written: the request line without what
 * is behind "verify/", and no referer.
 */
static u_char *
ngx_http_membercert_verify_log(ngx_http_request_t *r, ngx_http_request_t *sr,
    u_char *buf, size_t len)
{
    ngx_http_core_srv_conf_t  *cscf;

    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    return ngx_snprintf(buf, len,
                        ", server: %V, request: \"%V verify/...\"",
                        &cscf->server_name, &r->method_name);
}


/* Is it one, in a location of ours? */
static ngx_uint_t
ngx_http_membercert_verify_asked(ngx_http_request_t *r)
{
    ngx_str_t                        tail;
    ngx_http_core_loc_conf_t        *clcf;
    ngx_http_membercert_loc_conf_t  *lcf;

    static const char  verify[] = "verify/";

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_membercert_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (lcf->enable != 1 || r->uri.len < clcf->name.len) {
        return 0;
    }

    tail.data = r->uri.data + clcf->name.len;
    tail.len = r->uri.len - clcf->name.len;

    return tail.len >= sizeof(verify) - 1
           && ngx_memcmp(tail.data, verify, sizeof(verify) - 1) == 0;
}


/*
 * The same while the location is being looked for: nginx refuses a body that
 * is too large as soon as it knows it.
 */
static u_char *
ngx_http_membercert_verify_log_early(ngx_http_request_t *r,
    ngx_http_request_t *sr, u_char *buf, size_t len)
{
    if (!ngx_http_membercert_verify_asked(r)) {
        return ngx_http_membercert_verify_log_usual(r, sr, buf, len);
    }

    r->log_handler = ngx_http_membercert_verify_log;

    return ngx_http_membercert_verify_log(r, sr, buf, len);
}


ngx_int_t
ngx_http_membercert_verify_hush_early(ngx_http_request_t *r)
{
    ngx_http_membercert_srv_conf_t  *scf;

    scf = ngx_http_get_module_srv_conf(r, ngx_http_membercert_module);

    if (scf->site != NULL && r->log_handler != ngx_http_membercert_verify_log
        && r->log_handler != ngx_http_membercert_verify_log_early)
    {
        ngx_http_membercert_verify_log_usual = r->log_handler;
        r->log_handler = ngx_http_membercert_verify_log_early;
    }

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_membercert_verify_hush(ngx_http_request_t *r)
{
    if (ngx_http_membercert_verify_asked(r)) {
        r->log_handler = ngx_http_membercert_verify_log;
    }

    return NGX_DECLINED;
}


static mc_str_t
ngx_http_membercert_verify_code(ngx_http_membercert_ctx_t *ctx,
    mc_call_t *call)
{
    mc_str_t  code;

    code.data = (const char *) ctx->path_text.data;
    code.len = ctx->path_text.len;
    code = mc_arena_str(&call->arena, code);

    if (code.data == NULL) {
        (void) mc_problem_add(&call->problems, MC_P_SERVICE_BUSY);
    }

    return code;
}


void
ngx_http_membercert_read_verify(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    ((mc_verify_t *) call)->code = ngx_http_membercert_verify_code(ctx,
                                                                   call);
}


void
ngx_http_membercert_read_verify_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    ((mc_verify_photo_t *) call)->code = ngx_http_membercert_verify_code(ctx,
                                                                        call);
}


mc_problem_code_t
ngx_http_membercert_allow_verify(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    const mc_settings_t  *settings;

    settings = ctx->site->site->settings;
    ctx->limit_count = 0;

    ngx_http_membercert_throttle_add(r, ctx, NGX_HTTP_MEMBERCERT_LIMIT_VERIFY,
                                     NULL, settings->verify_limit,
                                     settings->verify_limit_time);

    return ngx_http_membercert_throttle_allowed(r, ctx, call,
                                                MC_P_TOO_MANY_CHECKS);
}


ngx_int_t
ngx_http_membercert_reply_verify(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_json_out_t  out;

    out = ngx_http_membercert_reply_out(ctx);
    ctx->route->write(&out, call);

    return ngx_http_membercert_reply_json(r, ctx, NGX_HTTP_OK,
                                          "application/json",
                                          NGX_HTTP_MEMBERCERT_VERIFY_CACHE);
}


ngx_int_t
ngx_http_membercert_reply_verify_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_verify_photo_t  *photo;

    photo = call;

    if (ngx_http_membercert_reply_begin(r, NGX_HTTP_OK, "image/jpeg",
                                        NGX_HTTP_MEMBERCERT_VERIFY_CACHE)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_membercert_reply_bytes(r, photo->jpeg.data,
                                           photo->jpeg.len);
}


/* The tag is the hash of what is sent; If-None-Match is nginx's. */
static ngx_table_elt_t *
ngx_http_membercert_keys_tag(ngx_http_request_t *r, ngx_str_t *body)
{
    u_char     digest[MC_SHA256_SIZE];
    ngx_str_t  value;

    if (mc_sha256(body->data, body->len, digest) != MC_OK) {
        return NULL;
    }

    value.data = ngx_pnalloc(r->pool, sizeof("\"\"") + sizeof(digest));
    if (value.data == NULL) {
        return NULL;
    }

    value.data[0] = '"';
    mc_hex(digest, sizeof(digest) / 2, (char *) value.data + 1);
    value.data[sizeof(digest) + 1] = '"';
    value.len = sizeof(digest) + 2;

    return ngx_http_membercert_reply_header(r, "ETag", &value);
}


ngx_int_t
ngx_http_membercert_reply_keys(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    ngx_str_t         body;
    mc_json_out_t     out;
    ngx_table_elt_t  *h;

    out = ngx_http_membercert_reply_out(ctx);
    ctx->route->write(&out, call);

    body.len = ctx->reply.len;
    body.data = ngx_pnalloc(r->pool, body.len);

    if (ctx->reply.err == MC_OK && body.data != NULL) {
        ngx_memcpy(body.data, ctx->reply.data, body.len);

    } else {
        body.data = NULL;
    }

    mc_buf_free(&ctx->reply);

    if (body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    h = ngx_http_membercert_keys_tag(r, &body);

    if (h == NULL
        || ngx_http_membercert_reply_begin(r, NGX_HTTP_OK,
                                           "application/json",
                                           NGX_HTTP_MEMBERCERT_KEYS_CACHE)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->headers_out.etag = h;
    r->disable_not_modified = 0;

    return ngx_http_membercert_reply_bytes(r, body.data, body.len);
}
