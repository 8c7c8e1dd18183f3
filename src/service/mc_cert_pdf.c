/*
 * Use case: the confirmed certificate as a PDF (I08, I13, I14).
 *
 * Depends on store, document, domain and, through mc_sealed, auth.  Store
 * pool: the first file of a template is recorded before it leaves.  Drawn
 * from the frozen data and the confirmation's own photo; what stands in the
 * member's row now only decides whether it may be drawn.
 *
 * A repeated download is one statement of core.db, the photo's row, and the
 * writing of the document; nothing is signed or coded anew.
 */

#include "mc_cert.h"

#include <stdio.h>

#include "mc_issue.h"
#include "mc_sealed.h"
#include "mc_time.h"
#include "mc_utf8.h"


/* What the steps hand on. */
typedef struct {
    mc_conn_t         *conn;
    mc_write_guard_t   guard;
    mc_certificate_t   frozen;
    mc_download_t      store;       /* what it knows */
} pdf_t;


/* The member, and all that is needed beside him, in one read. */
static bool
pdf_member(mc_cert_pdf_t *pdf, pdf_t *state)
{
    int64_t       id;
    mc_err_t      err;
    mc_call_t    *call;
    mc_member_t   member;

    call = &pdf->call;

    if (call->officer.asks) {

        if (!mc_call_desk_member(call, state->conn, &member)) {
            return false;
        }

        id = member.id;

    } else if (!mc_call_whose(call, state->conn, &id)) {
        return false;
    }

    err = mc_download_read(state->conn, id,
                           call->site->digests[pdf->index], &call->arena,
                           &state->store);

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return mc_call_fail(call, err);
    }

    if (call->officer.asks) {
        return err == MC_OK ? true : mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    return mc_call_admit(call, err == MC_OK ? &state->store.member : NULL,
                         &state->guard);
}


static bool
pdf_standing(mc_cert_pdf_t *pdf, pdf_t *state)
{
    mc_call_t     *call;
    mc_status_t    status;
    mc_problem_t  *problem;

    call = &pdf->call;
    status = state->store.member.status;

    if (status == MC_STATUS_ACTIVE) {
        return true;
    }

    problem = mc_problem_add(&call->problems, MC_P_MEMBER_NOT_ACTIVE);
    mc_problem_arg(problem, "status", mc_status_text(status, false),
                   mc_status_text(status, true));
    mc_call_contact(call, &state->store.institute, problem);

    return false;
}


/* One that was taken back is refused with the day and the reason; the
 * member may confirm again. */
static bool
pdf_revoked(mc_cert_pdf_t *pdf, const mc_confirmation_row_t *row)
{
    char           date[11];
    mc_str_t       text;
    mc_call_t     *call;
    mc_problem_t  *problem;

    call = &pdf->call;

    mc_date_write(row->revoked_at, call->site->settings->timezone, date);
    text = mc_arena_str(&call->arena, mc_str_from(date));

    problem = mc_problem_add(&call->problems, MC_P_CERTIFICATE_REVOKED);
    mc_problem_arg(problem, "date", text, mc_str_null);
    mc_problem_arg(problem, "reason", row->reason, mc_str_null);

    return false;
}


static bool
pdf_confirmation(mc_cert_pdf_t *pdf, pdf_t *state)
{
    mc_err_t                      err;
    mc_call_t                    *call;
    const mc_confirmation_row_t  *row;

    call = &pdf->call;
    row = &state->store.row;

    if (!state->store.confirmed) {
        return mc_call_refuse(call, MC_P_CONFIRM_FIRST);
    }

    if (row->revoked_at != 0) {
        return pdf_revoked(pdf, row);
    }

    err = mc_certificate_read(row->frozen, &call->arena, &state->frozen);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    state->frozen.serial = row->serial;
    state->frozen.confirmed_at = row->at;
    state->frozen.code = row->code;

    return true;
}


/*
 * The hash of the photo that would be printed today.  Photos are never
 * altered, so the confirmation's own needs no reading.
 */
static bool
pdf_photo_today(mc_cert_pdf_t *pdf, pdf_t *state, mc_certificate_t *today)
{
    int64_t               id;
    mc_str_t              jpeg;
    mc_call_t            *call;
    const mc_case_row_t  *newest;

    call = &pdf->call;
    newest = &state->store.newest;

    id = mc_photo_choose(&state->store.member, newest);

    if (id == 0) {
        return true;
    }

    if (id == state->store.row.photo_id) {
        today->has_photo = state->frozen.has_photo;
        memcpy(today->photo_sha256, state->frozen.photo_sha256, 32);
        return true;
    }

    if (id == newest->photo_id) {
        today->has_photo = true;
        memcpy(today->photo_sha256, newest->plain_sha256, 32);
        return true;
    }

    return mc_photo_read(call, state->conn, id, &jpeg, today->photo_sha256,
                         &today->has_photo);
}


static bool
pdf_fresh(mc_cert_pdf_t *pdf, pdf_t *state)
{
    char               version[65];
    mc_err_t           err;
    mc_call_t         *call;
    mc_certificate_t   today;

    call = &pdf->call;

    err = mc_certificate_fill(&today, call->site->settings,
                              &state->store.member, &state->store.institute,
                              &call->arena);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    if (!pdf_photo_today(pdf, state, &today)) {
        return false;
    }

    err = mc_certificate_version(&today, version);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    if (strcmp(version, state->store.row.version) != 0
        || state->store.row.superseded_at != 0)
    {
        return mc_call_refuse(call, MC_P_CONFIRM_AGAIN);
    }

    return true;
}


bool
mc_cert_etag_listed(mc_str_t list, mc_str_t etag)
{
    size_t       i;
    const char  *close;

    if (mc_str_eq(mc_utf8_trim(list), mc_str("*"))) {
        return true;
    }

    for (i = 0; i < list.len; i++) {

        if (list.data[i] != '"') {
            continue;       /* W/, commas and blanks between tags */
        }

        close = memchr(list.data + i + 1, '"', list.len - i - 1);

        if (close == NULL) {
            return false;
        }

        if (mc_str_eq((mc_str_t) { list.data + i,
                                   (size_t) (close - list.data) + 1 - i },
                      etag))
        {
            return true;
        }

        i = (size_t) (close - list.data);
    }

    return false;
}


static void
pdf_etag(mc_cert_pdf_t *pdf, const pdf_t *state)
{
    char  digest[65];

    mc_document_etag(pdf->call.site->documents[pdf->index],
                     state->store.row.version, state->store.row.serial,
                     digest);

    (void) snprintf(pdf->etag, sizeof(pdf->etag), "\"%s\"", digest);

    pdf->not_modified = mc_cert_etag_listed(pdf->if_none_match,
                                            mc_str_from(pdf->etag));
}


/* The photo that was confirmed, byte for byte. */
static bool
pdf_photo(mc_cert_pdf_t *pdf, pdf_t *state)
{
    bool        readable;
    uint8_t     digest[32];
    mc_call_t  *call;

    call = &pdf->call;

    if (!mc_photo_read(call, state->conn, state->store.row.photo_id,
                       &pdf->photo, digest, &readable))
    {
        return false;
    }

    if (!readable || memcmp(digest, state->frozen.photo_sha256, 32) != 0) {
        call->problems.retry_after = 10;
        return mc_call_refuse(call, MC_P_PHOTO_UNAVAILABLE);
    }

    return true;
}


/* Everything that needs the store; nothing drawn yet. */
static bool
pdf_read(mc_cert_pdf_t *pdf, pdf_t *state)
{
    if (!pdf_member(pdf, state)
        || !pdf_standing(pdf, state)
        || !pdf_confirmation(pdf, state)
        || !pdf_fresh(pdf, state))
    {
        return false;
    }

    pdf->name = state->frozen.values[MC_CERT_NAME].zh;
    pdf->certificate_no = state->frozen.values[MC_CERT_CERTIFICATE_NO].zh;

    pdf->member_id = state->store.member.id;
    pdf->serial = state->store.row.serial;

    pdf_etag(pdf, state);

    return pdf->not_modified || pdf_photo(pdf, state);
}


/* Why it cannot be drawn: the character without glyph, or the photo. */
static bool
pdf_undrawn(mc_cert_pdf_t *pdf, const pdf_t *state)
{
    char           letter[4];
    uint32_t       missing;
    mc_str_t       text;
    mc_call_t     *call;
    mc_problem_t  *problem;

    call = &pdf->call;
    missing = mc_template_missing_any(call->site->documents[pdf->index],
                                      &state->frozen);

    if (missing == 0) {
        call->hint = "a stored photo cannot be put into a certificate";
        call->problems.retry_after = 10;
        return mc_call_refuse(call, MC_P_PHOTO_UNAVAILABLE);
    }

    text.data = letter;
    text.len = mc_utf8_encode(missing, letter);

    problem = mc_problem_add(&call->problems, MC_P_GLYPH_MISSING);
    mc_problem_arg(problem, "char", mc_arena_str(&call->arena, text),
                   mc_str_null);

    return false;
}


static bool
pdf_make(mc_cert_pdf_t *pdf, pdf_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;
    mc_issue_t  issue;

    call = &pdf->call;

    issue = (mc_issue_t) {
        .site = call->site,
        .index = pdf->index,
        .conn = state->conn,
        .arena = &call->arena,
        .certificate = &state->frozen,
        .statement = state->store.row.statement,
        .photo = pdf->photo,
        .now = call->now,
        .sent = state->store.sent ? &state->store.issued : NULL,
        .own = &pdf->own,
    };

    err = mc_issue_make(&issue);

    switch (err) {
    case MC_OK:
        pdf->document = issue.document;
        return true;

    case MC_EINVAL:
        return pdf_undrawn(pdf, state);

    case MC_ENOTFOUND:          /* erased meanwhile */
        return mc_call_refuse(call, MC_P_CONFIRM_FIRST);

    default:
        return mc_call_fail(call, err);
    }
}


void
mc_cert_pdf_run(mc_cert_pdf_t *pdf)
{
    bool        good;
    pdf_t       state;
    mc_call_t  *call;

    call = &pdf->call;

    memset(&state, 0, sizeof(state));
    mc_buf_init(&pdf->own, MC_DOCUMENT_MAX);

    if (call->site->document_count == 0) {
        call->hint = "this site was opened without fonts";
        (void) mc_call_refuse(call, MC_P_SERVICE_UNAVAILABLE);
        return;
    }

    pdf->index = mc_site_layout(call->site, pdf->layout);

    if (pdf->index == call->site->document_count) {
        (void) mc_call_refuse(call, MC_P_LAYOUT_UNKNOWN);
        return;
    }

    state.conn = mc_call_conn(call);

    if (state.conn == NULL) {
        return;
    }

    good = pdf_read(pdf, &state)
           && (pdf->not_modified || pdf_make(pdf, &state));

    mc_call_done(call, state.conn);

    /* a desk's copy is recorded before it leaves (mc_desk_pdf_run()) */

    if (good && !pdf->not_modified && !call->officer.asks) {
        mc_call_note(call, "download", "serial %lld",
                     (long long) pdf->serial);
    }
}


void
mc_cert_pdf_free(mc_cert_pdf_t *pdf)
{
    mc_buf_wipe(&pdf->own);
}
