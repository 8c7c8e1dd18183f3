/*
 * The comparison's states as one table of state and event; the words of
 * providers and of reasons.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_comparison.h"

#include "mc_reject.h"


/* In the order of mc_case_state_t. */
static const char *const names[MC_CASE_STATES] = {
    "none", "pending", "matched", "mismatched", "review", "confirmed",
    "closed"
};


/*
 * MC_CASE_NONE stands for "no meaning here": nothing leads back to it.  A
 * provider's or officer's answer that comes late (its case was replaced or
 * decided) finds no entry and changes nothing.
 */
static const mc_case_state_t moves[MC_CASE_STATES][MC_CASE_EVENTS] = {

    [MC_CASE_NONE] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING
    },

    [MC_CASE_PENDING] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING,
        [MC_CASE_SAYS_MATCH] = MC_CASE_MATCHED,
        [MC_CASE_SAYS_MISMATCH] = MC_CASE_MISMATCHED,
        [MC_CASE_SAYS_REVIEW] = MC_CASE_REVIEW,
        [MC_CASE_RESET] = MC_CASE_CLOSED
    },

    [MC_CASE_MATCHED] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING,
        [MC_CASE_CONFIRM] = MC_CASE_CONFIRMED,
        [MC_CASE_RESET] = MC_CASE_CLOSED
    },

    [MC_CASE_MISMATCHED] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING,
        [MC_CASE_RESET] = MC_CASE_CLOSED
    },

    [MC_CASE_REVIEW] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING,
        [MC_CASE_APPROVE] = MC_CASE_MATCHED,
        [MC_CASE_REJECT] = MC_CASE_MISMATCHED,
        [MC_CASE_RESET] = MC_CASE_CLOSED
    },

    [MC_CASE_CONFIRMED] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING
    },

    [MC_CASE_CLOSED] = {
        [MC_CASE_UPLOAD] = MC_CASE_PENDING
    }
};


const char *
mc_case_name(mc_case_state_t state)
{
    if ((unsigned) state >= MC_CASE_STATES) {
        return "";
    }

    return names[state];
}


bool
mc_case_read(mc_str_t name, mc_case_state_t *out)
{
    unsigned  i;

    for (i = 0; i < MC_CASE_STATES; i++) {
        if (mc_str_is(name, names[i])) {
            *out = (mc_case_state_t) i;
            return true;
        }
    }

    return false;
}


mc_err_t
mc_case_next(mc_case_state_t state, mc_case_event_t event,
    mc_case_state_t *out)
{
    mc_case_state_t  next;

    if ((unsigned) state >= MC_CASE_STATES
        || (unsigned) event >= MC_CASE_EVENTS)
    {
        return MC_EINVAL;
    }

    next = moves[state][event];

    if (next == MC_CASE_NONE) {
        return MC_ECONFLICT;
    }

    *out = next;

    return MC_OK;
}


bool
mc_case_costs(mc_case_event_t event)
{
    return event == MC_CASE_SAYS_MISMATCH || event == MC_CASE_REJECT;
}


/* In the order of mc_case_why_t. */
static const char *const whys[MC_WHYS] = {
    "no_consent", "unsure", "no_reference", "bad_probe", "bad_reference"
};

_Static_assert(mc_count(mc_label_case) == MC_WHYS, "a reason has no text");


const char *
mc_case_why_code(mc_case_why_t why)
{
    return (unsigned) why < MC_WHYS ? whys[why] : "";
}


mc_text_t
mc_case_reason(mc_str_t reason)
{
    unsigned     i;
    mc_reject_t  reject;

    if (mc_reject_read(reason, &reject)) {
        return mc_reject_text(reject);
    }

    for (i = 0; i < MC_WHYS; i++) {
        if (mc_str_is(reason, whys[i])) {
            return mc_label_case[i];
        }
    }

    return (mc_text_t) { reason, reason };
}


/* In the order of mc_answer_t. */
static const struct {
    const char       *name;
    mc_case_event_t   event;
    const char       *reason;
} answers[MC_ANSWERS] = {
    { "match", MC_CASE_SAYS_MATCH, "" },
    { "mismatch", MC_CASE_SAYS_MISMATCH, "" },
    { "unsure", MC_CASE_SAYS_REVIEW, "unsure" },
    { "no_reference", MC_CASE_SAYS_REVIEW, "no_reference" },
    { "bad_probe", MC_CASE_SAYS_REVIEW, "bad_probe" },
    { "bad_reference", MC_CASE_SAYS_REVIEW, "bad_reference" },
    { "retry", MC_CASE_SAYS_REVIEW, "" }
};


const char *
mc_answer_name(mc_answer_t answer)
{
    return (unsigned) answer < MC_ANSWERS ? answers[answer].name : "";
}


bool
mc_answer_read(mc_str_t word, mc_answer_t *out)
{
    unsigned  i;

    for (i = 0; i < MC_ANSWER_RETRY; i++) {
        if (mc_str_is(word, answers[i].name)) {
            *out = (mc_answer_t) i;
            return true;
        }
    }

    return false;
}


/* Whatever is no answer ends with a person, never with a match. */
mc_case_event_t
mc_answer_event(mc_answer_t answer, const char **reason)
{
    if ((unsigned) answer >= MC_ANSWERS) {
        answer = MC_ANSWER_RETRY;
    }

    *reason = answers[answer].reason;

    return answers[answer].event;
}
