/*
 * Looking after a store: migrate, check, gc, backup.
 */

#include "store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "mc_store_sqlite.h"


/* A statement from outside the store's own connections. */
static void
outside(const char *dir, const char *name, const char *sql)
{
    char      path[192];
    sqlite3  *db;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }

    sqlite3_close(db);
}


/* Puts a photo on record at the present time of the actor. */
static int64_t
photo_add(fixture_t *f, int64_t member_id, bool reference)
{
    mc_photo_row_t  photo;

    photo = (mc_photo_row_t) {
        .member_id = member_id,
        .reference = reference,
        .sealed = mc_str("sealed photo"),
        .at = f->actor.now
    };

    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));

    return photo.id;
}


static bool
photo_there(fixture_t *f, int64_t id)
{
    mc_photo_row_t  row;

    return mc_photo_get(f->conn, id, &f->arena, &row) == MC_OK;
}


static void
migrate_leaves_a_store_of_today_alone(void **state)
{
    int         from;
    fixture_t  *f;

    f = *state;
    member_add(f, "1");
    from = -1;
    assert_ok(mc_store_migrate(mc_str_from(f->dir), &from));
    assert_int_equal(from, MC_STORE_VERSION);
    assert_int_equal(member_get(f, 1).member.id, 1);
}


static void
migrate_refuses_a_store_of_tomorrow(void **state)
{
    int         from;
    fixture_t  *f;

    f = *state;
    outside(f->dir, "core.db", "PRAGMA user_version = 9");
    assert_err(mc_store_migrate(mc_str_from(f->dir), &from), MC_ESCHEMA);
}


static void
migrate_never_replaces_a_lost_photo_db(void **state)
{
    int         from;
    char        path[192];
    fixture_t  *f;

    f = *state;
    snprintf(path, sizeof(path), "%s/photo.db", f->dir);
    assert_int_equal(unlink(path), 0);
    assert_err(mc_store_migrate(mc_str_from(f->dir), &from), MC_ESCHEMA);
    assert_int_equal(access(path, F_OK), -1);
}


/* What a creation leaves that was killed after each of its files. */
static void
migrate_completes_a_creation_that_was_cut_short(void **state)
{
    int          part, from, fd;
    char         dir[64], path[192];
    size_t       i;
    mc_conn_t   *conn;
    mc_store_t  *store;

    static const char *const  made[] = { "lock", "core.db", "photo.db" };

    (void) state;

    for (part = 1; part <= 3; part++) {
        folder_make(dir);

        for (i = 0; i < (size_t) part; i++) {
            snprintf(path, sizeof(path), "%s/%s", dir, made[i]);
            fd = open(path, O_WRONLY | O_CREAT, 0600);
            assert_true(fd >= 0);
            close(fd);
        }

        assert_err(mc_store_create(mc_str_from(dir)), MC_ECONFLICT);

        store = store_open_at(dir, 0, 0);
        assert_err(mc_store_acquire(store, &conn), MC_ESCHEMA);
        assert_ok(mc_store_migrate(mc_str_from(dir), &from));
        assert_int_equal(from, 0);
        assert_ok(mc_store_acquire(store, &conn));
        mc_store_release(store, conn);
        mc_store_close(store);
        folder_remove(dir);
    }

    /* not even the lock: nothing of ours is here */

    folder_make(dir);
    assert_err(mc_store_migrate(mc_str_from(dir), &from), MC_ESCHEMA);
    assert_int_equal(rmdir(dir), 0);
}


static void
a_whole_store_is_found_whole(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_session_row_t    session;
    mc_store_report_t   report;

    f = *state;
    id = member_add(f, "1");
    member_add(f, "2");
    photo_add(f, id, false);
    photo_add(f, id, true);
    session = session_row(id, 'a');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));

    assert_ok(mc_store_check(f->conn, &report));
    assert_int_equal(report.members, 2);
    assert_int_equal(report.photos, 2);
    assert_int_equal(report.confirmations, 0);
    assert_int_equal(report.sessions, 1);
    assert_int_equal(report.audit_rows, 5);
    assert_int_equal(report.bad_photos, 0);
    assert_int_equal(report.lost_photos, 0);
    assert_int_equal(report.orphan_photos, 0);
    assert_true(report.integrity);
    assert_string_equal(report.first, "");
}


static void
check_finds_what_is_wrong_with_photos(void **state)
{
    int                 i;
    int64_t             id, first, lost;
    fixture_t          *f;
    mc_store_report_t   report;

    f = *state;
    id = member_add(f, "1");
    first = photo_add(f, id, false);
    lost = photo_add(f, id, true);
    assert_true(first < lost);

    /* replaced: nothing points to it any more; more than one page of them */

    for (i = 0; i < 100; i++) {
        photo_add(f, id, false);
    }

    outside(f->dir, "photo.db", "UPDATE photo SET sealed = x'00' "
            "WHERE id = (SELECT max(id) FROM photo)");
    outside(f->dir, "photo.db", "DELETE FROM photo WHERE id = 2");
    assert_int_equal(lost, 2);

    assert_ok(mc_store_check(f->conn, &report));
    assert_int_equal(report.photos, 101);
    assert_int_equal(report.bad_photos, 1);
    assert_int_equal(report.lost_photos, 1);
    assert_int_equal(report.orphan_photos, 100);
    assert_true(report.integrity);
    assert_string_equal(report.first, "photo 102: its bytes have changed");
}


static void
check_finds_a_row_that_points_to_nothing(void **state)
{
    fixture_t          *f;
    mc_store_report_t   report;

    f = *state;
    outside(f->dir, "core.db", "PRAGMA foreign_keys = OFF;"
            "INSERT INTO consent (member_id, document, version, accepted, "
            "at) VALUES (99, 'privacy', '1', 1, 1)");

    assert_ok(mc_store_check(f->conn, &report));
    assert_false(report.integrity);
    assert_non_null(strstr(report.first, "consent"));
}


static void
check_finds_a_damaged_index_page(void **state)
{
    int                  fd, i;
    char                 no[16], path[192], junk[4096];
    fixture_t           *f;
    mc_import_t         *import;
    mc_store_report_t    report;
    mc_import_member_t   row;

    f = *state;
    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 2000; i++) {
        snprintf(no, sizeof(no), "%d", i);
        row = member_row(no, "Zhang San");
        assert_ok(mc_import_member(import, &row));
    }

    assert_ok(mc_import_commit(import, &f->actor, "ok"));
    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);
    outside(f->dir, "core.db", "PRAGMA wal_checkpoint(TRUNCATE)");

    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    memset(junk, 0xA5, sizeof(junk));
    fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, junk, sizeof(junk), 40 * 4096),
                     sizeof(junk));
    close(fd);

    assert_ok(mc_store_acquire(f->store, &f->conn));
    assert_ok(mc_store_check(f->conn, &report));
    assert_false(report.integrity);
    assert_true(report.first[0] != '\0');
}


static void
gc_takes_old_orphans_and_ended_sessions_only(void **state)
{
    int                i;
    int64_t            id, removed, old, current, fresh, reference;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");

    old = photo_add(f, id, false);
    reference = photo_add(f, id, true);

    for (i = 0; i < 600; i++) {
        photo_add(f, id, false);
    }

    f->actor.now = NOW + 10 * MC_DAY;
    fresh = photo_add(f, id, false);
    current = photo_add(f, id, false);

    session = session_row(id, 'a');
    session.expires = NOW + 10 * MC_DAY;
    f->actor.now = NOW;
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));
    session = session_row(id, 'b');
    session.expires = NOW + 11 * MC_DAY;
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));

    assert_ok(mc_store_gc(f->conn, NOW + 10 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 601 + 1);
    assert_false(photo_there(f, old));
    assert_true(photo_there(f, reference));
    assert_true(photo_there(f, fresh));
    assert_true(photo_there(f, current));

    assert_ok(mc_store_gc(f->conn, NOW + 10 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 0);
}


static void
gc_leaves_photos_alone_while_a_backup_runs(void **state)
{
    int         fd;
    int64_t     id, removed, old;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "1");
    old = photo_add(f, id, false);
    photo_add(f, id, false);

    assert_ok(mc_lock_folder(f->dir, false, &fd));
    assert_ok(mc_store_gc(f->conn, NOW + 10 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 0);
    assert_true(photo_there(f, old));
    close(fd);

    assert_ok(mc_store_gc(f->conn, NOW + 10 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 1);
}


static void
a_backup_is_a_store_of_its_own(void **state)
{
    char                dir[64], path[192];
    size_t              i;
    int64_t             id, photo, rows, bad;
    uint8_t             head[32];
    fixture_t          *f;
    mc_conn_t          *conn;
    mc_store_t         *store;
    struct stat         st;
    mc_photo_row_t      row;
    mc_store_report_t   report;

    static const char *const  names[] = { "core.db", "photo.db", "lock" };

    f = *state;
    id = member_add(f, "1");
    photo = photo_add(f, id, false);
    folder_make(dir);
    assert_ok(mc_store_backup(f->conn, mc_str_from(dir)));

    for (i = 0; i < mc_count(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        assert_int_equal(lstat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }

    snprintf(path, sizeof(path), "%s/core.db-wal", dir);
    assert_int_equal(access(path, F_OK), -1);

    /* what came after is not in it */

    member_add(f, "2");

    store = store_open_at(dir, 2, 0);
    assert_ok(mc_store_acquire(store, &conn));
    assert_ok(mc_store_check(conn, &report));
    assert_int_equal(report.members, 1);
    assert_int_equal(report.photos, 1);
    assert_true(report.integrity);
    assert_ok(mc_photo_get(conn, photo, &f->arena, &row));
    assert_ok(mc_audit_verify(conn, NULL, NULL, &rows, &bad, head));
    assert_int_equal(rows, 2);

    /* and it can be gone on with */

    assert_ok(mc_audit_write(conn, &f->actor, 1, "reset", "ok"));
    mc_store_release(store, conn);
    mc_store_close(store);

    assert_err(mc_store_backup(f->conn, mc_str_from(dir)), MC_ECONFLICT);
    assert_err(mc_store_backup(f->conn, mc_str("/nonexistent/x")),
               MC_ENOTFOUND);
    assert_err(mc_store_backup(f->conn, mc_str_from(f->dir)), MC_ECONFLICT);
    folder_remove(dir);
}


static void
a_backup_waits_for_no_writer(void **state)
{
    char                 dir[64];
    fixture_t           *f;
    mc_conn_t           *conn;
    mc_import_t         *import;
    mc_import_member_t   row;

    f = *state;
    member_add(f, "1");
    folder_make(dir);

    assert_ok(mc_store_acquire(f->store, &conn));
    assert_ok(mc_import_begin(conn, &import));
    row = member_row("2", "Li Si");
    assert_ok(mc_import_member(import, &row));
    assert_ok(mc_store_backup(f->conn, mc_str_from(dir)));
    assert_ok(mc_import_commit(import, &f->actor, "ok"));
    mc_store_release(f->store, conn);
    folder_remove(dir);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(migrate_leaves_a_store_of_today_alone),
        block(migrate_refuses_a_store_of_tomorrow),
        block(migrate_never_replaces_a_lost_photo_db),
        cmocka_unit_test(migrate_completes_a_creation_that_was_cut_short),
        block(a_whole_store_is_found_whole),
        block(check_finds_what_is_wrong_with_photos),
        block(check_finds_a_row_that_points_to_nothing),
        block(check_finds_a_damaged_index_page),
        block(gc_takes_old_orphans_and_ended_sessions_only),
        block(gc_leaves_photos_alone_while_a_backup_runs),
        block(a_backup_is_a_store_of_its_own),
        block(a_backup_waits_for_no_writer)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
