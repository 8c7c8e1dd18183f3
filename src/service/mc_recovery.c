/*
 * Use case: somebody asks for a code (POST recovery, POST activation).
 *
 * Depends on store, auth (codes, tokens, sealing), domain.  Store pool.
 *
 * The steps are the same whoever is meant: a member is looked for, a code,
 * a token and a sealed message are made, a row is written and audited, the
 * outbox is poked.  Only what is written differs, and what that costs
 * (some 50 us) lies within the time the route keeps every answer back.
 */

#include "mc_recovery.h"

#include "mc_identity.h"
#include "mc_sealed.h"
#include "mc_store_recovery.h"
#include "mc_token.h"


/* What the steps hand on. */
typedef struct {
    mc_conn_t         *conn;
    mc_str_t           name;        /* in the form of mc_identity.h */
    uint8_t            key[32];     /* of the ID number */
    size_t             count;
    mc_member_row_t   *rows;        /* who may be meant */
    int                rank;        /* of "member"; 0: nobody */
    mc_member_t        member;      /* opened */
    const char        *why;         /* no code; NULL: one is sent */
    char               code[MC_CODE_DIGITS + 1];
    mc_outbox_row_t    message;
    mc_recovery_row_t  row;
} start_t;


bool
mc_recovery_on(const mc_settings_t *settings)
{
    return mc_message_channels(settings) != 0;
}


/* By number, as it is written in any way. */
static mc_err_t
find_by_number(mc_recovery_start_t *start, start_t *state)
{
    mc_err_t  err;
    mc_str_t  number;

    err = mc_member_no_read(start->member_no, &start->call.arena, &number);

    if (err == MC_OK) {
        err = mc_member_by_no(state->conn, start->user_type, number,
                              &start->call.arena, state->rows);
    }

    state->count = err == MC_OK;

    return err == MC_EINVAL || err == MC_ENOTFOUND ? MC_OK : err;
}


/* By the ID number, under whichever secret the row was written. */
static mc_err_t
find_by_identity(mc_recovery_start_t *start, start_t *state)
{
    size_t            i;
    uint8_t           keys[MC_SECRETS][32];
    mc_err_t          err;
    const mc_site_t  *site;

    site = start->call.site;

    for (i = 0; i < site->keys.count; i++) {
        err = mc_sealed_lookup(site, i, start->id_number, keys[i]);

        if (err != MC_OK) {
            return err;
        }
    }

    return mc_recovery_members(state->conn, start->user_type,
                               (const uint8_t (*)[32]) keys,
                               site->keys.count, &start->call.arena,
                               state->rows, &state->count);
}


static mc_err_t
find_rows(mc_recovery_start_t *start, start_t *state)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &start->call;

    state->rows = mc_arena_alloc(&call->arena, MC_RECOVERY_FOUND
                                               * sizeof(mc_member_row_t));
    if (state->rows == NULL) {
        return MC_ENOMEM;
    }

    if (mc_settings_user_type(call->site->settings, start->user_type)
        == NULL)
    {
        return MC_OK;
    }

    err = mc_identity_name(start->name, &call->arena, &state->name);

    if (err == MC_OK) {
        err = mc_sealed_lookup(call->site, 0, start->id_number, state->key);
    }

    if (err == MC_EINVAL) {
        return MC_OK;           /* nobody is called that */
    }

    if (err != MC_OK) {
        return err;
    }

    return start->activation ? find_by_identity(start, state)
                             : find_by_number(start, state);
}


/* Is this who was named?  Also checked where the ID number found the row:
 * what is sealed is the truth. */
static mc_err_t
is_meant(mc_recovery_start_t *start, const start_t *state,
    const mc_member_t *member, bool *meant)
{
    uint8_t            key[32];
    mc_err_t           err;
    mc_str_t           name;
    mc_call_t         *call;
    const mc_field_t  *field;

    *meant = false;
    call = &start->call;

    field = mc_field_find(&call->site->settings->fields,
                          mc_str("id_number"));
    if (field == NULL) {
        return MC_OK;
    }

    err = mc_identity_name(member->columns[MC_COLUMN_NAME], &call->arena,
                           &name);

    if (err == MC_OK) {
        err = mc_sealed_lookup(call->site, 0, mc_member_value(member, field),
                               key);
    }

    if (err == MC_OK) {
        *meant = mc_equal_const(key, state->key, sizeof(key))
                 && mc_str_eq(name, state->name);
    }

    return err == MC_EINVAL ? MC_OK : err;
}


/* One person may stand under several numbers: the one that is in force. */
static int
rank_of(const mc_member_t *member)
{
    if (member->disabled) {
        return 1;
    }

    return member->status == MC_STATUS_ACTIVE ? 3 : 2;
}


static mc_err_t
choose(mc_recovery_start_t *start, start_t *state)
{
    bool         meant;
    size_t       i;
    mc_err_t     err;
    mc_call_t   *call;
    mc_member_t  member;

    call = &start->call;

    for (i = 0; i < state->count; i++) {
        err = mc_sealed_profile_open(call->site, &state->rows[i],
                                     &call->arena, &member);

        if (err == MC_ECORRUPT) {
            call->hint = "a profile cannot be opened: is membercert_secret "
                         "the one it was sealed with?";
            continue;
        }

        if (err == MC_OK) {
            err = is_meant(start, state, &member, &meant);
        }

        if (err != MC_OK) {
            return err;
        }

        if (meant && rank_of(&member) > state->rank) {
            state->rank = rank_of(&member);
            state->member = member;
        }
    }

    return MC_OK;
}


/* Somebody to whom a message could be sent, and is not. */
static void
nobody(mc_member_t *member)
{
    *member = (mc_member_t) {
        .user_type = mc_str("nobody"),
        .member_no = mc_str("000000000000"),
        .columns = { [MC_COLUMN_CERTIFICATE_NO] = mc_str("000000000000") },
        .value_count = 2,
        .values = { { mc_str("email"), mc_str("nobody@example.org") },
                    { mc_str("phone"), mc_str("13800000000") } }
    };
}


static mc_err_t
make_message(mc_recovery_start_t *start, start_t *state)
{
    mc_err_t            err;
    mc_call_t          *call;
    mc_member_t         decoy;
    mc_message_args_t   args;
    mc_message_kind_t   kind;

    call = &start->call;
    nobody(&decoy);

    kind = start->activation ? MC_MESSAGE_LOOKUP : MC_MESSAGE_CODE;

    args = (mc_message_args_t) {
        .now = call->now,
        .prefer = start->prefer,
        .code = mc_str_from(state->code),
        .ttl = call->site->settings->recovery_code_ttl
    };

    if (state->rank == 0) {
        state->why = "unknown";

    } else if (state->member.disabled) {
        state->why = "disabled";

    } else {
        err = mc_message_make(call->site, &state->member, kind, &args,
                              &state->message, &call->arena);

        if (err != MC_ENOTFOUND) {
            return err;
        }

        state->why = "no_contact";
    }

    err = mc_message_make(call->site, &decoy, kind, &args, &state->message,
                          &call->arena);

    return err == MC_ENOTFOUND ? MC_OK : err;
}


static mc_err_t
make_code(mc_recovery_start_t *start, start_t *state)
{
    mc_err_t           err;
    const mc_keys_t   *keys;
    mc_recovery_row_t  *row;

    keys = &start->call.site->keys;
    row = &state->row;

    err = mc_code_digits(state->code);

    if (err == MC_OK) {
        err = mc_token_make(start->token);
    }

    if (err == MC_OK) {
        err = mc_token_hash(mc_str_from(start->token), row->id);
    }

    if (err == MC_OK) {
        err = mc_code_mac(keys, 0, row->id, mc_str_from(state->code),
                          row->code_mac);
    }

    row->at = start->call.now;
    row->expires = row->at + start->call.site->settings->recovery_code_ttl;

    return err;
}


static mc_err_t
write_row(mc_recovery_start_t *start, start_t *state)
{
    mc_err_t                 err;
    mc_actor_t               actor;
    const char              *why;
    const mc_settings_t     *settings;
    mc_recovery_start_row_t  row;

    settings = start->call.site->settings;
    mc_call_actor(&start->call, &actor);

    state->row.member_id = state->rank > 0 ? state->member.id : 0;
    state->row.channel = state->why == NULL ? state->message.channel : 0;

    row = (mc_recovery_start_row_t) {
        .row = state->row,
        .message = state->why == NULL ? &state->message : NULL,
        .why = state->why,
        .action = start->activation ? "activation" : "recovery",
        .all = settings->recovery_all,
        .all_time = settings->recovery_all_time
    };

    err = mc_recovery_start(state->conn, &actor, &row, &why);

    if (err == MC_OK && why != NULL && strcmp(why, MC_RECOVERY_SPENT) == 0) {
        start->call.hint = "as many codes were sent as membercert_recovery "
                           "all= allows: members wait for one in vain";
    }

    return err;
}


void
mc_recovery_start_run(mc_recovery_start_t *start)
{
    start_t      state;
    mc_err_t     err;
    mc_call_t   *call;

    call = &start->call;

    memset(&state, 0, sizeof(state));
    state.conn = mc_call_conn(call);

    if (state.conn == NULL) {
        return;
    }

    err = find_rows(start, &state);

    if (err == MC_OK) {
        err = choose(start, &state);
    }

    if (err == MC_OK) {
        err = make_code(start, &state);
    }

    if (err == MC_OK) {
        err = make_message(start, &state);
    }

    if (err == MC_OK) {
        err = write_row(start, &state);
    }

    mc_call_done(call, state.conn);

    if (err == MC_OK) {
        (void) mc_effect_add(&call->effects, MC_EFFECT_WORK);

    } else {
        (void) mc_call_fail(call, err);
        explicit_bzero(start->token, sizeof(start->token));
    }

    explicit_bzero(&state, sizeof(state));
}


/*
 * The same for every way to write a number, whether it exists or not.
 * Keyed: an ID number could be found out from a plain digest.
 */
void
mc_recovery_key(const mc_recovery_start_t *start, uint8_t key[32])
{
    char      number[MC_IDENTITY_NUMBER + 1];
    uint8_t   digest[MC_SHA256_SIZE];
    mc_err_t  err;
    mc_str_t  parts[3], text;

    text = start->activation ? start->id_number : start->member_no;

    parts[0] = start->activation ? mc_str("activation") : mc_str("recovery");
    parts[1] = start->user_type;
    parts[2] = mc_identity_number(text, number) == MC_OK
               ? mc_str_from(number) : text;

    err = mc_sha256_parts(parts, mc_count(parts), digest);

    if (err == MC_OK) {
        err = mc_hmac_sha256(start->call.site->keys.lookup[0], digest,
                             sizeof(digest), key);
    }

    if (err != MC_OK) {
        memset(key, 0, MC_SHA256_SIZE);
    }

    explicit_bzero(number, sizeof(number));
}
