/*
 * Sending: JSON, nothing (204), a photo's bytes, the PDF.
 *
 * What is sent lies in the call, in ctx->reply, in the template or in an
 * entry of the cache, none of which goes before the request, so nothing is
 * copied.  Every reply but the PDF and the mini
 * program's code (_mini.c) switches nginx's own If-Match and If-None-Match
 * off: a save that was committed must not turn into nginx's 412 (DESIGN
 * 4.9).  Event loop only.
 */

#include "ngx_http_membercert_cache.h"


static const char  ngx_http_membercert_private[] = "private, no-store";


ngx_table_elt_t *
ngx_http_membercert_reply_header(ngx_http_request_t *r, const char *key,
    ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NULL;
    }

    h->hash = 1;
    h->key.data = (u_char *) key;
    h->key.len = ngx_strlen(key);
    h->value = *value;
    ngx_http_membercert_header_end(h);

    return h;
}


/* Status, type and the headers every reply has. */
ngx_int_t
ngx_http_membercert_reply_begin(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, const char *cache_control)
{
    ngx_str_t  value;

    r->disable_not_modified = 1;
    r->headers_out.status = status;

    if (type != NULL) {
        r->headers_out.content_type.data = (u_char *) type;
        r->headers_out.content_type.len = ngx_strlen(type);
        r->headers_out.content_type_len = r->headers_out.content_type.len;
        r->headers_out.content_type_lowcase = NULL;
    }

    value.data = (u_char *) cache_control;
    value.len = ngx_strlen(cache_control);

    if (ngx_http_membercert_reply_header(r, "Cache-Control", &value)
        == NULL)
    {
        return NGX_ERROR;
    }

    ngx_str_set(&value, "nosniff");

    if (ngx_http_membercert_reply_header(r, "X-Content-Type-Options", &value)
        == NULL)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_membercert_reply_bytes(ngx_http_request_t *r, const void *data,
    size_t len)
{
    ngx_buf_t    *b;
    ngx_int_t     rc;
    ngx_chain_t   out;

    r->headers_out.content_length_n = (off_t) len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) data;
    b->last = b->pos + len;
    b->memory = (len != 0);
    b->last_buf = (r == r->main);
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


static void
ngx_http_membercert_reply_free(void *data)
{
    mc_buf_wipe(data);
}


ngx_int_t
ngx_http_membercert_reply_json(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, ngx_uint_t status, const char *type,
    const char *cache_control)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);

    if (cln == NULL || ctx->reply.err != MC_OK) {
        mc_buf_wipe(&ctx->reply);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_http_membercert_reply_free;
    cln->data = &ctx->reply;

    if (ngx_http_membercert_reply_begin(r, status, type, cache_control)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_membercert_reply_bytes(r, ctx->reply.data,
                                           ctx->reply.len);
}


mc_json_out_t
ngx_http_membercert_reply_out(ngx_http_membercert_ctx_t *ctx)
{
    mc_json_out_t  out;

    mc_buf_init(&ctx->reply, NGX_HTTP_MEMBERCERT_REPLY_MAX);
    mc_json_out_init(&out, &ctx->reply);

    return out;
}


/* The success of most routes: what the row's writer makes of the call. */
ngx_int_t
ngx_http_membercert_reply_written(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    ngx_uint_t                          status;
    mc_json_out_t                       out;
    const ngx_http_membercert_route_t  *route;

    route = ctx->route;
    status = route->status ? route->status(call) : NGX_HTTP_OK;

    out = ngx_http_membercert_reply_out(ctx);
    route->write(&out, call);

    return ngx_http_membercert_reply_json(r, ctx, status, "application/json",
                                          route->common
                                          ? "no-cache"
                                          : ngx_http_membercert_private);
}


ngx_int_t
ngx_http_membercert_reply_nothing(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    if (ngx_http_membercert_reply_begin(r, NGX_HTTP_NO_CONTENT, NULL,
                                        ngx_http_membercert_private)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->header_only = 1;

    return ngx_http_send_header(r);
}


ngx_int_t
ngx_http_membercert_reply_profile(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    u_char        *p;
    ngx_str_t      value;
    mc_profile_t  *profile;

    profile = call;

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN + 2);
    if (p == NULL) {
        return NGX_ERROR;
    }

    value.data = p;
    value.len = (size_t) (ngx_sprintf(p, "\"%L\"", profile->revision) - p);

    if (ngx_http_membercert_reply_header(r, "ETag", &value) == NULL) {
        return NGX_ERROR;
    }

    return ngx_http_membercert_reply_written(r, ctx, profile);
}


ngx_int_t
ngx_http_membercert_reply_photo(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_photo_get_t  *get;

    get = call;

    if (ngx_http_membercert_reply_begin(r, NGX_HTTP_OK, "image/jpeg",
                                        ngx_http_membercert_private)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_membercert_reply_bytes(r, get->jpeg.data, get->jpeg.len);
}


/*
 * attachment; filename="membercert-CERTIFICATE_NO.pdf"; filename*=UTF-8''..
 * (RFC 6266): the first for clients that know no other, in ASCII; the
 * second begins with the Chinese word for the certificate.
 */
static ngx_int_t
ngx_http_membercert_reply_name(ngx_http_request_t *r,
    const mc_cert_pdf_t *pdf, ngx_str_t *value)
{
    size_t       i;
    u_char       c, *p;
    ngx_uint_t   any;

    static const char  attachment[] = "attachment; filename=\"membercert";
    static const char  star[] = ".pdf\"; filename*=UTF-8''"
                                "%E4%BC%9A%E5%91%98%E8%AF%81-";

    value->data = ngx_pnalloc(r->pool, sizeof(attachment) + sizeof(star)
                              + pdf->certificate_no.len
                              + 3 * pdf->name.len + sizeof("-.pdf"));
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(value->data, attachment, sizeof(attachment) - 1);

    any = 0;

    for (i = 0; i < pdf->certificate_no.len; i++) {
        c = (u_char) pdf->certificate_no.data[i];

        if ((c >= '0' && c <= '9') || c == '-'
            || (ngx_tolower(c) >= 'a' && ngx_tolower(c) <= 'z'))
        {
            if (!any) {
                *p++ = '-';
                any = 1;
            }

            *p++ = c;
        }
    }

    p = ngx_cpymem(p, star, sizeof(star) - 1);

    p = (u_char *) ngx_escape_uri(p, (u_char *) pdf->name.data,
                                  pdf->name.len, NGX_ESCAPE_URI_COMPONENT);

    p = ngx_cpymem(p, ".pdf", sizeof(".pdf") - 1);

    value->len = (size_t) (p - value->data);

    return NGX_OK;
}


/* A chain over memory that somebody else keeps: nothing is copied. */
static ngx_int_t
ngx_http_membercert_reply_parts(ngx_http_request_t *r,
    const ngx_http_membercert_file_t *file)
{
    ngx_buf_t    *b, *bufs;
    ngx_int_t     rc;
    ngx_uint_t    i, n;
    ngx_chain_t   out[MC_DOCUMENT_PARTS];

    r->headers_out.content_length_n = (off_t) file->len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    bufs = ngx_pcalloc(r->pool, MC_DOCUMENT_PARTS * sizeof(ngx_buf_t));
    if (bufs == NULL) {
        return NGX_ERROR;
    }

    n = 0;

    for (i = 0; i < file->count; i++) {

        if (file->parts[i].len == 0) {
            continue;
        }

        b = &bufs[n];

        b->start = (u_char *) file->parts[i].data;
        b->end = b->start + file->parts[i].len;
        b->pos = b->start;
        b->last = b->end;
        b->memory = 1;

        out[n].buf = b;
        out[n].next = &out[n + 1];
        n++;
    }

    if (n == 0) {
        return NGX_ERROR;
    }

    out[n - 1].buf->last_buf = 1;
    out[n - 1].buf->last_in_chain = 1;
    out[n - 1].next = NULL;

    return ngx_http_output_filter(r, out);
}


/*
 * HEAD, Range, If-Range and If-Match are nginx's, over memory; of several
 * ranges it makes one file whose parts may not lie in several buffers, so
 * they get the whole.  The desk's is the answer to a POST, recorded as a
 * download: the whole file or none, and no cache keeps it.
 */
ngx_int_t
ngx_http_membercert_reply_file(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, const ngx_http_membercert_file_t *file)
{
    ngx_str_t         value;
    ngx_table_elt_t  *h;

    if (ngx_http_membercert_reply_begin(r, NGX_HTTP_OK,
                                        file->not_modified
                                        ? NULL : "application/pdf",
                                        ctx->officer
                                        ? ngx_http_membercert_private
                                        : "private, no-cache")
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (!ctx->officer) {
        value = file->etag;

        h = ngx_http_membercert_reply_header(r, "ETag", &value);
        if (h == NULL) {
            return NGX_ERROR;
        }

        if (file->not_modified) {
            r->headers_out.status = NGX_HTTP_NOT_MODIFIED;
            ngx_http_clear_content_length(r);
            r->header_only = 1;

            return ngx_http_send_header(r);
        }

        r->headers_out.etag = h;
        r->disable_not_modified = 0;
        r->allow_ranges = 1;
        r->single_range = 1;
    }

    value = file->disposition;

    if (ngx_http_membercert_reply_header(r, "Content-Disposition", &value)
        == NULL)
    {
        return NGX_ERROR;
    }

    return ngx_http_membercert_reply_parts(r, file);
}


ngx_int_t
ngx_http_membercert_reply_pdf(ngx_http_request_t *r,
    ngx_http_membercert_ctx_t *ctx, void *call)
{
    mc_cert_pdf_t               *pdf;
    ngx_http_membercert_file_t   file;

    pdf = call;

    ngx_memzero(&file, sizeof(ngx_http_membercert_file_t));

    file.etag.data = (u_char *) pdf->etag;
    file.etag.len = ngx_strlen(pdf->etag);
    file.not_modified = pdf->not_modified ? 1 : 0;

    if (!file.not_modified) {
        file.parts = pdf->document.parts;
        file.count = pdf->document.count;
        file.len = pdf->document.len;

        if (ngx_http_membercert_reply_name(r, pdf, &file.disposition)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (!ctx->officer) {
        ngx_http_membercert_cache_keep(r, ctx, pdf, &file);
    }

    return ngx_http_membercert_reply_file(r, ctx, &file);
}
