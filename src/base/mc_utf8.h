/*
 * UTF-8 (RFC 3629): strict decoding, counting, trimming.
 *
 * Refused: overlong forms, surrogates, beyond U+10FFFF.  Any thread.
 */

#ifndef MC_UTF8_H
#define MC_UTF8_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_UTF8_BAD  UINT32_MAX

/* The code point at *pos (moved behind it); MC_UTF8_BAD where invalid
 * (*pos moved by one).  *pos must be < s.len. */
uint32_t mc_utf8_next(mc_str_t s, size_t *pos);

/* Writes 1..4 bytes; 0 for a code point that has no UTF-8 form. */
size_t mc_utf8_encode(uint32_t code_point, char out[4]);

bool mc_utf8_valid(mc_str_t s);

/* Number of code points; the string must be valid. */
size_t mc_utf8_count(mc_str_t s);

/* Valid and free of control characters (C0 but for "allow_newline", DEL,
 * C1), line separators, bidi controls, BOM and non-characters: fit to be
 * stored and shown. */
bool mc_utf8_printable(mc_str_t s, bool allow_newline);

/* Without white space at both ends: ASCII blanks, U+00A0, U+3000,
 * U+2000..200B, U+FEFF (pasted numbers bring them along). */
mc_str_t mc_utf8_trim(mc_str_t s);


#pragma GCC visibility pop

#endif /* MC_UTF8_H */
