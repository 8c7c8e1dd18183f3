/*
 * Private to src/store: parts of the audit that its files share.
 *
 * Depends on base.  The thread that has the connection.
 */

#ifndef MC_STORE_AUDIT_MAC_H
#define MC_STORE_AUDIT_MAC_H

#include "mc_store_audit.h"
#include "mc_store_sqlite.h"

#pragma GCC visibility push(hidden)


/* The MAC of the row behind one with the MAC "before"; row->mac is not read.
 * MC_ETOOBIG: no row of ours is that long. */
mc_err_t mc_audit_mac(const uint8_t key[32], const uint8_t before[32],
    const mc_audit_row_t *row, uint8_t out[32]);

/* Those the store was opened with. */
static inline mc_audit_keys_t
mc_audit_own_keys(const mc_store_t *store)
{
    return (mc_audit_keys_t) { store->audit_keys[0], store->audit_count };
}

/* MC_OK with seq 0 and zeros when nothing was written yet; MC_EDENIED when
 * the seal does not fit or was taken away. */
mc_err_t mc_audit_head_read(mc_conn_t *conn, mc_audit_keys_t keys,
    mc_audit_place_t *out);

/* Seals it with today's key; inside a transaction. */
mc_err_t mc_audit_head_write(mc_conn_t *conn, mc_audit_place_t *place);
mc_err_t mc_audit_anchor_write(mc_conn_t *conn, mc_audit_place_t *place);


#pragma GCC visibility pop

#endif /* MC_STORE_AUDIT_MAC_H */
