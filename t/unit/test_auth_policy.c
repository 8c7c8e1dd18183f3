/*
 * Unit tests of the rules for new passwords: what is guessed first is
 * refused however it is dressed, and what is not is taken as it is (S12
 * X04; ASVS 5.0 6.2).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

#include "mc_password.h"
#include "mc_policy.h"


static mc_policy_t *
policy_open(bool djcp, uint32_t min, const char *file)
{
    char           error[MC_SETTINGS_ERROR];
    mc_policy_t   *policy;
    mc_settings_t  settings;

    memset(&settings, 0, sizeof(settings));
    settings.password_djcp = djcp;
    settings.password_min = min;
    settings.password_blocklist = mc_str_from(file);

    policy = mc_policy_open(&settings, error);

    if (policy == NULL) {
        fail_msg("%s", error);
    }

    return policy;
}


/* The codes of all faults, "" for none. */
static const char *
faults(const mc_policy_t *policy, const char *password,
    const mc_policy_context_t *context)
{
    size_t         i;
    mc_problems_t  problems;

    static char    text[256];

    memset(&problems, 0, sizeof(problems));
    text[0] = '\0';

    if (mc_policy_check(policy, mc_str_from(password), context, &problems)
        != (problems.count == 0))
    {
        fail_msg("answer and faults differ");
    }

    for (i = 0; i < problems.count; i++) {
        (void) snprintf(text + strlen(text), sizeof(text) - strlen(text),
                        "%s%s", i == 0 ? "" : " ",
                        mc_problem_code(problems.items[i].code));
    }

    return text;
}


static void
passwords_that_are_guessed_first_are_refused_S12(void **state)
{
    size_t        i;
    mc_policy_t  *policy;

    static const char *const  common[] = {
        "Woaini1314520", "Zhang19850101", "zhang850101", "qwertyuiop123",
        "aaaaaaaaaa", "1234567890", "0987654321", "Password123!",
        "P@ssw0rd2024", "p4$$w0rd!!!!", "woaini8365", "lihua1985",
        "monkeydragon", "monkeydragonmaster", "Beijing2024!!",
        "ilovechina1949", "1qaz2wsx3edc", "q1w2e3r4t5y6", "13579246810",
        "abcabcabcabc", "hello1hello1", "abcdefghij", "zyxwvutsrq",
        "13800001234", "Huangshan@2023", "zhucekuaijishi", "kuaiji888888",
        "zhejiangcpa2020", "!@#$%^&*()", "asdfghjkl;'", "1985-01-01",
        "01/01/1985", "Zhangwei1985", "wangxiaoming123", "Abc123456789",
        "11111111112222222222", "CPA20240101", "Shanghai.1990.10.1",
        "\xE6\x88\x91\xE7\x88\xB1\xE4\xBD\xA0\xE6\x88\x91\xE7\x88\xB1\xE4"
        "\xBD\xA0\xE6\x88\x91\xE7\x88\xB1\xE4\xBD\xA0"      /* I love you x3 */
            "1",
    };

    policy = policy_open(false, 8, NULL);

    for (i = 0; i < mc_count(common); i++) {
        if (strcmp(faults(policy, common[i], NULL), "password_common") != 0)
        {
            fail_msg("%s: %s", common[i], faults(policy, common[i], NULL));
        }
    }

    mc_policy_close(policy);
}


static void
others_are_taken_without_any_composition_ASVS_6_2(void **state)
{
    size_t        i;
    mc_policy_t  *policy;

    static const char *const  fine[] = {
        "my dog ate nine socks", "correct horse 42", "zhang83650127",
        "xkqzvwpmtj", "tigerlampriverspoon", "          x y z w q",
        "kqzvw19850101", "72850364917",
        "\xE6\x98\xA5\xE7\x9C\xA0\xE4\xB8\x8D\xE8\xA7\x89\xE6\x99\x93"
        "\xE5\xA4\x84\xE5\xA4\x84\xE9\x97\xBB\xE5\x95\xBC\xE9\xB8\x9F",
    };

    policy = policy_open(false, 10, NULL);

    for (i = 0; i < mc_count(fine); i++) {
        if (faults(policy, fine[i], NULL)[0] != '\0') {
            fail_msg("%s: %s", fine[i], faults(policy, fine[i], NULL));
        }
    }

    mc_policy_close(policy);
}


static void
random_letters_are_hardly_ever_taken_for_common(void **state)
{
    char    password[11];
    int     i, j, refused;

    refused = 0;
    password[10] = '\0';

    for (i = 0; i < 5000; i++) {
        for (j = 0; j < 10; j++) {
            password[j] = (char) ('a' + randombytes_uniform(26));
        }

        refused += mc_policy_points(mc_str_from(password), NULL, NULL)
                   < MC_POLICY_POINTS;
    }

    print_message("%d of 5000\n", refused);
    assert_in_range(refused, 0, 100);
}


static void
length_counts_characters_and_ends_at_256_bytes(void **state)
{
    char          text[300];
    mc_policy_t  *policy;

    policy = policy_open(false, 10, NULL);

    assert_string_equal(faults(policy, "xkqzvwpmt", NULL), "password_short");
    assert_string_equal(faults(policy, "", NULL),
                        "password_short password_common");

    /* nine characters of three bytes */

    assert_string_equal(
        faults(policy, "\xE6\x98\xA5\xE7\x9C\xA0\xE4\xB8\x8D\xE8\xA7\x89"
               "\xE6\x99\x93\xE5\xA4\x84\xE9\x97\xBB\xE5\x95\xBC"
               "\xE9\xB8\x9F", NULL),
        "password_short");

    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = "xkqzvwpmtjbyfhd"[i * 7 % 15];
    }

    text[256] = '\0';
    assert_string_equal(faults(policy, text, NULL), "");

    text[256] = 'x';
    text[257] = '\0';
    assert_string_equal(faults(policy, text, NULL), "password_long");

    mc_policy_close(policy);
}


static void
the_limits_stand_in_the_problem(void **state)
{
    mc_policy_t             *policy;
    mc_problems_t            problems;
    const mc_problem_arg_t  *arg;

    policy = policy_open(false, 12, NULL);
    memset(&problems, 0, sizeof(problems));

    assert_false(mc_policy_check(policy, mc_str("xkqzvwpmtjb"), NULL,
                                 &problems));
    arg = mc_problem_get(&problems.items[0], "min");
    assert_non_null(arg);
    assert_true(mc_str_is(arg->zh, "12"));

    mc_policy_close(policy);
}


static void
djcp_asks_for_three_of_four_classes(void **state)
{
    size_t        i;
    mc_policy_t  *policy;

    static const struct {
        const char *password;
        const char *faults;
    } rows[] = {
        { "xkqzvwpmtj", "password_classes" },
        { "XKQZVwpmtj", "password_classes" },
        { "xkqzvw7351", "password_classes" },
        { "XKqzvw7351", "" },
        { "xkqz-w7351", "" },
        { "XKqzv-wpmt", "" },
        { "XKqz-w7351", "" },
        { "XKq-7", "password_short password_common" },
        { "Password123!", "password_common" },
    };

    policy = policy_open(true, 10, NULL);

    for (i = 0; i < mc_count(rows); i++) {
        assert_string_equal(faults(policy, rows[i].password, NULL),
                            rows[i].faults);
    }

    mc_policy_close(policy);
}


static void
what_belongs_to_the_member_is_no_password_X04(void **state)
{
    size_t               i;
    mc_policy_t         *policy;
    mc_policy_context_t  context;

    static const char *const  own[] = {
        "330000012345", "x330000012345", "330000012345ab", "0012345abcd",
        "13957108642", "57108642xyz", "xq-13957108642",
        "qzvwtrmn77", "QZVWTRMN2024", "qzvwtrmnqzvwtrmn",
        "310729x9z", "33010219731207293X", "12072935",
        "Vortexia2024", "vortexia.kq",
    };

    memset(&context, 0, sizeof(context));
    mc_policy_context_add(&context, mc_str("330000012345"));
    mc_policy_context_add(&context, mc_str("13957108642"));
    mc_policy_context_add(&context, mc_str("33010219731207293X"));
    mc_policy_context_add(&context, mc_str("QzvwTrmn@vortexia.example"));
    mc_policy_context_add(&context, mc_str(""));
    mc_policy_context_add(&context, mc_str("ab"));

    policy = policy_open(false, 8, NULL);

    for (i = 0; i < mc_count(own); i++) {
        const char  *got = faults(policy, own[i], &context);

        /* a birthday alone is common for anybody */

        if (strcmp(own[i], "310729x9z") == 0) {
            assert_string_equal(got, "password_common");
            continue;
        }

        if (strstr(got, "password_") == NULL) {
            fail_msg("%s: %s", own[i], got);
        }
    }

    assert_string_equal(faults(policy, "qzvwtrmn77", NULL), "");
    assert_string_equal(faults(policy, "qzvwtrmn77", &context),
                        "password_context");
    assert_string_equal(faults(policy, "my dog ate nine socks", &context),
                        "");
    assert_string_equal(faults(policy, "qzvwtrmn eats my socks", &context),
                        "");

    mc_policy_close(policy);
}


static void
the_words_are_sorted_once_each_and_within_their_bounds(void **state)
{
    char    c;
    size_t  i, j, len;

    assert_true(mc_policy_word_count > 500);

    for (i = 0; i < mc_policy_word_count; i++) {
        len = strlen(mc_policy_words[i]);
        assert_in_range(len, 3, MC_POLICY_WORD);

        for (j = 0; j < len; j++) {
            c = mc_policy_words[i][j];
            assert_true((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
        }

        if (i > 0
            && strcmp(mc_policy_words[i - 1], mc_policy_words[i]) >= 0)
        {
            fail_msg("%s: not in order", mc_policy_words[i]);
        }

        assert_true(mc_policy_points(mc_str_from(mc_policy_words[i]), NULL,
                                     NULL) <= 18);
    }
}


static void
write_list(char path[64], const char *text, size_t len)
{
    int  fd;

    (void) snprintf(path, 64, "/tmp/mc-policy-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
}


static void
the_operators_list_is_known_in_any_case_and_with_digits_around(void **state)
{
    char          path[64];
    size_t        i;
    mc_policy_t  *policy;

    static const char  list[] =
        "\xEF\xBB\xBFxkqzvwpmtj\r\n\n#1zbqvy-kwlp\nZBQVYKWLPX\nshort\nabcd\n"
        "correct horse battery staple\nlast one without end";

    static const char *const  common[] = {
        "xkqzvwpmtj", "XKQZVWPMTJ", "xkqzvwpmtj!1", "77xkqzvwpmtj",
        "#1zbqvy-kwlp", "zbqvykwlpx", "zbqvykw1px", "Zbqvykwlpx2024",
        "correct horse battery staple", "last one without end",
    };

    write_list(path, list, sizeof(list) - 1);
    policy = policy_open(false, 8, path);

    for (i = 0; i < mc_count(common); i++) {
        if (strcmp(faults(policy, common[i], NULL), "password_common") != 0)
        {
            fail_msg("%s: %s", common[i], faults(policy, common[i], NULL));
        }
    }

    assert_string_equal(faults(policy, "xkqzvwpmtja", NULL), "");
    assert_string_equal(faults(policy, "xkqzvwpmtj735028164", NULL), "");

    mc_policy_close(policy);
    unlink(path);
}


static void
a_list_that_cannot_be_used_is_named_with_its_line(void **state)
{
    char           error[MC_SETTINGS_ERROR], path[64], want[128];
    char           text[1024];
    mc_settings_t  settings;

    memset(&settings, 0, sizeof(settings));

    settings.password_blocklist = mc_str("/nonexistent/list");
    assert_null(mc_policy_open(&settings, error));
    assert_string_equal(error,
                        "/nonexistent/list: No such file or directory");

    settings.password_blocklist = mc_str("/tmp");
    assert_null(mc_policy_open(&settings, error));
    assert_string_equal(error, "/tmp: not a regular file");

    memset(text, 'x', sizeof(text));
    memcpy(text, "first\nsecond\n", 13);
    write_list(path, text, 13 + 257);
    settings.password_blocklist = mc_str_from(path);
    assert_null(mc_policy_open(&settings, error));
    (void) snprintf(want, sizeof(want),
                    "%s:3: is longer than a password may be", path);
    assert_string_equal(error, want);
    unlink(path);

    write_list(path, "first\nsec\0ond\n", 14);
    settings.password_blocklist = mc_str_from(path);
    assert_null(mc_policy_open(&settings, error));
    (void) snprintf(want, sizeof(want),
                    "%s:2: holds a NUL: not a text file", path);
    assert_string_equal(error, want);

    assert_int_equal(truncate(path, MC_POLICY_LIST_BYTES + 1), 0);
    assert_null(mc_policy_open(&settings, error));
    (void) snprintf(want, sizeof(want), "%s: longer than 64 MiB", path);
    assert_string_equal(error, want);
    unlink(path);
}


static void
an_empty_list_is_a_list(void **state)
{
    char          path[64];
    mc_policy_t  *policy;

    write_list(path, "\n\n", 2);
    policy = policy_open(false, 10, path);
    assert_string_equal(faults(policy, "xkqzvwpmtj", NULL), "");
    mc_policy_close(policy);
    unlink(path);
}


static void
memory_running_out_leaves_nothing(void **state)
{
    char           error[MC_SETTINGS_ERROR], path[64];
    mc_policy_t   *policy;
    unsigned long  n;
    mc_settings_t  settings;

    memset(&settings, 0, sizeof(settings));
    write_list(path, "xkqzvwpmtj\n", 11);
    settings.password_blocklist = mc_str_from(path);

    for (n = 1; n < 10; n++) {
        mc_alloc_fail_at(n, true);
        policy = mc_policy_open(&settings, error);
        mc_alloc_fail_at(0, false);

        if (policy != NULL) {
            break;
        }

        assert_non_null(strstr(error, "out of memory"));
    }

    assert_int_equal(n, 4);
    mc_policy_close(policy);
    unlink(path);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(passwords_that_are_guessed_first_are_refused_S12),
        cmocka_unit_test(others_are_taken_without_any_composition_ASVS_6_2),
        cmocka_unit_test(random_letters_are_hardly_ever_taken_for_common),
        cmocka_unit_test(length_counts_characters_and_ends_at_256_bytes),
        cmocka_unit_test(the_limits_stand_in_the_problem),
        cmocka_unit_test(djcp_asks_for_three_of_four_classes),
        cmocka_unit_test(what_belongs_to_the_member_is_no_password_X04),
        cmocka_unit_test(
            the_words_are_sorted_once_each_and_within_their_bounds),
        cmocka_unit_test(
            the_operators_list_is_known_in_any_case_and_with_digits_around),
        cmocka_unit_test(a_list_that_cannot_be_used_is_named_with_its_line),
        cmocka_unit_test(an_empty_list_is_a_list),
        cmocka_unit_test(memory_running_out_leaves_nothing),
    };

    if (mc_password_init() != MC_OK) {
        return 1;
    }

    return cmocka_run_group_tests(tests, NULL, NULL);
}
