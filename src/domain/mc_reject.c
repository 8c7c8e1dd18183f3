/*
 * Why an officer rejects a photo: one table of code and words.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_reject.h"


#define text(zh, en)  { { zh, sizeof(zh) - 1 }, { en, sizeof(en) - 1 } }

static const struct {
    const char  *code;
    mc_text_t    text;
} rows[MC_REJECTS] = {

    [MC_REJECT_NOT_RECENT] = {
        "not_recent",
        text("不是近1年内的照片",
             "The photo was not taken within the last year") },

    [MC_REJECT_NOT_BAREHEADED] = {
        "not_bareheaded",
        text("不是免冠照片", "The head is covered") },

    [MC_REJECT_BACKGROUND] = {
        "background",
        text("不是白底照片", "The background is not white") },

    [MC_REJECT_UNCLEAR] = {
        "unclear",
        text("照片不清晰或不完整", "The photo is not clear or not complete") },

    [MC_REJECT_CASUAL_PHOTO] = {
        "casual_photo",
        text("不得使用生活照", "Casual photos are not accepted") },

    [MC_REJECT_FULL_BODY] = {
        "full_body",
        text("不得使用全身照", "Full-body photos are not accepted") },

    [MC_REJECT_NOT_THE_PERSON] = {
        "not_the_person",
        text("照片与本人不符", "The photo does not show the member") },

    [MC_REJECT_OTHER] = {
        "other",
        text("其他原因", "Another reason") }
};


const char *
mc_reject_code(mc_reject_t reject)
{
    return (unsigned) reject < MC_REJECTS ? rows[reject].code : "";
}


bool
mc_reject_read(mc_str_t code, mc_reject_t *out)
{
    unsigned  i;

    for (i = 0; i < MC_REJECTS; i++) {
        if (mc_str_is(code, rows[i].code)) {
            *out = (mc_reject_t) i;
            return true;
        }
    }

    return false;
}


mc_text_t
mc_reject_text(mc_reject_t reject)
{
    return rows[(unsigned) reject < MC_REJECTS ? reject
                                               : MC_REJECT_OTHER].text;
}
