/*
 * An administrator's use cases: the audit is checked, also against a head
 * that was written down elsewhere; exported as JSON lines; its older end
 * moved to a file that can be checked as well.
 *
 * A head is one line: {"head":SEQ,"mac":HEX,"seal":HEX,"time":...}.  A whole
 * file starts with {"audit":1,"after":SEQ,"mac":HEX,"seal":HEX}, has one
 * object a row, and ends with the head of its last row.  Both lines are
 * sealed with the site's audit key.
 *
 * A command only; results as in mc_admin.h; MC_EDENIED: it does not fit,
 * and admin->error says where.
 */

#ifndef MC_AUDIT_ADMIN_H
#define MC_AUDIT_ADMIN_H

#include "mc_admin.h"
#include "mc_export.h"
#include "mc_store_audit.h"

#pragma GCC visibility push(hidden)


/* The head as a line; MC_ENOTFOUND: nothing was recorded yet. */
mc_err_t mc_audit_admin_head(mc_admin_t *admin, mc_buf_t *line);

/* A head's line back; MC_EINVAL no such line, MC_EDENIED not ours. */
mc_err_t mc_audit_admin_read_head(mc_admin_t *admin, mc_str_t line,
    mc_audit_place_t *out);

/* From the anchor to the end; "exported" may be NULL. */
mc_err_t mc_audit_admin_verify(mc_admin_t *admin,
    const mc_audit_place_t *exported, mc_audit_check_t *check);

/* The next line of a file without its end, valid until the next one;
 * MC_ENOTFOUND: there is none. */
typedef mc_err_t (*mc_audit_line_pt)(void *data, mc_str_t *line);

/* The same of a whole file. */
mc_err_t mc_audit_admin_verify_file(mc_admin_t *admin, mc_audit_line_pt next,
    void *data, const mc_audit_place_t *exported, mc_audit_check_t *check);

typedef struct {
    /* in */
    mc_export_write_pt     write;
    void                  *data;
    int64_t                since;       /* ms; 0: all */
    const mc_admin_key_t  *member;      /* NULL: all */

    /* rotation: when the bytes must be on the disk */
    mc_err_t             (*sync)(void *data);

    /* out */
    int64_t                rows;
} mc_audit_export_t;

/* With neither since nor member the file is a whole one. */
mc_err_t mc_audit_admin_export(mc_admin_t *admin, mc_audit_export_t *out);

/* Checks everything, writes the rows from before "before" (ms) and a moment
 * later removes them; MC_ENOTFOUND: there are none. */
mc_err_t mc_audit_admin_rotate(mc_admin_t *admin, int64_t before,
    mc_audit_export_t *out);


/* --- parts of mc_audit_admin.c for mc_audit_export.c --------------------- */

/* A place sealed for outside, as a head's line. */
mc_err_t mc_audit_admin_place(mc_admin_t *admin, mc_audit_place_t place,
    mc_buf_t *line);

/* What a check came to, with its fault as the error. */
mc_err_t mc_audit_admin_checked(mc_admin_t *admin, mc_err_t err,
    const mc_audit_check_t *check);


/* --- the lines (mc_audit_file.c) ----------------------------------------- */

mc_err_t mc_audit_line_row(mc_buf_t *out, const mc_audit_row_t *row);
mc_err_t mc_audit_line_head(mc_buf_t *out, const mc_audit_place_t *place,
    int64_t now);
mc_err_t mc_audit_line_start(mc_buf_t *out, const mc_audit_place_t *place);

typedef enum {
    MC_AUDIT_LINE_ROW = 0,
    MC_AUDIT_LINE_HEAD,
    MC_AUDIT_LINE_START
} mc_audit_line_t;

/* What a line is, with the part that belongs to it; MC_EINVAL. */
mc_err_t mc_audit_line_read(mc_str_t line, mc_arena_t *arena,
    mc_audit_line_t *kind, mc_audit_row_t *row, mc_audit_place_t *place);


#pragma GCC visibility pop

#endif /* MC_AUDIT_ADMIN_H */
