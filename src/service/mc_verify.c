/*
 * Use cases: the public check of a certificate.
 *
 * Depends on store, domain and, for codes, keys and the photo, auth.  Store
 * pool.  Neither code nor whose it is goes into a hint: hints are logged.
 */

#include "mc_verify.h"

#include "mc_code.h"
#include "mc_sealed.h"


#define OLD_LETTERS  22         /* codes of older stores, base64url */


/* Codes of older stores are no other's with dashes in between: those have 16
 * letters, and 19 as they are shown. */
static bool
old_form(mc_str_t code)
{
    char    c;
    size_t  i;

    if (code.len != OLD_LETTERS) {
        return false;
    }

    for (i = 0; i < code.len; i++) {
        c = code.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
        {
            return false;
        }
    }

    return true;
}


/* What the store is asked for, whatever was typed: U is no letter of a
 * code. */
static mc_str_t
stored_form(mc_str_t code, char text[MC_CODE_CERTIFICATE + 1])
{
    if (old_form(code)) {
        return code;
    }

    if (mc_code_certificate_normalise(code, text) != MC_OK) {
        return mc_str("UUUUUUUUUUUUUUUU");
    }

    return mc_str_from(text);
}


static bool
find(mc_call_t *call, mc_conn_t *conn, mc_str_t code,
    mc_confirmation_row_t *row)
{
    char      text[MC_CODE_CERTIFICATE + 1];
    mc_err_t  err;

    err = mc_confirmation_find(conn, stored_form(code, text), &call->arena,
                               row);

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_CODE_UNKNOWN);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


mc_err_t
mc_verify_consent(const mc_site_t *site, mc_conn_t *conn, int64_t member_id,
    bool *said, bool *accepted)
{
    mc_err_t  err;

    *said = false;
    *accepted = false;

    if (!site->settings->verify_photo) {
        return MC_OK;
    }

    err = mc_consent_said(conn, member_id, MC_VERIFY_PHOTO,
                          mc_str(MC_VERIFY_PHOTO_VERSION), accepted);
    *said = err == MC_OK;

    return err == MC_ENOTFOUND ? MC_OK : err;
}


static bool
photo_agreed(mc_call_t *call, mc_conn_t *conn,
    const mc_confirmation_row_t *row, bool *agreed)
{
    bool      said;
    mc_err_t  err;

    *agreed = false;

    if (row->erased_at != 0 || row->photo_id == 0) {
        return true;
    }

    err = mc_verify_consent(call->site, conn, row->member_id, &said, agreed);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static bool
frozen(mc_call_t *call, const mc_confirmation_row_t *row,
    mc_certificate_t *out)
{
    mc_err_t  err;

    err = mc_certificate_read(row->frozen, &call->arena, out);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    out->serial = row->serial;
    out->confirmed_at = row->at;
    out->code = row->code;

    return true;
}


static bool
verify(mc_verify_t *verify, mc_conn_t *conn)
{
    mc_err_t               err;
    mc_call_t             *call;
    mc_member_row_t        member;
    mc_confirmation_row_t  row;

    call = &verify->call;

    if (!find(call, conn, verify->code, &row)) {
        return false;
    }

    if (row.erased_at != 0) {
        verify->standing = MC_STANDING_ERASED;
        return true;
    }

    err = mc_member_by_id(conn, row.member_id, &call->arena, &member);

    if (err == MC_OK) {
        err = mc_issued_list(conn, row.serial, &call->arena, &verify->files,
                             &verify->file_count);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    if (!frozen(call, &row, &verify->certificate)
        || !photo_agreed(call, conn, &row, &verify->photo))
    {
        return false;
    }

    verify->number = verify->certificate.values[MC_CERT_CERTIFICATE_NO].zh;

    if (verify->number.len == 0) {
        verify->number = verify->certificate.values[MC_CERT_MEMBER_NO].zh;
    }

    verify->member_status = member.member.status;
    verify->replaced_at = row.superseded_at;
    verify->revoked_at = row.revoked_at;
    verify->reason = row.revoked_at != 0 ? row.reason : mc_str_null;
    verify->statement = row.statement;
    verify->standing = mc_standing(row.erased_at, row.revoked_at,
                                   row.superseded_at, member.member.status);

    return true;
}


void
mc_verify_run(mc_verify_t *call)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&call->call);

    if (conn != NULL) {
        (void) verify(call, conn);
        mc_call_done(&call->call, conn);
    }
}


/* A photo that cannot be read, or is not the one that was confirmed. */
static bool
photo_lost(mc_verify_photo_t *photo)
{
    mc_call_t  *call;

    call = &photo->call;
    photo->jpeg = mc_str_null;
    call->hint = "the photo of a confirmation is lost, damaged or sealed "
                 "with another secret: run membercertctl check";
    call->problems.retry_after = 10;

    return mc_call_refuse(call, MC_P_PHOTO_UNAVAILABLE);
}


static bool
photo_read(mc_verify_photo_t *photo, mc_conn_t *conn)
{
    bool                   agreed;
    uint8_t                digest[32];
    mc_err_t               err;
    mc_call_t             *call;
    mc_certificate_t       certificate;
    mc_confirmation_row_t  row;

    call = &photo->call;

    if (!find(call, conn, photo->code, &row)
        || !photo_agreed(call, conn, &row, &agreed))
    {
        return false;
    }

    if (!agreed) {
        return mc_call_refuse(call, MC_P_PHOTO_NOT_SHOWN);
    }

    if (!frozen(call, &row, &certificate)) {
        return false;
    }

    err = mc_sealed_photo_open(call->site, conn, row.photo_id, row.member_id,
                               &call->arena, &photo->jpeg, digest);

    if (err == MC_ENOTFOUND || err == MC_ECORRUPT) {
        return photo_lost(photo);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    return memcmp(digest, certificate.photo_sha256, sizeof(digest)) == 0
           ? true : photo_lost(photo);
}


void
mc_verify_photo_run(mc_verify_photo_t *photo)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&photo->call);

    if (conn != NULL) {
        (void) photo_read(photo, conn);
        mc_call_done(&photo->call, conn);
    }
}


static void
key_add(mc_verify_keys_t *keys, const uint8_t id[4], const uint8_t point[65])
{
    size_t           i;
    mc_known_key_t  *key;

    for (i = 0; i < keys->count; i++) {
        if (memcmp(keys->keys[i].point, point, sizeof(key->point)) == 0) {
            return;
        }
    }

    if (keys->count < mc_count(keys->keys)) {
        key = &keys->keys[keys->count++];

        memcpy(key->id, id, sizeof(key->id));
        memcpy(key->point, point, sizeof(key->point));
    }
}


void
mc_verify_keys_run(mc_verify_keys_t *keys)
{
    size_t            i, count;
    mc_err_t          err;
    mc_conn_t        *conn;
    mc_known_key_t   *known;
    const mc_keys_t  *own;

    own = &keys->call.site->keys;
    conn = mc_call_conn(&keys->call);

    if (conn == NULL) {
        return;
    }

    err = mc_statement_key_list(conn, &keys->call.arena, &known, &count);
    mc_call_done(&keys->call, conn);

    if (err != MC_OK) {
        (void) mc_call_fail(&keys->call, err);
        return;
    }

    for (i = 0; i < own->count; i++) {
        key_add(keys, own->statement[i].id, own->statement[i].point);
    }

    for (i = 0; i < count; i++) {
        key_add(keys, known[i].id, known[i].point);
    }
}
