/*
 * Finished certificates of this worker: sent again without a job while
 * nothing about the member was written (the generation in the zone is the
 * one from before they were made) and the store was asked for them within
 * the last 30 s; only to a session that the zone vouches for.  The request
 * that comes later asks the store, and what it makes takes the place.
 *
 *   at_once:  found -> the file, a note for the audit
 *             else  -> the generation is read, the job posted
 *   keep:     what the job made is copied, the oldest go
 *   refused:  the store says no, so nobody sends what was kept
 *
 * A list, latest first, and a table of chains; bounded in bytes.  What is
 * kept holds a name and a portrait: it is overwritten when it goes.  The
 * parts of the template are pointed to, not copied: the template belongs to
 * the same configuration as the worker's cache, and a request keeps what it
 * sends (refs), so that neither goes under it.
 *
 * A worker that is about to end keeps nothing: after a binary upgrade its
 * zone is no longer the one that the others write to.  Event loop only.
 */

#include "ngx_http_membercert_cache.h"


#define NGX_HTTP_MEMBERCERT_LAYOUT  32      /* letters of its name */

/* bytes of the bound for each chain */
#define NGX_HTTP_MEMBERCERT_CHAIN   16384


typedef struct ngx_http_membercert_entry_s  ngx_http_membercert_entry_t;

struct ngx_http_membercert_entry_s {
    ngx_queue_t                      queue;
    ngx_http_membercert_entry_t     *next;      /* of the chain */
    size_t                           size;      /* bytes of all this */
    ngx_uint_t                       refs;      /* requests that send it */

    int64_t                          member_id;
    mc_str_t                         layout;
    int64_t                          serial;
    uint32_t                         generation;
    ngx_msec_t                       checked;   /* by ngx_current_msec */

    ngx_http_membercert_file_t       file;
    mc_str_t                         parts[MC_DOCUMENT_PARTS];

    unsigned                         linked:1;
};


struct ngx_http_membercert_cache_s {
    size_t                           most;      /* bytes */
    size_t                           size;
    ngx_queue_t                      queue;     /* latest first */
    ngx_uint_t                       mask;
    ngx_http_membercert_entry_t     *chains[1];
};


static ngx_http_membercert_cache_t *ngx_http_membercert_cache_create(
    size_t most);
static ngx_http_membercert_entry_t *ngx_http_membercert_cache_copy(
    ngx_http_membercert_ctx_t *ctx, const mc_cert_pdf_t *pdf,
    const ngx_http_membercert_file_t *file);


ngx_int_t
ngx_http_membercert_cache_start(ngx_cycle_t *cycle)
{
    int64_t                            most;
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
        most = sites[i]->site->settings->cache_size;

        if (most == 0) {
            continue;
        }

        sites[i]->cache = ngx_http_membercert_cache_create((size_t) most);

        if (sites[i]->cache == NULL) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_http_membercert_cache_t *
ngx_http_membercert_cache_create(size_t most)
{
    size_t                        chains;
    ngx_http_membercert_cache_t  *cache;

    chains = 16;

    while (chains < most / NGX_HTTP_MEMBERCERT_CHAIN) {
        chains *= 2;
    }

    cache = mc_alloc(sizeof(ngx_http_membercert_cache_t)
                     + (chains - 1) * sizeof(ngx_http_membercert_entry_t *));
    if (cache == NULL) {
        return NULL;
    }

    ngx_queue_init(&cache->queue);

    cache->most = most;
    cache->mask = chains - 1;

    return cache;
}


static ngx_http_membercert_entry_t **
ngx_http_membercert_cache_chain(ngx_http_membercert_cache_t *cache,
    int64_t member_id, mc_str_t layout)
{
    uint32_t  hash;

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, (u_char *) &member_id, sizeof(member_id));
    ngx_crc32_update(&hash, (u_char *) layout.data, layout.len);
    ngx_crc32_final(hash);

    return &cache->chains[hash & cache->mask];
}


static ngx_http_membercert_entry_t *
ngx_http_membercert_cache_find(ngx_http_membercert_cache_t *cache,
    int64_t member_id, mc_str_t layout)
{
    ngx_http_membercert_entry_t  *entry;

    entry = *ngx_http_membercert_cache_chain(cache, member_id, layout);

    while (entry != NULL
           && (entry->member_id != member_id
               || !mc_str_eq(entry->layout, layout)))
    {
        entry = entry->next;
    }

    return entry;
}


static void
ngx_http_membercert_cache_free(ngx_http_membercert_entry_t *entry)
{
    if (!entry->linked && entry->refs == 0) {
        mc_free_wiped(entry, entry->size);
    }
}


static void
ngx_http_membercert_cache_drop(ngx_http_membercert_cache_t *cache,
    ngx_http_membercert_entry_t *entry)
{
    ngx_http_membercert_entry_t  **p;

    p = ngx_http_membercert_cache_chain(cache, entry->member_id,
                                        entry->layout);

    while (*p != entry) {
        p = &(*p)->next;
    }

    *p = entry->next;

    ngx_queue_remove(&entry->queue);

    cache->size -= entry->size;
    entry->linked = 0;

    ngx_http_membercert_cache_free(entry);
}


static void
ngx_http_membercert_cache_shrink(ngx_http_membercert_cache_t *cache,
    size_t size)
{
    ngx_queue_t  *q;

    while (cache->size > size) {
        q = ngx_queue_last(&cache->queue);

        ngx_http_membercert_cache_drop(cache,
            ngx_queue_data(q, ngx_http_membercert_entry_t, queue));
    }
}


void
ngx_http_membercert_cache_stop(ngx_cycle_t *cycle)
{
    ngx_uint_t                         i;
    ngx_http_membercert_site_t       **sites;
    ngx_http_membercert_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle,
                                              ngx_http_membercert_module);
    sites = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {

        if (sites[i]->cache != NULL) {
            ngx_http_membercert_cache_shrink(sites[i]->cache, 0);
            mc_free(sites[i]->cache);
            sites[i]->cache = NULL;
        }
    }
}


/* As the service is asked for it: one that is none of ours is not found. */
static mc_str_t
ngx_http_membercert_cache_layout(ngx_http_request_t *r)
{
    mc_str_t   layout;
    ngx_str_t  value;

    layout = mc_str_null;

    if (ngx_http_arg(r, (u_char *) "layout", 6, &value) == NGX_OK) {
        layout.data = (const char *) value.data;
        layout.len = value.len;
    }

    return layout;
}


static void
ngx_http_membercert_cache_sent(void *data)
{
    ngx_http_membercert_entry_t  *entry;

    entry = data;
    entry->refs--;

    ngx_http_membercert_cache_free(entry);
}


static void
ngx_http_membercert_cache_note(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const ngx_http_membercert_entry_t *entry)
{
    mc_audit_note_t  note;

    ngx_memzero(&note, sizeof(mc_audit_note_t));

    note.action = "download";
    note.member_id = entry->member_id;

    ngx_sprintf((u_char *) note.result, "serial %L%Z", entry->serial);

    ngx_http_membercert_audit_again(r, ctx, &note);
}


static ngx_int_t
ngx_http_membercert_cache_send(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_http_membercert_entry_t *entry)
{
    mc_str_t                     list, etag;
    ngx_table_elt_t             *h;
    ngx_pool_cleanup_t          *cln;
    ngx_http_membercert_file_t   file;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_membercert_cache_sent;
    cln->data = entry;

    entry->refs++;

    file = entry->file;
    h = r->headers_in.if_none_match;

    if (h != NULL) {
        list.data = (const char *) h->value.data;
        list.len = h->value.len;
        etag.data = (const char *) file.etag.data;
        etag.len = file.etag.len;

        file.not_modified = mc_cert_etag_listed(list, etag) ? 1 : 0;
    }

    if (!file.not_modified) {
        ngx_http_membercert_cache_note(r, ctx, entry);
    }

    return ngx_http_membercert_reply_file(r, ctx, &file);
}


ngx_int_t
ngx_http_membercert_cache_at_once(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx)
{
    mc_str_t                      layout;
    ngx_http_membercert_cache_t  *cache;
    ngx_http_membercert_entry_t  *entry;

    cache = ctx->site->cache;

    if (cache == NULL || !ctx->credential.trusted || ngx_exiting) {
        return NGX_DECLINED;
    }

    layout = ngx_http_membercert_cache_layout(r);

    if (layout.len > NGX_HTTP_MEMBERCERT_LAYOUT) {
        return NGX_DECLINED;
    }

    ctx->cache_asked = 1;
    ctx->asked = ngx_current_msec;
    ctx->generation = ngx_http_membercert_generation(
                          ngx_http_membercert_zone_get(r), ctx->site->site,
                          ctx->credential.member_id);

    entry = ngx_http_membercert_cache_find(cache, ctx->credential.member_id,
                                           layout);
    if (entry == NULL) {
        return NGX_DECLINED;
    }

    if (entry->generation != ctx->generation) {
        ngx_http_membercert_cache_drop(cache, entry);
        return NGX_DECLINED;
    }

    if (ngx_current_msec - entry->checked > NGX_HTTP_MEMBERCERT_CHECKED) {
        return NGX_DECLINED;
    }

    ngx_queue_remove(&entry->queue);
    ngx_queue_insert_head(&cache->queue, &entry->queue);

    ctx->cache_hit = 1;

    return ngx_http_membercert_cache_send(r, ctx, entry);
}


static ngx_uint_t
ngx_http_membercert_cache_same(const ngx_str_t *a, const ngx_str_t *b)
{
    return a->len == b->len && ngx_memcmp(a->data, b->data, a->len) == 0;
}


/* What one worker finds out, all learn. */
static void
ngx_http_membercert_cache_stale(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, int64_t member_id)
{
    mc_changed_t  changed;

    changed = (mc_changed_t) { .count = 1, .ids = { member_id } };

    ngx_http_membercert_generation_raise(ngx_http_membercert_zone_get(r),
                                         ctx->site->site, &changed);
}


void
ngx_http_membercert_cache_refused(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_call_t *call)
{
    if (ctx->route->at_once == ngx_http_membercert_cache_at_once
        && call->member_id != 0
        && mc_problem_kind(call->problems.items[0].code)
           != MC_KIND_UNAVAILABLE)
    {
        ngx_http_membercert_cache_stale(r, ctx, call->member_id);
    }
}


/* Is it the template's?  Else it lies in the call's memory. */
static ngx_uint_t
ngx_http_membercert_cache_constant(const mc_cert_pdf_t *pdf, mc_str_t part)
{
    const char  *own;

    own = (const char *) pdf->own.data;

    return !(own != NULL && part.data >= own
             && part.data < own + pdf->own.len)
           && !(pdf->photo.data != NULL && part.data >= pdf->photo.data
                && part.data < pdf->photo.data + pdf->photo.len);
}


static ngx_http_membercert_entry_t *
ngx_http_membercert_cache_copy(ngx_http_membercert_ctx_t *ctx,
    const mc_cert_pdf_t *pdf, const ngx_http_membercert_file_t *file)
{
    u_char                       *p;
    size_t                        size;
    ngx_uint_t                    i;
    ngx_http_membercert_entry_t  *entry;

    size = sizeof(ngx_http_membercert_entry_t) + file->etag.len
           + file->disposition.len + pdf->layout.len;

    for (i = 0; i < file->count; i++) {

        if (!ngx_http_membercert_cache_constant(pdf, file->parts[i])) {
            size += file->parts[i].len;
        }
    }

    entry = mc_alloc(size);
    if (entry == NULL) {
        return NULL;
    }

    entry->size = size;
    entry->member_id = pdf->call.member_id;
    entry->serial = pdf->serial;
    entry->generation = ctx->generation;
    entry->checked = ctx->asked;

    p = (u_char *) entry + sizeof(ngx_http_membercert_entry_t);

    entry->file = *file;
    entry->file.parts = entry->parts;

    for (i = 0; i < file->count; i++) {
        entry->parts[i] = file->parts[i];

        if (!ngx_http_membercert_cache_constant(pdf, file->parts[i])) {
            entry->parts[i].data = (const char *) p;
            p = ngx_cpymem(p, file->parts[i].data, file->parts[i].len);
        }
    }

    entry->file.etag.data = p;
    p = ngx_cpymem(p, file->etag.data, file->etag.len);

    entry->file.disposition.data = p;
    p = ngx_cpymem(p, file->disposition.data, file->disposition.len);

    entry->layout.data = (const char *) p;
    entry->layout.len = pdf->layout.len;

    if (pdf->layout.len != 0) {
        ngx_memcpy(p, pdf->layout.data, pdf->layout.len);
    }

    return entry;
}


static void
ngx_http_membercert_cache_add(ngx_http_membercert_cache_t *cache,
    ngx_http_membercert_entry_t *entry)
{
    ngx_http_membercert_entry_t  **p;

    if (entry->size > cache->most) {
        ngx_http_membercert_cache_free(entry);
        return;
    }

    ngx_http_membercert_cache_shrink(cache, cache->most - entry->size);

    p = ngx_http_membercert_cache_chain(cache, entry->member_id,
                                        entry->layout);

    entry->next = *p;
    *p = entry;

    ngx_queue_insert_head(&cache->queue, &entry->queue);

    cache->size += entry->size;
    entry->linked = 1;
}


void
ngx_http_membercert_cache_keep(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const mc_cert_pdf_t *pdf,
    const ngx_http_membercert_file_t *file)
{
    int64_t                       member_id;
    uint32_t                      generation;
    ngx_http_membercert_cache_t  *cache;
    ngx_http_membercert_entry_t  *entry;

    cache = ctx->site->cache;
    member_id = pdf->call.member_id;

    if (cache == NULL || ngx_exiting
        || pdf->layout.len > NGX_HTTP_MEMBERCERT_LAYOUT)
    {
        return;
    }

    generation = ngx_http_membercert_generation(
                     ngx_http_membercert_zone_get(r), ctx->site->site,
                     member_id);

    entry = ngx_http_membercert_cache_find(cache, member_id, pdf->layout);

    if (entry != NULL && entry->generation == generation) {

        if (!ngx_http_membercert_cache_same(&entry->file.etag, &file->etag))
        {
            /* written by somebody who does not know the zone */
            ngx_http_membercert_cache_stale(r, ctx, member_id);

        } else if (ctx->cache_asked && ctx->generation == generation
                   && (ngx_msec_int_t) (ctx->asked - entry->checked) > 0)
        {
            entry->checked = ctx->asked;
        }

        return;
    }

    if (entry != NULL) {
        ngx_http_membercert_cache_drop(cache, entry);
    }

    if (!ctx->cache_asked || ctx->generation != generation
        || file->not_modified)
    {
        /* somebody wrote meanwhile: who knows what was read */
        return;
    }

    entry = ngx_http_membercert_cache_copy(ctx, pdf, file);

    if (entry != NULL) {
        ngx_http_membercert_cache_add(cache, entry);
    }
}
