/*
 * The officers' half of the glue: what its files offer to each other and to
 * the route table.  Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_OFFICER_H
#define NGX_HTTP_MEMBERCERT_OFFICER_H

#include "ngx_http_membercert.h"

#include "mc_officer_desk.h"
#include "mc_recovery.h"

#pragma GCC visibility push(hidden)


/* --- ngx_http_membercert_officer_input.c -------------------------------- */

void ngx_http_membercert_officer_read_login(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_officer_read_queue(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_officer_read_decide(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_officer_read_search(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
/* user_type and member_no: what the call is about. */
void ngx_http_membercert_officer_read_member(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_officer_read_save(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_officer_read_confirm(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);
void ngx_http_membercert_officer_read_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json);


/* --- ngx_http_membercert_officer_output.c: JSON; no nginx --------------- */

void ngx_http_membercert_officer_write_login(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_whoami(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_queue(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_search(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_member(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_case(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_decided(mc_json_out_t *out,
    const void *call);
void ngx_http_membercert_officer_write_activate(mc_json_out_t *out,
    const void *call);
/* "member" of a 412. */
void ngx_http_membercert_officer_write_present(mc_json_out_t *out,
    const void *call);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_OFFICER_H */
