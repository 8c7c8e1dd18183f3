/*
 * Use case: a code becomes a new password (POST recovery/confirm).
 *
 * Depends on store, auth (codes, tokens, passwords), domain.  Hash pool.
 *
 * A wrong code is counted before anything else is looked at.  Behind a right
 * one the password is judged (its faults leave the code good), hashed, and
 * set in the transaction that uses the code up.  No connection waits for
 * Argon2.
 */

#include "mc_recovery.h"

#include "mc_new_password.h"
#include "mc_sealed.h"
#include "mc_store_recovery.h"
#include "mc_token.h"


typedef struct {
    size_t               count;
    mc_recovery_key_t    keys[MC_SECRETS];
    mc_recovery_row_t    row;
    mc_member_t          member;        /* opened */
    mc_new_password_t    rules;
    char                 hash[MC_PASSWORD_HASH];
    int64_t              epoch;
    mc_outbox_row_t      message;
    bool                 tell;
} confirm_t;


/* A code that was sent, under each secret. */
static bool
keys_sent(mc_recovery_confirm_t *confirm, confirm_t *state)
{
    char              code[MC_CODE_DIGITS + 1];
    size_t            i;
    mc_err_t          err;
    const mc_keys_t  *keys;

    keys = &confirm->call.site->keys;
    err = mc_code_digits_read(confirm->code, code);

    for (i = 0; err == MC_OK && i < keys->count; i++) {
        err = mc_token_hash(confirm->recovery, state->keys[i].id);

        if (err == MC_OK) {
            err = mc_code_mac(keys, i, state->keys[i].id, mc_str_from(code),
                              state->keys[i].code_mac);
        }
    }

    state->count = i;
    explicit_bzero(code, sizeof(code));

    return err == MC_OK;
}


static bool
keys_institute(mc_recovery_confirm_t *confirm, confirm_t *state)
{
    char              code[MC_CODE_LETTERS + 1];
    size_t            i;
    mc_err_t          err;
    const mc_keys_t  *keys;

    keys = &confirm->call.site->keys;
    err = mc_code_letters_read(confirm->code, code);

    for (i = 0; err == MC_OK && i < keys->count; i++) {
        err = mc_code_id(keys, i, mc_str_from(code), state->keys[i].id);

        if (err == MC_OK) {
            err = mc_code_mac(keys, i, state->keys[i].id, mc_str_from(code),
                              state->keys[i].code_mac);
        }
    }

    state->count = i;
    explicit_bzero(code, sizeof(code));

    return err == MC_OK;
}


/* Whose an institute's code is must be known to who types it. */
static bool
is_whose(mc_recovery_confirm_t *confirm, const mc_member_t *member)
{
    mc_str_t  number;

    return mc_str_eq(member->user_type, confirm->user_type)
           && mc_member_no_read(confirm->member_no, &confirm->call.arena,
                                &number) == MC_OK
           && mc_str_eq(number, member->member_no);
}


static bool
confirm_try(mc_recovery_confirm_t *confirm, confirm_t *state,
    mc_conn_t *conn)
{
    mc_err_t          err;
    mc_call_t        *call;
    mc_actor_t        actor;
    mc_member_row_t   row;

    call = &confirm->call;
    mc_call_actor(call, &actor);

    err = mc_recovery_try(conn, &actor, state->keys, state->count,
                          call->site->settings->recovery_tries, &state->row);

    if (err == MC_OK) {
        err = mc_member_by_id(conn, state->row.member_id, &call->arena,
                              &row);
    }

    if (err == MC_EDENIED || err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_RECOVERY_REFUSED);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    if (row.member.disabled
        || (state->row.institute && !is_whose(confirm, &row.member)))
    {
        return mc_call_refuse(call, MC_P_RECOVERY_REFUSED);
    }

    call->member_id = row.member.id;

    if (!mc_call_profile(call, &row, &state->member)) {
        return false;
    }

    err = mc_new_password_read(call->site, conn, &state->member,
                               &call->arena, &state->rules);

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* Nothing of the store is looked at for what cannot be a code. */
static bool
confirm_read(mc_recovery_confirm_t *confirm, confirm_t *state)
{
    bool        good;
    mc_conn_t  *conn;

    good = confirm->recovery.data != NULL ? keys_sent(confirm, state)
                                          : keys_institute(confirm, state);
    if (!good) {
        return mc_call_refuse(&confirm->call, MC_P_RECOVERY_REFUSED);
    }

    conn = mc_call_conn(&confirm->call);

    if (conn == NULL) {
        return false;
    }

    good = confirm_try(confirm, state, conn);
    mc_call_done(&confirm->call, conn);

    return good;
}


/* Told by the way the code came; where there is none, nobody is. */
static bool
confirm_message(mc_recovery_confirm_t *confirm, confirm_t *state)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_message_args_t  args;

    call = &confirm->call;

    args = (mc_message_args_t) {
        .now = call->now,
        .prefer = state->row.channel
    };

    err = mc_message_make(call->site, &state->member, MC_MESSAGE_CHANGED,
                          &args, &state->message, &call->arena);

    state->tell = err == MC_OK;

    return err == MC_OK || err == MC_ENOTFOUND ? true
                                               : mc_call_fail(call, err);
}


static bool
confirm_hash(mc_recovery_confirm_t *confirm, confirm_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &confirm->call;

    err = mc_new_password_hash(call->site, &state->rules, confirm->password,
                               &call->problems, state->hash);

    if (err == MC_EINVAL && call->problems.count > 0) {
        return false;
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


/* The code may have been used, and the member disabled, meanwhile. */
static bool
confirm_write(mc_recovery_confirm_t *confirm, confirm_t *state)
{
    mc_err_t            err;
    mc_call_t          *call;
    mc_conn_t          *conn;
    mc_actor_t          actor;
    mc_password_set_t   set;

    call = &confirm->call;
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
        .result = state->row.institute ? "institute" : "recovery",
        .message = state->tell ? &state->message : NULL
    };

    err = mc_recovery_use(conn, &actor, &state->row,
                          call->site->settings->recovery_tries, &set,
                          &state->epoch);
    mc_call_done(call, conn);

    if (err == MC_EDENIED || err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_RECOVERY_REFUSED);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static void
confirm_note(mc_call_t *call, const confirm_t *state)
{
    mc_effect_t  *effect;

    (void) mc_effect_add(&call->effects, MC_EFFECT_TOKENS_BACK);

    effect = mc_effect_add(&call->effects, MC_EFFECT_MEMBER_EPOCH);
    effect->session.member_id = state->member.id;
    effect->session.epoch = state->epoch;

    if (state->tell) {
        (void) mc_effect_add(&call->effects, MC_EFFECT_WORK);
    }
}


void
mc_recovery_confirm_run(mc_recovery_confirm_t *confirm)
{
    confirm_t  state;

    memset(&state, 0, sizeof(state));

    if (confirm_read(confirm, &state)
        && confirm_hash(confirm, &state)
        && confirm_message(confirm, &state)
        && confirm_write(confirm, &state))
    {
        confirm_note(&confirm->call, &state);
    }

    explicit_bzero(&state, sizeof(state));

    if (confirm->password.data != NULL) {
        explicit_bzero((char *) confirm->password.data,
                       confirm->password.len);
    }

    confirm->password = mc_str_null;
}
