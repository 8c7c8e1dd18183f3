/*
 * Use case: the password again, in a session that is open (S12).
 *
 * A session left open at a counter is worth little: what takes the account
 * away from its member (another phone number or e-mail address, other
 * sessions ended) wants the password to have been given lately, at the
 * log-in or by this.
 */

#ifndef MC_REAUTH_H
#define MC_REAUTH_H

#include "mc_call.h"

#pragma GCC visibility push(hidden)


/*
 * POST session/confirm.  Refuses password_wrong (an attempt like a log-in,
 * counted by mc_passwd_key(): nothing gives its tokens back) and
 * session_expired.  Success notes TOKENS_BACK; then mc_call_fresh() is true
 * for settings->session_fresh.  Hash pool.
 */
typedef struct {
    mc_call_t  call;
    /* in */
    mc_str_t   password;            /* wiped by the run */
} mc_reauth_t;

void mc_reauth_run(mc_reauth_t *reauth);


#pragma GCC visibility pop

#endif /* MC_REAUTH_H */
