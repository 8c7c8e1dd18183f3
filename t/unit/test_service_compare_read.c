/*
 * Comparison by a service (S24 X01): what its answers mean, and the files
 * its directive names.
 */

#include "test_service.h"

#include "mc_compare.h"
#include "mc_retry.h"


static void
only_a_well_formed_answer_counts(void **state)
{
    size_t               i;
    mc_compare_result_t  result;

    static const struct {
        long         status;
        const char  *body;
        mc_answer_t  answer;
        int          score;
        const char  *model;
        int64_t      wait;
        bool         failed;
        bool         alert;
    } rows[] = {
        { 200, "{\"result\":\"match\"}", MC_ANSWER_MATCH, -1, "", 0, 0, 0 },
        { 409, " {\"result\":\"mismatch\",\"score\":0} ",
          MC_ANSWER_MISMATCH, 0, "", 0, 0, 0 },
        { 200, "{\"result\":\"unsure\",\"score\":0.87654,\"model\":\"m\","
          "\"provider\":\"p\",\"x\":[1,{}]}", MC_ANSWER_UNSURE, 8765, "m",
          0, 0, 0 },
        { 200, "{\"result\":\"bad_probe\",\"score\":1,\"provider\":\"p\"}",
          MC_ANSWER_BAD_PROBE, 10000, "p", 0, 0, 0 },
        { 200, "{\"result\":\"no_reference\",\"score\":null,\"model\":7}",
          MC_ANSWER_NO_REFERENCE, -1, "", 0, 0, 0 },
        { 200, "{\"result\":\"bad_reference\",\"model\":\"a\\nb\"}",
          MC_ANSWER_BAD_REFERENCE, -1, "", 0, 0, 0 },

        { 202, "{\"retry_after\":5}", MC_ANSWER_RETRY, -1, "", 5000, 0, 0 },
        { 409, "{\"retry_after\":0}", MC_ANSWER_RETRY, -1, "", 1000, 0, 0 },
        { 202, "{\"retry_after\":99999}", MC_ANSWER_RETRY, -1, "",
          MC_RETRY_MOST, 0, 0 },

        { 202, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 202, "{\"result\":\"match\",\"retry_after\":5}", MC_ANSWER_RETRY,
          -1, "", 0, 1, 0 },
        { 200, "{\"retry_after\":5}", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "match", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "\"match\"", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "[{\"result\":\"match\"}]", MC_ANSWER_RETRY, -1, "", 0, 1,
          0 },
        { 200, "{\"result\":\"match\"", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "{\"result\":\"match\"}{}", MC_ANSWER_RETRY, -1, "", 0, 1,
          0 },
        { 200, "{\"result\":\"mismatch\",\"result\":\"match\"}",
          MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "{\"result\":[\"match\"]}", MC_ANSWER_RETRY, -1, "", 0, 1,
          0 },
        { 200, "{\"Result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 200, "{\"result\":\"Match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 1 },
        { 200, "{\"result\":\"retry\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 1 },
        { 200, "{\"result\":\"match\",\"score\":1.0001}", MC_ANSWER_RETRY,
          -1, "", 0, 1, 1 },
        { 200, "{\"result\":\"match\",\"score\":\"0.9\"}", MC_ANSWER_RETRY,
          -1, "", 0, 1, 1 },
        { 201, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 302, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 1 },
        { 401, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 1 },
        { 429, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 7000, 1,
          0 },
        { 500, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 0 },
        { 503, "", MC_ANSWER_RETRY, -1, "", 7000, 1, 0 },
        { 0, "{\"result\":\"match\"}", MC_ANSWER_RETRY, -1, "", 0, 1, 0 }
    };

    for (i = 0; i < mc_count(rows); i++) {
        memset(&result, 0x55, sizeof(result));
        result.asked = true;
        mc_compare_read(rows[i].status, mc_str_from(rows[i].body), 7,
                        &result);

        if (result.answer != rows[i].answer || result.score != rows[i].score
            || strcmp(result.model, rows[i].model) != 0
            || result.retry_after != rows[i].wait
            || result.failed != rows[i].failed
            || result.alert != rows[i].alert)
        {
            fail_msg("%ld %s: %d %d \"%s\" %lld", rows[i].status,
                     rows[i].body, (int) result.answer, (int) result.score,
                     result.model, (long long) result.retry_after);
        }
    }
}


static void
a_file_at_fault_is_named_I12(void **state)
{
    size_t         i;
    char           path[128], error[MC_SETTINGS_ERROR];
    mc_settings_t  settings;

    static const struct {
        const char  *text;      /* NULL: no such file */
        mode_t       mode;
        bool         secret;
        const char  *error;     /* NULL: good */
    } rows[] = {
        { "token-1\n", 0600, true, NULL },
        { "token-1\r\n", 0640, true, NULL },
        { NULL, 0, true, "does not exist" },
        { "token", 0644, true, "can be read or written by others" },
        { "", 0600, true, "is not one line of printable letters" },
        { "a\r\nX-Evil: 1", 0600, true, "is not one line of printable" },
        { "two words", 0600, true, "is not one line of printable" },
        { "-----BEGIN CERTIFICATE-----\n", 0644, false, NULL },
        { "hello", 0644, false, "holds no certificate" },
        { NULL, 0, false, "does not exist" }
    };

    (void) snprintf(path, sizeof(path), "%s/file", t.dir);

    for (i = 0; i < mc_count(rows); i++) {
        mc_compare_t  *compare;

        settings = *t.settings;
        settings.compare_http = true;
        *(rows[i].secret ? &settings.compare_secret : &settings.compare_ca)
            = mc_str_from(path);

        (void) unlink(path);

        if (rows[i].text != NULL) {
            write_file(path, rows[i].text, rows[i].mode);
            assert_int_equal(chmod(path, rows[i].mode), 0);
        }

        error[0] = '\0';
        compare = mc_compare_open(&settings, error);

        if (rows[i].error == NULL) {
            assert_non_null(compare);

        } else {
            assert_null(compare);
            assert_non_null(strstr(error, rows[i].error));
            assert_non_null(strstr(error, path));
        }

        mc_compare_close(compare);
    }

    (void) unlink(path);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(only_a_well_formed_answer_counts),
        cmocka_unit_test(a_file_at_fault_is_named_I12)
    };

    return cmocka_run_group_tests_name("service: answers of a comparison",
                                       tests, site_setup, site_teardown);
}
