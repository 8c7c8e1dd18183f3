/*
 * One-time codes: eight digits that are sent to a contact on file, and
 * letters of 125 bits that an institute hands out; what the store keeps of
 * either is an HMAC (OWASP ASVS 5.0 6.5.2, 6.5.5; Crockford base32).
 * And the code of a certificate: 80 bits in 16 letters, by which anybody
 * finds its state.
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

#define MC_CODE_BYTES              10   /* of a certificate's code */
#define MC_CODE_CERTIFICATE        16   /* letters */
#define MC_CODE_CERTIFICATE_SHOWN  19   /* in groups of four */

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

/* The code of a new certificate, as it is stored: "0123456789ABCDEF". */
mc_err_t mc_code_certificate_make(char out[MC_CODE_CERTIFICATE + 1]);

/* As typed or out of an address, brought to the stored form: either case,
 * dashes and blanks left out, full-width letters, I and L as 1, O as 0.
 * MC_EINVAL unless 16 letters of the alphabet are left. */
mc_err_t mc_code_certificate_normalise(mc_str_t text,
    char out[MC_CODE_CERTIFICATE + 1]);

/* Its bits, and back.  MC_EINVAL: not in the stored form (the codes of
 * older stores have 22 letters and no such bits). */
mc_err_t mc_code_certificate_bytes(mc_str_t code, uint8_t out[MC_CODE_BYTES]);
void mc_code_certificate_letters(const uint8_t bytes[MC_CODE_BYTES],
    char out[MC_CODE_CERTIFICATE + 1]);

/* "0123-4567-89AB-CDEF", for people; a code that is not of 16 letters is
 * MC_EINVAL. */
mc_err_t mc_code_certificate_shown(mc_str_t code,
    char out[MC_CODE_CERTIFICATE_SHOWN + 1]);

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
