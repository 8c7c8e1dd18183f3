/*
 * Unit tests of base: CSV (I15).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_csv.h"


#define FIELD_MAX  (MC_CSV_FIELD + 1)

/* One record or fault a line: "line [a][b]" or "line:column reason". */
typedef struct {
    const char  *text;
    const char  *read;
} read_case_t;

static const read_case_t  read_cases[] = {
    { "", "" },
    { "\n\r\n\n", "" },
    { "\xEF\xBB\xBF", "" },
    { "a,b\n1,2", "1 [a][b]\n2 [1][2]\n" },
    { "a,b\r\n1,2\r\n", "1 [a][b]\n2 [1][2]\n" },
    { "\xEF\xBB\xBF" "a\n", "1 [a]\n" },
    { "\n\na\n\n\nb\n", "3 [a]\n6 [b]\n" },
    { ",\n", "1 [][]\n" },
    { "a,", "1 [a][]\n" },
    { "\"\"", "1 []\n" },
    { " a , b ", "1 [ a ][ b ]\n" },
    { "\"a,b\",\"c\nd\r\ne\",f\ng", "1 [a,b][c\nd\r\ne][f]\n4 [g]\n" },
    { "\"\"\"\",\"a\"\"b\",\"\"\"\"\"\"\n", "1 [\"][a\"b][\"\"]\n" },
    { "\xE5\x8C\x97\xE4\xBA\xAC\n", "1 [\xE5\x8C\x97\xE4\xBA\xAC]\n" },
    { "a,b\"c,d\ne\n",
      "1:2 a quote inside a field without quotes\n2 [e]\n" },
    { "a\n\"b\"c,d\ne\n", "1 [a]\n2:1 text after the closing quote\n3 [e]\n" },
    { "\"b\" ,d\n", "1:1 text after the closing quote\n" },
    { "a,\"b\nc\n", "1:2 the closing quote is missing\n" },
    { "\"", "1:1 the closing quote is missing\n" },
    { "\"a\"\"", "1:1 the closing quote is missing\n" },
    { "a\rb\nc", "1:1 a carriage return without line feed\n2 [c]\n" },
    { "a,b\r", "1:2 a carriage return without line feed\n" },
    { "a,\xFF\nb\n", "1:2 not UTF-8\n2 [b]\n" },
    { "a,\xB1\xB1\xBE\xA9,c\n", "1:2 not UTF-8\n" },
    { "\"a\nb\xFF\",c\nd\n", "1:1 not UTF-8\n3 [d]\n" },
};


static void
print_record(const mc_csv_t *csv, mc_err_t err, mc_buf_t *out)
{
    size_t  i;

    if (err != MC_OK) {
        assert_int_equal(err, MC_EINVAL);
        assert_int_equal(csv->count, 0);
        (void) mc_buf_printf(out, "%u:%u %s\n", csv->line, csv->column,
                             csv->reason);
        return;
    }

    (void) mc_buf_printf(out, "%u ", csv->line);

    for (i = 0; i < csv->count; i++) {
        (void) mc_buf_byte(out, '[');
        (void) mc_buf_str(out, csv->fields[i]);
        (void) mc_buf_byte(out, ']');
    }

    (void) mc_buf_byte(out, '\n');
}


static void
records_and_faults_have_their_line_and_column(void **state)
{
    size_t    i;
    mc_csv_t  csv;
    mc_buf_t  out;
    mc_err_t  err;

    for (i = 0; i < mc_count(read_cases); i++) {
        mc_buf_init(&out, 65536);
        mc_csv_init(&csv, mc_str_from(read_cases[i].text));

        while ((err = mc_csv_next(&csv)) != MC_ENOTFOUND) {
            print_record(&csv, err, &out);
        }

        assert_int_equal(mc_csv_next(&csv), MC_ENOTFOUND);
        mc_csv_free(&csv);

        assert_int_equal(mc_buf_byte(&out, 0), MC_OK);
        assert_string_equal((const char *) out.data, read_cases[i].read);
        mc_buf_free(&out);
    }
}


static void
a_nul_byte_is_refused(void **state)
{
    mc_csv_t  csv;

    mc_csv_init(&csv, (mc_str_t) { "a,b\0c\nd", 7 });
    assert_int_equal(mc_csv_next(&csv), MC_EINVAL);
    assert_int_equal(csv.column, 2);
    assert_string_equal(csv.reason, "a NUL byte");
    assert_int_equal(mc_csv_next(&csv), MC_OK);
    assert_true(mc_str_is(csv.fields[0], "d"));
    mc_csv_free(&csv);
}


static void
the_number_of_fields_is_bounded(void **state)
{
    char      text[MC_CSV_COLUMNS + 4];
    mc_csv_t  csv;

    memset(text, ',', sizeof(text));

    mc_csv_init(&csv, (mc_str_t) { text, MC_CSV_COLUMNS - 1 });
    assert_int_equal(mc_csv_next(&csv), MC_OK);
    assert_int_equal(csv.count, MC_CSV_COLUMNS);
    mc_csv_free(&csv);

    memcpy(text + MC_CSV_COLUMNS, "\nok", 3);
    mc_csv_init(&csv, (mc_str_t) { text, MC_CSV_COLUMNS + 3 });
    assert_int_equal(mc_csv_next(&csv), MC_EINVAL);
    assert_int_equal(csv.column, MC_CSV_COLUMNS + 1);
    assert_int_equal(mc_csv_next(&csv), MC_OK);
    assert_true(mc_str_is(csv.fields[0], "ok"));
    mc_csv_free(&csv);
}


static void
the_size_of_a_field_is_bounded(void **state)
{
    char      text[FIELD_MAX + 2];
    mc_csv_t  csv;

    memset(text, 'x', sizeof(text));

    mc_csv_init(&csv, (mc_str_t) { text, MC_CSV_FIELD });
    assert_int_equal(mc_csv_next(&csv), MC_OK);
    assert_int_equal(csv.fields[0].len, MC_CSV_FIELD);
    mc_csv_free(&csv);

    mc_csv_init(&csv, (mc_str_t) { text, FIELD_MAX });
    assert_int_equal(mc_csv_next(&csv), MC_EINVAL);
    assert_string_equal(csv.reason, "the field is too long");
    mc_csv_free(&csv);

    text[0] = '"';
    text[MC_CSV_FIELD + 1] = '"';
    mc_csv_init(&csv, (mc_str_t) { text, MC_CSV_FIELD + 2 });
    assert_int_equal(mc_csv_next(&csv), MC_OK);
    assert_int_equal(csv.fields[0].len, MC_CSV_FIELD);
    mc_csv_free(&csv);

    text[MC_CSV_FIELD + 1] = 'x';
    text[MC_CSV_FIELD + 2] = '"';
    mc_csv_init(&csv, (mc_str_t) { text, MC_CSV_FIELD + 3 });
    assert_int_equal(mc_csv_next(&csv), MC_EINVAL);
    mc_csv_free(&csv);
}


static void
many_fields_with_doubled_quotes_stay_valid_together(void **state)
{
    size_t    i, j;
    mc_csv_t  csv;
    mc_buf_t  text;

    mc_buf_init(&text, 1024 * 1024);

    for (i = 0; i < 100; i++) {
        (void) mc_buf_printf(&text, "%s\"%zu\"\"", i == 0 ? "" : ",", i);

        for (j = 0; j < 500; j++) {
            (void) mc_buf_byte(&text, 'z');
        }

        (void) mc_buf_byte(&text, '"');
    }

    mc_csv_init(&csv, mc_buf_view(&text));
    assert_int_equal(mc_csv_next(&csv), MC_OK);
    assert_int_equal(csv.count, 100);
    assert_int_equal(csv.fields[7].len, 502);
    assert_memory_equal(csv.fields[7].data, "7\"zz", 4);
    assert_memory_equal(csv.fields[99].data, "99\"zz", 5);
    assert_int_equal(csv.fields[99].data[502], 'z');

    mc_csv_free(&csv);

    mc_csv_init(&csv, mc_buf_view(&text));
    mc_alloc_fail_at(2, true);
    assert_int_equal(mc_csv_next(&csv), MC_ENOMEM);
    mc_alloc_fail_at(0, false);
    mc_csv_free(&csv);
    mc_buf_free(&text);
}


static void
gb18030_becomes_utf8_with_rare_characters(void **state)
{
    size_t    i, offset;
    mc_buf_t  out;
    mc_buf_t  text;

    mc_buf_init(&out, 65536);
    assert_int_equal(mc_csv_gb18030(mc_str(
        "\xBB\xE1\xD4\xB1,\xFE\x9F,\x82\x30\xB7\x31,\x95\x34\xB2\x35,a"),
        &out, &offset), MC_OK);
    assert_true(mc_str_is(mc_buf_view(&out),
        "\xE4\xBC\x9A\xE5\x91\x98,\xE4\xB6\xAE,\xE3\x9B\x83,"
        "\xF0\xA0\xAE\xB7,a"));
    mc_buf_free(&out);

    assert_int_equal(mc_csv_gb18030(mc_str(""), &out, &offset), MC_OK);
    assert_int_equal(out.len, 0);

    /* more than one piece of output */

    mc_buf_init(&text, 65536);

    for (i = 0; i < 5000; i++) {
        (void) mc_buf_append(&text, "\xBB\xE1", 2);
    }

    assert_int_equal(mc_csv_gb18030(mc_buf_view(&text), &out, &offset),
                     MC_OK);
    assert_int_equal(out.len, 15000);
    assert_memory_equal(out.data + 14997, "\xE4\xBC\x9A", 3);
    mc_buf_free(&out);

    mc_buf_init(&out, 14999);
    assert_int_equal(mc_csv_gb18030(mc_buf_view(&text), &out, &offset),
                     MC_ETOOBIG);
    mc_buf_free(&out);
    mc_buf_free(&text);
}


static void
a_byte_without_meaning_in_gb18030_is_told_by_offset(void **state)
{
    size_t    offset;
    mc_buf_t  out;

    mc_buf_init(&out, 65536);
    assert_int_equal(mc_csv_gb18030(mc_str("ab\xBB\xE1\xFF\xFFz"), &out,
                                    &offset), MC_EINVAL);
    assert_int_equal(offset, 4);
    mc_buf_free(&out);

    assert_int_equal(mc_csv_gb18030(mc_str("ab\xBB\xE1\xBB"), &out,
                                    &offset), MC_EINVAL);
    assert_int_equal(offset, 4);
    mc_buf_free(&out);
}


static void
written_fields_are_quoted_and_are_no_formulas(void **state)
{
    size_t    i;
    mc_buf_t  out;

    static const char *const  cases[][2] = {
        { "", "," }, { "abc", "abc," }, { "a,b", "\"a,b\"," },
        { "a\"b", "\"a\"\"b\"," }, { "a\nb", "\"a\nb\"," },
        { " a", "\" a\"," }, { "a ", "\"a \"," },
        { "=1+1", "'=1+1," }, { "+86", "'+86," }, { "-1", "'-1," },
        { "@x", "'@x," }, { "\tx", "'\tx," }, { "\rx", "\"'\rx\"," },
        { "=a,b", "\"'=a,b\"," }, { "a=b", "a=b," }, { "'x", "'x," },
    };

    for (i = 0; i < mc_count(cases); i++) {
        mc_buf_init(&out, 4096);
        assert_int_equal(mc_csv_write(&out, mc_str_from(cases[i][0]),
                                      false), MC_OK);
        assert_true(mc_str_is(mc_buf_view(&out), cases[i][1]));
        mc_buf_free(&out);
    }

    mc_buf_init(&out, 4);
    assert_int_equal(mc_csv_write(&out, mc_str("ab"), true), MC_OK);
    assert_true(mc_str_is(mc_buf_view(&out), "ab\r\n"));
    assert_int_equal(mc_csv_write(&out, mc_str("ab"), true), MC_ETOOBIG);
    mc_buf_free(&out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(records_and_faults_have_their_line_and_column),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(the_number_of_fields_is_bounded),
        cmocka_unit_test(the_size_of_a_field_is_bounded),
        cmocka_unit_test(many_fields_with_doubled_quotes_stay_valid_together),
        cmocka_unit_test(gb18030_becomes_utf8_with_rare_characters),
        cmocka_unit_test(a_byte_without_meaning_in_gb18030_is_told_by_offset),
        cmocka_unit_test(written_fields_are_quoted_and_are_no_formulas),
    };

    return cmocka_run_group_tests_name("base: CSV", tests, NULL, NULL);
}
