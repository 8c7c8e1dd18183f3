/*
 * Readers of single words of the configuration: numbers, times, sizes,
 * paths, addresses.
 *
 * Each takes one word and answers true when it is in the form wanted; the
 * caller words the error.  Depends on base.  Pure functions; any thread.
 */

#ifndef MC_WORD_H
#define MC_WORD_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


/* Decimal digits only, at most "max". */
bool mc_word_number(mc_str_t word, uint32_t max, uint32_t *out);

/* As nginx writes them: 90 and 90s, 30m, 12h, 7d, 2w, 1h30m (each unit once,
 * the larger one first; a number without a unit counts seconds).  In ms, at
 * most 100 years. */
bool mc_word_time(mc_str_t word, int64_t *out);

/* Bytes, or with k (1024) or m (1024 k). */
bool mc_word_size(mc_str_t word, uint32_t max, uint32_t *out);

/* on, off */
bool mc_word_switch(mc_str_t word, bool *out);

/* Minutes of +08:00 or -03:30; -12:00 to +14:00. */
bool mc_word_zone(mc_str_t word, int *out);

/* What stands before and behind the first "mark"; false without one. */
bool mc_word_split(mc_str_t word, char mark, mc_str_t *left,
    mc_str_t *right);

/* Letters, digits, and "extra" only; 1 to "max" of them. */
bool mc_word_name(mc_str_t word, const char *extra, size_t max);

/* http(s)://host[:port] with a path allowed behind it if "path"; no blank,
 * quote, backslash, "$", user part, or fragment. */
bool mc_word_url(mc_str_t word, bool path);

/* Is such an address this machine's own: localhost, 127.x.x.x, [::1]? */
bool mc_word_loopback(mc_str_t url);

/* A link for a page: such an address with its path, or /path. */
bool mc_word_link(mc_str_t word);


#pragma GCC visibility pop

#endif /* MC_WORD_H */
