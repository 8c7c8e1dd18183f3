/*
 * Use cases: members and confirmations as CSV (I15).
 *
 * UTF-8 with BOM and CR LF, because spreadsheets want it.  Rows are handed
 * on as they are read, so memory does not grow with the store.  A command
 * only.
 */

#ifndef MC_EXPORT_H
#define MC_EXPORT_H

#include "mc_admin.h"

#pragma GCC visibility push(hidden)


/* Takes the next bytes of the file; anything but MC_OK ends the export. */
typedef mc_err_t (*mc_export_write_pt)(void *data, mc_str_t bytes);

typedef struct {
    /* in */
    mc_export_write_pt  write;
    void               *data;
    bool                masked;     /* members: sensitive values masked */
    int64_t             since;      /* confirmations: ms; 0: all */

    /* out */
    size_t              rows;
} mc_export_t;

/* The columns that import takes, never a password hash. */
mc_err_t mc_export_members_run(mc_admin_t *admin, mc_export_t *out);

/* serial, member_no, name, certificate_no, confirmed_at (RFC 3339),
 * version, code, state (valid | replaced | revoked | erased), replaced_at,
 * revoked_at, reason, user_type. */
mc_err_t mc_export_confirmations_run(mc_admin_t *admin, mc_export_t *out);


#pragma GCC visibility pop

#endif /* MC_EXPORT_H */
