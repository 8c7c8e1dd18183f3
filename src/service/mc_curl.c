/*
 * libcurl: handles and bounds.
 *
 * Depends on base and libcurl.  Threads of the net pool, or a command.
 */

#include "mc_curl.h"


/* Reaching the service may take so much of the time, per cent. */
#define CONNECT_SHARE  60


mc_err_t
mc_curl_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? MC_OK
                                                             : MC_ENOMEM;
}


void
mc_curl_stop(void)
{
    curl_global_cleanup();
}


void
mc_curl_pool_init(mc_curl_pool_t *pool)
{
    (void) pthread_mutex_init(&pool->mutex, NULL);
    pool->count = 0;
}


void
mc_curl_pool_drain(mc_curl_pool_t *pool)
{
    while (pool->count > 0) {
        curl_easy_cleanup(pool->idle[--pool->count]);
    }
}


void
mc_curl_pool_free(mc_curl_pool_t *pool)
{
    mc_curl_pool_drain(pool);
    (void) pthread_mutex_destroy(&pool->mutex);
}


CURL *
mc_curl_take(mc_curl_pool_t *pool)
{
    CURL  *easy;

    pthread_mutex_lock(&pool->mutex);
    easy = pool->count > 0 ? pool->idle[--pool->count] : NULL;
    pthread_mutex_unlock(&pool->mutex);

    return easy != NULL ? easy : curl_easy_init();
}


void
mc_curl_give(mc_curl_pool_t *pool, CURL *easy)
{
    curl_easy_reset(easy);

    pthread_mutex_lock(&pool->mutex);

    if (pool->count < MC_CURL_IDLE) {
        pool->idle[pool->count++] = easy;
        easy = NULL;
    }

    pthread_mutex_unlock(&pool->mutex);

    if (easy != NULL) {
        curl_easy_cleanup(easy);
    }
}


/* libcurl ends the transfer when less is taken than was given. */
static size_t
take_body(char *data, size_t size, size_t count, void *buf)
{
    return mc_buf_append(buf, data, size * count) == MC_OK ? size * count
                                                           : 0;
}


CURLcode
mc_curl_body(CURL *easy, mc_buf_t *body)
{
    CURLcode  rc;

    rc = CURLE_OK;

    mc_curl_set(CURLOPT_MAXFILESIZE, (long) body->max);
    mc_curl_set(CURLOPT_WRITEFUNCTION, take_body);
    mc_curl_set(CURLOPT_WRITEDATA, body);

    return rc;
}


CURLcode
mc_curl_bound(CURL *easy, const mc_curl_bounds_t *bounds)
{
    long              time;
    CURLcode          rc;
    struct curl_blob  ca;

    rc = CURLE_OK;
    time = (long) bounds->time;

    mc_curl_set(CURLOPT_NOSIGNAL, 1L);
    mc_curl_set(CURLOPT_TIMEOUT_MS, time);
    mc_curl_set(CURLOPT_CONNECTTIMEOUT_MS, time * CONNECT_SHARE / 100);
    mc_curl_set(CURLOPT_PROTOCOLS_STR, bounds->protocols);
    mc_curl_set(CURLOPT_FOLLOWLOCATION, 0L);
    mc_curl_set(CURLOPT_PROXY, "");
    mc_curl_set(CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    mc_curl_set(CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    mc_curl_set(CURLOPT_USERAGENT, "membercert");
    mc_curl_set(CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    mc_curl_set(CURLOPT_SSL_VERIFYPEER, 1L);
    mc_curl_set(CURLOPT_SSL_VERIFYHOST, 2L);

    /* a resolver that hangs is left behind, not waited for */
    mc_curl_set(CURLOPT_QUICK_EXIT, 1L);

    if (bounds->ca.len > 0) {
        ca = (struct curl_blob) { (void *) (uintptr_t) bounds->ca.data,
                                  bounds->ca.len, CURL_BLOB_NOCOPY };
        mc_curl_set(CURLOPT_CAINFO_BLOB, &ca);

        /* that one, and no folder of the system's beside it */
        mc_curl_set(CURLOPT_CAPATH, NULL);
    }

    return rc;
}


bool
mc_curl_line(struct curl_slist **list, const char *name, const char *value)
{
    mc_buf_t            line;
    struct curl_slist  *longer;

    mc_buf_init(&line, 4096);
    (void) mc_buf_printf(&line, "%s%s", name, value);
    (void) mc_buf_byte(&line, '\0');

    longer = line.err == MC_OK
             ? curl_slist_append(*list, (char *) line.data) : NULL;

    if (longer != NULL) {
        *list = longer;
    }

    mc_buf_wipe(&line);

    return longer != NULL;
}
