/*
 * POST password, POST session/confirm: what their bodies say, and what a try
 * costs.
 *
 * A wrong password is an attempt to log in, made with a session that
 * somebody left open: it pays as one does, for the session instead of the
 * account (which only the store knows).  Event loop only.
 */

#include "ngx_http_membercert_account.h"
#include "ngx_http_membercert_password.h"


void
ngx_http_membercert_read_passwd(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_passwd_t  *passwd;

    passwd = (mc_passwd_t *) call;
    ngx_http_membercert_device_read(r, &passwd->login, json);

    passwd->old = ngx_http_membercert_read_text(call, json, "old");
    passwd->login.password = ngx_http_membercert_read_text(call, json,
                                                           "password");
}


void
ngx_http_membercert_read_reauth(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    ((mc_reauth_t *) call)->password
        = ngx_http_membercert_read_text(call, json, "password");
}


void
ngx_http_membercert_run_reauth(void *call)
{
    mc_reauth_run(call);
}


mc_problem_code_t
ngx_http_membercert_allow_passwd(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    mc_passwd_key(call, ctx->account);
    ngx_http_membercert_throttle_login(r, ctx);

    return ngx_http_membercert_throttle_allowed(r, ctx, call,
                                                MC_P_TOO_MANY_ATTEMPTS);
}
