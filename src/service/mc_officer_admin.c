/*
 * An administrator's use cases: accounts of officers.
 *
 * Depends on auth (password, TOTP, sealing), store.  A command only.
 */

#include "mc_officer.h"

#include "mc_password.h"
#include "mc_totp.h"


/* A new secret: sealed for the store, and once in letters for the officer. */
static mc_err_t
secret_make(mc_admin_t *admin, mc_str_t name, mc_str_t *sealed,
    mc_officer_totp_t *out)
{
    char       context[64], letters[MC_TOTP_BASE32];
    uint8_t    secret[MC_TOTP_SECRET];
    mc_buf_t   box, uri;
    mc_err_t   err;
    mc_str_t   issuer;

    mc_buf_init(&box, 256);
    mc_buf_init(&uri, 4096);
    mc_officer_context(name, context);

    issuer = admin->site->settings->issuer;

    if (issuer.len < 2) {
        issuer = mc_str("membercert");      /* started without one */
    }

    err = mc_totp_make(secret);

    if (err == MC_OK) {
        err = mc_seal(&admin->site->keys, context,
                      (mc_str_t) { (char *) secret, sizeof(secret) }, &box);
    }

    if (err == MC_OK) {
        err = mc_totp_uri(secret, issuer, name, &uri);
    }

    if (err == MC_OK) {
        mc_totp_base32(secret, letters);
        *sealed = mc_arena_str(&admin->arena, mc_buf_view(&box));
        out->secret = mc_arena_str(&admin->arena, mc_str_from(letters));
        out->uri = mc_arena_str(&admin->arena, mc_buf_view(&uri));
        err = admin->arena.failed ? MC_ENOMEM : MC_OK;
    }

    explicit_bzero(secret, sizeof(secret));
    explicit_bzero(letters, sizeof(letters));
    mc_buf_wipe(&box);
    mc_buf_wipe(&uri);

    return err == MC_OK ? MC_OK
                        : mc_admin_fail(admin, err, "making a secret: %s",
                                        mc_err_name(err));
}


/* The site's rules for members hold here as well. */
static mc_err_t
add_check(mc_admin_t *admin, mc_str_t name, mc_str_t password)
{
    mc_policy_context_t  context;

    if (!mc_officer_name_valid(name)) {
        return mc_admin_fail(admin, MC_EINVAL, "a name is 1 to %d of "
                             "a-z 0-9 . _ -", MC_OFFICER_NAME);
    }

    memset(&context, 0, sizeof(context));
    mc_policy_context_add(&context, name);
    mc_policy_context_add(&context, admin->site->settings->issuer);
    mc_policy_context_add(&context, admin->site->settings->issuer_en);

    memset(&admin->problems, 0, sizeof(admin->problems));

    return mc_policy_check(admin->site->policy, password, &context,
                           &admin->problems)
           ? MC_OK : mc_admin_refused(admin);
}


static mc_err_t
add_write(mc_admin_t *admin, const mc_officer_row_t *row)
{
    mc_err_t     err;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    mc_admin_actor(admin, &actor);
    err = mc_officer_add(conn, &actor, row);
    mc_store_release(admin->site->store, conn);

    switch (err) {

    case MC_OK:
        return MC_OK;

    case MC_ECONFLICT:
        return mc_admin_fail(admin, err, "there is an officer of this name");

    case MC_EINVAL:
        return mc_admin_fail(admin, err, "there is no such institute");

    default:
        return mc_admin_store_fail(admin, err, "adding an officer");
    }
}


mc_err_t
mc_admin_officer_add(mc_admin_t *admin, mc_str_t name, mc_str_t institute,
    mc_str_t password, mc_officer_totp_t *out)
{
    char              phc[MC_PASSWORD_HASH];
    mc_err_t          err;
    mc_officer_row_t  row;

    err = add_check(admin, name, password);

    if (err != MC_OK) {
        return err;
    }

    row = (mc_officer_row_t) { .name = name, .institute = institute,
                               .at = admin->now };

    err = secret_make(admin, name, &row.sealed_totp, out);

    if (err != MC_OK) {
        return err;
    }

    err = mc_password_hash(password, phc);

    if (err != MC_OK) {
        return mc_admin_fail(admin, err, "hashing the password: %s",
                             mc_err_name(err));
    }

    row.password_hash = mc_str_from(phc);

    return add_write(admin, &row);
}


mc_err_t
mc_admin_officer_list(mc_admin_t *admin, mc_officer_row_t **out,
    size_t *count)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_officer_list(conn, &admin->arena, out, count);
    mc_store_release(admin->site->store, conn);

    return err == MC_OK
           ? MC_OK : mc_admin_store_fail(admin, err, "listing officers");
}


/* The end of both changes. */
static mc_err_t
changed(mc_admin_t *admin, mc_err_t err)
{
    switch (err) {

    case MC_OK:
        return MC_OK;

    case MC_ENOTFOUND:
        return mc_admin_fail(admin, err, "there is no such officer");

    default:
        return mc_admin_store_fail(admin, err, "changing an officer");
    }
}


/* What is done to one account, "phc" where it is its password. */
typedef mc_err_t (*account_pt)(mc_conn_t *conn, const mc_actor_t *actor,
    mc_str_t name, mc_str_t phc);


static mc_err_t
account_disable(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name,
    mc_str_t phc)
{
    return mc_officer_disable(conn, actor, name);
}


static mc_err_t
account_enable(mc_conn_t *conn, const mc_actor_t *actor, mc_str_t name,
    mc_str_t phc)
{
    return mc_officer_enable(conn, actor, name);
}


static mc_err_t
account_change(mc_admin_t *admin, mc_str_t name, account_pt apply,
    mc_str_t phc)
{
    mc_err_t     err;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    mc_admin_actor(admin, &actor);
    err = apply(conn, &actor, name, phc);
    mc_store_release(admin->site->store, conn);

    return changed(admin, err);
}


mc_err_t
mc_admin_officer_disable(mc_admin_t *admin, mc_str_t name)
{
    return account_change(admin, name, account_disable, mc_str_null);
}


mc_err_t
mc_admin_officer_enable(mc_admin_t *admin, mc_str_t name)
{
    return account_change(admin, name, account_enable, mc_str_null);
}


mc_err_t
mc_admin_officer_password(mc_admin_t *admin, mc_str_t name,
    mc_str_t password)
{
    char      phc[MC_PASSWORD_HASH];
    mc_err_t  err;

    err = add_check(admin, name, password);

    if (err != MC_OK) {
        return err;
    }

    err = mc_password_hash(password, phc);

    if (err != MC_OK) {
        return mc_admin_fail(admin, err, "hashing the password: %s",
                             mc_err_name(err));
    }

    return account_change(admin, name, mc_officer_password,
                          mc_str_from(phc));
}


mc_err_t
mc_admin_officer_totp(mc_admin_t *admin, mc_str_t name,
    mc_officer_totp_t *out)
{
    mc_err_t     err;
    mc_str_t     sealed;
    mc_conn_t   *conn;
    mc_actor_t   actor;

    if (!mc_officer_name_valid(name)) {
        return changed(admin, MC_ENOTFOUND);
    }

    err = secret_make(admin, name, &sealed, out);

    if (err == MC_OK) {
        err = mc_admin_conn(admin, &conn);
    }

    if (err != MC_OK) {
        return err;
    }

    mc_admin_actor(admin, &actor);
    err = mc_officer_totp(conn, &actor, name, sealed);
    mc_store_release(admin->site->store, conn);

    return changed(admin, err);
}
