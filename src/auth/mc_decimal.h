/*
 * Bytes as one big-endian number in decimal, and back: the numeric part of
 * a QR symbol takes a third of a byte for each digit, so this is the
 * densest way to carry bytes there that every reader gives out unharmed.
 *
 * Bounded; a few us.  Any thread.
 */

#ifndef MC_DECIMAL_H
#define MC_DECIMAL_H

#include "mc_arena.h"

#pragma GCC visibility push(hidden)


#define MC_DECIMAL_DIGITS  520
#define MC_DECIMAL_BYTES   216

/* How many bytes, the first of them 1, always fit into so many digits. */
size_t mc_decimal_bytes(size_t digits);

/* The first byte is not 0; "bytes" is used up.  MC_ETOOBIG: more than 520
 * digits; MC_ENOMEM. */
mc_err_t mc_decimal_write(uint8_t *bytes, size_t len, mc_arena_t *arena,
    mc_str_t *digits);

/*
 * The number stands at the end of the buffer, from *from on.  MC_EINVAL:
 * something else than digits, none, or a 0 in front; MC_ETOOBIG: more than
 * 520.
 */
mc_err_t mc_decimal_read(mc_str_t digits, uint8_t bytes[MC_DECIMAL_BYTES],
    size_t *from);


#pragma GCC visibility pop

#endif /* MC_DECIMAL_H */
