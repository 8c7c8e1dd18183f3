/*
 * One writer at a time, between threads and between processes; what was
 * acknowledged outlives kill -9 (DESIGN "One writer at a time").
 *
 * Children are forked before anything is opened in them, report through a
 * pipe, and leave by _exit().
 */

#include "mc_store_password.h"
#include "store_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>


static void
folder_up(char dir[64])
{
    folder_make(dir);
    assert_ok(mc_store_create(mc_str_from(dir)));
}


/* In a child: leaves with 1 where a call does not answer MC_OK. */
static void
must(mc_err_t err)
{
    if (err != MC_OK) {
        _exit(1);
    }
}


static void
byte_send(int fd)
{
    if (write(fd, "x", 1) != 1) {
        _exit(1);
    }
}


static void
byte_await(int fd)
{
    char  byte;

    assert_int_equal(read(fd, &byte, 1), 1);
}


static mc_actor_t
actor_at(int64_t now)
{
    return (mc_actor_t) { .actor = "work", .now = now };
}


static int
exit_of(pid_t pid)
{
    int  status;

    assert_int_equal(waitpid(pid, &status, 0), pid);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}


#define WRITERS  4
#define WRITES   60


static void *
writes_thread(void *data)
{
    int          i;
    mc_conn_t   *conn;
    mc_actor_t   actor;
    mc_store_t  *store;

    store = data;
    actor = actor_at(NOW);

    for (i = 0; i < WRITES; i++) {
        if (mc_store_acquire(store, &conn) != MC_OK) {
            return NULL;
        }

        if (mc_audit_write(conn, &actor, 1, "reset", "ok") != MC_OK) {
            mc_store_release(store, conn);
            return NULL;
        }

        mc_store_release(store, conn);
    }

    return store;
}


/* A process of two writing threads. */
static void
writes_child(const char *dir)
{
    void        *good[2];
    pthread_t    threads[2];
    mc_store_t  *store;

    store = store_open_at(dir, 4, 0);

    pthread_create(&threads[0], NULL, writes_thread, store);
    pthread_create(&threads[1], NULL, writes_thread, store);
    pthread_join(threads[0], &good[0]);
    pthread_join(threads[1], &good[1]);

    mc_store_close(store);

    _exit(good[0] == NULL || good[1] == NULL);
}


static void
writers_of_several_processes_all_get_their_turn(void **state)
{
    int          i;
    char         dir[64];
    pid_t        pids[WRITERS];
    int64_t      rows, bad;
    uint8_t      head[32];
    mc_conn_t   *conn;
    mc_store_t  *store;

    (void) state;
    folder_up(dir);

    for (i = 0; i < WRITERS; i++) {
        pids[i] = fork();

        if (pids[i] == 0) {
            writes_child(dir);
        }
    }

    for (i = 0; i < WRITERS; i++) {
        assert_int_equal(exit_of(pids[i]), 0);
    }

    store = store_open_at(dir, 0, 0);
    assert_ok(mc_store_acquire(store, &conn));
    assert_ok(mc_audit_verify(conn, NULL, NULL, &rows, &bad, head));
    assert_int_equal(rows, WRITERS * 2 * WRITES);
    mc_store_release(store, conn);
    mc_store_close(store);
    folder_remove(dir);
}


/*
 * A child that has the lock, in the middle of an import of one member, and
 * keeps it until it is killed.
 */
static pid_t
holder_start(const char *dir)
{
    int                  fds[2];
    pid_t                pid;
    mc_conn_t           *conn;
    mc_store_t          *store;
    mc_import_t         *import;
    mc_import_member_t   row;

    assert_int_equal(pipe(fds), 0);
    pid = fork();

    if (pid == 0) {
        store = store_open_at(dir, 0, 0);
        row = member_row("held", "Zhang San");

        must(mc_store_acquire(store, &conn));
        must(mc_import_begin(conn, &import));
        must(mc_import_member(import, &row));

        byte_send(fds[1]);

        for ( ;; ) {
            pause();
        }
    }

    close(fds[1]);
    byte_await(fds[0]);
    close(fds[0]);

    return pid;
}


static void
holder_kill(pid_t pid)
{
    kill(pid, SIGKILL);
    assert_int_equal(exit_of(pid), -1);
}


/* A lock of ours alone, without SQLite's. */
static int
flock_take(const char *dir)
{
    int   fd;
    char  path[128];

    snprintf(path, sizeof(path), "%s/lock", dir);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);

    return fd;
}


static void
every_write_and_no_read_asks_for_the_lock(void **state)
{
    int                fd;
    int64_t            id, revision, removed, photo_id;
    fixture_t         *f;
    mc_conn_t         *conn;
    mc_store_t        *store;
    mc_import_t       *import;
    mc_member_row_t    row;
    mc_session_row_t   session;
    mc_password_set_t  set = { .hash = mc_str("x"), .result = "ok" };

    f = *state;
    id = member_add(f, "1");
    set.member_id = id;
    row = member_get(f, id);
    session = session_row(id, 'a');
    session.expires = NOW - 1;
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));

    store = store_open_at(f->dir, 1, 20);
    fd = flock_take(f->dir);
    assert_ok(mc_store_acquire(store, &conn));

#define refused(call)  assert_err(call, MC_EBUSY)

    refused(mc_audit_write(conn, &f->actor, id, "reset", "ok"));
    refused(mc_member_save(conn, &f->actor, NULL, &row.member, mc_str("x"),
                           &revision));
    refused(mc_member_set_status(conn, &f->actor, id, MC_STATUS_LEFT));
    refused(mc_member_set_disabled(conn, &f->actor, id, true));
    refused(mc_password_put(conn, &f->actor, &set));
    refused(mc_import_begin(conn, &import));
    refused(mc_session_put(conn, &f->actor, &session, 5, mc_str_null,
                           mc_str_null, NULL, NULL));
    refused(mc_session_touch(conn, session.hash, NOW));
    refused(mc_session_drop(conn, &f->actor, session.hash));
    assert_err(mc_session_drop(conn, &f->actor, fixture_key), MC_ENOTFOUND);
    refused(mc_photo_reserve(conn, &photo_id));
    refused(mc_case_reset(conn, &f->actor, id));
    refused(mc_consent_put(conn, &f->actor, NULL, id, "privacy",
                           mc_str("1"), true));
    refused(mc_store_gc(conn, NOW, 0, &removed));

    assert_ok(mc_member_by_id(conn, id, &f->arena, &row));
    assert_int_equal(row.member.revision, 1);

    close(fd);
    assert_ok(mc_audit_write(conn, &f->actor, id, "reset", "ok"));
    mc_store_release(store, conn);
    mc_store_close(store);
}


static void
a_stopped_holder_makes_others_busy_and_never_hangs_them(void **state)
{
    char              dir[64];
    pid_t             pid;
    int64_t           began, took;
    mc_conn_t        *conn;
    mc_actor_t        actor;
    mc_arena_t        arena;
    mc_store_t       *store;
    mc_member_row_t   row;

    (void) state;
    folder_up(dir);
    pid = holder_start(dir);
    kill(pid, SIGSTOP);

    actor = actor_at(NOW);
    mc_arena_init(&arena, 65536);
    store = store_open_at(dir, 2, 300);
    assert_ok(mc_store_acquire(store, &conn));

    began = mc_monotonic();
    assert_err(mc_audit_write(conn, &actor, 1, "reset", "ok"), MC_EBUSY);
    took = mc_monotonic() - began;
    assert_in_range(took, 299, 1500);

    /* reads go on */

    assert_err(mc_member_by_id(conn, 1, &arena, &row), MC_ENOTFOUND);

    holder_kill(pid);

    began = mc_monotonic();
    assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));
    assert_true(mc_monotonic() - began < 250);

    mc_arena_free(&arena);
    mc_store_release(store, conn);
    mc_store_close(store);
    folder_remove(dir);
}


static void
a_holder_that_is_killed_leaves_neither_lock_nor_rows(void **state)
{
    int               i;
    char              dir[64];
    mc_conn_t        *conn;
    mc_actor_t        actor;
    mc_arena_t        arena;
    mc_store_t       *store;
    mc_member_row_t   row;

    (void) state;
    folder_up(dir);

    actor = actor_at(NOW);
    mc_arena_init(&arena, 65536);
    store = store_open_at(dir, 2, 2000);
    assert_ok(mc_store_acquire(store, &conn));

    for (i = 0; i < 5; i++) {
        holder_kill(holder_start(dir));
        assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));
        assert_err(mc_member_by_no(conn, mc_str("np"), mc_str("held"),
                                   &arena, &row), MC_ENOTFOUND);
    }

    mc_arena_free(&arena);
    mc_store_release(store, conn);
    mc_store_close(store);
    folder_remove(dir);
}


static void
a_lock_file_that_was_replaced_is_opened_anew(void **state)
{
    char         dir[64], path[128], old[128];
    int          fd;
    FILE        *file;
    mc_conn_t   *conn;
    mc_actor_t   actor;
    mc_store_t  *store;

    (void) state;
    folder_up(dir);

    actor = actor_at(NOW);
    store = store_open_at(dir, 2, 300);
    assert_ok(mc_store_acquire(store, &conn));
    assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));

    snprintf(path, sizeof(path), "%s/lock", dir);
    snprintf(old, sizeof(old), "%s/lock.old", dir);
    assert_int_equal(rename(path, old), 0);

    /* taken away: no writes until it is back */

    assert_err(mc_audit_write(conn, &actor, 1, "reset", "ok"), MC_ESCHEMA);

    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);

    fd = flock_take(dir);
    assert_err(mc_audit_write(conn, &actor, 1, "reset", "ok"), MC_EBUSY);
    close(fd);
    assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));

    mc_store_release(store, conn);
    mc_store_close(store);
    folder_remove(dir);
}


/* Saves for ever; each new revision is told only once it was answered. */
static void
saver_child(const char *dir, int64_t id, int fd)
{
    int64_t           revision;
    mc_conn_t        *conn;
    mc_actor_t        actor;
    mc_arena_t        arena;
    mc_store_t       *store;
    mc_member_row_t   row;

    actor = actor_at(NOW);
    mc_arena_init(&arena, 65536);
    store = store_open_at(dir, 0, 0);

    must(mc_store_acquire(store, &conn));
    must(mc_member_by_id(conn, id, &arena, &row));

    for ( ;; ) {
        must(mc_member_save(conn, &actor, NULL, &row.member,
                            mc_str("sealed"), &revision));

        if (write(fd, &revision, sizeof(revision)) != sizeof(revision)) {
            _exit(1);
        }

        row.member.revision = revision;
    }
}


/* Starts a saver, kills it after some writes; the last revision it told. */
static int64_t
saver_run(const char *dir, int64_t id, unsigned us)
{
    int      fds[2];
    pid_t    pid;
    int64_t  told, last;

    assert_int_equal(pipe(fds), 0);
    pid = fork();

    if (pid == 0) {
        close(fds[0]);
        saver_child(dir, id, fds[1]);
    }

    close(fds[1]);
    last = 0;

    assert_int_equal(read(fds[0], &told, sizeof(told)), sizeof(told));
    usleep(us);
    kill(pid, SIGKILL);
    assert_int_equal(exit_of(pid), -1);

    do {
        last = told;
    } while (read(fds[0], &told, sizeof(told)) == sizeof(told));

    close(fds[0]);

    return last;
}


static void
kill_9_in_the_middle_of_saves_loses_none_that_was_answered(void **state)
{
    int         round;
    int64_t     id, told, now;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "1");

    /* the connection of this process stays open all the time: the children
     * leave a WAL behind that others are reading */

    for (round = 0; round < 12; round++) {
        told = saver_run(f->dir, id, (unsigned) (5000 + round * 3777));
        now = member_get(f, id).member.revision;

        /* the one that was not yet told may be there, too */

        assert_true(now == told || now == told + 1);
        assert_true(audit_count(f) == now);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(writers_of_several_processes_all_get_their_turn),
        cmocka_unit_test_setup_teardown(
            every_write_and_no_read_asks_for_the_lock, fixture_up,
            fixture_down),
        cmocka_unit_test(
            a_stopped_holder_makes_others_busy_and_never_hangs_them),
        cmocka_unit_test(
            a_holder_that_is_killed_leaves_neither_lock_nor_rows),
        cmocka_unit_test(a_lock_file_that_was_replaced_is_opened_anew),
        cmocka_unit_test_setup_teardown(
            kill_9_in_the_middle_of_saves_loses_none_that_was_answered,
            fixture_up, fixture_down)
    };

    signal(SIGPIPE, SIG_IGN);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
