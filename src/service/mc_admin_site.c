/*
 * An administrator's use cases: a certificate on demand, and the store as a
 * whole.
 *
 * Depends on document, store, domain and, through mc_sealed, auth.  A
 * command only.
 */

#include "mc_admin.h"

#include "mc_sealed.h"
#include "mc_utf8.h"


/* What is to be drawn. */
typedef struct {
    bool              confirmed;
    mc_str_t          jpeg;
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
    uint8_t           digest[32];
    mc_err_t          err;
    mc_certificate_t *certificate;

    certificate = &drawing->certificate;

    if (row->erased_at != 0) {
        return mc_admin_fail(admin, MC_ENOTFOUND, "the member was erased");
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


static mc_err_t
draw(mc_admin_t *admin, const drawing_t *drawing, mc_buf_t *pdf)
{
    char              letter[4];
    size_t            len;
    uint32_t          missing;
    mc_err_t          err;
    mc_document_in_t  in;

    in = (mc_document_in_t) { .photo = drawing->jpeg };
    err = mc_document_render(admin->site->documents[0], &drawing->certificate,
                             &in, pdf);

    if (err == MC_OK) {
        return MC_OK;
    }

    missing = mc_template_missing_any(admin->site->documents[0],
                                      &drawing->certificate);

    if (missing != 0) {
        len = mc_utf8_encode(missing, letter);
        return mc_admin_fail(admin, MC_EINVAL, "no font has \"%.*s\" "
                             "(U+%04X)", (int) len, letter,
                             (unsigned) missing);
    }

    return mc_admin_fail(admin, err, "drawing the certificate: %s",
                         mc_err_name(err));
}


mc_err_t
mc_admin_certificate(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_buf_t *pdf, bool *confirmed)
{
    mc_err_t    err;
    mc_conn_t  *conn;
    drawing_t   drawing;

    *confirmed = false;

    if (admin->site->documents[0] == NULL) {
        return mc_admin_fail(admin, MC_EINVAL,
                             "the site was opened without fonts");
    }

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    memset(&drawing, 0, sizeof(drawing));

    err = drawing_read(admin, conn, key, &drawing);
    mc_store_release(admin->site->store, conn);

    if (err != MC_OK) {
        return err;
    }

    *confirmed = drawing.confirmed;

    return draw(admin, &drawing, pdf);
}


mc_err_t
mc_admin_check(mc_admin_t *admin, mc_store_report_t *report)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_store_check(conn, report);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "checking the store");
}


mc_err_t
mc_admin_backup(mc_admin_t *admin, mc_str_t target_dir)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_store_backup(conn, target_dir);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "backup");
}


mc_err_t
mc_admin_gc(mc_admin_t *admin, int64_t *removed)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_store_gc(conn, admin->now, 0, removed);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(admin, err, "clean-up");
}
