/*
 * Passwords in the store: whoever sets one ends every session, keeps the
 * history the profile asks for and is recorded, in one transaction (S12
 * X04).
 */

#include "mc_store_password.h"
#include "store_fixture.h"

#include <sqlite3.h>


static mc_password_set_t
set_of(int64_t id, const char *hash)
{
    return (mc_password_set_t) {
        .member_id = id,
        .hash = mc_str_from(hash),
        .result = "ok"
    };
}


static void
session_open(fixture_t *f, int64_t id, char letter)
{
    mc_session_row_t  session;

    session = session_row(id, letter);
    session.epoch = member_get(f, id).member.epoch;
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));
}


static bool
session_lives(fixture_t *f, int64_t id, char letter)
{
    bool               disabled;
    int64_t            epoch;
    mc_err_t           err;
    mc_session_row_t   session;

    session = session_row(id, letter);
    err = mc_session_get(f->conn, session.hash, &session, &epoch, &disabled);
    assert_true(err == MC_OK || err == MC_ENOTFOUND);

    return err == MC_OK && epoch == session.epoch;
}


static void
a_password_that_is_set_ends_every_session_S12(void **state)
{
    int64_t            id;
    fixture_t         *f;
    mc_member_t        member;
    mc_password_set_t  set;

    f = *state;
    id = member_add(f, "1");
    session_open(f, id, 'a');
    session_open(f, id, 'b');

    assert_int_equal(member_get(f, id).member.password_at, 0);
    assert_false(member_get(f, id).member.password_forced);

    set = set_of(id, "$argon2id$two");
    set.forced = true;
    assert_ok(mc_password_put(f->conn, &f->actor, &set));

    member = member_get(f, id).member;
    assert_true(mc_str_is(member.password_hash, "$argon2id$two"));
    assert_int_equal(member.epoch, 1);
    assert_true(member.password_at == NOW);
    assert_true(member.password_forced);
    assert_false(session_lives(f, id, 'a'));
    assert_false(session_lives(f, id, 'b'));

    set.forced = false;
    assert_ok(mc_password_put(f->conn, &f->actor, &set));
    assert_false(member_get(f, id).member.password_forced);
}


static void
what_cannot_be_set_changes_nothing(void **state)
{
    int64_t            id, epoch;
    fixture_t         *f;
    mc_password_set_t  set;

    f = *state;
    id = member_add(f, "1");
    set = set_of(id, "$argon2id$two");

    /* outside a transaction */

    assert_err(mc_password_set(f->conn, &f->actor, &set, &epoch), MC_EINVAL);

    set.was = mc_str("$argon2id$other");
    assert_err(mc_password_put(f->conn, &f->actor, &set), MC_ECONFLICT);
    set.was = mc_str("$argon2id$one");
    set.member_id = id + 1;
    assert_err(mc_password_put(f->conn, &f->actor, &set), MC_ENOTFOUND);
    set.member_id = id;

    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, true));
    set.enabled = true;
    assert_err(mc_password_put(f->conn, &f->actor, &set), MC_EDENIED);
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$one"));
    assert_int_equal(member_get(f, id).member.epoch, 1);

    set.enabled = false;
    assert_ok(mc_password_put(f->conn, &f->actor, &set));
    assert_int_equal(member_get(f, id).member.epoch, 2);
}


static void
a_change_puts_one_new_session_in_the_place_of_all(void **state)
{
    int64_t            id;
    fixture_t         *f;
    mc_session_row_t   session, was;
    mc_write_guard_t   guard;
    mc_password_set_t  set;

    f = *state;
    id = member_add(f, "1");
    session_open(f, id, 'a');
    session_open(f, id, 'b');

    was = session_row(id, 'a');
    guard = (mc_write_guard_t) { .hash = was.hash, .epoch = 0 };
    set = set_of(id, "$argon2id$two");
    session = session_row(id, 'c');

    assert_ok(mc_password_change(f->conn, &f->actor, &guard, &set,
                                 &session));
    assert_int_equal(session.epoch, 1);
    assert_int_equal(session.member_id, id);
    assert_true(session_lives(f, id, 'c'));
    assert_false(session_lives(f, id, 'a'));
    assert_false(session_lives(f, id, 'b'));

    /* the one that ended changes nothing any more */

    set.hash = mc_str("$argon2id$three");
    session = session_row(id, 'd');
    assert_err(mc_password_change(f->conn, &f->actor, &guard, &set,
                                  &session), MC_EDENIED);
    assert_true(session_lives(f, id, 'c'));
    assert_false(session_lives(f, id, 'd'));
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$two"));
}


static void
the_history_keeps_what_the_profile_asks_for(void **state)
{
    char               hash[32];
    size_t             count;
    int64_t            id, other;
    mc_str_t           past[MC_PASSWORD_PAST];
    fixture_t         *f;
    mc_password_set_t  set;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");

    for (int i = 0; i < 7; i++) {
        snprintf(hash, sizeof(hash), "$hash-%d", i);
        set = set_of(id, hash);
        set.history = 4;
        assert_ok(mc_password_put(f->conn, &f->actor, &set));
    }

    assert_ok(mc_password_past(f->conn, id, &f->arena, past, 8, &count));
    assert_int_equal(count, 4);
    assert_true(mc_str_is(past[0], "$hash-5"));
    assert_true(mc_str_is(past[3], "$hash-2"));

    assert_ok(mc_password_past(f->conn, id, &f->arena, past, 2, &count));
    assert_int_equal(count, 2);

    assert_ok(mc_password_past(f->conn, other, &f->arena, past, 8, &count));
    assert_int_equal(count, 0);

    /* with a profile that keeps none, those on record go */

    set = set_of(id, "$last");
    assert_ok(mc_password_put(f->conn, &f->actor, &set));
    assert_ok(mc_password_past(f->conn, id, &f->arena, past, 8, &count));
    assert_int_equal(count, 0);
}


static void
the_message_stands_in_the_same_transaction(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_outbox_row_t     row;
    mc_password_set_t   set;
    mc_outbox_counts_t  counts;

    f = *state;
    id = member_add(f, "1");
    row = (mc_outbox_row_t) {
        .member_id = id,
        .kind = mc_str("changed"),
        .channel = MC_OUTBOX_SMS,
        .dedupe = "00112233445566778899aabbccddeeff",
        .sealed = mc_str("sealed"),
        .expires_at = NOW + MC_HOUR
    };
    set = set_of(id, "$argon2id$two");
    set.message = &row;

    assert_ok(mc_password_put(f->conn, &f->actor, &set));
    assert_ok(mc_outbox_count(f->conn, &counts));
    assert_int_equal(counts.queued, 1);

    /* a message that cannot be queued keeps the password as it was */

    set.hash = mc_str("$argon2id$three");
    assert_int_not_equal(mc_password_put(f->conn, &f->actor, &set), MC_OK);
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$two"));
    assert_int_equal(member_get(f, id).member.epoch, 1);
}


static void
hash_put(fixture_t *f, int64_t id, const char *hash)
{
    mc_password_set_t  set;

    set = set_of(id, hash);
    assert_ok(mc_password_put(f->conn, &f->actor, &set));
}


static void
the_highest_cost_of_bcrypt_is_read_from_an_index_S12(void **state)
{
    int64_t        id[3];
    uint32_t       cost;
    fixture_t     *f;
    const char    *text;
    sqlite3       *db;
    sqlite3_stmt  *stmt;
    char           path[128];

    f = *state;
    id[0] = member_add(f, "1");
    id[1] = member_add(f, "2");
    id[2] = member_add(f, "3");

    assert_ok(mc_password_bcrypt(f->conn, &cost));
    assert_int_equal(cost, 0);

    hash_put(f, id[0], "$2y$10$abc");
    hash_put(f, id[1], "$2a$12$abc");
    hash_put(f, id[2], "$2b$08$abc");
    assert_ok(mc_password_bcrypt(f->conn, &cost));
    assert_int_equal(cost, 12);

    hash_put(f, id[1], "$argon2id$x");
    assert_ok(mc_password_bcrypt(f->conn, &cost));
    assert_int_equal(cost, 10);

    hash_put(f, id[0], "");
    hash_put(f, id[2], "$argon2id$y");
    assert_ok(mc_password_bcrypt(f->conn, &cost));
    assert_int_equal(cost, 0);

    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
        "EXPLAIN QUERY PLAN SELECT substr(password_hash, 5, 2) FROM member "
        "WHERE substr(password_hash, 1, 2) = '$2' "
        "ORDER BY substr(password_hash, 5, 2) DESC LIMIT 1", -1, &stmt,
        NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    text = (const char *) sqlite3_column_text(stmt, 3);
    assert_non_null(strstr(text, "member_bcrypt"));
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);      /* no sort */
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(
            a_password_that_is_set_ends_every_session_S12,
            fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_set_changes_nothing,
            fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(
            a_change_puts_one_new_session_in_the_place_of_all,
            fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(
            the_history_keeps_what_the_profile_asks_for,
            fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(
            the_message_stands_in_the_same_transaction,
            fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(
            the_highest_cost_of_bcrypt_is_read_from_an_index_S12,
            fixture_up, fixture_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
