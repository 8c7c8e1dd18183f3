/*
 * Audit keys of earlier secrets, in the store.
 *
 * Depends on auth (sealing), store.  A command only.
 */

#include "mc_audit_keys.h"

#include <stdio.h>

#include "mc_store_meta.h"


#define KEY_PREFIX  "audit-key:"
#define KEY_NAME    32


/* The name of secret "n"'s key: by the id that sealed values carry. */
static void
key_name(const mc_keys_t *keys, size_t n, char out[KEY_NAME])
{
    char  hex[9];

    mc_hex(keys->id[n], sizeof(keys->id[n]), hex);
    (void) snprintf(out, KEY_NAME, KEY_PREFIX "%s", hex);
}


static mc_err_t
keys_list(mc_admin_t *admin, mc_conn_t *conn, mc_meta_t *rows,
    size_t *count)
{
    return mc_meta_list(conn, mc_str(KEY_PREFIX), MC_AUDIT_OLD_KEYS,
                        &admin->arena, rows, count);
}


/* MC_ECORRUPT: sealed with a secret that is not named. */
static mc_err_t
key_open(mc_admin_t *admin, const mc_meta_t *row, uint8_t key[32])
{
    mc_buf_t  plain;
    mc_err_t  err;
    mc_str_t  context;

    context = mc_arena_str(&admin->arena, row->key);

    if (context.data == NULL) {
        return MC_ENOMEM;
    }

    mc_buf_init(&plain, 256);

    err = mc_unseal(&admin->site->keys, context.data, row->value, &plain);

    if (err == MC_OK && plain.len != 32) {
        err = MC_ECORRUPT;
    }

    if (err == MC_OK) {
        memcpy(key, plain.data, 32);
    }

    mc_buf_wipe(&plain);

    return err;
}


mc_err_t
mc_audit_keys_read(mc_admin_t *admin, mc_conn_t *conn, mc_audit_keys_t *out)
{
    size_t      i, n, count;
    uint8_t    *bytes;
    mc_err_t    err;
    mc_meta_t   rows[MC_AUDIT_OLD_KEYS];

    *out = (mc_audit_keys_t) { NULL, 0 };

    err = keys_list(admin, conn, rows, &count);
    if (err != MC_OK || count == 0) {
        return err;
    }

    bytes = mc_arena_alloc(&admin->arena, 32 * count);
    if (bytes == NULL) {
        return MC_ENOMEM;
    }

    n = 0;

    for (i = 0; i < count; i++) {
        err = key_open(admin, &rows[i], bytes + 32 * n);

        if (err == MC_OK) {
            n++;

        } else if (err != MC_ECORRUPT) {
            return err;
        }
    }

    *out = (mc_audit_keys_t) { bytes, n };

    return MC_OK;
}


/* Sealed with today's secret and put in the place of "was". */
static mc_err_t
key_put(mc_admin_t *admin, mc_conn_t *conn, const char *name, mc_str_t was,
    const uint8_t key[32])
{
    mc_buf_t  box;
    mc_err_t  err;

    mc_buf_init(&box, 256);

    err = mc_seal(&admin->site->keys, name,
                  (mc_str_t) { (const char *) key, 32 }, &box);

    if (err == MC_OK) {
        err = mc_meta_put(conn, mc_str_from(name), was, mc_buf_view(&box));
    }

    mc_buf_free(&box);

    return err;
}


/* Those in the store that an earlier secret has sealed. */
static mc_err_t
keys_renew(mc_admin_t *admin, mc_conn_t *conn, int64_t *changed)
{
    size_t      i, count;
    uint8_t     key[32];
    mc_err_t    err;
    mc_meta_t   rows[MC_AUDIT_OLD_KEYS];

    err = keys_list(admin, conn, rows, &count);

    for (i = 0; err == MC_OK && i < count; i++) {

        if (mc_seal_current(&admin->site->keys, rows[i].value)) {
            continue;
        }

        err = key_open(admin, &rows[i], key);

        if (err == MC_OK) {
            /* key_open() has seen that it ends in a NUL, in a copy */
            err = key_put(admin, conn,
                          mc_arena_str(&admin->arena, rows[i].key).data,
                          rows[i].value, key);
            *changed += err == MC_OK;
        }
    }

    explicit_bzero(key, sizeof(key));

    return err == MC_ECONFLICT ? MC_OK : err;
}


mc_err_t
mc_audit_keys_keep(mc_admin_t *admin, mc_conn_t *conn, int64_t *changed)
{
    char              name[KEY_NAME];
    size_t            i;
    mc_err_t          err;
    const mc_keys_t  *keys;

    keys = &admin->site->keys;

    err = keys_renew(admin, conn, changed);

    for (i = 1; err == MC_OK && i < keys->count; i++) {
        key_name(keys, i, name);
        err = key_put(admin, conn, name, mc_str_null, keys->audit[i]);

        if (err == MC_OK) {
            (*changed)++;

        } else if (err == MC_ECONFLICT) {
            err = MC_OK;            /* it is there */
        }
    }

    return err;
}
