/*
 * The content handler: one request from its path to its reply.
 *
 *   handler:  route -> guard -> (session job, for an upload with a session
 *             the zone does not know) -> body | process
 *   process:  input -> tokens of a login, captcha -> job
 *   done:     refuse | reply
 *
 * References: process() that answers NGX_DONE leaves one to the job.  The
 * handler takes that one itself where no body is read; reading a body has
 * taken it already.  Event loop only.
 */

#include "ngx_http_membercert_account.h"
#include "ngx_http_membercert_cache.h"
#include "ngx_http_membercert_captcha.h"

#include "mc_officer.h"


static ngx_int_t ngx_http_membercert_begin(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
static ngx_int_t ngx_http_membercert_check(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
static void ngx_http_membercert_run_check(void *call);
static void ngx_http_membercert_run_officer_check(void *call);
static ngx_int_t ngx_http_membercert_check_done(ngx_http_request_t *r,
    void *call);
static mc_problem_code_t ngx_http_membercert_allowed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);
static mc_problem_code_t ngx_http_membercert_login_allowed(
    ngx_http_request_t *r, ngx_http_membercert_ctx_t *ctx, mc_call_t *call);
static ngx_int_t ngx_http_membercert_done(ngx_http_request_t *r, void *call);


static ngx_int_t
ngx_http_membercert_tail(ngx_http_request_t *r, ngx_str_t *tail)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (r->uri.len < clcf->name.len) {
        return NGX_DECLINED;
    }

    tail->data = r->uri.data + clcf->name.len;
    tail->len = r->uri.len - clcf->name.len;

    return NGX_OK;
}


ngx_int_t
ngx_http_membercert_handler(ngx_http_request_t *r)
{
    ngx_str_t                        tail;
    ngx_http_membercert_ctx_t       *ctx;
    ngx_http_membercert_loc_conf_t  *lcf;
    ngx_http_membercert_srv_conf_t  *scf;

    if (r != r->main) {
        /* a subrequest reads no body and must not act for anybody */
        return NGX_HTTP_NOT_FOUND;
    }

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_membercert_module);
    scf = ngx_http_get_module_srv_conf(r, ngx_http_membercert_module);

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_membercert_ctx_t));
    if (ctx == NULL || scf->site == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->site = scf->site;
    ctx->officer = (lcf->officer == 1);
    ngx_http_set_ctx(r, ctx, ngx_http_membercert_module);

    if (ngx_http_membercert_tail(r, &tail) != NGX_OK) {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_NOT_FOUND);
    }

    ngx_http_membercert_route_find(r, ctx, &tail);

    if (ctx->route == NULL) {
        return ngx_http_membercert_refuse_code(r, ctx,
                   ctx->allow.len ? MC_P_METHOD_NOT_ALLOWED : MC_P_NOT_FOUND);
    }

    return ngx_http_membercert_begin(r, ctx);
}


static ngx_int_t
ngx_http_membercert_begin(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_int_t          rc;
    mc_problem_code_t  code;

    code = ngx_http_membercert_guard(r, ctx);

    if (code != MC_P_NONE) {
        return ngx_http_membercert_refuse_code(r, ctx, code);
    }

    if (ctx->route->at_once) {
        rc = ctx->route->at_once(r, ctx);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    if (ctx->route->body == NGX_HTTP_MEMBERCERT_PHOTO
        && !ctx->credential.trusted)
    {
        return ngx_http_membercert_check(r, ctx);
    }

    if (ctx->route->body != NGX_HTTP_MEMBERCERT_NO_BODY) {
        return ngx_http_membercert_body_read(r, ctx);
    }

    rc = ngx_http_membercert_process(r);

    if (rc == NGX_DONE) {
        r->main->count++;
    }

    return rc;
}


/* A stranger shall not send us a photo: the session first, then the body. */
static ngx_int_t
ngx_http_membercert_check(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_http_membercert_job_t  *job;

    job = ngx_http_membercert_job_create(r, ctx, sizeof(mc_session_check_t),
                                         NULL);
    if (job == NULL) {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_SERVICE_BUSY);
    }

    job->run = ctx->officer ? ngx_http_membercert_run_officer_check
                            : ngx_http_membercert_run_check;
    job->done = ngx_http_membercert_check_done;

    if (ngx_http_membercert_job_post(job,
            ctx->site->pools[NGX_HTTP_MEMBERCERT_STORE])
        != NGX_OK)
    {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_SERVICE_BUSY);
    }

    r->main->count++;

    return NGX_DONE;
}


static void
ngx_http_membercert_run_check(void *call)
{
    mc_session_check_run(call);
}


static void
ngx_http_membercert_run_officer_check(void *call)
{
    mc_officer_check_run(call);
}


static ngx_int_t
ngx_http_membercert_check_done(ngx_http_request_t *r, void *data)
{
    mc_call_t                  *call;
    ngx_http_membercert_ctx_t  *ctx;

    call = data;
    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (call->problems.count != 0) {
        return ngx_http_membercert_refuse(r, ctx, &call->problems, NULL);
    }

    return ngx_http_membercert_body_read(r, ctx);
}


ngx_int_t
ngx_http_membercert_process(ngx_http_request_t *r)
{
    mc_call_t                   *call;
    const mc_json_t             *json;
    ngx_http_membercert_ctx_t   *ctx;
    ngx_http_membercert_job_t   *job;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    job = ngx_http_membercert_job_create(r, ctx, ctx->route->size,
                                         ctx->route->free);
    if (job == NULL) {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_SERVICE_BUSY);
    }

    call = job->call;
    json = NULL;
    job->run = ctx->route->run;
    job->done = ngx_http_membercert_done;
    job->watch = ctx->route->watch;
    job->deadline = ctx->route->deadline;

    if (ctx->route->body == NGX_HTTP_MEMBERCERT_JSON) {
        json = ngx_http_membercert_read_json(ctx, call);
        ngx_http_membercert_body_wipe(ctx);
    }

    if (ctx->route->read && call->problems.count == 0) {
        ctx->route->read(r, ctx, call, json);
    }

    if (ctx->route->captcha && call->problems.count == 0) {
        ngx_http_membercert_read_captcha(ctx, call, json);
    }

    if (call->problems.count != 0
        || ngx_http_membercert_allowed(r, ctx, call) != MC_P_NONE)
    {
        return ngx_http_membercert_refuse(r, ctx, &call->problems, NULL);
    }

    if (ngx_http_membercert_job_post(job, ctx->site->pools[ctx->route->pool])
        != NGX_OK)
    {
        if (ctx->took_tokens) {
            ngx_http_membercert_throttle_give(r, ctx, 0);
        }

        return ngx_http_membercert_refuse_code(r, ctx, MC_P_SERVICE_BUSY);
    }

    return NGX_DONE;
}


/*
 * The second half of the guard.  Only the body tells whether the answer
 * will carry a cookie; then the page that asks must be one of ours, or a
 * foreign page could log a visitor in as somebody else.  An officer's route
 * says it by itself, and was checked before.
 */
static mc_problem_code_t
ngx_http_membercert_allowed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    mc_problem_code_t  code;

    code = MC_P_NONE;

    if ((ctx->route->login || ctx->route->captcha)
        && !ctx->officer && ctx->client == MC_CLIENT_WEB
        && ngx_http_membercert_guard_origin(r, ctx) != NGX_OK)
    {
        (void) mc_problem_add(&call->problems, MC_P_ORIGIN_REFUSED);
        return MC_P_ORIGIN_REFUSED;
    }

    if (ctx->route->login) {
        code = ngx_http_membercert_login_allowed(r, ctx, call);
    }

    if (ctx->route->allow && code == MC_P_NONE) {
        code = ctx->route->allow(r, ctx, call);
    }

    if (ctx->route->captcha && code == MC_P_NONE) {
        code = ngx_http_membercert_captcha_allowed(r, ctx, call);

        if (code != MC_P_NONE && ctx->took_tokens) {
            /* nobody's password was tried */
            ngx_http_membercert_throttle_give(r, ctx, 0);
        }
    }

    return code;
}


static mc_problem_code_t
ngx_http_membercert_login_allowed(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    if (ctx->officer) {
        mc_officer_login_key((mc_officer_login_t *) call, ctx->account);

    } else {
        mc_login_key((mc_login_t *) call, ctx->account);
        ngx_http_membercert_device_find(r, ctx, (mc_login_t *) call);
    }

    ngx_http_membercert_throttle_login(r, ctx);

    return ngx_http_membercert_throttle_allowed(r, ctx, call,
                                                MC_P_TOO_MANY_ATTEMPTS);
}


static ngx_int_t
ngx_http_membercert_done(ngx_http_request_t *r, void *data)
{
    mc_call_t                  *call;
    ngx_http_membercert_ctx_t  *ctx;

    call = data;
    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (call->problems.count != 0) {
        ngx_http_membercert_cache_refused(r, ctx, call);

        return ngx_http_membercert_refuse(r, ctx, &call->problems, call);
    }

    return ctx->route->reply ? ctx->route->reply(r, ctx, call)
                             : ngx_http_membercert_reply_written(r, ctx, call);
}
