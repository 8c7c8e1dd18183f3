/*
 * Unit tests of domain: the table of problems (I09, I16; the texts of S12,
 * S19, S20, S26, S29, S34, S37, S38, X01).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_problem.h"


/* In the order of the enum: inserting in one place only shows here. */
static const struct {
    mc_problem_code_t  value;
    const char        *code;
    mc_kind_t          kind;
} order[] = {
    { MC_P_NONE, "none", MC_KIND_INVALID },
    { MC_P_REQUEST_MALFORMED, "request_malformed", MC_KIND_MALFORMED },
    { MC_P_BODY_MALFORMED, "body_malformed", MC_KIND_MALFORMED },
    { MC_P_BODY_TYPE, "body_type", MC_KIND_WRONG_TYPE },
    { MC_P_BODY_SIZE, "body_size", MC_KIND_TOO_LARGE },
    { MC_P_METHOD_NOT_ALLOWED, "method_not_allowed", MC_KIND_WRONG_METHOD },
    { MC_P_NOT_FOUND, "not_found", MC_KIND_NOT_FOUND },
    { MC_P_ORIGIN_REFUSED, "origin_refused", MC_KIND_FORBIDDEN },
    { MC_P_TWO_CREDENTIALS, "two_credentials", MC_KIND_MALFORMED },
    { MC_P_SERVICE_BUSY, "service_busy", MC_KIND_UNAVAILABLE },
    { MC_P_SERVICE_UNAVAILABLE, "service_unavailable", MC_KIND_UNAVAILABLE },
    { MC_P_LOGIN_FAILED, "login_failed", MC_KIND_UNAUTHENTICATED },
    { MC_P_TOO_MANY_ATTEMPTS, "too_many_attempts", MC_KIND_LIMITED },
    { MC_P_SESSION_EXPIRED, "session_expired", MC_KIND_UNAUTHENTICATED },
    { MC_P_IF_MATCH_MISSING, "if_match_missing",
      MC_KIND_PRECONDITION_MISSING },
    { MC_P_CHANGED_MEANWHILE, "changed_meanwhile", MC_KIND_PRECONDITION },
    { MC_P_FIELD_UNKNOWN, "field_unknown", MC_KIND_INVALID },
    { MC_P_FIELD_REQUIRED, "field_required", MC_KIND_INVALID },
    { MC_P_FIELD_TOO_LONG, "field_too_long", MC_KIND_INVALID },
    { MC_P_FIELD_FORMAT, "field_format", MC_KIND_INVALID },
    { MC_P_FIELD_MASKED, "field_masked", MC_KIND_INVALID },
    { MC_P_FIELD_INSTITUTE_ONLY, "field_institute_only", MC_KIND_INVALID },
    { MC_P_PHOTO_NONE, "photo_none", MC_KIND_NOT_FOUND },
    { MC_P_PHOTO_UNAVAILABLE, "photo_unavailable", MC_KIND_UNAVAILABLE },
    { MC_P_PHOTO_NOT_JPEG, "photo_not_jpeg", MC_KIND_INVALID },
    { MC_P_PHOTO_SIZE, "photo_size", MC_KIND_INVALID },
    { MC_P_PHOTO_TOO_LARGE, "photo_too_large", MC_KIND_TOO_LARGE },
    { MC_P_PHOTO_PIXELS, "photo_pixels", MC_KIND_INVALID },
    { MC_P_PHOTO_DPI, "photo_dpi", MC_KIND_INVALID },
    { MC_P_PHOTO_DPI_MISSING, "photo_dpi_missing", MC_KIND_INVALID },
    { MC_P_PHOTO_TRUNCATED, "photo_truncated", MC_KIND_INVALID },
    { MC_P_PHOTO_DAMAGED, "photo_damaged", MC_KIND_INVALID },
    { MC_P_PHOTO_TRAILING, "photo_trailing", MC_KIND_INVALID },
    { MC_P_PHOTO_ORIENTATION, "photo_orientation", MC_KIND_INVALID },
    { MC_P_PHOTO_OLD, "photo_old", MC_KIND_INVALID },
    { MC_P_PHOTO_FUTURE, "photo_future", MC_KIND_INVALID },
    { MC_P_PHOTO_SCANS, "photo_scans", MC_KIND_INVALID },
    { MC_P_PHOTO_CODING, "photo_coding", MC_KIND_INVALID },
    { MC_P_PHOTO_COLOUR, "photo_colour", MC_KIND_INVALID },
    { MC_P_PHOTO_DARK, "photo_dark", MC_KIND_INVALID },
    { MC_P_PHOTO_BRIGHT, "photo_bright", MC_KIND_INVALID },
    { MC_P_PHOTO_FLAT, "photo_flat", MC_KIND_INVALID },
    { MC_P_PHOTO_BACKGROUND, "photo_background", MC_KIND_INVALID },
    { MC_P_PHOTO_BACKGROUND_UNEVEN, "photo_background_uneven",
      MC_KIND_INVALID },
    { MC_P_PHOTO_BLURRED, "photo_blurred", MC_KIND_INVALID },
    { MC_P_PHOTO_LOW_QUALITY, "photo_low_quality", MC_KIND_INVALID },
    { MC_P_PHOTO_SAME_REJECTED, "photo_same_rejected", MC_KIND_INVALID },
    { MC_P_PHOTO_TOO_MANY, "photo_too_many", MC_KIND_LIMITED },
    { MC_P_CONSENT_NEEDED, "consent_needed", MC_KIND_CONFLICT },
    { MC_P_CONSENT_UNKNOWN, "consent_unknown", MC_KIND_INVALID },
    { MC_P_DECLARATION_MISSING, "declaration_missing", MC_KIND_INVALID },
    { MC_P_ATTEMPTS_USED, "attempts_used", MC_KIND_CONFLICT },
    { MC_P_COMPARE_PENDING, "compare_pending", MC_KIND_CONFLICT },
    { MC_P_COMPARE_REVIEW, "compare_review", MC_KIND_CONFLICT },
    { MC_P_COMPARE_MISMATCHED, "compare_mismatched", MC_KIND_CONFLICT },
    { MC_P_PROFILE_INCOMPLETE, "profile_incomplete", MC_KIND_CONFLICT },
    { MC_P_MEMBER_NOT_ACTIVE, "member_not_active", MC_KIND_CONFLICT },
    { MC_P_GLYPH_MISSING, "glyph_missing", MC_KIND_CONFLICT },
    { MC_P_VERSION_CHANGED, "version_changed", MC_KIND_CONFLICT },
    { MC_P_CONFIRM_FIRST, "confirm_first", MC_KIND_CONFLICT },
    { MC_P_CONFIRM_AGAIN, "confirm_again", MC_KIND_CONFLICT },
    { MC_P_CERTIFICATE_REVOKED, "certificate_revoked", MC_KIND_CONFLICT },
    { MC_P_LAYOUT_UNKNOWN, "layout_unknown", MC_KIND_NOT_FOUND },
    { MC_P_CODE_UNKNOWN, "code_unknown", MC_KIND_NOT_FOUND },
    { MC_P_PHOTO_NOT_SHOWN, "photo_not_shown", MC_KIND_NOT_FOUND },
    { MC_P_TOO_MANY_CHECKS, "too_many_checks", MC_KIND_LIMITED },

    { MC_P_OFFICER_LOGIN_FAILED, "officer_login_failed",
      MC_KIND_UNAUTHENTICATED },
    { MC_P_PHOTO_REPLACED, "photo_replaced", MC_KIND_CONFLICT },
    { MC_P_PHOTO_DECIDED, "photo_decided", MC_KIND_CONFLICT },
    { MC_P_REASON_MISSING, "reason_missing", MC_KIND_INVALID },
    { MC_P_SEARCH_SHORT, "search_short", MC_KIND_INVALID },
    { MC_P_FIELD_MEMBER_ONLY, "field_member_only", MC_KIND_INVALID },
    { MC_P_ALREADY_REVOKED, "already_revoked", MC_KIND_CONFLICT },
    { MC_P_NOT_REVOKED, "not_revoked", MC_KIND_CONFLICT },

    { MC_P_CAPTCHA_NEEDED, "captcha_needed", MC_KIND_INVALID },
    { MC_P_CAPTCHA_WRONG, "captcha_wrong", MC_KIND_INVALID },
    { MC_P_CAPTCHA_EXPIRED, "captcha_expired", MC_KIND_INVALID },
    { MC_P_RECOVERY_OFF, "recovery_off", MC_KIND_NOT_FOUND },
    { MC_P_RECOVERY_REFUSED, "recovery_refused", MC_KIND_INVALID },
    { MC_P_MEMBER_DISABLED, "member_disabled", MC_KIND_CONFLICT },
    { MC_P_PASSWORD_EXPIRED, "password_expired", MC_KIND_FORBIDDEN },
    { MC_P_REAUTH_NEEDED, "reauth_needed", MC_KIND_FORBIDDEN },
    { MC_P_PASSWORD_WRONG, "password_wrong", MC_KIND_INVALID },
    { MC_P_PASSWORD_SHORT, "password_short", MC_KIND_INVALID },
    { MC_P_PASSWORD_LONG, "password_long", MC_KIND_INVALID },
    { MC_P_PASSWORD_COMMON, "password_common", MC_KIND_INVALID },
    { MC_P_PASSWORD_CONTEXT, "password_context", MC_KIND_INVALID },
    { MC_P_PASSWORD_CLASSES, "password_classes", MC_KIND_INVALID },
    { MC_P_PASSWORD_REUSED, "password_reused", MC_KIND_INVALID },
};


static void
codes_and_kinds_stand_in_the_order_of_the_enum(void **state)
{
    size_t  i;

    assert_int_equal(mc_count(order), MC_P_COUNT);

    for (i = 0; i < mc_count(order); i++) {
        assert_int_equal(order[i].value, i);
        assert_string_equal(mc_problem_code(order[i].value), order[i].code);
        assert_int_equal(mc_problem_kind(order[i].value), order[i].kind);
    }

    assert_string_equal(mc_problem_code(MC_P_COUNT), "none");
    assert_string_equal(mc_problem_template(MC_P_COUNT, false), "");
}


static void
a_code_is_found_by_its_name(void **state)
{
    size_t  i;

    for (i = 1; i < mc_count(order); i++) {
        assert_int_equal(mc_problem_find(mc_str_from(order[i].code)), i);
    }

    assert_int_equal(mc_problem_find(mc_str("none")), MC_P_NONE);
    assert_int_equal(mc_problem_find(mc_str("login_faile")), MC_P_NONE);
    assert_int_equal(mc_problem_find(mc_str_null), MC_P_NONE);
}


/* Places of a text in the order of appearance, "{a}{b}"; fails where a
 * bracket is not closed or a name is empty. */
static void
places_of(const char *text, char *out, size_t size)
{
    const char  *open, *close;

    out[0] = '\0';

    for (open = strpbrk(text, "{}"); open != NULL;
         open = strpbrk(close + 1, "{}"))
    {
        assert_int_equal(*open, '{');

        close = strpbrk(open + 1, "{}");
        assert_non_null(close);
        assert_int_equal(*close, '}');
        assert_true(close - open > 1);

        assert_true(strlen(out) + (size_t) (close - open) + 2 < size);
        strncat(out, open, (size_t) (close - open) + 1);
    }
}


static void
every_code_has_both_texts_with_the_same_closed_places_I16(void **state)
{
    char         zh[128], en[128];
    unsigned     code;
    const char  *p;

    for (code = 1; code < MC_P_COUNT; code++) {
        p = mc_problem_template((mc_problem_code_t) code, false);
        assert_true((unsigned char) p[0] >= 0x80 || p[0] == '{');
        places_of(p, zh, sizeof(zh));

        p = mc_problem_template((mc_problem_code_t) code, true);
        assert_true((p[0] >= 'A' && p[0] <= 'Z') || p[0] == '{');
        places_of(p, en, sizeof(en));

        assert_string_equal(zh, en);
    }
}


static void
prompts_of_the_manual_stand_to_the_letter(void **state)
{
    static const struct {
        mc_problem_code_t  code;
        const char        *zh;
    } cases[] = {
        /* S12 */
        { MC_P_LOGIN_FAILED, "用户名密码错误" },
        /* S19, S20 */
        { MC_P_PHOTO_NONE, "没有查询到照片信息" },
        { MC_P_PHOTO_UNAVAILABLE, "获取照片信息失败" },
        /* S34 */
        { MC_P_PROFILE_INCOMPLETE,
          "请您先将基础信息中的必填信息补充完整…" },
        /* S38 */
        { MC_P_FIELD_INSTITUTE_ONLY,
          "该项需联系所属注协修改：{contact}" },
        /* S26 */
        { MC_P_COMPARE_MISMATCHED,
          "比对失败，照片与留存信息不一致。第 {n} 次，共 {attempts} 次。"
          "请重新上传，或联系所属注协核验。" },
        /* I13 */
        { MC_P_CONFIRM_AGAIN, "信息已变更，请重新确认" },
        /* X01 */
        { MC_P_ATTEMPTS_USED,
          "已上传 {attempts} 次，请联系所属注协现场核验：{contact}" },
    };

    size_t  i;

    for (i = 0; i < mc_count(cases); i++) {
        assert_string_equal(mc_problem_template(cases[i].code, false),
                            cases[i].zh);
    }
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
places_are_filled_with_measured_and_allowed_values_I09_S29(void **state)
{
    mc_problem_t   *problem;
    mc_problems_t   problems = { 0 };

    problem = mc_problem_add(&problems, MC_P_PHOTO_SIZE);
    mc_problem_arg(problem, "measured", mc_str("24000"), mc_str_null);
    mc_problem_arg(problem, "min", mc_str("10000"), mc_str_null);
    mc_problem_arg(problem, "max", mc_str("20480"), mc_str_null);

    check_text(problem, false,
               "照片大小为 24000 字节，要求 10000–20480 字节");
    check_text(problem, true,
               "The file has 24000 bytes; 10000–20480 are allowed");
}


static void
an_argument_speaks_the_language_of_the_text_and_may_be_missing(void **state)
{
    mc_problem_t   *problem;
    mc_problems_t   problems = { 0 };

    problem = mc_problem_add(&problems, MC_P_MEMBER_NOT_ACTIVE);
    mc_problem_arg(problem, "status", mc_str("暂停"), mc_str("Suspended"));

    check_text(problem, false,
               "会员状态为“暂停”，暂不能下载会员证，请联系 -");
    check_text(problem, true,
               "Status “Suspended”: no certificate; please contact -");

    mc_problem_arg(problem, "contact", mc_str("010"), mc_str_null);
    check_text(problem, true,
               "Status “Suspended”: no certificate; please contact 010");

    /* text of an argument is no template */

    mc_problem_arg(problem, "contact", mc_str("{status}"), mc_str_null);
    check_text(problem, true,
               "Status “Suspended”: no certificate; please contact "
               "{status}");
}


static void
the_same_argument_replaces_and_a_fifth_is_dropped(void **state)
{
    size_t          i;
    mc_problem_t   *problem;
    mc_problems_t   problems = { 0 };

    static const char *const keys[] = { "a", "b", "c", "d", "e" };

    problem = mc_problem_add(&problems, MC_P_BODY_SIZE);

    for (i = 0; i < mc_count(keys); i++) {
        mc_problem_arg(problem, keys[i], mc_str("old"), mc_str_null);
    }

    mc_problem_arg(problem, "d", mc_str("new"), mc_str_null);

    assert_int_equal(problem->count, MC_PROBLEM_ARGS);
    assert_true(mc_str_is(mc_problem_get(problem, "d")->zh, "new"));
    assert_true(mc_str_is(mc_problem_get(problem, "a")->zh, "old"));
    assert_null(mc_problem_get(problem, "e"));
}


static void
problems_beyond_the_maximum_are_dropped_without_harm(void **state)
{
    size_t         i;
    mc_problem_t  *problem;

    static mc_problems_t  problems;

    for (i = 0; i < MC_PROBLEMS + 3; i++) {
        problem = mc_problem_add(&problems, MC_P_FIELD_FORMAT);
        assert_non_null(problem);
        mc_problem_arg(problem, "field", mc_str("x"), mc_str_null);
        assert_int_equal(problem->count, 1);
    }

    assert_int_equal(problems.count, MC_PROBLEMS);
    assert_ptr_equal(problem, &problems.spare);
    assert_int_equal(problems.items[MC_PROBLEMS - 1].code,
                     MC_P_FIELD_FORMAT);
}


static void
a_text_that_does_not_fit_the_buffer_is_an_error(void **state)
{
    mc_buf_t       buf;
    mc_problems_t  problems = { 0 };

    mc_buf_init(&buf, 10);
    assert_int_equal(mc_problem_text(mc_problem_add(&problems,
                                                    MC_P_LOGIN_FAILED),
                                     false, &buf),
                     MC_ETOOBIG);
    mc_buf_free(&buf);
}


static void
failures_below_the_service_become_refusals_I17(void **state)
{
    unsigned  err;

    assert_int_equal(mc_problem_of(MC_OK), MC_P_NONE);
    assert_int_equal(mc_problem_of(MC_EBUSY), MC_P_SERVICE_BUSY);
    assert_int_equal(mc_problem_of(MC_ENOMEM), MC_P_SERVICE_BUSY);
    assert_int_equal(mc_problem_of(MC_EFULL), MC_P_SERVICE_UNAVAILABLE);
    assert_int_equal(mc_problem_of(MC_EREADONLY), MC_P_SERVICE_UNAVAILABLE);
    assert_int_equal(mc_problem_of(MC_ESCHEMA), MC_P_SERVICE_UNAVAILABLE);
    assert_int_equal(mc_problem_of(MC_ECORRUPT), MC_P_SERVICE_UNAVAILABLE);
    assert_int_equal(mc_problem_of(MC_EIO), MC_P_SERVICE_UNAVAILABLE);
    assert_int_equal(mc_problem_of(MC_ENOTFOUND), MC_P_NOT_FOUND);
    assert_int_equal(mc_problem_of(MC_ECONFLICT), MC_P_CHANGED_MEANWHILE);

    for (err = MC_OK + 1; err <= MC_EIO; err++) {
        assert_int_not_equal(mc_problem_of((mc_err_t) err), MC_P_NONE);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(codes_and_kinds_stand_in_the_order_of_the_enum),
        cmocka_unit_test(a_code_is_found_by_its_name),
        cmocka_unit_test(
            every_code_has_both_texts_with_the_same_closed_places_I16),
        cmocka_unit_test(prompts_of_the_manual_stand_to_the_letter),
        cmocka_unit_test(
            places_are_filled_with_measured_and_allowed_values_I09_S29),
        cmocka_unit_test(
            an_argument_speaks_the_language_of_the_text_and_may_be_missing),
        cmocka_unit_test(the_same_argument_replaces_and_a_fifth_is_dropped),
        cmocka_unit_test(
            problems_beyond_the_maximum_are_dropped_without_harm),
        cmocka_unit_test(a_text_that_does_not_fit_the_buffer_is_an_error),
        cmocka_unit_test(failures_below_the_service_become_refusals_I17),
    };

    return cmocka_run_group_tests_name("domain: problems", tests, NULL,
                                       NULL);
}
