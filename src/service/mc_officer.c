/*
 * Use cases: an officer logs in, asks who he is, logs out.
 *
 * Depends on auth (password, token, TOTP, sealing), store, domain.  The
 * log-in runs in the hash pool and holds no connection while it computes.
 * Whatever is wrong, exactly one password and one code are verified.
 */

#include "mc_officer.h"

#include <stdio.h>

#include "mc_password.h"
#include "mc_token.h"
#include "mc_totp.h"


/* What the steps of a log-in hand on. */
typedef struct {
    bool                  found;
    int64_t               step;
    char                  token[MC_TOKEN_LEN + 1];
    mc_str_t              name;         /* in lower case */
    mc_officer_row_t      row;
    mc_officer_session_t  session;
} login_t;


void
mc_officer_context(mc_str_t name, char out[64])
{
    (void) snprintf(out, 64, "officer:%.*s:totp", (int) name.len, name.data);
}


/* "Li.Lei " is li.lei; a name that cannot be one finds nobody. */
static bool
name_read(mc_officer_login_t *login, login_t *state)
{
    char    *text;
    size_t   i;

    state->name = mc_str_null;

    if (login->name.len > MC_OFFICER_NAME) {
        return true;
    }

    text = mc_arena_alloc(&login->call.arena, MC_OFFICER_NAME + 1);

    if (text == NULL) {
        return mc_call_fail(&login->call, MC_ENOMEM);
    }

    for (i = 0; i < login->name.len; i++) {
        text[i] = login->name.data[i];

        if (text[i] >= 'A' && text[i] <= 'Z') {
            text[i] = (char) (text[i] - 'A' + 'a');
        }
    }

    state->name = (mc_str_t) { text, i };

    if (!mc_officer_name_valid(state->name)) {
        state->name = mc_str_null;
    }

    return true;
}


static bool
login_read(mc_officer_login_t *login, login_t *state)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    if (!name_read(login, state)) {
        return false;
    }

    if (state->name.data == NULL) {
        return true;
    }

    conn = mc_call_conn(&login->call);

    if (conn == NULL) {
        return false;
    }

    err = mc_officer_by_name(conn, state->name, &login->call.arena,
                             &state->row);
    mc_call_done(&login->call, conn);

    state->found = err == MC_OK;

    if (state->found) {
        login->call.officer.row = state->row;       /* for the audit */
    }

    return err == MC_OK || err == MC_ENOTFOUND
           ? true : mc_call_fail(&login->call, err);
}


/* A code cannot be checked without its secret: that is the site's fault. */
static bool
secret_open(mc_officer_login_t *login, const login_t *state,
    uint8_t secret[MC_TOTP_SECRET])
{
    char       context[64];
    mc_buf_t   plain;
    mc_err_t   err;

    memset(secret, 0, MC_TOTP_SECRET);

    if (!state->found) {
        return true;
    }

    mc_buf_init(&plain, 256);
    mc_officer_context(state->row.name, context);

    err = mc_unseal(&login->call.site->keys, context, state->row.sealed_totp,
                    &plain);

    if (err == MC_OK && plain.len == MC_TOTP_SECRET) {
        memcpy(secret, plain.data, MC_TOTP_SECRET);

    } else if (err == MC_OK) {
        err = MC_ECORRUPT;
    }

    mc_buf_wipe(&plain);

    if (err == MC_ECORRUPT) {
        login->call.hint = "an officer's secret cannot be opened: is "
                           "membercert_secret the one it was sealed with?";
    }

    return err == MC_OK ? true : mc_call_fail(&login->call, err);
}


/*
 * Whoever gets here has the password, so the officer's row may be written.
 * The answer is that of a wrong password: it shall not tell a right one.
 */
static bool
code_failed(mc_officer_login_t *login, login_t *state)
{
    mc_err_t     err;
    mc_call_t   *call;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    call = &login->call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    mc_call_officer_name(&call->officer);
    mc_call_actor(call, &actor);
    actor.actor = call->officer.actor;

    err = mc_officer_code_failed(conn, &actor, &state->row);
    mc_call_done(call, conn);

    return err == MC_OK ? mc_call_refuse(call, MC_P_OFFICER_LOGIN_FAILED)
                        : mc_call_fail(call, err);
}


static bool
login_verify(mc_officer_login_t *login, login_t *state)
{
    bool      rehash;
    uint8_t   secret[MC_TOTP_SECRET];
    mc_err_t  password, code;
    mc_str_t  phc;

    if (!secret_open(login, state, secret)) {
        return false;
    }

    phc = state->found && !state->row.disabled ? state->row.password_hash
                                               : mc_str_null;

    password = mc_password_verify(phc, login->password, &rehash);
    code = mc_totp_verify(secret, login->code, login->call.now,
                          state->row.totp_step, &state->step);
    explicit_bzero(secret, sizeof(secret));

    if (password == MC_OK && state->row.code_until > login->call.now) {
        mc_call_note(&login->call, "login", "code_locked");
        return mc_call_refuse(&login->call, MC_P_OFFICER_LOGIN_FAILED);
    }

    if (password == MC_OK && code == MC_EDENIED) {
        return code_failed(login, state);
    }

    if (password == MC_EDENIED) {
        mc_call_note(&login->call, "login", "officer_login_failed");
        return mc_call_refuse(&login->call, MC_P_OFFICER_LOGIN_FAILED);
    }

    if (password == MC_OK) {
        password = code;
    }

    return password == MC_OK ? true : mc_call_fail(&login->call, password);
}


static bool
login_session(mc_officer_login_t *login, login_t *state)
{
    mc_err_t               err;
    mc_call_t             *call;
    mc_officer_session_t  *session;

    call = &login->call;
    session = &state->session;

    err = mc_token_make(state->token);

    if (err == MC_OK) {
        err = mc_token_hash(mc_str_from(state->token), session->hash);
    }

    session->officer_id = state->row.id;
    session->epoch = state->row.epoch;
    session->created = call->now;
    session->last_seen = call->now;
    session->expires = call->now + MC_OFFICER_LIFE;

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* Name, institute and times; needs call->officer.row and .session. */
static bool
who_fill(mc_call_t *call, mc_conn_t *conn, mc_officer_who_t *who)
{
    mc_err_t            err;
    mc_call_officer_t  *officer;

    officer = &call->officer;

    *who = (mc_officer_who_t) {
        .name = officer->row.name,
        .idle_ends = mc_call_officer_end(&officer->session),
        .ends = officer->session.expires
    };

    if (officer->row.institute.len == 0) {
        return true;
    }

    err = mc_institute_get(conn, officer->row.institute, &call->arena,
                           &who->institute);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static bool
login_write(mc_officer_login_t *login, login_t *state)
{
    bool         good;
    mc_err_t     err;
    mc_call_t   *call;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    call = &login->call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    call->officer.session = state->session;
    mc_call_officer_name(&call->officer);

    /* the session that would vouch for the act is what it makes */

    mc_call_actor(call, &actor);
    actor.actor = call->officer.actor;

    err = mc_officer_session_put(conn, &actor, &state->session, state->step,
                                 call->credential.present
                                 ? call->credential.hash : NULL);

    if (err == MC_OK) {
        good = who_fill(call, conn, &login->who);

    } else if (err == MC_EDENIED) {
        mc_call_note(call, "login", "officer_login_failed");
        good = mc_call_refuse(call, MC_P_OFFICER_LOGIN_FAILED);

    } else {
        good = mc_call_fail(call, err);
    }

    mc_call_done(call, conn);

    return good;
}


void
mc_officer_login_run(mc_officer_login_t *login)
{
    login_t       state;
    mc_effect_t  *effect;

    memset(&state, 0, sizeof(state));

    if (login_read(login, &state)
        && login_verify(login, &state)
        && login_session(login, &state)
        && login_write(login, &state))
    {
        (void) mc_effect_add(&login->call.effects, MC_EFFECT_TOKENS_BACK);

        effect = mc_effect_add(&login->call.effects, MC_EFFECT_COOKIE_SET);
        memcpy(effect->token, state.token, sizeof(state.token));
    }

    explicit_bzero(&state, sizeof(state));

    if (login->password.data != NULL) {
        explicit_bzero((char *) login->password.data, login->password.len);
    }

    login->password = mc_str_null;
}


void
mc_officer_login_key(const mc_officer_login_t *login, uint8_t key[32])
{
    char      name[MC_OFFICER_NAME];
    size_t    i;
    mc_str_t  parts[2];

    for (i = 0; i < login->name.len && i < sizeof(name); i++) {
        name[i] = login->name.data[i];

        if (name[i] >= 'A' && name[i] <= 'Z') {
            name[i] = (char) (name[i] - 'A' + 'a');
        }
    }

    parts[0] = mc_str("officer");
    parts[1] = (mc_str_t) { name, i };

    if (mc_sha256_parts(parts, mc_count(parts), key) != MC_OK) {
        memset(key, 0, MC_SHA256_SIZE);
    }
}


void
mc_officer_whoami_run(mc_officer_whoami_t *whoami)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&whoami->call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_officer(&whoami->call, conn)) {
        (void) who_fill(&whoami->call, conn, &whoami->who);
    }

    mc_call_done(&whoami->call, conn);
}


/* The actor's name where the session is still there; who comes without one
 * gets the cookie taken away all the same. */
void
mc_officer_logout_run(mc_logout_t *logout)
{
    mc_err_t             err;
    mc_call_t           *call;
    mc_conn_t           *conn;
    mc_actor_t           actor;
    mc_call_officer_t   *officer;

    call = &logout->call;
    officer = &call->officer;

    if (call->credential.present) {
        conn = mc_call_conn(call);

        if (conn == NULL) {
            return;
        }

        err = mc_officer_session_get(conn, call->credential.hash,
                                     &call->arena, &officer->session,
                                     &officer->row);

        if (err == MC_OK) {
            mc_call_officer_name(officer);
            mc_call_actor(call, &actor);
            actor.actor = officer->actor;

            err = mc_officer_session_drop(conn, &actor,
                                          call->credential.hash);
        }

        mc_call_done(call, conn);

        if (err != MC_OK && err != MC_ENOTFOUND) {
            (void) mc_call_fail(call, err);
            return;
        }
    }

    (void) mc_effect_add(&call->effects, MC_EFFECT_COOKIE_CLEAR);
}


void
mc_officer_check_run(mc_session_check_t *check)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&check->call);

    if (conn != NULL) {
        (void) mc_call_officer(&check->call, conn);
        mc_call_done(&check->call, conn);
    }
}
