/*
 * Use cases: where am I logged in, and end that (I06).
 *
 * A member sees and ends the own sessions alone; each has a public id that
 * opens nothing.
 */

#ifndef MC_SESSIONS_H
#define MC_SESSIONS_H

#include "mc_call.h"

#pragma GCC visibility push(hidden)


#define MC_SESSIONS_SHOWN  100

typedef struct {
    int64_t      id;
    mc_client_t  client;
    mc_str_t     label;         /* of the device, of our words; may be
                                   empty: from before there were any */
    mc_str_t     address;
    int64_t      created;       /* ms */
    int64_t      last_seen;     /* up to 5 min late */
    bool         current;       /* the one that asks */
} mc_sessions_item_t;

/* GET sessions: those that have not ended, the last seen first.  Store
 * pool. */
typedef struct {
    mc_call_t           call;
    /* out */
    size_t              count;
    mc_sessions_item_t *items;
} mc_sessions_t;

void mc_sessions_run(mc_sessions_t *sessions);

/* DELETE sessions, DELETE sessions/ID: refuses not_found for a session that
 * is not one of the member, and reauth_needed before that unless the
 * password was given lately (mc_reauth.h) or the own one is meant.  Notes
 * SESSIONS_DROP, and COOKIE_CLEAR when the one that asks was meant.  Store
 * pool. */
typedef struct {
    mc_call_t  call;
    /* in */
    int64_t    id;              /* 0: all but the one that asks */
} mc_sessions_end_t;

void mc_sessions_end_run(mc_sessions_end_t *end);


#pragma GCC visibility pop

#endif /* MC_SESSIONS_H */
