/*
 * Recipes about the rules: size, pixels, density, orientation, date.
 *
 * Depends on base, the portrait generator and mc_hostile_edit.  For tools
 * and tests; any one thread.
 */

#include "mc_hostile_row.h"

#include <stdio.h>

#include "mc_time.h"


static void
make_progressive(mc_recipe_t *recipe)
{
    mc_recipe_portrait(recipe, &(mc_portrait_options_t) {
        .progressive = true
    });
}


static void
make_size(mc_recipe_t *recipe)
{
    if (recipe->number <= 2) {
        mc_buf_append(recipe->jpeg, "\xff\xd8", (size_t) recipe->number);
        return;
    }

    mc_recipe_roomy(recipe);
    mc_edit_pad(recipe->jpeg, (size_t) recipe->number);
}


/* pixels:WWWHHH */
static void
make_pixels(mc_recipe_t *recipe)
{
    mc_recipe_portrait(recipe, &(mc_portrait_options_t) {
        .width = (uint32_t) (recipe->number / 1000),
        .height = (uint32_t) (recipe->number % 1000)
    });
}


static void
make_dpi(mc_recipe_t *recipe)
{
    mc_recipe_portrait(recipe, &(mc_portrait_options_t) {
        .dpi = (uint32_t) recipe->number
    });
}


/* dpi-unit0:N writes N x N without a unit. */
static void
make_dpi_unit0(mc_recipe_t *recipe)
{
    make_dpi(recipe);
    mc_recipe_patch(recipe, MC_M_APP0, 11, 0);
}


static void
make_dpi_centimetre(mc_recipe_t *recipe)
{
    make_dpi(recipe);
    mc_recipe_patch(recipe, MC_M_APP0, 11, 2);
}


static void
make_dpi_mixed(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    mc_recipe_patch(recipe, MC_M_APP0, 15, 72);
}


static void
no_jfif(mc_recipe_t *recipe)
{
    size_t  at;

    at = mc_recipe_find(recipe, MC_M_APP0);
    mc_recipe_splice(recipe, at, 18, "", 0);
}


static void
make_dpi_missing(mc_recipe_t *recipe)
{
    mc_recipe_valid(recipe);
    no_jfif(recipe);
}


/* exif-dpi:N: N/10 dots an inch, and no JFIF segment */
static void
make_exif_dpi(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    no_jfif(recipe);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) {
        .dots = { (uint32_t) recipe->number, 10 }, .unit = 2
    });
}


static void
make_exif_centimetre(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    no_jfif(recipe);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) {
        .dots = { (uint32_t) recipe->number, 1000 }, .unit = 3, .big = true
    });
}


static void
make_orientation(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) {
        .orientation = (uint16_t) recipe->number,
        .big = (recipe->number & 1) != 0
    });
}


/* exif-days:N: taken N days from now */
static void
make_exif_days(mc_recipe_t *recipe)
{
    char              day[11];
    mc_exif_recipe_t  exif;

    memset(&exif, 0, sizeof(exif));
    mc_date_write(recipe->now + recipe->number * MC_DAY, 0, day);
    (void) snprintf(exif.date, sizeof(exif.date), "%.4s:%.2s:%.2s 12:00:00",
                    day, day + 5, day + 8);

    mc_recipe_padded(recipe);
    mc_edit_exif(recipe->jpeg, &exif);
}


static void
make_exif_blank(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) {
        .date = "0000:00:00 00:00:00"
    });
}


static void
make_exif_loop(mc_recipe_t *recipe)
{
    mc_recipe_padded(recipe);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) { .loop = true });
}


/* What phones add: place, owner, a comment that would run in a browser. */
static void
make_metadata(mc_recipe_t *recipe)
{
    size_t  at;

    static const char  xmp[] =
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><GPSLatitude>39,54N"
        "</GPSLatitude></x:xmpmeta>";
    static const char  comment[] = "<script>alert(1)</script>";

    mc_recipe_padded(recipe);
    at = mc_recipe_find(recipe, MC_M_DQT);
    mc_edit_segment(recipe->jpeg, at, 0xe1, xmp, sizeof(xmp) - 1);
    mc_edit_segment(recipe->jpeg, at, MC_M_COM, comment, sizeof(comment) - 1);
    mc_edit_exif(recipe->jpeg, &(mc_exif_recipe_t) {
        .orientation = 1, .dots = { 300, 1 }, .unit = 2
    });
}


const mc_hostile_row_t  mc_hostile_limits[] = {
    { "valid", mc_recipe_valid, false, 0 },
    { "progressive", make_progressive, false, 0 },
    { "metadata", make_metadata, false, 0 },
    { "size", make_size, true, 0 },
    { "size", make_size, true, 1 },
    { "size", make_size, true, 2 },
    { "size", make_size, true, 9999 },
    { "size", make_size, true, 10000 },
    { "size", make_size, true, 20480 },
    { "size", make_size, true, 20481 },
    { "size", make_size, true, 40000 },
    { "pixels", make_pixels, true, 177220 },
    { "pixels", make_pixels, true, 178221 },
    { "pixels", make_pixels, true, 220178 },
    { "dpi", make_dpi, true, 72 },
    { "dpi", make_dpi, true, 95 },
    { "dpi", make_dpi, true, 96 },
    { "dpi", make_dpi, true, 300 },
    { "dpi-unit0", make_dpi_unit0, true, 1 },
    { "dpi-unit0", make_dpi_unit0, true, 96 },
    { "dpi-centimetre", make_dpi_centimetre, true, 37 },
    { "dpi-centimetre", make_dpi_centimetre, true, 38 },
    { "dpi-mixed", make_dpi_mixed, false, 0 },
    { "dpi-missing", make_dpi_missing, false, 0 },
    { "exif-dpi", make_exif_dpi, true, 954 },
    { "exif-dpi", make_exif_dpi, true, 955 },
    { "exif-centimetre", make_exif_centimetre, true, 37795 },
    { "orientation", make_orientation, true, 1 },
    { "orientation", make_orientation, true, 2 },
    { "orientation", make_orientation, true, 3 },
    { "orientation", make_orientation, true, 4 },
    { "orientation", make_orientation, true, 5 },
    { "orientation", make_orientation, true, 6 },
    { "orientation", make_orientation, true, 7 },
    { "orientation", make_orientation, true, 8 },
    { "orientation", make_orientation, true, 9 },
    { "exif-days", make_exif_days, true, -368 },
    { "exif-days", make_exif_days, true, -365 },
    { "exif-days", make_exif_days, true, 0 },
    { "exif-days", make_exif_days, true, 1 },
    { "exif-days", make_exif_days, true, 3 },
    { "exif-blank", make_exif_blank, false, 0 },
    { "exif-loop", make_exif_loop, false, 0 },
};

const size_t  mc_hostile_limits_count = mc_count(mc_hostile_limits);
