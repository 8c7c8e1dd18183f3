/*
 * QR symbols: what a certificate's square says, as a grid of modules.
 *
 * A symbol is a byte segment (an address) and behind it, where there are
 * digits, a numeric one: readers give out both as one text.  Level M, and
 * never more than 57 modules a side (version 10), so that the square of the
 * A4 can be read at 72 dpi.
 *
 * Over libqrencode, which allocates on its own and keeps no state; 0.1 to
 * 0.6 ms.  Any thread, not the loop.
 * Source: ISO/IEC 18004:2015; spec X05.
 */

#ifndef MC_QR_H
#define MC_QR_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_QR_MODULES  57           /* a side, without the quiet zone */
#define MC_QR_QUIET    4            /* modules to be left white around */
#define MC_QR_PACKED   (1 + (MC_QR_MODULES * MC_QR_MODULES + 7) / 8)

/* Row by row from the upper left corner, no gap between rows; the highest
 * bit of a byte first; 1 = dark.  Bits behind the last module are 0. */
typedef struct {
    unsigned  size;                 /* modules a side: 21, 25 .. 57 */
    uint8_t   bits[(MC_QR_MODULES * MC_QR_MODULES + 7) / 8];
} mc_qr_t;

/*
 * "digits" may be empty.  MC_EINVAL: no address, or what should be digits
 * is not; MC_ETOOBIG: more than 57 modules would be needed; MC_ENOMEM.
 * *out is a symbol only after MC_OK.  The same input gives the same symbol.
 */
mc_err_t mc_qr_make(mc_str_t address, mc_str_t digits, mc_qr_t *out);

/* How many digits fit behind an address of so many bytes; 0: none. */
size_t mc_qr_digits(size_t address_len);

/* "x", "y" below qr->size. */
bool mc_qr_dark(const mc_qr_t *qr, unsigned x, unsigned y);

/* The form kept in the store: size as one byte, then the bits (at most
 * MC_QR_PACKED bytes).  Reading: MC_ECORRUPT unless it is exactly that. */
mc_err_t mc_qr_pack(const mc_qr_t *qr, mc_buf_t *out);
mc_err_t mc_qr_unpack(mc_str_t packed, mc_qr_t *out);


#pragma GCC visibility pop

#endif /* MC_QR_H */
