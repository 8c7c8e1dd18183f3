/*
 * Acts that are recorded a moment later: log-ins that fail, downloads, what
 * a desk looks at.  Nobody waits for their rows; they may be lost in a
 * crash.  (Whatever changes something is recorded in its own transaction.)
 *
 * A worker has one ring a site.  The loop puts notes into one half while a
 * thread writes the other, so nothing is ever allocated: a note costs the
 * loop a copy of some 150 bytes, 20 ns (bench/README.md).  Where both halves
 * are full, notes are only counted, and the next batch says how many.
 * Downloads of one file from one address within a half are one row, which
 * says how often: who asks for it again and again fills no ring.
 *
 * The ring is the loop's; what mc_audit_ring_begin() gave away is the
 * thread's until mc_audit_ring_end().
 */

#ifndef MC_AUDIT_RING_H
#define MC_AUDIT_RING_H

#include "mc_effect.h"
#include "mc_site.h"

#pragma GCC visibility push(hidden)


#define MC_AUDIT_RING     1024      /* notes in one half */
#define MC_AUDIT_LATEST   256       /* a power of two */
#define MC_AUDIT_ADDRESS  46        /* letters of an IPv6 address and NUL */
#define MC_AUDIT_REQUEST  33        /* of a request id and NUL */

typedef struct {
    mc_audit_note_t  note;
    int64_t          at;            /* ms */
    char             address[MC_AUDIT_ADDRESS];
    char             request_id[MC_AUDIT_REQUEST];  /* of the first */
    uint32_t         times;
} mc_audit_entry_t;

typedef struct {
    uint32_t          count;
    uint32_t          dropped;      /* more, before these could be written */
    uint16_t          latest[MC_AUDIT_LATEST];  /* an entry that others may
                                                   be equal to, by member */
    mc_audit_entry_t  entries[MC_AUDIT_RING];
} mc_audit_half_t;

typedef struct {
    mc_audit_half_t   halves[2];
    unsigned          active;       /* where the next note goes */
    bool              away;         /* a thread has the other one */
} mc_audit_ring_t;

/* What a thread does with one half. */
typedef struct {
    /* in */
    const mc_site_t        *site;
    const mc_audit_half_t  *half;
    uint32_t                wait;   /* ms for the writer at most */
    int64_t                 now;
    /* out */
    mc_err_t                err;
    bool                    ran;    /* err says what came of it */
} mc_audit_batch_job_t;

/* loop: is it a download the active half has already?  Then it is counted
 * there, and that was all. */
bool mc_audit_ring_again(mc_audit_ring_t *ring, const mc_audit_note_t *note,
    mc_str_t address);

/* loop: neither blocks nor allocates.  Texts that are too long are cut. */
void mc_audit_ring_put(mc_audit_ring_t *ring, const mc_audit_note_t *note,
    int64_t at, mc_str_t address, mc_str_t request_id);

/* loop: is there anything to write, and is nobody at it? */
bool mc_audit_ring_due(const mc_audit_ring_t *ring);

/* loop: three quarters full? */
bool mc_audit_ring_full(const mc_audit_ring_t *ring);

/* loop: gives the filled half away; one that could not be written is given
 * again.  Only where mc_audit_ring_due(). */
const mc_audit_half_t *mc_audit_ring_begin(mc_audit_ring_t *ring);

/* loop: it is back.  Written: forgotten. */
void mc_audit_ring_end(mc_audit_ring_t *ring, bool written);

/* Store pool: writes the half in one transaction, or nothing of it. */
void mc_audit_batch_run(mc_audit_batch_job_t *job);


#pragma GCC visibility pop

#endif /* MC_AUDIT_RING_H */
