/*
 * The one way from the event loop into a pool thread and back.
 *
 *   create:  call by mc_alloc, its pool cleanup registered first
 *   post:    task, 60 s timer, blocked, aio          (loop)
 *   thread:  job->run(job->call); sees no nginx object
 *   event:   counters back, effects
 *   due:     where the route has a deadline, not before that moment
 *   end:     whoever owns the request now
 *   resume:  finalises the request with job->done()
 *
 * The timers keep a gracefully stopping worker alive until the job is done.
 * When the client leaves, nginx sees "blocked", keeps the request and puts
 * its own finaliser in the place of resume(); the effects are applied all
 * the same.  Everything but the thread function runs in the event loop.
 */

#include "ngx_http_membercert.h"


#define NGX_HTTP_MEMBERCERT_STEP       250      /* ms behind a deadline */
#define NGX_HTTP_MEMBERCERT_HINTS      8
#define NGX_HTTP_MEMBERCERT_HINT_TIME  60000    /* ms */


typedef struct {
    const char  *hint;
    ngx_msec_t   next;
} ngx_http_membercert_hint_t;


static void ngx_http_membercert_job_free(void *data);
static void ngx_http_membercert_job_thread(void *data, ngx_log_t *log);
static void ngx_http_membercert_job_event(ngx_event_t *ev);
static void ngx_http_membercert_job_due(ngx_event_t *ev);
static ngx_msec_t ngx_http_membercert_job_wait(
    ngx_http_membercert_job_t *job);
static void ngx_http_membercert_job_end(ngx_http_membercert_job_t *job);
static void ngx_http_membercert_job_resume(ngx_http_request_t *r);
static void ngx_http_membercert_job_watch(ngx_http_request_t *r);
static ngx_int_t ngx_http_membercert_job_fill(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call);


/* Of this worker; the loop alone reads and writes it. */
static ngx_http_membercert_hint_t
    ngx_http_membercert_hints[NGX_HTTP_MEMBERCERT_HINTS];


ngx_http_membercert_job_t *
ngx_http_membercert_job_create(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, size_t size, void (*free_call)(void *call))
{
    ngx_pool_cleanup_t         *cln;
    ngx_http_membercert_job_t  *job;

    job = ngx_pcalloc(r->pool, sizeof(ngx_http_membercert_job_t));
    if (job == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_membercert_job_free;
    cln->data = job;

    job->call = mc_alloc(size);
    if (job->call == NULL) {
        return NULL;
    }

    job->request = r;
    job->free = free_call;

    mc_call_init(job->call, ctx->site->site);

    if (ngx_http_membercert_job_fill(r, ctx, job->call) != NGX_OK) {
        return NULL;
    }

    ctx->job = job;

    return job;
}


static void
ngx_http_membercert_job_free(void *data)
{
    ngx_http_membercert_job_t  *job;

    job = data;

    if (job->due.timer_set) {
        ngx_del_timer(&job->due);
    }

    if (job->call == NULL) {
        return;
    }

    if (job->free) {
        job->free(job->call);
    }

    mc_call_free(job->call);
    mc_free(job->call);
    job->call = NULL;
}


static ngx_int_t
ngx_http_membercert_job_fill(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, mc_call_t *call)
{
    mc_str_t                          text;
    ngx_time_t                       *tp;
    ngx_http_variable_value_t        *vv;
    ngx_http_membercert_main_conf_t  *mcf;

    mcf = ngx_http_get_module_main_conf(r, ngx_http_membercert_module);

    tp = ngx_timeofday();
    call->now = (int64_t) tp->sec * 1000 + (int64_t) tp->msec;
    call->credential = ctx->credential;
    call->officer.asks = ctx->officer;
    call->officer.photo_id = ctx->path_id;

    text.data = (const char *) r->connection->addr_text.data;
    text.len = r->connection->addr_text.len;
    call->address = mc_arena_str(&call->arena, text);

    vv = ngx_http_get_indexed_variable(r, (ngx_uint_t) mcf->request_id);

    if (vv != NULL && !vv->not_found) {
        text.data = (const char *) vv->data;
        text.len = vv->len;
        call->request_id = mc_arena_str(&call->arena, text);
    }

    return call->arena.failed ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_http_membercert_job_post(ngx_http_membercert_job_t *job,
    ngx_http_membercert_pool_t *pool)
{
    ngx_thread_task_t   *task;
    ngx_http_request_t  *r;

    r = job->request;

    if (pool->jobs >= NGX_HTTP_MEMBERCERT_ROOM) {
        return NGX_BUSY;
    }

    task = ngx_thread_task_alloc(r->pool,
                                 sizeof(ngx_http_membercert_job_t *));
    if (task == NULL) {
        return NGX_ERROR;
    }

    *(ngx_http_membercert_job_t **) task->ctx = job;

    task->handler = ngx_http_membercert_job_thread;
    task->event.handler = ngx_http_membercert_job_event;
    task->event.data = job;
    task->event.log = r->connection->log;

    if (ngx_thread_task_post(pool->threads, task) != NGX_OK) {
        return NGX_BUSY;
    }

    ngx_add_timer(&task->event, NGX_HTTP_MEMBERCERT_JOB_TIME);

    job->pool = pool;
    job->posted = ngx_current_msec;
    pool->jobs++;

    r->main->blocked++;
    r->aio = 1;

    r->write_event_handler = ngx_http_membercert_job_resume;
    r->read_event_handler = job->watch ? ngx_http_membercert_job_watch
                                       : ngx_http_block_reading;

    return NGX_OK;
}


/* Pool thread. */
static void
ngx_http_membercert_job_thread(void *data, ngx_log_t *log)
{
    ngx_http_membercert_job_t  *job;

    job = *(ngx_http_membercert_job_t **) data;

    if (__atomic_load_n(&job->cancelled, __ATOMIC_RELAXED)) {
        return;
    }

    job->run(job->call);
}


static void
ngx_http_membercert_job_event(ngx_event_t *ev)
{
    mc_call_t                  *call;
    ngx_msec_t                  wait;
    ngx_connection_t           *c;
    ngx_http_request_t         *r;
    ngx_http_membercert_ctx_t  *ctx;
    ngx_http_membercert_job_t  *job;

    job = ev->data;
    call = job->call;
    r = job->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    if (ev->timedout) {
        ngx_log_error(NGX_LOG_ALERT, c->log, 0,
                      "membercert: a job has not ended after %d seconds",
                      NGX_HTTP_MEMBERCERT_JOB_TIME / 1000);
        ev->timedout = 0;
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    job->pool->jobs--;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx != NULL) {
        ctx->job_ran = 1;
        ctx->job_time += ngx_current_msec - job->posted;

        if (call->member_id != 0) {
            ctx->member_id = call->member_id;
        }

        ngx_http_membercert_effect_apply(r, ctx, call);
    }

    if (call->hint != NULL) {
        ngx_http_membercert_job_hint(NGX_LOG_ERR, c->log, call->hint);
    }

    wait = ngx_http_membercert_job_wait(job);

    if (wait == 0) {
        ngx_http_membercert_job_end(job);
        return;
    }

    job->due.handler = ngx_http_membercert_job_due;
    job->due.data = job;
    job->due.log = c->log;

    ngx_add_timer(&job->due, wait);
}


/*
 * What an answer must not tell, its time must not tell either: it leaves at
 * the deadline, counted from the job's posting, and one that missed it at
 * the next step behind it.
 */
static ngx_msec_t
ngx_http_membercert_job_wait(ngx_http_membercert_job_t *job)
{
    ngx_msec_t  past, late;

    if (job->deadline == 0) {
        return 0;
    }

    past = ngx_current_msec - job->posted;

    if (past < job->deadline) {
        return job->deadline - past;
    }

    late = (past - job->deadline) % NGX_HTTP_MEMBERCERT_STEP;

    return late ? NGX_HTTP_MEMBERCERT_STEP - late : 0;
}


static void
ngx_http_membercert_job_due(ngx_event_t *ev)
{
    ngx_http_request_t         *r;
    ngx_http_membercert_job_t  *job;

    job = ev->data;
    r = job->request;

    ngx_http_set_log_request(r->connection->log, r);

    ngx_http_membercert_job_end(job);
}


static void
ngx_http_membercert_job_end(ngx_http_membercert_job_t *job)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = job->request;
    c = r->connection;

    r->main->blocked--;
    r->aio = 0;

    r->write_event_handler(r);

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_membercert_job_resume(ngx_http_request_t *r)
{
    ngx_http_membercert_ctx_t  *ctx;
    ngx_http_membercert_job_t  *job;

    if (r->aio) {
        /* the socket became writable while the job runs */
        return;
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);
    job = ctx->job;

    r->write_event_handler = ngx_http_request_empty_handler;
    r->read_event_handler = ngx_http_block_reading;

    ngx_http_finalize_request(r, job->done(r, job->call));
}


/* Nobody waits for a PDF whose reader has left. */
static void
ngx_http_membercert_job_watch(ngx_http_request_t *r)
{
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    ngx_http_test_reading(r);

    if (r->connection->error) {
        __atomic_store_n(&ctx->job->cancelled, 1, __ATOMIC_RELAXED);
    }
}


/* A kind is the address of its constant text. */
void
ngx_http_membercert_job_hint(ngx_uint_t level, ngx_log_t *log,
    const char *hint)
{
    ngx_uint_t                   i;
    ngx_http_membercert_hint_t  *h, *slot;

    slot = NULL;

    for (i = 0; i < NGX_HTTP_MEMBERCERT_HINTS; i++) {
        h = &ngx_http_membercert_hints[i];

        if (h->hint == hint) {
            if ((ngx_msec_int_t) (h->next - ngx_current_msec) > 0) {
                return;
            }

            slot = h;
            break;
        }

        if (slot == NULL
            || (slot->hint != NULL
                && (h->hint == NULL
                    || (ngx_msec_int_t) (h->next - slot->next) < 0)))
        {
            slot = h;
        }
    }

    slot->hint = hint;
    slot->next = ngx_current_msec + NGX_HTTP_MEMBERCERT_HINT_TIME;

    ngx_log_error(level, log, 0, "membercert: %s", hint);
}
