/*
 * Use case: an upload that the scanner found faultless.
 *
 * Depends on photo (transcode, content), store, domain and, through
 * mc_sealed, auth.  Cpu pool.  The connection is given back during the
 * transcode.
 */

#include "mc_photo.h"

#include "mc_photo_content.h"
#include "mc_photo_store.h"
#include "mc_problem_pack.h"
#include "mc_sealed.h"
#include "mc_time.h"


#define STORED_MAX  (64 * 1024)     /* bytes of a transcode */
#define PUT_TRIES   3               /* overtaken by the same pixels */


/* What the steps hand on. */
typedef struct {
    mc_conn_t         *conn;
    mc_member_t        member;
    mc_institute_t     institute;
    mc_write_guard_t   guard;
    mc_buf_t           stored;
    int64_t            same;        /* case of the same pixels; 0: none */
    bool               overtaken;   /* there is another by now */
} put_t;


static bool
refuse_attempts(mc_photo_put_t *put, const put_t *state)
{
    mc_str_t       attempts;
    mc_call_t     *call;
    mc_problem_t  *problem;

    call = &put->call;

    attempts = mc_arena_printf(&call->arena, "%u",
                               call->site->settings->compare_attempts);

    problem = mc_problem_add(&call->problems, MC_P_ATTEMPTS_USED);
    mc_problem_arg(problem, "attempts", attempts, mc_str_null);
    mc_call_contact(call, &state->institute, problem);

    return false;
}


/* Both are told at once, so that the page asks for both. */
static bool
put_promises(mc_photo_put_t *put, put_t *state)
{
    mc_err_t    err;
    mc_str_t    version;
    mc_call_t  *call;

    call = &put->call;
    version = call->site->settings->privacy_version;

    if (put->dry_run) {
        return true;
    }

    if (version.len > 0) {
        err = mc_consent_get(state->conn, state->member.id, "privacy",
                             version);

        if (err == MC_ENOTFOUND) {
            (void) mc_call_refuse(call, MC_P_CONSENT_NEEDED);

        } else if (err != MC_OK) {
            return mc_call_fail(call, err);
        }
    }

    if (!put->declared) {
        (void) mc_call_refuse(call, MC_P_DECLARATION_MISSING);
    }

    return call->problems.count == 0;
}


static bool
put_allowed(mc_photo_put_t *put, put_t *state)
{
    mc_call_t  *call;

    call = &put->call;

    if (!mc_call_member(call, state->conn, &state->member, &state->guard)
        || !mc_call_institute(call, state->conn, &state->member,
                              &state->institute))
    {
        return false;
    }

    if (state->member.attempts >= call->site->settings->compare_attempts) {
        return refuse_attempts(put, state);
    }

    return put_promises(put, state);
}


static bool
put_transcode(mc_photo_put_t *put, put_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &put->call;

    err = mc_photo_transcode(put->jpeg, &state->stored, &call->arena,
                             &call->problems);

    if (err != MC_OK) {
        return call->problems.count > 0 ? false : mc_call_fail(call, err);
    }

    put->stored_size = state->stored.len;

    return true;
}


/* Every fault at once; what only warns goes into the reply. */
static bool
put_content(mc_photo_put_t *put, put_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &put->call;

    err = mc_photo_content(mc_buf_view(&state->stored),
                           &call->site->settings->photo_check, &call->arena,
                           &call->problems, &put->warnings);

    if (err != MC_OK && err != MC_EINVAL) {
        return mc_call_fail(call, err);
    }

    return call->problems.count == 0;
}


/*
 * Is this picture's earlier result still the answer?  Not for a photo that
 * was the current one once and has been replaced since, nor for a mismatch
 * whose attempt an administrator gave back.
 */
static bool
is_answered(const mc_case_row_t *earlier, const mc_member_t *member)
{
    switch (earlier->state) {

    case MC_CASE_CONFIRMED:
        return earlier->photo_id == member->photo_id;

    case MC_CASE_MISMATCHED:
        return member->attempts > 0;

    default:
        return true;
    }
}


/*
 * Where a new case starts.  A photo waits for the provider where there is
 * one to be asked and the member has consented to that; else an officer
 * looks at it.
 */
static mc_err_t
first_state(mc_photo_put_t *put, put_t *state, mc_case_row_t *row)
{
    mc_err_t              err;
    const mc_settings_t  *settings;

    settings = put->call.site->settings;
    row->reason = mc_str("");

    err = mc_case_next(MC_CASE_NONE, MC_CASE_UPLOAD, &row->state);

    if (err == MC_OK && mc_compare_provider(settings)->asks) {
        err = mc_consent_get(state->conn, state->member.id, "comparison",
                             settings->compare_consent_version);

        if (err != MC_ENOTFOUND) {
            return err;
        }

        row->reason = mc_str_from(mc_case_why_code(MC_WHY_NO_CONSENT));
        err = MC_OK;
    }

    return err == MC_OK
           ? mc_case_next(row->state, MC_CASE_SAYS_REVIEW, &row->state)
           : err;
}


static bool
refuse_daily(mc_photo_put_t *put, const mc_upload_t *upload)
{
    int64_t        seconds;
    mc_str_t       n;
    mc_call_t     *call;
    mc_problem_t  *problem;

    call = &put->call;
    n = mc_arena_printf(&call->arena, "%u", (unsigned) upload->daily);

    seconds = (upload->until - call->now + MC_SECOND - 1) / MC_SECOND;
    call->problems.retry_after = seconds < 1 ? 1 : (uint32_t) seconds;

    problem = mc_problem_add(&call->problems, MC_P_PHOTO_TOO_MANY);
    mc_problem_arg(problem, "n", n, mc_str_null);

    return false;
}


static bool
put_failed(mc_photo_put_t *put, const put_t *state,
    const mc_upload_t *upload, mc_err_t err)
{
    switch (err) {

    case MC_ECONFLICT:
        return refuse_attempts(put, state);

    case MC_ETOOBIG:
        return upload->until > 0 ? refuse_daily(put, upload)
                                 : mc_call_fail(&put->call, err);

    case MC_EDENIED:
        return mc_call_refuse(&put->call, MC_P_SESSION_EXPIRED);

    default:
        return mc_call_fail(&put->call, err);
    }
}


static bool
put_upload(mc_photo_put_t *put, put_t *state, mc_case_row_t *row)
{
    mc_err_t         err;
    mc_call_t       *call;
    mc_actor_t       actor;
    mc_upload_t      upload;
    mc_photo_row_t   photo;

    call = &put->call;
    upload = (mc_upload_t) {
        .attempts = call->site->settings->compare_attempts,
        .daily = call->site->settings->photo_daily,
        .same = state->same
    };
    photo = (mc_photo_row_t) { .member_id = state->member.id,
                               .at = call->now };

    err = mc_photo_reserve(state->conn, &photo.id);

    if (err == MC_OK) {
        err = mc_sealed_photo(call->site, mc_buf_view(&state->stored),
                              &call->arena, &photo);
    }

    *row = (mc_case_row_t) { .member_id = state->member.id,
                             .photo_id = photo.id, .at = call->now,
                             .declared = put->declared,
                             .warnings = mc_problem_pack(&put->warnings,
                                                         &call->arena) };

    if (err == MC_OK && row->warnings.data == NULL) {
        err = MC_ENOMEM;
    }

    if (err == MC_OK) {
        memcpy(row->plain_sha256, photo.plain_sha256, 32);
        err = first_state(put, state, row);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    mc_call_actor(call, &actor);

    err = mc_photo_upload(state->conn, &actor, &state->guard, &photo,
                          &upload, put->declared, row);

    if (err == MC_OK && row->state == MC_CASE_PENDING) {
        (void) mc_effect_add(&call->effects, MC_EFFECT_WORK);
    }

    state->overtaken = upload.overtaken;

    return err == MC_OK || (!state->overtaken
                            && put_failed(put, state, &upload, err));
}


/* Finds the case of the same pixels whose result still stands; "row" is of
 * state MC_CASE_NONE where there is none. */
static bool
put_same(mc_photo_put_t *put, put_t *state, mc_case_row_t *row)
{
    uint8_t     digest[32];
    mc_err_t    err;
    mc_call_t  *call;

    call = &put->call;

    err = mc_sha256(state->stored.data, state->stored.len, digest);

    if (err == MC_OK) {
        err = mc_case_same(state->conn, state->member.id, digest,
                           &call->arena, row);
    }

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return mc_call_fail(call, err);
    }

    state->same = err == MC_OK ? row->id : 0;

    if (err == MC_ENOTFOUND || !is_answered(row, &state->member)) {
        *row = (mc_case_row_t) { .state = MC_CASE_NONE };
    }

    if (row->state != MC_CASE_MISMATCHED) {
        return true;
    }

    switch (call->site->settings->photo_check.of[MC_RULE_SAME_REJECTED]) {

    case MC_RULE_REJECT:
        return mc_call_refuse(call, MC_P_PHOTO_SAME_REJECTED);

    case MC_RULE_WARN:
        (void) mc_problem_add(&put->warnings, MC_P_PHOTO_SAME_REJECTED);
        return true;

    default:
        return true;
    }
}


static bool
put_store(mc_photo_put_t *put, put_t *state)
{
    int             tries;
    bool            good;
    mc_call_t      *call;
    mc_case_row_t   row;

    call = &put->call;
    tries = 0;

    do {
        state->overtaken = false;
        good = put_same(put, state, &row)
               && (row.state != MC_CASE_NONE
                   || put_upload(put, state, &row));
    } while (state->overtaken && ++tries < PUT_TRIES);

    if (!good) {
        return state->overtaken ? mc_call_fail(call, MC_EBUSY) : false;
    }

    mc_photo_status_fill(call, &state->member, &state->institute, &row,
                         &put->status);

    return true;
}


/* A dry run tells where the photo stands, as a reader would see it. */
static bool
put_dry(mc_photo_put_t *put, put_t *state)
{
    mc_case_row_t  newest, same;

    if (!put_same(put, state, &same)) {
        return false;
    }

    if (!mc_photo_newest(&put->call, state->conn, state->member.id,
                         &newest))
    {
        return false;
    }

    mc_photo_status_fill(&put->call, &state->member, &state->institute,
                         &newest, &put->status);

    return true;
}


void
mc_photo_put_run(mc_photo_put_t *put)
{
    bool        good;
    put_t       state;
    mc_call_t  *call;

    call = &put->call;

    memset(&state, 0, sizeof(state));
    mc_buf_init(&state.stored, STORED_MAX);

    state.conn = mc_call_conn(call);

    if (state.conn == NULL) {
        return;
    }

    good = put_allowed(put, &state);
    mc_call_done(call, state.conn);
    state.conn = NULL;

    if (good && put_transcode(put, &state) && put_content(put, &state)) {
        state.conn = mc_call_conn(call);

        if (state.conn != NULL) {
            (void) (put->dry_run ? put_dry(put, &state)
                                 : put_store(put, &state));
        }
    }

    mc_call_done(call, state.conn);
    mc_buf_wipe(&state.stored);
}
