/*
 * Use cases of the desk: the queue, search, a photo, the decision.
 *
 * Depends on store, domain and, through mc_sealed, auth.  Store pool.
 */

#include "mc_officer_desk.h"

#include "mc_sealed.h"
#include "mc_utf8.h"


static bool
queue_read(mc_desk_queue_t *queue, mc_conn_t *conn)
{
    mc_err_t    err;
    mc_call_t  *call;

    call = &queue->call;

    if (!mc_call_officer(call, conn)) {
        return false;
    }

    err = mc_desk_queue(conn, &call->officer.row, queue->after,
                        MC_DESK_PAGE + 1, &call->arena, &queue->items,
                        &queue->count);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    if (queue->count > MC_DESK_PAGE) {
        queue->count = MC_DESK_PAGE;
        queue->next = queue->items[MC_DESK_PAGE - 1].row.id;
    }

    return true;
}


void
mc_desk_queue_run(mc_desk_queue_t *queue)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&queue->call);

    if (conn == NULL) {
        return;
    }

    if (queue_read(queue, conn)) {
        mc_call_note(&queue->call, "view", "queue %zu", queue->count);
    }

    mc_call_done(&queue->call, conn);
}


/* Two letters, or one that is no ASCII: a family name. */
static bool
is_enough(mc_str_t text)
{
    size_t  n;

    n = mc_utf8_count(text);

    return n >= 2 || (n == 1 && (uint8_t) text.data[0] >= 0x80);
}


static bool
search_read(mc_desk_search_t *search, mc_conn_t *conn)
{
    mc_err_t    err;
    mc_str_t    text;
    mc_call_t  *call;

    call = &search->call;

    if (!mc_call_officer(call, conn)) {
        return false;
    }

    text = mc_utf8_trim(search->text);

    if (!is_enough(text) || !mc_utf8_printable(text, false)) {
        return mc_call_refuse(call, MC_P_SEARCH_SHORT);
    }

    err = mc_desk_search(conn, &call->officer.row, text, MC_DESK_PAGE + 1,
                         &call->arena, &search->items, &search->count);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    search->more = search->count > MC_DESK_PAGE;

    if (search->more) {
        search->count = MC_DESK_PAGE;
    }

    return true;
}


void
mc_desk_search_run(mc_desk_search_t *search)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&search->call);

    if (conn == NULL) {
        return;
    }

    if (search_read(search, conn)) {
        mc_call_note(&search->call, "view", "search %zu", search->count);
    }

    mc_call_done(&search->call, conn);
}


static bool
photo_read(mc_photo_get_t *get, mc_conn_t *conn)
{
    bool             readable;
    uint8_t          digest[32];
    mc_err_t         err;
    mc_call_t       *call;
    mc_photo_row_t   row;

    call = &get->call;

    if (!mc_call_officer(call, conn)) {
        return false;
    }

    err = mc_desk_photo(conn, &call->officer.row, call->officer.photo_id,
                        &call->arena, &row);

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    if (err != MC_OK && err != MC_ECORRUPT) {
        return mc_call_fail(call, err);
    }

    /* a damaged one ends here, too */

    call->member_id = err == MC_OK ? row.member_id : 0;
    readable = false;

    if (!mc_photo_read(call, conn, call->officer.photo_id, &get->jpeg,
                       digest, &readable))
    {
        return false;
    }

    if (!readable) {
        call->problems.retry_after = 10;
        return mc_call_refuse(call, MC_P_PHOTO_UNAVAILABLE);
    }

    mc_hex(digest, sizeof(digest), get->etag);

    return true;
}


void
mc_desk_photo_run(mc_photo_get_t *get)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&get->call);

    if (conn == NULL) {
        return;
    }

    if (photo_read(get, conn)) {
        mc_call_note(&get->call, "view", "photo %lld",
                     (long long) get->call.officer.photo_id);

    } else if (get->call.officer.known) {
        mc_call_note_refusal(&get->call, "view");
    }

    mc_call_done(&get->call, conn);
}


/*
 * What the case keeps: the code alone, or words, which then say the reason
 * themselves.
 */
static bool
decide_reason(mc_desk_decide_t *decide, mc_str_t *out)
{
    mc_str_t      words, text;
    mc_call_t    *call;
    mc_reject_t   reject;

    call = &decide->call;
    words = mc_utf8_trim(decide->words);
    *out = mc_str("");

    if (decide->approve) {
        return true;
    }

    if (!mc_reject_read(decide->reason, &reject)
        || !mc_utf8_printable(words, false)
        || mc_utf8_count(words) > MC_DESK_WORDS
        || (reject == MC_REJECT_OTHER && words.len == 0))
    {
        return mc_call_refuse(call, MC_P_REASON_MISSING);
    }

    text = mc_reject_text(reject).zh;

    if (words.len == 0) {
        *out = mc_str_from(mc_reject_code(reject));

    } else if (reject == MC_REJECT_OTHER) {
        *out = words;

    } else {
        *out = mc_arena_printf(&call->arena, "%.*s：%.*s", (int) text.len,
                               text.data, (int) words.len, words.data);
    }

    return out->data != NULL ? true : mc_call_fail(call, MC_ENOMEM);
}


/* Why it cannot be decided: another photo came, or somebody was faster. */
static bool
decide_late(mc_call_t *call, mc_conn_t *conn, const mc_case_row_t *row)
{
    mc_err_t       err;
    mc_case_row_t  newest;

    err = mc_case_newest(conn, row->member_id, &call->arena, &newest);

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    return mc_call_refuse(call, newest.id != row->id ? MC_P_PHOTO_REPLACED
                                                     : MC_P_PHOTO_DECIDED);
}


static bool
decide_write(mc_desk_decide_t *decide, mc_conn_t *conn,
    const mc_case_row_t *row, mc_str_t reason)
{
    mc_err_t    err;
    mc_call_t  *call;
    mc_actor_t  actor;

    call = &decide->call;
    mc_call_actor(call, &actor);

    err = mc_case_decide(conn, &actor, row->photo_id,
                         decide->approve ? MC_CASE_APPROVE : MC_CASE_REJECT,
                         reason, &decide->row, &call->arena);

    switch (err) {

    case MC_OK:
        return true;

    case MC_ECONFLICT:
        return decide_late(call, conn, row);

    case MC_EDENIED:
        return mc_call_refuse(call, MC_P_SESSION_EXPIRED);

    default:
        return mc_call_fail(call, err);
    }
}


/* Where to go on, and what the member has left. */
static bool
decide_after(mc_desk_decide_t *decide, mc_conn_t *conn)
{
    size_t            count;
    mc_err_t          err;
    mc_call_t        *call;
    mc_desk_case_t   *next;
    mc_member_row_t   member;

    call = &decide->call;

    err = mc_member_by_id(conn, decide->row.member_id, &call->arena,
                          &member);

    if (err == MC_OK) {
        decide->attempts = member.member.attempts;
        err = mc_desk_queue(conn, &call->officer.row, decide->row.id, 1,
                            &call->arena, &next, &count);
    }

    if (err == MC_OK && count > 0) {
        decide->next = next->row.photo_id;
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


static bool
decide_run(mc_desk_decide_t *decide, mc_conn_t *conn)
{
    mc_err_t       err;
    mc_str_t       reason;
    mc_call_t     *call;
    mc_case_row_t  row;

    call = &decide->call;

    if (!mc_call_officer(call, conn)) {
        return false;
    }

    err = mc_desk_case(conn, &call->officer.row, call->officer.photo_id,
                       &call->arena, &row);

    if (err == MC_ENOTFOUND) {
        return mc_call_refuse(call, MC_P_NOT_FOUND);
    }

    if (err != MC_OK) {
        return mc_call_fail(call, err);
    }

    call->member_id = row.member_id;

    return decide_reason(decide, &reason)
           && decide_write(decide, conn, &row, reason)
           && decide_after(decide, conn);
}


void
mc_desk_decide_run(mc_desk_decide_t *decide)
{
    mc_conn_t  *conn;

    conn = mc_call_conn(&decide->call);

    if (conn != NULL) {
        (void) decide_run(decide, conn);
        mc_call_done(&decide->call, conn);
    }
}
