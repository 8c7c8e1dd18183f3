/*
 * Passwords: set, with all that hangs on it, and what was before.
 *
 * Depends on base and domain.  The thread that has the connection.
 */

#include "mc_store_password.h"

#include "mc_store_sqlite.h"


typedef struct {
    bool      disabled;
    int64_t   epoch;
    mc_str_t  hash;
} present_t;


/* The hash is compared or moved on at once, so an arena of its own holds
 * it. */
static mc_err_t
present_read(mc_conn_t *conn, int64_t member_id, mc_arena_t *arena,
    present_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT disabled, epoch, password_hash FROM member "
             "WHERE id = ?");
    mc_query_int(&query, member_id);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        out->disabled = mc_query_get_int(&query, 0) != 0;
        out->epoch = mc_query_get_int(&query, 1);
        out->hash = mc_query_get(&query, 2, arena);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


static mc_err_t
history_add(mc_conn_t *conn, int64_t member_id, mc_str_t hash, int64_t now)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO password_history (member_id, hash, at) "
             "VALUES (?, ?, ?)");
    mc_query_int(&query, member_id);
    mc_query_text(&query, hash);
    mc_query_int(&query, now);

    return mc_query_run(&query, NULL);
}


/* The newest "keep" stay. */
static mc_err_t
history_trim(mc_conn_t *conn, int64_t member_id, uint32_t keep)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM password_history WHERE member_id = ? "
             "AND id NOT IN (SELECT id FROM password_history "
             "WHERE member_id = ? ORDER BY id DESC LIMIT ?)");
    mc_query_int(&query, member_id);
    mc_query_int(&query, member_id);
    mc_query_int(&query, keep);

    return mc_query_run(&query, NULL);
}


static mc_err_t
history_move(mc_conn_t *conn, const mc_password_set_t *set, mc_str_t was,
    int64_t now)
{
    uint32_t  keep;
    mc_err_t  err;

    err = MC_OK;
    keep = set->history < MC_PASSWORD_PAST ? set->history
                                           : MC_PASSWORD_PAST;

    if (keep > 0 && was.len > 0) {
        err = history_add(conn, set->member_id, was, now);
    }

    return err == MC_OK ? history_trim(conn, set->member_id, keep) : err;
}


static mc_err_t
hash_write(mc_conn_t *conn, const mc_password_set_t *set, int64_t epoch,
    int64_t now)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET password_hash = ?, password_at = ?, "
             "password_forced = ?, epoch = ? WHERE id = ?");
    mc_query_optional(&query, set->hash);
    mc_query_int(&query, now);
    mc_query_int(&query, set->forced);
    mc_query_int(&query, epoch);
    mc_query_int(&query, set->member_id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
set_all(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_password_set_t *set, const present_t *present)
{
    mc_err_t  err;

    err = history_move(conn, set, present->hash, actor->now);

    if (err == MC_OK) {
        err = hash_write(conn, set, present->epoch + 1, actor->now);
    }

    if (err == MC_OK) {
        err = mc_sessions_remove(conn, set->member_id);
    }

    if (err == MC_OK && set->message != NULL) {
        err = mc_outbox_append(conn, actor->now, set->message);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, set->member_id, "passwd",
                              set->result);
    }

    return err;
}


mc_err_t
mc_password_set(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_password_set_t *set, int64_t *epoch)
{
    mc_err_t    err;
    present_t   present;
    mc_arena_t  arena;

    if (!conn->writing) {
        return MC_EINVAL;
    }

    mc_arena_init(&arena, 4096);

    err = present_read(conn, set->member_id, &arena, &present);

    if (err == MC_OK && set->enabled && present.disabled) {
        err = MC_EDENIED;
    }

    if (err == MC_OK && set->was.data != NULL
        && !mc_str_eq(set->was, present.hash))
    {
        err = MC_ECONFLICT;
    }

    if (err == MC_OK) {
        err = set_all(conn, actor, set, &present);
    }

    if (err == MC_OK && epoch != NULL) {
        *epoch = present.epoch + 1;
    }

    mc_arena_free(&arena);

    return err;
}


mc_err_t
mc_password_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_password_set_t *set)
{
    mc_err_t  err;

    err = mc_write_begin(conn);

    return err == MC_OK
           ? mc_write_end(conn, mc_password_set(conn, actor, set, NULL))
           : err;
}


mc_err_t
mc_password_change(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_password_set_t *set,
    mc_session_row_t *session)
{
    mc_err_t  err;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_guard(conn, guard, set->member_id, actor->now);

    if (err == MC_OK) {
        err = mc_password_set(conn, actor, set, &session->epoch);
    }

    if (err == MC_OK) {
        session->member_id = set->member_id;
        err = mc_session_insert(conn, session);
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_password_past(mc_conn_t *conn, int64_t member_id, mc_arena_t *arena,
    mc_str_t *out, size_t max, size_t *count)
{
    mc_err_t    row;
    mc_query_t  query;

    *count = 0;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT hash FROM password_history WHERE member_id = ? "
             "ORDER BY id DESC LIMIT ?");
    mc_query_int(&query, member_id);
    mc_query_int(&query, (int64_t) max);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < max;
         row = mc_query_row(&query))
    {
        out[(*count)++] = mc_query_get(&query, 0, arena);
    }

    return mc_query_done(&query);
}


mc_err_t
mc_password_bcrypt(mc_conn_t *conn, uint32_t *cost)
{
    mc_err_t    row, err;
    mc_str_t    text;
    mc_query_t  query;

    *cost = 0;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT substr(password_hash, 5, 2) FROM member "
             "WHERE substr(password_hash, 1, 2) = '$2' "
             "ORDER BY substr(password_hash, 5, 2) DESC LIMIT 1");

    row = mc_query_row(&query);

    if (row == MC_OK) {
        text = mc_query_peek(&query, 0);

        if (text.len == 2
            && text.data[0] >= '0' && text.data[0] <= '9'
            && text.data[1] >= '0' && text.data[1] <= '9')
        {
            *cost = (uint32_t) (text.data[0] - '0') * 10
                    + (uint32_t) (text.data[1] - '0');
        }
    }

    err = mc_query_done(&query);

    return err != MC_OK || row == MC_ENOTFOUND ? err : row;
}
