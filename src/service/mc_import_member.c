/*
 * Use case: members from a CSV file, in three passes: check all; merge,
 * seal and wrap; write.
 *
 * Depends on store, domain and, through mc_sealed, auth.  A command only.
 * The second pass holds no lock, so a member may save or be given a password
 * meanwhile: the store then refuses the row and it is merged again under the
 * lock, from its place in the file.
 */

#include "mc_import_merge.h"


#define ROW_ARENA   (1024 * 1024)
#define PART_ARENA  ((size_t) 2 * 1024 * 1024 * 1024)

typedef struct {
    mc_import_members_t   members;
    mc_conn_t            *conn;
    size_t                merged;       /* rows of all parts so far */
    mc_arena_t            arena;        /* of the part */
    size_t                count;
    size_t                room;
    mc_import_kept_t               *kept;
    size_t                part_rows;    /* rows of the file in this part */
    size_t                wraps;        /* hashes of it to be wrapped */
    size_t                changed;      /* of this part */
} import_t;


/* --- first pass ---------------------------------------------------------- */

static mc_err_t
seen_create(mc_import_members_t *members)
{
    size_t  size;

    for (size = 1024; size < 2 * members->table.rows_max; size *= 2) {
        /* void */
    }

    members->seen_size = size;
    members->seen = mc_alloc(size * sizeof(uint64_t));

    return members->seen == NULL ? MC_ENOMEM : MC_OK;
}


static mc_err_t
check_size(const mc_import_table_t *table)
{
    const mc_import_file_t  *file;

    file = table->file;

    if (file->fault_count > 0) {
        return MC_EINVAL;
    }

    if (file->rows > MC_IMPORT_ROWS_MAX && !file->parts) {
        return mc_admin_fail(table->admin, MC_EINVAL, "%zu rows; more than "
                             "%d need parts", file->rows,
                             MC_IMPORT_ROWS_MAX);
    }

    return MC_OK;
}


static mc_err_t
check_rows(import_t *import)
{
    mc_import_row_t       row;
    mc_import_file_t     *file;
    mc_import_table_t    *table;
    mc_import_members_t  *members;

    members = &import->members;
    table = &members->table;
    file = table->file;

    if (seen_create(members) != MC_OK) {
        return mc_admin_fail(table->admin, MC_ENOMEM, "out of memory");
    }

    while (mc_import_table_next(table)) {
        file->rows++;

        if (mc_import_row_read(members, &row)) {
            mc_import_row_check(members, &row);
        }

        if (!mc_import_tick(table, MC_IMPORT_CHECKING, file->rows,
                            table->rows_max))
        {
            return mc_import_interrupted(table);
        }
    }

    if (!mc_import_ticked(table, MC_IMPORT_CHECKING, file->rows, file->rows))
    {
        return mc_import_interrupted(table);
    }

    return check_size(table);
}


/* --- second pass --------------------------------------------------------- */

static mc_err_t
keep_room(import_t *import)
{
    size_t             room;
    mc_import_kept_t  *kept;

    if (import->count < import->room) {
        return MC_OK;
    }

    room = import->room == 0 ? 1024 : 2 * import->room;
    kept = mc_realloc(import->kept, room * sizeof(mc_import_kept_t));

    if (kept == NULL) {
        return MC_ENOMEM;
    }

    import->kept = kept;
    import->room = room;

    return MC_OK;
}


static mc_err_t
merge_failed(import_t *import, mc_err_t err)
{
    mc_import_table_t  *table;

    table = &import->members.table;

    if (err == MC_ECORRUPT) {
        return mc_admin_fail(table->admin, err, "line %u: the member's "
                             "profile cannot be opened with this secret",
                             table->csv.line);
    }

    return mc_admin_store_fail(table->admin, err, "import");
}


/* The rows of the next part; part_rows 0: the file has ended. */
static mc_err_t
merge_part(import_t *import, size_t most)
{
    bool                  changed;
    mc_err_t              err;
    mc_import_row_t       row;
    mc_import_file_t     *file;
    mc_import_members_t  *members;

    members = &import->members;
    file = members->table.file;

    mc_arena_free(&import->arena);
    import->count = 0;
    import->part_rows = 0;
    import->wraps = 0;
    import->changed = 0;

    while (import->part_rows < most
           && (!file->parts || import->wraps < MC_IMPORT_WRAPS)
           && mc_import_table_next(&members->table))
    {
        if (!mc_import_row_read(members, &row)) {
            return MC_EINVAL;
        }

        err = keep_room(import);

        if (err == MC_OK) {
            err = mc_import_merge(members, import->conn, &row,
                                  &import->arena,
                                  &import->kept[import->count], &changed);
        }

        if (err != MC_OK) {
            return merge_failed(import, err);
        }

        import->wraps += changed
                         && import->kept[import->count].wrap != NULL;
        import->count += changed;
        import->part_rows++;
        import->merged++;

        if (!mc_import_tick(&members->table, MC_IMPORT_MERGING,
                            import->merged, file->rows))
        {
            return mc_import_interrupted(&members->table);
        }
    }

    return MC_OK;
}


static bool
wrap_tell(void *data, size_t done)
{
    import_t  *import;

    import = data;

    return mc_import_ticked(&import->members.table, MC_IMPORT_WRAPPING,
                            import->merged - import->part_rows + done,
                            import->members.table.file->rows);
}


static mc_err_t
wrap_part(import_t *import)
{
    mc_err_t            err;
    mc_import_table_t  *table;

    table = &import->members.table;
    err = mc_import_wrap(import->kept, import->count, wrap_tell, import);

    if (err == MC_EBUSY) {
        return mc_import_interrupted(table);
    }

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(table->admin, err, "hashing");
}


/* --- third pass ---------------------------------------------------------- */

static void
fill_row(const mc_import_kept_t *kept, mc_import_member_t *out)
{
    size_t  i;

    memset(out, 0, sizeof(*out));

    out->member.user_type = kept->user_type;
    out->member.member_no = kept->member_no;
    out->member.revision = kept->revision;
    out->member.status = kept->status;
    out->member.password_hash = kept->phc;
    out->member.id_key = kept->id_key;
    out->sealed_profile = kept->sealed;
    out->set_password = kept->set_password;
    out->only_first = kept->only_first;

    for (i = 0; i < MC_COLUMNS; i++) {
        out->member.columns[i] = kept->columns[i];
    }
}


/* The member saved while we merged: again, now that nobody else writes.
 * What was wrapped is still the hash of this row. */
static mc_err_t
merge_again(import_t *import, mc_import_kept_t *kept, bool *changed)
{
    mc_err_t              err;
    mc_import_row_t       row;
    mc_import_kept_t      before;
    mc_import_members_t  *members;

    before = *kept;
    members = &import->members;

    mc_import_table_seek(&members->table, kept->start);

    if (!mc_import_table_next(&members->table)
        || !mc_import_row_read(members, &row))
    {
        return MC_EINVAL;
    }

    err = mc_import_merge(members, import->conn, &row, &import->arena,
                          kept, changed);

    if (err != MC_OK || !*changed || kept->wrap == NULL) {
        return err;
    }

    if (before.set_password) {
        kept->phc = before.phc;
        kept->wrap = NULL;
        return MC_OK;
    }

    return mc_import_wrap(kept, 1, NULL, NULL);
}


static mc_err_t
write_row(import_t *import, mc_import_t *open, mc_import_kept_t *kept)
{
    bool                changed;
    mc_err_t            err;
    mc_import_member_t  row;

    fill_row(kept, &row);
    err = mc_import_member(open, &row);

    if (err == MC_ECONFLICT) {
        err = merge_again(import, kept, &changed);

        if (err != MC_OK || !changed) {
            return err;
        }

        fill_row(kept, &row);
        err = mc_import_member(open, &row);
    }

    if (err == MC_OK) {
        import->changed += row.changed;
    }

    return err;
}


static mc_err_t
write_rows(import_t *import, mc_import_t *open)
{
    size_t              i, done;
    mc_err_t            err;
    mc_import_table_t  *table;

    table = &import->members.table;
    done = import->merged - import->part_rows;

    for (i = 0; i < import->count; i++) {
        err = write_row(import, open, &import->kept[i]);

        if (err != MC_OK) {
            return mc_admin_store_fail(table->admin, err, "import");
        }

        if (!mc_import_tick(table, MC_IMPORT_WRITING, done + i + 1,
                            table->file->rows))
        {
            return mc_import_interrupted(table);
        }
    }

    return MC_OK;
}


static mc_err_t
write_part(import_t *import)
{
    size_t              next;
    mc_err_t            err;
    mc_actor_t          actor;
    mc_import_t        *open;
    mc_import_table_t  *table;

    if (import->count == 0) {
        return MC_OK;
    }

    table = &import->members.table;
    next = mc_import_table_tell(table);

    err = mc_import_begin(import->conn, &open);

    if (err != MC_OK) {
        return mc_admin_store_fail(table->admin, err, "import");
    }

    err = write_rows(import, open);

    if (err != MC_OK) {
        mc_import_abort(open);
        return err;
    }

    mc_admin_actor(table->admin, &actor);
    err = mc_import_commit(open, &actor, "ok");

    mc_import_table_seek(table, next);

    return err == MC_OK ? MC_OK
                        : mc_admin_store_fail(table->admin, err, "import");
}


static mc_err_t
write_parts(import_t *import, size_t first)
{
    size_t             most;
    mc_err_t           err;
    mc_import_file_t  *file;

    file = import->members.table.file;
    most = file->parts ? MC_IMPORT_PART : SIZE_MAX;

    mc_import_table_seek(&import->members.table, first);

    for ( ;; ) {
        err = merge_part(import, most);

        if (err != MC_OK || import->part_rows == 0) {
            return err;
        }

        if (file->dry_run) {
            file->changed += import->count;
            continue;
        }

        err = wrap_part(import);

        if (err == MC_OK) {
            err = write_part(import);
        }

        if (err != MC_OK) {
            return err;
        }

        file->changed += import->changed;
        file->committed += import->part_rows;

        if (!mc_import_ticked(&import->members.table, MC_IMPORT_WRITING,
                              file->committed, file->rows))
        {
            return mc_import_interrupted(&import->members.table);
        }
    }
}


static mc_err_t
run(import_t *import, const mc_str_t names[MC_CSV_COLUMNS])
{
    size_t                first;
    mc_err_t              err;
    mc_admin_t           *admin;
    mc_import_members_t  *members;

    members = &import->members;
    admin = members->table.admin;
    first = mc_import_table_tell(&members->table);

    err = mc_import_map(members, names);

    if (err != MC_OK) {
        return err;
    }

    err = mc_institute_list(import->conn, &admin->arena,
                            &members->institutes,
                            &members->institute_count);

    if (err != MC_OK) {
        return mc_admin_store_fail(admin, err, "reading institutes");
    }

    err = check_rows(import);

    if (err == MC_OK) {
        err = write_parts(import, first);
    }

    if (err == MC_OK) {
        (void) mc_import_ticked(&members->table, MC_IMPORT_DONE,
                                members->table.file->rows,
                                members->table.file->rows);
    }

    return err;
}


mc_err_t
mc_import_members_run(mc_admin_t *admin, mc_import_file_t *file)
{
    mc_err_t              err;
    import_t              import;
    mc_str_t              names[MC_CSV_COLUMNS];
    mc_import_members_t  *members;

    memset(&import, 0, sizeof(import));
    members = &import.members;

    mc_arena_init(&members->arena, ROW_ARENA);
    mc_arena_init(&import.arena, PART_ARENA);

    err = mc_import_table_open(&members->table, admin, file, names);

    if (err == MC_OK) {
        err = mc_admin_conn(admin, &import.conn);

        if (err == MC_OK) {
            err = run(&import, names);
            mc_store_release(admin->site->store, import.conn);
        }
    }

    mc_import_table_close(&members->table);
    mc_arena_free(&members->arena);
    mc_arena_free(&import.arena);
    mc_free(import.kept);
    mc_free(members->seen);

    if (err == MC_EINVAL && file->fault_count > 0) {
        (void) mc_admin_fail(admin, err, "%zu faults in the file; nothing "
                             "was written", file->fault_count);
    }

    return err;
}
