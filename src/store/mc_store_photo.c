/*
 * Photo rows in photo.db, which are written once and never changed.
 *
 * Depends on base.  The thread that has the connection.
 *
 * SQLite does not notice a flipped bit in a blob, so each row carries the
 * SHA-256 of its sealed bytes, and no photo leaves this file unchecked.
 *
 * Ids are short, because officers type them, and are needed before the photo
 * can be sealed.  A process takes them PHOTO_BLOCK at a time from photo_seq,
 * durably, and hands them out from memory: one small commit for many
 * uploads.  What a process that ends had not used is a gap, nothing more.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>

#include "mc_crypto.h"


#define PHOTO_BLOCK  32


mc_err_t
mc_photo_sealed_check(mc_str_t sealed, const uint8_t sha256[32])
{
    uint8_t   right[32];
    mc_err_t  err;

    err = mc_sha256(sealed.data, sealed.len, right);
    if (err != MC_OK) {
        return err;
    }

    return mc_equal_const(right, sha256, 32) ? MC_OK : MC_ECORRUPT;
}


static mc_err_t
photo_columns(mc_query_t *query, bool check, mc_arena_t *arena,
    mc_photo_row_t *out)
{
    uint8_t   sha256[32];
    mc_err_t  err;

    out->id = mc_query_get_int(query, 0);
    out->member_id = mc_query_get_int(query, 1);
    out->reference = mc_str_is(mc_query_peek(query, 2), "reference");
    mc_query_get_blob(query, 3, sha256, 32);
    mc_query_get_blob(query, 4, out->plain_sha256, 32);
    out->at = mc_query_get_int(query, 5);
    out->sealed = mc_query_get(query, 6, arena);

    if (query->err == MC_OK && check) {
        err = mc_photo_sealed_check(out->sealed, sha256);
        if (err != MC_OK) {
            query->err = err;
        }
    }

    return query->err;
}


static mc_err_t
photo_read(mc_conn_t *conn, int64_t photo_id, bool check, mc_arena_t *arena,
    mc_photo_row_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_PHOTO,
             "SELECT id, member_id, role, sealed_sha256, plain_sha256, at, "
             "sealed FROM photo WHERE id = ?");
    mc_query_int(&query, photo_id);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        (void) photo_columns(&query, check, arena, out);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_photo_get(mc_conn_t *conn, int64_t photo_id, mc_arena_t *arena,
    mc_photo_row_t *out)
{
    return photo_read(conn, photo_id, true, arena, out);
}


mc_err_t
mc_photo_load(mc_conn_t *conn, int64_t photo_id, mc_arena_t *arena,
    mc_photo_row_t *out)
{
    return photo_read(conn, photo_id, false, arena, out);
}


/* Takes one of the ids this process still has; false when there is none. */
static bool
block_take(mc_store_t *store, int64_t *photo_id)
{
    bool  taken;

    pthread_mutex_lock(&store->mutex);

    taken = store->photo_next < store->photo_end;
    if (taken) {
        *photo_id = store->photo_next++;
    }

    pthread_mutex_unlock(&store->mutex);

    return taken;
}


/*
 * The first id of a new block.  Beside the sequence everything that exists
 * or is pointed to counts, so that a photo.db that was restored from an
 * older day gives no id twice.
 */
static mc_err_t
block_first(mc_conn_t *conn, int64_t *first)
{
    size_t       i;
    int64_t      id;
    mc_err_t     err;
    mc_query_t   query;
    static const struct {
        mc_db_t      db;
        const char  *sql;
    } floors[] = {
        { MC_DB_PHOTO, "SELECT next FROM photo_seq WHERE id = 1" },
        { MC_DB_PHOTO, "SELECT max(id) + 1 FROM photo" },
        { MC_DB_CORE, "SELECT max(photo_id) + 1 FROM photo_case" },
        { MC_DB_CORE, "SELECT max(photo_id) + 1 FROM member "
                      "WHERE photo_id IS NOT NULL" },
        { MC_DB_CORE, "SELECT max(reference_id) + 1 FROM member "
                      "WHERE reference_id IS NOT NULL" }
    };

    *first = 1;

    for (i = 0; i < mc_count(floors); i++) {
        mc_query(&query, conn, floors[i].db, floors[i].sql);

        err = mc_query_one(&query, &id);
        if (err != MC_OK) {
            return err == MC_ENOTFOUND ? MC_ECORRUPT : err;
        }

        if (id > *first) {
            *first = id;
        }
    }

    return MC_OK;
}


static mc_err_t
block_write(mc_conn_t *conn, int64_t first)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_PHOTO,
             "UPDATE photo_seq SET next = ? WHERE id = 1");
    mc_query_int(&query, first + PHOTO_BLOCK);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_photo_reserve(mc_conn_t *conn, int64_t *photo_id)
{
    int64_t      first;
    mc_err_t     err;
    mc_store_t  *store;

    store = conn->store;

    if (block_take(store, photo_id)) {
        return MC_OK;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    /* another thread may have been here while this one waited */

    if (block_take(store, photo_id)) {
        return mc_write_end(conn, MC_OK);
    }

    err = block_first(conn, &first);

    if (err == MC_OK) {
        err = block_write(conn, first);
    }

    if (err == MC_OK) {
        pthread_mutex_lock(&store->mutex);
        store->photo_next = first + 1;
        store->photo_end = first + PHOTO_BLOCK;
        pthread_mutex_unlock(&store->mutex);

        *photo_id = first;
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_photo_insert(mc_conn_t *conn, const mc_photo_row_t *photo)
{
    uint8_t     sha256[32];
    mc_err_t    err;
    mc_query_t  query;

    err = mc_sha256(photo->sealed.data, photo->sealed.len, sha256);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_PHOTO,
             "INSERT INTO photo (id, member_id, role, sealed_sha256, "
             "plain_sha256, at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)");
    mc_query_int(&query, photo->id);
    mc_query_int(&query, photo->member_id);
    mc_query_text(&query, photo->reference ? mc_str("reference")
                                           : mc_str("certificate"));
    mc_query_blob(&query, sha256, 32);
    mc_query_blob(&query, photo->plain_sha256, 32);
    mc_query_int(&query, photo->at);
    mc_query_blob(&query, photo->sealed.data, photo->sealed.len);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_photo_pointed(mc_conn_t *conn, int64_t photo_id, int64_t since,
    bool *pointed)
{
    int64_t     yes;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT EXISTS (SELECT 1 FROM photo_case WHERE photo_id = ?1 "
             "AND " MC_CASE_KEEPS ") "
             "OR EXISTS (SELECT 1 FROM member WHERE photo_id = ?1) "
             "OR EXISTS (SELECT 1 FROM member WHERE reference_id = ?1) "
             "OR EXISTS (SELECT 1 FROM confirmation WHERE photo_id = ?1)");
    mc_query_int(&query, photo_id);
    mc_query_int(&query, since);

    err = mc_query_one(&query, &yes);

    if (err == MC_OK) {
        *pointed = yes != 0;
    }

    return err;
}


/* The member's pointer to a photo of the institute. */
static mc_err_t
record_point(mc_conn_t *conn, const mc_photo_row_t *photo)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             photo->reference
             ? "UPDATE member SET reference_id = ? WHERE id = ?"
             : "UPDATE member SET photo_id = ?, revision = revision + 1 "
               "WHERE id = ?");
    mc_query_int(&query, photo->id);
    mc_query_int(&query, photo->member_id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
member_exists(mc_conn_t *conn, int64_t id)
{
    int64_t     one;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE, "SELECT 1 FROM member WHERE id = ?");
    mc_query_int(&query, id);

    return mc_query_one(&query, &one);
}


mc_err_t
mc_photo_record(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_photo_row_t *photo)
{
    char      result[64];
    mc_err_t  err;

    if (photo->id <= 0) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = member_exists(conn, photo->member_id);

    if (err == MC_OK) {
        err = mc_photo_insert(conn, photo);
    }

    if (err == MC_OK) {
        err = record_point(conn, photo);
    }

    if (err == MC_OK) {
        snprintf(result, sizeof(result), "%s %lld",
                 photo->reference ? "reference" : "photo",
                 (long long) photo->id);

        err = mc_audit_append(conn, actor, photo->member_id, "import",
                              result);
    }

    return mc_write_end(conn, err);
}
