/*
 * Officers in the store: accounts, sessions, codes that work once, and that
 * nothing of another institute is ever found (I11, X08).
 */

#include "store_fixture.h"

#include "mc_crypto.h"
#include "mc_store_officer.h"


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


static void
institute_add(fixture_t *f, const char *code)
{
    bool             changed;
    mc_import_t     *import;
    mc_institute_t   institute;

    institute = (mc_institute_t) {
        .code = mc_str_from(code), .name = mc_str("one"),
        .name_en = mc_str(""), .contact = mc_str(""), .phone = mc_str("")
    };

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_institute(import, &institute, &changed));
    assert_ok(mc_import_commit(import, &f->actor, "1 rows"));
}


static int64_t
member_of(fixture_t *f, const char *no, const char *name,
    const char *institute)
{
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    row = member_row(no, name);
    row.member.columns[MC_COLUMN_INSTITUTE] = mc_str_from(institute);

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_ok(mc_import_commit(import, &f->actor, "1 rows"));
    assert_ok(mc_member_by_no(f->conn, mc_str("np"), mc_str_from(no),
                              &f->arena, &stored));

    return stored.member.id;
}


static mc_officer_row_t
officer_add(fixture_t *f, const char *name, const char *institute)
{
    mc_officer_row_t  row;

    row = (mc_officer_row_t) {
        .name = mc_str_from(name),
        .institute = mc_str_from(institute),
        .password_hash = mc_str("$argon2id$x"),
        .sealed_totp = mc_str("sealed"),
        .at = NOW
    };

    assert_ok(mc_officer_add(f->conn, &f->actor, &row));
    assert_ok(mc_officer_by_name(f->conn, row.name, &f->arena, &row));

    return row;
}


static mc_officer_session_t
session_of(const mc_officer_row_t *officer, char letter)
{
    mc_officer_session_t  session;

    session = (mc_officer_session_t) {
        .officer_id = officer->id,
        .epoch = officer->epoch,
        .created = NOW,
        .last_seen = NOW,
        .expires = NOW + 8 * MC_HOUR
    };

    memset(session.hash, letter, sizeof(session.hash));

    return session;
}


static mc_officer_guard_t
guard_of(const mc_officer_session_t *session)
{
    mc_officer_guard_t  guard;

    guard.officer_id = session->officer_id;
    guard.epoch = session->epoch;
    memcpy(guard.hash, session->hash, sizeof(guard.hash));

    return guard;
}


/* A photo of the member in review. */
static mc_case_row_t
upload(fixture_t *f, int64_t member_id)
{
    mc_case_row_t    row;
    mc_photo_row_t   photo;

    photo = (mc_photo_row_t) {
        .member_id = member_id, .sealed = mc_str("sealed photo"), .at = NOW
    };

    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    memset(photo.plain_sha256, (int) photo.id, 32);

    memset(&row, 0, sizeof(row));
    row.state = MC_CASE_REVIEW;
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                              &row));

    return row;
}


static void
an_account_is_made_once_and_for_an_institute_that_exists(void **state)
{
    size_t             count;
    fixture_t         *f;
    mc_officer_row_t   row, *list;

    f = *state;
    institute_add(f, "33");

    row = officer_add(f, "li.lei", "33");
    assert_true(row.id > 0);
    assert_true(mc_str_is(row.institute, "33"));
    assert_false(row.disabled);
    assert_err(mc_officer_add(f->conn, &f->actor, &row), MC_ECONFLICT);

    row.name = mc_str("han");
    row.institute = mc_str("99");
    assert_err(mc_officer_add(f->conn, &f->actor, &row), MC_EINVAL);

    row.institute = mc_str_null;
    row.name = mc_str("Han Mei");
    assert_err(mc_officer_add(f->conn, &f->actor, &row), MC_EINVAL);

    row = officer_add(f, "all", "");
    assert_int_equal(row.institute.len, 0);

    assert_ok(mc_officer_list(f->conn, &f->arena, &list, &count));
    assert_int_equal(count, 2);
    assert_true(mc_str_is(list[0].name, "all"));
    assert_true(mc_str_is(list[1].name, "li.lei"));
}


static void
a_code_opens_one_session(void **state)
{
    fixture_t             *f;
    mc_officer_row_t       officer, read;
    mc_officer_session_t   one, two, got;

    f = *state;
    officer = officer_add(f, "li", "");
    one = session_of(&officer, 'a');
    two = session_of(&officer, 'b');

    assert_ok(mc_officer_session_put(f->conn, &f->actor, &one, 100,
                                     NULL));
    assert_err(mc_officer_session_put(f->conn, &f->actor, &two, 100,
                                     NULL), MC_EDENIED);
    assert_err(mc_officer_session_put(f->conn, &f->actor, &two, 99,
                                     NULL), MC_EDENIED);
    assert_err(mc_officer_session_get(f->conn, two.hash, &f->arena, &got,
                                      &read), MC_ENOTFOUND);
    assert_ok(mc_officer_session_put(f->conn, &f->actor, &two, 101,
                                     NULL));

    assert_ok(mc_officer_session_get(f->conn, one.hash, &f->arena, &got,
                                     &read));
    assert_int_equal(got.officer_id, officer.id);
    assert_int_equal(got.expires, one.expires);
    assert_int_equal(read.totp_step, 101);

    assert_ok(mc_officer_session_touch(f->conn, one.hash, NOW + 7));
    assert_ok(mc_officer_session_get(f->conn, one.hash, &f->arena, &got,
                                     &read));
    assert_int_equal(got.last_seen, NOW + 7);

    assert_ok(mc_officer_session_drop(f->conn, &f->actor, one.hash));
    assert_ok(mc_officer_session_drop(f->conn, &f->actor, one.hash));
    assert_err(mc_officer_session_touch(f->conn, one.hash, NOW),
               MC_ENOTFOUND);
}


static void
gc_takes_sessions_of_officers_that_have_ended(void **state)
{
    int64_t                removed;
    fixture_t             *f;
    mc_officer_row_t       officer, read;
    mc_officer_session_t   one, two, got;

    f = *state;
    officer = officer_add(f, "li", "");
    one = session_of(&officer, 'a');
    two = session_of(&officer, 'b');
    two.expires++;

    assert_ok(mc_officer_session_put(f->conn, &f->actor, &one, 100,
                                     NULL));
    assert_ok(mc_officer_session_put(f->conn, &f->actor, &two, 101,
                                     NULL));

    assert_ok(mc_store_gc(f->conn, one.expires, 0, &removed));
    assert_int_equal(removed, 1);
    assert_err(mc_officer_session_get(f->conn, one.hash, &f->arena, &got,
                                      &read), MC_ENOTFOUND);
    assert_ok(mc_officer_session_get(f->conn, two.hash, &f->arena, &got,
                                     &read));
}


static void
disabling_and_a_new_secret_end_what_runs(void **state)
{
    fixture_t             *f;
    mc_officer_row_t       officer;
    mc_officer_guard_t     guard;
    mc_officer_session_t   session, old;

    f = *state;
    officer = officer_add(f, "li", "");
    old = session_of(&officer, 'a');
    guard = guard_of(&old);

    assert_ok(mc_officer_session_put(f->conn, &f->actor, &old, 5,
                                     NULL));
    assert_ok(mc_officer_guard(f->conn, &guard, 0, NOW));
    assert_err(mc_officer_guard(f->conn, &guard, 0, old.expires),
               MC_EDENIED);

    assert_ok(mc_officer_totp(f->conn, &f->actor, mc_str("li"),
                              mc_str("other")));
    assert_err(mc_officer_guard(f->conn, &guard, 0, NOW), MC_EDENIED);
    assert_err(mc_officer_session_put(f->conn, &f->actor, &old, 6,
                                     NULL), MC_EDENIED);

    assert_ok(mc_officer_by_name(f->conn, mc_str("li"), &f->arena,
                                 &officer));
    assert_true(mc_str_is(officer.sealed_totp, "other"));
    assert_int_equal(officer.totp_step, 0);

    session = session_of(&officer, 'b');
    assert_ok(mc_officer_session_put(f->conn, &f->actor, &session, 5,
                                     NULL));

    assert_ok(mc_officer_disable(f->conn, &f->actor, mc_str("li")));
    assert_err(mc_officer_session_put(f->conn, &f->actor, &session, 7,
                                     NULL), MC_EDENIED);
    guard = guard_of(&session);
    assert_err(mc_officer_guard(f->conn, &guard, 0, NOW), MC_EDENIED);

    assert_err(mc_officer_disable(f->conn, &f->actor, mc_str("no")),
               MC_ENOTFOUND);
    assert_err(mc_officer_totp(f->conn, &f->actor, mc_str("no"),
                               mc_str("x")), MC_ENOTFOUND);
}


/* Every reading statement, for an officer of 33, of 31 and of all. */
static void
nothing_of_another_institute_is_found(void **state)
{
    size_t            i, count;
    int64_t           ours, theirs, none, reference;
    fixture_t        *f;
    mc_case_row_t     case_33, case_31, row, *history;
    mc_desk_case_t   *queue;
    mc_member_row_t   member;
    mc_photo_row_t    photo;
    mc_desk_found_t  *found;
    struct {
        const char        *institute;
        bool               sees_33, sees_31;
        mc_officer_row_t   row;
    } rows[] = {
        { "33", true, false, { 0 } },
        { "31", false, true, { 0 } },
        { "", true, true, { 0 } }
    };

    f = *state;
    institute_add(f, "33");
    institute_add(f, "31");
    ours = member_of(f, "330001", "Zhang San", "33");
    theirs = member_of(f, "310001", "Zhang Si", "31");
    none = member_of(f, "990001", "Zhang Wu", "");
    case_33 = upload(f, ours);
    case_31 = upload(f, theirs);
    (void) upload(f, none);

    rows[0].row = officer_add(f, "a", "33");
    rows[1].row = officer_add(f, "b", "31");
    rows[2].row = officer_add(f, "c", "");

    for (i = 0; i < mc_count(rows); i++) {
        const mc_officer_row_t *o = &rows[i].row;
        const mc_desk_key_t by_no = { mc_str("np"), mc_str("330001"), 0 };
        const mc_desk_key_t by_id = { mc_str_null, mc_str_null, theirs };
        const mc_desk_key_t other = { mc_str("np"), mc_str("990001"), 0 };
        mc_err_t  of_33 = rows[i].sees_33 ? MC_OK : MC_ENOTFOUND;
        mc_err_t  of_31 = rows[i].sees_31 ? MC_OK : MC_ENOTFOUND;

        assert_ok(mc_desk_queue(f->conn, o, 0, 50, &f->arena, &queue,
                                &count));
        assert_int_equal(count, i == 2 ? 3 : 1);
        assert_int_equal(queue[0].row.photo_id, i == 1 ? case_31.photo_id
                                                       : case_33.photo_id);
        assert_int_equal(queue[0].member.id, i == 1 ? theirs : ours);

        assert_ok(mc_desk_queue(f->conn, o, queue[0].row.id, 50, &f->arena,
                                &queue, &count));
        assert_int_equal(count, i == 2 ? 2 : 0);

        assert_err(mc_desk_case(f->conn, o, case_33.photo_id, &f->arena,
                                &row), of_33);
        assert_err(mc_desk_case(f->conn, o, case_31.photo_id, &f->arena,
                                &row), of_31);
        assert_err(mc_desk_photo(f->conn, o, case_33.photo_id, &f->arena,
                                 &photo), of_33);
        assert_err(mc_desk_photo(f->conn, o, case_31.photo_id, &f->arena,
                                 &photo), of_31);
        assert_err(mc_desk_member(f->conn, o, &by_no, &f->arena, &member,
                                  &reference), of_33);
        assert_err(mc_desk_member(f->conn, o, &by_id, &f->arena, &member,
                                  &reference), of_31);
        assert_err(mc_desk_member(f->conn, o, &other, &f->arena, &member,
                                  &reference),
                   i == 2 ? MC_OK : MC_ENOTFOUND);

        assert_ok(mc_desk_search(f->conn, o, mc_str("Zh"), 50, &f->arena,
                                 &found, &count));
        assert_int_equal(count, i == 2 ? 3 : 1);
        assert_ok(mc_desk_search(f->conn, o, mc_str("33"), 50, &f->arena,
                                 &found, &count));
        assert_int_equal(count, rows[i].sees_33);

        assert_ok(mc_desk_history(f->conn, o, ours, 20, &f->arena, &history,
                                  &count));
        assert_int_equal(count, rows[i].sees_33);
    }
}


static void
search_takes_the_start_of_number_or_name(void **state)
{
    size_t             i, count;
    fixture_t         *f;
    mc_officer_row_t   officer;
    mc_desk_found_t   *found;
    static const struct {
        const char  *text;
        size_t       count;
    } rows[] = {
        { "33", 2 }, { "330001", 1 }, { "3300012", 0 }, { "0001", 0 },
        { "王", 2 }, { "王小", 1 }, { "小", 0 }, { "%", 0 }, { "3_0001", 0 }
    };

    f = *state;
    institute_add(f, "33");
    (void) upload(f, member_of(f, "330001", "王小明", "33"));
    (void) member_of(f, "330002", "王大", "33");
    officer = officer_add(f, "a", "33");

    for (i = 0; i < mc_count(rows); i++) {
        assert_ok(mc_desk_search(f->conn, &officer,
                                 mc_str_from(rows[i].text), 50, &f->arena,
                                 &found, &count));
        assert_int_equal(count, rows[i].count);
    }

    assert_ok(mc_desk_search(f->conn, &officer, mc_str("33"), 1, &f->arena,
                             &found, &count));
    assert_int_equal(count, 1);
    assert_true(mc_str_is(found[0].state, "review"));
}


/* I11: whatever an officer writes is checked in its own transaction. */
static void
no_act_of_an_officer_reaches_another_institute(void **state)
{
    int64_t                ours, theirs, rows;
    fixture_t             *f;
    mc_actor_t             actor;
    mc_case_row_t          case_31, out;
    mc_photo_row_t         photo;
    mc_member_row_t        before, after;
    mc_officer_row_t       officer;
    mc_officer_guard_t     guard;
    mc_officer_session_t   session;

    f = *state;
    institute_add(f, "33");
    institute_add(f, "31");
    ours = member_of(f, "330001", "Zhang San", "33");
    theirs = member_of(f, "310001", "Zhang Si", "31");
    case_31 = upload(f, theirs);

    officer = officer_add(f, "a", "33");
    session = session_of(&officer, 's');
    assert_ok(mc_officer_session_put(f->conn, &f->actor, &session, 1,
                                     NULL));
    guard = guard_of(&session);

    actor = f->actor;
    actor.actor = "officer 1";
    actor.officer = &guard;

    rows = audit_count(f);
    before = member_get(f, theirs);

    assert_err(mc_case_decide(f->conn, &actor, case_31.photo_id,
                              MC_CASE_APPROVE, mc_str(""), &out, &f->arena),
               MC_ENOTFOUND);
    assert_err(mc_case_reset(f->conn, &actor, theirs), MC_ENOTFOUND);
    assert_err(mc_member_save(f->conn, &actor, NULL, &before.member,
                              before.sealed_profile, &rows), MC_ENOTFOUND);
    assert_err(mc_audit_write(f->conn, &actor, theirs, "download", "x"),
               MC_ENOTFOUND);

    photo = (mc_photo_row_t) { .member_id = theirs,
                               .sealed = mc_str("x"), .at = NOW };
    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_err(mc_desk_record(f->conn, &actor, &photo), MC_ENOTFOUND);
    assert_err(mc_photo_get(f->conn, photo.id, &f->arena, &photo),
               MC_ENOTFOUND);

    after = member_get(f, theirs);
    assert_int_equal(after.member.revision, before.member.revision);
    assert_int_equal(after.member.photo_id, 0);
    assert_ok(mc_case_newest(f->conn, theirs, &f->arena, &out));
    assert_int_equal(out.state, MC_CASE_REVIEW);

    /* one of his own: his session ends between reading and writing */

    assert_ok(mc_case_reset(f->conn, &actor, ours));
    assert_ok(mc_officer_disable(f->conn, &f->actor, mc_str("a")));
    assert_err(mc_case_reset(f->conn, &actor, ours), MC_EDENIED);
}


/* X08 */
static void
a_photo_put_in_by_an_officer_is_current_and_ends_what_waits(void **state)
{
    int64_t                id, reference;
    fixture_t             *f;
    mc_actor_t             actor;
    mc_case_row_t          row;
    mc_photo_row_t         photo;
    mc_member_row_t        member;
    mc_officer_row_t       officer;
    mc_officer_guard_t     guard;
    mc_officer_session_t   session;
    mc_desk_key_t          key = { mc_str("np"), mc_str("330001"), 0 };

    f = *state;
    institute_add(f, "33");
    id = member_of(f, "330001", "Zhang San", "33");
    (void) upload(f, id);

    officer = officer_add(f, "a", "33");
    session = session_of(&officer, 's');
    assert_ok(mc_officer_session_put(f->conn, &f->actor, &session, 1,
                                     NULL));
    guard = guard_of(&session);
    actor = f->actor;
    actor.actor = "officer 1";
    actor.officer = &guard;

    photo = (mc_photo_row_t) { .member_id = id, .reference = true,
                               .sealed = mc_str("x"), .at = NOW };
    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_ok(mc_desk_record(f->conn, &actor, &photo));
    assert_ok(mc_desk_member(f->conn, &officer, &key, &f->arena, &member,
                             &reference));
    assert_int_equal(reference, photo.id);
    assert_int_equal(member.member.photo_id, 0);
    assert_ok(mc_case_newest(f->conn, id, &f->arena, &row));
    assert_int_equal(row.state, MC_CASE_REVIEW);

    photo.reference = false;
    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_ok(mc_desk_record(f->conn, &actor, &photo));
    assert_ok(mc_desk_member(f->conn, &officer, &key, &f->arena, &member,
                             &reference));
    assert_int_equal(member.member.photo_id, photo.id);
    assert_ok(mc_case_newest(f->conn, id, &f->arena, &row));
    assert_int_equal(row.state, MC_CASE_CLOSED);

    actor.officer = NULL;
    assert_err(mc_desk_record(f->conn, &actor, &photo), MC_EINVAL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(an_account_is_made_once_and_for_an_institute_that_exists),
        block(a_code_opens_one_session),
        block(gc_takes_sessions_of_officers_that_have_ended),
        block(disabling_and_a_new_secret_end_what_runs),
        block(nothing_of_another_institute_is_found),
        block(search_takes_the_start_of_number_or_name),
        block(no_act_of_an_officer_reaches_another_institute),
        block(a_photo_put_in_by_an_officer_is_current_and_ends_what_waits)
    };

    return cmocka_run_group_tests_name("store: officers", tests, NULL, NULL);
}
