/*
 * Use cases: institutes and members from CSV files (I15, S38).
 *
 * The whole file is read and checked first, with line, column and reason of
 * each fault; with one fault nothing is written.  Then rows are merged with
 * what is stored and sealed, and fast password hashes of an older system are
 * wrapped in Argon2id on all cores (auth/mc_legacy.h; about 50 a second and
 * core), without the writer lock; then all of them are written in one
 * transaction, or with "parts" in transactions of MC_IMPORT_PART rows or
 * MC_IMPORT_WRAPS wrapped hashes.  A row that changes nothing is not
 * written, so a second run of the same file is cheap and harmless: a hash
 * is wrapped only for a member that has none.  (With "overwrite" what is
 * stored is compared, which costs as much as wrapping.)
 *
 * Members are found by (user_type, member_no).  Columns of the institute
 * are replaced (an empty cell of a column that stands in the file empties
 * them; a column that does not stand there is left alone); what the member
 * may edit is only filled where it is empty, unless "overwrite".  Rows that
 * the file does not name are left alone.
 *
 * A command only: blocks for seconds.  Memory: about 1 kB a row.
 */

#ifndef MC_IMPORT_H
#define MC_IMPORT_H

#include "mc_admin.h"
#include "mc_character.h"

#pragma GCC visibility push(hidden)


#define MC_IMPORT_FAULTS    100
#define MC_IMPORT_PART      50000
#define MC_IMPORT_WRAPS     2000
#define MC_IMPORT_ROWS_MAX  200000      /* more need "parts" */

typedef struct {
    unsigned  line;             /* of the file, from 1 */
    unsigned  column;           /* field, from 1; 0: the whole line */
    char      reason[160];      /* English; names columns, shows no values */
} mc_import_fault_t;

/* Phases, for a progress bar. */
typedef enum {
    MC_IMPORT_CHECKING = 0,
    MC_IMPORT_MERGING,
    MC_IMPORT_WRAPPING,
    MC_IMPORT_WRITING,
    MC_IMPORT_DONE
} mc_import_phase_t;

/* Called every 1,000 rows (wrapping: 64) and at the end of a phase; false
 * ends the import (an interrupt): the open transaction is rolled back. */
typedef bool (*mc_import_progress_pt)(void *data, mc_import_phase_t phase,
    size_t done, size_t total);

typedef struct {
    /* in; zero the rest */
    mc_str_t               text;        /* the file's bytes */
    bool                   gb18030;     /* else UTF-8, BOM or not */
    bool                   dry_run;     /* checks and counts, no write */
    bool                   overwrite;
    bool                   parts;
    const mc_character_map_t  *private_use;     /* may be NULL */
    mc_import_progress_pt  progress;    /* may be NULL */
    void                  *data;

    /* out */
    size_t                 rows;        /* data rows of the file */
    size_t                 changed;     /* inserted or altered (dry run:
                                           would be) */
    size_t                 committed;   /* rows that are safe now */
    size_t                 fault_count; /* all, also beyond the array */
    mc_import_fault_t      faults[MC_IMPORT_FAULTS];
    size_t                 warning_count;   /* characters that no font has
                                               (the row is kept and its
                                               certificate blocked), or that
                                               were mapped or left out */
    mc_import_fault_t      warnings[MC_IMPORT_FAULTS];
} mc_import_file_t;

/*
 * MC_EINVAL with fault_count > 0: the file; with fault_count 0: see
 * admin->error.  MC_EBUSY "interrupted" when progress answered false.
 */
mc_err_t mc_import_institutes_run(mc_admin_t *admin, mc_import_file_t *file);
mc_err_t mc_import_members_run(mc_admin_t *admin, mc_import_file_t *file);


#pragma GCC visibility pop

#endif /* MC_IMPORT_H */
