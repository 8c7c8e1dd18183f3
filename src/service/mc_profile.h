/*
 * Use cases: read and save the member's record, consent (S34-S41 I07).
 */

#ifndef MC_PROFILE_H
#define MC_PROFILE_H

#include "mc_call.h"

#pragma GCC visibility push(hidden)


typedef struct {
    const mc_field_t *field;
    mc_str_t          value;        /* as shown; masked where sensitive */
    mc_str_t          value_en;
    bool              missing;
} mc_profile_item_t;

/* GET member.  Store pool. */
typedef struct {
    mc_call_t          call;
    /* out */
    int64_t            revision;
    size_t             count;
    mc_profile_item_t  items[MC_FIELDS];
    mc_str_t           user_type;
    mc_str_t           member_no;
    mc_status_t        status;
    mc_institute_t     institute;
    bool               complete;
    bool               privacy_accepted;    /* present version */
    bool               compare_said;        /* yes or no, present version */
    bool               compare_accepted;
} mc_profile_t;

void mc_profile_run(mc_profile_t *profile);

/*
 * POST member: the changed fields only.  Without "has_match" if_match_missing,
 * with another revision changed_meanwhile (the out part then holds the
 * present values, so that nothing typed is lost).  A value equal to its mask
 * is field_masked; a field of the institute is field_institute_only; all
 * faults at once.  A member who changes a phone number or an e-mail address
 * has given the password lately, else reauth_needed (mc_contact.h); the old
 * contact is told by message, which is the effect WORK.  Store pool.
 */
typedef struct {
    mc_profile_t  profile;          /* call inside; filled in both cases */
    /* in */
    bool          has_match;
    int64_t       match;
    size_t        count;
    mc_value_t    values[MC_FIELDS];
} mc_profile_save_t;

void mc_profile_save_run(mc_profile_save_t *save);

/* POST consent.  Store pool. */
typedef struct {
    mc_call_t  call;
    mc_str_t   document;            /* "privacy" | "comparison" |
                                       "verify_photo" */
    mc_str_t   version;
    bool       accepted;
} mc_consent_t;

void mc_consent_run(mc_consent_t *consent);

/* May whoever asks correct this field? */
bool mc_profile_editable(const mc_call_t *call, const mc_field_t *field);

/* Shared with mc_admin.c: the values as shown, in the settings' order; tells
 * whether nothing is missing.  Out of memory shows in arena->failed. */
bool mc_profile_items(const mc_settings_t *settings,
    const mc_member_t *member, const mc_institute_t *institute,
    mc_arena_t *arena, mc_profile_item_t items[MC_FIELDS], size_t *count);


#pragma GCC visibility pop

#endif /* MC_PROFILE_H */
