/*
 * Messages to members: whom they go to, what they say in both languages,
 * sealed for the outbox (S12, X02-X04).
 *
 * A message is one JSON object, the same for every way it may leave:
 *
 *   {"id", "kind", "channel", "to", "subject", "text", "expires",
 *    "params": {...}}
 *
 * "id" is the dedupe key; "to" a phone number or an e-mail address on file;
 * "text" Chinese, then English; "params" the values in it, for gateways
 * that have texts of their own.  Services; any thread; no I/O.
 */

#ifndef MC_MESSAGE_H
#define MC_MESSAGE_H

#include "mc_site.h"
#include "mc_store_outbox.h"

#pragma GCC visibility push(hidden)


#define MC_MESSAGE_MAX  8192            /* bytes of one */
#define MC_MESSAGE_NEWS  INT64_C(86400000)  /* ms news may wait */

typedef enum {
    MC_MESSAGE_CODE = 0,        /* "code": a code for a new password */
    MC_MESSAGE_LOOKUP,          /* "lookup": numbers and such a code */
    MC_MESSAGE_CHANGED,         /* "changed": the password was changed */
    MC_MESSAGE_CONTACT          /* "contact": phone or e-mail was */
} mc_message_kind_t;

typedef struct {
    int64_t   now;              /* ms */
    unsigned  prefer;           /* MC_OUTBOX_SMS, MC_OUTBOX_EMAIL; 0: as the
                                   site and the record have it */
    mc_str_t  code;             /* of "code" and "lookup" */
    int64_t   ttl;              /* ms for which the code is good */
} mc_message_args_t;

/* Channels a line of membercert_outbox carries, and those all of them do:
 * bits; 0: none. */
unsigned mc_message_carries(const mc_outbox_line_t *line);
unsigned mc_message_channels(const mc_settings_t *settings);

/*
 * Fills *row for mc_outbox_append().  "member" has its profile opened.  The
 * preferred channel is taken where the site and the record have it, else
 * the other; MC_ENOTFOUND when the member cannot be reached at all.
 */
mc_err_t mc_message_make(const mc_site_t *site, const mc_member_t *member,
    mc_message_kind_t kind, const mc_message_args_t *args,
    mc_outbox_row_t *row, mc_arena_t *arena);

/* A message as it leaves; strings end in NUL. */
typedef struct {
    const char  *dedupe;
    unsigned     channel;
    mc_str_t     json;          /* all of it */
    mc_str_t     to;
    mc_str_t     subject;
    mc_str_t     text;
    int64_t      now;           /* ms, set by who sends */
} mc_letter_t;

/* Opens a message that was taken; MC_ECORRUPT: no key of the site does, or
 * it is none. */
mc_err_t mc_message_open(const mc_site_t *site, const mc_outbox_row_t *row,
    mc_arena_t *arena, mc_letter_t *letter);

/* The context (AAD) a message is sealed with. */
void mc_message_context(const char *dedupe, char out[64]);


#pragma GCC visibility pop

#endif /* MC_MESSAGE_H */
