/*
 * Use cases of an officer's account: log in with a one-time code, who am I,
 * log out; and what membercertctl does to accounts (I11).
 *
 * An officer is bound to one institute or, without one, to all.
 */

#ifndef MC_OFFICER_H
#define MC_OFFICER_H

#include "mc_admin.h"
#include "mc_session.h"

#pragma GCC visibility push(hidden)


/* What the desk's page must know of who sits at it. */
typedef struct {
    mc_str_t        name;
    mc_institute_t  institute;      /* code empty: all of them */
    int64_t         idle_ends;      /* ms */
    int64_t         ends;
} mc_officer_who_t;

/*
 * POST session of the desk.  Whatever is wrong answers officer_login_failed
 * at the same cost; a code opens one session; wrong codes behind the right
 * password are counted in the officer's row, and five of them lock codes for
 * a while (that write is the one difference in cost).  Success notes
 * TOKENS_BACK and COOKIE_SET and ends the session of the cookie it came with.
 * Hash pool.
 */
typedef struct {
    mc_call_t         call;
    /* in */
    mc_str_t          name;
    mc_str_t          password;     /* wiped by the run */
    mc_str_t          code;
    /* out */
    mc_officer_who_t  who;
} mc_officer_login_t;

void mc_officer_login_run(mc_officer_login_t *login);

/* loop: the account's key for throttling, whether it exists or not. */
void mc_officer_login_key(const mc_officer_login_t *login, uint8_t key[32]);

/* GET session of the desk.  Store pool. */
typedef struct {
    mc_call_t         call;
    /* out */
    mc_officer_who_t  who;
} mc_officer_whoami_t;

void mc_officer_whoami_run(mc_officer_whoami_t *whoami);

/* DELETE session of the desk: fine also when there was none.  Store pool. */
void mc_officer_logout_run(mc_logout_t *logout);

/* Before a photo's body is read.  Store pool. */
void mc_officer_check_run(mc_session_check_t *check);


/* --- accounts: commands (mc_officer_admin.c) ----------------------------- */

/* What is shown once: 32 letters of base32 and the otpauth:// address. */
typedef struct {
    mc_str_t  secret;
    mc_str_t  uri;
} mc_officer_totp_t;

/* "institute" empty: all.  MC_EINVAL a name, password or institute that
 * cannot be; MC_ECONFLICT the name is taken.  Wipe "password". */
mc_err_t mc_admin_officer_add(mc_admin_t *admin, mc_str_t name,
    mc_str_t institute, mc_str_t password, mc_officer_totp_t *out);

mc_err_t mc_admin_officer_list(mc_admin_t *admin, mc_officer_row_t **out,
    size_t *count);

/* All end the officer's sessions; MC_ENOTFOUND.  A password as in _add(). */
mc_err_t mc_admin_officer_disable(mc_admin_t *admin, mc_str_t name);
mc_err_t mc_admin_officer_enable(mc_admin_t *admin, mc_str_t name);
mc_err_t mc_admin_officer_password(mc_admin_t *admin, mc_str_t name,
    mc_str_t password);
mc_err_t mc_admin_officer_totp(mc_admin_t *admin, mc_str_t name,
    mc_officer_totp_t *out);

/* The context (AAD) a secret is sealed with. */
void mc_officer_context(mc_str_t name, char out[64]);


#pragma GCC visibility pop

#endif /* MC_OFFICER_H */
