/*
 * ECDSA over the curve P-256: public point of a private number, signature
 * and its check.
 *
 * Over libcrypto, which allocates on its own; what fails leaves nothing in
 * its queue of errors.  20 to 200 us each; any thread.
 * Source: FIPS 186-5, SEC 1 2.3.3.
 */

#ifndef MC_P256_H
#define MC_P256_H

#include "mc_crypto.h"

#pragma GCC visibility push(hidden)


#define MC_P256_SCALAR  32
#define MC_P256_POINT   65          /* 4, x, y */
#define MC_P256_SIGNED  64          /* r, s, big-endian */

/* MC_EINVAL: the number is 0 or not below the curve's order. */
mc_err_t mc_p256_point(const uint8_t scalar[MC_P256_SCALAR],
    uint8_t point[MC_P256_POINT]);

/* "point" must be that of the scalar.  Randomised: no two are the same. */
mc_err_t mc_p256_sign(const uint8_t scalar[MC_P256_SCALAR],
    const uint8_t point[MC_P256_POINT], const uint8_t digest[MC_SHA256_SIZE],
    uint8_t out[MC_P256_SIGNED]);

/* MC_EDENIED: not signed by it; MC_EINVAL: no point of the curve. */
mc_err_t mc_p256_verify(const uint8_t point[MC_P256_POINT],
    const uint8_t digest[MC_SHA256_SIZE],
    const uint8_t signature[MC_P256_SIGNED]);


#pragma GCC visibility pop

#endif /* MC_P256_H */
