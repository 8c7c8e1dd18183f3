/*
 * Unit tests of domain: fields (S37, S38) - what is acceptable, what is
 * hidden.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_field.h"


static const mc_field_t *
builtin(mc_fields_t *fields, const char *key)
{
    const mc_field_t  *field;

    mc_fields_builtin(fields);
    field = mc_field_find(fields, mc_str_from(key));
    assert_non_null(field);

    return field;
}


static void
the_built_in_set_says_who_edits_what_S37_S38(void **state)
{
    static const struct {
        const char       *key;
        mc_field_type_t   type;
        bool              required;
        bool              member_edits;
        bool              sensitive;
    } cases[] = {
        { "name", MC_FIELD_TEXT, true, false, false },
        { "sex", MC_FIELD_SEX, true, false, false },
        { "certificate_no", MC_FIELD_TEXT, true, false, false },
        { "category", MC_FIELD_TEXT, true, false, false },
        { "admitted_on", MC_FIELD_DATE, true, false, false },
        { "institute", MC_FIELD_INSTITUTE, true, false, false },
        { "id_number", MC_FIELD_ID_NUMBER, true, false, true },
        { "phone", MC_FIELD_PHONE, true, true, true },
        { "email", MC_FIELD_EMAIL, false, true, true },
        { "work_unit", MC_FIELD_TEXT, true, true, false },
        { "address", MC_FIELD_TEXT, true, true, true },
        { "postcode", MC_FIELD_POSTCODE, false, true, false },
    };

    size_t             i;
    mc_fields_t        fields;
    const mc_field_t  *field;

    mc_fields_builtin(&fields);
    assert_int_equal(fields.count, mc_count(cases));

    for (i = 0; i < mc_count(cases); i++) {
        field = &fields.items[i];

        assert_true(mc_str_is(field->key, cases[i].key));
        assert_ptr_equal(mc_field_find(&fields, field->key), field);
        assert_int_equal(field->type, cases[i].type);
        assert_int_equal(field->required, cases[i].required);
        assert_int_equal(field->member_edits, cases[i].member_edits);
        assert_int_equal(field->sensitive, cases[i].sensitive);
        assert_int_equal(field->column, i < 6 ? (int) i + 1 : 0);
        assert_true(field->max > 0 && field->max <= MC_FIELD_MAX);
        assert_true(field->zh.len > 0 && field->en.len > 0);
        assert_true(mc_field_key_valid(field->key));
    }

    assert_null(mc_field_find(&fields, mc_str("nam")));
    assert_null(mc_field_find(&fields, mc_str_null));

    /* a column of each is its own */

    assert_int_equal(fields.items[2].column, MC_COLUMN_CERTIFICATE_NO);
    assert_int_equal(fields.items[3].column, MC_COLUMN_CATEGORY);
}


static void
types_read_back_as_named(void **state)
{
    unsigned         type;
    mc_field_type_t  read;

    for (type = 0; type <= MC_FIELD_INSTITUTE; type++) {
        assert_true(mc_field_type_read(
            mc_str_from(mc_field_type_name((mc_field_type_t) type)), &read));
        assert_int_equal(read, type);
    }

    assert_false(mc_field_type_read(mc_str("Text"), &read));
    assert_false(mc_field_type_read(mc_str(""), &read));
}


static void
a_key_is_of_small_letters_digits_and_underscore(void **state)
{
    assert_true(mc_field_key_valid(mc_str("a")));
    assert_true(mc_field_key_valid(mc_str("work_unit2")));
    assert_true(mc_field_key_valid(
        mc_str("abcdefghijklmnopqrstuvwxyz012345")));
    assert_false(mc_field_key_valid(
        mc_str("abcdefghijklmnopqrstuvwxyz0123456")));
    assert_false(mc_field_key_valid(mc_str("")));
    assert_false(mc_field_key_valid(mc_str("Name")));
    assert_false(mc_field_key_valid(mc_str("a-b")));
    assert_false(mc_field_key_valid((mc_str_t) { "a\0b", 3 }));
}


/* code: MC_P_NONE where the value is fine */
static const struct {
    const char         *key;
    mc_str_t            value;
    mc_problem_code_t   code;
} check_cases[] = {

#define fine(key, value)  { key, { value, sizeof(value) - 1 }, MC_P_NONE }
#define bad(key, value)                                                      \
    { key, { value, sizeof(value) - 1 }, MC_P_FIELD_FORMAT }
#define empty(key, value)                                                    \
    { key, { value, sizeof(value) - 1 }, MC_P_FIELD_REQUIRED }

    fine("name", "张三"),
    fine("name", "𠮷野·阿卜杜"),
    bad("name", "a\nb"),
    bad("name", "a\0b"),
    bad("name", "\xE4\xBD"),
    bad("name", "a\xE2\x80\xAE" "b"),       /* direction override */
    empty("name", ""),
    empty("name", " \xE3\x80\x80"),

    fine("sex", "M"),
    fine("sex", "F"),
    bad("sex", "m"),
    bad("sex", "X"),

    fine("admitted_on", "2020-02-29"),
    bad("admitted_on", "2019-02-29"),
    bad("admitted_on", "2020-2-9"),
    bad("admitted_on", "2020/02/09"),

    fine("institute", "33"),
    fine("institute", "zj-hz_1"),
    bad("institute", "a b"),
    bad("institute", "浙江"),

    /* the first and third are the examples of GB 11643 */
    fine("id_number", "11010519491231002X"),
    fine("id_number", "11010519491231002x"),
    fine("id_number", "440524188001010014"),
    bad("id_number", "110105194912310021"),
    bad("id_number", "11010519491231002"),
    bad("id_number", "11010519490231002X"), /* 31 February */
    bad("id_number", "01010519491231002X"),
    bad("id_number", "1101051949123100AX"),

    fine("phone", "13800001234"),
    fine("phone", "19912345678"),
    fine("phone", "+852-2345-6789"),
    fine("phone", "+8613800001234"),
    bad("phone", "12800001234"),
    bad("phone", "1380000123"),
    bad("phone", "1380000123a"),
    bad("phone", "23800001234"),
    bad("phone", "+"),
    bad("phone", "+85212"),
    bad("phone", "+-85223456789"),
    bad("phone", "+852--23456789"),
    bad("phone", "+85223456789-"),
    bad("phone", "+8522345 6789"),
    bad("phone", "+1234567890123456"),      /* 16 digits */

    fine("email", ""),
    fine("email", "zhang.san@example.org"),
    fine("email", "z+1@a-b.example"),
    bad("email", "zhangsan"),
    bad("email", "@example.org"),
    bad("email", "a@"),
    bad("email", "a@example"),
    bad("email", "a@b@example.org"),
    bad("email", ".a@example.org"),
    bad("email", "a..b@example.org"),
    bad("email", "a b@example.org"),
    bad("email", "a@-b.example"),
    bad("email", "a@b-.example"),
    bad("email", "a@b.example-"),
    bad("email", "a@.example"),
    bad("email", "a@b..example"),
    bad("email", "张@example.org"),
    bad("email", "a2345678901234567890123456789012345678901234567890"
                 "123456789012345@example.org"),

    fine("postcode", "310000"),
    fine("postcode", ""),
    bad("postcode", "31000a"),
    bad("postcode", "31000"),

    empty("phone", ""),
    empty("work_unit", ""),
    fine("work_unit", "某某会计师事务所（特殊普通合伙）"),
};


static void
a_value_is_checked_by_its_type_S37(void **state)
{
    size_t             i;
    mc_fields_t        fields;
    mc_problems_t      problems;
    const mc_field_t  *field;

    for (i = 0; i < mc_count(check_cases); i++) {
        memset(&problems, 0, sizeof(problems));
        field = builtin(&fields, check_cases[i].key);

        if (mc_field_check(field, check_cases[i].value, &problems)
            != (check_cases[i].code == MC_P_NONE))
        {
            fail_msg("%s=\"%.*s\"", check_cases[i].key,
                     (int) check_cases[i].value.len,
                     check_cases[i].value.data);
        }

        if (check_cases[i].code == MC_P_NONE) {
            assert_int_equal(problems.count, 0);
            continue;
        }

        assert_int_equal(problems.count, 1);
        assert_int_equal(problems.items[0].code, check_cases[i].code);
        assert_true(mc_str_eq(problems.items[0].field, field->key));
        assert_true(mc_str_eq(
            mc_problem_get(&problems.items[0], "field")->zh, field->zh));
    }
}


static void
a_value_that_is_too_long_names_the_maximum(void **state)
{
    size_t         i;
    uint32_t       max;
    char           letters[4], value[3 * 3];
    mc_field_t     field = { .key = mc_str("x"), .zh = mc_str("x") };
    mc_problems_t  problems;

    /* counted in letters, not bytes */

    for (i = 0; i < 3; i++) {
        memcpy(value + 3 * i, "\xE5\xBC\xA0", 3);
    }

    memset(&problems, 0, sizeof(problems));
    field.max = 3;
    assert_true(mc_field_check(&field, (mc_str_t) { value, 9 }, &problems));

    field.max = 2;
    assert_false(mc_field_check(&field, (mc_str_t) { value, 9 }, &problems));
    assert_int_equal(problems.items[0].code, MC_P_FIELD_TOO_LONG);
    assert_true(mc_str_is(mc_problem_get(&problems.items[0], "max")->zh,
                          "2"));

    /* every maximum that a field may have is written right */

    static char  many[MC_FIELD_MAX + 1];
    memset(many, 'a', sizeof(many));

    for (max = 1; max <= MC_FIELD_MAX; max++) {
        memset(&problems, 0, sizeof(problems));
        field.max = max;

        assert_true(mc_field_check(&field, (mc_str_t) { many, max },
                                   &problems));
        assert_false(mc_field_check(&field, (mc_str_t) { many, max + 1 },
                                    &problems));

        (void) snprintf(letters, sizeof(letters), "%u", max);
        assert_true(mc_str_is(mc_problem_get(&problems.items[0], "max")->zh,
                              letters));
    }
}


static void
sensitive_values_are_masked_S37(void **state)
{
    static const struct {
        const char  *key;
        const char  *value;
        const char  *masked;
    } cases[] = {
        { "phone", "13800005678", "138****5678" },
        { "phone", "+852-23456789", "+85****6789" },
        { "phone", "+852123", "+85******" },
        { "id_number", "33010119900101123X", "3301**********123X" },
        { "id_number", "H12345678", "H12******" },
        { "email", "zhangsan@example.org", "zh***@example.org" },
        { "email", "zh@example.org", "z***@example.org" },
        { "email", "z@example.org", "***@example.org" },
        { "email", "broken", "bro******" },
        { "address", "杭州市西湖区文三路1号", "杭州市******" },
        { "address", "杭州市", "******" },
        { "address", "杭", "******" },
        { "address", "𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷******" },
        { "phone", "", "" },
        { "name", "张三", "张三" },
        { "work_unit", "某某事务所", "某某事务所" },
    };

    size_t       i;
    mc_str_t     masked;
    mc_arena_t   arena;
    mc_fields_t  fields;

    mc_arena_init(&arena, 65536);

    for (i = 0; i < mc_count(cases); i++) {
        masked = mc_field_mask(builtin(&fields, cases[i].key),
                               mc_str_from(cases[i].value), &arena);
        assert_non_null(masked.data);
        assert_string_equal(masked.data, cases[i].masked);
        assert_int_equal(masked.len, strlen(cases[i].masked));
    }

    mc_arena_free(&arena);
}


static void
a_mask_without_memory_has_no_data(void **state)
{
    mc_arena_t   arena;
    mc_fields_t  fields;

    mc_arena_init(&arena, 0);
    assert_null(mc_field_mask(builtin(&fields, "phone"),
                              mc_str("13800005678"), &arena).data);
    assert_null(mc_field_mask(builtin(&fields, "name"), mc_str("x"),
                              &arena).data);
    mc_arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_built_in_set_says_who_edits_what_S37_S38),
        cmocka_unit_test(types_read_back_as_named),
        cmocka_unit_test(a_key_is_of_small_letters_digits_and_underscore),
        cmocka_unit_test(a_value_is_checked_by_its_type_S37),
        cmocka_unit_test(a_value_that_is_too_long_names_the_maximum),
        cmocka_unit_test(sensitive_values_are_masked_S37),
        cmocka_unit_test(a_mask_without_memory_has_no_data),
    };

    return cmocka_run_group_tests_name("domain: fields", tests, NULL, NULL);
}
