/*
 * Fuzz target: the photo scanner in pieces, the transcode of what passes it,
 * and the content checks of what was transcoded.
 *
 * Promises held: bounds; the same verdict however the bytes are cut; a
 * fault for all that is not good; what is stored passes the scanner, is
 * smaller than twice the upload, is its own transcode, and has pixels to
 * judge.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_hostile.h"
#include "mc_photo_content.h"
#include "mc_photo_store.h"
#include "mc_time.h"


#define ARENA_MAX  (64 * 1024)
#define NOW        INT64_C(1772337600000)

static const mc_photo_limits_t  rules = {
    .min = 0, .max = 20480, .width = 178, .height = 220, .dpi = 96,
    .dpi_missing_ok = true, .max_age = 366 * MC_DAY, .now = NOW
};


/* Pieces of 1 to 128 bytes; their lengths follow from the input. */
static void
feed_in_pieces(mc_photo_scan_t *scan, const uint8_t *data, size_t size)
{
    size_t    at, len;
    uint32_t  noise;

    noise = (uint32_t) size;

    for (at = 0; at < size; at += len) {
        noise = (noise ^ data[at]) * 1664525 + 1013904223;
        len = 1 + (noise >> 25);
        len = len > size - at ? size - at : len;

        (void) mc_photo_scan_feed(scan, data + at, len);
    }
}


static void
check_same(const mc_problems_t *a, const mc_problems_t *b)
{
    size_t  i;

    fuzz_check(a->count == b->count && a->count <= MC_PROBLEMS);

    for (i = 0; i < a->count; i++) {
        fuzz_check(a->items[i].code == b->items[i].code);
    }
}


/* Any verdict, but one with its texts whole. */
static void
check_content(mc_str_t stored, mc_arena_t *arena)
{
    size_t           i;
    mc_problems_t    faults, warnings;
    mc_rule_modes_t  modes;

    memset(&faults, 0, sizeof(faults));
    memset(&warnings, 0, sizeof(warnings));
    memset(modes.of, MC_RULE_REJECT, sizeof(modes.of));

    fuzz_check(mc_photo_content(stored, &modes, arena, &faults, &warnings)
               == MC_OK);
    fuzz_check(faults.count + warnings.count < MC_RULES);

    for (i = 0; i < faults.count; i++) {
        fuzz_check(mc_problem_get(&faults.items[i], "measured") != NULL);
    }
}


static void
check_stored(mc_str_t jpeg, mc_arena_t *arena)
{
    mc_buf_t       once, twice;
    mc_err_t       err;
    mc_problems_t  problems;

    mc_buf_init(&once, 2 * jpeg.len + 1024);
    mc_buf_init(&twice, 2 * jpeg.len + 1024);
    memset(&problems, 0, sizeof(problems));

    err = mc_photo_transcode(jpeg, &once, arena, &problems);

    if (err == MC_OK) {
        fuzz_check(problems.count == 0 && once.len > 100);
        fuzz_check(once.len <= FUZZ_INPUT_MAX);
        fuzz_check(mc_photo_transcode(mc_buf_view(&once), &twice, arena,
                                      &problems) == MC_OK);
        fuzz_check(twice.len == once.len
                   && memcmp(twice.data, once.data, once.len) == 0);
        check_content(mc_buf_view(&once), arena);

    } else {
        fuzz_check(once.len == 0);
        fuzz_check(err == MC_ETOOBIG
                   || (err == MC_EINVAL && problems.count == 1));
    }

    mc_buf_free(&twice);
    mc_buf_free(&once);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool             good;
    mc_arena_t       arena;
    mc_problems_t    whole, pieces;
    mc_photo_scan_t  scan;

    mc_arena_init(&arena, ARENA_MAX);
    memset(&whole, 0, sizeof(whole));
    memset(&pieces, 0, sizeof(pieces));

    mc_photo_scan_init(&scan, &rules);
    (void) mc_photo_scan_feed(&scan, data, size);
    good = mc_photo_scan_end(&scan, 0, &arena, &whole);
    fuzz_check(good == (whole.count == 0));
    fuzz_check(!good || mc_photo_scan_sound(&scan));

    mc_photo_scan_init(&scan, &rules);
    feed_in_pieces(&scan, data, size);
    fuzz_check(mc_photo_scan_end(&scan, 0, &arena, &pieces) == good);
    check_same(&whole, &pieces);

    if (good) {
        check_stored((mc_str_t) { (const char *) data, size }, &arena);
    }

    mc_arena_free(&arena);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t    len;
    mc_buf_t  file;

    static const char *const  recipes[] = {
        "valid", "progressive", "restart", "fill", "metadata", "size:9999",
        "size:10000", "dpi-centimetre:38", "dpi-missing", "exif-dpi:3000",
        "exif-centimetre:37795", "exif-days:-10", "exif-days:-400",
        "exif-loop", "orientation:6", "scans:20", "scans:100", "scans:1665",
        "sof:201", "sof-huge", "dnl", "wide-table", "gray", "cmyk", "rgb",
        "rgb-ids", "trailing-zip", "trailing-zero:20", "two-frames",
        "length:2", "length:65535", "entropy-noise", "no-tables",
        "truncated:700", "is:0", "is:1"
    };

    if (n >= mc_count(recipes)) {
        return 0;
    }

    mc_buf_init(&file, cap);
    len = 0;

    fuzz_check(mc_hostile_make(recipes[n], NOW, &file) == MC_OK);

    if (file.len > 0 && file.len <= cap) {
        memcpy(out, file.data, file.len);
        len = file.len;
    }

    mc_buf_free(&file);

    return len;
}
