/*
 * Captcha challenges whose id is all the server has to know: kind, answer
 * or difficulty, end and a random number, sealed (AES-256-GCM) by the keys'
 * captcha key.  What was asked is forgotten; only used ids are kept, by
 * whoever calls (domain/mc_used.h).
 *
 * Picture: five letters of an alphabet without look-alikes.  Work: a decimal
 * string n, so that SHA-256(id ":" n) starts with so many zero bits.
 *
 * Neither blocks nor allocates (libcrypto's own contexts apart); any thread
 * and the loop.  Requirements I01, I02, S09.
 */

#ifndef MC_CAPTCHA_H
#define MC_CAPTCHA_H

#include "mc_keys.h"

#pragma GCC visibility push(hidden)


#define MC_CAPTCHA_LETTERS   5          /* of a picture */
#define MC_CAPTCHA_DIGITS    20         /* of a solution, at most */
#define MC_CAPTCHA_NONCE     16
#define MC_CAPTCHA_ID        80         /* letters of an id */
#define MC_CAPTCHA_TTL_MAX   INT64_C(900000)    /* ms */

/* No 0 O D Q, 1 I L, B 8, S 5, Z 2, G 6, U V, M W (wide). */
#define MC_CAPTCHA_ALPHABET  "ACEFHJKNPRTXY3479"

typedef enum {
    MC_CAPTCHA_WORK = 0,
    MC_CAPTCHA_PICTURE
} mc_captcha_kind_t;

typedef enum {
    MC_CAPTCHA_RIGHT = 0,
    MC_CAPTCHA_WRONG,
    MC_CAPTCHA_EXPIRED,
    MC_CAPTCHA_MALFORMED        /* no id of ours */
} mc_captcha_result_t;

typedef struct {
    mc_captcha_kind_t  kind;
    uint32_t           bits;    /* of work: 1..32; else 0 */
    int64_t            expires; /* ms */
    char               letters[MC_CAPTCHA_LETTERS + 1]; /* of a picture */
    uint8_t            nonce[MC_CAPTCHA_NONCE];     /* from making the id */
} mc_captcha_t;

/* Letters nobody can foretell. */
mc_err_t mc_captcha_letters(char out[MC_CAPTCHA_LETTERS + 1]);

/* Draws the nonce and writes the id, base64url, of equal length always. */
mc_err_t mc_captcha_make(const mc_keys_t *keys, mc_captcha_t *captcha,
    char id[MC_CAPTCHA_ID + 1]);

/*
 * Opens the id (every secret's key is tried) and judges the answer; letters
 * in either case, blanks around it left out.  *captcha is set unless the
 * result is MC_CAPTCHA_MALFORMED.  An id that ends later than any made now
 * could (the clock was set back) counts as expired.
 */
mc_captcha_result_t mc_captcha_check(const mc_keys_t *keys, mc_str_t id,
    mc_str_t answer, int64_t now, mc_captcha_t *captcha);


#pragma GCC visibility pop

#endif /* MC_CAPTCHA_H */
