/*
 * What an officer's desk reads, and the one write of its own.
 *
 * Depends on base and domain.  The thread that has the connection.
 *
 * Each statement joins the officer's row and compares institutes there, so
 * that no caller can forget to.  The queue of a bound officer is found from
 * the institute's members (index member_institute, then photo_case_review),
 * the national one in the order of the cases: either way the work is
 * bounded by what the officer is responsible for, not by all there is.
 */

#include "mc_store_sqlite.h"

#include <stdio.h>

#include "mc_store_officer.h"


/* "o" is the officer, "m" the member. */
#define OFFICERS_OWN                                                         \
    "JOIN officer o ON o.id = ?1 "                                           \
    "AND (o.institute IS NULL OR m.institute = o.institute) "

/* Behind every text that starts with a prefix, in byte order. */
#define LAST_LETTER  "\xf4\x8f\xbf\xbf"


static mc_err_t
queue_rows(mc_query_t *query, size_t most, mc_arena_t *arena,
    mc_desk_case_t *list, size_t *count)
{
    mc_err_t         row;
    mc_desk_case_t  *item;

    for (row = mc_query_row(query);
         row == MC_OK && query->err == MC_OK && *count < most;
         row = mc_query_row(query))
    {
        item = &list[(*count)++];

        (void) mc_case_columns(query, 0, arena, &item->row);
        (void) mc_member_columns(query, MC_CASE_COLUMN_COUNT, arena,
                                 &item->member);
    }

    return mc_query_done(query);
}


mc_err_t
mc_desk_queue(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t after, size_t most, mc_arena_t *arena, mc_desk_case_t **out,
    size_t *count)
{
    mc_query_t  query;

    *count = 0;
    *out = mc_arena_alloc(arena, most * sizeof(mc_desk_case_t));

    if (*out == NULL) {
        return MC_ENOMEM;
    }

    mc_query(&query, conn, MC_DB_CORE,
             officer->institute.len > 0
             ? "SELECT " MC_CASE_COLUMNS ", " MC_MEMBER_COLUMNS
               " FROM photo_case c JOIN member m ON m.id = c.member_id"
               " WHERE c.id IN (SELECT w.id FROM officer o"
               " CROSS JOIN member i CROSS JOIN photo_case w"
               " WHERE o.id = ? AND i.institute = o.institute"
               " AND w.member_id = i.id AND w.state = 'review'"
               " AND w.id > ? ORDER BY w.id LIMIT ?) ORDER BY c.id"
             : "SELECT " MC_CASE_COLUMNS ", " MC_MEMBER_COLUMNS
               " FROM photo_case c JOIN member m ON m.id = c.member_id"
               " WHERE EXISTS (SELECT 1 FROM officer o"
               " WHERE o.id = ? AND o.institute IS NULL)"
               " AND c.state = 'review' AND c.id > ? ORDER BY c.id LIMIT ?");
    mc_query_int(&query, officer->id);
    mc_query_int(&query, after);
    mc_query_int(&query, (int64_t) most);

    return queue_rows(&query, most, arena, *out, count);
}


mc_err_t
mc_desk_case(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t photo_id, mc_arena_t *arena, mc_case_row_t *out)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CASE_COLUMNS " FROM photo_case c "
             "JOIN member m ON m.id = c.member_id " OFFICERS_OWN
             "WHERE c.photo_id = ?2");
    mc_query_int(&query, officer->id);
    mc_query_int(&query, photo_id);

    row = mc_query_row(&query);

    if (row == MC_OK) {
        (void) mc_case_columns(&query, 0, arena, out);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_desk_member(mc_conn_t *conn, const mc_officer_row_t *officer,
    const mc_desk_key_t *key, mc_arena_t *arena, mc_member_row_t *out,
    int64_t *reference_id)
{
    mc_err_t    row, err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             key->user_type.data != NULL
             ? "SELECT " MC_MEMBER_COLUMNS ", m.profile, m.reference_id "
               "FROM member m " OFFICERS_OWN
               "WHERE m.user_type = ?2 AND m.member_no = ?3"
             : "SELECT " MC_MEMBER_COLUMNS ", m.profile, m.reference_id "
               "FROM member m " OFFICERS_OWN "WHERE m.id = ?2");
    mc_query_int(&query, officer->id);

    if (key->user_type.data != NULL) {
        mc_query_text(&query, key->user_type);
        mc_query_text(&query, key->member_no);

    } else {
        mc_query_int(&query, key->id);
    }

    row = mc_query_row(&query);

    if (row == MC_OK) {
        (void) mc_member_columns(&query, 0, arena, &out->member);
        out->sealed_profile = mc_query_get(&query, MC_MEMBER_COLUMN_COUNT,
                                           arena);
        *reference_id = mc_query_get_int(&query, MC_MEMBER_COLUMN_COUNT + 1);
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : row;
}


mc_err_t
mc_desk_photo(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t photo_id, mc_arena_t *arena, mc_photo_row_t *out)
{
    int64_t     member_id, one;
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_PHOTO,
             "SELECT member_id FROM photo WHERE id = ?");
    mc_query_int(&query, photo_id);

    err = mc_query_one(&query, &member_id);

    if (err != MC_OK) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT 1 FROM member m " OFFICERS_OWN "WHERE m.id = ?2");
    mc_query_int(&query, officer->id);
    mc_query_int(&query, member_id);

    err = mc_query_one(&query, &one);

    return err == MC_OK ? mc_photo_get(conn, photo_id, arena, out) : err;
}


/* Those already found by number are not found again by name. */
static bool
is_listed(const mc_desk_found_t *list, size_t count, int64_t id)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (list[i].member.id == id) {
            return true;
        }
    }

    return false;
}


static mc_err_t
search_rows(mc_query_t *query, size_t most, mc_arena_t *arena,
    mc_desk_found_t *list, size_t *count)
{
    mc_err_t          row;
    mc_desk_found_t  *item;

    for (row = mc_query_row(query);
         row == MC_OK && query->err == MC_OK && *count < most;
         row = mc_query_row(query))
    {
        if (is_listed(list, *count, mc_query_get_int(query, 0))) {
            continue;
        }

        item = &list[(*count)++];

        (void) mc_member_columns(query, 0, arena, &item->member);
        item->state = mc_query_get(query, MC_MEMBER_COLUMN_COUNT, arena);
    }

    return mc_query_done(query);
}


/* CROSS JOIN: the officer first, then the members by the index. */
#define SEARCH(column)                                                       \
    "SELECT " MC_MEMBER_COLUMNS ", (SELECT c.state FROM photo_case c "       \
    "WHERE c.member_id = m.id ORDER BY c.id DESC LIMIT 1) "                  \
    "FROM officer o CROSS JOIN member m "                                    \
    "WHERE o.id = ? AND m." column " >= ? AND m." column " < ? "             \
    "AND (o.institute IS NULL OR m.institute = o.institute) "                \
    "ORDER BY m." column " LIMIT ?"

static const char  search_no[] = SEARCH("member_no");
static const char  search_name[] = SEARCH("name");


mc_err_t
mc_desk_search(mc_conn_t *conn, const mc_officer_row_t *officer,
    mc_str_t text, size_t most, mc_arena_t *arena, mc_desk_found_t **out,
    size_t *count)
{
    size_t       i;
    mc_err_t     err;
    mc_str_t     end;
    mc_query_t   query;
    const char  *sql[] = { search_no, search_name };

    *count = 0;
    *out = mc_arena_alloc(arena, most * sizeof(mc_desk_found_t));
    end = mc_arena_printf(arena, "%.*s" LAST_LETTER, (int) text.len,
                          text.data);

    if (*out == NULL || end.data == NULL) {
        return MC_ENOMEM;
    }

    err = MC_OK;

    for (i = 0; err == MC_OK && i < mc_count(sql); i++) {
        mc_query(&query, conn, MC_DB_CORE, sql[i]);
        mc_query_int(&query, officer->id);
        mc_query_text(&query, text);
        mc_query_text(&query, end);
        mc_query_int(&query, (int64_t) most);

        err = search_rows(&query, most, arena, *out, count);
    }

    return err;
}


mc_err_t
mc_desk_history(mc_conn_t *conn, const mc_officer_row_t *officer,
    int64_t member_id, size_t most, mc_arena_t *arena, mc_case_row_t **out,
    size_t *count)
{
    mc_err_t    row;
    mc_query_t  query;

    *count = 0;
    *out = mc_arena_alloc(arena, most * sizeof(mc_case_row_t));

    if (*out == NULL) {
        return MC_ENOMEM;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "SELECT " MC_CASE_COLUMNS " FROM photo_case c "
             "JOIN member m ON m.id = c.member_id " OFFICERS_OWN
             "WHERE c.member_id = ?2 ORDER BY c.id DESC LIMIT ?3");
    mc_query_int(&query, officer->id);
    mc_query_int(&query, member_id);
    mc_query_int(&query, (int64_t) most);

    for (row = mc_query_row(&query);
         row == MC_OK && query.err == MC_OK && *count < most;
         row = mc_query_row(&query))
    {
        (void) mc_case_columns(&query, 0, arena, &(*out)[(*count)++]);
    }

    return mc_query_done(&query);
}


static mc_err_t
record_write(mc_conn_t *conn, const mc_photo_row_t *photo)
{
    mc_err_t    err;
    mc_query_t  query;

    mc_query(&query, conn, MC_DB_CORE,
             photo->reference
             ? "UPDATE member SET reference_id = ? WHERE id = ?"
             : "UPDATE member SET photo_id = ?, revision = revision + 1 "
               "WHERE id = ?");
    mc_query_int(&query, photo->id);
    mc_query_int(&query, photo->member_id);

    err = mc_query_run(&query, NULL);

    if (err != MC_OK || photo->reference) {
        return err;
    }

    mc_query(&query, conn, MC_DB_CORE,
             "UPDATE photo_case SET state = 'closed' WHERE member_id = ? "
             "AND state IN ('pending', 'review', 'matched')");
    mc_query_int(&query, photo->member_id);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_desk_record(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_photo_row_t *photo)
{
    char      result[64];
    mc_err_t  err;

    if (photo->id <= 0 || actor->officer == NULL) {
        return MC_EINVAL;
    }

    err = mc_write_begin(conn);

    if (err != MC_OK) {
        return err;
    }

    /* before the photo is written: a refusal shall leave no orphan */

    err = mc_officer_guard(conn, actor->officer, photo->member_id,
                           actor->now);

    if (err == MC_OK) {
        err = mc_photo_insert(conn, photo);
    }

    if (err == MC_OK) {
        err = record_write(conn, photo);
    }

    if (err == MC_OK) {
        (void) snprintf(result, sizeof(result), "%s %lld",
                        photo->reference ? "reference" : "photo",
                        (long long) photo->id);

        err = mc_audit_append(conn, actor, photo->member_id, "import",
                              result);
    }

    return mc_write_end(conn, err);
}
