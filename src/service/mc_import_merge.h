/*
 * A row of a members' file against what is stored: for mc_import_merge.c
 * and mc_import_member.c only.
 *
 * A command only.
 */

#ifndef MC_IMPORT_MERGE_H
#define MC_IMPORT_MERGE_H

#include "mc_import_row.h"
#include "mc_legacy.h"

#pragma GCC visibility push(hidden)


/* A merged row that waits to be written. */
typedef struct {
    size_t       start;                 /* offset in the text */
    int64_t      revision;              /* 0: a new member */
    mc_str_t     user_type;
    mc_str_t     member_no;
    mc_str_t     columns[MC_COLUMNS];
    mc_str_t     sealed;
    mc_str_t     id_key;
    mc_str_t     phc;
    char        *wrap;                  /* MC_LEGACY_HASH bytes: phc is to be
                                           wrapped into them; NULL: it is
                                           what is stored */
    mc_status_t  status;
    bool         set_password;
    bool         only_first;            /* ... where there still is none */
} mc_import_kept_t;

/*
 * Reads the member, merges, seals.  *changed false: there is nothing to
 * write and kept holds nothing.  Strings of "kept" go to "arena".
 * MC_ECORRUPT: the stored profile cannot be opened.
 */
mc_err_t mc_import_merge(mc_import_members_t *members, mc_conn_t *conn,
    const mc_import_row_t *row, mc_arena_t *arena, mc_import_kept_t *kept,
    bool *changed);

/*
 * Wraps what waits for it, on all cores.  MC_EBUSY: "tell" (may be NULL;
 * called every 64 hashes by the calling thread) answered false.
 */
mc_err_t mc_import_wrap(mc_import_kept_t *kept, size_t count,
    bool (*tell)(void *data, size_t done), void *data);


#pragma GCC visibility pop

#endif /* MC_IMPORT_MERGE_H */
