/*
 * sRGB to CIE L*a*b* by tables: some 10 ns a pixel.
 *
 * The cube root is read between two of 1024 entries; the largest error, at
 * the dark end, is 0.04 of a unit of a* or b*.
 *
 * Depends on base and libm.  Any thread.
 */

#include "mc_photo_lab.h"

#include <math.h>


/* CIE's f(): a cube root that becomes a line near black. */
static float
root_of(float t)
{
    return t > 216.0f / 24389 ? cbrtf(t)
                              : (24389.0f / 27 * t + 16) / 116;
}


void
mc_photo_lab_init(mc_photo_lab_table_t *table)
{
    int    i;
    float  value;

    for (i = 0; i < 256; i++) {
        value = (float) i / 255;
        table->linear[i] = value <= 0.04045f
                           ? value / 12.92f
                           : powf((value + 0.055f) / 1.055f, 2.4f);
    }

    for (i = 0; i < MC_PHOTO_ROOTS + 2; i++) {
        table->root[i] = root_of((float) i / MC_PHOTO_ROOTS);
    }
}


static uint8_t
to_byte(int value)
{
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t) value;
}


/* Factors are in 1/65536. */
void
mc_photo_rgb(const uint8_t *ycc, uint8_t rgb[3])
{
    int  y, cb, cr;

    y = ycc[0] * 65536 + 32768;
    cb = ycc[1] - 128;
    cr = ycc[2] - 128;

    rgb[0] = to_byte((y + 91881 * cr) / 65536);
    rgb[1] = to_byte((y - 22554 * cb - 46802 * cr) / 65536);
    rgb[2] = to_byte((y + 116130 * cb) / 65536);
}


/* "t" is within 0..1, or beyond by what rounding does. */
static float
root(const mc_photo_lab_table_t *table, float t)
{
    int    n;
    float  at;

    at = fminf(t, 1) * MC_PHOTO_ROOTS;
    n = (int) at;

    return table->root[n]
           + (at - (float) n) * (table->root[n + 1] - table->root[n]);
}


mc_photo_lab_t
mc_photo_lab(const mc_photo_lab_table_t *table, const uint8_t rgb[3])
{
    float  r, g, b, x, y, z;

    r = table->linear[rgb[0]];
    g = table->linear[rgb[1]];
    b = table->linear[rgb[2]];

    /* X and Z are relative to white already */

    x = root(table, 0.433953f * r + 0.376219f * g + 0.189828f * b);
    y = root(table, 0.212671f * r + 0.715160f * g + 0.072169f * b);
    z = root(table, 0.017758f * r + 0.109477f * g + 0.872765f * b);

    return (mc_photo_lab_t) {
        .lightness = 116 * y - 16,
        .a = 500 * (x - y),
        .b = 200 * (y - z)
    };
}


float
mc_photo_chroma2(const mc_photo_lab_t *lab)
{
    return lab->a * lab->a + lab->b * lab->b;
}
