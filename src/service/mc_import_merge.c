/*
 * A row of a members' file against what is stored.
 *
 * Depends on store (reads only), domain and, through mc_sealed, auth.  A
 * command only.
 */

#include "mc_import_merge.h"

#include "mc_sealed.h"


/*
 * The institute's columns are taken as they stand in the file; what the
 * member may edit is filled where it is empty, or with "overwrite", and
 * never emptied.
 */
static mc_err_t
merge_values(const mc_import_members_t *members, const mc_import_row_t *row,
    mc_member_t *member, bool *columns, bool *profile)
{
    size_t                  i;
    mc_err_t                err;
    mc_str_t                present;
    const mc_field_t       *field;
    const mc_import_map_t  *map;

    map = &members->map;

    for (i = 0; i < map->count; i++) {
        field = map->fields[i];
        present = mc_member_value(member, field);

        if (mc_str_eq(row->values[i], present)) {
            continue;
        }

        if (field->member_edits
            && (row->values[i].len == 0
                || (present.len > 0
                    && !members->table.file->overwrite)))
        {
            continue;
        }

        err = mc_member_set(member, field, row->values[i]);

        if (err != MC_OK) {
            return err;
        }

        if (field->column == MC_COLUMN_NONE) {
            *profile = true;

        } else {
            *columns = true;
        }
    }

    return MC_OK;
}


/* A password of the member's own is replaced by "overwrite" only; a wrapped
 * hash is compared with what it was made of. */
static mc_err_t
takes_password(const mc_import_members_t *members,
    const mc_import_row_t *row, mc_str_t present, bool *takes)
{
    mc_err_t  err;

    *takes = row->phc.len > 0 && !mc_str_eq(row->phc, present)
             && (present.len == 0 || members->table.file->overwrite);

    if (!*takes || !row->fast || present.len == 0) {
        return MC_OK;
    }

    err = mc_legacy_same(present, row->phc);
    *takes = err == MC_EDENIED;

    return *takes ? MC_OK : err;
}


static mc_err_t
take_password(const mc_import_members_t *members, const mc_import_row_t *row,
    mc_member_t *member, mc_arena_t *arena, mc_import_kept_t *kept)
{
    bool      takes;
    mc_err_t  err;

    err = takes_password(members, row, member->password_hash, &takes);

    if (err != MC_OK || !takes) {
        return err;
    }

    member->password_hash = row->phc;
    kept->set_password = true;
    kept->only_first = !members->table.file->overwrite;

    if (row->fast) {
        kept->wrap = mc_arena_alloc(arena, MC_LEGACY_HASH);

        if (kept->wrap == NULL) {
            return MC_ENOMEM;
        }
    }

    return MC_OK;
}


static mc_err_t
keep_member(const mc_member_t *member, mc_arena_t *arena,
    mc_import_kept_t *kept)
{
    size_t  i;

    kept->user_type = mc_arena_str(arena, member->user_type);
    kept->member_no = mc_arena_str(arena, member->member_no);
    kept->phc = mc_arena_str(arena, member->password_hash);
    kept->status = member->status;
    kept->revision = member->revision;

    for (i = 0; i < MC_COLUMNS; i++) {
        kept->columns[i] = mc_arena_str(arena, member->columns[i]);
    }

    return arena->failed ? MC_ENOMEM : MC_OK;
}


/* The stored row, or a new one. */
static mc_err_t
merge_present(mc_import_members_t *members, mc_conn_t *conn,
    const mc_import_row_t *row, mc_member_row_t *present,
    mc_member_t *member)
{
    mc_err_t  err;

    err = mc_member_by_no(conn, row->user_type, row->member_no,
                          &members->arena, present);

    if (err == MC_ENOTFOUND) {
        memset(present, 0, sizeof(*present));
        present->member.user_type = row->user_type;
        present->member.member_no = row->member_no;
        *member = present->member;
        return MC_OK;
    }

    if (err != MC_OK) {
        return err;
    }

    return mc_sealed_profile_open(members->table.admin->site, present,
                                  &members->arena, member);
}


mc_err_t
mc_import_merge(mc_import_members_t *members, mc_conn_t *conn,
    const mc_import_row_t *row, mc_arena_t *arena, mc_import_kept_t *kept,
    bool *changed)
{
    bool              columns, profile;
    mc_err_t          err;
    mc_member_t       member;
    mc_member_row_t   present;

    columns = false;
    profile = false;
    *kept = (mc_import_kept_t) { .start = members->table.start };

    err = merge_present(members, conn, row, &present, &member);

    if (err == MC_OK) {
        err = merge_values(members, row, &member, &columns, &profile);
    }

    if (err != MC_OK) {
        return err;
    }

    if (row->has_status && row->status != member.status) {
        member.status = row->status;
        columns = true;
    }

    err = take_password(members, row, &member, arena, kept);

    if (err != MC_OK) {
        return err;
    }

    *changed = columns || profile || kept->set_password
               || member.revision == 0;

    if (!*changed) {
        return MC_OK;
    }

    /* sealing is random: what has not changed keeps its bytes, so that the
     * store can tell */

    if (profile || present.sealed_profile.len == 0) {
        err = mc_sealed_profile(members->table.admin->site, &member, arena,
                                &kept->sealed);

    } else {
        kept->sealed = mc_arena_str(arena, present.sealed_profile);
    }

    if (err == MC_OK) {
        err = mc_sealed_id_key(members->table.admin->site, &member, arena);
    }

    if (err != MC_OK) {
        return err;
    }

    kept->id_key = member.id_key;

    return keep_member(&member, arena, kept);
}
