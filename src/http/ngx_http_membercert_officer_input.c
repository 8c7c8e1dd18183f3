/*
 * The "in" parts of the desk's calls.  A member is named in the body, or in
 * a header where the body is a photo: never in a URL, which logs keep.
 * Event loop only.
 */

#include "ngx_http_membercert_officer.h"


#define NGX_HTTP_MEMBERCERT_MEMBER_HEADER  "Membercert-Member"


void
ngx_http_membercert_officer_read_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_officer_login_t  *login;

    login = (mc_officer_login_t *) call;

    login->name = ngx_http_membercert_read_text(call, json, "name");
    login->password = ngx_http_membercert_read_text(call, json, "password");
    login->code = ngx_http_membercert_read_text(call, json, "code");
}


void
ngx_http_membercert_officer_read_queue(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    ngx_int_t         n;
    ngx_str_t         value;
    mc_desk_queue_t  *queue;

    queue = (mc_desk_queue_t *) call;

    if (ngx_http_arg(r, (u_char *) "after", 5, &value) != NGX_OK) {
        return;
    }

    n = ngx_atoi(value.data, value.len);

    if (n == NGX_ERROR) {
        (void) mc_problem_add(&call->problems, MC_P_REQUEST_MALFORMED);
        return;
    }

    queue->after = n;
}


void
ngx_http_membercert_officer_read_decide(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_str_t           decision;
    mc_desk_decide_t  *decide;

    decide = (mc_desk_decide_t *) call;

    decision = ngx_http_membercert_read_text(call, json, "decision");

    if (mc_str_is(decision, "approve")) {
        decide->approve = true;
        return;
    }

    if (!mc_str_is(decision, "reject")) {

        if (decision.data != NULL) {
            ngx_http_membercert_read_fault(call,
                mc_str("decision 应为 approve 或 reject"),
                mc_str("decision: \"approve\" or \"reject\" is expected"));
        }

        return;
    }

    decide->reason = mc_json_get_str(json, "reason");

    if (mc_json_get(json, "words") != NULL) {
        decide->words = ngx_http_membercert_read_text(call, json, "words");
    }
}


void
ngx_http_membercert_officer_read_search(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_desk_search_t  *search;

    search = (mc_desk_search_t *) call;

    search->text = ngx_http_membercert_read_text(call, json, "text");
}


void
ngx_http_membercert_officer_read_member(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    call->officer.user_type = ngx_http_membercert_read_text(call, json,
                                                            "user_type");
    call->officer.member_no = ngx_http_membercert_read_text(call, json,
                                                            "member_no");
}


void
ngx_http_membercert_officer_read_save(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_desk_save_t  *save;

    save = (mc_desk_save_t *) call;

    ngx_http_membercert_officer_read_member(r, ctx, call, json);
    ngx_http_membercert_read_match(r, &save->has_match, &save->match);
    ngx_http_membercert_read_values(call, json, save->values, &save->count);
}


void
ngx_http_membercert_officer_read_confirm(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_desk_confirm_t  *confirm;

    confirm = (mc_desk_confirm_t *) call;

    ngx_http_membercert_officer_read_member(r, ctx, call, json);
    confirm->version = ngx_http_membercert_read_text(call, json, "version");
}


/* "nonpractising/330000010001" */
static ngx_int_t
ngx_http_membercert_officer_read_header(ngx_http_request_t *r,
    mc_call_t *call)
{
    u_char           *slash;
    mc_str_t          type, number;
    ngx_uint_t        n;
    ngx_table_elt_t  *h;

    h = ngx_http_membercert_guard_header(r,
            NGX_HTTP_MEMBERCERT_MEMBER_HEADER,
            sizeof(NGX_HTTP_MEMBERCERT_MEMBER_HEADER) - 1, &n);

    if (h == NULL || n != 1) {
        return NGX_ERROR;
    }

    slash = ngx_strlchr(h->value.data, h->value.data + h->value.len, '/');

    if (slash == NULL) {
        return NGX_ERROR;
    }

    type.data = (const char *) h->value.data;
    type.len = (size_t) (slash - h->value.data);
    number.data = (const char *) slash + 1;
    number.len = h->value.len - type.len - 1;

    call->officer.user_type = mc_arena_str(&call->arena, type);
    call->officer.member_no = mc_arena_str(&call->arena, number);

    return call->arena.failed ? NGX_ERROR : NGX_OK;
}


/* All faults the scanner found are told together. */
void
ngx_http_membercert_officer_read_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_desk_put_t  *put;

    put = (mc_desk_put_t *) call;

    if (ngx_http_membercert_officer_read_header(r, call) != NGX_OK) {
        (void) mc_problem_add(&call->problems, MC_P_REQUEST_MALFORMED);
        return;
    }

    put->reference = ngx_http_membercert_read_flag(r, "reference");
    put->jpeg.data = (const char *) ctx->body.data;
    put->jpeg.len = ctx->body.len;

    (void) mc_photo_scan_end(ctx->body.scan, (uint64_t) ctx->body.len,
                             &call->arena, &call->problems);
}
