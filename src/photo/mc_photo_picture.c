/*
 * Decoding to pixels, and the quality that a file was coded with.
 *
 * Depends on base and libjpeg.  Cpu pool or a command.
 */

#include "mc_photo_picture.h"

#include "mc_photo_jpeg.h"


#define USUAL_WIDTH   178
#define EIGHTHS       8
#define CHANNELS      3
#define PIXELS_MAX    (4096u * 4096u)


typedef struct {
    struct jpeg_decompress_struct   in;
    mc_photo_jpeg_t                 errors;
    mc_str_t                        jpeg;
    mc_photo_picture_t             *picture;
    bool                            nomem;
} decode_t;


/* The luma table of T.81 annex K, in natural order: quality 50. */
static const uint8_t usual_luma[DCTSIZE2] = {
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99
};


/*
 * The quality for which libjpeg would scale the usual table to this one's
 * size: other encoders' tables have the same size at the same coarseness.
 */
static uint32_t
quality_of(const JQUANT_TBL *table)
{
    int       i;
    uint32_t  sum, usual, percent;

    sum = 0;
    usual = 0;

    for (i = 0; i < DCTSIZE2; i++) {
        sum += table->quantval[i];
        usual += usual_luma[i];
    }

    percent = (100 * sum + usual / 2) / usual;

    if (percent <= 2) {
        return 100;
    }

    return percent <= 100 ? (200 - percent) / 2
           : percent < 5000 ? 5000 / percent : 1;
}


/* As few eighths as keep the usual width. */
static unsigned
eighths(JDIMENSION width)
{
    JDIMENSION  n;

    n = (USUAL_WIDTH * EIGHTHS + width - 1) / width;

    return n < 1 ? 1 : n > EIGHTHS ? EIGHTHS : n;
}


static bool
prepare(decode_t *decode)
{
    JQUANT_TBL          *table;
    mc_photo_picture_t  *picture;

    picture = decode->picture;

    decode->in.out_color_space = JCS_YCbCr;
    decode->in.scale_num = eighths(decode->in.image_width);
    decode->in.scale_denom = EIGHTHS;

    (void) jpeg_start_decompress(&decode->in);

    picture->width = decode->in.output_width;
    picture->height = decode->in.output_height;
    table = decode->in.comp_info[0].quant_table;

    if (table == NULL || decode->in.output_components != CHANNELS
        || picture->height > PIXELS_MAX / picture->width)
    {
        return false;
    }

    picture->quality = quality_of(table);
    picture->pixels = mc_alloc((size_t) picture->width * picture->height
                               * CHANNELS);
    decode->nomem = picture->pixels == NULL;

    return !decode->nomem;
}


/* True when all went well; the decoder exists and is the caller's. */
static bool
decode_run(decode_t *decode)
{
    JSAMPROW  row;

    if (setjmp(decode->errors.failed) != 0) {
        return false;
    }

    mc_photo_jpeg_open(&decode->in, decode->jpeg);
    (void) jpeg_read_header(&decode->in, TRUE);

    if (!prepare(decode)) {
        return false;
    }

    while (decode->in.output_scanline < decode->in.output_height) {
        row = decode->picture->pixels
              + (size_t) decode->in.output_scanline * decode->picture->width
                * CHANNELS;
        (void) jpeg_read_scanlines(&decode->in, &row, 1);
    }

    (void) jpeg_finish_decompress(&decode->in);

    return true;
}


mc_err_t
mc_photo_picture_decode(mc_str_t jpeg, mc_photo_picture_t *picture)
{
    mc_err_t  err;
    decode_t  decode;

    memset(picture, 0, sizeof(*picture));
    memset(&decode, 0, sizeof(decode));

    decode.jpeg = jpeg;
    decode.picture = picture;
    decode.in.err = mc_photo_jpeg_init(&decode.errors);

    err = MC_OK;

    if (!decode_run(&decode)) {
        err = decode.nomem || mc_photo_jpeg_nomem(&decode.errors)
              ? MC_ENOMEM : MC_EINVAL;
        mc_photo_picture_free(picture);
    }

    jpeg_destroy_decompress(&decode.in);

    return err;
}


void
mc_photo_picture_free(mc_photo_picture_t *picture)
{
    if (picture->pixels != NULL) {
        mc_free_wiped(picture->pixels,
                      (size_t) picture->width * picture->height * CHANNELS);
    }

    memset(picture, 0, sizeof(*picture));
}
