/*
 * The versions of a certificate as JSON, the newest confirmation beside a
 * member's data, and what the desk says to take one back.
 *
 * Event loop only; the writers know no nginx.
 */

#include "ngx_http_membercert_history.h"

#include "ngx_http_membercert_officer.h"


static void
write_time(mc_json_out_t *out, const char *key, int64_t time)
{
    mc_json_key(out, key);

    if (time != 0) {
        mc_json_int(out, time);

    } else {
        mc_json_null(out);
    }
}


/* Both null unless it was taken back. */
static void
write_revoked(mc_json_out_t *out, int64_t revoked_at, mc_str_t reason)
{
    write_time(out, "revoked_at", revoked_at);
    mc_json_key(out, "reason");

    if (revoked_at != 0) {
        mc_json_str(out, reason);

    } else {
        mc_json_null(out);
    }
}


void
ngx_http_membercert_write_confirmed(mc_json_out_t *out,
    const mc_confirmed_t *confirmed)
{
    mc_json_key(out, "confirmed");

    if (!confirmed->present) {
        mc_json_null(out);
        return;
    }

    mc_json_open(out, '{');
    mc_json_pair_int(out, "serial", confirmed->serial);
    mc_json_pair_int(out, "at", confirmed->at);
    mc_json_pair_str(out, "version", mc_str_from(confirmed->version));
    mc_json_pair_bool(out, "valid", confirmed->valid);
    write_revoked(out, confirmed->revoked_at, confirmed->reason);
    mc_json_close(out, '}');
}


void
ngx_http_membercert_write_history(mc_json_out_t *out, const void *call)
{
    size_t                    i;
    const mc_history_t       *history;
    const mc_history_item_t  *item;

    history = call;

    mc_json_open(out, '{');
    mc_json_key(out, "certificates");
    mc_json_open(out, '[');

    for (i = 0; i < history->count; i++) {
        item = &history->items[i];

        mc_json_open(out, '{');
        mc_json_pair_int(out, "serial", item->serial);
        mc_json_pair_str(out, "code", item->code);
        mc_json_pair_int(out, "at", item->at);
        mc_json_pair_str(out, "state",
                         mc_str_from(mc_confirmation_name(item->state)));
        write_time(out, "replaced_at", item->replaced_at);
        write_revoked(out, item->revoked_at, item->reason);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
    mc_json_close(out, '}');
}


void
ngx_http_membercert_officer_read_revoke(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_revoke_t      *revoke;
    const mc_json_t  *serial;

    revoke = (mc_revoke_t *) call;
    serial = mc_json_get(json, "serial");

    if (serial != NULL && serial->type == MC_JSON_NUMBER) {
        revoke->serial = ngx_atoi((u_char *) serial->string.data,
                                  serial->string.len);
    }

    if (revoke->serial <= 0) {
        ngx_http_membercert_read_fault(call,
            mc_str("serial 应为正整数"),
            mc_str("serial: a positive integer is expected"));
        return;
    }

    revoke->reason = ngx_http_membercert_read_text(call, json, "reason");
}


void
ngx_http_membercert_officer_read_pdf(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    mc_cert_pdf_t  *pdf;

    pdf = (mc_cert_pdf_t *) call;

    ngx_http_membercert_officer_read_member(r, ctx, call, json);

    if (mc_json_get(json, "layout") != NULL) {
        pdf->layout = ngx_http_membercert_read_text(call, json, "layout");
    }
}
