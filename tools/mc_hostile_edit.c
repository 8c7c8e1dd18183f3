/*
 * Cutting and pasting in a JPEG file.
 *
 * Depends on base and libjpeg.  For tools and tests; any one thread.
 */

#include "mc_hostile_edit.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>


#define PLAIN_WIDTH   178
#define PLAIN_HEIGHT  220

#define M_SOS   0xda
#define M_APP1  0xe1
#define M_COM   0xfe

#define EXIF_MAX  256


typedef struct {
    struct jpeg_compress_struct  jpeg;
    struct jpeg_error_mgr        errors;
    jmp_buf                      failed;
    unsigned char               *out;
    unsigned long                len;
} coder_t;


static void
coder_failed(j_common_ptr jpeg)
{
    coder_t  *coder;

    coder = jpeg->client_data;
    longjmp(coder->failed, 1);
}


/* For a file of 10 to 20 KB. */
static int
plain_quality(mc_plain_t kind)
{
    switch (kind) {

    case MC_PLAIN_CMYK:
        return 20;

    case MC_PLAIN_RGB:
    case MC_PLAIN_RGB_IDS:
        return 35;

    default:
        return 85;
    }
}


static void
plain_setup(struct jpeg_compress_struct *jpeg, mc_plain_t kind)
{
    jpeg->image_width = PLAIN_WIDTH;
    jpeg->image_height = PLAIN_HEIGHT;
    jpeg->input_components = kind == MC_PLAIN_GRAY ? 1
                             : kind == MC_PLAIN_CMYK ? 4 : 3;
    jpeg->in_color_space = kind == MC_PLAIN_GRAY ? JCS_GRAYSCALE
                           : kind == MC_PLAIN_CMYK ? JCS_CMYK : JCS_RGB;

    jpeg_set_defaults(jpeg);

    if (kind == MC_PLAIN_RGB || kind == MC_PLAIN_RGB_IDS) {
        jpeg_set_colorspace(jpeg, JCS_RGB);
        jpeg->write_Adobe_marker = kind == MC_PLAIN_RGB;
    }

    jpeg_set_quality(jpeg, plain_quality(kind), TRUE);
    jpeg->density_unit = 1;
    jpeg->X_density = 96;
    jpeg->Y_density = 96;
    jpeg->restart_interval = kind == MC_PLAIN_RESTART ? 1 : 0;
}


static bool
plain_code(coder_t *coder, mc_plain_t kind)
{
    JSAMPLE   line[PLAIN_WIDTH * 4];
    JSAMPROW  row;
    uint32_t  noise;
    size_t    i;

    if (setjmp(coder->failed) != 0) {
        return false;
    }

    jpeg_create_compress(&coder->jpeg);
    jpeg_mem_dest(&coder->jpeg, &coder->out, &coder->len);
    plain_setup(&coder->jpeg, kind);
    jpeg_start_compress(&coder->jpeg, TRUE);

    noise = 1;

    while (coder->jpeg.next_scanline < coder->jpeg.image_height) {
        for (i = 0; i < sizeof(line); i++) {
            noise = noise * 1664525 + 1013904223;
            line[i] = (JSAMPLE) (100 + i / 10 + (noise >> 26));
        }

        row = line;
        (void) jpeg_write_scanlines(&coder->jpeg, &row, 1);
    }

    jpeg_finish_compress(&coder->jpeg);

    return true;
}


mc_err_t
mc_plain_draw(mc_plain_t kind, mc_buf_t *out)
{
    mc_err_t  err;
    coder_t   coder;

    memset(&coder, 0, sizeof(coder));
    coder.jpeg.err = jpeg_std_error(&coder.errors);
    coder.errors.error_exit = coder_failed;
    coder.jpeg.client_data = &coder;

    err = plain_code(&coder, kind) ? mc_buf_append(out, coder.out, coder.len)
                                   : MC_ENOMEM;

    jpeg_destroy_compress(&coder.jpeg);
    free(coder.out);

    return err;
}


size_t
mc_edit_find(const mc_buf_t *jpeg, uint8_t marker, unsigned n)
{
    size_t  at;

    for (at = 2; at + 4 <= jpeg->len && jpeg->data[at] == 0xff;
         at += 2 + (size_t) (jpeg->data[at + 2] << 8 | jpeg->data[at + 3]))
    {
        if (jpeg->data[at + 1] == marker && n-- == 0) {
            return at;
        }

        if (jpeg->data[at + 1] == M_SOS) {
            break;
        }
    }

    return 0;
}


void
mc_edit_splice(mc_buf_t *jpeg, size_t at, size_t cut, const void *data,
    size_t len)
{
    mc_buf_t  edited;

    if (jpeg->err != MC_OK) {
        return;
    }

    if (at > jpeg->len || cut > jpeg->len - at) {
        jpeg->err = MC_EINVAL;
        return;
    }

    mc_buf_init(&edited, jpeg->max);
    mc_buf_append(&edited, jpeg->data, at);
    mc_buf_append(&edited, data, len);
    mc_buf_append(&edited, jpeg->data + at + cut, jpeg->len - at - cut);

    mc_buf_free(jpeg);
    *jpeg = edited;
}


void
mc_edit_segment(mc_buf_t *jpeg, size_t at, uint8_t marker,
    const void *payload, size_t len)
{
    uint8_t  head[4];

    head[0] = 0xff;
    head[1] = marker;
    head[2] = (uint8_t) ((len + 2) >> 8);
    head[3] = (uint8_t) (len + 2);

    mc_edit_splice(jpeg, at, 0, payload, len);
    mc_edit_splice(jpeg, at, 0, head, sizeof(head));
}


void
mc_edit_pad(mc_buf_t *jpeg, size_t size)
{
    uint8_t  *blanks;
    size_t    at, len;

    at = mc_edit_find(jpeg, 0xdb, 0);

    if (size < jpeg->len + 4 || size > jpeg->len + 65537 || at == 0) {
        jpeg->err = jpeg->err == MC_OK ? MC_EINVAL : jpeg->err;
        return;
    }

    len = size - jpeg->len - 4;

    blanks = mc_alloc(len);
    if (blanks == NULL) {
        jpeg->err = MC_ENOMEM;
        return;
    }

    memset(blanks, ' ', len);
    mc_edit_segment(jpeg, at, M_COM, blanks, len);
    mc_free(blanks);
}


/* Numbers of a TIFF structure, in its byte order. */
typedef struct {
    uint8_t  data[EXIF_MAX];
    size_t   len;
    bool     big;
} tiff_t;


static void
put(tiff_t *tiff, uint32_t value, unsigned bytes)
{
    unsigned  i, shift;

    for (i = 0; i < bytes && tiff->len < EXIF_MAX; i++) {
        shift = 8 * (tiff->big ? bytes - 1 - i : i);
        tiff->data[tiff->len++] = (uint8_t) (value >> shift);
    }
}


static void
put_entry(tiff_t *tiff, uint32_t tag, uint32_t type, uint32_t count,
    uint32_t value)
{
    put(tiff, tag, 2);
    put(tiff, type, 2);
    put(tiff, count, 4);

    if (type == 3) {
        put(tiff, value, 2);
        put(tiff, 0, 2);

    } else {
        put(tiff, value, 4);
    }
}


/*
 * Fixed places: header 0, first directory 8 (5 entries), Exif directory 74
 * (1 entry), density 92, date 100.
 */
void
mc_edit_exif(mc_buf_t *jpeg, const mc_exif_recipe_t *recipe)
{
    bool    dots;
    tiff_t  tiff;

    memset(&tiff, 0, sizeof(tiff));
    tiff.big = recipe->big;
    dots = recipe->dots[0] != 0;

    memcpy(tiff.data, recipe->big ? "MM" : "II", 2);
    tiff.len = 2;
    put(&tiff, 42, 2);
    put(&tiff, 8, 4);

    put(&tiff, 5, 2);
    put_entry(&tiff, recipe->orientation != 0 ? 0x0112 : 0x0110, 3, 1,
              recipe->orientation);
    put_entry(&tiff, dots ? 0x011a : 0x0110, 5, 1, 92);
    put_entry(&tiff, dots ? 0x011b : 0x0110, 5, 1, 92);
    put_entry(&tiff, dots ? 0x0128 : 0x0110, 3, 1, recipe->unit);
    put_entry(&tiff, 0x8769, 4, 1, recipe->loop ? 8 : 74);
    put(&tiff, recipe->loop ? 8 : 0, 4);

    put(&tiff, 1, 2);
    put_entry(&tiff, recipe->date[0] != '\0' ? 0x9003 : 0x9286, 2, 20, 100);
    put(&tiff, 0, 4);

    put(&tiff, recipe->dots[0], 4);
    put(&tiff, recipe->dots[1], 4);
    memcpy(tiff.data + 100, recipe->date, sizeof(recipe->date));
    tiff.len = 100 + sizeof(recipe->date);

    mc_edit_segment(jpeg, 2, M_APP1, tiff.data, tiff.len);
    mc_edit_splice(jpeg, 6, 0, "Exif\0\0", 6);

    if (jpeg->err == MC_OK) {
        jpeg->data[4] = (uint8_t) ((tiff.len + 8) >> 8);
        jpeg->data[5] = (uint8_t) (tiff.len + 8);
    }
}
