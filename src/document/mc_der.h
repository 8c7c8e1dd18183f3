/*
 * DER, as far as a signature needs it: the head of a value, and values
 * around values (only for the files of this room).
 *
 * Pure functions; any thread.  Source: ITU-T X.690.
 */

#ifndef MC_DER_H
#define MC_DER_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_DER_HEAD      5          /* most bytes of a head */

#define MC_DER_INTEGER   0x02
#define MC_DER_OCTETS    0x04
#define MC_DER_SEQUENCE  0x30
#define MC_DER_SET       0x31
#define MC_DER_CONTEXT   0xA0       /* [0], constructed */

/* Tag and length of a value below 16 MB; returns how many bytes. */
size_t mc_der_head(uint8_t tag, size_t len, uint8_t out[MC_DER_HEAD]);

/* Head and content.  Errors stick in "out". */
void mc_der_put(mc_buf_t *out, uint8_t tag, mc_str_t content);

/* The values one after the other, sorted as DER wants the members of a set;
 * "values" is reordered. */
void mc_der_put_set(mc_buf_t *out, uint8_t tag, mc_str_t *values,
    size_t count);


#pragma GCC visibility pop

#endif /* MC_DER_H */
