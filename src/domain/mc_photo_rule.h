/*
 * What a photo's pixels must show (S27, S32): one table of checks, each
 * with its name in the directive, its refusal and its thresholds.
 *
 * A site switches each check: off, warn (accepted; the reply says it) or
 * reject.  Photo measures, this table decides.  Thresholds were set on head
 * shots of 178 x 220 pixels in the frame of GA 461-2004.
 *
 * Pure functions; any thread and the loop.
 */

#ifndef MC_PHOTO_RULE_H
#define MC_PHOTO_RULE_H

#include "mc_problem.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_RULE_OFF = 0,
    MC_RULE_WARN,
    MC_RULE_REJECT,
    MC_RULE_MODES
} mc_rule_mode_t;

/* In the order in which faults are told: exposure before sharpness. */
typedef enum {
    MC_RULE_DARK = 0,
    MC_RULE_BRIGHT,
    MC_RULE_CONTRAST,
    MC_RULE_COLOUR,
    MC_RULE_BACKGROUND,
    MC_RULE_BACKGROUND_EVEN,
    MC_RULE_BLUR,
    MC_RULE_QUALITY,
    MC_RULE_SAME_REJECTED,
    MC_RULES
} mc_rule_t;

/*
 * Thresholds; the unit and which side is good stand at each row of the
 * table.  "warn" is a milder one: beyond it a check that is on warns at
 * least; "other" is of a second measure, explained at the row (0: none).
 */
typedef struct {
    const char         *name;       /* in membercert_photo_check */
    mc_problem_code_t   code;
    mc_rule_mode_t      usual;
    int32_t             limit;
    int32_t             warn;
    int32_t             other;
} mc_photo_rule_t;

/* Of a white background: lightness at least, chroma at most (CIE L*C*h). */
#define MC_RULE_WHITE_LIGHTNESS  88
#define MC_RULE_WHITE_CHROMA     8

/* One mode a check, by mc_rule_t. */
typedef struct {
    uint8_t  of[MC_RULES];          /* mc_rule_mode_t */
} mc_rule_modes_t;

const mc_photo_rule_t *mc_photo_rule(mc_rule_t rule);

/* MC_RULES where no check has that name. */
mc_rule_t mc_photo_rule_find(mc_str_t name);

const char *mc_rule_mode_name(mc_rule_mode_t mode);

/* MC_RULE_MODES for another word. */
mc_rule_mode_t mc_rule_mode_find(mc_str_t word);

/* What a site has that says nothing. */
void mc_photo_rule_usual(mc_rule_modes_t *modes);

/* Is any check on that looks at pixels (all but same_rejected)? */
bool mc_photo_rule_looks(const mc_rule_modes_t *modes);


#pragma GCC visibility pop

#endif /* MC_PHOTO_RULE_H */
