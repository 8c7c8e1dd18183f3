/*
 * Members and institutes: reading, and the changes to one row.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * The revision is raised by what a member's page shows (data, status, a
 * photo put on record), the epoch by what must end sessions (password,
 * disabled).  Scans read a page and close the statement before they visit:
 * a slow visitor pins no WAL, and may itself use the connection.
 */

#include "mc_store_outbox.h"

#include "mc_store_sqlite.h"
#include "mc_time.h"


#define MEMBER_PAGE  64


/* Text of a column the application wrote; anything else is damage. */
static void
status_get(mc_query_t *query, int column, mc_status_t *out)
{
    mc_str_t  text;

    text = mc_query_peek(query, column);

    if (query->err == MC_OK && !mc_status_read(text, out)) {
        query->err = MC_ECORRUPT;
    }
}


mc_err_t
mc_member_columns(mc_query_t *query, int first, mc_arena_t *arena,
    mc_member_t *out)
{
    *out = (mc_member_t) { .id = mc_query_get_int(query, first) };

    out->user_type = mc_query_get(query, first + 1, arena);
    out->member_no = mc_query_get(query, first + 2, arena);
    out->columns[MC_COLUMN_NAME] = mc_query_get(query, first + 3, arena);
    out->columns[MC_COLUMN_SEX] = mc_query_get(query, first + 4, arena);
    out->columns[MC_COLUMN_CERTIFICATE_NO] = mc_query_get(query, first + 5,
                                                          arena);
    out->columns[MC_COLUMN_CATEGORY] = mc_query_get(query, first + 6, arena);
    out->columns[MC_COLUMN_ADMITTED_ON] = mc_query_get(query, first + 7,
                                                       arena);
    out->columns[MC_COLUMN_INSTITUTE] = mc_query_get(query, first + 8, arena);
    status_get(query, first + 9, &out->status);
    out->password_hash = mc_query_get(query, first + 10, arena);
    out->disabled = mc_query_get_int(query, first + 11) != 0;
    out->epoch = mc_query_get_int(query, first + 12);
    out->photo_id = mc_query_get_int(query, first + 13);
    out->revision = mc_query_get_int(query, first + 14);
    out->attempts = (uint32_t) mc_query_get_int(query, first + 15);
    out->password_at = mc_query_get_int(query, first + 16);
    out->password_forced = mc_query_get_int(query, first + 17) != 0;

    return query->err;
}


static mc_err_t
row_get(mc_query_t *query, mc_arena_t *arena, mc_member_row_t *out)
{
    (void) mc_member_columns(query, 0, arena, &out->member);

    out->sealed_profile = mc_query_get(query, MC_MEMBER_COLUMN_COUNT, arena);

    return query->err;
}


static mc_err_t
row_one(mc_query_t *query, mc_arena_t *arena, mc_member_row_t *out)
{
    mc_err_t  row, err;

    row = mc_query_row(query);

    if (row == MC_OK) {
        (void) row_get(query, arena, out);
    }

    err = mc_query_done(query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_member_by_no(mc_conn_t *conn, mc_str_t user_type, mc_str_t member_no,
    mc_arena_t *arena, mc_member_row_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_MEMBER_COLUMNS ", m.profile FROM member m "
             "WHERE m.user_type = ? AND m.member_no = ?");
    mc_query_text(&query, user_type);
    mc_query_text(&query, member_no);

    return row_one(&query, arena, out);
}


mc_err_t
mc_member_by_id(mc_conn_t *conn, int64_t id, mc_arena_t *arena,
    mc_member_row_t *out)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_MEMBER_COLUMNS ", m.profile FROM member m "
             "WHERE m.id = ?");
    mc_query_int(&query, id);

    return row_one(&query, arena, out);
}


static mc_err_t
page_read(mc_conn_t *conn, int64_t after, mc_arena_t *arena,
    mc_member_row_t **out, size_t *count)
{
    mc_err_t          row;
    mc_query_t        query;
    mc_member_row_t  *rows;

    *count = 0;

    rows = mc_arena_alloc(arena, MEMBER_PAGE * sizeof(mc_member_row_t));
    if (rows == NULL) {
        return MC_ENOMEM;
    }

    *out = rows;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_MEMBER_COLUMNS ", m.profile FROM member m "
             "WHERE m.id > ? ORDER BY m.id LIMIT ?");
    mc_query_int(&query, after);
    mc_query_int(&query, MEMBER_PAGE);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < MEMBER_PAGE;
         row = mc_query_row(&query))
    {
        (void) row_get(&query, arena, &rows[(*count)++]);
    }

    return mc_query_done(&query);
}


mc_err_t
mc_member_scan(mc_conn_t *conn, mc_member_visit_pt visit, void *data)
{
    size_t            i, count;
    int64_t           after;
    mc_err_t          err;
    mc_arena_t        arena;
    mc_member_row_t  *rows;

    after = 0;
    mc_arena_init(&arena, MC_SCAN_ARENA);

    do {
        err = page_read(conn, after, &arena, &rows, &count);

        for (i = 0; err == MC_OK && i < count; i++) {
            after = rows[i].member.id;
            err = visit(data, &rows[i]);
        }

        mc_arena_free(&arena);

    } while (err == MC_OK && count == MEMBER_PAGE);

    return err;
}


static void
institute_get(mc_query_t *query, mc_arena_t *arena, mc_institute_t *out)
{
    out->code = mc_query_get(query, 0, arena);
    out->name = mc_query_get(query, 1, arena);
    out->name_en = mc_query_get(query, 2, arena);
    out->contact = mc_query_get(query, 3, arena);
    out->phone = mc_query_get(query, 4, arena);
}


mc_err_t
mc_institute_get(mc_conn_t *conn, mc_str_t code, mc_arena_t *arena,
    mc_institute_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT code, name, name_en, contact, phone FROM institute "
             "WHERE code = ?");
    mc_query_text(&query, code);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        institute_get(&query, arena, out);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_institute_list(mc_conn_t *conn, mc_arena_t *arena, mc_institute_t **out,
    size_t *count)
{
    size_t           size, n;
    mc_err_t         row;
    mc_query_t       query;
    mc_institute_t  *list, *grown;

    *out = NULL;
    *count = 0;

    n = 0;
    size = 0;
    list = NULL;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT code, name, name_en, contact, phone FROM institute "
             "ORDER BY code");

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK;
         row = mc_query_row(&query))
    {
        if (n == size) {
            size = size == 0 ? 64 : size * 2;

            grown = mc_arena_alloc(arena, size * sizeof(mc_institute_t));
            if (grown == NULL) {
                query.err = MC_ENOMEM;
                break;
            }

            if (n > 0) {
                memcpy(grown, list, n * sizeof(mc_institute_t));
            }

            list = grown;
        }

        institute_get(&query, arena, &list[n++]);
    }

    if (query.err == MC_OK) {
        *out = list;
        *count = n;
    }

    return mc_query_done(&query);
}


/* The revision of a member now; MC_ENOTFOUND. */
static mc_err_t
revision_read(mc_conn_t *conn, int64_t id, int64_t *revision)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT revision FROM member WHERE id = ?");
    mc_query_int(&query, id);

    return mc_query_one(&query, revision);
}


static mc_err_t
save_row(mc_conn_t *conn, const mc_member_t *member, mc_str_t sealed_profile)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET name = ?, sex = ?, certificate_no = ?, "
             "category = ?, admitted_on = ?, institute = ?, profile = ?, "
             "id_key = CASE WHEN ? = 1 THEN id_key ELSE ? END, "
             "revision = revision + 1 WHERE id = ?");
    mc_query_text(&query, member->columns[MC_COLUMN_NAME]);
    mc_query_text(&query, member->columns[MC_COLUMN_SEX]);
    mc_query_text(&query, member->columns[MC_COLUMN_CERTIFICATE_NO]);
    mc_query_text(&query, member->columns[MC_COLUMN_CATEGORY]);
    mc_query_text(&query, member->columns[MC_COLUMN_ADMITTED_ON]);
    mc_query_optional(&query, member->columns[MC_COLUMN_INSTITUTE]);
    mc_query_blob(&query, sealed_profile.data, sealed_profile.len);
    mc_query_int(&query, member->id_key.data == NULL);
    mc_query_optional_blob(&query, member->id_key);
    mc_query_int(&query, member->id);

    return mc_query_run(&query, NULL);
}


/* Messages like this one since then. */
static mc_err_t
told_since(mc_conn_t *conn, const mc_outbox_row_t *message, int64_t since,
    int64_t *count)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT count(*) FROM outbox WHERE member_id = ? AND at > ? "
             "AND kind = ? AND channel = ?");
    mc_query_int(&query, message->member_id);
    mc_query_int(&query, since);
    mc_query_text(&query, message->kind);
    mc_query_text(&query,
                  mc_str_from(mc_outbox_channel(message->channel)));

    return mc_query_one(&query, count);
}


static mc_err_t
tell_few(mc_conn_t *conn, const mc_outbox_row_t *message, int64_t now,
    size_t *queued)
{
    int64_t   hour, day;
    mc_err_t  err;

    err = told_since(conn, message, now - MC_HOUR, &hour);

    if (err == MC_OK) {
        err = told_since(conn, message, now - MC_DAY, &day);
    }

    if (err != MC_OK || hour >= MC_OUTBOX_HOURLY || day >= MC_OUTBOX_DAILY) {
        return err;
    }

    (*queued)++;

    return mc_outbox_append(conn, now, message);
}


mc_err_t
mc_member_save_tell(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_member_t *member,
    mc_str_t sealed_profile, const mc_outbox_row_t *messages, size_t count,
    size_t *queued, int64_t *new_revision)
{
    size_t    i, told;
    int64_t   revision;
    mc_err_t  err;

    told = 0;
    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    err = mc_write_guard(conn, guard, member->id, actor->now);

    if (err == MC_OK) {
        err = revision_read(conn, member->id, &revision);
    }

    if (err == MC_OK && revision != member->revision) {
        err = MC_ECONFLICT;
    }

    if (err == MC_OK) {
        err = save_row(conn, member, sealed_profile);
    }

    for (i = 0; i < count && err == MC_OK; i++) {
        err = tell_few(conn, &messages[i], actor->now, &told);
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, member->id, "save", "ok");
    }

    err = mc_write_end(conn, err);

    if (err == MC_OK) {
        *new_revision = revision + 1;
    }

    if (queued != NULL) {
        *queued = err == MC_OK ? told : 0;
    }

    return err;
}


mc_err_t
mc_member_save(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_member_t *member,
    mc_str_t sealed_profile, int64_t *new_revision)
{
    return mc_member_save_tell(conn, actor, guard, member, sealed_profile,
                               NULL, 0, NULL, new_revision);
}


mc_err_t
mc_sessions_remove(mc_conn_t *conn, int64_t id)
{
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "DELETE FROM session WHERE member_id = ?");
    mc_query_int(&query, id);

    return mc_query_run(&query, NULL);
}


/* The end of a change that is one UPDATE: the query is run, a member that is
 * not there told, the row for the audit written. */
static mc_err_t
change_end(mc_conn_t *conn, mc_query_t *query, const mc_actor_t *actor,
    int64_t id, const char *action, const char *result)
{
    int       changes;
    mc_err_t  err;

    err = mc_query_run(query, &changes);

    if (err == MC_OK && changes == 0) {
        err = MC_ENOTFOUND;
    }

    if (err == MC_OK) {
        err = mc_audit_append(conn, actor, id, action, result);
    }

    return err;
}


mc_err_t
mc_member_set_status(mc_conn_t *conn, const mc_actor_t *actor, int64_t id,
    mc_status_t status)
{
    mc_err_t    err;
    mc_query_t  query;

    if ((int) status < 0 || status >= MC_STATUSES) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET status = ?, revision = revision + 1 "
             "WHERE id = ?");
    mc_query_text(&query, mc_str_from(mc_status_code(status)));
    mc_query_int(&query, id);

    err = change_end(conn, &query, actor, id, "status",
                     mc_status_code(status));

    return mc_write_end(conn, err);
}


mc_err_t
mc_member_set_disabled(mc_conn_t *conn, const mc_actor_t *actor, int64_t id,
    bool disabled)
{
    mc_err_t    err;
    mc_query_t  query;

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE member SET disabled = ?, epoch = epoch + ? "
             "WHERE id = ?");
    mc_query_int(&query, disabled);
    mc_query_int(&query, disabled);
    mc_query_int(&query, id);

    err = change_end(conn, &query, actor, id, "status",
                     disabled ? "disabled" : "enabled");

    if (err == MC_OK && disabled) {
        err = mc_sessions_remove(conn, id);
    }

    return mc_write_end(conn, err);
}
