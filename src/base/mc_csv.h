/*
 * CSV (RFC 4180) records from a file in memory: UTF-8 with or without BOM,
 * or GB18030 (converted by iconv first).
 *
 * A record is a row of fields; quotes are removed.  Bounded: MC_CSV_COLUMNS
 * fields a record, MC_CSV_FIELD bytes a field.  CR LF and LF both end a
 * record; empty lines are passed over.  Refused: bytes that are no UTF-8,
 * NUL, a quote inside a bare field, anything between a closing quote and
 * the comma, a CR without LF outside of quotes.  Any one thread.
 */

#ifndef MC_CSV_H
#define MC_CSV_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_CSV_COLUMNS  128
#define MC_CSV_FIELD    4096

typedef struct {
    mc_str_t  text;
    size_t    pos;
    unsigned  line;             /* of the record read last, from 1 */
    unsigned  next_line;        /* of "pos" */
    unsigned  column;           /* field where it went wrong, from 1 */
    size_t    count;
    mc_str_t  fields[MC_CSV_COLUMNS];
    mc_buf_t  scratch;          /* fields whose quotes were doubled */
    const char *reason;         /* short English text of an error */
} mc_csv_t;

/* "text" must outlive the reader. */
void mc_csv_init(mc_csv_t *csv, mc_str_t text);
void mc_csv_free(mc_csv_t *csv);

/* MC_OK and fields valid until the next call; MC_ENOTFOUND at the end;
 * MC_EINVAL with line, column and reason.  The call after MC_EINVAL goes on
 * with the next line, so that one pass can tell all faults. */
mc_err_t mc_csv_next(mc_csv_t *csv);

/* Whole text to UTF-8; MC_EINVAL with the byte offset of the first byte
 * that has no meaning, MC_ENOTFOUND where libc does not know GB18030. */
mc_err_t mc_csv_gb18030(mc_str_t text, mc_buf_t *out, size_t *offset);

/* Appends one field and the comma or, after the last, CR LF; quoted where
 * needed.  A text that a spreadsheet would take for a formula (= + - @ or a
 * control character first) is given a leading apostrophe. */
mc_err_t mc_csv_write(mc_buf_t *out, mc_str_t field, bool last);


#pragma GCC visibility pop

#endif /* MC_CSV_H */
