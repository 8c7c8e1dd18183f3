/*
 * Reading a body while it arrives: unbuffered, through a request body
 * filter that consumes every byte, so that nothing is ever written to disk
 * (a password in a JSON body neither), and a photo that cannot become one
 * is refused before it is here.
 *
 *   read -> nginx reads -> filter (scan, copy) -> post | again -> complete
 *
 * A body that somebody else read first (mirror, client_body_early_read, an
 * internal redirect) never passes the filter while we listen: complete()
 * feeds it to the same scanner.  Event loop only.
 */

#include "ngx_http_membercert.h"


static ngx_int_t ngx_http_membercert_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static void ngx_http_membercert_body_post(ngx_http_request_t *r);
static void ngx_http_membercert_body_again(ngx_http_request_t *r);
static void ngx_http_membercert_body_complete(ngx_http_request_t *r);
static ngx_int_t ngx_http_membercert_body_refuse(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);


static ngx_http_request_body_filter_pt  ngx_http_next_request_body_filter;


void
ngx_http_membercert_body_init(void)
{
    ngx_http_next_request_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = ngx_http_membercert_body_filter;
}


static void
ngx_http_membercert_body_free(void *data)
{
    ngx_http_membercert_body_t  *body;

    body = data;

    mc_free_wiped(body->data, body->size);
    body->data = NULL;
    body->size = 0;
    body->len = 0;
}


void
ngx_http_membercert_body_wipe(ngx_http_membercert_ctx_t *ctx)
{
    ngx_http_membercert_body_free(&ctx->body);
}


static ngx_int_t
ngx_http_membercert_body_prepare(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    int64_t                      now;
    ngx_time_t                  *tp;
    mc_photo_limits_t            limits;
    ngx_pool_cleanup_t          *cln;
    ngx_http_membercert_body_t  *body;

    body = &ctx->body;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_membercert_body_free;
    cln->data = body;

    /* the guard has compared an announced length with the maximum */

    body->size = r->headers_in.content_length_n > 0
                 ? (size_t) r->headers_in.content_length_n : body->max;

    body->data = mc_alloc(body->size);
    if (body->data == NULL) {
        body->size = 0;
        return NGX_ERROR;
    }

    if (ctx->route->body != NGX_HTTP_MEMBERCERT_PHOTO) {
        return NGX_OK;
    }

    body->scan = ngx_palloc(r->pool, sizeof(mc_photo_scan_t));
    if (body->scan == NULL) {
        return NGX_ERROR;
    }

    tp = ngx_timeofday();
    now = (int64_t) tp->sec * 1000 + (int64_t) tp->msec;

    mc_site_photo_limits(ctx->site->site, now, &limits);
    mc_photo_scan_init(body->scan, &limits);

    return NGX_OK;
}


ngx_int_t
ngx_http_membercert_body_read(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    ngx_int_t  rc;

    if (ngx_http_membercert_body_prepare(r, ctx) != NGX_OK) {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_SERVICE_BUSY);
    }

    ctx->body.foreign = (r->request_body != NULL);
    ctx->body.reading = 1;

    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_membercert_body_post);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return (ctx->body.stopped || ctx->body.over)
               ? ngx_http_membercert_body_refuse(r, ctx) : rc;
    }

    return NGX_DONE;
}


ngx_uint_t
ngx_http_membercert_body_pending(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    if (ctx->body.reading) {
        return !ctx->body.foreign;
    }

    return r->request_body == NULL
           && (r->headers_in.content_length_n > 0 || r->headers_in.chunked);
}


/* NGX_DECLINED: enough was seen to refuse. */
static ngx_int_t
ngx_http_membercert_body_feed(ngx_http_membercert_ctx_t *ctx,
    const u_char *data, size_t len)
{
    ngx_http_membercert_body_t  *body;

    body = &ctx->body;

    if (body->stopped || body->over) {
        return NGX_DECLINED;
    }

    if (len == 0) {
        return NGX_OK;
    }

    body->total += (off_t) len;

    if (body->scan
        && mc_photo_scan_feed(body->scan, data, len) == MC_SCAN_STOP)
    {
        body->stopped = 1;
        return NGX_DECLINED;
    }

    if (len > body->size - body->len) {
        body->over = 1;
        return NGX_DECLINED;
    }

    ngx_memcpy(body->data + body->len, data, len);
    body->len += len;

    return NGX_OK;
}


/*
 * Consumed buffers end here; the saver sees only the one that marks the
 * end, because a chain of empty buffers can make it open a temporary file.
 */
static ngx_int_t
ngx_http_membercert_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t                   rc;
    ngx_buf_t                  *b;
    ngx_chain_t                *cl, *last;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    if (ctx == NULL || !ctx->body.reading) {
        return ngx_http_next_request_body_filter(r, in);
    }

    rc = NGX_OK;
    last = NULL;

    for (cl = in; cl; cl = cl->next) {
        b = cl->buf;

        if (rc == NGX_OK && b->last > b->pos) {
            rc = ngx_http_membercert_body_feed(ctx, b->pos,
                                               (size_t) (b->last - b->pos));
        }

        b->pos = b->last;

        if (b->last_buf) {
            last = cl;
        }
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    if (last == NULL) {
        return ngx_http_next_request_body_filter(r, NULL);
    }

    if (last->next == NULL) {
        return ngx_http_next_request_body_filter(r, last);
    }

    /* nothing follows the last buffer */
    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


static void
ngx_http_membercert_body_post(ngx_http_request_t *r)
{
    if (r->reading_body) {
        r->read_event_handler = ngx_http_membercert_body_again;
        return;
    }

    ngx_http_membercert_body_complete(r);
}


static void
ngx_http_membercert_body_again(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    rc = ngx_http_read_unbuffered_request_body(r);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        r->read_event_handler = ngx_http_block_reading;

        if (ctx->body.stopped || ctx->body.over) {
            rc = ngx_http_membercert_body_refuse(r, ctx);
        }

        ngx_http_finalize_request(r, rc);
        return;
    }

    if (rc == NGX_AGAIN) {
        return;
    }

    r->read_event_handler = ngx_http_block_reading;

    ngx_http_membercert_body_complete(r);
}


/* Memory, or the temporary file the other reader had nginx write. */
static ngx_int_t
ngx_http_membercert_body_foreign(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    off_t         pos;
    size_t        size;
    ssize_t       n;
    u_char        page[4096];
    ngx_buf_t    *b;
    ngx_int_t     rc;
    ngx_chain_t  *cl;

    rc = NGX_OK;

    for (cl = r->request_body->bufs; cl && rc == NGX_OK; cl = cl->next) {
        b = cl->buf;

        if (!b->in_file) {
            if (b->last > b->pos) {
                rc = ngx_http_membercert_body_feed(ctx, b->pos,
                                                   (size_t) (b->last
                                                             - b->pos));
            }

            continue;
        }

        for (pos = b->file_pos; pos < b->file_last; pos += n) {
            size = (size_t) ngx_min(b->file_last - pos,
                                    (off_t) sizeof(page));

            n = ngx_read_file(b->file, page, size, pos);
            if (n <= 0) {
                rc = NGX_ERROR;
                break;
            }

            rc = ngx_http_membercert_body_feed(ctx, page, (size_t) n);
            if (rc != NGX_OK) {
                break;
            }
        }
    }

    ngx_explicit_memzero(page, sizeof(page));

    return rc;
}


static void
ngx_http_membercert_body_complete(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_http_membercert_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_membercert_module);

    rc = NGX_OK;

    if (ctx->body.foreign && r->request_body) {
        rc = ngx_http_membercert_body_foreign(r, ctx);
    }

    ctx->body.reading = 0;

    if (rc == NGX_ERROR) {
        rc = NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else if (rc == NGX_DECLINED) {
        rc = ngx_http_membercert_body_refuse(r, ctx);

    } else {
        rc = ngx_http_membercert_process(r);
    }

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


/* Too long, or no photo: said now, with the rest still on its way. */
static ngx_int_t
ngx_http_membercert_body_refuse(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    off_t           announced;
    ngx_int_t       rc;
    mc_arena_t      arena;
    mc_problems_t  *problems;

    if (ctx->body.scan == NULL) {
        return ngx_http_membercert_refuse_code(r, ctx, MC_P_BODY_SIZE);
    }

    problems = ngx_pcalloc(r->pool, sizeof(mc_problems_t));
    if (problems == NULL) {
        return NGX_ERROR;
    }

    announced = ngx_max(r->headers_in.content_length_n, 0);

    mc_arena_init(&arena, MC_CALL_ARENA);

    if (mc_photo_scan_end(ctx->body.scan, (uint64_t) announced, &arena,
                          problems))
    {
        (void) mc_problem_add(problems, MC_P_REQUEST_MALFORMED);
    }

    rc = ngx_http_membercert_refuse(r, ctx, problems, NULL);

    mc_arena_free(&arena);

    return rc;
}
