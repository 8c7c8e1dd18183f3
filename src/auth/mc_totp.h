/*
 * One-time codes of officers: TOTP with SHA-1, 30 s, 6 digits (RFC 6238,
 * RFC 4226), what every authenticator app takes; its secret as base32
 * (RFC 4648) and as an otpauth:// address.
 *
 * A code counts one step before and after its own.  That it works only once
 * is the caller's: the matched step is kept, and codes of steps up to it
 * are refused.  Neither blocks nor allocates but for mc_totp_uri(); any
 * thread.
 */

#ifndef MC_TOTP_H
#define MC_TOTP_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_TOTP_SECRET  20      /* bytes */
#define MC_TOTP_BASE32  33      /* the secret's letters and NUL */
#define MC_TOTP_CODE    7       /* digits and NUL */
#define MC_TOTP_PERIOD  30000   /* ms of a step */

mc_err_t mc_totp_make(uint8_t secret[MC_TOTP_SECRET]);

/* The step of a time in epoch ms. */
int64_t mc_totp_step(int64_t now);

mc_err_t mc_totp_code(const uint8_t secret[MC_TOTP_SECRET], int64_t step,
    char out[MC_TOTP_CODE]);

/*
 * Is "code" (6 digits) that of a step about "now" later than "used"?  Then
 * *step is that step; else MC_EDENIED.  Costs the same for every answer.
 */
mc_err_t mc_totp_verify(const uint8_t secret[MC_TOTP_SECRET], mc_str_t code,
    int64_t now, int64_t used, int64_t *step);

/* Upper case, no padding: the secret gives 32 letters. */
void mc_totp_base32(const uint8_t secret[MC_TOTP_SECRET],
    char out[MC_TOTP_BASE32]);

/* Either case; MC_EINVAL for anything but 32 letters of the alphabet. */
mc_err_t mc_totp_base32_read(mc_str_t text, uint8_t secret[MC_TOTP_SECRET]);

/* otpauth://totp/ISSUER:NAME?secret=...&issuer=ISSUER..., appended. */
mc_err_t mc_totp_uri(const uint8_t secret[MC_TOTP_SECRET], mc_str_t issuer,
    mc_str_t name, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_TOTP_H */
