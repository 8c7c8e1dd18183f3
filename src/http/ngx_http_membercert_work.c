/*
 * Background work: one cancelable timer a worker, which posts one small job
 * to the net pool for the next site in turn.
 *
 * Cancelable, so that it keeps no stopping worker alive; the job's own
 * event has the ordinary 60 s timer, so that a worker that is told to stop
 * waits for it without burning a core.  Nothing is posted once the worker
 * is stopping.  The cache manager and the cache loader also call
 * init_process: they start nothing.  Event loop only, but for the thread
 * function.
 */

#include "ngx_http_membercert.h"

#include "mc_work.h"


#define NGX_HTTP_MEMBERCERT_WORK_FIRST  5000        /* ms */
#define NGX_HTTP_MEMBERCERT_WORK_TIME   (60 * 60 * 1000)


typedef struct {
    ngx_event_t                       timer;
    ngx_http_membercert_main_conf_t  *mcf;
    ngx_uint_t                        next;     /* site */

    ngx_thread_task_t                *task;
    mc_work_t                        *call;     /* NULL: no job runs */
    ngx_http_membercert_pool_t       *pool;
} ngx_http_membercert_work_t;


static void ngx_http_membercert_work_timer(ngx_event_t *ev);
static void ngx_http_membercert_work_thread(void *data, ngx_log_t *log);
static void ngx_http_membercert_work_event(ngx_event_t *ev);


ngx_int_t
ngx_http_membercert_work_start(ngx_cycle_t *cycle)
{
    ngx_http_membercert_work_t       *work;
    ngx_http_membercert_main_conf_t  *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_membercert_module);

    if (mcf == NULL || mcf->sites.nelts == 0) {
        return NGX_OK;
    }

    work = ngx_pcalloc(cycle->pool, sizeof(ngx_http_membercert_work_t));
    if (work == NULL) {
        return NGX_ERROR;
    }

    work->task = ngx_thread_task_alloc(cycle->pool,
                                   sizeof(ngx_http_membercert_work_t *));
    if (work->task == NULL) {
        return NGX_ERROR;
    }

    *(ngx_http_membercert_work_t **) work->task->ctx = work;

    work->mcf = mcf;

    work->task->handler = ngx_http_membercert_work_thread;
    work->task->event.handler = ngx_http_membercert_work_event;
    work->task->event.data = work;
    work->task->event.log = cycle->log;

    work->timer.handler = ngx_http_membercert_work_timer;
    work->timer.data = work;
    work->timer.log = cycle->log;
    work->timer.cancelable = 1;

    /* workers do not start together */
    ngx_add_timer(&work->timer, NGX_HTTP_MEMBERCERT_WORK_FIRST
                                + (ngx_msec_t) (ngx_random() % 5000));

    return NGX_OK;
}


static void
ngx_http_membercert_work_timer(ngx_event_t *ev)
{
    ngx_time_t                   *tp;
    ngx_http_membercert_site_t  **sites;
    ngx_http_membercert_work_t   *work;

    work = ev->data;

    if (ngx_exiting || ngx_terminate || ngx_quit) {
        return;
    }

    sites = work->mcf->sites.elts;
    work->next = (work->next + 1) % work->mcf->sites.nelts;
    work->pool = sites[work->next]->pools[NGX_HTTP_MEMBERCERT_NET];

    work->call = mc_alloc(sizeof(mc_work_t));

    if (work->call == NULL
        || work->pool->jobs >= NGX_HTTP_MEMBERCERT_ROOM)
    {
        goto later;
    }

    tp = ngx_timeofday();
    mc_call_init(&work->call->call, sites[work->next]->site);
    work->call->call.now = (int64_t) tp->sec * 1000 + (int64_t) tp->msec;

    if (ngx_thread_task_post(work->pool->threads, work->task) == NGX_OK) {
        work->pool->jobs++;
        ngx_add_timer(&work->task->event, NGX_HTTP_MEMBERCERT_JOB_TIME);
        return;
    }

    mc_call_free(&work->call->call);

later:

    mc_free(work->call);
    work->call = NULL;

    ngx_add_timer(&work->timer, NGX_HTTP_MEMBERCERT_WORK_TIME);
}


/* Pool thread. */
static void
ngx_http_membercert_work_thread(void *data, ngx_log_t *log)
{
    ngx_http_membercert_work_t  *work;

    work = *(ngx_http_membercert_work_t **) data;

    mc_work_run(work->call);
}


static void
ngx_http_membercert_work_event(ngx_event_t *ev)
{
    ngx_http_membercert_work_t  *work;

    work = ev->data;

    if (ev->timedout) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, 0,
                      "membercert: background work has not ended after "
                      "%d seconds", NGX_HTTP_MEMBERCERT_JOB_TIME / 1000);
        ev->timedout = 0;
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    ev->complete = 0;
    work->pool->jobs--;

    if (work->call->call.hint != NULL) {
        ngx_http_membercert_job_hint(ev->log, work->call->call.hint);
    }

    mc_call_free(&work->call->call);
    mc_free(work->call);
    work->call = NULL;

    if (!ngx_exiting) {
        ngx_add_timer(&work->timer, NGX_HTTP_MEMBERCERT_WORK_TIME);
    }
}
