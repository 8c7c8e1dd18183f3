/*
 * Private to src/store: an officer's columns, for the files that read them.
 *
 * Depends on base.  The thread that has the connection.
 */

#ifndef MC_STORE_OFFICER_ROW_H
#define MC_STORE_OFFICER_ROW_H

#include "mc_store_officer.h"
#include "mc_store_sqlite.h"

#pragma GCC visibility push(hidden)


/* Columns of an officer as "o" (mc_store_officer.c). */
#define MC_OFFICER_COLUMNS                                                   \
    "o.id, o.name, o.institute, o.password_hash, o.totp, o.totp_step, "      \
    "o.disabled, o.epoch, o.at, o.code_failures, o.code_until"

mc_err_t mc_officer_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_officer_row_t *out);


#pragma GCC visibility pop

#endif /* MC_STORE_OFFICER_ROW_H */
