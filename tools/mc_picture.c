/*
 * RGB from and to JPEG, by libjpeg.
 *
 * Depends on base and libjpeg.  For tools and tests; any one thread.
 */

#include "mc_picture.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>


#define QUALITY_MIN  5


/* "errors" is first: libjpeg's pointer to it is one to all of this. */
typedef struct {
    struct jpeg_error_mgr  errors;
    jmp_buf                failed;
} guard_t;

typedef struct {
    struct jpeg_compress_struct  jpeg;
    guard_t                      guard;
    unsigned char               *out;
    unsigned long                len;
} coder_t;

typedef struct {
    struct jpeg_decompress_struct  jpeg;
    guard_t                        guard;
    mc_picture_t                  *picture;
    mc_err_t                       err;
} decoder_t;


static void
failed(j_common_ptr jpeg)
{
    guard_t  *guard;

    guard = (guard_t *) jpeg->err;
    longjmp(guard->failed, 1);
}


static struct jpeg_error_mgr *
guard_init(guard_t *guard)
{
    (void) jpeg_std_error(&guard->errors);
    guard->errors.error_exit = failed;

    return &guard->errors;
}


mc_err_t
mc_picture_create(mc_picture_t *picture, uint32_t width, uint32_t height)
{
    picture->width = width;
    picture->height = height;
    picture->rgb = mc_alloc((size_t) width * height * 3);

    return picture->rgb != NULL ? MC_OK : MC_ENOMEM;
}


void
mc_picture_free(mc_picture_t *picture)
{
    mc_free(picture->rgb);
    picture->rgb = NULL;
}


/* All state is the caller's, so that nothing here is lost by a jump. */
static void
decode(decoder_t *decoder, mc_str_t bytes)
{
    JSAMPROW                        row;
    struct jpeg_decompress_struct  *jpeg;

    if (setjmp(decoder->guard.failed) != 0) {
        return;
    }

    jpeg = &decoder->jpeg;
    jpeg_create_decompress(jpeg);
    jpeg_mem_src(jpeg, (const unsigned char *) bytes.data, bytes.len);

    (void) jpeg_read_header(jpeg, TRUE);
    jpeg->out_color_space = JCS_RGB;
    (void) jpeg_start_decompress(jpeg);

    decoder->err = mc_picture_create(decoder->picture, jpeg->output_width,
                                     jpeg->output_height);
    if (decoder->err != MC_OK) {
        return;
    }

    decoder->err = MC_EINVAL;       /* until the end was reached */

    while (jpeg->output_scanline < jpeg->output_height) {
        row = decoder->picture->rgb
              + (size_t) jpeg->output_scanline * jpeg->output_width * 3;
        (void) jpeg_read_scanlines(jpeg, &row, 1);
    }

    (void) jpeg_finish_decompress(jpeg);
    decoder->err = MC_OK;
}


mc_err_t
mc_picture_decode(mc_str_t jpeg, mc_picture_t *picture)
{
    decoder_t  decoder;

    memset(picture, 0, sizeof(*picture));
    memset(&decoder, 0, sizeof(decoder));

    decoder.jpeg.err = guard_init(&decoder.guard);
    decoder.picture = picture;
    decoder.err = MC_EINVAL;

    decode(&decoder, jpeg);
    jpeg_destroy_decompress(&decoder.jpeg);

    if (decoder.err != MC_OK) {
        mc_picture_free(picture);
    }

    return decoder.err;
}


static bool
code(coder_t *coder, const mc_picture_t *picture,
    const mc_picture_coding_t *coding, int quality)
{
    JSAMPROW                      row;
    struct jpeg_compress_struct  *jpeg;

    if (setjmp(coder->guard.failed) != 0) {
        return false;
    }

    jpeg = &coder->jpeg;
    jpeg_create_compress(jpeg);
    jpeg_mem_dest(jpeg, &coder->out, &coder->len);

    jpeg->image_width = picture->width;
    jpeg->image_height = picture->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;

    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, quality, TRUE);
    jpeg->optimize_coding = TRUE;

    jpeg->density_unit = coding->dpi == 0 ? 0 : 1;
    jpeg->X_density = coding->dpi == 0 ? 1 : (UINT16) coding->dpi;
    jpeg->Y_density = jpeg->X_density;

    if (coding->progressive) {
        jpeg_simple_progression(jpeg);
    }

    jpeg_start_compress(jpeg, TRUE);

    while (jpeg->next_scanline < jpeg->image_height) {
        row = picture->rgb + (size_t) jpeg->next_scanline * picture->width
              * 3;
        (void) jpeg_write_scanlines(jpeg, &row, 1);
    }

    jpeg_finish_compress(jpeg);

    return true;
}


/* Appends the file when it has at most coding->max bytes: else
 * MC_ETOOBIG. */
static mc_err_t
encode(const mc_picture_t *picture, const mc_picture_coding_t *coding,
    int quality, mc_buf_t *out)
{
    mc_err_t  err;
    coder_t   coder;

    memset(&coder, 0, sizeof(coder));
    coder.jpeg.err = guard_init(&coder.guard);

    if (!code(&coder, picture, coding, quality)) {
        err = MC_ENOMEM;

    } else if (coder.len > coding->max) {
        err = MC_ETOOBIG;

    } else {
        err = mc_buf_append(out, coder.out, coder.len);
    }

    jpeg_destroy_compress(&coder.jpeg);
    free(coder.out);

    return err;
}


/* The highest quality that fits, by bisection: files grow with it. */
static mc_err_t
encode_fitting(const mc_picture_t *picture,
    const mc_picture_coding_t *coding, mc_buf_t *out)
{
    int       low, high, middle;
    mc_buf_t  trial;
    mc_err_t  err;

    low = QUALITY_MIN;
    high = 100;

    while (low < high) {
        middle = (low + high + 1) / 2;
        mc_buf_init(&trial, coding->max);
        err = encode(picture, coding, middle, &trial);
        mc_buf_free(&trial);

        if (err == MC_OK) {
            low = middle;

        } else if (err == MC_ETOOBIG) {
            high = middle - 1;

        } else {
            return err;
        }
    }

    return encode(picture, coding, low, out);
}


mc_err_t
mc_picture_encode(const mc_picture_t *picture,
    const mc_picture_coding_t *coding, mc_buf_t *jpeg)
{
    return coding->quality != 0
           ? encode(picture, coding, (int) coding->quality, jpeg)
           : encode_fitting(picture, coding, jpeg);
}
