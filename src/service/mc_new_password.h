/*
 * A new password, whoever chooses it: what it must pass, and the hash of
 * one that does (S12 X04).
 *
 * Two steps, so that no connection waits for Argon2: read with a connection,
 * then check and hash without.  Services; threads and commands.
 */

#ifndef MC_NEW_PASSWORD_H
#define MC_NEW_PASSWORD_H

#include "mc_legacy.h"
#include "mc_site.h"
#include "mc_store_password.h"

#pragma GCC visibility push(hidden)


/* What is held against it; strings live in the arena of the read. */
typedef struct {
    mc_policy_context_t  context;
    size_t               past_count;
    mc_str_t             past[MC_POLICY_HISTORY];   /* hashes not to be used
                                                       again */
} mc_new_password_t;

/* "member" has its profile opened.  Errors are the store's. */
mc_err_t mc_new_password_read(const mc_site_t *site, mc_conn_t *conn,
    const mc_member_t *member, mc_arena_t *arena, mc_new_password_t *out);

/*
 * MC_OK with the hash in "out"; MC_EINVAL with every fault added to
 * "problems" (password_short, _long, _classes, _common, _context, _reused);
 * MC_ENOMEM.  One Argon2, and one for each earlier hash (profile djcp).
 */
mc_err_t mc_new_password_hash(const mc_site_t *site,
    const mc_new_password_t *rules, mc_str_t password,
    mc_problems_t *problems, char out[MC_PASSWORD_HASH]);

/* For mc_password_set_t.history. */
uint32_t mc_new_password_history(const mc_settings_t *settings);

/* loop: must the member choose another before anything else?  Where an
 * administrator set it, and with djcp where it is older than 90 days or of
 * unknown age. */
bool mc_new_password_due(const mc_settings_t *settings,
    const mc_member_t *member, int64_t now);

/* Adds password_reused {n}. */
void mc_new_password_reused(mc_problems_t *problems, mc_str_t n);


#pragma GCC visibility pop

#endif /* MC_NEW_PASSWORD_H */
