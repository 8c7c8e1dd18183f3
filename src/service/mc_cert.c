/*
 * Use cases: what will stand on the certificate, and its confirmation.
 *
 * Depends on store, document (which characters exist, what fits into a QR
 * code), auth (code and statement), domain.  Store pool.
 */

#include "mc_cert.h"

#include "mc_issue.h"
#include "mc_sealed.h"
#include "mc_statement.h"
#include "mc_verify.h"


#define FROZEN_MAX  (64 * 1024)


/* What view and confirmation share. */
typedef struct {
    mc_conn_t         *conn;
    int64_t            photo_id;        /* that would be printed; 0: none */
    mc_member_t        member;
    mc_case_row_t      newest;
    mc_write_guard_t   guard;
} cert_t;


static bool
cert_read(mc_cert_view_t *view, cert_t *state)
{
    mc_call_t  *call;

    call = &view->call;

    if (!mc_call_member(call, state->conn, &state->member, &state->guard)
        || !mc_call_institute(call, state->conn, &state->member,
                              &view->institute)
        || !mc_photo_newest(call, state->conn, state->member.id,
                            &state->newest))
    {
        return false;
    }

    mc_photo_status_fill(call, &state->member, &view->institute,
                         &state->newest, &view->photo);

    state->photo_id = mc_photo_choose(&state->member, &state->newest);

    return true;
}


/* Data, the photo's hash and the version over both. */
static bool
cert_fill(mc_cert_view_t *view, cert_t *state)
{
    mc_err_t           err;
    mc_str_t           jpeg;
    mc_call_t         *call;
    mc_certificate_t  *certificate;

    call = &view->call;
    certificate = &view->certificate;

    err = mc_certificate_fill(certificate, call->site->settings,
                              &state->member, &view->institute,
                              &call->arena);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    if (state->photo_id != 0) {

        if (!mc_photo_read(call, state->conn, state->photo_id, &jpeg,
                           certificate->photo_sha256,
                           &view->photo_readable))
        {
            return false;
        }

        certificate->has_photo = view->photo_readable;
        view->jpeg = view->photo_readable ? jpeg : mc_str_null;
    }

    err = mc_certificate_version(certificate, view->version);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static bool
cert_blockers(mc_cert_view_t *view, const cert_t *state)
{
    mc_err_t                 err;
    mc_call_t               *call;
    const mc_site_t         *site;
    mc_certificate_facts_t   facts;

    call = &view->call;
    site = call->site;

    facts = (mc_certificate_facts_t) {
        .state = state->newest.state,
        .photo_present = state->photo_id != 0,
        .photo_readable = view->photo_readable,
    };

    if (site->document_count > 0) {
        facts.missing_glyph = mc_template_missing_any(site->documents[0],
                                                      &view->certificate);
    }

    err = mc_certificate_blockers(site->settings, &state->member,
                                  &view->institute, &facts, &call->arena,
                                  &view->blockers);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static void
cert_confirmed_is(mc_cert_view_t *view, const mc_confirmation_row_t *row)
{
    view->confirmed.present = true;
    view->confirmed.serial = row->serial;
    view->confirmed.at = row->at;
    memcpy(view->confirmed.version, row->version, sizeof(row->version));

    view->confirmed.code = row->code;
    view->confirmed.revoked_at = row->revoked_at;
    view->confirmed.reason = row->revoked_at != 0 ? row->reason
                                                  : mc_str("");

    view->confirmed.valid = row->superseded_at == 0 && row->revoked_at == 0
                            && strcmp(row->version, view->version) == 0;
}


static bool
cert_confirmed(mc_cert_view_t *view, const cert_t *state)
{
    mc_err_t               err;
    mc_confirmation_row_t  row;

    err = mc_confirmation_newest(state->conn, state->member.id,
                                 &view->call.arena, &row);

    if (err == MC_OK) {
        cert_confirmed_is(view, &row);
    }

    return err == MC_OK || err == MC_ENOTFOUND
           ? true : mc_call_fail(&view->call, err);
}


static bool
cert_consent(mc_cert_view_t *view, const cert_t *state)
{
    mc_err_t  err;

    err = mc_verify_consent(view->call.site, state->conn, state->member.id,
                            &view->verify_said, &view->verify_accepted);

    return err == MC_OK ? true : mc_call_fail(&view->call, err);
}


static bool
cert_view(mc_cert_view_t *view, cert_t *state)
{
    return cert_read(view, state)
           && cert_fill(view, state)
           && cert_blockers(view, state)
           && cert_confirmed(view, state)
           && cert_consent(view, state);
}


void
mc_cert_view_run(mc_cert_view_t *view)
{
    cert_t  state;

    memset(&state, 0, sizeof(state));
    state.conn = mc_call_conn(&view->call);

    if (state.conn != NULL) {
        (void) cert_view(view, &state);
        mc_call_done(&view->call, state.conn);
    }
}


static bool
confirm_check(mc_cert_confirm_t *confirm)
{
    mc_cert_view_t  *view;

    view = &confirm->view;

    if (view->blockers.count > 0) {
        view->call.problems = view->blockers;
        view->call.problems.retry_after = 10;   /* of photo_unavailable */
        return false;
    }

    if (!mc_str_is(confirm->version, view->version)) {
        return mc_call_refuse(&view->call, MC_P_VERSION_CHANGED);
    }

    return true;
}


/* 80 random bits by which a third party finds this confirmation. */
static mc_err_t
make_code(mc_arena_t *arena, mc_str_t *code)
{
    char      text[MC_CODE_CERTIFICATE + 1];
    mc_err_t  err;

    err = mc_code_certificate_make(text);

    if (err != MC_OK) {
        return err;
    }

    *code = mc_arena_str(arena, mc_str_from(text));

    return code->data == NULL ? MC_ENOMEM : MC_OK;
}


static mc_err_t
statement_fill(const mc_certificate_t *certificate,
    const mc_confirmation_row_t *row, int timezone, mc_statement_t *out)
{
    mc_err_t           err;
    const mc_text_t   *values;

    values = certificate->values;

    *out = (mc_statement_t) {
        .number = values[MC_CERT_CERTIFICATE_NO].zh,
        .name = values[MC_CERT_NAME].zh,
        .category = values[MC_CERT_CATEGORY].zh,
    };

    if (out->number.len == 0) {
        out->number = values[MC_CERT_MEMBER_NO].zh;
    }

    memcpy(out->photo, certificate->photo_sha256, MC_STATEMENT_PHOTO);

    err = mc_code_certificate_bytes(row->code, out->code);

    return err == MC_OK ? mc_statement_days(row->at, timezone, &out->days)
                        : err;
}


/*
 * What the QR code will prove without a network, and the key it is proved
 * with.  Data that no statement can hold gets none: the QR code then has
 * the address of the check page only.
 */
static mc_err_t
make_statement(const mc_site_t *site, const mc_certificate_t *certificate,
    mc_arena_t *arena, mc_confirmation_row_t *row)
{
    mc_err_t         err;
    mc_str_t         digits;
    mc_statement_t   statement;
    mc_known_key_t  *key;

    err = statement_fill(certificate, row, site->settings->timezone,
                         &statement);

    if (err == MC_OK) {
        err = mc_statement_make(&site->keys, &statement,
                                mc_issue_digits(site), arena, &digits);
    }

    if (err == MC_EINVAL || err == MC_ETOOBIG) {
        return MC_OK;
    }

    key = err == MC_OK ? mc_arena_alloc(arena, sizeof(mc_known_key_t))
                       : NULL;

    if (key == NULL) {
        return err == MC_OK ? MC_ENOMEM : err;
    }

    memcpy(key->id, site->keys.statement[0].id, sizeof(key->id));
    memcpy(key->point, site->keys.statement[0].point, sizeof(key->point));
    key->at = row->at;

    row->statement = digits;
    row->key = key;

    return MC_OK;
}


static bool
confirm_row(mc_cert_confirm_t *confirm, const cert_t *state,
    mc_confirmation_row_t *row)
{
    mc_buf_t         frozen;
    mc_err_t         err;
    mc_call_t       *call;
    mc_cert_view_t  *view;

    view = &confirm->view;
    call = &view->call;

    *row = (mc_confirmation_row_t) {
        .member_id = state->member.id,
        .photo_id = state->photo_id,
        .at = call->now,
    };

    memcpy(row->version, view->version, sizeof(row->version));
    mc_buf_init(&frozen, FROZEN_MAX);

    err = mc_certificate_write(&view->certificate, &frozen);

    if (err == MC_OK) {
        row->frozen = mc_arena_str(&call->arena, mc_buf_view(&frozen));
        err = row->frozen.data == NULL ? MC_ENOMEM
                                       : make_code(&call->arena, &row->code);
    }

    if (err == MC_OK) {
        err = make_statement(call->site, &view->certificate, &call->arena,
                             row);
    }

    mc_buf_wipe(&frozen);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* The matched photo has become the current one. */
static void
confirm_status(mc_cert_view_t *view)
{
    mc_photo_status_t  *status;

    status = &view->photo;

    if (mc_case_next(status->state, MC_CASE_CONFIRM, &status->state)
        == MC_OK)
    {
        status->current = true;
        status->waiting = false;
    }
}


static bool
confirm_write(mc_cert_confirm_t *confirm, cert_t *state)
{
    mc_err_t                err;
    mc_call_t              *call;
    mc_actor_t              actor;
    mc_confirmation_row_t   row;

    call = &confirm->view.call;

    if (!confirm_row(confirm, state, &row)) {
        return false;
    }

    mc_call_actor(call, &actor);

    err = mc_confirm(state->conn, &actor, &state->guard,
                     state->member.revision, state->newest.id,
                     &call->arena, &row, &confirm->created);

    switch (err) {

    case MC_OK:
        cert_confirmed_is(&confirm->view, &row);
        confirm_status(&confirm->view);
        return true;

    case MC_ECONFLICT:
        return mc_call_refuse(call, MC_P_VERSION_CHANGED);

    case MC_EDENIED:
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);

    default:
        return mc_call_fail(call, err);
    }
}


void
mc_cert_confirm_run(mc_cert_confirm_t *confirm)
{
    cert_t      state;
    mc_call_t  *call;

    call = &confirm->view.call;

    memset(&state, 0, sizeof(state));
    state.conn = mc_call_conn(call);

    if (state.conn == NULL) {
        return;
    }

    if (cert_view(&confirm->view, &state) && confirm_check(confirm)) {
        (void) confirm_write(confirm, &state);
    }

    mc_call_done(call, state.conn);
}
