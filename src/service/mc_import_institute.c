/*
 * Use case: institutes from a CSV file.
 *
 * Depends on store, domain.  A command only.  An institute has few rows, so
 * all of them are kept in the arena.
 */

#include "mc_import_table.h"

#include "mc_utf8.h"


#define ROWS_MAX   5000
#define CODE_MAX   32       /* bytes */
#define TEXT_MAX   100      /* code points */

enum { CODE = 0, NAME, NAME_EN, CONTACT, PHONE, COLUMNS };

static const char *const  column_names[COLUMNS] = {
    "code", "name", "name_en", "contact", "phone"
};

typedef struct {
    mc_import_table_t   table;
    size_t              column[COLUMNS];    /* from 1; 0: not in the file */
    size_t              count;
    mc_institute_t     *rows;
    size_t              present_count;
    mc_institute_t     *present;            /* as stored */
} import_t;


static mc_str_t *
place(mc_institute_t *institute, size_t column)
{
    switch (column) {

    case CODE:
        return &institute->code;

    case NAME:
        return &institute->name;

    case NAME_EN:
        return &institute->name_en;

    case CONTACT:
        return &institute->contact;

    default:
        return &institute->phone;
    }
}


static mc_err_t
map_header(import_t *import, const mc_str_t names[MC_CSV_COLUMNS])
{
    size_t  i, j, known;

    known = 0;

    for (j = 0; j < COLUMNS; j++) {
        import->column[j] = mc_import_column(&import->table, names,
                                             mc_str_from(column_names[j]));
        known += import->column[j] != 0;
    }

    for (i = 0; known < import->table.columns && i < import->table.columns;
         i++)
    {
        for (j = 0; j < COLUMNS && import->column[j] != i + 1; j++) {
            /* void */
        }

        if (j == COLUMNS) {
            mc_import_fault(&import->table, 0, i + 1, "unknown column; "
                            "known: code, name, name_en, contact, phone");
        }
    }

    for (j = CODE; j <= NAME; j++) {
        if (import->column[j] == 0) {
            mc_import_fault(&import->table, 0, 0, "column \"%s\" is missing",
                            column_names[j]);
        }
    }

    return import->table.file->fault_count == 0 ? MC_OK : MC_EINVAL;
}


static bool
is_code(mc_str_t text)
{
    char    c;
    size_t  i;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'))
        {
            return false;
        }
    }

    return text.len > 0 && text.len <= CODE_MAX;
}


static void
check_cell(import_t *import, size_t column, mc_str_t cell)
{
    size_t              at;
    mc_import_table_t  *table;

    table = &import->table;
    at = import->column[column];

    if (column == CODE && !is_code(cell)) {
        mc_import_fault(table, 0, at, "code: 1 to %d letters, digits, "
                        "- and _", CODE_MAX);

    } else if (column == NAME && cell.len == 0) {
        mc_import_fault(table, 0, at, "name is empty");

    } else if (!mc_utf8_printable(cell, false)) {
        mc_import_fault(table, 0, at, "a character that cannot be printed");

    } else if (mc_utf8_count(cell) > TEXT_MAX) {
        mc_import_fault(table, 0, at, "longer than %d characters", TEXT_MAX);

    } else if (mc_import_is_exponent(cell)) {
        mc_import_fault(table, 0, at, "a number in a spreadsheet's exponent "
                        "form; format the column as text");

    } else if (column == NAME || column == NAME_EN) {
        mc_import_glyphs(table, at, cell);
    }
}


/* The stored row, for the columns that are not in the file. */
static const mc_institute_t *
stored(const import_t *import, mc_str_t code)
{
    size_t  i;

    for (i = 0; i < import->present_count; i++) {
        if (mc_str_eq(import->present[i].code, code)) {
            return &import->present[i];
        }
    }

    return NULL;
}


static bool
read_row(import_t *import)
{
    size_t                 i, faults;
    mc_str_t               cell;
    mc_arena_t            *arena;
    mc_institute_t        *row;
    const mc_institute_t  *old;

    arena = &import->table.admin->arena;
    faults = import->table.file->fault_count;
    row = &import->rows[import->count];

    old = stored(import, mc_import_cell(&import->table,
                                        import->column[CODE]));
    *row = old != NULL ? *old : (mc_institute_t) { .code = mc_str_null };

    for (i = 0; i < COLUMNS; i++) {

        if (import->column[i] == 0) {
            continue;
        }

        cell = mc_import_cell(&import->table, import->column[i]);
        check_cell(import, i, cell);
        *place(row, i) = mc_arena_str(arena, cell);
    }

    for (i = 0; i < import->count; i++) {
        if (mc_str_eq(import->rows[i].code, row->code)) {
            mc_import_fault(&import->table, 0, import->column[CODE],
                            "this code stands twice in the file");
            break;
        }
    }

    if (import->table.file->fault_count == faults) {
        import->count++;
    }

    return !arena->failed;
}


static mc_err_t
read_rows(import_t *import)
{
    mc_import_file_t  *file;

    file = import->table.file;

    import->rows = mc_arena_alloc(&import->table.admin->arena,
                                  ROWS_MAX * sizeof(mc_institute_t));

    while (import->rows != NULL && mc_import_table_next(&import->table)) {

        file->rows++;

        if (import->count == ROWS_MAX) {
            mc_import_fault(&import->table, 0, 0, "more than %d institutes",
                            ROWS_MAX);
            break;
        }

        if (!read_row(import)) {
            import->rows = NULL;
        }
    }

    if (import->rows == NULL) {
        return mc_admin_fail(import->table.admin, MC_ENOMEM,
                             "out of memory");
    }

    (void) mc_import_ticked(&import->table, MC_IMPORT_CHECKING, file->rows,
                            file->rows);

    return file->fault_count == 0 ? MC_OK : MC_EINVAL;
}


static bool
differs(import_t *import, size_t row)
{
    size_t           i;
    mc_institute_t   old;
    const mc_institute_t  *found;

    found = stored(import, import->rows[row].code);

    if (found == NULL) {
        return true;
    }

    old = *found;

    for (i = 0; i < COLUMNS; i++) {
        if (!mc_str_eq(*place(&old, i), *place(&import->rows[row], i))) {
            return true;
        }
    }

    return false;
}


static mc_err_t
write_rows(import_t *import, mc_conn_t *conn)
{
    bool               changed;
    size_t             i;
    mc_err_t           err;
    mc_actor_t         actor;
    mc_import_t       *open;
    mc_import_file_t  *file;

    file = import->table.file;

    err = mc_import_begin(conn, &open);

    if (err != MC_OK) {
        return mc_admin_store_fail(import->table.admin, err, "import");
    }

    for (i = 0; i < import->count; i++) {
        err = mc_import_institute(open, &import->rows[i], &changed);

        if (err != MC_OK) {
            mc_import_abort(open);
            return mc_admin_store_fail(import->table.admin, err, "import");
        }

        file->changed += changed;
    }

    mc_admin_actor(import->table.admin, &actor);

    err = mc_import_commit(open, &actor, "ok");

    if (err != MC_OK) {
        file->changed = 0;
        return mc_admin_store_fail(import->table.admin, err, "import");
    }

    file->committed = import->count;
    (void) mc_import_ticked(&import->table, MC_IMPORT_DONE, import->count,
                            import->count);

    return MC_OK;
}


static mc_err_t
run(import_t *import, mc_conn_t *conn,
    const mc_str_t names[MC_CSV_COLUMNS])
{
    size_t       i;
    mc_err_t     err;
    mc_admin_t  *admin;

    admin = import->table.admin;

    err = mc_institute_list(conn, &admin->arena, &import->present,
                            &import->present_count);

    if (err != MC_OK) {
        return mc_admin_store_fail(admin, err, "reading institutes");
    }

    err = map_header(import, names);

    if (err == MC_OK) {
        err = read_rows(import);
    }

    if (err != MC_OK) {
        return err;
    }

    if (!import->table.file->dry_run) {
        return write_rows(import, conn);
    }

    for (i = 0; i < import->count; i++) {
        import->table.file->changed += differs(import, i);
    }

    return MC_OK;
}


mc_err_t
mc_import_institutes_run(mc_admin_t *admin, mc_import_file_t *file)
{
    mc_err_t    err;
    import_t    import;
    mc_str_t    names[MC_CSV_COLUMNS];
    mc_conn_t  *conn;

    memset(&import, 0, sizeof(import));

    err = mc_import_table_open(&import.table, admin, file, names);

    if (err == MC_OK) {
        err = mc_admin_conn(admin, &conn);

        if (err == MC_OK) {
            err = run(&import, conn, names);
            mc_store_release(admin->site->store, conn);
        }
    }

    mc_import_table_close(&import.table);

    if (err == MC_EINVAL && file->fault_count > 0) {
        (void) mc_admin_fail(admin, err, "%zu faults in the file; nothing "
                             "was written", file->fault_count);
    }

    return err;
}
