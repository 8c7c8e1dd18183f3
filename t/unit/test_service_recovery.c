/*
 * Unit tests of the way back into an account: asking for a code, using it,
 * an institute's code (S11 S12 I04 I05 X02 X03 X04).
 */

#include "test_recovery.h"


static void
a_forgotten_password_is_replaced_by_a_code_I04(void **state)
{
    got_t       got, after;
    asked_t     asked = { .no = "1001" };
    uint8_t     hash[32];
    mc_whoami_t who;

    add_member("1001");
    log_in("1001", hash);

    start(&asked, &got);
    assert_string_equal(got.kind, "code");
    assert_string_equal(got.to, "13800001234");
    assert_int_equal(strlen(got.code), 8);

    /* a fault of the password costs nothing */

    confirm(&got, got.code, "short 1x", "password_short");
    confirm(&got, got.code, "password123", "password_common");
    confirm(&got, got.code, NEW_PASSWORD, "");

    log_in_is("1001", PASSWORD, "login_failed");
    log_in_is("1001", NEW_PASSWORD, "");

    /* all sessions have ended */

    memset(&who, 0, sizeof(who));
    begin(&who.call, hash);
    mc_whoami_run(&who);
    assert_codes(&who.call.problems, "session_expired");
    mc_call_free(&who.call);

    /* told by the same channel, without a code */

    memset(&after, 0, sizeof(after));
    fetch(&after);
    assert_string_equal(after.kind, "changed");
    assert_string_equal(after.to, "13800001234");
    assert_string_equal(after.code, "");

    /* used once */

    confirm(&got, got.code, NEW_PASSWORD "x", "recovery_refused");
}


static void
an_empty_password_is_a_first_one_I05_X04(void **state)
{
    got_t     got;
    asked_t   asked = { .no = " 10 02 " };
    person_t  p = { .no = "1002", .phc = "" };

    add_person(&p);
    log_in_is("1002", "", "login_failed");

    start(&asked, &got);
    confirm(&got, got.code, NEW_PASSWORD, "");
    log_in_is("1002", NEW_PASSWORD, "");
}


static void
whatever_does_not_match_is_answered_alike_and_sent_nothing(void **state)
{
    static const asked_t  cases[] = {
        { .no = "1003", .name = "王大明" },
        { .no = "1003", .id_number = OTHER_ID },
        { .no = "1003", .type = "practising" },
        { .no = "1003", .type = "none such" },
        { .no = "999999" },
        { .no = "" },
        { .no = "******" },
        { .no = "1003", .name = "" },
        { .no = "1003", .id_number = "" },
        { .no = "1003", .id_number = "1101**********002X" },
        { .no = "1003", .name = "\xff" },
        { .no = "1004" },               /* disabled */
        { .no = "1005" },               /* no contact on file */
        { .no = "1005", .prefer = MC_OUTBOX_EMAIL },
        { .activation = true, .name = "王大明" },
        { .activation = true, .name = "阮无号", .id_number = OTHER_ID },
        { .activation = true, .name = "阮无号", .id_number = "" },
        { .activation = true, .name = "阮无号", .type = "practising" }
    };

    size_t          i;
    got_t           got;
    person_t        disabled = { .no = "1004" };
    person_t        silent = { .no = "1005", .phone = "" };
    mc_admin_t      admin;
    mc_admin_key_t  key = { mc_str_null, mc_str("1004") };

    add_member("1003");
    add_person(&disabled);
    add_person(&silent);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_member_disabled(&admin, &key, true), MC_OK);
    mc_admin_free(&admin);

    for (i = 0; i < mc_count(cases); i++) {
        start(&cases[i], &got);

        if (got.code[0] != '\0') {
            fail_msg("case %zu was sent a code", i);
        }

        confirm(&got, "12345678", NEW_PASSWORD, "recovery_refused");
    }
}


static void
names_and_numbers_are_taken_as_people_type_them_I04(void **state)
{
    static const asked_t  cases[] = {
        { .no = "1006", .name = "买买提・艾力" },
        { .no = "1006", .name = " 买买提 • 艾力 ",
          .id_number = " 110105 19491231 002x " },
        { .no = "１００６", .name = "买买提·艾力" },
        { .no = "1006", .name = "买买提·艾力",
          .id_number = "１１０１０５１９４９１２３１００２ｘ" }
    };

    size_t    i;
    got_t     got;
    person_t  p = { .no = "1006", .name = "买买提·艾力" };

    add_person(&p);

    for (i = 0; i < mc_count(cases); i++) {
        t.now += 2 * MC_HOUR;
        start(&cases[i], &got);

        /* member numbers are ASCII */

        assert_int_equal(got.code[0] != '\0', i != 2);
    }
}


static void
five_wrong_codes_end_it(void **state)
{
    int       i;
    got_t     got, other;
    char      wrong[9];
    asked_t   asked = { .no = "1011" };

    add_member("1011");
    start(&asked, &got);
    start(&asked, &other);

    memcpy(wrong, got.code, sizeof(wrong));
    wrong[7] = wrong[7] == '0' ? '1' : '0';

    /* what cannot be a code is not counted */

    for (i = 0; i < 10; i++) {
        confirm(&got, "1234", NEW_PASSWORD, "recovery_refused");
        confirm_at("nonsense", NULL, NULL, got.code, NEW_PASSWORD,
                   "recovery_refused", __LINE__);
    }

    for (i = 0; i < 5; i++) {
        confirm(&got, wrong, NEW_PASSWORD, "recovery_refused");
    }

    confirm(&got, got.code, NEW_PASSWORD, "recovery_refused");

    /* a code belongs to its own request */

    confirm(&other, got.code, NEW_PASSWORD, "recovery_refused");
    confirm(&other, other.code, NEW_PASSWORD, "");
}


static void
a_code_is_good_for_its_time(void **state)
{
    got_t    got;
    asked_t  asked = { .no = "1012" };
    int64_t  before = t.now;

    add_member("1012");
    start(&asked, &got);
    t.now += 10 * MC_MINUTE;
    confirm(&got, got.code, NEW_PASSWORD, "recovery_refused");
    t.now = before + 10 * MC_MINUTE - 1;
    confirm(&got, got.code, NEW_PASSWORD, "");
}


static void
no_member_is_sent_more_than_three_codes_an_hour(void **state)
{
    int      i;
    got_t    got;
    asked_t  asked = { .no = "1013" };

    add_member("1013");

    for (i = 0; i < 6; i++) {
        start(&asked, &got);
        assert_int_equal(got.code[0] != '\0', i < 3);
    }
}


static void
an_institutes_code_is_the_other_way_X03(void **state)
{
    char            code[MC_CODE_SHOWN + 1], second[MC_CODE_SHOWN + 1];
    char            typed[64];
    size_t          i, n;
    person_t        p = { .no = "1014", .phone = "", .phc = "" };
    mc_admin_t      admin;
    mc_admin_key_t  key = { mc_str_null, mc_str("1014") };

    add_person(&p);
    add_member("1015");
    activate("1014", code, MC_OK);

    for (i = 0, n = 0; code[i] != '\0'; i++) {
        typed[n++] = code[i] == '-' ? ' ' : code[i] == '0' ? 'o'
                     : code[i] == '1' ? 'L'
                     : (char) (code[i] >= 'A' ? code[i] + 32 : code[i]);
    }

    typed[n] = '\0';

    confirm_at(NULL, "nonpractising", "1015", typed, NEW_PASSWORD,
               "recovery_refused", __LINE__);
    confirm_at(NULL, "practising", "1014", typed, NEW_PASSWORD,
               "recovery_refused", __LINE__);
    confirm_at(NULL, "nonpractising", "1014", typed, "1014-Z1014-x",
               "password_context", __LINE__);
    confirm_at(NULL, "nonpractising", " 10 14", typed, NEW_PASSWORD, "",
               __LINE__);
    log_in_is("1014", NEW_PASSWORD, "");
    confirm_at(NULL, "nonpractising", "1014", typed, NEW_PASSWORD "x",
               "recovery_refused", __LINE__);

    /* the newest is the one, for 72 hours */

    activate("1014", code, MC_OK);
    activate("1014", second, MC_OK);
    confirm_at(NULL, "nonpractising", "1014", code, NEW_PASSWORD "y",
               "recovery_refused", __LINE__);
    t.now += 72 * MC_HOUR;
    confirm_at(NULL, "nonpractising", "1014", second, NEW_PASSWORD "y",
               "recovery_refused", __LINE__);
    t.now--;
    confirm_at(NULL, "nonpractising", "1014", second, NEW_PASSWORD "y", "",
               __LINE__);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_member_disabled(&admin, &key, true), MC_OK);
    mc_admin_free(&admin);
    activate("1014", code, MC_ECONFLICT);
    activate("999999", code, MC_ENOTFOUND);
}


/* Every allocation of a call fails in turn: it is refused or done, and what
 * was done is whole. */
static void
memory_that_runs_out_leaves_nothing_half_done(void **state)
{
    got_t                got;
    unsigned long        n;
    mc_recovery_start_t  start;
    bool                 failed;

    add_member("1018");

    for (n = 1, failed = true; failed && n < 500; n++) {
        t.now += 2 * MC_HOUR;
        memset(&start, 0, sizeof(start));
        begin(&start.call, NULL);
        start.user_type = mc_str("nonpractising");
        start.member_no = mc_str("1018");
        start.name = mc_str("王小明");
        start.id_number = mc_str(ID_GOOD);

        mc_alloc_fail_at(n, false);
        mc_recovery_start_run(&start);
        mc_alloc_fail_at(0, false);

        failed = start.call.problems.count > 0;
        assert_int_equal(start.token[0] == '\0', failed);

        if (failed) {
            assert_int_equal(mc_problem_kind(
                                 start.call.problems.items[0].code),
                             MC_KIND_UNAVAILABLE);
        }

        memset(&got, 0, sizeof(got));
        mc_call_free(&start.call);
        fetch(&got);
        assert_int_equal(got.code[0] == '\0', failed);
    }

    assert_true(n > 5);
    assert_false(failed);
}


static void
the_throttles_key_is_the_same_for_every_way_to_write_a_number(void **state)
{
    uint8_t              a[32], b[32];
    mc_recovery_start_t  start;

    memset(&start, 0, sizeof(start));
    begin(&start.call, NULL);
    start.user_type = mc_str("nonpractising");
    start.member_no = mc_str(" 3300-0001 ");
    start.id_number = mc_str("11010519491231002x");
    mc_recovery_key(&start, a);
    start.member_no = mc_str("３３０００００１");
    mc_recovery_key(&start, b);
    assert_memory_equal(a, b, 32);
    start.user_type = mc_str("practising");
    mc_recovery_key(&start, b);
    assert_memory_not_equal(a, b, 32);
    start.activation = true;
    mc_recovery_key(&start, a);
    assert_memory_not_equal(a, b, 32);
    start.id_number = mc_str("110105 19491231 002X");
    start.member_no = mc_str("7");
    mc_recovery_key(&start, b);
    assert_memory_equal(a, b, 32);
    mc_call_free(&start.call);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_forgotten_password_is_replaced_by_a_code_I04),
        cmocka_unit_test(an_empty_password_is_a_first_one_I05_X04),
        cmocka_unit_test(
            whatever_does_not_match_is_answered_alike_and_sent_nothing),
        cmocka_unit_test(names_and_numbers_are_taken_as_people_type_them_I04),
        cmocka_unit_test(five_wrong_codes_end_it),
        cmocka_unit_test(a_code_is_good_for_its_time),
        cmocka_unit_test(no_member_is_sent_more_than_three_codes_an_hour),
        cmocka_unit_test(an_institutes_code_is_the_other_way_X03),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing_half_done),
        cmocka_unit_test(
            the_throttles_key_is_the_same_for_every_way_to_write_a_number)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
