/*
 * Officers' accounts, and the guard of what they do.
 *
 * Depends on base.  The thread that has the connection.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>

#include "mc_store_officer.h"
#include "mc_store_officer_row.h"


const char  mc_schema_officer[] =
    "CREATE TABLE officer ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),"
    " institute TEXT REFERENCES institute (code),"      /* NULL: all */
    " password_hash TEXT NOT NULL CHECK (length(password_hash) > 0),"
    " totp BLOB NOT NULL CHECK (length(totp) > 0),"     /* sealed */
    " totp_step INTEGER NOT NULL,"                      /* last one used */
    " disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),"
    " epoch INTEGER NOT NULL,"
    " at INTEGER NOT NULL"
    ") STRICT;"

    "CREATE TABLE officer_session ("
    " hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),"
    " officer_id INTEGER NOT NULL REFERENCES officer (id),"
    " epoch INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL,"
    " last_seen INTEGER NOT NULL,"
    " expires_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX officer_session_officer ON officer_session (officer_id);"

    /* the desk's queue and search */
    "CREATE INDEX member_institute ON member (institute);"
    "CREATE INDEX member_no ON member (member_no, institute);"
    "CREATE INDEX member_name ON member (name, institute);"
    "CREATE INDEX photo_case_review ON photo_case (member_id, id)"
    " WHERE state = 'review';";


bool
mc_officer_name_valid(mc_str_t name)
{
    char    c;
    size_t  i;

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
              || c == '.' || c == '_' || c == '-'))
        {
            return false;
        }
    }

    return name.len > 0 && name.len <= MC_OFFICER_NAME;
}


mc_err_t
mc_officer_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_officer_row_t *out)
{
    out->id = mc_query_get_int(query, first);
    out->name = mc_query_get(query, first + 1, arena);
    out->institute = mc_query_get(query, first + 2, arena);
    out->password_hash = mc_query_get(query, first + 3, arena);
    out->sealed_totp = mc_query_get(query, first + 4, arena);
    out->totp_step = mc_query_get_int(query, first + 5);
    out->disabled = mc_query_get_int(query, first + 6) != 0;
    out->epoch = mc_query_get_int(query, first + 7);
    out->at = mc_query_get_int(query, first + 8);
    out->code_failures = (uint32_t) mc_query_get_int(query, first + 9);
    out->code_until = mc_query_get_int(query, first + 10);

    return query->err;
}


static mc_err_t
add_write(mc_conn_t *conn, const mc_officer_row_t *officer)
{
    int64_t     one;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM officer WHERE name = ?");
    mc_query_text(&query, officer->name);

    err = mc_query_one(&query, &one);

    if (err != MC_ENOTFOUND) {
        return err == MC_OK ? MC_ECONFLICT : err;
    }

    if (officer->institute.len > 0) {
        mc_query(&query, conn, MC_DB_CORE,
                 "SELECT 1 FROM institute WHERE code = ?");
        mc_query_text(&query, officer->institute);

        err = mc_query_one(&query, &one);

        if (err != MC_OK) {
            return err == MC_ENOTFOUND ? MC_EINVAL : err;
        }
    }

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO officer (name, institute, password_hash, totp, "
             "totp_step, disabled, epoch, at) "
             "VALUES (?, ?, ?, ?, 0, 0, 0, ?)");
    mc_query_text(&query, officer->name);
    mc_query_optional(&query, officer->institute);
    mc_query_text(&query, officer->password_hash);
    mc_query_blob(&query, officer->sealed_totp.data,
                  officer->sealed_totp.len);
    mc_query_int(&query, officer->at);

    return mc_query_run(&query, NULL);
}


/* Which officer an administrator's act was about: its id, no name. */
static mc_err_t
account_audit(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name,
    const char *what)
{
    char        result[64];
    int64_t     id;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT id FROM officer WHERE name = ?");
    mc_query_text(&query, name);

    err = mc_query_one(&query, &id);

    if (err != MC_OK) {
        return err;
    }

    (void) snprintf(result, sizeof(result), "%s %lld", what,
                    (long long) id);

    return mc_audit_append(conn, actor, 0, "officer", result);
}


mc_err_t
mc_officer_add(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_row_t *officer)
{
    mc_err_t  err;

    if (!mc_officer_name_valid(officer->name)) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    err = add_write(conn, officer);

    if (err == MC_OK) {
        err = account_audit(conn, actor, officer->name, "added");
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_officer_by_name(mc_conn_t *conn, mc_str_t name, mc_arena_t *arena,
    mc_officer_row_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_OFFICER_COLUMNS " FROM officer o WHERE o.name = ?");
    mc_query_text(&query, name);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        (void) mc_officer_columns(&query, 0, arena, out);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


/* Room for one more at the end of a list that doubles in the arena. */
static bool
list_grow(mc_arena_t *arena, mc_officer_row_t **list, size_t n, size_t *size)
{
    mc_officer_row_t  *grown;

    if (n < *size) {
        return true;
    }

    *size = *size == 0 ? 32 : *size * 2;
    grown = mc_arena_alloc(arena, *size * sizeof(mc_officer_row_t));

    if (grown == NULL) {
        return false;
    }

    if (n > 0) {
        memcpy(grown, *list, n * sizeof(mc_officer_row_t));
    }

    *list = grown;

    return true;
}


mc_err_t
mc_officer_list(mc_conn_t *conn, mc_arena_t *arena, mc_officer_row_t **out,
    size_t *count)
{
    size_t             n, size;
    mc_err_t           row;
    mc_query_t         query;
    mc_officer_row_t  *list;

    n = 0;
    size = 0;
    list = NULL;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_OFFICER_COLUMNS " FROM officer o ORDER BY o.name");

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK;
         row = mc_query_row(&query))
    {
        if (!list_grow(arena, &list, n, &size)) {
            query.err = MC_ENOMEM;
            break;
        }

        (void) mc_officer_columns(&query, 0, arena, &list[n++]);
    }

    *out = list;
    *count = n;

    return mc_query_done(&query);
}


/* The end of both changes of an account: its sessions go with its epoch. */
static mc_err_t
account_end(mc_conn_t *conn, mc_query_t *query, const mc_actor_t *actor,
    mc_str_t name, const char *what)
{
    int       changes;
    mc_err_t  err;

    err = mc_query_run(query, &changes);

    if (err == MC_OK && changes == 0) {
        err = MC_ENOTFOUND;
    }

    if (err == MC_OK) {
        mc_query(query, conn, MC_DB_CORE,
                 "DELETE FROM officer_session WHERE officer_id = "
                 "(SELECT id FROM officer WHERE name = ?)");
        mc_query_text(query, name);

        err = mc_query_run(query, NULL);
    }

    if (err == MC_OK) {
        err = account_audit(conn, actor, name, what);
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_officer_disable(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer SET disabled = 1, epoch = epoch + 1 "
             "WHERE name = ?");
    mc_query_text(&query, name);

    return account_end(conn, &query, actor, name, "disabled");
}


mc_err_t
mc_officer_enable(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer SET disabled = 0, code_failures = 0, "
             "code_until = 0 WHERE name = ?");
    mc_query_text(&query, name);

    return account_end(conn, &query, actor, name, "enabled");
}


mc_err_t
mc_officer_password(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name,
    mc_str_t phc)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer SET password_hash = ?, code_failures = 0, "
             "code_until = 0, epoch = epoch + 1 WHERE name = ?");
    mc_query_text(&query, phc);
    mc_query_text(&query, name);

    return account_end(conn, &query, actor, name, "passwd");
}


mc_err_t
mc_officer_totp(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name,
    mc_str_t sealed)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE officer SET totp = ?, totp_step = 0, code_failures = 0, "
             "code_until = 0, epoch = epoch + 1 WHERE name = ?");
    mc_query_blob(&query, sealed.data, sealed.len);
    mc_query_text(&query, name);

    return account_end(conn, &query, actor, name, "totp");
}


static mc_err_t
member_check(mc_conn_t *conn, int64_t officer_id, int64_t member_id)
{
    int64_t     one;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM member m JOIN officer o ON o.id = ? "
             "AND (o.institute IS NULL OR m.institute = o.institute) "
             "WHERE m.id = ?");
    mc_query_int(&query, officer_id);
    mc_query_int(&query, member_id);

    return mc_query_one(&query, &one);
}


mc_err_t
mc_officer_guard(mc_conn_t *conn, const mc_officer_guard_t *guard,
    int64_t member_id, int64_t now)
{
    int64_t     one;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM officer_session s "
             "JOIN officer o ON o.id = s.officer_id "
             "WHERE s.hash = ? AND s.officer_id = ? AND s.epoch = ? "
             "AND s.expires_at > ? AND o.epoch = s.epoch "
             "AND o.disabled = 0");
    mc_query_blob(&query, guard->hash, 32);
    mc_query_int(&query, guard->officer_id);
    mc_query_int(&query, guard->epoch);
    mc_query_int(&query, now);

    err = mc_query_one(&query, &one);

    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_EDENIED : err;
    }

    return member_id == 0 ? MC_OK
                          : member_check(conn, guard->officer_id, member_id);
}
