/*
 * Messages to a mail server, over libcurl: one connection a message.
 *
 *   smtps://   TLS from the first byte
 *   smtp://    STARTTLS, or nothing is sent; on this machine without TLS,
 *              unless ca= asks for it
 *
 * Depends on domain and base.  Threads of the net pool, or a command.
 */

#include "mc_outbox_send.h"

#include <stdio.h>

#include "mc_curl.h"


#define MAIL_MAX  (3 * MC_MESSAGE_MAX)

/* One mail; freed as a whole. */
typedef struct {
    CURL               *easy;
    struct curl_slist  *to;
    mc_buf_t            mail;
    size_t              given;      /* bytes of it */
    mc_buf_t            body;       /* what libcurl would print */
} mail_t;


static size_t
give_mail(char *out, size_t size, size_t count, void *data)
{
    size_t   len;
    mail_t  *mail;

    mail = data;
    len = mail->mail.len - mail->given;

    if (len > size * count) {
        len = size * count;
    }

    memcpy(out, mail->mail.data + mail->given, len);
    mail->given += len;

    return len;
}


/* A handle that libcurl rewinds starts from the first byte. */
static int
seek_mail(void *data, curl_off_t offset, int origin)
{
    mail_t  *mail;

    mail = data;

    if (origin != SEEK_SET || offset < 0 || (size_t) offset > mail->mail.len)
    {
        return CURL_SEEKFUNC_FAIL;
    }

    mail->given = (size_t) offset;

    return CURL_SEEKFUNC_OK;
}


static CURLcode
set_login(CURL *easy, const mc_sender_line_t *line)
{
    CURLcode  rc;

    rc = CURLE_OK;

    if (line->line->user.len > 0) {
        mc_curl_set(CURLOPT_USERNAME, line->line->user.data);
        mc_curl_set(CURLOPT_PASSWORD, line->secret.data);

        /* what needs no file or environment of this machine */
        mc_curl_set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
    }

    return rc;
}


static CURLcode
set_mail(CURL *easy, const mc_sender_line_t *line, mail_t *mail,
    const char *from)
{
    bool              tls;
    CURLcode          rc;
    mc_curl_bounds_t  bounds;

    bounds = (mc_curl_bounds_t) {
        .protocols = "smtp,smtps",
        .time = MC_SENDER_TIME,
        .ca = line->ca,
    };

    rc = mc_curl_bound(easy, &bounds);

    if (rc == CURLE_OK) {
        rc = mc_curl_body(easy, &mail->body);
    }

    if (rc == CURLE_OK) {
        rc = set_login(easy, line);
    }

    tls = !line->loopback || line->ca.len > 0;

    mc_curl_set(CURLOPT_URL, line->line->target.data);
    mc_curl_set(CURLOPT_USE_SSL, tls ? (long) CURLUSESSL_ALL
                                     : (long) CURLUSESSL_NONE);
    mc_curl_set(CURLOPT_MAIL_FROM, from);
    mc_curl_set(CURLOPT_MAIL_RCPT, mail->to);
    mc_curl_set(CURLOPT_UPLOAD, 1L);
    mc_curl_set(CURLOPT_READFUNCTION, give_mail);
    mc_curl_set(CURLOPT_READDATA, mail);
    mc_curl_set(CURLOPT_SEEKFUNCTION, seek_mail);
    mc_curl_set(CURLOPT_SEEKDATA, mail);
    mc_curl_set(CURLOPT_INFILESIZE, (long) mail->mail.len);

    /* the end of the connection is not covered by the time of the whole */
    mc_curl_set(CURLOPT_FORBID_REUSE, 1L);
    mc_curl_set(CURLOPT_SERVER_RESPONSE_TIMEOUT,
                (long) (MC_SENDER_TIME / 1000 / 2));

    return rc;
}


void
mc_sender_smtp_reply(long reply, mc_sent_t *sent)
{
    bool  tried;

    tried = sent->tried;
    *sent = (mc_sent_t) { .what = MC_SENT_LATER, .tried = tried };

    if (reply >= 550 && reply <= 559) {
        sent->what = MC_SENT_DEAD;
        sent->hint = "messages: the mail server refuses an address or a "
                     "message";
        return;
    }

    sent->failed = true;
    sent->alert = reply >= 500 && reply <= 599;
    sent->hint = sent->alert
                 ? "messages: the mail server refuses to work for us"
                 : "messages: the mail server does not take messages now";
}


static void
perform(const mc_sender_line_t *line, mail_t *mail, const char *from,
    mc_sent_t *sent)
{
    long      reply;
    CURLcode  rc;

    reply = 0;
    rc = set_mail(mail->easy, line, mail, from);

    if (rc == CURLE_OK) {
        rc = curl_easy_perform(mail->easy);
    }

    if (rc == CURLE_OK) {
        sent->what = MC_SENT_DONE;
        return;
    }

    (void) curl_easy_getinfo(mail->easy, CURLINFO_RESPONSE_CODE, &reply);

    /* it answered, and that was not what was hoped for */

    if ((rc == CURLE_SEND_ERROR || rc == CURLE_WEIRD_SERVER_REPLY)
        && reply >= 400)
    {
        mc_sender_smtp_reply(reply, sent);

    } else {
        mc_sender_unreached((int) rc, sent);
    }
}


void
mc_sender_smtp(mc_sender_line_t *line, const mc_letter_t *letter,
    mc_sent_t *sent)
{
    char      from[256], to[260];
    mail_t    mail;
    mc_err_t  err;

    mail = (mail_t) { .easy = mc_curl_take(&line->curls) };
    mc_buf_init(&mail.mail, MAIL_MAX);
    mc_buf_init(&mail.body, MC_SENDER_ANSWER);

    err = mc_mail_write(letter, line->line->from, line->settings->issuer,
                        &mail.mail);

    (void) snprintf(from, sizeof(from), "<%.*s>",
                    (int) line->line->from.len, line->line->from.data);
    (void) snprintf(to, sizeof(to), "<%.*s>", (int) letter->to.len,
                    letter->to.data);

    if (err == MC_EINVAL) {
        sent->what = MC_SENT_DEAD;
        sent->hint = "messages: an address on file is none";

    } else if (err != MC_OK || mail.easy == NULL
               || !mc_curl_line(&mail.to, to, ""))
    {
        mc_sender_unreached(CURLE_OUT_OF_MEMORY, sent);

    } else {
        perform(line, &mail, from, sent);
    }

    if (mail.easy != NULL) {
        mc_curl_give(&line->curls, mail.easy);
    }

    curl_slist_free_all(mail.to);
    mc_buf_wipe(&mail.mail);
    mc_buf_wipe(&mail.body);
}
