/*
 * Names and ID numbers as people type them, brought to one form, so that
 * what was typed can be compared with what is on file (I04, S03).
 *
 * Only for comparing: what is stored and shown stays as it was written.
 * Pure functions; any thread.
 */

#ifndef MC_IDENTITY_H
#define MC_IDENTITY_H

#include "mc_arena.h"

#pragma GCC visibility push(hidden)


#define MC_IDENTITY_NAME    400     /* bytes of a name */
#define MC_IDENTITY_NUMBER  32      /* letters of an ID number */

/*
 * Without any blanks (also full-width ones, also inside: two-character
 * names are often written with one), full-width letters as ASCII, ASCII in
 * lower case, every kind of middle dot as U+00B7.  MC_EINVAL: empty, too
 * long, not UTF-8, or with a control character.
 */
mc_err_t mc_identity_name(mc_str_t text, mc_arena_t *arena, mc_str_t *out);

/*
 * Without blanks and dashes, full-width letters as ASCII, in upper case:
 * "3301 0119 8001 0112 3x" -> "33010119800101123X".  MC_EINVAL: empty, too
 * long, or anything but letters, digits and parentheses; "out" is empty
 * then.  Does not allocate.
 */
mc_err_t mc_identity_number(mc_str_t text, char out[MC_IDENTITY_NUMBER + 1]);


#pragma GCC visibility pop

#endif /* MC_IDENTITY_H */
