/*
 * Finding and making a recipe: see mc_hostile.h.
 *
 * Depends on base, the portrait generator and mc_hostile_edit.  For tools
 * and tests; any one thread.
 */

#include "mc_hostile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "mc_hostile_row.h"


#define PERSON     1
#define ROOM_SIZE  8000         /* of a base that gets padded */
#define FILE_MAX   (1024 * 1024)


void
mc_recipe_portrait(mc_recipe_t *recipe, const mc_portrait_options_t *options)
{
    mc_err_t  err;

    err = mc_portrait_draw(PERSON, 0, options, recipe->jpeg);

    if (err != MC_OK && recipe->jpeg->err == MC_OK) {
        recipe->jpeg->err = err;
    }
}


void
mc_recipe_roomy(mc_recipe_t *recipe)
{
    mc_recipe_portrait(recipe, &(mc_portrait_options_t) { .max = ROOM_SIZE });
}


void
mc_recipe_padded(mc_recipe_t *recipe)
{
    mc_recipe_roomy(recipe);
    mc_edit_pad(recipe->jpeg, MC_RECIPE_SIZE);
}


void
mc_recipe_splice(mc_recipe_t *recipe, size_t at, size_t cut,
    const char *data, size_t len)
{
    mc_edit_splice(recipe->jpeg, at, cut, data, len);
}


size_t
mc_recipe_find(mc_recipe_t *recipe, uint8_t marker)
{
    size_t  at;

    at = mc_edit_find(recipe->jpeg, marker, 0);

    if (at == 0 && recipe->jpeg->err == MC_OK) {
        recipe->jpeg->err = MC_EINVAL;
    }

    return at;
}


void
mc_recipe_patch(mc_recipe_t *recipe, uint8_t marker, size_t offset,
    unsigned value)
{
    size_t  at;

    at = mc_recipe_find(recipe, marker);

    if (recipe->jpeg->err == MC_OK && at + offset < recipe->jpeg->len) {
        recipe->jpeg->data[at + offset] = (uint8_t) value;
    }
}


void
mc_recipe_valid(mc_recipe_t *recipe)
{
    mc_recipe_portrait(recipe, NULL);
}


/* The n-th row of both tables. */
static const mc_hostile_row_t *
row_at(size_t n)
{
    if (n < mc_hostile_limits_count) {
        return &mc_hostile_limits[n];
    }

    n -= mc_hostile_limits_count;

    return n < mc_hostile_broken_count ? &mc_hostile_broken[n] : NULL;
}


size_t
mc_hostile_count(void)
{
    return mc_hostile_limits_count + mc_hostile_broken_count;
}


mc_err_t
mc_hostile_name(size_t n, char out[40])
{
    const mc_hostile_row_t  *row;

    row = row_at(n);
    if (row == NULL) {
        return MC_ENOTFOUND;
    }

    if (row->numbered) {
        (void) snprintf(out, 40, "%s:%ld", row->name, row->number);

    } else {
        (void) snprintf(out, 40, "%s", row->name);
    }

    return MC_OK;
}


static const mc_hostile_row_t *
row_find(mc_str_t name, bool numbered)
{
    size_t                   i;
    const mc_hostile_row_t  *row;

    for (i = 0; (row = row_at(i)) != NULL; i++) {
        if (mc_str_is(name, row->name) && row->numbered == numbered) {
            return row;
        }
    }

    return NULL;
}


mc_err_t
mc_hostile_make(const char *recipe, int64_t now, mc_buf_t *out)
{
    char                    *end;
    mc_buf_t                 jpeg;
    mc_err_t                 err;
    mc_recipe_t              state;
    const char              *colon;
    const mc_hostile_row_t  *row;

    colon = strchr(recipe, ':');

    row = row_find((mc_str_t) { recipe, colon == NULL
                                            ? strlen(recipe)
                                            : (size_t) (colon - recipe) },
                   colon != NULL);
    if (row == NULL) {
        return MC_ENOTFOUND;
    }

    mc_buf_init(&jpeg, FILE_MAX);
    state = (mc_recipe_t) { &jpeg, row->number, now };

    if (colon != NULL) {
        errno = 0;
        state.number = strtol(colon + 1, &end, 10);

        if (end == colon + 1 || *end != '\0' || errno != 0
            || state.number > FILE_MAX || state.number < -FILE_MAX)
        {
            return MC_EINVAL;
        }
    }

    row->make(&state);

    err = jpeg.err != MC_OK ? jpeg.err
                            : mc_buf_append(out, jpeg.data, jpeg.len);
    mc_buf_free(&jpeg);

    return err;
}
