/*
 * Session tokens: 256 random bits, 43 letters base64url; the store and the
 * zone know only the SHA-256 (RFC 6265 cookie, RFC 6750 bearer).
 *
 * Neither blocks nor allocates; any thread and the loop.
 */

#ifndef MC_TOKEN_H
#define MC_TOKEN_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_TOKEN_LEN   43
#define MC_TOKEN_HASH  32

mc_err_t mc_token_make(char out[MC_TOKEN_LEN + 1]);

/* MC_EINVAL for anything that is not 43 canonical letters. */
mc_err_t mc_token_hash(mc_str_t token, uint8_t out[MC_TOKEN_HASH]);

/* The value of cookie "name" in a Cookie header line, mc_str_null if it is
 * not there; MC_EINVAL in *err when it stands there twice. */
mc_str_t mc_token_cookie(mc_str_t header, const char *name, mc_err_t *err);

/* The token of "Bearer TOKEN" (scheme in any case); mc_str_null if not. */
mc_str_t mc_token_bearer(mc_str_t header);


#pragma GCC visibility pop

#endif /* MC_TOKEN_H */
