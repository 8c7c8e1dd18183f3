/*
 * Comparison cases: an upload opens one (mc_store_upload.c), a decision moves
 * it, a new upload or an administrator closes it.  What may follow what is the
 * domain's to say (mc_comparison.h); here it is said inside one transaction.
 *
 * Depends on base and domain.  The thread that has the connection.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>


#define CASE_PAGE  64

/* A case together with its member, as a list reads them. */
typedef struct {
    mc_case_row_t  row;
    mc_member_t    member;
} listed_t;


mc_err_t
mc_case_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_case_row_t *out)
{
    mc_str_t  state;

    *out = (mc_case_row_t) { .id = mc_query_get_int(query, first) };

    out->member_id = mc_query_get_int(query, first + 1);
    out->photo_id = mc_query_get_int(query, first + 2);
    mc_query_get_blob(query, first + 3, out->plain_sha256, 32);
    state = mc_query_peek(query, first + 4);

    if (query->err == MC_OK && !mc_case_read(state, &out->state)) {
        query->err = MC_ECORRUPT;
    }

    out->reason = mc_query_get(query, first + 5, arena);
    out->at = mc_query_get_int(query, first + 6);
    out->decided_at = mc_query_get_int(query, first + 7);
    out->declared = mc_query_get_int(query, first + 8) != 0;
    out->next_try = mc_query_get_int(query, first + 9);
    out->tries = (uint32_t) mc_query_get_int(query, first + 10);
    out->result = mc_query_get(query, first + 11, arena);
    out->score = (int32_t) mc_query_get_int(query, first + 12);
    out->model = mc_query_get(query, first + 13, arena);
    out->warnings = mc_query_get(query, first + 14, arena);

    return query->err;
}


static mc_err_t
case_one(mc_query_t *query, mc_arena_t *arena, mc_case_row_t *out)
{
    mc_err_t  row, err;

    row = mc_query_row(query);

    if (row == MC_OK) {
        (void) mc_case_columns(query, 0, arena, out);
    }

    err = mc_query_done(query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_case_newest(mc_conn_t *conn, int64_t member_id, mc_arena_t *arena,
    mc_case_row_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CASE_COLUMNS " FROM photo_case c "
             "WHERE c.member_id = ? ORDER BY c.id DESC LIMIT 1");
    mc_query_int(&query, member_id);

    return case_one(&query, arena, out);
}


mc_err_t
mc_case_same(mc_conn_t *conn, int64_t member_id,
    const uint8_t plain_sha256[32], mc_arena_t *arena, mc_case_row_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CASE_COLUMNS " FROM photo_case c "
             "WHERE c.member_id = ? AND c.plain_sha256 = ? "
             "AND c.state <> 'closed' ORDER BY c.id DESC LIMIT 1");
    mc_query_int(&query, member_id);
    mc_query_blob(&query, plain_sha256, 32);

    return case_one(&query, arena, out);
}


static mc_err_t
page_read(mc_conn_t *conn, mc_case_state_t state, int64_t after,
    mc_arena_t *arena, listed_t **out, size_t *count)
{
    mc_err_t     row;
    listed_t    *list, *item;
    mc_query_t   query;

    *count = 0;

    list = mc_arena_alloc(arena, CASE_PAGE * sizeof(listed_t));
    if (list == NULL) {
        return MC_ENOMEM;
    }

    *out = list;

    mc_query(&query, conn, MC_DB_CORE,
             state == MC_CASE_NONE
             ? "SELECT " MC_CASE_COLUMNS ", " MC_MEMBER_COLUMNS
               " FROM photo_case c JOIN member m ON m.id = c.member_id"
               " WHERE c.id > ? ORDER BY c.id LIMIT ?"
             : "SELECT " MC_CASE_COLUMNS ", " MC_MEMBER_COLUMNS
               " FROM photo_case c JOIN member m ON m.id = c.member_id"
               " WHERE c.id > ? AND c.state = ?3 ORDER BY c.id LIMIT ?2");
    mc_query_int(&query, after);
    mc_query_int(&query, CASE_PAGE);

    if (state != MC_CASE_NONE) {
        mc_query_text(&query, mc_str_from(mc_case_name(state)));
    }

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < CASE_PAGE;
         row = mc_query_row(&query))
    {
        item = &list[(*count)++];

        (void) mc_case_columns(&query, 0, arena, &item->row);
        (void) mc_member_columns(&query, MC_CASE_COLUMN_COUNT, arena,
                                 &item->member);
    }

    return mc_query_done(&query);
}


mc_err_t
mc_case_list(mc_conn_t *conn, mc_case_state_t state, mc_case_visit_pt visit,
    void *data)
{
    size_t       i, count;
    int64_t      after;
    mc_err_t     err;
    listed_t    *list;
    mc_arena_t   arena;

    if ((int) state < 0 || state >= MC_CASE_STATES) {
        return MC_EINVAL;
    }

    after = 0;
    mc_arena_init(&arena, MC_SCAN_ARENA);

    do {
        err = page_read(conn, state, after, &arena, &list, &count);

        for (i = 0; err == MC_OK && i < count; i++) {
            after = list[i].row.id;
            err = visit(data, &list[i].row, &list[i].member);
        }

        mc_arena_free(&arena);

    } while (err == MC_OK && count == CASE_PAGE);

    return err;
}


static mc_err_t
state_write(mc_conn_t *conn, int64_t id, mc_case_state_t state)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET state = ? WHERE id = ?");
    mc_query_text(&query, mc_str_from(mc_case_name(state)));
    mc_query_int(&query, id);

    return mc_query_run(&query, NULL);
}


/*
 * The case of this photo, which must be its member's newest: MC_ENOTFOUND
 * no such photo, MC_ECONFLICT a photo on record or one that was replaced.
 */
static mc_err_t
decidable_read(mc_conn_t *conn, int64_t photo_id, mc_arena_t *arena,
    mc_case_row_t *out)
{
    int64_t     newest;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CASE_COLUMNS " FROM photo_case c "
             "WHERE c.photo_id = ?");
    mc_query_int(&query, photo_id);

    err = case_one(&query, arena, out);

    if (err == MC_ENOTFOUND) {
        mc_query(&query, conn, MC_DB_PHOTO,
                 "SELECT 1 FROM photo WHERE id = ?");
        mc_query_int(&query, photo_id);

        err = mc_query_one(&query, &newest);

        return err == MC_OK ? MC_ECONFLICT : err;
    }

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT max(id) FROM photo_case WHERE member_id = ?");
    mc_query_int(&query, out->member_id);

    err = mc_query_one(&query, &newest);
    if (err != MC_OK) {
        return err;
    }

    return newest == out->id ? MC_OK : MC_ECONFLICT;
}


static mc_err_t
decision_write(mc_conn_t *conn, const mc_case_row_t *row, bool costs)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET state = ?, reason = ?, decided_at = ? "
             "WHERE id = ?");
    mc_query_text(&query, mc_str_from(mc_case_name(row->state)));
    mc_query_text(&query, row->reason);
    mc_query_id(&query, row->decided_at);
    mc_query_int(&query, row->id);

    err = mc_query_run(&query, NULL);

    if (err != MC_OK || !costs) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET attempts = attempts + 1 WHERE id = ?");
    mc_query_int(&query, row->member_id);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_case_decide(mc_conn_t *conn, const mc_actor_t *actor, int64_t photo_id,
    mc_case_event_t event, mc_str_t reason, mc_case_row_t *out,
    mc_arena_t *arena)
{
    char           result[64];
    mc_err_t       err;
    mc_case_row_t  row;

    /* the other events have functions of their own */

    if (event < MC_CASE_SAYS_MATCH || event > MC_CASE_REJECT) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = decidable_read(conn, photo_id, arena, &row);

    if (err == MC_OK) {
        err = mc_case_next(row.state, event, &row.state);
    }

    if (err == MC_OK) {
        row.reason = mc_arena_str(arena, reason);
        row.decided_at = row.state == MC_CASE_REVIEW ? 0 : actor->now;

        err = row.reason.data == NULL
              ? MC_ENOMEM
              : decision_write(conn, &row, mc_case_costs(event));
    }

    if (err == MC_OK) {
        snprintf(result, sizeof(result), "photo %lld %s",
                 (long long) photo_id, mc_case_name(row.state));

        err = mc_audit_append(conn, actor, row.member_id, "decide", result);
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *out = row;
    }

    return err;
}


/* Closes the newest case where a reset has a meaning for it. */
static mc_err_t
reset_close(mc_conn_t *conn, int64_t member_id)
{
    mc_err_t         err;
    mc_arena_t       arena;
    mc_case_row_t    row;
    mc_case_state_t  next;

    mc_arena_init(&arena, 64 * 1024);

    err = mc_case_newest(conn, member_id, &arena, &row);

    if (err == MC_OK
        && mc_case_next(row.state, MC_CASE_RESET, &next) == MC_OK
        && next != row.state)
    {
        err = state_write(conn, row.id, next);
    }

    mc_arena_free(&arena);

    return err == MC_ENOTFOUND ? MC_OK : err;
}


mc_err_t
mc_case_reset(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET attempts = 0 WHERE id = ?");
    mc_query_int(&query, member_id);

    err = mc_query_run(&query, &changes);

    if (err == MC_OK && changes == 0) {
        err = MC_ENOTFOUND;
    }

    if (err == MC_OK) {
        err = reset_close(conn, member_id);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, member_id, "reset", "ok");
    }

    return mc_write_end(conn, err);
}
