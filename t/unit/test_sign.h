/*
 * Keys and certificates for tests of signatures, made on the spot.
 */

#ifndef MC_TEST_SIGN_H
#define MC_TEST_SIGN_H

#include <stdio.h>
#include <sys/stat.h>

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define TEST_DAY  (24 * 3600L)

typedef struct {
    const char  *name;              /* common name */
    const char  *usage;             /* NULL: no key usage */
    bool         ca;
    long         from;              /* seconds from now */
    long         to;
} test_certificate_t;


/* "P-256", "P-384", "ED25519", "RSA:2048" */
static inline EVP_PKEY *
test_key(const char *kind)
{
    EVP_PKEY  *key;

    if (strncmp(kind, "RSA:", 4) == 0) {
        key = EVP_RSA_gen((unsigned) strtoul(kind + 4, NULL, 10));

    } else if (strcmp(kind, "ED25519") == 0) {
        key = EVP_PKEY_Q_keygen(NULL, NULL, kind);

    } else {
        key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);
    }

    assert_non_null(key);

    return key;
}


static inline void
test_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION  *extension;

    extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}


/* "issuer" NULL: signed by itself. */
static inline X509 *
test_certificate(const test_certificate_t *what, EVP_PKEY *key, X509 *issuer,
    EVP_PKEY *issuer_key)
{
    X509         *certificate;
    X509_NAME    *name;

    static long   serial = 4711;

    certificate = X509_new();
    assert_non_null(certificate);
    assert_int_equal(X509_set_version(certificate, 2), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate),
                                      serial++), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate),
                                    what->from));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate),
                                    what->to));
    name = X509_get_subject_name(certificate);
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                         (const uint8_t *) "测试协会", -1, -1, 0), 1);

    if (what->name != NULL) {
        assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN",
                             MBSTRING_UTF8, (const uint8_t *) what->name,
                             -1, -1, 0), 1);
    }

    assert_int_equal(X509_set_issuer_name(certificate, issuer != NULL
                         ? X509_get_subject_name(issuer) : name), 1);
    assert_int_equal(X509_set_pubkey(certificate, key), 1);

    if (what->ca) {
        test_extension(certificate, NID_basic_constraints,
                       "critical,CA:TRUE");
    }

    if (what->usage != NULL) {
        test_extension(certificate, NID_key_usage, what->usage);
    }

    assert_true(X509_sign(certificate, issuer_key != NULL ? issuer_key : key,
                          EVP_PKEY_is_a(issuer_key != NULL ? issuer_key : key,
                                        "ED25519") ? NULL : EVP_sha256())
                > 0);

    return certificate;
}


/* The certificates one after the other; NULL ends them. */
static inline void
test_put_chain(const char *path, X509 *const *chain)
{
    FILE  *file;

    file = fopen(path, "wb");
    assert_non_null(file);

    for ( /* void */ ; *chain != NULL; chain++) {
        assert_int_equal(PEM_write_X509(file, *chain), 1);
    }

    assert_int_equal(fclose(file), 0);
}


/* "phrase" may be NULL. */
static inline void
test_put_key(const char *path, EVP_PKEY *key, const char *phrase)
{
    FILE  *file;

    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(PEM_write_PKCS8PrivateKey(file, key,
                         phrase != NULL ? EVP_aes_128_cbc() : NULL, NULL, 0,
                         NULL, (void *) phrase), 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
}


static inline void
test_put_text(const char *path, const char *text, mode_t mode)
{
    FILE  *file;

    file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}


/* By libcrypto's reader, which trusts this root alone. */
static inline bool
test_verified(X509 *root, const uint8_t *bytes, size_t len,
    const char *text)
{
    BIO              *content;
    bool              good;
    X509_STORE       *store;
    CMS_ContentInfo  *cms;

    cms = d2i_CMS_ContentInfo(NULL, &bytes, (long) len);

    if (cms == NULL) {
        return false;
    }

    store = X509_STORE_new();
    content = BIO_new_mem_buf(text, -1);
    assert_non_null(store);
    assert_non_null(content);
    assert_int_equal(X509_STORE_add_cert(store, root), 1);

    good = CMS_verify(cms, NULL, store, content, NULL,
                      CMS_BINARY | CMS_DETACHED | CMS_CADES) == 1;

    BIO_free(content);
    X509_STORE_free(store);
    CMS_ContentInfo_free(cms);

    return good;
}

#endif /* MC_TEST_SIGN_H */
