/*
 * Use cases: log in, who am I, log out (S05 S06 S08 S10 S12 I05 I06).
 */

#ifndef MC_SESSION_H
#define MC_SESSION_H

#include "mc_call.h"

#pragma GCC visibility push(hidden)


/*
 * POST session.  Unknown number, empty password, wrong user type, disabled
 * account and wrong password answer login_failed at the same cost.  Success
 * notes TOKENS_BACK, SESSION_PUT, SESSIONS_DROP of what it ended (the session
 * it came with, the oldest of too many) and, for the web, COOKIE_SET and
 * DEVICE_SET.  Hash pool.
 */
typedef struct {
    mc_call_t    call;
    /* in */
    mc_str_t     user_type;
    mc_str_t     member_no;
    mc_str_t     password;          /* wiped by the run */
    mc_client_t  client;
    mc_str_t     agent;             /* User-Agent; may be empty */
    mc_str_t     shown;             /* token of a device, of a mini program */
    bool         device_known;      /* a good one was shown, with this id */
    uint8_t      device_id[8];
    /* out */
    char         token[44];         /* for the reply when mini */
    char         device[64];        /* the same */
    mc_str_t     name;
    mc_str_t     member_no_masked;
    int64_t      idle_ends;         /* ms */
    int64_t      ends;
    bool         password_expired;  /* to be changed before anything else */
} mc_login_t;

void mc_login_run(mc_login_t *login);

/* Parts shared with mc_passwd.c: a token and the row of its session; what
 * the answer says, and its effects. */
bool mc_login_session(mc_login_t *login, const mc_member_t *member,
    mc_session_row_t *session);
void mc_login_answer(mc_login_t *login, const mc_member_t *member,
    const mc_session_row_t *session);

/* GET session.  Store pool. */
typedef struct {
    mc_call_t    call;
    /* out */
    mc_str_t     name;
    mc_str_t     member_no_masked;
    mc_str_t     user_type;
    mc_client_t  client;
    int64_t      idle_ends;
    int64_t      ends;
    bool         password_expired;
} mc_whoami_t;

void mc_whoami_run(mc_whoami_t *whoami);

/* DELETE session: ends it in store and zone, clears the cookie; fine also
 * when there was none.  Store pool. */
typedef struct {
    mc_call_t    call;
} mc_logout_t;

void mc_logout_run(mc_logout_t *logout);

/* PUT photo with a session the zone does not know: checks it before the
 * body is read.  Store pool. */
typedef struct {
    mc_call_t    call;
} mc_session_check_t;

void mc_session_check_run(mc_session_check_t *check);

/* loop: SHA-256 of a well-formed token; false otherwise. */
bool mc_session_key(mc_str_t token, uint8_t hash[32]);

/* loop: the token in a Cookie line or an Authorization value, as mc_token.h
 * says of mc_token_cookie() and mc_token_bearer(). */
mc_str_t mc_session_cookie(mc_str_t header, const char *name, mc_err_t *err);
mc_str_t mc_session_bearer(mc_str_t header);

/* loop: the account's key for throttling, whether it exists or not. */
void mc_login_key(const mc_login_t *login, uint8_t key[32]);

/* loop: was this token of a device made for the account with this key?  Sets
 * device_known, device_id. */
void mc_login_device(mc_login_t *login, const uint8_t key[32],
    mc_str_t token);


#pragma GCC visibility pop

#endif /* MC_SESSION_H */
