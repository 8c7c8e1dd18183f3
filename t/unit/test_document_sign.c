/*
 * Unit tests of the signature (X06): libcrypto's own reader of CMS takes
 * what is written here, and files that would not do are refused by name.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/cms.h>

#include "mc_crypto.h"
#include "mc_sign.h"
#include "mc_time.h"
#include "test_sign.h"


#define CMS_MAX  65536
#define PLAIN    { "签名人 Signer", "critical,digitalSignature", false,     \
                   -TEST_DAY, 30 * TEST_DAY }

static const char  message[] = "what is signed, without the hole";

static char  folder[] = "/tmp/mc_sign_XXXXXX";
static char  leaf_path[64], key_path[64];

/* One root, an institute below it, for all tests. */
static EVP_PKEY  *root_key, *middle_key, *ec_key, *other_key, *rsa_key;
static X509      *root, *middle;


static mc_signer_t *
open_signer(char error[MC_SETTINGS_ERROR])
{
    mc_signer_t  *signer;

    signer = mc_signer_open(mc_str_from(leaf_path), mc_str_from(key_path),
                            error);
    assert_int_equal(signer == NULL, error[0] != '\0');

    return signer;
}


/* A signer below the institute. */
static mc_signer_t *
good_signer(EVP_PKEY *key, const test_certificate_t *what)
{
    char          error[MC_SETTINGS_ERROR];
    X509         *leaf;
    mc_signer_t  *signer;

    leaf = test_certificate(what, key, middle, middle_key);
    test_put_chain(leaf_path, (X509 *[]) { leaf, middle, NULL });
    test_put_key(key_path, key, NULL);
    X509_free(leaf);

    signer = open_signer(error);

    if (signer == NULL) {
        fail_msg("%s", error);
    }

    return signer;
}


static bool
verified(const uint8_t *bytes, size_t len, const char *text)
{
    return test_verified(root, bytes, len, text);
}


static size_t
sign_message(const mc_signer_t *signer, uint8_t out[CMS_MAX])
{
    size_t   len;
    uint8_t  digest[32];

    assert_int_equal(mc_sha256(message, strlen(message), digest), MC_OK);
    assert_int_equal(mc_signer_cms(signer, digest, out,
                                   mc_signer_room(signer), &len), MC_OK);
    assert_true(len <= mc_signer_room(signer));

    return len;
}


static void
check_parts(const uint8_t *bytes, size_t len, int certificates)
{
    const uint8_t    *p;
    uint8_t          *again;
    STACK_OF(X509)   *chain;
    CMS_SignerInfo   *info;
    CMS_ContentInfo  *cms;

    p = bytes;
    cms = d2i_CMS_ContentInfo(NULL, &p, (long) len);
    assert_non_null(cms);
    assert_ptr_equal(p, bytes + len);

    /* libcrypto lays it out in DER again, and gets the same bytes */

    again = NULL;
    assert_int_equal(i2d_CMS_ContentInfo(cms, &again), len);
    assert_memory_equal(again, bytes, len);
    OPENSSL_free(again);

    chain = CMS_get1_certs(cms);
    assert_int_equal(sk_X509_num(chain), certificates);
    sk_X509_pop_free(chain, X509_free);

    assert_int_equal(sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)), 1);
    info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    assert_int_equal(CMS_signed_get_attr_count(info), 3);
    assert_int_equal(CMS_unsigned_get_attr_count(info), -1);
    assert_int_equal(CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime,
                                                -1), -1);
    assert_true(CMS_signed_get_attr_by_NID(info,
                    NID_id_smime_aa_signingCertificateV2, -1) >= 0);

    CMS_ContentInfo_free(cms);
}


static void
a_reader_of_others_takes_the_signature_X06(void **state)
{
    size_t        i, len, room, times;
    uint8_t       out[CMS_MAX];
    mc_signer_t  *signer;

    static const test_certificate_t  what = PLAIN;

    EVP_PKEY *const  keys[] = { ec_key, rsa_key };

    for (i = 0; i < mc_count(keys); i++) {
        signer = good_signer(keys[i], &what);
        room = mc_signer_room(signer);

        /* ECDSA gives signatures of 70 to 72 bytes, seldom fewer */

        for (times = 0; times < (i == 0 ? 200 : 5); times++) {
            len = sign_message(signer, out);
            assert_true(len <= room && len + 8 > room);
            check_parts(out, len, 2);
            assert_true(verified(out, len, message));
            assert_false(verified(out, len, "something else"));
        }

        mc_signer_close(signer);
    }
}


/*
 * The info ends in attributes (with the digest), algorithm and signature.
 * Of the algorithm, 12 bytes, that reader looks at the key's kind alone.
 */
static void
any_changed_byte_of_the_signers_info_is_seen_X06(void **state)
{
    size_t        i, len;
    uint8_t       out[CMS_MAX];
    mc_signer_t  *signer;

    static const test_certificate_t  what = PLAIN;

    signer = good_signer(ec_key, &what);
    len = sign_message(signer, out);
    assert_true(verified(out, len, message));

    for (i = len - 214; i < len; i++) {

        if (i >= len - 86 && i < len - 70) {
            continue;
        }

        out[i] ^= 4;

        if (verified(out, len, message)) {
            fail_msg("byte %zu of %zu", i, len);
        }

        out[i] ^= 4;
    }

    assert_true(verified(out, len, message));
    mc_signer_close(signer);
}


static void
a_signer_tells_its_name_end_and_digest(void **state)
{
    uint8_t       digest[32], other[32];
    mc_signer_t  *signer;

    test_certificate_t  what = PLAIN;

    signer = good_signer(ec_key, &what);
    assert_true(mc_str_eq(mc_signer_name(signer),
                          mc_str("签名人 Signer")));
    assert_true(mc_signer_until(signer) > mc_now() + 29 * MC_DAY
                && mc_signer_until(signer) < mc_now() + 31 * MC_DAY);
    mc_signer_digest(signer, digest);
    mc_signer_close(signer);

    /* the same key in a new certificate is another signer */

    what.name = NULL;
    what.usage = NULL;
    signer = good_signer(ec_key, &what);
    assert_true(mc_str_eq(mc_signer_name(signer), mc_str("测试协会")));
    mc_signer_digest(signer, other);
    assert_memory_not_equal(digest, other, 32);
    mc_signer_close(signer);

    mc_signer_close(NULL);
}


static void
too_little_room_is_told_and_nothing_is_written(void **state)
{
    size_t        room, len;
    uint8_t       out[CMS_MAX], digest[32] = { 0 };
    mc_signer_t  *signer;

    static const test_certificate_t  what = PLAIN;

    signer = good_signer(rsa_key, &what);
    room = mc_signer_room(signer);
    memset(out, 0xA5, sizeof(out));

    assert_int_equal(mc_signer_cms(signer, digest, out, room - 1, &len),
                     MC_ETOOBIG);
    assert_int_equal(out[0], 0xA5);
    assert_int_equal(mc_signer_cms(signer, digest, out, room, &len), MC_OK);
    assert_int_equal(len, room);
    assert_int_equal(out[room], 0xA5);
    mc_signer_close(signer);
}


static void
expect_refusal(const char *want)
{
    char          error[MC_SETTINGS_ERROR];
    mc_signer_t  *signer;

    signer = open_signer(error);

    if (signer != NULL || strstr(error, want) == NULL) {
        fail_msg("\"%s\" instead of \"%s\"", error, want);
    }

    assert_non_null(strstr(error, folder));
}


static void
put_good_files(void)
{
    static const test_certificate_t  what = PLAIN;

    mc_signer_close(good_signer(ec_key, &what));
}


static void
files_that_are_not_what_they_should_be_are_refused(void **state)
{
    char      huge[MC_SIGNER_FILE + 2];
    X509     *many[MC_SIGNER_CHAIN + 2];
    size_t    i;
    mc_str_t  name;

    put_good_files();
    assert_int_equal(unlink(leaf_path), 0);
    expect_refusal("/leaf.pem\" does not exist");

    test_put_text(leaf_path, "nothing of that kind\n", 0644);
    expect_refusal("/leaf.pem\" holds no certificate in PEM form");
    test_put_text(leaf_path, "", 0644);
    expect_refusal("/leaf.pem\" holds no certificate in PEM form");
    test_put_text(leaf_path, "-----BEGIN CERTIFICATE-----\nAAAA\n"
             "-----END CERTIFICATE-----\n", 0644);
    expect_refusal("/leaf.pem\": certificate 1 is broken");
    test_put_text(leaf_path, "-----BEGIN CERTIFICATE-----\nAA\n", 0644);
    expect_refusal("/leaf.pem\": certificate 1 is broken");

    memset(huge, 'a', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    test_put_text(leaf_path, huge, 0644);
    expect_refusal("/leaf.pem\" is longer than 65536 bytes");

    for (i = 0; i < mc_count(many) - 1; i++) {
        many[i] = root;
    }

    many[i] = NULL;
    test_put_chain(leaf_path, many);
    expect_refusal("/leaf.pem\" holds more than 8 certificates");

    put_good_files();
    assert_int_equal(unlink(key_path), 0);
    expect_refusal("/key.pem\" does not exist");
    test_put_text(key_path, "no key\n", 0600);
    expect_refusal("/key.pem\" holds no private key in PEM form");
    test_put_text(key_path, "-----BEGIN PRIVATE KEY-----\nAAAA\n"
             "-----END PRIVATE KEY-----\n", 0600);
    expect_refusal("/key.pem\" holds no private key in PEM form");

    test_put_key(key_path, ec_key, "secret");
    expect_refusal("/key.pem\" has a pass phrase");
    test_put_key(key_path, ec_key, NULL);
    assert_int_equal(chmod(key_path, 0604), 0);
    expect_refusal("/key.pem\" is readable or writable by others");
    assert_int_equal(chmod(key_path, 0602), 0);
    expect_refusal("/key.pem\" is readable or writable by others");

    test_put_key(key_path, other_key, NULL);
    expect_refusal("/key.pem\" does not fit the first certificate of");

    /* names */

    name = mc_str("/tmp/x\0y");
    assert_null(mc_signer_open(name, mc_str_from(key_path), huge));
    assert_string_equal(huge, "name of the certificate file is malformed");
    assert_null(mc_signer_open(mc_str_from(leaf_path), mc_str(""), huge));
    assert_string_equal(huge, "name of the key file is malformed");
}


/* A certificate signed by its own key, and what is said of it. */
static void
keys_and_certificates_that_readers_would_refuse_are_refused_X06(void **state)
{
    static const struct {
        const char          *key;
        test_certificate_t   what;
        const char          *refused;       /* NULL: taken */
    } cases[] = {
        { "P-256", { "a", NULL, false, -TEST_DAY, TEST_DAY }, NULL },
        { "P-256", { "a", "nonRepudiation", false, -TEST_DAY, TEST_DAY },
          NULL },
        { "P-256", { "a", "keyEncipherment,digitalSignature", false,
                     -TEST_DAY, TEST_DAY }, NULL },
        { "P-256", { "a", "keyAgreement", false, -TEST_DAY, TEST_DAY },
          "certificate 1 is not meant for signatures" },
        { "P-256", { "a", "keyCertSign,cRLSign", true, -TEST_DAY, TEST_DAY },
          "certificate 1 is not meant for signatures" },
        { "P-256", { "a", NULL, false, -2 * TEST_DAY, -60 },
          "certificate 1 has expired on 20" },
        { "P-256", { "a", NULL, false, 3600, TEST_DAY },
          "certificate 1 is not valid before 20" },
        { "P-384", { "a", NULL, false, -TEST_DAY, TEST_DAY },
          "the key's curve is not P-256" },
        { "ED25519", { "a", NULL, false, -TEST_DAY, TEST_DAY },
          "the key is neither P-256 nor RSA" },
        { "RSA:1024", { "a", NULL, false, -TEST_DAY, TEST_DAY },
          "RSA of 1024 bits, must be of 2048 to 4096" }
    };

    char          error[MC_SETTINGS_ERROR];
    X509         *leaf;
    size_t        i;
    EVP_PKEY     *key;
    mc_signer_t  *signer;

    for (i = 0; i < mc_count(cases); i++) {
        key = test_key(cases[i].key);
        leaf = test_certificate(&cases[i].what, key, NULL, NULL);
        test_put_chain(leaf_path, (X509 *[]) { leaf, NULL });
        test_put_key(key_path, key, NULL);

        if (cases[i].refused != NULL) {
            expect_refusal(cases[i].refused);

        } else {
            signer = open_signer(error);
            assert_non_null(signer);
            mc_signer_close(signer);
        }

        X509_free(leaf);
        EVP_PKEY_free(key);
    }
}


static void
a_chain_stands_in_order_and_is_valid_throughout(void **state)
{
    char          error[MC_SETTINGS_ERROR];
    X509         *leaf, *old, *strange;
    mc_signer_t  *signer;

    static const test_certificate_t  what = PLAIN, ended = {
        "Middle", "keyCertSign", true, -9 * TEST_DAY, -TEST_DAY
    }, same_name = {
        "Middle", "keyCertSign", true, -TEST_DAY, TEST_DAY
    };

    leaf = test_certificate(&what, ec_key, middle, middle_key);
    old = test_certificate(&ended, middle_key, root, root_key);
    strange = test_certificate(&same_name, other_key, root, root_key);
    test_put_key(key_path, ec_key, NULL);

    test_put_chain(leaf_path, (X509 *[]) { leaf, middle, root, NULL });
    signer = open_signer(error);
    assert_non_null(signer);
    mc_signer_close(signer);

    test_put_chain(leaf_path, (X509 *[]) { leaf, root, middle, NULL });
    expect_refusal("certificate 1 was not issued by the one behind it");
    test_put_chain(leaf_path, (X509 *[]) { middle, leaf, NULL });
    expect_refusal("does not fit the first certificate");

    /* of the right name, but not the one whose key signed the leaf */

    test_put_chain(leaf_path, (X509 *[]) { leaf, strange, NULL });
    expect_refusal("certificate 1 was not issued by the one behind it");
    test_put_chain(leaf_path, (X509 *[]) { leaf, old, NULL });
    expect_refusal("certificate 2 has expired on 20");

    X509_free(strange);
    X509_free(old);
    X509_free(leaf);
}


static void *
sign_many(void *signer)
{
    size_t    i, len;
    uint8_t   out[CMS_MAX], digest[32];

    if (mc_sha256(message, strlen(message), digest) != MC_OK) {
        return signer;
    }

    for (i = 0; i < 50; i++) {
        if (mc_signer_cms(signer, digest, out, sizeof(out), &len) != MC_OK
            || !verified(out, len, message))
        {
            return signer;
        }
    }

    return NULL;
}


static void
many_threads_sign_with_one_key(void **state)
{
    void         *failed;
    size_t        i;
    pthread_t     threads[4];
    mc_signer_t  *signer;

    static const test_certificate_t  what = PLAIN;

    signer = good_signer(ec_key, &what);

    for (i = 0; i < mc_count(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, sign_many,
                                        signer), 0);
    }

    for (i = 0; i < mc_count(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }

    mc_signer_close(signer);
}


static void
without_memory_there_is_no_signer(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    mc_signer_t   *signer;
    unsigned long  n;

    put_good_files();

    for (n = 1; ; n++) {
        mc_alloc_fail_at(n, false);
        signer = open_signer(error);
        mc_alloc_fail_at(0, false);

        if (signer != NULL) {
            break;
        }
    }

    assert_true(n > 5);
    mc_signer_close(signer);
}


static int
make_files(void **state)
{
    static const test_certificate_t  roots = {
        "Root", "critical,keyCertSign,cRLSign", true, -TEST_DAY,
        90 * TEST_DAY
    }, middles = {
        "Middle", "critical,keyCertSign,cRLSign", true, -TEST_DAY,
        90 * TEST_DAY
    };

    if (mkdtemp(folder) == NULL) {
        return -1;
    }

    (void) snprintf(leaf_path, sizeof(leaf_path), "%s/leaf.pem", folder);
    (void) snprintf(key_path, sizeof(key_path), "%s/key.pem", folder);

    root_key = test_key("P-256");
    middle_key = test_key("P-256");
    ec_key = test_key("P-256");
    other_key = test_key("P-256");
    rsa_key = test_key("RSA:2048");
    root = test_certificate(&roots, root_key, NULL, NULL);
    middle = test_certificate(&middles, middle_key, root, root_key);

    return 0;
}


static int
remove_files(void **state)
{
    X509_free(middle);
    X509_free(root);
    EVP_PKEY_free(rsa_key);
    EVP_PKEY_free(other_key);
    EVP_PKEY_free(ec_key);
    EVP_PKEY_free(middle_key);
    EVP_PKEY_free(root_key);

    return unlink(leaf_path) | unlink(key_path) | rmdir(folder);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_reader_of_others_takes_the_signature_X06),
        cmocka_unit_test(any_changed_byte_of_the_signers_info_is_seen_X06),
        cmocka_unit_test(a_signer_tells_its_name_end_and_digest),
        cmocka_unit_test(too_little_room_is_told_and_nothing_is_written),
        cmocka_unit_test(files_that_are_not_what_they_should_be_are_refused),
        cmocka_unit_test(
            keys_and_certificates_that_readers_would_refuse_are_refused_X06),
        cmocka_unit_test(a_chain_stands_in_order_and_is_valid_throughout),
        cmocka_unit_test(many_threads_sign_with_one_key),
        cmocka_unit_test(without_memory_there_is_no_signer)
    };

    return cmocka_run_group_tests(tests, make_files, remove_files);
}
