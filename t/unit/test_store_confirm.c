/*
 * Consent and confirmation (I08, I13, S27: what was agreed to and what was
 * seen stays as it was).
 */

#include "store_fixture.h"


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


static mc_err_t
decide(fixture_t *f, int64_t photo_id, mc_case_event_t event)
{
    mc_case_row_t  out;

    return mc_case_decide(f->conn, &f->actor, photo_id, event,
                          mc_str("because"), &out, &f->arena);
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
the_last_word_of_a_consent_counts(void **state)
{
    int64_t     id;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "1");

    assert_err(mc_consent_get(f->conn, id, "privacy", mc_str("1")),
               MC_ENOTFOUND);
    assert_ok(mc_consent_put(f->conn, &f->actor, NULL, id, "privacy",
                             mc_str("1"), true));
    assert_ok(mc_consent_get(f->conn, id, "privacy", mc_str("1")));
    assert_err(mc_consent_get(f->conn, id, "privacy", mc_str("2")),
               MC_ENOTFOUND);
    assert_err(mc_consent_get(f->conn, id, "comparison", mc_str("1")),
               MC_ENOTFOUND);
    assert_err(mc_consent_get(f->conn, id + 1, "privacy", mc_str("1")),
               MC_ENOTFOUND);

    assert_ok(mc_consent_put(f->conn, &f->actor, NULL, id, "privacy",
                             mc_str("1"), false));
    assert_err(mc_consent_get(f->conn, id, "privacy", mc_str("1")),
               MC_ENOTFOUND);
    assert_err(mc_consent_put(f->conn, &f->actor, NULL, 99, "privacy",
                              mc_str("1"), true), MC_EINVAL);
}


static mc_confirmation_row_t
confirmation_row(int64_t member_id, int64_t photo_id, char version,
    const char *code)
{
    mc_confirmation_row_t  row;

    row = (mc_confirmation_row_t) {
        .member_id = member_id,
        .frozen = mc_str("{\"name\":\"x\"}"),
        .photo_id = photo_id,
        .code = mc_str_from(code),
        .at = NOW + version
    };

    memset(row.version, version, sizeof(row.version) - 1);

    return row;
}


/* I08, I13 */
static void
a_confirmation_freezes_what_was_seen_and_is_given_once(void **state)
{
    bool                    created;
    int64_t                 id, serial;
    fixture_t              *f;
    mc_case_row_t           c;
    mc_confirmation_row_t   row, newest;

    f = *state;
    id = member_add(f, "1");
    c = upload(f, id, 'a');
    assert_ok(decide(f, c.photo_id, MC_CASE_APPROVE));

    assert_err(mc_confirmation_newest(f->conn, id, &f->arena, &newest),
               MC_ENOTFOUND);

    row = confirmation_row(id, c.photo_id, 'a', "code-a");
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 1, c.id, &f->arena, &row,
                         &created));
    assert_true(created);
    assert_true(row.serial > 0);
    serial = row.serial;

    assert_int_equal(member_get(f, id).member.photo_id, c.photo_id);
    assert_int_equal(member_get(f, id).member.revision, 1);
    assert_int_equal(state_of(f, c.photo_id), MC_CASE_CONFIRMED);

    assert_ok(mc_confirmation_newest(f->conn, id, &f->arena, &newest));
    assert_int_equal(newest.serial, serial);
    assert_int_equal(newest.member_id, id);
    assert_string_equal(newest.version, row.version);
    assert_true(mc_str_is(newest.frozen, "{\"name\":\"x\"}"));
    assert_int_equal(newest.photo_id, c.photo_id);
    assert_true(mc_str_is(newest.code, "code-a"));
    assert_int_equal(newest.at, NOW + 'a');
    assert_int_equal(newest.superseded_at, 0);
    assert_int_equal(newest.revoked_at, 0);

    /* the same once more: the same serial and code, nothing written */

    row = confirmation_row(id, c.photo_id, 'a', "code-b");
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 1, c.id, &f->arena, &row,
                         &created));
    assert_false(created);
    assert_int_equal(row.serial, serial);
    assert_true(mc_str_is(row.code, "code-a"));
}


static mc_err_t
seen_visit(void *data, const mc_confirmation_row_t *row)
{
    mc_confirmation_row_t  *rows;

    rows = data;
    rows[row->serial] = *row;

    return MC_OK;
}


static void
a_newer_confirmation_supersedes_the_older(void **state)
{
    bool                    created;
    int64_t                 id;
    fixture_t              *f;
    mc_photo_row_t          photo;
    mc_confirmation_row_t   row, rows[8];

    f = *state;
    id = member_add(f, "1");
    photo = photo_row(f, id, 'a');
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));

    row = confirmation_row(id, photo.id, 'a', "code-a");
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 2, 0, &f->arena, &row,
                         &created));
    row = confirmation_row(id, photo.id, 'b', "code-b");
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 2, 0, &f->arena, &row,
                         &created));
    assert_true(created);

    memset(rows, 0, sizeof(rows));
    assert_ok(mc_confirmation_scan(f->conn, 0, seen_visit, rows));
    assert_int_equal(rows[1].superseded_at, NOW + 'b');
    assert_int_equal(rows[2].superseded_at, 0);

    memset(rows, 0, sizeof(rows));
    assert_ok(mc_confirmation_scan(f->conn, NOW + 'b', seen_visit, rows));
    assert_int_equal(rows[1].serial, 0);
    assert_int_equal(rows[2].serial, 2);

    /* back to what it said first is a new one, not the old */

    row = confirmation_row(id, photo.id, 'a', "code-c");
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 2, 0, &f->arena, &row,
                         &created));
    assert_true(created);
    assert_int_equal(row.serial, 3);

    /* a code is given once in all the store */

    row = confirmation_row(id, photo.id, 'd', "code-b");
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 2, 0, &f->arena, &row,
                          &created), MC_ECONFLICT);
    assert_false(created);
}


static void
nothing_is_confirmed_that_moved_meanwhile(void **state)
{
    bool                    created;
    int64_t                 id, revision;
    fixture_t              *f;
    mc_case_row_t           c, d;
    mc_member_row_t         member;
    mc_write_guard_t        guard;
    mc_confirmation_row_t   row;

    f = *state;
    id = member_add(f, "1");
    c = upload(f, id, 'a');

    /* not yet approved */

    row = confirmation_row(id, c.photo_id, 'a', "code");
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 1, c.id, &f->arena, &row,
                          &created), MC_ECONFLICT);

    assert_ok(decide(f, c.photo_id, MC_CASE_APPROVE));

    /* another photo than the approved one; none */

    row.photo_id = c.photo_id + 1;
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 1, c.id, &f->arena, &row,
                          &created), MC_ECONFLICT);
    row.photo_id = 0;
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 1, c.id, &f->arena, &row,
                          &created), MC_ECONFLICT);
    row.photo_id = c.photo_id;

    /* a session that ended */

    guard = (mc_write_guard_t) { .hash = fixture_key };
    assert_err(mc_confirm(f->conn, &f->actor, &guard, 1, c.id, &f->arena,
                          &row, &created), MC_EDENIED);

    /* a save in between */

    member = member_get(f, id);
    assert_ok(mc_member_save(f->conn, &f->actor, NULL, &member.member,
                             member.sealed_profile, &revision));
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 1, c.id, &f->arena, &row,
                          &created), MC_ECONFLICT);

    /* an upload in between */

    d = upload(f, id, 'b');
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 2, c.id, &f->arena, &row,
                          &created), MC_ECONFLICT);
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 2, d.id, &f->arena, &row,
                          &created), MC_ECONFLICT);

    row.member_id = 99;
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 1, 0, &f->arena, &row,
                          &created), MC_ENOTFOUND);
    assert_err(mc_confirmation_newest(f->conn, id, &f->arena, &row),
               MC_ENOTFOUND);
}


/* Until the new one is confirmed the old photo and certificate stay. */
static void
the_photo_on_record_stays_while_a_new_one_is_compared(void **state)
{
    bool                    created;
    int64_t                 id;
    fixture_t              *f;
    mc_case_row_t           c;
    mc_photo_row_t          photo;
    mc_confirmation_row_t   row;

    f = *state;
    id = member_add(f, "1");
    photo = photo_row(f, id, 'a');
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));
    c = upload(f, id, 'b');

    /* the page did not know of the upload */

    row = confirmation_row(id, photo.id, 'a', "code-a");
    assert_err(mc_confirm(f->conn, &f->actor, NULL, 2, 0, &f->arena, &row,
                          &created), MC_ECONFLICT);
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 2, c.id, &f->arena, &row,
                         &created));
    assert_int_equal(member_get(f, id).member.photo_id, photo.id);
    assert_int_equal(state_of(f, c.photo_id), MC_CASE_REVIEW);

    assert_ok(decide(f, c.photo_id, MC_CASE_APPROVE));
    assert_int_equal(member_get(f, id).member.photo_id, photo.id);

    row = confirmation_row(id, c.photo_id, 'b', "code-b");
    assert_ok(mc_confirm(f->conn, &f->actor, NULL, 2, c.id, &f->arena, &row,
                         &created));
    assert_int_equal(member_get(f, id).member.photo_id, c.photo_id);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(the_last_word_of_a_consent_counts),
        block(a_confirmation_freezes_what_was_seen_and_is_given_once),
        block(a_newer_confirmation_supersedes_the_older),
        block(nothing_is_confirmed_that_moved_meanwhile),
        block(the_photo_on_record_stays_while_a_new_one_is_compared)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
