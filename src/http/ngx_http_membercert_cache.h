/*
 * Finished certificates, kept by each worker, and the generations that tell
 * it when one may no longer be sent.
 *
 * Where this stands in a request: at_once() before a job exists (the answer
 * itself, or the generation noted in the context), keep() or touch() behind
 * the job.  Event loop only, but for what is marked.
 */

#ifndef NGX_HTTP_MEMBERCERT_CACHE_H
#define NGX_HTTP_MEMBERCERT_CACHE_H

#include "ngx_http_membercert.h"

#pragma GCC visibility push(hidden)


/* ms since a certificate was last checked against the store */
#define NGX_HTTP_MEMBERCERT_CHECKED  30000

/* What is sent: "parts" lie in memory that outlives the request. */
typedef struct {
    const mc_str_t                 *parts;
    size_t                          count;
    size_t                          len;            /* of all parts */
    ngx_str_t                       etag;           /* with its quotes */
    ngx_str_t                       disposition;
    unsigned                        not_modified:1;
} ngx_http_membercert_file_t;


/* --- ngx_http_membercert_cache.c ---------------------------------------- */

ngx_int_t ngx_http_membercert_cache_start(ngx_cycle_t *cycle);
void ngx_http_membercert_cache_stop(ngx_cycle_t *cycle);

/* Of GET certificate.pdf: sends the kept one, or NGX_DECLINED. */
ngx_int_t ngx_http_membercert_cache_at_once(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx);
/* What the job made, copied but for the template's parts; or, where nothing
 * was made because the client has it, the kept one is good for longer. */
void ngx_http_membercert_cache_keep(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_cert_pdf_t *pdf,
    const ngx_http_membercert_file_t *file);
/* The job's call was refused: where it was about a certificate, whatever is
 * kept of that member goes, in every worker. */
void ngx_http_membercert_cache_refused(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_call_t *call);


/* --- ngx_http_membercert_reply.c ---------------------------------------- */

ngx_int_t ngx_http_membercert_reply_file(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const ngx_http_membercert_file_t *file);


/* --- ngx_http_membercert_generation.c ----------------------------------- */

/* Of a zone that is made; "size" is the whole zone's. */
ngx_int_t ngx_http_membercert_generation_init(
    ngx_http_membercert_zone_t *zone, size_t size);

/* Any thread: atomic words of the zone. */
uint32_t ngx_http_membercert_generation(ngx_http_membercert_zone_t *zone,
    const mc_site_t *site, int64_t member_id);
void ngx_http_membercert_generation_raise(ngx_http_membercert_zone_t *zone,
    const mc_site_t *site, const mc_changed_t *changed);


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_CACHE_H */
