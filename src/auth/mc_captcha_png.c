/*
 * A grey picture as PNG: signature, IHDR, IDAT, IEND.
 *
 * Depends on base and zlib (deflate, CRC-32).  Any thread.  Noise has
 * no repetitions worth a search and no slopes worth a filter: Huffman codes
 * alone make it as small in a third of the time.
 */

#include "mc_captcha_png.h"

#include <zlib.h>


static void *
png_alloc(void *opaque, unsigned count, unsigned size)
{
    return mc_alloc((size_t) count * size);
}


static void
png_free(void *opaque, void *p)
{
    mc_free(p);
}


static void
put_32(uint8_t *out, uint32_t n)
{
    out[0] = (uint8_t) (n >> 24);
    out[1] = (uint8_t) (n >> 16);
    out[2] = (uint8_t) (n >> 8);
    out[3] = (uint8_t) n;
}


/* Length, type, data, CRC of type and data. */
static mc_err_t
put_chunk(mc_buf_t *out, const char *type, const uint8_t *data, size_t len)
{
    uLong    crc;
    uint8_t  number[4];

    put_32(number, (uint32_t) len);
    (void) mc_buf_append(out, number, sizeof(number));
    (void) mc_buf_append(out, type, 4);

    crc = crc32(0, (const Bytef *) type, 4);

    if (len > 0) {
        (void) mc_buf_append(out, data, len);
        crc = crc32(crc, data, (uInt) len);
    }

    put_32(number, (uint32_t) crc);

    return mc_buf_append(out, number, sizeof(number));
}


/* All of "data" into one zlib stream; *len is its length. */
static mc_err_t
deflate_all(const uint8_t *data, size_t size, uint8_t **packed, size_t *len)
{
    int       rc;
    size_t    room;
    z_stream  stream;

    memset(&stream, 0, sizeof(stream));
    stream.zalloc = png_alloc;
    stream.zfree = png_free;
    *packed = NULL;

    if (deflateInit2(&stream, 6, Z_DEFLATED, 15, 8, Z_HUFFMAN_ONLY)
        != Z_OK)
    {
        return MC_ENOMEM;
    }

    room = deflateBound(&stream, (uLong) size);
    *packed = mc_alloc(room);

    if (*packed == NULL) {
        (void) deflateEnd(&stream);
        return MC_ENOMEM;
    }

    stream.next_in = (Bytef *) data;
    stream.avail_in = (uInt) size;
    stream.next_out = *packed;
    stream.avail_out = (uInt) room;

    rc = deflate(&stream, Z_FINISH);
    *len = stream.total_out;
    (void) deflateEnd(&stream);

    return rc == Z_STREAM_END ? MC_OK : MC_EIO;
}


mc_err_t
mc_captcha_png(const uint8_t *pixels, unsigned width, unsigned height,
    mc_buf_t *out)
{
    size_t    len, line;
    uint8_t  *lines, *packed, head[13];
    unsigned  y;
    mc_err_t  err;

    static const uint8_t  signature[] = {
        0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'
    };

    if (width == 0 || width > MC_PNG_SIDE_MAX
        || height == 0 || height > MC_PNG_SIDE_MAX)
    {
        return MC_EINVAL;
    }

    line = (size_t) width + 1;
    lines = mc_alloc(line * height);

    if (lines == NULL) {
        return MC_ENOMEM;
    }

    /* in front of each line its filter: 0, none */

    for (y = 0; y < height; y++) {
        memcpy(lines + y * line + 1, pixels + (size_t) y * width, width);
    }

    err = deflate_all(lines, line * height, &packed, &len);

    if (err == MC_OK) {
        memset(head, 0, sizeof(head));
        put_32(head, width);
        put_32(head + 4, height);
        head[8] = 8;            /* bits; colour type 0 is grey */

        (void) mc_buf_append(out, signature, sizeof(signature));
        (void) put_chunk(out, "IHDR", head, sizeof(head));
        (void) put_chunk(out, "IDAT", packed, len);
        err = put_chunk(out, "IEND", NULL, 0);
    }

    mc_free(packed);
    mc_free(lines);

    return err;
}
