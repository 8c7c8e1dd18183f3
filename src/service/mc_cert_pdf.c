/*
 * Use case: the confirmed certificate as a PDF (I08, I13, I14).
 *
 * Depends on store, document, domain and, through mc_sealed, auth.  Cpu
 * pool.  Drawn from the frozen data and the confirmation's own photo; what
 * stands in the member's row now only decides whether it may be drawn.
 */

#include "mc_cert.h"

#include <stdio.h>

#include "mc_sealed.h"
#include "mc_utf8.h"


/* What the steps hand on. */
typedef struct {
    mc_conn_t              *conn;
    mc_member_t             member;
    mc_institute_t          institute;
    mc_write_guard_t        guard;
    mc_certificate_t        frozen;
    mc_confirmation_row_t   row;
} pdf_t;


static bool
pdf_standing(mc_cert_pdf_t *pdf, pdf_t *state)
{
    mc_call_t     *call;
    mc_status_t    status;
    mc_problem_t  *problem;

    call = &pdf->call;
    status = state->member.status;

    if (status == MC_STATUS_ACTIVE) {
        return true;
    }

    problem = mc_problem_add(&call->problems, MC_P_MEMBER_NOT_ACTIVE);
    mc_problem_arg(problem, "status", mc_status_text(status, false),
                   mc_status_text(status, true));
    mc_call_contact(call, &state->institute, problem);

    return false;
}


static bool
pdf_confirmation(mc_cert_pdf_t *pdf, pdf_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &pdf->call;

    err = mc_confirmation_newest(state->conn, state->member.id,
                                 &call->arena, &state->row);

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_CONFIRM_FIRST);
    }

    if (err == MC_OK) {
        err = mc_certificate_read(state->row.frozen, &call->arena,
                                  &state->frozen);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    state->frozen.serial = state->row.serial;
    state->frozen.confirmed_at = state->row.at;
    state->frozen.code = state->row.code;

    return true;
}


/*
 * The hash of the photo that would be printed today.  Photos are never
 * altered, so the confirmation's own needs no reading.
 */
static bool
pdf_photo_today(mc_cert_pdf_t *pdf, pdf_t *state, mc_certificate_t *today)
{
    int64_t        id;
    mc_str_t       jpeg;
    mc_call_t     *call;
    mc_case_row_t  newest;

    call = &pdf->call;

    if (!mc_photo_newest(call, state->conn, state->member.id, &newest)) {
        return false;
    }

    id = mc_photo_choose(&state->member, &newest);

    if (id == 0) {
        return true;
    }

    if (id == state->row.photo_id) {
        today->has_photo = state->frozen.has_photo;
        memcpy(today->photo_sha256, state->frozen.photo_sha256, 32);
        return true;
    }

    if (id == newest.photo_id) {
        today->has_photo = true;
        memcpy(today->photo_sha256, newest.plain_sha256, 32);
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

    err = mc_certificate_fill(&today, call->site->settings, &state->member,
                              &state->institute, &call->arena);

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

    if (strcmp(version, state->row.version) != 0
        || state->row.superseded_at != 0 || state->row.revoked_at != 0)
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

    for (i = 0; i < list.len; i++) {

        if (list.data[i] == '*') {
            return true;
        }

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

    mc_document_etag(pdf->call.site->documents[0], state->row.version,
                     state->row.serial, digest);

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

    if (!mc_photo_read(call, state->conn, state->row.photo_id, &pdf->photo,
                       digest, &readable))
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
    mc_call_t  *call;

    call = &pdf->call;

    if (!mc_call_member(call, state->conn, &state->member, &state->guard)
        || !mc_call_institute(call, state->conn, &state->member,
                              &state->institute)
        || !pdf_standing(pdf, state)
        || !pdf_confirmation(pdf, state)
        || !pdf_fresh(pdf, state))
    {
        return false;
    }

    pdf->name = state->frozen.values[MC_CERT_NAME].zh;
    pdf->certificate_no = state->frozen.values[MC_CERT_CERTIFICATE_NO].zh;

    pdf->member_id = state->member.id;
    pdf->serial = state->row.serial;

    pdf_etag(pdf, state);

    return pdf->not_modified || pdf_photo(pdf, state);
}


static bool
pdf_draw(mc_cert_pdf_t *pdf, pdf_t *state)
{
    char                  letter[4];
    uint32_t              missing;
    mc_err_t              err;
    mc_str_t              text;
    mc_call_t            *call;
    mc_problem_t         *problem;
    mc_document_in_t      in;
    const mc_template_t  *document;

    call = &pdf->call;
    document = call->site->documents[0];

    in = (mc_document_in_t) { .photo = pdf->photo };
    err = mc_document_make(document, &state->frozen, &in, &pdf->own,
                           &pdf->document);

    if (err != MC_EINVAL) {
        return err == MC_OK ? true : mc_call_fail(call, err);
    }

    missing = mc_template_missing_any(document, &state->frozen);

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


void
mc_cert_pdf_run(mc_cert_pdf_t *pdf)
{
    bool        good;
    pdf_t       state;
    mc_call_t  *call;

    call = &pdf->call;

    memset(&state, 0, sizeof(state));
    mc_buf_init(&pdf->own, MC_DOCUMENT_MAX);

    if (call->site->documents[0] == NULL) {
        call->hint = "this site was opened without fonts";
        (void) mc_call_refuse(call, MC_P_SERVICE_UNAVAILABLE);
        return;
    }

    state.conn = mc_call_conn(call);

    if (state.conn == NULL) {
        return;
    }

    good = pdf_read(pdf, &state);
    mc_call_done(call, state.conn);

    if (!good || pdf->not_modified || !pdf_draw(pdf, &state)) {
        return;
    }

    /* a desk's copy is recorded before it leaves (mc_desk_pdf_run()) */

    if (!call->officer.asks) {
        mc_call_note(call, "download", "serial %lld",
                     (long long) state.row.serial);
    }
}


void
mc_cert_pdf_free(mc_cert_pdf_t *pdf)
{
    mc_buf_wipe(&pdf->own);
}
