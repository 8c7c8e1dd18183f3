/*
 * Import: many upserts of institutes and members in one transaction.
 *
 * Depends on base and domain.  Commands; the writer lock is held from begin
 * to commit or abort, so everything slow (hashing, sealing) is done before.
 *
 * A row that is already so is left alone: its revision does not move and the
 * same file can be run again.  Sealing is random, so the caller passes the
 * stored sealed profile again where the values in it have not changed.
 */

#include "mc_store_sqlite.h"


struct mc_import_s {
    mc_conn_t  *conn;
    mc_err_t    err;        /* after this nothing is written any more */
};

/* A member as stored, as far as it is compared. */
typedef struct {
    int64_t  id;
    int64_t  revision;
    bool     same;
    bool     same_password;
    bool     has_password;
} present_t;


mc_err_t
mc_import_begin(mc_conn_t *conn, mc_import_t **import)
{
    mc_err_t      err;
    mc_import_t  *i;

    *import = NULL;

    i = mc_alloc(sizeof(mc_import_t));
    if (i == NULL) {
        return MC_ENOMEM;
    }

    err = mc_write_begin(conn);
    if (err != MC_OK) {
        mc_free(i);
        return err;
    }

    i->conn = conn;
    *import = i;

    return MC_OK;
}


/* What a row of the file can be to blame for leaves the transaction whole;
 * after anything else (disk full ...) SQLite may have ended it. */
static mc_err_t
import_result(mc_import_t *import, mc_err_t err)
{
    if (err != MC_OK && err != MC_EINVAL && err != MC_ECONFLICT) {
        import->err = err;
    }

    return err;
}


mc_err_t
mc_import_institute(mc_import_t *import, const mc_institute_t *institute,
    bool *changed)
{
    int         changes;
    mc_err_t    err;
    mc_query_t  query;

    *changed = false;

    if (import->err != MC_OK) {
        return import->err;
    }

    mc_query(&query, import->conn, MC_DB_CORE,
             "INSERT INTO institute AS i (code, name, name_en, contact, "
             "phone) VALUES (?, ?, ?, ?, ?) "
             "ON CONFLICT (code) DO UPDATE SET name = excluded.name, "
             "name_en = excluded.name_en, contact = excluded.contact, "
             "phone = excluded.phone "
             "WHERE i.name <> excluded.name "
             "OR i.name_en <> excluded.name_en "
             "OR i.contact <> excluded.contact "
             "OR i.phone <> excluded.phone");
    mc_query_text(&query, institute->code);
    mc_query_text(&query, institute->name);
    mc_query_text(&query, institute->name_en);
    mc_query_text(&query, institute->contact);
    mc_query_text(&query, institute->phone);

    err = mc_query_run(&query, &changes);

    if (err == MC_OK) {
        *changed = changes != 0;
    }

    return import_result(import, err);
}


static bool
peek_same(mc_query_t *query, int column, mc_str_t value)
{
    return mc_str_eq(mc_query_peek(query, column), value);
}


static mc_err_t
present_read(mc_import_t *import, const mc_import_member_t *row,
    present_t *out)
{
    mc_err_t            found, err;
    mc_query_t          query;
    const mc_str_t     *columns;
    const mc_member_t  *member;

    member = &row->member;
    columns = member->columns;

    mc_query(&query, import->conn, MC_DB_CORE,
             "SELECT id, revision, name, sex, certificate_no, category, "
             "admitted_on, institute, status, profile, password_hash "
             "FROM member WHERE user_type = ? AND member_no = ?");
    mc_query_text(&query, member->user_type);
    mc_query_text(&query, member->member_no);

    found = mc_query_row(&query);

    if (found == MC_OK) {
        out->id = mc_query_get_int(&query, 0);
        out->revision = mc_query_get_int(&query, 1);

        out->same =
            peek_same(&query, 2, columns[MC_COLUMN_NAME])
            && peek_same(&query, 3, columns[MC_COLUMN_SEX])
            && peek_same(&query, 4, columns[MC_COLUMN_CERTIFICATE_NO])
            && peek_same(&query, 5, columns[MC_COLUMN_CATEGORY])
            && peek_same(&query, 6, columns[MC_COLUMN_ADMITTED_ON])
            && peek_same(&query, 7, columns[MC_COLUMN_INSTITUTE])
            && peek_same(&query, 8,
                         mc_str_from(mc_status_code(member->status)))
            && peek_same(&query, 9, row->sealed_profile);

        out->same_password =
            !row->set_password
            || peek_same(&query, 10, member->password_hash);
        out->has_password = mc_query_peek(&query, 10).len > 0;
    }

    err = mc_query_done(&query);

    return err != MC_OK ? err : found;
}


/* The eight values both statements begin with. */
static void
values_bind(mc_query_t *query, const mc_import_member_t *row)
{
    const mc_member_t  *member;

    member = &row->member;

    mc_query_text(query, member->columns[MC_COLUMN_NAME]);
    mc_query_text(query, member->columns[MC_COLUMN_SEX]);
    mc_query_text(query, member->columns[MC_COLUMN_CERTIFICATE_NO]);
    mc_query_text(query, member->columns[MC_COLUMN_CATEGORY]);
    mc_query_text(query, member->columns[MC_COLUMN_ADMITTED_ON]);
    mc_query_optional(query, member->columns[MC_COLUMN_INSTITUTE]);
    mc_query_text(query, mc_str_from(mc_status_code(member->status)));
    mc_query_blob(query, row->sealed_profile.data, row->sealed_profile.len);
}


static mc_err_t
member_insert(mc_import_t *import, const mc_import_member_t *row)
{
    mc_query_t  query;

    mc_query(&query, import->conn, MC_DB_CORE,
             "INSERT INTO member (name, sex, certificate_no, category, "
             "admitted_on, institute, status, profile, user_type, "
             "member_no, password_hash, disabled, epoch, revision, "
             "id_key, attempts) "
             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?, 0)");
    values_bind(&query, row);
    mc_query_text(&query, row->member.user_type);
    mc_query_text(&query, row->member.member_no);
    mc_query_optional(&query, row->set_password ? row->member.password_hash
                                                : mc_str_null);
    mc_query_int(&query, row->member.disabled);
    mc_query_optional_blob(&query, row->member.id_key);

    return mc_query_run(&query, NULL);
}


static mc_err_t
member_update(mc_import_t *import, const mc_import_member_t *row, int64_t id)
{
    mc_query_t  query;

    mc_query(&query, import->conn, MC_DB_CORE,
             "UPDATE member SET name = ?, sex = ?, certificate_no = ?, "
             "category = ?, admitted_on = ?, institute = ?, status = ?, "
             "profile = ?, id_key = CASE WHEN ? = 1 THEN id_key ELSE ? END, "
             "revision = revision + 1 WHERE id = ?");
    values_bind(&query, row);
    mc_query_int(&query, row->member.id_key.data == NULL);
    mc_query_optional_blob(&query, row->member.id_key);
    mc_query_int(&query, id);

    return mc_query_run(&query, NULL);
}


static mc_err_t
password_update(mc_import_t *import, const mc_import_member_t *row,
    int64_t id)
{
    mc_query_t  query;

    mc_query(&query, import->conn, MC_DB_CORE,
             "UPDATE member SET password_hash = ?, password_at = NULL, "
             "password_forced = 0, epoch = epoch + 1 WHERE id = ?");
    mc_query_optional(&query, row->member.password_hash);
    mc_query_int(&query, id);

    return mc_query_run(&query, NULL);
}


mc_err_t
mc_import_member(mc_import_t *import, mc_import_member_t *row)
{
    mc_err_t   err;
    present_t  present;

    row->changed = false;

    if (import->err != MC_OK) {
        return import->err;
    }

    if ((int) row->member.status < 0 || row->member.status >= MC_STATUSES) {
        return MC_EINVAL;
    }

    err = present_read(import, row, &present);

    if (err == MC_ENOTFOUND) {
        if (row->member.revision != 0) {
            return MC_ECONFLICT;
        }

        err = member_insert(import, row);
        row->changed = err == MC_OK;

        return import_result(import, err);
    }

    if (err != MC_OK) {
        return import_result(import, err);
    }

    if (row->member.revision != 0
        && row->member.revision != present.revision)
    {
        return MC_ECONFLICT;
    }

    if (row->only_first && present.has_password && !present.same_password) {
        return MC_ECONFLICT;
    }

    if (!present.same) {
        err = member_update(import, row, present.id);
    }

    if (err == MC_OK && !present.same_password) {
        err = password_update(import, row, present.id);
    }

    row->changed = err == MC_OK && !(present.same && present.same_password);

    return import_result(import, err);
}


mc_err_t
mc_import_commit(mc_import_t *import, const mc_actor_t *actor,
    const char *result)
{
    mc_err_t  err;

    err = import->err;

    if (err == MC_OK) {
        err = mc_audit_append(import->conn, actor, 0, "import", result);
    }

    err = mc_write_end(import->conn, err);
    mc_free(import);

    return err;
}


void
mc_import_abort(mc_import_t *import)
{
    if (import == NULL) {
        return;
    }

    (void) mc_write_end(import->conn, MC_EIO);
    mc_free(import);
}
