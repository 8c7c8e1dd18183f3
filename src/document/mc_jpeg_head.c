/*
 * The few facts of a JPEG that a PDF states beside it.
 *
 * Depends on base.  Any thread.
 */

#include "mc_jpeg_head.h"


enum { SOF0 = 0xC0, SOS = 0xDA, SOI = 0xD8, EOI = 0xD9, DHT = 0xC4,
       DAC = 0xCC, JPG = 0xC8 };


static bool
is_frame(uint8_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != DHT
           && marker != DAC && marker != JPG;
}


static mc_err_t
read_frame(const uint8_t *p, size_t len, mc_jpeg_head_t *out)
{
    if (len < 8 || p[2] != 8 || (p[7] != 1 && p[7] != 3)
        || len != 8 + 3 * (size_t) p[7])
    {
        return MC_EINVAL;
    }

    out->height = (unsigned) p[3] << 8 | p[4];
    out->width = (unsigned) p[5] << 8 | p[6];
    out->components = p[7];

    return out->width > 0 && out->height > 0 ? MC_OK : MC_EINVAL;
}


mc_err_t
mc_jpeg_head(mc_str_t jpeg, mc_jpeg_head_t *out)
{
    size_t          pos, len;
    uint8_t         marker;
    const uint8_t  *p;

    memset(out, 0, sizeof(*out));

    p = (const uint8_t *) jpeg.data;

    if (jpeg.len < 16 || p[0] != 0xFF || p[1] != SOI
        || p[jpeg.len - 2] != 0xFF || p[jpeg.len - 1] != EOI)
    {
        return MC_EINVAL;
    }

    for (pos = 2; pos + 4 <= jpeg.len; pos += 2 + len) {

        if (p[pos] != 0xFF) {
            return MC_EINVAL;
        }

        marker = p[pos + 1];
        len = (size_t) p[pos + 2] << 8 | p[pos + 3];

        if (marker < 0xC0 || len < 2 || len > jpeg.len - pos - 2) {
            return MC_EINVAL;
        }

        if (marker == SOS) {
            /* entropy coded data follow, and the end that was seen */
            return out->components > 0 && pos + 2 + len + 2 < jpeg.len
                   ? MC_OK : MC_EINVAL;
        }

        if (is_frame(marker)
            && (marker != SOF0 || out->components > 0
                || read_frame(p + pos + 2, len, out) != MC_OK))
        {
            return MC_EINVAL;
        }
    }

    return MC_EINVAL;
}
