/*
 * An administrator's use cases: a certificate as a file, a sample of a
 * layout, the list of certificates, and their revocation.
 *
 * Depends on document, store, domain and, through mc_sealed, auth.  A
 * command only.
 *
 * Only what a member confirmed is signed and recorded.  Everything else is
 * drawn by a template without the signer, which is opened for it.
 */

#include "mc_admin.h"

#include "mc_history.h"
#include "mc_issue.h"
#include "mc_sealed.h"
#include "mc_time.h"
#include "mc_utf8.h"


/* What is to be drawn. */
typedef struct {
    bool              confirmed;
    size_t            layout;
    mc_str_t          jpeg;
    mc_str_t          statement;
    mc_certificate_t  certificate;
} drawing_t;


static mc_err_t
drawing_photo(mc_admin_t *admin, mc_conn_t *conn, int64_t photo_id,
    int64_t member_id, drawing_t *drawing)
{
    mc_err_t  err;

    if (photo_id == 0) {
        return mc_admin_fail(admin, MC_ENOTFOUND, "the member has no photo");
    }

    err = mc_sealed_photo_open(admin->site, conn, photo_id, member_id,
                               &admin->arena, &drawing->jpeg,
                               drawing->certificate.photo_sha256);

    drawing->certificate.has_photo = err == MC_OK;

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "reading the photo");
}


static mc_err_t
drawing_confirmed(mc_admin_t *admin, mc_conn_t *conn,
    const mc_member_t *member, const mc_confirmation_row_t *row,
    drawing_t *drawing)
{
    char              date[11];
    uint8_t           digest[32];
    mc_err_t          err;
    mc_certificate_t *certificate;

    certificate = &drawing->certificate;

    if (row->erased_at != 0) {
        return mc_admin_fail(admin, MC_ENOTFOUND, "the member was erased");
    }

    if (row->revoked_at != 0) {
        mc_date_write(row->revoked_at, admin->site->settings->timezone,
                      date);
        return mc_admin_fail(admin, MC_ECONFLICT, "serial %lld was revoked "
                             "on %s", (long long) row->serial, date);
    }

    err = mc_certificate_read(row->frozen, &admin->arena, certificate);

    if (err != MC_OK) {
        return mc_admin_store_fail(admin, err, "reading the confirmation");
    }

    memcpy(digest, certificate->photo_sha256, sizeof(digest));

    err = drawing_photo(admin, conn, row->photo_id, member->id, drawing);

    if (err == MC_OK
        && memcmp(digest, certificate->photo_sha256, sizeof(digest)) != 0)
    {
        return mc_admin_fail(admin, MC_ECORRUPT,
                             "the photo is not the one that was confirmed");
    }

    certificate->serial = row->serial;
    certificate->confirmed_at = row->at;
    certificate->code = row->code;
    drawing->statement = row->statement;
    drawing->confirmed = true;

    return err;
}


static mc_err_t
drawing_today(mc_admin_t *admin, mc_conn_t *conn, const mc_member_t *member,
    drawing_t *drawing)
{
    int64_t         photo_id;
    mc_err_t        err;
    mc_str_t        code;
    mc_case_row_t   newest;
    mc_institute_t  institute;

    code = member->columns[MC_COLUMN_INSTITUTE];
    err = mc_institute_get(conn, code, &admin->arena, &institute);

    if (err == MC_ENOTFOUND) {
        institute = (mc_institute_t) { .code = code };
        err = MC_OK;
    }

    if (err == MC_OK) {
        err = mc_case_newest(conn, member->id, &admin->arena, &newest);
    }

    if (err == MC_ENOTFOUND) {
        newest = (mc_case_row_t) { .state = MC_CASE_NONE };
        err = MC_OK;
    }

    if (err == MC_OK) {
        err = mc_certificate_fill(&drawing->certificate,
                                  admin->site->settings, member, &institute,
                                  &admin->arena);
    }

    if (err != MC_OK) {
        return mc_admin_store_fail(admin, err, "reading the certificate");
    }

    drawing->certificate.confirmed_at = admin->now;
    photo_id = mc_photo_choose(member, &newest);

    return drawing_photo(admin, conn, photo_id, member->id, drawing);
}


static mc_err_t
drawing_read(mc_admin_t *admin, mc_conn_t *conn, const mc_admin_key_t *key,
    drawing_t *drawing)
{
    mc_err_t               err;
    mc_member_t            member;
    mc_confirmation_row_t  row;

    err = mc_admin_find(admin, conn, key, &member);

    if (err != MC_OK) {
        return err;
    }

    err = mc_confirmation_newest(conn, member.id, &admin->arena, &row);

    switch (err) {

    case MC_OK:
        return drawing_confirmed(admin, conn, &member, &row, drawing);

    case MC_ENOTFOUND:
        return drawing_today(admin, conn, &member, drawing);

    default:
        return mc_admin_store_fail(admin, err, "reading the confirmation");
    }
}


/* Why a certificate could not be drawn. */
static mc_err_t
undrawn(mc_admin_t *admin, const drawing_t *drawing, mc_err_t err)
{
    char      letter[4];
    size_t    len;
    uint32_t  missing;

    missing = err == MC_EINVAL
              ? mc_template_missing_any(
                    admin->site->documents[drawing->layout],
                    &drawing->certificate)
              : 0;

    if (missing != 0) {
        len = mc_utf8_encode(missing, letter);
        return mc_admin_fail(admin, MC_EINVAL, "no font has \"%.*s\" "
                             "(U+%04X)", (int) len, letter,
                             (unsigned) missing);
    }

    return mc_admin_fail(admin, err, "drawing the certificate: %s",
                         mc_err_name(err));
}


static mc_err_t
join(const mc_document_t *document, mc_buf_t *pdf)
{
    size_t    i;
    mc_err_t  err;

    err = MC_OK;

    for (i = 0; err == MC_OK && i < document->count; i++) {
        err = mc_buf_str(pdf, document->parts[i]);
    }

    return err;
}


/* The very file the member gets; the first one is recorded. */
static mc_err_t
draw_confirmed(mc_admin_t *admin, mc_conn_t *conn, const drawing_t *drawing,
    mc_buf_t *pdf)
{
    mc_buf_t      own;
    mc_err_t      err;
    mc_issue_t    issue;
    mc_issued_t   sent;

    mc_buf_init(&own, MC_DOCUMENT_MAX);

    issue = (mc_issue_t) {
        .site = admin->site,
        .index = drawing->layout,
        .conn = conn,
        .arena = &admin->arena,
        .certificate = &drawing->certificate,
        .statement = drawing->statement,
        .photo = drawing->jpeg,
        .now = admin->now,
        .own = &own,
    };

    err = mc_issued_get(conn, drawing->certificate.serial,
                        admin->site->digests[drawing->layout],
                        &admin->arena, &sent);

    if (err == MC_OK || err == MC_ENOTFOUND) {
        issue.sent = err == MC_OK ? &sent : NULL;
        err = mc_issue_make(&issue);
    }

    if (err == MC_OK) {
        err = join(&issue.document, pdf);
    }

    mc_buf_wipe(&own);

    return err == MC_OK ? MC_OK : undrawn(admin, drawing, err);
}


/* Not signed, not recorded. */
static mc_err_t
draw_plain(mc_admin_t *admin, const drawing_t *drawing, const mc_qr_t *qr,
    mc_buf_t *pdf)
{
    char               error[MC_SETTINGS_ERROR];
    mc_buf_t           own;
    mc_err_t           err;
    mc_document_t      document;
    mc_template_t     *template_;
    mc_document_in_t   in;

    template_ = mc_template_open(admin->site->settings, drawing->layout,
                                 NULL, error);

    if (template_ == NULL) {
        return mc_admin_fail(admin, MC_EINVAL, "%s", error);
    }

    in = (mc_document_in_t) { .photo = drawing->jpeg, .qr = qr };
    mc_buf_init(&own, MC_DOCUMENT_MAX);

    err = mc_document_make(template_, &drawing->certificate, &in, &own,
                           &document);

    if (err == MC_OK) {
        err = join(&document, pdf);
    }

    mc_buf_wipe(&own);
    mc_template_close(template_);

    return err == MC_OK ? MC_OK : undrawn(admin, drawing, err);
}


static mc_err_t
layout_find(mc_admin_t *admin, mc_str_t name, size_t *index)
{
    if (admin->site->document_count == 0) {
        return mc_admin_fail(admin, MC_EINVAL,
                             "the site was opened without fonts");
    }

    *index = mc_site_layout(admin->site, name);

    return *index < admin->site->document_count
           ? MC_OK
           : mc_admin_fail(admin, MC_ENOTFOUND, "no layout \"%.*s\"",
                           (int) name.len, name.data);
}


mc_err_t
mc_admin_certificate(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_str_t layout, mc_buf_t *pdf, bool *confirmed)
{
    mc_err_t    err;
    mc_conn_t  *conn;
    drawing_t   drawing;

    *confirmed = false;
    memset(&drawing, 0, sizeof(drawing));

    err = layout_find(admin, layout, &drawing.layout);

    if (err == MC_OK) {
        err = mc_admin_conn(admin, &conn);
    }

    if (err != MC_OK) {
        return err;
    }

    err = drawing_read(admin, conn, key, &drawing);

    if (err == MC_OK) {
        *confirmed = drawing.confirmed;
        err = drawing.confirmed
              ? draw_confirmed(admin, conn, &drawing, pdf)
              : draw_plain(admin, &drawing, NULL, pdf);
    }

    mc_store_release(admin->site->store, conn);

    return err;
}


/* Nobody's data; every text says so. */
static void
sample_fill(const mc_settings_t *settings, mc_certificate_t *out)
{
    mc_text_t  *values;

    values = out->values;

    values[MC_CERT_NAME].zh = mc_str("样本");
    values[MC_CERT_SEX] = (mc_text_t) { mc_str("女"), mc_str("Female") };
    values[MC_CERT_CATEGORY] = (mc_text_t) { settings->user_types[0].zh,
                                             settings->user_types[0].en };
    values[MC_CERT_CERTIFICATE_NO].zh = mc_str("SAMPLE-000000");
    values[MC_CERT_MEMBER_NO].zh = mc_str("000000000000");
    values[MC_CERT_ADMITTED_ON].zh = mc_str("2000-01-01");
    values[MC_CERT_INSTITUTE] = (mc_text_t) { mc_str("样本协会"),
                                              mc_str("Sample institute") };

    out->issuer = (mc_text_t) { settings->issuer, settings->issuer_en };
    out->code = mc_str("0000000000000000");
    out->has_photo = true;
}


/* As many digits as a statement may have, which prove nothing. */
static mc_err_t
sample_statement(mc_admin_t *admin, mc_str_t *out)
{
    char    *digits;
    size_t   i, n;

    n = mc_issue_digits(admin->site);
    digits = mc_arena_alloc(&admin->arena, n + 1);

    if (digits == NULL) {
        return MC_ENOMEM;
    }

    for (i = 0; i < n; i++) {
        digits[i] = (char) ('1' + i % 9);
    }

    *out = (mc_str_t) { digits, n };

    return MC_OK;
}


mc_err_t
mc_admin_sample(mc_admin_t *admin, mc_str_t layout, mc_str_t institute,
    mc_str_t jpeg, mc_buf_t *pdf)
{
    bool       has;
    mc_qr_t    qr;
    mc_err_t   err;
    drawing_t  drawing;

    memset(&drawing, 0, sizeof(drawing));

    err = layout_find(admin, layout, &drawing.layout);

    if (err != MC_OK) {
        return err;
    }

    sample_fill(admin->site->settings, &drawing.certificate);
    drawing.certificate.institute_code = institute;
    drawing.certificate.confirmed_at = admin->now;
    drawing.jpeg = jpeg;

    err = mc_sha256(jpeg.data, jpeg.len, drawing.certificate.photo_sha256);

    if (err == MC_OK) {
        err = sample_statement(admin, &drawing.statement);
    }

    if (err == MC_OK) {
        err = mc_issue_qr(admin->site, drawing.layout,
                          drawing.certificate.code, drawing.statement,
                          &admin->arena, &qr, &has);
    }

    return err == MC_OK
           ? draw_plain(admin, &drawing, has ? &qr : NULL, pdf)
           : mc_admin_fail(admin, err, "drawing a sample: %s",
                           mc_err_name(err));
}


mc_err_t
mc_admin_revoke(mc_admin_t *admin, int64_t serial, bool revoke,
    mc_str_t reason, mc_confirmation_row_t *out)
{
    mc_err_t     err;
    mc_str_t     words;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    if (!mc_history_reason(reason, &words)) {
        return mc_admin_fail(admin, MC_EINVAL, "a reason is one line of at "
                             "most %d characters", MC_HISTORY_WORDS);
    }

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    mc_admin_actor(admin, &actor);

    err = revoke
          ? mc_confirmation_revoke(conn, &actor, serial, words,
                                   &admin->arena, out)
          : mc_confirmation_unrevoke(conn, &actor, serial, words,
                                     &admin->arena, out);

    mc_store_release(admin->site->store, conn);

    switch (err) {

    case MC_OK:
        return MC_OK;

    case MC_ENOTFOUND:
        return mc_admin_fail(admin, err, "no certificate has serial %lld",
                             (long long) serial);

    case MC_ECONFLICT:
        return mc_admin_fail(admin, err, "serial %lld is %s",
                             (long long) serial,
                             revoke ? "revoked already" : "not revoked");

    default:
        return mc_admin_store_fail(admin, err, "writing the revocation");
    }
}


static mc_err_t
confirmations_of(mc_admin_t *admin, mc_conn_t *conn,
    const mc_admin_key_t *key, mc_confirmation_visit_pt visit, void *data)
{
    size_t                  i, count;
    mc_err_t                err;
    mc_member_t             member;
    mc_confirmation_row_t  *rows;

    err = mc_admin_find(admin, conn, key, &member);

    if (err != MC_OK) {
        return err;
    }

    err = mc_confirmation_list(conn, member.id, &admin->arena, &rows,
                               &count);

    for (i = 0; err == MC_OK && i < count; i++) {
        err = visit(data, &rows[i]);
    }

    return err;
}


mc_err_t
mc_admin_confirmations(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_confirmation_visit_pt visit, void *data)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = key != NULL
          ? confirmations_of(admin, conn, key, visit, data)
          : mc_confirmation_scan(conn, INT64_MIN, visit, data);

    mc_store_release(admin->site->store, conn);

    return err == MC_OK || admin->error[0] != '\0'
           ? err : mc_admin_store_fail(admin, err, "reading certificates");
}
