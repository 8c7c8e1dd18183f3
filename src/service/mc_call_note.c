/*
 * Acts that are recorded a moment later, noted by the use cases.
 *
 * Depends on domain.  Threads only.
 */

#include "mc_call.h"

#include <stdarg.h>
#include <stdio.h>


void
mc_call_note(mc_call_t *call, const char *action, const char *format, ...)
{
    va_list       args;
    mc_effect_t  *effect;

    effect = mc_effect_add(&call->effects, MC_EFFECT_AUDIT);

    effect->audit.action = action;
    effect->audit.member_id = call->member_id;
    effect->audit.officer = call->officer.asks;
    effect->audit.officer_id = call->officer.row.id;

    va_start(args, format);
    (void) vsnprintf(effect->audit.result, sizeof(effect->audit.result),
                     format, args);
    va_end(args);
}


void
mc_call_note_refusal(mc_call_t *call, const char *action)
{
    mc_problem_code_t  code;

    if (call->problems.count == 0) {
        return;
    }

    code = call->problems.items[0].code;

    if (mc_problem_kind(code) != MC_KIND_UNAVAILABLE) {
        mc_call_note(call, action, "%s", mc_problem_code(code));
    }
}
