/*
 * Who asks, when an officer does: the session, and the one member a call
 * may be about.  The use cases of members then work for that member.
 *
 * Depends on store, domain and, through mc_sealed, auth.  Threads only.
 * A session of an officer is never cached: each call reads its row.
 */

#include "mc_call.h"

#include <stdio.h>

#include "mc_time.h"


int64_t
mc_call_officer_end(const mc_officer_session_t *session)
{
    int64_t  idle;

    idle = session->last_seen + MC_OFFICER_IDLE;

    return idle < session->expires ? idle : session->expires;
}


/* Best effort, as with members. */
static void
officer_touch(mc_call_t *call, mc_conn_t *conn)
{
    mc_officer_session_t  *session;

    session = &call->officer.session;

    if (call->now - session->last_seen >= MC_OFFICER_TOUCH
        && mc_officer_session_touch(conn, session->hash, call->now)
           == MC_OK)
    {
        session->last_seen = call->now;
    }
}


bool
mc_call_officer(mc_call_t *call, mc_conn_t *conn)
{
    mc_err_t            err;
    mc_call_officer_t  *officer;

    officer = &call->officer;

    if (!officer->asks || !call->credential.present) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    err = mc_officer_session_get(conn, call->credential.hash, &call->arena,
                                 &officer->session, &officer->row);

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return mc_call_fail(call, err);
    }

    if (err == MC_ENOTFOUND || officer->row.disabled
        || officer->row.epoch != officer->session.epoch
        || call->now >= mc_call_officer_end(&officer->session))
    {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    officer_touch(call, conn);

    officer->known = true;
    officer->guard.officer_id = officer->row.id;
    officer->guard.epoch = officer->row.epoch;
    memcpy(officer->guard.hash, officer->session.hash, 32);
    mc_call_officer_name(officer);

    return true;
}


void
mc_call_officer_name(mc_call_officer_t *officer)
{
    (void) snprintf(officer->actor, sizeof(officer->actor), "officer %lld",
                    (long long) officer->row.id);
}


/* Answers false with not_found also for what another institute has. */
static bool
desk_key(mc_call_t *call, mc_conn_t *conn, mc_desk_key_t *key)
{
    mc_err_t       err;
    mc_case_row_t  row;

    *key = (mc_desk_key_t) { .id = 0 };

    if (call->officer.photo_id != 0) {
        err = mc_desk_case(conn, &call->officer.row, call->officer.photo_id,
                           &call->arena, &row);
        key->id = row.member_id;

    } else {
        key->user_type = call->officer.user_type;
        err = mc_member_no_read(call->officer.member_no, &call->arena,
                                &key->member_no);
    }

    if (err == MC_ENOTFOUND || err == MC_EINVAL) {
        return mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


bool
mc_call_desk_member(mc_call_t *call, mc_conn_t *conn, mc_member_t *member)
{
    mc_err_t          err;
    mc_desk_key_t     key;
    mc_member_row_t   row;

    if (!mc_call_officer(call, conn) || !desk_key(call, conn, &key)) {
        return false;
    }

    err = mc_desk_member(conn, &call->officer.row, &key, &call->arena, &row,
                         &call->officer.reference_id);

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    call->member_id = row.member.id;

    return mc_call_profile(call, &row, member);
}
