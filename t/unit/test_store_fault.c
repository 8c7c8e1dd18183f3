/*
 * A store in trouble: disk full, read-only, locked from outside, damaged.
 * Each is told by its own error, nothing half-done stays, and the same
 * process goes on when it is over.
 */

#include "store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "mc_store_sqlite.h"


static mc_err_t
act_read(fixture_t *f)
{
    mc_member_row_t  row;

    return mc_member_by_no(f->conn, mc_str("np"), mc_str("1"), &f->arena,
                           &row);
}


static mc_err_t
act_save(fixture_t *f)
{
    int64_t           revision;
    mc_err_t          err;
    mc_member_row_t   row;

    err = mc_member_by_id(f->conn, 1, &f->arena, &row);

    return err != MC_OK ? err
                        : mc_member_save(f->conn, &f->actor, NULL,
                                         &row.member, mc_str("sealed"),
                                         &revision);
}


/* --- disk full ------------------------------------------------------- */

static void
pages_limit(fixture_t *f, mc_db_t db, int64_t pages)
{
    char     sql[64];
    int64_t  present;

    if (pages == 0) {
        assert_ok(mc_sqlite_int(f->conn->db[db], "PRAGMA page_count",
                                &present));
        pages = present;
    }

    snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld",
             (long long) pages);
    assert_ok(mc_sqlite_int(f->conn->db[db], sql, &present));
}


static mc_err_t
big_upload(fixture_t *f)
{
    static const char  sealed[20000] = "sealed";

    mc_err_t        err;
    mc_case_row_t   out;
    mc_photo_row_t  photo;

    photo = (mc_photo_row_t) {
        .member_id = 1, .sealed = { sealed, sizeof(sealed) }, .at = NOW
    };
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };

    err = mc_photo_reserve(f->conn, &photo.id);

    return err != MC_OK ? err
                        : mc_photo_upload(f->conn, &f->actor, NULL, &photo,
                                          FIVE, true, &out);
}


static void
a_full_photo_db_refuses_uploads_and_nothing_else(void **state)
{
    int64_t         rows;
    fixture_t      *f;
    mc_case_row_t   row;

    f = *state;
    member_add(f, "1");
    pages_limit(f, MC_DB_PHOTO, 0);
    rows = audit_count(f);

    assert_err(big_upload(f), MC_EFULL);
    assert_err(mc_case_newest(f->conn, 1, &f->arena, &row), MC_ENOTFOUND);
    assert_int_equal(audit_count(f), rows);
    assert_ok(act_save(f));

    pages_limit(f, MC_DB_PHOTO, 1000000);
    assert_ok(big_upload(f));
    assert_ok(mc_case_newest(f->conn, 1, &f->arena, &row));
}


static void
a_full_core_db_rolls_back_and_writes_again_later(void **state)
{
    int                  i;
    char                 no[16];
    fixture_t           *f;
    mc_err_t             err;
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    f = *state;
    member_add(f, "1");
    pages_limit(f, MC_DB_CORE, 0);

    assert_ok(mc_import_begin(f->conn, &import));
    err = MC_OK;

    for (i = 100; i < 100000 && err == MC_OK; i++) {
        snprintf(no, sizeof(no), "%d", i);
        row = member_row(no, "Zhang San");
        err = mc_import_member(import, &row);
    }

    assert_err(err, MC_EFULL);

    /* nothing more goes in, and a commit does not bring half of it */

    row = member_row("2", "Li Si");
    assert_err(mc_import_member(import, &row), MC_EFULL);
    assert_err(mc_import_commit(import, &f->actor, "ok"), MC_EFULL);
    assert_err(mc_member_by_no(f->conn, mc_str("np"), mc_str("100"),
                               &f->arena, &stored), MC_ENOTFOUND);

    pages_limit(f, MC_DB_CORE, 1000000);
    member_add(f, "2");
    (void) audit_count(f);
}


/* In a child: says what does not hold and leaves the function with 1. */
#define need(condition)                                                      \
    do {                                                                     \
        if (!(condition)) {                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);  \
            return 1;                                                        \
        }                                                                    \
    } while (0)


/* A limit of the kernel's, met in the WAL; in a child, so that it dies with
 * it. */
static int
limit_child(const char *dir)
{
    int             i;
    mc_err_t        err;
    fixture_t       f;
    struct rlimit   limit, before;
    mc_store_t     *store;

    f = (fixture_t) { .actor = { .actor = "work", .now = NOW } };
    mc_arena_init(&f.arena, 1 << 20);
    store = store_open_at(dir, 2, 500);
    f.store = store;
    need(mc_store_acquire(store, &f.conn) == MC_OK);
    need(big_upload(&f) == MC_OK);

    signal(SIGXFSZ, SIG_IGN);
    need(getrlimit(RLIMIT_FSIZE, &before) == 0);
    limit = before;
    limit.rlim_cur = 400 * 1024;
    need(setrlimit(RLIMIT_FSIZE, &limit) == 0);

    for (i = 0, err = MC_OK; i < 100 && err == MC_OK; i++) {
        err = big_upload(&f);
    }

    need(err == MC_EFULL);
    need(act_read(&f) == MC_OK);

    /* however often it is tried, also over connections opened meanwhile */

    for (i = 0; i < 3; i++) {
        mc_store_release(store, f.conn);
        need(mc_store_acquire(store, &f.conn) == MC_OK);
        need(big_upload(&f) == MC_EFULL);
    }

    need(setrlimit(RLIMIT_FSIZE, &before) == 0);
    mc_store_release(store, f.conn);
    need(mc_store_acquire(store, &f.conn) == MC_OK);
    need(big_upload(&f) == MC_OK);

    mc_store_release(store, f.conn);
    mc_store_close(store);
    mc_arena_free(&f.arena);

    return 0;
}


static int
child_result(pid_t pid)
{
    int  status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));

    return WEXITSTATUS(status);
}


static void
a_file_that_may_not_grow_is_a_full_disk(void **state)
{
    pid_t               pid;
    fixture_t          *f;
    mc_store_report_t   report;

    f = *state;
    member_add(f, "1");
    pid = fork();

    if (pid == 0) {
        _exit(limit_child(f->dir));
    }

    assert_int_equal(child_result(pid), 0);

    assert_ok(mc_store_check(f->conn, &report));
    assert_true(report.integrity);
    assert_int_equal(report.lost_photos, 0);
    assert_int_equal(report.bad_photos, 0);
    (void) audit_count(f);
}


/* --- read-only ------------------------------------------------------- */

/* The files belong to nobody's user and may only be read; then not. */
static int
readonly_child(const char *dir)
{
    char         path[2][192];
    fixture_t    f;
    mc_store_t  *store;

    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
        return 1;
    }

    f = (fixture_t) { .actor = { .actor = "work", .now = NOW } };
    mc_arena_init(&f.arena, 1 << 20);
    store = store_open_at(dir, 2, 500);
    f.store = store;
    snprintf(path[0], sizeof(path[0]), "%s/core.db", dir);
    snprintf(path[1], sizeof(path[1]), "%s/core.db-wal", dir);

    need(mc_store_acquire(store, &f.conn) == MC_OK);
    need(act_save(&f) == MC_OK);
    mc_store_release(store, f.conn);
    mc_store_drain(store);

    need(chmod(path[0], 0400) == 0);
    need(mc_store_acquire(store, &f.conn) == MC_OK);
    need(act_read(&f) == MC_OK);
    need(act_save(&f) == MC_EREADONLY);
    mc_store_release(store, f.conn);
    need(mc_store_acquire(store, &f.conn) == MC_OK);
    need(act_save(&f) == MC_EREADONLY);

    /* repaired: the next connection writes */

    need(chmod(path[0], 0600) == 0);
    mc_store_release(store, f.conn);
    need(mc_store_acquire(store, &f.conn) == MC_OK);
    need(act_save(&f) == MC_OK);
    mc_store_release(store, f.conn);
    mc_store_close(store);
    mc_arena_free(&f.arena);

    return 0;
}


static void
a_read_only_store_is_read_and_writes_when_repaired(void **state)
{
    char                      path[192];
    size_t                    i;
    pid_t                     pid;
    fixture_t                *f;
    static const char *const  names[] = {
        "", "core.db", "core.db-wal", "core.db-shm", "photo.db",
        "photo.db-wal", "photo.db-shm", "lock"
    };

    f = *state;
    member_add(f, "1");
    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);

    for (i = 0; geteuid() == 0 && i < mc_count(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", f->dir, names[i]);
        assert_int_equal(chown(path, 65534, 65534), 0);
    }

    pid = fork();

    if (pid == 0) {
        _exit(readonly_child(f->dir));
    }

    assert_int_equal(child_result(pid), 0);
    assert_ok(mc_store_acquire(f->store, &f->conn));
}


/* --- others ------------------------------------------------------- */

static void
a_lock_of_sqlites_own_from_outside_is_busy(void **state)
{
    char         path[192];
    int64_t      began;
    sqlite3     *db;
    fixture_t   *f;
    mc_conn_t   *conn;
    mc_store_t  *store;

    f = *state;
    member_add(f, "1");
    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
                     SQLITE_OK);

    store = store_open_at(f->dir, 2, 200);
    assert_ok(mc_store_acquire(store, &conn));
    began = mc_monotonic();
    assert_err(mc_audit_write(conn, &f->actor, 1, "reset", "ok"), MC_EBUSY);
    assert_true(mc_monotonic() - began < 1500);
    sqlite3_close(db);
    assert_ok(mc_audit_write(conn, &f->actor, 1, "reset", "ok"));
    mc_store_release(store, conn);
    mc_store_close(store);
}


static void
a_damaged_table_is_corrupt_until_it_is_restored(void **state)
{
    int                  fd, i;
    char                 no[16], path[192], page[4096], junk[4096];
    int64_t              root;
    fixture_t           *f;
    mc_err_t             err;
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    f = *state;
    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 3000; i++) {
        snprintf(no, sizeof(no), "%d", i);
        row = member_row(no, "Zhang San");
        assert_ok(mc_import_member(import, &row));
    }

    assert_ok(mc_import_commit(import, &f->actor, "ok"));
    assert_int_equal(sqlite3_wal_checkpoint_v2(f->conn->db[MC_DB_CORE],
                                               "main",
                                               SQLITE_CHECKPOINT_TRUNCATE,
                                               NULL, NULL), SQLITE_OK);
    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);

    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    memset(junk, 0xA5, sizeof(junk));

    /* the root of member: the only page every reader needs */

    fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_ok(mc_store_acquire(f->store, &f->conn));

    assert_ok(mc_sqlite_int(f->conn->db[MC_DB_CORE],
                            "SELECT rootpage FROM sqlite_schema "
                            "WHERE name = 'member'", &root));
    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);

    assert_int_equal(pread(fd, page, 4096, (root - 1) * 4096), 4096);
    assert_int_equal(pwrite(fd, junk, 4096, (root - 1) * 4096), 4096);

    assert_ok(mc_store_acquire(f->store, &f->conn));
    err = mc_member_by_id(f->conn, 5, &f->arena, &stored);
    assert_err(err, MC_ECORRUPT);
    mc_store_release(f->store, f->conn);
    f->conn = NULL;

    assert_int_equal(pwrite(fd, page, 4096, (root - 1) * 4096), 4096);
    close(fd);

    /* the connection that met it was not kept, with its cached page */

    assert_ok(mc_store_acquire(f->store, &f->conn));
    assert_int_equal(member_get(f, 5).member.id, 5);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(a_full_photo_db_refuses_uploads_and_nothing_else),
        block(a_full_core_db_rolls_back_and_writes_again_later),
        block(a_file_that_may_not_grow_is_a_full_disk),
        block(a_read_only_store_is_read_and_writes_when_repaired),
        block(a_lock_of_sqlites_own_from_outside_is_busy),
        block(a_damaged_table_is_corrupt_until_it_is_restored)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
