/*
 * Photos and comparison cases (S19, S20, S24-S27, X01).
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE             /* memmem() */
#endif

#include "store_fixture.h"

#include <sqlite3.h>


static mc_photo_row_t
photo_row(fixture_t *f, int64_t member_id, char letter)
{
    mc_photo_row_t  row;

    row = (mc_photo_row_t) { .member_id = member_id, .at = f->actor.now };

    assert_ok(mc_photo_reserve(f->conn, &row.id));
    memset(row.plain_sha256, letter, sizeof(row.plain_sha256));
    row.sealed = mc_arena_printf(&f->arena, "sealed photo %c of member %lld",
                                 letter, (long long) member_id);
    assert_non_null(row.sealed.data);

    return row;
}


/* Uploads a photo into review; answers its case. */
static mc_case_row_t
upload(fixture_t *f, int64_t member_id, char letter)
{
    mc_case_row_t   out;
    mc_photo_row_t  photo;

    photo = photo_row(f, member_id, letter);
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };

    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                              &out));

    return out;
}


static mc_case_state_t
state_of(fixture_t *f, int64_t photo_id);


static mc_err_t
decide(fixture_t *f, int64_t photo_id, mc_case_event_t event)
{
    mc_case_row_t  out;

    return mc_case_decide(f->conn, &f->actor, photo_id, event,
                          mc_str("because"), &out, &f->arena);
}


static void
an_upload_is_read_back_byte_for_byte(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_case_row_t   out, newest;
    mc_photo_row_t  photo, read;

    f = *state;
    id = member_add(f, "1");

    assert_err(mc_case_newest(f->conn, id, &f->arena, &newest),
               MC_ENOTFOUND);

    photo = photo_row(f, id, 'a');
    out = (mc_case_row_t) { .state = MC_CASE_NONE };
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                              &out));
    assert_int_equal(out.state, MC_CASE_PENDING);

    assert_ok(mc_photo_get(f->conn, photo.id, &f->arena, &read));
    assert_int_equal(read.id, photo.id);
    assert_int_equal(read.member_id, id);
    assert_false(read.reference);
    assert_memory_equal(read.plain_sha256, photo.plain_sha256, 32);
    assert_true(mc_str_eq(read.sealed, photo.sealed));
    assert_int_equal(read.at, NOW);

    assert_ok(mc_case_newest(f->conn, id, &f->arena, &newest));
    assert_int_equal(newest.id, out.id);
    assert_int_equal(newest.photo_id, photo.id);
    assert_int_equal(newest.member_id, id);
    assert_int_equal(newest.state, MC_CASE_PENDING);
    assert_memory_equal(newest.plain_sha256, photo.plain_sha256, 32);
    assert_int_equal(newest.reason.len, 0);
    assert_int_equal(newest.at, NOW);
    assert_int_equal(newest.decided_at, 0);
    assert_true(newest.declared);

    assert_err(mc_photo_get(f->conn, 999, &f->arena, &read), MC_ENOTFOUND);
}


/* Runs a statement on the file from outside. */
static void
outside(fixture_t *f, const char *file, const char *sql)
{
    char      path[128];
    sqlite3  *db;

    snprintf(path, sizeof(path), "%s/%s", f->dir, file);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }

    sqlite3_close(db);
}


static void
a_flipped_bit_in_a_photo_is_never_handed_out(void **state)
{
    FILE           *file;
    char            path[128], *bytes, *found;
    long            size;
    int64_t         id;
    fixture_t      *f;
    mc_case_row_t   row;
    mc_photo_row_t  read;

    f = *state;
    id = member_add(f, "1");
    row = upload(f, id, 'q');

    /* into the file, then one bit on the disk, with nobody having it open */

    mc_store_release(f->store, f->conn);
    f->conn = NULL;
    mc_store_drain(f->store);
    outside(f, "photo.db", "PRAGMA wal_checkpoint(TRUNCATE)");

    snprintf(path, sizeof(path), "%s/photo.db", f->dir);
    file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    bytes = malloc((size_t) size);
    assert_non_null(bytes);
    rewind(file);
    assert_int_equal(fread(bytes, 1, (size_t) size, file), size);
    found = memmem(bytes, (size_t) size, "sealed photo q", 14);
    assert_non_null(found);
    *found ^= 0x10;
    rewind(file);
    assert_int_equal(fwrite(bytes, 1, (size_t) size, file), size);
    fclose(file);
    free(bytes);

    assert_ok(mc_store_acquire(f->store, &f->conn));
    assert_err(mc_photo_get(f->conn, row.photo_id, &f->arena, &read),
               MC_ECORRUPT);
}


static void
an_upload_replaces_the_one_that_waits(void **state)
{
    int64_t         id, other;
    fixture_t      *f;
    mc_case_row_t   first, second, foreign;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");

    foreign = upload(f, other, 'x');
    first = upload(f, id, 'a');
    second = upload(f, id, 'b');

    assert_int_equal(second.state, MC_CASE_REVIEW);
    assert_true(second.id > first.id);
    assert_int_not_equal(second.photo_id, first.photo_id);
    assert_int_equal(state_of(f, first.photo_id), MC_CASE_CLOSED);
    assert_int_equal(state_of(f, second.photo_id), MC_CASE_REVIEW);
    assert_int_equal(state_of(f, foreign.photo_id), MC_CASE_REVIEW);

    /* a decision about the picture that was replaced comes too late */

    assert_err(decide(f, first.photo_id, MC_CASE_APPROVE), MC_ECONFLICT);
    assert_ok(decide(f, second.photo_id, MC_CASE_APPROVE));
    assert_err(decide(f, second.photo_id, MC_CASE_APPROVE), MC_ECONFLICT);
    assert_err(decide(f, 999, MC_CASE_APPROVE), MC_ENOTFOUND);
    assert_err(decide(f, second.photo_id, MC_CASE_CONFIRM), MC_EINVAL);

    upload(f, id, 'c');
    assert_int_equal(state_of(f, second.photo_id), MC_CASE_CLOSED);
}


static void
a_decision_is_kept_with_its_words_and_time(void **state)
{
    int64_t        id;
    fixture_t     *f;
    mc_case_row_t  row, out;

    f = *state;
    id = member_add(f, "1");
    row = upload(f, id, 'a');

    f->actor.now = NOW + 5;
    assert_ok(mc_case_decide(f->conn, &f->actor, row.photo_id,
                             MC_CASE_REJECT, mc_str("not the same person"),
                             &out, &f->arena));
    assert_int_equal(out.state, MC_CASE_MISMATCHED);

    assert_ok(mc_case_newest(f->conn, id, &f->arena, &row));
    assert_int_equal(row.state, MC_CASE_MISMATCHED);
    assert_true(mc_str_is(row.reason, "not the same person"));
    assert_int_equal(row.decided_at, NOW + 5);
    assert_int_equal(member_get(f, id).member.attempts, 1);
}


static void
a_provider_may_pass_a_case_on_to_an_officer(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_case_row_t   out, row;
    mc_photo_row_t  photo;

    f = *state;
    id = member_add(f, "1");
    photo = photo_row(f, id, 'a');
    out = (mc_case_row_t) { .state = MC_CASE_PENDING };
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, false,
                              &out));
    assert_false(out.declared);

    assert_err(decide(f, photo.id, MC_CASE_APPROVE), MC_ECONFLICT);
    assert_ok(decide(f, photo.id, MC_CASE_SAYS_REVIEW));
    assert_ok(mc_case_newest(f->conn, id, &f->arena, &row));
    assert_int_equal(row.state, MC_CASE_REVIEW);
    assert_int_equal(row.decided_at, 0);
    assert_ok(decide(f, photo.id, MC_CASE_APPROVE));
    assert_int_equal(member_get(f, id).member.attempts, 0);
}


/* X01 */
static void
five_mismatches_use_the_attempts_up_until_a_reset(void **state)
{
    int             i;
    int64_t         id, photo_id;
    fixture_t      *f;
    mc_case_row_t   out;
    mc_photo_row_t  photo, read;

    f = *state;
    id = member_add(f, "1");
    photo_id = 0;

    for (i = 0; i < 5; i++) {
        photo_id = upload(f, id, (char) ('a' + i)).photo_id;
        assert_ok(decide(f, photo_id, MC_CASE_REJECT));
    }

    photo = photo_row(f, id, 'z');
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };
    assert_err(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                               &out), MC_ECONFLICT);
    assert_err(mc_photo_get(f->conn, photo.id, &f->arena, &read),
               MC_ENOTFOUND);

    assert_ok(mc_case_reset(f->conn, &f->actor, id));
    assert_int_equal(member_get(f, id).member.attempts, 0);
    assert_int_equal(state_of(f, photo_id), MC_CASE_CLOSED);
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                              &out));

    assert_err(mc_case_reset(f->conn, &f->actor, 99), MC_ENOTFOUND);
}


static void
the_same_pixels_are_found_again_unless_closed(void **state)
{
    uint8_t        hash[32];
    int64_t        id;
    fixture_t     *f;
    mc_case_row_t  first, same;

    f = *state;
    id = member_add(f, "1");
    first = upload(f, id, 'a');
    memset(hash, 'a', sizeof(hash));

    assert_ok(mc_case_same(f->conn, id, hash, &f->arena, &same));
    assert_int_equal(same.id, first.id);
    assert_err(mc_case_same(f->conn, id + 1, hash, &f->arena, &same),
               MC_ENOTFOUND);

    assert_ok(decide(f, first.photo_id, MC_CASE_REJECT));
    upload(f, id, 'b');
    assert_ok(mc_case_same(f->conn, id, hash, &f->arena, &same));
    assert_int_equal(same.state, MC_CASE_MISMATCHED);

    upload(f, id, 'c');
    memset(hash, 'b', sizeof(hash));
    assert_err(mc_case_same(f->conn, id, hash, &f->arena, &same),
               MC_ENOTFOUND);
}


static void
an_upload_in_an_ended_session_stores_nothing(void **state)
{
    int64_t            id;
    fixture_t         *f;
    mc_case_row_t      out;
    mc_photo_row_t     photo, read;
    mc_write_guard_t   guard;

    f = *state;
    id = member_add(f, "1");
    photo = photo_row(f, id, 'a');
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };
    guard = (mc_write_guard_t) { .hash = fixture_key, .epoch = 0 };

    assert_err(mc_photo_upload(f->conn, &f->actor, &guard, &photo, FIVE, true,
                               &out), MC_EDENIED);
    assert_err(mc_photo_get(f->conn, photo.id, &f->arena, &read),
               MC_ENOTFOUND);
    assert_err(mc_consent_put(f->conn, &f->actor, &guard, id, "privacy",
                              mc_str("1"), true), MC_EDENIED);
}


static void
photo_ids_are_short_and_never_given_twice(void **state)
{
    int          i;
    int64_t      ids[100], other;
    fixture_t   *f;
    mc_conn_t   *conn;
    mc_store_t  *store;

    f = *state;

    for (i = 0; i < 100; i++) {
        assert_ok(mc_photo_reserve(f->conn, &ids[i]));
        assert_int_equal(ids[i], i + 1);
    }

    /* another process */

    store = store_open_at(f->dir, 2, 0);
    assert_ok(mc_store_acquire(store, &conn));

    for (i = 0; i < 100; i++) {
        assert_ok(mc_photo_reserve(conn, &other));
        assert_true(other > ids[99]);
    }

    mc_store_release(store, conn);
    mc_store_close(store);

    /* photo.db of an older day: what exists or is pointed to counts */

    outside(f, "core.db", "INSERT INTO member (user_type, member_no, name, "
            "sex, certificate_no, category, admitted_on, status, disabled, "
            "epoch, profile, photo_id, revision, attempts) VALUES ('np', "
            "'9', '', '', '', '', '', 'active', 0, 0, x'', 5000, 1, 0)");
    outside(f, "photo.db", "UPDATE photo_seq SET next = 1");

    store = store_open_at(f->dir, 2, 0);
    assert_ok(mc_store_acquire(store, &conn));
    assert_ok(mc_photo_reserve(conn, &other));
    assert_int_equal(other, 5001);
    mc_store_release(store, conn);
    mc_store_close(store);
}


static void
an_id_is_used_once(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_case_row_t   out;
    mc_photo_row_t  photo;

    f = *state;
    id = member_add(f, "1");
    photo = photo_row(f, id, 'a');
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };

    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                              &out));
    assert_err(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                               &out), MC_ECONFLICT);
    assert_err(mc_photo_record(f->conn, &f->actor, &photo), MC_ECONFLICT);

    photo.id = 0;
    assert_err(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                               &out), MC_EINVAL);
    assert_err(mc_photo_record(f->conn, &f->actor, &photo), MC_EINVAL);
}


static void
a_photo_of_the_institute_is_current_at_once(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_photo_row_t  photo, read;

    f = *state;
    id = member_add(f, "1");

    photo = photo_row(f, id, 'a');
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));
    assert_int_equal(member_get(f, id).member.photo_id, photo.id);
    assert_int_equal(member_get(f, id).member.revision, 2);
    assert_err(decide(f, photo.id, MC_CASE_APPROVE), MC_ECONFLICT);

    photo = photo_row(f, id, 'b');
    photo.reference = true;
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));
    assert_int_not_equal(member_get(f, id).member.photo_id, photo.id);
    assert_int_equal(member_get(f, id).member.revision, 2);
    assert_ok(mc_photo_get(f->conn, photo.id, &f->arena, &read));
    assert_true(read.reference);

    photo = photo_row(f, 99, 'c');
    assert_err(mc_photo_record(f->conn, &f->actor, &photo), MC_ENOTFOUND);
    assert_err(mc_photo_get(f->conn, photo.id, &f->arena, &read),
               MC_ENOTFOUND);
}


typedef struct {
    int              count;
    int64_t          wanted;
    mc_case_state_t  state;
    int64_t          last;
} listed_t;


static mc_err_t
listed_visit(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    listed_t  *listed;

    listed = data;

    assert_true(row->id > listed->last);
    assert_int_equal(row->member_id, member->id);
    listed->last = row->id;
    listed->count++;

    if (row->photo_id == listed->wanted) {
        listed->state = row->state;
    }

    return MC_OK;
}


static mc_case_state_t
state_of(fixture_t *f, int64_t photo_id)
{
    listed_t  listed;

    listed = (listed_t) { .wanted = photo_id };
    assert_ok(mc_case_list(f->conn, MC_CASE_NONE, listed_visit, &listed));

    return listed.state;
}


static void
cases_are_listed_by_state(void **state)
{
    int         i;
    char        no[16];
    int64_t     photo_id;
    listed_t    listed;
    fixture_t  *f;

    f = *state;

    for (i = 0; i < 150; i++) {
        snprintf(no, sizeof(no), "%d", i);
        photo_id = upload(f, member_add(f, no), 'a').photo_id;

        if (i % 3 == 0) {
            assert_ok(decide(f, photo_id, MC_CASE_APPROVE));
        }
    }

    listed = (listed_t) { .count = 0 };
    assert_ok(mc_case_list(f->conn, MC_CASE_NONE, listed_visit, &listed));
    assert_int_equal(listed.count, 150);

    listed = (listed_t) { .count = 0 };
    assert_ok(mc_case_list(f->conn, MC_CASE_REVIEW, listed_visit, &listed));
    assert_int_equal(listed.count, 100);

    listed = (listed_t) { .count = 0 };
    assert_ok(mc_case_list(f->conn, MC_CASE_CLOSED, listed_visit, &listed));
    assert_int_equal(listed.count, 0);

    assert_err(mc_case_list(f->conn, MC_CASE_STATES, listed_visit, &listed),
               MC_EINVAL);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(an_upload_is_read_back_byte_for_byte),
        block(a_flipped_bit_in_a_photo_is_never_handed_out),
        block(an_upload_replaces_the_one_that_waits),
        block(a_decision_is_kept_with_its_words_and_time),
        block(a_provider_may_pass_a_case_on_to_an_officer),
        block(five_mismatches_use_the_attempts_up_until_a_reset),
        block(the_same_pixels_are_found_again_unless_closed),
        block(an_upload_in_an_ended_session_stores_nothing),
        block(photo_ids_are_short_and_never_given_twice),
        block(an_id_is_used_once),
        block(a_photo_of_the_institute_is_current_at_once),
        block(cases_are_listed_by_state)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
