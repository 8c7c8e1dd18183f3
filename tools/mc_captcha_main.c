/*
 * For the tests of the captcha:
 *
 *   captcha draw FONT COUNT SEED DIR   pictures of that seed, each a file
 *                                      NNN-LETTERS.png
 *   captcha open SECRET ID             what a challenge asks: kind, letters
 *                                      or bits, end (ms)
 */

#include <stdio.h>
#include <stdlib.h>

#include "mc_captcha_picture.h"
#include "mc_captcha_png.h"


static int
write_picture(const char *dir, unsigned n, const char *letters,
    const uint8_t *pixels)
{
    int       rc;
    char      path[4096];
    FILE     *file;
    mc_buf_t  png;

    rc = 1;
    mc_buf_init(&png, MC_CAPTCHA_PNG_MAX);
    (void) snprintf(path, sizeof(path), "%s/%03u-%s.png", dir, n, letters);

    if (mc_captcha_png(pixels, MC_CAPTCHA_WIDTH, MC_CAPTCHA_HEIGHT, &png)
        == MC_OK)
    {
        file = fopen(path, "wb");

        if (file != NULL) {
            rc = fwrite(png.data, 1, png.len, file) != png.len;
            rc = fclose(file) != 0 || rc;
        }
    }

    mc_buf_free(&png);

    return rc;
}


static int
draw(const char *font_file, unsigned count, uint64_t seed, const char *dir)
{
    int                 rc;
    char                letters[MC_CAPTCHA_LETTERS + 1], error[256];
    size_t              i;
    uint8_t             pixels[MC_CAPTCHA_WIDTH * MC_CAPTCHA_HEIGHT];
    mc_str_t            file;
    unsigned            n;
    mc_captcha_font_t  *font;

    rc = 0;
    file = mc_str_from(font_file);
    font = mc_captcha_font_open(&file, 1, error);

    if (font == NULL) {
        fprintf(stderr, "captcha: %s\n", error);
        return 1;
    }

    letters[MC_CAPTCHA_LETTERS] = '\0';

    for (n = 0; n < count && rc == 0; n++) {

        for (i = 0; i < MC_CAPTCHA_LETTERS; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            letters[i] = MC_CAPTCHA_ALPHABET[(seed >> 33)
                             % (sizeof(MC_CAPTCHA_ALPHABET) - 1)];
        }

        rc = mc_captcha_draw(font, letters, seed, pixels) != MC_OK
             || write_picture(dir, n, letters, pixels) != 0;
    }

    mc_captcha_font_close(font);

    return rc;
}


static int
show(const char *secret, const char *id)
{
    int           rc;
    char          error[256];
    mc_str_t      file;
    mc_keys_t     keys;
    mc_captcha_t  captcha;

    file = mc_str_from(secret);

    if (mc_keys_open(&keys, &file, 1, error) != MC_OK) {
        fprintf(stderr, "captcha: %s\n", error);
        return 1;
    }

    rc = mc_captcha_check(&keys, mc_str_from(id), mc_str(""), 0, &captcha)
         == MC_CAPTCHA_MALFORMED;

    if (rc == 0 && captcha.kind == MC_CAPTCHA_PICTURE) {
        printf("picture %s %lld\n", captcha.letters,
               (long long) captcha.expires);

    } else if (rc == 0) {
        printf("work %u %lld\n", captcha.bits, (long long) captcha.expires);
    }

    mc_keys_wipe(&keys);

    return rc;
}


int
main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "draw") == 0) {
        return draw(argv[2], (unsigned) strtoul(argv[3], NULL, 10),
                    strtoull(argv[4], NULL, 10), argv[5]);
    }

    if (argc == 4 && strcmp(argv[1], "open") == 0) {
        return show(argv[2], argv[3]);
    }

    fprintf(stderr, "usage: captcha draw FONT COUNT SEED DIR\n"
                    "       captcha open SECRET ID\n");

    return 2;
}
