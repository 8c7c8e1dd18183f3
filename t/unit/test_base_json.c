/*
 * Unit tests of base: JSON reader and writer.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "mc_json.h"


/* Reads a copy of the exact size, so that a sanitizer sees each overrun. */
static mc_err_t
read_exact(mc_arena_t *arena, const char *text, size_t len,
    mc_json_t **out, size_t *offset)
{
    char      *copy;
    mc_err_t   err;

    copy = malloc(len + (len == 0));
    assert_non_null(copy);
    memcpy(copy, text, len);

    mc_arena_init(arena, 1024 * 1024);
    err = mc_json_read(arena, (mc_str_t) { copy, len }, out, offset);

    free(copy);

    return err;
}


static void
a_tree_holds_what_the_text_says(void **state)
{
    mc_json_t        *tree;
    mc_arena_t        arena;
    const mc_json_t  *list;

    static const char  text[] =
        " { \"member_no\" : \"0001234\", \"agree\":true,\"no\":false ,\n"
        "\"list\":[1, -2.50e+3 ,\"x\",[],{}], \"nothing\":null,\t"
        "\"\":\"empty key\"}\r\n";

    assert_int_equal(read_exact(&arena, text, strlen(text), &tree, NULL),
                     MC_OK);

    assert_int_equal(tree->type, MC_JSON_OBJECT);
    assert_true(mc_str_is(mc_json_get_str(tree, "member_no"), "0001234"));
    assert_true(mc_json_get(tree, "agree")->boolean);
    assert_false(mc_json_get(tree, "no")->boolean);
    assert_int_equal(mc_json_get(tree, "no")->type, MC_JSON_BOOL);
    assert_int_equal(mc_json_get(tree, "nothing")->type, MC_JSON_NULL);
    assert_true(mc_str_is(mc_json_get_str(tree, ""), "empty key"));

    list = mc_json_get(tree, "list")->child;
    assert_true(list->number == 1);
    assert_true(mc_str_is(list->string, "1"));
    list = list->next;
    assert_true(list->number == -2500);
    assert_true(mc_str_is(list->string, "-2.50e+3"));
    list = list->next->next;
    assert_int_equal(list->type, MC_JSON_ARRAY);
    assert_null(list->child);
    assert_int_equal(list->next->type, MC_JSON_OBJECT);
    assert_null(list->next->next);

    assert_null(mc_json_get(tree, "missing"));
    assert_null(mc_json_get(NULL, "x"));
    assert_null(mc_json_get(list, "x"));
    assert_null(mc_json_get_str(tree, "agree").data);
    assert_null(mc_json_get_str(tree, "missing").data);

    mc_arena_free(&arena);
}


typedef struct {
    mc_str_t  text;
    size_t    offset;
} bad_case_t;

#define bad(literal, offset)  { { literal, sizeof(literal) - 1 }, offset }

static const bad_case_t  bad_cases[] = {
    bad("", 0), bad("  ", 2), bad("tru", 3), bad("True", 0),
    bad("nul l", 3), bad("null null", 5), bad("{} x", 3),
    bad("\xEF\xBB\xBF{}", 0),                             /* BOM */
    bad("01", 1), bad("-", 1), bad("+1", 0), bad("1.", 2), bad(".5", 0),
    bad("1e", 2), bad("1e+", 3), bad("0x10", 1), bad("NaN", 0),
    bad("Infinity", 0), bad("1e999", 0), bad("-1e999", 0),
    bad("'a'", 0), bad("\"", 1), bad("\"a", 2), bad("\"a\\", 3),
    bad("\"\\\"", 3), bad("\"\n\"", 1), bad("\"\x1F\"", 1),
    bad("\"\0\"", 1), bad("\"\\u0000\"", 3), bad("\"\\x41\"", 2),
    bad("\"\\u12\"", 5), bad("\"\\u12G4\"", 5), bad("\"\\", 2),
    bad("\"\\uD842\"", 7), bad("\"\\uDFB7\"", 3),
    bad("\"\\uD842\\u0041\"", 3), bad("\"\\uD842x\"", 7),
    bad("\"\\uD842\\n\"", 8),
    bad("\"\xC0\x80\"", 1), bad("\"\xED\xA0\x80\"", 1),
    bad("\"\xFF\"", 1), bad("\"\xE4\xBD", 1),
    bad("[", 1), bad("[1", 2), bad("[1,", 3), bad("[1,]", 3),
    bad("[,1]", 1), bad("[1 2]", 3), bad("[1}", 2), bad("]", 0),
    bad("{", 1), bad("{1:2}", 1), bad("{\"a\"}", 4), bad("{\"a\":}", 5),
    bad("{\"a\":1,}", 7), bad("{\"a\" 1}", 5), bad("{a:1}", 1),
    bad("{\"a\":1 \"b\":2}", 7), bad("{\"a\":1]", 6),
    bad("{\"a\":1,\"a\":2}", 7),
    bad("{\"a\":1,\"\\u0061\":2}", 7),
    bad("[1]/**/", 3), bad("{}\0", 2),
};


static void
everything_outside_the_grammar_is_refused_with_its_place(void **state)
{
    size_t       i, offset;
    mc_json_t   *tree;
    mc_arena_t   arena;

    for (i = 0; i < mc_count(bad_cases); i++) {
        assert_int_equal(read_exact(&arena, bad_cases[i].text.data,
                                    bad_cases[i].text.len, &tree, &offset),
                         MC_EINVAL);
        assert_null(tree);

        if (offset != bad_cases[i].offset) {
            fail_msg("case %zu <%s>: offset %zu", i,
                     bad_cases[i].text.data, offset);
        }

        mc_arena_free(&arena);
    }
}


static void
strings_come_out_decoded(void **state)
{
    size_t       i;
    mc_json_t   *tree;
    mc_arena_t   arena;

    static const char *const  cases[][2] = {
        { "\"\"", "" },
        { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
        { "\"\\u4F60\\u00e9\\u0041\"", "\xE4\xBD\xA0\xC3\xA9" "A" },
        { "\"\\uD842\\uDFB7\"", "\xF0\xA0\xAE\xB7" },
        { "\"\\uFFFF\\uE000\"", "\xEF\xBF\xBF\xEE\x80\x80" },
        { "\"\xF0\xA0\xAE\xB7\x7F\"", "\xF0\xA0\xAE\xB7\x7F" },
    };

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(read_exact(&arena, cases[i][0],
                                    strlen(cases[i][0]), &tree, NULL),
                         MC_OK);
        assert_true(mc_str_is(tree->string, cases[i][1]));
        mc_arena_free(&arena);
    }
}


static void
numbers_keep_their_letters_and_value(void **state)
{
    size_t       i;
    mc_json_t   *tree;
    mc_arena_t   arena;

    static const struct {
        const char  *text;
        double       value;
    } cases[] = {
        { "0", 0 }, { "-0", 0 }, { "10", 10 }, { "1.50", 1.5 },
        { "1E2", 100 }, { "1e-2", 0.01 }, { "0e0", 0 }, { "0.1", 0.1 },
        { "9007199254740993", 9007199254740992.0 },
        { "1e-999", 0 },
        { "123456789012345678901234567890", 123456789012345678901234567890.0 },
    };

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(read_exact(&arena, cases[i].text,
                                    strlen(cases[i].text), &tree, NULL),
                         MC_OK);
        assert_int_equal(tree->type, MC_JSON_NUMBER);
        assert_true(fabs(tree->number - cases[i].value) == 0);
        assert_true(mc_str_is(tree->string, cases[i].text));
        mc_arena_free(&arena);
    }
}


static mc_err_t
read_nested(unsigned depth)
{
    char         text[2 * MC_JSON_DEPTH + 2];
    mc_err_t     err;
    mc_json_t   *tree;
    mc_arena_t   arena;

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    err = read_exact(&arena, text, 2 * depth, &tree, NULL);
    mc_arena_free(&arena);

    return err;
}


static mc_err_t
read_list(size_t count)
{
    char         text[2 * MC_JSON_NODES + 2];
    size_t       i;
    mc_err_t     err;
    mc_json_t   *tree;
    mc_arena_t   arena;

    for (i = 0; i < count; i++) {
        text[2 * i] = i == 0 ? '[' : ',';
        text[2 * i + 1] = '7';
    }

    text[2 * count] = ']';
    err = read_exact(&arena, text, 2 * count + 1, &tree, NULL);
    mc_arena_free(&arena);

    return err;
}


static mc_err_t
read_object(unsigned count)
{
    unsigned     i;
    mc_buf_t     text;
    mc_err_t     err;
    mc_json_t   *tree;
    mc_arena_t   arena;

    mc_buf_init(&text, 65536);

    for (i = 0; i < count; i++) {
        (void) mc_buf_printf(&text, "%c\"%u\":0", i == 0 ? '{' : ',', i);
    }

    (void) mc_buf_byte(&text, '}');
    err = read_exact(&arena, (const char *) text.data, text.len, &tree,
                     NULL);
    mc_arena_free(&arena);
    mc_buf_free(&text);

    return err;
}


static void
depth_values_and_members_are_bounded(void **state)
{
    assert_int_equal(read_object(MC_JSON_MEMBERS), MC_OK);
    assert_int_equal(read_object(MC_JSON_MEMBERS + 1), MC_EINVAL);
    assert_int_equal(read_nested(MC_JSON_DEPTH), MC_OK);
    assert_int_equal(read_nested(MC_JSON_DEPTH + 1), MC_EINVAL);
    assert_int_equal(read_list(MC_JSON_NODES - 1), MC_OK);
    assert_int_equal(read_list(MC_JSON_NODES), MC_EINVAL);
}


static void
a_read_without_memory_fails_cleanly_wherever_it_is(void **state)
{
    size_t       max;
    mc_err_t     err;
    mc_json_t   *tree;
    mc_arena_t   arena;

    err = MC_ENOMEM;

    for (max = 0; err == MC_ENOMEM; max += 16) {
        mc_arena_init(&arena, max);
        err = mc_json_read(&arena, mc_str("{\"a\":[1,\"b\",{\"c\":0}]}"),
                           &tree, NULL);
        assert_true(err == MC_OK || (err == MC_ENOMEM && tree == NULL));
        mc_arena_free(&arena);
    }

    assert_in_range(max, 200, 4096);
}


static void
the_writer_sets_commas_and_escapes_for_html(void **state)
{
    mc_buf_t       buf;
    mc_json_out_t  out;

    mc_buf_init(&buf, 4096);
    mc_json_out_init(&out, &buf);

    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "name", mc_str("a\"\\/<>&'\n\r\t\x01\x7F"));
    mc_json_pair_int(&out, "least", INT64_MIN);
    mc_json_pair_bool(&out, "yes", true);
    mc_json_key(&out, "k<");
    mc_json_open(&out, '[');
    mc_json_null(&out);
    mc_json_bool(&out, false);
    mc_json_int(&out, -7);
    mc_json_open(&out, '{');
    mc_json_close(&out, '}');
    mc_json_open(&out, '[');
    mc_json_close(&out, ']');
    mc_json_str(&out, mc_str_null);
    mc_json_close(&out, ']');
    mc_json_pair_str(&out, "bad", mc_str("\xE4\xBD" "a\xE2\x80\xA8"
                                         "\xE2\x80\xA9\xE4\xBD\xA0"));
    mc_json_close(&out, '}');

    assert_int_equal(buf.err, MC_OK);
    assert_int_equal(mc_buf_byte(&buf, 0), MC_OK);
    assert_string_equal((const char *) buf.data,
        "{\"name\":\"a\\\"\\\\/\\u003c\\u003e\\u0026'"
        "\\n\\r\\t\\u0001\x7F\",\"least\":-9223372036854775808,"
        "\"yes\":true,\"k\\u003c\":[null,false,-7,{},[],\"\"],"
        "\"bad\":\"\xEF\xBF\xBD\xEF\xBF\xBD" "a\\u2028\\u2029"
        "\xE4\xBD\xA0\"}");

    mc_buf_free(&buf);
}


static void
a_writer_over_its_maximum_leaves_the_error(void **state)
{
    mc_buf_t       buf;
    mc_json_out_t  out;

    mc_buf_init(&buf, 8);
    mc_json_out_init(&out, &buf);

    mc_json_open(&out, '[');
    mc_json_str(&out, mc_str("too long for it"));
    mc_json_close(&out, ']');

    assert_int_equal(buf.err, MC_ETOOBIG);
    mc_buf_free(&buf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_tree_holds_what_the_text_says),
        cmocka_unit_test(
            everything_outside_the_grammar_is_refused_with_its_place),
        cmocka_unit_test(strings_come_out_decoded),
        cmocka_unit_test(numbers_keep_their_letters_and_value),
        cmocka_unit_test(depth_values_and_members_are_bounded),
        cmocka_unit_test(a_read_without_memory_fails_cleanly_wherever_it_is),
        cmocka_unit_test(the_writer_sets_commas_and_escapes_for_html),
        cmocka_unit_test(a_writer_over_its_maximum_leaves_the_error),
    };

    return cmocka_run_group_tests_name("base: JSON", tests, NULL, NULL);
}
