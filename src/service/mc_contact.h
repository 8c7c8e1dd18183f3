/*
 * A phone number or an e-mail address on a record is about to change: codes
 * for a new password go there, so whoever asks must have given the password
 * lately, and the contact on record until then is told (S12 S40).
 *
 * Services; store pool.
 */

#ifndef MC_CONTACT_H
#define MC_CONTACT_H

#include "mc_call.h"
#include "mc_store_outbox.h"

#pragma GCC visibility push(hidden)


typedef struct {
    size_t           count;
    mc_outbox_row_t  rows[2];       /* at most one a channel */
} mc_contact_news_t;

/*
 * Between two states of a member: which contacts differ, may whoever asks
 * change them (reauth_needed; an officer acts for the institute and may),
 * and the messages about it for mc_member_save_tell(), strings in the call's
 * arena.  A message goes to the old contact of the kind that changed, or
 * where there is none or no line for it to the old one of the other kind;
 * no message without any.  No difference: true, and nothing was read.
 */
bool mc_contact_change(mc_call_t *call, mc_conn_t *conn,
    const mc_member_t *was, const mc_member_t *next,
    mc_contact_news_t *news);


#pragma GCC visibility pop

#endif /* MC_CONTACT_H */
