/*
 * Use case: the list of institutes beside the settings.
 *
 * Depends on store.  Store pool.
 */

#include "mc_public.h"


void
mc_public_run(mc_public_t *site)
{
    mc_err_t    err;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &site->call;

    err = mc_store_acquire(call->site->store, &conn);

    if (err == MC_OK) {
        err = mc_institute_list(conn, &call->arena, &site->institutes,
                                &site->count);
        mc_call_done(call, conn);
    }

    site->institutes_known = err == MC_OK;

    if (err != MC_OK) {
        site->count = 0;
        call->hint = mc_store_hint(err);
    }
}
