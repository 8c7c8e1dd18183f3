/*
 * Whom the store has written about: what the workers' caches of finished
 * certificates are told by (S17).  A write that told nobody would leave an
 * old certificate in every worker but one.
 */

#include "store_fixture.h"


static mc_changed_t
changed(fixture_t *f)
{
    mc_changed_t  out;

    out = (mc_changed_t) { .count = 0 };
    mc_store_changed(f->conn, &out);

    return out;
}


#define assert_told(f, id)                                                   \
    do {                                                                     \
        mc_changed_t  told_ = changed(f);                                    \
                                                                             \
        assert_int_equal(told_.count, 1);                                    \
        assert_int_equal(told_.ids[0], id);                                  \
        assert_false(told_.many);                                            \
    } while (0)

#define assert_silent(f)  assert_int_equal(changed(f).count, 0)


static void
a_set_holds_each_member_once_and_then_everybody(void **state)
{
    int64_t       id;
    mc_changed_t  set, more;

    set = (mc_changed_t) { .count = 0 };

    mc_changed_add(&set, 0);
    assert_int_equal(set.count, 0);

    mc_changed_add(&set, 7);
    mc_changed_add(&set, 7);
    mc_changed_add(&set, 8);
    assert_int_equal(set.count, 2);

    for (id = 1; set.count < MC_CHANGED_IDS; id++) {
        mc_changed_add(&set, id);
    }

    mc_changed_add(&set, 7);
    assert_false(set.many);
    mc_changed_add(&set, 100);
    assert_true(set.many);

    more = (mc_changed_t) { .count = 0 };
    mc_changed_join(&more, &set);
    assert_int_equal(more.count, MC_CHANGED_IDS);
    assert_true(more.many);
}


static int64_t
upload(fixture_t *f, int64_t member_id, int64_t *case_id)
{
    mc_case_row_t   row;
    mc_photo_row_t  photo;

    photo = (mc_photo_row_t) { .member_id = member_id,
                               .sealed = mc_str("sealed"),
                               .at = f->actor.now };
    memset(photo.plain_sha256, (int) *case_id + 1, 32);

    assert_ok(mc_photo_reserve(f->conn, &photo.id));

    row = (mc_case_row_t) { .state = MC_CASE_REVIEW };
    assert_ok(mc_photo_upload(f->conn, &f->actor,
                              &(mc_write_guard_t) { NULL, 0 }, &photo, FIVE,
                              false, &row));
    *case_id = row.id;

    return photo.id;
}


static void
what_changes_a_certificate_is_told(void **state)
{
    bool                    created;
    int64_t                 id, other, photo_id, case_id, revision;
    fixture_t              *f;
    mc_case_row_t           row;
    mc_member_row_t         member;
    mc_write_guard_t        none;
    mc_confirmation_row_t   confirmation;

    f = *state;
    none = (mc_write_guard_t) { NULL, 0 };
    id = member_add(f, "00000001");
    other = member_add(f, "00000002");
    (void) changed(f);

    member = member_get(f, id);
    assert_silent(f);

    assert_ok(mc_member_save(f->conn, &f->actor, &none, &member.member,
                             mc_str("sealed-2"), &revision));
    assert_told(f, id);

    assert_ok(mc_member_set_status(f->conn, &f->actor, other,
                                   MC_STATUS_SUSPENDED));
    assert_told(f, other);

    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, true));
    assert_told(f, id);
    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, false));
    assert_told(f, id);

    assert_ok(mc_consent_put(f->conn, &f->actor, &none, id, "privacy",
                             mc_str("1"), true));
    assert_told(f, id);

    case_id = 0;
    photo_id = upload(f, id, &case_id);
    assert_told(f, id);

    assert_ok(mc_case_decide(f->conn, &f->actor, photo_id,
                             MC_CASE_APPROVE, mc_str(""), &row,
                             &f->arena));
    assert_told(f, id);

    confirmation = (mc_confirmation_row_t) {
        .member_id = id,
        .frozen = mc_str("{}"),
        .photo_id = photo_id,
        .code = mc_str("AAAAAAAAAAAAAAAA"),
        .at = NOW
    };
    memset(confirmation.version, 'a', 64);

    assert_ok(mc_confirm(f->conn, &f->actor, &none,
                         member_get(f, id).member.revision, case_id,
                         &f->arena, &confirmation, &created));
    assert_true(created);
    assert_told(f, id);

    assert_ok(mc_case_reset(f->conn, &f->actor, id));
    assert_told(f, id);
}


static void
several_members_are_told_together(void **state)
{
    int64_t        one, two;
    fixture_t     *f;
    mc_changed_t   told;

    f = *state;
    one = member_add(f, "00000001");
    two = member_add(f, "00000002");
    (void) changed(f);

    assert_ok(mc_member_set_status(f->conn, &f->actor, one,
                                   MC_STATUS_LEFT));
    assert_ok(mc_member_set_status(f->conn, &f->actor, two,
                                   MC_STATUS_LEFT));
    assert_ok(mc_member_set_status(f->conn, &f->actor, one,
                                   MC_STATUS_ACTIVE));

    told = changed(f);
    assert_int_equal(told.count, 2);
    assert_int_equal(told.ids[0], one);
    assert_int_equal(told.ids[1], two);
}


static void
who_gets_the_connection_next_is_told_nothing(void **state)
{
    int64_t     id;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "00000001");

    assert_ok(mc_member_set_status(f->conn, &f->actor, id,
                                   MC_STATUS_LEFT));

    mc_store_release(f->store, f->conn);
    assert_ok(mc_store_acquire(f->store, &f->conn));

    assert_silent(f);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_holds_each_member_once_and_then_everybody),
        cmocka_unit_test_setup_teardown(what_changes_a_certificate_is_told,
                                        fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(several_members_are_told_together,
                                        fixture_up, fixture_down),
        cmocka_unit_test_setup_teardown(
            who_gets_the_connection_next_is_told_nothing,
            fixture_up, fixture_down)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
