/*
 * What differs between nginx 1.22 and 1.31, in one place.
 *
 * 1.23.0: Cookie is a linked list (was an array), every pushed header has a
 * "next" that must be cleared.  Event loop only.
 */

#ifndef NGX_HTTP_MEMBERCERT_COMPAT_H
#define NGX_HTTP_MEMBERCERT_COMPAT_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#pragma GCC visibility push(hidden)


#if (nginx_version >= 1023000)

#define ngx_http_membercert_header_end(h)  (h)->next = NULL

#else

#define ngx_http_membercert_header_end(h)

#endif


/*
 * Calls visit for every Cookie line in turn until one answers something
 * else than NGX_OK; answers that.
 */
typedef ngx_int_t (*ngx_http_membercert_line_pt)(ngx_str_t *line, void *data);

static ngx_inline ngx_int_t
ngx_http_membercert_cookies(ngx_http_request_t *r,
    ngx_http_membercert_line_pt visit, void *data)
{
    ngx_int_t  rc;

#if (nginx_version >= 1023000)

    ngx_table_elt_t  *h;

    for (h = r->headers_in.cookie; h; h = h->next) {
        rc = visit(&h->value, data);

        if (rc != NGX_OK) {
            return rc;
        }
    }

#else

    ngx_uint_t         i;
    ngx_table_elt_t  **h;

    h = r->headers_in.cookies.elts;

    for (i = 0; i < r->headers_in.cookies.nelts; i++) {
        rc = visit(&h[i]->value, data);

        if (rc != NGX_OK) {
            return rc;
        }
    }

#endif

    return NGX_OK;
}


#pragma GCC visibility pop

#endif /* NGX_HTTP_MEMBERCERT_COMPAT_H */
