/*
 * One upload: photo, case, audit row; and what a member's uploads are
 * bounded by, asked inside the transaction that would go beyond.
 *
 * Depends on base and domain.  The thread that has the connection.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>

#include "mc_time.h"


/* Attempts left, told in the transaction that uses one up. */
static mc_err_t
attempts_check(mc_conn_t *conn, int64_t member_id, uint32_t most)
{
    int64_t     attempts;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT attempts FROM member WHERE id = ?");
    mc_query_int(&query, member_id);

    err = mc_query_one(&query, &attempts);
    if (err != MC_OK) {
        return err;
    }

    return attempts >= (int64_t) most ? MC_ECONFLICT : MC_OK;
}


/* Ten requests with one picture are one case: those that looked before the
 * first had written look again. */
static mc_err_t
same_check(mc_conn_t *conn, const mc_photo_row_t *photo, mc_upload_t *upload)
{
    mc_err_t       err;
    mc_arena_t     arena;
    mc_case_row_t  same;

    if (upload->same == MC_SAME_ANY) {
        return MC_OK;
    }

    mc_arena_init(&arena, 64 * 1024);
    err = mc_case_same(conn, photo->member_id, photo->plain_sha256, &arena,
                       &same);
    mc_arena_free(&arena);

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return err;
    }

    upload->overtaken = (err == MC_OK ? same.id : 0) != upload->same;

    return upload->overtaken ? MC_ECONFLICT : MC_OK;
}


/* The oldest of the last "daily" uploads tells when the next may come. */
static mc_err_t
daily_check(mc_conn_t *conn, int64_t member_id, int64_t now,
    mc_upload_t *upload)
{
    int64_t     at;
    mc_err_t    err;
    mc_query_t  query;

    if (upload->daily == 0) {
        return MC_OK;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT at FROM photo_case WHERE member_id = ? "
             "ORDER BY id DESC LIMIT 1 OFFSET ?");
    mc_query_int(&query, member_id);
    mc_query_int(&query, (int64_t) upload->daily - 1);

    err = mc_query_one(&query, &at);
    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_OK : err;
    }

    if (at <= now - MC_DAY) {
        return MC_OK;
    }

    upload->until = at + MC_DAY;

    return MC_ETOOBIG;
}


static mc_err_t
upload_check(mc_conn_t *conn, const mc_photo_row_t *photo,
    mc_upload_t *upload)
{
    mc_err_t  err;

    upload->overtaken = false;
    upload->until = 0;

    err = same_check(conn, photo, upload);

    if (err == MC_OK) {
        err = attempts_check(conn, photo->member_id, upload->attempts);
    }

    return err == MC_OK
           ? daily_check(conn, photo->member_id, photo->at, upload)
           : err;
}


/* What still waits for a decision or for the member's confirmation. */
static mc_err_t
waiting_close(mc_conn_t *conn, int64_t member_id)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET state = 'closed' WHERE member_id = ? "
             "AND state IN ('pending', 'review', 'matched')");
    mc_query_int(&query, member_id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
case_insert(mc_conn_t *conn, mc_case_row_t *row)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO photo_case (member_id, photo_id, plain_sha256, "
             "state, reason, at, declared, next_try, warnings) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    mc_query_int(&query, row->member_id);
    mc_query_int(&query, row->photo_id);
    mc_query_blob(&query, row->plain_sha256, 32);
    mc_query_text(&query, mc_str_from(mc_case_name(row->state)));
    mc_query_text(&query, row->reason);
    mc_query_int(&query, row->at);
    mc_query_int(&query, row->declared);
    mc_query_int(&query, row->next_try);
    mc_query_text(&query, row->warnings);

    err = mc_query_run(&query, NULL);

    row->id = sqlite3_last_insert_rowid(conn->db[MC_DB_CORE]);

    return err;
}


static mc_err_t
upload_write(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_photo_row_t *photo, mc_upload_t *upload, mc_case_row_t *row)
{
    char      result[64];
    mc_err_t  err;

    err = upload_check(conn, photo, upload);

    if (err == MC_OK) {
        err = mc_photo_insert(conn, photo);
    }

    if (err == MC_OK) {
        err = waiting_close(conn, photo->member_id);
    }

    if (err == MC_OK) {
        err = case_insert(conn, row);
    }

    if (err == MC_OK) {
        snprintf(result, sizeof(result), "photo %lld",
                 (long long) photo->id);

        err = mc_audit_append(conn, actor, photo->member_id, "upload",
                              result);
    }

    return err;
}


mc_err_t
mc_photo_upload(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_photo_row_t *photo,
    mc_upload_t *upload, bool declared, mc_case_row_t *out)
{
    mc_err_t       err;
    mc_case_row_t  row;

    if (photo->id <= 0 || photo->reference) {
        return MC_EINVAL;
    }

    row = (mc_case_row_t) {
        .member_id = photo->member_id,
        .photo_id = photo->id,
        .state = MC_CASE_PENDING,
        .reason = mc_str(""),
        .at = photo->at,
        .declared = declared,
        .next_try = photo->at,
        .score = -1,
        .warnings = out->warnings
    };

    if (out->state == MC_CASE_REVIEW) {
        row.state = MC_CASE_REVIEW;
        row.reason = out->reason;
    }

    memcpy(row.plain_sha256, photo->plain_sha256, 32);

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_guard(conn, guard, photo->member_id, actor->now);

    if (err == MC_OK) {
        err = upload_write(conn, actor, photo, upload, &row);
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *out = row;
    }

    return err;
}
