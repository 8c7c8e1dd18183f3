/*
 * The audit's older end is moved away: the rows go, a sealed anchor tells
 * where the chain goes on.
 *
 * Depends on base.  Commands; the thread that has the connection.  Each
 * part is a transaction after which the chain fits, so a rotation that was
 * interrupted is simply taken up again.
 */

#include "mc_store_audit_mac.h"

#include <stdio.h>


#define ROTATE_PAGE  2000           /* rows of one transaction */


mc_err_t
mc_audit_anchor_write(mc_conn_t *conn, mc_audit_place_t *place)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_audit_seal(conn->store->audit_keys[0], "anchor", place);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO audit_anchor (id, seq, mac, seal) "
             "VALUES (1, ?, ?, ?) "
             "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, "
             "mac = excluded.mac, seal = excluded.seal");
    mc_query_int(&query, place->seq);
    mc_query_blob(&query, place->mac, 32);
    mc_query_blob(&query, place->seal, 32);

    return mc_query_run(&query, NULL);
}


/* The last of the oldest ROTATE_PAGE rows up to "seq"; MC_ENOTFOUND. */
static mc_err_t
page_end(mc_conn_t *conn, int64_t seq, mc_audit_place_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT seq, mac FROM audit WHERE seq IN "
             "(SELECT seq FROM audit WHERE seq <= ? ORDER BY seq LIMIT ?) "
             "ORDER BY seq DESC LIMIT 1");
    mc_query_int(&query, seq);
    mc_query_int(&query, ROTATE_PAGE);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        out->seq = mc_query_get_int(&query, 0);
        mc_query_get_blob(&query, 1, out->mac, 32);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


/* One part; *last: nothing up to "place" is left, and the act is recorded
 * with it. */
static mc_err_t
page_remove(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_audit_place_t *place, int64_t *removed, bool *last)
{
    int               changes;
    char              result[64];
    mc_err_t          err;
    mc_query_t        query;
    mc_audit_place_t  end;

    err = page_end(conn, place->seq, &end);

    if (err != MC_OK) {
        *last = err == MC_ENOTFOUND;
        return *last ? MC_OK : err;
    }

    *last = end.seq == place->seq;

    if (*last && memcmp(end.mac, place->mac, sizeof(end.mac)) != 0) {
        return MC_ECONFLICT;        /* not the row that was checked */
    }

    err = mc_audit_anchor_write(conn, &end);

    if (err == MC_OK) {
        mc_query(&query, conn, MC_DB_CORE,
                 "DELETE FROM audit WHERE seq <= ?");
        mc_query_int(&query, end.seq);

        err = mc_query_run(&query, &changes);
        *removed += err == MC_OK ? changes : 0;
    }

    if (err != MC_OK || !*last) {
        return err;
    }

    (void) snprintf(result, sizeof(result), "rotated to %lld",
                    (long long) place->seq);

    return mc_audit_append(conn, actor, 0, "audit", result);
}


mc_err_t
mc_audit_rotate(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_audit_place_t *place, int64_t *removed)
{
    bool      last;
    mc_err_t  err;

    *removed = 0;
    last = false;

    do {
        err = mc_write_begin(conn);
        if (err != MC_OK) {
            return err;
        }

        err = page_remove(conn, actor, place, removed, &last);
        err = mc_write_end(conn, err);

    } while (err == MC_OK && !last);

    return err;
}


/* Is it sealed with a key of ours that is not today's?  MC_EDENIED: with
 * none of ours, which stays as it is for mc_audit_check() to tell. */
static mc_err_t
is_old(mc_conn_t *conn, const char *kind, const mc_audit_place_t *place,
    bool *old)
{
    mc_err_t         err;
    mc_audit_keys_t  keys;

    keys = mc_audit_own_keys(conn->store);

    err = mc_audit_sealed(keys, kind, place);
    if (err != MC_OK) {
        return err;
    }

    keys.count = 1;
    err = mc_audit_sealed(keys, kind, place);
    *old = err == MC_EDENIED;

    return err == MC_EDENIED ? MC_OK : err;
}


static mc_err_t
reseal(mc_conn_t *conn, const mc_actor_t *actor)
{
    bool              old;
    mc_err_t          err;
    mc_audit_place_t  place;

    err = mc_audit_anchor(conn, &place);

    if (err == MC_OK) {
        err = is_old(conn, "anchor", &place, &old);

        if (err == MC_OK && old) {
            err = mc_audit_anchor_write(conn, &place);
        }
    }

    if (err != MC_OK && err != MC_ENOTFOUND) {
        return err;
    }

    err = mc_audit_head(conn, &place);

    if (err == MC_OK) {
        err = is_old(conn, "head", &place, &old);

        /* the row that says so is today's, and so is the head behind it */

        if (err == MC_OK && old) {
            err = mc_audit_append(conn, actor, 0, "rekey", "audit");
        }
    }

    return err == MC_ENOTFOUND ? MC_OK : err;
}


mc_err_t
mc_audit_reseal(mc_conn_t *conn, const mc_actor_t *actor)
{
    mc_err_t  err;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = reseal(conn, actor);

    return mc_write_end(conn, err);
}
