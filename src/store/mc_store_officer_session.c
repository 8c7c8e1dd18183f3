/*
 * Officers' sessions, and the codes that open them.
 *
 * Depends on base.  The thread that has the connection.  Sessions of
 * officers are never cached: each request reads its row.
 *
 * Wrong codes behind a right password are counted in the officer's row: so
 * nobody can try codes from a thousand addresses, and nobody without the
 * password can lock the officer out.
 */

#include "mc_store_sqlite.h"

#include "mc_store_officer.h"
#include "mc_store_officer_row.h"
#include "mc_time.h"


#define CODE_TRIES  5
#define CODE_TIME   (15 * MC_MINUTE)
#define CODE_MOST   MC_DAY


/* Uses the code's step up, if nothing has changed since it was read. */
static mc_err_t
step_use(mc_conn_t *conn, const mc_officer_session_t *session, int64_t step)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer SET totp_step = ?1, code_failures = 0, "
             "code_until = 0 WHERE id = ?2 AND epoch = ?3 "
             "AND disabled = 0 AND totp_step < ?1 AND code_until <= ?4");
    mc_query_int(&query, step);
    mc_query_int(&query, session->officer_id);
    mc_query_int(&query, session->epoch);
    mc_query_int(&query, session->created);

    err = mc_query_run(&query, &changes);

    return err == MC_OK && changes == 0 ? MC_EDENIED : err;
}


/* What has ended goes, the one of the cookie the log-in came with, whoever's
 * it was, and the oldest until there is room for one more. */
static mc_err_t
room_make(mc_conn_t *conn, const mc_officer_session_t *session,
    const uint8_t *replaced)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM officer_session WHERE hash = ? OR (officer_id = ? "
             "AND (expires_at <= ? OR epoch <> ?))");
    mc_query_blob(&query, replaced != NULL ? replaced : session->hash,
                  sizeof(session->hash));
    mc_query_int(&query, session->officer_id);
    mc_query_int(&query, session->created);
    mc_query_int(&query, session->epoch);

    err = mc_query_run(&query, NULL);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM officer_session WHERE officer_id = ?1 "
             "AND hash NOT IN (SELECT hash FROM officer_session "
             "WHERE officer_id = ?1 ORDER BY created_at DESC, hash "
             "LIMIT ?2)");
    mc_query_int(&query, session->officer_id);
    mc_query_int(&query, MC_OFFICER_SESSIONS - 1);

    return mc_query_run(&query, NULL);
}


static mc_err_t
session_insert(mc_conn_t *conn, const mc_officer_session_t *session)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO officer_session (hash, officer_id, epoch, "
             "created_at, last_seen, expires_at) VALUES (?, ?, ?, ?, ?, ?)");
    mc_query_blob(&query, session->hash, sizeof(session->hash));
    mc_query_int(&query, session->officer_id);
    mc_query_int(&query, session->epoch);
    mc_query_int(&query, session->created);
    mc_query_int(&query, session->last_seen);
    mc_query_int(&query, session->expires);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_officer_session_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_session_t *session, int64_t step,
    const uint8_t *replaced)
{
    mc_err_t  err;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    err = step_use(conn, session, step);

    if (err == MC_OK) {
        err = room_make(conn, session, replaced);
    }

    if (err == MC_OK) {
        err = session_insert(conn, session);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, 0, "login", "ok");
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_officer_session_get(mc_conn_t *conn, const uint8_t hash[32],
    mc_arena_t *arena, mc_officer_session_t *session,
    mc_officer_row_t *officer)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT s.epoch, s.created_at, s.last_seen, s.expires_at, "
             MC_OFFICER_COLUMNS " FROM officer_session s "
             "JOIN officer o ON o.id = s.officer_id WHERE s.hash = ?");
    mc_query_blob(&query, hash, 32);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        memcpy(session->hash, hash, sizeof(session->hash));
        session->epoch = mc_query_get_int(&query, 0);
        session->created = mc_query_get_int(&query, 1);
        session->last_seen = mc_query_get_int(&query, 2);
        session->expires = mc_query_get_int(&query, 3);
        (void) mc_officer_columns(&query, 4, arena, officer);
        session->officer_id = officer->id;
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_officer_session_touch(mc_conn_t *conn, const uint8_t hash[32],
    int64_t now)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer_session SET last_seen = max(last_seen, ?) "
             "WHERE hash = ?");
    mc_query_int(&query, now);
    mc_query_blob(&query, hash, 32);

    err = mc_query_run(&query, &changes);

    if (err == MC_OK && changes == 0) {
        err = MC_ENOTFOUND;
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_officer_session_drop(mc_conn_t *conn, const mc_actor_t *actor,
    const uint8_t hash[32])
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM officer_session WHERE hash = ?");
    mc_query_blob(&query, hash, 32);

    err = mc_query_run(&query, &changes);

    if (err == MC_OK && changes > 0) {
        err = mc_audit_append(conn, actor, 0, "logout", "ok");
    }

    return mc_write_end(conn, err);
}


/* The next wrong one: 5 lock the codes for 15 minutes, 5 more for 30 ... */
static int64_t
code_lock(uint32_t failures, int64_t now)
{
    int64_t   time;
    uint32_t  n;

    if (failures % CODE_TRIES != 0) {
        return 0;
    }

    time = CODE_TIME;

    for (n = CODE_TRIES; n < failures && time < CODE_MOST; n += CODE_TRIES) {
        time *= 2;
    }

    return now + (time < CODE_MOST ? time : CODE_MOST);
}


static mc_err_t
code_count(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_row_t *officer)
{
    int64_t     failures;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT code_failures FROM officer "
             "WHERE id = ? AND epoch = ? AND code_until <= ?");
    mc_query_int(&query, officer->id);
    mc_query_int(&query, officer->epoch);
    mc_query_int(&query, actor->now);

    err = mc_query_one(&query, &failures);

    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_OK : err;   /* locked meanwhile */
    }

    failures++;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer SET code_failures = ?, code_until = ? "
             "WHERE id = ?");
    mc_query_int(&query, failures);
    mc_query_int(&query, code_lock((uint32_t) failures, actor->now));
    mc_query_int(&query, officer->id);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_officer_code_failed(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_row_t *officer)
{
    mc_err_t  err;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    err = code_count(conn, actor, officer);

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, 0, "login", "code_wrong");
    }

    return mc_write_end(conn, err);
}
