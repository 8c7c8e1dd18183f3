/*
 * An administrator's use cases: the audit's head, and whether it all fits,
 * in the store or in a file.
 *
 * Depends on store, and on auth through the keys of earlier secrets.  A
 * command only.
 */

#include "mc_audit_admin.h"

#include "mc_audit_keys.h"


/* The named secrets' keys, as the store has them. */
static mc_audit_keys_t
site_keys(const mc_admin_t *admin)
{
    return (mc_audit_keys_t) { admin->site->keys.audit[0],
                               admin->site->keys.count };
}


static mc_err_t
head_fail(mc_admin_t *admin, mc_err_t err)
{
    switch (err) {

    case MC_OK:
        return MC_OK;

    case MC_ENOTFOUND:
        return mc_admin_fail(admin, err, "nothing was recorded yet");

    case MC_EDENIED:
        return mc_admin_fail(admin, err, "the audit's own head is not "
                             "sealed with a key of this site");

    default:
        return mc_admin_store_fail(admin, err, "reading the audit");
    }
}


mc_err_t
mc_audit_admin_place(mc_admin_t *admin, mc_audit_place_t place,
    mc_buf_t *line)
{
    mc_err_t  err;

    err = mc_audit_seal(admin->site->keys.audit[0], "export", &place);

    return err == MC_OK ? mc_audit_line_head(line, &place, admin->now) : err;
}


mc_err_t
mc_audit_admin_head(mc_admin_t *admin, mc_buf_t *line)
{
    mc_err_t          err;
    mc_conn_t        *conn;
    mc_audit_place_t  place;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_audit_head(conn, &place);

    if (err == MC_OK) {
        err = mc_audit_sealed(site_keys(admin), "head", &place);
    }

    mc_store_release(admin->site->store, conn);

    if (err == MC_OK) {
        err = mc_audit_admin_place(admin, place, line);
    }

    return head_fail(admin, err);
}


/* The named keys and those kept in the store, in the arena. */
static mc_err_t
all_keys(mc_admin_t *admin, mc_audit_keys_t *out)
{
    uint8_t          *bytes;
    mc_err_t          err;
    mc_conn_t        *conn;
    mc_audit_keys_t   named, old;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_audit_keys_read(admin, conn, &old);
    mc_store_release(admin->site->store, conn);

    if (err != MC_OK) {
        return mc_admin_store_fail(admin, err, "reading audit keys");
    }

    named = site_keys(admin);
    bytes = mc_arena_alloc(&admin->arena, 32 * (named.count + old.count));

    if (bytes == NULL) {
        return mc_admin_store_fail(admin, MC_ENOMEM, "audit keys");
    }

    memcpy(bytes, named.bytes, 32 * named.count);

    if (old.count > 0) {
        memcpy(bytes + 32 * named.count, old.bytes, 32 * old.count);
    }

    *out = (mc_audit_keys_t) { bytes, named.count + old.count };

    return MC_OK;
}


mc_err_t
mc_audit_admin_read_head(mc_admin_t *admin, mc_str_t line,
    mc_audit_place_t *out)
{
    mc_err_t         err;
    mc_audit_keys_t  keys;
    mc_audit_row_t   row;
    mc_audit_line_t  kind;

    if (mc_audit_line_read(line, &admin->arena, &kind, &row, out) != MC_OK
        || kind != MC_AUDIT_LINE_HEAD)
    {
        return mc_admin_fail(admin, MC_EINVAL,
                             "that is not the head of an audit");
    }

    err = all_keys(admin, &keys);

    if (err != MC_OK) {
        return err;
    }

    return mc_audit_sealed(keys, "export", out) == MC_OK
           ? MC_OK : mc_admin_fail(admin, MC_EDENIED, "the head was not "
                                   "made by this site, or was changed");
}


mc_err_t
mc_audit_admin_checked(mc_admin_t *admin, mc_err_t err,
    const mc_audit_check_t *check)
{
    if (err == MC_EDENIED && check->fault != MC_AUDIT_FITS) {
        return mc_admin_fail(admin, err, "row %lld %s",
                             (long long) check->bad_seq,
                             mc_audit_fault_text(check->fault));
    }

    if (err == MC_OK || admin->error[0] != '\0') {
        return err;
    }

    return mc_admin_store_fail(admin, err, "reading the audit");
}


mc_err_t
mc_audit_admin_verify(mc_admin_t *admin, const mc_audit_place_t *exported,
    mc_audit_check_t *check)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    check->exported = exported;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    err = mc_audit_keys_read(admin, conn, &check->old);

    if (err == MC_OK) {
        err = mc_audit_check(conn, check);
    }

    mc_store_release(admin->site->store, conn);

    return mc_audit_admin_checked(admin, err, check);
}


/* A whole file on its way through. */
typedef struct {
    mc_admin_t              *admin;
    mc_audit_check_t        *check;
    mc_audit_keys_t          keys;
    mc_arena_t               arena;     /* of the present line */
    bool                     ended;     /* its last line was there */
} file_t;


static mc_err_t
file_fault(file_t *file, mc_audit_fault_t fault)
{
    file->check->fault = fault;
    file->check->bad_seq = file->check->last.seq + 1;

    return MC_EDENIED;
}


static mc_err_t
file_no(file_t *file)
{
    return mc_admin_fail(file->admin, MC_EINVAL, "that is not a whole file "
                         "of the audit (a part of it cannot be checked)");
}


static mc_err_t
file_row(file_t *file, const mc_audit_row_t *row)
{
    mc_err_t           err;
    mc_audit_check_t  *check;

    check = file->check;
    err = mc_audit_follow(file->keys, &check->last, row);

    if (err == MC_EDENIED) {
        return file_fault(file, check->rows == 0
                                && row->seq != check->last.seq + 1
                                ? MC_AUDIT_CUT_START : MC_AUDIT_CHANGED);
    }

    if (err == MC_OK && check->exported != NULL
        && check->exported->seq == row->seq
        && memcmp(check->exported->mac, row->mac, 32) != 0)
    {
        check->last.seq--;
        return file_fault(file, MC_AUDIT_OTHER);
    }

    check->rows++;

    return err;
}


static mc_err_t
file_line(file_t *file, mc_str_t line, bool first)
{
    mc_err_t           err;
    mc_audit_row_t     row;
    mc_audit_line_t    kind;
    mc_audit_place_t   place;
    mc_audit_check_t  *check;

    check = file->check;
    err = mc_audit_line_read(line, &file->arena, &kind, &row, &place);

    if (err == MC_EINVAL || (err == MC_OK
        && (file->ended || first != (kind == MC_AUDIT_LINE_START))))
    {
        return first ? file_no(file) : file_fault(file, MC_AUDIT_CHANGED);
    }

    if (err != MC_OK) {
        return err;
    }

    switch (kind) {

    case MC_AUDIT_LINE_START:
        check->first = place;
        check->last = place;

        return mc_audit_sealed(file->keys, "file", &place) == MC_OK
               ? MC_OK : file_fault(file, MC_AUDIT_NO_ANCHOR);

    case MC_AUDIT_LINE_HEAD:
        file->ended = true;

        if (mc_audit_sealed(file->keys, "export", &place) != MC_OK) {
            return file_fault(file, MC_AUDIT_NO_HEAD);
        }

        if (place.seq > check->last.seq) {
            return file_fault(file, MC_AUDIT_CUT_END);
        }

        return place.seq == check->last.seq
               && memcmp(place.mac, check->last.mac, 32) == 0
               ? MC_OK : file_fault(file, MC_AUDIT_CHANGED);

    default:
        return file_row(file, &row);
    }
}


static mc_err_t
file_end(file_t *file)
{
    mc_audit_check_t  *check;

    check = file->check;

    if (!file->ended) {
        return file_fault(file, MC_AUDIT_CUT_END);
    }

    if (check->exported == NULL) {
        return MC_OK;
    }

    if (check->exported->seq < check->first.seq) {
        return file_fault(file, MC_AUDIT_ROTATED);
    }

    return check->exported->seq <= check->last.seq
           ? MC_OK : file_fault(file, MC_AUDIT_SHORT);
}


mc_err_t
mc_audit_admin_verify_file(mc_admin_t *admin, mc_audit_line_pt next,
    void *data, const mc_audit_place_t *exported, mc_audit_check_t *check)
{
    bool      first;
    file_t    file;
    mc_err_t  err;
    mc_str_t  line;

    memset(&file, 0, sizeof(file));
    file.admin = admin;
    file.check = check;
    check->exported = exported;
    check->rows = 0;
    check->fault = MC_AUDIT_FITS;
    check->first = (mc_audit_place_t) { .seq = 0 };
    check->last = check->first;

    err = all_keys(admin, &file.keys);
    first = true;

    while (err == MC_OK) {
        err = next(data, &line);

        if (err == MC_ENOTFOUND) {
            err = first ? file_no(&file) : file_end(&file);
            break;
        }

        if (err == MC_OK) {
            mc_arena_init(&file.arena, 256 * 1024);
            err = file_line(&file, line, first);
            mc_arena_free(&file.arena);
            first = false;
        }
    }

    return mc_audit_admin_checked(admin, err, check);
}
