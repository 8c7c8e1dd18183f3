/*
 * Messages that are due: takes one under a lease, sends it, records what
 * became of it.
 *
 * Depends on store, domain and, through mc_message, auth.  Net pool, or a
 * command.
 *
 * A lease lasts as long as one message may take, so a process that dies
 * delays it by seconds.  It may have left by then: it leaves at least once,
 * each time with the same key.
 */

#include "mc_work.h"

#include "mc_retry.h"
#include "mc_time.h"


#define TRIES         20
#define LEASE_MORE    (5 * MC_SECOND)   /* beyond the sender's own time */
#define LETTER_ARENA  (64 * 1024)

typedef struct {
    mc_work_t        *work;
    mc_conn_t        *conn;
    int64_t           began;        /* mc_monotonic() at call.now */
    mc_arena_t        arena;        /* of one message; wiped after it */
    mc_outbox_row_t   row;
    mc_sent_t         sent;
} outbox_t;


static void
outbox_actor(const outbox_t *outbox, mc_actor_t *actor)
{
    *actor = (mc_actor_t) {
        .actor = "work",
        .address = mc_str(""),
        .request_id = mc_str(""),
        .now = outbox->work->call.now + mc_monotonic() - outbox->began,
    };
}


static void
note_hint(outbox_t *outbox, const char *hint, bool alert)
{
    if (hint == NULL) {
        return;
    }

    if (outbox->work->call.hint == NULL) {
        outbox->work->call.hint = hint;
    }

    if (alert && outbox->work->alert == NULL) {
        outbox->work->alert = hint;
    }
}


static mc_err_t
record_dead(outbox_t *outbox, const mc_actor_t *actor)
{
    mc_err_t  err;

    err = mc_outbox_dead(outbox->conn, actor, &outbox->row);

    if (err == MC_OK) {
        outbox->work->dead++;
    }

    return err;
}


static mc_err_t
record_later(outbox_t *outbox, const mc_actor_t *actor)
{
    int64_t    wait;
    uint32_t   random;
    mc_sent_t *sent;

    sent = &outbox->sent;

    if (!sent->tried) {
        return mc_outbox_later(outbox->conn, &outbox->row,
                               actor->now + sent->retry_after, false);
    }

    if (outbox->row.tries + 1 >= TRIES) {
        note_hint(outbox, "messages: one was given up after many tries",
                  true);
        return record_dead(outbox, actor);
    }

    wait = sent->retry_after;

    if (wait == 0) {
        random = 0;
        (void) mc_random(&random, sizeof(random));
        wait = mc_retry_wait(outbox->row.tries + 1, random);
    }

    return mc_outbox_later(outbox->conn, &outbox->row, actor->now + wait,
                           true);
}


/* Somebody else may have it by now: then he records. */
static mc_err_t
record(outbox_t *outbox)
{
    mc_err_t    err;
    mc_actor_t  actor;

    outbox_actor(outbox, &actor);
    note_hint(outbox, outbox->sent.hint, outbox->sent.alert);

    switch (outbox->sent.what) {

    case MC_SENT_DONE:
        err = mc_outbox_done(outbox->conn, &actor, &outbox->row);

        if (err == MC_OK) {
            outbox->work->sent++;
        }

        break;

    case MC_SENT_DEAD:
        err = record_dead(outbox, &actor);
        break;

    default:
        err = record_later(outbox, &actor);
    }

    return err == MC_ECONFLICT ? MC_OK : err;
}


static mc_err_t
send_one(outbox_t *outbox)
{
    mc_err_t          err;
    mc_actor_t        actor;
    mc_letter_t       letter;
    const mc_site_t  *site;

    site = outbox->work->call.site;
    outbox->sent = (mc_sent_t) { .what = MC_SENT_LATER };

    outbox_actor(outbox, &actor);

    err = mc_message_open(site, &outbox->row, &outbox->arena, &letter);
    letter.now = actor.now;

    if (err == MC_ECORRUPT) {
        outbox->sent.what = MC_SENT_DEAD;
        note_hint(outbox, "messages: one is damaged or sealed with another "
                  "secret", true);

    } else if (err != MC_OK) {
        return err;

    } else if (outbox->work->deliver != NULL) {
        outbox->sent.tried = true;
        outbox->work->deliver(outbox->work->deliver_data, &letter,
                              &outbox->sent);

    } else {
        mc_sender_send(site->sender, &letter, &outbox->sent);
    }

    return record(outbox);
}


/* MC_ENOTFOUND: nothing is due that may be sent. */
static mc_err_t
next_one(outbox_t *outbox)
{
    int64_t     lease;
    unsigned    channels;
    mc_err_t    err;
    mc_actor_t  actor;

    channels = MC_OUTBOX_ANY;
    lease = outbox->work->deliver_time + LEASE_MORE;

    if (outbox->work->deliver == NULL) {
        channels = mc_sender_room(outbox->work->call.site->sender);
        lease = MC_SENDER_TIME + LEASE_MORE;
    }

    if (channels == 0) {
        return MC_ENOTFOUND;
    }

    outbox_actor(outbox, &actor);

    err = mc_outbox_take(outbox->conn, actor.now, lease, channels,
                         &outbox->arena, &outbox->row);

    return err == MC_OK ? send_one(outbox) : err;
}


static mc_err_t
expire(outbox_t *outbox)
{
    int64_t     count;
    mc_err_t    err;
    mc_actor_t  actor;

    outbox_actor(outbox, &actor);

    err = mc_outbox_expire(outbox->conn, &actor, &count);

    if (err == MC_OK && count > 0) {
        outbox->work->dead += (uint32_t) count;
        note_hint(outbox, "messages: some could not be delivered while they "
                  "were worth it", true);
    }

    return err;
}


mc_err_t
mc_work_outbox(mc_work_t *work, mc_conn_t *conn, int64_t until)
{
    mc_err_t  err;
    outbox_t  outbox;

    outbox = (outbox_t) { .work = work, .conn = conn,
                          .began = work->began };
    mc_arena_init(&outbox.arena, LETTER_ARENA);

    err = expire(&outbox);

    while (err == MC_OK) {

        if (work->stopping != NULL && work->stopping()) {
            return MC_OK;
        }

        err = next_one(&outbox);
        mc_arena_free(&outbox.arena);

        if (err == MC_OK && mc_monotonic() >= until) {
            work->more = true;
            return MC_OK;
        }
    }

    return err == MC_ENOTFOUND ? MC_OK : err;
}
