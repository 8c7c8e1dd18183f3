/*
 * How many uploads a member has, and what happens to those that come
 * together.
 */

#include "test_service.h"

#include <pthread.h>

#include <sqlite3.h>


static void
put_bytes(mc_photo_put_t *put, const uint8_t hash[32], mc_str_t jpeg,
    bool declared, bool dry_run)
{
    memset(put, 0, sizeof(*put));
    begin(&put->call, hash);
    put->jpeg = jpeg;
    put->declared = declared;
    put->dry_run = dry_run;
    mc_photo_put_run(put);
}


static void
put_portrait(mc_photo_put_t *put, const uint8_t hash[32], uint32_t variant)
{
    mc_buf_t  jpeg;

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, variant, NULL, &jpeg), MC_OK);
    put_bytes(put, hash, mc_buf_view(&jpeg), true, false);
    mc_buf_free(&jpeg);
}


static int64_t
photos_stored(void)
{
    char           path[128];
    int64_t        count;
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    (void) snprintf(path, sizeof(path), "%s/photo.db", t.dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM photo",
                                        -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    count = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);

    return count;
}


static void
a_days_uploads_are_bounded_and_a_dry_run_is_none(void **state)
{
    uint32_t             daily, i;
    uint8_t              hash[32];
    mc_buf_t             jpeg;
    mc_photo_put_t       put;
    const mc_problem_t  *problem;

    add_member("30000021");
    log_in("30000021", hash);
    accept_privacy(hash);

    daily = t.settings->photo_daily;
    t.settings->photo_daily = 3;

    for (i = 1; i <= 3; i++) {
        put_portrait(&put, hash, i);
        assert_codes(&put.call.problems, "");
        mc_call_free(&put.call);
    }

    put_portrait(&put, hash, 4);
    assert_codes(&put.call.problems, "photo_too_many");
    problem = &put.call.problems.items[0];
    assert_text(mc_problem_get(problem, "n")->zh, "3");
    assert_in_range(put.call.problems.retry_after, 1, 86400);
    mc_call_free(&put.call);

    /* the picture that waits is answered, a dry run is one */

    put_portrait(&put, hash, 3);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 4, NULL, &jpeg), MC_OK);
    put_bytes(&put, hash, mc_buf_view(&jpeg), true, true);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    mc_buf_free(&jpeg);

    t.settings->photo_daily = daily;
}


#define TOGETHER  8

static void *
put_thread(void *data)
{
    mc_photo_put_run(data);

    return NULL;
}


static void
the_same_picture_many_times_at_once_is_one_case(void **state)
{
    int              i;
    int64_t          before;
    uint8_t          hash[32];
    mc_buf_t         jpeg;
    pthread_t        threads[TOGETHER];
    mc_photo_put_t  *puts;

    add_member("30000022");
    log_in("30000022", hash);
    accept_privacy(hash);

    puts = calloc(TOGETHER, sizeof(mc_photo_put_t));
    assert_non_null(puts);
    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 1, NULL, &jpeg), MC_OK);
    before = photos_stored();

    for (i = 0; i < TOGETHER; i++) {
        begin(&puts[i].call, hash);
        puts[i].jpeg = mc_buf_view(&jpeg);
        puts[i].declared = true;
        assert_int_equal(pthread_create(&threads[i], NULL, put_thread,
                                        &puts[i]), 0);
    }

    for (i = 0; i < TOGETHER; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }

    for (i = 0; i < TOGETHER; i++) {
        assert_codes(&puts[i].call.problems, "");
        assert_int_equal(puts[i].status.state, MC_CASE_REVIEW);
        mc_call_free(&puts[i].call);
    }

    assert_int_equal(photos_stored(), before + 1);

    mc_buf_free(&jpeg);
    free(puts);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_days_uploads_are_bounded_and_a_dry_run_is_none),
        cmocka_unit_test(the_same_picture_many_times_at_once_is_one_case)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
