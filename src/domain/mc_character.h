/*
 * Characters that come from older systems and mean something else, or
 * nothing, in Unicode.
 *
 * GBK had no room for 80 ideographs and radicals of GB 18030; systems of
 * that time carry them at private code points (U+E815 to U+E864), where no
 * font of today draws them.  They are mapped to the characters of Unicode.
 * Other private code points are what one institute drew for itself: only it
 * knows what they are, so it gives a table, or they are reported.
 *
 * Variation selectors are left out: they ask for another form of the same
 * character, no national system keeps them, and of our fonts only some know
 * the form.  The plain character is the name.
 *
 * Pure functions; any thread.  Source: GB 18030-2022, annex; Unicode 15
 * chapter 23.4, 23.5.
 */

#ifndef MC_CHARACTER_H
#define MC_CHARACTER_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_CHARACTER_PAIRS  6400    /* as many as U+E000 to U+F8FF */

typedef struct {
    uint32_t  from;             /* private */
    uint32_t  to;
} mc_character_pair_t;

/* An institute's own table, looked into first. */
typedef struct {
    size_t               count;
    mc_character_pair_t  pairs[MC_CHARACTER_PAIRS];
} mc_character_map_t;

/*
 * Reads lines of two code points in hex ("E000 20BB7", also "U+E000");
 * "#" begins a comment.  MC_EINVAL: *line (from 1) is not such a line, its
 * first is not private or stands twice, or its second is no character.
 * MC_ETOOBIG: too many.
 */
mc_err_t mc_character_map_read(mc_str_t text, mc_character_map_t *map,
    unsigned *line);

bool mc_character_is_private(uint32_t code_point);
bool mc_character_is_selector(uint32_t code_point);

/* What stands for a private code point: of "map" (may be NULL), else of GB
 * 18030; itself where nobody knows. */
uint32_t mc_character_public(uint32_t code_point,
    const mc_character_map_t *map);

/* Does the text hold anything that mc_character_settle() would change?  A
 * glance at bytes: true may be wrong, false is not. */
bool mc_character_unsettled(mc_str_t text);

/* The text with private code points mapped and selectors left out. */
mc_err_t mc_character_settle(mc_str_t text, const mc_character_map_t *map,
    mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_CHARACTER_H */
