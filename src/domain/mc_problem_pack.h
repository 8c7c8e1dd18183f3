/*
 * Problems as one text, for a row of the store, and back: the warnings of
 * an upload, which an officer reads later.
 *
 * Pure functions; any thread.
 */

#ifndef MC_PROBLEM_PACK_H
#define MC_PROBLEM_PACK_H

#include "mc_problem.h"

#pragma GCC visibility push(hidden)


/* JSON, in the arena; empty for none.  NULL data when out of memory. */
mc_str_t mc_problem_pack(const mc_problems_t *problems, mc_arena_t *arena);

/* Also reads plain codes with blanks between them.  A code that is not known
 * (any more) is left out.  MC_ECORRUPT when the text is not of that form,
 * MC_ENOMEM. */
mc_err_t mc_problem_unpack(mc_str_t text, mc_arena_t *arena,
    mc_problems_t *out);


#pragma GCC visibility pop

#endif /* MC_PROBLEM_PACK_H */
