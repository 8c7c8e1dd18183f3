/*
 * What was sent of a certificate, and the keys that signed statements.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * A file's row is written before its first byte leaves, and never changed:
 * a worker that dies in between, or two that make the first file at once,
 * leave one row, and everybody sends what it says.
 */

#include "mc_store_issue.h"

#include "mc_store_sqlite.h"


static mc_err_t
issued_read(mc_conn_t *conn, mc_arena_t *arena, mc_issued_t *issued)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT modules, cms, sha256, at FROM issued "
             "WHERE serial = ? AND template = ?");
    mc_query_int(&query, issued->serial);
    mc_query_blob(&query, issued->template_digest, 32);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        issued->modules = mc_query_get(&query, 0, arena);
        issued->cms = mc_query_get(&query, 1, arena);
        mc_query_get_blob(&query, 2, issued->sha256, 32);
        issued->at = mc_query_get_int(&query, 3);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_issued_get(mc_conn_t *conn, int64_t serial,
    const uint8_t template_digest[32], mc_arena_t *arena, mc_issued_t *out)
{
    *out = (mc_issued_t) { .serial = serial };
    memcpy(out->template_digest, template_digest, 32);

    return issued_read(conn, arena, out);
}


/* Of a serial that is there and not erased; *changes: rows written. */
static mc_err_t
issued_insert(mc_conn_t *conn, const mc_issued_t *issued, int *changes)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO issued (serial, template, modules, cms, sha256, "
             "at) SELECT c.serial, ?2, ?3, ?4, ?5, ?6 FROM confirmation c "
             "WHERE c.serial = ?1 AND c.erased_at IS NULL "
             "ON CONFLICT DO NOTHING");
    mc_query_int(&query, issued->serial);
    mc_query_blob(&query, issued->template_digest, 32);
    mc_query_blob(&query, issued->modules.data, issued->modules.len);
    mc_query_optional_blob(&query, issued->cms);
    mc_query_blob(&query, issued->sha256, 32);
    mc_query_int(&query, issued->at);

    return mc_query_run(&query, changes);
}


mc_err_t
mc_issued_put(mc_conn_t *conn, mc_arena_t *arena, mc_issued_t *issued,
    bool *first)
{
    int          changes;
    mc_err_t     err;
    mc_issued_t  there;

    *first = false;
    changes = 0;
    there = *issued;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = issued_insert(conn, issued, &changes);

    if (err == MC_OK) {
        err = issued_read(conn, arena, &there);
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *issued = there;
        *first = changes > 0;
    }

    return err;
}


mc_err_t
mc_issued_list(mc_conn_t *conn, int64_t serial, mc_arena_t *arena,
    mc_issued_t **out, size_t *count)
{
    mc_err_t      row;
    mc_query_t    query;
    mc_issued_t  *item;

    *count = 0;
    *out = mc_arena_alloc(arena, MC_ISSUED_LISTED * sizeof(mc_issued_t));

    if (*out == NULL) {
        return MC_ENOMEM;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT template, sha256, at FROM issued WHERE serial = ? "
             "ORDER BY at DESC, template LIMIT ?");
    mc_query_int(&query, serial);
    mc_query_int(&query, MC_ISSUED_LISTED);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < MC_ISSUED_LISTED;
         row = mc_query_row(&query))
    {
        item = &(*out)[(*count)++];
        *item = (mc_issued_t) { .serial = serial };

        mc_query_get_blob(&query, 0, item->template_digest, 32);
        mc_query_get_blob(&query, 1, item->sha256, 32);
        item->at = mc_query_get_int(&query, 2);
    }

    return mc_query_done(&query);
}


mc_err_t
mc_statement_key_put(mc_conn_t *conn, const mc_known_key_t *key,
    int64_t now)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO statement_key (id, public, at) VALUES (?, ?, ?) "
             "ON CONFLICT DO NOTHING");
    mc_query_blob(&query, key->id, sizeof(key->id));
    mc_query_blob(&query, key->point, sizeof(key->point));
    mc_query_int(&query, now);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_statement_key_list(mc_conn_t *conn, mc_arena_t *arena,
    mc_known_key_t **out, size_t *count)
{
    mc_err_t             row;
    mc_query_t           query;
    mc_known_key_t  *key;

    *count = 0;
    *out = mc_arena_alloc(arena,
                          MC_STATEMENT_KEYS * sizeof(mc_known_key_t));

    if (*out == NULL) {
        return MC_ENOMEM;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT id, public, at FROM statement_key "
             "ORDER BY at DESC, id LIMIT ?");
    mc_query_int(&query, MC_STATEMENT_KEYS);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < MC_STATEMENT_KEYS;
         row = mc_query_row(&query))
    {
        key = &(*out)[(*count)++];

        mc_query_get_blob(&query, 0, key->id, sizeof(key->id));
        mc_query_get_blob(&query, 1, key->point, sizeof(key->point));
        key->at = mc_query_get_int(&query, 2);
    }

    return mc_query_done(&query);
}
