/*
 * A write transaction: lock, BEGIN IMMEDIATE, the statements, COMMIT, a
 * checkpoint where the WAL grew long, unlock.
 *
 * Depends on base.  The thread that has the connection.
 *
 * The transaction is core.db's.  A photo is committed on its own in
 * photo.db in between: it must be there before anything points to it, and
 * when the transaction then fails it is an orphan that mc_store_gc() finds.
 */

#include "mc_store_sqlite.h"


#define CHECKPOINT_FRAMES  4000     /* 16 MB of WAL */
#define CHECKPOINT_AGAIN   1000     /* more, where a reader held it up */


mc_err_t
mc_write_begin(mc_conn_t *conn)
{
    int         i, left;
    mc_err_t    err;
    mc_query_t  query;

    if (conn->writing) {
        return MC_EINVAL;
    }

    err = mc_lock_take(conn, &left);
    if (err != MC_OK) {
        return err;
    }

    conn->writing = true;

    for (i = 0; i < MC_DBS; i++) {
        conn->frames[i] = 0;
        sqlite3_busy_timeout(conn->db[i], left);
    }

    mc_query(&query, conn, MC_DB_CORE, "BEGIN IMMEDIATE");

    err = mc_query_run(&query, NULL);
    if (err != MC_OK) {
        return mc_write_end(conn, err);
    }

    return MC_OK;
}


mc_err_t
mc_write_begin_within(mc_conn_t *conn, uint32_t wait)
{
    mc_err_t  err;

    conn->wait = wait > 0 ? wait : 1;
    err = mc_write_begin(conn);
    conn->wait = 0;

    return err;
}


/*
 * PASSIVE waits for nobody: what a reader still needs stays in the WAL, and
 * the next try is due when it has grown further.  A failure is no loss, the
 * commit stands in the WAL.
 */
static void
checkpoint(mc_conn_t *conn, mc_db_t db)
{
    int  frames, done, *last;

    frames = conn->frames[db];
    last = &conn->writer->checkpointed[db];

    if (frames < CHECKPOINT_FRAMES) {
        return;
    }

    if (*last != 0 && frames >= *last && frames < *last + CHECKPOINT_AGAIN) {
        return;
    }

    *last = frames;

    if (sqlite3_wal_checkpoint_v2(conn->db[db], "main",
                                  SQLITE_CHECKPOINT_PASSIVE, &frames, &done)
        == SQLITE_OK && done == frames)
    {
        *last = 0;      /* the next writer starts the WAL anew */
    }
}


/* After an error SQLite may have rolled back by itself; then there is
 * nothing to commit. */
static mc_err_t
transaction_end(mc_conn_t *conn, mc_err_t err)
{
    sqlite3     *db;
    mc_query_t   query;

    db = conn->db[MC_DB_CORE];

    if (sqlite3_get_autocommit(db)) {
        if (err == MC_OK) {
            conn->bad = true;
            return MC_EIO;
        }

        return err;
    }

    if (err == MC_OK) {
        mc_query(&query, conn, MC_DB_CORE, "COMMIT");
        err = mc_query_run(&query, NULL);
    }

    if (!sqlite3_get_autocommit(db)
        && mc_sqlite_exec(db, "ROLLBACK") != MC_OK
        && !sqlite3_get_autocommit(db))
    {
        conn->bad = true;
    }

    return err;
}


mc_err_t
mc_write_end(mc_conn_t *conn, mc_err_t err)
{
    int  i;

    err = transaction_end(conn, err);

    for (i = 0; i < MC_DBS; i++) {
        checkpoint(conn, (mc_db_t) i);
        sqlite3_busy_timeout(conn->db[i], (int) conn->store->deadline);
    }

    conn->writing = false;
    mc_lock_give(conn);

    return err;
}


mc_err_t
mc_write_guard(mc_conn_t *conn, const mc_write_guard_t *guard,
    int64_t member_id, int64_t now)
{
    int64_t     good;
    mc_err_t    err;
    mc_query_t  query;

    if (guard == NULL || guard->hash == NULL) {
        return MC_OK;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM session s JOIN member m ON m.id = s.member_id "
             "WHERE s.hash = ? AND s.member_id = ? AND s.epoch = ? "
             "AND s.expires_at > ? AND m.epoch = s.epoch "
             "AND m.disabled = 0");
    mc_query_blob(&query, guard->hash, 32);
    mc_query_int(&query, member_id);
    mc_query_int(&query, guard->epoch);
    mc_query_int(&query, now);

    err = mc_query_one(&query, &good);

    return err == MC_ENOTFOUND ? MC_EDENIED : err;
}
