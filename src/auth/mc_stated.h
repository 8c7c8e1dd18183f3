/*
 * One text of a statement: its form and bytes (only for mc_statement.c).
 *
 * A text is bounded by the six bits of its length.  Pure functions; any
 * thread.
 */

#ifndef MC_STATED_H
#define MC_STATED_H

#include "mc_arena.h"

#pragma GCC visibility push(hidden)


#define MC_STATED_MAX  63       /* bytes */

/* As in the head byte. */
typedef enum {
    MC_FORM_UTF8 = 0,
    MC_FORM_UTF16,                  /* big-endian */
    MC_FORM_PACKED,                 /* digits in pairs, F behind an odd one */
    MC_FORM_CUT                     /* UTF-16BE, and more was there */
} mc_form_t;

typedef struct {
    mc_form_t  form;
    size_t     len;
    uint8_t    bytes[MC_STATED_MAX];
} mc_stated_t;

/* Fit to be stated: printable UTF-8, of bounded length. */
bool mc_stated_good(mc_str_t text, bool may_be_empty);

/* The shortest form of the whole; of two the simpler one.  False where none
 * fits into "room".  "text" must be good, here and below. */
bool mc_stated_whole(mc_str_t text, size_t room, mc_stated_t *out);

/* The same, or the beginning of the text; false where not even one
 * character fits. */
bool mc_stated_put(mc_str_t text, size_t room, mc_stated_t *out);

/* Bytes of the first character when all behind it is cut. */
size_t mc_stated_first(mc_str_t text);

/* UTF-8 into the arena.  MC_EINVAL: not of its form, or not good. */
mc_err_t mc_stated_read(const mc_stated_t *in, mc_arena_t *arena,
    mc_str_t *out);


#pragma GCC visibility pop

#endif /* MC_STATED_H */
