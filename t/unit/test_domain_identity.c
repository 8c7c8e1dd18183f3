/*
 * Unit tests of domain: names and numbers as people type them (I04 S03).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mc_identity.h"

typedef struct {
    const char  *text;
    const char  *same;          /* NULL: refused */
} case_t;

typedef mc_err_t (*read_pt)(mc_str_t text, mc_arena_t *arena, mc_str_t *out);


static void
check(read_pt read, const case_t *cases, size_t count)
{
    size_t      i;
    mc_err_t    err;
    mc_str_t    out;
    mc_arena_t  arena;

    mc_arena_init(&arena, 65536);

    for (i = 0; i < count; i++) {
        err = read(mc_str_from(cases[i].text), &arena, &out);

        if ((err == MC_OK) != (cases[i].same != NULL)
            || (err == MC_OK && !mc_str_is(out, cases[i].same)))
        {
            fail_msg("\"%s\" gives %s \"%.*s\"", cases[i].text,
                     mc_err_name(err), err == MC_OK ? (int) out.len : 0,
                     out.data);
        }

        assert_true(err == MC_OK || err == MC_EINVAL);
    }

    mc_arena_free(&arena);
}


static mc_err_t
read_number(mc_str_t text, mc_arena_t *arena, mc_str_t *out)
{
    char      number[MC_IDENTITY_NUMBER + 1];
    mc_err_t  err;

    err = mc_identity_number(text, number);
    assert_true(err == MC_OK || number[0] == '\0');
    *out = mc_arena_str(arena, mc_str_from(number));

    return err;
}


static void
one_name_however_it_is_typed_I04(void **state)
{
    static const case_t  cases[] = {
        { "王小明", "王小明" },
        { " 王 小明 ", "王小明" },
        { "王　小　明\n", "王小明" },
        { "\xC2\xA0王小明\xE2\x80\x8B", "王小明" },
        { "买买提·艾力", "买买提·艾力" },
        { "买买提・艾力", "买买提·艾力" },
        { "买买提•艾力", "买买提·艾力" },
        { "买买提．艾力", "买买提·艾力" },
        { "买买提.艾力", "买买提·艾力" },
        { "买买提‧艾力", "买买提·艾力" },
        { "John  SMITH", "johnsmith" },
        { "Ｊｏｈｎ Smith", "johnsmith" },
        { "𠮷田", "𠮷田" },
        { "", NULL },
        { " 　", NULL },
        { "王\x01明", NULL },
        { "王\xff", NULL }
    };

    char        long_name[500];
    mc_str_t    out;
    mc_arena_t  arena;

    check(mc_identity_name, cases, mc_count(cases));

    mc_arena_init(&arena, 65536);
    memset(long_name, 'a', sizeof(long_name));
    assert_int_equal(mc_identity_name((mc_str_t) { long_name,
                                                   MC_IDENTITY_NAME },
                                      &arena, &out), MC_OK);
    assert_int_equal(mc_identity_name((mc_str_t) { long_name,
                                                   MC_IDENTITY_NAME + 1 },
                                      &arena, &out), MC_EINVAL);
    mc_arena_free(&arena);

    /* a point that grows when it is brought to one form stays in bounds */

    mc_arena_init(&arena, 65536);
    memset(long_name, '.', sizeof(long_name));
    assert_int_equal(mc_identity_name((mc_str_t) { long_name, 200 }, &arena,
                                      &out), MC_OK);
    assert_int_equal(out.len, 400);
    assert_int_equal(mc_identity_name((mc_str_t) { long_name, 201 }, &arena,
                                      &out), MC_EINVAL);
    mc_arena_free(&arena);
}


static void
one_id_number_however_it_is_typed_S03(void **state)
{
    static const case_t  cases[] = {
        { "11010519491231002X", "11010519491231002X" },
        { "11010519491231002x", "11010519491231002X" },
        { " 110105 19491231 002x ", "11010519491231002X" },
        { "110105-19491231-002X", "11010519491231002X" },
        { "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X" },
        { "H1234567（8）", "H1234567(8)" },
        { "e12345678", "E12345678" },
        { "", NULL },
        { "110105*********02X", NULL },
        { "身份证", NULL },
        { "1\xff", NULL },
        { "123456789012345678901234567890123", NULL }
    };

    check(read_number, cases, mc_count(cases));
}


static void
memory_that_runs_out_is_told_and_no_answer(void **state)
{
    mc_str_t    out;
    mc_arena_t  arena;

    mc_arena_init(&arena, 65536);
    mc_alloc_fail_at(1, true);
    assert_int_equal(mc_identity_name(mc_str("a"), &arena, &out), MC_ENOMEM);
    mc_alloc_fail_at(0, false);
    mc_arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_name_however_it_is_typed_I04),
        cmocka_unit_test(one_id_number_however_it_is_typed_S03),
        cmocka_unit_test(memory_that_runs_out_is_told_and_no_answer)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
