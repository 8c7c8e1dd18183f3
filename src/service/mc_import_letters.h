/*
 * Letters of older systems in a CSV file: mapped, or reported with their
 * line.  For mc_import_table.c only.
 */

#ifndef MC_IMPORT_LETTERS_H
#define MC_IMPORT_LETTERS_H

#include "mc_import_table.h"

#pragma GCC visibility push(hidden)


/*
 * Maps private code points and leaves variation selectors out of the table's
 * text, which then lies in "settled"; warns once for each line.  A text that
 * holds none, or is no UTF-8, is left alone.
 */
mc_err_t mc_import_letters(mc_import_table_t *table, mc_buf_t *settled);


#pragma GCC visibility pop

#endif /* MC_IMPORT_LETTERS_H */
