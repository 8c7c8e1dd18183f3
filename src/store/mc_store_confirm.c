/*
 * Consents and confirmations.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * A confirmation freezes what the member saw.  So it is written only while
 * nothing it was made from has moved: the member's revision, the newest
 * case, the photo.  Nothing frozen is ever changed; a newer one supersedes
 * it.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>


#define CONFIRMATION_PAGE  64

/* What a confirmation is checked against, as it is now. */
typedef struct {
    int64_t          revision;
    int64_t          photo_id;
    int64_t          case_id;           /* newest; 0: none */
    int64_t          case_photo_id;
    mc_case_state_t  state;
} present_t;


mc_err_t
mc_consent_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id, const char *document,
    mc_str_t version, bool accepted)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_guard(conn, guard, member_id, actor->now);

    if (err == MC_OK) {
        mc_query(&query, conn, MC_DB_CORE,
                 "INSERT INTO consent (member_id, document, version, "
                 "accepted, at) VALUES (?, ?, ?, ?, ?)");
        mc_query_int(&query, member_id);
        mc_query_text(&query, mc_str_from(document));
        mc_query_text(&query, version);
        mc_query_int(&query, accepted);
        mc_query_int(&query, actor->now);

        err = mc_query_run(&query, NULL);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, member_id, "consent",
                              accepted ? "ok" : "withdrawn");
    }

    return mc_write_end(conn, err);
}


mc_err_t
mc_consent_said(mc_conn_t *conn, int64_t member_id, const char *document,
    mc_str_t version, bool *accepted)
{
    int64_t     said;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT accepted FROM consent WHERE member_id = ? "
             "AND document = ? AND version = ? ORDER BY id DESC LIMIT 1");
    mc_query_int(&query, member_id);
    mc_query_text(&query, mc_str_from(document));
    mc_query_text(&query, version);

    err = mc_query_one(&query, &said);

    if (err == MC_OK) {
        *accepted = said != 0;
    }

    return err;
}


mc_err_t
mc_consent_get(mc_conn_t *conn, int64_t member_id, const char *document,
    mc_str_t version)
{
    bool      accepted;
    mc_err_t  err;

    err = mc_consent_said(conn, member_id, document, version, &accepted);

    return err == MC_OK && !accepted ? MC_ENOTFOUND : err;
}


mc_err_t
mc_confirmation_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    mc_str_t  version;

    *out = (mc_confirmation_row_t) {
        .serial = mc_query_get_int(query, first)
    };

    out->member_id = mc_query_get_int(query, first + 1);
    version = mc_query_peek(query, first + 2);

    if (query->err == MC_OK && version.len != sizeof(out->version) - 1) {
        query->err = MC_ECORRUPT;
    }

    if (query->err == MC_OK) {
        memcpy(out->version, version.data, version.len);
    }

    out->frozen = mc_query_get(query, first + 3, arena);
    out->photo_id = mc_query_get_int(query, first + 4);
    out->code = mc_query_get(query, first + 5, arena);
    out->at = mc_query_get_int(query, first + 6);
    out->superseded_at = mc_query_get_int(query, first + 7);
    out->revoked_at = mc_query_get_int(query, first + 8);
    out->erased_at = mc_query_get_int(query, first + 9);
    out->reason = mc_query_get(query, first + 10, arena);
    out->statement = mc_query_get(query, first + 11, arena);

    return query->err;
}


mc_err_t
mc_confirmation_newest(mc_conn_t *conn, int64_t member_id, mc_arena_t *arena,
    mc_confirmation_row_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CONFIRMATION_COLUMNS " FROM confirmation k "
             "WHERE k.member_id = ? ORDER BY k.serial DESC LIMIT 1");
    mc_query_int(&query, member_id);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        (void) mc_confirmation_columns(&query, 0, arena, out);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


static mc_err_t
page_read(mc_conn_t *conn, int64_t after, int64_t since, mc_arena_t *arena,
    mc_confirmation_row_t **out, size_t *count)
{
    mc_err_t                row;
    mc_query_t              query;
    mc_confirmation_row_t  *rows;

    *count = 0;

    rows = mc_arena_alloc(arena, CONFIRMATION_PAGE
                                 * sizeof(mc_confirmation_row_t));
    if (rows == NULL) {
        return MC_ENOMEM;
    }

    *out = rows;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CONFIRMATION_COLUMNS " FROM confirmation k "
             "WHERE k.serial > ? AND k.at >= ? ORDER BY k.serial LIMIT ?");
    mc_query_int(&query, after);
    mc_query_int(&query, since);
    mc_query_int(&query, CONFIRMATION_PAGE);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < CONFIRMATION_PAGE;
         row = mc_query_row(&query))
    {
        (void) mc_confirmation_columns(&query, 0, arena, &rows[(*count)++]);
    }

    return mc_query_done(&query);
}


mc_err_t
mc_confirmation_scan(mc_conn_t *conn, int64_t since,
    mc_confirmation_visit_pt visit, void *data)
{
    size_t                  i, count;
    int64_t                 after;
    mc_err_t                err;
    mc_arena_t              arena;
    mc_confirmation_row_t  *rows;

    after = 0;
    mc_arena_init(&arena, MC_SCAN_ARENA);

    do {
        err = page_read(conn, after, since, &arena, &rows, &count);

        for (i = 0; err == MC_OK && i < count; i++) {
            after = rows[i].serial;
            err = visit(data, &rows[i]);
        }

        mc_arena_free(&arena);

    } while (err == MC_OK && count == CONFIRMATION_PAGE);

    return err;
}


static mc_err_t
present_read(mc_conn_t *conn, int64_t member_id, present_t *out)
{
    mc_str_t    state;
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT m.revision, m.photo_id, c.id, c.photo_id, c.state "
             "FROM member m LEFT JOIN photo_case c ON c.id = "
             "(SELECT max(id) FROM photo_case WHERE member_id = m.id) "
             "WHERE m.id = ?");
    mc_query_int(&query, member_id);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        out->revision = mc_query_get_int(&query, 0);
        out->photo_id = mc_query_get_int(&query, 1);
        out->case_id = mc_query_get_int(&query, 2);
        out->case_photo_id = mc_query_get_int(&query, 3);
        out->state = MC_CASE_NONE;

        state = mc_query_peek(&query, 4);

        if (query.err == MC_OK && state.len > 0
            && !mc_case_read(state, &out->state))
        {
            query.err = MC_ECORRUPT;
        }
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


/* The photo of a matched case becomes the current one. */
static mc_err_t
photo_adopt(mc_conn_t *conn, int64_t member_id, const present_t *present)
{
    mc_err_t         err;
    mc_query_t       query;
    mc_case_state_t  next;

    err = mc_case_next(present->state, MC_CASE_CONFIRM, &next);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET state = ? WHERE id = ?");
    mc_query_text(&query, mc_str_from(mc_case_name(next)));
    mc_query_int(&query, present->case_id);

    err = mc_query_run(&query, NULL);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET photo_id = ? WHERE id = ?");
    mc_query_int(&query, present->case_photo_id);
    mc_query_int(&query, member_id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
confirmation_insert(mc_conn_t *conn, mc_confirmation_row_t *row)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE confirmation SET superseded_at = ? "
             "WHERE member_id = ? AND superseded_at IS NULL");
    mc_query_int(&query, row->at);
    mc_query_int(&query, row->member_id);

    err = mc_query_run(&query, NULL);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "INSERT INTO confirmation (member_id, version, frozen, "
             "photo_id, code, at, statement) "
             "VALUES (?, ?, ?, ?, ?, ?, ?)");
    mc_query_int(&query, row->member_id);
    mc_query_text(&query, mc_str_from(row->version));
    mc_query_blob(&query, row->frozen.data, row->frozen.len);
    mc_query_int(&query, row->photo_id);
    mc_query_text(&query, row->code);
    mc_query_int(&query, row->at);
    mc_query_optional(&query, row->statement);

    err = mc_query_run(&query, NULL);

    row->serial = sqlite3_last_insert_rowid(conn->db[MC_DB_CORE]);

    return err == MC_OK && row->key != NULL
           ? mc_statement_key_put(conn, row->key, row->at) : err;
}


/* Inside the transaction, when everything still is as it was read. */
static mc_err_t
confirm_write(mc_conn_t *conn, const mc_actor_t *actor,
    const present_t *present, mc_arena_t *arena, mc_confirmation_row_t *row,
    bool *created)
{
    bool                   adopt;
    char                   result[64];
    mc_err_t               err;
    mc_confirmation_row_t  newest;

    adopt = row->photo_id == present->case_photo_id
            && present->state == MC_CASE_MATCHED;

    if (row->photo_id <= 0
        || (!adopt && row->photo_id != present->photo_id))
    {
        return MC_ECONFLICT;
    }

    if (adopt) {
        err = photo_adopt(conn, row->member_id, present);
        if (err != MC_OK) {
            return err;
        }
    }

    err = mc_confirmation_newest(conn, row->member_id, arena, &newest);
    if (err != MC_OK && err != MC_ENOTFOUND) {
        return err;
    }

    /* one that was revoked stays so: the same data gets a new serial */

    *created = err == MC_ENOTFOUND || newest.revoked_at != 0
               || memcmp(newest.version, row->version,
                         sizeof(row->version)) != 0;

    if (*created) {
        err = confirmation_insert(conn, row);
        if (err != MC_OK) {
            return err;
        }

    } else {
        *row = newest;

        if (!adopt) {
            return MC_OK;
        }
    }

    snprintf(result, sizeof(result), "serial %lld", (long long) row->serial);

    return mc_audit_append(conn, actor, row->member_id, "confirm", result);
}


mc_err_t
mc_confirm(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t revision, int64_t case_id,
    mc_arena_t *arena, mc_confirmation_row_t *confirmation, bool *created)
{
    mc_err_t               err;
    present_t              present;
    mc_confirmation_row_t  row;

    *created = false;
    row = *confirmation;
    row.superseded_at = 0;
    row.revoked_at = 0;
    row.reason = mc_str_null;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_guard(conn, guard, row.member_id, actor->now);

    if (err == MC_OK) {
        err = present_read(conn, row.member_id, &present);
    }

    if (err == MC_OK
        && (present.revision != revision || present.case_id != case_id))
    {
        err = MC_ECONFLICT;
    }

    if (err == MC_OK) {
        err = confirm_write(conn, actor, &present, arena, &row, created);
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *confirmation = row;

    } else {
        *created = false;
    }

    return err;
}
