/*
 * The routes, as a table: one row is a method and a path behind the
 * location's prefix, who may use it, what body it takes, which use case
 * runs in which pool, how its input is read and its success is sent.
 *
 * Depends on the services' headers.  The event loop reads the table; the
 * functions named run_* are called by pool threads.
 */

#include "ngx_http_membercert_account.h"
#include "ngx_http_membercert_cache.h"
#include "ngx_http_membercert_captcha.h"
#include "ngx_http_membercert_history.h"
#include "ngx_http_membercert_mini.h"
#include "ngx_http_membercert_password.h"
#include "ngx_http_membercert_preview.h"
#include "ngx_http_membercert_recovery.h"
#include "ngx_http_membercert_verify.h"


static ngx_uint_t ngx_http_membercert_status_recovery(const void *call);
static ngx_uint_t ngx_http_membercert_status_put(const void *call);
static ngx_uint_t ngx_http_membercert_status_confirm(const void *call);


/* What the thread calls: a use case, with the call as the job knows it. */
#define NGX_HTTP_MEMBERCERT_RUN(name, use)                                   \
    static void                                                              \
    ngx_http_membercert_run_##name(void *call)                               \
    {                                                                        \
        use(call);                                                           \
    }

/* What it holds beside its arena. */
#define NGX_HTTP_MEMBERCERT_FREE(name, use)                                  \
    static void                                                              \
    ngx_http_membercert_free_##name(void *call)                              \
    {                                                                        \
        use(call);                                                           \
    }

NGX_HTTP_MEMBERCERT_FREE(captcha, mc_captcha_draw_free)
NGX_HTTP_MEMBERCERT_FREE(preview, mc_preview_free)
NGX_HTTP_MEMBERCERT_FREE(pdf, mc_cert_pdf_free)

NGX_HTTP_MEMBERCERT_RUN(site, mc_public_run)
NGX_HTTP_MEMBERCERT_RUN(captcha, mc_captcha_draw_run)
NGX_HTTP_MEMBERCERT_RUN(login, mc_login_run)
NGX_HTTP_MEMBERCERT_RUN(whoami, mc_whoami_run)
NGX_HTTP_MEMBERCERT_RUN(logout, mc_logout_run)
NGX_HTTP_MEMBERCERT_RUN(recovery, mc_recovery_start_run)
NGX_HTTP_MEMBERCERT_RUN(code, mc_recovery_confirm_run)
NGX_HTTP_MEMBERCERT_RUN(passwd, mc_passwd_run)
NGX_HTTP_MEMBERCERT_RUN(sessions, mc_sessions_run)
NGX_HTTP_MEMBERCERT_RUN(sessions_end, mc_sessions_end_run)
NGX_HTTP_MEMBERCERT_RUN(profile, mc_profile_run)
NGX_HTTP_MEMBERCERT_RUN(save, mc_profile_save_run)
NGX_HTTP_MEMBERCERT_RUN(consent, mc_consent_run)
NGX_HTTP_MEMBERCERT_RUN(put, mc_photo_put_run)
NGX_HTTP_MEMBERCERT_RUN(photo, mc_photo_get_run)
NGX_HTTP_MEMBERCERT_RUN(state, mc_photo_state_run)
NGX_HTTP_MEMBERCERT_RUN(view, mc_cert_view_run)
NGX_HTTP_MEMBERCERT_RUN(confirm, mc_cert_confirm_run)
NGX_HTTP_MEMBERCERT_RUN(history, mc_history_run)
NGX_HTTP_MEMBERCERT_RUN(preview, mc_preview_run)
NGX_HTTP_MEMBERCERT_RUN(pdf, mc_cert_pdf_run)
NGX_HTTP_MEMBERCERT_RUN(verify, mc_verify_run)
NGX_HTTP_MEMBERCERT_RUN(verify_photo, mc_verify_photo_run)
NGX_HTTP_MEMBERCERT_RUN(keys, mc_verify_keys_run)


static const ngx_http_membercert_route_t  ngx_http_membercert_routes[] = {

    { .path = ngx_string("site"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_public_t),
      .run = ngx_http_membercert_run_site,
      .write = ngx_http_membercert_write_site,
      .common = 1 },

    { .path = ngx_string("mini/qr"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .at_once = ngx_http_membercert_mini_at_once },

    { .path = ngx_string("captcha"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .pool = NGX_HTTP_MEMBERCERT_CPU,
      .size = sizeof(mc_captcha_draw_t),
      .at_once = ngx_http_membercert_captcha_at_once,
      .run = ngx_http_membercert_run_captcha,
      .reply = ngx_http_membercert_reply_captcha,
      .free = ngx_http_membercert_free_captcha },

    { .path = ngx_string("session"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_HASH,
      .size = sizeof(mc_login_t),
      .read = ngx_http_membercert_read_login,
      .run = ngx_http_membercert_run_login,
      .write = ngx_http_membercert_write_login,
      .login = 1,
      .captcha = 1 },

    { .path = ngx_string("session"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_whoami_t),
      .run = ngx_http_membercert_run_whoami,
      .write = ngx_http_membercert_write_whoami },

    { .path = ngx_string("session"),
      .method = ngx_string("DELETE"),
      .bit = NGX_HTTP_DELETE,
      .who = NGX_HTTP_MEMBERCERT_ANY,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_logout_t),
      .run = ngx_http_membercert_run_logout,
      .reply = ngx_http_membercert_reply_nothing,
      .cookie = 1 },

    { .path = ngx_string("session/confirm"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_HASH,
      .size = sizeof(mc_reauth_t),
      .read = ngx_http_membercert_read_reauth,
      .allow = ngx_http_membercert_allow_passwd,
      .run = ngx_http_membercert_run_reauth,
      .reply = ngx_http_membercert_reply_nothing },

    { .path = ngx_string("recovery"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_recovery_start_t),
      .read = ngx_http_membercert_read_recovery,
      .allow = ngx_http_membercert_allow_recovery,
      .run = ngx_http_membercert_run_recovery,
      .write = ngx_http_membercert_write_recovery,
      .status = ngx_http_membercert_status_recovery,
      .deadline = NGX_HTTP_MEMBERCERT_DEADLINE,
      .captcha = 1 },

    { .path = ngx_string("activation"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_recovery_start_t),
      .read = ngx_http_membercert_read_activation,
      .allow = ngx_http_membercert_allow_recovery,
      .run = ngx_http_membercert_run_recovery,
      .write = ngx_http_membercert_write_recovery,
      .status = ngx_http_membercert_status_recovery,
      .deadline = NGX_HTTP_MEMBERCERT_DEADLINE,
      .captcha = 1 },

    { .path = ngx_string("recovery/confirm"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_HASH,
      .size = sizeof(mc_recovery_confirm_t),
      .read = ngx_http_membercert_read_code,
      .allow = ngx_http_membercert_allow_code,
      .run = ngx_http_membercert_run_code,
      .reply = ngx_http_membercert_reply_nothing },

    { .path = ngx_string("password"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_HASH,
      .size = sizeof(mc_passwd_t),
      .read = ngx_http_membercert_read_passwd,
      .allow = ngx_http_membercert_allow_passwd,
      .run = ngx_http_membercert_run_passwd,
      .write = ngx_http_membercert_write_login },

    { .path = ngx_string("sessions"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_sessions_t),
      .run = ngx_http_membercert_run_sessions,
      .write = ngx_http_membercert_write_sessions },

    { .path = ngx_string("sessions"),
      .method = ngx_string("DELETE"),
      .bit = NGX_HTTP_DELETE,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_sessions_end_t),
      .run = ngx_http_membercert_run_sessions_end,
      .reply = ngx_http_membercert_reply_nothing },

    { .path = ngx_string("sessions"),
      .method = ngx_string("DELETE"),
      .bit = NGX_HTTP_DELETE,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_sessions_end_t),
      .read = ngx_http_membercert_read_sessions_end,
      .run = ngx_http_membercert_run_sessions_end,
      .reply = ngx_http_membercert_reply_nothing,
      .id = 1 },

    { .path = ngx_string("member"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_profile_t),
      .run = ngx_http_membercert_run_profile,
      .write = ngx_http_membercert_write_profile,
      .reply = ngx_http_membercert_reply_profile },

    { .path = ngx_string("member"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_profile_save_t),
      .read = ngx_http_membercert_read_save,
      .run = ngx_http_membercert_run_save,
      .write = ngx_http_membercert_write_profile,
      .reply = ngx_http_membercert_reply_profile,
      .extra = ngx_http_membercert_write_present },

    { .path = ngx_string("consent"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_consent_t),
      .read = ngx_http_membercert_read_consent,
      .run = ngx_http_membercert_run_consent,
      .reply = ngx_http_membercert_reply_nothing },

    /*
     * Its decoding would belong to the cpu pool, but it ends in a write: an
     * upload that waits for the writer must not stop everybody's PDF.
     */

    { .path = ngx_string("photo"),
      .method = ngx_string("PUT"),
      .bit = NGX_HTTP_PUT,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .body = NGX_HTTP_MEMBERCERT_PHOTO,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_photo_put_t),
      .read = ngx_http_membercert_read_photo,
      .run = ngx_http_membercert_run_put,
      .write = ngx_http_membercert_write_put,
      .status = ngx_http_membercert_status_put },

    { .path = ngx_string("photo"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_photo_get_t),
      .run = ngx_http_membercert_run_photo,
      .reply = ngx_http_membercert_reply_photo },

    { .path = ngx_string("photo/state"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_photo_state_t),
      .run = ngx_http_membercert_run_state,
      .write = ngx_http_membercert_write_photo_state },

    { .path = ngx_string("certificate"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_cert_view_t),
      .run = ngx_http_membercert_run_view,
      .write = ngx_http_membercert_write_view },

    { .path = ngx_string("certificate"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_cert_confirm_t),
      .read = ngx_http_membercert_read_confirm,
      .run = ngx_http_membercert_run_confirm,
      .write = ngx_http_membercert_write_view,
      .status = ngx_http_membercert_status_confirm },

    { .path = ngx_string("certificate/preview"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_preview_t),
      .read = ngx_http_membercert_read_preview,
      .run = ngx_http_membercert_run_preview,
      .reply = ngx_http_membercert_reply_preview,
      .free = ngx_http_membercert_free_preview },

    { .path = ngx_string("certificates"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_history_t),
      .run = ngx_http_membercert_run_history,
      .write = ngx_http_membercert_write_history },

    /* drawn in no time, but the first one of a template is recorded: a
     * writer that waits must not hold the cpu pool */

    { .path = ngx_string("certificate.pdf"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_MEMBER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_cert_pdf_t),
      .at_once = ngx_http_membercert_cache_at_once,
      .read = ngx_http_membercert_read_pdf,
      .run = ngx_http_membercert_run_pdf,
      .reply = ngx_http_membercert_reply_pdf,
      .free = ngx_http_membercert_free_pdf,
      .watch = 1 },

    { .path = ngx_string("verify"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_verify_t),
      .read = ngx_http_membercert_read_verify,
      .allow = ngx_http_membercert_allow_verify,
      .run = ngx_http_membercert_run_verify,
      .write = ngx_http_membercert_write_verify,
      .reply = ngx_http_membercert_reply_verify,
      .text = 1 },

    { .path = ngx_string("verify"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_verify_photo_t),
      .read = ngx_http_membercert_read_verify_photo,
      .allow = ngx_http_membercert_allow_verify,
      .run = ngx_http_membercert_run_verify_photo,
      .reply = ngx_http_membercert_reply_verify_photo,
      .text = 1,
      .tail = ngx_string("photo") },

    { .path = ngx_string("keys"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_verify_keys_t),
      .run = ngx_http_membercert_run_keys,
      .write = ngx_http_membercert_write_keys,
      .reply = ngx_http_membercert_reply_keys }
};


/* What stands between the slash behind the path and the next one, or the
 * end; also nothing. */
static ngx_uint_t
ngx_http_membercert_route_text(const ngx_http_membercert_route_t *route,
    ngx_str_t *path, ngx_str_t *text)
{
    u_char  *p, *slash, *last;

    p = path->data + route->path.len;
    last = path->data + path->len;

    if (p == last || *p != '/') {
        return 0;
    }

    p++;
    slash = ngx_strlchr(p, last, '/');

    if (route->tail.len == 0) {
        slash = slash ? NULL : last;

    } else if (slash
               && ((size_t) (last - slash) != route->tail.len + 1
                   || ngx_memcmp(slash + 1, route->tail.data,
                                 route->tail.len)
                      != 0))
    {
        slash = NULL;
    }

    if (slash == NULL) {
        return 0;
    }

    text->data = p;
    text->len = (size_t) (slash - p);

    return 1;
}


/* Is it the row's path, and with which id or text? */
static ngx_uint_t
ngx_http_membercert_route_match(const ngx_http_membercert_route_t *route,
    ngx_str_t *path, int64_t *id, ngx_str_t *text)
{
    size_t     len;
    ngx_int_t  n;

    len = route->path.len;
    *id = 0;
    ngx_str_null(text);

    if (path->len < len
        || ngx_memcmp(route->path.data, path->data, len) != 0)
    {
        return 0;
    }

    if (route->text) {
        return ngx_http_membercert_route_text(route, path, text);
    }

    if (!route->id) {
        return path->len == len;
    }

    if (path->len < len + 2 || path->data[len] != '/'
        || path->data[len + 1] == '0')
    {
        return 0;
    }

    n = ngx_atoi(path->data + len + 1, path->len - len - 1);

    if (n == NGX_ERROR) {
        return 0;
    }

    *id = n;

    return 1;
}


/* Every method the path has, HEAD beside GET, as Allow wants them. */
static void
ngx_http_membercert_route_allow(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_str_t *path,
    const ngx_http_membercert_route_t *routes, ngx_uint_t count)
{
    u_char                             *p;
    int64_t                             id;
    ngx_str_t                           text;
    ngx_uint_t                          i;
    const ngx_http_membercert_route_t  *route;

    p = ngx_pnalloc(r->pool, sizeof("GET, HEAD, POST, PUT, DELETE"));
    if (p == NULL) {
        return;
    }

    ctx->allow.data = p;

    for (i = 0; i < count; i++) {
        route = &routes[i];

        if (!ngx_http_membercert_route_match(route, path, &id, &text)) {
            continue;
        }

        if (p != ctx->allow.data) {
            p = ngx_cpymem(p, ", ", 2);
        }

        p = ngx_cpymem(p, route->method.data, route->method.len);

        if (route->bit == NGX_HTTP_GET) {
            p = ngx_cpymem(p, ", HEAD", sizeof(", HEAD") - 1);
        }
    }

    ctx->allow.len = (size_t) (p - ctx->allow.data);
}


void
ngx_http_membercert_route_find(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_str_t *path)
{
    int64_t                             id;
    ngx_str_t                           text;
    ngx_uint_t                          i, bit, count, known;
    const ngx_http_membercert_route_t  *routes;

    known = 0;
    bit = (r->method == NGX_HTTP_HEAD) ? NGX_HTTP_GET : r->method;

    if (ctx->officer) {
        routes = ngx_http_membercert_officer_routes;
        count = ngx_http_membercert_officer_route_count;

    } else {
        routes = ngx_http_membercert_routes;
        count = mc_count(ngx_http_membercert_routes);
    }

    for (i = 0; i < count; i++) {

        if (!ngx_http_membercert_route_match(&routes[i], path, &id, &text)) {
            continue;
        }

        if (routes[i].bit == bit) {
            ctx->route = &routes[i];
            ctx->path_id = id;
            ctx->path_text = text;
            return;
        }

        known = 1;
    }

    if (known) {
        ngx_http_membercert_route_allow(r, ctx, path, routes, count);
    }
}


/* Whoever was meant: there may be nothing to come. */
static ngx_uint_t
ngx_http_membercert_status_recovery(const void *call)
{
    return NGX_HTTP_ACCEPTED;
}


static ngx_uint_t
ngx_http_membercert_status_put(const void *call)
{
    const mc_photo_put_t  *put;

    put = call;

    return (!put->dry_run
            && (put->status.state == MC_CASE_PENDING
                || put->status.state == MC_CASE_REVIEW))
           ? NGX_HTTP_ACCEPTED : NGX_HTTP_OK;
}


static ngx_uint_t
ngx_http_membercert_status_confirm(const void *call)
{
    const mc_cert_confirm_t  *confirm;

    confirm = call;

    return confirm->created ? NGX_HTTP_CREATED : NGX_HTTP_OK;
}
