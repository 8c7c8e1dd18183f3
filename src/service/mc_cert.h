/*
 * Use cases of the certificate (S16-S18 S34 S41 I08 I13 I14).
 */

#ifndef MC_CERT_H
#define MC_CERT_H

#include "mc_call.h"
#include "mc_certificate.h"
#include "mc_photo.h"

#pragma GCC visibility push(hidden)


typedef struct {
    bool      present;
    int64_t   serial;
    int64_t   at;
    char      version[65];
    bool      valid;                /* version is today's, not revoked */
    mc_str_t  code;                 /* to check it by */
    int64_t   revoked_at;           /* 0: it is not */
    mc_str_t  reason;               /* of that */
} mc_confirmed_t;

/* GET certificate: the data that will be on it, version, blockers.  The
 * call's problems stay empty for blockers.  Store pool. */
typedef struct {
    mc_call_t          call;
    /* out */
    mc_certificate_t   certificate;
    char               version[65];
    mc_problems_t      blockers;
    mc_photo_status_t  photo;
    bool               photo_readable;
    mc_str_t           jpeg;        /* of that, in the call's arena */
    mc_confirmed_t     confirmed;
    mc_institute_t     institute;
    bool               verify_said; /* to the photo on the check page */
    bool               verify_accepted;
} mc_cert_view_t;

void mc_cert_view_run(mc_cert_view_t *view);

/* POST certificate (信息确认): freezes exactly the data of "version"; any
 * blocker refuses, with all of them; another version: version_changed.
 * Store pool. */
typedef struct {
    mc_cert_view_t  view;           /* call inside; filled as by GET */
    /* in */
    mc_str_t        version;
    /* out */
    bool            created;        /* 201, else 200 */
} mc_cert_confirm_t;

void mc_cert_confirm_run(mc_cert_confirm_t *confirm);

/*
 * GET certificate.pdf: confirm_first, confirm_again, certificate_revoked,
 * member_not_active, layout_unknown as the case may be; with the ETag in
 * "if_none_match" nothing is drawn (not_modified).  HEAD needs the size, so
 * it draws.
 *
 * The first file of a serial and a template is recorded before it leaves
 * (mc_store_issue.h), and every later one is the same bytes.  So this
 * writes, and runs in the store pool.
 *
 * For a cache: the file is the member's "member_id" (also of an officer's
 * call) and stays what it is as long as the member's rows and the site do;
 * "document" points into the site's template, "own" and "photo", which all
 * live until mc_cert_pdf_free() and mc_call_free().
 */
typedef struct {
    mc_call_t      call;
    /* in */
    mc_str_t       layout;          /* name; empty: the first */
    mc_str_t       if_none_match;   /* the header's value, or empty */
    /* out */
    mc_document_t  document;        /* count 0 when not_modified */
    mc_buf_t       own;             /* freed by mc_cert_pdf_free() */
    mc_str_t       photo;           /* in the call's arena */
    size_t         index;           /* of the layout in site->documents */
    int64_t        member_id;       /* whose */
    int64_t        serial;
    char           etag[67];        /* with quotes */
    bool           not_modified;
    mc_str_t       name;            /* for the file name */
    mc_str_t       certificate_no;
} mc_cert_pdf_t;

void mc_cert_pdf_run(mc_cert_pdf_t *pdf);
void mc_cert_pdf_free(mc_cert_pdf_t *pdf);

/* Does an If-None-Match value name this strong tag (with quotes)?  Weak
 * comparison, as RFC 9110 13.1.2 wants it; "*" alone names every tag.  Any
 * thread. */
bool mc_cert_etag_listed(mc_str_t list, mc_str_t etag);


#pragma GCC visibility pop

#endif /* MC_CERT_H */
