/*
 * The statement: what a certificate says, signed by the site, short enough
 * for a QR symbol and checked by anyone without a network.
 *
 * Version 1, bytes:
 *
 *   0       1
 *   1..4    id of the key: first 4 bytes of SHA-256 of its public point
 *   5..14   the certificate's code
 *   15..16  issue date: days since 2000-01-01 in the site's zone, big-endian
 *   17..36  first 20 bytes of SHA-256 of the photo, as it is in the PDF
 *   ...     number, name, category, each a head byte and its bytes; the
 *           head's upper two bits: 0 UTF-8, 1 UTF-16BE, 2 digits packed in
 *           pairs (a last half F when odd), 3 UTF-16BE and cut; the lower
 *           six: how many bytes follow.  The shortest form is taken.
 *   last 64 ECDSA P-256, r and s, over SHA-256 of "membercert statement 1"
 *           and all bytes before
 *
 * Read as one big-endian number and written in decimal (the first byte is
 * never 0, so no leading zero is lost), it is the numeric part of the QR.
 *
 * Neither blocks nor keeps state; any thread.  Source: spec X05; FIPS 186-5.
 */

#ifndef MC_STATEMENT_H
#define MC_STATEMENT_H

#include "mc_arena.h"
#include "mc_code.h"
#include "mc_keys.h"

#pragma GCC visibility push(hidden)


#define MC_STATEMENT_DIGITS  520    /* at most */
#define MC_STATEMENT_BYTES   216    /* what so many digits can hold */
#define MC_STATEMENT_PHOTO   20

typedef struct {
    uint8_t   key[MC_STATEMENT_KEY_ID];     /* set by the maker */
    uint8_t   code[MC_CODE_BYTES];
    uint16_t  days;                         /* since 2000-01-01 */
    uint8_t   photo[MC_STATEMENT_PHOTO];
    mc_str_t  number;                       /* UTF-8; of the certificate, or
                                               of the member */
    mc_str_t  name;
    mc_str_t  category;                     /* may be empty */
    bool      name_cut;                     /* more follows in the store */
    bool      category_cut;
} mc_statement_t;

/* Days since 2000-01-01 of a time in ms, "timezone" minutes east of UTC;
 * MC_EINVAL outside 2000 .. 2179. */
mc_err_t mc_statement_days(int64_t ms, int timezone, uint16_t *days);

/*
 * Signs with the first key.  "in": key and the cut flags are not looked
 * at.  What does not fit into "max_digits" (or 520) loses the end of its
 * name, then of its category, of either not the first character; *digits
 * goes into the arena.
 * MC_ETOOBIG: does not fit even so, or the number is too long: there is no
 * statement.  MC_EINVAL: no key, number or name empty, no UTF-8, or control
 * characters.  MC_ENOMEM, MC_EIO.
 */
mc_err_t mc_statement_make(const mc_keys_t *keys, const mc_statement_t *in,
    size_t max_digits, mc_arena_t *arena, mc_str_t *digits);

/*
 * What it says; texts go into the arena.  Says nothing about the signature.
 * MC_EINVAL: not digits or not of this form; MC_ETOOBIG: longer than 520;
 * MC_ENOMEM.
 */
mc_err_t mc_statement_read(mc_str_t digits, mc_arena_t *arena,
    mc_statement_t *out);

/*
 * Is it signed by the key of this public point (uncompressed, 65 bytes)?
 * MC_OK; MC_EDENIED: another key, or a changed statement; MC_EINVAL: not a
 * statement, or no point of the curve; MC_ETOOBIG; MC_ENOMEM.
 */
mc_err_t mc_statement_verify(const uint8_t point[MC_P256_POINT],
    mc_str_t digits);


#pragma GCC visibility pop

#endif /* MC_STATEMENT_H */
