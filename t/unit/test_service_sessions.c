/*
 * The member's page of sessions; what a log-in ends; known devices
 * (I03 I05 I06).
 */

#include "test_service.h"

#include "mc_device.h"
#include "mc_sessions.h"


static void
enter(mc_login_t *login, const char *no, mc_client_t client,
    const uint8_t *was)
{
    memset(login, 0, sizeof(*login));
    begin(&login->call, was);
    login->user_type = mc_str("nonpractising");
    login->member_no = mc_str_from(no);
    login->password = mc_arena_str(&login->call.arena, mc_str(PASSWORD));
    login->client = client;
    login->agent = mc_str("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) "
                          "Gecko/20100101 Firefox/128.0");

    mc_login_run(login);
    assert_codes(&login->call.problems, "");
}


static void
in(const char *no, mc_client_t client, const uint8_t *was, uint8_t hash[32])
{
    mc_login_t  login;

    enter(&login, no, client, was);
    assert_true(mc_session_key(mc_str_from(login.token), hash));
    mc_call_free(&login.call);
}


static void
list(mc_sessions_t *sessions, const uint8_t hash[32])
{
    memset(sessions, 0, sizeof(*sessions));
    begin(&sessions->call, hash);
    mc_sessions_run(sessions);
}


/* How many the list has, asked for with that session; -1: refused. */
static int
count_of(const uint8_t hash[32])
{
    int            n;
    mc_sessions_t  sessions;

    list(&sessions, hash);
    n = sessions.call.problems.count == 0 ? (int) sessions.count : -1;
    mc_call_free(&sessions.call);

    return n;
}


static void
end(mc_sessions_end_t *ending, const uint8_t hash[32], int64_t id)
{
    memset(ending, 0, sizeof(*ending));
    begin(&ending->call, hash);
    ending->id = id;
    mc_sessions_end_run(ending);
}


/* The public id of the session that asks. */
static int64_t
id_of(const uint8_t hash[32])
{
    size_t         i;
    int64_t        id;
    mc_sessions_t  sessions;

    id = 0;
    list(&sessions, hash);

    for (i = 0; i < sessions.count; i++) {
        if (sessions.items[i].current) {
            id = sessions.items[i].id;
        }
    }

    mc_call_free(&sessions.call);
    assert_true(id > 0 && id < INT64_C(1) << 53);

    return id;
}


static void
the_list_names_device_address_and_the_one_that_asks(void **state)
{
    size_t              i, current;
    uint8_t             web[32], mini[32];
    mc_sessions_t       sessions;
    mc_sessions_item_t  item;

    add_member("20000001");
    in("20000001", MC_CLIENT_WEB, NULL, web);
    t.now += MC_MINUTE;
    in("20000001", MC_CLIENT_MINI, NULL, mini);

    list(&sessions, web);
    assert_codes(&sessions.call.problems, "");
    assert_int_equal(sessions.count, 2);
    current = 0;

    for (i = 0; i < sessions.count; i++) {
        item = sessions.items[i];
        assert_text(item.address, "192.0.2.7");
        assert_text(item.label, item.client == MC_CLIENT_MINI
                                ? "小程序 · Linux" : "Firefox · Linux");
        current += item.current;
        assert_true(item.current == (item.client == MC_CLIENT_WEB));
        assert_true(item.created == (item.current ? t.now - MC_MINUTE
                                                  : t.now));
    }

    assert_int_equal(current, 1);
    mc_call_free(&sessions.call);

    /* idle for too long: the web's has ended, the mini program's has not */

    t.now += 31 * MC_MINUTE;
    assert_int_equal(count_of(web), -1);
    assert_int_equal(count_of(mini), 1);
}


static void
one_is_ended_and_only_by_its_member_I06(void **state)
{
    int64_t             id;
    uint8_t             a[32], b[32], stranger[32];
    mc_sessions_end_t   ending;
    const mc_effect_t  *effect;

    add_member("20000002");
    add_member("20000003");
    in("20000002", MC_CLIENT_WEB, NULL, a);
    in("20000002", MC_CLIENT_WEB, NULL, b);
    in("20000003", MC_CLIENT_WEB, NULL, stranger);
    id = id_of(b);

    end(&ending, stranger, id);
    assert_codes(&ending.call.problems, "not_found");
    assert_null(effect_of(&ending.call.effects, MC_EFFECT_SESSIONS_DROP));
    mc_call_free(&ending.call);
    assert_int_equal(count_of(b), 2);

    end(&ending, a, id);
    assert_codes(&ending.call.problems, "");
    effect = effect_of(&ending.call.effects, MC_EFFECT_SESSIONS_DROP);
    assert_non_null(effect);
    assert_int_equal(effect->hash_count, 1);
    assert_memory_equal(effect->hashes[0], b, 32);
    assert_null(effect_of(&ending.call.effects, MC_EFFECT_COOKIE_CLEAR));
    mc_call_free(&ending.call);

    assert_int_equal(count_of(b), -1);
    assert_int_equal(count_of(a), 1);

    /* the own one, like a log-out */

    end(&ending, a, id_of(a));
    assert_codes(&ending.call.problems, "");
    assert_non_null(effect_of(&ending.call.effects, MC_EFFECT_COOKIE_CLEAR));
    mc_call_free(&ending.call);
    assert_int_equal(count_of(a), -1);

    end(&ending, a, 0);
    assert_codes(&ending.call.problems, "session_expired");
    mc_call_free(&ending.call);
    assert_int_equal(count_of(stranger), 1);
}


static void
all_others_are_ended(void **state)
{
    size_t              i;
    uint8_t             hashes[4][32];
    mc_sessions_end_t   ending;
    const mc_effect_t  *effect;

    add_member("20000004");

    for (i = 0; i < mc_count(hashes); i++) {
        in("20000004", MC_CLIENT_WEB, NULL, hashes[i]);
    }

    end(&ending, hashes[2], 0);
    assert_codes(&ending.call.problems, "");
    effect = effect_of(&ending.call.effects, MC_EFFECT_SESSIONS_DROP);
    assert_non_null(effect);
    assert_int_equal(effect->hash_count, 3);
    assert_null(effect_of(&ending.call.effects, MC_EFFECT_COOKIE_CLEAR));
    mc_call_free(&ending.call);

    for (i = 0; i < mc_count(hashes); i++) {
        assert_int_equal(count_of(hashes[i]), i == 2 ? 1 : -1);
    }
}


static void
a_log_in_ends_the_session_it_came_with_I06(void **state)
{
    uint8_t             first[32], other[32];
    mc_login_t          login;
    const mc_effect_t  *effect;

    add_member("20000005");
    add_member("20000006");
    in("20000005", MC_CLIENT_WEB, NULL, first);
    in("20000005", MC_CLIENT_WEB, NULL, other);

    enter(&login, "20000006", MC_CLIENT_WEB, first);
    effect = effect_of(&login.call.effects, MC_EFFECT_SESSIONS_DROP);
    assert_non_null(effect);
    assert_int_equal(effect->hash_count, 1);
    assert_memory_equal(effect->hashes[0], first, 32);
    mc_call_free(&login.call);

    assert_int_equal(count_of(first), -1);
    assert_int_equal(count_of(other), 1);

    /* with none, or a made-up one: nothing to drop */

    enter(&login, "20000006", MC_CLIENT_WEB, first);
    assert_null(effect_of(&login.call.effects, MC_EFFECT_SESSIONS_DROP));
    mc_call_free(&login.call);
}


static void
what_a_log_in_pushes_out_is_told_to_the_zone(void **state)
{
    int                 i;
    uint8_t             first[32], hash[32];
    mc_login_t          login;
    const mc_effect_t  *effect;

    add_member("20000007");
    in("20000007", MC_CLIENT_WEB, NULL, first);

    for (i = 0; i < 4; i++) {
        t.now++;
        in("20000007", MC_CLIENT_WEB, NULL, hash);
    }

    t.now++;
    enter(&login, "20000007", MC_CLIENT_WEB, NULL);
    effect = effect_of(&login.call.effects, MC_EFFECT_SESSIONS_DROP);
    assert_non_null(effect);
    assert_int_equal(effect->hash_count, 1);
    assert_memory_equal(effect->hashes[0], first, 32);
    mc_call_free(&login.call);
}


static void
a_success_makes_the_device_known_to_its_account_I05(void **state)
{
    char                token[MC_DEVICE_LEN + 1];
    uint8_t             key[32], id[8];
    mc_login_t          login;
    const mc_effect_t  *effect;

    add_member("20000008");
    enter(&login, "20000008", MC_CLIENT_WEB, NULL);
    mc_login_key(&login, key);

    effect = effect_of(&login.call.effects, MC_EFFECT_DEVICE_SET);
    assert_non_null(effect);
    memcpy(token, effect->device, sizeof(token));
    assert_int_equal(strlen(token), MC_DEVICE_LEN);
    mc_call_free(&login.call);

    memset(&login, 0, sizeof(login));
    begin(&login.call, NULL);
    login.user_type = mc_str("nonpractising");

    mc_login_device(&login, key, mc_str_from(token));
    assert_true(login.device_known);
    memcpy(id, login.device_id, sizeof(id));

    login.member_no = mc_str("20000007");
    mc_login_key(&login, key);
    mc_login_device(&login, key, mc_str_from(token));
    assert_false(login.device_known);
    mc_login_device(&login, key, mc_str_null);
    assert_false(login.device_known);
    mc_call_free(&login.call);

    /* it keeps its id when it logs in again; the mini program's is in the
     * answer */

    memset(&login, 0, sizeof(login));
    begin(&login.call, NULL);
    login.user_type = mc_str("nonpractising");
    login.member_no = mc_str("20000008");
    login.password = mc_arena_str(&login.call.arena, mc_str(PASSWORD));
    login.client = MC_CLIENT_MINI;
    login.device_known = true;
    memcpy(login.device_id, id, sizeof(id));
    mc_login_run(&login);
    assert_codes(&login.call.problems, "");
    assert_null(effect_of(&login.call.effects, MC_EFFECT_DEVICE_SET));

    mc_login_key(&login, key);
    memset(login.device_id, 0, sizeof(login.device_id));
    mc_login_device(&login, key, mc_str_from(login.device));
    assert_true(login.device_known);
    assert_memory_equal(login.device_id, id, sizeof(id));
    mc_call_free(&login.call);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_list_names_device_address_and_the_one_that_asks),
        cmocka_unit_test(one_is_ended_and_only_by_its_member_I06),
        cmocka_unit_test(all_others_are_ended),
        cmocka_unit_test(a_log_in_ends_the_session_it_came_with_I06),
        cmocka_unit_test(what_a_log_in_pushes_out_is_told_to_the_zone),
        cmocka_unit_test(a_success_makes_the_device_known_to_its_account_I05)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
