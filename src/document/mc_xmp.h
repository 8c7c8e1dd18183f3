/*
 * What a PDF/A file says about itself: its title and the standard (XMP),
 * and what its colours mean (an ICC profile).
 *
 * Both are the same for every member: metadata name nobody and no time.
 * While a template is made; any thread.
 * Source: ISO 16684-1; ISO 19005-2 6.2.3, 6.6; ICC.1:2001-04 (version 2),
 * IEC 61966-2-1 for the primaries.
 */

#ifndef MC_XMP_H
#define MC_XMP_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


/* PDF/A-2u and the title. */
mc_err_t mc_xmp_write(mc_buf_t *out, mc_str_t title);

/* Three primaries and a curve: sRGB as a matrix profile. */
mc_err_t mc_xmp_profile(mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_XMP_H */
