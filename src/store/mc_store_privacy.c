/*
 * What is held of one member: read for the member, erased.
 *
 * Depends on base.  Commands; the thread that has the connection.
 *
 * core.db first, in one transaction: from then on nothing points to the
 * photos any more, and those that could not be deleted are orphans that gc
 * finds.  Freed pages are overwritten (secure_delete), and the WAL, which
 * still has them, is written back and emptied at the end.
 */

#include "mc_store_privacy.h"

#include <stdio.h>
#include <unistd.h>

#include "mc_store_sqlite.h"


#define TRUNCATE_WAIT  1000         /* ms for readers to let the WAL go */

static const struct {
    const char  *name;
    const char  *sql;
} parts[] = {
    { "cases",
      "SELECT id, photo_id, state, reason, at, decided_at, declared, tries, "
      "result, score, model, warnings FROM photo_case WHERE member_id = ? "
      "ORDER BY id" },
    { "consents",
      "SELECT document, version, accepted, at FROM consent "
      "WHERE member_id = ? ORDER BY id" },
    { "confirmations",
      "SELECT serial, version, photo_id, code, at, superseded_at, "
      "revoked_at, erased_at, reason, statement, "
      "CAST(frozen AS TEXT) AS frozen "
      "FROM confirmation WHERE member_id = ? ORDER BY serial" },
    { "files",
      "SELECT i.serial, hex(i.sha256) AS sha256, i.at FROM issued i "
      "JOIN confirmation c ON c.serial = i.serial "
      "WHERE c.member_id = ? ORDER BY i.serial, i.at" },
    { "sessions",
      "SELECT label, address, client, created_at, last_seen, confirmed_at, "
      "expires_at "
      "FROM session WHERE member_id = ? ORDER BY created_at" },
    { "recoveries",
      "SELECT kind, tries, at, expires_at, used_at FROM recovery "
      "WHERE member_id = ? ORDER BY at" },
    { "messages",
      "SELECT kind, channel, state, at, expires_at, tries, done_at "
      "FROM outbox WHERE member_id = ? ORDER BY id" },
    { "passwords",
      "SELECT at FROM password_history WHERE member_id = ? ORDER BY id" },
    { "audit",
      "SELECT seq, at, actor, action, result, address, request_id "
      "FROM audit WHERE member_id = ? ORDER BY seq" }
};


/* One row as an object: the columns under their names. */
static void
row_write(mc_query_t *query, mc_json_out_t *out)
{
    int       i, columns;
    mc_str_t  text;

    columns = sqlite3_column_count(query->stmt);
    mc_json_open(out, '{');

    for (i = 0; i < columns && query->err == MC_OK; i++) {
        mc_json_key(out, sqlite3_column_name(query->stmt, i));

        switch (sqlite3_column_type(query->stmt, i)) {

        case SQLITE_INTEGER:
            mc_json_int(out, mc_query_get_int(query, i));
            break;

        case SQLITE_NULL:
            mc_json_null(out);
            break;

        default:
            text = mc_query_peek(query, i);
            mc_json_str(out, text);
            break;
        }
    }

    mc_json_close(out, '}');
}


mc_err_t
mc_privacy_rows(mc_conn_t *conn, int64_t member_id, mc_json_out_t *out)
{
    size_t      i;
    mc_err_t    row, err;
    mc_query_t  query;

    for (i = 0; i < mc_count(parts); i++) {
        mc_json_key(out, parts[i].name);
        mc_json_open(out, '[');

        mc_query(&query, conn, MC_DB_CORE, parts[i].sql);
        mc_query_int(&query, member_id);

        for (row = mc_query_row(&query);
             row == MC_OK && query.err == MC_OK && out->buf->err == MC_OK;
             row = mc_query_row(&query))
        {
            row_write(&query, out);
        }

        err = mc_query_done(&query);
        if (err != MC_OK) {
            return err;
        }

        mc_json_close(out, ']');
    }

    return out->buf->err;
}


mc_err_t
mc_privacy_photos(mc_conn_t *conn, int64_t member_id, mc_arena_t *arena,
    int64_t **ids, size_t *count)
{
    int64_t     n;
    mc_err_t    err, row;
    mc_query_t  query;

    *count = 0;

    mc_query(&query, conn, MC_DB_PHOTO,
             "SELECT count(*) FROM photo WHERE member_id = ?");
    mc_query_int(&query, member_id);

    err = mc_query_one(&query, &n);
    if (err != MC_OK) {
        return err;
    }

    *ids = mc_arena_alloc(arena, (size_t) (n + 1) * sizeof(int64_t));
    if (*ids == NULL) {
        return MC_ENOMEM;
    }

    mc_query(&query, conn, MC_DB_PHOTO,
             "SELECT id FROM photo WHERE member_id = ? ORDER BY id LIMIT ?");
    mc_query_int(&query, member_id);
    mc_query_int(&query, n);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < (size_t) n;
         row = mc_query_row(&query))
    {
        (*ids)[(*count)++] = mc_query_get_int(&query, 0);
    }

    return mc_query_done(&query);
}


/* What goes, and what is left of what stays; ?1 is the member. */
static const char *const  erasures[] = {
    "DELETE FROM session WHERE member_id = ?1",
    "DELETE FROM recovery WHERE member_id = ?1",
    "DELETE FROM outbox WHERE member_id = ?1",
    "DELETE FROM password_history WHERE member_id = ?1",
    "DELETE FROM photo_case WHERE member_id = ?1",
    "DELETE FROM issued WHERE serial IN "
    "(SELECT serial FROM confirmation WHERE member_id = ?1)"
};


static mc_err_t
member_clear(mc_conn_t *conn, int64_t member_id)
{
    int         changes;
    char        number[32];
    mc_err_t    err;
    mc_query_t  query;

    (void) snprintf(number, sizeof(number), "erased-%lld",
                    (long long) member_id);

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET member_no = ?2, name = '', sex = '', "
             "certificate_no = '', category = '', admitted_on = '', "
             "institute = NULL, status = 'left', password_hash = NULL, "
             "password_at = NULL, password_forced = 0, disabled = 1, "
             "epoch = epoch + 1, profile = x'', id_key = NULL, "
             "photo_id = NULL, reference_id = NULL, "
             "revision = revision + 1, attempts = 0 WHERE id = ?1");
    mc_query_int(&query, member_id);
    mc_query_text(&query, mc_str_from(number));

    err = mc_query_run(&query, &changes);

    return err == MC_OK && changes == 0 ? MC_ENOTFOUND : err;
}


/* The version is a digest of what was frozen, and goes with it. */
static mc_err_t
confirmations_clear(mc_conn_t *conn, int64_t member_id, int64_t now)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE confirmation SET frozen = x'', photo_id = 0, "
             "reason = NULL, statement = NULL, version = "
             "'00000000000000000000000000000000"
             "00000000000000000000000000000000', "
             "erased_at = coalesce(erased_at, ?2) WHERE member_id = ?1");
    mc_query_int(&query, member_id);
    mc_query_int(&query, now);

    return mc_query_run(&query, NULL);
}


static mc_err_t
core_erase(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id)
{
    size_t      i;
    mc_err_t    err;
    mc_query_t  query;

    err = member_clear(conn, member_id);

    for (i = 0; err == MC_OK && i < mc_count(erasures); i++) {
        mc_query(&query, conn, MC_DB_CORE, erasures[i]);
        mc_query_int(&query, member_id);

        err = mc_query_run(&query, NULL);
    }

    if (err == MC_OK) {
        err = confirmations_clear(conn, member_id, actor->now);
    }

    return err == MC_OK
           ? mc_audit_append(conn, actor, member_id, "erase", "ok") : err;
}


static mc_err_t
photos_erase(mc_conn_t *conn, int64_t member_id, int64_t *removed)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    changes = 0;

    mc_query(&query, conn, MC_DB_PHOTO,
             "DELETE FROM photo WHERE member_id = ?");
    mc_query_int(&query, member_id);

    err = mc_query_run(&query, &changes);
    *removed = changes;

    return mc_write_end(conn, err);
}


/* True when the WAL of both files is empty. */
static bool
wal_empty(mc_conn_t *conn)
{
    int   i, left;
    bool  empty;

    if (mc_lock_take(conn, &left) != MC_OK) {
        return false;
    }

    empty = true;

    for (i = 0; i < MC_DBS; i++) {
        sqlite3_busy_timeout(conn->db[i], TRUNCATE_WAIT);

        if (sqlite3_wal_checkpoint_v2(conn->db[i], "main",
                                      SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)
            != SQLITE_OK)
        {
            empty = false;
        }

        sqlite3_busy_timeout(conn->db[i], (int) conn->store->deadline);
        conn->writer->checkpointed[i] = 0;
    }

    mc_lock_give(conn);

    return empty;
}


mc_err_t
mc_privacy_erase(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id,
    mc_privacy_erased_t *out)
{
    int        fd;
    mc_err_t   err;
    mc_path_t  dir;

    *out = (mc_privacy_erased_t) { .photos = 0 };

    err = mc_dir_real(conn->store->dir, dir);

    /* a backup has copied pointers to the photos */

    if (err == MC_OK) {
        err = mc_lock_folder(dir, true, &fd);
    }

    if (err != MC_OK) {
        return err;
    }

    err = mc_write_begin(conn);

    if (err == MC_OK) {
        err = mc_write_end(conn, core_erase(conn, actor, member_id));
    }

    if (err == MC_OK) {
        err = photos_erase(conn, member_id, &out->photos);
    }

    if (err == MC_OK) {
        out->traces = !wal_empty(conn);
    }

    close(fd);

    return err;
}
