/*
 * Password hashing: Argon2id by libsodium, PHC strings (RFC 9106; OWASP
 * parameters m=19456 KiB, t=2, p=1).
 *
 * About 20-27 ms and 19 MiB a call: hash pool or a command, never the loop.
 */

#ifndef MC_PASSWORD_H
#define MC_PASSWORD_H

#include "mc_arena.h"

#pragma GCC visibility push(hidden)


#define MC_PASSWORD_MAX   256   /* bytes */
#define MC_PASSWORD_HASH  128   /* bytes of a PHC string with NUL */

/* Once a process, before any other; MC_EIO when libsodium fails. */
mc_err_t mc_password_init(void);

/* MC_EINVAL for an empty one, MC_ETOOBIG beyond MC_PASSWORD_MAX, MC_ENOMEM
 * when the 19 MiB are not to be had.  What may be one is mc_policy.h's. */
mc_err_t mc_password_hash(mc_str_t password, char out[MC_PASSWORD_HASH]);

/*
 * MC_OK, MC_EDENIED, or MC_ENOMEM (nothing is known: try later).  An empty
 * or malformed "phc" costs the same as a wrong password (a fixed hash is
 * computed) and is always denied, and so is an empty password.
 * *rehash tells that the parameters are not today's.
 */
mc_err_t mc_password_verify(mc_str_t phc, mc_str_t password, bool *rehash);

/* Is it a PHC string we would verify ($argon2id$, m at most 65536 KiB, t and
 * p at most 4)?  Other members wait while one is verified. */
bool mc_password_phc_valid(mc_str_t phc);


#pragma GCC visibility pop

#endif /* MC_PASSWORD_H */
