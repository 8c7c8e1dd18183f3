/*
 * Away with what nobody needs any more: what has ended, messages that are
 * long gone, photos nothing points to.
 *
 * Depends on base.  Commands and the work service; the thread that has the
 * connection.  Never holds the writer lock for longer than one small
 * transaction, and asks for it only where there is something to remove.
 */

#include "mc_store_sqlite.h"

#include <unistd.h>

#include "mc_store_recovery.h"
#include "mc_time.h"


#define GC_PAGE       256
#define GC_ROWS       500           /* of one transaction */
#define ORPHAN_AGE    MC_DAY

#define MESSAGE_AGE   (30 * MC_DAY) /* for "I got no code" */
#define HISTORY_KEPT  5             /* hashes of earlier passwords */

/* Rows of a table that ended at least "age" ms ago. */
#define ENDED_SQL(table, key, ended)                                         \
    "SELECT EXISTS (SELECT 1 FROM " table " WHERE " ended " <= ?)",          \
    "DELETE FROM " table " WHERE " key " IN (SELECT " key " FROM " table     \
    " WHERE " ended " <= ? LIMIT ?)"

typedef struct {
    const char  *any;
    const char  *remove;
    int64_t      age;
} ended_sql_t;

static const ended_sql_t  ended[] = {
    { ENDED_SQL("session", "hash", "expires_at"), 0 },
    { ENDED_SQL("officer_session", "hash", "expires_at"), 0 },
    { ENDED_SQL("outbox", "id", "done_at"), MESSAGE_AGE }
};

typedef struct {
    int64_t  at;
    int64_t  id;
} photo_key_t;


static bool
is_late(int64_t until)
{
    return until != 0 && mc_monotonic() >= until;
}


/* Rows of one kind, a part at a time. */
static mc_err_t
ended_remove(mc_conn_t *conn, const ended_sql_t *sql, int64_t before,
    int64_t until, int64_t *removed)
{
    int         changes;
    int64_t     any;
    mc_err_t    err;
    mc_query_t  query;

    while (!is_late(until)) {
        mc_query(&query, conn, MC_DB_CORE, sql->any);
        mc_query_int(&query, before);

        err = mc_query_one(&query, &any);
        if (err != MC_OK || !any) {
            return err;
        }

        err = mc_write_begin(conn);
        if (err != MC_OK) {
            return err;
        }

        mc_query(&query, conn, MC_DB_CORE, sql->remove);
        mc_query_int(&query, before);
        mc_query_int(&query, GC_ROWS);

        err = mc_query_run(&query, &changes);

        err = mc_write_end(conn, err);
        if (err != MC_OK) {
            return err;
        }

        *removed += changes;
    }

    return MC_OK;
}


/* A member with more hashes than are kept; MC_ENOTFOUND.  Reads the index
 * alone. */
static mc_err_t
history_long(mc_conn_t *conn, int64_t after, int64_t *member_id)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT member_id FROM password_history WHERE member_id > ? "
             "GROUP BY member_id HAVING count(*) > ? "
             "ORDER BY member_id LIMIT 1");
    mc_query_int(&query, after);
    mc_query_int(&query, HISTORY_KEPT);

    return mc_query_one(&query, member_id);
}


static mc_err_t
history_cut(mc_conn_t *conn, int64_t member_id, int64_t *removed)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM password_history WHERE member_id = ?1 "
             "AND id NOT IN (SELECT id FROM password_history "
             "WHERE member_id = ?1 ORDER BY id DESC LIMIT ?2)");
    mc_query_int(&query, member_id);
    mc_query_int(&query, HISTORY_KEPT);

    err = mc_query_run(&query, &changes);

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *removed += changes;
    }

    return err;
}


static mc_err_t
histories_cut(mc_conn_t *conn, int64_t until, int64_t *removed)
{
    int64_t   member_id;
    mc_err_t  err;

    member_id = 0;

    while (!is_late(until)) {
        err = history_long(conn, member_id, &member_id);

        if (err != MC_OK) {
            return err == MC_ENOTFOUND ? MC_OK : err;
        }

        err = history_cut(conn, member_id, removed);

        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


/* Takes one photo out, unless something points to it by now. */
static mc_err_t
orphan_remove(mc_conn_t *conn, int64_t id, int64_t now, int64_t *removed)
{
    int         changes;
    bool        pointed;
    mc_err_t    err;
    mc_query_t  query;

    err = mc_photo_pointed(conn, id, now - MC_PHOTO_KEPT, &pointed);
    if (err != MC_OK || pointed) {
        return err;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    changes = 0;

    err = mc_photo_pointed(conn, id, now - MC_PHOTO_KEPT, &pointed);

    if (err == MC_OK && !pointed) {
        mc_query(&query, conn, MC_DB_PHOTO, "DELETE FROM photo WHERE id = ?");
        mc_query_int(&query, id);

        err = mc_query_run(&query, &changes);
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *removed += changes;
    }

    return err;
}


static mc_err_t
old_page(mc_conn_t *conn, int64_t before, photo_key_t after,
    photo_key_t *keys, size_t *count)
{
    mc_query_t  query;

    *count = 0;

    mc_query(&query, conn, MC_DB_PHOTO,
             "SELECT at, id FROM photo WHERE at < ? AND (at, id) > (?, ?) "
             "ORDER BY at, id LIMIT ?");
    mc_query_int(&query, before);
    mc_query_int(&query, after.at);
    mc_query_int(&query, after.id);
    mc_query_int(&query, GC_PAGE);

    while (*count < GC_PAGE && mc_query_row(&query) == MC_OK) {
        keys[*count].at = mc_query_get_int(&query, 0);
        keys[*count].id = mc_query_get_int(&query, 1);
        (*count)++;
    }

    return mc_query_done(&query);
}


static mc_err_t
orphans_end(mc_conn_t *conn, int64_t now, int64_t until, int64_t *removed)
{
    size_t       i, count;
    mc_err_t     err;
    photo_key_t  after, keys[GC_PAGE];

    after = (photo_key_t) { .at = INT64_MIN };

    do {
        err = old_page(conn, now - ORPHAN_AGE, after, keys, &count);

        for (i = 0; err == MC_OK && i < count; i++) {
            after = keys[i];
            err = orphan_remove(conn, keys[i].id, now, removed);
        }

    } while (err == MC_OK && count == GC_PAGE && !is_late(until));

    return err;
}


mc_err_t
mc_store_gc(mc_conn_t *conn, int64_t now, int64_t until, int64_t *removed)
{
    int        fd;
    size_t     i;
    mc_err_t   err;
    mc_path_t  dir;

    *removed = 0;

    for (i = 0; i < mc_count(ended); i++) {
        err = ended_remove(conn, &ended[i], now - ended[i].age, until,
                           removed);
        if (err != MC_OK) {
            return err;
        }
    }

    err = mc_recovery_gc(conn, now, removed);

    if (err == MC_OK) {
        err = histories_cut(conn, until, removed);
    }

    if (err != MC_OK) {
        return err;
    }

    err = mc_dir_real(conn->store->dir, dir);
    if (err != MC_OK) {
        return err;
    }

    /* while a backup runs photos stay: it has copied pointers to them */

    err = mc_lock_folder(dir, true, &fd);
    if (err != MC_OK) {
        return err == MC_EBUSY ? MC_OK : err;
    }

    err = orphans_end(conn, now, until, removed);
    close(fd);

    return err;
}
