/*
 * The ways a message may leave: the lines of membercert_outbox (DESIGN 4.5).
 *
 *   file:DIR            one file a message, for demos and tests
 *   smtp:// smtps://    a mail server, over libcurl
 *   https://            a gateway, over libcurl: one signed POST
 *   exec                none from here: it waits for membercertctl
 *
 * A mc_sender_t belongs to a site: opened with it (reads the files of its
 * directives, touches no library), shared by all threads.  It holds what
 * changes under mutexes of their own: a circuit breaker a line, idle
 * connections.
 */

#ifndef MC_OUTBOX_SEND_H
#define MC_OUTBOX_SEND_H

#include "mc_curl_pool.h"
#include "mc_message.h"

#pragma GCC visibility push(hidden)


#define MC_SENDER_TIME    INT64_C(10000)    /* ms a message may take */
#define MC_SENDER_ANSWER  16384             /* bytes that may come back */

typedef enum {
    MC_SENT_LATER = 0,          /* it did not arrive, or nobody knows */
    MC_SENT_DONE,
    MC_SENT_DEAD                /* refused for good */
} mc_sent_what_t;

typedef struct {
    mc_sent_what_t  what;
    int64_t         retry_after;    /* ms; 0: the usual back-off */
    bool            tried;          /* false: costs no try, as when the
                                       breaker was open */
    bool            failed;         /* counts for the breaker */
    bool            silent;         /* no memory: says nothing of anybody */
    bool            alert;          /* the hint is worth an alert */
    const char     *hint;           /* for the error log, or NULL */
} mc_sent_t;

typedef struct mc_sender_line_s  mc_sender_line_t;

/* One kind of line.  Blocks for MC_SENDER_TIME at most (and a dead
 * resolver); "sent" is zeroed. */
typedef void (*mc_sender_pt)(mc_sender_line_t *line,
    const mc_letter_t *letter, mc_sent_t *sent);

/* What such a function has of its line; read-only but for the pool. */
struct mc_sender_line_s {
    const mc_settings_t     *settings;
    const mc_outbox_line_t  *line;
    mc_str_t                 secret;    /* or empty */
    mc_str_t                 ca;        /* PEM, or empty */
    bool                     loopback;
    mc_sender_pt             send;      /* NULL: exec */
    mc_curl_pool_t           curls;
};

typedef struct mc_sender_s  mc_sender_t;

/* Reads secret and CA files; NULL with "error".  Configuration time. */
mc_sender_t *mc_sender_open(const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR]);

/* Closes idle connections; none may be in use (exit_process). */
void mc_sender_drain(mc_sender_t *sender);
void mc_sender_close(mc_sender_t *sender);      /* NULL is fine */

/* Channels whose line may be used now: bits.  Not those of "exec", nor of a
 * line whose breaker is open. */
unsigned mc_sender_room(mc_sender_t *sender);

/* Sends by the first line that carries its channel, unless its breaker is
 * open.  Threads; blocks. */
void mc_sender_send(mc_sender_t *sender, const mc_letter_t *letter,
    mc_sent_t *sent);


/* --- the kinds ----------------------------------------------------------- */

void mc_sender_file(mc_sender_line_t *line, const mc_letter_t *letter,
    mc_sent_t *sent);
void mc_sender_smtp(mc_sender_line_t *line, const mc_letter_t *letter,
    mc_sent_t *sent);
void mc_sender_http(mc_sender_line_t *line, const mc_letter_t *letter,
    mc_sent_t *sent);

/* A failure below the protocol, as libcurl names it. */
void mc_sender_unreached(int curl_code, mc_sent_t *sent);

/* What a gateway's status and its Retry-After (seconds; 0: none) mean, and
 * what a mail server's last reply to a message that was not taken does.
 * Set every field but "tried". */
void mc_sender_http_status(long status, int64_t after, mc_sent_t *sent);
void mc_sender_smtp_reply(long reply, mc_sent_t *sent);


/* --- mc_outbox_mail.c ---------------------------------------------------- */

/*
 * An address that cannot end a header or an SMTP command early: local part
 * and host of printable ASCII without blanks, quotes and brackets.
 */
bool mc_mail_address(mc_str_t address);

/*
 * The letter as Internet mail (RFC 5322, 2045-2047): UTF-8, base64, lines of
 * CR LF; Message-ID from the dedupe key.  MC_EINVAL: an address is none.
 * Errors stick in the buffer, too.
 */
mc_err_t mc_mail_write(const mc_letter_t *letter, mc_str_t from,
    mc_str_t name, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_OUTBOX_SEND_H */
