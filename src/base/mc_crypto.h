/*
 * Random bytes, SHA-256, HMAC, HKDF, AES-256-GCM, hex and base64url.
 *
 * Over libcrypto (the one nginx links) and getrandom().  Any thread.
 * Sources: FIPS 180-4, RFC 2104, RFC 5869, SP 800-38D, RFC 4648.
 */

#ifndef MC_CRYPTO_H
#define MC_CRYPTO_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_SHA256_SIZE   32
#define MC_KEY_SIZE      32
#define MC_GCM_NONCE     12
#define MC_GCM_TAG       16
#define MC_GCM_OVERHEAD  (MC_GCM_NONCE + MC_GCM_TAG)

mc_err_t mc_random(void *out, size_t len);

mc_err_t mc_sha256(const void *data, size_t len,
    uint8_t out[MC_SHA256_SIZE]);

/* Pieces one after the other, each by its own length prefix (8 bytes, big
 * endian), so that ("ab","c") and ("a","bc") differ. */
mc_err_t mc_sha256_parts(const mc_str_t *parts, size_t count,
    uint8_t out[MC_SHA256_SIZE]);

mc_err_t mc_hmac_sha256(const uint8_t key[MC_KEY_SIZE], const void *data,
    size_t len, uint8_t out[MC_SHA256_SIZE]);

/* The same with a key of any length (RFC 2104). */
mc_err_t mc_hmac_sha256_with(mc_str_t key, const void *data, size_t len,
    uint8_t out[MC_SHA256_SIZE]);

/* HKDF-SHA-256 without salt; "label" is the info, at most 255 bytes. */
mc_err_t mc_hkdf(mc_str_t secret, const char *label,
    uint8_t out[MC_KEY_SIZE]);

/* out = nonce | ciphertext | tag, "len" + MC_GCM_OVERHEAD bytes; the nonce
 * is random. */
mc_err_t mc_gcm_seal(const uint8_t key[MC_KEY_SIZE], mc_str_t aad,
    const void *plain, size_t len, uint8_t *out);

/* "len" is that of the sealed bytes; out has room for len - OVERHEAD.
 * MC_EDENIED when the tag does not fit, and "out" is wiped. */
mc_err_t mc_gcm_open(const uint8_t key[MC_KEY_SIZE], mc_str_t aad,
    const void *sealed, size_t len, uint8_t *out);

/* Same bytes, in a time that depends on the length alone. */
bool mc_equal_const(const void *a, const void *b, size_t len);

/* Lower case; out has room for 2 * len + 1.  Reading takes both cases and
 * exactly "len" bytes. */
void mc_hex(const void *data, size_t len, char *out);
mc_err_t mc_hex_read(mc_str_t text, uint8_t *out, size_t len);

/* Without padding (RFC 4648 section 5); 32 bytes give 43 letters.
 * out has room for mc_base64url_len(len) + 1. */
size_t mc_base64url_len(size_t len);
void mc_base64url(const void *data, size_t len, char *out);

/* With + and / and padding (section 4), for data: URLs; out has room for
 * (len + 2) / 3 * 4 + 1. */
void mc_base64(const void *data, size_t len, char *out);

/* Exactly "len" bytes, canonical letters only; else MC_EINVAL. */
mc_err_t mc_base64url_read(mc_str_t text, uint8_t *out, size_t len);


#pragma GCC visibility pop

#endif /* MC_CRYPTO_H */
