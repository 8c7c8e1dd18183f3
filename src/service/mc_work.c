/*
 * Use case: clean-up in the background.
 *
 * Depends on store.  Net pool, or a command.  gc is a short transaction per
 * kind of row and needs no lease: two workers that run it at once take
 * turns at the writer lock and the second finds nothing to do.
 */

#include "mc_work.h"

#include "mc_time.h"


void
mc_work_run(mc_work_t *work)
{
    mc_err_t    err;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &work->call;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return;
    }

    err = mc_store_gc(conn, call->now, mc_monotonic() + MC_WORK_TIME,
                      &work->removed);
    mc_call_done(call, conn);

    if (err != MC_OK) {
        (void) mc_call_fail(call, err);
    }
}
