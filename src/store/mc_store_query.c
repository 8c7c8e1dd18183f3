/*
 * Statements: prepared once a connection, values bound in order, the first
 * error kept.
 *
 * Depends on base.  The thread that has the connection.
 */

#include "mc_store_sqlite.h"


/* A failure after which the handle is not to be trusted with the next job:
 * opening anew shows whether it is over. */
static void
query_fail(mc_query_t *query, int rc)
{
    query->err = mc_sqlite_error(query->conn->db[query->db], rc);

    switch (query->err) {
    case MC_EIO:
    case MC_EFULL:
    case MC_ECORRUPT:
    case MC_EREADONLY:
    case MC_ESCHEMA:
        query->conn->bad = true;
        break;

    default:
        break;
    }
}


void
mc_query(mc_query_t *query, mc_conn_t *conn, mc_db_t db, const char *sql)
{
    int             rc;
    size_t          i;
    mc_prepared_t  *prepared;

    *query = (mc_query_t) { .conn = conn, .db = db };

    for (i = 0; i < conn->count; i++) {
        prepared = &conn->prepared[i];

        if (prepared->sql == sql && prepared->db == db) {
            query->stmt = prepared->stmt;
            return;
        }
    }

    if (conn->count == MC_QUERIES) {
        query->err = MC_ETOOBIG;
        return;
    }

    prepared = &conn->prepared[conn->count];

    rc = sqlite3_prepare_v3(conn->db[db], sql, -1, SQLITE_PREPARE_PERSISTENT,
                            &prepared->stmt, NULL);
    if (rc != SQLITE_OK) {
        query_fail(query, rc);
        return;
    }

    prepared->sql = sql;
    prepared->db = db;
    conn->count++;

    query->stmt = prepared->stmt;
}


static void
bound(mc_query_t *query, int rc)
{
    if (rc != SQLITE_OK) {
        query_fail(query, rc);
    }
}


void
mc_query_int(mc_query_t *query, int64_t value)
{
    query->place++;

    if (query->err == MC_OK) {
        bound(query, sqlite3_bind_int64(query->stmt, query->place, value));
    }
}


void
mc_query_id(mc_query_t *query, int64_t id)
{
    if (id != 0) {
        mc_query_int(query, id);
        return;
    }

    query->place++;     /* unbound is NULL */
}


void
mc_query_text(mc_query_t *query, mc_str_t text)
{
    query->place++;

    if (query->err == MC_OK) {
        bound(query, sqlite3_bind_text64(query->stmt, query->place,
                                         text.len == 0 ? "" : text.data,
                                         text.len, SQLITE_STATIC,
                                         SQLITE_UTF8));
    }
}


void
mc_query_optional(mc_query_t *query, mc_str_t text)
{
    if (text.len != 0) {
        mc_query_text(query, text);
        return;
    }

    query->place++;     /* unbound is NULL */
}


void
mc_query_blob(mc_query_t *query, const void *data, size_t len)
{
    query->place++;

    if (query->err == MC_OK) {
        bound(query, sqlite3_bind_blob64(query->stmt, query->place,
                                         len == 0 ? "" : data, len,
                                         SQLITE_STATIC));
    }
}


void
mc_query_optional_blob(mc_query_t *query, mc_str_t bytes)
{
    if (bytes.len > 0) {
        mc_query_blob(query, bytes.data, bytes.len);

    } else {
        mc_query_optional(query, mc_str_null);
    }
}


mc_err_t
mc_query_row(mc_query_t *query)
{
    int  rc;

    if (query->err != MC_OK) {
        return query->err;
    }

    rc = sqlite3_step(query->stmt);

    if (rc == SQLITE_ROW) {
        return MC_OK;
    }

    if (rc == SQLITE_DONE) {
        return MC_ENOTFOUND;
    }

    query_fail(query, rc);

    return query->err;
}


mc_err_t
mc_query_done(mc_query_t *query)
{
    if (query->stmt != NULL) {
        sqlite3_reset(query->stmt);
        sqlite3_clear_bindings(query->stmt);
        query->stmt = NULL;
    }

    return query->err;
}


mc_err_t
mc_query_run(mc_query_t *query, int *changes)
{
    mc_err_t  err;

    do {
        err = mc_query_row(query);
    } while (err == MC_OK);

    if (err == MC_ENOTFOUND && changes != NULL) {
        *changes = sqlite3_changes(query->conn->db[query->db]);
    }

    return mc_query_done(query);
}


int64_t
mc_query_get_int(mc_query_t *query, int column)
{
    return query->err == MC_OK ? sqlite3_column_int64(query->stmt, column)
                               : 0;
}


mc_str_t
mc_query_peek(mc_query_t *query, int column)
{
    mc_str_t  s;

    if (query->err != MC_OK) {
        return mc_str_null;
    }

    s.data = sqlite3_column_blob(query->stmt, column);
    s.len = (size_t) sqlite3_column_bytes(query->stmt, column);

    if (s.data == NULL) {
        if (s.len != 0) {
            query->err = MC_ENOMEM;
        }

        return mc_str("");
    }

    return s;
}


mc_str_t
mc_query_get(mc_query_t *query, int column, mc_arena_t *arena)
{
    mc_str_t  s;

    s = mc_query_peek(query, column);

    if (query->err != MC_OK) {
        return mc_str_null;
    }

    s = mc_arena_str(arena, s);
    if (s.data == NULL) {
        query->err = MC_ENOMEM;
    }

    return s;
}


void
mc_query_get_blob(mc_query_t *query, int column, void *out, size_t len)
{
    mc_str_t  s;

    s = mc_query_peek(query, column);

    if (query->err != MC_OK) {
        memset(out, 0, len);
        return;
    }

    if (s.len != len) {
        memset(out, 0, len);
        query->err = MC_ECORRUPT;
        return;
    }

    memcpy(out, s.data, len);
}


mc_err_t
mc_query_one(mc_query_t *query, int64_t *out)
{
    mc_err_t  row, err;

    row = mc_query_row(query);

    if (row == MC_OK) {
        *out = mc_query_get_int(query, 0);
    }

    err = mc_query_done(query);

    return err != MC_OK ? err : row;
}
