/*
 * The outbox lines of a site: their files, which one takes a message, the
 * circuit breaker in front of each.
 *
 * Depends on domain, base.  Opened while configuration is read; used by
 * threads.
 */

#include "mc_outbox_send.h"

#include <stdio.h>

#include "mc_retry.h"
#include "mc_site_file.h"
#include "mc_time.h"
#include "mc_word.h"


struct mc_sender_s {
    mc_arena_t         arena;
    size_t             count;
    mc_sender_line_t   lines[MC_SETTINGS_OUTBOXES];

    pthread_mutex_t    mutex;       /* the field below */
    mc_breaker_t       breakers[MC_SETTINGS_OUTBOXES];
};


static mc_sender_pt
kind_of(mc_str_t kind)
{
    if (mc_str_is(kind, "exec")) {
        return NULL;
    }

    if (mc_str_is(kind, "file")) {
        return mc_sender_file;
    }

    return mc_str_is(kind, "smtp") || mc_str_is(kind, "smtps")
           ? mc_sender_smtp : mc_sender_http;
}


static bool
open_line(mc_sender_t *sender, const mc_settings_t *settings, size_t n,
    char error[MC_SETTINGS_ERROR])
{
    mc_sender_line_t        *line;
    const mc_outbox_line_t  *stated;

    line = &sender->lines[n];
    stated = &settings->outboxes[n];

    line->settings = settings;
    line->line = stated;
    line->send = kind_of(stated->kind);
    line->loopback = mc_word_loopback(stated->target);
    mc_curl_pool_init(&line->curls);
    sender->count++;

    if (stated->secret.len > 0
        && !mc_site_file_secret(stated->secret, &sender->arena,
                                &line->secret, error))
    {
        return false;
    }

    return stated->ca.len == 0
           || mc_site_file_ca(stated->ca, &sender->arena, &line->ca, error);
}


mc_sender_t *
mc_sender_open(const mc_settings_t *settings, char error[MC_SETTINGS_ERROR])
{
    size_t        i;
    mc_sender_t  *sender;

    sender = mc_alloc(sizeof(mc_sender_t));

    if (sender == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    mc_arena_init(&sender->arena, MC_SETTINGS_OUTBOXES * 2 * MC_SITE_FILE_CA);
    (void) pthread_mutex_init(&sender->mutex, NULL);

    for (i = 0; i < settings->outbox_count; i++) {

        if (!open_line(sender, settings, i, error)) {
            mc_sender_close(sender);
            return NULL;
        }
    }

    return sender;
}


void
mc_sender_drain(mc_sender_t *sender)
{
    size_t  i;

    for (i = 0; i < sender->count; i++) {
        mc_curl_pool_drain(&sender->lines[i].curls);
    }
}


void
mc_sender_close(mc_sender_t *sender)
{
    size_t  i;

    if (sender == NULL) {
        return;
    }

    for (i = 0; i < sender->count; i++) {
        mc_curl_pool_free(&sender->lines[i].curls);
    }

    (void) pthread_mutex_destroy(&sender->mutex);
    mc_arena_free(&sender->arena);
    mc_free(sender);
}


/* The first that carries it; MC_SETTINGS_OUTBOXES: none. */
static size_t
line_of(const mc_sender_t *sender, unsigned channel)
{
    size_t  i;

    for (i = 0; i < sender->count; i++) {
        if ((mc_message_carries(sender->lines[i].line) & channel) != 0) {
            return i;
        }
    }

    return MC_SETTINGS_OUTBOXES;
}


unsigned
mc_sender_room(mc_sender_t *sender)
{
    size_t    n;
    int64_t   now;
    unsigned  channel, room;

    room = 0;
    now = mc_monotonic();

    pthread_mutex_lock(&sender->mutex);

    for (channel = 1; channel <= MC_OUTBOX_ANY; channel <<= 1) {
        n = line_of(sender, channel);

        if (n < sender->count && sender->lines[n].send != NULL
            && !mc_breaker_open(&sender->breakers[n], now))
        {
            room |= channel;
        }
    }

    pthread_mutex_unlock(&sender->mutex);

    return room;
}


void
mc_sender_send(mc_sender_t *sender, const mc_letter_t *letter,
    mc_sent_t *sent)
{
    size_t         n;
    mc_breaker_t  *breaker;

    *sent = (mc_sent_t) { .what = MC_SENT_LATER };

    n = line_of(sender, letter->channel);

    if (n >= sender->count || sender->lines[n].send == NULL) {
        return;
    }

    breaker = &sender->breakers[n];

    pthread_mutex_lock(&sender->mutex);
    sent->tried = mc_breaker_ask(breaker, mc_monotonic());
    pthread_mutex_unlock(&sender->mutex);

    if (!sent->tried) {
        return;
    }

    sender->lines[n].send(&sender->lines[n], letter, sent);

    pthread_mutex_lock(&sender->mutex);

    if (sent->silent) {
        mc_breaker_undone(breaker);

    } else {
        mc_breaker_done(breaker, mc_monotonic(), !sent->failed);
    }

    pthread_mutex_unlock(&sender->mutex);
}
