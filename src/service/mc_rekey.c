/*
 * Use case: everything under the first secret.
 *
 * Depends on auth (sealing), store, and knows the contexts of all that is
 * sealed through mc_sealed, mc_message and mc_officer.  A command only.
 * Values are opened and sealed without the lock.
 */

#include "mc_rekey.h"

#include <stdio.h>

#include "mc_audit_keys.h"
#include "mc_message.h"
#include "mc_officer.h"
#include "mc_photo.h"
#include "mc_recovery.h"
#include "mc_sealed.h"


#define REKEY_PAGE    32
#define REKEY_ARENA   (32 * 1024 * 1024)
#define REKEY_PASSES  5             /* where others write meanwhile */


const char *
mc_rekey_name(mc_rekey_kind_t kind)
{
    static const char *const  names[] = {
        [MC_REKEY_PROFILES] = "profiles",
        [MC_REKEY_CODES] = "one-time codes",
        [MC_REKEY_MESSAGES] = "messages",
        [MC_REKEY_PHOTOS] = "photos"
    };

    return names[kind];
}


static mc_err_t
row_context(mc_rekey_kind_t kind, const mc_rekey_row_t *row,
    char out[MC_SEALED_CONTEXT])
{
    switch (kind) {

    case MC_REKEY_PROFILES:
        return mc_sealed_context(row->type, row->name, out);

    case MC_REKEY_CODES:
        mc_officer_context(row->name, out);
        return MC_OK;

    case MC_REKEY_MESSAGES:
        mc_message_context(row->name.data, out);
        return MC_OK;

    default:
        mc_photo_context(row->member_id, row->reference, out);
        return MC_OK;
    }
}


/* MC_ECORRUPT: none of the secrets opens it. */
static mc_err_t
row_seal(const mc_site_t *site, mc_rekey_kind_t kind, mc_rekey_row_t *row,
    mc_arena_t *arena)
{
    char      context[MC_SEALED_CONTEXT];
    mc_buf_t  plain, box;
    mc_err_t  err;

    err = row_context(kind, row, context);

    if (err != MC_OK) {
        return err == MC_EINVAL ? MC_ECORRUPT : err;
    }

    mc_buf_init(&plain, MC_SEALED_MAX);
    mc_buf_init(&box, MC_SEALED_MAX);

    err = mc_unseal(&site->keys, context, row->sealed, &plain);

    if (err == MC_OK) {
        err = mc_seal(&site->keys, context, mc_buf_view(&plain), &box);
    }

    if (err == MC_OK) {
        row->fresh = mc_arena_str(arena, mc_buf_view(&box));
        err = row->fresh.data == NULL ? MC_ENOMEM : MC_OK;
    }

    mc_buf_wipe(&plain);
    mc_buf_free(&box);

    return err;
}


/* One walk through the rows of a kind; *raced: others wrote some of them
 * meanwhile, perhaps with an earlier secret. */
typedef struct {
    mc_admin_t       *admin;
    mc_conn_t        *conn;
    mc_rekey_t       *rekey;
    mc_rekey_kind_t   kind;
    int64_t           after;
    bool              raced;
} pass_t;


static mc_err_t
page_run(pass_t *pass, mc_arena_t *arena, mc_rekey_row_t *rows,
    size_t count)
{
    size_t    i;
    int64_t   wanted, changed;
    mc_err_t  err;

    wanted = 0;
    changed = 0;

    for (i = 0; i < count; i++) {
        pass->after = rows[i].id;

        err = row_seal(pass->admin->site, pass->kind, &rows[i], arena);

        if (err == MC_ECORRUPT) {
            pass->rekey->broken[pass->kind]++;

        } else if (err != MC_OK) {
            return err;

        } else {
            wanted++;
        }
    }

    if (wanted == 0) {
        return MC_OK;
    }

    err = mc_rekey_put(pass->conn, pass->kind, rows, count, &changed);

    pass->rekey->sealed[pass->kind] += changed;
    pass->raced = pass->raced || changed < wanted;

    return err;
}


static mc_err_t
pass_run(pass_t *pass)
{
    size_t            count;
    mc_err_t          err;
    mc_rekey_t       *rekey;
    mc_arena_t        arena;
    mc_rekey_row_t    rows[REKEY_PAGE];

    rekey = pass->rekey;
    rekey->broken[pass->kind] = 0;
    mc_arena_init(&arena, REKEY_ARENA);

    do {
        err = mc_rekey_page(pass->conn, pass->kind,
                            pass->admin->site->keys.id[0], pass->after,
                            REKEY_PAGE, &arena, rows, &count);

        if (err == MC_OK) {
            err = page_run(pass, &arena, rows, count);
        }

        mc_arena_free(&arena);

        if (err == MC_OK && rekey->progress != NULL
            && !rekey->progress(rekey->data, pass->kind,
                                rekey->sealed[pass->kind]))
        {
            rekey->stopped = true;
        }

    } while (err == MC_OK && count == REKEY_PAGE && !rekey->stopped);

    return err;
}


static mc_err_t
kind_run(mc_admin_t *admin, mc_conn_t *conn, mc_rekey_t *rekey,
    mc_rekey_kind_t kind)
{
    int       n;
    pass_t    pass;
    mc_err_t  err;

    for (n = 0; n < REKEY_PASSES; n++) {
        pass = (pass_t) { .admin = admin, .conn = conn, .rekey = rekey,
                          .kind = kind };

        err = pass_run(&pass);

        if (err != MC_OK || rekey->stopped || !pass.raced) {
            return err;
        }
    }

    return mc_admin_fail(admin, MC_EBUSY, "%s are written meanwhile with an "
                         "earlier secret: restart nginx, then run it again",
                         mc_rekey_name(kind));
}


/* The audit: its keys first, so that it can be checked whatever happens. */
static mc_err_t
audit_run(mc_admin_t *admin, mc_conn_t *conn, mc_rekey_t *rekey)
{
    mc_err_t    err;
    mc_actor_t  actor;

    err = mc_audit_keys_keep(admin, conn, &rekey->audit_keys);

    if (err == MC_OK) {
        mc_admin_actor(admin, &actor);
        err = mc_audit_reseal(conn, &actor);
    }

    if (err == MC_EDENIED) {
        return mc_admin_fail(admin, err, "the audit goes on under a secret "
                             "that is not named, or was changed: "
                             "membercert_secret NEW OLD");
    }

    return err;
}


/* Nothing changed: nothing to record. */
static mc_err_t
act_record(mc_admin_t *admin, mc_conn_t *conn, const mc_rekey_t *rekey)
{
    int         kind;
    char        result[64];
    int64_t     sealed;
    mc_actor_t  actor;

    sealed = 0;

    for (kind = 0; kind < MC_REKEYS; kind++) {
        sealed += rekey->sealed[kind];
    }

    if (sealed == 0) {
        return MC_OK;
    }

    (void) snprintf(result, sizeof(result), "sealed %lld",
                    (long long) sealed);
    mc_admin_actor(admin, &actor);

    return mc_audit_write(conn, &actor, 0, "rekey", result);
}


mc_err_t
mc_rekey_run(mc_admin_t *admin, mc_rekey_t *rekey)
{
    int         kind;
    size_t      lookups;
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    lookups = 0;
    err = audit_run(admin, conn, rekey);

    for (kind = 0; err == MC_OK && kind < MC_REKEYS && !rekey->stopped;
         kind++)
    {
        err = kind_run(admin, conn, rekey, (mc_rekey_kind_t) kind);
    }

    if (err == MC_OK) {
        err = act_record(admin, conn, rekey);
    }

    if (err == MC_OK) {
        err = mc_rekey_codes(conn, admin->now, &rekey->codes_until);
    }

    mc_store_release(admin->site->store, conn);

    if (err == MC_OK && !rekey->stopped) {
        err = mc_admin_lookup_keys(admin, &lookups);
        rekey->lookups = (int64_t) lookups;
    }

    if (err != MC_OK && admin->error[0] == '\0') {
        return mc_admin_store_fail(admin, err, "sealing anew");
    }

    return err;
}
