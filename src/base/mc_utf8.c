/*
 * UTF-8: strict decoding by lead byte, then the checks on code points.
 *
 * Depends on mc_base only.  Pure functions; any thread.
 */

#include "mc_utf8.h"


#define UTF8_FIRST_SURROGATE  0xD800u
#define UTF8_LAST_SURROGATE   0xDFFFu
#define UTF8_LAST             0x10FFFFu


uint32_t
mc_utf8_next(mc_str_t s, size_t *pos)
{
    size_t          i, more;
    uint32_t        code, least;
    const uint8_t  *p;

    p = (const uint8_t *) s.data + *pos;

    if (p[0] < 0x80) {
        *pos += 1;
        return p[0];
    }

    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        more = 1;
        least = 0x80;
        code = p[0] & 0x1Fu;

    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        more = 2;
        least = 0x800;
        code = p[0] & 0x0Fu;

    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        more = 3;
        least = 0x10000;
        code = p[0] & 0x07u;

    } else {
        *pos += 1;
        return MC_UTF8_BAD;
    }

    for (i = 1; i <= more; i++) {
        if (i >= s.len - *pos || (p[i] & 0xC0) != 0x80) {
            *pos += 1;
            return MC_UTF8_BAD;
        }

        code = code << 6 | (p[i] & 0x3Fu);
    }

    if (code < least || code > UTF8_LAST
        || (code >= UTF8_FIRST_SURROGATE && code <= UTF8_LAST_SURROGATE))
    {
        *pos += 1;
        return MC_UTF8_BAD;
    }

    *pos += more + 1;

    return code;
}


size_t
mc_utf8_encode(uint32_t code_point, char out[4])
{
    size_t   i, more;
    uint8_t  lead;

    if (code_point < 0x80) {
        out[0] = (char) code_point;
        return 1;
    }

    if (code_point > UTF8_LAST
        || (code_point >= UTF8_FIRST_SURROGATE
            && code_point <= UTF8_LAST_SURROGATE))
    {
        return 0;
    }

    if (code_point < 0x800) {
        more = 1;
        lead = 0xC0;

    } else if (code_point < 0x10000) {
        more = 2;
        lead = 0xE0;

    } else {
        more = 3;
        lead = 0xF0;
    }

    out[0] = (char) (lead | code_point >> (6 * more));

    for (i = 1; i <= more; i++) {
        out[i] = (char) (0x80 | (code_point >> (6 * (more - i)) & 0x3F));
    }

    return more + 1;
}


bool
mc_utf8_valid(mc_str_t s)
{
    size_t  pos;

    for (pos = 0; pos < s.len; /* void */ ) {
        if (mc_utf8_next(s, &pos) == MC_UTF8_BAD) {
            return false;
        }
    }

    return true;
}


size_t
mc_utf8_count(mc_str_t s)
{
    size_t  i, count;

    count = 0;

    for (i = 0; i < s.len; i++) {
        count += ((uint8_t) s.data[i] & 0xC0) != 0x80;
    }

    return count;
}


/* Text direction is ours to set: these turn the shown order around. */
static bool
is_bidi_control(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F
           || (code >= 0x202A && code <= 0x202E)
           || (code >= 0x2066 && code <= 0x2069);
}


static bool
is_noncharacter(uint32_t code)
{
    return (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
}


bool
mc_utf8_printable(mc_str_t s, bool allow_newline)
{
    size_t    pos;
    uint32_t  code;

    for (pos = 0; pos < s.len; /* void */ ) {
        code = mc_utf8_next(s, &pos);

        if (code == '\n' && allow_newline) {
            continue;
        }

        if (code == MC_UTF8_BAD || code < 0x20
            || (code >= 0x7F && code <= 0x9F)
            || code == 0x2028 || code == 0x2029 || code == 0xFEFF
            || is_bidi_control(code) || is_noncharacter(code))
        {
            return false;
        }
    }

    return true;
}


static bool
is_blank(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r')
           || code == 0x00A0 || code == 0x3000
           || (code >= 0x2000 && code <= 0x200B) || code == 0xFEFF;
}


mc_str_t
mc_utf8_trim(mc_str_t s)
{
    size_t    pos, last;
    uint32_t  code;

    for (pos = 0; pos < s.len; s.data += pos, s.len -= pos, pos = 0) {
        if (!is_blank(mc_utf8_next(s, &pos))) {
            break;
        }
    }

    while (s.len > 0) {
        last = s.len - 1;

        while (last > 0 && ((uint8_t) s.data[last] & 0xC0) == 0x80) {
            last--;
        }

        pos = last;
        code = mc_utf8_next(s, &pos);

        if (pos != s.len || !is_blank(code)) {
            break;
        }

        s.len = last;
    }

    return s;
}
