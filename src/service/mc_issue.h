/*
 * A certificate's file: what its QR code says, the file itself, and the
 * record that makes every later one the same (X05 X06 I13 I14).
 *
 * The steps of whoever makes one: a member's download, an officer's copy,
 * a command.  Threads and commands only; blocks where it says so.
 */

#ifndef MC_ISSUE_H
#define MC_ISSUE_H

#include "mc_site.h"
#include "mc_store_issue.h"

#pragma GCC visibility push(hidden)


/* What is put behind the public URL; the rest of the address is a code or
 * the digits of a statement, and stays in the browser. */
#define MC_ISSUE_PATH  "/v/#"

/* Letters of the public URL that a statement leaves room for where none is
 * configured. */
#define MC_ISSUE_URL   40

/* The address in front of a code or a statement, in the arena; empty where
 * no membercert_public_url is configured.  MC_ENOMEM. */
mc_err_t mc_issue_address(const mc_site_t *site, mc_arena_t *arena,
    mc_str_t *out);

/* How many digits a statement may have here. */
size_t mc_issue_digits(const mc_site_t *site);

/*
 * The QR code of layout "index": the statement, or the address with the
 * code where the layout wants no more, there is no statement, or the two do
 * not fit.  *has is false where its place stays empty (no place, no public
 * URL).  MC_ENOMEM; nothing else is a failure.
 */
mc_err_t mc_issue_qr(const mc_site_t *site, size_t index, mc_str_t code,
    mc_str_t statement, mc_arena_t *arena, mc_qr_t *qr, bool *has);

typedef struct {
    /* in */
    const mc_site_t         *site;
    size_t                   index;     /* of the layout */
    mc_conn_t               *conn;
    mc_arena_t              *arena;
    const mc_certificate_t  *certificate;   /* serial, code, time set */
    mc_str_t                 statement;
    mc_str_t                 photo;     /* as it was confirmed */
    int64_t                  now;
    const mc_issued_t       *sent;      /* what mc_download_read() found;
                                           NULL: nothing */
    mc_buf_t                *own;       /* empty, of MC_DOCUMENT_MAX */

    /* out */
    mc_document_t            document;  /* into template, own and photo */
    uint8_t                  sha256[32];
    bool                     first;     /* this call recorded it */
} mc_issue_t;

/*
 * Makes the file, as it was sent before or for the first time; then it is
 * recorded before this returns (a short write), and where somebody else was
 * faster it is made once more from what they recorded.
 * As mc_document_make() and mc_issued_put().
 */
mc_err_t mc_issue_make(mc_issue_t *issue);


#pragma GCC visibility pop

#endif /* MC_ISSUE_H */
