/*
 * Certificate chain and key of a signer, read and judged (only for
 * mc_sign.c).
 *
 * Start of nginx or of a command; blocks.  Any one thread.
 */

#ifndef MC_SIGN_LOAD_H
#define MC_SIGN_LOAD_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "mc_sign.h"

#pragma GCC visibility push(hidden)


typedef struct {
    size_t     count;
    X509      *chain[MC_SIGNER_CHAIN];      /* the leaf first */
    EVP_PKEY  *key;
    bool       rsa;                         /* else P-256 */
} mc_sign_files_t;

/* MC_EINVAL: "error" names the file and what is wrong with it.  Whatever
 * comes of it, mc_sign_files_free() takes "files". */
mc_err_t mc_sign_files_read(mc_sign_files_t *files, mc_str_t certificate,
    mc_str_t key, char error[MC_SETTINGS_ERROR]);
void mc_sign_files_free(mc_sign_files_t *files);


#pragma GCC visibility pop

#endif /* MC_SIGN_LOAD_H */
