/*
 * Unit tests of the photo scanner: the rules of S27-S31 with their limits
 * (I12), all faults at once with measured values (I09), and a verdict that
 * does not depend on how the bytes arrive.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mc_hostile.h"
#include "mc_photo_scan.h"
#include "mc_portrait.h"
#include "mc_time.h"


#define FILE_MAX   (1024 * 1024)
#define ARENA_MAX  (64 * 1024)
#define CODES_MAX  160

/* 2026-03-01 04:00 UTC: noon in China */
#define NOW        INT64_C(1772337600000)

static const mc_photo_limits_t  rules = {
    .min = 10000, .max = 20480, .width = 178, .height = 220, .dpi = 96,
    .dpi_missing_ok = false, .max_age = 366 * MC_DAY, .now = NOW
};

/* Codes without their "photo_", in order; "" for a good photo. */
static const struct {
    const char *recipe;
    const char *codes;
} table[] = {
    /* S28: jpg, whatever its name */
    { "valid", "" },
    { "progressive", "" },
    { "restart", "" },
    { "fill", "" },
    { "metadata", "" },
    { "is:0", "not_jpeg" },
    { "is:1", "not_jpeg" },
    { "is:9", "not_jpeg" },

    /* S29: 10-20 K in both meanings of K, bounds inclusive (I12) */
    { "size:9999", "size" },
    { "size:10000", "" },
    { "size:20480", "" },
    { "size:20481", "too_large" },
    { "size:40000", "too_large" },
    { "size:0", "size truncated" },
    { "size:1", "size truncated" },
    { "size:2", "size truncated" },

    /* S30: 178 x 220 exactly */
    { "pixels:177220", "pixels" },
    { "pixels:178221", "pixels" },
    { "pixels:220178", "pixels" },
    { "sof-huge", "pixels" },

    /* S31: 96 x 96 dpi at least; what is not recorded (I12) */
    { "dpi:72", "dpi" },
    { "dpi:95", "dpi" },
    { "dpi:96", "" },
    { "dpi:300", "" },
    { "dpi-mixed", "dpi" },
    { "dpi-unit0:1", "dpi_missing" },
    { "dpi-unit0:96", "dpi_missing" },
    { "dpi-centimetre:37", "dpi" },
    { "dpi-centimetre:38", "" },
    { "dpi-missing", "dpi_missing" },
    { "dpi:0", "" },                    /* 0 of the generator: 96 */
    { "exif-dpi:954", "dpi" },
    { "exif-dpi:955", "" },
    { "exif-centimetre:37795", "" },
    { "exif-centimetre:37000", "dpi" },

    /* S27: within a year; the camera's clock has no zone */
    { "exif-days:-368", "old" },
    { "exif-days:-366", "" },
    { "exif-days:-365", "" },
    { "exif-days:0", "" },
    { "exif-days:1", "" },
    { "exif-days:3", "future" },
    { "exif-blank", "" },
    { "exif-loop", "" },

    { "orientation:1", "" },
    { "orientation:2", "orientation" },
    { "orientation:3", "orientation" },
    { "orientation:4", "orientation" },
    { "orientation:5", "orientation" },
    { "orientation:6", "orientation" },
    { "orientation:7", "orientation" },
    { "orientation:8", "orientation" },
    { "orientation:9", "" },

    /* codings that are JPEG by name, and bombs */
    { "scans:100", "" },
    { "scans:101", "scans" },
    { "scans:1665", "scans" },
    { "sof:195", "coding" },
    { "sof:197", "coding" },
    { "sof:201", "coding" },
    { "sof:202", "coding" },
    { "twelve-bits", "coding" },
    { "sampling", "coding" },
    { "dnl", "coding" },
    { "gray", "colour" },
    { "cmyk", "dpi_missing colour" },
    { "rgb", "dpi_missing colour" },
    { "rgb-ids", "colour" },

    { "truncated:20", "size truncated" },
    { "truncated:300", "size truncated" },
    { "truncated:12000", "truncated" },
    { "truncated:-2", "truncated" },
    { "truncated:-1", "truncated" },
    { "length:65535", "truncated" },
    { "trailing-zip", "trailing" },
    { "trailing-html", "trailing" },
    { "trailing-zero:100", "" },

    { "two-frames", "damaged" },
    { "scan-first", "damaged" },
    { "no-scan", "damaged" },
    { "length:0", "damaged" },
    { "length:1", "damaged" },
    { "length:2", "" },
    { "insert:8224", "damaged" },       /* blanks */
    { "insert:65496", "damaged" },      /* FFD8 */
    { "insert:65488", "damaged" },      /* FFD0 */
    { "insert:65280", "damaged" },      /* FF00 */
    { "insert:65281", "damaged" },      /* FF01 */
};


typedef struct {
    mc_arena_t     arena;
    mc_problems_t  problems;
    bool           good;
    char           codes[CODES_MAX];
} verdict_t;


static void
make(const char *recipe, mc_buf_t *file)
{
    mc_buf_init(file, FILE_MAX);

    if (mc_hostile_make(recipe, NOW, file) != MC_OK) {
        fail_msg("recipe %s", recipe);
    }
}


static void
judge(mc_photo_scan_t *scan, uint64_t announced, verdict_t *verdict)
{
    size_t       i, len;
    const char  *code;

    memset(verdict, 0, sizeof(*verdict));
    mc_arena_init(&verdict->arena, ARENA_MAX);

    verdict->good = mc_photo_scan_end(scan, announced, &verdict->arena,
                                      &verdict->problems);
    assert_int_equal(verdict->good, verdict->problems.count == 0);

    for (i = 0; i < verdict->problems.count; i++) {
        code = mc_problem_code(verdict->problems.items[i].code);
        assert_memory_equal(code, "photo_", 6);

        len = strlen(verdict->codes);
        assert_true(len + strlen(code) < CODES_MAX);
        (void) snprintf(verdict->codes + len, CODES_MAX - len, "%s%s",
                        i == 0 ? "" : " ", code + 6);
    }
}


static void
judge_whole(const mc_buf_t *file, const mc_photo_limits_t *limits,
    verdict_t *verdict)
{
    mc_photo_scan_t  scan;

    mc_photo_scan_init(&scan, limits);
    (void) mc_photo_scan_feed(&scan, file->data, file->len);
    judge(&scan, 0, verdict);
}


static void
assert_arg(const verdict_t *verdict, size_t n, const char *key,
    const char *zh)
{
    const mc_problem_arg_t  *arg;

    assert_true(n < verdict->problems.count);
    arg = mc_problem_get(&verdict->problems.items[n], key);
    assert_non_null(arg);
    assert_int_equal(arg->zh.len, strlen(zh));
    assert_memory_equal(arg->zh.data, zh, strlen(zh));
}


static void
each_recipe_gets_its_codes_S27_S28_S29_S30_S31(void **state)
{
    size_t     i;
    mc_buf_t   file;
    verdict_t  verdict;

    for (i = 0; i < mc_count(table); i++) {
        make(table[i].recipe, &file);
        judge_whole(&file, &rules, &verdict);

        if (strcmp(verdict.codes, table[i].codes) != 0) {
            fail_msg("%s: \"%s\" instead of \"%s\"", table[i].recipe,
                     verdict.codes, table[i].codes);
        }

        mc_arena_free(&verdict.arena);
        mc_buf_free(&file);
    }
}


/* Pieces of 1 byte, of changing small sizes, and of network size. */
static void
feed_in_pieces(mc_photo_scan_t *scan, const mc_buf_t *file, unsigned how)
{
    size_t    at, len;
    uint32_t  noise;

    noise = how;

    for (at = 0; at < file->len; at += len) {
        noise = noise * 1664525 + 1013904223;
        len = how == 0 ? 1 : how == 1 ? 1448 : 1 + (noise >> 24) % (how * 5);
        len = len > file->len - at ? file->len - at : len;

        if (mc_photo_scan_feed(scan, file->data + at, len) == MC_SCAN_STOP) {
            /* what still comes changes nothing */
            assert_int_equal(mc_photo_scan_feed(scan, file->data, 1),
                             MC_SCAN_STOP);
            break;
        }
    }
}


static void
the_verdict_does_not_depend_on_the_pieces(void **state)
{
    char             name[40];
    size_t           i;
    mc_buf_t         file;
    unsigned         how;
    verdict_t        whole, pieces;
    mc_photo_scan_t  scan;

    for (i = 0; i < mc_hostile_count(); i++) {
        assert_int_equal(mc_hostile_name(i, name), MC_OK);
        make(name, &file);
        judge_whole(&file, &rules, &whole);

        for (how = 0; how < 6; how++) {
            mc_photo_scan_init(&scan, &rules);
            feed_in_pieces(&scan, &file, how);
            judge(&scan, 0, &pieces);

            if (strcmp(pieces.codes, whole.codes) != 0) {
                fail_msg("%s in pieces %u: \"%s\" instead of \"%s\"", name,
                         how, pieces.codes, whole.codes);
            }

            mc_arena_free(&pieces.arena);
        }

        mc_arena_free(&whole.arena);
        mc_buf_free(&file);
    }
}


static void
all_faults_come_at_once_with_measured_values_I09(void **state)
{
    mc_buf_t   file;
    verdict_t  verdict;

    mc_buf_init(&file, FILE_MAX);
    assert_int_equal(mc_portrait_draw(2, 0, &(mc_portrait_options_t) {
        .width = 100, .height = 120, .dpi = 72, .quality = 60
    }, &file), MC_OK);
    file.len -= 2;
    mc_buf_append(&file, "\0\0", 2);

    judge_whole(&file, &rules, &verdict);
    assert_string_equal(verdict.codes, "size pixels dpi truncated");
    assert_arg(&verdict, 0, "min", "10000");
    assert_arg(&verdict, 0, "max", "20480");
    assert_arg(&verdict, 1, "measured", "100\u00d7120");
    assert_arg(&verdict, 1, "allowed", "178\u00d7220");
    assert_arg(&verdict, 2, "measured", "72");
    assert_arg(&verdict, 2, "min", "96");

    mc_arena_free(&verdict.arena);
    mc_buf_free(&file);
}


/* The scan stops at byte 20,481; what stood before it is told, too. */
static void
a_large_photo_tells_more_than_its_size_S29_I09(void **state)
{
    mc_buf_t                 file;
    verdict_t                verdict;
    mc_photo_scan_t          scan;
    const mc_problem_arg_t  *arg;

    mc_buf_init(&file, FILE_MAX);
    assert_int_equal(mc_portrait_draw(2, 0, &(mc_portrait_options_t) {
        .width = 600, .height = 800, .dpi = 72, .quality = 90,
        .max = FILE_MAX
    }, &file), MC_OK);

    mc_photo_scan_init(&scan, &rules);
    assert_int_equal(mc_photo_scan_feed(&scan, file.data, 20480),
                     MC_SCAN_MORE);
    assert_int_equal(mc_photo_scan_feed(&scan, file.data + 20480, 1),
                     MC_SCAN_STOP);

    judge(&scan, 0, &verdict);
    assert_string_equal(verdict.codes, "too_large pixels dpi");
    arg = mc_problem_get(&verdict.problems.items[0], "measured");
    assert_non_null(arg);
    assert_int_equal(arg->en.len, strlen("more than 20480"));
    assert_memory_equal(arg->en.data, "more than 20480", arg->en.len);
    mc_arena_free(&verdict.arena);

    judge(&scan, 123456, &verdict);
    assert_arg(&verdict, 0, "measured", "123456");
    mc_arena_free(&verdict.arena);

    /* refused by its announced length, before a byte came */

    mc_photo_scan_init(&scan, &rules);
    judge(&scan, 20481, &verdict);
    assert_string_equal(verdict.codes, "too_large");
    mc_arena_free(&verdict.arena);
    mc_buf_free(&file);
}


static void
what_is_no_jpeg_is_named_S28(void **state)
{
    size_t     i;
    char       recipe[16];
    mc_buf_t   file;
    verdict_t  verdict;

    static const char *const  names[] = {
        "PNG 图片", "HEIC 图片", "WebP 图片", "GIF 图片", "PDF 文档",
        "BMP 图片", "TIFF 图片", "ZIP 或 Office 文件",
        "文本或网页", "未知格式"
    };

    for (i = 0; i < mc_count(names); i++) {
        (void) snprintf(recipe, sizeof(recipe), "is:%zu", i);
        make(recipe, &file);
        judge_whole(&file, &rules, &verdict);
        assert_string_equal(verdict.codes, "not_jpeg");
        assert_arg(&verdict, 0, "kind", names[i]);
        mc_arena_free(&verdict.arena);
        mc_buf_free(&file);
    }
}


static void
sixteen_bytes_are_enough_to_stop_what_is_no_jpeg(void **state)
{
    mc_buf_t         file;
    mc_photo_scan_t  scan;

    make("is:0", &file);
    mc_photo_scan_init(&scan, &rules);
    assert_int_equal(mc_photo_scan_feed(&scan, file.data, 15), MC_SCAN_MORE);
    assert_int_equal(mc_photo_scan_feed(&scan, file.data + 15, 1),
                     MC_SCAN_STOP);
    mc_buf_free(&file);
}


static void
dates_and_densities_are_told_as_measured_S27_S31(void **state)
{
    mc_buf_t   file;
    verdict_t  verdict;

    make("exif-days:-400", &file);
    judge_whole(&file, &rules, &verdict);
    assert_string_equal(verdict.codes, "old");
    assert_arg(&verdict, 0, "measured", "2025-01-25");
    mc_arena_free(&verdict.arena);
    mc_buf_free(&file);

    make("dpi-mixed", &file);
    judge_whole(&file, &rules, &verdict);
    assert_arg(&verdict, 0, "measured", "96\u00d772");
    mc_arena_free(&verdict.arena);
    mc_buf_free(&file);

    make("dpi-centimetre:37", &file);
    judge_whole(&file, &rules, &verdict);
    assert_arg(&verdict, 0, "measured", "94");
    mc_arena_free(&verdict.arena);
    mc_buf_free(&file);
}


static void
a_site_may_set_its_own_limits_I12(void **state)
{
    size_t             i;
    mc_buf_t           file;
    verdict_t          verdict;
    mc_photo_limits_t  limits;

    static const struct {
        const char *recipe;
        const char *codes;
    } cases[] = {
        { "dpi-missing", "" },
        { "dpi-unit0:96", "" },
        { "exif-days:-4000", "" },
        { "exif-days:30", "" },
        { "size:2500", "size" },
        { "size:9999", "" },
        { "dpi:299", "dpi" },
        { "size:30000", "" },
        { "size:30001", "too_large" },
    };

    limits = rules;
    limits.min = 2501;
    limits.max = 30000;
    limits.dpi_missing_ok = true;
    limits.max_age = 0;

    for (i = 0; i < mc_count(cases); i++) {
        limits.dpi = i == 6 ? 300 : 96;

        if (i == 4) {
            mc_buf_init(&file, FILE_MAX);
            assert_int_equal(
                mc_portrait_draw(1, 0, &(mc_portrait_options_t) {
                    .max = 2500 }, &file), MC_OK);

        } else {
            make(cases[i].recipe, &file);
        }

        judge_whole(&file, &limits, &verdict);

        if (strcmp(verdict.codes, cases[i].codes) != 0) {
            fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].recipe,
                     verdict.codes, cases[i].codes);
        }

        mc_arena_free(&verdict.arena);
        mc_buf_free(&file);
    }
}


/* Wherever an upload ends, it is truncated or something worse, never good;
 * only the very last byte completes it. */
static void
no_beginning_of_a_photo_passes(void **state)
{
    size_t             i;
    mc_buf_t           file;
    verdict_t          verdict;
    mc_photo_scan_t    scan, copy;
    mc_photo_limits_t  limits;

    limits = rules;
    limits.min = 0;

    make("valid", &file);
    mc_photo_scan_init(&scan, &limits);

    for (i = 0; i < file.len; i++) {
        assert_int_equal(mc_photo_scan_feed(&scan, file.data + i, 1),
                         MC_SCAN_MORE);

        /* each byte of the headers, some of the coded data */

        if ((i > 700 && i + 8 < file.len && i % 61 != 0)
            || i + 1 == file.len)
        {
            continue;
        }

        copy = scan;
        judge(&copy, 0, &verdict);

        if (verdict.good) {
            fail_msg("good after %zu of %zu bytes", i + 1, file.len);
        }

        mc_arena_free(&verdict.arena);
    }

    judge(&scan, 0, &verdict);
    assert_true(verdict.good);
    mc_arena_free(&verdict.arena);
    mc_buf_free(&file);
}


/* Every file of this run that fails its memory still gives its codes. */
static void
codes_survive_a_full_arena(void **state)
{
    mc_buf_t         file;
    mc_arena_t       arena;
    mc_problems_t    problems;
    mc_photo_scan_t  scan;

    make("size:9999", &file);
    mc_arena_init(&arena, 0);
    memset(&problems, 0, sizeof(problems));

    mc_photo_scan_init(&scan, &rules);
    (void) mc_photo_scan_feed(&scan, file.data, file.len);
    assert_false(mc_photo_scan_end(&scan, 0, &arena, &problems));
    assert_int_equal(problems.count, 1);
    assert_int_equal(problems.items[0].code, MC_P_PHOTO_SIZE);

    mc_arena_free(&arena);
    mc_buf_free(&file);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(each_recipe_gets_its_codes_S27_S28_S29_S30_S31),
        cmocka_unit_test(the_verdict_does_not_depend_on_the_pieces),
        cmocka_unit_test(all_faults_come_at_once_with_measured_values_I09),
        cmocka_unit_test(a_large_photo_tells_more_than_its_size_S29_I09),
        cmocka_unit_test(what_is_no_jpeg_is_named_S28),
        cmocka_unit_test(sixteen_bytes_are_enough_to_stop_what_is_no_jpeg),
        cmocka_unit_test(dates_and_densities_are_told_as_measured_S27_S31),
        cmocka_unit_test(a_site_may_set_its_own_limits_I12),
        cmocka_unit_test(no_beginning_of_a_photo_passes),
        cmocka_unit_test(codes_survive_a_full_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
