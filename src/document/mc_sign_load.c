/*
 * The PEM files of membercert_sign: read, and refused for what would make
 * signatures that readers do not accept.
 *
 * Depends on domain, base and libcrypto.  Start of nginx or of a command;
 * blocks.
 */

#include "mc_sign_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "mc_file.h"


#define RSA_LEAST  2048
#define RSA_MOST   4096
#define PATH_LEN   4096


__attribute__((format(printf, 2, 3)))
static mc_err_t
refuse(char error[MC_SETTINGS_ERROR], const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    (void) vsnprintf(error, MC_SETTINGS_ERROR, format, args);
    va_end(args);

    return MC_EINVAL;
}


static mc_err_t
file_read(const char *path, bool secret, const char *what, uint8_t *buf,
    size_t *len, char error[MC_SETTINGS_ERROR])
{
    char      why[MC_FILE_WHY];
    mc_err_t  err;

    err = mc_file_read(path, secret, buf, MC_SIGNER_FILE, len, why);

    return err == MC_OK ? MC_OK
                        : refuse(error, "%s file \"%.120s\" %s", what, path,
                                 why);
}


/* "2026-11-23 08:00:00 UTC" */
static void
moment(const ASN1_TIME *time, char out[32])
{
    struct tm  tm;

    memset(&tm, 0, sizeof(tm));

    if (ASN1_TIME_to_tm(time, &tm) != 1
        || strftime(out, 32, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
    {
        (void) snprintf(out, 32, "an unknown time");
    }
}


static mc_err_t
chain_parse(mc_sign_files_t *files, BIO *bio, const char *path,
    char error[MC_SETTINGS_ERROR])
{
    X509           *certificate;
    unsigned long   last;

    for ( ;; ) {
        certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

        if (certificate == NULL) {
            break;
        }

        if (files->count == MC_SIGNER_CHAIN) {
            X509_free(certificate);
            return refuse(error, "certificate file \"%.120s\" holds more "
                          "than %d certificates", path,
                          MC_SIGNER_CHAIN);
        }

        files->chain[files->count++] = certificate;
    }

    last = ERR_peek_last_error();

    if (ERR_GET_LIB(last) != ERR_LIB_PEM
        || ERR_GET_REASON(last) != PEM_R_NO_START_LINE)
    {
        return refuse(error, "certificate file \"%.120s\": certificate %zu "
                      "is broken", path, files->count + 1);
    }

    if (files->count == 0) {
        return refuse(error, "certificate file \"%.120s\" holds no "
                      "certificate in PEM form", path);
    }

    return MC_OK;
}


static mc_err_t
chain_read(mc_sign_files_t *files, const char *path,
    char error[MC_SETTINGS_ERROR])
{
    BIO       *bio;
    size_t     len;
    uint8_t   *bytes;
    mc_err_t   err;

    bytes = mc_alloc(MC_SIGNER_FILE);
    if (bytes == NULL) {
        (void) refuse(error, "out of memory");
        return MC_ENOMEM;
    }

    bio = NULL;
    err = file_read(path, false, "certificate", bytes, &len, error);

    if (err == MC_OK) {
        bio = BIO_new_mem_buf(bytes, (int) len);
        err = bio != NULL ? chain_parse(files, bio, path, error)
                          : refuse(error, "out of memory");
    }

    BIO_free(bio);
    mc_free(bytes);

    return err;
}


/* Never asks a person: a key with a pass phrase is refused. */
static int
no_phrase(char *buf, int size, int writing, void *asked)
{
    *(bool *) asked = true;

    return -1;
}


static mc_err_t
key_read(mc_sign_files_t *files, const char *path,
    char error[MC_SETTINGS_ERROR])
{
    BIO       *bio;
    bool       asked;
    size_t     len;
    uint8_t   *bytes;
    mc_err_t   err;

    bytes = mc_alloc(MC_SIGNER_FILE);
    if (bytes == NULL) {
        (void) refuse(error, "out of memory");
        return MC_ENOMEM;
    }

    bio = NULL;
    asked = false;
    err = file_read(path, true, "key", bytes, &len, error);

    if (err == MC_OK) {
        bio = BIO_new_mem_buf(bytes, (int) len);
        files->key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL,
                                                           no_phrase, &asked)
                                 : NULL;
    }

    if (err == MC_OK && files->key == NULL) {
        err = asked ? refuse(error, "key file \"%.120s\" has a pass phrase",
                             path)
                    : refuse(error, "key file \"%.120s\" holds no private "
                             "key in PEM form", path);
    }

    BIO_free(bio);
    mc_free_wiped(bytes, MC_SIGNER_FILE);

    return err;
}


static mc_err_t
key_judge(mc_sign_files_t *files, const char *path,
    char error[MC_SETTINGS_ERROR])
{
    int   bits;
    char  curve[64];

    bits = EVP_PKEY_get_bits(files->key);
    files->rsa = EVP_PKEY_is_a(files->key, "RSA") == 1;

    if (files->rsa) {

        if (bits < RSA_LEAST || bits > RSA_MOST) {
            return refuse(error, "key file \"%.120s\": RSA of %d bits, must "
                          "be of %d to %d", path, bits, RSA_LEAST,
                          RSA_MOST);
        }

        return MC_OK;
    }

    if (EVP_PKEY_is_a(files->key, "EC") != 1) {
        return refuse(error, "key file \"%.120s\": the key is neither P-256 "
                      "nor RSA", path);
    }

    if (EVP_PKEY_get_utf8_string_param(files->key,
                                       OSSL_PKEY_PARAM_GROUP_NAME, curve,
                                       sizeof(curve), NULL) != 1
        || strcmp(curve, "prime256v1") != 0)
    {
        return refuse(error, "key file \"%.120s\": the key's curve is not "
                      "P-256", path);
    }

    return MC_OK;
}


/* Each may be used now, and each was issued by the next. */
static mc_err_t
chain_judge(const mc_sign_files_t *files, const char *path,
    char error[MC_SETTINGS_ERROR])
{
    char     when[32];
    X509    *one, *next;
    size_t   i;

    for (i = 0; i < files->count; i++) {
        one = files->chain[i];
        next = i + 1 < files->count ? files->chain[i + 1] : NULL;

        if (X509_cmp_current_time(X509_get0_notBefore(one)) >= 0) {
            moment(X509_get0_notBefore(one), when);
            return refuse(error, "certificate file \"%.120s\": certificate "
                          "%zu is not valid before %s", path, i + 1,
                          when);
        }

        if (X509_cmp_current_time(X509_get0_notAfter(one)) <= 0) {
            moment(X509_get0_notAfter(one), when);
            return refuse(error, "certificate file \"%.120s\": certificate "
                          "%zu has expired on %s", path, i + 1, when);
        }

        if (next != NULL
            && (X509_check_issued(next, one) != X509_V_OK
                || X509_verify(one, X509_get0_pubkey(next)) != 1))
        {
            return refuse(error, "certificate file \"%.120s\": certificate "
                          "%zu was not issued by the one behind it",
                          path, i + 1);
        }
    }

    return MC_OK;
}


static mc_err_t
leaf_judge(const mc_sign_files_t *files, const char *certificate,
    const char *key, char error[MC_SETTINGS_ERROR])
{
    uint32_t  usage;

    if (X509_check_private_key(files->chain[0], files->key) != 1) {
        return refuse(error, "key file \"%.80s\" does not fit the first "
                      "certificate of \"%.80s\"", key,
                      certificate);
    }

    /* all bits are set where the extension is absent */

    usage = X509_get_key_usage(files->chain[0]);

    if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
        return refuse(error, "certificate file \"%.120s\": certificate 1 is "
                      "not meant for signatures (its key usage has neither "
                      "digitalSignature nor nonRepudiation)",
                      certificate);
    }

    return MC_OK;
}


/* The settings' paths end in NUL; others need not. */
static mc_err_t
name_take(mc_str_t path, const char *what, char name[PATH_LEN],
    char error[MC_SETTINGS_ERROR])
{
    if (path.len == 0 || path.len >= PATH_LEN
        || memchr(path.data, '\0', path.len) != NULL)
    {
        return refuse(error, "name of the %s file is malformed", what);
    }

    memcpy(name, path.data, path.len);
    name[path.len] = '\0';

    return MC_OK;
}


static mc_err_t
files_take(mc_sign_files_t *files, const char *certificate, const char *key,
    char error[MC_SETTINGS_ERROR])
{
    mc_err_t  err;

    err = chain_read(files, certificate, error);

    if (err == MC_OK) {
        err = key_read(files, key, error);
    }

    if (err == MC_OK) {
        err = key_judge(files, key, error);
    }

    if (err == MC_OK) {
        err = leaf_judge(files, certificate, key, error);
    }

    return err == MC_OK ? chain_judge(files, certificate, error) : err;
}


mc_err_t
mc_sign_files_read(mc_sign_files_t *files, mc_str_t certificate,
    mc_str_t key, char error[MC_SETTINGS_ERROR])
{
    char      names[2][PATH_LEN];
    mc_err_t  err;

    memset(files, 0, sizeof(*files));
    error[0] = '\0';

    err = name_take(certificate, "certificate", names[0], error);

    if (err == MC_OK) {
        err = name_take(key, "key", names[1], error);
    }

    if (err == MC_OK) {
        (void) ERR_set_mark();
        err = files_take(files, names[0], names[1], error);
        (void) ERR_pop_to_mark();
    }

    return err;
}


void
mc_sign_files_free(mc_sign_files_t *files)
{
    size_t  i;

    for (i = 0; i < files->count; i++) {
        X509_free(files->chain[i]);
    }

    EVP_PKEY_free(files->key);
    memset(files, 0, sizeof(*files));
}
