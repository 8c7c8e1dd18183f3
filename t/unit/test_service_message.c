/*
 * Messages to members (S12 X02 X03 X04): what they say, whom they go to, and
 * that nothing of them can be read without the secret.
 */

#include "test_service.h"

#include "mc_json.h"
#include "mc_message.h"
#include "mc_outbox_send.h"


#define CODE  "13572468"

static mc_arena_t  arena;


static int
setup(void **state)
{
    site_lines[0] = "membercert_outbox exec";
    mc_arena_init(&arena, 1024 * 1024);

    return site_setup(state);
}


static int
teardown(void **state)
{
    mc_arena_free(&arena);

    return site_teardown(state);
}


static void
value_set(mc_member_t *member, const char *key, const char *value)
{
    const mc_field_t  *field;

    field = mc_field_find(&t.settings->fields, mc_str_from(key));
    assert_non_null(field);
    assert_int_equal(mc_member_set(member, field, mc_str_from(value)),
                     MC_OK);
}


static mc_member_t
somebody(const char *phone, const char *email)
{
    mc_member_t  member;

    memset(&member, 0, sizeof(member));
    member.id = 7;
    member.user_type = mc_str("nonpractising");
    member.member_no = mc_str("330000010001");
    value_set(&member, "name", "王小明");
    value_set(&member, "certificate_no", "Z330001");
    value_set(&member, "phone", phone);
    value_set(&member, "email", email);

    return member;
}


static mc_err_t
make(const mc_member_t *member, mc_message_kind_t kind, unsigned prefer,
    mc_outbox_row_t *row)
{
    mc_message_args_t  args;

    args = (mc_message_args_t) { .now = DAY_ONE, .prefer = prefer,
                                 .code = mc_str(CODE),
                                 .ttl = 10 * MC_MINUTE };

    return mc_message_make(t.site, member, kind, &args, row, &arena);
}


static mc_letter_t
letter_of(const mc_outbox_row_t *row)
{
    mc_letter_t  letter;

    assert_int_equal(mc_message_open(t.site, row, &arena, &letter), MC_OK);

    return letter;
}


static const mc_json_t *
params_of(const mc_letter_t *letter)
{
    mc_json_t  *object;

    assert_int_equal(mc_json_read(&arena, letter->json, &object, NULL),
                     MC_OK);

    return mc_json_get(object, "params");
}


static bool
holds(mc_str_t text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}


static void
a_code_is_said_in_both_languages_and_expires_with_itself(void **state)
{
    mc_json_t         *object;
    mc_letter_t        letter;
    mc_member_t        member;
    mc_outbox_row_t    row;
    const mc_json_t   *params;

    member = somebody("13800001234", "zhang@example.org");
    assert_int_equal(make(&member, MC_MESSAGE_CODE, 0, &row), MC_OK);

    assert_int_equal(row.member_id, 7);
    assert_int_equal(row.channel, MC_OUTBOX_SMS);
    assert_true(mc_str_is(row.kind, "code"));
    assert_int_equal(strlen(row.dedupe), MC_OUTBOX_DEDUPE);
    assert_int_equal(row.expires_at, DAY_ONE + 10 * MC_MINUTE);

    letter = letter_of(&row);
    assert_text(letter.to, "13800001234");
    assert_text(letter.subject, "某某注册会计师协会：验证码 / "
                                "Institute: verification code");
    assert_text(letter.text,
                "【某某注册会计师协会】您正在设置新密码，验证码 " CODE "，10 分钟内有"
                "效，请勿告诉他人。如非本人操作，请致电 010-88250337/0338。\n\n"
                "Institute: " CODE " is your code for a new password, good "
                "for 10 minutes. Tell it to nobody. If you did not ask for "
                "it, call 010-88250337/0338.");

    assert_int_equal(mc_json_read(&arena, letter.json, &object, NULL),
                     MC_OK);
    assert_text(mc_json_get_str(object, "id"), row.dedupe);
    assert_text(mc_json_get_str(object, "kind"), "code");
    assert_text(mc_json_get_str(object, "channel"), "sms");
    assert_text(mc_json_get_str(object, "expires"),
                "2026-09-21T14:23:20.000Z");

    params = params_of(&letter);
    assert_text(mc_json_get_str(params, "code"), CODE);
    assert_text(mc_json_get_str(params, "minutes"), "10");
    assert_null(mc_json_get(params, "member_no"));

    /* no name: whoever holds the phone learns nothing more */
    assert_false(holds(letter.json, "王小明"));
    assert_false(holds(letter.json, "330000010001"));
}


static void
a_look_up_brings_the_numbers_and_a_change_brings_no_code(void **state)
{
    mc_letter_t      letter;
    mc_member_t      member;
    mc_outbox_row_t  row;

    member = somebody("13800001234", "");
    assert_int_equal(make(&member, MC_MESSAGE_LOOKUP, 0, &row), MC_OK);
    letter = letter_of(&row);

    assert_true(holds(letter.text, "会员编号 330000010001，证书编号 Z330001"));
    assert_true(holds(letter.text, "certificate number Z330001. " CODE));
    assert_text(mc_json_get_str(params_of(&letter), "certificate_no"),
                "Z330001");

    value_set(&member, "certificate_no", "");
    assert_int_equal(make(&member, MC_MESSAGE_LOOKUP, 0, &row), MC_OK);
    letter = letter_of(&row);
    assert_true(holds(letter.text, "证书编号 -。"));

    assert_int_equal(make(&member, MC_MESSAGE_CHANGED, 0, &row), MC_OK);
    assert_int_equal(row.expires_at, DAY_ONE + MC_DAY);
    letter = letter_of(&row);
    assert_true(holds(letter.text, "您的密码已于 2026-09-21 22:13 修改"));
    assert_true(holds(letter.text, "changed at 2026-09-21 22:13"));
    assert_false(holds(letter.json, CODE));

    assert_int_equal(make(&member, MC_MESSAGE_CONTACT, 0, &row), MC_OK);
    assert_true(mc_str_is(row.kind, "contact"));
    assert_int_equal(row.expires_at, DAY_ONE + MC_DAY);
    letter = letter_of(&row);
    assert_true(holds(letter.text, "您登记的联系方式已于 2026-09-21 22:13 变更。"
                                   "如非本人操作，请立即致电 010-88250337/0338"));
    assert_true(holds(letter.text, "contact details on your record were "
                                   "changed at 2026-09-21 22:13. If it was "
                                   "not you, call 010-88250337/0338"));
    assert_text(mc_json_get_str(params_of(&letter), "time"),
                "2026-09-21 22:13");
    assert_false(holds(letter.json, CODE));
}


static void
the_channel_is_the_one_asked_for_where_site_and_record_have_it(void **state)
{
    size_t           i;
    mc_err_t         err;
    mc_member_t      member;
    mc_outbox_row_t  row;

    static const struct {
        const char  *line;
        const char  *phone;
        const char  *email;
        unsigned     prefer;
        unsigned     channel;       /* 0: nobody can be reached */
    } rows[] = {
        { "exec", "13800001234", "a@example.org", 0, MC_OUTBOX_SMS },
        { "exec", "13800001234", "a@example.org", MC_OUTBOX_EMAIL,
          MC_OUTBOX_EMAIL },
        { "exec", "13800001234", "", MC_OUTBOX_EMAIL, MC_OUTBOX_SMS },
        { "exec", "", "a@example.org", MC_OUTBOX_SMS, MC_OUTBOX_EMAIL },
        { "exec", "", "", 0, 0 },
        { "exec", "12", "a@b\r\nBcc:~c@example.org", 0, 0 },
        { "exec channel=sms", "13800001234", "a@example.org",
          MC_OUTBOX_EMAIL, MC_OUTBOX_SMS },
        { "exec channel=sms", "", "a@example.org", 0, 0 },
        { "exec channel=email", "13800001234", "a@example.org", 0,
          MC_OUTBOX_EMAIL },
        { "smtps://mail.example from=a@b.example", "13800001234",
          "a@example.org", 0, MC_OUTBOX_EMAIL },
        { "smtps://mail.example from=a@b.example", "13800001234", "", 0, 0 },
    };

    for (i = 0; i < mc_count(rows); i++) {
        char            line[256], error[MC_SETTINGS_ERROR];
        mc_site_t       site;
        mc_settings_t  *settings;

        settings = mc_settings_create();
        assert_non_null(settings);
        (void) snprintf(line, sizeof(line), "membercert_outbox %s",
                        rows[i].line);
        assert_int_equal(take_line(settings, line, error), MC_OK);

        site = *t.site;
        site.settings = settings;
        member = somebody(rows[i].phone, rows[i].email);

        err = mc_message_make(&site, &member, MC_MESSAGE_CODE,
                              &(mc_message_args_t) { .now = DAY_ONE,
                                  .prefer = rows[i].prefer,
                                  .code = mc_str(CODE),
                                  .ttl = MC_MINUTE }, &row, &arena);

        if (rows[i].channel == 0) {
            assert_int_equal(err, MC_ENOTFOUND);

        } else {
            assert_int_equal(err, MC_OK);
            assert_int_equal(row.channel, rows[i].channel);
        }

        mc_settings_free(settings);
    }
}


static void
nothing_of_a_message_can_be_read_and_none_stands_for_another(void **state)
{
    mc_letter_t      letter;
    mc_member_t      member;
    mc_outbox_row_t  one, two;

    member = somebody("13800001234", "");
    assert_int_equal(make(&member, MC_MESSAGE_CODE, 0, &one), MC_OK);
    assert_int_equal(make(&member, MC_MESSAGE_CODE, 0, &two), MC_OK);

    assert_string_not_equal(one.dedupe, two.dedupe);
    assert_false(holds(one.sealed, CODE));
    assert_false(holds(one.sealed, "13800001234"));

    two.sealed = one.sealed;
    assert_int_equal(mc_message_open(t.site, &two, &arena, &letter),
                     MC_ECORRUPT);

    one.sealed.len--;
    assert_int_equal(mc_message_open(t.site, &one, &arena, &letter),
                     MC_ECORRUPT);
}


static void
running_out_of_memory_makes_no_message_nomem(void **state)
{
    mc_err_t         err;
    mc_member_t      member;
    unsigned long    n;
    mc_outbox_row_t  row;

    member = somebody("13800001234", "");
    err = MC_ENOMEM;

    for (n = 1; n < 40 && err != MC_OK; n++) {
        mc_arena_free(&arena);
        mc_alloc_fail_at(n, false);
        err = make(&member, MC_MESSAGE_CODE, 0, &row);
        mc_alloc_fail_at(0, false);

        assert_true(err == MC_OK || err == MC_ENOMEM);
    }

    assert_int_equal(err, MC_OK);
    assert_true(n > 3);
    (void) letter_of(&row);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            a_code_is_said_in_both_languages_and_expires_with_itself),
        cmocka_unit_test(
            a_look_up_brings_the_numbers_and_a_change_brings_no_code),
        cmocka_unit_test(
            the_channel_is_the_one_asked_for_where_site_and_record_have_it),
        cmocka_unit_test(
            nothing_of_a_message_can_be_read_and_none_stands_for_another),
        cmocka_unit_test(running_out_of_memory_makes_no_message_nomem)
    };

    return cmocka_run_group_tests_name("service: messages", tests, setup,
                                       teardown);
}
