/*
 * All that is held of one member: given out, and erased.  Part of the
 * interface of mc_store.h.
 *
 * Erased means: the member's row stays as a number without a person, so that
 * the audit and the serials of confirmations still mean something; the
 * confirmations become tombstones (erased_at), so that who asks for their
 * code learns that they are no longer available; everything else goes.
 *
 * Blocks, as all of mc_store.h; results as there.  Commands only.
 */

#ifndef MC_STORE_PRIVACY_H
#define MC_STORE_PRIVACY_H

#include "mc_json.h"
#include "mc_store.h"

#pragma GCC visibility push(hidden)


/* Everything in core.db but the member's own row, as members of the object
 * that is open in "out": "cases", "consents", "confirmations", "sessions",
 * "recoveries", "messages", "passwords", "audit", each a list. */
mc_err_t mc_privacy_rows(mc_conn_t *conn, int64_t member_id,
    mc_json_out_t *out);

/* Ids of all photos, oldest first. */
mc_err_t mc_privacy_photos(mc_conn_t *conn, int64_t member_id,
    mc_arena_t *arena, int64_t **ids, size_t *count);

typedef struct {
    int64_t  photos;            /* out: so many were erased */
    bool     traces;            /* out: readers keep old pages in the WAL;
                                   they go with the next checkpoint */
} mc_privacy_erased_t;

/*
 * MC_ENOTFOUND; MC_EBUSY also while a backup runs.  A second time it does
 * what was left undone the first.
 */
mc_err_t mc_privacy_erase(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t member_id, mc_privacy_erased_t *out);


#pragma GCC visibility pop

#endif /* MC_STORE_PRIVACY_H */
