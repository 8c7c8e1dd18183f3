/*
 * The set of members a call wrote about.
 *
 * Depends on base.  Any thread.
 */

#include "mc_changed.h"


void
mc_changed_add(mc_changed_t *changed, int64_t member_id)
{
    size_t  i;

    if (member_id == 0) {
        return;
    }

    for (i = 0; i < changed->count; i++) {

        if (changed->ids[i] == member_id) {
            return;
        }
    }

    if (changed->count == MC_CHANGED_IDS) {
        changed->many = true;
        return;
    }

    changed->ids[changed->count++] = member_id;
}


void
mc_changed_join(mc_changed_t *changed, const mc_changed_t *more)
{
    size_t  i;

    for (i = 0; i < more->count; i++) {
        mc_changed_add(changed, more->ids[i]);
    }

    changed->many = changed->many || more->many;
}
