/*
 * The audit is read: pages of rows, the places that are kept, and whether
 * it all fits.
 *
 * Depends on base.  The thread that has the connection.  A page is copied
 * before its rows are visited, so that no statement is open meanwhile.
 */

#include "mc_store_audit_mac.h"


#define AUDIT_PAGE  256             /* rows read at once */


static mc_err_t
page_read(mc_conn_t *conn, int64_t seq, mc_arena_t *arena,
    mc_audit_row_t **out, size_t *count)
{
    mc_err_t         row;
    mc_query_t       query;
    mc_audit_row_t  *rows, *r;

    *count = 0;

    rows = mc_arena_alloc(arena, AUDIT_PAGE * sizeof(mc_audit_row_t));
    if (rows == NULL) {
        return MC_ENOMEM;
    }

    *out = rows;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT seq, at, member_id, actor, action, result, address, "
             "request_id, mac FROM audit WHERE seq > ? ORDER BY seq "
             "LIMIT ?");
    mc_query_int(&query, seq);
    mc_query_int(&query, AUDIT_PAGE);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < AUDIT_PAGE;
         row = mc_query_row(&query))
    {
        r = &rows[(*count)++];

        r->seq = mc_query_get_int(&query, 0);
        r->at = mc_query_get_int(&query, 1);
        r->member_id = mc_query_get_int(&query, 2);
        r->actor = mc_query_get(&query, 3, arena);
        r->action = mc_query_get(&query, 4, arena);
        r->result = mc_query_get(&query, 5, arena);
        r->address = mc_query_get(&query, 6, arena);
        r->request_id = mc_query_get(&query, 7, arena);
        mc_query_get_blob(&query, 8, r->mac, 32);
    }

    return mc_query_done(&query);
}


mc_err_t
mc_audit_scan(mc_conn_t *conn, int64_t seq, mc_audit_visit_pt visit,
    void *data)
{
    size_t           i, count;
    mc_err_t         err;
    mc_arena_t       arena;
    mc_audit_row_t  *rows;

    mc_arena_init(&arena, MC_SCAN_ARENA);

    do {
        err = page_read(conn, seq, &arena, &rows, &count);

        for (i = 0; err == MC_OK && i < count; i++) {
            seq = rows[i].seq;
            err = visit(data, &rows[i]);
        }

        mc_arena_free(&arena);

    } while (err == MC_OK && count == AUDIT_PAGE);

    return err;
}


static mc_err_t
place_read(mc_query_t *query, mc_audit_place_t *out)
{
    mc_err_t  row, err;

    *out = (mc_audit_place_t) { .seq = 0 };

    row = mc_query_row(query);

    if (row == MC_OK) {
        out->seq = mc_query_get_int(query, 0);
        mc_query_get_blob(query, 1, out->mac, 32);
        mc_query_get_blob(query, 2, out->seal, 32);
    }

    err = mc_query_done(query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_audit_head(mc_conn_t *conn, mc_audit_place_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT seq, mac, seal FROM audit_head WHERE id = 1");

    return place_read(&query, out);
}


mc_err_t
mc_audit_anchor(mc_conn_t *conn, mc_audit_place_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT seq, mac, seal FROM audit_anchor WHERE id = 1");

    return place_read(&query, out);
}


/*
 * Batches are written up to a few seconds after their acts, so times are not
 * quite in order; what stands behind the first later row is left alone.
 */
mc_err_t
mc_audit_before(mc_conn_t *conn, int64_t time, mc_audit_place_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    *out = (mc_audit_place_t) { .seq = 0 };

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT seq, mac FROM audit WHERE seq < coalesce("
             "(SELECT seq FROM audit WHERE at >= ? ORDER BY seq LIMIT 1), "
             "9223372036854775807) ORDER BY seq DESC LIMIT 1");
    mc_query_int(&query, time);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        out->seq = mc_query_get_int(&query, 0);
        mc_query_get_blob(&query, 1, out->mac, 32);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


const char *
mc_audit_fault_text(mc_audit_fault_t fault)
{
    static const char *const  texts[] = {
        [MC_AUDIT_FITS] = "fits",
        [MC_AUDIT_CHANGED] = "does not fit: changed, removed or moved",
        [MC_AUDIT_CUT_START] = "does not follow on what the audit starts "
                               "from: rows before it are missing",
        [MC_AUDIT_CUT_END] = "is missing, as may be others behind it: the "
                             "end was cut off",
        [MC_AUDIT_NO_HEAD] = "would be the next, but the audit's own head "
                             "is gone or was changed",
        [MC_AUDIT_NO_ANCHOR] = "would be the first, but the audit's anchor "
                               "was changed",
        [MC_AUDIT_SHORT] = "is missing, as the exported head tells: the end "
                           "was cut off",
        [MC_AUDIT_OTHER] = "is another one than the exported head tells",
        [MC_AUDIT_ROTATED] = "is where the audit starts now: the exported "
                             "head is older; check the rotated file with it"
    };

    return (size_t) fault < mc_count(texts) ? texts[fault] : "?";
}


/* The walk from the anchor to the end. */
typedef struct {
    mc_audit_check_t  *check;
    mc_audit_keys_t    keys;
    mc_audit_place_t   head;        /* what audit_head promises; seq 0: no */
} walk_t;


/* Is the row in a place we know also the row we know? */
static bool
place_other(const mc_audit_place_t *known, const mc_audit_place_t *place)
{
    return known->seq == place->seq
           && memcmp(known->mac, place->mac, sizeof(place->mac)) != 0;
}


static mc_err_t
walk_fault(walk_t *walk, mc_audit_fault_t fault, int64_t seq)
{
    walk->check->fault = fault;
    walk->check->bad_seq = seq;

    return MC_EDENIED;
}


static mc_err_t
walk_row(void *data, const mc_audit_row_t *row)
{
    walk_t            *walk;
    int64_t            next;
    mc_err_t           err;
    mc_audit_check_t  *check;

    walk = data;
    check = walk->check;
    next = check->last.seq + 1;

    err = mc_audit_follow(walk->keys, &check->last, row);

    if (err == MC_EDENIED) {
        return walk_fault(walk, check->rows == 0 && row->seq != next
                                ? MC_AUDIT_CUT_START : MC_AUDIT_CHANGED,
                          next);
    }

    if (err != MC_OK) {
        return err;
    }

    if (place_other(&walk->head, &check->last)) {
        return walk_fault(walk, MC_AUDIT_CHANGED, next);
    }

    if (check->exported != NULL
        && place_other(check->exported, &check->last))
    {
        return walk_fault(walk, MC_AUDIT_OTHER, next);
    }

    check->rows++;

    return check->visit != NULL ? check->visit(check->data, row) : MC_OK;
}


/* The store's keys and those of earlier secrets, in one piece. */
static mc_err_t
keys_join(const mc_store_t *store, mc_audit_keys_t old, uint8_t **bytes,
    size_t *count)
{
    *count = store->audit_count + old.count;
    *bytes = mc_alloc(32 * *count);

    if (*bytes == NULL) {
        return MC_ENOMEM;
    }

    memcpy(*bytes, store->audit_keys, 32 * store->audit_count);

    if (old.count > 0) {
        memcpy(*bytes + 32 * store->audit_count, old.bytes, 32 * old.count);
    }

    return MC_OK;
}


static mc_err_t
anchor_check(mc_conn_t *conn, walk_t *walk)
{
    mc_err_t                 err;
    mc_audit_check_t        *check;
    const mc_audit_place_t  *exported;

    check = walk->check;
    exported = check->exported;

    err = mc_audit_anchor(conn, &check->first);

    if (err == MC_OK) {
        err = mc_audit_sealed(walk->keys, "anchor", &check->first);

    } else if (err == MC_ENOTFOUND) {
        err = MC_OK;
    }

    check->last = check->first;

    if (err == MC_EDENIED) {
        return walk_fault(walk, MC_AUDIT_NO_ANCHOR, check->first.seq + 1);
    }

    if (err == MC_OK && exported != NULL) {

        if (exported->seq < check->first.seq) {
            return walk_fault(walk, MC_AUDIT_ROTATED, check->first.seq + 1);
        }

        if (place_other(exported, &check->first)) {
            return walk_fault(walk, MC_AUDIT_OTHER, exported->seq);
        }
    }

    return err;
}


static mc_err_t
end_check(walk_t *walk, mc_err_t sealed)
{
    int64_t            next;
    mc_audit_check_t  *check;

    check = walk->check;
    next = check->last.seq + 1;

    if (sealed == MC_EDENIED) {
        return walk_fault(walk, MC_AUDIT_NO_HEAD, next);
    }

    if (check->last.seq < walk->head.seq) {
        return walk_fault(walk, MC_AUDIT_CUT_END, next);
    }

    if (check->exported != NULL && check->last.seq < check->exported->seq) {
        return walk_fault(walk, MC_AUDIT_SHORT, next);
    }

    return MC_OK;
}


mc_err_t
mc_audit_check(mc_conn_t *conn, mc_audit_check_t *check)
{
    walk_t     walk;
    size_t     count;
    uint8_t   *bytes;
    mc_err_t   err, sealed;

    check->rows = 0;
    check->bad_seq = 0;
    check->fault = MC_AUDIT_FITS;

    err = keys_join(conn->store, check->old, &bytes, &count);
    if (err != MC_OK) {
        return err;
    }

    walk = (walk_t) { .check = check, .keys = { bytes, count } };

    /* the head first: rows added meanwhile lie behind it */

    sealed = mc_audit_head_read(conn, walk.keys, &walk.head);

    if (sealed == MC_EDENIED) {
        walk.head.seq = 0;
    }

    err = sealed == MC_OK || sealed == MC_EDENIED
          ? anchor_check(conn, &walk) : sealed;

    if (err == MC_OK) {
        err = mc_audit_scan(conn, check->first.seq, walk_row, &walk);
    }

    if (err == MC_OK) {
        err = end_check(&walk, sealed);
    }

    mc_free_wiped(bytes, 32 * count);

    return err;
}


mc_err_t
mc_audit_verify(mc_conn_t *conn, mc_audit_visit_pt visit, void *data,
    int64_t *rows, int64_t *bad_seq, uint8_t head[32])
{
    mc_err_t          err;
    mc_audit_check_t  check;

    check = (mc_audit_check_t) { .visit = visit, .data = data };

    err = mc_audit_check(conn, &check);

    *rows = check.rows;
    *bad_seq = check.bad_seq;
    memcpy(head, check.last.mac, 32);

    return err;
}
