/*
 * The table of content checks.
 *
 * Depends on base.  Pure functions; any thread and the loop.
 */

#include "mc_photo_rule.h"


static const mc_photo_rule_t rows[MC_RULES] = {

    /* mean luma of the face, 0..255, at least; wide, for every skin.
     * other: luma of the 98th percentile of the picture, at least: white
     * walls and collars are lighter in any photo that was lit */
    [MC_RULE_DARK] = {
        "dark", MC_P_PHOTO_DARK, MC_RULE_REJECT, 55, 0, 110 },

    /* mean luma of the face, at most */
    [MC_RULE_BRIGHT] = {
        "bright", MC_P_PHOTO_BRIGHT, MC_RULE_REJECT, 215, 0, 0 },

    /* luma from the 2nd to the 98th percentile of the picture, at least */
    [MC_RULE_CONTRAST] = {
        "contrast", MC_P_PHOTO_FLAT, MC_RULE_REJECT, 90, 0, 0 },

    /* mean chroma (CIE C*) of the face, at least */
    [MC_RULE_COLOUR] = {
        "colour", MC_P_PHOTO_COLOUR, MC_RULE_REJECT, 3, 0, 0 },

    /* percent of the background that is white, at least; here: and the
     * most of it is something else on both sides */
    [MC_RULE_BACKGROUND] = {
        "background", MC_P_PHOTO_BACKGROUND, MC_RULE_REJECT, 85, 0, 0 },

    /* percent that is white, at least; here: and a part of it is white */
    [MC_RULE_BACKGROUND_EVEN] = {
        "background_even", MC_P_PHOTO_BACKGROUND_UNEVEN, MC_RULE_REJECT,
        85, 0, 0 },

    /* variance of the Laplacian of the face, at least.  other: percent of
     * the luma's variance; refused only where it is under both, so that a
     * smooth face in soft light passes */
    [MC_RULE_BLUR] = {
        "blur", MC_P_PHOTO_BLURRED, MC_RULE_REJECT, 60, 120, 6 },

    /* JPEG quality (1..100 as libjpeg counts) that the luma table is of, at
     * least */
    [MC_RULE_QUALITY] = {
        "quality", MC_P_PHOTO_LOW_QUALITY, MC_RULE_WARN, 50, 0, 0 },

    /* same pixels as an earlier photo that did not match; with "warn" the
     * earlier answer is given again, at no cost */
    [MC_RULE_SAME_REJECTED] = {
        "same_rejected", MC_P_PHOTO_SAME_REJECTED, MC_RULE_WARN, 0, 0, 0 }
};

static const char *const mode_names[MC_RULE_MODES] = {
    [MC_RULE_OFF] = "off",
    [MC_RULE_WARN] = "warn",
    [MC_RULE_REJECT] = "reject"
};


const mc_photo_rule_t *
mc_photo_rule(mc_rule_t rule)
{
    return &rows[rule];
}


mc_rule_t
mc_photo_rule_find(mc_str_t name)
{
    unsigned  i;

    for (i = 0; i < MC_RULES; i++) {
        if (mc_str_is(name, rows[i].name)) {
            break;
        }
    }

    return (mc_rule_t) i;
}


const char *
mc_rule_mode_name(mc_rule_mode_t mode)
{
    return mode < MC_RULE_MODES ? mode_names[mode] : "";
}


mc_rule_mode_t
mc_rule_mode_find(mc_str_t word)
{
    unsigned  i;

    for (i = 0; i < MC_RULE_MODES; i++) {
        if (mc_str_is(word, mode_names[i])) {
            break;
        }
    }

    return (mc_rule_mode_t) i;
}


void
mc_photo_rule_usual(mc_rule_modes_t *modes)
{
    unsigned  i;

    for (i = 0; i < MC_RULES; i++) {
        modes->of[i] = (uint8_t) rows[i].usual;
    }
}


bool
mc_photo_rule_looks(const mc_rule_modes_t *modes)
{
    unsigned  i;

    for (i = 0; i < MC_RULES; i++) {
        if (i != MC_RULE_SAME_REJECTED && modes->of[i] != MC_RULE_OFF) {
            return true;
        }
    }

    return false;
}
