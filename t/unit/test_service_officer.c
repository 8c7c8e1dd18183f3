/*
 * An officer's log-in, session and desk (I07 I11 S26 S32 S38 X01 X08).
 */

#include "test_service.h"

#include "mc_officer_desk.h"
#include "mc_totp.h"

#define OFFICER_PASSWORD  "an officer's word"


/* Name and secret of the officers of this program. */
typedef struct {
    char     name[16];
    uint8_t  secret[MC_TOTP_SECRET];
} officer_t;

static officer_t  zj, sh, all;


static void
add_officer(officer_t *officer, const char *name, const char *institute)
{
    mc_admin_t         admin;
    mc_officer_totp_t  totp;

    (void) snprintf(officer->name, sizeof(officer->name), "%s", name);
    mc_admin_init(&admin, t.site);
    admin.now = t.now;

    if (mc_admin_officer_add(&admin, mc_str_from(name),
                             mc_str_from(institute),
                             mc_str(OFFICER_PASSWORD), &totp)
        != MC_OK)
    {
        fail_msg("%s", admin.error);
    }

    assert_int_equal(mc_totp_base32_read(totp.secret, officer->secret),
                     MC_OK);
    mc_admin_free(&admin);
}


static int
desk_setup(void **state)
{
    assert_int_equal(site_setup(state), 0);

    import_text("code,name,name_en,contact,phone\n"
                "SH,上海市注册会计师协会,Shanghai Institute,周老师,"
                "021-12345678\n", true, false);
    add_officer(&zj, "zj", "ZJ");
    add_officer(&sh, "sh", "SH");
    add_officer(&all, "all", "");

    return 0;
}


static void
officer_log_in_as(mc_officer_login_t *login, const char *name,
    const char *password, const char *code)
{
    memset(login, 0, sizeof(*login));
    begin(&login->call, NULL);
    login->call.officer.asks = true;

    login->name = mc_str_from(name);
    login->password = mc_arena_str(&login->call.arena,
                                   mc_str_from(password));
    login->code = mc_str_from(code);

    mc_officer_login_run(login);
}


/* A session; moves the clock, so that the code is a new one. */
static void
officer_log_in(const officer_t *officer, uint8_t hash[32])
{
    char                 code[MC_TOTP_CODE];
    mc_officer_login_t   login;
    const mc_effect_t   *effect;

    t.now += MC_TOTP_PERIOD;

    assert_int_equal(mc_totp_code(officer->secret, mc_totp_step(t.now),
                                  code), MC_OK);
    officer_log_in_as(&login, officer->name, OFFICER_PASSWORD, code);
    assert_codes(&login.call.problems, "");

    effect = effect_of(&login.call.effects, MC_EFFECT_COOKIE_SET);
    assert_non_null(effect);
    assert_true(mc_session_key(mc_str_from(effect->token), hash));
    mc_call_free(&login.call);
}


static void
begin_desk(mc_call_t *call, const uint8_t hash[32])
{
    begin(call, hash);
    call->officer.asks = true;
}


static void
about(mc_call_t *call, const char *no)
{
    call->officer.user_type = mc_str("nonpractising");
    call->officer.member_no = mc_str_from(no);
}


/* Uploads a portrait in the member's name; the photo's id. */
static int64_t
upload(const char *no, uint32_t person)
{
    uint8_t          hash[32];
    mc_buf_t         jpeg;
    mc_conn_t       *conn;
    mc_arena_t       arena;
    mc_case_row_t    row;
    mc_photo_put_t   put;
    mc_member_row_t  member;

    log_in(no, hash);
    accept_privacy(hash);

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(person, 0, NULL, &jpeg), MC_OK);

    memset(&put, 0, sizeof(put));
    begin(&put.call, hash);
    put.jpeg = mc_buf_view(&jpeg);
    put.declared = true;
    mc_photo_put_run(&put);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    mc_buf_free(&jpeg);

    mc_arena_init(&arena, 1024 * 1024);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_member_by_no(conn, mc_str("nonpractising"),
                                     mc_str_from(no), &arena, &member),
                     MC_OK);
    assert_int_equal(mc_case_newest(conn, member.member.id, &arena, &row),
                     MC_OK);
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);

    return row.photo_id;
}


static mc_problem_code_t
first(const mc_problems_t *problems)
{
    return problems->count > 0 ? problems->items[0].code : MC_P_NONE;
}


static void
whatever_is_wrong_the_answer_is_one(void **state)
{
    size_t               i;
    char                 code[MC_TOTP_CODE];
    mc_officer_login_t   login;

    struct {
        const char  *name, *password, *code;
    } rows[] = {
        { "zj", "wrong", code }, { "zj", "", code },
        { "zj", OFFICER_PASSWORD, "000000" }, { "zj", OFFICER_PASSWORD, "" },
        { "sh", OFFICER_PASSWORD, code },       /* the code of another */
        { "nobody", OFFICER_PASSWORD, code }, { "", OFFICER_PASSWORD, code },
        { "' OR 1 --", OFFICER_PASSWORD, code },
        { "a-name-that-is-longer-than-any-name-can-be", "x", code }
    };

    t.now += MC_TOTP_PERIOD;
    assert_int_equal(mc_totp_code(zj.secret, mc_totp_step(t.now), code),
                     MC_OK);

    for (i = 0; i < mc_count(rows); i++) {
        officer_log_in_as(&login, rows[i].name, rows[i].password,
                          rows[i].code);
        assert_codes(&login.call.problems, "officer_login_failed");
        assert_null(effect_of(&login.call.effects, MC_EFFECT_COOKIE_SET));
        assert_null(effect_of(&login.call.effects, MC_EFFECT_TOKENS_BACK));
        assert_int_equal(login.password.len, 0);
        mc_call_free(&login.call);
    }

    officer_log_in_as(&login, "ZJ", OFFICER_PASSWORD, code);
    assert_codes(&login.call.problems, "");
    assert_text(login.who.name, "zj");
    assert_text(login.who.institute.code, "ZJ");
    assert_true(login.who.ends == t.now + MC_OFFICER_LIFE);
    assert_true(login.who.idle_ends == t.now + MC_OFFICER_IDLE);
    assert_null(effect_of(&login.call.effects, MC_EFFECT_SESSION_PUT));
    mc_call_free(&login.call);

    officer_log_in_as(&login, "zj", OFFICER_PASSWORD, code);
    assert_codes(&login.call.problems, "officer_login_failed");
    mc_call_free(&login.call);
}


static bool
whoami(const uint8_t hash[32])
{
    bool                  good;
    mc_officer_whoami_t   who;

    memset(&who, 0, sizeof(who));
    begin_desk(&who.call, hash);
    mc_officer_whoami_run(&who);

    good = who.call.problems.count == 0;
    assert_true(good
                || first(&who.call.problems) == MC_P_SESSION_EXPIRED);
    mc_call_free(&who.call);

    return good;
}


static void
a_session_ends_after_15_minutes_idle_and_8_hours(void **state)
{
    int64_t  start, i;
    uint8_t  hash[32], member[32];

    officer_log_in(&sh, hash);
    start = t.now;

    t.now += MC_OFFICER_IDLE - 1;
    assert_true(whoami(hash));
    t.now += MC_OFFICER_IDLE - 1;
    assert_true(whoami(hash));
    t.now += MC_OFFICER_IDLE;
    assert_false(whoami(hash));

    officer_log_in(&sh, hash);
    start = t.now;

    for (i = 1; i < 8 * 6; i++) {       /* every ten minutes */
        t.now = start + i * 10 * MC_MINUTE;
        assert_true(whoami(hash));
    }

    t.now = start + MC_OFFICER_LIFE - 1;
    assert_true(whoami(hash));
    t.now = start + MC_OFFICER_LIFE;
    assert_false(whoami(hash));

    /* a member's token is none of an officer's, nor the reverse */

    add_member("20000001");
    log_in("20000001", member);
    assert_false(whoami(member));
}


/* I07: a member's use case asked with an officer's token. */
static void
an_officers_token_is_no_members(void **state)
{
    uint8_t       hash[32];
    mc_profile_t  profile;

    officer_log_in(&zj, hash);

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    mc_profile_run(&profile);
    assert_codes(&profile.call.problems, "session_expired");
    mc_call_free(&profile.call);
}


static void
decide(mc_desk_decide_t *out, const uint8_t hash[32], int64_t photo_id,
    const char *reason, const char *words)
{
    memset(out, 0, sizeof(*out));
    begin_desk(&out->call, hash);
    out->call.officer.photo_id = photo_id;
    out->approve = reason == NULL;
    out->reason = mc_str_from(reason);
    out->words = mc_str_from(words);

    mc_desk_decide_run(out);
}


/* S26, S32 */
static void
a_decision_is_about_one_photo_and_says_why(void **state)
{
    int64_t           one, two;
    uint8_t           hash[32], other[32];
    mc_desk_view_t    view;
    mc_desk_decide_t  out;

    add_member("20000002");
    one = upload("20000002", 21);
    two = upload("20000002", 22);
    officer_log_in(&zj, hash);
    officer_log_in(&sh, other);

    decide(&out, other, two, NULL, NULL);
    assert_codes(&out.call.problems, "not_found");
    mc_call_free(&out.call);

    decide(&out, hash, one, NULL, NULL);
    assert_codes(&out.call.problems, "photo_replaced");
    mc_call_free(&out.call);

    decide(&out, hash, two, "nonsense", NULL);
    assert_codes(&out.call.problems, "reason_missing");
    mc_call_free(&out.call);

    decide(&out, hash, two, "full_body", "  ");
    assert_codes(&out.call.problems, "");
    assert_int_equal(out.row.state, MC_CASE_MISMATCHED);
    assert_text(out.row.reason, "full_body");
    assert_int_equal(out.attempts, 1);
    mc_call_free(&out.call);

    decide(&out, hash, two, NULL, NULL);
    assert_codes(&out.call.problems, "photo_decided");
    mc_call_free(&out.call);

    memset(&view, 0, sizeof(view));
    begin_desk(&view.member.call, hash);
    view.member.call.officer.photo_id = two;
    mc_desk_view_run(&view);
    assert_codes(&view.member.call.problems, "");
    assert_false(view.waiting);
    assert_int_equal(view.member.case_count, 2);
    assert_int_equal(view.member.cases[1].state, MC_CASE_CLOSED);
    assert_int_equal(view.member.view.photo.attempts, 1);
    mc_call_free(&view.member.call);
}


/* S38 */
static void
an_institute_corrects_its_own_fields_of_its_own_members(void **state)
{
    size_t          i;
    uint8_t         hash[32], other[32], nation[32];
    mc_desk_save_t  save;

    struct {
        const uint8_t  *hash;
        const char     *key, *value, *codes;
    } rows[] = {
        { hash, "admitted_on", "2001-02-03", "" },
        { hash, "admitted_on", "2001-02-30", "field_format" },
        { hash, "phone", "13900001111", "field_member_only" },
        { hash, "institute", "SH", "field_institute_only" },
        { other, "admitted_on", "2001-02-04", "not_found" },
        { nation, "institute", "XX", "field_format" },
        { nation, "institute", "SH", "" },
        { hash, "admitted_on", "2001-02-05", "not_found" },
        { other, "admitted_on", "2001-02-05", "" }
    };

    add_member("20000003");
    officer_log_in(&zj, hash);
    officer_log_in(&sh, other);
    officer_log_in(&all, nation);

    for (i = 0; i < mc_count(rows); i++) {
        mc_desk_member_t  member;

        memset(&member, 0, sizeof(member));
        begin_desk(&member.call, nation);
        about(&member.call, "20000003");
        mc_desk_member_run(&member);
        assert_codes(&member.call.problems, "");

        memset(&save, 0, sizeof(save));
        begin_desk(&save.member.call, rows[i].hash);
        about(&save.member.call, "20000003");
        save.has_match = true;
        save.match = member.member.revision;
        save.count = 1;
        save.values[0].key = mc_str_from(rows[i].key);
        save.values[0].value = mc_str_from(rows[i].value);

        mc_desk_save_run(&save);
        assert_codes(&save.member.call.problems, rows[i].codes);

        mc_call_free(&save.member.call);
        mc_call_free(&member.call);
    }
}


/* X08, I13 */
static void
a_verified_photo_counts_at_once_for_its_own_institute_only(void **state)
{
    size_t         i;
    uint8_t        hash[32], other[32];
    mc_buf_t       jpeg;
    mc_desk_put_t  put;

    add_member("20000004");
    (void) upload("20000004", 23);
    officer_log_in(&zj, hash);
    officer_log_in(&sh, other);

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(24, 0, NULL, &jpeg), MC_OK);

    for (i = 0; i < 3; i++) {
        memset(&put, 0, sizeof(put));
        begin_desk(&put.member.call, i == 0 ? other : hash);
        about(&put.member.call, "20000004");
        put.jpeg = mc_buf_view(&jpeg);
        put.reference = i == 1;
        mc_desk_put_run(&put);

        if (i == 0) {
            assert_codes(&put.member.call.problems, "not_found");

        } else {
            assert_codes(&put.member.call.problems, "");
            assert_true(put.member.reference_id != 0);
            assert_int_equal(put.member.member.photo_id != 0, i == 2);
            assert_int_equal(put.member.cases[0].state,
                             i == 2 ? MC_CASE_CLOSED : MC_CASE_REVIEW);
        }

        mc_call_free(&put.member.call);
    }

    mc_buf_free(&jpeg);
}


/* Every allocation of a case view fails in turn: a refusal, no crash. */
static void
memory_that_gives_out_is_told(void **state)
{
    bool            good;
    int64_t         id;
    uint8_t         hash[32];
    unsigned long   n;
    mc_desk_view_t  view;

    add_member("20000005");
    id = upload("20000005", 25);
    officer_log_in(&zj, hash);

    for (n = 1, good = false; !good && n < 2000; n++) {
        memset(&view, 0, sizeof(view));
        begin_desk(&view.member.call, hash);
        view.member.call.officer.photo_id = id;

        mc_alloc_fail_at(n, false);
        mc_desk_view_run(&view);
        mc_alloc_fail_at(0, false);

        good = view.member.call.problems.count == 0;
        assert_true(good || mc_problem_kind(first(
                        &view.member.call.problems))
                    == MC_KIND_UNAVAILABLE);
        mc_call_free(&view.member.call);
    }

    assert_true(good);
    assert_true(n > 3);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_wrong_the_answer_is_one),
        cmocka_unit_test(a_session_ends_after_15_minutes_idle_and_8_hours),
        cmocka_unit_test(an_officers_token_is_no_members),
        cmocka_unit_test(a_decision_is_about_one_photo_and_says_why),
        cmocka_unit_test(
            an_institute_corrects_its_own_fields_of_its_own_members),
        cmocka_unit_test(
            a_verified_photo_counts_at_once_for_its_own_institute_only),
        cmocka_unit_test(memory_that_gives_out_is_told)
    };

    return cmocka_run_group_tests(tests, desk_setup, site_teardown);
}
