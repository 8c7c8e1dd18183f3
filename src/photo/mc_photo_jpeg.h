/*
 * What every use of libjpeg here shares: errors and warnings end it by a
 * jump, its memory is bounded, the source is a string.
 *
 * libjpeg reports an error by error_exit(), which must not return.  Whoever
 * calls libjpeg does so below a setjmp(jpeg->failed) in the same function,
 * changes no local variable between that and a possible jump, and keeps all
 * state in a struct of its caller.  Warnings go the same way: a decoder that
 * goes on after "corrupt data" works on a guess.
 *
 * Neither blocks nor locks; cpu pool or a command.
 */

#ifndef MC_PHOTO_JPEG_H
#define MC_PHOTO_JPEG_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "mc_base.h"

#pragma GCC visibility push(hidden)


/* "errors" is first: libjpeg's pointer to it is one to all of this. */
typedef struct {
    struct jpeg_error_mgr  errors;
    jmp_buf                failed;
} mc_photo_jpeg_t;

/* For the "err" member of libjpeg objects; several may share one. */
struct jpeg_error_mgr *mc_photo_jpeg_init(mc_photo_jpeg_t *jpeg);

/* Jumps; also for callbacks of ours that libjpeg calls. */
void mc_photo_jpeg_fail(j_common_ptr object) __attribute__((noreturn));

/* Creates a decoder whose "err" is set already, over bytes that stay. */
void mc_photo_jpeg_open(struct jpeg_decompress_struct *in, mc_str_t bytes);

/* Bounds the memory of an object that was just created. */
void mc_photo_jpeg_bound(j_common_ptr object);

/* After a jump: was it for want of memory? */
bool mc_photo_jpeg_nomem(const mc_photo_jpeg_t *jpeg);


#pragma GCC visibility pop

#endif /* MC_PHOTO_JPEG_H */
