/*
 * Certificates after their confirmation: found by code, listed, revoked,
 * and what was sent of them.  Part of the interface of mc_store.h, in a
 * header of its own.
 *
 * A confirmation is never changed.  Its state is told by three times in its
 * row: erased_at, revoked_at, superseded_at (the first that is set counts,
 * in this order; mc_confirmation_state()).
 *
 * "issued" keeps, for a serial and a template, what is random or costly in
 * the file and the file's SHA-256, so that every download of it is the same
 * file: QR modules (mc_qr_pack()), CMS, hash.  A template is named by
 * mc_template_digest().  The statement and what it was frozen from stand in
 * the clear, as the frozen data always did: they are what the member's
 * certificate shows to anyone.
 *
 * Blocks, as all of mc_store.h; results as there.
 */

#ifndef MC_STORE_ISSUE_H
#define MC_STORE_ISSUE_H

#include "mc_store.h"

#pragma GCC visibility push(hidden)


#define MC_CONFIRMATIONS_LISTED  64     /* versions of one member */
#define MC_ISSUED_LISTED         64     /* files of one serial */
#define MC_STATEMENT_KEYS        64


/* --- what was sent ---------------------------------------------------- */

typedef struct {
    int64_t   serial;
    uint8_t   template_digest[32];
    mc_str_t  modules;              /* empty: no QR */
    mc_str_t  cms;                  /* empty: not signed */
    uint8_t   sha256[32];           /* of the whole file */
    int64_t   at;                   /* first sent, ms */
} mc_issued_t;

/* MC_ENOTFOUND: never sent with this template. */
mc_err_t mc_issued_get(mc_conn_t *conn, int64_t serial,
    const uint8_t template_digest[32], mc_arena_t *arena, mc_issued_t *out);

/*
 * Writes the row unless there is one by now, then reads what stands there
 * into *issued (*first: it is what was given): whoever loses a race sends
 * the winner's file.  MC_ENOTFOUND: no such serial, or its member was
 * erased.
 */
mc_err_t mc_issued_put(mc_conn_t *conn, mc_arena_t *arena,
    mc_issued_t *issued, bool *first);

/* The first MC_ISSUED_LISTED files ever sent of a serial, the newest of
 * them first; modules and cms are left empty. */
mc_err_t mc_issued_list(mc_conn_t *conn, int64_t serial, mc_arena_t *arena,
    mc_issued_t **out, size_t *count);


/* --- a download ---------------------------------------------------------- */

/* All that core.db knows of it, as it was at one moment. */
typedef struct {
    mc_member_t            member;      /* columns only */
    mc_institute_t         institute;   /* all but its code empty: unknown */
    mc_case_row_t          newest;      /* id 0: there is none */
    bool                   confirmed;
    mc_confirmation_row_t  row;         /* the newest, when confirmed */
    bool                   sent;
    mc_issued_t            issued;      /* of that, when sent with the
                                           template */
} mc_download_t;

/* One statement; MC_ENOTFOUND: no such member. */
mc_err_t mc_download_read(mc_conn_t *conn, int64_t member_id,
    const uint8_t template_digest[32], mc_arena_t *arena,
    mc_download_t *out);


/* --- keys of statements ----------------------------------------------- */

/* mc_known_key_t: the public half of auth's mc_statement_key_t. */
struct mc_known_key_s {
    uint8_t  id[4];                 /* first bytes of SHA-256(point) */
    uint8_t  point[65];             /* uncompressed, P-256 */
    int64_t  at;                    /* first used */
};

/* Every key that ever signed here, the newest first; at most
 * MC_STATEMENT_KEYS.  mc_confirm() adds them. */
mc_err_t mc_statement_key_list(mc_conn_t *conn, mc_arena_t *arena,
    mc_known_key_t **out, size_t *count);


/* --- versions --------------------------------------------------------- */

/* What the row says of itself; who the member is now is another matter. */
typedef enum {
    MC_CONFIRMATION_VALID = 0,
    MC_CONFIRMATION_REPLACED,
    MC_CONFIRMATION_REVOKED,
    MC_CONFIRMATION_ERASED
} mc_confirmation_state_t;

mc_confirmation_state_t mc_confirmation_state(
    const mc_confirmation_row_t *row);

/* "valid" "replaced" "revoked" "erased", and back. */
const char *mc_confirmation_name(mc_confirmation_state_t state);
bool mc_confirmation_state_read(mc_str_t name,
    mc_confirmation_state_t *out);

/* By code, exactly as stored; MC_ENOTFOUND. */
mc_err_t mc_confirmation_find(mc_conn_t *conn, mc_str_t code,
    mc_arena_t *arena, mc_confirmation_row_t *out);

/* By serial; MC_ENOTFOUND. */
mc_err_t mc_confirmation_get(mc_conn_t *conn, int64_t serial,
    mc_arena_t *arena, mc_confirmation_row_t *out);

/* The member's, newest first, at most MC_CONFIRMATIONS_LISTED. */
mc_err_t mc_confirmation_list(mc_conn_t *conn, int64_t member_id,
    mc_arena_t *arena, mc_confirmation_row_t **out, size_t *count);

/*
 * Takes a certificate back, for a reason (at most MC_REVOKE_REASON bytes,
 * not empty), at actor->now; gives it back.  An erased one is
 * MC_ENOTFOUND, as one that is not there; one that already is (or is not)
 * revoked is MC_ECONFLICT.  An officer of another institute: MC_ENOTFOUND.
 * "out" is the row afterwards.
 */
#define MC_REVOKE_REASON  800

mc_err_t mc_confirmation_revoke(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t serial, mc_str_t reason, mc_arena_t *arena,
    mc_confirmation_row_t *out);
mc_err_t mc_confirmation_unrevoke(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t serial, mc_str_t reason, mc_arena_t *arena,
    mc_confirmation_row_t *out);


#pragma GCC visibility pop

#endif /* MC_STORE_ISSUE_H */
