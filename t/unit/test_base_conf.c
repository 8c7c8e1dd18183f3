/*
 * Unit tests of base: nginx's configuration grammar.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_buf.h"
#include "mc_conf_token.h"


/* "line.depth [word][word];" for each statement, or the error's text. */
typedef struct {
    const char  *text;
    const char  *seen;
} text_case_t;

static const text_case_t  grammar_cases[] = {
    { "", "" },
    { " # only a comment", "" },
    { "a;", "1.0 [a];\n" },
    { "a b\n c\t'd e' \"f;g\";",  "1.0 [a][b][c][d e][f;g];\n" },
    { "a{b c;d{}}", "1.0 [a]{\n1.1 [b][c];\n1.1 [d]{\n1.1 }\n1.0 }\n" },
    { "# x {\na # ; b\nb;#c\n", "2.0 [a][b];\n" },
    { "a \"\" '';", "1.0 [a][][];\n" },
    { "a b\"c d'e;", "1.0 [a][b\"c][d'e];\n" },
    { "a b#c d}e;", "1.0 [a][b#c][d}e];\n" },
    { "a \"it's\" 'say \"x\"';", "1.0 [a][it's][say \"x\"];\n" },
    { "a \"\\\"\\'\\\\\" '\\'' \\;b \\$x \\.pdf$;",
      "1.0 [a][\"'\\]['][\\;b][\\$x][\\.pdf$];\n" },
    { "a \"x\\ty\\rz\\n.\" \\tb;", "1.0 [a][x\ty\rz\n.][\tb];\n" },
    { "a \\\\ b\\;c;", "1.0 [a][\\][b\\;c];\n" },
    { "set $a ${b}c;", "1.0 [set][$a][${b}c];\n" },
    { "a x${{b;", "1.0 [a][x${{b];\n" },
    { "a $b{c;}", "1.0 [a][$b]{\n1.1 [c];\n1.0 }\n" },
    { "if ($x = \"y\") { b; }",
      "1.0 [if][($x][=][y][)]{\n1.1 [b];\n1.0 }\n" },
    { "\"a b\" \"c\"{}", "1.0 [a b][c]{\n1.0 }\n" },
    { "a\n\n b\n;\nc\n{\n}\n", "1.0 [a][b];\n5.0 [c]{\n7.0 }\n" },
    { "a 'b\nc';\nd;", "1.0 [a][b\nc];\n3.0 [d];\n" },
    { "a \xE7\x94\xB5;", "1.0 [a][\xE7\x94\xB5];\n" },
    { "include x.conf;", "1.0 [include][x.conf];\n" },
};

static const text_case_t  refused_cases[] = {
    { ";", "t:1: unexpected \";\"" },
    { "{", "t:1: unexpected \"{\"" },
    { "\n}", "t:2: unexpected \"}\"" },
    { "a }", "t:1: unexpected \"}\"" },
    { "a;;", "t:1: unexpected \";\"" },
    { "a { b; } }", "t:1: unexpected \"}\"" },
    { "a \"b\"c;", "t:1: unexpected \"c\"" },
    { "a 'b'\"c\";", "t:1: unexpected \"\"\"" },
    { "a \"b\"#c\n;", "t:1: unexpected \"#\"" },
    { "a \"b\"}", "t:1: unexpected \"}\"" },
    { "a \"b\"\x01;", "t:1: unexpected byte 0x01" },
    { "a \"b\"\xE7;", "t:1: unexpected byte 0xe7" },
    { "a",
      "t:1: unexpected end of file, expecting \";\" or \"}\"" },
    { "a b\n# c",
      "t:2: unexpected end of file, expecting \";\" or \"}\"" },
    { "a \"b",
      "t:1: unexpected end of file, expecting \";\" or \"}\"" },
    { "a \"b\"",
      "t:1: unexpected end of file, expecting \";\" or \"}\"" },
    { "a \\",
      "t:1: unexpected end of file, expecting \";\" or \"}\"" },
    { "a {\n b;\n", "t:3: unexpected end of file, expecting \"}\"" },
};

static const text_case_t  lua_cases[] = {
    { "x_by_lua_block { } b;", "1.0 [x_by_lua_block]{\n1.0 }\n1.0 [b];\n" },
    { "set_by_lua_block $a {\n return { 1, { 2 } }\n} b;",
      "1.0 [set_by_lua_block][$a]{\n3.0 }\n3.0 [b];\n" },
    { "x_by_lua_block { local a = \"}\" .. '}' .. \"\\\"}\" } b;",
      "1.0 [x_by_lua_block]{\n1.0 }\n1.0 [b];\n" },
    { "x_by_lua_block { -- }\n a = [[ } ' \" ]] --[[ } \n ]] --[=[ ]] } ]=]\n"
      "} b;", "1.0 [x_by_lua_block]{\n4.0 }\n4.0 [b];\n" },
    { "x_by_lua_block { a = [==[ ]] ]=] } ]===] ]==] } b;",
      "1.0 [x_by_lua_block]{\n1.0 }\n1.0 [b];\n" },
    { "x_by_lua_block { a = t[t[1]] b = \"x\\\ny\" c = \"x\\\r\ny\" } b;",
      "1.0 [x_by_lua_block]{\n3.0 }\n3.0 [b];\n" },
    { "x_by_lua_block { a = 1 - -1 --} } b;\n } c;",
      "1.0 [x_by_lua_block]{\n2.0 }\n2.0 [c];\n" },
    { "h { x_by_lua_block { a } b; }",
      "1.0 [h]{\n1.1 [x_by_lua_block]{\n1.1 }\n1.1 [b];\n1.0 }\n" },
};

static const char *const  lua_refused[] = {
    "\nx_by_lua_block {", "\nx_by_lua_block { { }",
    "\nx_by_lua_block { \" }\n }", "\nx_by_lua_block { ' }",
    "\nx_by_lua_block { [[ } ]", "\nx_by_lua_block { --[=[ ]] }",
    "\nx_by_lua_block { -- }", "\nx_by_lua_block { \"\\",
};


static mc_err_t
print_statement(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    size_t     i;
    mc_buf_t  *out;

    out = data;

    if (statement->count > 0
        && mc_str_is(statement->words[0], "stop_here"))
    {
        (void) snprintf(error->text, sizeof(error->text), "%s:%u: stopped",
                        statement->file, statement->line);
        return MC_ENOTFOUND;
    }

    (void) mc_buf_printf(out, "%u.%u ", statement->line, statement->depth);

    for (i = 0; i < statement->count; i++) {
        (void) mc_buf_byte(out, '[');
        (void) mc_buf_str(out, statement->words[i]);
        (void) mc_buf_byte(out, ']');
    }

    (void) mc_buf_byte(out, (uint8_t) ";{}"[statement->kind]);

    return mc_buf_byte(out, '\n');
}


static void
assert_seen(const text_case_t *cases, size_t count)
{
    char             *copy;
    size_t            i, len;
    mc_buf_t          out;
    mc_err_t          err;
    mc_conf_error_t   error;

    for (i = 0; i < count; i++) {
        len = strlen(cases[i].text);
        copy = malloc(len + (len == 0));
        assert_non_null(copy);
        memcpy(copy, cases[i].text, len);

        mc_buf_init(&out, 65536);
        err = mc_conf_walk_text((mc_str_t) { copy, len }, "t", false,
                                print_statement, &out, &error);
        free(copy);

        assert_string_equal(error.text, "");
        assert_int_equal(err, MC_OK);
        assert_int_equal(mc_buf_byte(&out, 0), MC_OK);
        assert_string_equal((const char *) out.data, cases[i].seen);
        mc_buf_free(&out);
    }
}


static mc_err_t
ignore_statement(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    return MC_OK;
}


static mc_err_t
read_only(mc_str_t text, mc_conf_error_t *error)
{
    return mc_conf_walk_text(text, "t", false, ignore_statement, NULL,
                             error);
}


static void
words_and_blocks_are_those_nginx_would_see(void **state)
{
    assert_seen(grammar_cases, mc_count(grammar_cases));
}


static void
what_nginx_refuses_is_refused_with_file_and_line(void **state)
{
    size_t           i;
    mc_conf_error_t  error;

    for (i = 0; i < mc_count(refused_cases); i++) {
        assert_int_equal(read_only(mc_str_from(refused_cases[i].text),
                                   &error), MC_EINVAL);
        assert_string_equal(error.text, refused_cases[i].seen);
    }

    assert_int_equal(read_only((mc_str_t) { "a\nb \\\0;", 7 }, &error),
                     MC_EINVAL);
    assert_string_equal(error.text, "t:2: unexpected byte 0x00");
}


static void
the_body_of_a_lua_block_is_passed_over(void **state)
{
    size_t           i;
    mc_conf_error_t  error;

    assert_seen(lua_cases, mc_count(lua_cases));

    for (i = 0; i < mc_count(lua_refused); i++) {
        assert_int_equal(read_only(mc_str_from(lua_refused[i]), &error),
                         MC_EINVAL);
        assert_string_equal(error.text,
            "t:2: the Lua block that begins here does not end");
    }
}


static mc_err_t
read_repeated(const char *head, const char *piece, size_t count,
    const char *tail, mc_conf_error_t *error)
{
    mc_buf_t  buf;
    mc_err_t  err;

    mc_buf_init(&buf, 65536);
    (void) mc_buf_cstr(&buf, head);

    while (count-- > 0) {
        (void) mc_buf_cstr(&buf, piece);
    }

    (void) mc_buf_cstr(&buf, tail);
    assert_int_equal(buf.err, MC_OK);

    err = read_only(mc_buf_view(&buf), error);
    mc_buf_free(&buf);

    return err;
}


static void
words_their_size_and_depth_are_bounded(void **state)
{
    char             close[MC_CONF_DEPTH + 2];
    mc_conf_error_t  error;

    assert_int_equal(read_repeated("", "w ", MC_CONF_WORDS, ";", &error),
                     MC_OK);
    assert_int_equal(read_repeated("", "w ", MC_CONF_WORDS + 1, ";", &error),
                     MC_ETOOBIG);
    assert_string_equal(error.text, "t:1: too many words");

    assert_int_equal(read_repeated("", "w", MC_CONF_WORD_SIZE, ";", &error),
                     MC_OK);
    assert_int_equal(read_repeated("", "w", MC_CONF_WORD_SIZE + 1, ";",
                                   &error), MC_ETOOBIG);
    assert_string_equal(error.text, "t:1: too long parameter");

    memset(close, '}', sizeof(close));
    close[MC_CONF_DEPTH] = '\0';
    assert_int_equal(read_repeated("", "a{", MC_CONF_DEPTH, close, &error),
                     MC_OK);
    close[MC_CONF_DEPTH] = '}';
    close[MC_CONF_DEPTH + 1] = '\0';
    assert_int_equal(read_repeated("", "a{", MC_CONF_DEPTH + 1, close,
                                   &error), MC_ETOOBIG);
}


static void
a_visit_may_stop_the_walk(void **state)
{
    mc_buf_t         out;
    mc_conf_error_t  error;

    mc_buf_init(&out, 4096);
    assert_int_equal(mc_conf_walk_text(mc_str("a;\nstop_here; c;"), "t",
                                       false, print_statement, &out,
                                       &error), MC_ENOTFOUND);
    assert_string_equal(error.text, "t:2: stopped");
    assert_true(mc_str_is(mc_buf_view(&out), "1.0 [a];\n"));
    mc_buf_free(&out);
}


static void
a_walk_without_memory_says_so(void **state)
{
    unsigned         n;
    mc_err_t         err;
    mc_conf_error_t  error;

    err = MC_ENOMEM;

    for (n = 1; err == MC_ENOMEM; n++) {
        mc_alloc_fail_at(n, true);
        err = read_only(mc_str("a \"b\\\"\" c;"), &error);
        mc_alloc_fail_at(0, false);
        assert_true(err == MC_OK
                    || strstr(error.text, "no memory") != NULL);
    }

    assert_int_equal(err, MC_OK);
    assert_int_equal(n, 4);
}


/* Files in a folder of this test. */

static char  folder[64];


static const char *
path_of(const char *name)
{
    static char  path[512];

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);

    return path;
}


static void
write_file(const char *name, const char *text)
{
    FILE  *file;

    file = fopen(path_of(name), "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}


static int
make_folder(void **state)
{
    (void) snprintf(folder, sizeof(folder), "/tmp/test_base_conf.XXXXXX");

    if (mkdtemp(folder) == NULL) {
        return -1;
    }

    return mkdir(path_of("sites"), 0700);
}


static int
remove_folder(void **state)
{
    size_t  i;

    static const char *const  names[] = {
        "main.conf", "types", "loop.conf", "bad.conf", "big.conf", "pipe",
        "sites/1.conf", "sites/2.conf", "sites/3.txt", "sites",
    };

    for (i = 0; i < mc_count(names); i++) {
        (void) remove(path_of(names[i]));
    }

    return rmdir(folder);
}


static mc_err_t
walk_main(mc_buf_t *out, mc_conf_error_t *error)
{
    mc_err_t  err;

    mc_buf_init(out, 65536);
    err = mc_conf_walk(path_of("main.conf"), print_statement, out, error);
    assert_int_equal(mc_buf_byte(out, 0), MC_OK);

    return err;
}


static void
assert_main_fails(mc_err_t expected, const char *place, const char *why)
{
    char             start[512];
    mc_buf_t         out;
    mc_conf_error_t  error;

    assert_int_equal(walk_main(&out, &error), expected);
    mc_buf_free(&out);

    (void) snprintf(start, sizeof(start), "%s", path_of(place));

    if (strncmp(error.text, start, strlen(start)) != 0
        || strstr(error.text, why) == NULL)
    {
        fail_msg("%s", error.text);
    }
}


static void
includes_are_followed_in_order_from_the_main_folder(void **state)
{
    char             text[256];
    mc_buf_t         out;
    mc_conf_error_t  error;

    (void) snprintf(text, sizeof(text), "http {\n include types;\n"
                    " include sites/*.conf;\n include nothing/*.conf;\n"
                    " include '%s/sites/3.txt';\n}\nend;", folder);
    write_file("main.conf", text);
    write_file("types", "types { a b; }");
    write_file("sites/2.conf", "two;");
    write_file("sites/1.conf", "\none; include types;");
    write_file("sites/3.txt", "three;");

    assert_int_equal(walk_main(&out, &error), MC_OK);
    assert_string_equal((const char *) out.data,
        "1.0 [http]{\n"
        "1.1 [types]{\n1.2 [a][b];\n1.1 }\n"
        "2.1 [one];\n1.1 [types]{\n1.2 [a][b];\n1.1 }\n"
        "1.1 [two];\n"
        "1.1 [three];\n"
        "6.0 }\n7.0 [end];\n");
    mc_buf_free(&out);
}


static void
files_that_cannot_be_read_are_told_where_they_are_included(void **state)
{
    (void) remove(path_of("main.conf"));
    assert_main_fails(MC_ENOTFOUND, "main.conf: cannot read", "No such");

    write_file("main.conf", "a;\ninclude missing.conf;");
    assert_main_fails(MC_ENOTFOUND, "main.conf:2:", "missing.conf");

    write_file("main.conf", "a;\n\ninclude sites;");
    assert_main_fails(MC_EIO, "main.conf:3:", "directory");

    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    write_file("main.conf", "include pipe;");
    assert_main_fails(MC_EIO, "main.conf:1:", "pipe");

    write_file("main.conf", "include a b;");
    assert_main_fails(MC_EINVAL, "main.conf:1:", "number of arguments");
    write_file("main.conf", "include \"\";");
    assert_main_fails(MC_EINVAL, "main.conf:1:", "number of arguments");
}


static void
each_file_closes_the_blocks_it_opens(void **state)
{
    write_file("bad.conf", "b;\n}");
    write_file("main.conf", "a {\n include bad.conf;\n}");
    assert_main_fails(MC_EINVAL, "bad.conf:2:", "unexpected \"}\"");

    write_file("bad.conf", "b {");
    write_file("main.conf", "include bad.conf;\n}");
    assert_main_fails(MC_EINVAL, "bad.conf:1:", "expecting \"}\"");
}


static void
a_circle_of_includes_and_too_many_files_end(void **state)
{
    size_t    i;
    mc_buf_t  buf;

    write_file("loop.conf", "a; include loop.conf;");
    write_file("main.conf", "include loop.conf;");
    assert_main_fails(MC_ETOOBIG, "loop.conf:1:", "includes inside");

    write_file("loop.conf", "include loop.conf; include loop.conf;");
    assert_main_fails(MC_ETOOBIG, "loop.conf:1:", "includes inside");

    mc_buf_init(&buf, 65536);

    for (i = 0; i < MC_CONF_FILES; i++) {
        (void) mc_buf_cstr(&buf, "include types;\n");
    }

    (void) mc_buf_byte(&buf, 0);
    write_file("types", "");
    write_file("main.conf", (const char *) buf.data);
    mc_buf_free(&buf);
    assert_main_fails(MC_ETOOBIG, "main.conf:256:", "256 files");
}


static void
the_size_of_a_file_is_bounded(void **state)
{
    FILE    *file;
    size_t   i;

    file = fopen(path_of("big.conf"), "wb");
    assert_non_null(file);

    for (i = 0; i <= MC_CONF_FILE_SIZE; i++) {
        (void) fputc('\n', file);
    }

    assert_int_equal(fclose(file), 0);
    write_file("main.conf", "include big.conf;");
    assert_main_fails(MC_ETOOBIG, "main.conf:1:", "big.conf");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(words_and_blocks_are_those_nginx_would_see),
        cmocka_unit_test(what_nginx_refuses_is_refused_with_file_and_line),
        cmocka_unit_test(the_body_of_a_lua_block_is_passed_over),
        cmocka_unit_test(words_their_size_and_depth_are_bounded),
        cmocka_unit_test(a_visit_may_stop_the_walk),
        cmocka_unit_test(a_walk_without_memory_says_so),
        cmocka_unit_test(includes_are_followed_in_order_from_the_main_folder),
        cmocka_unit_test(
            files_that_cannot_be_read_are_told_where_they_are_included),
        cmocka_unit_test(each_file_closes_the_blocks_it_opens),
        cmocka_unit_test(a_circle_of_includes_and_too_many_files_end),
        cmocka_unit_test(the_size_of_a_file_is_bounded),
    };

    return cmocka_run_group_tests_name("base: configuration words", tests,
                                       make_folder, remove_folder);
}
