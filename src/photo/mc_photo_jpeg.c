/*
 * libjpeg's errors as jumps, for the transcode and the decoder of pixels.
 *
 * Depends on base and libjpeg.  Cpu pool or a command.
 */

#include "mc_photo_jpeg.h"

#include <jerror.h>


#define MEMORY_MAX  (16 * 1024 * 1024L)     /* bytes, of one object */


void
mc_photo_jpeg_fail(j_common_ptr object)
{
    mc_photo_jpeg_t  *jpeg;

    jpeg = (mc_photo_jpeg_t *) object->err;
    longjmp(jpeg->failed, 1);
}


/* Negative levels are warnings, the others traces. */
static void
message(j_common_ptr object, int level)
{
    if (level < 0) {
        mc_photo_jpeg_fail(object);
    }
}


static void
message_nowhere(j_common_ptr object)
{
}


struct jpeg_error_mgr *
mc_photo_jpeg_init(mc_photo_jpeg_t *jpeg)
{
    (void) jpeg_std_error(&jpeg->errors);

    jpeg->errors.error_exit = mc_photo_jpeg_fail;
    jpeg->errors.emit_message = message;
    jpeg->errors.output_message = message_nowhere;

    return &jpeg->errors;
}


void
mc_photo_jpeg_bound(j_common_ptr object)
{
    object->mem->max_memory_to_use = MEMORY_MAX;
}


void
mc_photo_jpeg_open(struct jpeg_decompress_struct *in, mc_str_t bytes)
{
    jpeg_create_decompress(in);
    mc_photo_jpeg_bound((j_common_ptr) in);
    jpeg_mem_src(in, (const unsigned char *) bytes.data, bytes.len);
}


bool
mc_photo_jpeg_nomem(const mc_photo_jpeg_t *jpeg)
{
    return jpeg->errors.msg_code == JERR_OUT_OF_MEMORY;
}
