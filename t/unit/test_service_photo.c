/*
 * Upload, comparison state, the picture (S18-S22 S24-S26 S28-S31 I09 X01).
 */

#include "test_service.h"

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


static void
get(mc_photo_get_t *photo, const uint8_t hash[32])
{
    memset(photo, 0, sizeof(*photo));
    begin(&photo->call, hash);
    mc_photo_get_run(photo);
}


static mc_photo_status_t
status_of(const uint8_t hash[32])
{
    mc_photo_state_t   state;
    mc_photo_status_t  status;

    memset(&state, 0, sizeof(state));
    begin(&state.call, hash);
    mc_photo_state_run(&state);
    assert_codes(&state.call.problems, "");

    status = state.status;
    status.reason = mc_str_null;
    status.contact = mc_str_null;
    mc_call_free(&state.call);

    return status;
}


static mc_err_t
take_first(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    int64_t  *id = data;

    *id = row->photo_id;

    return MC_OK;
}


/* Decides the newest photo that waits. */
static void
decide(bool approve, const char *reason)
{
    int64_t        id;
    mc_admin_t     admin;
    mc_case_row_t  row;

    id = 0;
    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_REVIEW, take_first,
                                         &id), MC_OK);
    assert_true(id > 0);
    assert_int_equal(mc_admin_photo_decide(&admin, id, approve,
                                           mc_str_from(reason), &row),
                     MC_OK);
    assert_int_equal(row.state, approve ? MC_CASE_MATCHED
                                        : MC_CASE_MISMATCHED);

    /* a second decision meets nothing that waits */

    assert_int_equal(mc_admin_photo_decide(&admin, id, !approve,
                                           mc_str(""), &row), MC_ECONFLICT);
    mc_admin_free(&admin);
}


static void
reset(const char *no)
{
    mc_admin_t      admin;
    mc_admin_key_t  key;

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);
    assert_int_equal(mc_admin_photo_reset(&admin, &key), MC_OK);
    mc_admin_free(&admin);
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


/* S19 */
static void
without_a_photo_the_words_are_photo_none(void **state)
{
    uint8_t         hash[32];
    mc_photo_get_t  photo;

    add_member("30000001");
    log_in("30000001", hash);

    get(&photo, hash);
    assert_codes(&photo.call.problems, "photo_none");
    mc_call_free(&photo.call);

    assert_int_equal(status_of(hash).state, MC_CASE_NONE);
    assert_true(status_of(hash).may_upload);
    assert_false(status_of(hash).current);
}


/* S27: both promises are asked for at once. */
static void
an_upload_needs_consent_and_declaration(void **state)
{
    int64_t         before;
    uint8_t         hash[32];
    mc_buf_t        jpeg;
    mc_photo_put_t  put;

    add_member("30000002");
    log_in("30000002", hash);
    before = photos_stored();

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 0, NULL, &jpeg), MC_OK);

    put_bytes(&put, hash, mc_buf_view(&jpeg), false, false);
    assert_codes(&put.call.problems, "consent_needed declaration_missing");
    mc_call_free(&put.call);

    /* a dry run needs neither, and stores nothing */

    put_bytes(&put, hash, mc_buf_view(&jpeg), false, true);
    assert_codes(&put.call.problems, "");
    assert_true(put.stored_size > 0 && put.stored_size <= jpeg.len);
    assert_int_equal(put.status.state, MC_CASE_NONE);
    mc_call_free(&put.call);

    accept_privacy(hash);

    put_bytes(&put, hash, mc_buf_view(&jpeg), false, false);
    assert_codes(&put.call.problems, "declaration_missing");
    mc_call_free(&put.call);

    assert_int_equal(photos_stored(), before);
    mc_buf_free(&jpeg);
}


/* S24 S26 X01 */
static void
an_upload_waits_for_an_officer_and_is_approved(void **state)
{
    uint8_t         hash[32];
    mc_photo_put_t  put;
    mc_photo_get_t  photo;

    add_member("30000003");
    log_in("30000003", hash);
    accept_privacy(hash);

    put_portrait(&put, hash, 1);
    assert_codes(&put.call.problems, "");
    assert_int_equal(put.status.state, MC_CASE_REVIEW);
    assert_true(put.status.waiting);
    assert_true(put.status.at == t.now);
    assert_text(put.status.contact,
                "浙江省注册会计师协会 李老师 0571-12345678");
    mc_call_free(&put.call);

    get(&photo, hash);
    assert_codes(&photo.call.problems, "photo_none");
    mc_call_free(&photo.call);

    decide(true, "");
    assert_int_equal(status_of(hash).state, MC_CASE_MATCHED);
    assert_int_equal(status_of(hash).attempts, 0);

    get(&photo, hash);
    assert_codes(&photo.call.problems, "");
    assert_true(photo.jpeg.len > 1000);
    assert_int_equal((uint8_t) photo.jpeg.data[0], 0xFF);
    assert_int_equal(strlen(photo.etag), 64);
    mc_call_free(&photo.call);
}


static void
the_same_picture_again_is_answered_and_costs_nothing(void **state)
{
    int64_t         count;
    uint8_t         hash[32];
    mc_photo_put_t  put;

    add_member("30000004");
    log_in("30000004", hash);
    accept_privacy(hash);

    put_portrait(&put, hash, 1);
    mc_call_free(&put.call);
    count = photos_stored();

    put_portrait(&put, hash, 1);
    assert_codes(&put.call.problems, "");
    assert_int_equal(put.status.state, MC_CASE_REVIEW);
    mc_call_free(&put.call);
    assert_int_equal(photos_stored(), count);

    decide(false, "背景不是白色");
    assert_int_equal(status_of(hash).attempts, 1);

    put_portrait(&put, hash, 1);
    assert_codes(&put.call.problems, "");
    assert_int_equal(put.status.state, MC_CASE_MISMATCHED);
    assert_text(put.status.reason, "背景不是白色");
    assert_int_equal(put.status.attempts, 1);
    mc_call_free(&put.call);
    assert_int_equal(photos_stored(), count);
    assert_int_equal(status_of(hash).attempts, 1);
}


/* X01 I11 */
static void
used_attempts_lead_to_the_institute_until_they_are_given_back(void **state)
{
    uint8_t              hash[32];
    mc_photo_put_t       put;
    const mc_problem_t  *problem;

    add_member("30000005");
    log_in("30000005", hash);
    accept_privacy(hash);

    put_portrait(&put, hash, 1);
    mc_call_free(&put.call);
    decide(false, "");

    put_portrait(&put, hash, 2);
    assert_int_equal(put.status.state, MC_CASE_REVIEW);
    mc_call_free(&put.call);
    decide(false, "");

    assert_int_equal(status_of(hash).attempts, 2);
    assert_false(status_of(hash).may_upload);

    put_portrait(&put, hash, 3);
    assert_codes(&put.call.problems, "attempts_used");
    problem = &put.call.problems.items[0];
    assert_text(mc_problem_get(problem, "attempts")->zh, "2");
    assert_text(mc_problem_get(problem, "contact")->zh,
                "浙江省注册会计师协会 李老师 0571-12345678");
    mc_call_free(&put.call);

    reset("30000005");
    assert_int_equal(status_of(hash).attempts, 0);
    assert_int_equal(status_of(hash).state, MC_CASE_NONE);

    put_portrait(&put, hash, 1);
    assert_codes(&put.call.problems, "");
    assert_int_equal(put.status.state, MC_CASE_REVIEW);
    mc_call_free(&put.call);
    decide(true, "");
}


static void
a_new_upload_replaces_the_one_that_waits(void **state)
{
    int64_t         first, second;
    uint8_t         hash[32];
    mc_admin_t      admin;
    mc_case_row_t   row;
    mc_photo_put_t  put;

    add_member("30000006");
    log_in("30000006", hash);
    accept_privacy(hash);

    put_portrait(&put, hash, 1);
    mc_call_free(&put.call);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_REVIEW, take_first,
                                         &first), MC_OK);
    put_portrait(&put, hash, 2);
    mc_call_free(&put.call);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_REVIEW, take_first,
                                         &second), MC_OK);

    assert_true(first != second);
    assert_int_equal(mc_admin_photo_decide(&admin, first, true, mc_str(""),
                                           &row), MC_ECONFLICT);
    assert_int_equal(mc_admin_photo_decide(&admin, 999999, true, mc_str(""),
                                           &row), MC_ENOTFOUND);
    assert_int_equal(mc_admin_photo_decide(&admin, second, true,
                                           mc_str("a\nb"), &row), MC_EINVAL);
    mc_admin_free(&admin);
    decide(true, "");
}


static void
what_the_decoder_refuses_is_not_stored(void **state)
{
    size_t          i;
    int64_t         before;
    uint8_t         hash[32];
    mc_buf_t        jpeg;
    mc_photo_put_t  put;

    add_member("30000007");
    log_in("30000007", hash);
    accept_privacy(hash);
    before = photos_stored();

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 4, NULL, &jpeg), MC_OK);

    for (i = jpeg.len / 2; i < jpeg.len / 2 + 64; i++) {
        jpeg.data[i] = 0;
    }

    put_bytes(&put, hash, mc_buf_view(&jpeg), true, false);
    assert_codes(&put.call.problems, "photo_damaged");
    mc_call_free(&put.call);
    assert_int_equal(photos_stored(), before);
    mc_buf_free(&jpeg);
}


/* X07: a member whose photo is on record. */
static void
a_photo_on_record_is_shown(void **state)
{
    uint8_t         hash[32];
    mc_photo_get_t  photo;

    add_member("30000008");
    record_photo("30000008", 3, 0);
    log_in("30000008", hash);

    assert_true(status_of(hash).current);
    assert_int_equal(status_of(hash).state, MC_CASE_NONE);

    get(&photo, hash);
    assert_codes(&photo.call.problems, "");
    assert_true(photo.jpeg.len > 1000);
    mc_call_free(&photo.call);
}


static void
spoil_photos_of(const char *no)
{
    char      path[128], sql[512];
    sqlite3  *db;

    (void) snprintf(path, sizeof(path), "%s/photo.db", t.dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    (void) snprintf(sql, sizeof(sql), "ATTACH '%s/core.db' AS core; "
        "UPDATE photo SET sealed = zeroblob(length(sealed)) "
        "WHERE member_id = (SELECT id FROM core.member "
        "WHERE member_no = '%s')", t.dir, no);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}


/* S20: another case than S19, with other words. */
static void
a_damaged_photo_is_unavailable_and_may_be_replaced(void **state)
{
    uint8_t         hash[32];
    mc_photo_put_t  put;
    mc_photo_get_t  photo;

    add_member("30000009");
    record_photo("30000009", 4, 0);
    log_in("30000009", hash);
    accept_privacy(hash);
    spoil_photos_of("30000009");

    get(&photo, hash);
    assert_codes(&photo.call.problems, "photo_unavailable");
    assert_non_null(photo.call.hint);
    mc_call_free(&photo.call);

    put_portrait(&put, hash, 1);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    decide(true, "");

    get(&photo, hash);
    assert_codes(&photo.call.problems, "");
    mc_call_free(&photo.call);
}


static void
a_photo_is_sealed_at_rest_and_bound_to_its_member(void **state)
{
    char            a[64], b[64], c[64];
    uint8_t         hash[32];
    mc_photo_get_t  photo;

    mc_photo_context(17, false, a);
    mc_photo_context(17, true, b);
    mc_photo_context(18, false, c);
    assert_string_equal(a, "photo:17:certificate");
    assert_string_equal(b, "photo:17:reference");
    assert_string_not_equal(a, c);

    add_member("30000010");
    record_photo("30000010", 5, 0);
    log_in("30000010", hash);
    get(&photo, hash);
    assert_codes(&photo.call.problems, "");
    mc_call_free(&photo.call);
}


static void
an_imported_photo_that_breaks_a_rule_is_refused_with_every_fault(void **s)
{
    mc_buf_t               jpeg;
    mc_admin_t             admin;
    mc_admin_key_t         key;
    mc_portrait_options_t  options = { .width = 100, .height = 100,
                                       .no_density = true };

    add_member("30000011");
    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(6, 0, &options, &jpeg), MC_OK);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("30000011"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_photo_import(&admin, &key, false,
                                           mc_buf_view(&jpeg)), MC_EINVAL);
    assert_true(admin.problems.count >= 2);
    assert_non_null(strstr(admin.error, "photo_"));
    mc_admin_free(&admin);
    mc_buf_free(&jpeg);
}


static mc_err_t
count_cases(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    size_t  *count = data;

    *count += mc_str_is(member->member_no, "30000012");

    return MC_OK;
}


/* Every way to run out of memory during an upload: an answer, no leak, and
 * one case in the end (a photo row without a case is gc's). */
static void
running_out_of_memory_is_an_answer(void **state)
{
    size_t          cases;
    uint8_t         hash[32];
    mc_buf_t        jpeg;
    mc_admin_t      admin;
    unsigned long   n;
    mc_photo_put_t  put;

    add_member("30000012");
    log_in("30000012", hash);
    accept_privacy(hash);

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 9, NULL, &jpeg), MC_OK);

    for (n = 1; n < 500; n++) {
        memset(&put, 0, sizeof(put));
        begin(&put.call, hash);
        put.jpeg = mc_buf_view(&jpeg);
        put.declared = true;

        mc_alloc_fail_at(n, true);
        mc_photo_put_run(&put);
        mc_alloc_fail_at(0, false);

        if (put.call.problems.count == 0) {
            mc_call_free(&put.call);
            break;
        }

        assert_int_equal(mc_problem_kind(put.call.problems.items[0].code),
                         MC_KIND_UNAVAILABLE);
        mc_call_free(&put.call);
    }

    assert_true(n > 5 && n < 500);
    mc_buf_free(&jpeg);

    cases = 0;
    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_NONE, count_cases,
                                         &cases), MC_OK);
    assert_int_equal(cases, 1);
    mc_admin_free(&admin);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_photo_the_words_are_photo_none),
        cmocka_unit_test(an_upload_needs_consent_and_declaration),
        cmocka_unit_test(an_upload_waits_for_an_officer_and_is_approved),
        cmocka_unit_test(
            the_same_picture_again_is_answered_and_costs_nothing),
        cmocka_unit_test(
            used_attempts_lead_to_the_institute_until_they_are_given_back),
        cmocka_unit_test(a_new_upload_replaces_the_one_that_waits),
        cmocka_unit_test(what_the_decoder_refuses_is_not_stored),
        cmocka_unit_test(a_photo_on_record_is_shown),
        cmocka_unit_test(a_damaged_photo_is_unavailable_and_may_be_replaced),
        cmocka_unit_test(a_photo_is_sealed_at_rest_and_bound_to_its_member),
        cmocka_unit_test(
            an_imported_photo_that_breaks_a_rule_is_refused_with_every_fault),
        cmocka_unit_test(running_out_of_memory_is_an_answer)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
