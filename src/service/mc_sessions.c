/*
 * Use cases: the member's sessions, listed and ended.
 *
 * Depends on store.  Store pool.
 */

#include "mc_sessions.h"


/* Those whose idle time is over have ended, though their rows are there. */
static bool
sessions_read(mc_sessions_t *sessions, mc_conn_t *conn)
{
    size_t              i, count;
    mc_err_t            err;
    mc_call_t          *call;
    mc_session_row_t   *rows;
    mc_sessions_item_t *item;

    call = &sessions->call;

    rows = mc_arena_alloc(&call->arena, MC_SESSIONS_SHOWN * sizeof(*rows));
    sessions->items = mc_arena_alloc(&call->arena, MC_SESSIONS_SHOWN
                                                   * sizeof(*item));
    if (rows == NULL || sessions->items == NULL) {
        return mc_call_fail(call, MC_ENOMEM);
    }

    err = mc_session_list(conn, call->credential.member_id,
                          call->credential.epoch, call->now, &call->arena,
                          rows, MC_SESSIONS_SHOWN, &count);
    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    for (i = 0; i < count; i++) {

        if (call->now >= mc_call_session_end(call, &rows[i])) {
            continue;
        }

        item = &sessions->items[sessions->count++];
        *item = (mc_sessions_item_t) {
            .id = rows[i].public_id,
            .client = rows[i].client,
            .label = rows[i].label,
            .address = rows[i].address,
            .created = rows[i].created,
            .last_seen = rows[i].last_seen,
            .current = memcmp(rows[i].hash, call->credential.hash,
                              sizeof(rows[i].hash)) == 0
        };
    }

    return true;
}


void
mc_sessions_run(mc_sessions_t *sessions)
{
    mc_conn_t         *conn;
    mc_session_row_t   session;

    conn = mc_call_conn(&sessions->call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_session(&sessions->call, conn, &session)) {
        (void) sessions_read(sessions, conn);
    }

    mc_call_done(&sessions->call, conn);
}


static bool
end_write(mc_sessions_end_t *end, mc_conn_t *conn,
    mc_sessions_ended_t *ended)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_actor_t         actor;
    mc_write_guard_t   guard;

    call = &end->call;
    guard = (mc_write_guard_t) {
        .hash = call->credential.hash,
        .epoch = call->credential.epoch
    };

    mc_call_actor(call, &actor);

    err = mc_session_end(conn, &actor, &guard, call->credential.member_id,
                         end->id, ended);

    if (err == MC_EDENIED) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* What mc_call_session() noted of a session that is no more is not put back
 * over its tombstone: the drop is noted behind it. */
static void
end_note(mc_sessions_end_t *end, const mc_sessions_ended_t *ended)
{
    size_t        i;
    mc_call_t    *call;
    mc_effect_t  *effect;

    call = &end->call;

    if (ended->count == 0) {
        return;
    }

    effect = mc_effect_add(&call->effects, MC_EFFECT_SESSIONS_DROP);
    effect->hashes = ended->hashes;
    effect->hash_count = ended->count;

    for (i = 0; i < ended->count; i++) {
        if (memcmp(ended->hashes[i], call->credential.hash,
                   sizeof(ended->hashes[i])) == 0)
        {
            (void) mc_effect_add(&call->effects, MC_EFFECT_COOKIE_CLEAR);
        }
    }
}


void
mc_sessions_end_run(mc_sessions_end_t *end)
{
    mc_call_t            *call;
    mc_conn_t            *conn;
    mc_session_row_t      session;
    mc_sessions_ended_t  *ended;

    call = &end->call;
    ended = mc_arena_alloc(&call->arena, sizeof(*ended));

    if (ended == NULL) {
        (void) mc_call_fail(call, MC_ENOMEM);
        return;
    }

    conn = mc_call_conn(call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_session(call, conn, &session)
        && (end->id == session.public_id || mc_call_fresh(call, &session))
        && end_write(end, conn, ended))
    {
        end_note(end, ended);
    }

    mc_call_done(call, conn);
}
