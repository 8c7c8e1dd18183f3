/*
 * Stores of earlier versions with something in them, brought up (I17):
 * sessions of version 3, certificates of version 4.
 */

#include "store_back.h"

#include "mc_store_issue.h"


/* All of core.db's schema but for the order of columns that were added. */
#define SCHEMA  "SELECT group_concat(sql, '; ') FROM (SELECT sql FROM "      \
                "sqlite_master WHERE name IN ('issued', 'statement_key') "   \
                "ORDER BY name)"

#define CONFIRMED                                                            \
    "INSERT INTO confirmation (member_id, version, frozen, photo_id, code, " \
    "at) VALUES (1, hex(zeroblob(32)), x'7b7d', 9, "                         \
    "'AAECAwQFBgcICQoLDA0ODw', 5)"


static void
leave(fixture_t *f)
{
    mc_store_release(f->store, f->conn);
    mc_store_drain(f->store);
    f->conn = NULL;
}


static void
come_back(fixture_t *f, int was)
{
    int  from;

    assert_err(mc_store_acquire(f->store, &f->conn), MC_ESCHEMA);
    assert_ok(mc_store_migrate(mc_str_from(f->dir), &from));
    assert_int_equal(from, was);
    assert_ok(mc_store_acquire(f->store, &f->conn));
}


static void
certificates_of_version_4_are_kept_and_can_be_issued_and_revoked(
    void **state)
{
    bool                    first;
    char                    before[4096], after[4096], none[4096];
    fixture_t              *f;
    mc_issued_t             issued;
    mc_confirmation_row_t   row;

    f = *state;
    member_add(f, "1");
    leave(f);

    outside(f->dir, "core.db", SCHEMA, before);
    outside(f->dir, "core.db", BACK_TO_4 CONFIRMED
            "; PRAGMA user_version = 4", none);
    outside(f->dir, "photo.db", "PRAGMA user_version = 4", none);
    come_back(f, 4);

    outside(f->dir, "core.db", SCHEMA, after);
    assert_true(strlen(before) > 300);
    assert_string_equal(before, after);

    /* the code of then is found as it is */

    assert_ok(mc_confirmation_find(f->conn,
                                   mc_str("AAECAwQFBgcICQoLDA0ODw"),
                                   &f->arena, &row));
    assert_int_equal(row.serial, 1);
    assert_int_equal(row.statement.len, 0);
    assert_int_equal(mc_confirmation_state(&row), MC_CONFIRMATION_VALID);

    issued = (mc_issued_t) { .serial = 1, .at = NOW };
    assert_ok(mc_issued_put(f->conn, &f->arena, &issued, &first));
    assert_true(first);

    assert_ok(mc_confirmation_revoke(f->conn, &f->actor, 1, mc_str("why"),
                                     &f->arena, &row));
}


/* The step to 4 gives sessions a name for their member, and leaves them. */
static void
sessions_of_version_3_go_on_with_a_public_id(void **state)
{
    bool                  disabled;
    char                  none[4096];
    size_t                count;
    int64_t               id, epoch;
    fixture_t            *f;
    mc_session_row_t      session, list[8];
    mc_sessions_ended_t   ended;

    f = *state;
    id = member_add(f, "1");

    session = session_row(id, 'a');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));
    session = session_row(id, 'b');
    session.client = MC_CLIENT_MINI;
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));
    leave(f);

    outside(f->dir, "core.db", BACK_TO_3 "PRAGMA user_version = 3", none);
    outside(f->dir, "photo.db", PHOTO_BACK_TO_3 "PRAGMA user_version = 3",
            none);
    come_back(f, 3);

    assert_ok(mc_session_get(f->conn, session.hash, &session, &epoch,
                             &disabled));
    assert_int_equal(session.member_id, id);
    assert_int_equal(session.client, MC_CLIENT_MINI);
    assert_int_equal(session.confirmed, 0);

    assert_ok(mc_session_list(f->conn, id, 0, NOW, &f->arena, list, 8,
                              &count));
    assert_int_equal(count, 2);
    assert_true(list[0].public_id > 0 && list[1].public_id > 0);
    assert_true(list[0].public_id != list[1].public_id);
    assert_true(list[0].public_id < INT64_C(1) << 53);
    assert_int_equal(list[0].label.len, 0);

    /* and one of them is ended by that name */

    assert_ok(mc_session_end(f->conn, &f->actor,
                             &(mc_write_guard_t) { session.hash, 0 }, id,
                             list[0].public_id, &ended));
    assert_ok(mc_session_list(f->conn, id, 0, NOW, &f->arena, list, 8,
                              &count));
    assert_int_equal(count, 1);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(certificates_of_version_4_are_kept_and_can_be_issued_and_revoked),
        block(sessions_of_version_3_go_on_with_a_public_id)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
