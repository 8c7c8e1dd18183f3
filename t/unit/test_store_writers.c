/*
 * How many threads of a process may wait for the writer lock.
 */

#include "store_fixture.h"

#include <pthread.h>


static void
folder_up(char dir[64])
{
    folder_make(dir);
    assert_ok(mc_store_create(mc_str_from(dir)));
}


static mc_actor_t
actor_at(int64_t now)
{
    return (mc_actor_t) { .actor = "work", .now = now };
}


static void *
waiting_thread(void *data)
{
    mc_err_t     err;
    mc_conn_t   *conn;
    mc_actor_t   actor;
    mc_store_t  *store;

    store = data;
    actor = actor_at(NOW);

    if (mc_store_acquire(store, &conn) != MC_OK) {
        return NULL;
    }

    err = mc_audit_write(conn, &actor, 1, "reset", "waited");
    mc_store_release(store, conn);

    return err == MC_OK ? store : NULL;
}


static void
one_writer_more_than_may_wait_is_refused_at_once(void **state)
{
    void             *good;
    char              dir[64];
    int64_t           began;
    pthread_t         waiter;
    mc_conn_t        *holder, *conn;
    mc_actor_t        actor;
    mc_arena_t        arena;
    mc_store_t       *store;
    mc_import_t      *import;
    mc_member_row_t   row;

    (void) state;
    folder_up(dir);

    actor = actor_at(NOW);
    mc_arena_init(&arena, 65536);
    store = store_open_at(dir, 1, 4000);
    assert_ok(mc_store_acquire(store, &holder));
    assert_ok(mc_store_acquire(store, &conn));
    assert_ok(mc_import_begin(holder, &import));

    assert_int_equal(pthread_create(&waiter, NULL, waiting_thread, store),
                     0);
    usleep(100000);

    began = mc_monotonic();
    assert_err(mc_audit_write(conn, &actor, 1, "reset", "ok"), MC_ECROWDED);
    assert_true(mc_monotonic() - began < 500);
    assert_err(mc_member_by_id(conn, 1, &arena, &row), MC_ENOTFOUND);
    assert_string_not_equal(mc_store_hint(MC_ECROWDED),
                            mc_store_hint(MC_EBUSY));

    assert_ok(mc_import_commit(import, &actor, "ok"));
    assert_int_equal(pthread_join(waiter, &good), 0);
    assert_non_null(good);

    /* nobody is counted as waiting any more */

    assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));

    mc_arena_free(&arena);
    mc_store_release(store, conn);
    mc_store_release(store, holder);
    mc_store_close(store);
    folder_remove(dir);
}


/* As two servers of one nginx with settings of their own have them. */
static void
stores_of_one_folder_share_the_bound_of_those_that_wait(void **state)
{
    void         *good;
    char          dir[64], link[80];
    int64_t       began;
    pthread_t     waiter;
    mc_conn_t    *holder, *conn;
    mc_actor_t    actor;
    mc_store_t   *first, *second;
    mc_import_t  *import;

    (void) state;
    folder_up(dir);
    snprintf(link, sizeof(link), "%s.link", dir);
    assert_int_equal(symlink(dir, link), 0);

    actor = actor_at(NOW);
    first = store_open_at(dir, 1, 4000);
    second = store_open_at(link, 1, 4000);
    assert_ok(mc_store_acquire(first, &holder));
    assert_ok(mc_store_acquire(second, &conn));
    assert_ok(mc_import_begin(holder, &import));

    assert_int_equal(pthread_create(&waiter, NULL, waiting_thread, first),
                     0);
    usleep(100000);

    began = mc_monotonic();
    assert_err(mc_audit_write(conn, &actor, 1, "reset", "ok"), MC_ECROWDED);
    assert_true(mc_monotonic() - began < 500);

    assert_ok(mc_import_commit(import, &actor, "ok"));
    assert_int_equal(pthread_join(waiter, &good), 0);
    assert_non_null(good);
    assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));

    /* the one that is closed first leaves the lock to the other */

    mc_store_release(first, holder);
    mc_store_close(first);
    assert_ok(mc_audit_write(conn, &actor, 1, "reset", "ok"));

    mc_store_release(second, conn);
    mc_store_close(second);
    assert_int_equal(unlink(link), 0);
    folder_remove(dir);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_writer_more_than_may_wait_is_refused_at_once),
        cmocka_unit_test(
            stores_of_one_folder_share_the_bound_of_those_that_wait)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
