/*
 * Private to src/store: what stands behind mc_store_t and mc_conn_t, and the
 * few words in which every statement of this room is written.
 *
 * A connection holds both databases as two SQLite handles (nothing is
 * ATTACHed: a commit over two WAL files is not atomic anyway).  A statement
 * is prepared once a connection and found again by the address of its text,
 * so every text is a literal.
 *
 * Lock order: the writer mutex, then flock on DIR/lock, then SQLite's own;
 * store->mutex, writer->mutex and that of the list of writers guard a few
 * fields, are held for moments only and never while one of the others is
 * waited for.  Pool threads and commands.
 */

#ifndef MC_STORE_SQLITE_H
#define MC_STORE_SQLITE_H

#include <limits.h>
#include <pthread.h>
#include <sys/types.h>

#include <sqlite3.h>

#include "mc_store.h"

#pragma GCC visibility push(hidden)


#define MC_CORE_ID     0x6D634301   /* PRAGMA application_id */
#define MC_PHOTO_ID    0x6D635001

#define MC_QUERIES     320          /* statements kept by a connection */
#define MC_SCAN_ARENA  (64 * 1024 * 1024)

typedef enum {
    MC_DB_CORE = 0,
    MC_DB_PHOTO,
    MC_DBS
} mc_db_t;

/* A path of one of our files. */
typedef char  mc_path_t[PATH_MAX];

/*
 * The writer lock of one folder in this process: shared by all stores of
 * that folder, so that two servers with settings of their own do not have
 * twice as many threads waiting.  Counted by connections.
 */
typedef struct mc_writer_s  mc_writer_t;

struct mc_writer_s {
    mc_writer_t      *next;
    unsigned          conns;
    pid_t             pid;              /* not handed down by fork() */
    mc_path_t         dir;              /* real */

    pthread_mutex_t   mutex;            /* the field below */
    uint32_t          waiting;          /* threads waiting for the lock */

    pthread_mutex_t   writer;           /* the fields below */
    int               lock_fd;          /* -1: not yet opened */
    dev_t             lock_dev;
    ino_t             lock_ino;
    int               checkpointed[MC_DBS];     /* frames when last tried */
};

struct mc_store_s {
    char             *dir;
    uint8_t           audit_keys[MC_AUDIT_KEYS][32];    /* first: writes */
    size_t            audit_count;
    uint32_t          writers;
    uint32_t          deadline;         /* ms */

    pthread_mutex_t   mutex;            /* the fields below */
    mc_conn_t        *idle;
    int64_t           photo_next;       /* reserved ids not yet used */
    int64_t           photo_end;
};

typedef struct {
    const char       *sql;              /* key: the literal's address */
    mc_db_t           db;
    sqlite3_stmt     *stmt;
} mc_prepared_t;

struct mc_conn_s {
    mc_conn_t        *next;
    mc_store_t       *store;
    mc_writer_t      *writer;
    sqlite3          *db[MC_DBS];
    int               frames[MC_DBS];   /* in the WAL after our last commit */
    bool              writing;          /* holds the writer lock */
    uint32_t          wait;             /* ms for that; 0: the store's */
    bool              bad;              /* to be closed when released */
    mc_changed_t      changed;          /* written about since acquired */
    int64_t           current_at;       /* mc_monotonic(), when last so */
    size_t            count;
    mc_prepared_t     prepared[MC_QUERIES];
};


/* --- files and connections (mc_store_conn.c, mc_store_file.c) ---------- */

/* "dir/name"; MC_ETOOBIG. */
mc_err_t mc_path_join(mc_path_t out, const char *dir, const char *name);

/* A regular file of ours, no link: MC_ESCHEMA when it is not there, MC_EIO
 * when it is something else.  Does not open it. */
mc_err_t mc_path_check(const char *path);

const char *mc_db_name(mc_db_t db);     /* "core.db" */

/* The folder's real path; MC_ESCHEMA when there is none. */
mc_err_t mc_dir_real(const char *dir, mc_path_t out);

/* Opens dir/name with every setting of DESIGN 5; "version" is what it says
 * of itself, -1 where that is not to be checked against MC_STORE_VERSION.
 * *out is NULL on failure. */
mc_err_t mc_db_open(const char *dir, mc_db_t which, bool any_version,
    int busy_ms, sqlite3 **out);

/* What an SQLite result means for us; the errno behind it counts. */
mc_err_t mc_sqlite_error(sqlite3 *db, int rc);

/* One statement or several without values; an integer answer. */
mc_err_t mc_sqlite_exec(sqlite3 *db, const char *sql);
mc_err_t mc_sqlite_int(sqlite3 *db, const char *sql, int64_t *out);


/* --- the writer lock (mc_store_lock.c) --------------------------------- */

/* The writer of a folder (its real path); NULL: no memory.  put() by who
 * got it; the last one closes the lock file. */
mc_writer_t *mc_writer_get(const char *dir);
void mc_writer_put(mc_writer_t *writer);        /* NULL is fine */

/* MC_EBUSY after the store's deadline, MC_ECROWDED at once when too many
 * wait.  *left is what remains of the deadline, at least 1 ms. */
mc_err_t mc_lock_take(mc_conn_t *conn, int *left);
void mc_lock_give(mc_conn_t *conn);

/* Opens DIR/lock as every user of it does: no link, regular. */
mc_err_t mc_lock_file(const char *dir, int *fd);

/* flock() until "deadline" (mc_monotonic()), tried every 200 us. */
mc_err_t mc_lock_poll(int fd, int64_t deadline);

/*
 * gc against backup: flock on the folder itself, shared by backups,
 * exclusive for gc, never waited for (MC_EBUSY).  close() gives it back.
 */
mc_err_t mc_lock_folder(const char *dir, bool exclusive, int *fd);


/* --- transactions (mc_store_write.c) ----------------------------------- */

/* Lock and BEGIN IMMEDIATE on core.db. */
mc_err_t mc_write_begin(mc_conn_t *conn);

/* The same within "wait" ms (at least 1) instead of the store's deadline:
 * for what can as well be done a little later. */
mc_err_t mc_write_begin_within(mc_conn_t *conn, uint32_t wait);

/* Commits when "err" is MC_OK, else rolls back; checkpoints where it is due
 * and gives the lock back.  Answers err, or why the commit failed. */
mc_err_t mc_write_end(mc_conn_t *conn, mc_err_t err);

/* Is the session that writes still good for this member?  Inside the
 * transaction. */
mc_err_t mc_write_guard(mc_conn_t *conn, const mc_write_guard_t *guard,
    int64_t member_id, int64_t now);


/* --- statements (mc_store_query.c) -------------------------------------- */

/* Errors stick: after the first one every call does nothing, and the last
 * one tells. */
typedef struct {
    mc_conn_t     *conn;
    mc_db_t        db;
    sqlite3_stmt  *stmt;
    mc_err_t       err;
    int            place;       /* of the parameter bound last */
} mc_query_t;

/* "sql" is a literal.  Every query ends with mc_query_run() or
 * mc_query_done(). */
void mc_query(mc_query_t *query, mc_conn_t *conn, mc_db_t db,
    const char *sql);

/* The next parameter; the bytes must stay until the query has ended. */
void mc_query_int(mc_query_t *query, int64_t value);
void mc_query_id(mc_query_t *query, int64_t id);            /* 0: NULL */
void mc_query_text(mc_query_t *query, mc_str_t text);
void mc_query_optional(mc_query_t *query, mc_str_t text);   /* empty: NULL */
void mc_query_blob(mc_query_t *query, const void *data, size_t len);
void mc_query_optional_blob(mc_query_t *query, mc_str_t bytes); /* the same */

/* MC_OK: a row; MC_ENOTFOUND: no more. */
mc_err_t mc_query_row(mc_query_t *query);

/* Ends it: gives what is wrong, MC_OK also when there was no row. */
mc_err_t mc_query_done(mc_query_t *query);

/* Steps to the end and ends it; *changes (may be NULL) rows were written. */
mc_err_t mc_query_run(mc_query_t *query, int *changes);

/* Columns of the present row.  NULL is 0 or empty. */
int64_t mc_query_get_int(mc_query_t *query, int column);
mc_str_t mc_query_get(mc_query_t *query, int column, mc_arena_t *arena);

/* The same without a copy: valid until the next step. */
mc_str_t mc_query_peek(mc_query_t *query, int column);

/* Exactly "len" bytes, else MC_ECORRUPT sticks. */
void mc_query_get_blob(mc_query_t *query, int column, void *out,
    size_t len);

/* One integer of one row; MC_ENOTFOUND. */
mc_err_t mc_query_one(mc_query_t *query, int64_t *out);


/* --- rows that several files read ---------------------------------------- */

/* Columns of a member as "m", without the profile (mc_store_member.c). */
#define MC_MEMBER_COLUMNS                                                    \
    "m.id, m.user_type, m.member_no, m.name, m.sex, m.certificate_no, "      \
    "m.category, m.admitted_on, m.institute, m.status, m.password_hash, "    \
    "m.disabled, m.epoch, m.photo_id, m.revision, m.attempts, "              \
    "m.password_at, m.password_forced"
#define MC_MEMBER_COLUMN_COUNT  18

mc_err_t mc_member_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_member_t *out);

/* Columns of a case as "c" (mc_store_case.c). */
#define MC_CASE_COLUMNS                                                      \
    "c.id, c.member_id, c.photo_id, c.plain_sha256, c.state, c.reason, "     \
    "c.at, c.decided_at, c.declared, c.next_try, c.tries, c.result, "        \
    "coalesce(c.score, -1), c.model, c.warnings"
#define MC_CASE_COLUMN_COUNT  15

mc_err_t mc_case_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_case_row_t *out);

/* Inside a transaction: a session's row (mc_store_session.c); all of a
 * member's, which the epoch has ended already (mc_store_member.c). */
mc_err_t mc_session_insert(mc_conn_t *conn, const mc_session_row_t *session);
mc_err_t mc_sessions_remove(mc_conn_t *conn, int64_t member_id);

/* Inside a transaction (mc_store_audit.c). */
mc_err_t mc_audit_append(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t member_id, const char *action, const char *result);

/* Columns of a confirmation as "k" (mc_store_confirm.c). */
#define MC_CONFIRMATION_COLUMNS                                              \
    "k.serial, k.member_id, k.version, k.frozen, k.photo_id, k.code, k.at, " \
    "k.superseded_at, k.revoked_at, k.erased_at, k.reason, k.statement"
#define MC_CONFIRMATION_COLUMN_COUNT  12

mc_err_t mc_confirmation_columns(mc_query_t *query, int first,
    mc_arena_t *arena, mc_confirmation_row_t *out);

/* Inside a transaction: a key that signs, unless it is known
 * (mc_store_issue.c). */
mc_err_t mc_statement_key_put(mc_conn_t *conn,
    const mc_known_key_t *key, int64_t now);

/* The photo row alone, committed when it returns (mc_store_photo.c). */
mc_err_t mc_photo_insert(mc_conn_t *conn, const mc_photo_row_t *photo);

/* A photo of a case that is closed or was a mismatch may be gone when its
 * upload and its decision are longer ago than this; the case stays. */
#define MC_PHOTO_KEPT  (30 * MC_DAY)
#define MC_CASE_KEEPS                                                        \
    "(state NOT IN ('closed', 'mismatched') "                                \
    "OR max(at, coalesce(decided_at, 0)) >= ?)"

/* Does anything in core.db need this photo?  Cases that were over before
 * "since" do not. (mc_store_photo.c) */
mc_err_t mc_photo_pointed(mc_conn_t *conn, int64_t photo_id, int64_t since,
    bool *pointed);

/* Are the sealed bytes those that were written? (mc_store_photo.c) */
mc_err_t mc_photo_sealed_check(mc_str_t sealed, const uint8_t sha256[32]);


/* Tables of the officers, a step of the schema (mc_store_officer.c). */
extern const char  mc_schema_officer[];
extern const char  mc_schema_account[];
extern const char  mc_schema_account_photo[];
extern const char  mc_schema_issue[];


/* --- files made (mc_store_schema.c) ------------------------------------- */

/* An empty file of mode 0600 that was not there (MC_ECONFLICT). */
mc_err_t mc_file_make(const char *dir, const char *name);

/* fsync of a folder, so that its new names stay. */
mc_err_t mc_dir_sync(const char *dir);

/* The real path of a folder given by length. */
mc_err_t mc_dir_copy(mc_str_t dir, mc_path_t real);


#pragma GCC visibility pop

#endif /* MC_STORE_SQLITE_H */
