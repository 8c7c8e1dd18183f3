/*
 * One-time codes: eight digits that are sent to a contact on file, and
 * letters of 125 bits that an institute hands out; what the store keeps of
 * either is an HMAC (OWASP ASVS 5.0 6.5.2, 6.5.5; Crockford base32).
 *
 * Neither blocks nor allocates; any thread.
 */

#ifndef MC_CODE_H
#define MC_CODE_H

#include "mc_keys.h"

#pragma GCC visibility push(hidden)


#define MC_CODE_DIGITS   8
#define MC_CODE_LETTERS  25         /* 5 bits each */
#define MC_CODE_SHOWN    29         /* letters in groups of five */

/* Each of the 100,000,000 equally likely. */
mc_err_t mc_code_digits(char out[MC_CODE_DIGITS + 1]);

/* "ABCDE-FGHJK-..." */
mc_err_t mc_code_letters(char out[MC_CODE_SHOWN + 1]);

/* Digits as typed: blanks and dashes left out, full-width digits taken.
 * MC_EINVAL unless eight are left. */
mc_err_t mc_code_digits_read(mc_str_t text, char out[MC_CODE_DIGITS + 1]);

/* Letters as typed: the same, in either case, O read as 0, I and L as 1.
 * MC_EINVAL unless 25 letters of the alphabet are left. */
mc_err_t mc_code_letters_read(mc_str_t text, char out[MC_CODE_LETTERS + 1]);

/* What a row of the store has in place of the code; "secret" is an index
 * below keys->count. */
mc_err_t mc_code_mac(const mc_keys_t *keys, size_t secret,
    const uint8_t id[MC_SHA256_SIZE], mc_str_t code,
    uint8_t out[MC_SHA256_SIZE]);

/* The id of a row that is found by letters alone, in the form read. */
mc_err_t mc_code_id(const mc_keys_t *keys, size_t secret, mc_str_t letters,
    uint8_t out[MC_SHA256_SIZE]);


#pragma GCC visibility pop

#endif /* MC_CODE_H */
