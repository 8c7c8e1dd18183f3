/*
 * The outbox: messages queued in the transaction they belong to, taken under
 * a lease, wiped when they left or died.
 *
 * Depends on base.  The thread that has the connection.
 *
 * As with comparisons, next_try of a taken message is the end of its lease,
 * so that "due" is one range of one index and a sender that dies needs no
 * clearing up.  A lease is known by its end.
 */

#include "mc_store_outbox.h"

#include <stdio.h>

#include "mc_store_sqlite.h"
#include "mc_time.h"


/* No wait and no lease is that long: where the clock was set back, a message
 * is not lost until the old time comes round again. */
#define FAR  MC_HOUR

/* Messages that die in one transaction: others want the writer lock, too. */
#define EXPIRED_MOST  200


const char *
mc_outbox_channel(unsigned channel)
{
    return channel == MC_OUTBOX_SMS ? "sms" : "email";
}


mc_err_t
mc_outbox_append(mc_conn_t *conn, int64_t now, const mc_outbox_row_t *row)
{
    mc_query_t  query;

    if (!conn->writing || strlen(row->dedupe) != MC_OUTBOX_DEDUPE
        || row->sealed.len == 0
        || (row->channel != MC_OUTBOX_SMS
            && row->channel != MC_OUTBOX_EMAIL))
    {
        return MC_EINVAL;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO outbox (member_id, kind, channel, dedupe, sealed, "
             "state, at, expires_at, next_try) "
             "VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)");
    mc_query_int(&query, row->member_id);
    mc_query_text(&query, row->kind);
    mc_query_text(&query, mc_str_from(mc_outbox_channel(row->channel)));
    mc_query_text(&query, mc_str_from(row->dedupe));
    mc_query_blob(&query, row->sealed.data, row->sealed.len);
    mc_query_int(&query, now);
    mc_query_int(&query, row->expires_at);
    mc_query_int(&query, now);

    return mc_query_run(&query, NULL);
}


/* "sms" and "email" of the bits; "" where a bit is not set. */
static void
bind_channels(mc_query_t *query, unsigned channels)
{
    mc_query_text(query, (channels & MC_OUTBOX_SMS) != 0 ? mc_str("sms")
                                                         : mc_str(""));
    mc_query_text(query, (channels & MC_OUTBOX_EMAIL) != 0 ? mc_str("email")
                                                           : mc_str(""));
}


static mc_err_t
any_due(mc_conn_t *conn, int64_t now, unsigned channels)
{
    int64_t     one;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM outbox WHERE state = 'queued' "
             "AND (next_try <= ? OR next_try > ?) "
             "AND channel IN (?, ?) LIMIT 1");
    mc_query_int(&query, now);
    mc_query_int(&query, now + FAR);
    bind_channels(&query, channels);

    return mc_query_one(&query, &one);
}


static void
due_columns(mc_query_t *query, mc_arena_t *arena, mc_outbox_row_t *out)
{
    mc_str_t  dedupe;

    *out = (mc_outbox_row_t) { .id = mc_query_get_int(query, 0) };

    out->member_id = mc_query_get_int(query, 1);
    out->kind = mc_query_get(query, 2, arena);
    out->channel = mc_str_is(mc_query_peek(query, 3), "sms")
                   ? MC_OUTBOX_SMS : MC_OUTBOX_EMAIL;

    dedupe = mc_query_peek(query, 4);

    if (dedupe.len == MC_OUTBOX_DEDUPE) {
        memcpy(out->dedupe, dedupe.data, MC_OUTBOX_DEDUPE);

    } else if (query->err == MC_OK) {
        query->err = MC_ECORRUPT;
    }

    out->sealed = mc_query_get(query, 5, arena);
    out->expires_at = mc_query_get_int(query, 6);
    out->tries = (uint32_t) mc_query_get_int(query, 7);
}


static mc_err_t
due_read(mc_conn_t *conn, int64_t now, unsigned channels, mc_arena_t *arena,
    mc_outbox_row_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT id, member_id, kind, channel, dedupe, sealed, "
             "expires_at, tries FROM outbox WHERE state = 'queued' "
             "AND (next_try <= ? OR next_try > ?) "
             "AND channel IN (?, ?) ORDER BY next_try, id LIMIT 1");
    mc_query_int(&query, now);
    mc_query_int(&query, now + FAR);
    bind_channels(&query, channels);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        due_columns(&query, arena, out);
    }

    err = mc_query_done(&query);

    return err == MC_OK && row != MC_OK ? MC_ENOTFOUND : err;
}


mc_err_t
mc_outbox_take(mc_conn_t *conn, int64_t now, int64_t lease,
    unsigned channels, mc_arena_t *arena, mc_outbox_row_t *out)
{
    mc_err_t    err;
    mc_query_t  query;

    if (lease <= 0 || lease > FAR) {
        return MC_EINVAL;
    }

    err = any_due(conn, now, channels);

    if (err == MC_OK) {
        err = mc_write_begin(conn);
    }

    if (err != MC_OK) {
        return err;
    }

    /* another may have been first */
    err = due_read(conn, now, channels, arena, out);

    if (err == MC_OK) {
        out->lease = now + lease;

        mc_query(&query, conn, MC_DB_CORE,
                 "UPDATE outbox SET lease_until = ?, next_try = ? "
                 "WHERE id = ?");
        mc_query_int(&query, out->lease);
        mc_query_int(&query, out->lease);
        mc_query_int(&query, out->id);

        err = mc_query_run(&query, NULL);
    }

    return mc_write_end(conn, err);
}


/* Is it still waiting, and ours? */
static mc_err_t
lease_check(mc_conn_t *conn, const mc_outbox_row_t *row)
{
    int64_t     one;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM outbox WHERE id = ? AND lease_until = ? "
             "AND state = 'queued'");
    mc_query_int(&query, row->id);
    mc_query_int(&query, row->lease);

    err = mc_query_one(&query, &one);

    return err == MC_ENOTFOUND ? MC_ECONFLICT : err;
}


/* Nothing of its contents stays: secure_delete overwrites what the row
 * held. */
static mc_err_t
over_write(mc_conn_t *conn, const mc_actor_t *actor, int64_t id,
    const char *state)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE outbox SET state = ?, sealed = x'', lease_until = 0, "
             "done_at = ? WHERE id = ?");
    mc_query_text(&query, mc_str_from(state));
    mc_query_int(&query, actor->now);
    mc_query_int(&query, id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
over_audit(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id,
    int64_t id, const char *state)
{
    char  result[64];

    (void) snprintf(result, sizeof(result), "%lld %s", (long long) id,
                    state);

    return mc_audit_append(conn, actor, member_id, "message", result);
}


static mc_err_t
over(mc_conn_t *conn, const mc_actor_t *actor, const mc_outbox_row_t *row,
    const char *state)
{
    mc_err_t  err;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = lease_check(conn, row);

    if (err == MC_OK) {
        err = over_write(conn, actor, row->id, state);
    }

    if (err == MC_OK) {
        err = over_audit(conn, actor, row->member_id, row->id, state);
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_outbox_done(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_outbox_row_t *row)
{
    return over(conn, actor, row, "sent");
}


mc_err_t
mc_outbox_dead(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_outbox_row_t *row)
{
    return over(conn, actor, row, "dead");
}


mc_err_t
mc_outbox_later(mc_conn_t *conn, const mc_outbox_row_t *row,
    int64_t next_try, bool tried)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = lease_check(conn, row);

    if (err == MC_OK) {
        mc_query(&query, conn, MC_DB_CORE,
                 "UPDATE outbox SET next_try = ?, lease_until = 0, "
                 "tries = tries + ? WHERE id = ?");
        mc_query_int(&query, next_try);
        mc_query_int(&query, tried ? 1 : 0);
        mc_query_int(&query, row->id);

        err = mc_query_run(&query, NULL);
    }

    return mc_write_end(conn, err);
}


/* The next one whose time is over; MC_ENOTFOUND. */
static mc_err_t
expired_read(mc_conn_t *conn, int64_t now, int64_t *id, int64_t *member_id)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT id, member_id FROM outbox WHERE state = 'queued' "
             "AND expires_at <= ? "
             "AND (lease_until <= ? OR lease_until > ?) LIMIT 1");
    mc_query_int(&query, now);
    mc_query_int(&query, now);
    mc_query_int(&query, now + FAR);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        *id = mc_query_get_int(&query, 0);
        *member_id = mc_query_get_int(&query, 1);
    }

    err = mc_query_done(&query);

    return err == MC_OK && row != MC_OK ? MC_ENOTFOUND : err;
}


mc_err_t
mc_outbox_expire(mc_conn_t *conn, const mc_actor_t *actor, int64_t *count)
{
    int64_t   id, member_id, n;
    mc_err_t  err;

    *count = 0;
    n = 0;

    err = expired_read(conn, actor->now, &id, &member_id);
    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_OK : err;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    for (err = expired_read(conn, actor->now, &id, &member_id);
         err == MC_OK && n < EXPIRED_MOST;
         err = expired_read(conn, actor->now, &id, &member_id))
    {
        err = over_write(conn, actor, id, "dead");

        if (err == MC_OK) {
            err = over_audit(conn, actor, member_id, id, "dead");
        }

        if (err != MC_OK) {
            break;
        }

        n++;
    }

    err = mc_write_end(conn, err == MC_ENOTFOUND ? MC_OK : err);

    if (err == MC_OK) {
        *count = n;
    }

    return err;
}


mc_err_t
mc_outbox_count(mc_conn_t *conn, mc_outbox_counts_t *counts)
{
    mc_err_t    row;
    mc_query_t  query;

    *counts = (mc_outbox_counts_t) { .queued = 0 };

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT coalesce(sum(state = 'queued'), 0), "
             "min(CASE WHEN state = 'queued' THEN at END), "
             "coalesce(sum(state = 'sent'), 0), "
             "coalesce(sum(state = 'dead'), 0) FROM outbox");

    row = mc_query_row(&query);

    if (row == MC_OK) {
        counts->queued = mc_query_get_int(&query, 0);
        counts->oldest = mc_query_get_int(&query, 1);
        counts->sent = mc_query_get_int(&query, 2);
        counts->dead = mc_query_get_int(&query, 3);
    }

    return mc_query_done(&query);
}
