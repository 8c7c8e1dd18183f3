/*
 * Sealed values change their seal.
 *
 * Depends on base.  Commands; the thread that has the connection.
 *
 * A value is only replaced where it still is the one that was read: what the
 * site saved meanwhile is newer.  Photos are overwritten in place, which
 * nothing else does; new bytes and their hash stand in one row, and the row
 * in one transaction of photo.db.
 */

#include "mc_store_rekey.h"

#include "mc_crypto.h"
#include "mc_store_sqlite.h"


typedef struct {
    mc_db_t      db;
    const char  *page;      /* id, type, name, member, reference, sealed */
    const char  *put;       /* ?1 id, ?2 what was read, ?3 fresh */
} kind_t;

static const kind_t  kinds[] = {
    [MC_REKEY_PROFILES] = {
        MC_DB_CORE,
        "SELECT id, user_type, member_no, 0, 0, profile FROM member "
        "WHERE id > ?1 AND length(profile) > 0 "
        "AND substr(profile, 2, 4) <> ?2 ORDER BY id LIMIT ?3",
        "UPDATE member SET profile = ?3 WHERE id = ?1 AND profile = ?2"
    },
    [MC_REKEY_CODES] = {
        MC_DB_CORE,
        "SELECT id, '', name, 0, 0, totp FROM officer "
        "WHERE id > ?1 AND substr(totp, 2, 4) <> ?2 ORDER BY id LIMIT ?3",
        "UPDATE officer SET totp = ?3 WHERE id = ?1 AND totp = ?2"
    },
    [MC_REKEY_MESSAGES] = {
        MC_DB_CORE,
        "SELECT id, '', dedupe, 0, 0, sealed FROM outbox "
        "WHERE id > ?1 AND length(sealed) > 0 "
        "AND substr(sealed, 2, 4) <> ?2 ORDER BY id LIMIT ?3",
        "UPDATE outbox SET sealed = ?3 WHERE id = ?1 AND sealed = ?2"
    },
    [MC_REKEY_PHOTOS] = {
        MC_DB_PHOTO,
        "SELECT id, '', '', member_id, role = 'reference', sealed FROM photo "
        "WHERE id > ?1 AND substr(sealed, 2, 4) <> ?2 ORDER BY id LIMIT ?3",
        "UPDATE photo SET sealed = ?3, sealed_sha256 = ?4 "
        "WHERE id = ?1 AND sealed = ?2"
    }
};


mc_err_t
mc_rekey_page(mc_conn_t *conn, mc_rekey_kind_t kind, const uint8_t key_id[4],
    int64_t after, size_t most, mc_arena_t *arena, mc_rekey_row_t *rows,
    size_t *count)
{
    mc_err_t         row;
    mc_query_t       query;
    mc_rekey_row_t  *r;

    *count = 0;

    mc_query(&query, conn, kinds[kind].db, kinds[kind].page);
    mc_query_int(&query, after);
    mc_query_blob(&query, key_id, 4);
    mc_query_int(&query, (int64_t) most);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < most;
         row = mc_query_row(&query))
    {
        r = &rows[(*count)++];
        *r = (mc_rekey_row_t) { .id = mc_query_get_int(&query, 0) };

        r->type = mc_query_get(&query, 1, arena);
        r->name = mc_query_get(&query, 2, arena);
        r->member_id = mc_query_get_int(&query, 3);
        r->reference = mc_query_get_int(&query, 4) != 0;
        r->sealed = mc_query_get(&query, 5, arena);
    }

    return mc_query_done(&query);
}


static mc_err_t
row_put(mc_conn_t *conn, mc_rekey_kind_t kind, const mc_rekey_row_t *row,
    int64_t *changed)
{
    int         changes;
    uint8_t     sha256[32];
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, kinds[kind].db, kinds[kind].put);
    mc_query_int(&query, row->id);
    mc_query_blob(&query, row->sealed.data, row->sealed.len);
    mc_query_blob(&query, row->fresh.data, row->fresh.len);

    if (kind == MC_REKEY_PHOTOS) {
        err = mc_sha256(row->fresh.data, row->fresh.len, sha256);
        if (err != MC_OK) {
            query.err = err;
        }

        mc_query_blob(&query, sha256, sizeof(sha256));
    }

    err = mc_query_run(&query, &changes);

    if (err == MC_OK) {
        *changed += changes;
    }

    return err;
}


/* The transaction of photo.db inside the one that has the lock. */
static mc_err_t
photo_word(mc_conn_t *conn, const char *word)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_PHOTO, word);

    return mc_query_run(&query, NULL);
}


static mc_err_t
rows_put(mc_conn_t *conn, mc_rekey_kind_t kind, const mc_rekey_row_t *rows,
    size_t count, int64_t *changed)
{
    size_t    i;
    mc_err_t  err;

    err = kind == MC_REKEY_PHOTOS ? photo_word(conn, "BEGIN IMMEDIATE")
                                  : MC_OK;
    if (err != MC_OK) {
        return err;
    }

    for (i = 0; err == MC_OK && i < count; i++) {

        if (rows[i].fresh.len > 0) {
            err = row_put(conn, kind, &rows[i], changed);
        }
    }

    if (kind != MC_REKEY_PHOTOS) {
        return err;
    }

    if (err == MC_OK) {
        err = photo_word(conn, "COMMIT");
    }

    if (!sqlite3_get_autocommit(conn->db[MC_DB_PHOTO])
        && mc_sqlite_exec(conn->db[MC_DB_PHOTO], "ROLLBACK") != MC_OK)
    {
        conn->bad = true;
    }

    return err;
}


mc_err_t
mc_rekey_put(mc_conn_t *conn, mc_rekey_kind_t kind,
    const mc_rekey_row_t *rows, size_t count, int64_t *changed)
{
    int64_t   done;
    mc_err_t  err;

    done = 0;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_end(conn, rows_put(conn, kind, rows, count, &done));

    if (err == MC_OK) {
        *changed += done;
    }

    return err;
}


mc_err_t
mc_rekey_codes(mc_conn_t *conn, int64_t before, int64_t *until)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT coalesce(max(expires_at), 0) FROM recovery "
             "WHERE used_at IS NULL AND at <= ?1 AND expires_at > ?1");
    mc_query_int(&query, before);

    return mc_query_one(&query, until);
}
