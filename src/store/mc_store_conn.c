/*
 * The store object and its connections.
 *
 * Depends on base.  Pool threads and commands; mc_store_open() also in
 * nginx's master, because it opens nothing.
 *
 * A connection is taken out of a free list and put back, so that one thread
 * at a time uses it and no thread-local destructor is needed.  One whose
 * database failed or was replaced is closed instead: the next acquire opens
 * a new one and so finds out whether the trouble is over.
 */

#include "mc_store_sqlite.h"

#include <unistd.h>

#include "mc_time.h"


/* ms; as long as many a job */
#define CURRENT_TIME  10


mc_err_t
mc_store_open(mc_store_t **store, const mc_store_options_t *options)
{
    mc_store_t  *s;

    *store = NULL;

    if (options->audit_olds >= MC_AUDIT_KEYS
        || options->dir.len == 0 || options->dir.len >= PATH_MAX
        || memchr(options->dir.data, '\0', options->dir.len) != NULL)
    {
        return MC_EINVAL;
    }

    s = mc_alloc(sizeof(mc_store_t));
    if (s == NULL) {
        return MC_ENOMEM;
    }

    s->dir = mc_alloc(options->dir.len + 1);
    if (s->dir == NULL) {
        mc_free(s);
        return MC_ENOMEM;
    }

    memcpy(s->dir, options->dir.data, options->dir.len);
    memcpy(s->audit_keys[0], options->audit_key, 32);

    if (options->audit_olds > 0) {
        memcpy(s->audit_keys[1], options->audit_old,
               32 * options->audit_olds);
    }

    s->audit_count = 1 + options->audit_olds;

    s->writers = options->writers;
    s->deadline = options->deadline_ms == 0 ? MC_STORE_DEADLINE
                                            : options->deadline_ms;
    if (pthread_mutex_init(&s->mutex, NULL) != 0) {
        mc_free(s->dir);
        mc_free_wiped(s, sizeof(mc_store_t));
        return MC_ENOMEM;
    }

    *store = s;

    return MC_OK;
}


static void
conn_close(mc_conn_t *conn)
{
    size_t  i;

    for (i = 0; i < conn->count; i++) {
        sqlite3_finalize(conn->prepared[i].stmt);
    }

    for (i = 0; i < MC_DBS; i++) {
        sqlite3_close(conn->db[i]);
    }

    mc_writer_put(conn->writer);
    mc_free(conn);
}


void
mc_store_drain(mc_store_t *store)
{
    mc_conn_t  *conn, *next;

    pthread_mutex_lock(&store->mutex);

    conn = store->idle;
    store->idle = NULL;

    pthread_mutex_unlock(&store->mutex);

    for ( /* void */ ; conn != NULL; conn = next) {
        next = conn->next;
        conn_close(conn);
    }
}


void
mc_store_close(mc_store_t *store)
{
    if (store == NULL) {
        return;
    }

    mc_store_drain(store);

    pthread_mutex_destroy(&store->mutex);

    mc_free(store->dir);
    mc_free_wiped(store, sizeof(mc_store_t));
}


/* Remembers how long the WAL became; called after each commit. */
static int
frames_count(void *data, sqlite3 *db, const char *name, int frames)
{
    *(int *) data = frames;

    return SQLITE_OK;
}


static mc_err_t
conn_open(mc_store_t *store, mc_conn_t **out)
{
    size_t      i;
    mc_err_t    err;
    mc_conn_t  *conn;
    mc_path_t   dir;

    err = mc_dir_real(store->dir, dir);
    if (err != MC_OK) {
        return err;
    }

    conn = mc_alloc(sizeof(mc_conn_t));
    if (conn == NULL) {
        return MC_ENOMEM;
    }

    conn->store = store;
    conn->writer = mc_writer_get(dir);

    if (conn->writer == NULL) {
        conn_close(conn);
        return MC_ENOMEM;
    }

    for (i = 0; i < MC_DBS; i++) {
        err = mc_db_open(dir, (mc_db_t) i, false, (int) store->deadline,
                         &conn->db[i]);
        if (err != MC_OK) {
            conn_close(conn);
            return err;
        }

        sqlite3_wal_hook(conn->db[i], frames_count, &conn->frames[i]);
    }

    *out = conn;

    return MC_OK;
}


/*
 * Is an idle connection still one to the store as it is now?  It was so a
 * moment ago: a job that began then would not ask again either.
 */
static bool
conn_current(mc_conn_t *conn)
{
    int         moved;
    size_t      i;
    int64_t     now, version;
    mc_query_t  query;

    now = mc_monotonic();

    if (now - conn->current_at < CURRENT_TIME) {
        return true;
    }

    for (i = 0; i < MC_DBS; i++) {
        moved = 0;

        if (sqlite3_file_control(conn->db[i], "main",
                                 SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK
            || moved != 0)
        {
            return false;
        }
    }

    mc_query(&query, conn, MC_DB_CORE, "PRAGMA user_version");

    if (mc_query_one(&query, &version) != MC_OK
        || version != MC_STORE_VERSION)
    {
        return false;
    }

    conn->current_at = now;

    return true;
}


mc_err_t
mc_store_acquire(mc_store_t *store, mc_conn_t **conn)
{
    mc_conn_t  *c;

    *conn = NULL;

    for ( ;; ) {
        pthread_mutex_lock(&store->mutex);

        c = store->idle;

        if (c != NULL) {
            store->idle = c->next;
            c->next = NULL;
        }

        pthread_mutex_unlock(&store->mutex);

        if (c == NULL) {
            return conn_open(store, conn);
        }

        if (conn_current(c)) {
            *conn = c;
            return MC_OK;
        }

        conn_close(c);
    }
}


void
mc_store_release(mc_store_t *store, mc_conn_t *conn)
{
    if (conn == NULL) {
        return;
    }

    if (conn->writing) {
        (void) mc_write_end(conn, MC_EIO);
    }

    if (conn->bad) {
        conn_close(conn);
        return;
    }

    conn->changed = (mc_changed_t) { .count = 0 };

    pthread_mutex_lock(&store->mutex);

    conn->next = store->idle;
    store->idle = conn;

    pthread_mutex_unlock(&store->mutex);
}


void
mc_store_changed(mc_conn_t *conn, mc_changed_t *out)
{
    mc_changed_join(out, &conn->changed);

    conn->changed = (mc_changed_t) { .count = 0 };
}


const char *
mc_store_hint(mc_err_t err)
{
    switch (err) {
    case MC_EBUSY:
        return "busy: another process holds the writer lock";

    case MC_ECROWDED:
        return "busy: as many writers wait for their turn as may";

    case MC_EFULL:
        return "the disk is full";

    case MC_EREADONLY:
        return "read-only: check the owner of the folder and its files";

    case MC_ESCHEMA:
        return "missing or of another version: run membercertctl init "
               "or membercertctl migrate";

    case MC_ECORRUPT:
        return "damaged: run membercertctl check, restore from a backup";

    case MC_EIO:
        return "cannot be used: no permission, a symbolic link in the "
               "place of a file, or a failing disk";

    default:
        return mc_err_name(err);
    }
}
