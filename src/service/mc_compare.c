/*
 * The comparison of a site: its provider, the files of its directive, the
 * circuit breaker in front of it.
 *
 * Depends on domain and base.  Opened while configuration is read; asked
 * by threads.
 */

#include "mc_compare.h"

#include <pthread.h>
#include <stdio.h>

#include "mc_retry.h"
#include "mc_site_file.h"
#include "mc_time.h"


struct mc_compare_s {
    const mc_compare_provider_t  *provider;
    mc_arena_t                    arena;

    mc_compare_http_t             http;

    pthread_mutex_t               mutex;    /* the field below */
    mc_breaker_t                  breaker;
};


/* An officer decides: whatever waits, from days with another provider, goes
 * to review. */
static void
manual_ask(mc_compare_t *compare, const mc_compare_job_t *job,
    mc_compare_result_t *result)
{
    result->answer = MC_ANSWER_UNSURE;
}


static const mc_compare_provider_t  manual = {
    "manual", false, manual_ask
};


const mc_compare_provider_t *
mc_compare_provider(const mc_settings_t *settings)
{
    return settings->compare_http ? &mc_compare_http : &manual;
}


static bool
open_secret(mc_compare_t *compare, mc_str_t path,
    char error[MC_SETTINGS_ERROR])
{
    mc_str_t  secret;

    if (!mc_site_file_secret(path, &compare->arena, &secret, error)) {
        return false;
    }

    compare->http.bearer = mc_arena_printf(&compare->arena,
                                           "Authorization: Bearer %.*s",
                                           (int) secret.len, secret.data);

    if (compare->http.bearer.data == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
    }

    return compare->http.bearer.data != NULL;
}


mc_compare_t *
mc_compare_open(const mc_settings_t *settings, char error[MC_SETTINGS_ERROR])
{
    mc_compare_t  *compare;

    compare = mc_alloc(sizeof(mc_compare_t));

    if (compare == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    compare->provider = mc_compare_provider(settings);
    compare->http.settings = settings;
    mc_arena_init(&compare->arena, 2 * MC_SITE_FILE_CA);
    mc_curl_pool_init(&compare->http.curls);
    (void) pthread_mutex_init(&compare->mutex, NULL);

    if (!compare->provider->asks) {
        return compare;
    }

    if ((settings->compare_secret.len > 0
         && !open_secret(compare, settings->compare_secret, error))
        || (settings->compare_ca.len > 0
            && !mc_site_file_ca(settings->compare_ca, &compare->arena,
                             &compare->http.ca, error)))
    {
        mc_compare_close(compare);
        return NULL;
    }

    return compare;
}


void
mc_compare_drain(mc_compare_t *compare)
{
    mc_curl_pool_drain(&compare->http.curls);
}


void
mc_compare_close(mc_compare_t *compare)
{
    if (compare == NULL) {
        return;
    }

    mc_curl_pool_free(&compare->http.curls);
    (void) pthread_mutex_destroy(&compare->mutex);
    mc_arena_free(&compare->arena);
    mc_free(compare);
}


mc_compare_http_t *
mc_compare_http_of(mc_compare_t *compare)
{
    return &compare->http;
}


size_t
mc_compare_room(mc_compare_t *compare, size_t most)
{
    size_t  room;

    pthread_mutex_lock(&compare->mutex);

    if (mc_breaker_open(&compare->breaker, mc_monotonic())) {
        room = 0;

    } else {
        room = compare->breaker.failures > 0 ? 1 : most;
    }

    pthread_mutex_unlock(&compare->mutex);

    return room;
}


void
mc_compare_ask(mc_compare_t *compare, const mc_compare_job_t *job,
    mc_compare_result_t *result)
{
    *result = (mc_compare_result_t) { .answer = MC_ANSWER_RETRY,
                                      .score = -1 };

    pthread_mutex_lock(&compare->mutex);
    result->asked = mc_breaker_ask(&compare->breaker, mc_monotonic());
    pthread_mutex_unlock(&compare->mutex);

    if (!result->asked) {
        return;
    }

    compare->provider->ask(compare, job, result);

    pthread_mutex_lock(&compare->mutex);

    if (result->silent) {
        mc_breaker_undone(&compare->breaker);

    } else {
        mc_breaker_done(&compare->breaker, mc_monotonic(), !result->failed);
    }

    pthread_mutex_unlock(&compare->mutex);
}
