/*
 * A grey picture as PNG (ISO/IEC 15948): 8 bits a pixel, one IDAT.
 *
 * Any thread; allocates.
 */

#ifndef MC_CAPTCHA_PNG_H
#define MC_CAPTCHA_PNG_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_PNG_SIDE_MAX  1024

/* "pixels" are height lines of width bytes, 0 black.  Appends to out. */
mc_err_t mc_captcha_png(const uint8_t *pixels, unsigned width,
    unsigned height, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_CAPTCHA_PNG_H */
