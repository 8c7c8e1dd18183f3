/*
 * Recovery and activation: what their bodies say, what an attempt pays for,
 * the one answer to everybody.
 *
 * Who names an account that is not there pays what everybody pays.  A
 * stranger may name the account of somebody else, so what is counted for an
 * account is counted for each address prefix on its own; that no member is
 * sent too many messages, nor all of them together, is the store's part,
 * where only what was sent counts.  Event loop only.
 */

#include "ngx_http_membercert_recovery.h"


/* Of the address, for each attempt to get a code: so many codes typed. */
#define NGX_HTTP_MEMBERCERT_TYPED  5


static void
ngx_http_membercert_read_channel(mc_recovery_start_t *start,
    const mc_json_t *json)
{
    mc_str_t    channel;
    mc_call_t  *call;

    call = &start->call;

    if (mc_json_get(json, "channel") == NULL) {
        return;
    }

    channel = ngx_http_membercert_read_text(call, json, "channel");

    if (mc_str_is(channel, "phone")) {
        start->prefer = MC_OUTBOX_SMS;

    } else if (mc_str_is(channel, "email")) {
        start->prefer = MC_OUTBOX_EMAIL;

    } else if (channel.data != NULL) {
        ngx_http_membercert_read_fault(call,
            mc_str("channel 应为 phone 或 email"),
            mc_str("channel: \"phone\" or \"email\" is expected"));
    }
}


void
ngx_http_membercert_read_activation(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_recovery_start_t  *start;

    start = (mc_recovery_start_t *) call;

    if (!mc_recovery_on(ctx->site->site->settings)) {
        (void) mc_problem_add(&call->problems, MC_P_RECOVERY_OFF);
        return;
    }

    start->activation = true;
    start->user_type = ngx_http_membercert_read_text(call, json,
                                                     "user_type");
    start->name = ngx_http_membercert_read_text(call, json, "name");
    start->id_number = ngx_http_membercert_read_text(call, json,
                                                     "id_number");
    ngx_http_membercert_read_channel(start, json);

    (void) ngx_http_membercert_read_client(ctx, call, json);
}


void
ngx_http_membercert_read_recovery(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_recovery_start_t  *start;

    start = (mc_recovery_start_t *) call;

    ngx_http_membercert_read_activation(r, ctx, call, json);

    if (call->problems.count != 0) {
        return;
    }

    start->activation = false;
    start->member_no = ngx_http_membercert_read_text(call, json,
                                                     "member_no");
}


/* With "recovery" the code that was sent, else an institute's. */
void
ngx_http_membercert_read_code(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_recovery_confirm_t  *confirm;

    confirm = (mc_recovery_confirm_t *) call;

    if (mc_json_get(json, "recovery") != NULL) {
        confirm->recovery = ngx_http_membercert_read_text(call, json,
                                                          "recovery");

    } else {
        confirm->user_type = ngx_http_membercert_read_text(call, json,
                                                           "user_type");
        confirm->member_no = ngx_http_membercert_read_text(call, json,
                                                           "member_no");
    }

    confirm->code = ngx_http_membercert_read_text(call, json, "code");
    confirm->password = ngx_http_membercert_read_text(call, json,
                                                      "password");
}


static mc_problem_code_t
ngx_http_membercert_recovery_pay(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    return ngx_http_membercert_throttle_allowed(r, ctx, call,
                                                MC_P_TOO_MANY_ATTEMPTS);
}


mc_problem_code_t
ngx_http_membercert_allow_recovery(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    const mc_settings_t  *settings;

    settings = ctx->site->site->settings;

    mc_recovery_key((mc_recovery_start_t *) call, ctx->account);

    ctx->limit_count = 0;

    ngx_http_membercert_throttle_add(r, ctx,
        NGX_HTTP_MEMBERCERT_LIMIT_RECOVERY_ADDRESS, NULL,
        settings->recovery_address, settings->recovery_address_time);

    ngx_http_membercert_throttle_add(r, ctx,
                                     NGX_HTTP_MEMBERCERT_LIMIT_RECOVERY,
                                     ctx->account,
                                     settings->recovery_account,
                                     settings->recovery_account_time);

    return ngx_http_membercert_recovery_pay(r, ctx, call);
}


/*
 * The code itself is tried so often and no more, whoever tries; this keeps
 * one address from filling the hash pool and the writer's queue.  A success
 * is given back.
 */
mc_problem_code_t
ngx_http_membercert_allow_code(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    const mc_settings_t  *settings;

    settings = ctx->site->site->settings;
    ctx->limit_count = 0;

    ngx_http_membercert_throttle_add(r, ctx,
                                     NGX_HTTP_MEMBERCERT_LIMIT_RECOVERY_CODE,
                                     NULL,
                                     settings->recovery_address
                                     * NGX_HTTP_MEMBERCERT_TYPED,
                                     settings->recovery_address_time);

    return ngx_http_membercert_recovery_pay(r, ctx, call);
}


/* The same length for everybody. */
void
ngx_http_membercert_write_recovery(mc_json_out_t *out, const void *call)
{
    const mc_recovery_start_t  *start;

    start = call;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "recovery", mc_str_from(start->token));
    mc_json_pair_int(out, "expires_in",
                     start->call.site->settings->recovery_code_ttl / 1000);
    mc_json_pair_int(out, "code_length", MC_CODE_DIGITS);
    mc_json_close(out, '}');
}
