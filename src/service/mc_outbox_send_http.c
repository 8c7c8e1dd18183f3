/*
 * Messages to a gateway, over libcurl: one POST of the message's JSON.
 *
 *   Idempotency-Key: DEDUPE
 *   X-Membercert-Timestamp: seconds since 1970
 *   X-Membercert-Signature: sha256=HMAC-SHA-256(secret, timestamp "." body)
 *
 * 2xx: delivered; 4xx but 408, 425 and 429: refused for good; anything else:
 * later.
 *
 * Depends on domain and base.  Threads of the net pool, or a command.
 */

#include "mc_outbox_send.h"

#include <stdio.h>

#include "mc_crypto.h"
#include "mc_curl.h"
#include "mc_retry.h"


typedef struct {
    CURL               *easy;
    struct curl_slist  *headers;
    mc_buf_t            body;       /* of the answer; nothing is read of it */
} post_t;


void
mc_sender_unreached(int curl_code, mc_sent_t *sent)
{
    sent->what = MC_SENT_LATER;
    sent->silent = curl_code == CURLE_OUT_OF_MEMORY;
    sent->failed = !sent->silent;

    switch (curl_code) {

    case CURLE_OPERATION_TIMEDOUT:
        sent->hint = "messages: the server does not answer in time";
        return;

    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        sent->hint = "messages: the server cannot be reached";
        return;

    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_USE_SSL_FAILED:
        sent->hint = "messages: no trusted TLS connection to the server";
        sent->alert = true;
        return;

    case CURLE_LOGIN_DENIED:
        sent->hint = "messages: the server refuses user or secret";
        sent->alert = true;
        return;

    case CURLE_OUT_OF_MEMORY:
        sent->hint = "messages: out of memory";
        return;

    default:
        sent->hint = "messages: the connection to the server broke";
    }
}


void
mc_sender_http_status(long status, int64_t after, mc_sent_t *sent)
{
    bool  tried;

    tried = sent->tried;
    *sent = (mc_sent_t) { .what = MC_SENT_LATER, .tried = tried };

    if (status >= 200 && status <= 299) {
        sent->what = MC_SENT_DONE;
        return;
    }

    if (status >= 400 && status <= 499 && status != 408 && status != 425
        && status != 429)
    {
        sent->what = MC_SENT_DEAD;
        sent->alert = true;
        sent->hint = "messages: the gateway refuses a message";
        return;
    }

    sent->failed = true;
    sent->hint = "messages: the gateway answers with an error";

    if (after > 0) {
        sent->retry_after = mc_retry_bound((double) after);
    }
}


static mc_err_t
sign(const mc_sender_line_t *line, const mc_letter_t *letter, char time[24],
    char signature[2 * MC_SHA256_SIZE + 1])
{
    uint8_t   mac[MC_SHA256_SIZE];
    mc_buf_t  signed_text;
    mc_err_t  err;

    (void) snprintf(time, 24, "%lld", (long long) (letter->now / 1000));

    mc_buf_init(&signed_text, MC_MESSAGE_MAX + 32);
    (void) mc_buf_printf(&signed_text, "%s.", time);
    (void) mc_buf_str(&signed_text, letter->json);

    err = signed_text.err;

    if (err == MC_OK) {
        err = mc_hmac_sha256_with(line->secret, signed_text.data,
                                  signed_text.len, mac);
    }

    if (err == MC_OK) {
        mc_hex(mac, sizeof(mac), signature);
    }

    mc_buf_wipe(&signed_text);

    return err;
}


static bool
write_headers(const mc_sender_line_t *line, const mc_letter_t *letter,
    post_t *post)
{
    char  time[24], signature[2 * MC_SHA256_SIZE + 1];

    if (!mc_curl_line(&post->headers, "Content-Type: ", "application/json")
        || !mc_curl_line(&post->headers, "Idempotency-Key: ", letter->dedupe)
        || !mc_curl_line(&post->headers, "Expect:", ""))
    {
        return false;
    }

    return line->secret.len == 0
           || (sign(line, letter, time, signature) == MC_OK
               && mc_curl_line(&post->headers, "X-Membercert-Timestamp: ",
                               time)
               && mc_curl_line(&post->headers,
                               "X-Membercert-Signature: sha256=",
                               signature));
}


static CURLcode
set_post(CURL *easy, const mc_sender_line_t *line, const mc_letter_t *letter,
    post_t *post)
{
    CURLcode          rc;
    mc_curl_bounds_t  bounds;

    bounds = (mc_curl_bounds_t) {
        .protocols = line->loopback ? "http,https" : "https",
        .time = MC_SENDER_TIME,
        .ca = line->ca,
    };

    rc = mc_curl_bound(easy, &bounds);

    if (rc == CURLE_OK) {
        rc = mc_curl_body(easy, &post->body);
    }

    mc_curl_set(CURLOPT_URL, line->line->target.data);
    mc_curl_set(CURLOPT_HTTPHEADER, post->headers);
    mc_curl_set(CURLOPT_POST, 1L);
    mc_curl_set(CURLOPT_POSTFIELDSIZE, (long) letter->json.len);
    mc_curl_set(CURLOPT_POSTFIELDS, letter->json.data);

    return rc;
}


static void
perform(const mc_sender_line_t *line, const mc_letter_t *letter,
    post_t *post, mc_sent_t *sent)
{
    long        status;
    CURLcode    rc;
    curl_off_t  after;

    status = 0;
    after = 0;
    rc = set_post(post->easy, line, letter, post);

    if (rc == CURLE_OK) {
        rc = curl_easy_perform(post->easy);
    }

    (void) curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
    (void) curl_easy_getinfo(post->easy, CURLINFO_RETRY_AFTER, &after);

    /* too long an answer is an answer, whatever became of its body: only
     * its status counts */

    if (rc == CURLE_OK || ((rc == CURLE_WRITE_ERROR
                            || rc == CURLE_FILESIZE_EXCEEDED)
                           && status >= 200))
    {
        mc_sender_http_status(status, after, sent);

    } else {
        mc_sender_unreached((int) rc, sent);
    }
}


void
mc_sender_http(mc_sender_line_t *line, const mc_letter_t *letter,
    mc_sent_t *sent)
{
    post_t  post;

    post = (post_t) { .easy = mc_curl_take(&line->curls) };
    mc_buf_init(&post.body, MC_SENDER_ANSWER);

    if (post.easy == NULL || !write_headers(line, letter, &post)) {
        mc_sender_unreached(CURLE_OUT_OF_MEMORY, sent);

    } else {
        perform(line, letter, &post, sent);
    }

    if (post.easy != NULL) {
        mc_curl_give(&line->curls, post.easy);
    }

    curl_slist_free_all(post.headers);
    mc_buf_wipe(&post.body);
}
