/*
 * inkdiff IMAGE.pgm DPI LEFT TOP SIZE TRACKING X Y TEXT...
 *
 * Does a rendered page show this text?  Draws each TEXT with FreeType,
 * straight from the font files and unhinted, where the page should have it,
 * and prints how much differs: pixels of which one is ink and the other is
 * not, in per cent of the drawing's ink.
 *
 * IMAGE is a cut-out (grey, binary PGM) of an A4 page rendered at DPI, its
 * upper left corner at pixel LEFT, TOP of the page.  SIZE, TRACKING, X and
 * Y are points from the page's lower left corner, as render prints them.
 * Both pictures are cut at half grey.  Renderers place glyphs on fractions
 * of a pixel, so the whole text may shift by up to one pixel either way, in
 * quarter steps; the best shift counts.
 *
 * Extraction tests cannot see a missing or a wrong glyph; this does.  It
 * shares nothing with src/document but the list of font files.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include "mc_layout.h"
#include "mc_sample.h"
#include "mc_utf8.h"


#define REACH   4               /* quarters of a pixel */

typedef struct {
    int       width;
    int       height;
    uint8_t  *ink;              /* 1 or 0 */
} picture_t;

typedef struct {
    double  dpi;
    double  left;
    double  top;
    double  size;
    double  tracking;
    double  x;
    double  y;
} place_t;

typedef struct {
    FT_Library  library;
    size_t      count;
    FT_Face     faces[MC_SETTINGS_FONTS];
} fonts_t;


static bool
read_picture(const char *path, picture_t *picture)
{
    int       top, dark, light, value;
    FILE     *file;
    size_t    i, size;

    picture->ink = NULL;

    file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }

    if (fscanf(file, "P5 %d %d %d", &picture->width, &picture->height, &top)
        != 3 || fgetc(file) == EOF || top != 255 || picture->width < 4
        || picture->height < 4 || picture->width > 20000
        || picture->height > 20000)
    {
        fclose(file);
        return false;
    }

    size = (size_t) picture->width * (size_t) picture->height;
    picture->ink = malloc(size);

    if (picture->ink == NULL || fread(picture->ink, 1, size, file) != size) {
        fclose(file);
        return false;
    }

    fclose(file);

    dark = 255;
    light = 0;

    for (i = 0; i < size; i++) {
        value = picture->ink[i];
        dark = value < dark ? value : dark;
        light = value > light ? value : light;
    }

    for (i = 0; i < size; i++) {
        picture->ink[i] = 2 * picture->ink[i] < dark + light;
    }

    /* an empty page has no half grey: nothing on it is ink */
    if (light - dark < 100) {
        memset(picture->ink, 0, size);
    }

    return true;
}


static bool
open_fonts(fonts_t *fonts)
{
    mc_settings_t  settings;

    mc_sample_settings(&settings);
    fonts->count = 0;

    if (FT_Init_FreeType(&fonts->library) != 0) {
        return false;
    }

    while (fonts->count < settings.font_count) {
        if (FT_New_Face(fonts->library, settings.fonts[fonts->count].data, 0,
                        &fonts->faces[fonts->count]) != 0)
        {
            return false;
        }

        fonts->count++;
    }

    return true;
}


/* Moves an outline in font units to its place, in 1/64 pixel. */
static void
put_outline(FT_Outline *outline, double scale, double x, double y)
{
    int         i;
    FT_Vector  *p;

    for (i = 0; i < outline->n_points; i++) {
        p = &outline->points[i];
        p->x = (FT_Pos) ((double) p->x * scale + x + 4096.5) - 4096;
        p->y = (FT_Pos) ((double) p->y * scale + y + 4096.5) - 4096;
    }
}


/* The page's rule: every glyph begins on a whole dot of 600 dpi; half a dot
 * goes up, also where binary fractions make it a hair less. */
static double
step(double natural, double pixels)
{
    return floor(natural / pixels / 0.12 + 0.5 + 1e-6) * 0.12 * pixels;
}


static bool
draw_text(const fonts_t *fonts, const place_t *place, const char *text,
    int shift_x, int shift_y, FT_Bitmap *bitmap)
{
    size_t    pos, i;
    double    x, y, scale, pixels;
    FT_Face   face;
    mc_str_t  all;
    uint32_t  c;

    all = mc_str_from(text);
    pixels = place->dpi / 72;
    x = place->x * pixels - place->left;

    /* the bitmap's rows run down, its coordinates up */
    y = bitmap->rows - ((MC_PAGE_HEIGHT / 100.0 - place->y) * pixels
                        - place->top);

    for (pos = 0; pos < all.len; ) {
        c = mc_utf8_next(all, &pos);

        for (i = 0; i + 1 < fonts->count; i++) {
            if (FT_Get_Char_Index(fonts->faces[i], c) != 0) {
                break;
            }
        }

        face = fonts->faces[i];
        if (FT_Load_Char(face, c, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING)
            != 0)
        {
            return false;
        }

        scale = place->size * pixels / face->units_per_EM;
        put_outline(&face->glyph->outline, scale * 64,
                    x * 64 + shift_x * 16, y * 64 + shift_y * 16);

        if (FT_Outline_Get_Bitmap(fonts->library, &face->glyph->outline,
                                  bitmap) != 0)
        {
            return false;
        }

        x += step((double) face->glyph->metrics.horiAdvance * scale
                  + place->tracking * pixels, pixels);
    }

    return true;
}


/* Bytes that differ, all of them 0 or 1. */
static size_t
count_wrong(const uint8_t *a, const uint8_t *b, size_t len)
{
    size_t    i, wrong;
    uint64_t  p, q;

    wrong = 0;

    for (i = 0; i + 8 <= len; i += 8) {
        memcpy(&p, a + i, 8);
        memcpy(&q, b + i, 8);
        wrong += (size_t) __builtin_popcountll(p ^ q);
    }

    for ( /* void */ ; i < len; i++) {
        wrong += a[i] ^ b[i];
    }

    return wrong;
}


/*
 * Per cent that differs when the drawing is moved by whole pixels (rows
 * count down).  The outermost pixels, which a move brings in or drops, are
 * left out: the cut-out has a margin there.
 */
static double
differ(const FT_Bitmap *bitmap, const picture_t *picture, size_t ink,
    int right, int down)
{
    int     y;
    size_t  wrong, width, row, drawn;

    wrong = 0;
    width = (size_t) picture->width;

    for (y = 1; y + 1 < picture->height; y++) {
        row = (size_t) y * width + 1;
        drawn = (size_t) (y - down) * width + (size_t) (1 - right);
        wrong += count_wrong(picture->ink + row, bitmap->buffer + drawn,
                             width - 2);
    }

    return ink == 0 ? 100 : 100 * (double) wrong / (double) ink;
}


/* Cuts the drawing at half grey; the number of its ink pixels. */
static size_t
cut(FT_Bitmap *bitmap, size_t size)
{
    size_t  i, ink;

    ink = 0;

    for (i = 0; i < size; i++) {
        bitmap->buffer[i] >>= 7;
        ink += bitmap->buffer[i];
    }

    return ink;
}


/* The best of the shifts that are whole pixels from this drawing, which was
 * shifted by "x" and "y" quarters (upwards). */
static double
best_of_phase(const FT_Bitmap *bitmap, const picture_t *picture, size_t ink,
    int x, int y)
{
    int     right, up;
    double  best, share;

    best = -1;

    for (right = -1; right <= 1; right++) {
        for (up = -1; up <= 1; up++) {
            if (abs(4 * right + x) > REACH || abs(4 * up + y) > REACH) {
                continue;
            }

            share = differ(bitmap, picture, ink, right, -up);
            best = best < 0 || share < best ? share : best;
        }
    }

    return best;
}


/* Per cent, or -1. */
static double
compare(const fonts_t *fonts, const place_t *place, const char *text,
    const picture_t *picture)
{
    int        x, y;
    size_t     size, ink;
    double     best, share;
    FT_Bitmap  bitmap;

    size = (size_t) picture->width * (size_t) picture->height;

    memset(&bitmap, 0, sizeof(bitmap));
    bitmap.width = (unsigned) picture->width;
    bitmap.rows = (unsigned) picture->height;
    bitmap.pitch = picture->width;
    bitmap.num_grays = 256;
    bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
    bitmap.buffer = malloc(size);

    best = -1;

    for (y = 0; bitmap.buffer != NULL && y < 4; y++) {
        for (x = 0; x < 4; x++) {
            memset(bitmap.buffer, 0, size);

            if (!draw_text(fonts, place, text, x, y, &bitmap)) {
                free(bitmap.buffer);
                return -1;
            }

            ink = cut(&bitmap, size);
            share = best_of_phase(&bitmap, picture, ink, x, y);
            best = best < 0 || share < best ? share : best;
        }
    }

    free(bitmap.buffer);

    return best;
}


int
main(int argc, char **argv)
{
    int        i;
    double     numbers[7], share;
    fonts_t    fonts;
    place_t    place;
    picture_t  picture;

    if (argc < 10) {
        fprintf(stderr, "usage: inkdiff IMAGE.pgm DPI LEFT TOP SIZE TRACKING"
                " X Y TEXT...\n");
        return 2;
    }

    for (i = 0; i < 7; i++) {
        numbers[i] = strtod(argv[2 + i], NULL);
    }

    place = (place_t) { numbers[0], numbers[1], numbers[2], numbers[3],
                        numbers[4], numbers[5], numbers[6] };

    if (!read_picture(argv[1], &picture) || !open_fonts(&fonts)) {
        fprintf(stderr, "inkdiff: cannot read %s or the fonts\n", argv[1]);
        return 2;
    }

    for (i = 9; i < argc; i++) {
        share = compare(&fonts, &place, argv[i], &picture);
        if (share < 0) {
            fprintf(stderr, "inkdiff: cannot draw %s\n", argv[i]);
            return 2;
        }

        printf("%.2f\n", share);
    }

    while (fonts.count > 0) {
        FT_Done_Face(fonts.faces[--fonts.count]);
    }

    FT_Done_FreeType(fonts.library);
    free(picture.ink);

    return 0;
}
