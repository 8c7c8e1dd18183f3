/*
 * One coefficient pass over a scanned photo: every libjpeg warning is an
 * error, and the result is the lossless transcode that is stored (baseline,
 * optimised Huffman tables, own JFIF header with the photo's density, no
 * other segment, nothing behind EOI).
 *
 * Blocks for <= 0.8 ms: cpu pool or a command, never the loop.  Only for
 * bytes that mc_photo_scan_end() found faultless (the bombs die there).
 */

#ifndef MC_PHOTO_STORE_H
#define MC_PHOTO_STORE_H

#include "mc_buf.h"
#include "mc_photo_scan.h"

#pragma GCC visibility push(hidden)


/*
 * MC_OK and the transcode appended to "out" (initialised by the caller);
 * MC_EINVAL: refused by the decoder, photo_damaged (or photo_coding) is added
 * to "problems"; MC_ENOMEM, MC_ETOOBIG as in the buffer.  In a failure "out"
 * is as long as before.  The transcode of a transcode is itself.  It is
 * about 5 % smaller than a baseline upload and up to 10 % larger than a
 * progressive one: give "out" twice the maximum of uploads.
 */
mc_err_t mc_photo_transcode(mc_str_t jpeg, mc_buf_t *out,
    mc_arena_t *arena, mc_problems_t *problems);

/* Scanner and transcode in one, for whole files (membercertctl). */
mc_err_t mc_photo_check(mc_str_t jpeg, const mc_photo_limits_t *limits,
    mc_buf_t *out, mc_arena_t *arena, mc_problems_t *problems);


#pragma GCC visibility pop

#endif /* MC_PHOTO_STORE_H */
