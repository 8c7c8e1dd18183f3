/*
 * Use cases: a code an institute hands out, by the desk or by a command;
 * and the look-up keys of members that came before there were any.
 *
 * Depends on store, auth (codes, sealing), domain.  Store pool; the mc_admin
 * functions are a command's.
 *
 * Nobody at the institute ever learns a password: the code is good once, for
 * 72 hours, and the member chooses the password (X03).
 */

#include "mc_recovery.h"

#include "mc_sealed.h"
#include "mc_store_recovery.h"


#define LOOKUP_BATCH  500


static mc_err_t
code_make(const mc_site_t *site, int64_t member_id, int64_t now,
    char code[MC_CODE_SHOWN + 1], mc_recovery_row_t *row)
{
    char      letters[MC_CODE_LETTERS + 1];
    mc_err_t  err;

    *row = (mc_recovery_row_t) {
        .institute = true,
        .member_id = member_id,
        .at = now,
        .expires = now + MC_RECOVERY_INSTITUTE
    };

    err = mc_code_letters(code);

    if (err == MC_OK) {
        err = mc_code_letters_read(mc_str_from(code), letters);
    }

    if (err == MC_OK) {
        err = mc_code_id(&site->keys, 0, mc_str_from(letters), row->id);
    }

    if (err == MC_OK) {
        err = mc_code_mac(&site->keys, 0, row->id, mc_str_from(letters),
                          row->code_mac);
    }

    explicit_bzero(letters, sizeof(letters));

    return err;
}


static mc_err_t
institute_write(mc_recovery_institute_t *institute, mc_conn_t *conn,
    int64_t member_id)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_actor_t         actor;
    mc_recovery_row_t  row;

    call = &institute->call;
    mc_call_actor(call, &actor);

    err = code_make(call->site, member_id, call->now, institute->code, &row);

    if (err == MC_OK) {
        err = mc_recovery_institute(conn, &actor, &row);
    }

    if (err == MC_OK) {
        institute->ends = row.expires;

    } else {
        explicit_bzero(institute->code, sizeof(institute->code));
    }

    return err;
}


void
mc_recovery_institute_run(mc_recovery_institute_t *institute)
{
    mc_err_t     err;
    mc_call_t   *call;
    mc_conn_t   *conn;
    mc_member_t  member;

    call = &institute->call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return;
    }

    if (mc_call_desk_member(call, conn, &member)) {
        err = institute_write(institute, conn, member.id);

        switch (err) {

        case MC_OK:
            break;

        case MC_EDENIED:
            (void) mc_call_refuse(call, MC_P_SESSION_EXPIRED);
            break;

        case MC_ENOTFOUND:
            (void) mc_call_refuse(call, MC_P_NOT_FOUND);
            break;

        case MC_ECONFLICT:
            (void) mc_call_refuse(call, MC_P_MEMBER_DISABLED);
            break;

        default:
            (void) mc_call_fail(call, err);
            break;
        }
    }

    mc_call_done(call, conn);
}


void
mc_recovery_institute_wipe(mc_recovery_institute_t *institute)
{
    explicit_bzero(institute->code, sizeof(institute->code));
}


mc_err_t
mc_admin_member_activate(mc_admin_t *admin, const mc_admin_key_t *key,
    char code[MC_CODE_SHOWN + 1], int64_t *ends)
{
    mc_err_t           err;
    mc_conn_t         *conn;
    mc_actor_t         actor;
    mc_member_t        member;
    mc_recovery_row_t  row;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_admin_find(admin, conn, key, &member);

    if (err == MC_OK) {
        mc_admin_actor(admin, &actor);
        err = code_make(admin->site, member.id, admin->now, code, &row);

        if (err == MC_OK) {
            err = mc_recovery_institute(conn, &actor, &row);
        }

        if (err == MC_ECONFLICT) {
            (void) mc_admin_fail(admin, err, "the member is disabled "
                                 "(member enable)");

        } else if (err != MC_OK) {
            (void) mc_admin_store_fail(admin, err, "writing a code");
        }
    }

    mc_store_release(admin->site->store, conn);

    if (err == MC_OK) {
        *ends = row.expires;

    } else {
        explicit_bzero(code, MC_CODE_SHOWN + 1);
    }

    return err;
}


/* --- look-up keys -------------------------------------------------------- */

typedef struct {
    mc_admin_t   *admin;
    mc_conn_t    *conn;
    size_t        count;
    size_t        written;
    mc_id_key_t   keys[LOOKUP_BATCH];
} lookup_t;


static mc_err_t
lookup_flush(lookup_t *lookup)
{
    mc_err_t  err;

    if (lookup->count == 0) {
        return MC_OK;
    }

    err = mc_recovery_id_keys(lookup->conn, lookup->keys, lookup->count,
                              &lookup->written);
    lookup->count = 0;

    return err;
}


/* A profile that cannot be opened has no key, and is not the fault of the
 * others. */
static mc_err_t
lookup_visit(void *data, const mc_member_row_t *row)
{
    lookup_t     *lookup;
    mc_err_t      err;
    mc_arena_t    arena;
    mc_id_key_t  *key;
    mc_member_t   member;

    lookup = data;
    key = &lookup->keys[lookup->count];
    *key = (mc_id_key_t) { .member_id = row->member.id,
                           .revision = row->member.revision };

    mc_arena_init(&arena, MC_SEALED_MAX * 4);

    err = mc_sealed_profile_open(lookup->admin->site, row, &arena, &member);

    if (err == MC_OK) {
        err = mc_sealed_id_key(lookup->admin->site, &member, &arena);
    }

    if (err == MC_OK) {
        key->none = member.id_key.len != sizeof(key->key);

        if (!key->none) {
            memcpy(key->key, member.id_key.data, sizeof(key->key));
        }

        lookup->count++;
    }

    mc_arena_free(&arena);

    if (err == MC_ECORRUPT) {
        return MC_OK;
    }

    return err == MC_OK && lookup->count == LOOKUP_BATCH
           ? lookup_flush(lookup) : err;
}


mc_err_t
mc_admin_lookup_keys(mc_admin_t *admin, size_t *written)
{
    lookup_t  *lookup;
    mc_err_t   err;

    *written = 0;
    lookup = mc_alloc(sizeof(lookup_t));

    if (lookup == NULL) {
        return mc_admin_fail(admin, MC_ENOMEM, "out of memory");
    }

    lookup->admin = admin;
    err = mc_admin_conn(admin, &lookup->conn);

    if (err != MC_OK) {
        mc_free(lookup);
        return err;
    }

    err = mc_member_scan(lookup->conn, lookup_visit, lookup);

    if (err == MC_OK) {
        err = lookup_flush(lookup);
    }

    *written = lookup->written;
    mc_store_release(admin->site->store, lookup->conn);
    mc_free_wiped(lookup, sizeof(lookup_t));

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(admin, err, "look-up keys");
}
