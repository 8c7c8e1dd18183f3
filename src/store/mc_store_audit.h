/*
 * The audit beyond one more row: batches, the chain by itself, checking,
 * export and rotation.  Part of the interface of mc_store.h.
 *
 * A place is a row's number and MAC under a seal of its own.  Four kinds are
 * kept: "head" and "anchor" in the store (the last row; the one before the
 * first that is still there), "export" in a head that was written down
 * elsewhere, "file" around rows that were moved to a file.  A seal is only
 * good for its kind.
 *
 * The chain's arithmetic needs no store and neither blocks nor allocates
 * more than a row; the rest blocks as all of mc_store.h.  Results as there.
 */

#ifndef MC_STORE_AUDIT_H
#define MC_STORE_AUDIT_H

#include "mc_store.h"

#pragma GCC visibility push(hidden)


#define MC_AUDIT_TEXT  128          /* longest text of a row */

typedef struct {
    int64_t  seq;                   /* 0: before the first row */
    uint8_t  mac[32];
    uint8_t  seal[32];
} mc_audit_place_t;

/* "count" keys of 32 bytes each, one behind the other. */
typedef struct {
    const uint8_t *bytes;
    size_t         count;
} mc_audit_keys_t;


/* --- the chain (mc_store_audit_chain.c) ---------------------------------- */

/* Fills place->seal. */
mc_err_t mc_audit_seal(const uint8_t key[32], const char *kind,
    mc_audit_place_t *place);

/* MC_EDENIED: the seal is of none of these keys. */
mc_err_t mc_audit_sealed(mc_audit_keys_t keys, const char *kind,
    const mc_audit_place_t *place);

/* Does the row follow *place?  Then *place is the row's (its seal is of no
 * meaning); else MC_EDENIED. */
mc_err_t mc_audit_follow(mc_audit_keys_t keys, mc_audit_place_t *place,
    const mc_audit_row_t *row);


/* --- many rows at once (mc_store_audit.c) -------------------------------- */

/* Fills row "n": all but seq and mac. */
typedef void (*mc_audit_fill_pt)(void *data, size_t n, mc_audit_row_t *row);

/* All in one transaction, or none.  Waits for the writer lock for at most
 * "wait" ms: MC_EBUSY and MC_ECROWDED are to be tried again. */
mc_err_t mc_audit_batch(mc_conn_t *conn, size_t count, mc_audit_fill_pt fill,
    void *data, uint32_t wait);


/* --- reading (mc_store_audit_read.c) ------------------------------------- */

/* Rows behind "seq" in their order, unchecked. */
mc_err_t mc_audit_scan(mc_conn_t *conn, int64_t seq, mc_audit_visit_pt visit,
    void *data);

/* As they stand, seals unchecked; MC_ENOTFOUND: there is none. */
mc_err_t mc_audit_head(mc_conn_t *conn, mc_audit_place_t *out);
mc_err_t mc_audit_anchor(mc_conn_t *conn, mc_audit_place_t *out);

typedef enum {
    MC_AUDIT_FITS = 0,
    MC_AUDIT_CHANGED,       /* a row was changed, removed or moved */
    MC_AUDIT_CUT_START,     /* rows are missing before the first one */
    MC_AUDIT_CUT_END,       /* fewer rows than audit_head tells */
    MC_AUDIT_NO_HEAD,       /* audit_head is gone or not ours */
    MC_AUDIT_NO_ANCHOR,     /* audit_anchor is not ours */
    MC_AUDIT_SHORT,         /* fewer rows than the exported head tells */
    MC_AUDIT_OTHER,         /* another row in the exported head's place */
    MC_AUDIT_ROTATED        /* the exported head lies before the anchor, so
                               the file it is in has to be asked */
} mc_audit_fault_t;

typedef struct {
    /* in */
    mc_audit_keys_t          old;       /* beside the store's own */
    const mc_audit_place_t  *exported;  /* checked seal; NULL: none */
    mc_audit_visit_pt        visit;     /* of rows that fit; may be NULL */
    void                    *data;

    /* out */
    int64_t                  rows;
    int64_t                  bad_seq;
    mc_audit_fault_t         fault;
    mc_audit_place_t         first;     /* the row before the first */
    mc_audit_place_t         last;
} mc_audit_check_t;

/* Recomputes the chain from its anchor; MC_EDENIED with fault and bad_seq.
 * What visit() answers ends it as well. */
mc_err_t mc_audit_check(mc_conn_t *conn, mc_audit_check_t *check);

/* What a fault means, in English. */
const char *mc_audit_fault_text(mc_audit_fault_t fault);


/* The last of the oldest rows that are all from before "time"; MC_ENOTFOUND
 * there is none.  Its seal is of no meaning. */
mc_err_t mc_audit_before(mc_conn_t *conn, int64_t time,
    mc_audit_place_t *out);


/* --- rotation (mc_store_audit_rotate.c) ---------------------------------- */

/*
 * Removes the oldest rows up to place->seq, some thousand at a time; the
 * anchor follows in the same transaction.  They must have been checked and
 * be safe elsewhere.  *removed counts.  At the end the act itself is
 * recorded.
 */
mc_err_t mc_audit_rotate(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_audit_place_t *place, int64_t *removed);

/* Seals anchor and head anew with today's key, where an earlier one of the
 * store's did; nothing else is touched. */
mc_err_t mc_audit_reseal(mc_conn_t *conn, const mc_actor_t *actor);


#pragma GCC visibility pop

#endif /* MC_STORE_AUDIT_H */
