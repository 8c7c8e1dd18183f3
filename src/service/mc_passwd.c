/*
 * Use case: change the own password.
 *
 * Depends on store, auth (passwords, tokens), domain.  Hash pool: it reads,
 * gives the connection back, computes (the old one, the earlier ones where
 * the profile keeps them, the new one), and takes a connection again to
 * write.
 */

#include "mc_passwd.h"

#include "mc_message.h"
#include "mc_new_password.h"


typedef struct {
    mc_member_t        member;          /* opened */
    mc_write_guard_t   guard;
    mc_session_row_t   was;             /* the session that asks */
    mc_session_row_t   session;         /* that takes its place */
    mc_new_password_t  rules;
    char               hash[MC_PASSWORD_HASH];
    mc_outbox_row_t    message;
    bool               tell;
} passwd_t;


static bool
passwd_read(mc_passwd_t *passwd, passwd_t *state)
{
    bool        good;
    mc_err_t    err;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &passwd->login.call;
    call->due_ok = true;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    good = mc_call_session(call, conn, &state->was)
           && mc_call_member(call, conn, &state->member, &state->guard);

    if (good) {
        passwd->login.client = state->was.client;

        err = mc_new_password_read(call->site, conn, &state->member,
                                   &call->arena, &state->rules);

        good = err == MC_OK ? true : mc_call_fail(call, err);
    }

    mc_call_done(call, conn);

    return good;
}


bool
mc_passwd_verify(mc_call_t *call, const mc_member_t *member,
    mc_str_t password)
{
    bool      rehash;
    mc_err_t  err;

    err = mc_legacy_verify(member->password_hash, password, 0, &rehash);

    if (err == MC_EDENIED) {
        return mc_call_refuse(call, MC_P_PASSWORD_WRONG);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    /* who knows it has tried nothing */

    (void) mc_effect_add(&call->effects, MC_EFFECT_TOKENS_BACK);

    return true;
}


static bool
passwd_hash(mc_passwd_t *passwd, passwd_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &passwd->login.call;

    if (mc_str_eq(passwd->old, passwd->login.password)) {
        mc_new_password_reused(&call->problems, mc_str("1"));
        return false;
    }

    err = mc_new_password_hash(call->site, &state->rules,
                               passwd->login.password, &call->problems,
                               state->hash);

    if (err == MC_EINVAL && call->problems.count > 0) {
        return false;
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* A member without a phone or e-mail on file is told by nobody. */
static bool
passwd_message(mc_passwd_t *passwd, passwd_t *state)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_message_args_t  args;

    call = &passwd->login.call;
    args = (mc_message_args_t) { .now = call->now };

    err = mc_message_make(call->site, &state->member, MC_MESSAGE_CHANGED,
                          &args, &state->message, &call->arena);

    state->tell = err == MC_OK;

    return err == MC_OK || err == MC_ENOTFOUND ? true
                                               : mc_call_fail(call, err);
}


/* The session may have ended while we computed. */
static bool
passwd_write(mc_passwd_t *passwd, passwd_t *state)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_conn_t         *conn;
    mc_actor_t         actor;
    mc_password_set_t  set;

    call = &passwd->login.call;

    if (!mc_login_session(&passwd->login, &state->member, &state->session)) {
        return false;
    }

    conn = mc_call_conn(call);

    if (conn == NULL) {
        return false;
    }

    mc_call_actor(call, &actor);

    set = (mc_password_set_t) {
        .member_id = state->member.id,
        .hash = mc_str_from(state->hash),
        .enabled = true,
        .history = mc_new_password_history(call->site->settings),
        .result = "ok",
        .message = state->tell ? &state->message : NULL
    };

    err = mc_password_change(conn, &actor, &state->guard, &set,
                             &state->session);
    mc_call_done(call, conn);

    if (err == MC_EDENIED || err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static void
passwd_note(mc_passwd_t *passwd, const passwd_t *state)
{
    mc_call_t    *call;
    mc_effect_t  *effect;

    call = &passwd->login.call;

    /* what the read noted of the old session holds no longer */

    call->effects.count = 0;

    effect = mc_effect_add(&call->effects, MC_EFFECT_MEMBER_EPOCH);
    effect->session.member_id = state->member.id;
    effect->session.epoch = state->session.epoch;

    effect = mc_effect_add(&call->effects, MC_EFFECT_SESSION_DROP);
    memcpy(effect->session.hash, state->was.hash, sizeof(state->was.hash));

    if (state->tell) {
        (void) mc_effect_add(&call->effects, MC_EFFECT_WORK);
    }

    mc_login_answer(&passwd->login, &state->member, &state->session);
}


static void
wipe(mc_str_t *secret)
{
    if (secret->data != NULL) {
        explicit_bzero((char *) secret->data, secret->len);
    }

    *secret = mc_str_null;
}


void
mc_passwd_run(mc_passwd_t *passwd)
{
    passwd_t  state;

    memset(&state, 0, sizeof(state));

    if (passwd_read(passwd, &state)
        && mc_passwd_verify(&passwd->login.call, &state.member,
                            passwd->old)
        && passwd_hash(passwd, &state)
        && passwd_message(passwd, &state)
        && passwd_write(passwd, &state))
    {
        passwd_note(passwd, &state);

    } else {
        explicit_bzero(passwd->login.token, sizeof(passwd->login.token));
        mc_call_note_refusal(&passwd->login.call, "passwd");
    }

    explicit_bzero(&state, sizeof(state));

    wipe(&passwd->old);
    wipe(&passwd->login.password);
}


void
mc_passwd_key(const mc_call_t *call, uint8_t key[32])
{
    mc_str_t  parts[2];

    parts[0] = mc_str("passwd");
    parts[1] = (mc_str_t) { (const char *) call->credential.hash, 32 };

    if (mc_sha256_parts(parts, mc_count(parts), key) != MC_OK) {
        memset(key, 0, MC_SHA256_SIZE);
    }
}
