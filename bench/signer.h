/*
 * A signer of a key and a certificate made on the spot, for bench/steps.
 */

#ifndef MC_BENCH_SIGNER_H
#define MC_BENCH_SIGNER_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "mc_sign.h"


/* Its own issuer, for a day; NULL where libcrypto fails. */
static inline X509 *
bench_certificate(EVP_PKEY *key)
{
    X509  *certificate = X509_new();

    if (certificate == NULL
        || !X509_set_version(certificate, 2)
        || !ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1)
        || !X509_gmtime_adj(X509_getm_notBefore(certificate), -60)
        || !X509_gmtime_adj(X509_getm_notAfter(certificate), 86400)
        || !X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                                       "CN", MBSTRING_UTF8,
                                       (const uint8_t *) "bench", -1, -1, 0)
        || !X509_set_issuer_name(certificate,
                                 X509_get_subject_name(certificate))
        || !X509_set_pubkey(certificate, key)
        || !X509_sign(certificate, key, EVP_sha256()))
    {
        X509_free(certificate);
        return NULL;
    }

    return certificate;
}


/* "bits" of RSA; 0: P-256.  NULL: it cannot be made. */
static inline mc_signer_t *
bench_signer(unsigned bits)
{
    int           fd[2];
    char          paths[2][32] = { "/tmp/mc_bench_XXXXXX",
                                   "/tmp/mc_bench_XXXXXX" };
    char          error[MC_SETTINGS_ERROR];
    FILE         *file[2];
    X509         *certificate = NULL;
    EVP_PKEY     *key = bits > 0 ? EVP_RSA_gen(bits)
                                 : EVP_PKEY_Q_keygen(NULL, NULL, "EC",
                                                     "P-256");
    mc_signer_t  *signer = NULL;

    if (key != NULL) {
        certificate = bench_certificate(key);
    }

    fd[0] = mkstemp(paths[0]);
    fd[1] = mkstemp(paths[1]);
    file[0] = fd[0] >= 0 ? fdopen(fd[0], "w") : NULL;
    file[1] = fd[1] >= 0 ? fdopen(fd[1], "w") : NULL;

    if (certificate != NULL && file[0] != NULL && file[1] != NULL
        && PEM_write_X509(file[0], certificate)
        && PEM_write_PrivateKey(file[1], key, NULL, NULL, 0, NULL, NULL)
        && fflush(file[0]) == 0 && fflush(file[1]) == 0)
    {
        signer = mc_signer_open(mc_str_from(paths[0]),
                                mc_str_from(paths[1]), error);
    }

    for (int i = 0; i < 2; i++) {
        if (file[i] != NULL) {
            (void) fclose(file[i]);
        }

        if (fd[i] >= 0) {
            (void) unlink(paths[i]);
        }
    }

    X509_free(certificate);
    EVP_PKEY_free(key);

    return signer;
}


#endif /* MC_BENCH_SIGNER_H */
