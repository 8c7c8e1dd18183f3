/*
 * A CSV file as a table with a header, for mc_import*.c only: reading,
 * cells, faults, progress.
 *
 * A command only.
 */

#ifndef MC_IMPORT_TABLE_H
#define MC_IMPORT_TABLE_H

#include "mc_csv.h"
#include "mc_import.h"

#pragma GCC visibility push(hidden)


#define MC_IMPORT_STEP  1000        /* rows between two ticks */

typedef struct {
    mc_admin_t        *admin;
    mc_import_file_t  *file;
    mc_str_t           text;        /* UTF-8 */
    mc_buf_t           converted;   /* owns it when it was GB18030 */
    mc_buf_t           settled;     /* the same where letters were mapped */
    mc_csv_t           csv;         /* fields of the present row */
    size_t             columns;     /* of the header */
    size_t             rows_max;    /* line ends: no more rows than this */
    size_t             start;       /* offset of the present row */
} mc_import_table_t;

/*
 * Reads the header into "names" (lower case, without blanks; they live as
 * long as the table) and refuses one that stands twice.  MC_EINVAL: faults
 * were noted.
 */
mc_err_t mc_import_table_open(mc_import_table_t *table, mc_admin_t *admin,
    mc_import_file_t *file, mc_str_t names[MC_CSV_COLUMNS]);
void mc_import_table_close(mc_import_table_t *table);

/* The next row that could be read and has as many cells as the header; false
 * at the end.  What cannot be read is noted as a fault and passed over. */
bool mc_import_table_next(mc_import_table_t *table);

/* Where the next row begins, and back to such a place. */
size_t mc_import_table_tell(const mc_import_table_t *table);
void mc_import_table_seek(mc_import_table_t *table, size_t offset);

/* Cell of a column (from 1; 0: not in the file, empty), trimmed and without
 * the apostrophe that protects "'=..." in spreadsheets. */
mc_str_t mc_import_cell(const mc_import_table_t *table, size_t column);

/* A number as Excel writes a long one: 1.2E+15. */
bool mc_import_is_exponent(mc_str_t cell);

/* Line 0: the present row's. */
void mc_import_fault(mc_import_table_t *table, unsigned line, size_t column,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
void mc_import_warn(mc_import_table_t *table, size_t column,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same of a line that no row was made of yet. */
void mc_import_warn_line(mc_import_table_t *table, unsigned line,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A character that no font has makes a warning. */
void mc_import_glyphs(mc_import_table_t *table, size_t column, mc_str_t cell);

/* Tells the progress at every MC_IMPORT_STEP-th row; false: interrupted. */
bool mc_import_tick(mc_import_table_t *table, mc_import_phase_t phase,
    size_t done, size_t total);

/* The same at the end of a phase. */
bool mc_import_ticked(mc_import_table_t *table, mc_import_phase_t phase,
    size_t done, size_t total);

mc_err_t mc_import_interrupted(mc_import_table_t *table);

/* Number of "name" in the header, from 1; 0 where it is not there. */
size_t mc_import_column(const mc_import_table_t *table,
    const mc_str_t names[MC_CSV_COLUMNS], mc_str_t name);


#pragma GCC visibility pop

#endif /* MC_IMPORT_TABLE_H */
