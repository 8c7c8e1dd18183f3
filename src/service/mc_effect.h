/*
 * What a use case wants done in the event loop: the shared zone and the
 * reply's headers belong to the loop, so a thread only notes it here.
 *
 * Filled by services; applied by the effect file of http alone,
 * also when the client has left.
 */

#ifndef MC_EFFECT_H
#define MC_EFFECT_H

#include "mc_changed.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_EFFECT_SESSION_PUT = 1,  /* .session: known good at this moment */
    MC_EFFECT_SESSION_DROP,     /* .session.hash: leaves a tombstone */
    MC_EFFECT_SESSIONS_DROP,    /* .hashes, .hash_count: the same of many */
    MC_EFFECT_MEMBER_EPOCH,     /* .session.member_id and .epoch: the
                                   member's sessions before it have ended */
    MC_EFFECT_TOKENS_BACK,      /* the attempt was a success */
    MC_EFFECT_COOKIE_SET,       /* .token */
    MC_EFFECT_COOKIE_CLEAR,
    MC_EFFECT_DEVICE_SET,       /* .device: cookie of a known device */
    MC_EFFECT_WORK,             /* background work of the site is due */
    MC_EFFECT_AUDIT             /* .audit: to be recorded within a second */
} mc_effect_kind_t;

typedef struct {
    uint8_t  hash[32];          /* SHA-256 of the token */
    int64_t  member_id;
    int64_t  epoch;
    int64_t  expires;           /* ms, the nearer of idle and absolute end */
} mc_session_note_t;

/* An act that waits for no row of its own (mc_audit_ring.h): who it was, and
 * ids or codes, never a value. */
typedef struct {
    const char  *action;        /* a literal */
    char         result[48];
    bool         officer;       /* an officer's; else a member's */
    int64_t      officer_id;    /* 0: unknown */
    int64_t      member_id;     /* whom it is about; 0: nobody known */
} mc_audit_note_t;

typedef struct {
    mc_effect_kind_t   kind;
    mc_session_note_t  session;
    mc_audit_note_t    audit;
    const uint8_t    (*hashes)[32];     /* in the call's arena */
    size_t             hash_count;
    char               token[44];
    char               device[64];
} mc_effect_t;

#define MC_EFFECTS  8

typedef struct {
    size_t        count;
    mc_effect_t   items[MC_EFFECTS];

    /* whom the call wrote about: filled by mc_call_done(), so that no use
     * case can forget it */
    mc_changed_t  changed;
} mc_effects_t;

/* A zeroed one at the end; the last is reused when all are taken. */
mc_effect_t *mc_effect_add(mc_effects_t *effects, mc_effect_kind_t kind);


#pragma GCC visibility pop

#endif /* MC_EFFECT_H */
