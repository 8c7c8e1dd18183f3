/*
 * Sessions: the truth behind the zone's cache.
 *
 * Depends on base.  The thread that has the connection.  Only the hash of a
 * token ever comes here.
 */

#include "mc_store_sqlite.h"


/* May this member log in with what was read before the hash was computed? */
static mc_err_t
login_check(mc_conn_t *conn, const mc_session_row_t *session)
{
    int64_t     good;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM member "
             "WHERE id = ? AND epoch = ? AND disabled = 0");
    mc_query_int(&query, session->member_id);
    mc_query_int(&query, session->epoch);

    err = mc_query_one(&query, &good);

    return err == MC_ENOTFOUND ? MC_EDENIED : err;
}


/* Runs a DELETE that returns hashes; *changes may be NULL. */
static mc_err_t
ended_take(mc_query_t *query, mc_sessions_ended_t *ended, int *changes)
{
    int       n;
    mc_err_t  row;
    mc_str_t  hash;

    n = 0;

    for (row = mc_query_row(query);
         row == MC_OK && query->err == MC_OK;
         row = mc_query_row(query))
    {
        n++;
        hash = mc_query_peek(query, 0);

        if (ended != NULL && ended->count < MC_SESSIONS_ENDED
            && hash.len == sizeof(ended->hashes[0]))
        {
            memcpy(ended->hashes[ended->count++], hash.data, hash.len);
        }
    }

    if (changes != NULL) {
        *changes = n;
    }

    return mc_query_done(query);
}


/* Ended ones go, then the oldest until there is room for one more. */
static mc_err_t
room_make(mc_conn_t *conn, const mc_session_row_t *session, uint32_t most,
    int64_t now, mc_sessions_ended_t *ended)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM session WHERE member_id = ? "
             "AND (expires_at <= ? OR epoch <> ?)");
    mc_query_int(&query, session->member_id);
    mc_query_int(&query, now);
    mc_query_int(&query, session->epoch);

    err = mc_query_run(&query, NULL);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM session WHERE member_id = ? AND hash NOT IN "
             "(SELECT hash FROM session WHERE member_id = ? "
             "ORDER BY created_at DESC, hash LIMIT ?) RETURNING hash");
    mc_query_int(&query, session->member_id);
    mc_query_int(&query, session->member_id);
    mc_query_int(&query, most > 0 ? (int64_t) most - 1 : 0);

    return ended_take(&query, ended, NULL);
}


static mc_err_t
session_owner(mc_conn_t *conn, const uint8_t hash[32], int64_t *member_id)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT member_id FROM session WHERE hash = ?");
    mc_query_blob(&query, hash, 32);

    return mc_query_one(&query, member_id);
}


/* In the transaction; MC_ENOTFOUND. */
static mc_err_t
session_remove(mc_conn_t *conn, const mc_actor_t *actor,
    const uint8_t hash[32], const char *result, mc_sessions_ended_t *ended)
{
    int64_t     member_id;
    mc_err_t    err;
    mc_query_t  query;

    err = session_owner(conn, hash, &member_id);

    if (err == MC_OK) {
        mc_query(&query, conn, MC_DB_CORE,
                 "DELETE FROM session WHERE hash = ? RETURNING hash");
        mc_query_blob(&query, hash, 32);

        err = ended_take(&query, ended, NULL);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, member_id, "logout", result);
    }

    return err;
}


mc_err_t
mc_session_insert(mc_conn_t *conn, const mc_session_row_t *session)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO session (hash, member_id, epoch, client, "
             "created_at, last_seen, expires_at, public_id, label, address, "
             "confirmed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    mc_query_blob(&query, session->hash, sizeof(session->hash));
    mc_query_int(&query, session->member_id);
    mc_query_int(&query, session->epoch);
    mc_query_int(&query, session->client);
    mc_query_int(&query, session->created);
    mc_query_int(&query, session->last_seen);
    mc_query_int(&query, session->expires);
    mc_query_int(&query, session->public_id);
    mc_query_text(&query, session->label);
    mc_query_text(&query, session->address);
    mc_query_int(&query, session->confirmed);

    return mc_query_run(&query, NULL);
}


/* The same password under today's parameters: no epoch, no audit row. */
static mc_err_t
hash_replace(mc_conn_t *conn, int64_t member_id, mc_str_t phc,
    mc_str_t rehash)
{
    mc_query_t  query;

    if (rehash.len == 0) {
        return MC_OK;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET password_hash = ? "
             "WHERE id = ? AND password_hash = ?");
    mc_query_text(&query, rehash);
    mc_query_int(&query, member_id);
    mc_query_text(&query, phc);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_session_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_session_row_t *session, uint32_t most, mc_str_t phc,
    mc_str_t rehash, const uint8_t *was, mc_sessions_ended_t *ended)
{
    mc_err_t  err;

    if (ended != NULL) {
        ended->count = 0;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = login_check(conn, session);

    if (err == MC_OK && was != NULL) {
        err = session_remove(conn, actor, was, "replaced", ended);
        err = err == MC_ENOTFOUND ? MC_OK : err;
    }

    if (err == MC_OK) {
        err = room_make(conn, session, most, actor->now, ended);
    }

    if (err == MC_OK) {
        err = mc_session_insert(conn, session);
    }

    if (err == MC_OK) {
        err = hash_replace(conn, session->member_id, phc, rehash);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, session->member_id, "login",
                              session->client == MC_CLIENT_MINI ? "mini"
                                                                : "ok");
    }

    err = mc_write_end(conn, err);

    if (err != MC_OK && ended != NULL) {
        ended->count = 0;
    }

    return err;
}


mc_err_t
mc_session_get(mc_conn_t *conn, const uint8_t hash[32],
    mc_session_row_t *out, int64_t *member_epoch, bool *disabled)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT s.member_id, s.epoch, s.client, s.created_at, "
             "s.last_seen, s.expires_at, m.epoch, m.disabled, s.public_id, "
             "s.confirmed_at "
             "FROM session s JOIN member m ON m.id = s.member_id "
             "WHERE s.hash = ?");
    mc_query_blob(&query, hash, 32);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        memcpy(out->hash, hash, sizeof(out->hash));
        out->member_id = mc_query_get_int(&query, 0);
        out->epoch = mc_query_get_int(&query, 1);
        out->client = mc_query_get_int(&query, 2) == MC_CLIENT_MINI
                      ? MC_CLIENT_MINI : MC_CLIENT_WEB;
        out->created = mc_query_get_int(&query, 3);
        out->last_seen = mc_query_get_int(&query, 4);
        out->expires = mc_query_get_int(&query, 5);
        *member_epoch = mc_query_get_int(&query, 6);
        *disabled = mc_query_get_int(&query, 7) != 0;
        out->public_id = mc_query_get_int(&query, 8);
        out->confirmed = mc_query_get_int(&query, 9);
        out->label = mc_str_null;
        out->address = mc_str_null;
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_session_touch(mc_conn_t *conn, const uint8_t hash[32], int64_t now)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE session SET last_seen = max(last_seen, ?) "
             "WHERE hash = ?");
    mc_query_int(&query, now);
    mc_query_blob(&query, hash, 32);

    err = mc_query_run(&query, &changes);

    if (err == MC_OK && changes == 0) {
        err = MC_ENOTFOUND;
    }

    return mc_write_end(conn, err);
}


static mc_err_t
session_confirm(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_guard(conn, guard, member_id, actor->now);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE session SET confirmed_at = ? WHERE hash = ?");
    mc_query_int(&query, actor->now);
    mc_query_blob(&query, guard->hash, 32);

    err = mc_query_run(&query, NULL);

    return err == MC_OK
           ? mc_audit_append(conn, actor, member_id, "reauth", "ok") : err;
}


mc_err_t
mc_session_confirm(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id)
{
    mc_err_t  err;

    err = mc_write_begin(conn);

    return err == MC_OK
           ? mc_write_end(conn, session_confirm(conn, actor, guard,
                                                member_id))
           : err;
}


mc_err_t
mc_session_drop(mc_conn_t *conn, const mc_actor_t *actor,
    const uint8_t hash[32])
{
    int64_t   member_id;
    mc_err_t  err;

    err = session_owner(conn, hash, &member_id);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_begin(conn);

    return err == MC_OK
           ? mc_write_end(conn, session_remove(conn, actor, hash, "ok",
                                               NULL))
           : err;
}


mc_err_t
mc_session_list(mc_conn_t *conn, int64_t member_id, int64_t epoch,
    int64_t now, mc_arena_t *arena, mc_session_row_t *out, size_t max,
    size_t *count)
{
    mc_err_t           row;
    mc_query_t         query;
    mc_session_row_t  *session;

    *count = 0;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT hash, client, created_at, last_seen, expires_at, "
             "public_id, label, address FROM session "
             "WHERE member_id = ? AND epoch = ? AND expires_at > ? "
             "ORDER BY last_seen DESC, public_id LIMIT ?");
    mc_query_int(&query, member_id);
    mc_query_int(&query, epoch);
    mc_query_int(&query, now);
    mc_query_int(&query, (int64_t) max);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < max;
         row = mc_query_row(&query))
    {
        session = &out[(*count)++];
        *session = (mc_session_row_t) {
            .member_id = member_id,
            .epoch = epoch,
            .client = mc_query_get_int(&query, 1) == MC_CLIENT_MINI
                      ? MC_CLIENT_MINI : MC_CLIENT_WEB,
            .created = mc_query_get_int(&query, 2),
            .last_seen = mc_query_get_int(&query, 3),
            .expires = mc_query_get_int(&query, 4),
            .public_id = mc_query_get_int(&query, 5),
            .label = mc_query_get(&query, 6, arena),
            .address = mc_query_get(&query, 7, arena)
        };

        mc_query_get_blob(&query, 0, session->hash, sizeof(session->hash));
    }

    return mc_query_done(&query);
}


/* In the transaction; MC_ENOTFOUND. */
static mc_err_t
session_end(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id, int64_t public_id,
    mc_sessions_ended_t *ended)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_guard(conn, guard, member_id, actor->now);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE, public_id != 0
             ? "DELETE FROM session WHERE member_id = ? AND public_id = ? "
               "RETURNING hash"
             : "DELETE FROM session WHERE member_id = ? AND hash <> ? "
               "RETURNING hash");
    mc_query_int(&query, member_id);

    if (public_id != 0) {
        mc_query_int(&query, public_id);

    } else {
        mc_query_blob(&query, guard->hash, 32);
    }

    err = ended_take(&query, ended, &changes);
    if (err != MC_OK) {
        return err;
    }

    if (changes == 0) {
        return public_id != 0 ? MC_ENOTFOUND : MC_OK;
    }

    return mc_audit_append(conn, actor, member_id, "logout",
                           public_id != 0 ? "chosen" : "others");
}


mc_err_t
mc_session_end(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id, int64_t public_id,
    mc_sessions_ended_t *ended)
{
    mc_err_t  err;

    ended->count = 0;
    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_write_end(conn, session_end(conn, actor, guard, member_id,
                                         public_id, ended));

    if (err != MC_OK) {
        ended->count = 0;
    }

    return err;
}
