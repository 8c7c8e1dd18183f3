/*
 * Use case: a logged-in member changes the own password (S12 X04).
 *
 * The present one is asked for, so that a session left open at a counter
 * changes nothing.  All sessions of the member end at once, in every worker;
 * the one that asks gets a new token.  The member is told by message.
 */

#ifndef MC_PASSWD_H
#define MC_PASSWD_H

#include "mc_session.h"

#pragma GCC visibility push(hidden)


/*
 * POST password.  Refuses password_wrong (an attempt like a log-in: nothing
 * gives its tokens back), password_reused {n} for the present one, and what
 * mc_new_password_hash() finds.  Success answers and notes as POST session,
 * with MEMBER_EPOCH and SESSION_DROP of what ended.  Hash pool.
 */
typedef struct {
    mc_login_t  login;              /* its call; "password" is the new one;
                                       the client is that of the session */
    mc_str_t    old;                /* wiped by the run, as the new one */
} mc_passwd_t;

void mc_passwd_run(mc_passwd_t *passwd);

/* loop: what wrong passwords given in a session are counted by: that session,
 * whatever they were given for.  Who has no session has no try. */
void mc_passwd_key(const mc_call_t *call, uint8_t key[32]);


/* Is it the member's present password?  Refuses password_wrong; otherwise
 * notes TOKENS_BACK.  Hash pool. */
bool mc_passwd_verify(mc_call_t *call, const mc_member_t *member,
    mc_str_t password);


#pragma GCC visibility pop

#endif /* MC_PASSWD_H */
