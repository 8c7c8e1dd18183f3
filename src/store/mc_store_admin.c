/*
 * Looking after a store: is everything there and whole (check).
 *
 * Depends on base.  Commands; the thread that has the connection.  Takes no
 * lock.
 */

#include "mc_store_sqlite.h"

#include <stdarg.h>
#include <stdio.h>

#include "mc_time.h"


#define CHECK_PAGE     64
#define UPLOAD_MOMENT  MC_MINUTE    /* photo there, pointer not yet */


/* Keeps the first finding. */
static void __attribute__((format(printf, 2, 3)))
note(mc_store_report_t *report, const char *format, ...)
{
    va_list  args;

    if (report->first[0] != '\0') {
        return;
    }

    va_start(args, format);
    vsnprintf(report->first, sizeof(report->first), format, args);
    va_end(args);
}


static mc_err_t
counts_read(mc_conn_t *conn, mc_store_report_t *report)
{
    size_t      i;
    mc_err_t    err;
    mc_query_t  query;

    const struct {
        mc_db_t      db;
        const char  *sql;
        int64_t     *out;
    } counts[] = {
        { MC_DB_CORE, "SELECT count(*) FROM member", &report->members },
        { MC_DB_PHOTO, "SELECT count(*) FROM photo", &report->photos },
        { MC_DB_CORE, "SELECT count(*) FROM confirmation",
          &report->confirmations },
        { MC_DB_CORE, "SELECT count(*) FROM session", &report->sessions },
        { MC_DB_CORE, "SELECT count(*) FROM audit", &report->audit_rows }
    };

    for (i = 0; i < mc_count(counts); i++) {
        mc_query(&query, conn, counts[i].db, counts[i].sql);

        err = mc_query_one(&query, counts[i].out);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


static mc_err_t
integrity_read(mc_conn_t *conn, mc_db_t db, mc_store_report_t *report)
{
    mc_str_t    text;
    mc_err_t    row;
    mc_query_t  query;

    mc_query(&query, conn, db, "PRAGMA integrity_check(1)");

    row = mc_query_row(&query);
    text = row == MC_OK ? mc_query_peek(&query, 0) : mc_str_null;

    if (query.err == MC_OK && !mc_str_is(text, "ok")) {
        report->integrity = false;
        note(report, "%s: %.*s", mc_db_name(db), (int) text.len, text.data);
    }

    return mc_query_done(&query);
}


/* A row that points to a row that is not there. */
static mc_err_t
references_read(mc_conn_t *conn, mc_store_report_t *report)
{
    mc_str_t    table;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE, "PRAGMA foreign_key_check");

    if (mc_query_row(&query) == MC_OK) {
        table = mc_query_peek(&query, 0);
        report->integrity = false;
        note(report, "core.db: a row of %.*s points to nothing",
             (int) table.len, table.data);
    }

    return mc_query_done(&query);
}


/* One photo of the scan: are its bytes whole, does anything need it? */
static mc_err_t
photo_check(mc_conn_t *conn, mc_query_t *query, mc_store_report_t *report)
{
    bool      pointed;
    int64_t   id, at;
    uint8_t   sha256[32];
    mc_str_t  sealed;
    mc_err_t  err;

    id = mc_query_get_int(query, 0);
    at = mc_query_get_int(query, 1);
    mc_query_get_blob(query, 2, sha256, 32);
    sealed = mc_query_peek(query, 3);

    if (query->err != MC_OK) {
        return query->err;
    }

    err = mc_photo_sealed_check(sealed, sha256);

    if (err == MC_ECORRUPT) {
        report->bad_photos++;
        note(report, "photo %lld: its bytes have changed", (long long) id);

    } else if (err != MC_OK) {
        return err;
    }

    err = mc_photo_pointed(conn, id, INT64_MIN, &pointed);

    if (err == MC_OK && !pointed && at < mc_now() - UPLOAD_MOMENT) {
        report->orphan_photos++;
    }

    return err;
}


static mc_err_t
photos_check(mc_conn_t *conn, mc_store_report_t *report)
{
    int         count;
    int64_t     after;
    mc_err_t    err, row;
    mc_query_t  query;

    after = 0;

    do {
        mc_query(&query, conn, MC_DB_PHOTO,
                 "SELECT id, at, sealed_sha256, sealed FROM photo "
                 "WHERE id > ? ORDER BY id LIMIT ?");
        mc_query_int(&query, after);
        mc_query_int(&query, CHECK_PAGE);

        err = MC_OK;
        count = 0;

        for (row = mc_query_row(&query);
             row == MC_OK && err == MC_OK;
             row = mc_query_row(&query))
        {
            after = mc_query_get_int(&query, 0);
            count++;
            err = photo_check(conn, &query, report);
        }

        if (err == MC_OK) {
            err = mc_query_done(&query);

        } else {
            (void) mc_query_done(&query);
        }

    } while (err == MC_OK && count == CHECK_PAGE);

    return err;
}


static mc_err_t
pointers_check(mc_conn_t *conn, mc_store_report_t *report)
{
    int64_t     id, one;
    mc_err_t    err, row;
    mc_query_t  pointers, photo;

    mc_query(&pointers, conn, MC_DB_CORE,
             "SELECT photo_id FROM photo_case WHERE " MC_CASE_KEEPS " "
             "UNION SELECT photo_id FROM confirmation WHERE photo_id > 0 "
             "UNION SELECT photo_id FROM member WHERE photo_id IS NOT NULL "
             "UNION SELECT reference_id FROM member "
             "WHERE reference_id IS NOT NULL");
    mc_query_int(&pointers, mc_now() - MC_PHOTO_KEPT);

    err = MC_OK;

    for (row = mc_query_row(&pointers);
         row == MC_OK && err == MC_OK;
         row = mc_query_row(&pointers))
    {
        id = mc_query_get_int(&pointers, 0);

        mc_query(&photo, conn, MC_DB_PHOTO,
                 "SELECT 1 FROM photo WHERE id = ?");
        mc_query_int(&photo, id);

        err = mc_query_one(&photo, &one);

        if (err == MC_ENOTFOUND) {
            report->lost_photos++;
            note(report, "photo %lld: is pointed to and not there",
                 (long long) id);
            err = MC_OK;
        }
    }

    if (err != MC_OK) {
        (void) mc_query_done(&pointers);
        return err;
    }

    return mc_query_done(&pointers);
}


mc_err_t
mc_store_check(mc_conn_t *conn, mc_store_report_t *report)
{
    int       part;
    mc_err_t  err;

    *report = (mc_store_report_t) { .integrity = true };

    for (part = 0; part < 6; part++) {

        switch (part) {
        case 0:
            err = integrity_read(conn, MC_DB_CORE, report);
            break;

        case 1:
            err = integrity_read(conn, MC_DB_PHOTO, report);
            break;

        case 2:
            err = references_read(conn, report);
            break;

        case 3:
            err = counts_read(conn, report);
            break;

        case 4:
            err = photos_check(conn, report);
            break;

        default:
            err = pointers_check(conn, report);
            break;
        }

        /* damage is what was asked for: the other parts are still told */

        if (err == MC_ECORRUPT) {
            report->integrity = false;
            note(report, "a database file is damaged");
            continue;
        }

        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}
