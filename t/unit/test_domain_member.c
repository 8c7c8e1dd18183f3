/*
 * Unit tests of domain: members and institutes (S08, S38, I14).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_member.h"


static void
a_standing_is_read_by_code_or_by_its_chinese_word_I14(void **state)
{
    static const struct {
        mc_status_t  status;
        const char  *code;
        const char  *zh;
        const char  *en;
    } cases[] = {
        { MC_STATUS_ACTIVE, "active", "正常", "Active" },
        { MC_STATUS_SUSPENDED, "suspended", "暂停", "Suspended" },
        { MC_STATUS_LEFT, "left", "已退会", "Left" },
        { MC_STATUS_DECEASED, "deceased", "已故", "Deceased" },
    };

    size_t       i;
    mc_status_t  status;

    assert_int_equal(mc_count(cases), MC_STATUSES);

    for (i = 0; i < mc_count(cases); i++) {
        status = cases[i].status;

        assert_string_equal(mc_status_code(status), cases[i].code);
        assert_true(mc_str_is(mc_status_text(status, false), cases[i].zh));
        assert_true(mc_str_is(mc_status_text(status, true), cases[i].en));

        status = MC_STATUSES;
        assert_true(mc_status_read(mc_str_from(cases[i].code), &status));
        assert_int_equal(status, cases[i].status);

        status = MC_STATUSES;
        assert_true(mc_status_read(mc_str_from(cases[i].zh), &status));
        assert_int_equal(status, cases[i].status);
    }

    assert_false(mc_status_read(mc_str("Active"), &status));
    assert_false(mc_status_read(mc_str(""), &status));
    assert_string_equal(mc_status_code(MC_STATUSES), "");
    assert_int_equal(mc_status_text(MC_STATUSES, true).len, 0);
}


static const mc_field_t *
field_of(const mc_fields_t *fields, const char *key)
{
    const mc_field_t  *field;

    field = mc_field_find(fields, mc_str_from(key));
    assert_non_null(field);

    return field;
}


static void
a_value_lives_in_its_column_or_in_the_profile(void **state)
{
    mc_fields_t         fields;
    mc_member_t         member = { 0 };
    const mc_field_t   *name, *phone, *email;

    mc_fields_builtin(&fields);
    name = field_of(&fields, "name");
    phone = field_of(&fields, "phone");
    email = field_of(&fields, "email");

    assert_int_equal(mc_member_value(&member, name).len, 0);
    assert_int_equal(mc_member_value(&member, phone).len, 0);

    assert_int_equal(mc_member_set(&member, name, mc_str("A")), MC_OK);
    assert_int_equal(mc_member_set(&member, phone, mc_str("1")), MC_OK);
    assert_int_equal(mc_member_set(&member, email, mc_str("2")), MC_OK);
    assert_int_equal(mc_member_set(&member, phone, mc_str("3")), MC_OK);

    assert_true(mc_str_is(member.columns[MC_COLUMN_NAME], "A"));
    assert_true(mc_str_is(mc_member_value(&member, name), "A"));
    assert_true(mc_str_is(mc_member_value(&member, phone), "3"));
    assert_true(mc_str_is(mc_member_value(&member, email), "2"));
    assert_int_equal(member.value_count, 2);

    /* an empty value takes the entry away */

    assert_int_equal(mc_member_set(&member, phone, mc_str_null), MC_OK);
    assert_int_equal(member.value_count, 1);
    assert_int_equal(mc_member_value(&member, phone).len, 0);
    assert_true(mc_str_is(mc_member_value(&member, email), "2"));
    assert_int_equal(mc_member_set(&member, phone, mc_str_null), MC_OK);
    assert_int_equal(member.value_count, 1);
}


static void
a_full_profile_refuses_one_more_but_still_changes(void **state)
{
    size_t       i;
    mc_field_t   field = { 0 };
    mc_member_t  member = { 0 };

    static char  keys[MC_FIELDS + 1][4];

    for (i = 0; i <= MC_FIELDS; i++) {
        keys[i][0] = 'k';
        keys[i][1] = (char) ('0' + i / 10);
        keys[i][2] = (char) ('0' + i % 10);

        field.key = mc_str_from(keys[i]);
        assert_int_equal(mc_member_set(&member, &field, mc_str("v")),
                         i < MC_FIELDS ? MC_OK : MC_ETOOBIG);
    }

    assert_int_equal(member.value_count, MC_FIELDS);

    field.key = mc_str_from(keys[MC_FIELDS - 1]);
    assert_int_equal(mc_member_set(&member, &field, mc_str("w")), MC_OK);
    assert_true(mc_str_is(mc_member_value(&member, &field), "w"));

    field.key = mc_str_from(keys[0]);
    assert_int_equal(mc_member_set(&member, &field, mc_str_null), MC_OK);
    assert_int_equal(member.value_count, MC_FIELDS - 1);
    field.key = mc_str_from(keys[MC_FIELDS - 1]);
    assert_true(mc_str_is(mc_member_value(&member, &field), "w"));
}


static void
sex_is_shown_as_a_word_and_the_rest_as_it_is(void **state)
{
    mc_field_t  sex = { .type = MC_FIELD_SEX };
    mc_field_t  date = { .type = MC_FIELD_DATE };

#define shown(field, value, english, word)                                   \
    assert_true(mc_str_is(mc_member_shown(field, mc_str(value), english),    \
                          word))

    shown(&sex, "M", false, "男");
    shown(&sex, "F", false, "女");
    shown(&sex, "M", true, "Male");
    shown(&sex, "F", true, "Female");
    shown(&sex, "", false, "");
    shown(&date, "2020-01-02", true, "2020-01-02");
    shown(&date, "M", false, "M");
}


static void
check_profile(const mc_member_t *member, const char *expected)
{
    mc_buf_t  buf;

    mc_buf_init(&buf, 4096);
    assert_int_equal(mc_member_profile_write(member, &buf), MC_OK);
    assert_int_equal(buf.len, strlen(expected));
    assert_memory_equal(buf.data, expected, buf.len);
    mc_buf_free(&buf);
}


static void
a_profile_is_written_in_key_order_and_reads_back(void **state)
{
    mc_buf_t     buf;
    mc_arena_t   arena;
    mc_member_t  member = { 0 }, read = { 0 };
    mc_field_t   field = { 0 };

    check_profile(&member, "{}");

    field.key = mc_str("phone");
    assert_int_equal(mc_member_set(&member, &field, mc_str("138\"")), MC_OK);
    field.key = mc_str("a");
    assert_int_equal(mc_member_set(&member, &field, mc_str("1")), MC_OK);
    field.key = mc_str("phone2");
    assert_int_equal(mc_member_set(&member, &field, mc_str("𠮷")), MC_OK);
    field.key = mc_str("email");
    assert_int_equal(mc_member_set(&member, &field, mc_str("x")), MC_OK);

    check_profile(&member, "{\"a\":\"1\",\"email\":\"x\","
                           "\"phone\":\"138\\\"\",\"phone2\":\"𠮷\"}");

    mc_arena_init(&arena, 65536);
    mc_buf_init(&buf, 4096);
    assert_int_equal(mc_member_profile_write(&member, &buf), MC_OK);

    read.value_count = 7;       /* what stood before is replaced */
    assert_int_equal(mc_member_profile_read(&read, mc_buf_view(&buf),
                                            &arena), MC_OK);
    mc_buf_free(&buf);

    assert_int_equal(read.value_count, 4);
    field.key = mc_str("phone");
    assert_true(mc_str_is(mc_member_value(&read, &field), "138\""));
    field.key = mc_str("phone2");
    assert_true(mc_str_is(mc_member_value(&read, &field), "𠮷"));

    assert_int_equal(mc_member_profile_read(&read, mc_str_null, &arena),
                     MC_OK);
    assert_int_equal(read.value_count, 0);
    mc_arena_free(&arena);
}


static void
a_profile_of_another_form_is_corrupt(void **state)
{
    static const char *const cases[] = {
        "[]", "{", "\"x\"", "null", "{\"a\":1}", "{\"a\":null}",
        "{\"a\":{\"b\":\"c\"}}", "{\"A\":\"x\"}", "{\"\":\"x\"}",
        "{\"a\":\"x\",\"a\":\"y\"}"
    };

    size_t       i, n;
    char         many[2048];
    mc_arena_t   arena;
    mc_member_t  member = { 0 };

    mc_arena_init(&arena, 65536);

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(mc_member_profile_read(&member,
                                                mc_str_from(cases[i]),
                                                &arena),
                         MC_ECORRUPT);
        assert_int_equal(member.value_count, 0);
    }

    /* one value more than there can be fields */

    n = 0;
    many[n++] = '{';

    for (i = 0; i <= MC_FIELDS; i++) {
        n += (size_t) snprintf(many + n, sizeof(many) - n,
                               "%s\"k%u\":\"v\"", i > 0 ? "," : "",
                               (unsigned) i);
    }

    many[n++] = '}';

    assert_int_equal(mc_member_profile_read(&member,
                                            (mc_str_t) { many, n }, &arena),
                     MC_ECORRUPT);
    mc_arena_free(&arena);

    /* no memory is no corruption */

    mc_arena_init(&arena, 16);
    assert_int_equal(mc_member_profile_read(&member, mc_str("{\"a\":\"b\"}"),
                                            &arena),
                     MC_ENOMEM);
    mc_arena_free(&arena);
}


static void
a_pasted_membership_number_loses_its_blanks_S08(void **state)
{
    static const struct {
        const char  *text;
        const char  *number;    /* NULL: refused */
    } cases[] = {
        { "13800001234", "13800001234" },
        { " 1380 000 1234", "13800001234" },
        { "\t33-0\r\n001\xC2\xA0", "33-0001" },
        { "\xE3\x80\x80" "330001\xE2\x80\x8B", "330001" },
        { "\xEF\xBB\xBF" "AZ19az", "AZ19az" },
        { "12345678901234567890123456789012",
          "12345678901234567890123456789012" },
        { "123456789012345678901234567890123", NULL },
        { "", NULL },
        { "   ", NULL },
        { "33_01", NULL },
        { "33.01", NULL },
        { "会员1", NULL },
        { "33\xFF" "01", NULL },
    };

    size_t      i;
    mc_err_t    err;
    mc_str_t    number;
    mc_arena_t  arena;

    mc_arena_init(&arena, 65536);

    for (i = 0; i < mc_count(cases); i++) {
        err = mc_member_no_read(mc_str_from(cases[i].text), &arena, &number);

        if (cases[i].number == NULL) {
            assert_int_equal(err, MC_EINVAL);
            continue;
        }

        assert_int_equal(err, MC_OK);
        assert_true(mc_str_is(number, cases[i].number));
    }

    assert_int_equal(mc_member_no_read((mc_str_t) { "1\0002", 3 }, &arena,
                                       &number),
                     MC_EINVAL);
    mc_arena_free(&arena);

    mc_arena_init(&arena, 0);
    assert_int_equal(mc_member_no_read(mc_str("1"), &arena, &number),
                     MC_ENOMEM);
    mc_arena_free(&arena);
}


static void
the_contact_of_an_institute_is_one_line_S38(void **state)
{
    static const struct {
        const char  *name;
        const char  *contact;
        const char  *phone;
        const char  *line;
    } cases[] = {
        { "浙江省注册会计师协会", "", "0571-12345678",
          "浙江省注册会计师协会 0571-12345678" },
        { "浙江注协", "会员部", "0571-1", "浙江注协 会员部 0571-1" },
        { "浙江注协", "会员部", "", "浙江注协 会员部 010-1" },
        { "", "会员部", "2", "会员部 2" },
        { "", "", "2", "2" },
        { "浙江注协", "", "", "浙江注协 010-1" },
        { "", "", "", "010-1" },
    };

    size_t          i;
    mc_str_t        line;
    mc_arena_t      arena;
    mc_institute_t  institute = { 0 };

    mc_arena_init(&arena, 65536);

    for (i = 0; i < mc_count(cases); i++) {
        institute.name = mc_str_from(cases[i].name);
        institute.contact = mc_str_from(cases[i].contact);
        institute.phone = mc_str_from(cases[i].phone);

        line = mc_institute_line(&institute, mc_str("010-1"), &arena);
        assert_non_null(line.data);
        assert_string_equal(line.data, cases[i].line);
    }

    line = mc_institute_line(NULL, mc_str("010-1"), &arena);
    assert_true(mc_str_is(line, "010-1"));

    memset(&institute, 0, sizeof(institute));
    line = mc_institute_line(&institute, mc_str_null, &arena);
    assert_non_null(line.data);
    assert_int_equal(line.len, 0);
    mc_arena_free(&arena);

    mc_arena_init(&arena, 0);
    assert_null(mc_institute_line(&institute, mc_str("1"), &arena).data);
    assert_null(mc_institute_line(NULL, mc_str("1"), &arena).data);
    mc_arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            a_standing_is_read_by_code_or_by_its_chinese_word_I14),
        cmocka_unit_test(a_value_lives_in_its_column_or_in_the_profile),
        cmocka_unit_test(a_full_profile_refuses_one_more_but_still_changes),
        cmocka_unit_test(sex_is_shown_as_a_word_and_the_rest_as_it_is),
        cmocka_unit_test(a_profile_is_written_in_key_order_and_reads_back),
        cmocka_unit_test(a_profile_of_another_form_is_corrupt),
        cmocka_unit_test(a_pasted_membership_number_loses_its_blanks_S08),
        cmocka_unit_test(the_contact_of_an_institute_is_one_line_S38),
    };

    return cmocka_run_group_tests_name("domain: members", tests, NULL, NULL);
}
