/*
 * Use case: the password again, in a session that is open.
 *
 * Depends on store, auth (passwords).  Hash pool: it reads, gives the
 * connection back, computes, and takes a connection again to write.
 */

#include "mc_reauth.h"

#include "mc_passwd.h"


typedef struct {
    mc_member_t       member;
    mc_write_guard_t  guard;
} reauth_t;


/* Also of a member whose password must be changed: other sessions may be
 * ended before that. */
static bool
reauth_read(mc_reauth_t *reauth, reauth_t *state)
{
    bool               good;
    mc_call_t         *call;
    mc_conn_t         *conn;
    mc_session_row_t   session;

    call = &reauth->call;
    call->due_ok = true;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    good = mc_call_session(call, conn, &session)
           && mc_call_member(call, conn, &state->member, &state->guard);

    mc_call_done(call, conn);

    return good;
}


/* A password that was changed while we computed has ended the session. */
static bool
reauth_write(mc_reauth_t *reauth, const reauth_t *state)
{
    mc_err_t     err;
    mc_call_t   *call;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    call = &reauth->call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    mc_call_actor(call, &actor);

    err = mc_session_confirm(conn, &actor, &state->guard, state->member.id);
    mc_call_done(call, conn);

    if (err == MC_EDENIED) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


void
mc_reauth_run(mc_reauth_t *reauth)
{
    reauth_t  state;

    memset(&state, 0, sizeof(state));

    if (!reauth_read(reauth, &state)
        || !mc_passwd_verify(&reauth->call, &state.member, reauth->password)
        || !reauth_write(reauth, &state))
    {
        mc_call_note_refusal(&reauth->call, "reauth");
    }

    explicit_bzero(&state, sizeof(state));

    if (reauth->password.data != NULL) {
        explicit_bzero((char *) reauth->password.data,
                       reauth->password.len);
    }

    reauth->password = mc_str_null;
}
