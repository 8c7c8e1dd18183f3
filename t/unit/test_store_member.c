/*
 * Members, institutes and their import (I06, I07, S12, S33-S38 stand on
 * these rows).
 */

#include "mc_store_password.h"
#include "store_fixture.h"


static mc_err_t
password_put(fixture_t *f, int64_t id, mc_str_t hash)
{
    mc_password_set_t  set = { .member_id = id, .hash = hash,
                               .result = "ok" };

    return mc_password_put(f->conn, &f->actor, &set);
}


static void
an_imported_member_is_read_back_as_it_was(void **state)
{
    int64_t           id;
    fixture_t        *f;
    mc_member_row_t   row;

    f = *state;
    id = member_add(f, "330100001");
    row = member_get(f, id);

    assert_true(mc_str_is(row.member.user_type, "np"));
    assert_true(mc_str_is(row.member.member_no, "330100001"));
    assert_true(mc_str_is(row.member.columns[MC_COLUMN_NAME], "Zhang San"));
    assert_true(mc_str_is(row.member.columns[MC_COLUMN_SEX], "F"));
    assert_true(mc_str_is(row.member.columns[MC_COLUMN_CERTIFICATE_NO],
                          "330001"));
    assert_true(mc_str_is(row.member.columns[MC_COLUMN_CATEGORY],
                          "non-practising"));
    assert_true(mc_str_is(row.member.columns[MC_COLUMN_ADMITTED_ON],
                          "2015-06-01"));
    assert_int_equal(row.member.columns[MC_COLUMN_INSTITUTE].len, 0);
    assert_int_equal(row.member.status, MC_STATUS_ACTIVE);
    assert_true(mc_str_is(row.member.password_hash, "$argon2id$one"));
    assert_false(row.member.disabled);
    assert_int_equal(row.member.epoch, 0);
    assert_int_equal(row.member.photo_id, 0);
    assert_int_equal(row.member.revision, 1);
    assert_int_equal(row.member.attempts, 0);
    assert_true(mc_str_is(row.sealed_profile, "sealed-1"));
}


static void
an_unknown_member_is_not_found(void **state)
{
    fixture_t        *f;
    mc_member_row_t   row;

    f = *state;
    member_add(f, "1");

    assert_err(mc_member_by_no(f->conn, mc_str("np"), mc_str("2"), &f->arena,
                               &row), MC_ENOTFOUND);
    assert_err(mc_member_by_no(f->conn, mc_str("other"), mc_str("1"),
                               &f->arena, &row), MC_ENOTFOUND);
    assert_err(mc_member_by_id(f->conn, 99, &f->arena, &row), MC_ENOTFOUND);
}


static void
a_row_that_says_nothing_new_keeps_its_revision(void **state)
{
    int64_t              id;
    fixture_t           *f;
    mc_import_t         *import;
    mc_import_member_t   row;

    f = *state;
    id = member_add(f, "1");
    row = member_row("1", "Zhang San");

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_false(row.changed);
    assert_ok(mc_import_commit(import, &f->actor, "0 rows"));

    assert_int_equal(member_get(f, id).member.revision, 1);
    assert_int_equal(member_get(f, id).member.epoch, 0);
}


static void
every_column_of_an_import_counts_as_a_change(void **state)
{
    size_t               i;
    int64_t              id, revision;
    fixture_t           *f;
    mc_import_t         *import;
    mc_import_member_t   row;

    f = *state;
    id = member_add(f, "1");
    revision = 1;

    for (i = MC_COLUMN_NAME; i < MC_COLUMN_INSTITUTE; i++) {
        row = member_row("1", "Zhang San");
        row.member.columns[i] = mc_str("2001-01-01");

        assert_ok(mc_import_begin(f->conn, &import));
        assert_ok(mc_import_member(import, &row));
        assert_true(row.changed);
        assert_ok(mc_import_commit(import, &f->actor, "ok"));

        assert_int_equal(member_get(f, id).member.revision, ++revision);
    }

    row = member_row("1", "Zhang San");
    row.member.columns[MC_COLUMN_ADMITTED_ON] = mc_str("2001-01-01");
    row.member.status = MC_STATUS_LEFT;

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_true(row.changed);

    row.sealed_profile = mc_str("sealed-2");
    assert_ok(mc_import_member(import, &row));
    assert_true(row.changed);
    assert_ok(mc_import_commit(import, &f->actor, "ok"));

    assert_int_equal(member_get(f, id).member.revision, revision + 2);
    assert_int_equal(member_get(f, id).member.status, MC_STATUS_LEFT);
}


static void
an_import_changes_a_password_only_when_told(void **state)
{
    int64_t              id;
    fixture_t           *f;
    mc_import_t         *import;
    mc_import_member_t   row;

    f = *state;
    id = member_add(f, "1");

    row = member_row("1", "Zhang San");
    row.set_password = false;
    row.member.password_hash = mc_str("$argon2id$two");

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_false(row.changed);
    assert_ok(mc_import_commit(import, &f->actor, "ok"));
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$one"));

    row.set_password = true;

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_true(row.changed);
    assert_ok(mc_import_commit(import, &f->actor, "ok"));
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$two"));

    /* a new password ends sessions, and is no change of the page */

    assert_int_equal(member_get(f, id).member.epoch, 1);
    assert_int_equal(member_get(f, id).member.revision, 1);
}


static void
a_row_merged_with_an_older_revision_conflicts(void **state)
{
    int64_t              id, revision;
    fixture_t           *f;
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    f = *state;
    id = member_add(f, "1");
    stored = member_get(f, id);

    assert_ok(mc_member_save(f->conn, &f->actor, NULL, &stored.member,
                             mc_str("by-member"), &revision));
    assert_int_equal(revision, 2);

    row = member_row("1", "Li Si");
    row.member.revision = 1;

    assert_ok(mc_import_begin(f->conn, &import));
    assert_err(mc_import_member(import, &row), MC_ECONFLICT);
    assert_false(row.changed);

    /* merged again, inside the same transaction */

    row.member.revision = 2;
    assert_ok(mc_import_member(import, &row));
    assert_true(row.changed);
    assert_ok(mc_import_commit(import, &f->actor, "ok"));

    assert_true(mc_str_is(
        member_get(f, id).member.columns[MC_COLUMN_NAME], "Li Si"));

    row = member_row("never-there", "Li Si");
    row.member.revision = 3;

    assert_ok(mc_import_begin(f->conn, &import));
    assert_err(mc_import_member(import, &row), MC_ECONFLICT);
    mc_import_abort(import);
}


static void
an_aborted_import_leaves_nothing(void **state)
{
    int                  i;
    char                 no[16];
    int64_t              before;
    fixture_t           *f;
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    f = *state;
    before = audit_count(f);

    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 100; i++) {
        snprintf(no, sizeof(no), "%d", i);
        row = member_row(no, "Zhang San");
        assert_ok(mc_import_member(import, &row));
    }

    mc_import_abort(import);
    mc_import_abort(NULL);

    assert_err(mc_member_by_no(f->conn, mc_str("np"), mc_str("5"), &f->arena,
                               &stored), MC_ENOTFOUND);
    assert_int_equal(audit_count(f), before);
}


static void
a_connection_released_in_an_import_rolls_it_back(void **state)
{
    fixture_t           *f;
    mc_conn_t           *conn;
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    f = *state;

    assert_ok(mc_store_acquire(f->store, &conn));
    assert_ok(mc_import_begin(conn, &import));
    row = member_row("1", "Zhang San");
    assert_ok(mc_import_member(import, &row));
    mc_store_release(f->store, conn);
    free(import);

    assert_err(mc_member_by_no(f->conn, mc_str("np"), mc_str("1"), &f->arena,
                               &stored), MC_ENOTFOUND);
    member_add(f, "1");
}


static void
a_bad_row_is_refused_and_the_import_goes_on(void **state)
{
    fixture_t           *f;
    mc_import_t         *import;
    mc_import_member_t   row;

    f = *state;

    assert_ok(mc_import_begin(f->conn, &import));

    row = member_row("1", "Zhang San");
    row.member.columns[MC_COLUMN_INSTITUTE] = mc_str("nowhere");
    assert_err(mc_import_member(import, &row), MC_EINVAL);
    assert_false(row.changed);

    row = member_row("", "Zhang San");
    assert_err(mc_import_member(import, &row), MC_EINVAL);

    row = member_row("1", "Zhang San");
    row.member.status = MC_STATUSES;
    assert_err(mc_import_member(import, &row), MC_EINVAL);

    row = member_row("1", "Zhang San");
    assert_ok(mc_import_member(import, &row));
    assert_ok(mc_import_commit(import, &f->actor, "ok"));
}


static mc_institute_t
institute_row(const char *code, const char *phone)
{
    return (mc_institute_t) {
        .code = mc_str_from(code),
        .name = mc_str("Zhejiang"),
        .name_en = mc_str("ZICPA"),
        .contact = mc_str("Office"),
        .phone = mc_str_from(phone)
    };
}


static void
institutes_are_imported_listed_and_found(void **state)
{
    bool             changed;
    size_t           count, i;
    char             code[32];
    fixture_t       *f;
    mc_import_t     *import;
    mc_institute_t   row, *list;

    f = *state;

    assert_ok(mc_institute_list(f->conn, &f->arena, &list, &count));
    assert_int_equal(count, 0);

    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 200; i++) {
        snprintf(code, sizeof(code), "i%03zu", 199 - i);
        row = institute_row(code, "0571");
        assert_ok(mc_import_institute(import, &row, &changed));
        assert_true(changed);
    }

    row = institute_row("i000", "0571");
    assert_ok(mc_import_institute(import, &row, &changed));
    assert_false(changed);

    row = institute_row("i000", "0572");
    assert_ok(mc_import_institute(import, &row, &changed));
    assert_true(changed);

    row = institute_row("", "0572");
    assert_err(mc_import_institute(import, &row, &changed), MC_EINVAL);

    assert_ok(mc_import_commit(import, &f->actor, "ok"));

    assert_ok(mc_institute_list(f->conn, &f->arena, &list, &count));
    assert_int_equal(count, 200);
    assert_true(mc_str_is(list[0].code, "i000"));
    assert_true(mc_str_is(list[0].phone, "0572"));
    assert_true(mc_str_is(list[199].code, "i199"));

    assert_ok(mc_institute_get(f->conn, mc_str("i007"), &f->arena, &row));
    assert_true(mc_str_is(row.name, "Zhejiang"));
    assert_true(mc_str_is(row.name_en, "ZICPA"));
    assert_true(mc_str_is(row.contact, "Office"));
    assert_err(mc_institute_get(f->conn, mc_str("x"), &f->arena, &row),
               MC_ENOTFOUND);
}


static void
a_save_raises_the_revision_and_an_older_one_conflicts(void **state)
{
    int64_t           id, revision;
    fixture_t        *f;
    mc_member_row_t   row;

    f = *state;
    id = member_add(f, "1");
    row = member_get(f, id);

    row.member.columns[MC_COLUMN_NAME] = mc_str("Li Si");
    assert_ok(mc_member_save(f->conn, &f->actor, NULL, &row.member,
                             mc_str("sealed-2"), &revision));
    assert_int_equal(revision, 2);

    assert_err(mc_member_save(f->conn, &f->actor, NULL, &row.member,
                              mc_str("sealed-3"), &revision), MC_ECONFLICT);

    row = member_get(f, id);
    assert_int_equal(row.member.revision, 2);
    assert_true(mc_str_is(row.member.columns[MC_COLUMN_NAME], "Li Si"));
    assert_true(mc_str_is(row.sealed_profile, "sealed-2"));

    row.member.id = 99;
    assert_err(mc_member_save(f->conn, &f->actor, NULL, &row.member,
                              mc_str("x"), &revision), MC_ENOTFOUND);
}


static void
a_save_needs_a_session_that_is_still_good(void **state)
{
    int64_t            id, other, revision;
    uint8_t            unknown[32] = { 1 };
    fixture_t         *f;
    mc_member_row_t    row;
    mc_write_guard_t   guard;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");
    row = member_get(f, id);

    session = session_row(id, 'a');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));

    guard = (mc_write_guard_t) { .hash = session.hash, .epoch = 0 };
    assert_ok(mc_member_save(f->conn, &f->actor, &guard, &row.member,
                             mc_str("s"), &revision));
    row.member.revision = revision;

    /* another hash, another epoch, another member, after its end */

    guard.hash = unknown;
    assert_err(mc_member_save(f->conn, &f->actor, &guard, &row.member,
                              mc_str("s"), &revision), MC_EDENIED);

    guard = (mc_write_guard_t) { .hash = session.hash, .epoch = 1 };
    assert_err(mc_member_save(f->conn, &f->actor, &guard, &row.member,
                              mc_str("s"), &revision), MC_EDENIED);

    guard.epoch = 0;
    row = member_get(f, other);
    assert_err(mc_member_save(f->conn, &f->actor, &guard, &row.member,
                              mc_str("s"), &revision), MC_EDENIED);

    row = member_get(f, id);
    f->actor.now = session.expires;
    assert_err(mc_member_save(f->conn, &f->actor, &guard, &row.member,
                              mc_str("s"), &revision), MC_EDENIED);
    f->actor.now = NOW;

    /* and not once the password was changed */

    assert_ok(password_put(f, id, mc_str("$argon2id$two")));
    assert_err(mc_member_save(f->conn, &f->actor, &guard, &row.member,
                              mc_str("s"), &revision), MC_EDENIED);
}


static void
what_ends_sessions_raises_the_epoch(void **state)
{
    int64_t            id, epoch;
    bool               disabled;
    fixture_t         *f;
    mc_session_row_t   session;

    f = *state;
    id = member_add(f, "1");
    session = session_row(id, 'a');

    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));

    assert_ok(mc_member_set_status(f->conn, &f->actor, id,
                                   MC_STATUS_SUSPENDED));
    assert_int_equal(member_get(f, id).member.epoch, 0);
    assert_int_equal(member_get(f, id).member.revision, 2);
    assert_int_equal(member_get(f, id).member.status, MC_STATUS_SUSPENDED);
    assert_ok(mc_session_get(f->conn, session.hash, &session, &epoch,
                             &disabled));

    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, true));
    assert_int_equal(member_get(f, id).member.epoch, 1);
    assert_true(member_get(f, id).member.disabled);
    assert_err(mc_session_get(f->conn, session.hash, &session, &epoch,
                              &disabled), MC_ENOTFOUND);

    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, false));
    assert_int_equal(member_get(f, id).member.epoch, 1);
    assert_false(member_get(f, id).member.disabled);

    /* an empty one takes it away */

    assert_ok(password_put(f, id, mc_str("")));
    assert_int_equal(member_get(f, id).member.epoch, 2);
    assert_int_equal(member_get(f, id).member.password_hash.len, 0);
}


static void
changes_to_a_member_who_is_not_there_are_told(void **state)
{
    fixture_t  *f;

    f = *state;

    assert_err(mc_member_set_status(f->conn, &f->actor, 9, MC_STATUS_LEFT),
               MC_ENOTFOUND);
    assert_err(mc_member_set_status(f->conn, &f->actor, 9, MC_STATUSES),
               MC_EINVAL);
    assert_err(mc_member_set_disabled(f->conn, &f->actor, 9, true),
               MC_ENOTFOUND);
    assert_err(password_put(f, 9, mc_str("x")), MC_ENOTFOUND);
    assert_int_equal(audit_count(f), 0);
}


typedef struct {
    fixture_t  *f;
    int64_t     last;
    int         seen;
    int         stop_at;
} scan_t;


static mc_err_t
scan_visit(void *data, const mc_member_row_t *row)
{
    scan_t  *scan;

    scan = data;

    assert_true(row->member.id > scan->last);
    scan->last = row->member.id;
    scan->seen++;

    /* a visit may write through the same connection */

    if (scan->seen == 70) {
        assert_ok(mc_member_set_status(scan->f->conn, &scan->f->actor,
                                       row->member.id, MC_STATUS_LEFT));
    }

    return scan->seen == scan->stop_at ? MC_ETOOBIG : MC_OK;
}


static void
a_scan_visits_every_member_once_in_order_of_id(void **state)
{
    int                  i;
    char                 no[16];
    scan_t               scan;
    fixture_t           *f;
    mc_import_t         *import;
    mc_import_member_t   row;

    f = *state;

    assert_ok(mc_import_begin(f->conn, &import));

    for (i = 0; i < 200; i++) {
        snprintf(no, sizeof(no), "%d", i);
        row = member_row(no, "Zhang San");
        assert_ok(mc_import_member(import, &row));
    }

    assert_ok(mc_import_commit(import, &f->actor, "200"));

    scan = (scan_t) { .f = f };
    assert_ok(mc_member_scan(f->conn, scan_visit, &scan));
    assert_int_equal(scan.seen, 200);

    scan = (scan_t) { .f = f, .stop_at = 100 };
    assert_err(mc_member_scan(f->conn, scan_visit, &scan), MC_ETOOBIG);
    assert_int_equal(scan.seen, 100);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(an_imported_member_is_read_back_as_it_was),
        block(an_unknown_member_is_not_found),
        block(a_row_that_says_nothing_new_keeps_its_revision),
        block(every_column_of_an_import_counts_as_a_change),
        block(an_import_changes_a_password_only_when_told),
        block(a_row_merged_with_an_older_revision_conflicts),
        block(an_aborted_import_leaves_nothing),
        block(a_connection_released_in_an_import_rolls_it_back),
        block(a_bad_row_is_refused_and_the_import_goes_on),
        block(institutes_are_imported_listed_and_found),
        block(a_save_raises_the_revision_and_an_older_one_conflicts),
        block(a_save_needs_a_session_that_is_still_good),
        block(what_ends_sessions_raises_the_epoch),
        block(changes_to_a_member_who_is_not_there_are_told),
        block(a_scan_visits_every_member_once_in_order_of_id)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
