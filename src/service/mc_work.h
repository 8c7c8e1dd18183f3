/*
 * Use case: what a site does by itself now and then (DESIGN section 1):
 * clean-up of ended sessions and forgotten photos.
 *
 * Run by a worker's timer in the net pool, one at a time, or by hand by
 * membercertctl.  Bounded by MC_WORK_TIME; the provider "manual" leaves no
 * comparison to ask for.
 */

#ifndef MC_WORK_H
#define MC_WORK_H

#include "mc_call.h"

#pragma GCC visibility push(hidden)


#define MC_WORK_TIME  45000     /* ms */

typedef struct {
    mc_call_t  call;            /* no credential */
    /* out */
    int64_t    removed;         /* rows */
} mc_work_t;

void mc_work_run(mc_work_t *work);


#pragma GCC visibility pop

#endif /* MC_WORK_H */
