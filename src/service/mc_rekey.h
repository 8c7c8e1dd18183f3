/*
 * Use case: after a new secret was put first, everything is sealed with it,
 * so that the earlier files can go.
 *
 * While the site runs: in small transactions, each value only where it still
 * is what was read.  Interrupted or run again, it goes on where values of
 * an earlier secret are left; where none are, it changes nothing.
 *
 * What it leaves alone: recovery codes that were given out (good for an hour
 * or three days), cookies of known devices (forgotten with the old file) and
 * the letters that stand for members in logs, which change.  Audit rows are
 * never written again: their keys are kept in the store, sealed.
 *
 * A command only; results as in mc_admin.h.
 */

#ifndef MC_REKEY_H
#define MC_REKEY_H

#include "mc_admin.h"
#include "mc_store_rekey.h"

#pragma GCC visibility push(hidden)


typedef struct {
    /* in; after each page, false to stop; may be NULL */
    bool      (*progress)(void *data, mc_rekey_kind_t kind, int64_t done);
    void       *data;

    /* out */
    int64_t     sealed[MC_REKEYS];  /* anew */
    int64_t     broken[MC_REKEYS];  /* no secret named opens them */
    int64_t     audit_keys;         /* kept or sealed anew */
    int64_t     lookups;            /* of ID numbers, made anew */
    int64_t     codes_until;        /* ms; earlier recovery codes are good
                                       until then; 0: there are none */
    bool        stopped;
} mc_rekey_t;

mc_err_t mc_rekey_run(mc_admin_t *admin, mc_rekey_t *rekey);

/* "profiles" ... */
const char *mc_rekey_name(mc_rekey_kind_t kind);


#pragma GCC visibility pop

#endif /* MC_REKEY_H */
