/*
 * Use cases of the officer's desk: the queue of photos in review, one case,
 * the decision; search, one member, and what is done for him (S26 S32 S38
 * I11 X01 X08).
 *
 * Each is bound to the officer's institute by the statements of the store;
 * what belongs to another one is not_found, as if it did not exist.  The
 * call's "officer" part says what it is about.
 */

#ifndef MC_OFFICER_DESK_H
#define MC_OFFICER_DESK_H

#include "mc_cert.h"
#include "mc_officer.h"
#include "mc_reject.h"

#pragma GCC visibility push(hidden)


#define MC_DESK_PAGE     50     /* of the queue and of a search */
#define MC_DESK_HISTORY  20     /* cases of one member */
#define MC_DESK_WORDS    200    /* code points of an officer's own words */

/* GET queue: cases in review behind "after", oldest first.  Store pool. */
typedef struct {
    mc_call_t        call;
    /* in */
    int64_t          after;         /* "next" of the page before; 0 */
    /* out */
    size_t           count;
    mc_desk_case_t  *items;
    int64_t          next;          /* 0: the end */
} mc_desk_queue_t;

void mc_desk_queue_run(mc_desk_queue_t *queue);

/* POST search.  Refuses search_short.  Store pool. */
typedef struct {
    mc_call_t         call;
    /* in */
    mc_str_t          text;
    /* out */
    size_t            count;
    mc_desk_found_t  *items;
    bool              more;
} mc_desk_search_t;

void mc_desk_search_run(mc_desk_search_t *search);

/* GET photo/ID: upload, photo on record or reference.  Store pool. */
void mc_desk_photo_run(mc_photo_get_t *get);

/* POST member: all the desk shows of one.  Store pool. */
typedef struct {
    mc_call_t          call;
    /* out */
    mc_member_t        member;          /* profile opened */
    int64_t            reference_id;
    size_t             count;
    mc_profile_item_t  items[MC_FIELDS];    /* sensitive ones masked */
    bool               complete;
    size_t             case_count;
    mc_case_row_t     *cases;           /* newest first */
    mc_cert_view_t     view;            /* blockers, photo, confirmation,
                                           institute; its call is empty */
} mc_desk_member_t;

void mc_desk_member_run(mc_desk_member_t *member);

/* GET case/ID.  Store pool. */
typedef struct {
    mc_desk_member_t  member;           /* call inside */
    /* out */
    mc_case_row_t     row;
    mc_problems_t     warnings;         /* of the content checks */
    bool              waiting;
    int64_t           next;             /* photo; 0: none waits behind it */
} mc_desk_view_t;

void mc_desk_view_run(mc_desk_view_t *view);

/*
 * POST case/ID: approve, or reject for a reason.  photo_replaced when the
 * member has uploaded another one, photo_decided when it does not wait any
 * more.  Store pool.
 */
typedef struct {
    mc_call_t      call;
    /* in */
    bool           approve;
    mc_str_t       reason;              /* code of mc_reject.h */
    mc_str_t       words;               /* own words; may be empty */
    /* out */
    mc_case_row_t  row;
    uint32_t       attempts;
    int64_t        next;
} mc_desk_decide_t;

void mc_desk_decide_run(mc_desk_decide_t *decide);

/* POST member/save: what only the institute may correct (S38), as POST
 * member; changed_meanwhile leaves the present member.  Store pool. */
typedef struct {
    mc_desk_member_t  member;           /* call inside */
    /* in */
    bool              has_match;
    int64_t           match;
    size_t            count;
    mc_value_t        values[MC_FIELDS];
} mc_desk_save_t;

void mc_desk_save_run(mc_desk_save_t *save);

/* POST member/reset: gives the attempts back (X01).  Store pool. */
void mc_desk_reset_run(mc_desk_member_t *member);

/* PUT member/photo: a verified photo of the institute (X08), scanned while
 * it arrived.  Store pool: it ends in a write. */
typedef struct {
    mc_desk_member_t  member;           /* call inside */
    /* in */
    mc_str_t          jpeg;
    bool              reference;
} mc_desk_put_t;

void mc_desk_put_run(mc_desk_put_t *put);

/* POST member/confirm: for the member at the counter.  Store pool. */
typedef struct {
    mc_desk_member_t  member;           /* call inside */
    /* in */
    mc_str_t          version;
    /* out */
    bool              created;
} mc_desk_confirm_t;

void mc_desk_confirm_run(mc_desk_confirm_t *confirm);

/* POST member/certificate: as GET certificate.pdf; recorded.  Store pool. */
void mc_desk_pdf_run(mc_cert_pdf_t *pdf);


#pragma GCC visibility pop

#endif /* MC_OFFICER_DESK_H */
