/*
 * Unit tests of base: allocation, strings, arena and buffer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_arena.h"
#include "mc_buf.h"


static int
allocation_works_again(void **state)
{
    mc_alloc_fail_at(0, false);
    return 0;
}


static void
memory_is_zeroed_and_never_of_size_zero(void **state)
{
    size_t    i, size;
    uint8_t  *p;

    for (size = 0; size < 3000; size += 997) {
        p = mc_alloc(size);
        assert_non_null(p);

        for (i = 0; i < size; i++) {
            assert_int_equal(p[i], 0);
        }

        p = mc_realloc(p, 0);
        assert_non_null(p);
        mc_free(p);
    }

    mc_free(NULL);
    mc_free_wiped(NULL, 10);
    mc_free_wiped(mc_alloc(10), 10);
}


static void
the_nth_allocation_fails_once(void **state)
{
    unsigned  i;
    void     *p;

    mc_alloc_fail_at(3, false);

    for (i = 1; i <= 6; i++) {
        p = i % 2 == 0 ? mc_alloc(8) : mc_realloc(NULL, 8);
        assert_true((p == NULL) == (i == 3));
        mc_free(p);
    }
}


static void
the_nth_allocation_fails_and_all_after_it(void **state)
{
    unsigned  i;
    void     *p;

    mc_alloc_fail_at(2, true);

    for (i = 1; i <= 5; i++) {
        p = mc_alloc(8);
        assert_true((p == NULL) == (i >= 2));
        mc_free(p);
    }

    mc_alloc_fail_at(0, false);
    p = mc_alloc(8);
    assert_non_null(p);
    mc_free(p);
}


static void
strings_compare_by_length_and_bytes(void **state)
{
    assert_true(mc_str_eq(mc_str("ab"), mc_str("ab")));
    assert_false(mc_str_eq(mc_str("ab"), mc_str("abc")));
    assert_false(mc_str_eq(mc_str("ab"), mc_str("aB")));
    assert_true(mc_str_eq(mc_str_null, mc_str("")));
    assert_true(mc_str_eq(mc_str_null, mc_str_null));
    assert_false(mc_str_eq((mc_str_t) { "a\0b", 3 },
                           (mc_str_t) { "a\0c", 3 }));
    assert_true(mc_str_is(mc_str("x"), "x"));
    assert_true(mc_str_is(mc_str_null, NULL));
    assert_int_equal(mc_str_from(NULL).len, 0);
    assert_non_null(mc_str_from(NULL).data);
}


static void
every_error_has_a_name_of_its_own(void **state)
{
    int  a, b;

    for (a = MC_OK; a <= MC_EIO; a++) {
        assert_string_not_equal(mc_err_name((mc_err_t) a), "unknown");

        for (b = MC_OK; b < a; b++) {
            assert_string_not_equal(mc_err_name((mc_err_t) a),
                                    mc_err_name((mc_err_t) b));
        }
    }

    assert_string_equal(mc_err_name((mc_err_t) 999), "unknown");
}


static void
an_arena_gives_zeroed_aligned_blocks_that_do_not_overlap(void **state)
{
    size_t       i, j, size;
    uint8_t     *blocks[400];
    mc_arena_t   arena;

    mc_arena_init(&arena, 8 * 1024 * 1024);

    for (i = 0; i < mc_count(blocks); i++) {
        size = i * 37 % 5000;
        blocks[i] = mc_arena_alloc(&arena, size);

        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t) blocks[i] % 16, 0);

        for (j = 0; j < size; j++) {
            assert_int_equal(blocks[i][j], 0);
        }

        memset(blocks[i], (int) (i & 0xFF), size);
    }

    for (i = 0; i < mc_count(blocks); i++) {
        for (j = 0; j < i * 37 % 5000; j++) {
            assert_int_equal(blocks[i][j], i & 0xFF);
        }
    }

    assert_false(arena.failed);
    mc_arena_free(&arena);
    assert_int_equal(arena.used, 0);

    assert_non_null(mc_arena_alloc(&arena, 1));
    mc_arena_free(&arena);
}


static void
an_arena_stops_at_its_maximum(void **state)
{
    mc_arena_t  arena;

    mc_arena_init(&arena, 64);

    assert_non_null(mc_arena_alloc(&arena, 48));
    assert_null(mc_arena_alloc(&arena, 17));
    assert_true(arena.failed);
    assert_non_null(mc_arena_alloc(&arena, 16));
    assert_null(mc_arena_alloc(&arena, 1));
    assert_null(mc_arena_alloc(&arena, SIZE_MAX));
    assert_null(mc_arena_alloc(&arena, SIZE_MAX - 15));

    mc_arena_free(&arena);
    assert_false(arena.failed);
}


static void
an_arena_copies_and_formats_text(void **state)
{
    mc_str_t    s;
    mc_arena_t  arena;

    mc_arena_init(&arena, 4096);

    s = mc_arena_str(&arena, (mc_str_t) { "a\0b!", 3 });
    assert_int_equal(s.len, 3);
    assert_memory_equal(s.data, "a\0b", 4);

    s = mc_arena_str(&arena, mc_str_null);
    assert_int_equal(s.len, 0);
    assert_string_equal(s.data, "");

    s = mc_arena_printf(&arena, "%s-%04d", "no", 7);
    assert_int_equal(s.len, 7);
    assert_string_equal(s.data, "no-0007");

    s = mc_arena_printf(&arena, "%5000d", 1);
    assert_null(s.data);
    assert_null(mc_arena_str(&arena, (mc_str_t) { "", SIZE_MAX }).data);

    mc_arena_free(&arena);
}


static void
an_arena_without_memory_says_so(void **state)
{
    mc_arena_t  arena;

    mc_arena_init(&arena, 4096);
    mc_alloc_fail_at(1, true);

    assert_null(mc_arena_alloc(&arena, 1));
    assert_null(mc_arena_str(&arena, mc_str("x")).data);
    assert_null(mc_arena_printf(&arena, "x").data);
    assert_true(arena.failed);

    mc_arena_free(&arena);
}


static void
a_buffer_grows_and_keeps_its_bytes(void **state)
{
    size_t    i;
    mc_buf_t  buf;

    mc_buf_init(&buf, 100000);
    assert_int_equal(mc_buf_view(&buf).len, 0);
    assert_non_null(mc_buf_view(&buf).data);

    for (i = 0; i < 20000; i++) {
        assert_int_equal(mc_buf_printf(&buf, "%05zu", i), MC_OK);
    }

    assert_int_equal(buf.len, 100000);
    assert_memory_equal(buf.data + 5 * 12345, "12345", 5);
    assert_int_equal(mc_buf_append(&buf, NULL, 0), MC_OK);
    assert_int_equal(mc_buf_byte(&buf, 1), MC_ETOOBIG);

    mc_buf_free(&buf);
    assert_null(buf.data);
    assert_int_equal(mc_buf_cstr(&buf, "again"), MC_OK);
    mc_buf_wipe(&buf);
    mc_buf_wipe(&buf);
}


static void
a_buffer_keeps_its_first_error(void **state)
{
    mc_buf_t  buf;

    mc_buf_init(&buf, 4);

    assert_int_equal(mc_buf_str(&buf, mc_str("abc")), MC_OK);
    assert_int_equal(mc_buf_cstr(&buf, "de"), MC_ETOOBIG);
    assert_int_equal(mc_buf_byte(&buf, 'd'), MC_ETOOBIG);
    assert_int_equal(mc_buf_printf(&buf, "d"), MC_ETOOBIG);
    assert_int_equal(mc_buf_append(&buf, "", 0), MC_ETOOBIG);
    assert_true(mc_str_is(mc_buf_view(&buf), "abc"));
    mc_buf_free(&buf);

    mc_buf_init(&buf, 4);
    assert_int_equal(mc_buf_printf(&buf, "%d", 1234), MC_OK);
    assert_true(mc_str_is(mc_buf_view(&buf), "1234"));
    mc_buf_free(&buf);

    mc_buf_init(&buf, 1000);
    mc_alloc_fail_at(1, false);
    assert_int_equal(mc_buf_cstr(&buf, "x"), MC_ENOMEM);
    assert_int_equal(mc_buf_cstr(&buf, "x"), MC_ENOMEM);
    mc_buf_free(&buf);
}


static void
a_buffer_whose_growth_fails_keeps_what_it_had(void **state)
{
    unsigned  i;
    mc_buf_t  buf;

    mc_buf_init(&buf, 100000);
    mc_alloc_fail_at(3, true);

    for (i = 0; i < 5000; i++) {
        (void) mc_buf_byte(&buf, 'y');
    }

    assert_int_equal(buf.err, MC_ENOMEM);
    assert_in_range(buf.len, 257, 4999);
    assert_int_equal(buf.data[buf.len - 1], 'y');
    mc_buf_free(&buf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_never_of_size_zero),
        cmocka_unit_test_teardown(the_nth_allocation_fails_once,
                                  allocation_works_again),
        cmocka_unit_test_teardown(the_nth_allocation_fails_and_all_after_it,
                                  allocation_works_again),
        cmocka_unit_test(strings_compare_by_length_and_bytes),
        cmocka_unit_test(every_error_has_a_name_of_its_own),
        cmocka_unit_test(
            an_arena_gives_zeroed_aligned_blocks_that_do_not_overlap),
        cmocka_unit_test(an_arena_stops_at_its_maximum),
        cmocka_unit_test(an_arena_copies_and_formats_text),
        cmocka_unit_test_teardown(an_arena_without_memory_says_so,
                                  allocation_works_again),
        cmocka_unit_test(a_buffer_grows_and_keeps_its_bytes),
        cmocka_unit_test_teardown(a_buffer_keeps_its_first_error,
                                  allocation_works_again),
        cmocka_unit_test_teardown(
            a_buffer_whose_growth_fails_keeps_what_it_had,
            allocation_works_again),
    };

    return cmocka_run_group_tests_name("base: memory", tests, NULL, NULL);
}
