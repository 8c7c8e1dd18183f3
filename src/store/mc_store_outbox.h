/*
 * Messages that wait to leave (transactional outbox): appended in the
 * transaction that makes them necessary, taken by one sender at a time under
 * a lease, gone in their contents once they left or died (S12, DESIGN 5).
 *
 * The store sees sealed bytes only (service/mc_message.h seals them); what
 * it keeps of a message afterwards is that there was one.  A sender that
 * dies leaves nothing to clear up: its lease ends, and the message is taken
 * again.  So a message leaves at least once, and "dedupe" is the same each
 * time.
 *
 * Results as in mc_store.h.  The thread that has the connection.
 */

#ifndef MC_STORE_OUTBOX_H
#define MC_STORE_OUTBOX_H

#include "mc_store.h"

#pragma GCC visibility push(hidden)


#define MC_OUTBOX_DEDUPE  32        /* letters: 16 random bytes in hex */
#define MC_OUTBOX_SMS     1         /* bits of channels */
#define MC_OUTBOX_EMAIL   2
#define MC_OUTBOX_ANY     (MC_OUTBOX_SMS | MC_OUTBOX_EMAIL)

typedef struct {
    int64_t   member_id;
    mc_str_t  kind;                 /* of the message: "code" ... */
    unsigned  channel;              /* one of the bits */
    char      dedupe[MC_OUTBOX_DEDUPE + 1];
    mc_str_t  sealed;
    int64_t   expires_at;           /* ms; later it is not worth sending */

    /* of one that was taken */
    int64_t   id;
    int64_t   lease;                /* ms; its end, and whose it is */
    uint32_t  tries;                /* in vain so far */
} mc_outbox_row_t;

/* "sms", "email" */
const char *mc_outbox_channel(unsigned channel);

/*
 * Queues a message, due at once.  Inside a write transaction that runs on
 * this connection (MC_EINVAL: none does), so that there is no code without
 * its message and no message without its code.
 */
mc_err_t mc_outbox_append(mc_conn_t *conn, int64_t now,
    const mc_outbox_row_t *row);

/* What one member is told unasked, of one kind by one channel, at most. */
#define MC_OUTBOX_HOURLY  3
#define MC_OUTBOX_DAILY   10

/*
 * As mc_member_save(), and queues these messages in its transaction, but
 * none that would be too many: who changes a record to and fro fills
 * nobody's phone.  "queued", which may be NULL, counts those that were.
 */
mc_err_t mc_member_save_tell(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_member_t *member,
    mc_str_t sealed_profile, const mc_outbox_row_t *messages, size_t count,
    size_t *queued, int64_t *new_revision);

/* The longest due message of one of these channels, ours for "lease" ms;
 * strings go to the arena.  MC_ENOTFOUND when none is due: then nothing was
 * locked or written. */
mc_err_t mc_outbox_take(mc_conn_t *conn, int64_t now, int64_t lease,
    unsigned channels, mc_arena_t *arena, mc_outbox_row_t *out);

/*
 * What became of it.  MC_ECONFLICT where the lease is not ours any more.
 * _done: it was delivered.  _later: put back until "next_try"; "tried": in
 * vain.  _dead: it will not leave.  Done and dead wipe its contents and are
 * audited.
 */
mc_err_t mc_outbox_done(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_outbox_row_t *row);
mc_err_t mc_outbox_later(mc_conn_t *conn, const mc_outbox_row_t *row,
    int64_t next_try, bool tried);
mc_err_t mc_outbox_dead(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_outbox_row_t *row);

/* Messages that nobody has and whose time is over die, whatever their
 * channel: some hundred at a time, *count of them. */
mc_err_t mc_outbox_expire(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t *count);

typedef struct {
    int64_t  queued;
    int64_t  oldest;                /* ms, of those; 0: none waits */
    int64_t  sent;                  /* of those still on record */
    int64_t  dead;
} mc_outbox_counts_t;

mc_err_t mc_outbox_count(mc_conn_t *conn, mc_outbox_counts_t *counts);


#pragma GCC visibility pop

#endif /* MC_STORE_OUTBOX_H */
