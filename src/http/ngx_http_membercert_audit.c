/*
 * The ring of notes for the audit: one a site and worker, written by one
 * job at a time of the store pool, half a second after the first note.
 *
 *   note:   a copy into the ring                         (loop)
 *   timer:  the filled half is given away, the job posted
 *   thread: mc_audit_batch_run(): one transaction, or nothing of it
 *   event:  written, or tried again a moment later
 *
 * The timer is not cancelable, and the job has its own: a worker that is
 * told to quit waits for both, so nothing is lost with it.  One that is told
 * to terminate writes what is left in exit_process, where no thread is left.
 * Neither waits for a writer that does not let go.  Event loop only, but for
 * the function marked.
 */

#include "ngx_http_membercert.h"

#include "mc_audit_ring.h"


#define NGX_HTTP_MEMBERCERT_AUDIT_TIME   500        /* ms, notes wait */
#define NGX_HTTP_MEMBERCERT_AUDIT_AGAIN  250        /* the writer was busy */
#define NGX_HTTP_MEMBERCERT_AUDIT_FAULT  5000       /* the store fails */
#define NGX_HTTP_MEMBERCERT_AUDIT_WAIT   250        /* for the writer */
#define NGX_HTTP_MEMBERCERT_AUDIT_TRIES  20         /* of one that ends */


struct ngx_http_membercert_audit_s {
    mc_audit_ring_t                  ring;
    mc_audit_batch_job_t             job;

    ngx_http_membercert_site_t      *site;
    ngx_thread_task_t               *task;
    ngx_event_t                      timer;
    ngx_uint_t                       tries;     /* since it is to end */
};


static ngx_http_membercert_audit_t *ngx_http_membercert_audit_create(
    ngx_cycle_t *cycle, ngx_http_membercert_site_t *site);
static void ngx_http_membercert_audit_noted(
    ngx_http_membercert_audit_t *audit);
static void ngx_http_membercert_audit_arm(ngx_http_membercert_audit_t *audit,
    ngx_msec_t time);
static void ngx_http_membercert_audit_timer(ngx_event_t *ev);
static ngx_int_t ngx_http_membercert_audit_post(
    ngx_http_membercert_audit_t *audit);
static void ngx_http_membercert_audit_thread(void *data, ngx_log_t *log);
static void ngx_http_membercert_audit_event(ngx_event_t *ev);
static void ngx_http_membercert_audit_failed(
    ngx_http_membercert_audit_t *audit);
static void ngx_http_membercert_audit_lost(
    ngx_http_membercert_audit_t *audit, ngx_log_t *log);
static void ngx_http_membercert_audit_last(
    ngx_http_membercert_audit_t *audit, ngx_log_t *log);


ngx_int_t
ngx_http_membercert_audit_start(ngx_cycle_t *cycle)
{
    ngx_uint_t                         i;
    ngx_http_membercert_site_t       **sites;
    ngx_http_membercert_main_conf_t   *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_membercert_module);
    if (mcf == NULL) {
        return NGX_OK;
    }

    sites = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {
        sites[i]->audit = ngx_http_membercert_audit_create(cycle, sites[i]);

        if (sites[i]->audit == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Not from the pool: pages that no note ever reaches are never touched. */
static ngx_http_membercert_audit_t *
ngx_http_membercert_audit_create(ngx_cycle_t *cycle,
    ngx_http_membercert_site_t *site)
{
    ngx_http_membercert_audit_t  *audit;

    audit = mc_alloc(sizeof(ngx_http_membercert_audit_t));
    if (audit == NULL) {
        return NULL;
    }

    audit->task = ngx_thread_task_alloc(cycle->pool,
                                    sizeof(ngx_http_membercert_audit_t *));
    if (audit->task == NULL) {
        mc_free(audit);
        return NULL;
    }

    *(ngx_http_membercert_audit_t **) audit->task->ctx = audit;

    audit->site = site;
    audit->job.site = site->site;
    audit->job.wait = NGX_HTTP_MEMBERCERT_AUDIT_WAIT;

    audit->task->handler = ngx_http_membercert_audit_thread;
    audit->task->event.handler = ngx_http_membercert_audit_event;
    audit->task->event.data = audit;
    audit->task->event.log = cycle->log;

    audit->timer.handler = ngx_http_membercert_audit_timer;
    audit->timer.data = audit;
    audit->timer.log = cycle->log;

    return audit;
}


/* A HEAD hands nothing out. */
void
ngx_http_membercert_audit_note(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_call_t *call,
    const mc_audit_note_t *note)
{
    ngx_http_membercert_audit_t  *audit;

    audit = ctx->site->audit;

    if (audit == NULL || r->method == NGX_HTTP_HEAD) {
        return;
    }

    mc_audit_ring_put(&audit->ring, note, call->now, call->address,
                      call->request_id);

    ngx_http_membercert_audit_noted(audit);
}


void
ngx_http_membercert_audit_again(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_audit_note_t *note)
{
    mc_str_t                          address, id;
    ngx_time_t                       *tp;
    ngx_http_variable_value_t        *vv;
    ngx_http_membercert_audit_t      *audit;
    ngx_http_membercert_main_conf_t  *mcf;

    audit = ctx->site->audit;

    if (audit == NULL || r->method == NGX_HTTP_HEAD) {
        return;
    }

    address.data = (const char *) r->connection->addr_text.data;
    address.len = r->connection->addr_text.len;

    if (mc_audit_ring_again(&audit->ring, note, address)) {
        return;
    }

    mcf = ngx_http_get_module_main_conf(r, ngx_http_membercert_module);
    vv = ngx_http_get_indexed_variable(r, (ngx_uint_t) mcf->request_id);
    id = mc_str_null;

    if (vv != NULL && !vv->not_found) {
        id.data = (const char *) vv->data;
        id.len = vv->len;
    }

    tp = ngx_timeofday();

    mc_audit_ring_put(&audit->ring, note,
                      (int64_t) tp->sec * 1000 + (int64_t) tp->msec,
                      address, id);

    ngx_http_membercert_audit_noted(audit);
}


static void
ngx_http_membercert_audit_noted(ngx_http_membercert_audit_t *audit)
{
    if (mc_audit_ring_full(&audit->ring)
        && ngx_http_membercert_audit_post(audit) == NGX_OK)
    {
        return;
    }

    if (!audit->ring.away && !audit->timer.timer_set) {
        ngx_http_membercert_audit_arm(audit, NGX_HTTP_MEMBERCERT_AUDIT_TIME);
    }
}


static void
ngx_http_membercert_audit_arm(ngx_http_membercert_audit_t *audit,
    ngx_msec_t time)
{
    ngx_add_timer(&audit->timer, time);
}


static void
ngx_http_membercert_audit_timer(ngx_event_t *ev)
{
    ngx_http_membercert_audit_t  *audit;

    audit = ev->data;

    if (mc_audit_ring_due(&audit->ring)
        && ngx_http_membercert_audit_post(audit) != NGX_OK)
    {
        ngx_http_membercert_audit_failed(audit);
    }
}


static ngx_int_t
ngx_http_membercert_audit_post(ngx_http_membercert_audit_t *audit)
{
    ngx_time_t                  *tp;
    ngx_http_membercert_pool_t  *pool;

    if (!mc_audit_ring_due(&audit->ring)) {
        return NGX_BUSY;
    }

    pool = audit->site->pools[NGX_HTTP_MEMBERCERT_STORE];
    audit->job.err = MC_EBUSY;
    audit->job.ran = false;

    if (pool->jobs >= NGX_HTTP_MEMBERCERT_ROOM) {
        return NGX_BUSY;
    }

    tp = ngx_timeofday();

    audit->job.half = mc_audit_ring_begin(&audit->ring);
    audit->job.now = (int64_t) tp->sec * 1000 + (int64_t) tp->msec;

    if (ngx_thread_task_post(pool->threads, audit->task) != NGX_OK) {
        mc_audit_ring_end(&audit->ring, false);
        return NGX_BUSY;
    }

    if (audit->timer.timer_set) {
        ngx_del_timer(&audit->timer);
    }

    pool->jobs++;
    ngx_add_timer(&audit->task->event, NGX_HTTP_MEMBERCERT_JOB_TIME);

    return NGX_OK;
}


/* Pool thread. */
static void
ngx_http_membercert_audit_thread(void *data, ngx_log_t *log)
{
    ngx_http_membercert_audit_t  *audit;

    audit = *(ngx_http_membercert_audit_t **) data;

    mc_audit_batch_run(&audit->job);
}


static void
ngx_http_membercert_audit_event(ngx_event_t *ev)
{
    ngx_http_membercert_audit_t  *audit;

    audit = ev->data;

    if (ev->timedout) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, 0,
                      "membercert: a batch of the audit has not ended after "
                      "%d seconds", NGX_HTTP_MEMBERCERT_JOB_TIME / 1000);
        ev->timedout = 0;
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    ev->complete = 0;
    audit->site->pools[NGX_HTTP_MEMBERCERT_STORE]->jobs--;

    mc_audit_ring_end(&audit->ring, audit->job.err == MC_OK);

    if (audit->job.err != MC_OK) {
        ngx_http_membercert_audit_failed(audit);
        return;
    }

    audit->tries = 0;

    if (!mc_audit_ring_due(&audit->ring)) {
        return;
    }

    if (!mc_audit_ring_full(&audit->ring)
        || ngx_http_membercert_audit_post(audit) != NGX_OK)
    {
        ngx_http_membercert_audit_arm(audit, NGX_HTTP_MEMBERCERT_AUDIT_TIME);
    }
}


/* Somebody else writes just now, or the store fails: the half is kept. */
static void
ngx_http_membercert_audit_failed(ngx_http_membercert_audit_t *audit)
{
    mc_err_t    err;
    ngx_uint_t  busy;

    err = audit->job.err;
    busy = (err == MC_EBUSY || err == MC_ECROWDED);

    if (!busy) {
        ngx_http_membercert_job_hint(NGX_LOG_ERR, audit->timer.log,
                                     mc_store_hint(err));
    }

    if (ngx_exiting
        && (!busy || ++audit->tries > NGX_HTTP_MEMBERCERT_AUDIT_TRIES))
    {
        ngx_http_membercert_audit_lost(audit, audit->timer.log);
        return;
    }

    ngx_http_membercert_audit_arm(audit,
                                  busy ? NGX_HTTP_MEMBERCERT_AUDIT_AGAIN
                                       : NGX_HTTP_MEMBERCERT_AUDIT_FAULT);
}


static void
ngx_http_membercert_audit_lost(ngx_http_membercert_audit_t *audit,
    ngx_log_t *log)
{
    uint32_t     n;
    ngx_uint_t   i;

    n = 0;

    for (i = 0; i < 2; i++) {
        n += audit->ring.halves[i].count + audit->ring.halves[i].dropped;
        audit->ring.halves[i].count = 0;
        audit->ring.halves[i].dropped = 0;
    }

    ngx_log_error(NGX_LOG_ERR, log, 0,
                  "membercert: %uD rows of the audit are lost: the store "
                  "could not be written", n);
}


void
ngx_http_membercert_audit_stop(ngx_cycle_t *cycle)
{
    ngx_uint_t                         i;
    ngx_http_membercert_site_t       **sites;
    ngx_http_membercert_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_membercert_module);
    sites = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {

        if (sites[i]->audit != NULL) {
            ngx_http_membercert_audit_last(sites[i]->audit, cycle->log);
            mc_free(sites[i]->audit);
            sites[i]->audit = NULL;
        }
    }
}


/* The thread pools have ended: what was posted has run. */
static void
ngx_http_membercert_audit_last(ngx_http_membercert_audit_t *audit,
    ngx_log_t *log)
{
    mc_audit_ring_t  *ring;

    ring = &audit->ring;

    if (ring->away) {
        mc_audit_ring_end(ring, audit->job.ran && audit->job.err == MC_OK);
    }

    while (mc_audit_ring_due(ring)) {
        audit->job.half = mc_audit_ring_begin(ring);
        mc_audit_batch_run(&audit->job);
        mc_audit_ring_end(ring, audit->job.err == MC_OK);

        if (audit->job.err != MC_OK) {
            ngx_http_membercert_audit_lost(audit, log);
            return;
        }
    }
}
