/*
 * Unit tests of domain: what blocks a certificate, and in which order
 * (S19, S20,
 * S22, S24, S25, S26, S34, S37, S38, I14, X01).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_certificate.h"


typedef struct {
    mc_arena_t              arena;
    mc_settings_t          *settings;
    mc_member_t             member;
    mc_institute_t          institute;
    mc_certificate_facts_t  facts;
    mc_problems_t           problems;
} world_t;


static void
set(world_t *world, const char *key, const char *value)
{
    const mc_field_t  *field;

    field = mc_field_find(&world->settings->fields, mc_str_from(key));
    assert_non_null(field);
    assert_int_equal(mc_member_set(&world->member, field,
                                   mc_str_from(value)),
                     MC_OK);
}


/* A member with everything in place. */
static void
make_world(world_t *world)
{
    memset(world, 0, sizeof(*world));
    mc_arena_init(&world->arena, 262144);

    world->settings = mc_settings_create();
    assert_non_null(world->settings);

    world->member.member_no = mc_str("330001");
    set(world, "name", "张三");
    set(world, "sex", "M");
    set(world, "category", "非执业会员");
    set(world, "certificate_no", "FZ-0001");
    set(world, "admitted_on", "2015-06-01");
    set(world, "institute", "33");
    set(world, "id_number", "11010519491231002X");
    set(world, "phone", "13800001234");
    set(world, "work_unit", "某某事务所");
    set(world, "address", "杭州市");

    world->institute.code = mc_str("33");
    world->institute.name = mc_str("浙江注协");
    world->institute.name_en = mc_str("Zhejiang Institute");
    world->institute.phone = mc_str("0571-1");

    world->facts.photo_present = true;
    world->facts.photo_readable = true;
}


static void
free_world(world_t *world)
{
    mc_settings_free(world->settings);
    mc_arena_free(&world->arena);
}


static void
judge(world_t *world)
{
    memset(&world->problems, 0, sizeof(world->problems));
    assert_int_equal(mc_certificate_blockers(world->settings, &world->member,
                                             &world->institute,
                                             &world->facts, &world->arena,
                                             &world->problems),
                     MC_OK);
}


static void
check_text(const mc_problem_t *problem, bool english, const char *expected)
{
    mc_buf_t  buf;

    mc_buf_init(&buf, 1024);
    assert_int_equal(mc_problem_text(problem, english, &buf), MC_OK);
    assert_int_equal(buf.len, strlen(expected));
    assert_memory_equal(buf.data, expected, buf.len);
    mc_buf_free(&buf);
}


static void
nothing_blocks_a_member_with_everything_in_place(void **state)
{
    world_t  world;

    make_world(&world);
    judge(&world);
    assert_int_equal(world.problems.count, 0);
    free_world(&world);
}


static void
a_member_in_bad_standing_is_refused_with_the_contact_I14(void **state)
{
    unsigned  status;
    world_t   world;

    make_world(&world);

    for (status = MC_STATUS_SUSPENDED; status < MC_STATUSES; status++) {
        world.member.status = (mc_status_t) status;
        judge(&world);
        assert_int_equal(world.problems.count, 1);
        assert_int_equal(world.problems.items[0].code,
                         MC_P_MEMBER_NOT_ACTIVE);
    }

    world.member.status = MC_STATUS_LEFT;
    judge(&world);
    check_text(&world.problems.items[0], false,
               "会员状态为“已退会”，暂不能下载会员证，请联系 "
               "浙江注协 0571-1");
    check_text(&world.problems.items[0], true,
               "Status “Left”: no certificate; please contact "
               "Zhejiang Institute 0571-1");
    free_world(&world);
}


static void
missing_items_are_named_with_who_may_fill_them_S34_S37_S38(void **state)
{
    world_t         world;
    mc_problem_t   *items;

    make_world(&world);
    set(&world, "certificate_no", "");
    set(&world, "phone", " \xE3\x80\x80");      /* blanks are nothing */
    set(&world, "email", "");                   /* is not required */
    judge(&world);

    items = world.problems.items;
    assert_int_equal(world.problems.count, 3);

    assert_int_equal(items[0].code, MC_P_PROFILE_INCOMPLETE);
    check_text(&items[0], false,
               "请您先将基础信息中的必填信息补充完整…");

    assert_int_equal(items[1].code, MC_P_FIELD_INSTITUTE_ONLY);
    assert_true(mc_str_is(items[1].field, "certificate_no"));
    assert_true(mc_str_is(mc_problem_get(&items[1], "field")->zh,
                          "证书编号"));
    check_text(&items[1], false,
               "该项需联系所属注协修改：浙江注协 0571-1");

    assert_int_equal(items[2].code, MC_P_FIELD_REQUIRED);
    assert_true(mc_str_is(items[2].field, "phone"));
    check_text(&items[2], false, "请填写手机号码");
    check_text(&items[2], true, "Mobile phone is required");

    free_world(&world);
}


static void
an_institute_without_a_name_is_missing_S38(void **state)
{
    world_t         world;
    mc_problems_t  *problems;

    make_world(&world);
    problems = &world.problems;

    assert_int_equal(mc_certificate_blockers(world.settings, &world.member,
                                             NULL, &world.facts,
                                             &world.arena, problems),
                     MC_OK);
    assert_int_equal(problems->count, 2);
    assert_int_equal(problems->items[1].code, MC_P_FIELD_INSTITUTE_ONLY);
    assert_true(mc_str_is(problems->items[1].field, "institute"));
    check_text(&problems->items[1], false,
               "该项需联系所属注协修改：010-88250337/0338");

    free_world(&world);
}


static const struct {
    mc_case_state_t    state;
    bool               present;
    bool               readable;
    uint32_t           attempts;
    mc_problem_code_t  code;
} photo_cases[] = {

    /* on record: valid while a new one is compared */
    { MC_CASE_NONE, true, true, 0, MC_P_NONE },
    { MC_CASE_PENDING, true, true, 1, MC_P_NONE },
    { MC_CASE_REVIEW, true, true, 1, MC_P_NONE },
    { MC_CASE_MISMATCHED, true, true, 5, MC_P_NONE },
    { MC_CASE_MATCHED, true, true, 0, MC_P_NONE },
    { MC_CASE_CONFIRMED, true, true, 0, MC_P_NONE },

    /* there, but cannot be read */
    { MC_CASE_NONE, true, false, 0, MC_P_PHOTO_UNAVAILABLE },
    { MC_CASE_PENDING, true, false, 0, MC_P_PHOTO_UNAVAILABLE },
    { MC_CASE_CONFIRMED, true, false, 5, MC_P_PHOTO_UNAVAILABLE },

    /* none */
    { MC_CASE_NONE, false, false, 0, MC_P_PHOTO_NONE },
    { MC_CASE_NONE, false, true, 0, MC_P_PHOTO_NONE },
    { MC_CASE_CLOSED, false, false, 4, MC_P_PHOTO_NONE },
    { MC_CASE_CLOSED, false, false, 5, MC_P_ATTEMPTS_USED },
    { MC_CASE_PENDING, false, false, 4, MC_P_COMPARE_PENDING },
    { MC_CASE_PENDING, false, false, 5, MC_P_COMPARE_PENDING },
    { MC_CASE_REVIEW, false, false, 0, MC_P_COMPARE_REVIEW },
    { MC_CASE_MISMATCHED, false, false, 1, MC_P_COMPARE_MISMATCHED },
    { MC_CASE_MISMATCHED, false, false, 4, MC_P_COMPARE_MISMATCHED },
    { MC_CASE_MISMATCHED, false, false, 5, MC_P_ATTEMPTS_USED },
    { MC_CASE_MISMATCHED, false, false, 6, MC_P_ATTEMPTS_USED },
};


static void
one_prompt_tells_what_is_wrong_with_the_photo_S19_S20_S24_S26(void **state)
{
    size_t   i;
    world_t  world;

    make_world(&world);

    for (i = 0; i < mc_count(photo_cases); i++) {
        world.facts.state = photo_cases[i].state;
        world.facts.photo_present = photo_cases[i].present;
        world.facts.photo_readable = photo_cases[i].readable;
        world.member.attempts = photo_cases[i].attempts;
        judge(&world);

        if (photo_cases[i].code == MC_P_NONE) {
            assert_int_equal(world.problems.count, 0);
            continue;
        }

        assert_int_equal(world.problems.count, 1);
        assert_int_equal(world.problems.items[0].code, photo_cases[i].code);
    }

    free_world(&world);
}


static void
prompts_of_the_photo_carry_their_numbers_S25_S26_X01(void **state)
{
    world_t        world;
    mc_problem_t  *first;

    make_world(&world);
    first = &world.problems.items[0];
    world.facts.photo_present = false;

    world.facts.state = MC_CASE_MISMATCHED;
    world.member.attempts = 2;
    judge(&world);
    check_text(first, false,
               "比对失败，照片与留存信息不一致。第 2 次，共 5 次。"
               "请重新上传，或联系所属注协核验。");

    world.member.attempts = 5;
    judge(&world);
    check_text(first, false,
               "已上传 5 次，请联系所属注协现场核验：浙江注协 0571-1");

    world.facts.state = MC_CASE_REVIEW;
    judge(&world);
    check_text(first, false,
               "已转人工核验，所属注协将在2个工作日内处理");
    check_text(first, true, "Passed on to your institute, which answers "
                            "within 2 working days");

    world.settings->review_time = mc_str("三天");
    judge(&world);
    check_text(first, false, "已转人工核验，所属注协将在三天内处理");

    free_world(&world);
}


static void
a_letter_that_no_font_has_is_named(void **state)
{
    world_t  world;

    make_world(&world);
    world.facts.missing_glyph = 0x20BB7;
    judge(&world);

    assert_int_equal(world.problems.count, 1);
    assert_int_equal(world.problems.items[0].code, MC_P_GLYPH_MISSING);
    check_text(&world.problems.items[0], false,
               "字库中没有“𠮷”，请联系所属注协");
    free_world(&world);
}


static void
all_blockers_stand_in_the_order_to_be_worked_off(void **state)
{
    static const mc_problem_code_t expected[] = {
        MC_P_MEMBER_NOT_ACTIVE, MC_P_PROFILE_INCOMPLETE,
        MC_P_FIELD_INSTITUTE_ONLY, MC_P_FIELD_REQUIRED, MC_P_PHOTO_NONE,
        MC_P_GLYPH_MISSING
    };

    size_t   i;
    world_t  world;

    make_world(&world);
    world.member.status = MC_STATUS_SUSPENDED;
    set(&world, "sex", "");
    set(&world, "address", "");
    world.facts.photo_present = false;
    world.facts.missing_glyph = 'x';
    judge(&world);

    assert_int_equal(world.problems.count, mc_count(expected));

    for (i = 0; i < mc_count(expected); i++) {
        assert_int_equal(world.problems.items[i].code, expected[i]);
    }

    free_world(&world);
}


static void
many_missing_fields_leave_room_for_photo_and_glyph(void **state)
{
    size_t        i;
    world_t       world;
    mc_field_t   *field;
    mc_fields_t  *fields;

    static char  keys[MC_FIELDS][4];

    make_world(&world);
    fields = &world.settings->fields;

    while (fields->count < MC_FIELDS) {
        i = fields->count++;
        (void) snprintf(keys[i], sizeof(keys[i]), "k%u", (unsigned) i);

        field = &fields->items[i];
        field->key = mc_str_from(keys[i]);
        field->required = true;
    }

    world.facts.photo_present = false;
    world.facts.missing_glyph = 'x';
    judge(&world);

    assert_int_equal(world.problems.count, MC_PROBLEMS);
    assert_int_equal(world.problems.items[MC_PROBLEMS - 2].code,
                     MC_P_PHOTO_NONE);
    assert_int_equal(world.problems.items[MC_PROBLEMS - 1].code,
                     MC_P_GLYPH_MISSING);
    free_world(&world);
}


static void
judging_without_memory_is_an_error(void **state)
{
    size_t      max;
    mc_err_t    err;
    world_t     world;
    mc_arena_t  small;

    make_world(&world);
    world.facts.photo_present = false;
    world.facts.state = MC_CASE_MISMATCHED;
    world.facts.missing_glyph = 'x';
    err = MC_ENOMEM;

    for (max = 0; max < 512 && err != MC_OK; max += 16) {
        memset(&world.problems, 0, sizeof(world.problems));
        mc_arena_init(&small, max);
        err = mc_certificate_blockers(world.settings, &world.member,
                                      &world.institute, &world.facts, &small,
                                      &world.problems);
        assert_int_equal(err, small.failed ? MC_ENOMEM : MC_OK);
        mc_arena_free(&small);
    }

    assert_int_equal(err, MC_OK);
    assert_true(max > 64);
    free_world(&world);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(nothing_blocks_a_member_with_everything_in_place),
        cmocka_unit_test(
            a_member_in_bad_standing_is_refused_with_the_contact_I14),
        cmocka_unit_test(
            missing_items_are_named_with_who_may_fill_them_S34_S37_S38),
        cmocka_unit_test(an_institute_without_a_name_is_missing_S38),
        cmocka_unit_test(
            one_prompt_tells_what_is_wrong_with_the_photo_S19_S20_S24_S26),
        cmocka_unit_test(
            prompts_of_the_photo_carry_their_numbers_S25_S26_X01),
        cmocka_unit_test(a_letter_that_no_font_has_is_named),
        cmocka_unit_test(all_blockers_stand_in_the_order_to_be_worked_off),
        cmocka_unit_test(many_missing_fields_leave_room_for_photo_and_glyph),
        cmocka_unit_test(judging_without_memory_is_an_error),
    };

    return cmocka_run_group_tests_name("domain: blockers", tests, NULL,
                                       NULL);
}
