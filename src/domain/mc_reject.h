/*
 * Why an officer rejects a photo: the rules of S32 and S27 a person judges.
 *
 * A case keeps the code; mc_case_reason() gives its words.  Pure functions;
 * any thread.
 */

#ifndef MC_REJECT_H
#define MC_REJECT_H

#include "mc_label.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_REJECT_NOT_RECENT = 0,
    MC_REJECT_NOT_BAREHEADED,
    MC_REJECT_BACKGROUND,
    MC_REJECT_UNCLEAR,
    MC_REJECT_CASUAL_PHOTO,
    MC_REJECT_FULL_BODY,
    MC_REJECT_NOT_THE_PERSON,
    MC_REJECT_OTHER,            /* only with words of one's own */
    MC_REJECTS
} mc_reject_t;

/* "not_recent" ... "other"; "" for no such reason. */
const char *mc_reject_code(mc_reject_t reject);
bool mc_reject_read(mc_str_t code, mc_reject_t *out);

mc_text_t mc_reject_text(mc_reject_t reject);


#pragma GCC visibility pop

#endif /* MC_REJECT_H */
