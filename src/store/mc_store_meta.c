/*
 * Small values of the store as a whole.
 *
 * Depends on base.  The thread that has the connection.
 */

#include "mc_store_meta.h"

#include "mc_store_sqlite.h"


mc_err_t
mc_meta_list(mc_conn_t *conn, mc_str_t prefix, size_t most,
    mc_arena_t *arena, mc_meta_t *out, size_t *count)
{
    mc_err_t    row;
    mc_query_t  query;

    *count = 0;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT key, value FROM meta "
             "WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key LIMIT ?2");
    mc_query_text(&query, prefix);
    mc_query_int(&query, (int64_t) most);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < most;
         row = mc_query_row(&query))
    {
        out[*count].key = mc_query_get(&query, 0, arena);
        out[*count].value = mc_query_get(&query, 1, arena);
        (*count)++;
    }

    return mc_query_done(&query);
}


static mc_err_t
put_write(mc_conn_t *conn, mc_str_t key, mc_str_t was, mc_str_t value)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    if (was.len == 0) {
        mc_query(&query, conn, MC_DB_CORE,
                 "INSERT INTO meta (key, value) VALUES (?, ?) "
                 "ON CONFLICT (key) DO NOTHING");
        mc_query_text(&query, key);
        mc_query_blob(&query, value.data, value.len);

    } else {
        mc_query(&query, conn, MC_DB_CORE,
                 "UPDATE meta SET value = ?2 WHERE key = ?1 AND value = ?3");
        mc_query_text(&query, key);
        mc_query_blob(&query, value.data, value.len);
        mc_query_blob(&query, was.data, was.len);
    }

    err = mc_query_run(&query, &changes);

    return err == MC_OK && changes == 0 ? MC_ECONFLICT : err;
}


mc_err_t
mc_meta_put(mc_conn_t *conn, mc_str_t key, mc_str_t was, mc_str_t value)
{
    mc_err_t  err;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    return mc_write_end(conn, put_write(conn, key, was, value));
}
