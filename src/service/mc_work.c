/*
 * Use case: background work.
 *
 * Depends on store and, through mc_work_outbox and mc_work_compare, on who
 * delivers and who is asked.  Net pool, or a command.  gc is a short
 * transaction per kind of row and needs no lease: two workers that run it at
 * once take turns at the writer lock and the second finds nothing to do.
 */

#include "mc_work.h"

#include "mc_time.h"


/* Cases that wait too long: somebody should look at the provider. */
static mc_err_t
work_late(mc_work_t *work, mc_conn_t *conn)
{
    mc_err_t  err;

    err = mc_case_late(conn, work->call.now - MC_WORK_LATE, &work->late);

    if (err == MC_OK && work->late > 0) {
        work->alert = "comparisons have waited for more than an hour: does "
                      "the service of membercert_compare answer?";
    }

    return err;
}


void
mc_work_run(mc_work_t *work)
{
    int64_t     until;
    mc_err_t    err;
    mc_call_t  *call;
    mc_conn_t  *conn;

    call = &work->call;
    work->began = mc_monotonic();
    until = work->began + MC_WORK_TIME;
    conn = mc_call_conn(call);

    if (conn == NULL) {
        return;
    }

    err = MC_OK;

    /* without an outbox: what one left behind dies at its time */

    if (work->outbox || work->clean) {
        err = mc_work_outbox(work, conn, work->began + MC_WORK_SEND);
    }

    if (err == MC_OK && work->compare) {
        err = mc_work_compare(work, conn, until);

        if (err == MC_OK) {
            err = work_late(work, conn);
        }
    }

    if (err == MC_OK && work->clean) {
        err = mc_store_gc(conn, call->now, until, &work->removed);
    }

    mc_call_done(call, conn);

    if (err != MC_OK) {
        (void) mc_call_fail(call, err);
    }
}
