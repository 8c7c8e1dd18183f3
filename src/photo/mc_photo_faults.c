/*
 * From the facts of a scan to refusals, all at once and in a fixed order.
 *
 * Depends on base and domain.  Blocks nowhere; any thread and the loop.
 *
 * "K" of the rule 10-20 K is read in both ways (10,000 to 20,480 bytes by
 * default), bounds inclusive.  Dates of cameras have no zone, so a date is
 * early or late only beyond what zones can explain.
 */

#include "mc_photo_scan.h"

#include <inttypes.h>

#include "mc_photo_exif.h"
#include "mc_photo_kind.h"
#include "mc_time.h"


#define ZONE_SLACK      (14 * MC_HOUR)
#define FUTURE_ALLOWED  MC_DAY

#define ADOBE_YCC       1           /* transform */


typedef struct {
    const mc_photo_scan_t *scan;
    mc_arena_t            *arena;
    mc_problems_t         *problems;
} faults_t;


static void
arg(mc_problem_t *problem, const char *key, mc_str_t text)
{
    mc_problem_arg(problem, key, text, mc_str_null);
}


static void
arg_name(mc_problem_t *problem, const char *key, mc_photo_name_t name)
{
    mc_problem_arg(problem, key, mc_str_from(name.zh), mc_str_from(name.en));
}


static mc_str_t
number(const faults_t *faults, uint64_t value)
{
    return mc_arena_printf(faults->arena, "%" PRIu64, value);
}


static mc_str_t
number_pair(const faults_t *faults, uint32_t a, uint32_t b)
{
    return mc_arena_printf(faults->arena, "%" PRIu32 "\u00d7%" PRIu32, a, b);
}


static mc_problem_t *
add(const faults_t *faults, mc_problem_code_t code)
{
    return mc_problem_add(faults->problems, code);
}


static void
fault_size(const faults_t *faults, uint64_t announced)
{
    bool                   large;
    mc_problem_t          *problem;
    const mc_photo_scan_t *scan;

    scan = faults->scan;
    large = scan->too_large || announced > scan->limits.max;

    if (!large && scan->total >= scan->limits.min) {
        return;
    }

    problem = add(faults, large ? MC_P_PHOTO_TOO_LARGE : MC_P_PHOTO_SIZE);

    if (!large) {
        arg(problem, "measured", number(faults, scan->total));

    } else if (announced > scan->limits.max) {
        arg(problem, "measured", number(faults, announced));

    } else {
        mc_problem_arg(problem, "measured",
                       mc_arena_printf(faults->arena, "%s%" PRIu32,
                                       mc_photo_more_than.zh,
                                       scan->limits.max),
                       mc_arena_printf(faults->arena, "%s%" PRIu32,
                                       mc_photo_more_than.en,
                                       scan->limits.max));
    }

    arg(problem, "min", number(faults, scan->limits.min));
    arg(problem, "max", number(faults, scan->limits.max));
}


static void
fault_pixels(const faults_t *faults)
{
    mc_problem_t           *problem;
    const mc_photo_scan_t  *scan;

    scan = faults->scan;

    if (scan->sof == 0 || scan->height == 0
        || (scan->width == scan->limits.width
            && scan->height == scan->limits.height))
    {
        return;
    }

    problem = add(faults, MC_P_PHOTO_PIXELS);
    arg(problem, "measured", number_pair(faults, scan->width, scan->height));
    arg(problem, "allowed",
        number_pair(faults, scan->limits.width, scan->limits.height));
}


/* That none is recorded is known when the first scan begins. */
static void
fault_density(const faults_t *faults)
{
    uint16_t                x, y;
    mc_problem_t           *problem;
    const mc_photo_scan_t  *scan;

    scan = faults->scan;

    if (!mc_photo_scan_density(scan, &x, &y)) {
        if (scan->scans > 0 && !scan->limits.dpi_missing_ok) {
            problem = add(faults, MC_P_PHOTO_DPI_MISSING);
            arg(problem, "min", number(faults, scan->limits.dpi));
        }

        return;
    }

    if (x >= scan->limits.dpi && y >= scan->limits.dpi) {
        return;
    }

    problem = add(faults, MC_P_PHOTO_DPI);
    arg(problem, "measured",
        x == y ? number(faults, x) : number_pair(faults, x, y));
    arg(problem, "min", number(faults, scan->limits.dpi));
}


/* Three components of luminance and two of colour difference? */
static bool
colour_ok(const mc_photo_scan_t *scan)
{
    if (scan->components != 3) {
        return false;
    }

    if (scan->adobe != 0) {
        return scan->adobe - 1 == ADOBE_YCC;
    }

    return !scan->rgb_ids || scan->jfif;
}


static void
fault_coding(const faults_t *faults)
{
    const mc_photo_scan_t  *scan;

    scan = faults->scan;

    if (scan->coding != MC_CODING_OK) {
        arg_name(add(faults, MC_P_PHOTO_CODING), "kind",
                 mc_photo_coding_name((mc_photo_coding_t) scan->coding));
    }

    if (scan->sof != 0 && !colour_ok(scan)) {
        (void) add(faults, MC_P_PHOTO_COLOUR);
    }

    if (scan->scans > MC_PHOTO_SCANS_MAX) {
        (void) add(faults, MC_P_PHOTO_SCANS);
    }
}


static void
fault_date(const faults_t *faults, const mc_date_t *date)
{
    char                       text[11];
    int64_t                    time;
    mc_problem_code_t          code;
    const mc_photo_limits_t   *limits;

    limits = &faults->scan->limits;
    time = mc_date_time(date, 0);

    if (limits->max_age == 0) {
        return;
    }

    if (time < limits->now - limits->max_age - ZONE_SLACK) {
        code = MC_P_PHOTO_OLD;

    } else if (time > limits->now + FUTURE_ALLOWED + ZONE_SLACK) {
        code = MC_P_PHOTO_FUTURE;

    } else {
        return;
    }

    mc_date_write(time, 0, text);
    arg(add(faults, code), "measured",
        mc_arena_str(faults->arena, mc_str_from(text)));
}


static void
fault_exif(const faults_t *faults)
{
    mc_photo_exif_t  exif;

    mc_photo_exif_read(faults->scan->exif, faults->scan->exif_len, &exif);

    if (exif.orientation != 1) {
        (void) add(faults, MC_P_PHOTO_ORIENTATION);
    }

    if (exif.dated) {
        fault_date(faults, &exif.date);
    }
}


/* What is wrong from the first byte on, or not a file at all. */
static bool
fault_alone(const faults_t *faults)
{
    bool                    jpeg;
    const mc_photo_scan_t  *scan;

    scan = faults->scan;

    /* fewer bytes than it takes to stop; perhaps only 0xFF or nothing */
    jpeg = scan->magic_len == 0
           || (scan->magic[0] == 0xff
               && (scan->magic_len == 1 || scan->magic[1] == 0xd8));

    if (scan->not_jpeg || !jpeg) {
        arg_name(add(faults, MC_P_PHOTO_NOT_JPEG), "kind",
                 mc_photo_kind(scan->magic, scan->magic_len));
        return true;
    }

    if (scan->damaged) {
        (void) add(faults, MC_P_PHOTO_DAMAGED);
        return true;
    }

    return false;
}


bool
mc_photo_scan_end(mc_photo_scan_t *scan, uint64_t announced,
    mc_arena_t *arena, mc_problems_t *problems)
{
    size_t    before;
    faults_t  faults;

    faults = (faults_t) { scan, arena, problems };
    before = problems->count;

    if (fault_alone(&faults)) {
        return false;
    }

    fault_size(&faults, announced);
    fault_pixels(&faults);
    fault_density(&faults);
    fault_coding(&faults);
    fault_exif(&faults);

    if (!scan->ended && !scan->too_large && announced <= scan->limits.max) {
        (void) add(&faults, MC_P_PHOTO_TRUNCATED);
    }

    if (scan->trailing) {
        (void) add(&faults, MC_P_PHOTO_TRAILING);
    }

    return problems->count == before;
}


bool
mc_photo_scan_sound(const mc_photo_scan_t *scan)
{
    return scan->ended && !scan->damaged && !scan->too_large
           && !scan->trailing && scan->coding == MC_CODING_OK
           && scan->scans <= MC_PHOTO_SCANS_MAX && colour_ok(scan);
}
