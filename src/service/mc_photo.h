/*
 * Use cases of the photo (S18-S22 S24-S32 I09 X01).
 */

#ifndef MC_PHOTO_H
#define MC_PHOTO_H

#include "mc_call.h"
#include "mc_comparison.h"

#pragma GCC visibility push(hidden)


/* Where the photo step stands, as pages need it. */
typedef struct {
    mc_case_state_t  state;         /* newest case; NONE: no upload yet */
    bool             current;       /* a photo is on record */
    bool             waiting;       /* an upload waits or is matched */
    uint32_t         attempts;      /* mismatches so far */
    uint32_t         most;
    mc_str_t         reason;        /* officer's words, or ours; may be
                                       empty */
    mc_str_t         reason_en;
    const char      *next;          /* what the member does now: "upload"
                                       "wait" "confirm" "institute" "none" */
    int64_t          at;            /* of the newest upload; 0: none */
    bool             may_upload;
    mc_str_t         contact;
} mc_photo_status_t;

/*
 * PUT photo.  The loop scanned the bytes while they arrived and put faults
 * into call.problems already when there were some (then run is not called).
 * Order: session, member, attempts, consent, declaration, transcode, content,
 * same pixels as an earlier case (its state is answered again, unless the
 * site refuses such a photo), store.  Store pool.
 */
typedef struct {
    mc_call_t          call;
    /* in */
    mc_str_t           jpeg;        /* the scanned bytes; malloc'ed with
                                       mc_alloc, freed by the call's owner */
    bool               declared;
    bool               dry_run;     /* checks only, needs neither consent nor
                                       declaration, stores nothing */
    /* out */
    mc_photo_status_t  status;
    size_t             stored_size;
    mc_problems_t      warnings;    /* of an upload that is accepted */
} mc_photo_put_t;

void mc_photo_put_run(mc_photo_put_t *put);

/* GET photo: the picture that would stand on the certificate.  photo_none
 * (S19) and photo_unavailable (S20) are told apart.  Store pool. */
typedef struct {
    mc_call_t  call;
    /* out */
    mc_str_t   jpeg;
    char       etag[65];            /* plain SHA-256, hex */
} mc_photo_get_t;

void mc_photo_get_run(mc_photo_get_t *get);

/* GET photo/state.  Store pool. */
typedef struct {
    mc_call_t          call;
    mc_photo_status_t  status;
} mc_photo_state_t;

void mc_photo_state_run(mc_photo_state_t *state);

/* --- parts shared with mc_cert.c (threads only) -------------------------- */

/* The newest case; one of state MC_CASE_NONE where there is none (id 0) or
 * an administrator closed it. */
bool mc_photo_newest(mc_call_t *call, mc_conn_t *conn, int64_t member_id,
    mc_case_row_t *newest);

void mc_photo_status_fill(mc_call_t *call, const mc_member_t *member,
    const mc_institute_t *institute, const mc_case_row_t *newest,
    mc_photo_status_t *status);

/* Which photo would be printed: the one of a matched case, else the current
 * one; 0: none. */
int64_t mc_photo_choose(const mc_member_t *member,
    const mc_case_row_t *newest);

/*
 * Reads and opens a photo of the call's member into the arena;
 * "plain_sha256" may be NULL.  *readable false (S20) sets the hint and adds
 * no problem.  Answers false only when memory gives out.
 */
bool mc_photo_read(mc_call_t *call, mc_conn_t *conn, int64_t photo_id,
    mc_str_t *jpeg, uint8_t *plain_sha256, bool *readable);

/* Context string of a photo's sealing (AAD: member id and role). */
void mc_photo_context(int64_t member_id, bool reference, char out[64]);


#pragma GCC visibility pop

#endif /* MC_PHOTO_H */
