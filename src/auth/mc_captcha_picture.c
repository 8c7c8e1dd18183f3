/*
 * Drawing of a captcha's picture.
 *
 * Depends on base, mc_captcha_png.h and FreeType (while opening).  Opening
 * reads files; drawing is pure arithmetic over masks that nobody changes;
 * any thread.
 *
 * Each pixel asks where it came from: through two waves over the whole
 * picture, then through each letter's own turn, shear and size back into its
 * mask.  Lines and noise come on top.
 */

#include "mc_captcha_picture.h"

#include <math.h>
#include <stdio.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "mc_captcha_png.h"


#define COUNT   (sizeof(MC_CAPTCHA_ALPHABET) - 1)
#define SIDE    80              /* pixels of a mask */
#define EM      64              /* pixels of the letters in it */
#define BOLD    (3 * 64)        /* 64ths of a pixel: written fonts are thin */
#define WIDTH   MC_CAPTCHA_WIDTH
#define HEIGHT  MC_CAPTCHA_HEIGHT
#define LINES   2
#define FAINT   0.9             /* ink of a line; letters have 1 */
#define LEVELS  16              /* of grey, so that it packs well */
#define PI      3.14159265358979

struct mc_captcha_font_s {
    uint8_t  masks[COUNT][SIDE][SIDE];      /* 255 ink; centred */
};

/* Where a letter stands: mask = to * (pixel - centre). */
typedef struct {
    const uint8_t (*mask)[SIDE];
    double          x;
    double          y;
    double          to[4];
} glyph_t;

typedef struct {
    uint64_t  random;
    glyph_t   glyphs[MC_CAPTCHA_LETTERS];
    double    across[HEIGHT];           /* how far each line is moved */
    double    down[WIDTH];              /* and each column */
    double    lines[LINES][WIDTH];      /* where a line runs: y */
} drawing_t;


/* The letter's coverage into the middle of its mask. */
static const char *
font_letter(FT_Face face, char letter, uint8_t mask[SIDE][SIDE])
{
    unsigned          x, y, left, top;
    const FT_Bitmap  *bitmap;

    if (FT_Get_Char_Index(face, (FT_ULong) letter) == 0) {
        return "has not all letters";
    }

    if (FT_Load_Char(face, (FT_ULong) letter,
                     FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP)
        != 0
        || FT_Outline_Embolden(&face->glyph->outline, BOLD) != 0
        || FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0)
    {
        return "has a letter that cannot be drawn";
    }

    bitmap = &face->glyph->bitmap;

    if (bitmap->pixel_mode != FT_PIXEL_MODE_GRAY || bitmap->pitch < 0
        || bitmap->width == 0 || bitmap->width > SIDE
        || bitmap->rows == 0 || bitmap->rows > SIDE)
    {
        return "has a letter of an unusual size";
    }

    left = (SIDE - bitmap->width) / 2;
    top = (SIDE - bitmap->rows) / 2;

    for (y = 0; y < bitmap->rows; y++) {
        for (x = 0; x < bitmap->width; x++) {
            mask[top + y][left + x] =
                bitmap->buffer[y * (unsigned) bitmap->pitch + x];
        }
    }

    return NULL;
}


/* NULL, or what is wrong with the file. */
static const char *
font_read(FT_Library library, mc_str_t file, mc_captcha_font_t *font)
{
    char         path[4096];
    size_t       i;
    FT_Face      face;
    const char  *wrong;

    if (file.len == 0 || file.len >= sizeof(path)) {
        return "has no usable name";
    }

    memcpy(path, file.data, file.len);
    path[file.len] = '\0';

    if (FT_New_Face(library, path, 0, &face) != 0) {
        return "cannot be opened";
    }

    wrong = FT_Set_Pixel_Sizes(face, 0, EM) != 0 ? "cannot be scaled" : NULL;

    for (i = 0; i < COUNT && wrong == NULL; i++) {
        wrong = font_letter(face, MC_CAPTCHA_ALPHABET[i], font->masks[i]);
    }

    (void) FT_Done_Face(face);

    return wrong;
}


mc_captcha_font_t *
mc_captcha_font_open(const mc_str_t *files, size_t count, char error[256])
{
    size_t              i;
    FT_Library          library;
    const char         *wrong, *first;
    mc_captcha_font_t  *font;

    font = NULL;
    first = "is missing";
    wrong = first;

    if (FT_Init_FreeType(&library) != 0) {
        (void) snprintf(error, 256, "FreeType cannot be initialised");
        return NULL;
    }

    for (i = 0; i < count && wrong != NULL; i++) {
        mc_free(font);

        font = mc_alloc(sizeof(mc_captcha_font_t));
        wrong = font == NULL ? "finds no memory"
                             : font_read(library, files[i], font);
        first = i == 0 ? wrong : first;
    }

    (void) FT_Done_FreeType(library);

    if (wrong != NULL) {
        mc_free(font);
        (void) snprintf(error, 256, "no font for the captcha's letters "
                        "(the first one %s)", first);
        return NULL;
    }

    return font;
}


void
mc_captcha_font_close(mc_captcha_font_t *font)
{
    mc_free(font);
}


/* SplitMix64: looks, not secrets. */
static uint64_t
next_random(drawing_t *d)
{
    uint64_t  z;

    d->random += UINT64_C(0x9e3779b97f4a7c15);
    z = d->random;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);

    return z ^ z >> 31;
}


static double
between(drawing_t *d, double low, double high)
{
    return low + (high - low) * (double) (next_random(d) >> 11)
                 / (double) (UINT64_C(1) << 53);
}


static double
either(drawing_t *d, double low, double high)
{
    double  n;

    n = between(d, low, high);

    return (next_random(d) & 1) != 0 ? n : -n;
}


/* mask = 1/size * shear^-1 * turn^-1 * (pixel - centre) */
static void
plan_glyph(drawing_t *d, glyph_t *glyph, unsigned n)
{
    double  turn, shear, size, across, c, s;

    turn = either(d, 0.06, 0.36);
    shear = either(d, 0.05, 0.25);
    size = between(d, 0.64, 0.76);
    across = size * between(d, 0.90, 1.10);

    c = cos(turn);
    s = sin(turn);

    glyph->to[0] = (c - shear * -s) / across;
    glyph->to[1] = (s - shear * c) / across;
    glyph->to[2] = -s / size;
    glyph->to[3] = c / size;

    glyph->x = 22.0 + 29.0 * n + between(d, -3.5, 3.5);
    glyph->y = HEIGHT / 2.0 + between(d, -4.0, 4.0);
}


/* amplitude * sin(at / length * 2 PI + phase) for at = 0, 1, 2 ... */
static void
plan_wave(drawing_t *d, double amplitude, double length, double *out,
    unsigned count)
{
    double    phase;
    unsigned  at;

    phase = between(d, 0, 2 * PI);

    for (at = 0; at < count; at++) {
        out[at] = amplitude * sin(at / length * 2 * PI + phase);
    }
}


static void
plan_line(drawing_t *d, double line[WIDTH])
{
    double    y, slope;
    unsigned  x;

    plan_wave(d, either(d, 3, 8), between(d, 60, 130), line, WIDTH);

    y = between(d, 18, HEIGHT - 18);
    slope = between(d, -0.10, 0.10);

    for (x = 0; x < WIDTH; x++) {
        line[x] += y + slope * (x - WIDTH / 2.0);
    }
}


static mc_err_t
plan(drawing_t *d, const mc_captcha_font_t *font, const char *letters)
{
    unsigned     i;
    const char  *found;

    for (i = 0; i < MC_CAPTCHA_LETTERS; i++) {
        found = letters[i] == '\0' ? NULL
                                   : strchr(MC_CAPTCHA_ALPHABET, letters[i]);

        if (found == NULL) {
            return MC_EINVAL;
        }

        d->glyphs[i].mask = font->masks[found - MC_CAPTCHA_ALPHABET];
        plan_glyph(d, &d->glyphs[i], i);
    }

    if (letters[i] != '\0') {
        return MC_EINVAL;
    }

    plan_wave(d, either(d, 1.6, 2.6), between(d, 26, 40), d->across, HEIGHT);
    plan_wave(d, either(d, 2.8, 4.2), between(d, 38, 62), d->down, WIDTH);

    for (i = 0; i < LINES; i++) {
        plan_line(d, d->lines[i]);
    }

    return MC_OK;
}


/* Between the four nearest pixels of the mask; 0..1. */
static double
mask_at(const uint8_t mask[SIDE][SIDE], double x, double y)
{
    int     left, top;
    double  right, down, above, below;

    if (x < 0 || y < 0 || x >= SIDE - 1 || y >= SIDE - 1) {
        return 0;
    }

    left = (int) x;
    top = (int) y;
    right = x - left;
    down = y - top;

    above = mask[top][left] * (1 - right) + mask[top][left + 1] * right;
    below = mask[top + 1][left] * (1 - right)
            + mask[top + 1][left + 1] * right;

    return (above * (1 - down) + below * down) / 255.0;
}


/* How much ink the letters leave on a pixel. */
static double
letters_at(const drawing_t *d, unsigned x, unsigned y)
{
    double          from_x, from_y, ink, most;
    unsigned        i;
    const glyph_t  *glyph;

    most = 0;

    for (i = 0; i < MC_CAPTCHA_LETTERS; i++) {
        glyph = &d->glyphs[i];
        from_x = x + d->across[y] - glyph->x;
        from_y = y + d->down[x] - glyph->y;

        ink = mask_at(glyph->mask,
                      SIDE / 2.0 + glyph->to[0] * from_x
                      + glyph->to[1] * from_y,
                      SIDE / 2.0 + glyph->to[2] * from_x
                      + glyph->to[3] * from_y);
        most = ink > most ? ink : most;
    }

    return most;
}


static double
lines_at(const drawing_t *d, unsigned x, unsigned y)
{
    double    ink, most;
    unsigned  i;

    most = 0;

    for (i = 0; i < LINES; i++) {
        ink = 1.5 - fabs(y - d->lines[i][x]);
        ink = ink > 1 ? 1 : ink;
        most = ink > most ? ink : most;
    }

    return most;
}


mc_err_t
mc_captcha_draw(const mc_captcha_font_t *font, const char *letters,
    uint64_t seed, uint8_t pixels[MC_CAPTCHA_WIDTH * MC_CAPTCHA_HEIGHT])
{
    double     ink, line, paper, dark, grey;
    unsigned   x, y;
    mc_err_t   err;
    drawing_t  d;

    memset(&d, 0, sizeof(d));
    d.random = seed;

    err = plan(&d, font, letters);

    if (err != MC_OK) {
        return err;
    }

    paper = between(&d, 222, 240);
    dark = between(&d, 30, 75);

    for (y = 0; y < HEIGHT; y++) {
        for (x = 0; x < WIDTH; x++) {
            ink = letters_at(&d, x, y);
            line = lines_at(&d, x, y);
            ink = FAINT * line > ink ? FAINT * line : ink;

            grey = paper + (dark - paper) * ink + between(&d, -28, 28);

            if (next_random(&d) % 48 == 0) {
                grey = between(&d, dark, paper);
            }

            grey = grey < 0 ? 0 : grey > 255 ? 255 : grey;
            pixels[y * WIDTH + x] =
                (uint8_t) ((unsigned) grey / LEVELS * 255 / (LEVELS - 1));
        }
    }

    return MC_OK;
}


mc_err_t
mc_captcha_picture(const mc_captcha_font_t *font, const char *letters,
    mc_buf_t *out)
{
    uint8_t   pixels[WIDTH * HEIGHT];
    uint64_t  seed;
    mc_err_t  err;

    err = mc_random(&seed, sizeof(seed));

    if (err == MC_OK) {
        err = mc_captcha_draw(font, letters, seed, pixels);
    }

    if (err == MC_OK) {
        err = mc_captcha_png(pixels, WIDTH, HEIGHT, out);
    }

    return err;
}
