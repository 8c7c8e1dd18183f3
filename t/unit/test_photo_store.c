/*
 * Unit tests of the stored photo: the transcode is lossless, canonical and
 * bare (S28), and what a decoder warns of is refused.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jpeglib.h>

#include "mc_hostile.h"
#include "mc_photo_store.h"
#include "mc_portrait.h"
#include "mc_time.h"


#define FILE_MAX   (1024 * 1024)
#define ARENA_MAX  (64 * 1024)
#define WIDTH      178
#define HEIGHT     220
#define PORTRAITS  100

#define NOW        INT64_C(1772337600000)

static const mc_photo_limits_t  rules = {
    .min = 10000, .max = 20480, .width = WIDTH, .height = HEIGHT, .dpi = 96,
    .dpi_missing_ok = false, .max_age = 366 * MC_DAY, .now = NOW
};

typedef struct {
    mc_arena_t     arena;
    mc_problems_t  problems;
} report_t;


static mc_err_t
check(const mc_buf_t *file, const mc_photo_limits_t *limits, mc_buf_t *out,
    report_t *report)
{
    memset(report, 0, sizeof(*report));
    mc_arena_init(&report->arena, ARENA_MAX);
    mc_buf_init(out, FILE_MAX);

    return mc_photo_check(mc_buf_view(file), limits, out, &report->arena,
                          &report->problems);
}


static mc_err_t
transcode(const mc_buf_t *file, mc_buf_t *out, report_t *report)
{
    memset(report, 0, sizeof(*report));
    mc_arena_init(&report->arena, ARENA_MAX);
    mc_buf_init(out, FILE_MAX);

    return mc_photo_transcode(mc_buf_view(file), out, &report->arena,
                              &report->problems);
}


static void
make(const char *recipe, mc_buf_t *file)
{
    mc_buf_init(file, FILE_MAX);

    if (mc_hostile_make(recipe, NOW, file) != MC_OK) {
        fail_msg("recipe %s", recipe);
    }
}


/* Pixels by libjpeg's own way; any error ends the test program. */
static uint8_t *
decode(const mc_buf_t *file, size_t *size)
{
    uint8_t                        *pixels;
    JSAMPROW                        row;
    struct jpeg_error_mgr           errors;
    struct jpeg_decompress_struct   jpeg;

    memset(&jpeg, 0, sizeof(jpeg));
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, file->data, file->len);
    (void) jpeg_read_header(&jpeg, TRUE);
    (void) jpeg_start_decompress(&jpeg);

    *size = (size_t) jpeg.output_width * jpeg.output_height * 3;
    pixels = malloc(*size);
    assert_non_null(pixels);

    while (jpeg.output_scanline < jpeg.output_height) {
        row = pixels + (size_t) jpeg.output_scanline * jpeg.output_width * 3;
        (void) jpeg_read_scanlines(&jpeg, &row, 1);
    }

    (void) jpeg_finish_decompress(&jpeg);
    assert_int_equal(errors.num_warnings, 0);
    jpeg_destroy_decompress(&jpeg);

    return pixels;
}


static void
assert_same_pixels(const mc_buf_t *a, const mc_buf_t *b)
{
    size_t    size_a, size_b;
    uint8_t  *pixels_a, *pixels_b;

    pixels_a = decode(a, &size_a);
    pixels_b = decode(b, &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(pixels_a, pixels_b, size_a);
    free(pixels_a);
    free(pixels_b);
}


/*
 * SOI, one JFIF segment, tables, one baseline frame, one scan, EOI; no
 * other segment and nothing behind.
 */
static void
assert_canonical(const mc_buf_t *jpeg, unsigned dpi)
{
    size_t          at;
    unsigned        frames;
    const uint8_t  *p;

    static const uint8_t  start[] = {
        0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1
    };

    p = jpeg->data;
    frames = 0;

    assert_true(jpeg->len > 100);
    assert_memory_equal(p, start, sizeof(start));
    assert_int_equal(p[14] << 8 | p[15], dpi);
    assert_int_equal(p[16] << 8 | p[17], dpi);

    for (at = 20; p[at + 1] != 0xda;
         at += 2 + (size_t) (p[at + 2] << 8 | p[at + 3]))
    {
        assert_true(at + 4 < jpeg->len);
        assert_int_equal(p[at], 0xff);
        assert_true(p[at + 1] == 0xdb || p[at + 1] == 0xc4
                    || p[at + 1] == 0xc0);

        if (p[at + 1] == 0xc0) {
            frames++;
            assert_int_equal(p[at + 10], 1);
            assert_int_equal(p[at + 13], 2);
            assert_int_equal(p[at + 16], 3);
        }
    }

    assert_int_equal(frames, 1);

    for (at += 2; at + 2 < jpeg->len; at++) {
        assert_true(p[at] != 0xff || p[at + 1] == 0x00);
    }

    assert_int_equal(p[jpeg->len - 2], 0xff);
    assert_int_equal(p[jpeg->len - 1], 0xd9);
}


static const struct {
    const char *recipe;
    unsigned    dpi;        /* of what is stored */
} good[] = {
    { "valid", 96 },
    { "progressive", 96 },
    { "restart", 96 },
    { "fill", 96 },
    { "metadata", 96 },
    { "size:10000", 96 },
    { "size:20480", 96 },
    { "dpi:300", 300 },
    { "dpi-centimetre:38", 97 },
    { "exif-dpi:955", 96 },
    { "exif-dpi:6000", 600 },
    { "exif-centimetre:37795", 96 },
    { "orientation:1", 96 },
    { "exif-days:-100", 96 },
    { "exif-loop", 96 },
    { "scans:100", 96 },
    { "trailing-zero:100", 96 },
    { "length:2", 96 },
};


static void
what_is_stored_has_the_same_pixels_and_nothing_else_S28(void **state)
{
    size_t    i;
    mc_buf_t  file, stored;
    report_t  report;

    for (i = 0; i < mc_count(good); i++) {
        make(good[i].recipe, &file);

        if (check(&file, &rules, &stored, &report) != MC_OK) {
            fail_msg("%s is refused", good[i].recipe);
        }

        assert_int_equal(report.problems.count, 0);
        assert_canonical(&stored, good[i].dpi);
        assert_same_pixels(&file, &stored);

        mc_arena_free(&report.arena);
        mc_buf_free(&stored);
        mc_buf_free(&file);
    }
}


static void
a_transcode_of_a_transcode_is_itself(void **state)
{
    size_t    i;
    mc_buf_t  file, once, twice;
    report_t  report;

    for (i = 0; i < mc_count(good); i++) {
        make(good[i].recipe, &file);
        assert_int_equal(transcode(&file, &once, &report), MC_OK);
        mc_arena_free(&report.arena);
        assert_int_equal(transcode(&once, &twice, &report), MC_OK);
        mc_arena_free(&report.arena);

        assert_int_equal(once.len, twice.len);
        assert_memory_equal(once.data, twice.data, once.len);

        mc_buf_free(&twice);
        mc_buf_free(&once);
        mc_buf_free(&file);
    }
}


/* Two uploads that differ in their wrapping only are one stored photo. */
static void
the_same_pixels_give_the_same_bytes(void **state)
{
    size_t    i;
    mc_buf_t  file, stored, first;
    report_t  report;

    static const char *const  wrappings[] = {
        "size:15000", "metadata", "fill", "trailing-zero:9", "exif-loop"
    };

    mc_buf_init(&first, FILE_MAX);

    for (i = 0; i < mc_count(wrappings); i++) {
        make(wrappings[i], &file);
        assert_int_equal(transcode(&file, &stored, &report), MC_OK);

        if (i == 0) {
            mc_buf_append(&first, stored.data, stored.len);
        }

        assert_int_equal(stored.len, first.len);
        assert_memory_equal(stored.data, first.data, first.len);

        mc_arena_free(&report.arena);
        mc_buf_free(&stored);
        mc_buf_free(&file);
    }

    mc_buf_free(&first);
}


static bool
contains(const mc_buf_t *file, const char *text)
{
    return memmem(file->data, file->len, text, strlen(text)) != NULL;
}


static void
no_metadata_is_left(void **state)
{
    size_t    i;
    mc_buf_t  file, stored;
    report_t  report;

    static const char *const  texts[] = {
        "Exif", "GPSLatitude", "<script>", "ns.adobe.com"
    };

    make("metadata", &file);
    assert_int_equal(check(&file, &rules, &stored, &report), MC_OK);

    for (i = 0; i < mc_count(texts); i++) {
        assert_true(contains(&file, texts[i]));
        assert_false(contains(&stored, texts[i]));
    }

    mc_arena_free(&report.arena);
    mc_buf_free(&stored);
    mc_buf_free(&file);
}


static void
a_photo_without_density_is_stored_with_96_dpi_I12(void **state)
{
    mc_buf_t           file, stored;
    report_t           report;
    mc_photo_limits_t  limits;

    limits = rules;
    limits.dpi_missing_ok = true;

    make("dpi-unit0:72", &file);
    assert_int_equal(check(&file, &limits, &stored, &report), MC_OK);
    assert_canonical(&stored, 96);

    mc_arena_free(&report.arena);
    mc_buf_free(&stored);
    mc_buf_free(&file);
}


/* Sound to the scanner; a decoder would draw a guess and warn. */
static void
what_a_decoder_warns_of_is_refused_S28(void **state)
{
    size_t    i;
    mc_buf_t  file, stored;
    report_t  report;

    static const struct {
        const char         *recipe;
        mc_problem_code_t   code;
    } cases[] = {
        { "entropy-noise", MC_P_PHOTO_DAMAGED },
        { "entropy-cut", MC_P_PHOTO_DAMAGED },
        { "no-tables", MC_P_PHOTO_DAMAGED },
        { "wide-table", MC_P_PHOTO_CODING },
    };

    for (i = 0; i < mc_count(cases); i++) {
        make(cases[i].recipe, &file);

        if (check(&file, &rules, &stored, &report) != MC_EINVAL) {
            fail_msg("%s is not refused", cases[i].recipe);
        }

        assert_int_equal(report.problems.count, 1);
        assert_int_equal(report.problems.items[0].code, cases[i].code);
        assert_int_equal(stored.len, 0);

        mc_arena_free(&report.arena);
        mc_buf_free(&stored);
        mc_buf_free(&file);
    }
}


/* Whoever forgets the scanner: no bomb reaches the decoder. */
static void
a_transcode_alone_refuses_what_is_unsound(void **state)
{
    size_t    i;
    mc_buf_t  file, stored;
    report_t  report;

    static const char *const  recipes[] = {
        "size:0", "is:0", "scans:1665", "sof-huge", "sof:201", "gray",
        "cmyk", "rgb", "rgb-ids", "truncated:12000", "trailing-zip",
        "two-frames", "dnl", "twelve-bits"
    };

    for (i = 0; i < mc_count(recipes); i++) {
        make(recipes[i], &file);

        if (transcode(&file, &stored, &report) != MC_EINVAL) {
            fail_msg("%s is not refused", recipes[i]);
        }

        assert_int_equal(report.problems.items[0].code, MC_P_PHOTO_DAMAGED);
        mc_arena_free(&report.arena);
        mc_buf_free(&stored);
        mc_buf_free(&file);
    }
}


static void
a_full_or_failing_buffer_is_told_and_left_as_it_was(void **state)
{
    mc_buf_t       file, out;
    mc_arena_t     arena;
    unsigned long  n;
    mc_problems_t  problems;

    make("valid", &file);
    mc_arena_init(&arena, ARENA_MAX);
    memset(&problems, 0, sizeof(problems));

    mc_buf_init(&out, 9000);
    mc_buf_cstr(&out, "before");
    assert_int_equal(mc_photo_transcode(mc_buf_view(&file), &out, &arena,
                                        &problems), MC_ETOOBIG);
    assert_int_equal(out.len, 6);
    assert_memory_equal(out.data, "before", 6);
    mc_buf_free(&out);

    for (n = 1; n < 3; n++) {
        mc_buf_init(&out, FILE_MAX);
        mc_alloc_fail_at(n, false);
        assert_int_equal(mc_photo_transcode(mc_buf_view(&file), &out, &arena,
                                            &problems), MC_ENOMEM);
        mc_alloc_fail_at(0, false);
        assert_int_equal(out.len, 0);
        mc_buf_free(&out);
    }

    assert_int_equal(problems.count, 0);
    mc_arena_free(&arena);
    mc_buf_free(&file);
}


static void
a_hundred_portraits_pass_S28_S29_S30_S31(void **state)
{
    mc_buf_t  file, stored;
    report_t  report;
    uint32_t  person;

    for (person = 0; person < PORTRAITS; person++) {
        mc_buf_init(&file, FILE_MAX);
        assert_int_equal(mc_portrait_draw(person, person % 3, NULL, &file),
                         MC_OK);

        if (check(&file, &rules, &stored, &report) != MC_OK) {
            fail_msg("portrait %u is refused", (unsigned) person);
        }

        assert_canonical(&stored, 96);
        assert_true(stored.len <= file.len);

        mc_arena_free(&report.arena);
        mc_buf_free(&stored);
        mc_buf_free(&file);
    }
}


static void
a_portrait_is_its_numbers(void **state)
{
    mc_buf_t  first, again, other;

    mc_buf_init(&first, FILE_MAX);
    mc_buf_init(&again, FILE_MAX);
    mc_buf_init(&other, FILE_MAX);

    assert_int_equal(mc_portrait_draw(7, 1, NULL, &first), MC_OK);
    assert_int_equal(mc_portrait_draw(7, 1, NULL, &again), MC_OK);
    assert_int_equal(mc_portrait_draw(7, 2, NULL, &other), MC_OK);

    assert_int_equal(first.len, again.len);
    assert_memory_equal(first.data, again.data, first.len);
    assert_true(first.len != other.len
                || memcmp(first.data, other.data, first.len) != 0);

    assert_int_equal(mc_portrait_draw(7, 1, &(mc_portrait_options_t) {
        .quality = 101 }, &other), MC_EINVAL);
    assert_int_equal(mc_portrait_draw(7, 1, &(mc_portrait_options_t) {
        .width = 4 }, &other), MC_EINVAL);
    assert_int_equal(mc_portrait_draw(7, 1, &(mc_portrait_options_t) {
        .max = 500 }, &other), MC_ETOOBIG);

    mc_buf_free(&other);
    mc_buf_free(&again);
    mc_buf_free(&first);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            what_is_stored_has_the_same_pixels_and_nothing_else_S28),
        cmocka_unit_test(a_transcode_of_a_transcode_is_itself),
        cmocka_unit_test(the_same_pixels_give_the_same_bytes),
        cmocka_unit_test(no_metadata_is_left),
        cmocka_unit_test(a_photo_without_density_is_stored_with_96_dpi_I12),
        cmocka_unit_test(what_a_decoder_warns_of_is_refused_S28),
        cmocka_unit_test(a_transcode_alone_refuses_what_is_unsound),
        cmocka_unit_test(a_full_or_failing_buffer_is_told_and_left_as_it_was),
        cmocka_unit_test(a_hundred_portraits_pass_S28_S29_S30_S31),
        cmocka_unit_test(a_portrait_is_its_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
