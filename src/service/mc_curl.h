/*
 * libcurl as this program uses it: handles lent from a list, and the bounds
 * every transfer has (DESIGN 4.5).  Time, size, protocol, proxy and redirects
 * are set here; libcurl reads no environment and no file of its own but the
 * system's CA bundle.
 *
 * Depends on base and libcurl.  Threads of the net pool, or a command.  A
 * thread has a handle to itself and keeps no state of its own.
 */

#ifndef MC_CURL_H
#define MC_CURL_H

#include <curl/curl.h>

#include "mc_buf.h"
#include "mc_curl_pool.h"

#pragma GCC visibility push(hidden)


/* What a transfer may use. */
typedef struct {
    const char  *protocols;         /* "http,https" */
    int64_t      time;              /* ms in all */
    mc_str_t     ca;                /* PEM, trusted alone; empty: the
                                       system's.  Stays until the end */
} mc_curl_bounds_t;

/* A fresh handle; NULL: out of memory.  Given back, it is reset: what was
 * set may be freed. */
CURL *mc_curl_take(mc_curl_pool_t *pool);
void mc_curl_give(mc_curl_pool_t *pool, CURL *easy);

/* Any of these that does not take effect is a transfer not to be begun. */
CURLcode mc_curl_bound(CURL *easy, const mc_curl_bounds_t *bounds);

/* Whatever is sent back goes to "body", up to its maximum, where libcurl
 * ends the transfer. */
CURLcode mc_curl_body(CURL *easy, mc_buf_t *body);

/* Adds "name" followed by "value"; false: out of memory. */
bool mc_curl_line(struct curl_slist **list, const char *name,
    const char *value);

/* For a row of options: rc is a CURLcode, easy a handle. */
#define mc_curl_set(option, value)                                           \
    (void) (rc == CURLE_OK                                                   \
            && (rc = curl_easy_setopt(easy, option, value)) != CURLE_OK)


#pragma GCC visibility pop

#endif /* MC_CURL_H */
