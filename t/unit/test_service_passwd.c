/*
 * A member changes the own password; one that must be changed first; the
 * rules a new one meets on every way (S12 X04).
 */

#include "test_service.h"

#include "mc_new_password.h"
#include "mc_passwd.h"
#include "mc_profile.h"


#define NEW    "nine socks for my dog"
#define OTHER  "eleven quiet herons"


static void
change(mc_passwd_t *passwd, const uint8_t hash[32], const char *old,
    const char *password)
{
    mc_call_t  *call;

    memset(passwd, 0, sizeof(*passwd));
    call = &passwd->login.call;
    begin(call, hash);

    passwd->old = mc_arena_str(&call->arena, mc_str_from(old));
    passwd->login.password = mc_arena_str(&call->arena,
                                          mc_str_from(password));
    mc_passwd_run(passwd);
}


/* The codes of a change; "" when it succeeded. */
static void
assert_change(const uint8_t hash[32], const char *old, const char *password,
    const char *codes)
{
    mc_passwd_t  passwd;

    change(&passwd, hash, old, password);
    assert_codes(&passwd.login.call.problems, codes);
    mc_call_free(&passwd.login.call);
}


/* GET session, and GET member as any other route. */
static void
assert_session(const uint8_t hash[32], const char *codes, bool due,
    const char *member_codes)
{
    mc_whoami_t   who;
    mc_profile_t  profile;

    memset(&who, 0, sizeof(who));
    begin(&who.call, hash);
    mc_whoami_run(&who);
    assert_codes(&who.call.problems, codes);
    assert_int_equal(who.password_expired, due);
    mc_call_free(&who.call);

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    mc_profile_run(&profile);
    assert_codes(&profile.call.problems, member_codes);
    mc_call_free(&profile.call);
}


static void
assert_login(const char *no, const char *password, const char *codes,
    bool due)
{
    mc_login_t  login;

    log_in_as(&login, "nonpractising", no, password, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, codes);
    assert_int_equal(login.password_expired, due);
    mc_call_free(&login.call);
}


static void
the_password_changes_and_every_other_session_ends_S12(void **state)
{
    uint8_t             mine[32], other[32], hash[32];
    mc_passwd_t         passwd;
    const mc_effect_t  *effect;

    add_member("61000001");
    log_in("61000001", mine);
    log_in("61000001", other);

    change(&passwd, mine, PASSWORD, NEW);
    assert_codes(&passwd.login.call.problems, "");
    assert_int_equal(passwd.old.len, 0);
    assert_int_equal(passwd.login.password.len, 0);
    assert_text(passwd.login.member_no_masked, "61****01");

    assert_true(mc_session_key(mc_str_from(passwd.login.token), hash));
    assert_memory_not_equal(hash, mine, 32);

    effect = effect_of(&passwd.login.call.effects, MC_EFFECT_MEMBER_EPOCH);
    assert_non_null(effect);
    assert_true(effect->session.member_id == passwd.login.call.member_id);
    assert_true(effect->session.epoch > 0);

    effect = effect_of(&passwd.login.call.effects, MC_EFFECT_SESSION_DROP);
    assert_non_null(effect);
    assert_memory_equal(effect->session.hash, mine, 32);

    effect = effect_of(&passwd.login.call.effects, MC_EFFECT_SESSION_PUT);
    assert_non_null(effect);
    assert_memory_equal(effect->session.hash, hash, 32);

    effect = effect_of(&passwd.login.call.effects, MC_EFFECT_COOKIE_SET);
    assert_non_null(effect);
    assert_string_equal(effect->token, passwd.login.token);
    assert_non_null(effect_of(&passwd.login.call.effects,
                              MC_EFFECT_TOKENS_BACK));
    mc_call_free(&passwd.login.call);

    assert_session(mine, "session_expired", false, "session_expired");
    assert_session(other, "session_expired", false, "session_expired");
    assert_session(hash, "", false, "");

    assert_login("61000001", PASSWORD, "login_failed", false);
    assert_login("61000001", NEW, "", false);
}


static void
a_session_of_the_mini_program_stays_one(void **state)
{
    uint8_t      hash[32];
    mc_login_t   login;
    mc_passwd_t  passwd;

    add_member("61000002");
    log_in_as(&login, "nonpractising", "61000002", PASSWORD,
              MC_CLIENT_MINI);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    mc_call_free(&login.call);

    change(&passwd, hash, PASSWORD, NEW);
    assert_codes(&passwd.login.call.problems, "");
    assert_int_equal(passwd.login.client, MC_CLIENT_MINI);
    assert_int_equal(strlen(passwd.login.token), 43);
    assert_null(effect_of(&passwd.login.call.effects,
                          MC_EFFECT_COOKIE_SET));
    assert_true(passwd.login.ends == t.now + 7 * MC_DAY);
    mc_call_free(&passwd.login.call);
}


static void
a_wrong_old_password_costs_its_tokens(void **state)
{
    uint8_t      hash[32];
    mc_passwd_t  passwd;

    add_member("61000003");
    log_in("61000003", hash);

    change(&passwd, hash, "not the old one", NEW);
    assert_codes(&passwd.login.call.problems, "password_wrong");
    assert_null(effect_of(&passwd.login.call.effects,
                          MC_EFFECT_TOKENS_BACK));
    assert_non_null(effect_of(&passwd.login.call.effects, MC_EFFECT_AUDIT));
    assert_int_equal(passwd.login.token[0], 0);
    mc_call_free(&passwd.login.call);

    change(&passwd, hash, PASSWORD, "short");
    assert_codes(&passwd.login.call.problems,
                 "password_short password_common");
    assert_non_null(effect_of(&passwd.login.call.effects,
                              MC_EFFECT_TOKENS_BACK));
    mc_call_free(&passwd.login.call);

    assert_session(hash, "", false, "");
    assert_login("61000003", PASSWORD, "", false);
}


static void
what_is_guessed_or_known_is_no_new_password_X04(void **state)
{
    size_t    i;
    uint8_t   hash[32];
    person_t  p = { .no = "619374820516", .phone = "13957108642" };

    static const struct {
        const char *password;
        const char *codes;
    } rows[] = {
        { "Woaini1314520", "password_common" },
        { "619374820516x", "password_context" },
        { "x13957108642x", "password_context" },
        { "keX" "10519491231002Xq", "password_context" },
        { "qZ619374820516", "password_context" },   /* certificate number */
        { "王小明王小明qzk7", "password_context" },
        { PASSWORD, "password_reused" },
        { "", "password_short password_common" },
    };

    add_person(&p);
    log_in(p.no, hash);

    for (i = 0; i < mc_count(rows); i++) {
        print_message("%s\n", rows[i].password);
        assert_change(hash, PASSWORD, rows[i].password, rows[i].codes);
    }

    assert_change(hash, PASSWORD, NEW, "");
}


static void
nobody_changes_it_without_a_session(void **state)
{
    uint8_t  hash[32] = { 7 };

    assert_change(hash, PASSWORD, NEW, "session_expired");
    assert_change(NULL, PASSWORD, NEW, "session_expired");
}


static void
set_by_admin(const char *no, const char *password, bool own)
{
    mc_admin_t      admin;
    mc_admin_key_t  key;

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);

    if (mc_admin_member_password(&admin, &key, mc_str_from(password), own)
        != MC_OK)
    {
        fail_msg("%s", admin.error);
    }

    mc_admin_free(&admin);
}


static void
what_the_institute_set_must_be_changed_first_X03(void **state)
{
    uint8_t      hash[32];
    mc_login_t   login;
    mc_passwd_t  passwd;

    add_member("61000005");
    set_by_admin("61000005", OTHER, false);

    log_in_as(&login, "nonpractising", "61000005", OTHER, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, "");
    assert_true(login.password_expired);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    mc_call_free(&login.call);

    assert_session(hash, "", true, "password_expired");

    change(&passwd, hash, OTHER, NEW);
    assert_codes(&passwd.login.call.problems, "");
    assert_true(mc_session_key(mc_str_from(passwd.login.token), hash));
    mc_call_free(&passwd.login.call);

    assert_session(hash, "", false, "");

    set_by_admin("61000005", OTHER, true);
    assert_login("61000005", OTHER, "", false);
}


static void
an_administrator_is_told_why_not(void **state)
{
    mc_admin_t      admin;
    mc_admin_key_t  key;

    add_member("61000006");
    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("61000006"), &key),
                     MC_OK);

    assert_int_equal(mc_admin_member_password(&admin, &key, mc_str("short"),
                                              false), MC_EINVAL);
    assert_non_null(strstr(admin.error, "at least 10 characters"));
    assert_int_equal(mc_admin_member_password(&admin, &key,
                                              mc_str("Password123!"),
                                              false), MC_EINVAL);
    assert_non_null(strstr(admin.error, "guessed first"));
    assert_int_equal(mc_admin_member_password(&admin, &key,
                                              mc_str("a\xff" "bcdefghijkl"),
                                              false), MC_EINVAL);
    mc_admin_free(&admin);
}


/* --- profile djcp --------------------------------------------------------- */

static void
with_djcp_it_ends_after_90_days_and_the_last_five_stay_out(void **state)
{
    int64_t      start;
    uint8_t      hash[32];
    mc_login_t   login;
    mc_passwd_t  passwd;

    static const char *const  next[] = {
        "First-heron 1", "Second-heron 2", "Third-heron 3",
        "Fourth-heron 4", "Fifth-heron 5"
    };

    t.settings->password_djcp = true;
    start = t.now;
    mc_site_close(t.site);
    t.site = open_site(t.settings, MC_SITE_NO_DOCUMENT);

    /* imported: of unknown age */

    add_member("61000007");
    log_in_as(&login, "nonpractising", "61000007", PASSWORD, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, "");
    assert_true(login.password_expired);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    mc_call_free(&login.call);
    assert_session(hash, "", true, "password_expired");

    assert_change(hash, PASSWORD, "nine socks for my dog",
                  "password_classes");

    for (size_t i = 0; i < mc_count(next); i++) {
        change(&passwd, hash, i == 0 ? PASSWORD : next[i - 1], next[i]);
        assert_codes(&passwd.login.call.problems, "");
        assert_true(mc_session_key(mc_str_from(passwd.login.token), hash));
        mc_call_free(&passwd.login.call);
    }

    assert_session(hash, "", false, "");

    /* the five, but no more the imported one */

    for (size_t i = 0; i + 1 < mc_count(next); i++) {
        assert_change(hash, next[4], next[i], "password_reused");
    }

    change(&passwd, hash, next[4], "Sixth-heron 6");
    assert_codes(&passwd.login.call.problems, "");
    assert_true(mc_session_key(mc_str_from(passwd.login.token), hash));
    mc_call_free(&passwd.login.call);

    assert_change(hash, "Sixth-heron 6", next[0], "");

    t.now = start + 90 * MC_DAY;
    assert_login("61000007", next[0], "", false);
    t.now = start + 90 * MC_DAY + 1000;
    assert_login("61000007", next[0], "", true);
    t.now = start;

    t.settings->password_djcp = false;
    mc_site_close(t.site);
    t.site = open_site(t.settings, MC_SITE_NO_DOCUMENT);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            the_password_changes_and_every_other_session_ends_S12),
        cmocka_unit_test(a_session_of_the_mini_program_stays_one),
        cmocka_unit_test(a_wrong_old_password_costs_its_tokens),
        cmocka_unit_test(what_is_guessed_or_known_is_no_new_password_X04),
        cmocka_unit_test(nobody_changes_it_without_a_session),
        cmocka_unit_test(what_the_institute_set_must_be_changed_first_X03),
        cmocka_unit_test(an_administrator_is_told_why_not),
        cmocka_unit_test(
            with_djcp_it_ends_after_90_days_and_the_last_five_stay_out),
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
