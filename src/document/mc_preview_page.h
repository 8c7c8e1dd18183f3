/*
 * Page content read back as SVG: the operators that mc_ornament and
 * mc_seal write, and no others.
 *
 * Only for the preview.  Pure; any one thread.
 * Source: ISO 32000-1 8.4, 8.5; SVG 1.1 (2nd edition) 8, 11.
 */

#ifndef MC_PREVIEW_PAGE_H
#define MC_PREVIEW_PAGE_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_PREVIEW_SAVED  16        /* q inside of each other */

/*
 * Appends elements that draw "content".  Colours and widths that it does
 * not set are left to the elements around it, as a form leaves them to who
 * draws it; /Gn Do uses the element with the id "Gn".  *clips numbers the
 * clips of one document.  MC_EINVAL: an operator or operand that is not of
 * the set.
 */
mc_err_t mc_preview_page(mc_str_t content, unsigned *clips, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_PREVIEW_PAGE_H */
