/*
 * Start and end of libcurl in a process, and the list of idle handles of a
 * service: what may be known without libcurl's own header (mc_curl.h).
 *
 * Any thread; the list has a mutex of its own.
 */

#ifndef MC_CURL_POOL_H
#define MC_CURL_POOL_H

#include <pthread.h>

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_CURL_IDLE  8             /* kept; more are closed */

typedef struct {
    pthread_mutex_t  mutex;
    size_t           count;
    void            *idle[MC_CURL_IDLE];
} mc_curl_pool_t;

/*
 * Once a process that will ask, before its threads do, and never in nginx's
 * master: libcurl is initialised here and not before.  In pairs.
 */
mc_err_t mc_curl_start(void);
void mc_curl_stop(void);

void mc_curl_pool_init(mc_curl_pool_t *pool);
void mc_curl_pool_drain(mc_curl_pool_t *pool);      /* closes what idles */
void mc_curl_pool_free(mc_curl_pool_t *pool);


#pragma GCC visibility pop

#endif /* MC_CURL_POOL_H */
