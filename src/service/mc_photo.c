/*
 * Use cases: look at the photo and at where it stands; parts that upload
 * and certificate share.
 *
 * Depends on store, domain and, through mc_sealed, auth.  Store pool; the
 * shared parts also cpu pool.
 */

#include "mc_photo.h"

#include "mc_sealed.h"


bool
mc_photo_newest(mc_call_t *call, mc_conn_t *conn, int64_t member_id,
    mc_case_row_t *newest)
{
    mc_err_t  err;

    err = mc_case_newest(conn, member_id, &call->arena, newest);

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return mc_call_fail(call, err);
    }

    if (err == MC_ENOTFOUND) {
        *newest = (mc_case_row_t) { .state = MC_CASE_NONE };

    } else if (newest->state == MC_CASE_CLOSED) {
        *newest = (mc_case_row_t) { .id = newest->id,
                                    .state = MC_CASE_NONE };
    }

    return true;
}


static const char *
next_step(mc_case_state_t state, bool may_upload, bool current)
{
    switch (state) {

    case MC_CASE_PENDING:
    case MC_CASE_REVIEW:
        return "wait";

    case MC_CASE_MATCHED:
        return "confirm";

    case MC_CASE_MISMATCHED:
        return may_upload ? "upload" : "institute";

    default:
        return current ? "none" : may_upload ? "upload" : "institute";
    }
}


void
mc_photo_status_fill(mc_call_t *call, const mc_member_t *member,
    const mc_institute_t *institute, const mc_case_row_t *newest,
    mc_photo_status_t *status)
{
    mc_text_t             reason;
    const mc_settings_t  *settings;

    settings = call->site->settings;
    reason = mc_case_reason(newest->reason);

    *status = (mc_photo_status_t) {
        .state = newest->state,
        .current = member->photo_id != 0,
        .waiting = newest->state == MC_CASE_PENDING
                   || newest->state == MC_CASE_REVIEW
                   || newest->state == MC_CASE_MATCHED,
        .attempts = member->attempts,
        .most = settings->compare_attempts,
        .reason = reason.zh,
        .reason_en = reason.en,
        .at = newest->at,
        .may_upload = member->attempts < settings->compare_attempts,
        .contact = mc_institute_line(institute, settings->hotline,
                                     &call->arena),
    };

    status->next = next_step(status->state, status->may_upload,
                             status->current);
}


int64_t
mc_photo_choose(const mc_member_t *member, const mc_case_row_t *newest)
{
    return newest->state == MC_CASE_MATCHED ? newest->photo_id
                                            : member->photo_id;
}


bool
mc_photo_read(mc_call_t *call, mc_conn_t *conn, int64_t photo_id,
    mc_str_t *jpeg, uint8_t *plain_sha256, bool *readable)
{
    mc_err_t  err;

    err = mc_sealed_photo_open(call->site, conn, photo_id, call->member_id,
                               &call->arena, jpeg, plain_sha256);

    *readable = err == MC_OK;

    if (err == MC_ENOMEM) {
        return mc_call_fail(call, err);
    }

    if (err != MC_OK && call->hint == NULL) {
        call->hint = err == MC_ENOTFOUND || err == MC_ECORRUPT
                     ? "a photo is lost, damaged or sealed with another "
                       "secret: run membercertctl check"
                     : mc_store_hint(err);
    }

    return true;
}


static bool
photo_get(mc_photo_get_t *get, mc_conn_t *conn)
{
    bool               readable;
    int64_t            photo_id;
    uint8_t            digest[32];
    mc_call_t         *call;
    mc_member_t        member;
    mc_case_row_t      newest;
    mc_write_guard_t   guard;

    call = &get->call;

    if (!mc_call_member(call, conn, &member, &guard)
        || !mc_photo_newest(call, conn, member.id, &newest))
    {
        return false;
    }

    photo_id = mc_photo_choose(&member, &newest);

    if (photo_id == 0) {
        return mc_call_refuse(call, MC_P_PHOTO_NONE);
    }

    if (!mc_photo_read(call, conn, photo_id, &get->jpeg, digest, &readable))
    {
        return false;
    }

    if (!readable) {
        call->problems.retry_after = 10;
        return mc_call_refuse(call, MC_P_PHOTO_UNAVAILABLE);
    }

    mc_hex(digest, sizeof(digest), get->etag);

    return true;
}


void
mc_photo_get_run(mc_photo_get_t *get)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&get->call);

    if (conn != NULL) {
        (void) photo_get(get, conn);
        mc_call_done(&get->call, conn);
    }
}


void
mc_photo_state_run(mc_photo_state_t *state)
{
    mc_call_t         *call;
    mc_conn_t         *conn;
    mc_member_t        member;
    mc_case_row_t      newest;
    mc_institute_t     institute;
    mc_write_guard_t   guard;

    call = &state->call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_member(call, conn, &member, &guard)
        && mc_call_institute(call, conn, &member, &institute)
        && mc_photo_newest(call, conn, member.id, &newest))
    {
        mc_photo_status_fill(call, &member, &institute, &newest,
                             &state->status);
    }

    mc_call_done(call, conn);
}
