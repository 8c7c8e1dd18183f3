/*
 * What a member's uploads are bounded by, and how long they are kept.
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


/* So that photo.db grows by what members need, not by what one account
 * sends. */
static void
a_member_uploads_so_many_photos_a_day_and_no_more(void **state)
{
    int             i;
    int64_t         id, other;
    fixture_t      *f;
    mc_upload_t     bound;
    mc_case_row_t   out;
    mc_photo_row_t  photo, read;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");
    bound = (mc_upload_t) {
        .attempts = 5, .daily = 3, .same = MC_SAME_ANY
    };

    for (i = 0; i < 4; i++) {
        photo = photo_row(f, id, (char) ('a' + i));
        photo.at = NOW + i * MC_HOUR;
        out = (mc_case_row_t) { .state = MC_CASE_REVIEW };

        assert_err(mc_photo_upload(f->conn, &f->actor, NULL, &photo,
                                   &bound, true, &out),
                   i < 3 ? MC_OK : MC_ETOOBIG);
    }

    assert_int_equal(bound.until, NOW + MC_DAY);
    assert_false(bound.overtaken);
    assert_err(mc_photo_get(f->conn, photo.id, &f->arena, &read),
               MC_ENOTFOUND);
    assert_ok(mc_case_newest(f->conn, id, &f->arena, &out));
    assert_int_equal(out.state, MC_CASE_REVIEW);

    /* cases that an administrator closed count, too */

    assert_ok(mc_case_reset(f->conn, &f->actor, id));
    photo.at = NOW + MC_DAY - 1;
    assert_err(mc_photo_upload(f->conn, &f->actor, NULL, &photo, &bound,
                               true, &out), MC_ETOOBIG);

    photo.at = NOW + MC_DAY;
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, &bound,
                              true, &out));
    assert_int_equal(bound.until, 0);

    photo = photo_row(f, other, 'z');
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, &bound,
                              true, &out));
}


static void
a_case_of_the_same_pixels_that_came_meanwhile_is_told(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_upload_t     bound;
    mc_case_row_t   out, first;
    mc_photo_row_t  photo, read;

    f = *state;
    id = member_add(f, "1");
    first = upload(f, id, 'a');

    photo = photo_row(f, id, 'a');
    bound = (mc_upload_t) { .attempts = 5 };
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };

    assert_err(mc_photo_upload(f->conn, &f->actor, NULL, &photo, &bound,
                               true, &out), MC_ECONFLICT);
    assert_true(bound.overtaken);
    assert_err(mc_photo_get(f->conn, photo.id, &f->arena, &read),
               MC_ENOTFOUND);

    /* who has seen that case and wants another one gets it */

    bound.same = first.id;
    assert_ok(mc_photo_upload(f->conn, &f->actor, NULL, &photo, &bound,
                              true, &out));
    assert_false(bound.overtaken);
    assert_true(out.id > first.id);
}


static bool
photo_there(fixture_t *f, int64_t id)
{
    mc_err_t        err;
    mc_photo_row_t  row;

    err = mc_photo_get(f->conn, id, &f->arena, &row);
    assert_true(err == MC_OK || err == MC_ENOTFOUND);

    return err == MC_OK;
}


static int64_t
decided(fixture_t *f, int64_t member_id, char letter, mc_case_event_t event)
{
    mc_case_row_t  row;

    row = upload(f, member_id, letter);
    assert_ok(mc_case_decide(f->conn, &f->actor, row.photo_id, event,
                             mc_str(""), &row, &f->arena));

    return row.photo_id;
}


/* What a member needs stays: the photo that waits, the one on record, the
 * one a certificate was made with. */
static void
gc_takes_photos_of_cases_that_are_long_over(void **state)
{
    bool                   created;
    int64_t                id, removed, closed, rejected, kept, record;
    fixture_t             *f;
    mc_case_row_t          row;
    mc_photo_row_t         photo;
    mc_store_report_t      report;
    mc_confirmation_row_t  frozen;

    f = *state;
    id = member_add(f, "1");

    rejected = decided(f, id, 'a', MC_CASE_REJECT);
    closed = upload(f, id, 'b').photo_id;
    kept = decided(f, id, 'c', MC_CASE_APPROVE);

    assert_ok(mc_case_newest(f->conn, id, &f->arena, &row));
    frozen = (mc_confirmation_row_t) {
        .member_id = id, .photo_id = kept, .at = NOW,
        .frozen = mc_str("{}"), .code = mc_str("code")
    };
    memset(frozen.version, 'a', sizeof(frozen.version) - 1);
    assert_ok(mc_confirm(f->conn, &f->actor, NULL,
                         member_get(f, id).member.revision, row.id,
                         &f->arena, &frozen, &created));

    photo = photo_row(f, id, 'd');
    record = photo.id;
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));
    row = upload(f, id, 'e');

    assert_ok(mc_store_gc(f->conn, NOW + 30 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 0);

    assert_ok(mc_store_gc(f->conn, NOW + 30 * MC_DAY + 1, 0, &removed));
    assert_int_equal(removed, 2);
    assert_false(photo_there(f, rejected));
    assert_false(photo_there(f, closed));
    assert_true(photo_there(f, kept));
    assert_true(photo_there(f, record));
    assert_true(photo_there(f, row.photo_id));

    /* the cases stay, and nothing is missed */

    assert_err(mc_case_decide(f->conn, &f->actor, rejected, MC_CASE_APPROVE,
                              mc_str(""), &row, &f->arena), MC_ECONFLICT);
    assert_ok(mc_store_check(f->conn, &report));
    assert_int_equal(report.lost_photos, 0);
    assert_int_equal(report.orphan_photos, 0);
    assert_string_equal(report.first, "");
}


/* A photo that waited for long and was refused at last can still be looked
 * at by who asks why. */
static void
gc_counts_from_the_decision_of_a_case(void **state)
{
    int64_t         id, removed;
    fixture_t      *f;
    mc_case_row_t   row;

    f = *state;
    id = member_add(f, "1");
    row = upload(f, id, 'a');

    f->actor.now = NOW + 40 * MC_DAY;
    assert_ok(mc_case_decide(f->conn, &f->actor, row.photo_id,
                             MC_CASE_REJECT, mc_str(""), &row, &f->arena));

    assert_ok(mc_store_gc(f->conn, NOW + 70 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 0);
    assert_true(photo_there(f, row.photo_id));

    assert_ok(mc_store_gc(f->conn, NOW + 70 * MC_DAY + 1, 0, &removed));
    assert_int_equal(removed, 1);
    assert_false(photo_there(f, row.photo_id));
}


#define block(name)                                                          \
    cmocka_unit_test_setup_teardown(name, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(a_member_uploads_so_many_photos_a_day_and_no_more),
        block(a_case_of_the_same_pixels_that_came_meanwhile_is_told),
        block(gc_takes_photos_of_cases_that_are_long_over),
        block(gc_counts_from_the_decision_of_a_case)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
