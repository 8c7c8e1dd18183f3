/*
 * Members about whom something was written, as one call or one background
 * job hands them up: the store notes them (mc_audit_append()), the loop
 * tells every worker (the generations of the shared zone).
 *
 * Plain memory; the thread that has it.  Never fails: more than fit are
 * "many", which stands for everybody.
 */

#ifndef MC_CHANGED_H
#define MC_CHANGED_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_CHANGED_IDS  8

typedef struct {
    size_t   count;
    int64_t  ids[MC_CHANGED_IDS];
    bool     many;
} mc_changed_t;

/* Once more is no change; 0 is nobody. */
void mc_changed_add(mc_changed_t *changed, int64_t member_id);
void mc_changed_join(mc_changed_t *changed, const mc_changed_t *more);


#pragma GCC visibility pop

#endif /* MC_CHANGED_H */
