/*
 * What a download is judged by and made from, in one statement: a repeated
 * one is little more than this read.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * Each join finds one row by a key, so the order of the tables is the one
 * written here (CROSS JOIN is left-to-right for SQLite, and so is every
 * LEFT JOIN); the whole is one look at one state of the database.
 */

#include "mc_store_issue.h"

#include "mc_store_sqlite.h"


#define INSTITUTE_AT     MC_MEMBER_COLUMN_COUNT
#define CASE_AT          (INSTITUTE_AT + 4)
#define CONFIRMATION_AT  (CASE_AT + MC_CASE_COLUMN_COUNT)
#define ISSUED_AT        (CONFIRMATION_AT + MC_CONFIRMATION_COLUMN_COUNT)

static const char  download_sql[] =
    "SELECT " MC_MEMBER_COLUMNS ", "
    "n.name, n.name_en, n.contact, n.phone, "
    MC_CASE_COLUMNS ", " MC_CONFIRMATION_COLUMNS ", "
    "i.serial, i.modules, i.cms, i.sha256, i.at "
    "FROM member m "
    "LEFT JOIN institute n ON n.code = m.institute "
    "LEFT JOIN photo_case c ON c.id = "
    "(SELECT max(id) FROM photo_case WHERE member_id = ?1) "
    "LEFT JOIN confirmation k ON k.serial = "
    "(SELECT max(serial) FROM confirmation WHERE member_id = ?1) "
    "LEFT JOIN issued i ON i.serial = k.serial AND i.template = ?2 "
    "WHERE m.id = ?1";


static void
institute_get(mc_query_t *query, mc_arena_t *arena, mc_download_t *out)
{
    mc_institute_t  *institute;

    institute = &out->institute;

    institute->code = out->member.columns[MC_COLUMN_INSTITUTE];
    institute->name = mc_query_get(query, INSTITUTE_AT, arena);
    institute->name_en = mc_query_get(query, INSTITUTE_AT + 1, arena);
    institute->contact = mc_query_get(query, INSTITUTE_AT + 2, arena);
    institute->phone = mc_query_get(query, INSTITUTE_AT + 3, arena);
}


static void
issued_get(mc_query_t *query, mc_arena_t *arena,
    const uint8_t template_digest[32], mc_issued_t *issued)
{
    issued->serial = mc_query_get_int(query, ISSUED_AT);
    memcpy(issued->template_digest, template_digest, 32);
    issued->modules = mc_query_get(query, ISSUED_AT + 1, arena);
    issued->cms = mc_query_get(query, ISSUED_AT + 2, arena);
    mc_query_get_blob(query, ISSUED_AT + 3, issued->sha256, 32);
    issued->at = mc_query_get_int(query, ISSUED_AT + 4);
}


mc_err_t
mc_download_read(mc_conn_t *conn, int64_t member_id,
    const uint8_t template_digest[32], mc_arena_t *arena,
    mc_download_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    memset(out, 0, sizeof(*out));

    mc_query(&query, conn, MC_DB_CORE, download_sql);
    mc_query_int(&query, member_id);
    mc_query_blob(&query, template_digest, 32);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        (void) mc_member_columns(&query, 0, arena, &out->member);
        institute_get(&query, arena, out);

        if (mc_query_get_int(&query, CASE_AT) != 0) {
            (void) mc_case_columns(&query, CASE_AT, arena, &out->newest);
        }

        out->confirmed = mc_query_get_int(&query, CONFIRMATION_AT) != 0;

        if (out->confirmed) {
            (void) mc_confirmation_columns(&query, CONFIRMATION_AT, arena,
                                           &out->row);
        }

        out->sent = mc_query_get_int(&query, ISSUED_AT) != 0;

        if (out->sent) {
            issued_get(&query, arena, template_digest, &out->issued);
        }
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}
