/*
 * Small values of the store as a whole, by name (table meta).
 *
 * Values are sealed by the service where they must be.  Results as in
 * mc_store.h.  The thread that has the connection.
 */

#ifndef MC_STORE_META_H
#define MC_STORE_META_H

#include "mc_store.h"

#pragma GCC visibility push(hidden)


typedef struct {
    mc_str_t  key;
    mc_str_t  value;
} mc_meta_t;

/* In key order, those whose key starts with "prefix"; at most "most". */
mc_err_t mc_meta_list(mc_conn_t *conn, mc_str_t prefix, size_t most,
    mc_arena_t *arena, mc_meta_t *out, size_t *count);

/* A transaction of its own.  Where there is a value already, it is kept
 * unless it is "was" (empty: none may be there): MC_ECONFLICT. */
mc_err_t mc_meta_put(mc_conn_t *conn, mc_str_t key, mc_str_t was,
    mc_str_t value);


#pragma GCC visibility pop

#endif /* MC_STORE_META_H */
