/*
 * Use case: what a client needs to draw itself (GET site; S02 S04 S06).
 */

#ifndef MC_PUBLIC_H
#define MC_PUBLIC_H

#include "mc_call.h"

#pragma GCC visibility push(hidden)


/* Everything but the institutes comes from the settings.  When the store
 * does not answer, "institutes_known" is false and the rest stands, so that
 * the hot line is shown all the same.  Store pool. */
typedef struct {
    mc_call_t        call;
    /* out */
    bool             institutes_known;
    size_t           count;
    mc_institute_t  *institutes;
} mc_public_t;

void mc_public_run(mc_public_t *site);


#pragma GCC visibility pop

#endif /* MC_PUBLIC_H */
