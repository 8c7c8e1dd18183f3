/*
 * Opening a store: what is there, what is refused, what is noticed later
 * (issue traps: planted links, a store missing or of another version).
 */

#include "store_fixture.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "mc_store_sqlite.h"


static void
path_of(char out[192], const char *dir, const char *name)
{
    snprintf(out, 192, "%s/%s", dir, name);
}


static mc_err_t
acquire_err(const char *dir)
{
    mc_err_t     err;
    mc_conn_t   *conn;
    mc_store_t  *store;

    store = store_open_at(dir, 2, 200);
    err = mc_store_acquire(store, &conn);

    if (err == MC_OK) {
        mc_store_release(store, conn);

    } else {
        assert_null(conn);
    }

    mc_store_close(store);

    return err;
}


static unsigned
descriptors(void)
{
    DIR       *d;
    unsigned   count;

    count = 0;
    d = opendir("/proc/self/fd");
    assert_non_null(d);

    while (readdir(d) != NULL) {
        count++;
    }

    closedir(d);

    return count;
}


static void
a_store_is_made_of_three_private_files(void **state)
{
    size_t                    i;
    char                      dir[64], path[192];
    struct stat               st;
    static const char *const  names[] = { "core.db", "photo.db", "lock" };

    (void) state;
    folder_make(dir);
    assert_err(acquire_err(dir), MC_ESCHEMA);
    assert_ok(mc_store_create(mc_str_from(dir)));

    for (i = 0; i < mc_count(names); i++) {
        path_of(path, dir, names[i]);
        assert_int_equal(lstat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }

    assert_ok(acquire_err(dir));

    path_of(path, dir, "core.db-wal");
    assert_int_equal(lstat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    folder_remove(dir);
}


static void
a_store_is_not_made_over_another(void **state)
{
    fixture_t  *f;

    f = *state;
    member_add(f, "1");

    assert_err(mc_store_create(mc_str_from(f->dir)), MC_ECONFLICT);
    assert_int_equal(member_get(f, 1).member.id, 1);
}


static void
a_folder_that_is_not_there_is_no_store(void **state)
{
    int  from;

    (void) state;

    assert_err(mc_store_create(mc_str("/nonexistent/x")), MC_ESCHEMA);
    assert_err(mc_store_migrate(mc_str("/nonexistent/x"), &from),
               MC_ESCHEMA);
    assert_err(mc_store_create(mc_str("")), MC_EINVAL);
    assert_err(acquire_err("/nonexistent/x"), MC_ESCHEMA);
    assert_non_null(strstr(mc_store_hint(MC_ESCHEMA), "init"));
}


static void
every_error_has_a_hint(void **state)
{
    int  err;

    (void) state;

    for (err = MC_OK; err <= MC_EIO; err++) {
        assert_non_null(mc_store_hint((mc_err_t) err));
        assert_true(strlen(mc_store_hint((mc_err_t) err)) > 0);
    }
}


static void
a_file_missing_from_a_store_is_told(void **state)
{
    char                      path[192];
    size_t                    i;
    fixture_t                *f;
    static const char *const  names[] = { "core.db", "photo.db" };

    (void) state;

    for (i = 0; i < mc_count(names); i++) {
        assert_int_equal(fixture_up(state), 0);
        f = *state;
        path_of(path, f->dir, names[i]);
        assert_int_equal(unlink(path), 0);

        assert_err(acquire_err(f->dir), MC_ESCHEMA);

        /* also to a connection that was open before */

        mc_store_release(f->store, f->conn);
        f->conn = NULL;
        assert_err(mc_store_acquire(f->store, &f->conn), MC_ESCHEMA);

        fixture_down(state);
    }
}


static void
a_store_without_lock_is_read_and_never_written(void **state)
{
    char        path[192];
    int64_t     id;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "1");
    path_of(path, f->dir, "lock");
    assert_int_equal(unlink(path), 0);

    assert_err(mc_audit_write(f->conn, &f->actor, 1, "reset", "ok"),
               MC_ESCHEMA);
    assert_int_equal(member_get(f, id).member.id, id);
    assert_int_equal(access(path, F_OK), -1);
}


static void
a_planted_link_is_refused(void **state)
{
    char                      path[192], real[256];
    size_t                    i;
    fixture_t                *f;
    mc_err_t                  err;
    mc_conn_t                *conn;
    static const char *const  names[] = {
        "core.db", "photo.db", "core.db-wal", "lock"
    };

    (void) state;

    for (i = 0; i < mc_count(names); i++) {
        assert_int_equal(fixture_up(state), 0);
        f = *state;
        member_add(f, "1");
        mc_store_release(f->store, f->conn);
        f->conn = NULL;
        mc_store_drain(f->store);

        path_of(path, f->dir, names[i]);
        snprintf(real, sizeof(real), "%s.real", path);
        assert_int_equal(rename(path, real), 0);
        assert_int_equal(symlink(real, path), 0);

        f->conn = NULL;
        err = mc_store_acquire(f->store, &conn);

        if (i == 3) {
            assert_ok(err);
            err = mc_audit_write(conn, &f->actor, 1, "reset", "ok");
            mc_store_release(f->store, conn);
        }

        if (err != MC_EIO) {
            fail_msg("%s: %s", names[i], mc_err_name(err));
        }

        fixture_down(state);
    }

    assert_non_null(strstr(mc_store_hint(MC_EIO), "link"));
}


static void
the_folder_itself_may_be_reached_by_a_link(void **state)
{
    char        path[192];
    fixture_t  *f;

    f = *state;
    snprintf(path, sizeof(path), "%s.link", f->dir);
    assert_int_equal(symlink(f->dir, path), 0);
    assert_ok(acquire_err(path));
    assert_int_equal(unlink(path), 0);
}


static void
what_is_no_database_is_refused_as_it_is(void **state)
{
    char        path[192], text[64];
    FILE       *file;
    fixture_t  *f;

    f = *state;
    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);

    path_of(path, f->dir, "core.db-wal");
    (void) unlink(path);
    path_of(path, f->dir, "core.db");

    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "this is a text of some length and no database at all.");
    fclose(file);
    assert_err(acquire_err(f->dir), MC_ECORRUPT);

    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    assert_int_equal(strncmp(text, "this is a text", 14), 0);
    fclose(file);

    /* empty, as a creation that was cut short leaves it; a folder */

    assert_int_equal(truncate(path, 0), 0);
    assert_err(acquire_err(f->dir), MC_ESCHEMA);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_err(acquire_err(f->dir), MC_EIO);
}


/* Sets a pragma of core.db from a handle of its own. */
static void
core_set(const char *dir, const char *pragma, int value)
{
    char      sql[64], path[192];
    sqlite3  *db;

    path_of(path, dir, "core.db");
    snprintf(sql, sizeof(sql), "PRAGMA %s = %d", pragma, value);

    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}


static void
another_version_is_refused_until_it_fits_again(void **state)
{
    fixture_t  *f;
    mc_conn_t  *conn;

    f = *state;

    core_set(f->dir, "user_version", MC_STORE_VERSION + 1);
    assert_err(acquire_err(f->dir), MC_ESCHEMA);

    /* also for a connection that was open before, and without a restart */

    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    assert_err(mc_store_acquire(f->store, &conn), MC_ESCHEMA);
    core_set(f->dir, "user_version", MC_STORE_VERSION);
    assert_ok(mc_store_acquire(f->store, &f->conn));

    core_set(f->dir, "application_id", 77);
    assert_err(acquire_err(f->dir), MC_ESCHEMA);
    core_set(f->dir, "application_id", MC_CORE_ID);
    assert_ok(acquire_err(f->dir));
}


static void
every_connection_has_the_settings_of_the_design(void **state)
{
    size_t      i, n;
    int64_t     value;
    fixture_t  *f;

    static const struct {
        const char  *sql;
        int64_t      value;
    } settings[] = {
        { "PRAGMA synchronous", 2 },
        { "PRAGMA foreign_keys", 1 },
        { "PRAGMA trusted_schema", 0 },
        { "PRAGMA secure_delete", 1 },
        { "PRAGMA cell_size_check", 1 },
        { "PRAGMA journal_size_limit", 67108864 },
        { "PRAGMA busy_timeout", 2000 },
        { "PRAGMA user_version", MC_STORE_VERSION },
        { "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
        { "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'", 0 },
        { "SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
          "AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%STRICT%'", 0 }
    };

    f = *state;

    for (i = 0; i < MC_DBS; i++) {
        for (n = 0; n < mc_count(settings); n++) {
            assert_ok(mc_sqlite_int(f->conn->db[i], settings[n].sql,
                                    &value));

            if (value != settings[n].value) {
                fail_msg("%s: %s is %lld", mc_db_name((mc_db_t) i),
                         settings[n].sql, (long long) value);
            }
        }
    }
}


static void
a_connection_is_used_again_and_drained(void **state)
{
    char         dir[64];
    unsigned     before;
    mc_conn_t   *first, *second, *again;
    mc_store_t  *store;
    mc_actor_t   actor;

    (void) state;
    folder_make(dir);
    assert_ok(mc_store_create(mc_str_from(dir)));

    actor = (mc_actor_t) { .actor = "work", .now = NOW };
    before = descriptors();
    store = store_open_at(dir, 2, 200);
    assert_int_equal(descriptors(), before);

    assert_ok(mc_store_acquire(store, &first));
    assert_ok(mc_store_acquire(store, &second));
    assert_ptr_not_equal(first, second);
    assert_ok(mc_audit_write(first, &actor, 1, "reset", "ok"));

    mc_store_release(store, first);
    assert_ok(mc_store_acquire(store, &again));
    assert_ptr_equal(again, first);

    mc_store_release(store, second);
    mc_store_release(store, again);
    mc_store_release(store, NULL);
    assert_true(descriptors() > before);
    mc_store_drain(store);
    assert_int_equal(descriptors(), before);

    /* and goes on after that */

    assert_ok(mc_store_acquire(store, &first));
    assert_ok(mc_audit_write(first, &actor, 1, "reset", "ok"));
    mc_store_release(store, first);
    mc_store_close(store);
    mc_store_close(NULL);
    assert_int_equal(descriptors(), before);
    folder_remove(dir);
}


/* DESIGN "Rules of the module" 6 and 7. */
static void
a_store_made_before_fork_is_opened_in_each_child(void **state)
{
    int          i, status;
    pid_t        pid;
    fixture_t   *f;
    mc_conn_t   *conn;
    mc_store_t  *store;

    f = *state;
    store = store_open_at(f->dir, 2, 2000);

    for (i = 0; i < 3; i++) {
        pid = fork();

        if (pid == 0) {
            _exit(mc_store_acquire(store, &conn) != MC_OK
                  || mc_audit_write(conn, &f->actor, 1, "reset", "ok")
                     != MC_OK);
        }

        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }

    assert_int_equal(audit_count(f), 3);
    mc_store_close(store);
}


static void
a_store_that_was_replaced_is_noticed(void **state)
{
    char              path[192];
    int64_t           id;
    fixture_t        *f;
    mc_member_row_t   row;

    f = *state;
    id = member_add(f, "1");

    snprintf(path, sizeof(path), "%s.old", f->dir);
    assert_int_equal(rename(f->dir, path), 0);
    assert_int_equal(mkdir(f->dir, 0700), 0);
    assert_ok(mc_store_create(mc_str_from(f->dir)));

    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    assert_ok(mc_store_acquire(f->store, &f->conn));
    assert_err(mc_member_by_id(f->conn, id, &f->arena, &row), MC_ENOTFOUND);
    assert_int_equal(member_add(f, "2"), 1);

    folder_remove(path);
}


static void
closing_leaves_the_checkpoint_to_the_writers(void **state)
{
    char         path[192];
    fixture_t   *f;
    struct stat  before, after;

    f = *state;
    member_add(f, "1");
    path_of(path, f->dir, "core.db-wal");
    assert_int_equal(stat(path, &before), 0);
    assert_true(before.st_size > 0);

    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);

    assert_ok(mc_store_acquire(f->store, &f->conn));
    assert_int_equal(member_get(f, 1).member.id, 1);
}


static void
a_long_wal_is_written_back_by_the_writer_who_made_it(void **state)
{
    int                  i;
    char                 no[16], path[192], sealed[300];
    int64_t              began;
    fixture_t           *f;
    mc_import_t         *import;
    struct stat          core, wal, after;
    mc_import_member_t   row;

    f = *state;
    memset(sealed, 's', sizeof(sealed));
    began = mc_monotonic();
    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 100000; i++) {
        snprintf(no, sizeof(no), "%d", 330000000 + i);
        row = member_row(no, "Zhang San");
        row.sealed_profile = (mc_str_t) { sealed, sizeof(sealed) };
        assert_ok(mc_import_member(import, &row));
    }

    assert_ok(mc_import_commit(import, &f->actor, "100000"));
    print_message("100,000 members in %lld ms\n",
                  (long long) (mc_monotonic() - began));

    path_of(path, f->dir, "core.db");
    assert_int_equal(stat(path, &core), 0);
    assert_true(core.st_size > 4000 * 4096);

    /* so the next writers start the WAL anew and it grows no further */

    path_of(path, f->dir, "core.db-wal");
    assert_int_equal(stat(path, &wal), 0);

    for (i = 0; i < 20; i++) {
        assert_ok(mc_audit_write(f->conn, &f->actor, 1, "reset", "ok"));
    }

    assert_int_equal(stat(path, &after), 0);
    assert_true(after.st_size <= wal.st_size);

    /* a second run changes nothing */

    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 1000; i++) {
        snprintf(no, sizeof(no), "%d", 330000000 + i);
        row = member_row(no, "Zhang San");
        row.sealed_profile = (mc_str_t) { sealed, sizeof(sealed) };
        assert_ok(mc_import_member(import, &row));
        assert_false(row.changed);
    }

    mc_import_abort(import);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_store_is_made_of_three_private_files),
        block(a_store_is_not_made_over_another),
        cmocka_unit_test(a_folder_that_is_not_there_is_no_store),
        cmocka_unit_test(every_error_has_a_hint),
        cmocka_unit_test(a_file_missing_from_a_store_is_told),
        block(a_store_without_lock_is_read_and_never_written),
        cmocka_unit_test(a_planted_link_is_refused),
        block(the_folder_itself_may_be_reached_by_a_link),
        block(what_is_no_database_is_refused_as_it_is),
        block(another_version_is_refused_until_it_fits_again),
        block(every_connection_has_the_settings_of_the_design),
        cmocka_unit_test(a_connection_is_used_again_and_drained),
        block(a_store_made_before_fork_is_opened_in_each_child),
        block(a_store_that_was_replaced_is_noticed),
        block(closing_leaves_the_checkpoint_to_the_writers),
        block(a_long_wal_is_written_back_by_the_writer_who_made_it)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
