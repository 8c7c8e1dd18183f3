/*
 * Comparisons as jobs: pending cases that are due are taken under a lease;
 * whoever has one records a result or puts it back.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * While a case is taken its next_try is the end of the lease, so "due" is
 * one range of one index, and a taker that dies needs no clearing up.  A
 * lease is known by its end: the next taker's end is later, because it may
 * take only when the first one is over.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>

#include "mc_time.h"


/* No wait and no lease is that long: where the clock was set back, a case is
 * not lost until the old time comes round again. */
#define FAR  MC_HOUR


static mc_err_t
due_columns(mc_query_t *query, mc_arena_t *arena, mc_case_due_t *out)
{
    *out = (mc_case_due_t) { .id = mc_query_get_int(query, 0) };

    out->member_id = mc_query_get_int(query, 1);
    out->photo_id = mc_query_get_int(query, 2);
    out->reference_id = mc_query_get_int(query, 3);
    out->at = mc_query_get_int(query, 4);
    out->tries = (uint32_t) mc_query_get_int(query, 5);
    out->user_type = mc_query_get(query, 6, arena);
    out->member_no = mc_query_get(query, 7, arena);

    return query->err;
}


static mc_err_t
due_read(mc_conn_t *conn, int64_t now, mc_arena_t *arena,
    mc_case_due_t *out, size_t max, size_t *count)
{
    mc_err_t    row;
    mc_query_t  query;

    *count = 0;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT c.id, c.member_id, c.photo_id, m.reference_id, c.at, "
             "c.tries, m.user_type, m.member_no FROM photo_case c "
             "JOIN member m ON m.id = c.member_id "
             "WHERE c.state = 'pending' "
             "AND (c.next_try <= ? OR c.next_try > ?) "
             "ORDER BY c.next_try, c.id LIMIT ?");
    mc_query_int(&query, now);
    mc_query_int(&query, now + FAR);
    mc_query_int(&query, (int64_t) max);

    for (row = mc_query_row(&query); row == MC_OK && *count < max;
         row = mc_query_row(&query))
    {
        if (due_columns(&query, arena, &out[*count]) != MC_OK) {
            break;
        }

        (*count)++;
    }

    return mc_query_done(&query);
}


static mc_err_t
any_due(mc_conn_t *conn, int64_t now)
{
    int64_t     one;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM photo_case WHERE state = 'pending' "
             "AND (next_try <= ? OR next_try > ?) LIMIT 1");
    mc_query_int(&query, now);
    mc_query_int(&query, now + FAR);

    return mc_query_one(&query, &one);
}


static mc_err_t
compare_audit(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due, const char *what)
{
    char  result[64];

    snprintf(result, sizeof(result), "photo %lld %s",
             (long long) due->photo_id, what);

    return mc_audit_append(conn, actor, due->member_id, "compare", result);
}


static mc_err_t
lease_write(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET lease_until = ?, next_try = ? "
             "WHERE id = ?");
    mc_query_int(&query, due->lease);
    mc_query_int(&query, due->lease);
    mc_query_int(&query, due->id);

    err = mc_query_run(&query, NULL);

    return err == MC_OK ? compare_audit(conn, actor, due, "taken") : err;
}


mc_err_t
mc_case_take(mc_conn_t *conn, const mc_actor_t *actor, int64_t lease,
    mc_arena_t *arena, mc_case_due_t *out, size_t max, size_t *count)
{
    size_t    i, n;
    mc_err_t  err;

    *count = 0;

    if (lease <= 0 || lease > FAR) {
        return MC_EINVAL;
    }

    err = any_due(conn, actor->now);
    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_OK : err;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = due_read(conn, actor->now, arena, out, max, &n);

    for (i = 0; err == MC_OK && i < n; i++) {
        out[i].lease = actor->now + lease;
        err = lease_write(conn, actor, &out[i]);
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *count = n;
    }

    return err;
}


/* Is it still waiting, and ours? */
static mc_err_t
lease_check(mc_conn_t *conn, const mc_case_due_t *due)
{
    int64_t     one;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM photo_case WHERE id = ? AND lease_until = ? "
             "AND state = 'pending'");
    mc_query_int(&query, due->id);
    mc_query_int(&query, due->lease);

    err = mc_query_one(&query, &one);

    return err == MC_ENOTFOUND ? MC_ECONFLICT : err;
}


static mc_err_t
asked_write(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET tries = tries + 1, asked_at = ?, "
             "first_asked = coalesce(first_asked, ?) WHERE id = ?");
    mc_query_int(&query, actor->now);
    mc_query_int(&query, actor->now);
    mc_query_int(&query, due->id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
attempt_write(mc_conn_t *conn, int64_t member_id)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET attempts = attempts + 1 WHERE id = ?");
    mc_query_int(&query, member_id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
result_write(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due, const mc_case_result_t *result,
    mc_case_state_t state)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET state = ?, reason = ?, result = ?, "
             "score = nullif(?, -1), model = ?, decided_at = ?, "
             "lease_until = 0 WHERE id = ?");
    mc_query_text(&query, mc_str_from(mc_case_name(state)));
    mc_query_text(&query, result->reason);
    mc_query_text(&query, result->result);
    mc_query_int(&query, result->score);
    mc_query_text(&query, result->model);
    mc_query_id(&query, state == MC_CASE_REVIEW ? 0 : actor->now);
    mc_query_int(&query, due->id);

    err = mc_query_run(&query, NULL);

    if (err == MC_OK && result->result.len > 0) {
        err = asked_write(conn, actor, due);
    }

    if (err == MC_OK && mc_case_costs(result->event)) {
        err = attempt_write(conn, due->member_id);
    }

    return err == MC_OK
           ? compare_audit(conn, actor, due, mc_case_name(state)) : err;
}


/* Compared with the reference that stands now?  One that was put on record
 * meanwhile asks for a question of its own, once the lease is over. */
static mc_err_t
reference_check(mc_conn_t *conn, const mc_case_due_t *due)
{
    int64_t     one;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM member WHERE id = ? "
             "AND coalesce(reference_id, 0) = ?");
    mc_query_int(&query, due->member_id);
    mc_query_int(&query, due->reference_id);

    err = mc_query_one(&query, &one);

    return err == MC_ENOTFOUND ? MC_ECONFLICT : err;
}


mc_err_t
mc_case_result(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due, const mc_case_result_t *result)
{
    mc_err_t         err;
    mc_case_state_t  state;

    if (result->event < MC_CASE_SAYS_MATCH
        || result->event > MC_CASE_SAYS_REVIEW)
    {
        return MC_EINVAL;
    }

    err = mc_case_next(MC_CASE_PENDING, result->event, &state);

    if (err == MC_OK) {
        err = mc_write_begin(conn);
    }

    if (err != MC_OK) {
        return err;
    }

    err = lease_check(conn, due);

    if (err == MC_OK) {
        err = reference_check(conn, due);
    }

    if (err == MC_OK) {
        err = result_write(conn, actor, due, result, state);
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_case_later(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due, int64_t next_try, bool asked)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = lease_check(conn, due);

    if (err == MC_OK) {
        mc_query(&query, conn, MC_DB_CORE,
                 "UPDATE photo_case SET next_try = ?, lease_until = 0 "
                 "WHERE id = ?");
        mc_query_int(&query, next_try);
        mc_query_int(&query, due->id);

        err = mc_query_run(&query, NULL);
    }

    if (err == MC_OK && asked) {
        err = asked_write(conn, actor, due);
    }

    if (err == MC_OK) {
        err = compare_audit(conn, actor, due, asked ? "retry" : "put back");
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_case_late(mc_conn_t *conn, int64_t before, int64_t *count)
{
    int         changes;
    int64_t     one;
    mc_err_t    err;
    mc_query_t  query;

    *count = 0;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM photo_case WHERE state = 'pending' "
             "AND alerted = 0 AND at <= ? LIMIT 1");
    mc_query_int(&query, before);

    err = mc_query_one(&query, &one);
    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_OK : err;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET alerted = 1 WHERE state = 'pending' "
             "AND alerted = 0 AND at <= ?");
    mc_query_int(&query, before);

    err = mc_write_end(conn, mc_query_run(&query, &changes));

    if (err == MC_OK) {
        *count = changes;
    }

    return err;
}
