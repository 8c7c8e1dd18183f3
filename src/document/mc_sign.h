/*
 * The institute's electronic signature: a detached CMS over the bytes of a
 * PDF (PAdES baseline B-B, SubFilter ETSI.CAdES.detached).
 *
 * The signer is a certificate chain and a private key in PEM files, read
 * when the configuration is loaded and read-only afterwards: any number of
 * threads may sign at the same time.  The CMS carries the whole chain, the
 * SHA-256 of what is signed and of the certificate (signingCertificateV2),
 * and no time of its own (the PDF's /M says when).
 *
 * Keys: ECDSA P-256 (about 30 us a signature) or RSA 2048, 3072, 4096.
 * ECDSA is randomised: two CMS over the same bytes differ.
 * Sources: RFC 5652, RFC 5035, ETSI EN 319 122-1, EN 319 142-1; spec X06.
 */

#ifndef MC_SIGN_H
#define MC_SIGN_H

#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_SIGNER_CHAIN  8          /* certificates */
#define MC_SIGNER_FILE   65536      /* bytes of a file */

typedef struct mc_signer_s  mc_signer_t;

/*
 * Reads both files (blocks; start of nginx or of a command, before root is
 * dropped).  "certificate": PEM, the leaf first, then what issued it and so
 * on; the root may be left out.  "key": PEM, without pass phrase, and as a
 * secret file neither readable nor writable by others.  NULL and a text
 * that names the file: missing, not PEM, broken; a chain out of order; a
 * key that does not fit the leaf or is of another kind; a leaf that has
 * expired, is not yet valid, or is not meant for signatures.
 */
mc_signer_t *mc_signer_open(mc_str_t certificate, mc_str_t key,
    char error[MC_SETTINGS_ERROR]);
void mc_signer_close(mc_signer_t *signer);      /* takes NULL */

/* Over the chain; part of a template's digest, so that a new certificate
 * makes new files. */
void mc_signer_digest(const mc_signer_t *signer, uint8_t out[32]);

/* The most bytes a CMS may have; the hole for it in the PDF is twice as
 * many hex letters. */
size_t mc_signer_room(const mc_signer_t *signer);

/* The leaf's subject: common name, else organisation, UTF-8; may be empty.
 * Lives as long as the signer. */
mc_str_t mc_signer_name(const mc_signer_t *signer);

/* When the leaf ends, ms. */
int64_t mc_signer_until(const mc_signer_t *signer);

/*
 * CMS (DER) over a message of this SHA-256 into "out".  MC_ETOOBIG: "room" is
 * less than it needs (never with mc_signer_room()); MC_ENOMEM; MC_EIO:
 * libcrypto failed.  Any thread; RSA 3072 and 4096 take 2 to 6 ms.
 */
mc_err_t mc_signer_cms(const mc_signer_t *signer, const uint8_t message[32],
    uint8_t *out, size_t room, size_t *len);


#pragma GCC visibility pop

#endif /* MC_SIGN_H */
