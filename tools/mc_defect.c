/*
 * The kinds of defects: which transforms, and how much of them.
 *
 * Depends on base, the generator and the transforms.  For tools and tests;
 * any one thread.
 */

#include "mc_defect.h"

#include "mc_defect_row.h"
#include "mc_hostile_edit.h"
#include "mc_portrait.h"


#define MIN_BYTES   10000
#define MAX_BYTES   20480
#define SOURCE_MAX  (1024 * 1024)
#define DPI         96


typedef enum {
    CHANGE_NOTHING = 0,
    CHANGE_GROUND,              /* left, right */
    CHANGE_LIGHT,               /* amount */
    CHANGE_GAMMA,               /* amount */
    CHANGE_RANGE,               /* amount; left: white stays */
    CHANGE_GREY,
    CHANGE_BLUR,                /* amount: sigma */
    CHANGE_ENLARGE,             /* left: times */
    CHANGE_QUALITY              /* left */
} change_t;

typedef struct {
    const char  *name;
    change_t     change;
    double       amount;
    uint32_t     left;
    uint32_t     right;
} row_t;


static const row_t rows[] = {
    { "none", CHANGE_NOTHING, 0, 0, 0 },

    { "background-blue", CHANGE_GROUND, 0, 0x438edb, 0x438edb },
    { "background-red", CHANGE_GROUND, 0, 0xd9001b, 0xd9001b },
    { "background-light-blue", CHANGE_GROUND, 0, 0xc8def5, 0xc8def5 },
    { "background-sepia", CHANGE_GROUND, 0, 0xe8d4ae, 0xe8d4ae },
    { "background-grey-210", CHANGE_GROUND, 0, 0xd2d2d2, 0xd2d2d2 },
    { "background-grey-225", CHANGE_GROUND, 0, 0xe1e1e1, 0xe1e1e1 },
    { "background-grey-235", CHANGE_GROUND, 0, 0xebebeb, 0xebebeb },
    { "background-cream", CHANGE_GROUND, 0, 0xfaf4e6, 0xfaf4e6 },

    { "gradient-215", CHANGE_GROUND, 0, 0xffffff, 0xd7d7d7 },
    { "gradient-180", CHANGE_GROUND, 0, 0xffffff, 0xb4b4b4 },
    { "gradient-180-left", CHANGE_GROUND, 0, 0xb4b4b4, 0xffffff },

    { "dark", CHANGE_LIGHT, 0.35, 0, 0 },
    { "bright", CHANGE_RANGE, 0.25, true, 0 },
    { "gamma-2.2", CHANGE_GAMMA, 2.2, 0, 0 },
    { "gamma-0.45", CHANGE_GAMMA, 0.45, 0, 0 },
    { "flat", CHANGE_RANGE, 0.3, false, 0 },
    { "grey", CHANGE_GREY, 0, 0, 0 },

    { "blur-0.7", CHANGE_BLUR, 0.7, 0, 0 },
    { "blur-1", CHANGE_BLUR, 1, 0, 0 },
    { "blur-1.5", CHANGE_BLUR, 1.5, 0, 0 },
    { "blur-2", CHANGE_BLUR, 2, 0, 0 },
    { "blur-3", CHANGE_BLUR, 3, 0, 0 },
    { "enlarged-2", CHANGE_ENLARGE, 0, 2, 0 },
    { "enlarged-3", CHANGE_ENLARGE, 0, 3, 0 },
    { "enlarged-4", CHANGE_ENLARGE, 0, 4, 0 },

    { "quality-20", CHANGE_QUALITY, 0, 20, 0 },
    { "quality-40", CHANGE_QUALITY, 0, 40, 0 },
    { "quality-60", CHANGE_QUALITY, 0, 60, 0 }
};


size_t
mc_defect_count(void)
{
    return mc_count(rows);
}


const char *
mc_defect_name(size_t n)
{
    return n < mc_count(rows) ? rows[n].name : NULL;
}


static const row_t *
find(const char *kind)
{
    size_t  i;

    for (i = 0; i < mc_count(rows); i++) {
        if (strcmp(rows[i].name, kind) == 0) {
            return &rows[i];
        }
    }

    return NULL;
}


static mc_err_t
change(const row_t *row, mc_picture_t *picture)
{
    switch (row->change) {

    case CHANGE_GROUND:
        return mc_change_ground(picture, row->left, row->right);

    case CHANGE_LIGHT:
        return mc_change_light(picture, row->amount);

    case CHANGE_GAMMA:
        return mc_change_gamma(picture, row->amount);

    case CHANGE_RANGE:
        return mc_change_range(picture, row->amount, row->left != 0);

    case CHANGE_GREY:
        return mc_change_grey(picture);

    case CHANGE_BLUR:
        return mc_change_blur(picture, row->amount);

    case CHANGE_ENLARGE:
        return mc_change_enlarge(picture, row->left);

    case CHANGE_NOTHING:
    case CHANGE_QUALITY:
        break;
    }

    return MC_OK;
}


mc_err_t
mc_defect_source(uint32_t person, uint32_t variant, mc_picture_t *picture)
{
    mc_buf_t  jpeg;
    mc_err_t  err;

    static const mc_portrait_options_t  options = {
        .quality = 100, .max = SOURCE_MAX
    };

    mc_buf_init(&jpeg, SOURCE_MAX);
    err = mc_portrait_draw(person, variant, &options, &jpeg);

    if (err == MC_OK) {
        err = mc_picture_decode(mc_buf_view(&jpeg), picture);
    }

    mc_buf_free(&jpeg);

    return err;
}


static mc_err_t
finish(const row_t *row, const mc_picture_t *picture, mc_buf_t *jpeg)
{
    mc_buf_t             file;
    mc_err_t             err;
    mc_picture_coding_t  coding;

    coding = (mc_picture_coding_t) { .max = MAX_BYTES, .dpi = DPI };

    if (row->change == CHANGE_QUALITY) {
        coding.quality = row->left;
    }

    mc_buf_init(&file, MAX_BYTES);
    err = mc_picture_encode(picture, &coding, &file);

    if (err == MC_OK && file.len < MIN_BYTES) {
        mc_edit_pad(&file, MIN_BYTES);
        err = file.err;
    }

    if (err == MC_OK) {
        err = mc_buf_append(jpeg, file.data, file.len);
    }

    mc_buf_free(&file);

    return err;
}


mc_err_t
mc_defect_apply(const char *kind, const mc_picture_t *picture,
    mc_buf_t *jpeg)
{
    mc_err_t       err;
    const row_t   *row;
    mc_picture_t   changed;

    row = find(kind);

    if (row == NULL) {
        return MC_ENOTFOUND;
    }

    err = mc_picture_create(&changed, picture->width, picture->height);

    if (err != MC_OK) {
        return err;
    }

    memcpy(changed.rgb, picture->rgb,
           (size_t) picture->width * picture->height * 3);

    err = change(row, &changed);

    if (err == MC_OK) {
        err = finish(row, &changed, jpeg);
    }

    mc_picture_free(&changed);

    return err;
}


mc_err_t
mc_defect_make(const char *kind, uint32_t person, uint32_t variant,
    mc_buf_t *jpeg)
{
    mc_err_t      err;
    mc_picture_t  picture;

    if (find(kind) == NULL) {
        return MC_ENOTFOUND;
    }

    err = mc_defect_source(person, variant, &picture);

    if (err == MC_OK) {
        err = mc_defect_apply(kind, &picture, jpeg);
        mc_picture_free(&picture);
    }

    return err;
}
