/*
 * The audit: rows that are only ever added, each with an HMAC over the row
 * before and itself (mc_store_audit_chain.c).
 *
 * Rows cut off the end are told by audit_head, which holds the last seq and
 * mac under a seal of their own; an old copy of the whole file is told only
 * by a head that was written down elsewhere (membercertctl audit head).
 *
 * Depends on base.  The thread that has the connection.
 */

#include "mc_store_sqlite.h"

#include "mc_store_audit_mac.h"
#include "mc_store_officer.h"


typedef char  audit_text_t[MC_AUDIT_TEXT + 1];


/*
 * What goes into a row is printable ASCII by construction: part of it
 * (address, request id) comes from outside, and whoever reads the audit on a
 * terminal shall not be played tricks on.
 */
static mc_str_t
text_clean(mc_str_t s, audit_text_t out)
{
    size_t  i;

    for (i = 0; i < s.len && i < MC_AUDIT_TEXT; i++) {
        out[i] = s.data[i] > 0x20 && s.data[i] < 0x7F ? s.data[i] : '?';

        if (s.data[i] == ' ') {
            out[i] = ' ';
        }
    }

    out[i] = '\0';

    return (mc_str_t) { out, i };
}


/* Without a head: has nothing been written yet, or did somebody take the
 * head away?  One statement, so that both are seen as of one moment. */
static mc_err_t
head_missing(mc_conn_t *conn)
{
    int64_t     taken;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT (EXISTS (SELECT 1 FROM audit) "
             "OR EXISTS (SELECT 1 FROM audit_anchor)) "
             "AND NOT EXISTS (SELECT 1 FROM audit_head WHERE id = 1)");

    err = mc_query_one(&query, &taken);
    if (err != MC_OK) {
        return err;
    }

    return taken ? MC_EDENIED : MC_OK;
}


mc_err_t
mc_audit_head_read(mc_conn_t *conn, mc_audit_keys_t keys,
    mc_audit_place_t *out)
{
    mc_err_t  err;

    err = mc_audit_head(conn, out);

    if (err == MC_ENOTFOUND) {
        *out = (mc_audit_place_t) { .seq = 0 };
        return head_missing(conn);
    }

    return err == MC_OK ? mc_audit_sealed(keys, "head", out) : err;
}


static mc_err_t
row_insert(mc_conn_t *conn, const mc_audit_row_t *row)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO audit (seq, at, member_id, actor, action, result, "
             "address, request_id, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    mc_query_int(&query, row->seq);
    mc_query_int(&query, row->at);
    mc_query_id(&query, row->member_id);
    mc_query_text(&query, row->actor);
    mc_query_text(&query, row->action);
    mc_query_text(&query, row->result);
    mc_query_text(&query, row->address);
    mc_query_text(&query, row->request_id);
    mc_query_blob(&query, row->mac, 32);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_audit_head_write(mc_conn_t *conn, mc_audit_place_t *place)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_audit_seal(conn->store->audit_keys[0], "head", place);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO audit_head (id, seq, mac, seal) "
             "VALUES (1, ?, ?, ?) "
             "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, "
             "mac = excluded.mac, seal = excluded.seal");
    mc_query_int(&query, place->seq);
    mc_query_blob(&query, place->mac, 32);
    mc_query_blob(&query, place->seal, 32);

    return mc_query_run(&query, NULL);
}


/* The place behind which the next row goes. */
static mc_err_t
last_read(mc_conn_t *conn, mc_audit_place_t *place)
{
    int64_t     last;
    mc_err_t    err;
    mc_query_t  query;

    /*
     * A head that was tampered with breaks the chain here for good, which
     * mc_audit_check() shows; it is no reason to refuse the members.
     */

    err = mc_audit_head_read(conn, mc_audit_own_keys(conn->store), place);

    if (err == MC_EDENIED) {
        memset(place->mac, 0xFF, sizeof(place->mac));   /* never fits */

    } else if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE, "SELECT max(seq) FROM audit");

    err = mc_query_one(&query, &last);

    if (err == MC_OK && last > place->seq) {
        place->seq = last;
    }

    return err;
}


/* One row behind *place, which becomes that row's. */
static mc_err_t
row_append(mc_conn_t *conn, mc_audit_place_t *place,
    const mc_audit_row_t *said)
{
    mc_err_t        err;
    audit_text_t    texts[5];
    mc_audit_row_t  row;

    if (place->seq == INT64_MAX) {
        return MC_ECORRUPT;         /* somebody has put a row there */
    }

    row.seq = place->seq + 1;
    row.at = said->at;
    row.member_id = said->member_id;
    row.actor = text_clean(said->actor, texts[0]);
    row.action = text_clean(said->action, texts[1]);
    row.result = text_clean(said->result, texts[2]);
    row.address = text_clean(said->address, texts[3]);
    row.request_id = text_clean(said->request_id, texts[4]);

    err = mc_audit_mac(conn->store->audit_keys[0], place->mac, &row,
                       row.mac);

    if (err == MC_OK) {
        err = row_insert(conn, &row);
    }

    if (err == MC_OK) {
        place->seq = row.seq;
        memcpy(place->mac, row.mac, sizeof(place->mac));
    }

    return err;
}


mc_err_t
mc_audit_append(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id,
    const char *action, const char *result)
{
    mc_err_t          err;
    mc_audit_row_t    row;
    mc_audit_place_t  place;

    if (actor->officer != NULL) {
        err = mc_officer_guard(conn, actor->officer, member_id, actor->now);

        if (err != MC_OK) {
            return err;
        }
    }

    /* before the commit: whoever is told too much reads once more */

    mc_changed_add(&conn->changed, member_id);

    row = (mc_audit_row_t) {
        .at = actor->now,
        .member_id = member_id,
        .actor = mc_str_from(actor->actor),
        .action = mc_str_from(action),
        .result = mc_str_from(result),
        .address = actor->address,
        .request_id = actor->request_id
    };

    err = last_read(conn, &place);

    if (err == MC_OK) {
        err = row_append(conn, &place, &row);
    }

    return err == MC_OK ? mc_audit_head_write(conn, &place) : err;
}


mc_err_t
mc_audit_write(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id,
    const char *action, const char *result)
{
    mc_err_t  err;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_audit_append(conn, actor, member_id, action, result);

    return mc_write_end(conn, err);
}


mc_err_t
mc_audit_batch(mc_conn_t *conn, size_t count, mc_audit_fill_pt fill,
    void *data, uint32_t wait)
{
    size_t            n;
    mc_err_t          err;
    mc_audit_row_t    row;
    mc_audit_place_t  place;

    if (count == 0) {
        return MC_OK;
    }

    err = mc_write_begin_within(conn, wait);
    if (err != MC_OK) {
        return err;
    }

    err = last_read(conn, &place);

    for (n = 0; err == MC_OK && n < count; n++) {
        memset(&row, 0, sizeof(row));
        fill(data, n, &row);
        err = row_append(conn, &place, &row);
    }

    if (err == MC_OK) {
        err = mc_audit_head_write(conn, &place);
    }

    return mc_write_end(conn, err);
}
