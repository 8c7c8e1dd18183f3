/*
 * Drawing of a captcha's picture: letters turned, sheared and waved, two
 * lines across, noise ("level 1": people read it, tesseract does not).  A
 * speed bump, not a wall: trained networks read it.
 *
 * FreeType is used while the letters are opened and nowhere else: they are
 * kept as plain masks, so that drawing needs no library object, no file and
 * no lock.  Open once (start), draw from any thread.
 */

#ifndef MC_CAPTCHA_PICTURE_H
#define MC_CAPTCHA_PICTURE_H

#include "mc_buf.h"
#include "mc_captcha.h"

#pragma GCC visibility push(hidden)


#define MC_CAPTCHA_WIDTH    160
#define MC_CAPTCHA_HEIGHT   60
#define MC_CAPTCHA_PNG_MAX  16384       /* bytes of a picture */

typedef struct mc_captcha_font_s  mc_captcha_font_t;

/* The letters of the alphabet, from the first of the files that has them
 * all.  NULL with a text in "error".  Reads files; blocks. */
mc_captcha_font_t *mc_captcha_font_open(const mc_str_t *files, size_t count,
    char error[256]);
void mc_captcha_font_close(mc_captcha_font_t *font);

/*
 * Pixels of the letters (of the alphabet), 0 black.  The same seed draws the
 * same picture.  MC_EINVAL: a letter the alphabet does not have.
 */
mc_err_t mc_captcha_draw(const mc_captcha_font_t *font, const char *letters,
    uint64_t seed, uint8_t pixels[MC_CAPTCHA_WIDTH * MC_CAPTCHA_HEIGHT]);

/* The same under a random seed, as PNG; appends to out.  Allocates. */
mc_err_t mc_captcha_picture(const mc_captcha_font_t *font,
    const char *letters, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_CAPTCHA_PICTURE_H */
