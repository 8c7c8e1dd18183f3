/*
 * The making of a certificate's file and of its record.
 *
 * Depends on document, store, domain.  Pool threads and commands.
 *
 * A signature is random and a QR code is slow, so both are kept with the
 * first file and put into every later one.  What was recorded is never
 * replaced: a file that somebody has can always be recognised.
 */

#include "mc_issue.h"


mc_err_t
mc_issue_address(const mc_site_t *site, mc_arena_t *arena, mc_str_t *out)
{
    mc_str_t  url;

    url = site->settings->public_url;
    *out = mc_str("");

    if (url.len == 0) {
        return MC_OK;
    }

    *out = mc_arena_printf(arena, "%.*s" MC_ISSUE_PATH, (int) url.len,
                           url.data);

    return out->data == NULL ? MC_ENOMEM : MC_OK;
}


size_t
mc_issue_digits(const mc_site_t *site)
{
    size_t  len;

    len = site->settings->public_url.len;

    return mc_qr_digits((len > 0 ? len : MC_ISSUE_URL)
                        + sizeof(MC_ISSUE_PATH) - 1);
}


mc_err_t
mc_issue_qr(const mc_site_t *site, size_t index, mc_str_t code,
    mc_str_t statement, mc_arena_t *arena, mc_qr_t *qr, bool *has)
{
    mc_err_t      err;
    mc_str_t      address;
    mc_qr_want_t  want;

    *has = false;
    want = mc_template_qr(site->documents[index]);

    if (want == MC_QR_NONE) {
        return MC_OK;
    }

    err = mc_issue_address(site, arena, &address);

    if (err != MC_OK || address.len == 0) {
        return err;
    }

    err = MC_ETOOBIG;

    if (want == MC_QR_STATEMENT && statement.len > 0) {
        err = mc_qr_make(address, statement, qr);
    }

    if (err != MC_OK && err != MC_ENOMEM) {
        address = mc_arena_printf(arena, "%.*s%.*s", (int) address.len,
                                  address.data, (int) code.len, code.data);

        err = address.data == NULL ? MC_ENOMEM
                                   : mc_qr_make(address, mc_str_null, qr);
    }

    *has = err == MC_OK;

    return err == MC_ENOMEM ? err : MC_OK;
}


static mc_err_t
make(mc_issue_t *issue, const mc_qr_t *qr, mc_str_t cms)
{
    mc_document_in_t  in;

    in = (mc_document_in_t) {
        .photo = issue->photo,
        .qr = qr,
        .cms = cms,
    };

    issue->own->len = 0;

    return mc_document_make(issue->site->documents[issue->index],
                            issue->certificate, &in, issue->own,
                            &issue->document);
}


/* From a row of the store. */
static mc_err_t
make_again(mc_issue_t *issue, const mc_issued_t *sent)
{
    mc_qr_t   qr;
    mc_err_t  err;

    memcpy(issue->sha256, sent->sha256, 32);

    if (sent->modules.len == 0) {
        return make(issue, NULL, sent->cms);
    }

    err = mc_qr_unpack(sent->modules, &qr);

    return err == MC_OK ? make(issue, &qr, sent->cms) : err;
}


/* The modules as the store keeps them, in the arena. */
static mc_err_t
pack(mc_arena_t *arena, const mc_qr_t *qr, mc_str_t *modules)
{
    mc_buf_t  packed;
    mc_err_t  err;

    mc_buf_init(&packed, MC_QR_PACKED);

    err = mc_qr_pack(qr, &packed);

    if (err == MC_OK) {
        *modules = mc_arena_str(arena, mc_buf_view(&packed));
        err = modules->data == NULL ? MC_ENOMEM : MC_OK;
    }

    mc_buf_free(&packed);

    return err;
}


static mc_err_t
make_first(mc_issue_t *issue, mc_issued_t *row)
{
    bool      has;
    mc_qr_t   qr;
    mc_err_t  err;

    err = mc_issue_qr(issue->site, issue->index, issue->certificate->code,
                      issue->statement, issue->arena, &qr, &has);

    if (err == MC_OK && has) {
        err = pack(issue->arena, &qr, &row->modules);
    }

    if (err == MC_OK) {
        err = make(issue, has ? &qr : NULL, mc_str_null);
    }

    if (err == MC_OK) {
        err = mc_document_digest(issue->site->documents[issue->index],
                                 &issue->document, row->sha256);
    }

    row->cms = issue->document.cms;

    return err;
}


mc_err_t
mc_issue_make(mc_issue_t *issue)
{
    mc_err_t     err;
    mc_issued_t  row;

    issue->first = false;

    if (issue->sent != NULL) {
        return make_again(issue, issue->sent);
    }

    row = (mc_issued_t) {
        .serial = issue->certificate->serial,
        .at = issue->now,
    };

    memcpy(row.template_digest, issue->site->digests[issue->index], 32);

    err = make_first(issue, &row);

    if (err == MC_OK) {
        err = mc_issued_put(issue->conn, issue->arena, &row, &issue->first);
    }

    if (err != MC_OK) {
        return err;
    }

    memcpy(issue->sha256, row.sha256, 32);

    return issue->first ? MC_OK : make_again(issue, &row);
}
