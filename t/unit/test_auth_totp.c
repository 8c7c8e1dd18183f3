/*
 * One-time codes: the vectors of RFC 6238 and RFC 4226, base32 of RFC 4648,
 * the window and the address for authenticator apps.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_totp.h"


static const uint8_t  rfc[MC_TOTP_SECRET] = "12345678901234567890";


/* RFC 6238 appendix B prints eight digits; six are their last six. */
static void
codes_are_those_of_rfc_6238(void **state)
{
    char    code[MC_TOTP_CODE];
    size_t  i;
    static const struct {
        int64_t      seconds;
        const char  *code;
    } rows[] = {
        { 59, "287082" },
        { 1111111109, "081804" },
        { 1111111111, "050471" },
        { 1234567890, "005924" },
        { 2000000000, "279037" },
        { INT64_C(20000000000), "353130" }
    };

    for (i = 0; i < mc_count(rows); i++) {
        assert_int_equal(mc_totp_code(rfc,
                             mc_totp_step(rows[i].seconds * 1000), code),
                         MC_OK);
        assert_string_equal(code, rows[i].code);
    }
}


static void
codes_are_those_of_rfc_4226(void **state)
{
    char    code[MC_TOTP_CODE];
    size_t  i;
    static const char *const rows[] = {
        "755224", "287082", "359152", "969429", "338314", "254676",
        "287922", "162583", "399871", "520489"
    };

    for (i = 0; i < mc_count(rows); i++) {
        assert_int_equal(mc_totp_code(rfc, (int64_t) i, code), MC_OK);
        assert_string_equal(code, rows[i]);
    }
}


/* Time 59 s is step 1: its neighbours count, the next but one does not. */
static void
a_code_counts_one_step_before_and_after(void **state)
{
    int64_t  step;
    size_t   i;
    static const struct {
        const char  *code;
        int64_t      seconds;
        int64_t      used;
        int64_t      step;          /* -1: refused */
    } rows[] = {
        { "287082", 59, 0, 1 },
        { "287082", 30, 0, 1 },
        { "287082", 29, 0, 1 },         /* one step early */
        { "287082", 89, 0, 1 },         /* one step late */
        { "287082", 90, 0, -1 },        /* two steps late */
        { "359152", 29, 0, -1 },        /* two steps early */
        { "287082", 59, 1, -1 },        /* used up */
        { "287082", 59, 2, -1 },        /* a later one was used */
        { "287083", 59, 0, -1 },
        { "28708", 59, 0, -1 },
        { "2870820", 59, 0, -1 },
        { "", 59, 0, -1 },
        { "28708x", 59, 0, -1 }
    };

    for (i = 0; i < mc_count(rows); i++) {
        step = -1;

        assert_int_equal(mc_totp_verify(rfc, mc_str_from(rows[i].code),
                                        rows[i].seconds * 1000, rows[i].used,
                                        &step),
                         rows[i].step < 0 ? MC_EDENIED : MC_OK);
        assert_int_equal(step, rows[i].step);
    }
}


static void
base32_goes_there_and_back(void **state)
{
    char     text[MC_TOTP_BASE32];
    uint8_t  secret[MC_TOTP_SECRET], back[MC_TOTP_SECRET];

    mc_totp_base32(rfc, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

    assert_int_equal(mc_totp_base32_read(
                         mc_str("gezdgnbvgy3tqojqGEZDGNBVGY3TQOJQ"), back),
                     MC_OK);
    assert_memory_equal(back, rfc, sizeof(back));

    assert_int_equal(mc_totp_make(secret), MC_OK);
    mc_totp_base32(secret, text);
    assert_int_equal(mc_totp_base32_read(mc_str_from(text), back), MC_OK);
    assert_memory_equal(back, secret, sizeof(back));
}


static void
what_is_no_base32_is_refused(void **state)
{
    size_t   i;
    uint8_t  back[MC_TOTP_SECRET];
    static const char *const rows[] = {
        "", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ=",
        "GEZDGNBVGY3TQOJQ GEZDGNBVGY3TQOJ"
    };

    for (i = 0; i < mc_count(rows); i++) {
        assert_int_equal(mc_totp_base32_read(mc_str_from(rows[i]), back),
                         MC_EINVAL);
    }
}


static void
two_secrets_differ(void **state)
{
    uint8_t  one[MC_TOTP_SECRET], two[MC_TOTP_SECRET];

    assert_int_equal(mc_totp_make(one), MC_OK);
    assert_int_equal(mc_totp_make(two), MC_OK);
    assert_memory_not_equal(one, two, sizeof(one));
}


static void
the_address_is_escaped(void **state)
{
    mc_buf_t  out;

    mc_buf_init(&out, 1024);

    assert_int_equal(mc_totp_uri(rfc, mc_str("A&B 会"), mc_str("li.lei"),
                                 &out),
                     MC_OK);
    assert_int_equal(mc_buf_byte(&out, '\0'), MC_OK);
    assert_string_equal((char *) out.data,
        "otpauth://totp/A%26B%20%E4%BC%9A:li.lei"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=A%26B%20%E4%BC%9A&algorithm=SHA1&digits=6&period=30");

    mc_buf_free(&out);

    mc_buf_init(&out, 20);
    assert_int_equal(mc_totp_uri(rfc, mc_str("A"), mc_str("b"), &out),
                     MC_ETOOBIG);
    mc_buf_free(&out);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_rfc_6238),
        cmocka_unit_test(codes_are_those_of_rfc_4226),
        cmocka_unit_test(a_code_counts_one_step_before_and_after),
        cmocka_unit_test(base32_goes_there_and_back),
        cmocka_unit_test(what_is_no_base32_is_refused),
        cmocka_unit_test(two_secrets_differ),
        cmocka_unit_test(the_address_is_escaped)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
