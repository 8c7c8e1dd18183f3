/*
 * What the tests of recovery share: a site that sends messages, asking for a
 * code in somebody's name, reading what was sent, using it.
 */

#ifndef TEST_RECOVERY_H
#define TEST_RECOVERY_H

#include "test_service.h"

#include "mc_json.h"
#include "mc_message.h"
#include "mc_recovery.h"
#include "mc_store_recovery.h"

#define NEW_PASSWORD  "tall brown kettle 88"
#define OTHER_ID      "110101198001010010"

/* What somebody writes into the form; NULL: as it is on file. */
typedef struct {
    const char *type;
    const char *no;
    const char *name;
    const char *id_number;
    bool        activation;
    unsigned    prefer;
} asked_t;

typedef struct {
    char token[44];
    char code[16];              /* "" when nothing was sent */
    char kind[16];
    char to[64];
    char member_no[32];
    char certificate_no[32];
} got_t;


static mc_arena_t  arena;


static inline int
setup(void **state)
{
    site_lines[0] = "membercert_outbox exec";
    site_lines[1] = "membercert_recovery code_ttl=10m tries=5";
    mc_arena_init(&arena, 8 * 1024 * 1024);

    return site_setup(state);
}


static inline int
teardown(void **state)
{
    mc_arena_free(&arena);

    return site_teardown(state);
}


static inline mc_conn_t *
conn_get(void)
{
    mc_conn_t  *conn;

    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);

    return conn;
}


static inline void
copy_param(const mc_json_t *params, const char *key, char *out, size_t size)
{
    mc_str_t  value;

    value = mc_json_get_str(params, key);
    (void) snprintf(out, size, "%.*s", (int) value.len,
                    value.data != NULL ? value.data : "");
}


/* The message that waits, which leaves; none leaves "got" as it was. */
static inline void
fetch(got_t *got)
{
    mc_err_t         err;
    mc_json_t       *json;
    mc_conn_t       *conn;
    mc_letter_t      letter;
    mc_actor_t       actor = { .actor = "work", .now = t.now };
    mc_outbox_row_t  row;

    conn = conn_get();
    err = mc_outbox_take(conn, t.now, 60000, MC_OUTBOX_ANY, &arena, &row);

    if (err == MC_OK) {
        assert_int_equal(mc_message_open(t.site, &row, &arena, &letter),
                         MC_OK);
        assert_int_equal(mc_json_read(&arena, letter.json, &json, NULL),
                         MC_OK);
        copy_param(json, "kind", got->kind, sizeof(got->kind));
        copy_param(json, "to", got->to, sizeof(got->to));
        json = (mc_json_t *) mc_json_get(json, "params");
        copy_param(json, "code", got->code, sizeof(got->code));
        copy_param(json, "member_no", got->member_no,
                   sizeof(got->member_no));
        copy_param(json, "certificate_no", got->certificate_no,
                   sizeof(got->certificate_no));
        assert_int_equal(mc_outbox_done(conn, &actor, &row), MC_OK);

    } else {
        assert_int_equal(err, MC_ENOTFOUND);
    }

    mc_store_release(t.site->store, conn);
}


/* News of earlier passwords. */
static inline void
drain(void)
{
    got_t  got;

    do {
        memset(&got, 0, sizeof(got));
        fetch(&got);
    } while (got.kind[0] != '\0');
}


static inline void
start_at(const asked_t *asked, got_t *got, int line)
{
    mc_recovery_start_t  start;

    drain();
    memset(got, 0, sizeof(*got));
    memset(&start, 0, sizeof(start));
    begin(&start.call, NULL);

    start.activation = asked->activation;
    start.user_type = mc_str_from(or(asked->type, "nonpractising"));
    start.member_no = mc_str_from(or(asked->no, ""));
    start.name = mc_str_from(or(asked->name, "王小明"));
    start.id_number = mc_str_from(or(asked->id_number, ID_GOOD));
    start.prefer = asked->prefer;

    mc_recovery_start_run(&start);
    assert_codes_at(&start.call.problems, "", line);

    /* the same for everybody */

    assert_int_equal(strlen(start.token), 43);
    assert_non_null(effect_of(&start.call.effects, MC_EFFECT_WORK));
    assert_int_equal(start.call.effects.count, 1);
    assert_int_equal(start.call.member_id, 0);
    assert_null(start.call.hint);

    memcpy(got->token, start.token, sizeof(got->token));
    mc_call_free(&start.call);
    fetch(got);
}

#define start(asked, got)  start_at(asked, got, __LINE__)


static inline void
confirm_at(const char *recovery, const char *type, const char *no,
    const char *code, const char *password, const char *codes, int line)
{
    mc_recovery_confirm_t  confirm;

    memset(&confirm, 0, sizeof(confirm));
    begin(&confirm.call, NULL);

    confirm.recovery = recovery != NULL ? mc_str_from(recovery)
                                        : mc_str_null;
    confirm.user_type = mc_str_from(or(type, ""));
    confirm.member_no = mc_str_from(or(no, ""));
    confirm.code = mc_str_from(code);
    confirm.password = mc_arena_str(&confirm.call.arena,
                                    mc_str_from(password));

    mc_recovery_confirm_run(&confirm);
    assert_codes_at(&confirm.call.problems, codes, line);
    assert_int_equal(effect_of(&confirm.call.effects, MC_EFFECT_TOKENS_BACK)
                     != NULL, codes[0] == '\0');
    assert_int_equal(effect_of(&confirm.call.effects,
                               MC_EFFECT_MEMBER_EPOCH) != NULL,
                     codes[0] == '\0');
    assert_null(effect_of(&confirm.call.effects, MC_EFFECT_COOKIE_SET));
    mc_call_free(&confirm.call);
}

#define confirm(got, code, password, codes)                                  \
    confirm_at((got)->token, NULL, NULL, code, password, codes, __LINE__)


static inline void
log_in_is(const char *no, const char *password, const char *codes)
{
    mc_login_t  login;

    log_in_as(&login, "nonpractising", no, password, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, codes);
    mc_call_free(&login.call);
}


static inline void
activate(const char *no, char code[MC_CODE_SHOWN + 1], mc_err_t wanted)
{
    int64_t         ends;
    mc_admin_t      admin;
    mc_admin_key_t  key = { mc_str("nonpractising"), mc_str_from(no) };

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_member_activate(&admin, &key, code, &ends),
                     wanted);

    if (wanted == MC_OK) {
        assert_int_equal(ends, t.now + 72 * MC_HOUR);
        assert_int_equal(strlen(code), MC_CODE_SHOWN);

    } else {
        assert_int_equal(code[0], '\0');
        assert_true(admin.error[0] != '\0');
    }

    mc_admin_free(&admin);
}


#endif /* TEST_RECOVERY_H */
