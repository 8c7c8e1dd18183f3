/*
 * Files that test photo rules: at their limits, beyond them, broken, or
 * something else altogether; each made by recipe from a drawn portrait.
 *
 * A recipe is a word ("trailing-zip") or a word and a number ("size:9999",
 * "truncated:5000", "exif-days:-367").  For tools and tests; any one thread.
 */

#ifndef MC_HOSTILE_H
#define MC_HOSTILE_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


/* The standard list: recipes with the numbers that matter. */
size_t mc_hostile_count(void);
mc_err_t mc_hostile_name(size_t n, char out[40]);

/* Appends to "out"; dates are relative to "now" (ms).  MC_ENOTFOUND for an
 * unknown recipe, MC_EINVAL for a number that does not work. */
mc_err_t mc_hostile_make(const char *recipe, int64_t now, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_HOSTILE_H */
