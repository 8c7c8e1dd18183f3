/*
 * The provider "http": one POST of multipart/form-data to the service of
 * the institute or an authority, over libcurl.
 *
 *   meta       {"job","member_ref","probe_sha256","reference","attempt"}
 *   probe      image/jpeg
 *   reference  image/jpeg, only with reference=inline
 *
 * Depends on domain and base.  Threads of the net pool.  What a transfer may
 * do is bounded in mc_curl.c.
 */

#include "mc_compare.h"

#include <stdio.h>

#include "mc_curl.h"
#include "mc_json.h"


/* One question; freed as a whole. */
typedef struct {
    CURL               *easy;
    curl_mime          *mime;
    struct curl_slist  *headers;
    mc_buf_t            meta;
    mc_buf_t            body;       /* of the answer */
    bool                failed;     /* memory */
} question_t;


static void
add_header(question_t *question, const char *name, const char *value)
{
    if (!mc_curl_line(&question->headers, name, value)) {
        question->failed = true;
    }
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


/* Any of these that does not take effect is a question not asked. */
static CURLcode
set_question(CURL *easy, const mc_compare_http_t *http,
    question_t *question)
{
    CURLcode          rc;
    mc_curl_bounds_t  bounds;

    bounds = (mc_curl_bounds_t) {
        .protocols = "http,https",
        .time = http->settings->compare_timeout,
        .ca = http->ca,
    };

    rc = mc_curl_bound(easy, &bounds);

    if (rc == CURLE_OK) {
        rc = mc_curl_body(easy, &question->body);
    }

    mc_curl_set(CURLOPT_URL, http->settings->compare_url.data);
    mc_curl_set(CURLOPT_HTTPHEADER, question->headers);
    mc_curl_set(CURLOPT_MIMEPOST, question->mime);

    return rc;
}


static void
not_reached(CURLcode rc, mc_compare_result_t *result)
{
    result->silent = rc == CURLE_OUT_OF_MEMORY;
    result->failed = !result->silent;

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

    rc = set_question(question->easy, http, question);

    if (rc == CURLE_OK) {
        rc = curl_easy_perform(question->easy);
    }

    if (rc == CURLE_OK) {
        rc = curl_easy_getinfo(question->easy, CURLINFO_RESPONSE_CODE,
                               &status);
    }

    if (question->body.err == MC_ENOMEM) {
        rc = CURLE_OUT_OF_MEMORY;
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
    CURL               *easy;
    question_t          question;
    mc_compare_http_t  *http;

    http = mc_compare_http_of(compare);
    easy = mc_curl_take(&http->curls);

    if (easy == NULL) {
        not_reached(CURLE_OUT_OF_MEMORY, result);
        return;
    }

    question = (question_t) { .easy = easy };
    mc_buf_init(&question.meta, 4096);
    mc_buf_init(&question.body, MC_COMPARE_ANSWER);

    write_parts(&question, job);
    write_headers(&question, http, job);

    if (question.failed) {
        not_reached(CURLE_OUT_OF_MEMORY, result);

    } else {
        perform(http, &question, result);
    }

    /* first the handle, which still points to the rest */
    mc_curl_give(&http->curls, easy);

    curl_mime_free(question.mime);
    curl_slist_free_all(question.headers);
    mc_buf_wipe(&question.meta);
    mc_buf_wipe(&question.body);
}


const mc_compare_provider_t  mc_compare_http = {
    "http", true, http_ask
};
