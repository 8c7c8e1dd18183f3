/*
 * Background work: one cancelable timer a worker, which posts one small job
 * at a time to the net pool, for the site that is due first.
 *
 * A site whose uploads wait for somebody's answer, or that sends messages, is
 * due every few seconds and at once after such an upload or message; any
 * other one once an hour.  Clean-up comes along once an hour.
 *
 * The timer is cancelable, so that it keeps no stopping worker alive; the
 * job's own event has the ordinary 60 s timer, so that a worker that is told
 * to stop waits for it without burning a core.  Nothing is posted once the
 * worker is stopping, and a job that runs then ends after the question it is
 * at.  The cache manager and the cache loader also call init_process: they
 * start nothing.  Event loop only, but for the functions marked.
 */

#include "ngx_http_membercert_cache.h"

#include "mc_work.h"


#define NGX_HTTP_MEMBERCERT_WORK_FIRST  5000        /* ms */
#define NGX_HTTP_MEMBERCERT_WORK_ASK    1000
#define NGX_HTTP_MEMBERCERT_WORK_SOON   5000
#define NGX_HTTP_MEMBERCERT_WORK_FAULT  30000
#define NGX_HTTP_MEMBERCERT_WORK_TIME   (60 * 60 * 1000)


/* When a site is due, by ngx_current_msec. */
typedef struct {
    ngx_http_membercert_site_t       *site;
    ngx_msec_t                        due;
    ngx_msec_t                        clean;
    unsigned                          asks:1;   /* provider or outbox */
    unsigned                          poked:1;  /* while its job ran */
} ngx_http_membercert_due_t;


struct ngx_http_membercert_work_s {
    ngx_event_t                       timer;
    ngx_http_membercert_due_t        *sites;
    ngx_uint_t                        nsites;

    ngx_shm_zone_t                   *zone;

    ngx_thread_task_t                *task;
    mc_work_t                        *call;     /* NULL: no job runs */
    ngx_http_membercert_due_t        *site;     /* of the job */
    ngx_http_membercert_pool_t       *pool;

    unsigned                          started:1;    /* mc_curl_start() */
};


static ngx_int_t ngx_http_membercert_work_init(ngx_cycle_t *cycle,
    ngx_http_membercert_work_t *work, ngx_http_membercert_main_conf_t *mcf);
static void ngx_http_membercert_work_timer(ngx_event_t *ev);
static ngx_int_t ngx_http_membercert_work_post(
    ngx_http_membercert_work_t *work, ngx_http_membercert_due_t *due);
static void ngx_http_membercert_work_arm(ngx_http_membercert_work_t *work);
static void ngx_http_membercert_work_thread(void *data, ngx_log_t *log);
static bool ngx_http_membercert_work_stopping(void);
static void ngx_http_membercert_work_changed(void *data,
    const mc_changed_t *changed);
static void ngx_http_membercert_work_event(ngx_event_t *ev);
static void ngx_http_membercert_work_next(ngx_http_membercert_due_t *due,
    const mc_work_t *call);


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

    if (ngx_http_membercert_work_init(cycle, work, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    work->task = ngx_thread_task_alloc(cycle->pool,
                                   sizeof(ngx_http_membercert_work_t *));
    if (work->task == NULL) {
        return NGX_ERROR;
    }

    *(ngx_http_membercert_work_t **) work->task->ctx = work;

    work->task->handler = ngx_http_membercert_work_thread;
    work->task->event.handler = ngx_http_membercert_work_event;
    work->task->event.data = work;
    work->task->event.log = cycle->log;

    work->timer.handler = ngx_http_membercert_work_timer;
    work->timer.data = work;
    work->timer.log = cycle->log;
    work->timer.cancelable = 1;
    work->zone = mcf->zone;

    mcf->work = work;

    ngx_http_membercert_work_arm(work);

    return NGX_OK;
}


/* Workers do not start together. */
static ngx_int_t
ngx_http_membercert_work_init(ngx_cycle_t *cycle,
    ngx_http_membercert_work_t *work, ngx_http_membercert_main_conf_t *mcf)
{
    ngx_uint_t                    i;
    const mc_settings_t          *settings;
    ngx_http_membercert_due_t    *due;
    ngx_http_membercert_site_t  **sites;

    sites = mcf->sites.elts;
    work->nsites = mcf->sites.nelts;

    work->sites = ngx_pcalloc(cycle->pool,
                              work->nsites
                              * sizeof(ngx_http_membercert_due_t));
    if (work->sites == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < work->nsites; i++) {
        due = &work->sites[i];

        settings = sites[i]->site->settings;

        due->site = sites[i];
        due->asks = mc_compare_provider(settings)->asks
                    || settings->outbox_count > 0;
        due->clean = ngx_current_msec + NGX_HTTP_MEMBERCERT_WORK_FIRST
                     + (ngx_msec_t) (ngx_random() % 5000);
        due->due = due->clean;

        if (!due->asks) {
            continue;
        }

        due->due = ngx_current_msec + NGX_HTTP_MEMBERCERT_WORK_ASK
                   + (ngx_msec_t) (ngx_random() % 1000);

        if (!work->started) {

            if (mc_curl_start() != MC_OK) {
                ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                              "membercert: libcurl cannot be initialised");
                return NGX_ERROR;
            }

            work->started = 1;
        }
    }

    return NGX_OK;
}


void
ngx_http_membercert_work_stop(ngx_cycle_t *cycle)
{
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_membercert_module);

    if (mcf->work != NULL && mcf->work->started) {
        mc_curl_stop();
        mcf->work->started = 0;
    }
}


void
ngx_http_membercert_work_poke(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_uint_t                        i;
    ngx_http_membercert_due_t        *due;
    ngx_http_membercert_work_t       *work;
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_membercert_module);
    work = mcf->work;

    if (work == NULL || ngx_exiting) {
        return;
    }

    for (i = 0; i < work->nsites; i++) {
        due = &work->sites[i];

        if (due->site != ctx->site) {
            continue;
        }

        due->due = ngx_current_msec;
        due->poked = 1;

        if (work->call == NULL) {
            ngx_http_membercert_work_arm(work);
        }

        return;
    }
}


static ngx_http_membercert_due_t *
ngx_http_membercert_work_first(ngx_http_membercert_work_t *work)
{
    ngx_uint_t                  i;
    ngx_http_membercert_due_t  *first;

    first = &work->sites[0];

    for (i = 1; i < work->nsites; i++) {

        if ((ngx_msec_int_t) (work->sites[i].due - first->due) < 0) {
            first = &work->sites[i];
        }
    }

    return first;
}


static void
ngx_http_membercert_work_arm(ngx_http_membercert_work_t *work)
{
    ngx_msec_int_t              wait;
    ngx_http_membercert_due_t  *due;

    due = ngx_http_membercert_work_first(work);
    wait = (ngx_msec_int_t) (due->due - ngx_current_msec);

    ngx_add_timer(&work->timer, wait > 0 ? (ngx_msec_t) wait : 1);
}


static void
ngx_http_membercert_work_timer(ngx_event_t *ev)
{
    ngx_http_membercert_due_t   *due;
    ngx_http_membercert_work_t  *work;

    work = ev->data;

    if (ngx_exiting || ngx_terminate || ngx_quit || work->call != NULL) {
        return;
    }

    due = ngx_http_membercert_work_first(work);

    if ((ngx_msec_int_t) (due->due - ngx_current_msec) <= 0
        && ngx_http_membercert_work_post(work, due) == NGX_OK)
    {
        return;
    }

    ngx_http_membercert_work_arm(work);
}


static ngx_int_t
ngx_http_membercert_work_post(ngx_http_membercert_work_t *work,
    ngx_http_membercert_due_t *due)
{
    ngx_time_t  *tp;

    work->pool = due->site->pools[NGX_HTTP_MEMBERCERT_NET];
    work->call = mc_alloc(sizeof(mc_work_t));

    if (work->call == NULL
        || work->pool->jobs >= NGX_HTTP_MEMBERCERT_ROOM)
    {
        goto later;
    }

    tp = ngx_timeofday();
    mc_call_init(&work->call->call, due->site->site);
    work->call->call.now = (int64_t) tp->sec * 1000 + (int64_t) tp->msec;
    work->call->outbox = due->site->site->settings->outbox_count > 0;
    work->call->compare = true;
    work->call->clean = (ngx_msec_int_t) (due->clean - ngx_current_msec) <= 0;
    work->call->stopping = ngx_http_membercert_work_stopping;
    work->call->changed = ngx_http_membercert_work_changed;
    work->call->changed_data = work;
    work->site = due;

    if (ngx_thread_task_post(work->pool->threads, work->task) == NGX_OK) {
        due->poked = 0;
        work->pool->jobs++;
        ngx_add_timer(&work->task->event, NGX_HTTP_MEMBERCERT_JOB_TIME);
        return NGX_OK;
    }

    mc_call_free(&work->call->call);

later:

    mc_free(work->call);
    work->call = NULL;

    due->due = ngx_current_msec + NGX_HTTP_MEMBERCERT_WORK_SOON;

    return NGX_BUSY;
}


/* Pool thread. */
static void
ngx_http_membercert_work_thread(void *data, ngx_log_t *log)
{
    ngx_http_membercert_work_t  *work;

    work = *(ngx_http_membercert_work_t **) data;

    mc_work_run(work->call);
}


/* Pool thread: three words that are only read. */
static bool
ngx_http_membercert_work_stopping(void)
{
    return __atomic_load_n(&ngx_exiting, __ATOMIC_RELAXED)
           || ngx_terminate || ngx_quit;
}


/* Pool thread: a few atomic words of the zone. */
static void
ngx_http_membercert_work_changed(void *data, const mc_changed_t *changed)
{
    ngx_http_membercert_work_t  *work;

    work = data;

    ngx_http_membercert_generation_raise(work->zone->data,
                                         work->site->site->site, changed);
}


static void
ngx_http_membercert_work_event(ngx_event_t *ev)
{
    mc_work_t                   *call;
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

    call = work->call;
    work->call = NULL;

    if (call->alert != NULL) {
        ngx_http_membercert_job_hint(NGX_LOG_ALERT, ev->log, call->alert);
    }

    if (call->call.hint != NULL) {
        ngx_http_membercert_job_hint(NGX_LOG_ERR, ev->log, call->call.hint);
    }

    ngx_http_membercert_generation_raise(work->zone->data,
                                         work->site->site->site,
                                         &call->call.effects.changed);

    ngx_http_membercert_work_next(work->site, call);

    mc_call_free(&call->call);
    mc_free(call);

    if (!ngx_exiting) {
        ngx_http_membercert_work_arm(work);
    }
}


/* An upload that came while the job ran, and cases it had no time for, wait
 * no longer; what failed is not tried again at once. */
static void
ngx_http_membercert_work_next(ngx_http_membercert_due_t *due,
    const mc_work_t *call)
{
    ngx_msec_t  wait;

    if (call->call.problems.count > 0) {
        wait = NGX_HTTP_MEMBERCERT_WORK_FAULT;

    } else if (due->poked || call->more) {
        wait = 0;

    } else if (due->asks) {
        wait = NGX_HTTP_MEMBERCERT_WORK_SOON
               + (ngx_msec_t) (ngx_random() % 1000);

    } else {
        wait = NGX_HTTP_MEMBERCERT_WORK_TIME;
    }

    due->due = ngx_current_msec + wait;

    if (call->clean) {
        due->clean = ngx_current_msec + NGX_HTTP_MEMBERCERT_WORK_TIME;
    }
}
