/*
 * Every refusal of ours: application/problem+json (RFC 9457) with the
 * status of the first problem's kind, and the state of the connection.
 *
 * An answer that goes out before the whole body was read must end the
 * connection, else the rest of the body is parsed as the next request; and
 * must not ask for the body by a 100 (DESIGN 4.1).  That is decided here
 * and nowhere else.  Event loop only.
 */

#include "ngx_http_membercert.h"


#define NGX_HTTP_MEMBERCERT_RETRY  2        /* seconds, when nobody said */


typedef struct {
    ngx_uint_t   status;
    ngx_str_t    line;          /* where nginx has no words of its own */
    const char  *title;
} ngx_http_membercert_kind_t;


/* In the order of mc_kind_t. */
static const ngx_http_membercert_kind_t  ngx_http_membercert_kinds[] = {
    { 400, ngx_null_string, "请求格式不正确" },
    { 401, ngx_null_string, "需要登录" },
    { 403, ngx_null_string, "不允许" },
    { 404, ngx_null_string, "没有找到" },
    { 405, ngx_null_string, "不支持的请求方式" },
    { 409, ngx_null_string, "当前不能进行此操作" },
    { 412, ngx_null_string, "信息已被修改" },
    { 413, ngx_null_string, "内容过大" },
    { 415, ngx_null_string, "不支持的内容类型" },
    { 422, ngx_string("422 Unprocessable Content"), "内容不符合要求" },
    { 428, ngx_string("428 Precondition Required"), "缺少前提条件" },
    { 429, ngx_string("429 Too Many Requests"), "尝试次数过多" },
    { 503, ngx_null_string, "服务暂时无法使用" }
};


static void ngx_http_membercert_refuse_arguments(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_problem_t *problem);
static void ngx_http_membercert_refuse_write(ngx_http_membercert_ctx_t *ctx,
    const mc_problems_t *problems, const ngx_http_membercert_kind_t *kind,
    uint32_t retry_after, const void *call);
static ngx_int_t ngx_http_membercert_refuse_headers(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t status, uint32_t retry_after);


ngx_int_t
ngx_http_membercert_refuse_code(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_problem_code_t code)
{
    mc_problems_t  *problems;

    problems = ngx_pcalloc(r->pool, sizeof(mc_problems_t));
    if (problems == NULL) {
        return NGX_ERROR;
    }

    ngx_http_membercert_refuse_arguments(r, ctx,
                                         mc_problem_add(problems, code));

    return ngx_http_membercert_refuse(r, ctx, problems, NULL);
}


ngx_int_t
ngx_http_membercert_refuse(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_problems_t *problems,
    const void *call)
{
    uint32_t                           retry_after;
    mc_kind_t                          kind;
    const ngx_http_membercert_kind_t  *row;

    ctx->code = problems->items[0].code;
    kind = mc_problem_kind(ctx->code);
    row = &ngx_http_membercert_kinds[kind];

    retry_after = 0;

    if (kind == MC_KIND_LIMITED || kind == MC_KIND_UNAVAILABLE) {
        retry_after = problems->retry_after ? problems->retry_after
                                            : NGX_HTTP_MEMBERCERT_RETRY;
    }

    if (ngx_http_membercert_body_pending(r, ctx)) {
        r->keepalive = 0;
        r->lingering_close = 1;
        r->expect_tested = 1;
    }

    if (ngx_http_membercert_refuse_headers(r, ctx, row->status, retry_after)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->headers_out.status_line = row->line;

    ngx_http_membercert_refuse_write(ctx, problems, row, retry_after, call);

    return ngx_http_membercert_reply_json(r, ctx, row->status,
                                          "application/problem+json",
                                          "private, no-store");
}


static mc_str_t
ngx_http_membercert_refuse_number(ngx_http_request_t *r, uint64_t n)
{
    u_char    *p;
    mc_str_t   text;

    text = mc_str_null;

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (p == NULL) {
        return text;
    }

    text.data = (const char *) p;
    text.len = (size_t) (ngx_sprintf(p, "%uL", n) - p);

    return text;
}


/* What the guard refuses with needs no call to know its values. */
static void
ngx_http_membercert_refuse_arguments(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_problem_t *problem)
{
    off_t                 len;
    const mc_settings_t  *settings;

    switch (problem->code) {

    case MC_P_BODY_TYPE:

        mc_problem_arg(problem, "allowed",
            ctx->route->body == NGX_HTTP_MEMBERCERT_PHOTO
            ? mc_str("image/jpeg") : mc_str("application/json"),
            mc_str_null);
        break;

    case MC_P_BODY_SIZE:

        mc_problem_arg(problem, "allowed",
            ngx_http_membercert_refuse_number(r, ctx->body.max),
            mc_str_null);
        break;

    case MC_P_PHOTO_TOO_LARGE:

        settings = ctx->site->site->settings;
        len = ngx_max(r->headers_in.content_length_n, 0);

        mc_problem_arg(problem, "measured",
            ngx_http_membercert_refuse_number(r, (uint64_t) len),
            mc_str_null);
        mc_problem_arg(problem, "min",
            ngx_http_membercert_refuse_number(r, settings->photo_min),
            mc_str_null);
        mc_problem_arg(problem, "max",
            ngx_http_membercert_refuse_number(r, settings->photo_max),
            mc_str_null);
        break;

    default:
        break;
    }
}


static void
ngx_http_membercert_refuse_write(ngx_http_membercert_ctx_t *ctx,
    const mc_problems_t *problems, const ngx_http_membercert_kind_t *kind,
    uint32_t retry_after, const void *call)
{
    size_t               i;
    mc_json_out_t        out;
    const mc_problem_t  *first;

    first = &problems->items[0];

    mc_buf_init(&ctx->reply, NGX_HTTP_MEMBERCERT_REPLY_MAX);
    mc_json_out_init(&out, &ctx->reply);

    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "type", mc_str("about:blank"));
    mc_json_pair_str(&out, "title", mc_str_from(kind->title));
    mc_json_pair_int(&out, "status", (int64_t) kind->status);
    ngx_http_membercert_write_text(&out, "detail", first, false);
    ngx_http_membercert_write_text(&out, "detail_en", first, true);
    mc_json_pair_str(&out, "code", mc_str_from(mc_problem_code(first->code)));

    mc_json_key(&out, "errors");
    mc_json_open(&out, '[');

    for (i = 0; i < problems->count; i++) {
        ngx_http_membercert_write_problem(&out, &problems->items[i], NULL);
    }

    mc_json_close(&out, ']');

    mc_json_pair_str(&out, "hotline", ctx->site->site->settings->hotline);

    if (retry_after) {
        mc_json_pair_int(&out, "retry_after", (int64_t) retry_after);
    }

    if (call != NULL && ctx->route != NULL && ctx->route->extra) {
        ctx->route->extra(&out, call);
    }

    mc_json_close(&out, '}');
}


static ngx_int_t
ngx_http_membercert_refuse_headers(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t status, uint32_t retry_after)
{
    u_char     *p;
    ngx_str_t   value;

    if (status == NGX_HTTP_UNAUTHORIZED) {
        ngx_str_set(&value, "Bearer realm=\"membercert\"");

        if (ngx_http_membercert_reply_header(r, "WWW-Authenticate", &value)
            == NULL)
        {
            return NGX_ERROR;
        }
    }

    if (status == NGX_HTTP_NOT_ALLOWED
        && ngx_http_membercert_reply_header(r, "Allow", &ctx->allow) == NULL)
    {
        return NGX_ERROR;
    }

    if (retry_after == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT32_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    value.data = p;
    value.len = (size_t) (ngx_sprintf(p, "%uD", retry_after) - p);

    return ngx_http_membercert_reply_header(r, "Retry-After", &value)
           ? NGX_OK : NGX_ERROR;
}
