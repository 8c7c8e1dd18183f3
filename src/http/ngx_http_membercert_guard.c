/*
 * The guard before the body: who asks, from which page, with what kind and
 * length of body, and is there room for the job.  No I/O.
 *
 * Its second half (origin of a web login, tokens, captcha) needs the body
 * and stands in handler.c.  Event loop only.
 */

#include "ngx_http_membercert.h"


typedef struct {
    const char  *name;
    mc_str_t     token;
    ngx_uint_t   found;
} ngx_http_membercert_cookie_t;


static mc_problem_code_t ngx_http_membercert_guard_credential(
    ngx_http_request_t *r, ngx_http_membercert_ctx_t *ctx);
static mc_problem_code_t ngx_http_membercert_guard_body(
    ngx_http_request_t *r, ngx_http_membercert_ctx_t *ctx);


mc_problem_code_t
ngx_http_membercert_guard(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_uint_t          who;
    mc_problem_code_t   code;

    who = ctx->route->who;

    code = ngx_http_membercert_guard_credential(r, ctx);

    if (code != MC_P_NONE) {
        return code;
    }

    if ((r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) == 0
        && (ctx->has_cookie || (ctx->route->cookie && !ctx->has_bearer))
        && ngx_http_membercert_guard_origin(r, ctx) != NGX_OK)
    {
        return MC_P_ORIGIN_REFUSED;
    }

    if (who >= NGX_HTTP_MEMBERCERT_MEMBER && !ctx->credential.present) {
        return MC_P_SESSION_EXPIRED;
    }

    code = ngx_http_membercert_guard_body(r, ctx);

    if (code != MC_P_NONE) {
        return code;
    }

    if (ctx->route->at_once == NULL
        && ctx->site->pools[ctx->route->pool]->jobs
           >= NGX_HTTP_MEMBERCERT_ROOM)
    {
        return MC_P_SERVICE_BUSY;
    }

    if (who != NGX_HTTP_MEMBERCERT_ALL && !ctx->officer
        && ctx->credential.present)
    {
        ngx_http_membercert_session_find(r, ctx);
    }

    return MC_P_NONE;
}


static ngx_int_t
ngx_http_membercert_guard_cookie(ngx_str_t *line, void *data)
{
    mc_err_t                       err;
    mc_str_t                       header, token;
    ngx_http_membercert_cookie_t  *cookie;

    cookie = data;
    err = MC_OK;
    header.data = (const char *) line->data;
    header.len = line->len;

    token = mc_session_cookie(header, cookie->name, &err);

    if (err != MC_OK) {
        return NGX_ERROR;
    }

    if (token.data != NULL) {

        if (cookie->found) {
            return NGX_ERROR;
        }

        cookie->found = 1;
        cookie->token = token;
    }

    return NGX_OK;
}


/*
 * A token that is none of ours in form is still a credential that was
 * shown: it is answered like one that has ended, not like a stranger.
 */
static mc_problem_code_t
ngx_http_membercert_guard_credential(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    mc_str_t                       header, token;
    ngx_http_membercert_cookie_t   cookie;

    ngx_memzero(&cookie, sizeof(ngx_http_membercert_cookie_t));
    cookie.name = (const char *) (ctx->officer
                                  ? ctx->site->officer_cookie.data
                                  : ctx->site->cookie.data);

    if (ngx_http_membercert_cookies(r, ngx_http_membercert_guard_cookie,
                                    &cookie)
        != NGX_OK)
    {
        return MC_P_REQUEST_MALFORMED;
    }

    token = cookie.token;
    ctx->has_cookie = cookie.found ? 1 : 0;

    if (r->headers_in.authorization && !ctx->officer) {
        header.data = (const char *) r->headers_in.authorization->value.data;
        header.len = r->headers_in.authorization->value.len;
        header = mc_session_bearer(header);

        if (header.data != NULL) {
            ctx->has_bearer = 1;

            if (ctx->has_cookie) {
                return MC_P_TWO_CREDENTIALS;
            }

            token = header;
        }
    }

    if (token.data != NULL
        && mc_session_key(token, ctx->credential.hash))
    {
        ctx->credential.present = true;
    }

    return MC_P_NONE;
}


ngx_table_elt_t *
ngx_http_membercert_guard_header(ngx_http_request_t *r, const char *name,
    size_t len, ngx_uint_t *count)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *found;

    *count = 0;
    found = NULL;
    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].key.len == len
            && ngx_strncasecmp(h[i].key.data, (u_char *) name, len) == 0)
        {
            found = &h[i];
            (*count)++;
        }
    }

    return found;
}


/*
 * Browsers that know Sec-Fetch-Site decide by it alone; older ones send
 * Origin with every POST, PUT and DELETE.  Neither: no page of ours.
 */
ngx_int_t
ngx_http_membercert_guard_origin(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    size_t                i;
    mc_str_t              origin;
    ngx_uint_t            n;
    ngx_table_elt_t      *h;
    const mc_settings_t  *settings;

    h = ngx_http_membercert_guard_header(r, "Sec-Fetch-Site",
                                         sizeof("Sec-Fetch-Site") - 1, &n);
    if (h) {
        return (n == 1 && h->value.len == sizeof("same-origin") - 1
                && ngx_strncmp(h->value.data, "same-origin",
                               sizeof("same-origin") - 1)
                   == 0)
               ? NGX_OK : NGX_DECLINED;
    }

    h = ngx_http_membercert_guard_header(r, "Origin", sizeof("Origin") - 1,
                                         &n);
    if (h == NULL || n != 1) {
        return NGX_DECLINED;
    }

    settings = ctx->site->site->settings;

    for (i = 0; i < settings->origin_count; i++) {
        origin = settings->origins[i];

        if (origin.len == h->value.len
            && ngx_strncasecmp((u_char *) origin.data, h->value.data,
                               origin.len)
               == 0)
        {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/* "application/json", also with parameters behind it. */
static ngx_uint_t
ngx_http_membercert_guard_type(ngx_http_request_t *r, const char *type,
    size_t len)
{
    u_char           *last;
    ngx_str_t        *value;
    ngx_table_elt_t  *h;

    h = r->headers_in.content_type;

    if (h == NULL) {
        return 0;
    }

    value = &h->value;

    if (value->len < len
        || ngx_strncasecmp(value->data, (u_char *) type, len) != 0)
    {
        return 0;
    }

    last = value->data + len;

    return value->len == len || *last == ';' || *last == ' ';
}


static mc_problem_code_t
ngx_http_membercert_guard_body(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    off_t  len;

    len = r->headers_in.content_length_n;

    switch (ctx->route->body) {

    case NGX_HTTP_MEMBERCERT_NO_BODY:

        return (len > 0 || r->headers_in.chunked) ? MC_P_BODY_SIZE
                                                  : MC_P_NONE;

    case NGX_HTTP_MEMBERCERT_JSON:

        ctx->body.max = NGX_HTTP_MEMBERCERT_JSON_MAX;

        if (len > (off_t) ctx->body.max) {
            return MC_P_BODY_SIZE;
        }

        return ngx_http_membercert_guard_type(r, "application/json",
                                              sizeof("application/json") - 1)
               ? MC_P_NONE : MC_P_BODY_TYPE;

    case NGX_HTTP_MEMBERCERT_PHOTO:

        ctx->body.max = ctx->site->site->settings->photo_max;

        if (len > (off_t) ctx->body.max) {
            return MC_P_PHOTO_TOO_LARGE;
        }

        return ngx_http_membercert_guard_type(r, "image/jpeg",
                                              sizeof("image/jpeg") - 1)
               ? MC_P_NONE : MC_P_BODY_TYPE;
    }

    return MC_P_NONE;
}
