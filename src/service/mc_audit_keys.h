/*
 * Audit keys of secrets that are no longer named: kept in the store, sealed
 * with today's, so that old rows can be checked as long as they are there.
 *
 * Commands only.
 */

#ifndef MC_AUDIT_KEYS_H
#define MC_AUDIT_KEYS_H

#include "mc_admin.h"
#include "mc_store_audit.h"

#pragma GCC visibility push(hidden)


#define MC_AUDIT_OLD_KEYS  64

/* Those that today's secrets open, in admin->arena, which wipes them. */
mc_err_t mc_audit_keys_read(mc_admin_t *admin, mc_conn_t *conn,
    mc_audit_keys_t *out);

/* Keeps those of all named secrets but the first, and seals all anew with
 * the first one; *changed counts. */
mc_err_t mc_audit_keys_keep(mc_admin_t *admin, mc_conn_t *conn,
    int64_t *changed);


#pragma GCC visibility pop

#endif /* MC_AUDIT_KEYS_H */
