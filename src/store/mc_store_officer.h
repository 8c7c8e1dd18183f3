/*
 * Officers: their accounts and sessions, and what their desk reads and
 * writes.  Part of the interface of mc_store.h, in a header of its own.
 *
 * An officer belongs to one institute, or to none and so to all.  Every
 * statement that reads for a desk names the officer and compares the
 * institutes itself: what belongs to another one is MC_ENOTFOUND, as if it
 * were not there.  Every act of an officer is checked where it is recorded:
 * mc_audit_append() of an actor with a guard looks, inside the transaction,
 * at the session and at the member's institute.
 *
 * Blocks, as all of mc_store.h; results as there.
 */

#ifndef MC_STORE_OFFICER_H
#define MC_STORE_OFFICER_H

#include "mc_store.h"

#pragma GCC visibility push(hidden)


#define MC_OFFICER_NAME  32     /* [a-z0-9._-]{1,32} */

typedef struct {
    int64_t   id;
    mc_str_t  name;             /* of the log-in */
    mc_str_t  institute;        /* code; empty: all of them */
    mc_str_t  password_hash;    /* PHC */
    mc_str_t  sealed_totp;      /* the secret */
    int64_t   totp_step;        /* of the last code that was used */
    bool      disabled;
    int64_t   epoch;
    int64_t   at;               /* made */

    /* wrong codes behind the right password since the last log-in */
    uint32_t  code_failures;
    int64_t   code_until;       /* ms; no code is taken before */
} mc_officer_row_t;

bool mc_officer_name_valid(mc_str_t name);


/* --- accounts: commands (mc_store_officer.c) ----------------------------- */

/* In: name, institute, password_hash, sealed_totp, at.  MC_ECONFLICT the
 * name is taken, MC_EINVAL there is no such institute or no such name. */
mc_err_t mc_officer_add(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_row_t *officer);

/* MC_ENOTFOUND. */
mc_err_t mc_officer_by_name(mc_conn_t *conn, mc_str_t name,
    mc_arena_t *arena, mc_officer_row_t *out);

/* By name. */
mc_err_t mc_officer_list(mc_conn_t *conn, mc_arena_t *arena,
    mc_officer_row_t **out, size_t *count);

/* All end the officer's sessions; MC_ENOTFOUND.  A new secret leaves no code
 * of the old one; all but _disable() forget wrong codes. */
mc_err_t mc_officer_disable(mc_conn_t *conn, const mc_actor_t *actor,
    mc_str_t name);
mc_err_t mc_officer_enable(mc_conn_t *conn, const mc_actor_t *actor,
    mc_str_t name);
mc_err_t mc_officer_password(mc_conn_t *conn, const mc_actor_t *actor,
    mc_str_t name, mc_str_t phc);
mc_err_t mc_officer_totp(mc_conn_t *conn, const mc_actor_t *actor,
    mc_str_t name, mc_str_t sealed);


/* --- sessions (mc_store_officer_session.c) ------------------------------- */

#define MC_OFFICER_SESSIONS  3      /* of one officer; the oldest goes */

typedef struct {
    uint8_t  hash[32];
    int64_t  officer_id;
    int64_t  epoch;
    int64_t  created;
    int64_t  last_seen;
    int64_t  expires;           /* absolute end */
} mc_officer_session_t;

/* Writes the session and, in the same transaction, the step of the code
 * that opened it; forgets wrong codes; removes the officer's ended ones, the
 * oldest beyond MC_OFFICER_SESSIONS, and the one with the hash "replaced"
 * (NULL: none).  MC_EDENIED: disabled or another epoch meanwhile, a code of
 * this or a later step was used, or codes are locked. */
mc_err_t mc_officer_session_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_session_t *session, int64_t step,
    const uint8_t *replaced);

/* A wrong code behind the right password: each fifth in a row locks codes,
 * for 15 minutes, then twice as long, at most a day.  One that comes while
 * they are locked is recorded and not counted. */
mc_err_t mc_officer_code_failed(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_officer_row_t *officer);

/* MC_ENOTFOUND.  Whether it is still good is the caller's to say. */
mc_err_t mc_officer_session_get(mc_conn_t *conn, const uint8_t hash[32],
    mc_arena_t *arena, mc_officer_session_t *session,
    mc_officer_row_t *officer);

/* MC_ENOTFOUND when it is gone. */
mc_err_t mc_officer_session_touch(mc_conn_t *conn, const uint8_t hash[32],
    int64_t now);

/* MC_OK also when there was none. */
mc_err_t mc_officer_session_drop(mc_conn_t *conn, const mc_actor_t *actor,
    const uint8_t hash[32]);

/* In whose name an act is done; mc_actor_t points to it. */
struct mc_officer_guard_s {
    int64_t  officer_id;
    int64_t  epoch;
    uint8_t  hash[32];
};

typedef struct mc_officer_guard_s  mc_officer_guard_t;

/* Inside a transaction or not: MC_EDENIED the session or the account has
 * ended, MC_ENOTFOUND the member (0: none is meant) is not the officer's. */
mc_err_t mc_officer_guard(mc_conn_t *conn, const mc_officer_guard_t *guard,
    int64_t member_id, int64_t now);


/* --- the desk (mc_store_desk.c) ------------------------------------------ */

typedef struct {
    mc_case_row_t  row;
    mc_member_t    member;      /* columns only */
} mc_desk_case_t;

/* Cases in review with id > after, in their order; at most "most". */
mc_err_t mc_desk_queue(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t after, size_t most, mc_arena_t *arena, mc_desk_case_t **out,
    size_t *count);

/* The case of a photo, whatever its state; MC_ENOTFOUND. */
mc_err_t mc_desk_case(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t photo_id, mc_arena_t *arena, mc_case_row_t *out);

/* A member of the officer's; by number, or by id where user_type has no
 * data.  *reference_id: the photo uploads are compared with, 0: none. */
typedef struct {
    mc_str_t  user_type;
    mc_str_t  member_no;
    int64_t   id;
} mc_desk_key_t;

mc_err_t mc_desk_member(mc_conn_t *conn, const mc_officer_row_t *officer,
    const mc_desk_key_t *key, mc_arena_t *arena, mc_member_row_t *out,
    int64_t *reference_id);

/* A photo of such a member, sealed; MC_ENOTFOUND. */
mc_err_t mc_desk_photo(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t photo_id, mc_arena_t *arena, mc_photo_row_t *out);

typedef struct {
    mc_member_t  member;        /* columns only */
    mc_str_t     state;         /* name of the newest case's; empty: none */
} mc_desk_found_t;

/* Members whose number or whose name starts with "text" (not empty), at
 * most "most". */
mc_err_t mc_desk_search(mc_conn_t *conn, const mc_officer_row_t *officer,
    mc_str_t text, size_t most, mc_arena_t *arena, mc_desk_found_t **out,
    size_t *count);

/* The member's cases, newest first, at most "most".  The caller has read
 * the member for this officer. */
mc_err_t mc_desk_history(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t member_id, size_t most, mc_arena_t *arena, mc_case_row_t **out,
    size_t *count);

/* A verified photo put in by an officer: current at once (or the
 * reference); a case that still waits is closed. */
mc_err_t mc_desk_record(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_photo_row_t *photo);


#pragma GCC visibility pop

#endif /* MC_STORE_OFFICER_H */
