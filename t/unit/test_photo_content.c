/*
 * Unit tests of photo: what a picture shows (S27 S32 I09 I12).  Drawn
 * portraits with and without defects; the table of kinds is photo's table of
 * what must be refused, what must pass, and what may do either.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "mc_defect.h"
#include "mc_photo_content.h"
#include "mc_photo_store.h"
#include "mc_portrait.h"


#define GOOD    100
#define PEOPLE  20

static struct {
    mc_arena_t     arena;
    mc_problems_t  faults;
    mc_problems_t  warnings;
    double         spent;           /* s of this thread, in the checks */
    unsigned       photos;
} t;


static double
cpu_time(void)
{
    struct timespec  now;

    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), 0);

    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}


static void
transcode(const mc_buf_t *jpeg, mc_buf_t *stored)
{
    mc_buf_init(stored, 1024 * 1024);
    assert_int_equal(mc_photo_transcode(mc_buf_view(jpeg), stored, &t.arena,
                                        &t.faults), MC_OK);
}


static void
begin(void)
{
    memset(&t.faults, 0, sizeof(t.faults));
    memset(&t.warnings, 0, sizeof(t.warnings));
    mc_arena_free(&t.arena);
    mc_arena_init(&t.arena, 65536);
}


/* The way of an upload; problems are in "t" until the next one. */
static void
look(const mc_buf_t *jpeg, const mc_rule_modes_t *modes)
{
    double    start;
    mc_buf_t  stored;

    begin();
    transcode(jpeg, &stored);

    start = cpu_time();
    assert_int_equal(mc_photo_content(mc_buf_view(&stored), modes, &t.arena,
                                      &t.faults, &t.warnings), MC_OK);
    t.spent += cpu_time() - start;
    t.photos++;

    mc_buf_free(&stored);
}


static void
look_at(const char *kind, uint32_t person, const mc_rule_modes_t *modes)
{
    mc_buf_t  jpeg;

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_defect_make(kind, person, 0, &jpeg), MC_OK);
    look(&jpeg, modes);
    mc_buf_free(&jpeg);
}


static mc_rule_modes_t
usual(void)
{
    mc_rule_modes_t  modes;

    mc_photo_rule_usual(&modes);

    return modes;
}


static mc_rule_modes_t
every(mc_rule_mode_t mode)
{
    mc_rule_modes_t  modes;

    memset(modes.of, (int) mode, sizeof(modes.of));

    return modes;
}


/* "a b", or "" */
static const char *
codes(const mc_problems_t *problems, char out[256])
{
    size_t  i, len;

    out[0] = '\0';
    len = 0;

    for (i = 0; i < problems->count; i++) {
        len += (size_t) snprintf(out + len, 256 - len, "%s%s",
                                 i > 0 ? " " : "",
                                 mc_problem_code(problems->items[i].code));
        assert_true(len < 256);
    }

    return out;
}


static void
assert_said(const char *faults, const char *warnings)
{
    char  out[256];

    assert_string_equal(codes(&t.faults, out), faults);
    assert_string_equal(codes(&t.warnings, out), warnings);
}


static void
each_check_has_a_name_a_code_and_a_mode(void **state)
{
    unsigned               i, j;
    mc_rule_modes_t        modes;
    const mc_photo_rule_t *rule;

    modes = usual();

    for (i = 0; i < MC_RULES; i++) {
        rule = mc_photo_rule((mc_rule_t) i);

        assert_int_equal(mc_photo_rule_find(mc_str_from(rule->name)), i);
        assert_int_equal(strncmp(mc_problem_code(rule->code), "photo_", 6),
                         0);
        assert_int_equal(mc_problem_kind(rule->code), MC_KIND_INVALID);
        assert_int_equal(modes.of[i], rule->usual);
        assert_int_not_equal(rule->usual, MC_RULE_OFF);

        for (j = 0; j < i; j++) {
            assert_int_not_equal(rule->code,
                                 mc_photo_rule((mc_rule_t) j)->code);
        }
    }

    assert_int_equal(mc_photo_rule_find(mc_str("Blur")), MC_RULES);
    assert_int_equal(mc_photo_rule_find(mc_str_null), MC_RULES);

    for (i = 0; i < MC_RULE_MODES; i++) {
        assert_int_equal(mc_rule_mode_find(mc_str_from(
                             mc_rule_mode_name((mc_rule_mode_t) i))), i);
    }

    assert_int_equal(mc_rule_mode_find(mc_str("on")), MC_RULE_MODES);
    assert_string_equal(mc_rule_mode_name(MC_RULE_MODES), "");

    assert_true(mc_photo_rule_looks(&modes));
    modes = every(MC_RULE_OFF);
    assert_false(mc_photo_rule_looks(&modes));
    modes.of[MC_RULE_SAME_REJECTED] = MC_RULE_REJECT;
    assert_false(mc_photo_rule_looks(&modes));
}


static void
a_hundred_good_portraits_pass_without_a_warning(void **state)
{
    mc_buf_t          jpeg;
    uint32_t          person;
    mc_rule_modes_t   modes;

    modes = every(MC_RULE_REJECT);
    t.spent = 0;
    t.photos = 0;

    for (person = 1; person <= GOOD; person++) {
        mc_buf_init(&jpeg, 65536);
        assert_int_equal(mc_portrait_draw(person, person % 7, NULL, &jpeg),
                         MC_OK);
        look(&jpeg, &modes);
        mc_buf_free(&jpeg);

        if (t.faults.count + t.warnings.count > 0) {
            print_message("person %u\n", (unsigned) person);
        }

        assert_said("", "");
    }

    print_message("content checks: %.0f us a photo\n",
                  t.spent / t.photos * 1e6);
}


/* What is said of a kind.  Of the borderline ones each photo may be accepted
 * or not, but is never refused for anything else. */
static const struct {
    const char  *kind;
    const char  *fault;
    const char  *warning;
    bool         may_pass;      /* the fault is not always found */
    bool         may_warn;      /* nor the warning */
} kinds[] = {
    { "none", "", "", false, false },

    { "background-blue", "photo_background", "", false, false },
    { "background-red", "photo_background", "", false, false },
    { "background-light-blue", "photo_background", "", false, false },
    { "background-sepia", "photo_background", "", false, false },
    { "background-grey-210", "photo_background", "", false, false },

    /* near white is tolerated */
    { "background-grey-225", "", "", false, false },
    { "background-grey-235", "", "", false, false },
    { "background-cream", "", "", false, false },

    { "gradient-215", "photo_background_uneven", "", false, false },
    { "gradient-180", "photo_background_uneven", "", false, false },
    { "gradient-180-left", "photo_background_uneven", "", false, false },

    /* a dark photo is dark, neither flat nor blurred nor on grey */
    { "dark", "photo_dark", "", false, false },
    { "bright", "photo_bright", "", false, false },
    { "gamma-2.2", "", "", false, false },
    { "gamma-0.45", "photo_bright", "", true, false },
    { "flat", "photo_flat photo_background", "photo_blurred", false, true },
    { "grey", "photo_colour", "", false, false },

    { "blur-0.7", "", "photo_blurred", false, true },
    { "blur-1", "photo_blurred", "photo_blurred", true, true },
    { "blur-1.5", "photo_blurred", "", false, false },
    { "blur-2", "photo_blurred", "", false, false },
    { "blur-3", "photo_blurred", "", false, false },
    { "enlarged-2", "", "photo_blurred", false, true },
    { "enlarged-3", "photo_blurred", "photo_blurred", true, true },
    { "enlarged-4", "photo_blurred", "", false, false },

    { "quality-20", "", "photo_low_quality", false, false },
    { "quality-40", "", "photo_low_quality", false, false },
    { "quality-60", "", "", false, false },
};


static bool
as_said(const char *got, const char *wanted, bool may_lack)
{
    return strcmp(got, wanted) == 0 || (may_lack && got[0] == '\0');
}


static void
look_at_kinds_of(const mc_picture_t *picture, uint32_t person)
{
    char             faults[256], warnings[256];
    size_t           i;
    mc_buf_t         jpeg;
    mc_rule_modes_t  modes;

    modes = usual();

    for (i = 0; i < mc_count(kinds); i++) {
        mc_buf_init(&jpeg, 65536);
        assert_int_equal(mc_defect_apply(kinds[i].kind, picture, &jpeg),
                         MC_OK);
        assert_in_range(jpeg.len, 10000, 20480);
        look(&jpeg, &modes);
        mc_buf_free(&jpeg);

        codes(&t.faults, faults);
        codes(&t.warnings, warnings);

        if (!as_said(faults, kinds[i].fault, kinds[i].may_pass)
            || !as_said(warnings, kinds[i].warning, kinds[i].may_warn))
        {
            fail_msg("%s, person %u: refused for \"%s\", warned of \"%s\"",
                     kinds[i].kind, (unsigned) person, faults, warnings);
        }
    }
}


static void
every_kind_of_defect_is_told_by_its_name_S27(void **state)
{
    size_t         i;
    uint32_t       person;
    mc_picture_t   picture;

    /* the table is whole */

    assert_int_equal(mc_count(kinds), mc_defect_count());

    for (i = 0; i < mc_count(kinds); i++) {
        assert_string_equal(kinds[i].kind, mc_defect_name(i));
    }

    for (person = 1; person <= PEOPLE; person++) {
        assert_int_equal(mc_defect_source(person, person % 5, &picture),
                         MC_OK);
        look_at_kinds_of(&picture, person);
        mc_picture_free(&picture);
    }
}


static void
a_mode_refuses_warns_or_is_silent(void **state)
{
    mc_rule_modes_t  modes;

    modes = every(MC_RULE_OFF);
    look_at("background-blue", 3, &modes);
    assert_said("", "");

    modes = every(MC_RULE_WARN);
    look_at("background-blue", 3, &modes);
    assert_said("", "photo_background");

    modes = every(MC_RULE_REJECT);
    modes.of[MC_RULE_BACKGROUND] = MC_RULE_OFF;
    look_at("background-blue", 3, &modes);
    assert_said("", "");

    look_at("quality-20", 3, &modes);
    assert_said("photo_low_quality", "");

    /* a doubt is a warning, also where the check is told to refuse */

    look_at("enlarged-3", 3, &modes);
    assert_said("", "photo_blurred");

    /* what is not asked for hides nothing else */

    modes.of[MC_RULE_DARK] = MC_RULE_OFF;
    modes.of[MC_RULE_BLUR] = MC_RULE_OFF;
    look_at("dark", 3, &modes);
    assert_said("photo_flat", "");

    modes.of[MC_RULE_BACKGROUND] = MC_RULE_REJECT;
    look_at("dark", 3, &modes);
    assert_said("photo_flat photo_background", "");
}


static void
assert_text(const mc_problem_t *problem, bool english, const char *pattern)
{
    char         text[512];
    size_t       len;
    mc_buf_t     buf;
    const char  *star;

    mc_buf_init(&buf, sizeof(text) - 1);
    assert_int_equal(mc_problem_text(problem, english, &buf), MC_OK);
    memcpy(text, buf.data, buf.len);
    text[buf.len] = '\0';
    mc_buf_free(&buf);

    /* one "*" stands for the measured value */

    star = strchr(pattern, '*');
    assert_non_null(star);
    len = strlen(star + 1);

    if (strncmp(text, pattern, (size_t) (star - pattern)) != 0
        || strlen(text) < len
        || strcmp(text + strlen(text) - len, star + 1) != 0)
    {
        fail_msg("\"%s\" is not \"%s\"", text, pattern);
    }
}


/* Every place of a text is filled, and machines get both values. */
static void
texts_name_side_colour_value_and_limit_I09(void **state)
{
    size_t           i;
    mc_buf_t         allowed;
    mc_rule_modes_t  modes;

    static const struct {
        const char  *kind;
        const char  *zh;
        const char  *en;
        const char  *allowed;
    } cases[] = {
        { "background-blue", "背景不是白色（检测到蓝色，平均色 #4*）",
          "The background is not white (it is blue, #4* on average)",
          "L*>=88 C*<=8 85%" },
        { "background-red", "背景不是白色（检测到红色，平均色 #d*）",
          "The background is not white (it is red, #d* on average)",
          "L*>=88 C*<=8 85%" },
        { "background-grey-210", "背景不是白色（检测到灰色，平均色 #d*）",
          "The background is not white (it is grey, #d* on average)",
          "L*>=88 C*<=8 85%" },
        { "gradient-180",
          "背景不均匀：右侧有阴影或杂物（白色部分占 *%，要求不低于 85%）",
          "The background is uneven: shadow or things on the right (*% is "
          "white there, at least 85% is required)", ">=85%" },
        { "gradient-180-left",
          "背景不均匀：左侧有阴影或杂物（白色部分占 *%，要求不低于 85%）",
          "The background is uneven: shadow or things on the left (*% is "
          "white there, at least 85% is required)", ">=85%" },
        { "dark", "照片过暗：亮度为 *，要求不低于 110",
          "The photo is too dark: brightness *, at least 110 is required",
          ">=110" },
        { "bright", "照片过亮：亮度为 2*，要求不高于 215",
          "The photo is too bright: brightness 2*, at most 215 is allowed",
          "<=215" },
        { "flat", "照片对比度过低：明暗差为 *，要求不低于 90",
          "The contrast is too low: * from dark to light, at least 90 is "
          "required", ">=90" },
        { "blur-2", "照片模糊：清晰度为 *，要求不低于 60。"
          "请使用原图裁剪，不要放大小图",
          "The photo is blurred: sharpness *, at least 60 is required. Cut "
          "it from the original; do not enlarge a small picture", ">=60" },
        { "quality-20", "照片压缩过度：质量约为 20*，要求不低于 50",
          "The photo is compressed too much: quality about 20*, at least 50 "
          "is required", ">=50" },
    };

    modes = every(MC_RULE_REJECT);

    for (i = 0; i < mc_count(cases); i++) {
        look_at(cases[i].kind, 3, &modes);
        assert_true(t.faults.count > 0);

        assert_text(&t.faults.items[0], false, cases[i].zh);
        assert_text(&t.faults.items[0], true, cases[i].en);
        assert_non_null(mc_problem_get(&t.faults.items[0], "measured"));

        mc_buf_init(&allowed, 256);
        assert_int_equal(mc_problem_allowed(&t.faults.items[0], &allowed),
                         MC_OK);
        mc_buf_byte(&allowed, '\0');
        assert_string_equal((const char *) allowed.data, cases[i].allowed);
        mc_buf_free(&allowed);
    }
}


/* Of a portrait of that size. */
static void
look_at_size(uint32_t width, uint32_t height)
{
    mc_buf_t                jpeg;
    mc_rule_modes_t         modes;
    mc_portrait_options_t   options = {
        .width = width, .height = height, .quality = 90, .max = 1024 * 1024
    };

    modes = every(MC_RULE_REJECT);
    mc_buf_init(&jpeg, 1024 * 1024);
    assert_int_equal(mc_portrait_draw(5, 0, &options, &jpeg), MC_OK);
    look(&jpeg, &modes);
    mc_buf_free(&jpeg);
}


static void
sites_with_other_sizes_get_the_same_verdict_I12(void **state)
{
    look_at_size(295, 413);
    assert_said("", "");
    look_at_size(356, 440);
    assert_said("", "");
    look_at_size(1200, 1483);
    assert_said("", "");

    /* the smallest that can be configured: any verdict, no accident */

    look_at_size(16, 16);
    look_at_size(16, 300);
    look_at_size(300, 16);
}


static void
what_is_no_picture_is_damaged_and_want_of_memory_is_said(void **state)
{
    unsigned long    n;
    mc_buf_t         jpeg, stored;
    mc_err_t         err;
    mc_rule_modes_t  modes;

    modes = usual();

    begin();
    assert_int_equal(mc_photo_content(mc_str("no JPEG"), &modes, &t.arena,
                                      &t.faults, &t.warnings), MC_EINVAL);
    assert_said("photo_damaged", "");

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_defect_make("background-blue", 3, 0, &jpeg), MC_OK);
    begin();
    transcode(&jpeg, &stored);

    for (n = 1; n < 20; n++) {
        begin();
        mc_alloc_fail_at(n, true);
        err = mc_photo_content(mc_buf_view(&stored), &modes, &t.arena,
                               &t.faults, &t.warnings);
        mc_alloc_fail_at(0, false);

        if (err == MC_OK) {
            break;
        }

        assert_int_equal(err, MC_ENOMEM);
    }

    assert_in_range(n, 3, 19);
    assert_said("photo_background", "");

    mc_buf_free(&stored);
    mc_buf_free(&jpeg);
}


static int
teardown(void **state)
{
    mc_arena_free(&t.arena);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(each_check_has_a_name_a_code_and_a_mode),
        cmocka_unit_test(a_hundred_good_portraits_pass_without_a_warning),
        cmocka_unit_test(every_kind_of_defect_is_told_by_its_name_S27),
        cmocka_unit_test(a_mode_refuses_warns_or_is_silent),
        cmocka_unit_test(texts_name_side_colour_value_and_limit_I09),
        cmocka_unit_test(sites_with_other_sizes_get_the_same_verdict_I12),
        cmocka_unit_test(
            what_is_no_picture_is_damaged_and_want_of_memory_is_said),
    };

    return cmocka_run_group_tests_name("photo: content", tests, NULL,
                                       teardown);
}
