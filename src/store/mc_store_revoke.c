/*
 * Versions of certificates: found, listed, taken back and given back.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * Neither act touches what was frozen: revoked_at is set or cleared, the
 * reason of the last act is kept, the audit keeps who did it.
 */

#include "mc_store_issue.h"

#include <stdio.h>

#include "mc_store_officer.h"
#include "mc_store_sqlite.h"


static const char *const  names[] = {
    [MC_CONFIRMATION_VALID] = "valid",
    [MC_CONFIRMATION_REPLACED] = "replaced",
    [MC_CONFIRMATION_REVOKED] = "revoked",
    [MC_CONFIRMATION_ERASED] = "erased"
};


mc_confirmation_state_t
mc_confirmation_state(const mc_confirmation_row_t *row)
{
    if (row->erased_at != 0) {
        return MC_CONFIRMATION_ERASED;
    }

    if (row->revoked_at != 0) {
        return MC_CONFIRMATION_REVOKED;
    }

    return row->superseded_at != 0 ? MC_CONFIRMATION_REPLACED
                                   : MC_CONFIRMATION_VALID;
}


const char *
mc_confirmation_name(mc_confirmation_state_t state)
{
    return (unsigned) state < mc_count(names) ? names[state] : "";
}


bool
mc_confirmation_state_read(mc_str_t name, mc_confirmation_state_t *out)
{
    unsigned  i;

    for (i = 0; i < mc_count(names); i++) {
        if (mc_str_is(name, names[i])) {
            *out = (mc_confirmation_state_t) i;
            return true;
        }
    }

    return false;
}


/* The one row of a query that has its parameters. */
static mc_err_t
row_read(mc_query_t *query, mc_arena_t *arena, mc_confirmation_row_t *out)
{
    mc_err_t  row, err;

    row = mc_query_row(query);

    if (row == MC_OK) {
        (void) mc_confirmation_columns(query, 0, arena, out);
    }

    err = mc_query_done(query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_confirmation_find(mc_conn_t *conn, mc_str_t code, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CONFIRMATION_COLUMNS " FROM confirmation k "
             "WHERE k.code = ?");
    mc_query_text(&query, code);

    return row_read(&query, arena, out);
}


mc_err_t
mc_confirmation_get(mc_conn_t *conn, int64_t serial, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CONFIRMATION_COLUMNS " FROM confirmation k "
             "WHERE k.serial = ?");
    mc_query_int(&query, serial);

    return row_read(&query, arena, out);
}


mc_err_t
mc_confirmation_list(mc_conn_t *conn, int64_t member_id, mc_arena_t *arena,
    mc_confirmation_row_t **out, size_t *count)
{
    mc_err_t    row;
    mc_query_t  query;

    *count = 0;
    *out = mc_arena_alloc(arena, MC_CONFIRMATIONS_LISTED
                                 * sizeof(mc_confirmation_row_t));

    if (*out == NULL) {
        return MC_ENOMEM;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CONFIRMATION_COLUMNS " FROM confirmation k "
             "WHERE k.member_id = ? ORDER BY k.serial DESC LIMIT ?");
    mc_query_int(&query, member_id);
    mc_query_int(&query, MC_CONFIRMATIONS_LISTED);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK
         && *count < MC_CONFIRMATIONS_LISTED;
         row = mc_query_row(&query))
    {
        (void) mc_confirmation_columns(&query, 0, arena,
                                       &(*out)[(*count)++]);
    }

    return mc_query_done(&query);
}


static mc_err_t
revoked_set(mc_conn_t *conn, const mc_confirmation_row_t *row)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE confirmation SET revoked_at = ?, reason = ? "
             "WHERE serial = ?");
    mc_query_id(&query, row->revoked_at);
    mc_query_optional(&query, row->reason);
    mc_query_int(&query, row->serial);

    return mc_query_run(&query, NULL);
}


/* Inside the transaction. */
static mc_err_t
revoked_change(mc_conn_t *conn, const mc_actor_t *actor, int64_t serial,
    bool revoke, mc_str_t reason, mc_arena_t *arena,
    mc_confirmation_row_t *row)
{
    char      result[64];
    mc_err_t  err;

    err = mc_confirmation_get(conn, serial, arena, row);

    if (err == MC_OK && row->erased_at != 0) {
        err = MC_ENOTFOUND;
    }

    /* whose it is, before what it is: another institute learns neither */

    if (err == MC_OK && actor->officer != NULL) {
        err = mc_officer_guard(conn, actor->officer, row->member_id,
                               actor->now);
    }

    if (err == MC_OK && (row->revoked_at != 0) == revoke) {
        err = MC_ECONFLICT;
    }

    if (err != MC_OK) {
        return err;
    }

    row->revoked_at = revoke ? actor->now : 0;
    row->reason = reason;

    err = revoked_set(conn, row);

    if (err == MC_OK) {
        (void) snprintf(result, sizeof(result), "serial %lld",
                        (long long) serial);

        err = mc_audit_append(conn, actor, row->member_id,
                              revoke ? "revoke" : "unrevoke", result);
    }

    return err;
}


static mc_err_t
revoked_write(mc_conn_t *conn, const mc_actor_t *actor, int64_t serial,
    bool revoke, mc_str_t reason, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    mc_err_t               err;
    mc_confirmation_row_t  row;

    if (reason.len == 0 || reason.len > MC_REVOKE_REASON) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = revoked_change(conn, actor, serial, revoke, reason, arena, &row);
    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *out = row;
    }

    return err;
}


mc_err_t
mc_confirmation_revoke(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t serial, mc_str_t reason, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    return revoked_write(conn, actor, serial, true, reason, arena, out);
}


mc_err_t
mc_confirmation_unrevoke(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t serial, mc_str_t reason, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    return revoked_write(conn, actor, serial, false, reason, arena, out);
}
