/*
 * Variables for logs: $membercert_route $membercert_member
 * $membercert_session $membercert_code $membercert_job_time
 * $membercert_cache.
 *
 * A member stands in a log as a keyed hash only.  Event loop only (and the
 * master, which adds them).
 */

#include "ngx_http_membercert.h"


static ngx_int_t ngx_http_membercert_variable_route(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_membercert_variable_member(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_membercert_variable_session(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_membercert_variable_code(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_membercert_variable_time(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_membercert_variable_cache(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_http_variable_t  ngx_http_membercert_variables[] = {

    { ngx_string("membercert_route"), NULL,
      ngx_http_membercert_variable_route, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("membercert_member"), NULL,
      ngx_http_membercert_variable_member, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("membercert_session"), NULL,
      ngx_http_membercert_variable_session, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("membercert_code"), NULL,
      ngx_http_membercert_variable_code, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("membercert_job_time"), NULL,
      ngx_http_membercert_variable_time, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("membercert_cache"), NULL,
      ngx_http_membercert_variable_cache, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_membercert_variable_add(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_membercert_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_membercert_variable_set(ngx_http_variable_value_t *v,
    const u_char *data, size_t len)
{
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = (unsigned) len & 0xfffffff;
    v->data = (u_char *) data;

    return NGX_OK;
}


/* "POST member" */
static ngx_int_t
ngx_http_membercert_variable_route(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                             *p, *last;
    ngx_http_membercert_ctx_t          *ctx;
    const ngx_http_membercert_route_t  *route;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL || ctx->route == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    route = ctx->route;

    p = ngx_pnalloc(r->pool, route->method.len + 1 + route->path.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_cpymem(p, route->method.data, route->method.len);
    *last++ = ' ';
    last = ngx_cpymem(last, route->path.data, route->path.len);

    return ngx_http_membercert_variable_set(v, p, (size_t) (last - p));
}


static ngx_int_t
ngx_http_membercert_variable_member(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    char                       *p;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL || ctx->member_id == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, 17);
    if (p == NULL) {
        return NGX_ERROR;
    }

    mc_pseudonym(&ctx->site->site->keys, ctx->member_id, p);

    return ngx_http_membercert_variable_set(v, (u_char *) p, 16);
}


/* "hit": the zone vouched for the session; "miss": it did not. */
static ngx_int_t
ngx_http_membercert_variable_session(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    const char                 *word;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    if (!ctx->zone_asked) {
        word = "none";

    } else {
        word = ctx->credential.trusted ? "hit" : "miss";
    }

    return ngx_http_membercert_variable_set(v, (u_char *) word,
                                            ngx_strlen(word));
}


static ngx_int_t
ngx_http_membercert_variable_code(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    const char                 *word;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL || ctx->code == MC_P_NONE) {
        v->not_found = 1;
        return NGX_OK;
    }

    word = mc_problem_code(ctx->code);

    return ngx_http_membercert_variable_set(v, (u_char *) word,
                                            ngx_strlen(word));
}


/* Seconds with milliseconds, waiting in the queue included. */
static ngx_int_t
ngx_http_membercert_variable_time(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                     *p, *last;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL || !ctx->job_ran) {
        v->not_found = 1;
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_TIME_T_LEN + 4);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_sprintf(p, "%T.%03M", (time_t) (ctx->job_time / 1000),
                       ctx->job_time % 1000);

    return ngx_http_membercert_variable_set(v, p, (size_t) (last - p));
}


/* "hit": the worker had the certificate; "miss": it asked the store. */
static ngx_int_t
ngx_http_membercert_variable_cache(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    const char                 *word;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL || !ctx->cache_asked) {
        v->not_found = 1;
        return NGX_OK;
    }

    word = ctx->cache_hit ? "hit" : "miss";

    return ngx_http_membercert_variable_set(v, (u_char *) word,
                                            ngx_strlen(word));
}
