/*
 * Use cases: the list of a member's certificates, and their revocation by
 * an officer.
 *
 * Depends on store and domain.  Store pool.
 *
 * The list needs no profile, but who may see it is judged as everywhere:
 * by the session, or by the officer's institute.
 */

#include "mc_history.h"

#include "mc_utf8.h"


static bool
history_read(mc_history_t *history, mc_conn_t *conn, int64_t member_id)
{
    size_t                  i;
    mc_err_t                err;
    mc_call_t              *call;
    mc_history_item_t      *item;
    mc_confirmation_row_t  *rows;

    call = &history->call;

    err = mc_confirmation_list(conn, member_id, &call->arena, &rows,
                               &history->count);

    if (err == MC_OK) {
        history->items = mc_arena_alloc(&call->arena,
                                        (history->count + 1)
                                        * sizeof(mc_history_item_t));
        err = history->items == NULL ? MC_ENOMEM : MC_OK;
    }

    if (err != MC_OK) {
        history->count = 0;
        return mc_call_fail(call, err);
    }

    for (i = 0; i < history->count; i++) {
        item = &history->items[i];

        *item = (mc_history_item_t) {
            .serial = rows[i].serial,
            .code = rows[i].code,
            .at = rows[i].at,
            .state = mc_confirmation_state(&rows[i]),
            .replaced_at = rows[i].superseded_at,
            .revoked_at = rows[i].revoked_at,
            .reason = rows[i].reason,
        };
    }

    return true;
}


void
mc_history_run(mc_history_t *history)
{
    mc_conn_t         *conn;
    mc_member_t        member;
    mc_write_guard_t   guard;

    conn = mc_call_conn(&history->call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_member(&history->call, conn, &member, &guard)) {
        (void) history_read(history, conn, member.id);
    }

    mc_call_done(&history->call, conn);
}


bool
mc_history_reason(mc_str_t text, mc_str_t *out)
{
    *out = mc_utf8_trim(text);

    return out->len > 0 && out->len <= MC_REVOKE_REASON
           && mc_utf8_printable(*out, false)
           && mc_utf8_count(*out) <= MC_HISTORY_WORDS;
}


static bool
revoke_write(mc_revoke_t *revoke, mc_conn_t *conn, bool take,
    mc_confirmation_row_t *row)
{
    mc_err_t     err;
    mc_str_t     reason;
    mc_call_t   *call;
    mc_actor_t   actor;

    call = &revoke->history.call;

    if (!mc_call_officer(call, conn)) {
        return false;
    }

    if (!mc_history_reason(revoke->reason, &reason)) {
        return mc_call_refuse(call, MC_P_REASON_MISSING);
    }

    mc_call_actor(call, &actor);

    err = take
          ? mc_confirmation_revoke(conn, &actor, revoke->serial, reason,
                                   &call->arena, row)
          : mc_confirmation_unrevoke(conn, &actor, revoke->serial, reason,
                                     &call->arena, row);

    switch (err) {

    case MC_OK:
        call->member_id = row->member_id;
        return true;

    case MC_ENOTFOUND:
        return mc_call_refuse(call, MC_P_NOT_FOUND);

    case MC_ECONFLICT:
        return mc_call_refuse(call, take ? MC_P_ALREADY_REVOKED
                                         : MC_P_NOT_REVOKED);

    case MC_EDENIED:
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);

    default:
        return mc_call_fail(call, err);
    }
}


static void
revoke_run(mc_revoke_t *revoke, bool take)
{
    mc_conn_t              *conn;
    mc_confirmation_row_t   row;

    conn = mc_call_conn(&revoke->history.call);

    if (conn == NULL) {
        return;
    }

    if (revoke_write(revoke, conn, take, &row)) {
        (void) history_read(&revoke->history, conn, row.member_id);
    }

    mc_call_done(&revoke->history.call, conn);
}


void
mc_revoke_run(mc_revoke_t *revoke)
{
    revoke_run(revoke, true);
}


void
mc_unrevoke_run(mc_revoke_t *revoke)
{
    revoke_run(revoke, false);
}
