/*
 * Sessions and the audit chain (S10, S13: a session ends when it must and
 * only then; who did what can be proved).
 */

#include "store_fixture.h"

#include <sqlite3.h>


static mc_err_t
put(fixture_t *f, const mc_session_row_t *session, uint32_t most)
{
    return mc_session_put(f->conn, &f->actor, session, most, mc_str_null,
                          mc_str_null, NULL, NULL);
}


static bool
there(fixture_t *f, char letter)
{
    bool               disabled;
    int64_t            epoch;
    uint8_t            hash[32];
    mc_session_row_t   out;

    memset(hash, letter, sizeof(hash));

    return mc_session_get(f->conn, hash, &out, &epoch, &disabled) == MC_OK;
}


static void
a_session_is_read_back_with_the_members_state(void **state)
{
    bool               disabled;
    int64_t            id, epoch;
    fixture_t         *f;
    mc_session_row_t   in, out;

    f = *state;
    id = member_add(f, "1");
    in = session_row(id, 'a');
    in.client = MC_CLIENT_MINI;
    in.created = NOW - 1;
    in.last_seen = NOW - 2;
    in.expires = NOW + 3;

    assert_ok(put(f, &in, 5));
    assert_ok(mc_session_get(f->conn, in.hash, &out, &epoch, &disabled));

    assert_memory_equal(out.hash, in.hash, 32);
    assert_int_equal(out.member_id, id);
    assert_int_equal(out.epoch, 0);
    assert_int_equal(out.client, MC_CLIENT_MINI);
    assert_int_equal(out.created, NOW - 1);
    assert_int_equal(out.last_seen, NOW - 2);
    assert_int_equal(out.expires, NOW + 3);
    assert_int_equal(epoch, 0);
    assert_false(disabled);
    assert_false(there(f, 'b'));
}


static void
the_oldest_session_beyond_the_most_is_removed(void **state)
{
    char               letter;
    int64_t            id;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");

    for (letter = 'a'; letter <= 'g'; letter++) {
        session = session_row(id, letter);
        session.created = NOW + letter;
        assert_ok(put(f, &session, 5));
    }

    assert_false(there(f, 'a'));
    assert_false(there(f, 'b'));

    for (letter = 'c'; letter <= 'g'; letter++) {
        assert_true(there(f, letter));
    }

    /* the new one stays, also where the clock went back */

    session = session_row(id, 'z');
    session.created = NOW - MC_DAY;
    assert_ok(put(f, &session, 5));
    assert_true(there(f, 'z'));
    assert_false(there(f, 'c'));

    session = session_row(id, 'y');
    assert_ok(put(f, &session, 1));
    assert_true(there(f, 'y'));
    assert_false(there(f, 'z'));
    assert_false(there(f, 'g'));
}


static void
a_login_clears_what_has_ended_and_nothing_of_others(void **state)
{
    int64_t            id, other;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");

    session = session_row(id, 'a');
    session.expires = NOW;
    assert_ok(put(f, &session, 5));

    session = session_row(other, 'b');
    session.expires = NOW;
    assert_ok(put(f, &session, 5));

    session = session_row(id, 'c');
    assert_ok(put(f, &session, 5));

    assert_false(there(f, 'a'));
    assert_true(there(f, 'b'));
    assert_true(there(f, 'c'));
}


static void
a_login_is_denied_when_epoch_or_account_changed(void **state)
{
    int64_t            id, before;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");
    session = session_row(id, 'a');

    before = audit_count(f);
    session.epoch = 1;
    assert_err(put(f, &session, 5), MC_EDENIED);

    session.epoch = 0;
    session.member_id = 99;
    assert_err(put(f, &session, 5), MC_EDENIED);
    assert_int_equal(audit_count(f), before);

    session.member_id = id;
    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, true));
    session.epoch = 1;
    assert_err(put(f, &session, 5), MC_EDENIED);

    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, false));
    assert_ok(put(f, &session, 5));
}


static void
a_login_refreshes_the_hash_only_of_the_same_password(void **state)
{
    int64_t            id;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");

    session = session_row(id, 'a');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5,
                             mc_str("$argon2id$other"),
                             mc_str("$argon2id$new"), NULL, NULL));
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$one"));

    session = session_row(id, 'b');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5,
                             mc_str("$argon2id$one"),
                             mc_str("$argon2id$new"), NULL, NULL));
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$new"));
    assert_int_equal(member_get(f, id).member.epoch, 0);
}


static void
a_touch_never_goes_back_in_time(void **state)
{
    bool               disabled;
    int64_t            id, epoch;
    fixture_t         *f;
    mc_session_row_t   session, out;

    f = *state;
    id = member_add(f, "1");
    session = session_row(id, 'a');
    assert_ok(put(f, &session, 5));

    assert_ok(mc_session_touch(f->conn, session.hash, NOW + 500));
    assert_ok(mc_session_touch(f->conn, session.hash, NOW + 100));
    assert_ok(mc_session_get(f->conn, session.hash, &out, &epoch,
                             &disabled));
    assert_int_equal(out.last_seen, NOW + 500);

    assert_ok(mc_session_drop(f->conn, &f->actor, session.hash));
    assert_err(mc_session_touch(f->conn, session.hash, NOW), MC_ENOTFOUND);
}


static void
a_log_out_is_written_once(void **state)
{
    int64_t            id, rows;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");
    session = session_row(id, 'a');
    assert_ok(put(f, &session, 5));

    assert_ok(mc_session_drop(f->conn, &f->actor, session.hash));
    assert_false(there(f, 'a'));
    rows = audit_count(f);

    assert_err(mc_session_drop(f->conn, &f->actor, session.hash),
               MC_ENOTFOUND);
    assert_int_equal(audit_count(f), rows);
}


/* --- audit -------------------------------------------------------------- */

typedef struct {
    int             count;
    mc_audit_row_t  last;
    char            text[4][160];
} seen_t;


static mc_err_t
seen_visit(void *data, const mc_audit_row_t *row)
{
    seen_t  *seen;

    seen = data;
    seen->count++;
    seen->last = *row;

    snprintf(seen->text[0], 160, "%.*s", (int) row->action.len,
             row->action.data);
    snprintf(seen->text[1], 160, "%.*s", (int) row->result.len,
             row->result.data);
    snprintf(seen->text[2], 160, "%.*s", (int) row->address.len,
             row->address.data);
    snprintf(seen->text[3], 160, "%.*s", (int) row->request_id.len,
             row->request_id.data);

    return MC_OK;
}


static void
an_audit_row_tells_who_did_what(void **state)
{
    seen_t      seen;
    int64_t     rows, bad;
    uint8_t     head[32], zeros[32] = { 0 };
    fixture_t  *f;

    f = *state;

    assert_ok(mc_audit_verify(f->conn, NULL, NULL, &rows, &bad, head));
    assert_int_equal(rows, 0);
    assert_memory_equal(head, zeros, 32);

    f->actor.actor = "admin";
    f->actor.request_id = mc_str("\x1b[2Jx y\xe5\n");
    assert_ok(mc_audit_write(f->conn, &f->actor, 17, "passwd", "ok"));

    seen = (seen_t) { .count = 0 };
    assert_ok(mc_audit_verify(f->conn, seen_visit, &seen, &rows, &bad,
                              head));

    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.seq, 1);
    assert_int_equal(seen.last.at, NOW);
    assert_int_equal(seen.last.member_id, 17);
    assert_string_equal(seen.text[0], "passwd");
    assert_string_equal(seen.text[1], "ok");
    assert_string_equal(seen.text[2], "192.0.2.7");
    assert_string_equal(seen.text[3], "?[2Jx y??");
    assert_memory_equal(seen.last.mac, head, 32);
}


static void
a_text_of_an_audit_row_is_cut_not_refused(void **state)
{
    char        text[2000];
    seen_t      seen;
    int64_t     rows, bad;
    uint8_t     head[32];
    fixture_t  *f;

    f = *state;
    memset(text, 'x', sizeof(text));
    f->actor.request_id = (mc_str_t) { text, sizeof(text) };
    f->actor.address = (mc_str_t) { text, sizeof(text) };

    assert_ok(mc_audit_write(f->conn, &f->actor, 0, "passwd", "ok"));

    seen = (seen_t) { .count = 0 };
    assert_ok(mc_audit_verify(f->conn, seen_visit, &seen, &rows, &bad,
                              head));
    assert_int_equal(strlen(seen.text[3]), 128);
}


/* A statement from outside, as an intruder with the file would run it. */
static void
tamper(fixture_t *f, const char *sql)
{
    char      path[128];
    sqlite3  *db;

    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);

    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }

    sqlite3_close(db);
}


static void
any_tampering_with_the_audit_is_found(void **state)
{
    int          i;
    size_t       n;
    int64_t      rows, bad;
    uint8_t      head[32];
    fixture_t   *f;

    static const struct {
        const char  *what;
        const char  *sql;
        int64_t      bad;
    } cases[] = {
        { "a time changed",
          "UPDATE audit SET at = at + 1 WHERE seq = 300", 300 },
        { "a result changed",
          "UPDATE audit SET result = 'no' WHERE seq = 2", 2 },
        { "a member put in", "UPDATE audit SET member_id = 5 WHERE seq = 3",
          3 },
        { "text moved from one column to the next",
          "UPDATE audit SET action = 'resett', result = 'est' "
          "WHERE seq = 4", 4 },
        { "a mac changed",
          "UPDATE audit SET mac = zeroblob(32) WHERE seq = 5", 5 },
        { "a row removed", "DELETE FROM audit WHERE seq = 6", 6 },
        { "the first row removed", "DELETE FROM audit WHERE seq = 1", 1 },
        { "the last rows removed", "DELETE FROM audit WHERE seq > 310",
          311 },
        { "the head removed with the last row",
          "DELETE FROM audit WHERE seq = 320;"
          "UPDATE audit_head SET seq = 319, mac = "
          "(SELECT mac FROM audit WHERE seq = 319)", 320 },
        { "the last rows removed and the head with them",
          "DELETE FROM audit WHERE seq > 310; DELETE FROM audit_head",
          311 },
        { "two rows swapped",
          "UPDATE audit SET seq = 1000 WHERE seq = 7;"
          "UPDATE audit SET seq = 7 WHERE seq = 8;"
          "UPDATE audit SET seq = 8 WHERE seq = 1000", 7 },
        { "a row closed up",
          "DELETE FROM audit WHERE seq = 9;"
          "UPDATE audit SET seq = -seq WHERE seq > 9;"
          "UPDATE audit SET seq = -seq - 1 WHERE seq < 0", 9 }
    };

    for (n = 0; n < mc_count(cases); n++) {
        assert_int_equal(fixture_up(state), 0);
        f = *state;

        for (i = 0; i < 320; i++) {
            f->actor.now = NOW + i;
            assert_ok(mc_audit_write(f->conn, &f->actor, 1, "reset",
                                     "test"));
        }

        assert_int_equal(audit_count(f), 320);
        tamper(f, cases[n].sql);

        if (mc_audit_verify(f->conn, NULL, NULL, &rows, &bad, head)
            != MC_EDENIED || bad != cases[n].bad)
        {
            fail_msg("%s: bad row %lld", cases[n].what, (long long) bad);
        }

        /* and does not keep the members from their work */

        assert_ok(mc_audit_write(f->conn, &f->actor, 1, "reset", "after"));
        assert_err(mc_audit_verify(f->conn, NULL, NULL, &rows, &bad, head),
                   MC_EDENIED);

        fixture_down(state);
    }
}


static void
another_key_fits_no_row(void **state)
{
    int64_t              rows, bad;
    uint8_t              head[32];
    fixture_t           *f;
    mc_conn_t           *conn;
    mc_store_t          *store;
    mc_store_options_t   options;

    f = *state;
    assert_ok(mc_audit_write(f->conn, &f->actor, 1, "reset", "ok"));

    options = (mc_store_options_t) {
        .dir = mc_str_from(f->dir),
        .audit_key = (const uint8_t *) "another key of thirty-two bytes."
    };

    assert_ok(mc_store_open(&store, &options));
    assert_ok(mc_store_acquire(store, &conn));
    assert_err(mc_audit_verify(conn, NULL, NULL, &rows, &bad, head),
               MC_EDENIED);
    assert_int_equal(bad, 1);
    mc_store_release(store, conn);
    mc_store_close(store);
}


/* A new secret, the old one named behind it: the chain goes on. */
static void
rows_of_an_earlier_key_fit_and_the_chain_goes_on(void **state)
{
    int                  i;
    int64_t              rows, bad;
    uint8_t              head[32];
    fixture_t           *f;
    mc_conn_t           *conn;
    mc_store_t          *store;
    mc_store_options_t   options;

    f = *state;
    assert_ok(mc_audit_write(f->conn, &f->actor, 1, "reset", "old"));

    options = (mc_store_options_t) {
        .dir = mc_str_from(f->dir),
        .audit_key = (const uint8_t *) "another key of thirty-two bytes.",
        .audit_old = fixture_key,
        .audit_olds = 1
    };

    assert_ok(mc_store_open(&store, &options));
    assert_ok(mc_store_acquire(store, &conn));

    for (i = 1; i <= 2; i++) {
        assert_ok(mc_audit_verify(conn, NULL, NULL, &rows, &bad, head));
        assert_int_equal(rows, i);
        assert_ok(mc_audit_write(conn, &f->actor, 1, "reset", "new"));
    }

    /* who has the old key alone sees where the new one begins */

    assert_err(mc_audit_verify(f->conn, NULL, NULL, &rows, &bad, head),
               MC_EDENIED);
    assert_int_equal(bad, 2);

    mc_store_release(store, conn);
    mc_store_close(store);

    options.audit_olds = MC_AUDIT_KEYS;
    assert_err(mc_store_open(&store, &options), MC_EINVAL);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(a_session_is_read_back_with_the_members_state),
        block(the_oldest_session_beyond_the_most_is_removed),
        block(a_login_clears_what_has_ended_and_nothing_of_others),
        block(a_login_is_denied_when_epoch_or_account_changed),
        block(a_login_refreshes_the_hash_only_of_the_same_password),
        block(a_touch_never_goes_back_in_time),
        block(a_log_out_is_written_once),
        block(an_audit_row_tells_who_did_what),
        block(a_text_of_an_audit_row_is_cut_not_refused),
        cmocka_unit_test(any_tampering_with_the_audit_is_found),
        block(another_key_fits_no_row),
        block(rows_of_an_earlier_key_fit_and_the_chain_goes_on)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
