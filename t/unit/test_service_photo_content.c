/*
 * An upload's content: what is refused, what is warned of, and a photo that
 * was refused before (S27 S32 I09 X01).
 */

#include "test_service.h"

#include "mc_defect.h"


static void
put_kind(mc_photo_put_t *put, const uint8_t hash[32], const char *kind,
    uint32_t variant, bool dry_run)
{
    mc_buf_t  jpeg;

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_defect_make(kind, 1, variant, &jpeg), MC_OK);

    memset(put, 0, sizeof(*put));
    begin(&put->call, hash);
    put->jpeg = mc_buf_view(&jpeg);
    put->declared = true;
    put->dry_run = dry_run;
    mc_photo_put_run(put);

    mc_buf_free(&jpeg);
}


static void
set_mode(mc_rule_t rule, mc_rule_mode_t mode)
{
    t.settings->photo_check.of[rule] = (uint8_t) mode;
}


static void
join(const char *no, uint8_t hash[32])
{
    mc_photo_rule_usual(&t.settings->photo_check);
    add_member(no);
    log_in(no, hash);
    accept_privacy(hash);
}


/* The state of the newest case, and its attempts. */
static void
assert_stands(const uint8_t hash[32], mc_case_state_t wanted,
    uint32_t attempts)
{
    mc_photo_state_t  state;

    memset(&state, 0, sizeof(state));
    begin(&state.call, hash);
    mc_photo_state_run(&state);

    assert_codes(&state.call.problems, "");
    assert_int_equal(state.status.state, wanted);
    assert_int_equal(state.status.attempts, attempts);
    mc_call_free(&state.call);
}


static mc_err_t
take_first(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    int64_t  *id = data;

    *id = row->photo_id;

    return MC_OK;
}


static void
reject_newest(void)
{
    int64_t        id;
    mc_admin_t     admin;
    mc_case_row_t  row;

    id = 0;
    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_REVIEW, take_first,
                                         &id), MC_OK);
    assert_int_equal(mc_admin_photo_decide(&admin, id, false,
                                           mc_str("不清晰"), &row), MC_OK);
    mc_admin_free(&admin);
}


static void
a_refused_picture_is_not_stored_and_costs_nothing(void **state)
{
    uint8_t         hash[32];
    mc_photo_put_t  put;

    join("31000001", hash);

    put_kind(&put, hash, "background-blue", 0, false);
    assert_codes(&put.call.problems, "photo_background");
    assert_text(mc_problem_get(&put.call.problems.items[0], "kind")->zh,
                "蓝色");
    mc_call_free(&put.call);

    put_kind(&put, hash, "flat", 0, false);
    assert_codes(&put.call.problems, "photo_flat photo_background");
    mc_call_free(&put.call);

    put_kind(&put, hash, "blur-3", 0, true);
    assert_codes(&put.call.problems, "photo_blurred");
    mc_call_free(&put.call);

    assert_stands(hash, MC_CASE_NONE, 0);
}


static void
a_warning_comes_with_the_answer_of_upload_and_dry_run(void **state)
{
    uint8_t         hash[32];
    mc_photo_put_t  put;

    join("31000002", hash);

    put_kind(&put, hash, "quality-20", 0, true);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "photo_low_quality");
    assert_int_equal(put.status.state, MC_CASE_NONE);
    mc_call_free(&put.call);

    put_kind(&put, hash, "quality-20", 0, false);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "photo_low_quality");
    assert_text(mc_problem_get(&put.warnings.items[0], "measured")->zh,
                "20");
    mc_call_free(&put.call);

    assert_stands(hash, MC_CASE_REVIEW, 0);
}


static void
a_site_may_switch_each_check_I12(void **state)
{
    unsigned        i;
    uint8_t         hash[32];
    mc_photo_put_t  put;

    join("31000003", hash);

    set_mode(MC_RULE_BACKGROUND, MC_RULE_WARN);
    put_kind(&put, hash, "background-red", 0, true);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "photo_background");
    mc_call_free(&put.call);

    set_mode(MC_RULE_QUALITY, MC_RULE_REJECT);
    put_kind(&put, hash, "quality-40", 0, true);
    assert_codes(&put.call.problems, "photo_low_quality");
    assert_codes(&put.warnings, "");
    mc_call_free(&put.call);

    for (i = 0; i < MC_RULES; i++) {
        set_mode((mc_rule_t) i, MC_RULE_OFF);
    }

    put_kind(&put, hash, "flat", 0, true);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "");
    mc_call_free(&put.call);
}


static void
a_photo_that_did_not_match_is_refused_where_the_site_says_so(void **state)
{
    uint8_t         hash[32];
    mc_photo_put_t  put;

    join("31000004", hash);

    put_kind(&put, hash, "none", 0, false);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);

    /* while it waits it is no refused one */

    set_mode(MC_RULE_SAME_REJECTED, MC_RULE_REJECT);
    put_kind(&put, hash, "none", 0, false);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "");
    mc_call_free(&put.call);

    reject_newest();
    assert_stands(hash, MC_CASE_MISMATCHED, 1);

    put_kind(&put, hash, "none", 0, false);
    assert_codes(&put.call.problems, "photo_same_rejected");
    mc_call_free(&put.call);

    put_kind(&put, hash, "none", 0, true);
    assert_codes(&put.call.problems, "photo_same_rejected");
    mc_call_free(&put.call);

    /* warn: the earlier answer, and why it is that */

    set_mode(MC_RULE_SAME_REJECTED, MC_RULE_WARN);
    put_kind(&put, hash, "none", 0, false);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "photo_same_rejected");
    assert_int_equal(put.status.state, MC_CASE_MISMATCHED);
    assert_text(put.status.reason, "不清晰");
    mc_call_free(&put.call);

    set_mode(MC_RULE_SAME_REJECTED, MC_RULE_OFF);
    put_kind(&put, hash, "none", 0, false);
    assert_codes(&put.call.problems, "");
    assert_codes(&put.warnings, "");
    assert_int_equal(put.status.state, MC_CASE_MISMATCHED);
    mc_call_free(&put.call);

    assert_stands(hash, MC_CASE_MISMATCHED, 1);

    /* another one is welcome */

    set_mode(MC_RULE_SAME_REJECTED, MC_RULE_REJECT);
    put_kind(&put, hash, "none", 1, false);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    assert_stands(hash, MC_CASE_REVIEW, 1);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_picture_is_not_stored_and_costs_nothing),
        cmocka_unit_test(
            a_warning_comes_with_the_answer_of_upload_and_dry_run),
        cmocka_unit_test(a_site_may_switch_each_check_I12),
        cmocka_unit_test(
            a_photo_that_did_not_match_is_refused_where_the_site_says_so),
    };

    return cmocka_run_group_tests_name("service: content of a photo", tests,
                                       site_setup, site_teardown);
}
