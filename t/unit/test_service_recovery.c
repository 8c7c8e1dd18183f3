/*
 * Unit tests of the way back into an account: asking for a code, using it,
 * an institute's code, look-up keys (S03 S11 S12 I04 I05 X02 X03 X04).
 */

#include "test_service.h"

#include "mc_json.h"
#include "mc_message.h"
#include "mc_recovery.h"
#include "mc_store_recovery.h"

#define NEW_PASSWORD  "tall brown kettle 88"
#define OTHER_ID      "110101198001010010"

/* What somebody writes into the form; NULL: as it is on file. */
typedef struct {
    const char *type;
    const char *no;
    const char *name;
    const char *id_number;
    bool        activation;
    unsigned    prefer;
} asked_t;

typedef struct {
    char token[44];
    char code[16];              /* "" when nothing was sent */
    char kind[16];
    char to[64];
    char member_no[32];
    char certificate_no[32];
} got_t;


static mc_arena_t  arena;


static int
setup(void **state)
{
    site_lines[0] = "membercert_outbox exec";
    site_lines[1] = "membercert_recovery code_ttl=10m tries=5";
    mc_arena_init(&arena, 8 * 1024 * 1024);

    return site_setup(state);
}


static int
teardown(void **state)
{
    mc_arena_free(&arena);

    return site_teardown(state);
}


static mc_conn_t *
conn_get(void)
{
    mc_conn_t  *conn;

    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);

    return conn;
}


static void
copy_param(const mc_json_t *params, const char *key, char *out, size_t size)
{
    mc_str_t  value;

    value = mc_json_get_str(params, key);
    (void) snprintf(out, size, "%.*s", (int) value.len,
                    value.data != NULL ? value.data : "");
}


/* The message that waits, which leaves; none leaves "got" as it was. */
static void
fetch(got_t *got)
{
    mc_err_t         err;
    mc_json_t       *json;
    mc_conn_t       *conn;
    mc_letter_t      letter;
    mc_actor_t       actor = { .actor = "work", .now = t.now };
    mc_outbox_row_t  row;

    conn = conn_get();
    err = mc_outbox_take(conn, t.now, 60000, MC_OUTBOX_ANY, &arena, &row);

    if (err == MC_OK) {
        assert_int_equal(mc_message_open(t.site, &row, &arena, &letter),
                         MC_OK);
        assert_int_equal(mc_json_read(&arena, letter.json, &json, NULL),
                         MC_OK);
        copy_param(json, "kind", got->kind, sizeof(got->kind));
        copy_param(json, "to", got->to, sizeof(got->to));
        json = (mc_json_t *) mc_json_get(json, "params");
        copy_param(json, "code", got->code, sizeof(got->code));
        copy_param(json, "member_no", got->member_no,
                   sizeof(got->member_no));
        copy_param(json, "certificate_no", got->certificate_no,
                   sizeof(got->certificate_no));
        assert_int_equal(mc_outbox_done(conn, &actor, &row), MC_OK);

    } else {
        assert_int_equal(err, MC_ENOTFOUND);
    }

    mc_store_release(t.site->store, conn);
}


/* News of earlier passwords. */
static void
drain(void)
{
    got_t  got;

    do {
        memset(&got, 0, sizeof(got));
        fetch(&got);
    } while (got.kind[0] != '\0');
}


static void
start_at(const asked_t *asked, got_t *got, int line)
{
    mc_recovery_start_t  start;

    drain();
    memset(got, 0, sizeof(*got));
    memset(&start, 0, sizeof(start));
    begin(&start.call, NULL);

    start.activation = asked->activation;
    start.user_type = mc_str_from(or(asked->type, "nonpractising"));
    start.member_no = mc_str_from(or(asked->no, ""));
    start.name = mc_str_from(or(asked->name, "王小明"));
    start.id_number = mc_str_from(or(asked->id_number, ID_GOOD));
    start.prefer = asked->prefer;

    mc_recovery_start_run(&start);
    assert_codes_at(&start.call.problems, "", line);

    /* the same for everybody */

    assert_int_equal(strlen(start.token), 43);
    assert_non_null(effect_of(&start.call.effects, MC_EFFECT_WORK));
    assert_int_equal(start.call.effects.count, 1);
    assert_int_equal(start.call.member_id, 0);
    assert_null(start.call.hint);

    memcpy(got->token, start.token, sizeof(got->token));
    mc_call_free(&start.call);
    fetch(got);
}

#define start(asked, got)  start_at(asked, got, __LINE__)


static void
confirm_at(const char *recovery, const char *type, const char *no,
    const char *code, const char *password, const char *codes, int line)
{
    mc_recovery_confirm_t  confirm;

    memset(&confirm, 0, sizeof(confirm));
    begin(&confirm.call, NULL);

    confirm.recovery = recovery != NULL ? mc_str_from(recovery)
                                        : mc_str_null;
    confirm.user_type = mc_str_from(or(type, ""));
    confirm.member_no = mc_str_from(or(no, ""));
    confirm.code = mc_str_from(code);
    confirm.password = mc_arena_str(&confirm.call.arena,
                                    mc_str_from(password));

    mc_recovery_confirm_run(&confirm);
    assert_codes_at(&confirm.call.problems, codes, line);
    assert_int_equal(effect_of(&confirm.call.effects, MC_EFFECT_TOKENS_BACK)
                     != NULL, codes[0] == '\0');
    assert_null(effect_of(&confirm.call.effects, MC_EFFECT_COOKIE_SET));
    mc_call_free(&confirm.call);
}

#define confirm(got, code, password, codes)                                  \
    confirm_at((got)->token, NULL, NULL, code, password, codes, __LINE__)


static void
log_in_is(const char *no, const char *password, const char *codes)
{
    mc_login_t  login;

    log_in_as(&login, "nonpractising", no, password, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, codes);
    mc_call_free(&login.call);
}


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
a_new_member_learns_the_numbers_by_the_phone_only_S03(void **state)
{
    got_t     got;
    asked_t   asked = { .activation = true, .name = "赵新会",
                        .id_number = "11010119800101001 0" };
    person_t  p = { .no = "1007", .name = "赵新会", .phc = "",
                    .id_number = OTHER_ID };

    add_person(&p);
    start(&asked, &got);

    assert_string_equal(got.kind, "lookup");
    assert_string_equal(got.member_no, "1007");
    assert_string_equal(got.certificate_no, "Z1007");

    confirm(&got, got.code, NEW_PASSWORD, "");
    log_in_is("1007", NEW_PASSWORD, "");
}


static void
of_one_person_under_two_numbers_the_one_in_force_is_meant(void **state)
{
    got_t     got;
    asked_t   asked = { .activation = true, .name = "钱两号" };
    person_t  left = { .no = "1010", .name = "钱两号", .status = "left" };
    person_t  active = { .no = "1009", .name = "钱两号" };

    add_person(&active);
    add_person(&left);

    start(&asked, &got);
    assert_string_equal(got.member_no, "1009");
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
activate(const char *no, char code[MC_CODE_SHOWN + 1], mc_err_t wanted)
{
    int64_t         ends;
    mc_admin_t      admin;
    mc_admin_key_t  key = { mc_str("nonpractising"), mc_str_from(no) };

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_member_activate(&admin, &key, code, &ends),
                     wanted);

    if (wanted == MC_OK) {
        assert_int_equal(ends, t.now + 72 * MC_HOUR);
        assert_int_equal(strlen(code), MC_CODE_SHOWN);

    } else {
        assert_int_equal(code[0], '\0');
        assert_true(admin.error[0] != '\0');
    }

    mc_admin_free(&admin);
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


/* A site over the same store, with one more secret in front. */
static mc_site_t *
site_with_new_secret(mc_settings_t **settings)
{
    char         path[128], line[256], error[MC_SETTINGS_ERROR];
    mc_site_t   *site;
    const char  *where;

    (void) snprintf(path, sizeof(path), "%s/secret2", t.dir);
    write_file(path, "a new secret of at least 32 bytes!!!", 0600);

    site_lines[2] = NULL;
    *settings = make_settings(t.dir, t.secret);
    (void) snprintf(line, sizeof(line), "%s/secret2", t.dir);
    (*settings)->secrets[0] = mc_arena_str(&arena, mc_str_from(line));
    (*settings)->secrets[1] = mc_arena_str(&arena, mc_str_from(t.secret));
    (*settings)->secret_count = 2;

    site = mc_site_open(*settings, MC_SITE_NO_DOCUMENT, error, &where);
    assert_non_null(site);

    return site;
}


static void
codes_and_look_ups_outlive_a_new_secret(void **state)
{
    char            code[MC_CODE_SHOWN + 1];
    got_t           got;
    size_t          written;
    asked_t         asked = { .activation = true, .name = "孙换钥" };
    person_t        p = { .no = "1016", .name = "孙换钥" };
    mc_site_t      *before;
    mc_admin_t      admin;
    mc_settings_t  *settings;

    add_person(&p);
    start(&asked, &got);
    activate("1016", code, MC_OK);

    before = t.site;
    t.site = site_with_new_secret(&settings);

    confirm(&got, got.code, NEW_PASSWORD, "");
    confirm_at(NULL, "nonpractising", "1016", code, NEW_PASSWORD "2",
               "recovery_refused", __LINE__);      /* ended by the first */
    fetch(&got);
    start(&asked, &got);
    assert_string_equal(got.member_no, "1016");

    /* the keys are written anew under the first secret, once */

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_lookup_keys(&admin, &written), MC_OK);
    assert_true(written > 0);
    assert_int_equal(mc_admin_lookup_keys(&admin, &written), MC_OK);
    assert_int_equal(written, 0);
    mc_admin_free(&admin);

    mc_site_close(t.site);
    mc_settings_free(settings);
    t.site = before;

    start(&asked, &got);
    assert_string_equal(got.code, "");      /* it knows the old one alone */

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_lookup_keys(&admin, &written), MC_OK);
    assert_true(written > 0);
    mc_admin_free(&admin);
}


static void
save_value(const uint8_t hash[32], const char *key, const char *value)
{
    static mc_profile_save_t  save;
    static mc_profile_t       profile;

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    mc_profile_run(&profile);

    memset(&save, 0, sizeof(save));
    begin(&save.profile.call, hash);
    save.has_match = true;
    save.match = profile.revision;
    save.count = 1;
    save.values[0].key = mc_str_from(key);
    save.values[0].value = mc_str_from(value);
    mc_profile_save_run(&save);
    assert_codes(&save.profile.call.problems, "");

    mc_call_free(&save.profile.call);
    mc_call_free(&profile.call);
}


static void
the_look_up_follows_the_record_S03(void **state)
{
    got_t     got;
    asked_t   asked = { .activation = true, .name = "李改号" };
    uint8_t   hash[32];
    person_t  p = { .no = "1017", .name = "李改号" };

    add_person(&p);
    log_in("1017", hash);
    save_value(hash, "address", "另一条路2号");
    start(&asked, &got);
    assert_string_equal(got.member_no, "1017");

    /* the institute corrects the ID number by a new file */

    p.id_number = OTHER_ID;
    add_person(&p);
    start(&asked, &got);
    assert_string_equal(got.code, "");
    asked.id_number = OTHER_ID;
    start(&asked, &got);
    assert_string_equal(got.member_no, "1017");
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
        cmocka_unit_test(
            a_new_member_learns_the_numbers_by_the_phone_only_S03),
        cmocka_unit_test(
            of_one_person_under_two_numbers_the_one_in_force_is_meant),
        cmocka_unit_test(five_wrong_codes_end_it),
        cmocka_unit_test(a_code_is_good_for_its_time),
        cmocka_unit_test(no_member_is_sent_more_than_three_codes_an_hour),
        cmocka_unit_test(an_institutes_code_is_the_other_way_X03),
        cmocka_unit_test(codes_and_look_ups_outlive_a_new_secret),
        cmocka_unit_test(the_look_up_follows_the_record_S03),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing_half_done),
        cmocka_unit_test(
            the_throttles_key_is_the_same_for_every_way_to_write_a_number)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
