/*
 * What the files of recipes share: rows of recipes, and the first steps.
 *
 * For tools and tests.  Any one thread.
 */

#ifndef MC_HOSTILE_ROW_H
#define MC_HOSTILE_ROW_H

#include "mc_hostile_edit.h"
#include "mc_portrait.h"

#pragma GCC visibility push(hidden)


#define MC_RECIPE_SIZE  15000   /* of a file that was padded */

#define MC_M_SOF0  0xc0
#define MC_M_SOS   0xda
#define MC_M_DQT   0xdb
#define MC_M_APP0  0xe0
#define MC_M_COM   0xfe

typedef struct {
    mc_buf_t *jpeg;
    long      number;
    int64_t   now;
} mc_recipe_t;

typedef struct {
    const char *name;
    void      (*make)(mc_recipe_t *recipe);
    bool        numbered;
    long        number;
} mc_hostile_row_t;

extern const mc_hostile_row_t  mc_hostile_limits[];
extern const size_t            mc_hostile_limits_count;
extern const mc_hostile_row_t  mc_hostile_broken[];
extern const size_t            mc_hostile_broken_count;

/* A portrait; one with room for more; that one with a comment up to
 * MC_RECIPE_SIZE; one as it should be. */
void mc_recipe_portrait(mc_recipe_t *recipe,
    const mc_portrait_options_t *options);
void mc_recipe_roomy(mc_recipe_t *recipe);
void mc_recipe_padded(mc_recipe_t *recipe);
void mc_recipe_valid(mc_recipe_t *recipe);

/* As in mc_hostile_edit.h; a segment that is not there is an error. */
void mc_recipe_splice(mc_recipe_t *recipe, size_t at, size_t cut,
    const char *data, size_t len);
size_t mc_recipe_find(mc_recipe_t *recipe, uint8_t marker);

/* Overwrites one byte behind the marker that was found. */
void mc_recipe_patch(mc_recipe_t *recipe, uint8_t marker, size_t offset,
    unsigned value);


#pragma GCC visibility pop

#endif /* MC_HOSTILE_ROW_H */
