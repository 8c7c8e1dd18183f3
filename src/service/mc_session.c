/*
 * Use cases: log in, who am I, log out.
 *
 * Depends on auth (password, token, device), store, domain.  The log-in runs
 * in the hash pool: it reads, gives the connection back, computes, and takes
 * a connection again to write, so that no connection waits for Argon2.
 * Whatever is wrong with a log-in, exactly one verification is computed
 * (S12, I05), and where the store holds bcrypt of an older system, one of
 * its highest cost beside it.
 */

#include "mc_session.h"

#include "mc_agent.h"
#include "mc_device.h"
#include "mc_new_password.h"
#include "mc_time.h"
#include "mc_token.h"


#define MEMBER_NO_KEPT  32


/* What the steps of a log-in hand on. */
typedef struct {
    bool                  found;
    bool                  rehash;
    uint32_t              bcrypt;   /* highest cost on record; 0: none */
    char                  phc[MC_PASSWORD_HASH];    /* new; "" to keep */
    mc_member_row_t       row;
    mc_session_row_t      session;
    mc_sessions_ended_t  *ended;    /* by this log-in */
} login_t;


/* 33********34: two letters at each end, one of a short number. */
static mc_str_t
mask_number(mc_str_t number, mc_arena_t *arena)
{
    char    masked[MEMBER_NO_KEPT];
    size_t  i, ends, len;

    len = number.len < sizeof(masked) ? number.len : sizeof(masked);
    ends = len >= 6 ? 2 : 1;

    for (i = 0; i < len; i++) {
        masked[i] = i < ends || (len >= 6 && i + ends >= len)
                    ? number.data[i] : '*';
    }

    return mc_arena_str(arena, (mc_str_t) { masked, len });
}


/* A number or type that cannot exist is not looked for; it costs the same
 * hash as one that does not exist. */
static bool
login_read(mc_login_t *login, login_t *state)
{
    bool        possible;
    mc_err_t    err;
    mc_str_t    number;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &login->call;

    err = mc_member_no_read(login->member_no, &call->arena, &number);

    if (err == MC_ENOMEM) {
        return mc_call_fail(call, err);
    }

    possible = err == MC_OK
               && mc_settings_user_type(call->site->settings,
                                        login->user_type) != NULL;

    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    err = mc_password_bcrypt(conn, &state->bcrypt);

    if (err == MC_OK) {
        err = possible
              ? mc_member_by_no(conn, login->user_type, number, &call->arena,
                                &state->row)
              : MC_ENOTFOUND;
    }

    mc_call_done(call, conn);

    state->found = err == MC_OK;

    return err == MC_OK || err == MC_ENOTFOUND ? true
                                               : mc_call_fail(call, err);
}


static bool
login_verify(mc_login_t *login, login_t *state)
{
    mc_err_t  err;
    mc_str_t  phc;

    phc = mc_str_null;

    if (state->found) {
        login->call.member_id = state->row.member.id;

        if (!state->row.member.disabled) {
            phc = state->row.member.password_hash;
        }
    }

    err = mc_legacy_verify(phc, login->password, state->bcrypt,
                           &state->rehash);

    if (err == MC_EDENIED) {
        return mc_call_refuse(&login->call, MC_P_LOGIN_FAILED);
    }

    if (err == MC_OK && state->rehash) {
        /* the old hash is still right, so a failure here costs nothing */
        (void) mc_password_hash(login->password, state->phc);
    }

    return err == MC_OK ? true : mc_call_fail(&login->call, err);
}


/* A name for the session that tells nothing else, and that a number of
 * JavaScript can hold. */
static mc_err_t
public_id(int64_t *id)
{
    mc_err_t  err;
    uint64_t  bits;

    err = mc_random(&bits, sizeof(bits));
    *id = (int64_t) (bits & ((UINT64_C(1) << 53) - 2)) + 1;

    return err;
}


bool
mc_login_session(mc_login_t *login, const mc_member_t *member,
    mc_session_row_t *session)
{
    char                  label[MC_AGENT_LABEL];
    size_t                len;
    int64_t               life;
    mc_err_t              err;
    mc_call_t            *call;
    const mc_settings_t  *settings;

    call = &login->call;
    settings = call->site->settings;

    err = mc_token_make(login->token);

    if (err == MC_OK) {
        err = mc_token_hash(mc_str_from(login->token), session->hash);
    }

    if (err == MC_OK) {
        err = public_id(&session->public_id);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    len = mc_agent_label(login->agent, login->client == MC_CLIENT_MINI,
                         label);
    session->label = mc_arena_str(&call->arena, (mc_str_t) { label, len });
    session->address = call->address;

    life = login->client == MC_CLIENT_MINI ? settings->session_mini
                                           : settings->session_absolute;

    session->member_id = member->id;
    session->epoch = member->epoch;
    session->client = login->client;
    session->created = call->now;
    session->last_seen = call->now;
    session->confirmed = call->now;
    session->expires = call->now + life;

    return call->arena.failed ? mc_call_fail(call, MC_ENOMEM) : true;
}


static bool
login_write(mc_login_t *login, login_t *state)
{
    mc_err_t        err;
    mc_call_t      *call;
    mc_conn_t      *conn;
    mc_actor_t      actor;
    const uint8_t  *was;

    call = &login->call;
    state->ended = mc_arena_alloc(&call->arena, sizeof(*state->ended));

    if (state->ended == NULL) {
        return mc_call_fail(call, MC_ENOMEM);
    }

    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    mc_call_actor(call, &actor);
    was = call->credential.present ? call->credential.hash : NULL;

    err = mc_session_put(conn, &actor, &state->session,
                         call->site->settings->session_max,
                         state->row.member.password_hash,
                         mc_str_from(state->phc), was, state->ended);
    mc_call_done(call, conn);

    if (err == MC_EDENIED || err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_LOGIN_FAILED);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


void
mc_login_answer(mc_login_t *login, const mc_member_t *member,
    const mc_session_row_t *session)
{
    mc_call_t    *call;
    mc_effect_t  *effect;

    call = &login->call;

    login->name = member->columns[MC_COLUMN_NAME];
    login->member_no_masked = mask_number(member->member_no, &call->arena);
    login->ends = session->expires;
    login->idle_ends = mc_call_session_end(call, session);

    (void) mc_effect_add(&call->effects, MC_EFFECT_TOKENS_BACK);

    effect = mc_effect_add(&call->effects, MC_EFFECT_SESSION_PUT);
    memcpy(effect->session.hash, session->hash, 32);
    effect->session.member_id = member->id;
    effect->session.epoch = session->epoch;
    effect->session.expires = login->idle_ends;

    if (login->client == MC_CLIENT_WEB) {
        effect = mc_effect_add(&call->effects, MC_EFFECT_COOKIE_SET);
        memcpy(effect->token, login->token, sizeof(effect->token));
    }
}


/* Who is in from here was in from here: a device keeps its id. */
static void
login_device(mc_login_t *login)
{
    uint8_t       key[MC_DEVICE_ACCOUNT];
    mc_effect_t  *effect;

    mc_login_key(login, key);

    if (mc_device_make(&login->call.site->keys, key, login->call.now,
                       login->device_known ? login->device_id : NULL,
                       login->device)
        != MC_OK)
    {
        return;
    }

    if (login->client == MC_CLIENT_WEB) {
        effect = mc_effect_add(&login->call.effects, MC_EFFECT_DEVICE_SET);
        memcpy(effect->device, login->device, MC_DEVICE_LEN + 1);
    }
}


static void
login_ended(mc_login_t *login, const login_t *state)
{
    mc_effect_t  *effect;

    if (state->ended->count > 0) {
        effect = mc_effect_add(&login->call.effects,
                               MC_EFFECT_SESSIONS_DROP);
        effect->hashes = state->ended->hashes;
        effect->hash_count = state->ended->count;
    }
}


void
mc_login_run(mc_login_t *login)
{
    login_t  state;

    memset(&state, 0, sizeof(state));

    if (!login_read(login, &state)
        || !login_verify(login, &state)
        || !mc_login_session(login, &state.row.member, &state.session)
        || !login_write(login, &state))
    {
        explicit_bzero(login->token, sizeof(login->token));
        mc_call_note_refusal(&login->call, "login");

    } else {
        login->password_expired = mc_new_password_due(
            login->call.site->settings, &state.row.member, login->call.now);
        login_ended(login, &state);
        mc_login_answer(login, &state.row.member, &state.session);
        login_device(login);
    }

    if (login->password.data != NULL) {
        explicit_bzero((char *) login->password.data, login->password.len);
    }

    login->password = mc_str_null;
}


void
mc_whoami_run(mc_whoami_t *whoami)
{
    mc_call_t         *call;
    mc_conn_t         *conn;
    mc_member_t        member;
    mc_write_guard_t   guard;
    mc_session_row_t   session;

    call = &whoami->call;
    call->due_ok = true;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_session(call, conn, &session)
        && mc_call_member(call, conn, &member, &guard))
    {
        whoami->name = member.columns[MC_COLUMN_NAME];
        whoami->member_no_masked = mask_number(member.member_no,
                                               &call->arena);
        whoami->user_type = member.user_type;
        whoami->client = session.client;
        whoami->ends = session.expires;
        whoami->idle_ends = mc_call_session_end(call, &session);
        whoami->password_expired = mc_new_password_due(call->site->settings,
                                                       &member, call->now);
    }

    mc_call_done(call, conn);
}


void
mc_logout_run(mc_logout_t *logout)
{
    mc_err_t      err;
    mc_call_t    *call;
    mc_conn_t    *conn;
    mc_actor_t    actor;
    mc_effect_t  *effect;

    call = &logout->call;

    if (call->credential.present) {
        conn = mc_call_conn(call);

        if (conn == NULL) {
            return;
        }

        mc_call_actor(call, &actor);
        err = mc_session_drop(conn, &actor, call->credential.hash);
        mc_call_done(call, conn);

        if (err != MC_OK && err != MC_ENOTFOUND) {
            (void) mc_call_fail(call, err);
            return;
        }

        /* made-up tokens leave nothing in the zone (see session_gone()) */

        if (err == MC_OK || call->credential.trusted) {
            effect = mc_effect_add(&call->effects, MC_EFFECT_SESSION_DROP);
            memcpy(effect->session.hash, call->credential.hash, 32);
        }
    }

    (void) mc_effect_add(&call->effects, MC_EFFECT_COOKIE_CLEAR);
}


void
mc_session_check_run(mc_session_check_t *check)
{
    mc_conn_t         *conn;
    mc_session_row_t   session;

    conn = mc_call_conn(&check->call);

    if (conn != NULL) {
        (void) mc_call_session(&check->call, conn, &session);
        mc_call_done(&check->call, conn);
    }
}


bool
mc_session_key(mc_str_t token, uint8_t hash[32])
{
    return mc_token_hash(token, hash) == MC_OK;
}


mc_str_t
mc_session_cookie(mc_str_t header, const char *name, mc_err_t *err)
{
    return mc_token_cookie(header, name, err);
}


mc_str_t
mc_session_bearer(mc_str_t header)
{
    return mc_token_bearer(header);
}


/*
 * The same for every way to write one number: what is neither letter, digit
 * nor dash is left out, letters lose their case.  Numbers that cannot log
 * in may meet here, which harms nobody.
 */
void
mc_login_key(const mc_login_t *login, uint8_t key[32])
{
    char      c, number[MEMBER_NO_KEPT];
    size_t    i, n;
    mc_str_t  parts[3];

    n = 0;

    for (i = 0; i < login->member_no.len && n < sizeof(number); i++) {
        c = login->member_no.data[i];

        if (c >= 'A' && c <= 'Z') {
            c = (char) (c - 'A' + 'a');
        }

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-') {
            number[n++] = c;
        }
    }

    parts[0] = mc_str("login");
    parts[1] = login->user_type;
    parts[2] = (mc_str_t) { number, n };

    if (mc_sha256_parts(parts, mc_count(parts), key) != MC_OK) {
        memset(key, 0, MC_SHA256_SIZE);
    }
}


void
mc_login_device(mc_login_t *login, const uint8_t key[32], mc_str_t token)
{
    login->device_known = mc_device_check(&login->call.site->keys, key,
                                          token, login->call.now,
                                          login->device_id);
}
