/*
 * Parts that all use cases share: connection, failures, who asks.
 *
 * Depends on store, auth (through mc_sealed) and domain.  Threads only.
 */

#include "mc_call.h"

#include "mc_new_password.h"
#include "mc_sealed.h"
#include "mc_time.h"


#define TOUCH_TIME  (5 * MC_MINUTE)


void
mc_call_init(mc_call_t *call, const mc_site_t *site)
{
    *call = (mc_call_t) { .site = site };
    mc_arena_init(&call->arena, MC_CALL_ARENA);
}


void
mc_call_free(mc_call_t *call)
{
    mc_arena_free(&call->arena);
}


bool
mc_call_refuse(mc_call_t *call, mc_problem_code_t code)
{
    (void) mc_problem_add(&call->problems, code);

    return false;
}


bool
mc_call_fail(mc_call_t *call, mc_err_t err)
{
    mc_problem_code_t  code;

    code = mc_problem_of(err);

    if (mc_problem_kind(code) == MC_KIND_UNAVAILABLE) {
        call->problems.retry_after = err == MC_EBUSY
                                     || err == MC_ECROWDED ? 1 : 10;
    }

    if (call->hint == NULL) {
        call->hint = mc_store_hint(err);
    }

    return mc_call_refuse(call, code);
}


mc_conn_t *
mc_call_conn(mc_call_t *call)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    conn = NULL;
    err = mc_store_acquire(call->site->store, &conn);

    if (err != MC_OK) {
        (void) mc_call_fail(call, err);
        return NULL;
    }

    return conn;
}


void
mc_call_done(mc_call_t *call, mc_conn_t *conn)
{
    if (conn != NULL) {
        mc_store_changed(conn, &call->effects.changed);
        mc_store_release(call->site->store, conn);
    }
}


void
mc_call_actor(const mc_call_t *call, mc_actor_t *actor)
{
    *actor = (mc_actor_t) {
        .actor = "member",
        .address = call->address,
        .request_id = call->request_id,
        .now = call->now,
    };

    if (call->officer.known) {
        actor->actor = call->officer.actor;
        actor->officer = &call->officer.guard;
    }
}


/* The mini program keeps its session until the absolute end. */
static int64_t
idle_time(const mc_settings_t *settings, mc_client_t client)
{
    return client == MC_CLIENT_MINI ? settings->session_mini
                                    : settings->session_idle;
}


int64_t
mc_call_session_end(const mc_call_t *call, const mc_session_row_t *row)
{
    int64_t  idle;

    idle = row->last_seen + idle_time(call->site->settings, row->client);

    return idle < row->expires ? idle : row->expires;
}


/*
 * What the zone vouched for has ended: the entry goes.  A token that the
 * zone does not know leaves nothing there, else made-up ones would fill it.
 */
static bool
session_gone(mc_call_t *call)
{
    mc_effect_t  *effect;

    if (call->credential.trusted) {
        effect = mc_effect_add(&call->effects, MC_EFFECT_SESSION_DROP);
        memcpy(effect->session.hash, call->credential.hash, 32);
    }

    return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
}


/* Best effort: a session is not lost because nobody could write just now.
 * A short idle time needs more frequent touches than every 5 minutes. */
static void
session_touch(mc_call_t *call, mc_conn_t *conn, mc_session_row_t *row)
{
    int64_t  time;

    time = idle_time(call->site->settings, row->client) / 4;

    if (time > TOUCH_TIME) {
        time = TOUCH_TIME;
    }

    if (call->now - row->last_seen >= time
        && mc_session_touch(conn, row->hash, call->now) == MC_OK)
    {
        row->last_seen = call->now;
    }
}


static void
session_note(mc_call_t *call, const mc_session_row_t *row)
{
    mc_effect_t  *effect;

    effect = mc_effect_add(&call->effects, MC_EFFECT_SESSION_PUT);

    memcpy(effect->session.hash, row->hash, sizeof(row->hash));
    effect->session.member_id = row->member_id;
    effect->session.epoch = row->epoch;
    effect->session.expires = mc_call_session_end(call, row);
}


bool
mc_call_session(mc_call_t *call, mc_conn_t *conn, mc_session_row_t *row)
{
    bool      disabled;
    int64_t   epoch;
    mc_err_t  err;

    if (!call->credential.present) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    err = mc_session_get(conn, call->credential.hash, row, &epoch,
                         &disabled);

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return mc_call_fail(call, err);
    }

    if (err == MC_ENOTFOUND || disabled || epoch != row->epoch
        || call->now >= mc_call_session_end(call, row))
    {
        return session_gone(call);
    }

    session_touch(call, conn, row);
    session_note(call, row);

    call->credential.trusted = true;
    call->credential.member_id = row->member_id;
    call->credential.epoch = row->epoch;
    call->member_id = row->member_id;

    return true;
}


/* A clock that was set back makes nothing fresh for long. */
bool
mc_call_fresh(mc_call_t *call, const mc_session_row_t *row)
{
    int64_t  age;

    age = call->now - row->confirmed;

    if (age < 0) {
        age = -age;
    }

    return age < call->site->settings->session_fresh
           ? true : mc_call_refuse(call, MC_P_REAUTH_NEEDED);
}


bool
mc_call_profile(mc_call_t *call, const mc_member_row_t *row,
    mc_member_t *member)
{
    mc_err_t  err;

    err = mc_sealed_profile_open(call->site, row, &call->arena, member);

    if (err == MC_ECORRUPT) {
        call->hint = "a profile cannot be opened: is membercert_secret the "
                     "one it was sealed with?";
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


bool
mc_call_whose(mc_call_t *call, mc_conn_t *conn, int64_t *member_id)
{
    mc_session_row_t  session;

    if (!call->credential.present) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    if (!call->credential.trusted && !mc_call_session(call, conn, &session))
    {
        return false;
    }

    *member_id = call->credential.member_id;

    return true;
}


bool
mc_call_admit(mc_call_t *call, const mc_member_t *member,
    mc_write_guard_t *guard)
{
    if (member == NULL || member->disabled
        || member->epoch != call->credential.epoch)
    {
        return session_gone(call);
    }

    call->member_id = member->id;

    if (!call->due_ok
        && mc_new_password_due(call->site->settings, member, call->now))
    {
        return mc_call_refuse(call, MC_P_PASSWORD_EXPIRED);
    }

    guard->hash = call->credential.hash;
    guard->epoch = member->epoch;

    return true;
}


bool
mc_call_member(mc_call_t *call, mc_conn_t *conn, mc_member_t *member,
    mc_write_guard_t *guard)
{
    int64_t          id;
    mc_err_t         err;
    mc_member_row_t  row;

    if (call->officer.asks) {
        *guard = (mc_write_guard_t) { .hash = NULL };
        return mc_call_desk_member(call, conn, member);
    }

    if (!mc_call_whose(call, conn, &id)) {
        return false;
    }

    err = mc_member_by_id(conn, id, &call->arena, &row);

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return mc_call_fail(call, err);
    }

    return mc_call_admit(call, err == MC_OK ? &row.member : NULL, guard)
           && mc_call_profile(call, &row, member);
}


bool
mc_call_institute(mc_call_t *call, mc_conn_t *conn,
    const mc_member_t *member, mc_institute_t *out)
{
    mc_err_t  err;
    mc_str_t  code;

    code = member->columns[MC_COLUMN_INSTITUTE];
    *out = (mc_institute_t) { .code = code };

    if (code.len == 0) {
        return true;
    }

    err = mc_institute_get(conn, code, &call->arena, out);

    if (err == MC_ENOTFOUND) {
        *out = (mc_institute_t) { .code = code };
        return true;
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


void
mc_call_contact(mc_call_t *call, const mc_institute_t *institute,
    mc_problem_t *problem)
{
    mc_str_t        zh, en, hotline;
    mc_institute_t  english;

    hotline = call->site->settings->hotline;
    zh = mc_institute_line(institute, hotline, &call->arena);
    en = mc_str_null;

    if (institute->name_en.len > 0) {
        english = *institute;
        english.name = english.name_en;
        en = mc_institute_line(&english, hotline, &call->arena);
    }

    mc_problem_arg(problem, "contact", zh, en);
}
