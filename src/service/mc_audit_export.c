/*
 * An administrator's use cases: the audit as a file, and its older end moved
 * to one.
 *
 * Depends on store, and on auth through the keys of earlier secrets.  A
 * command only.  Rows are handed on as they are read.
 */

#include "mc_audit_admin.h"

#include "mc_audit_keys.h"


#define LINE_MAX_SIZE  8192


typedef struct {
    mc_admin_t         *admin;
    mc_audit_export_t  *out;
    mc_audit_check_t   *check;      /* rotation; NULL: rows unchecked */
    mc_buf_t            line;
    int64_t             member_id;
    bool                whole;
    bool                begun;
    int64_t             until;      /* last row that is written; 0: all */
    mc_audit_place_t    last;       /* of those written */
} export_t;


static mc_err_t
export_flush(export_t *state, mc_err_t err)
{
    if (err == MC_OK) {
        err = state->out->write(state->out->data, mc_buf_view(&state->line));

        if (err != MC_OK) {
            (void) mc_admin_fail(state->admin, err,
                                 "the file cannot be written");
        }
    }

    mc_buf_free(&state->line);
    mc_buf_init(&state->line, LINE_MAX_SIZE);

    return err;
}


static mc_err_t
export_start(export_t *state, mc_audit_place_t first)
{
    mc_err_t  err;

    state->begun = true;
    state->last = first;

    err = mc_audit_seal(state->admin->site->keys.audit[0], "file", &first);

    if (err == MC_OK) {
        err = mc_audit_line_start(&state->line, &first);
    }

    return export_flush(state, err);
}


static mc_err_t
export_row(void *data, const mc_audit_row_t *row)
{
    export_t  *state;
    mc_err_t   err;

    state = data;

    if ((state->until != 0 && row->seq > state->until)
        || row->at < state->out->since
        || (state->member_id != 0 && row->member_id != state->member_id))
    {
        return MC_OK;
    }

    if (state->check != NULL && !state->begun) {
        err = export_start(state, state->check->first);
        if (err != MC_OK) {
            return err;
        }
    }

    state->out->rows++;
    state->last.seq = row->seq;
    memcpy(state->last.mac, row->mac, sizeof(row->mac));

    return export_flush(state, mc_audit_line_row(&state->line, row));
}


static mc_err_t
export_end(export_t *state)
{
    return export_flush(state, mc_audit_admin_place(state->admin, state->last,
                                                    &state->line));
}


static mc_err_t
export_run(export_t *state, mc_conn_t *conn)
{
    mc_err_t           err;
    mc_member_t        member;
    mc_audit_place_t   anchor;

    if (state->out->member != NULL) {
        err = mc_admin_find(state->admin, conn, state->out->member, &member);
        if (err != MC_OK) {
            return err;
        }

        state->member_id = member.id;
    }

    err = mc_audit_anchor(conn, &anchor);

    if (err == MC_ENOTFOUND) {
        anchor = (mc_audit_place_t) { .seq = 0 };
        err = MC_OK;
    }

    if (err == MC_OK && state->whole) {
        err = export_start(state, anchor);
    }

    if (err == MC_OK) {
        err = mc_audit_scan(conn, anchor.seq, export_row, state);
    }

    return err == MC_OK && state->whole ? export_end(state) : err;
}


mc_err_t
mc_audit_admin_export(mc_admin_t *admin, mc_audit_export_t *out)
{
    export_t    state;
    mc_err_t    err;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    out->rows = 0;
    state = (export_t) { .admin = admin, .out = out,
                         .whole = out->since == 0 && out->member == NULL };
    mc_buf_init(&state.line, LINE_MAX_SIZE);

    err = export_run(&state, conn);

    mc_buf_free(&state.line);
    mc_store_release(admin->site->store, conn);

    if (err != MC_OK && admin->error[0] == '\0') {
        return mc_admin_store_fail(admin, err, "exporting the audit");
    }

    return err;
}


/* Everything is checked, and what is to go is written and safe. */
static mc_err_t
rotate_write(export_t *state, mc_conn_t *conn, mc_audit_place_t *end)
{
    mc_err_t           err;
    mc_audit_check_t  *check;

    check = state->check;
    state->until = end->seq;
    check->visit = export_row;
    check->data = state;

    err = mc_audit_keys_read(state->admin, conn, &check->old);

    if (err == MC_OK) {
        err = mc_audit_check(conn, check);
    }

    if (err == MC_OK && state->last.seq != end->seq) {
        err = MC_ECONFLICT;     /* somebody else has rotated meanwhile */
    }

    if (err == MC_OK) {
        err = export_end(state);
    }

    if (err == MC_OK) {
        err = state->out->sync(state->out->data);
    }

    return mc_audit_admin_checked(state->admin, err, check);
}


mc_err_t
mc_audit_admin_rotate(mc_admin_t *admin, int64_t before,
    mc_audit_export_t *out)
{
    int64_t            removed;
    export_t           state;
    mc_err_t           err;
    mc_conn_t         *conn;
    mc_actor_t         actor;
    mc_audit_check_t   check;
    mc_audit_place_t   end;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    memset(&check, 0, sizeof(check));
    out->rows = 0;
    out->since = INT64_MIN;
    state = (export_t) { .admin = admin, .out = out, .check = &check };
    mc_buf_init(&state.line, LINE_MAX_SIZE);

    err = mc_audit_before(conn, before, &end);

    if (err == MC_ENOTFOUND) {
        (void) mc_admin_fail(admin, err, "no row is that old");

    } else if (err == MC_OK) {
        err = rotate_write(&state, conn, &end);
    }

    if (err == MC_OK) {
        mc_admin_actor(admin, &actor);
        err = mc_audit_rotate(conn, &actor, &end, &removed);
    }

    mc_buf_free(&state.line);
    mc_store_release(admin->site->store, conn);

    if (err != MC_OK && admin->error[0] == '\0') {
        return mc_admin_store_fail(admin, err, "rotating the audit");
    }

    return err;
}
