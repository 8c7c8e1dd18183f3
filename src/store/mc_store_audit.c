/*
 * The audit: rows that are only ever added, each with an HMAC over the row
 * before and itself.
 *
 *   mac(n) = HMAC(key, mac(n-1) | seq at member | len text | len text ...)
 *
 * with numbers and lengths as 8 bytes big endian and mac(0) = zeros; the key
 * is that of the secret of the day, and all secrets still named fit.  So a
 * row that was changed, taken out or moved does not fit any more.  Rows cut
 * off the end are told by audit_head, which holds the last seq and mac under
 * a seal of their own; an old copy of the whole file is told only by a head
 * that was written down elsewhere (membercertctl audit head).
 *
 * Depends on base.  The thread that has the connection.
 */

#include "mc_store_sqlite.h"

#include "mc_buf.h"
#include "mc_crypto.h"
#include "mc_store_officer.h"


#define AUDIT_TEXT   129            /* longest text and a NUL */
#define AUDIT_BYTES  2048           /* bound of what goes into one HMAC */
#define AUDIT_PAGE   256            /* rows read at once */

typedef char  audit_text_t[AUDIT_TEXT];


/*
 * What goes into a row is printable ASCII by construction: part of it
 * (address, request id) comes from outside, and whoever reads the audit on a
 * terminal shall not be played tricks on.
 */
static mc_str_t
text_clean(mc_str_t s, audit_text_t out)
{
    size_t  i;

    for (i = 0; i < s.len && i < AUDIT_TEXT - 1; i++) {
        out[i] = s.data[i] > 0x20 && s.data[i] < 0x7F ? s.data[i] : '?';

        if (s.data[i] == ' ') {
            out[i] = ' ';
        }
    }

    out[i] = '\0';

    return (mc_str_t) { out, i };
}


static void
number_append(mc_buf_t *buf, uint64_t value)
{
    int      i;
    uint8_t  bytes[8];

    for (i = 0; i < 8; i++) {
        bytes[i] = (uint8_t) (value >> (56 - 8 * i));
    }

    mc_buf_append(buf, bytes, sizeof(bytes));
}


static mc_err_t
row_mac(const uint8_t key[32], const uint8_t before[32],
    const mc_audit_row_t *row, uint8_t out[32])
{
    size_t          i;
    mc_err_t        err;
    mc_buf_t        buf;
    const mc_str_t  texts[] = {
        row->actor, row->action, row->result, row->address, row->request_id
    };

    mc_buf_init(&buf, AUDIT_BYTES);

    mc_buf_append(&buf, before, 32);
    number_append(&buf, (uint64_t) row->seq);
    number_append(&buf, (uint64_t) row->at);
    number_append(&buf, (uint64_t) row->member_id);

    for (i = 0; i < mc_count(texts); i++) {
        number_append(&buf, texts[i].len);
        mc_buf_str(&buf, texts[i]);
    }

    err = buf.err;

    if (err == MC_OK) {
        err = mc_hmac_sha256(key, buf.data, buf.len, out);
    }

    mc_buf_free(&buf);

    return err;
}


/* Does the row follow "before", under today's key or an earlier one?
 * MC_EDENIED. */
static mc_err_t
row_fits(const mc_store_t *store, const uint8_t before[32],
    const mc_audit_row_t *row)
{
    size_t    i;
    uint8_t   right[32];
    mc_err_t  err;

    for (i = 0; i < store->audit_count; i++) {
        err = row_mac(store->audit_keys[i], before, row, right);
        if (err != MC_OK) {
            return err == MC_ETOOBIG ? MC_EDENIED : err;
        }

        if (mc_equal_const(right, row->mac, 32)) {
            return MC_OK;
        }
    }

    return MC_EDENIED;
}


static mc_err_t
head_seal(const uint8_t key[32], int64_t seq, const uint8_t mac[32],
    uint8_t out[32])
{
    int      i;
    uint8_t  bytes[4 + 8 + 32];

    memcpy(bytes, "head", 4);

    for (i = 0; i < 8; i++) {
        bytes[4 + i] = (uint8_t) ((uint64_t) seq >> (56 - 8 * i));
    }

    memcpy(bytes + 12, mac, 32);

    return mc_hmac_sha256(key, bytes, sizeof(bytes), out);
}


/* MC_EDENIED when the seal is of none of our keys. */
static mc_err_t
head_fits(const mc_store_t *store, int64_t seq, const uint8_t mac[32],
    const uint8_t seal[32])
{
    size_t    i;
    uint8_t   right[32];
    mc_err_t  err;

    for (i = 0; i < store->audit_count; i++) {
        err = head_seal(store->audit_keys[i], seq, mac, right);
        if (err != MC_OK) {
            return err;
        }

        if (mc_equal_const(seal, right, 32)) {
            return MC_OK;
        }
    }

    return MC_EDENIED;
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
             "SELECT EXISTS (SELECT 1 FROM audit) "
             "AND NOT EXISTS (SELECT 1 FROM audit_head WHERE id = 1)");

    err = mc_query_one(&query, &taken);
    if (err != MC_OK) {
        return err;
    }

    return taken ? MC_EDENIED : MC_OK;
}


/* MC_OK with seq 0 and zeros when nothing was written yet; MC_EDENIED when
 * the seal does not fit or was taken away. */
static mc_err_t
head_read(mc_conn_t *conn, int64_t *seq, uint8_t mac[32])
{
    uint8_t     seal[32];
    mc_err_t    row, err;
    mc_query_t  query;

    *seq = 0;
    memset(mac, 0, 32);

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT seq, mac, seal FROM audit_head WHERE id = 1");

    row = mc_query_row(&query);

    if (row == MC_OK) {
        *seq = mc_query_get_int(&query, 0);
        mc_query_get_blob(&query, 1, mac, 32);
        mc_query_get_blob(&query, 2, seal, 32);
    }

    err = mc_query_done(&query);

    if (err != MC_OK) {
        return err;
    }

    if (row == MC_ENOTFOUND) {
        return head_missing(conn);
    }

    return head_fits(conn->store, *seq, mac, seal);
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


static mc_err_t
head_write(mc_conn_t *conn, int64_t seq, const uint8_t mac[32])
{
    uint8_t     seal[32];
    mc_err_t    err;
    mc_query_t  query;

    err = head_seal(conn->store->audit_keys[0], seq, mac, seal);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO audit_head (id, seq, mac, seal) "
             "VALUES (1, ?, ?, ?) "
             "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, "
             "mac = excluded.mac, seal = excluded.seal");
    mc_query_int(&query, seq);
    mc_query_blob(&query, mac, 32);
    mc_query_blob(&query, seal, 32);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_audit_append(mc_conn_t *conn, const mc_actor_t *actor, int64_t member_id,
    const char *action, const char *result)
{
    int64_t         last;
    uint8_t         before[32];
    mc_err_t        err;
    mc_query_t      query;
    audit_text_t    texts[5];
    mc_audit_row_t  row;

    if (actor->officer != NULL) {
        err = mc_officer_guard(conn, actor->officer, member_id, actor->now);

        if (err != MC_OK) {
            return err;
        }
    }

    /*
     * A head that was tampered with breaks the chain here for good, which
     * mc_audit_verify() shows; it is no reason to refuse the members.
     */

    err = head_read(conn, &row.seq, before);

    if (err == MC_EDENIED) {
        memset(before, 0xFF, sizeof(before));   /* never to fit again */

    } else if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE, "SELECT max(seq) FROM audit");

    err = mc_query_one(&query, &last);
    if (err != MC_OK) {
        return err;
    }

    row.seq = (row.seq > last ? row.seq : last) + 1;
    row.at = actor->now;
    row.member_id = member_id;
    row.actor = text_clean(mc_str_from(actor->actor), texts[0]);
    row.action = text_clean(mc_str_from(action), texts[1]);
    row.result = text_clean(mc_str_from(result), texts[2]);
    row.address = text_clean(actor->address, texts[3]);
    row.request_id = text_clean(actor->request_id, texts[4]);

    err = row_mac(conn->store->audit_keys[0], before, &row, row.mac);

    if (err == MC_OK) {
        err = row_insert(conn, &row);
    }

    if (err == MC_OK) {
        err = head_write(conn, row.seq, row.mac);
    }

    return err;
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


/* Up to AUDIT_PAGE rows behind "seq"; all is copied, so that no statement is
 * open while a row is visited. */
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


typedef struct {
    int64_t  seq;                   /* of the row that fitted last */
    uint8_t  mac[32];
    int64_t  head_seq;              /* what audit_head promises */
    uint8_t  head_mac[32];
} chain_t;


/* One more row of the chain; MC_EDENIED. */
static mc_err_t
chain_step(const mc_conn_t *conn, chain_t *chain, const mc_audit_row_t *row)
{
    mc_err_t  err;

    if (row->seq != chain->seq + 1) {
        return MC_EDENIED;
    }

    err = row_fits(conn->store, chain->mac, row);
    if (err != MC_OK) {
        return err;
    }

    if (row->seq == chain->head_seq
        && !mc_equal_const(row->mac, chain->head_mac, 32))
    {
        return MC_EDENIED;
    }

    chain->seq = row->seq;
    memcpy(chain->mac, row->mac, 32);

    return MC_OK;
}


static mc_err_t
chain_walk(mc_conn_t *conn, chain_t *chain, mc_audit_visit_pt visit,
    void *data)
{
    size_t           i, count;
    mc_err_t         err;
    mc_arena_t       arena;
    mc_audit_row_t  *rows;

    mc_arena_init(&arena, MC_SCAN_ARENA);

    do {
        err = page_read(conn, chain->seq, &arena, &rows, &count);

        for (i = 0; err == MC_OK && i < count; i++) {
            err = chain_step(conn, chain, &rows[i]);

            if (err == MC_OK && visit != NULL) {
                err = visit(data, &rows[i]);
            }
        }

        mc_arena_free(&arena);

    } while (err == MC_OK && count == AUDIT_PAGE);

    return err;
}


mc_err_t
mc_audit_verify(mc_conn_t *conn, mc_audit_visit_pt visit, void *data,
    int64_t *rows, int64_t *bad_seq, uint8_t head[32])
{
    chain_t   chain;
    mc_err_t  err, sealed;

    chain = (chain_t) { .seq = 0 };
    *bad_seq = 0;

    /* read first: rows added meanwhile lie behind it */

    sealed = head_read(conn, &chain.head_seq, chain.head_mac);
    if (sealed != MC_OK && sealed != MC_EDENIED) {
        return sealed;
    }

    if (sealed == MC_EDENIED) {
        chain.head_seq = 0;
    }

    err = chain_walk(conn, &chain, visit, data);

    *rows = chain.seq;
    memcpy(head, chain.mac, 32);

    if (err == MC_OK && (sealed == MC_EDENIED || chain.seq < chain.head_seq))
    {
        err = MC_EDENIED;       /* cut off behind here */
    }

    if (err == MC_EDENIED) {
        *bad_seq = chain.seq + 1;
    }

    return err;
}
