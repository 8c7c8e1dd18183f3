/*
 * Numbers as the text of a PDF, straight into memory.
 *
 * printf would be half the cost of a page, and would follow the locale.
 * Each takes the place to write to, with room for 24 bytes, and returns the
 * end; nothing is terminated.  Pure; any thread.
 */

#ifndef MC_DIGITS_H
#define MC_DIGITS_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


static inline uint8_t *
mc_digits_uint(uint8_t *p, uint64_t value)
{
    size_t   n;
    uint8_t  text[20];

    n = sizeof(text);

    do {
        text[--n] = (uint8_t) ('0' + value % 10);
        value /= 10;
    } while (value > 0);

    memcpy(p, text + n, sizeof(text) - n);

    return p + (sizeof(text) - n);
}


/* With zeros in front: exactly "width" digits, as many as there are. */
static inline uint8_t *
mc_digits_padded(uint8_t *p, uint64_t value, size_t width)
{
    size_t  n;

    for (n = width; n > 0; n--) {
        p[n - 1] = (uint8_t) ('0' + value % 10);
        value /= 10;
    }

    return p + width;
}


/* Hundredths: 1234 gives 12.34, 1230 12.3, 1200 12. */
static inline uint8_t *
mc_digits_hundredths(uint8_t *p, int64_t value)
{
    uint32_t  part;
    uint64_t  rest;

    if (value < 0) {
        *p++ = '-';
    }

    rest = value < 0 ? (uint64_t) -value : (uint64_t) value;
    part = (uint32_t) (rest % 100);

    p = mc_digits_uint(p, rest / 100);

    if (part != 0) {
        *p++ = '.';
        *p++ = (uint8_t) ('0' + part / 10);

        if (part % 10 != 0) {
            *p++ = (uint8_t) ('0' + part % 10);
        }
    }

    return p;
}


/* Four hex digits. */
static inline uint8_t *
mc_digits_hex(uint8_t *p, unsigned value)
{
    int                i;
    static const char  digits[] = "0123456789ABCDEF";

    for (i = 0; i < 4; i++) {
        *p++ = (uint8_t) digits[(value >> (12 - 4 * i)) & 15];
    }

    return p;
}


#pragma GCC visibility pop

#endif /* MC_DIGITS_H */
