/*
 * Numbers and matrices of SVG.
 *
 * Depends on base, libm.  Pure; any thread.
 *
 * Read by hand: strtod() would follow the locale, and takes "0x1p3", "inf".
 */

#include "mc_seal_draw.h"

#include <math.h>


mc_seal_scan_t
mc_seal_scan(mc_str_t text)
{
    mc_seal_scan_t  scan;

    scan.p = text.len > 0 ? text.data : "";
    scan.end = scan.p + text.len;
    mc_seal_blanks(&scan);

    return scan;
}


void
mc_seal_blanks(mc_seal_scan_t *scan)
{
    while (scan->p < scan->end
           && (*scan->p == ' ' || *scan->p == '\t' || *scan->p == '\n'
               || *scan->p == '\r' || *scan->p == '\f'))
    {
        scan->p++;
    }
}


void
mc_seal_comma(mc_seal_scan_t *scan)
{
    mc_seal_blanks(scan);

    if (scan->p < scan->end && *scan->p == ',') {
        scan->p++;
        mc_seal_blanks(scan);
    }
}


static bool
is_digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}


/* "e-3" behind a number; an "e" without digits is not one's own. */
static int
read_exponent(mc_seal_scan_t *scan)
{
    int          value;
    bool         negative;
    const char  *p;

    p = scan->p;

    if (p >= scan->end || (*p != 'e' && *p != 'E')) {
        return 0;
    }

    p++;
    negative = p < scan->end && *p == '-';

    if (p < scan->end && (*p == '-' || *p == '+')) {
        p++;
    }

    if (!is_digit(p, scan->end)) {
        return 0;
    }

    for (value = 0; is_digit(p, scan->end); p++) {
        if (value < 1000) {
            value = value * 10 + (*p - '0');
        }
    }

    scan->p = p;

    return negative ? -value : value;
}


bool
mc_seal_number(mc_seal_scan_t *scan, double *out)
{
    int          digits, scale;
    bool         negative;
    double       value;
    const char  *p;

    p = scan->p;
    negative = p < scan->end && *p == '-';

    if (p < scan->end && (*p == '-' || *p == '+')) {
        p++;
    }

    value = 0;
    scale = 0;

    for (digits = 0; is_digit(p, scan->end); p++, digits++) {
        value = value * 10 + (*p - '0');
    }

    if (p < scan->end && *p == '.'
        && (digits > 0 || is_digit(p + 1, scan->end)))
    {
        for (p++; is_digit(p, scan->end); p++, digits++) {

            if (scale > -30) {      /* further ones change nothing */
                value = value * 10 + (*p - '0');
                scale--;
            }
        }
    }

    if (digits == 0 || digits > 300) {
        return false;
    }

    scan->p = p;
    scale += read_exponent(scan);
    value *= pow(10, scale);
    *out = negative ? -value : value;

    return isfinite(value) && value < 1e9;
}


bool
mc_seal_length(mc_str_t text, double *out)
{
    mc_seal_scan_t  scan;

    scan = mc_seal_scan(text);

    if (!mc_seal_number(&scan, out)) {
        return false;
    }

    if (scan.end - scan.p >= 2 && scan.p[0] == 'p' && scan.p[1] == 'x') {
        scan.p += 2;
    }

    mc_seal_blanks(&scan);

    return scan.p == scan.end;
}


mc_seal_matrix_t
mc_seal_multiply(const mc_seal_matrix_t *outer, const mc_seal_matrix_t *inner)
{
    return (mc_seal_matrix_t) {
        outer->a * inner->a + outer->c * inner->b,
        outer->b * inner->a + outer->d * inner->b,
        outer->a * inner->c + outer->c * inner->d,
        outer->b * inner->c + outer->d * inner->d,
        outer->a * inner->e + outer->c * inner->f + outer->e,
        outer->b * inner->e + outer->d * inner->f + outer->f
    };
}


double
mc_seal_det(const mc_seal_matrix_t *matrix)
{
    return matrix->a * matrix->d - matrix->b * matrix->c;
}
