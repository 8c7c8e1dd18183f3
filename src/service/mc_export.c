/*
 * Use cases: members and confirmations as CSV.
 *
 * Depends on store, domain and, through mc_sealed, auth.  A command only.
 * Each row gets its own arena, so memory stays flat.
 */

#include "mc_export.h"

#include <stdio.h>

#include "mc_csv.h"
#include "mc_sealed.h"
#include "mc_store_issue.h"
#include "mc_time.h"


#define LINE_MAX_SIZE  (256 * 1024)
#define ROW_ARENA      (1024 * 1024)

static const char  bom[] = "\xEF\xBB\xBF";

/* What a visit needs. */
typedef struct {
    mc_admin_t   *admin;
    mc_export_t  *out;
    mc_conn_t    *conn;         /* of confirmations */
    mc_arena_t    arena;        /* of the present row */
    mc_buf_t      line;
} export_t;


static void
export_begin(export_t *state, mc_admin_t *admin, mc_export_t *out)
{
    *state = (export_t) { .admin = admin, .out = out };

    mc_arena_init(&state->arena, ROW_ARENA);
    mc_buf_init(&state->line, LINE_MAX_SIZE);
    out->rows = 0;
}


static void
export_end(export_t *state)
{
    mc_arena_free(&state->arena);
    mc_buf_wipe(&state->line);
}


/* Hands the finished line on and forgets it. */
static mc_err_t
export_flush(export_t *state)
{
    mc_err_t  err;

    err = state->line.err;

    if (err == MC_OK) {
        err = state->out->write(state->out->data,
                                mc_buf_view(&state->line));
    }

    mc_buf_wipe(&state->line);
    mc_buf_init(&state->line, LINE_MAX_SIZE);
    mc_arena_free(&state->arena);

    return err;
}


static mc_err_t
export_head(export_t *state, const mc_str_t *names, size_t count)
{
    size_t  i;

    (void) mc_buf_cstr(&state->line, bom);

    for (i = 0; i < count; i++) {
        (void) mc_csv_write(&state->line, names[i], i + 1 == count);
    }

    return export_flush(state);
}


static mc_err_t
members_head(export_t *state)
{
    size_t              i, n;
    mc_str_t            names[MC_FIELDS + 3];
    const mc_fields_t  *fields;

    n = 0;
    fields = &state->admin->site->settings->fields;

    names[n++] = mc_str("user_type");
    names[n++] = mc_str("member_no");

    for (i = 0; i < fields->count; i++) {
        names[n++] = fields->items[i].key;
    }

    names[n++] = mc_str("status");

    return export_head(state, names, n);
}


static mc_err_t
member_visit(void *data, const mc_member_row_t *row)
{
    size_t              i;
    export_t           *state;
    mc_err_t            err;
    mc_str_t            value;
    mc_member_t         member;
    const mc_field_t   *field;
    const mc_fields_t  *fields;

    state = data;
    fields = &state->admin->site->settings->fields;

    err = mc_sealed_profile_open(state->admin->site, row, &state->arena,
                                 &member);

    if (err != MC_OK) {
        return mc_admin_fail(state->admin, err, "the profile of row %lld "
                             "cannot be opened: %s",
                             (long long) row->member.id, mc_err_name(err));
    }

    (void) mc_csv_write(&state->line, member.user_type, false);
    (void) mc_csv_write(&state->line, member.member_no, false);

    for (i = 0; i < fields->count; i++) {
        field = &fields->items[i];
        value = mc_member_value(&member, field);

        if (state->out->masked && field->sensitive) {
            value = mc_field_mask(field, value, &state->arena);
        }

        (void) mc_csv_write(&state->line, value, false);
    }

    (void) mc_csv_write(&state->line,
                        mc_str_from(mc_status_code(member.status)), true);

    state->out->rows++;

    return export_flush(state);
}


/* The first error said most. */
static mc_err_t
export_failed(mc_admin_t *admin, mc_err_t err)
{
    if (err == MC_OK || admin->error[0] != '\0') {
        return err;
    }

    return mc_admin_store_fail(admin, err, "export");
}


mc_err_t
mc_export_members_run(mc_admin_t *admin, mc_export_t *out)
{
    mc_err_t    err;
    export_t    state;
    mc_conn_t  *conn;

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    export_begin(&state, admin, out);

    err = members_head(&state);

    if (err == MC_OK) {
        err = mc_member_scan(conn, member_visit, &state);
    }

    export_end(&state);
    mc_store_release(admin->site->store, conn);

    return export_failed(admin, err);
}


/* Of a moment; empty: never. */
static void
write_time(mc_buf_t *line, int64_t time)
{
    char  text[25];

    text[0] = '\0';

    if (time != 0) {
        mc_time_write(time, text);
    }

    (void) mc_csv_write(line, mc_str_from(text), false);
}


/* A number is only a member's own within its type. */
static mc_err_t
user_type_of(export_t *state, int64_t member_id, mc_str_t *out)
{
    mc_err_t         err;
    mc_member_row_t  row;

    err = mc_member_by_id(state->conn, member_id, &state->arena, &row);

    *out = err == MC_OK ? row.member.user_type : mc_str("");

    return err == MC_OK ? MC_OK
           : mc_admin_store_fail(state->admin, err, "reading a member");
}


static mc_err_t
confirmation_visit(void *data, const mc_confirmation_row_t *row)
{
    char              at[25], serial[24];
    mc_err_t          err;
    mc_str_t          type;
    mc_buf_t         *line;
    export_t         *state;
    mc_certificate_t  frozen;

    state = data;
    line = &state->line;

    memset(&frozen, 0, sizeof(frozen));

    err = row->erased_at != 0
          ? MC_OK : mc_certificate_read(row->frozen, &state->arena, &frozen);

    if (err != MC_OK) {
        return mc_admin_fail(state->admin, err, "confirmation %lld cannot "
                             "be read: %s", (long long) row->serial,
                             mc_err_name(err));
    }

    err = user_type_of(state, row->member_id, &type);

    if (err != MC_OK) {
        return err;
    }

    (void) snprintf(serial, sizeof(serial), "%lld",
                    (long long) row->serial);
    mc_time_write(row->at, at);

    (void) mc_csv_write(line, mc_str_from(serial), false);
    (void) mc_csv_write(line, frozen.values[MC_CERT_MEMBER_NO].zh, false);
    (void) mc_csv_write(line, frozen.values[MC_CERT_NAME].zh, false);
    (void) mc_csv_write(line, frozen.values[MC_CERT_CERTIFICATE_NO].zh,
                        false);
    (void) mc_csv_write(line, mc_str_from(at), false);
    (void) mc_csv_write(line, mc_str_from(row->version), false);
    (void) mc_csv_write(line, row->code, false);
    (void) mc_csv_write(line,
                        mc_str_from(mc_confirmation_name(
                            mc_confirmation_state(row))), false);
    write_time(line, row->superseded_at);
    write_time(line, row->revoked_at);
    (void) mc_csv_write(line, row->reason, false);
    (void) mc_csv_write(line, type, true);

    state->out->rows++;

    return export_flush(state);
}


mc_err_t
mc_export_confirmations_run(mc_admin_t *admin, mc_export_t *out)
{
    mc_err_t    err;
    export_t    state;
    mc_conn_t  *conn;

    static const mc_str_t  names[] = {
        { "serial", 6 }, { "member_no", 9 }, { "name", 4 },
        { "certificate_no", 14 }, { "confirmed_at", 12 },
        { "version", 7 }, { "code", 4 }, { "state", 5 },
        { "replaced_at", 11 }, { "revoked_at", 10 }, { "reason", 6 },
        { "user_type", 9 }
    };

    err = mc_admin_conn(admin, &conn);

    if (err != MC_OK) {
        return err;
    }

    export_begin(&state, admin, out);

    state.conn = conn;
    err = export_head(&state, names, mc_count(names));

    if (err == MC_OK) {
        err = mc_confirmation_scan(conn, out->since, confirmation_visit,
                                   &state);
    }

    export_end(&state);
    mc_store_release(admin->site->store, conn);

    return export_failed(admin, err);
}
