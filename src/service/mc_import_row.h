/*
 * One row of a members' file: which column is what, and what its cells say.
 * For mc_import_row.c and mc_import_member.c only.
 *
 * A command only.
 */

#ifndef MC_IMPORT_ROW_H
#define MC_IMPORT_ROW_H

#include "mc_import_table.h"

#pragma GCC visibility push(hidden)


/* Which column holds what; numbers from 1, 0: not in the file. */
typedef struct {
    size_t             user_type;
    size_t             member_no;
    size_t             status;
    size_t             password;
    size_t             count;
    size_t             at[MC_FIELDS];
    const mc_field_t  *fields[MC_FIELDS];
} mc_import_map_t;

/* Cells in the form in which they are stored. */
typedef struct {
    mc_str_t     user_type;
    mc_str_t     member_no;
    bool         has_status;
    mc_status_t  status;
    mc_str_t     phc;                   /* empty: none given */
    bool         fast;                  /* ... which is to be wrapped */
    mc_str_t     values[MC_FIELDS];     /* by place in the map */
} mc_import_row_t;

typedef struct {
    mc_import_table_t  table;
    mc_import_map_t    map;
    mc_arena_t         arena;           /* of the present row */
    mc_problems_t      problems;        /* of the present cell */
    size_t             institute_count;
    mc_institute_t    *institutes;
    size_t             seen_size;       /* a power of 2; 0: empty */
    uint64_t          *seen;            /* hashes of (type, number) */
} mc_import_members_t;

/* Notes faults; MC_EINVAL when there were any. */
mc_err_t mc_import_map(mc_import_members_t *members,
    const mc_str_t names[MC_CSV_COLUMNS]);

/* The present row of the table, strings into members->arena (emptied
 * first); false when a fault was noted. */
bool mc_import_row_read(mc_import_members_t *members, mc_import_row_t *row);

/* Faults of the row beside those of reading: a number that stands twice;
 * warnings for characters without a glyph. */
void mc_import_row_check(mc_import_members_t *members,
    const mc_import_row_t *row);


#pragma GCC visibility pop

#endif /* MC_IMPORT_ROW_H */
