/*
 * Pictures of captchas drawn ahead: one ring a worker and site, made at the
 * first picture somebody asks for and filled in small batches by the cpu
 * pool.  A picture's time begins when it is handed out, so those in the ring
 * do not grow old.  At most NGX_HTTP_MEMBERCERT_RING of some 6 kB each.
 *
 * The batch's event has an ordinary timer, so that a worker that is told to
 * stop waits for it (a few ms); none is posted once it is stopping.  Event
 * loop only, but for the function marked.
 */

#include "ngx_http_membercert_captcha.h"


#define NGX_HTTP_MEMBERCERT_RING     64
#define NGX_HTTP_MEMBERCERT_LOW      48     /* filled again below */
#define NGX_HTTP_MEMBERCERT_BATCHES  8      /* jobs of the pool meanwhile */


struct ngx_http_membercert_ring_s {
    mc_captcha_drawn_t           drawn[NGX_HTTP_MEMBERCERT_RING];
    ngx_uint_t                   first;
    ngx_uint_t                   count;

    ngx_http_membercert_site_t  *site;
    mc_captcha_draw_t           *call;      /* NULL: no batch runs */
    ngx_thread_task_t            task;
};


static void ngx_http_membercert_ring_fill(ngx_http_membercert_ring_t *ring);
static void ngx_http_membercert_ring_thread(void *data, ngx_log_t *log);
static void ngx_http_membercert_ring_event(ngx_event_t *ev);


ngx_int_t
ngx_http_membercert_ring_take(ngx_http_membercert_site_t *site,
    mc_captcha_drawn_t *drawn)
{
    ngx_int_t                    rc;
    ngx_http_membercert_ring_t  *ring;

    ring = site->ring;

    if (ring == NULL) {
        ring = mc_alloc(sizeof(ngx_http_membercert_ring_t));
        if (ring == NULL) {
            return NGX_DECLINED;
        }

        ring->site = site;
        ring->task.ctx = ring;
        ring->task.handler = ngx_http_membercert_ring_thread;
        ring->task.event.handler = ngx_http_membercert_ring_event;
        ring->task.event.data = ring;
        ring->task.event.log = ngx_cycle->log;

        site->ring = ring;
    }

    rc = NGX_DECLINED;

    if (ring->count) {
        *drawn = ring->drawn[ring->first];
        ngx_memzero(&ring->drawn[ring->first], sizeof(mc_captcha_drawn_t));

        ring->first = (ring->first + 1) % NGX_HTTP_MEMBERCERT_RING;
        ring->count--;
        rc = NGX_OK;
    }

    if (ring->count < NGX_HTTP_MEMBERCERT_LOW) {
        ngx_http_membercert_ring_fill(ring);
    }

    return rc;
}


static void
ngx_http_membercert_ring_fill(ngx_http_membercert_ring_t *ring)
{
    ngx_http_membercert_pool_t  *pool;

    pool = ring->site->pools[NGX_HTTP_MEMBERCERT_CPU];

    if (ring->call != NULL || ngx_exiting || ngx_terminate || ngx_quit
        || pool->jobs >= NGX_HTTP_MEMBERCERT_BATCHES)
    {
        return;
    }

    ring->call = mc_alloc(sizeof(mc_captcha_draw_t));
    if (ring->call == NULL) {
        return;
    }

    mc_call_init(&ring->call->call, ring->site->site);
    ring->call->wanted = ngx_min(NGX_HTTP_MEMBERCERT_RING - ring->count,
                                 MC_CAPTCHA_BATCH);

    if (ngx_thread_task_post(pool->threads, &ring->task) != NGX_OK) {
        mc_call_free(&ring->call->call);
        mc_free(ring->call);
        ring->call = NULL;
        return;
    }

    pool->jobs++;
    ngx_add_timer(&ring->task.event, NGX_HTTP_MEMBERCERT_JOB_TIME);
}


/* Pool thread. */
static void
ngx_http_membercert_ring_thread(void *data, ngx_log_t *log)
{
    ngx_http_membercert_ring_t  *ring;

    ring = data;

    mc_captcha_draw_run(ring->call);
}


static void
ngx_http_membercert_ring_event(ngx_event_t *ev)
{
    ngx_uint_t                   i, last, failed;
    mc_captcha_draw_t           *call;
    ngx_http_membercert_ring_t  *ring;

    ring = ev->data;

    if (ev->timedout) {
        ngx_log_error(NGX_LOG_ALERT, ev->log, 0,
                      "membercert: captchas were not drawn within "
                      "%d seconds", NGX_HTTP_MEMBERCERT_JOB_TIME / 1000);
        ev->timedout = 0;
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    ev->complete = 0;
    ring->site->pools[NGX_HTTP_MEMBERCERT_CPU]->jobs--;

    call = ring->call;
    ring->call = NULL;

    for (i = 0; i < call->count
                && ring->count < NGX_HTTP_MEMBERCERT_RING; i++)
    {
        last = (ring->first + ring->count) % NGX_HTTP_MEMBERCERT_RING;

        ring->drawn[last] = call->drawn[i];
        ngx_memzero(&call->drawn[i], sizeof(mc_captcha_drawn_t));
        ring->count++;
    }

    failed = (call->count == 0);

    if (call->call.hint != NULL) {
        ngx_http_membercert_job_hint(NGX_LOG_ERR, ev->log, call->call.hint);
    }

    mc_captcha_draw_free(call);
    mc_call_free(&call->call);
    mc_free(call);

    if (!failed && ring->count < NGX_HTTP_MEMBERCERT_RING) {
        ngx_http_membercert_ring_fill(ring);
    }
}


void
ngx_http_membercert_ring_free(ngx_http_membercert_site_t *site)
{
    ngx_uint_t                   i;
    ngx_http_membercert_ring_t  *ring;

    ring = site->ring;

    if (ring == NULL) {
        return;
    }

    for (i = 0; i < NGX_HTTP_MEMBERCERT_RING; i++) {
        mc_captcha_drawn_free(&ring->drawn[i]);
    }

    if (ring->call != NULL) {
        mc_captcha_draw_free(ring->call);
        mc_call_free(&ring->call->call);
        mc_free(ring->call);
    }

    mc_free(ring);
    site->ring = NULL;
}
