/*
 * The list of effects of a call: filled in a thread, applied in the loop.
 *
 * Depends on base only.  Any one thread.
 */

#include "mc_effect.h"


mc_effect_t *
mc_effect_add(mc_effects_t *effects, mc_effect_kind_t kind)
{
    mc_effect_t  *effect;

    if (effects->count < MC_EFFECTS) {
        effects->count++;
    }

    effect = &effects->items[effects->count - 1];
    *effect = (mc_effect_t) { .kind = kind };

    return effect;
}
