/*
 * Comparison (比对) of an upload with the photo on file: providers behind
 * one struct, and what the background work asks of them (DESIGN 6.4,
 * notes/photo.md 3.4; S24-S26 X01 X07).
 *
 *   manual   every upload goes to the institute's review; nobody is asked
 *   http     a service of the institute or an authority, over libcurl
 *
 * A mc_compare_t belongs to a site: opened with it (reads the files of the
 * directive, touches no library), shared by all threads.  It holds what
 * changes under mutexes of their own: the circuit breaker, the idle
 * connections.
 */

#ifndef MC_COMPARE_H
#define MC_COMPARE_H

#include "mc_arena.h"
#include "mc_comparison.h"
#include "mc_curl_pool.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_COMPARE_ANSWER  16384    /* bytes of an answer */
#define MC_COMPARE_MODEL   64       /* bytes that are kept of a name */

typedef struct mc_compare_s  mc_compare_t;

/* What is asked: the same "key" for the same photos of the same case. */
typedef struct {
    char      key[65];              /* Idempotency-Key */
    mc_str_t  member_ref;
    char      probe_sha256[65];
    uint32_t  attempt;              /* from 1 */
    mc_str_t  probe;                /* JPEG as it is stored */
    mc_str_t  reference;            /* JPEG; empty: by-ref */
} mc_compare_job_t;

typedef struct {
    mc_answer_t  answer;            /* MC_ANSWER_RETRY unless all is well */
    int32_t      score;             /* of 10,000; -1: none */
    char         model[MC_COMPARE_MODEL + 1];
    int64_t      retry_after;       /* ms; 0: the usual back-off */
    bool         asked;             /* false: the breaker was open */
    bool         failed;            /* counts for the breaker */
    bool         silent;            /* no memory: says nothing of the
                                       service, good or bad */
    bool         alert;             /* the hint is worth an alert */
    const char  *hint;              /* for the error log, or NULL */
} mc_compare_result_t;

typedef struct {
    const char *name;               /* as in membercert_compare */
    bool        asks;               /* uploads wait for somebody's answer;
                                       false: they go to review at once */

    /* Blocks at most the directive's timeout (and a dead resolver). */
    void      (*ask)(mc_compare_t *compare, const mc_compare_job_t *job,
                   mc_compare_result_t *result);
} mc_compare_provider_t;

/* The provider these settings name. */
const mc_compare_provider_t *mc_compare_provider(
    const mc_settings_t *settings);

/* Reads secret and CA files; NULL with "error".  Configuration time. */
mc_compare_t *mc_compare_open(const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR]);

/* Closes idle connections; none may be in use (exit_process). */
void mc_compare_drain(mc_compare_t *compare);
void mc_compare_close(mc_compare_t *compare);       /* NULL is fine */

/* How many cases are worth taking now: 0 while the breaker is open, 1 while
 * the provider fails, else "most". */
size_t mc_compare_room(mc_compare_t *compare, size_t most);

/* Asks unless the breaker is open.  Threads; blocks. */
void mc_compare_ask(mc_compare_t *compare, const mc_compare_job_t *job,
    mc_compare_result_t *result);

/*
 * What an HTTP answer means; "after" is its Retry-After in seconds (0:
 * none).  Anything but a well-formed answer with a known word is
 * MC_ANSWER_RETRY.  Sets every field but "asked".  Any thread.
 */
void mc_compare_read(long status, mc_str_t body, int64_t after,
    mc_compare_result_t *result);


/* --- mc_compare_http.c --------------------------------------------------- */

/* What the provider has of its site. */
typedef struct {
    const mc_settings_t  *settings;
    mc_str_t              bearer;       /* "Authorization: ..." or empty */
    mc_str_t              ca;           /* PEM, or empty */
    mc_curl_pool_t        curls;
} mc_compare_http_t;

extern const mc_compare_provider_t  mc_compare_http;

mc_compare_http_t *mc_compare_http_of(mc_compare_t *compare);


#pragma GCC visibility pop

#endif /* MC_COMPARE_H */
