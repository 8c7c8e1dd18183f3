/*
 * What membercertctl asks of a site: look at members and photos, change
 * status and password, decide photos, draw a certificate, check the store.
 *
 * The caller is whoever may read the secret and write the store folder, so
 * there is no session here; every change leaves an audit row of the actor
 * "admin".  All functions block; a command only, never the event loop.
 *
 * Results: MC_OK; MC_ENOTFOUND no such member or photo; MC_EINVAL a value
 * is refused; MC_ECONFLICT the thing is no longer in that state; else what
 * mc_store.h lists.  Whatever is not MC_OK leaves one English line in
 * admin->error that holds no personal data but what the caller passed in.
 */

#ifndef MC_ADMIN_H
#define MC_ADMIN_H

#include "mc_cert.h"
#include "mc_profile.h"

#pragma GCC visibility push(hidden)


#define MC_ADMIN_ERROR  256

typedef struct {
    const mc_site_t  *site;
    int64_t           now;              /* ms; set by init, may be replaced */

    /* out */
    mc_problems_t     problems;         /* faults of a photo */
    char              error[MC_ADMIN_ERROR];

    mc_arena_t        arena;            /* all strings that come out */
} mc_admin_t;

void mc_admin_init(mc_admin_t *admin, const mc_site_t *site);

/* Also wipes the arena, in which opened personal data stands. */
void mc_admin_free(mc_admin_t *admin);

/* Forgets strings, problems and error, for the next of many calls. */
void mc_admin_again(mc_admin_t *admin);


/* --- members (mc_admin.c) ------------------------------------------------ */

/* Who is meant.  An empty user type is looked for among all of the site:
 * MC_EINVAL when the number stands under more than one. */
typedef struct {
    mc_str_t  user_type;
    mc_str_t  member_no;
} mc_admin_key_t;

/* "MEMBER_NO" or "USER_TYPE-MEMBER_NO" (the type only when the site has
 * it); MC_EINVAL when it cannot be a number.  Strings into the arena. */
mc_err_t mc_admin_key_read(mc_admin_t *admin, mc_str_t text,
    mc_admin_key_t *key);

typedef struct {
    mc_member_t        member;          /* profile opened */
    mc_institute_t     institute;
    size_t             count;           /* values as shown, sensitive ones */
    mc_profile_item_t  items[MC_FIELDS];        /* masked */
    bool               has_password;
    bool               complete;
    bool               has_case;
    mc_case_row_t      newest;
    bool               has_confirmation;
    int64_t            serial;
    int64_t            confirmed_at;
} mc_admin_member_t;

mc_err_t mc_admin_member_show(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_admin_member_t *out);

mc_err_t mc_admin_member_status(mc_admin_t *admin,
    const mc_admin_key_t *key, mc_status_t status);

mc_err_t mc_admin_member_disabled(mc_admin_t *admin,
    const mc_admin_key_t *key, bool disabled);

/* What the site's rules allow (MC_EINVAL with the fault in admin->problems);
 * ends all sessions.  Unless it is the member's "own", only we and the
 * member know it, so that it must be changed at the next log-in.  The caller
 * wipes "password". */
mc_err_t mc_admin_member_password(mc_admin_t *admin,
    const mc_admin_key_t *key, mc_str_t password, bool own);


/* --- photos (mc_admin_photo.c) ------------------------------------------- */

/* state MC_CASE_NONE: all.  The visitor's strings live during the visit. */
mc_err_t mc_admin_photo_list(mc_admin_t *admin, mc_case_state_t state,
    mc_case_visit_pt visit, void *data);

/* The stored JPEG, opened, in the arena. */
mc_err_t mc_admin_photo_show(mc_admin_t *admin, int64_t photo_id,
    mc_str_t *jpeg);

/* Approves or rejects the photo that waits; MC_ECONFLICT when it is not the
 * waiting one any more.  "reason" may be empty; at most 200 code points. */
mc_err_t mc_admin_photo_decide(mc_admin_t *admin, int64_t photo_id,
    bool approve, mc_str_t reason, mc_case_row_t *out);

/* Gives the attempts back. */
mc_err_t mc_admin_photo_reset(mc_admin_t *admin, const mc_admin_key_t *key);

/* A photo the institute puts on record: for the certificate (becomes the
 * current one) or as the reference of comparisons.  MC_EINVAL with every
 * fault in admin->problems. */
mc_err_t mc_admin_photo_import(mc_admin_t *admin, const mc_admin_key_t *key,
    bool reference, mc_str_t jpeg);


/* --- certificates (mc_admin_certificate.c) ------------------------------- */

/*
 * The confirmed certificate, byte for byte what the member gets; else
 * today's data, unsigned, with serial 0 (*confirmed false).  MC_ECONFLICT
 * when the newest one is revoked.  "layout" is a name, empty: the first.
 * "pdf" is initialised by the caller with MC_DOCUMENT_MAX.
 */
mc_err_t mc_admin_certificate(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_str_t layout, mc_buf_t *pdf, bool *confirmed);

/* A look at a layout: invented data that says so, unsigned, a QR code that
 * proves nothing, the seal of "institute" (may be empty).  Opens no
 * store. */
mc_err_t mc_admin_sample(mc_admin_t *admin, mc_str_t layout,
    mc_str_t institute, mc_str_t jpeg, mc_buf_t *pdf);

/* Takes a certificate back, or gives it back; *out is the row then. */
mc_err_t mc_admin_revoke(mc_admin_t *admin, int64_t serial, bool revoke,
    mc_str_t reason, mc_confirmation_row_t *out);

/* All confirmations, oldest first (key NULL), or a member's newest ones,
 * newest first; a visit that is not MC_OK ends it. */
mc_err_t mc_admin_confirmations(mc_admin_t *admin,
    const mc_admin_key_t *key, mc_confirmation_visit_pt visit, void *data);


/* --- the store (mc_admin_site.c) ----------------------------------------- */

mc_err_t mc_admin_check(mc_admin_t *admin, mc_store_report_t *report);

/* Institutes on record that a layout with regional seals has none for: the
 * place stays empty.  "layout" is its name. */
typedef void (*mc_admin_seal_pt)(void *data, mc_str_t layout,
    const mc_institute_t *institute);
mc_err_t mc_admin_seals(mc_admin_t *admin, mc_admin_seal_pt visit,
    void *data);

mc_err_t mc_admin_backup(mc_admin_t *admin, mc_str_t target_dir);
mc_err_t mc_admin_gc(mc_admin_t *admin, int64_t *removed);


/* --- parts shared by mc_admin*.c, mc_import*.c, mc_export.c -------------- */

/* Writes admin->error; answers err. */
mc_err_t mc_admin_fail(mc_admin_t *admin, mc_err_t err, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* A connection, or the store's hint as the error. */
mc_err_t mc_admin_conn(mc_admin_t *admin, mc_conn_t **conn);

/* An error of the store in words (its hint), for "what" was tried. */
mc_err_t mc_admin_store_fail(mc_admin_t *admin, mc_err_t err,
    const char *what);

/* The first of admin->problems in English as the error; MC_EINVAL. */
mc_err_t mc_admin_refused(mc_admin_t *admin);

void mc_admin_actor(const mc_admin_t *admin, mc_actor_t *actor);

/* Row with opened profile. */
mc_err_t mc_admin_find(mc_admin_t *admin, mc_conn_t *conn,
    const mc_admin_key_t *key, mc_member_t *member);


#pragma GCC visibility pop

#endif /* MC_ADMIN_H */
