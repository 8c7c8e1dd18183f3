/*
 * From measures to refusals and warnings, by the table of rules.
 *
 * Depends on base, domain and the measures.  Cpu pool or a command.
 */

#include "mc_photo_content.h"

#include <inttypes.h>
#include <math.h>

#include "mc_photo_kind.h"
#include "mc_photo_measure.h"


#define BLACK  25               /* L* below which a grey is black */


typedef struct {
    const mc_rule_modes_t      *modes;
    const mc_photo_picture_t   *picture;
    const mc_photo_lab_table_t *table;
    mc_arena_t                 *arena;
    mc_problems_t              *faults;
    mc_problems_t              *warnings;
    mc_photo_face_t             face;
    mc_photo_tone_t             tone;
    bool                        dark;
    bool                        bright;
} content_t;

typedef struct {
    uint32_t         below;     /* degrees of the hue */
    mc_photo_name_t  name;
} hue_t;


static const hue_t hues[] = {
    { 45, { "红色", "red" } },
    { 110, { "黄色", "yellow" } },
    { 190, { "绿色", "green" } },
    { 312, { "蓝色", "blue" } },
    { 345, { "紫色", "purple" } },
    { 361, { "红色", "red" } }
};

static const mc_photo_name_t  grey = { "灰色", "grey" };
static const mc_photo_name_t  black = { "黑色", "black" };

static const mc_photo_name_t  at_left = { "左侧", "on the left" };
static const mc_photo_name_t  at_right = { "右侧", "on the right" };
static const mc_photo_name_t  at_top = { "上方", "at the top" };
static const mc_photo_name_t  at_sides = { "两侧", "on both sides" };


/* NULL where the check is off; "milder" lets it warn at most. */
static mc_problem_t *
add(const content_t *content, mc_rule_t rule, bool milder)
{
    mc_problems_t  *problems;

    switch (content->modes->of[rule]) {

    case MC_RULE_OFF:
        return NULL;

    case MC_RULE_REJECT:
        problems = milder ? content->warnings : content->faults;
        break;

    default:
        problems = content->warnings;
    }

    return mc_problem_add(problems, mc_photo_rule(rule)->code);
}


static void
arg_number(const content_t *content, mc_problem_t *problem, const char *key,
    uint32_t value)
{
    mc_problem_arg(problem, key,
                   mc_arena_printf(content->arena, "%" PRIu32, value),
                   mc_str_null);
}


static void
arg_percent(const content_t *content, mc_problem_t *problem,
    const char *key, uint32_t value)
{
    mc_problem_arg(problem, key,
                   mc_arena_printf(content->arena, "%" PRIu32 "%%", value),
                   mc_str_null);
}


static void
arg_name(mc_problem_t *problem, const char *key, mc_photo_name_t name)
{
    mc_problem_arg(problem, key, mc_str_from(name.zh), mc_str_from(name.en));
}


/* "key" says which side of the limit is good: "min" or "max". */
static void
tell(const content_t *content, mc_rule_t rule, bool milder,
    uint32_t measured, const char *key, int32_t limit)
{
    mc_problem_t  *problem;

    problem = add(content, rule, milder);

    if (problem != NULL) {
        arg_number(content, problem, "measured", measured);
        arg_number(content, problem, key, (uint32_t) limit);
    }
}


/* True, and told where it is on, when the value is under the rule's. */
static bool
under(const content_t *content, mc_rule_t rule, uint32_t measured)
{
    int32_t  limit;

    limit = mc_photo_rule(rule)->limit;

    if (measured >= (uint32_t) limit) {
        return false;
    }

    tell(content, rule, false, measured, "min", limit);

    return content->modes->of[rule] != MC_RULE_OFF;
}


/* A face that is dark, or a picture in which nothing is light. */
static void
check_dark(content_t *content)
{
    int32_t   other;
    uint32_t  high;

    high = content->tone.high;
    other = mc_photo_rule(MC_RULE_DARK)->other;

    content->dark = under(content, MC_RULE_DARK, content->face.luma);

    if (!content->dark && high < (uint32_t) other) {
        tell(content, MC_RULE_DARK, false, high, "min", other);
        content->dark = content->modes->of[MC_RULE_DARK] != MC_RULE_OFF;
    }
}


static void
check_bright(content_t *content)
{
    int32_t   limit;
    uint32_t  luma;

    luma = content->face.luma;
    limit = mc_photo_rule(MC_RULE_BRIGHT)->limit;

    if (luma > (uint32_t) limit) {
        tell(content, MC_RULE_BRIGHT, false, luma, "max", limit);
        content->bright = content->modes->of[MC_RULE_BRIGHT] != MC_RULE_OFF;
    }
}


static mc_photo_name_t
colour_name(const mc_photo_lab_t *lab)
{
    size_t  i;
    float   hue;

    if (mc_photo_chroma2(lab) <= MC_RULE_WHITE_CHROMA * MC_RULE_WHITE_CHROMA)
    {
        return lab->lightness < BLACK ? black : grey;
    }

    hue = atan2f(lab->b, lab->a) * 180 / (float) M_PI;
    hue = hue < 0 ? hue + 360 : hue;

    for (i = 0; i < mc_count(hues) - 1; i++) {
        if (hue < (float) hues[i].below) {
            break;
        }
    }

    return hues[i].name;
}


static void
tell_colour(const content_t *content, const mc_photo_ground_t *ground)
{
    mc_problem_t   *problem;
    const uint8_t  *rgb;

    problem = add(content, MC_RULE_BACKGROUND, false);

    if (problem == NULL) {
        return;
    }

    rgb = ground->rgb;

    arg_name(problem, "kind", colour_name(&ground->lab));
    mc_problem_arg(problem, "measured",
                   mc_arena_printf(content->arena, "#%02x%02x%02x", rgb[0],
                                   rgb[1], rgb[2]),
                   mc_str_null);
    mc_problem_arg(problem, "allowed",
                   mc_arena_printf(content->arena, "L*>=%d C*<=%d %d%%",
                                   MC_RULE_WHITE_LIGHTNESS,
                                   MC_RULE_WHITE_CHROMA,
                                   mc_photo_rule(MC_RULE_BACKGROUND)->limit),
                   mc_str_null);
}


/* Where the least is white; left and right are of interest first. */
static void
tell_side(const content_t *content, const mc_photo_ground_t *ground)
{
    uint32_t          left, right, upper, lower, worst;
    mc_problem_t     *problem;
    mc_photo_name_t   side;

    problem = add(content, MC_RULE_BACKGROUND_EVEN, false);

    if (problem == NULL) {
        return;
    }

    left = mc_photo_white(&ground->left);
    right = mc_photo_white(&ground->right);
    upper = mc_photo_white(&ground->upper);
    lower = mc_photo_white(&ground->lower);

    if (left + 10 < right) {
        side = at_left;
        worst = left;

    } else if (right + 10 < left) {
        side = at_right;
        worst = right;

    } else {
        side = upper < lower ? at_top : at_sides;
        worst = upper < lower ? upper : lower;
    }

    arg_name(problem, "kind", side);
    arg_percent(content, problem, "measured", worst);
    arg_percent(content, problem, "min", (uint32_t)
                mc_photo_rule(MC_RULE_BACKGROUND_EVEN)->limit);
}


/*
 * Not white at all, or white with something on it?  The latter where one
 * side is white, or most of the background is light and most is neutral.
 */
static void
check_background(const content_t *content)
{
    bool               neutral;
    uint32_t           limit, half;
    mc_photo_ground_t  ground;

    mc_photo_measure_ground(content->picture, content->table, &ground);

    limit = (uint32_t) mc_photo_rule(MC_RULE_BACKGROUND)->limit;
    half = ground.all.count / 2;
    neutral = ground.neutral > half;

    if (mc_photo_white(&ground.all) >= limit) {
        return;
    }

    if (mc_photo_white(&ground.left) >= limit
        || mc_photo_white(&ground.right) >= limit
        || (ground.light > half && neutral))
    {
        tell_side(content, &ground);

    } else if (!content->dark || !neutral) {
        tell_colour(content, &ground);
    }
}


/* Where it is on, "warn" of the table warns whatever the mode. */
static void
check_blur(const content_t *content)
{
    uint32_t                sharpness;
    const mc_photo_face_t  *face;
    const mc_photo_rule_t  *rule;

    face = &content->face;
    rule = mc_photo_rule(MC_RULE_BLUR);
    sharpness = face->sharpness;

    if (sharpness < (uint32_t) rule->limit
        && (uint64_t) sharpness * 100
           < (uint64_t) face->variance * (uint32_t) rule->other)
    {
        tell(content, MC_RULE_BLUR, false, sharpness, "min", rule->limit);

    } else if (sharpness < (uint32_t) rule->warn) {
        tell(content, MC_RULE_BLUR, true, sharpness, "min", rule->warn);
    }
}


static void
check_all(content_t *content)
{
    mc_photo_measure_face(content->picture, content->table, &content->face);
    content->tone = mc_photo_measure_tone(content->picture);

    check_dark(content);
    check_bright(content);

    if (!content->dark && !content->bright) {
        (void) under(content, MC_RULE_CONTRAST,
                     content->tone.high - content->tone.low);
    }

    (void) under(content, MC_RULE_COLOUR, content->face.chroma);
    check_background(content);

    if (!content->dark && !content->bright) {
        check_blur(content);
    }

    (void) under(content, MC_RULE_QUALITY, content->picture->quality);
}


mc_err_t
mc_photo_content(mc_str_t jpeg, const mc_rule_modes_t *modes,
    mc_arena_t *arena, mc_problems_t *faults, mc_problems_t *warnings)
{
    size_t                before, warned;
    mc_err_t              err;
    content_t             content;
    mc_photo_picture_t    picture;
    mc_photo_lab_table_t  table;

    if (!mc_photo_rule_looks(modes)) {
        return MC_OK;
    }

    err = mc_photo_picture_decode(jpeg, &picture);

    if (err != MC_OK) {
        if (err == MC_EINVAL) {
            (void) mc_problem_add(faults, MC_P_PHOTO_DAMAGED);
        }

        return err;
    }

    mc_photo_lab_init(&table);
    before = faults->count;
    warned = warnings->count;

    content = (content_t) {
        .modes = modes, .picture = &picture, .table = &table,
        .arena = arena, .faults = faults, .warnings = warnings
    };

    check_all(&content);
    mc_photo_picture_free(&picture);

    if (arena->failed) {
        faults->count = before;
        warnings->count = warned;
        return MC_ENOMEM;
    }

    return MC_OK;
}
