/*
 * Password hashes that came from an older system with the import (S12).
 *
 * What a file may hold in its column password_hash:
 *
 *   $argon2id$...                    PHC string, kept as it is
 *   $2a$ $2b$ $2y$...                bcrypt, cost 4 to 12, kept as it is
 *   md5:HEX  sha1:HEX  sha256:HEX    HEX of the password's bytes
 *   md5-salt-password:HEX:SALT       HEX of salt and password (sha1, sha256)
 *   md5-password-salt:HEX:SALT       HEX of password and salt (sha1, sha256)
 *   md5-md5-salt:HEX:SALT            HEX of md5(password) in lower-case hex
 *                                    and salt
 *   $mc-wrap$...                     what this module made of one of them
 *
 * SALT is 1 to 64 printable ASCII characters, all after the second colon.
 * Fast ones are wrapped in Argon2id before they are stored, over the
 * digest's bytes: "$mc-wrap$SCHEME$SALT in hex$argon2id$...".
 *
 * Depends on mc_password.h, libcrypto, libcrypt.  Blocks for 20 ms a call
 * and up to 250 ms where bcrypt is involved: hash pool or a command.
 */

#ifndef MC_LEGACY_H
#define MC_LEGACY_H

#include "mc_password.h"

#pragma GCC visibility push(hidden)


#define MC_LEGACY_HASH        320   /* bytes of a stored hash with NUL */
#define MC_LEGACY_SALT        64    /* bytes */
#define MC_LEGACY_BCRYPT_MAX  12

typedef enum {
    MC_LEGACY_BAD = 0,
    MC_LEGACY_PHC,
    MC_LEGACY_BCRYPT,
    MC_LEGACY_WRAPPED,
    MC_LEGACY_FAST              /* to be wrapped before it is stored */
} mc_legacy_kind_t;

/* No cost. */
mc_legacy_kind_t mc_legacy_kind(mc_str_t hash);

/* MC_EINVAL where it is none of the fast ones; MC_ENOMEM. */
mc_err_t mc_legacy_wrap(mc_str_t fast, char out[MC_LEGACY_HASH]);

/* Is "stored" what mc_legacy_wrap() made of "fast"?  MC_OK, MC_EDENIED, or
 * MC_ENOMEM; costs one Argon2 where scheme and salt are the same, else
 * nothing. */
mc_err_t mc_legacy_same(mc_str_t stored, mc_str_t fast);

/*
 * As mc_password_verify(), for every kind that is stored; what is none of
 * them is denied.  Always one Argon2 and, with "cost" other than 0, as much
 * bcrypt as one hash of that cost: a bcrypt hash of a lower cost is filled
 * up.  So with the highest cost on record all accounts cost the same.
 * *rehash: the password was right and its hash should be replaced.
 *
 * bcrypt looks at the first 72 bytes only, as the system did that made the
 * hash; what is stored afterwards is of the whole password.
 */
mc_err_t mc_legacy_verify(mc_str_t stored, mc_str_t password, uint32_t cost,
    bool *rehash);


#pragma GCC visibility pop

#endif /* MC_LEGACY_H */
