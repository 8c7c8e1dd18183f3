/*
 * Known devices: what a log-in shows of itself, and the cookie by which a
 * browser shows it the next time.
 *
 * The token opens nothing; with it an attempt pays from the device's own
 * budget and not from one that strangers can use up.  A bad one counts as
 * none.  Event loop only.
 */

#include "ngx_http_membercert_account.h"


#define NGX_HTTP_MEMBERCERT_DEVICE_AGE  15552000    /* s, 180 days */
#define NGX_HTTP_MEMBERCERT_AGENT_MAX   512


typedef struct {
    const char  *name;
    mc_str_t     token;
    ngx_uint_t   found;
} ngx_http_membercert_device_t;


static ngx_int_t
ngx_http_membercert_device_line(ngx_str_t *line, void *data)
{
    mc_err_t                       err;
    mc_str_t                       header, token;
    ngx_http_membercert_device_t  *device;

    device = data;
    header.data = (const char *) line->data;
    header.len = line->len;

    token = mc_session_cookie(header, device->name, &err);

    if (err != MC_OK || (token.data != NULL && device->found++)) {
        return NGX_DECLINED;
    }

    if (token.data != NULL) {
        device->token = token;
    }

    return NGX_OK;
}


/* Of two by the name none is believed. */
static mc_str_t
ngx_http_membercert_device_cookie(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_http_membercert_device_t  device;

    ngx_memzero(&device, sizeof(ngx_http_membercert_device_t));
    device.name = (const char *) ctx->site->device_cookie.data;

    return ngx_http_membercert_cookies(r, ngx_http_membercert_device_line,
                                       &device)
           == NGX_OK
           ? device.token : mc_str_null;
}


void
ngx_http_membercert_device_read(ngx_http_request_t *r, mc_login_t *login,
    const mc_json_t *json)
{
    mc_str_t          agent;
    mc_call_t        *call;
    ngx_table_elt_t  *h;

    call = &login->call;
    h = r->headers_in.user_agent;

    if (h) {
        agent.data = (const char *) h->value.data;
        agent.len = ngx_min(h->value.len, NGX_HTTP_MEMBERCERT_AGENT_MAX);
        login->agent = mc_arena_str(&call->arena, agent);
    }

    if (mc_json_get(json, "device") != NULL) {
        login->shown = ngx_http_membercert_read_text(call, json, "device");
    }
}


void
ngx_http_membercert_device_find(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_login_t *login)
{
    mc_str_t  token;

    token = (login->client == MC_CLIENT_MINI)
            ? login->shown : ngx_http_membercert_device_cookie(r, ctx);

    mc_login_device(login, ctx->account, token);

    if (login->device_known) {
        ctx->device_known = 1;
        ngx_memcpy(ctx->device_key, login->device_id, 8);
        ngx_memcpy(ctx->device_key + 8, ctx->account, 8);
    }
}


void
ngx_http_membercert_device_set(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const char *token)
{
    size_t       len;
    u_char      *p;
    ngx_str_t   *name, value;
    const char  *secure;

    if (r->header_sent) {
        return;
    }

    name = &ctx->site->device_cookie;
    secure = ctx->site->site->settings->session_secure ? " Secure;" : "";

    len = name->len + ngx_strlen(token) + NGX_INT_T_LEN
          + sizeof("=; Path=/; Secure; Max-Age=; HttpOnly; SameSite=Lax");

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return;
    }

    value.data = p;
    value.len = (size_t) (ngx_sprintf(p, "%V=%s; Path=/;%s Max-Age=%d; "
                                      "HttpOnly; SameSite=Lax",
                                      name, token, secure,
                                      NGX_HTTP_MEMBERCERT_DEVICE_AGE)
                          - p);

    (void) ngx_http_membercert_reply_header(r, "Set-Cookie", &value);
}
