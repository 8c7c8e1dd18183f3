/*
 * A member's password is set: one place for whoever does it (the member, a
 * recovery, an administrator), so that each time the sessions end, the
 * history is kept and the act is recorded (S12 X04, DESIGN 5).
 *
 * The store sees hashes only; what may become a password is decided above
 * it.  Results as in mc_store.h.  The thread that has the connection.
 */

#ifndef MC_STORE_PASSWORD_H
#define MC_STORE_PASSWORD_H

#include "mc_store_outbox.h"

#pragma GCC visibility push(hidden)


#define MC_PASSWORD_PAST  8         /* most earlier hashes of a member */

typedef struct {
    int64_t      member_id;
    mc_str_t     hash;              /* from now on; empty: none */
    mc_str_t     was;               /* the stored one as the caller read it:
                                       MC_ECONFLICT when it is another by
                                       now; NULL data: whatever it is */
    bool         forced;            /* to be changed before anything else */
    bool         enabled;           /* MC_EDENIED where the member is
                                       disabled */
    uint32_t     history;           /* earlier hashes to keep, at most
                                       MC_PASSWORD_PAST; 0: none, and those
                                       on record go */
    const char  *result;            /* of the audit row "passwd": "ok" ... */

    const mc_outbox_row_t  *message;    /* NULL: nobody is told */
} mc_password_set_t;

/*
 * Inside a write transaction of this connection (files of the store): hash,
 * time and "forced" are written, the epoch is raised (*epoch: the new one;
 * may be NULL), every session row of the member goes, the message is queued,
 * the audit row written.  MC_ENOTFOUND: no such member.
 */
mc_err_t mc_password_set(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_password_set_t *set, int64_t *epoch);

/* The same as a transaction of its own. */
mc_err_t mc_password_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_password_set_t *set);

/*
 * The member changes the own one: in the name of the session of "guard",
 * which ends with all others; "session" (its epoch is filled) takes its
 * place.  MC_EDENIED: the session is gone.
 */
mc_err_t mc_password_change(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_password_set_t *set,
    mc_session_row_t *session);

/* Earlier hashes, newest first, at most "max"; not the present one. */
mc_err_t mc_password_past(mc_conn_t *conn, int64_t member_id,
    mc_arena_t *arena, mc_str_t *out, size_t max, size_t *count);

/* The highest cost of the imported bcrypt hashes on record; 0: there is
 * none.  Reads one entry of a partial index. */
mc_err_t mc_password_bcrypt(mc_conn_t *conn, uint32_t *cost);


#pragma GCC visibility pop

#endif /* MC_STORE_PASSWORD_H */
