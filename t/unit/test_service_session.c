/*
 * Log-in, session, log-out (S05 S06 S08 S10 S12 I05 I06 I17).
 */

#include "test_service.h"

#include <time.h>

#include <sodium.h>


static bool
whoami(mc_whoami_t *who, const uint8_t hash[32])
{
    memset(who, 0, sizeof(*who));
    begin(&who->call, hash);
    mc_whoami_run(who);

    return who->call.problems.count == 0;
}


static void
a_right_password_opens_a_session_with_a_cookie(void **state)
{
    uint8_t             hash[32];
    mc_login_t          login;
    const mc_effect_t  *effect;

    add_member("10000001");
    log_in_as(&login, "nonpractising", "10000001", PASSWORD, MC_CLIENT_WEB);

    assert_codes(&login.call.problems, "");
    assert_text(login.name, "王小明");
    assert_text(login.member_no_masked, "10****01");
    assert_true(login.idle_ends == t.now + 30 * MC_MINUTE);
    assert_true(login.ends == t.now + 12 * MC_HOUR);
    assert_int_equal(login.password.len, 0);
    assert_true(login.call.member_id > 0);

    assert_non_null(effect_of(&login.call.effects, MC_EFFECT_TOKENS_BACK));

    effect = effect_of(&login.call.effects, MC_EFFECT_COOKIE_SET);
    assert_non_null(effect);
    assert_string_equal(effect->token, login.token);

    effect = effect_of(&login.call.effects, MC_EFFECT_SESSION_PUT);
    assert_non_null(effect);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    assert_memory_equal(effect->session.hash, hash, 32);
    assert_true(effect->session.expires == login.idle_ends);

    mc_call_free(&login.call);
}


static void
the_mini_program_gets_no_cookie_and_a_longer_session(void **state)
{
    mc_login_t  login;

    add_member("10000002");
    log_in_as(&login, "nonpractising", "10000002", PASSWORD,
              MC_CLIENT_MINI);

    assert_codes(&login.call.problems, "");
    assert_int_equal(strlen(login.token), 43);
    assert_null(effect_of(&login.call.effects, MC_EFFECT_COOKIE_SET));
    assert_true(login.ends == t.now + 7 * MC_DAY);
    assert_true(login.idle_ends == login.ends);

    mc_call_free(&login.call);
}


static void
blanks_of_a_pasted_number_do_not_matter(void **state)
{
    mc_login_t  login;

    add_member("10000003");
    log_in_as(&login, "nonpractising", " 1000 0003\t", PASSWORD,
              MC_CLIENT_WEB);
    assert_codes(&login.call.problems, "");
    mc_call_free(&login.call);
}


static void
disable(const char *no, bool disabled)
{
    mc_admin_t      admin;
    mc_admin_key_t  key;

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);
    assert_int_equal(mc_admin_member_disabled(&admin, &key, disabled),
                     MC_OK);
    mc_admin_free(&admin);
}


/* Processor time of this thread, us: it does not depend on the neighbours. */
static int64_t
spent(void)
{
    struct timespec  now;

    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);

    return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}


static int64_t
failed_time(const char *type, const char *no, const char *password)
{
    int         i;
    int64_t     start, time, best;
    mc_login_t  login;

    best = INT64_MAX;

    for (i = 0; i < 3; i++) {
        start = spent();
        log_in_as(&login, type, no, password, MC_CLIENT_WEB);
        time = spent() - start;
        best = time < best ? time : best;

        assert_codes(&login.call.problems, "login_failed");
        assert_int_equal(login.call.effects.count, 1);
        assert_int_equal(login.call.effects.items[0].kind, MC_EFFECT_AUDIT);
        assert_int_equal(login.token[0], 0);
        mc_call_free(&login.call);
    }

    return best;
}


/* S12 I05 */
static void
whatever_is_wrong_the_answer_and_its_cost_are_the_same(void **state)
{
    size_t    i;
    int64_t   usual, time;
    person_t  empty = { .no = "10000005", .phc = "" };

    static const struct {
        const char *type;
        const char *no;
        const char *password;
    } cases[] = {
        { "nonpractising", "99999999", PASSWORD },
        { "practising", "10000004", PASSWORD },
        { "nobody", "10000004", PASSWORD },
        { "nonpractising", "10000004", "" },
        { "nonpractising", "10000005", PASSWORD },
        { "nonpractising", "10000005", "" },
        { "nonpractising", "10000006", PASSWORD },
        { "nonpractising", "drop table", PASSWORD },
        { "nonpractising", "", PASSWORD },
        { "", "", "" }
    };

    add_member("10000004");
    add_person(&empty);
    add_member("10000006");
    disable("10000006", true);

    usual = failed_time("nonpractising", "10000004", "not the password");

    for (i = 0; i < mc_count(cases); i++) {
        time = failed_time(cases[i].type, cases[i].no, cases[i].password);

        if (time < usual / 2 || time > 2 * usual) {
            fail_msg("case %zu takes %lld us, a wrong password %lld us", i,
                     (long long) time, (long long) usual);
        }
    }
}


static void
any_status_may_log_in(void **state)
{
    uint8_t   hash[32];
    person_t  p = { .no = "10000007", .status = "deceased" };

    add_person(&p);
    log_in("10000007", hash);
}


static void
who_am_i_tells_the_session(void **state)
{
    uint8_t      hash[32];
    mc_whoami_t  who;

    add_member("10000008");
    log_in("10000008", hash);

    assert_true(whoami(&who, hash));
    assert_text(who.name, "王小明");
    assert_text(who.user_type, "nonpractising");
    assert_int_equal(who.client, MC_CLIENT_WEB);
    assert_true(who.ends == t.now + 12 * MC_HOUR);
    mc_call_free(&who.call);

    memset(hash, 7, sizeof(hash));
    assert_false(whoami(&who, hash));
    assert_codes(&who.call.problems, "session_expired");
    assert_int_equal(who.call.effects.count, 0);
    mc_call_free(&who.call);

    assert_false(whoami(&who, NULL));
    assert_codes(&who.call.problems, "session_expired");
    mc_call_free(&who.call);
}


static void
a_session_ends_when_idle_and_is_kept_by_use(void **state)
{
    int          i;
    int64_t      start;
    uint8_t      hash[32];
    mc_whoami_t  who;

    add_member("10000009");
    log_in("10000009", hash);
    start = t.now;

    for (i = 0; i < 5; i++) {
        t.now += 20 * MC_MINUTE;
        assert_true(whoami(&who, hash));
        assert_true(who.idle_ends == t.now + 30 * MC_MINUTE);
        mc_call_free(&who.call);
    }

    /* written at most every 5 minutes */

    t.now += 4 * MC_MINUTE;
    assert_true(whoami(&who, hash));
    assert_true(who.idle_ends == t.now + 26 * MC_MINUTE);
    mc_call_free(&who.call);

    t.now += 26 * MC_MINUTE;
    assert_false(whoami(&who, hash));
    assert_codes(&who.call.problems, "session_expired");
    mc_call_free(&who.call);

    t.now = start;
}


static void
a_session_in_use_ends_at_its_absolute_end(void **state)
{
    int          i;
    int64_t      start;
    uint8_t      hash[32];
    mc_whoami_t  who;

    add_member("10000010");
    log_in("10000010", hash);
    start = t.now;

    for (i = 0; i < 28; i++) {
        t.now += 25 * MC_MINUTE;
        assert_true(whoami(&who, hash));
        mc_call_free(&who.call);
    }

    t.now = start + 12 * MC_HOUR;
    assert_false(whoami(&who, hash));
    assert_codes(&who.call.problems, "session_expired");
    mc_call_free(&who.call);

    t.now = start;
}


static void
a_mini_session_is_not_ended_by_a_quiet_day(void **state)
{
    int64_t      start;
    uint8_t      hash[32];
    mc_login_t   login;
    mc_whoami_t  who;

    start = t.now;
    add_member("10000011");
    log_in_as(&login, "nonpractising", "10000011", PASSWORD,
              MC_CLIENT_MINI);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    mc_call_free(&login.call);

    t.now += 6 * MC_DAY;
    assert_true(whoami(&who, hash));
    assert_int_equal(who.client, MC_CLIENT_MINI);
    mc_call_free(&who.call);

    t.now = start + 7 * MC_DAY;
    assert_false(whoami(&who, hash));
    mc_call_free(&who.call);

    t.now = start;
}


static void
a_new_password_ends_all_sessions_and_logs_in(void **state)
{
    uint8_t         hash[32];
    mc_login_t      login;
    mc_admin_t      admin;
    mc_whoami_t     who;
    mc_admin_key_t  key;

    add_member("10000012");
    log_in("10000012", hash);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("10000012"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_member_password(&admin, &key,
                                              mc_str("另一个很长的密码啊啊"),
                                              true),
                     MC_OK);
    assert_int_equal(mc_admin_member_password(&admin, &key,
                                              mc_str("ninechars"), true),
                     MC_EINVAL);
    assert_int_equal(mc_admin_member_password(&admin, &key, mc_str(""),
                                              true),
                     MC_EINVAL);
    mc_admin_free(&admin);

    assert_false(whoami(&who, hash));
    assert_codes(&who.call.problems, "session_expired");
    mc_call_free(&who.call);

    (void) failed_time("nonpractising", "10000012", PASSWORD);

    log_in_as(&login, "nonpractising", "10000012",
              "另一个很长的密码啊啊", MC_CLIENT_WEB);
    assert_codes(&login.call.problems, "");
    mc_call_free(&login.call);
}


/* I07: the zone's word is taken for reading, never for writing. */
static void
a_trusted_session_reads_without_its_row_and_cannot_write(void **state)
{
    uint8_t            hash[32], other[32];
    mc_consent_t       consent;
    mc_profile_t       profile;
    mc_session_check_t check;

    add_member("10000013");
    log_in("10000013", hash);

    memset(&check, 0, sizeof(check));
    begin(&check.call, hash);
    mc_session_check_run(&check);
    assert_codes(&check.call.problems, "");
    assert_true(check.call.credential.trusted);
    assert_non_null(effect_of(&check.call.effects, MC_EFFECT_SESSION_PUT));

    memset(other, 9, sizeof(other));
    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, other);
    profile.call.credential.trusted = true;
    profile.call.credential.member_id = check.call.member_id;
    profile.call.credential.epoch = check.call.credential.epoch;
    mc_profile_run(&profile);
    assert_codes(&profile.call.problems, "");
    mc_call_free(&profile.call);

    memset(&consent, 0, sizeof(consent));
    begin(&consent.call, other);
    consent.call.credential.trusted = true;
    consent.call.credential.member_id = check.call.member_id;
    consent.call.credential.epoch = check.call.credential.epoch;
    consent.document = mc_str("privacy");
    consent.version = mc_str("2026-01");
    consent.accepted = true;
    mc_consent_run(&consent);
    assert_codes(&consent.call.problems, "session_expired");
    mc_call_free(&consent.call);

    /* an older epoch: gone, and the zone is told */

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    profile.call.credential.trusted = true;
    profile.call.credential.member_id = check.call.member_id;
    profile.call.credential.epoch = check.call.credential.epoch + 1;
    mc_profile_run(&profile);
    assert_codes(&profile.call.problems, "session_expired");
    assert_non_null(effect_of(&profile.call.effects,
                              MC_EFFECT_SESSION_DROP));
    mc_call_free(&profile.call);
    mc_call_free(&check.call);
}


static void
the_sixth_session_ends_the_oldest(void **state)
{
    int          i;
    uint8_t      hash[6][32];
    mc_whoami_t  who;

    add_member("10000014");

    for (i = 0; i < 6; i++) {
        t.now += 1000;
        log_in("10000014", hash[i]);
    }

    for (i = 0; i < 6; i++) {
        assert_int_equal(whoami(&who, hash[i]), i > 0);
        mc_call_free(&who.call);
    }
}


static void
a_log_out_ends_the_session_and_only_this_one(void **state)
{
    int          i;
    uint8_t      hash[2][32];
    mc_logout_t  logout;
    mc_whoami_t  who;

    add_member("10000015");
    log_in("10000015", hash[0]);
    log_in("10000015", hash[1]);

    memset(&logout, 0, sizeof(logout));
    begin(&logout.call, hash[0]);
    mc_logout_run(&logout);
    assert_codes(&logout.call.problems, "");
    assert_non_null(effect_of(&logout.call.effects, MC_EFFECT_SESSION_DROP));
    assert_non_null(effect_of(&logout.call.effects, MC_EFFECT_COOKIE_CLEAR));
    mc_call_free(&logout.call);

    assert_false(whoami(&who, hash[0]));
    mc_call_free(&who.call);
    assert_true(whoami(&who, hash[1]));
    mc_call_free(&who.call);

    /* no session, an ended one: nothing to remember in the zone ... */

    for (i = 0; i < 2; i++) {
        memset(&logout, 0, sizeof(logout));
        begin(&logout.call, i == 0 ? NULL : hash[0]);
        mc_logout_run(&logout);
        assert_codes(&logout.call.problems, "");
        assert_null(effect_of(&logout.call.effects, MC_EFFECT_SESSION_DROP));
        assert_non_null(effect_of(&logout.call.effects,
                                  MC_EFFECT_COOKIE_CLEAR));
        mc_call_free(&logout.call);
    }

    /* ... unless the zone itself still believes in it */

    memset(&logout, 0, sizeof(logout));
    begin(&logout.call, hash[0]);
    logout.call.credential.trusted = true;
    mc_logout_run(&logout);
    assert_codes(&logout.call.problems, "");
    assert_non_null(effect_of(&logout.call.effects, MC_EFFECT_SESSION_DROP));
    mc_call_free(&logout.call);
}


static void
a_hash_of_other_parameters_is_renewed_at_log_in(void **state)
{
    char             weak[crypto_pwhash_argon2id_STRBYTES];
    uint8_t          hash[32];
    mc_conn_t       *conn;
    mc_arena_t       arena;
    mc_member_row_t  row;
    person_t         p = { .no = "10000016", .phc = weak };

    assert_int_equal(crypto_pwhash_argon2id_str(weak, PASSWORD,
                                                strlen(PASSWORD), 1,
                                                8 * 1024 * 1024), 0);
    add_person(&p);
    log_in("10000016", hash);

    mc_arena_init(&arena, 1 << 20);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_member_by_no(conn, mc_str("nonpractising"),
                                     mc_str("10000016"), &arena, &row),
                     MC_OK);
    mc_store_release(t.site->store, conn);

    assert_memory_equal(row.member.password_hash.data,
                        "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    mc_arena_free(&arena);

    log_in("10000016", hash);
}


static void
one_account_has_one_key_however_it_is_written(void **state)
{
    size_t      i;
    uint8_t     key[32], other[32];
    mc_login_t  login;

    static const char *const  same[] = { "ABC-12", " abc-12", "a b c-1 2" };

    memset(&login, 0, sizeof(login));
    login.user_type = mc_str("nonpractising");
    login.member_no = mc_str("abc-12");
    mc_login_key(&login, key);

    for (i = 0; i < mc_count(same); i++) {
        login.member_no = mc_str_from(same[i]);
        mc_login_key(&login, other);
        assert_memory_equal(key, other, 32);
    }

    login.member_no = mc_str("abc-13");
    mc_login_key(&login, other);
    assert_memory_not_equal(key, other, 32);

    login.member_no = mc_str("abc-12");
    login.user_type = mc_str("practising");
    mc_login_key(&login, other);
    assert_memory_not_equal(key, other, 32);
}


/* I17 */
static void
without_a_store_the_answer_is_unavailable_with_a_hint(void **state)
{
    char            dir[96];
    mc_site_t      *kept;
    mc_login_t      login;
    mc_settings_t  *settings;

    (void) snprintf(dir, sizeof(dir), "%s/empty", t.dir);
    assert_int_equal(mkdir(dir, 0700), 0);

    settings = make_settings(dir, t.secret);
    kept = t.site;
    t.site = open_site(settings, MC_SITE_NO_DOCUMENT);

    log_in_as(&login, "nonpractising", "10000001", PASSWORD, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, "service_unavailable");
    assert_non_null(login.call.hint);
    assert_true(login.call.problems.retry_after > 0);
    mc_call_free(&login.call);

    mc_site_close(t.site);
    mc_settings_free(settings);
    t.site = kept;
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_password_opens_a_session_with_a_cookie),
        cmocka_unit_test(
            the_mini_program_gets_no_cookie_and_a_longer_session),
        cmocka_unit_test(blanks_of_a_pasted_number_do_not_matter),
        cmocka_unit_test(
            whatever_is_wrong_the_answer_and_its_cost_are_the_same),
        cmocka_unit_test(any_status_may_log_in),
        cmocka_unit_test(who_am_i_tells_the_session),
        cmocka_unit_test(a_session_ends_when_idle_and_is_kept_by_use),
        cmocka_unit_test(a_session_in_use_ends_at_its_absolute_end),
        cmocka_unit_test(a_mini_session_is_not_ended_by_a_quiet_day),
        cmocka_unit_test(a_new_password_ends_all_sessions_and_logs_in),
        cmocka_unit_test(
            a_trusted_session_reads_without_its_row_and_cannot_write),
        cmocka_unit_test(the_sixth_session_ends_the_oldest),
        cmocka_unit_test(a_log_out_ends_the_session_and_only_this_one),
        cmocka_unit_test(a_hash_of_other_parameters_is_renewed_at_log_in),
        cmocka_unit_test(one_account_has_one_key_however_it_is_written),
        cmocka_unit_test(
            without_a_store_the_answer_is_unavailable_with_a_hint)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
