/*
 * Use cases: the way back into an account, and the first way in (S03 S11
 * S12 I04 I05 X02-X04).
 *
 * Forgotten, refused, empty and first password are one thing: who names
 * user type, number, name and ID number as they are on file (or, as a new
 * member, all but the number) is sent a code, and only to the phone or
 * e-mail on file.  Whether anybody was meant is told by nothing: the answer,
 * the work behind it and its time are the same (the route keeps it back
 * until a fixed moment).  The other way is a code of the institute's.
 *
 * The code sets a new password; it opens no session.
 */

#ifndef MC_RECOVERY_H
#define MC_RECOVERY_H

#include "mc_admin.h"
#include "mc_code.h"
#include "mc_message.h"

#pragma GCC visibility push(hidden)


#define MC_RECOVERY_INSTITUTE  INT64_C(259200000)   /* ms, 72 h */

/*
 * POST recovery and POST activation.  Answers the same to everybody, but
 * for refusals that do not hang on who is meant.  Store pool.
 */
typedef struct {
    mc_call_t    call;
    /* in */
    bool         activation;        /* there is no member number */
    mc_str_t     user_type;
    mc_str_t     member_no;
    mc_str_t     name;
    mc_str_t     id_number;
    unsigned     prefer;            /* MC_OUTBOX_SMS, _EMAIL; 0: any */
    /* out */
    char         token[44];         /* for confirm; made for everybody */
} mc_recovery_start_t;

void mc_recovery_start_run(mc_recovery_start_t *start);

/* loop: is there a way to send codes?  Else recovery_off. */
bool mc_recovery_on(const mc_settings_t *settings);

/* loop: the account's key for throttling, whether it exists or not. */
void mc_recovery_key(const mc_recovery_start_t *start, uint8_t key[32]);

/*
 * POST recovery/confirm: with the token and the code that was sent, or with
 * user type, number and an institute's code.  recovery_refused whatever is
 * wrong with them; faults of the password as POST password (the code stays
 * good).  Success ends all sessions and tells the member.  Hash pool.
 */
typedef struct {
    mc_call_t    call;
    /* in */
    mc_str_t     recovery;          /* NULL data: an institute's code */
    mc_str_t     user_type;
    mc_str_t     member_no;
    mc_str_t     code;
    mc_str_t     password;          /* wiped by the run */
} mc_recovery_confirm_t;

void mc_recovery_confirm_run(mc_recovery_confirm_t *confirm);

/* POST member/activate of the desk: a code for the member at the counter.
 * Refuses member_disabled.  Store pool. */
typedef struct {
    mc_call_t    call;
    /* out */
    char         code[MC_CODE_SHOWN + 1];
    int64_t      ends;                      /* ms */
} mc_recovery_institute_t;

void mc_recovery_institute_run(mc_recovery_institute_t *institute);

/* loop: once it was sent. */
void mc_recovery_institute_wipe(mc_recovery_institute_t *institute);

/* The same for membercertctl; MC_ECONFLICT: the member is disabled. */
mc_err_t mc_admin_member_activate(mc_admin_t *admin,
    const mc_admin_key_t *key, char code[MC_CODE_SHOWN + 1], int64_t *ends);

/* The look-up keys of all members whose row has none, or an old one (after
 * a migration, a new secret); *written of them.  Batches; a command. */
mc_err_t mc_admin_lookup_keys(mc_admin_t *admin, size_t *written);


#pragma GCC visibility pop

#endif /* MC_RECOVERY_H */
