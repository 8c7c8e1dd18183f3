/*
 * The password again: what is asked for it, for how long it is good, and who
 * is told of a contact that changed (S12 S40 I06).
 */

#include "test_service.h"

#include "mc_message.h"
#include "mc_passwd.h"
#include "mc_profile.h"
#include "mc_reauth.h"
#include "mc_sessions.h"
#include "mc_store_outbox.h"


#define WAIT  (11 * MC_MINUTE)


static int
setup(void **state)
{
    site_lines[0] = "membercert_outbox exec";
    site_lines[1] = "membercert_field office 办公电话 Office type=phone";

    return site_setup(state);
}


static void
confirm_as(const uint8_t *hash, const char *password, const char *codes,
    bool back)
{
    mc_reauth_t  reauth;

    memset(&reauth, 0, sizeof(reauth));
    begin(&reauth.call, hash);
    reauth.password = mc_arena_str(&reauth.call.arena,
                                   mc_str_from(password));
    mc_reauth_run(&reauth);

    assert_codes(&reauth.call.problems, codes);
    assert_int_equal(reauth.password.len, 0);
    assert_true(back == (effect_of(&reauth.call.effects,
                                   MC_EFFECT_TOKENS_BACK) != NULL));
    assert_true((codes[0] != '\0')
                == (effect_of(&reauth.call.effects, MC_EFFECT_AUDIT)
                    != NULL));
    mc_call_free(&reauth.call);
}


static void
end(const uint8_t hash[32], int64_t id, const char *codes)
{
    mc_sessions_end_t  ending;

    memset(&ending, 0, sizeof(ending));
    begin(&ending.call, hash);
    ending.id = id;
    mc_sessions_end_run(&ending);
    assert_codes(&ending.call.problems, codes);
    mc_call_free(&ending.call);
}


static int64_t
id_of(const uint8_t hash[32], bool current)
{
    size_t         i;
    int64_t        id;
    mc_sessions_t  sessions;

    id = 0;
    memset(&sessions, 0, sizeof(sessions));
    begin(&sessions.call, hash);
    mc_sessions_run(&sessions);

    for (i = 0; i < sessions.count; i++) {
        if (sessions.items[i].current == current) {
            id = sessions.items[i].id;
        }
    }

    mc_call_free(&sessions.call);

    return id;
}


/* Saves on the present revision, which is answered; with "trusted" as the
 * zone would vouch for the session. */
static int64_t
save(const uint8_t hash[32], bool trusted, const char *const *pairs,
    const char *codes, bool told)
{
    int64_t            revision;
    mc_profile_t       now;
    mc_profile_save_t  s;

    memset(&now, 0, sizeof(now));
    begin(&now.call, hash);
    mc_profile_run(&now);
    assert_codes(&now.call.problems, "");

    memset(&s, 0, sizeof(s));
    begin(&s.profile.call, hash);
    s.has_match = true;
    s.match = now.revision;

    if (trusted) {
        s.profile.call.credential = now.call.credential;
    }

    for (; pairs[0] != NULL; pairs += 2) {
        s.values[s.count].key = mc_str_from(pairs[0]);
        s.values[s.count].value = mc_str_from(pairs[1]);
        s.count++;
    }

    mc_profile_save_run(&s);
    assert_codes(&s.profile.call.problems, codes);
    assert_true(told == (effect_of(&s.profile.call.effects, MC_EFFECT_WORK)
                         != NULL));
    mc_call_free(&s.profile.call);

    memset(&s, 0, sizeof(s));
    begin(&s.profile.call, hash);
    mc_profile_run(&s.profile);
    revision = s.profile.revision;
    assert_true((revision == now.revision) == (codes[0] != '\0'));
    mc_call_free(&s.profile.call);
    mc_call_free(&now.call);

    return revision;
}

#define pairs(...)  ((const char *const []) { __VA_ARGS__, NULL })


/* Takes what waits: the kind "contact" to these, in any order. */
static void
assert_told(const char *one, const char *two)
{
    size_t           n, wanted;
    mc_conn_t       *conn;
    mc_arena_t       arena;
    mc_letter_t      letter;
    mc_outbox_row_t  row;

    n = 0;
    wanted = (size_t) ((one != NULL) + (two != NULL));
    mc_arena_init(&arena, 65536);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);

    while (mc_outbox_take(conn, t.now, MC_HOUR, MC_OUTBOX_ANY, &arena, &row)
           == MC_OK)
    {
        assert_text(row.kind, "contact");
        assert_int_equal(mc_message_open(t.site, &row, &arena, &letter),
                         MC_OK);
        assert_true((one != NULL && mc_str_is(letter.to, one))
                    || (two != NULL && mc_str_is(letter.to, two)));
        n++;
    }

    assert_int_equal(n, wanted);
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);
}


static void
a_log_in_is_fresh_for_ten_minutes_then_the_password_is_asked_for(
    void **state)
{
    uint8_t  mine[32], other[32];

    add_member("62000001");
    log_in("62000001", mine);
    log_in("62000001", other);

    t.now += 10 * MC_MINUTE;
    end(mine, 0, "reauth_needed");
    end(mine, id_of(mine, false), "reauth_needed");
    end(mine, 77, "reauth_needed");         /* nothing about what there is */

    confirm_as(mine, "not the password", "password_wrong", false);
    end(mine, 0, "reauth_needed");

    confirm_as(mine, PASSWORD, "", true);
    end(mine, 77, "not_found");
    end(mine, 0, "");
    end(other, 0, "session_expired");

    t.now += 10 * MC_MINUTE - 1;
    end(mine, 0, "");
    t.now++;
    end(mine, 0, "reauth_needed");

    /* a log-out of one's own is free */

    end(mine, id_of(mine, true), "");
    confirm_as(mine, PASSWORD, "session_expired", false);
}


static void
each_session_is_confirmed_for_itself(void **state)
{
    uint8_t  mine[32], other[32];

    add_member("62000002");
    log_in("62000002", mine);
    log_in("62000002", other);
    t.now += WAIT;

    confirm_as(mine, PASSWORD, "", true);
    end(other, 0, "reauth_needed");
    confirm_as(NULL, PASSWORD, "session_expired", false);
}


static void
a_changed_password_is_one_that_was_given(void **state)
{
    uint8_t      hash[32];
    mc_passwd_t  passwd;

    add_member("62000003");
    log_in("62000003", hash);
    t.now += WAIT;

    memset(&passwd, 0, sizeof(passwd));
    begin(&passwd.login.call, hash);
    passwd.old = mc_arena_str(&passwd.login.call.arena, mc_str(PASSWORD));
    passwd.login.password = mc_arena_str(&passwd.login.call.arena,
                                         mc_str("nine socks for my dog"));
    mc_passwd_run(&passwd);
    assert_codes(&passwd.login.call.problems, "");
    assert_true(mc_session_key(mc_str_from(passwd.login.token), hash));
    mc_call_free(&passwd.login.call);

    end(hash, 0, "");
    confirm_as(hash, PASSWORD, "password_wrong", false);
}


static void
a_clock_that_was_set_back_makes_nothing_fresh_for_long(void **state)
{
    uint8_t  hash[32];

    add_member("62000004");
    log_in("62000004", hash);

    t.now -= MC_SECOND;
    end(hash, 0, "");
    t.now -= 10 * MC_MINUTE;
    end(hash, 0, "reauth_needed");
    t.now += WAIT;
}


static void
a_disabled_account_confirms_nothing(void **state)
{
    uint8_t         hash[32];
    mc_admin_t      admin;
    mc_admin_key_t  key;

    add_member("62000005");
    log_in("62000005", hash);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("62000005"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_member_disabled(&admin, &key, true),
                     MC_OK);
    mc_admin_free(&admin);

    confirm_as(hash, PASSWORD, "session_expired", false);
}


static void
contacts_change_only_after_the_password_and_the_old_ones_are_told_S40(
    void **state)
{
    uint8_t  hash[32];

    add_member("62000006");                 /* a phone, no e-mail */
    log_in("62000006", hash);

    /* just logged in; the e-mail was empty, the phone is told */

    save(hash, false, pairs("email", "one@example.org"), "", true);
    assert_told("13800001234", NULL);

    t.now += WAIT;
    save(hash, false, pairs("phone", "13911112222"), "reauth_needed", false);
    save(hash, true, pairs("phone", "13911112222"), "reauth_needed", false);
    save(hash, true, pairs("email", ""), "reauth_needed", false);
    save(hash, true, pairs("office", "13711114444", "work_unit", "乙"),
         "reauth_needed", false);
    assert_told(NULL, NULL);

    /* what is the same, and what is no contact, is free */

    save(hash, true, pairs("work_unit", "甲", "phone", "13800001234"), "",
         false);

    /* faults come first: nobody types a password for nothing */

    save(hash, true, pairs("phone", "1"), "field_format", false);

    confirm_as(hash, PASSWORD, "", true);
    save(hash, true, pairs("phone", "13911112222",
                           "email", "two@example.org"), "", true);
    assert_told("13800001234", "one@example.org");

    /* a further number is told where codes go */

    save(hash, true, pairs("office", "13711114444"), "", true);
    assert_told("13911112222", NULL);
}


static void
who_cannot_be_reached_is_told_by_nobody(void **state)
{
    uint8_t   hash[32];
    person_t  p = { .no = "62000007", .phone = "" };

    add_person(&p);
    log_in("62000007", hash);
    save(hash, false, pairs("phone", "13911113333"), "", false);
    assert_told(NULL, NULL);
}


static void
to_and_fro_fills_nobodys_phone(void **state)
{
    int      i;
    char     phone[16];
    uint8_t  hash[32];

    add_member("62000008");
    log_in("62000008", hash);

    for (i = 0; i < 5; i++) {
        (void) snprintf(phone, sizeof(phone), "1391111%04d", i);
        save(hash, false, pairs("phone", phone), "", i < 3);
        assert_told(i == 0 ? "13800001234" : i == 1 ? "13911110000"
                    : i == 2 ? "13911110001" : NULL, NULL);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            a_log_in_is_fresh_for_ten_minutes_then_the_password_is_asked_for),
        cmocka_unit_test(each_session_is_confirmed_for_itself),
        cmocka_unit_test(
            a_clock_that_was_set_back_makes_nothing_fresh_for_long),
        cmocka_unit_test(a_disabled_account_confirms_nothing),
        cmocka_unit_test(
        contacts_change_only_after_the_password_and_the_old_ones_are_told_S40
        ),
        cmocka_unit_test(who_cannot_be_reached_is_told_by_nobody),
        cmocka_unit_test(to_and_fro_fills_nobodys_phone),
        cmocka_unit_test(a_changed_password_is_one_that_was_given)
    };

    return cmocka_run_group_tests(tests, setup, site_teardown);
}
