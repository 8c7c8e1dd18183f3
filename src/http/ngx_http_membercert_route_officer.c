/*
 * The routes of an officer's desk, as a table like that of the members
 * (ngx_http_membercert_route.c): a location with "membercert officer" has
 * these and no others, a plain one has none of them.
 *
 * Depends on the services' headers.  The event loop reads the table; the
 * functions named run_* are called by pool threads.
 */

#include "ngx_http_membercert_history.h"
#include "ngx_http_membercert_officer.h"


static ngx_uint_t ngx_http_membercert_officer_status_activate(
    const void *call);
static void ngx_http_membercert_officer_free_activate(void *call);
static void ngx_http_membercert_officer_free_pdf(void *call);
static ngx_uint_t ngx_http_membercert_officer_status_confirm(
    const void *call);


/* What the thread calls: a use case, with the call as the job knows it. */
#define NGX_HTTP_MEMBERCERT_RUN(name, use)                                   \
    static void                                                              \
    ngx_http_membercert_officer_run_##name(void *call)                       \
    {                                                                        \
        use(call);                                                           \
    }

NGX_HTTP_MEMBERCERT_RUN(site, mc_public_run)
NGX_HTTP_MEMBERCERT_RUN(login, mc_officer_login_run)
NGX_HTTP_MEMBERCERT_RUN(whoami, mc_officer_whoami_run)
NGX_HTTP_MEMBERCERT_RUN(logout, mc_officer_logout_run)
NGX_HTTP_MEMBERCERT_RUN(queue, mc_desk_queue_run)
NGX_HTTP_MEMBERCERT_RUN(case, mc_desk_view_run)
NGX_HTTP_MEMBERCERT_RUN(decide, mc_desk_decide_run)
NGX_HTTP_MEMBERCERT_RUN(photo, mc_desk_photo_run)
NGX_HTTP_MEMBERCERT_RUN(search, mc_desk_search_run)
NGX_HTTP_MEMBERCERT_RUN(member, mc_desk_member_run)
NGX_HTTP_MEMBERCERT_RUN(save, mc_desk_save_run)
NGX_HTTP_MEMBERCERT_RUN(reset, mc_desk_reset_run)
NGX_HTTP_MEMBERCERT_RUN(activate, mc_recovery_institute_run)
NGX_HTTP_MEMBERCERT_RUN(put, mc_desk_put_run)
NGX_HTTP_MEMBERCERT_RUN(confirm, mc_desk_confirm_run)
NGX_HTTP_MEMBERCERT_RUN(pdf, mc_desk_pdf_run)
NGX_HTTP_MEMBERCERT_RUN(history, mc_history_run)
NGX_HTTP_MEMBERCERT_RUN(revoke, mc_revoke_run)
NGX_HTTP_MEMBERCERT_RUN(unrevoke, mc_unrevoke_run)


const ngx_http_membercert_route_t  ngx_http_membercert_officer_routes[] = {

    { .path = ngx_string("site"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_public_t),
      .run = ngx_http_membercert_officer_run_site,
      .write = ngx_http_membercert_write_site,
      .common = 1 },

    { .path = ngx_string("session"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_ALL,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_HASH,
      .size = sizeof(mc_officer_login_t),
      .read = ngx_http_membercert_officer_read_login,
      .run = ngx_http_membercert_officer_run_login,
      .write = ngx_http_membercert_officer_write_login,
      .login = 1,
      .cookie = 1 },

    { .path = ngx_string("session"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_officer_whoami_t),
      .run = ngx_http_membercert_officer_run_whoami,
      .write = ngx_http_membercert_officer_write_whoami },

    { .path = ngx_string("session"),
      .method = ngx_string("DELETE"),
      .bit = NGX_HTTP_DELETE,
      .who = NGX_HTTP_MEMBERCERT_ANY,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_logout_t),
      .run = ngx_http_membercert_officer_run_logout,
      .reply = ngx_http_membercert_reply_nothing,
      .cookie = 1 },

    { .path = ngx_string("queue"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_queue_t),
      .read = ngx_http_membercert_officer_read_queue,
      .run = ngx_http_membercert_officer_run_queue,
      .write = ngx_http_membercert_officer_write_queue },

    { .path = ngx_string("case"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_view_t),
      .run = ngx_http_membercert_officer_run_case,
      .write = ngx_http_membercert_officer_write_case,
      .id = 1 },

    { .path = ngx_string("case"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_decide_t),
      .read = ngx_http_membercert_officer_read_decide,
      .run = ngx_http_membercert_officer_run_decide,
      .write = ngx_http_membercert_officer_write_decided,
      .id = 1 },

    { .path = ngx_string("photo"),
      .method = ngx_string("GET"),
      .bit = NGX_HTTP_GET,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_photo_get_t),
      .run = ngx_http_membercert_officer_run_photo,
      .reply = ngx_http_membercert_reply_photo,
      .id = 1 },

    { .path = ngx_string("search"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_search_t),
      .read = ngx_http_membercert_officer_read_search,
      .run = ngx_http_membercert_officer_run_search,
      .write = ngx_http_membercert_officer_write_search },

    { .path = ngx_string("member"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_member_t),
      .read = ngx_http_membercert_officer_read_member,
      .run = ngx_http_membercert_officer_run_member,
      .write = ngx_http_membercert_officer_write_member },

    { .path = ngx_string("member/save"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_save_t),
      .read = ngx_http_membercert_officer_read_save,
      .run = ngx_http_membercert_officer_run_save,
      .write = ngx_http_membercert_officer_write_member,
      .extra = ngx_http_membercert_officer_write_present },

    { .path = ngx_string("member/reset"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_member_t),
      .read = ngx_http_membercert_officer_read_member,
      .run = ngx_http_membercert_officer_run_reset,
      .write = ngx_http_membercert_officer_write_member },

    { .path = ngx_string("member/activate"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_recovery_institute_t),
      .read = ngx_http_membercert_officer_read_member,
      .run = ngx_http_membercert_officer_run_activate,
      .write = ngx_http_membercert_officer_write_activate,
      .status = ngx_http_membercert_officer_status_activate,
      .free = ngx_http_membercert_officer_free_activate },

    { .path = ngx_string("member/photo"),
      .method = ngx_string("PUT"),
      .bit = NGX_HTTP_PUT,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_PHOTO,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_put_t),
      .read = ngx_http_membercert_officer_read_photo,
      .run = ngx_http_membercert_officer_run_put,
      .write = ngx_http_membercert_officer_write_member },

    { .path = ngx_string("member/confirm"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_desk_confirm_t),
      .read = ngx_http_membercert_officer_read_confirm,
      .run = ngx_http_membercert_officer_run_confirm,
      .write = ngx_http_membercert_officer_write_member,
      .status = ngx_http_membercert_officer_status_confirm },

    /* drawn in no time, but it ends in a write: not for the cpu pool */

    { .path = ngx_string("member/certificate"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_cert_pdf_t),
      .read = ngx_http_membercert_officer_read_pdf,
      .run = ngx_http_membercert_officer_run_pdf,
      .reply = ngx_http_membercert_reply_pdf,
      .free = ngx_http_membercert_officer_free_pdf },

    { .path = ngx_string("member/certificates"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_history_t),
      .read = ngx_http_membercert_officer_read_member,
      .run = ngx_http_membercert_officer_run_history,
      .write = ngx_http_membercert_write_history },

    { .path = ngx_string("certificate/revoke"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_revoke_t),
      .read = ngx_http_membercert_officer_read_revoke,
      .run = ngx_http_membercert_officer_run_revoke,
      .write = ngx_http_membercert_write_history },

    { .path = ngx_string("certificate/unrevoke"),
      .method = ngx_string("POST"),
      .bit = NGX_HTTP_POST,
      .who = NGX_HTTP_MEMBERCERT_OFFICER,
      .body = NGX_HTTP_MEMBERCERT_JSON,
      .pool = NGX_HTTP_MEMBERCERT_STORE,
      .size = sizeof(mc_revoke_t),
      .read = ngx_http_membercert_officer_read_revoke,
      .run = ngx_http_membercert_officer_run_unrevoke,
      .write = ngx_http_membercert_write_history }
};

const ngx_uint_t  ngx_http_membercert_officer_route_count =
    mc_count(ngx_http_membercert_officer_routes);


static ngx_uint_t
ngx_http_membercert_officer_status_activate(const void *call)
{
    return NGX_HTTP_CREATED;
}


static void
ngx_http_membercert_officer_free_activate(void *call)
{
    mc_recovery_institute_wipe(call);
}


static void
ngx_http_membercert_officer_free_pdf(void *call)
{
    mc_cert_pdf_free(call);
}


static ngx_uint_t
ngx_http_membercert_officer_status_confirm(const void *call)
{
    const mc_desk_confirm_t  *confirm;

    confirm = call;

    return confirm->created ? NGX_HTTP_CREATED : NGX_HTTP_OK;
}
