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
 * and what a provider's answer means for it.  Pure functions; any thread.
 */

#ifndef MC_COMPARISON_H
#define MC_COMPARISON_H

#include "mc_label.h"

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


/* Why a case went to review without an officer's words: its "reason" is
 * then one of these codes. */
typedef enum {
    MC_WHY_NO_CONSENT = 0,      /* to the automatic comparison */
    MC_WHY_UNSURE,
    MC_WHY_NO_REFERENCE,
    MC_WHY_BAD_PROBE,           /* the upload cannot be compared */
    MC_WHY_BAD_REFERENCE,
    MC_WHYS
} mc_case_why_t;

const char *mc_case_why_code(mc_case_why_t why);

/* What a stored reason says: one of the codes above, one of mc_reject.h, or
 * else somebody's own words, in both languages. */
mc_text_t mc_case_reason(mc_str_t reason);


/* What a provider may say of two photos (notes/photo.md 3.4). */
typedef enum {
    MC_ANSWER_MATCH = 0,
    MC_ANSWER_MISMATCH,
    MC_ANSWER_UNSURE,
    MC_ANSWER_NO_REFERENCE,
    MC_ANSWER_BAD_PROBE,
    MC_ANSWER_BAD_REFERENCE,
    MC_ANSWER_RETRY,            /* nothing that counts: ask again later */
    MC_ANSWERS
} mc_answer_t;

/* "match" ... "bad_reference"; "retry". */
const char *mc_answer_name(mc_answer_t answer);

/* What a provider sent; false for any word but the first six. */
bool mc_answer_read(mc_str_t word, mc_answer_t *out);

/* What the answer means for the case, and the code of its reason ("" for
 * the plain ones); not for MC_ANSWER_RETRY. */
mc_case_event_t mc_answer_event(mc_answer_t answer, const char **reason);


#pragma GCC visibility pop

#endif /* MC_COMPARISON_H */
