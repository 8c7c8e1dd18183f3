/*
 * A CSV file as a table with a header.
 *
 * Depends on base (CSV), document (missing characters).  A command only.
 */

#include "mc_import_table.h"

#include <stdarg.h>
#include <stdio.h>

#include "mc_import_letters.h"
#include "mc_utf8.h"


#define FILE_SIZE_MAX  ((size_t) 1024 * 1024 * 1024)


static void
note(mc_import_fault_t list[MC_IMPORT_FAULTS], size_t *count, unsigned line,
    size_t column, const char *format, va_list args)
{
    mc_import_fault_t  *fault;

    if (*count < MC_IMPORT_FAULTS) {
        fault = &list[*count];
        fault->line = line;
        fault->column = (unsigned) column;
        (void) vsnprintf(fault->reason, sizeof(fault->reason), format, args);
    }

    (*count)++;
}


void
mc_import_fault(mc_import_table_t *table, unsigned line, size_t column,
    const char *format, ...)
{
    va_list            args;
    mc_import_file_t  *file;

    file = table->file;

    va_start(args, format);
    note(file->faults, &file->fault_count,
         line == 0 ? table->csv.line : line, column, format, args);
    va_end(args);
}


void
mc_import_warn(mc_import_table_t *table, size_t column, const char *format,
    ...)
{
    va_list            args;
    mc_import_file_t  *file;

    file = table->file;

    va_start(args, format);
    note(file->warnings, &file->warning_count, table->csv.line, column,
         format, args);
    va_end(args);
}


void
mc_import_warn_line(mc_import_table_t *table, unsigned line,
    const char *format, ...)
{
    va_list            args;
    mc_import_file_t  *file;

    file = table->file;

    va_start(args, format);
    note(file->warnings, &file->warning_count, line, 0, format, args);
    va_end(args);
}


void
mc_import_glyphs(mc_import_table_t *table, size_t column, mc_str_t cell)
{
    uint32_t             missing;
    const mc_template_t *document;

    document = table->admin->site->documents[0];

    if (document == NULL || cell.len == 0) {
        return;
    }

    missing = mc_template_missing(document, cell);

    if (missing != 0) {
        mc_import_warn(table, column, "no font has U+%04X: the certificate "
                       "will be blocked", (unsigned) missing);
    }
}


static bool
tell_progress(const mc_import_file_t *file, mc_import_phase_t phase,
    size_t done, size_t total)
{
    return file->progress == NULL
           || file->progress(file->data, phase, done, total);
}


bool
mc_import_tick(mc_import_table_t *table, mc_import_phase_t phase,
    size_t done, size_t total)
{
    return done % MC_IMPORT_STEP != 0
           || tell_progress(table->file, phase, done, total);
}


bool
mc_import_ticked(mc_import_table_t *table, mc_import_phase_t phase,
    size_t done, size_t total)
{
    return tell_progress(table->file, phase, done, total);
}


mc_err_t
mc_import_interrupted(mc_import_table_t *table)
{
    return mc_admin_fail(table->admin, MC_EBUSY, "interrupted; %zu rows are "
                         "written", table->file->committed);
}


static size_t
count_lines(mc_str_t text)
{
    size_t  i, n;

    n = 1;

    for (i = 0; i < text.len; i++) {
        n += text.data[i] == '\n';
    }

    return n;
}


static mc_err_t
table_text(mc_import_table_t *table)
{
    size_t             offset;
    mc_err_t           err;
    mc_import_file_t  *file;

    file = table->file;
    table->text = file->text;

    if (file->text.len > FILE_SIZE_MAX) {
        return mc_admin_fail(table->admin, MC_ETOOBIG,
                             "the file is larger than 1 GiB");
    }

    if (!file->gb18030) {
        return MC_OK;
    }

    mc_buf_init(&table->converted, 2 * FILE_SIZE_MAX);

    err = mc_csv_gb18030(file->text, &table->converted, &offset);

    switch (err) {

    case MC_OK:
        table->text = mc_buf_view(&table->converted);
        return MC_OK;

    case MC_EINVAL:
        return mc_admin_fail(table->admin, err, "byte %zu has no meaning in "
                             "GB18030", offset);

    case MC_ENOTFOUND:
        return mc_admin_fail(table->admin, MC_EINVAL,
                             "this system cannot read GB18030");

    default:
        return mc_admin_fail(table->admin, err, "reading the file: %s",
                             mc_err_name(err));
    }
}


/* "Member_No " is member_no. */
static mc_str_t
header_name(mc_arena_t *arena, mc_str_t cell)
{
    char    name[64];
    size_t  i, n;

    cell = mc_utf8_trim(cell);
    n = cell.len < sizeof(name) ? cell.len : sizeof(name);

    for (i = 0; i < n; i++) {
        name[i] = cell.data[i] >= 'A' && cell.data[i] <= 'Z'
                  ? (char) (cell.data[i] - 'A' + 'a') : cell.data[i];
    }

    return mc_arena_str(arena, (mc_str_t) { name, n });
}


static mc_err_t
table_header(mc_import_table_t *table, mc_str_t names[MC_CSV_COLUMNS])
{
    size_t    i, j;
    mc_err_t  err;

    err = mc_csv_next(&table->csv);

    if (err == MC_ENOTFOUND) {
        mc_import_fault(table, 1, 0, "the file is empty");
        return MC_EINVAL;
    }

    if (err != MC_OK) {
        mc_import_fault(table, 0, table->csv.column, "%s",
                        table->csv.reason != NULL ? table->csv.reason
                                                  : mc_err_name(err));
        return MC_EINVAL;
    }

    table->columns = table->csv.count;

    for (i = 0; i < table->columns; i++) {
        names[i] = header_name(&table->admin->arena, table->csv.fields[i]);

        if (names[i].data == NULL) {
            return mc_admin_fail(table->admin, MC_ENOMEM, "out of memory");
        }

        for (j = 0; j < i; j++) {
            if (mc_str_eq(names[i], names[j])) {
                mc_import_fault(table, 0, i + 1, "this column stands twice");
            }
        }
    }

    return table->file->fault_count == 0 ? MC_OK : MC_EINVAL;
}


mc_err_t
mc_import_table_open(mc_import_table_t *table, mc_admin_t *admin,
    mc_import_file_t *file, mc_str_t names[MC_CSV_COLUMNS])
{
    mc_err_t  err;

    memset(table, 0, sizeof(*table));
    table->admin = admin;
    table->file = file;

    err = table_text(table);

    if (err != MC_OK) {
        return err;
    }

    mc_buf_init(&table->settled, 2 * FILE_SIZE_MAX);
    err = mc_import_letters(table, &table->settled);

    if (err != MC_OK) {
        return mc_admin_fail(admin, err, "reading the file: %s",
                             mc_err_name(err));
    }

    if (table->settled.len > 0) {
        table->text = mc_buf_view(&table->settled);
    }

    mc_csv_init(&table->csv, table->text);
    table->rows_max = count_lines(table->text);

    return table_header(table, names);
}


void
mc_import_table_close(mc_import_table_t *table)
{
    mc_csv_free(&table->csv);
    mc_buf_wipe(&table->converted);
    mc_buf_wipe(&table->settled);
}


bool
mc_import_table_next(mc_import_table_t *table)
{
    mc_err_t  err;

    for ( ;; ) {
        table->start = table->csv.pos;
        err = mc_csv_next(&table->csv);

        if (err == MC_ENOTFOUND) {
            return false;
        }

        if (err == MC_OK && table->csv.count == table->columns) {
            return true;
        }

        if (err == MC_OK) {
            mc_import_fault(table, 0, 0, "%zu cells; the header has %zu",
                            table->csv.count, table->columns);
            continue;
        }

        mc_import_fault(table, 0, table->csv.column, "%s",
                        table->csv.reason != NULL ? table->csv.reason
                                                  : mc_err_name(err));

        if (err != MC_EINVAL) {
            return false;
        }
    }
}


size_t
mc_import_table_tell(const mc_import_table_t *table)
{
    return table->csv.pos;
}


void
mc_import_table_seek(mc_import_table_t *table, size_t offset)
{
    table->csv.pos = offset;
}


mc_str_t
mc_import_cell(const mc_import_table_t *table, size_t column)
{
    mc_str_t  cell;

    if (column == 0 || column > table->csv.count) {
        return mc_str_null;
    }

    cell = mc_utf8_trim(table->csv.fields[column - 1]);

    if (cell.len >= 2 && cell.data[0] == '\''
        && memchr("=+-@", cell.data[1], 4) != NULL)
    {
        cell.data++;
        cell.len--;
    }

    return cell;
}


bool
mc_import_is_exponent(mc_str_t cell)
{
    size_t  i, digits;

    digits = 0;

    for (i = 0; i < cell.len; i++) {

        if (cell.data[i] >= '0' && cell.data[i] <= '9') {
            digits++;

        } else if (cell.data[i] != '.' || digits == 0) {
            break;
        }
    }

    if (digits == 0 || i + 2 >= cell.len
        || (cell.data[i] != 'E' && cell.data[i] != 'e')
        || cell.data[i + 1] != '+')
    {
        return false;
    }

    for (i += 2; i < cell.len; i++) {
        if (cell.data[i] < '0' || cell.data[i] > '9') {
            return false;
        }
    }

    return true;
}


size_t
mc_import_column(const mc_import_table_t *table,
    const mc_str_t names[MC_CSV_COLUMNS], mc_str_t name)
{
    size_t  i;

    for (i = 0; i < table->columns; i++) {
        if (mc_str_eq(names[i], name)) {
            return i + 1;
        }
    }

    return 0;
}
