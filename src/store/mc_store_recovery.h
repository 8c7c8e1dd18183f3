/*
 * Ways back into an account: codes that were sent to a contact on file, and
 * codes an institute hands out.  Part of the interface of mc_store.h.
 *
 * Whoever asks for a code gets a row, also one who is nobody's: what
 * happens next must not tell them apart.  A row of nobody is never right.
 * The store sees neither token nor code, only SHA-256 and HMACs of them.
 *
 * Blocks, as all of mc_store.h; results as there.
 */

#ifndef MC_STORE_RECOVERY_H
#define MC_STORE_RECOVERY_H

#include "mc_store_password.h"

#pragma GCC visibility push(hidden)


#define MC_RECOVERY_HOURLY  3       /* codes sent to one member in 1 h */
#define MC_RECOVERY_DAILY   10      /* ... in 24 h */
#define MC_RECOVERY_FOUND   16      /* most members one ID number finds */

typedef struct {
    uint8_t   id[32];
    uint8_t   code_mac[32];
    bool      institute;            /* handed out, not sent */
    int64_t   member_id;            /* 0: nobody's */
    unsigned  channel;              /* MC_OUTBOX_SMS ...; 0: none */
    uint32_t  tries;                /* wrong ones so far */
    int64_t   at;
    int64_t   expires;
    int64_t   used;                 /* 0: not yet */
} mc_recovery_row_t;

typedef struct {
    mc_recovery_row_t       row;        /* its member_id: who was found */
    const mc_outbox_row_t  *message;    /* NULL: the row is nobody's ... */
    const char             *why;        /* ... and the audit row says so */
    const char             *action;     /* of the audit row: "recovery" */
    uint32_t                all;        /* codes sent to everybody within */
    int64_t                 all_time;   /* ms; 0: without such a bound */
} mc_recovery_start_row_t;

/* No more was sent, for "all" have been. */
#define MC_RECOVERY_SPENT  "limited_all"

/*
 * Writes the row, queues the message.  A member who was disabled meanwhile,
 * or to whom as many codes were sent as may be, gets neither code nor hint,
 * nor does any once "all" were sent: the row is nobody's.  *why, which may
 * be NULL, is what the audit row says: NULL where the message is on its
 * way.
 */
mc_err_t mc_recovery_start(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_start_row_t *start, const char **why);

/* A row and what its code would leave there: one for each secret. */
typedef struct {
    uint8_t  id[32];
    uint8_t  code_mac[32];
} mc_recovery_key_t;

/*
 * Is the code right?  The comparison is made in the transaction that counts
 * a wrong one, so that no number of attempts at once is worth more than
 * "most".  MC_EDENIED: no such row, expired, used, "most" wrong ones, wrong;
 * where the row is dead already the writer lock is not asked for.
 */
mc_err_t mc_recovery_try(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_key_t *keys, size_t count, uint32_t most,
    mc_recovery_row_t *out);

/*
 * The code of a row that mc_recovery_try() found right is used: password
 * set, all other open codes of the member ended, audit, message.  MC_EDENIED
 * when the code was used or ended meanwhile, or the member disabled;
 * MC_ECONFLICT as mc_password_set().  *epoch: the member's new one.
 */
mc_err_t mc_recovery_use(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_row_t *row, uint32_t most,
    const mc_password_set_t *set, int64_t *epoch);

/* A code an institute hands out; ends earlier ones of that kind.  MC_EDENIED
 * as mc_store_officer.h says, MC_ENOTFOUND, MC_ECONFLICT the member is
 * disabled. */
mc_err_t mc_recovery_institute(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_recovery_row_t *row);

/* Rows that ended more than a day ago (until then they count). */
mc_err_t mc_recovery_gc(mc_conn_t *conn, int64_t now, int64_t *removed);


/* --- who is meant by an ID number ---------------------------------------- */

/* Members of the user type under any of these keys (32 bytes each), newest
 * first, at most MC_RECOVERY_FOUND. */
mc_err_t mc_recovery_members(mc_conn_t *conn, mc_str_t user_type,
    const uint8_t (*keys)[32], size_t count, mc_arena_t *arena,
    mc_member_row_t *out, size_t *found);

typedef struct {
    int64_t  member_id;
    int64_t  revision;              /* nothing is written over a newer one */
    bool     none;                  /* there is no ID number on record */
    uint8_t  key[32];
} mc_id_key_t;

/* One transaction; what stands there already is not written again.
 * *written rows were. */
mc_err_t mc_recovery_id_keys(mc_conn_t *conn, const mc_id_key_t *keys,
    size_t count, size_t *written);


#pragma GCC visibility pop

#endif /* MC_STORE_RECOVERY_H */
