/*
 * Warnings of an upload kept as text, and read again (I09).  Reasons of a
 * rejection (S32).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_comparison.h"
#include "mc_problem_pack.h"
#include "mc_reject.h"


static void
what_is_packed_comes_back(void **state)
{
    mc_str_t       text;
    mc_arena_t     arena;
    mc_problem_t  *problem;
    static mc_problems_t  in, out;

    mc_arena_init(&arena, 65536);

    assert_int_equal(mc_problem_pack(&in, &arena).len, 0);
    assert_int_equal(mc_problem_unpack(mc_str(""), &arena, &out), MC_OK);
    assert_int_equal(out.count, 0);

    problem = mc_problem_add(&in, MC_P_PHOTO_DARK);
    mc_problem_arg(problem, "measured", mc_str("12"), mc_str_null);
    mc_problem_arg(problem, "min", mc_str("60"), mc_str_null);
    problem = mc_problem_add(&in, MC_P_PHOTO_BACKGROUND);
    mc_problem_arg(problem, "kind", mc_str("红\"色"), mc_str("red"));

    text = mc_problem_pack(&in, &arena);
    assert_int_equal(mc_problem_unpack(text, &arena, &out), MC_OK);

    assert_int_equal(out.count, 2);
    assert_int_equal(out.items[0].code, MC_P_PHOTO_DARK);
    assert_true(mc_str_is(mc_problem_get(&out.items[0], "measured")->zh,
                          "12"));
    assert_true(mc_str_is(mc_problem_get(&out.items[0], "min")->zh, "60"));
    assert_int_equal(out.items[1].code, MC_P_PHOTO_BACKGROUND);
    assert_true(mc_str_is(mc_problem_get(&out.items[1], "kind")->zh,
                          "红\"色"));
    assert_true(mc_str_is(mc_problem_get(&out.items[1], "kind")->en,
                          "red"));

    mc_arena_free(&arena);
}


static void
what_is_none_is_told(void **state)
{
    size_t                i;
    mc_arena_t            arena;
    static mc_problems_t  out;
    static const struct {
        const char  *text;
        mc_err_t     err;
        size_t       count;
    } rows[] = {
        { "[]", MC_OK, 0 },
        { "[{\"code\":\"photo_dark\"}]", MC_OK, 1 },
        { "[{\"code\":\"of_another_day\",\"x\":[\"1\",\"\"]}]", MC_OK, 0 },
        { "photo_dark photo_blurred", MC_OK, 2 },
        { " photo_dark  nonsense ", MC_OK, 1 },
        { "{}", MC_OK, 0 },
        { "[", MC_ECORRUPT, 0 },
        { "[1]", MC_ECORRUPT, 0 },
        { "[{}]", MC_ECORRUPT, 0 },
        { "[{\"code\":\"photo_dark\",\"min\":\"1\"}]", MC_ECORRUPT, 1 },
        { "[{\"code\":\"photo_dark\",\"min\":[\"1\"]}]", MC_ECORRUPT, 1 },
        { "[{\"code\":\"photo_dark\",\"min\":[1,2]}]", MC_ECORRUPT, 1 },
        { "photo_dark", MC_OK, 1 }
    };

    for (i = 0; i < mc_count(rows); i++) {
        mc_arena_init(&arena, 65536);
        assert_int_equal(mc_problem_unpack(mc_str_from(rows[i].text), &arena,
                                           &out), rows[i].err);
        assert_int_equal(out.count, rows[i].count);
        mc_arena_free(&arena);
    }
}


static void
reasons_have_codes_and_words_in_two_languages(void **state)
{
    unsigned     i;
    mc_text_t    text;
    mc_reject_t  read;
    static const char *const codes[MC_REJECTS] = {
        "not_recent", "not_bareheaded", "background", "unclear",
        "casual_photo", "full_body", "not_the_person", "other"
    };

    for (i = 0; i < MC_REJECTS; i++) {
        assert_string_equal(mc_reject_code((mc_reject_t) i), codes[i]);
        assert_true(mc_reject_read(mc_str_from(codes[i]), &read));
        assert_int_equal(read, i);

        text = mc_reject_text((mc_reject_t) i);
        assert_true(text.zh.len > 0 && text.en.len > 0);
        assert_true(mc_str_eq(mc_case_reason(mc_str_from(codes[i])).en,
                              text.en));
    }

    assert_false(mc_reject_read(mc_str("Background"), &read));
    assert_false(mc_reject_read(mc_str(""), &read));
    assert_string_equal(mc_reject_code(MC_REJECTS), "");
    assert_true(mc_str_is(mc_case_reason(mc_str("too dark")).en,
                          "too dark"));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_back),
        cmocka_unit_test(what_is_none_is_told),
        cmocka_unit_test(reasons_have_codes_and_words_in_two_languages)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
