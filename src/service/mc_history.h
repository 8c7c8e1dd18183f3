/*
 * Use cases: the versions of a certificate. The member sees the own ones;
 * an officer sees those of a member, takes one back and gives it back (X06
 * I13); commands: mc_admin.h.
 *
 * What stands on an older version is not told here: who has it, has it.
 */

#ifndef MC_HISTORY_H
#define MC_HISTORY_H

#include "mc_call.h"
#include "mc_store_issue.h"

#pragma GCC visibility push(hidden)


#define MC_HISTORY_WORDS  200       /* code points of a reason */

typedef struct {
    int64_t                  serial;
    mc_str_t                 code;
    int64_t                  at;            /* ms */
    mc_confirmation_state_t  state;
    int64_t                  replaced_at;   /* 0: it is not */
    int64_t                  revoked_at;    /* the same */
    mc_str_t                 reason;        /* of that, or of giving it
                                               back; may be empty */
} mc_history_item_t;

/* GET certificates, and the desk's POST member/certificates: the newest
 * MC_CONFIRMATIONS_LISTED, newest first.  Store pool. */
typedef struct {
    mc_call_t           call;
    /* out */
    size_t              count;
    mc_history_item_t  *items;
} mc_history_t;

void mc_history_run(mc_history_t *history);

/*
 * The desk's POST certificate/revoke and certificate/unrevoke.  Refuses
 * reason_missing, not_found (also of another institute), already_revoked,
 * not_revoked.  Leaves the member's list as it is now.  Store pool.
 */
typedef struct {
    mc_history_t  history;          /* call inside */
    /* in */
    int64_t       serial;
    mc_str_t      reason;
} mc_revoke_t;

void mc_revoke_run(mc_revoke_t *revoke);
void mc_unrevoke_run(mc_revoke_t *revoke);

/* A reason as it is kept: trimmed, of 1 to MC_HISTORY_WORDS code points
 * without control characters.  False: it is not. */
bool mc_history_reason(mc_str_t text, mc_str_t *out);


#pragma GCC visibility pop

#endif /* MC_HISTORY_H */
