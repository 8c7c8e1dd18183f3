/*
 * Unit tests of base: digests, keys, sealed bytes, hex and base64url.
 *
 * Known answers are from FIPS 180-4, RFC 4231, RFC 5869, the GCM
 * specification's test case 16 and RFC 4648.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mc_crypto.h"


static void
assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
    char  text[256];

    assert_true(2 * len < sizeof(text));
    mc_hex(bytes, len, text);
    assert_string_equal(text, expected);
}


static void
sha256_gives_the_published_answers(void **state)
{
    uint8_t  digest[MC_SHA256_SIZE];

    assert_int_equal(mc_sha256("abc", 3, digest), MC_OK);
    assert_hex(digest, sizeof(digest),
               "ba7816bf8f01cfea414140de5dae2223"
               "b00361a396177a9cb410ff61f20015ad");

    assert_int_equal(mc_sha256(NULL, 0, digest), MC_OK);
    assert_hex(digest, sizeof(digest),
               "e3b0c44298fc1c149afbf4c8996fb924"
               "27ae41e4649b934ca495991b7852b855");
}


static void
parts_cut_elsewhere_have_another_digest(void **state)
{
    uint8_t  a[MC_SHA256_SIZE], b[MC_SHA256_SIZE];

    const mc_str_t  ab_c[] = { mc_str("ab"), mc_str("c") };
    const mc_str_t  a_bc[] = { mc_str("a"), mc_str("bc") };

    assert_int_equal(mc_sha256_parts(ab_c, 2, a), MC_OK);
    assert_int_equal(mc_sha256_parts(a_bc, 2, b), MC_OK);
    assert_memory_not_equal(a, b, sizeof(a));

    /* by hand: 8 bytes of length, then the text, twice */

    assert_int_equal(mc_sha256("\0\0\0\0\0\0\0\2" "ab"
                               "\0\0\0\0\0\0\0\1" "c", 19, b), MC_OK);
    assert_memory_equal(a, b, sizeof(a));

    assert_int_equal(mc_sha256_parts(NULL, 0, a), MC_OK);
    assert_int_equal(mc_sha256(NULL, 0, b), MC_OK);
    assert_memory_equal(a, b, sizeof(a));

    assert_int_equal(mc_sha256_parts(&mc_str_null, 1, a), MC_OK);
    assert_memory_not_equal(a, b, sizeof(a));
}


static void
hmac_gives_the_published_answers(void **state)
{
    uint8_t  key[MC_KEY_SIZE], digest[MC_SHA256_SIZE];

    /* a shorter key is one with zeros behind it */

    memset(key, 0, sizeof(key));
    memset(key, 0x0b, 20);
    assert_int_equal(mc_hmac_sha256(key, "Hi There", 8, digest), MC_OK);
    assert_hex(digest, sizeof(digest),
               "b0344c61d8db38535ca8afceaf0bf12b"
               "881dc200c9833da726e9376c2e32cff7");

    memset(key, 0, sizeof(key));
    memcpy(key, "Jefe", 4);
    assert_int_equal(mc_hmac_sha256(key, "what do ya want for nothing?", 28,
                                    digest), MC_OK);
    assert_hex(digest, sizeof(digest),
               "5bdcc146bf60754e6a042426089575c7"
               "5a003f089d2739839dec58b964ec3843");

    assert_int_equal(mc_hmac_sha256(key, NULL, 0, digest), MC_OK);
}


static void
hkdf_gives_the_published_answer_and_differs_by_label(void **state)
{
    char     label[257];
    uint8_t  secret[22], a[MC_KEY_SIZE], b[MC_KEY_SIZE];

    memset(secret, 0x0b, sizeof(secret));

    assert_int_equal(mc_hkdf((mc_str_t) { (char *) secret, 22 }, "", a),
                     MC_OK);
    assert_hex(a, sizeof(a),
               "8da4e775a563c18f715f802a063c5a31"
               "b8a11f5c5ee1879ec3454e5f3c738d2d");

    assert_int_equal(mc_hkdf(mc_str("s"), "photo", a), MC_OK);
    assert_int_equal(mc_hkdf(mc_str("s"), "audit", b), MC_OK);
    assert_memory_not_equal(a, b, sizeof(a));

    memset(label, 'x', sizeof(label));
    label[256] = '\0';
    assert_int_equal(mc_hkdf(mc_str("s"), label, a), MC_ETOOBIG);
    label[255] = '\0';
    assert_int_equal(mc_hkdf(mc_str("s"), label, a), MC_OK);
}


static void
gcm_opens_the_published_test_case(void **state)
{
    uint8_t  key[32], aad[20], sealed[12 + 60 + 16], plain[60];

    assert_int_equal(mc_hex_read(mc_str(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
        key, sizeof(key)), MC_OK);
    assert_int_equal(mc_hex_read(mc_str(
        "feedfacedeadbeeffeedfacedeadbeefabaddad2"), aad, sizeof(aad)),
        MC_OK);
    assert_int_equal(mc_hex_read(mc_str(
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"), sealed, sizeof(sealed)), MC_OK);

    assert_int_equal(mc_gcm_open(key, (mc_str_t) { (char *) aad, 20 },
                                 sealed, sizeof(sealed), plain), MC_OK);
    assert_hex(plain, sizeof(plain),
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
}


static void
sealed_bytes_open_only_unchanged(void **state)    /* I07 */
{
    size_t    len, i;
    uint8_t   key[MC_KEY_SIZE], other[MC_KEY_SIZE];
    uint8_t   plain[40], sealed[40 + MC_GCM_OVERHEAD], opened[41];
    mc_str_t  aad = mc_str("member 7");

    assert_int_equal(mc_random(key, sizeof(key)), MC_OK);
    assert_int_equal(mc_random(plain, sizeof(plain)), MC_OK);
    memcpy(other, key, sizeof(key));
    other[31] ^= 1;

    for (len = 0; len <= sizeof(plain); len += 8) {
        assert_int_equal(mc_gcm_seal(key, aad, plain, len, sealed), MC_OK);

        memset(opened, 0xAA, sizeof(opened));
        assert_int_equal(mc_gcm_open(key, aad, sealed,
                                     len + MC_GCM_OVERHEAD, opened), MC_OK);
        assert_memory_equal(opened, plain, len);
        assert_int_equal(opened[len], 0xAA);

        assert_int_equal(mc_gcm_open(other, aad, sealed,
                                     len + MC_GCM_OVERHEAD, opened),
                         MC_EDENIED);
        assert_int_equal(mc_gcm_open(key, mc_str("member 8"), sealed,
                                     len + MC_GCM_OVERHEAD, opened),
                         MC_EDENIED);
        assert_int_equal(mc_gcm_open(key, aad, sealed,
                                     len + MC_GCM_OVERHEAD - 1, opened),
                         MC_EDENIED);

        for (i = 0; i < len + MC_GCM_OVERHEAD; i++) {
            sealed[i] ^= 0x40;
            memset(opened, 0xAA, sizeof(opened));
            assert_int_equal(mc_gcm_open(key, aad, sealed,
                                         len + MC_GCM_OVERHEAD, opened),
                             MC_EDENIED);
            assert_true(len == 0 || (opened[0] == 0
                                     && opened[len - 1] == 0));
            sealed[i] ^= 0x40;
        }
    }

    assert_int_equal(mc_gcm_open(key, aad, sealed, 0, opened), MC_EDENIED);
    assert_int_equal(mc_gcm_open(key, aad, sealed, MC_GCM_OVERHEAD - 1,
                                 opened), MC_EDENIED);
}


static void
two_seals_of_the_same_bytes_differ(void **state)
{
    uint8_t  key[MC_KEY_SIZE] = { 0 };
    uint8_t  a[4 + MC_GCM_OVERHEAD], b[4 + MC_GCM_OVERHEAD];

    assert_int_equal(mc_gcm_seal(key, mc_str_null, "abcd", 4, a), MC_OK);
    assert_int_equal(mc_gcm_seal(key, mc_str_null, "abcd", 4, b), MC_OK);
    assert_memory_not_equal(a, b, MC_GCM_NONCE);
    assert_memory_not_equal(a + MC_GCM_NONCE, b + MC_GCM_NONCE, 4);
}


static void
random_bytes_fill_exactly_what_was_asked(void **state)
{
    uint8_t  a[600], b[600];

    memset(a, 0, sizeof(a));
    assert_int_equal(mc_random(a, 599), MC_OK);
    assert_int_equal(mc_random(b, 600), MC_OK);
    assert_int_equal(a[599], 0);
    assert_memory_not_equal(a, b, 599);
    assert_memory_not_equal(a, a + 300, 299);
    assert_int_equal(mc_random(NULL, 0), MC_OK);
}


static void
bytes_compare_over_their_whole_length(void **state)
{
    assert_true(mc_equal_const("abc", "abd", 2));
    assert_false(mc_equal_const("abc", "abd", 3));
    assert_false(mc_equal_const("xbc", "abc", 3));
    assert_true(mc_equal_const(NULL, NULL, 0));
}


static void
hex_reads_exactly_its_length(void **state)
{
    uint8_t  out[4];

    assert_int_equal(mc_hex_read(mc_str("00ff7Fa9"), out, 4), MC_OK);
    assert_memory_equal(out, "\x00\xff\x7f\xa9", 4);
    assert_int_equal(mc_hex_read(mc_str("00ff7fa"), out, 4), MC_EINVAL);
    assert_int_equal(mc_hex_read(mc_str("00ff7fa9"), out, 3), MC_EINVAL);
    assert_int_equal(mc_hex_read(mc_str("00ff7fag"), out, 4), MC_EINVAL);
    assert_int_equal(mc_hex_read(mc_str("0 ff7fa9"), out, 4), MC_EINVAL);
    assert_int_equal(mc_hex_read(mc_str(""), out, 0), MC_OK);
}


static void
base64url_has_one_form_for_each_value(void **state)
{
    char     text[64];
    size_t   i;
    uint8_t  out[40];

    static const struct {
        const char  *bytes;
        const char  *text;
    } cases[] = {
        { "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
        { "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" },
        { "foobar", "Zm9vYmFy" }, { "\xfb\xef\xff", "--__" },
    };

    static const char *const  bad[] = {
        "Zh", "Zm9", "Zg=", "Zg==", "Z", "Zm9vYh", "Zm 8", "Z+8", "Z/8"
    };

    for (i = 0; i < mc_count(cases); i++) {
        mc_base64url(cases[i].bytes, strlen(cases[i].bytes), text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(mc_base64url_len(strlen(cases[i].bytes)),
                         strlen(text));
        assert_int_equal(mc_base64url_read(mc_str_from(text), out,
                                           strlen(cases[i].bytes)), MC_OK);
        assert_memory_equal(out, cases[i].bytes, strlen(cases[i].bytes));
    }

    for (i = 0; i < mc_count(bad); i++) {
        assert_int_equal(mc_base64url_read(mc_str_from(bad[i]), out,
                                           strlen(bad[i]) * 3 / 4),
                         MC_EINVAL);
    }

    assert_int_equal(mc_base64url_len(32), 43);
    assert_int_equal(mc_base64url_read(mc_str("Zm9v"), out, 2), MC_EINVAL);
    assert_int_equal(mc_base64url_read(mc_str("Zm9v"), out, 4), MC_EINVAL);
}


/* RFC 4648 section 10, and the two letters that differ. */
static void
base64_is_padded_to_fours(void **state)
{
    char    text[16];
    size_t  i;

    static const struct {
        const char  *bytes;
        const char  *letters;
    } cases[] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xfb\xef\xbe\xff\xff\xff", "++++////" }
    };

    for (i = 0; i < mc_count(cases); i++) {
        mc_base64(cases[i].bytes, strlen(cases[i].bytes), text);
        assert_string_equal(text, cases[i].letters);
    }
}


static void
base64url_reads_back_all_lengths(void **state)
{
    char     text[128];
    size_t   len;
    uint8_t  bytes[64], out[64];

    assert_int_equal(mc_random(bytes, sizeof(bytes)), MC_OK);

    for (len = 0; len <= sizeof(bytes); len++) {
        mc_base64url(bytes, len, text);
        assert_int_equal(mc_base64url_read(mc_str_from(text), out, len),
                         MC_OK);
        assert_memory_equal(out, bytes, len);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(sha256_gives_the_published_answers),
        cmocka_unit_test(parts_cut_elsewhere_have_another_digest),
        cmocka_unit_test(hmac_gives_the_published_answers),
        cmocka_unit_test(
            hkdf_gives_the_published_answer_and_differs_by_label),
        cmocka_unit_test(gcm_opens_the_published_test_case),
        cmocka_unit_test(sealed_bytes_open_only_unchanged),
        cmocka_unit_test(two_seals_of_the_same_bytes_differ),
        cmocka_unit_test(random_bytes_fill_exactly_what_was_asked),
        cmocka_unit_test(bytes_compare_over_their_whole_length),
        cmocka_unit_test(hex_reads_exactly_its_length),
        cmocka_unit_test(base64url_has_one_form_for_each_value),
        cmocka_unit_test(base64_is_padded_to_fours),
        cmocka_unit_test(base64url_reads_back_all_lengths),
    };

    return cmocka_run_group_tests_name("base: crypto", tests, NULL, NULL);
}
