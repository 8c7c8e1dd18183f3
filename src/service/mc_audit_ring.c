/*
 * Notes for the audit: a ring of two halves in the loop, a batch in a
 * thread.
 *
 * Depends on store.  The first half of this file is the loop's and neither
 * blocks nor allocates; mc_audit_batch_run() is a thread's.
 */

#include "mc_audit_ring.h"

#include <stdio.h>

#include "mc_store_audit.h"


static void
text_copy(char *out, size_t size, mc_str_t text)
{
    size_t  len;

    len = text.len < size - 1 ? text.len : size - 1;

    if (len > 0) {
        memcpy(out, text.data, len);
    }

    out[len] = '\0';
}


/* A member's downloads; an officer's acts each have their row. */
static bool
note_repeats(const mc_audit_note_t *note)
{
    return !note->officer && strcmp(note->action, "download") == 0;
}


static uint16_t *
half_latest(mc_audit_half_t *half, const mc_audit_note_t *note)
{
    return &half->latest[(uint64_t) note->member_id & (MC_AUDIT_LATEST - 1)];
}


bool
mc_audit_ring_again(mc_audit_ring_t *ring, const mc_audit_note_t *note,
    mc_str_t address)
{
    uint16_t           n;
    mc_audit_half_t   *half;
    mc_audit_entry_t  *entry;

    half = &ring->halves[ring->active];

    if (!note_repeats(note)) {
        return false;
    }

    n = *half_latest(half, note);
    entry = &half->entries[n];

    if (n >= half->count
        || entry->note.member_id != note->member_id
        || !note_repeats(&entry->note)
        || strcmp(entry->note.result, note->result) != 0
        || !mc_str_is(address, entry->address))
    {
        return false;
    }

    entry->times++;

    return true;
}


void
mc_audit_ring_put(mc_audit_ring_t *ring, const mc_audit_note_t *note,
    int64_t at, mc_str_t address, mc_str_t request_id)
{
    mc_audit_half_t   *half;
    mc_audit_entry_t  *entry;

    half = &ring->halves[ring->active];

    if (mc_audit_ring_again(ring, note, address)) {
        return;
    }

    if (half->count == MC_AUDIT_RING) {
        half->dropped++;
        return;
    }

    if (note_repeats(note)) {
        *half_latest(half, note) = (uint16_t) half->count;
    }

    entry = &half->entries[half->count++];

    entry->note = *note;
    entry->times = 1;
    entry->at = at;
    text_copy(entry->address, sizeof(entry->address), address);
    text_copy(entry->request_id, sizeof(entry->request_id), request_id);
}


/* The half that waits beside the active one. */
static const mc_audit_half_t *
ring_other(const mc_audit_ring_t *ring)
{
    return &ring->halves[1 - ring->active];
}


bool
mc_audit_ring_due(const mc_audit_ring_t *ring)
{
    return !ring->away
           && (ring->halves[ring->active].count > 0
               || ring_other(ring)->count > 0);
}


bool
mc_audit_ring_full(const mc_audit_ring_t *ring)
{
    return ring->halves[ring->active].count >= MC_AUDIT_RING / 4 * 3;
}


const mc_audit_half_t *
mc_audit_ring_begin(mc_audit_ring_t *ring)
{
    if (ring_other(ring)->count == 0) {
        ring->active = 1 - ring->active;
    }

    ring->away = true;

    return ring_other(ring);
}


void
mc_audit_ring_end(mc_audit_ring_t *ring, bool written)
{
    mc_audit_half_t  *half;

    half = &ring->halves[1 - ring->active];
    ring->away = false;

    if (written) {
        half->count = 0;
        half->dropped = 0;
    }
}


/* A row's actor, and the number of those that found no place. */
typedef struct {
    const mc_audit_batch_job_t  *job;
    char                         actor[32];
    char                         dropped[32];
    char                         result[64];
} fill_t;


static mc_str_t
fill_actor(fill_t *fill, const mc_audit_note_t *note)
{
    if (!note->officer) {
        return mc_str("member");
    }

    if (note->officer_id == 0) {
        return mc_str("officer");
    }

    (void) snprintf(fill->actor, sizeof(fill->actor), "officer %lld",
                    (long long) note->officer_id);

    return mc_str_from(fill->actor);
}


static mc_str_t
fill_result(fill_t *fill, const mc_audit_entry_t *entry)
{
    if (entry->times == 1) {
        return mc_str_from(entry->note.result);
    }

    (void) snprintf(fill->result, sizeof(fill->result), "%s, %u times",
                    entry->note.result, (unsigned) entry->times);

    return mc_str_from(fill->result);
}


static void
fill_row(void *data, size_t n, mc_audit_row_t *row)
{
    fill_t                   *fill;
    const mc_audit_half_t    *half;
    const mc_audit_entry_t   *entry;

    fill = data;
    half = fill->job->half;

    if (n == half->count) {
        (void) snprintf(fill->dropped, sizeof(fill->dropped), "dropped %u",
                        (unsigned) half->dropped);

        *row = (mc_audit_row_t) { .at = fill->job->now,
                                  .actor = mc_str("work"),
                                  .action = mc_str("audit"),
                                  .result = mc_str_from(fill->dropped) };
        return;
    }

    entry = &half->entries[n];

    *row = (mc_audit_row_t) {
        .at = entry->at,
        .member_id = entry->note.member_id,
        .actor = fill_actor(fill, &entry->note),
        .action = mc_str_from(entry->note.action),
        .result = fill_result(fill, entry),
        .address = mc_str_from(entry->address),
        .request_id = mc_str_from(entry->request_id)
    };
}


void
mc_audit_batch_run(mc_audit_batch_job_t *job)
{
    size_t      count;
    fill_t      fill;
    mc_conn_t  *conn;

    fill = (fill_t) { .job = job };
    count = job->half->count + (job->half->dropped > 0 ? 1 : 0);

    job->err = mc_store_acquire(job->site->store, &conn);

    if (job->err == MC_OK) {
        job->err = mc_audit_batch(conn, count, fill_row, &fill, job->wait);
        mc_store_release(job->site->store, conn);
    }

    job->ran = true;
}
