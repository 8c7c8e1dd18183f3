/*
 * What a stranger who checks a certificate is told of it: one word, from
 * what happened to the certificate and what its member is now (X05).
 *
 * Pure functions; any thread.
 */

#ifndef MC_STANDING_H
#define MC_STANDING_H

#include "mc_member.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_STANDING_VALID = 0,      /* valid     有效 */
    MC_STANDING_REPLACED,       /* replaced  by a newer one */
    MC_STANDING_REVOKED,        /* revoked   taken back */
    MC_STANDING_ENDED,          /* ended     the membership, not this */
    MC_STANDING_SUSPENDED,      /* suspended likewise */
    MC_STANDING_ERASED,         /* erased    nothing is left to tell */
    MC_STANDINGS
} mc_standing_t;

/* Times in ms, 0: it did not happen.  Of several the strongest: erased,
 * revoked, replaced, ended, suspended. */
mc_standing_t mc_standing(int64_t erased_at, int64_t revoked_at,
    int64_t replaced_at, mc_status_t member);

const char *mc_standing_code(mc_standing_t standing);
mc_str_t mc_standing_text(mc_standing_t standing, bool english);


#pragma GCC visibility pop

#endif /* MC_STANDING_H */
