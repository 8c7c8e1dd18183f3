/*
 * The comparison (比对) of an uploaded photo: states and who may move them
 * (S24-S26, X01; DESIGN "Photo").
 *
 *   none -> pending -> matched | mismatched | review
 *   review -> matched | mismatched         by an officer
 *   mismatched -> pending                  by a new upload, attempts left
 *   any waiting state -> closed            replaced by a new upload
 *   matched -> confirmed                   by confirming the certificate
 *
 * Pure functions; any thread.
 */

#ifndef MC_COMPARISON_H
#define MC_COMPARISON_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_CASE_NONE = 0,
    MC_CASE_PENDING,
    MC_CASE_MATCHED,
    MC_CASE_MISMATCHED,
    MC_CASE_REVIEW,
    MC_CASE_CONFIRMED,          /* its photo became the current one */
    MC_CASE_CLOSED,             /* replaced or reset */
    MC_CASE_STATES
} mc_case_state_t;

typedef enum {
    MC_CASE_UPLOAD = 0,         /* a new photo came in */
    MC_CASE_SAYS_MATCH,
    MC_CASE_SAYS_MISMATCH,
    MC_CASE_SAYS_REVIEW,
    MC_CASE_APPROVE,            /* officer */
    MC_CASE_REJECT,             /* officer; costs an attempt */
    MC_CASE_CONFIRM,            /* member confirmed the certificate */
    MC_CASE_RESET,              /* admin gave the attempts back */
    MC_CASE_EVENTS
} mc_case_event_t;

const char *mc_case_name(mc_case_state_t state);
bool mc_case_read(mc_str_t name, mc_case_state_t *out);

/* MC_ECONFLICT when the event has no meaning in that state. */
mc_err_t mc_case_next(mc_case_state_t state, mc_case_event_t event,
    mc_case_state_t *out);

/* Does the event cost one of the attempts? */
bool mc_case_costs(mc_case_event_t event);


#pragma GCC visibility pop

#endif /* MC_COMPARISON_H */
