/*
 * Use cases of the public check (X05): what stands behind a certificate's
 * code, its photo, and the keys that statements are signed with.
 *
 * Anybody may ask, so nobody's session is looked at and nothing tells a code
 * that is none from one that nobody has: both make the same look-up and are
 * code_unknown.  What is shown is what was frozen, of this confirmation and
 * no other; only the standing says what became of it.  Store pool.
 */

#ifndef MC_VERIFY_H
#define MC_VERIFY_H

#include "mc_call.h"
#include "mc_certificate.h"
#include "mc_standing.h"
#include "mc_store_issue.h"

#pragma GCC visibility push(hidden)


/* The consent by which a photo is shown: document and version. */
#define MC_VERIFY_PHOTO          "verify_photo"
#define MC_VERIFY_PHOTO_VERSION  "1"

#define MC_VERIFY_KEYS  (MC_SECRETS + MC_STATEMENT_KEYS)

/* GET verify/CODE.  Of an erased one only the standing is filled. */
typedef struct {
    mc_call_t          call;
    /* in */
    mc_str_t           code;            /* as it was typed */
    /* out */
    mc_standing_t      standing;
    int64_t            replaced_at;     /* ms; 0: it was not */
    int64_t            revoked_at;
    mc_str_t           reason;          /* of that, an officer's words;
                                           empty: it is not revoked */
    mc_certificate_t   certificate;     /* as frozen; serial, time, code */
    mc_str_t           number;          /* of the certificate, else of the
                                           member */
    mc_status_t        member_status;   /* today's */
    bool               photo;           /* may be asked for */
    mc_str_t           statement;       /* digits; empty: none */
    size_t             file_count;
    mc_issued_t       *files;           /* that were sent, newest first */
} mc_verify_t;

void mc_verify_run(mc_verify_t *verify);

/* GET verify/CODE/photo: the picture of this confirmation.  code_unknown;
 * photo_not_shown: switched off, not agreed to, or erased;
 * photo_unavailable. */
typedef struct {
    mc_call_t  call;
    /* in */
    mc_str_t   code;
    /* out */
    mc_str_t   jpeg;
} mc_verify_photo_t;

void mc_verify_photo_run(mc_verify_photo_t *photo);

/* GET keys: public keys of the site's secrets, then those of earlier ones
 * that the store knows; none twice. */
typedef struct {
    mc_call_t       call;
    /* out */
    size_t          count;
    mc_known_key_t  keys[MC_VERIFY_KEYS];   /* "at" is not told */
} mc_verify_keys_t;

void mc_verify_keys_run(mc_verify_keys_t *keys);

/* What the member said to the photo on the check page: *said false where
 * nothing was, or where the site shows none. */
mc_err_t mc_verify_consent(const mc_site_t *site, mc_conn_t *conn,
    int64_t member_id, bool *said, bool *accepted);


#pragma GCC visibility pop

#endif /* MC_VERIFY_H */
