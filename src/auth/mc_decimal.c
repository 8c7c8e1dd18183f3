/*
 * Decimal digits of a long number, nine at a time.
 *
 * Depends on base only.  Any thread; no state.
 */

#include "mc_decimal.h"


#define CHUNK        9              /* digits that 32 bits hold */
#define CHUNK_VALUE  UINT64_C(1000000000)


size_t
mc_decimal_bytes(size_t digits)
{
    size_t  bits;

    if (digits > MC_DECIMAL_DIGITS) {
        digits = MC_DECIMAL_DIGITS;
    }

    bits = digits * 3321928 / 1000000;          /* log2(10) */

    return bits > 0 ? 1 + (bits - 1) / 8 : 0;
}


mc_err_t
mc_decimal_write(uint8_t *bytes, size_t len, mc_arena_t *arena,
    mc_str_t *digits)
{
    int       k;
    char      out[MC_DECIMAL_DIGITS + CHUNK];
    size_t    i, n;
    uint64_t  rest;

    n = sizeof(out);

    while (len > 0 && n >= CHUNK) {
        rest = 0;

        for (i = 0; i < len; i++) {
            rest = rest << 8 | bytes[i];
            bytes[i] = (uint8_t) (rest / CHUNK_VALUE);
            rest %= CHUNK_VALUE;
        }

        for (k = 0; k < CHUNK; k++) {
            out[--n] = (char) ('0' + rest % 10);
            rest /= 10;
        }

        while (len > 0 && *bytes == 0) {
            bytes++;
            len--;
        }
    }

    if (len > 0) {
        return MC_ETOOBIG;
    }

    while (n < sizeof(out) && out[n] == '0') {
        n++;
    }

    *digits = mc_arena_str(arena, (mc_str_t) { out + n, sizeof(out) - n });

    return digits->data != NULL ? MC_OK : MC_ENOMEM;
}


/* bytes = bytes * factor + value; what runs over the front is lost, and
 * cannot be there: the number of digits is bounded. */
static void
bytes_add(uint8_t bytes[MC_DECIMAL_BYTES], uint64_t factor, uint64_t value)
{
    size_t  i;

    for (i = MC_DECIMAL_BYTES; i > 0; i--) {
        value += bytes[i - 1] * factor;
        bytes[i - 1] = (uint8_t) value;
        value >>= 8;
    }
}


/* No number of 520 digits is longer than 1728 bits, which is 216 bytes. */
mc_err_t
mc_decimal_read(mc_str_t digits, uint8_t bytes[MC_DECIMAL_BYTES], size_t *from)
{
    size_t    i;
    uint64_t  factor, value;

    if (digits.len == 0) {
        return MC_EINVAL;
    }

    if (digits.len > MC_DECIMAL_DIGITS) {
        return MC_ETOOBIG;
    }

    if (digits.data[0] == '0') {
        return MC_EINVAL;
    }

    memset(bytes, 0, MC_DECIMAL_BYTES);
    factor = 1;
    value = 0;

    for (i = 0; i < digits.len; i++) {

        if (digits.data[i] < '0' || digits.data[i] > '9') {
            return MC_EINVAL;
        }

        value = value * 10 + (uint64_t) (digits.data[i] - '0');
        factor *= 10;

        if (factor == CHUNK_VALUE || i + 1 == digits.len) {
            bytes_add(bytes, factor, value);
            factor = 1;
            value = 0;
        }
    }

    for (i = 0; bytes[i] == 0; i++) { /* the first digit was not 0 */ }

    *from = i;

    return MC_OK;
}
