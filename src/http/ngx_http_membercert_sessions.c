/*
 * The member's page of sessions: which one is to end, and the list as JSON.
 *
 * Event loop only.
 */

#include "ngx_http_membercert_account.h"


void
ngx_http_membercert_read_sessions_end(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call, const mc_json_t *json)
{
    ((mc_sessions_end_t *) call)->id = ctx->path_id;
}


void
ngx_http_membercert_write_sessions(mc_json_out_t *out, const void *call)
{
    size_t                     i;
    const mc_sessions_t       *sessions;
    const mc_sessions_item_t  *item;

    sessions = call;

    mc_json_open(out, '{');
    mc_json_key(out, "sessions");
    mc_json_open(out, '[');

    for (i = 0; i < sessions->count; i++) {
        item = &sessions->items[i];

        mc_json_open(out, '{');
        mc_json_pair_int(out, "id", item->id);
        mc_json_pair_str(out, "client", item->client == MC_CLIENT_MINI
                                        ? mc_str("mini") : mc_str("web"));
        mc_json_pair_str(out, "label", item->label);
        mc_json_pair_str(out, "address", item->address);
        mc_json_pair_int(out, "created", item->created);
        mc_json_pair_int(out, "last_seen", item->last_seen);
        mc_json_pair_bool(out, "current", item->current);
        mc_json_close(out, '}');
    }

    mc_json_close(out, ']');
    mc_json_close(out, '}');
}
