/*
 * The provider "http": one POST of multipart/form-data to the service of
 * the institute or an authority, over libcurl.
 *
 *   meta       {"job","member_ref","probe_sha256","reference","attempt"}
 *   probe      image/jpeg
 *   reference  image/jpeg, only with reference=inline
 *
 * Depends on domain and base.  Threads of the net pool.  Handles are lent
 * from a list, so a thread has one to itself and keeps no state of its own.
 * Time, size, protocol, proxy and redirects are all bounded here; libcurl
 * reads no environment and no file of its own but the system's CA bundle.
 */

#include "mc_compare.h"

#include <stdio.h>

#include <curl/curl.h>

#include "mc_buf.h"
#include "mc_json.h"


/* Reaching the service may take so much of the time, per cent. */
#define CONNECT_SHARE  60

struct mc_compare_handle_s {
    mc_compare_handle_t  *next;
    CURL                 *easy;
};

/* One question; freed as a whole. */
typedef struct {
    CURL               *easy;
    curl_mime          *mime;
    struct curl_slist  *headers;
    mc_buf_t            meta;
    mc_buf_t            body;       /* of the answer */
    bool                failed;     /* memory */
} question_t;


mc_err_t
mc_compare_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? MC_OK
                                                             : MC_ENOMEM;
}


void
mc_compare_stop(void)
{
    curl_global_cleanup();
}


static mc_compare_handle_t *
handle_take(mc_compare_t *compare)
{
    mc_compare_http_t    *http;
    mc_compare_handle_t  *handle;

    http = mc_compare_http_of(compare);

    mc_compare_lock(compare);

    handle = http->idle;

    if (handle != NULL) {
        http->idle = handle->next;
    }

    mc_compare_unlock(compare);

    if (handle != NULL) {
        curl_easy_reset(handle->easy);
        return handle;
    }

    handle = mc_alloc(sizeof(mc_compare_handle_t));

    if (handle == NULL) {
        return NULL;
    }

    handle->easy = curl_easy_init();

    if (handle->easy == NULL) {
        mc_free(handle);
        return NULL;
    }

    return handle;
}


static void
handle_give(mc_compare_t *compare, mc_compare_handle_t *handle)
{
    mc_compare_http_t  *http;

    http = mc_compare_http_of(compare);

    mc_compare_lock(compare);
    handle->next = http->idle;
    http->idle = handle;
    mc_compare_unlock(compare);
}


static void
http_drain(mc_compare_t *compare)
{
    mc_compare_http_t    *http;
    mc_compare_handle_t  *handle;

    http = mc_compare_http_of(compare);

    for (handle = http->idle; handle != NULL; handle = http->idle) {
        http->idle = handle->next;
        curl_easy_cleanup(handle->easy);
        mc_free(handle);
    }
}


/* libcurl ends the transfer when less is taken than was given. */
static size_t
take_body(char *data, size_t size, size_t count, void *buf)
{
    return mc_buf_append(buf, data, size * count) == MC_OK ? size * count
                                                           : 0;
}


static void
add_header(question_t *question, const char *name, const char *value)
{
    mc_buf_t            line;
    struct curl_slist  *list;

    mc_buf_init(&line, 1024);
    (void) mc_buf_printf(&line, "%s%s", name, value);
    (void) mc_buf_byte(&line, '\0');

    list = line.err == MC_OK
           ? curl_slist_append(question->headers, (char *) line.data) : NULL;

    if (list != NULL) {
        question->headers = list;

    } else {
        question->failed = true;
    }

    mc_buf_wipe(&line);
}


static void
add_part(question_t *question, const char *name, const char *type,
    const char *file, mc_str_t data)
{
    curl_mimepart  *part;

    part = curl_mime_addpart(question->mime);

    if (part == NULL
        || curl_mime_name(part, name) != CURLE_OK
        || curl_mime_type(part, type) != CURLE_OK
        || curl_mime_data(part, data.data, data.len) != CURLE_OK
        || (file != NULL && curl_mime_filename(part, file) != CURLE_OK))
    {
        question->failed = true;
    }
}


static void
write_meta(question_t *question, const mc_compare_job_t *job)
{
    mc_json_out_t  out;

    mc_json_out_init(&out, &question->meta);
    mc_json_open(&out, '{');
    mc_json_pair_str(&out, "job", mc_str_from(job->key));
    mc_json_pair_str(&out, "member_ref", job->member_ref);
    mc_json_pair_str(&out, "probe_sha256", mc_str_from(job->probe_sha256));
    mc_json_pair_str(&out, "reference", job->reference.len > 0
                                        ? mc_str("inline")
                                        : mc_str("by-ref"));
    mc_json_pair_int(&out, "attempt", job->attempt);
    mc_json_close(&out, '}');

    if (question->meta.err != MC_OK) {
        question->failed = true;
    }
}


static void
write_parts(question_t *question, const mc_compare_job_t *job)
{
    write_meta(question, job);

    question->mime = curl_mime_init(question->easy);

    if (question->mime == NULL || question->failed) {
        question->failed = true;
        return;
    }

    add_part(question, "meta", "application/json", NULL,
             mc_buf_view(&question->meta));
    add_part(question, "probe", "image/jpeg", "probe.jpg", job->probe);

    if (job->reference.len > 0) {
        add_part(question, "reference", "image/jpeg", "reference.jpg",
                 job->reference);
    }
}


static void
write_headers(question_t *question, const mc_compare_http_t *http,
    const mc_compare_job_t *job)
{
    char  ms[24];

    (void) snprintf(ms, sizeof(ms), "%lld",
                    (long long) http->settings->compare_timeout);

    add_header(question, "Idempotency-Key: ", job->key);
    add_header(question, "X-Deadline-Ms: ", ms);
    add_header(question, "Accept: ", "application/json");
    add_header(question, "Expect:", "");        /* no round trip for it */

    if (http->bearer.len > 0) {
        add_header(question, http->bearer.data, "");
    }
}


#define set(option, value)                                                   \
    (void) (rc == CURLE_OK                                                   \
            && (rc = curl_easy_setopt(easy, option, value)) != CURLE_OK)

/* Any of these that does not take effect is a question not asked. */
static CURLcode
set_bounds(CURL *easy, const mc_settings_t *settings)
{
    long      time;
    CURLcode  rc;

    rc = CURLE_OK;
    time = (long) settings->compare_timeout;

    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, time);
    set(CURLOPT_CONNECTTIMEOUT_MS, time * CONNECT_SHARE / 100);
    set(CURLOPT_MAXFILESIZE, (long) MC_COMPARE_ANSWER);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    set(CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    set(CURLOPT_USERAGENT, "membercert");
    set(CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);

    /* a resolver that hangs is left behind, not waited for */
    set(CURLOPT_QUICK_EXIT, 1L);

    return rc;
}


static CURLcode
set_question(CURL *easy, const mc_compare_http_t *http,
    question_t *question)
{
    CURLcode          rc;
    struct curl_blob  ca;

    rc = CURLE_OK;

    set(CURLOPT_URL, http->settings->compare_url.data);
    set(CURLOPT_HTTPHEADER, question->headers);
    set(CURLOPT_MIMEPOST, question->mime);
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &question->body);

    if (http->ca.len > 0) {
        ca = (struct curl_blob) { (void *) (uintptr_t) http->ca.data,
                                  http->ca.len, CURL_BLOB_NOCOPY };
        set(CURLOPT_CAINFO_BLOB, &ca);

        /* that one, and no folder of the system's beside it */
        set(CURLOPT_CAPATH, NULL);
    }

    return rc;
}

#undef set


static void
not_reached(CURLcode rc, mc_compare_result_t *result)
{
    /* no memory here says nothing of the service */
    result->failed = rc != CURLE_OUT_OF_MEMORY;

    switch (rc) {

    case CURLE_OPERATION_TIMEDOUT:
        result->hint = "comparison: the service does not answer in time";
        return;

    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        result->hint = "comparison: the service cannot be reached";
        return;

    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
        result->hint = "comparison: no trusted TLS connection to the "
                       "service";
        return;

    case CURLE_WRITE_ERROR:
    case CURLE_FILESIZE_EXCEEDED:
        result->hint = "comparison: the service sends what is no answer";
        return;

    case CURLE_OUT_OF_MEMORY:
        result->hint = "comparison: out of memory";
        return;

    default:
        result->hint = "comparison: the connection to the service broke";
    }
}


static void
perform(const mc_compare_http_t *http, question_t *question,
    mc_compare_result_t *result)
{
    long        status;
    CURLcode    rc;
    curl_off_t  after;

    status = 0;
    after = 0;

    rc = set_bounds(question->easy, http->settings);

    if (rc == CURLE_OK) {
        rc = set_question(question->easy, http, question);
    }

    if (rc == CURLE_OK) {
        rc = curl_easy_perform(question->easy);
    }

    if (rc == CURLE_OK) {
        rc = curl_easy_getinfo(question->easy, CURLINFO_RESPONSE_CODE,
                               &status);
    }

    if (rc != CURLE_OK) {
        not_reached(rc, result);
        return;
    }

    (void) curl_easy_getinfo(question->easy, CURLINFO_RETRY_AFTER, &after);

    mc_compare_read(status, mc_buf_view(&question->body), after, result);
}


static void
http_ask(mc_compare_t *compare, const mc_compare_job_t *job,
    mc_compare_result_t *result)
{
    question_t            question;
    mc_compare_http_t    *http;
    mc_compare_handle_t  *handle;

    http = mc_compare_http_of(compare);
    handle = handle_take(compare);

    if (handle == NULL) {
        not_reached(CURLE_OUT_OF_MEMORY, result);
        return;
    }

    question = (question_t) { .easy = handle->easy };
    mc_buf_init(&question.meta, 4096);
    mc_buf_init(&question.body, MC_COMPARE_ANSWER);

    write_parts(&question, job);
    write_headers(&question, http, job);

    if (question.failed) {
        not_reached(CURLE_OUT_OF_MEMORY, result);

    } else {
        perform(http, &question, result);
    }

    /* the handle still points to them */
    curl_easy_reset(handle->easy);

    curl_mime_free(question.mime);
    curl_slist_free_all(question.headers);
    mc_buf_wipe(&question.meta);
    mc_buf_wipe(&question.body);

    handle_give(compare, handle);
}


const mc_compare_provider_t  mc_compare_http = {
    "http", true, http_ask, http_drain
};
