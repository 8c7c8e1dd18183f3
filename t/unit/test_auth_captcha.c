/*
 * Unit tests of captcha challenges (I01, I02, S09): an id says nothing, one
 * answer is right, wrong and expired are told apart, any other bytes are no
 * id; and of the picture: it is one, in every letter, and memory may run out.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "mc_captcha.h"
#include "mc_captcha_picture.h"
#include "mc_captcha_png.h"

#define NOW   (INT64_C(1790000000) * 1000)
#define FONT  "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf"
#define SANS  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

static struct {
    mc_keys_t     keys;
    mc_captcha_t  captcha;
    char          id[MC_CAPTCHA_ID + 1];
    char          mute[64];     /* a font that has glyphs and no letters */
} t;


static int
setup(void **state)
{
    size_t  i;

    memset(&t.keys, 0, sizeof(t.keys));
    t.keys.count = 2;

    for (i = 0; i < MC_KEY_SIZE; i++) {
        t.keys.captcha[0][i] = (uint8_t) i;
        t.keys.captcha[1][i] = (uint8_t) (200 - i);
    }

    return 0;
}


static void
make(mc_captcha_kind_t kind, uint32_t bits, const char *letters)
{
    memset(&t.captcha, 0, sizeof(t.captcha));

    t.captcha.kind = kind;
    t.captcha.bits = bits;
    t.captcha.expires = NOW + 300000;
    (void) snprintf(t.captcha.letters, sizeof(t.captcha.letters), "%s",
                    letters);

    assert_int_equal(mc_captcha_make(&t.keys, &t.captcha, t.id), MC_OK);
}


static mc_captcha_result_t
check_at(const char *answer, int64_t now)
{
    mc_captcha_t         seen;
    mc_captcha_result_t  result;

    memset(&seen, 0, sizeof(seen));
    result = mc_captcha_check(&t.keys, mc_str_from(t.id),
                              mc_str_from(answer), now, &seen);

    if (result != MC_CAPTCHA_MALFORMED) {
        assert_int_equal(seen.kind, t.captcha.kind);
        assert_int_equal(seen.bits, t.captcha.bits);
        assert_int_equal(seen.expires, t.captcha.expires);
        assert_memory_equal(seen.nonce, t.captcha.nonce, MC_CAPTCHA_NONCE);
    }

    return result;
}


static void
a_picture_takes_its_letters_and_no_others(void **state)
{
    size_t  i;

    static const struct {
        const char           *answer;
        mc_captcha_result_t   result;
    } cases[] = {
        { "ACE37", MC_CAPTCHA_RIGHT },
        { "ace37", MC_CAPTCHA_RIGHT },
        { "  aCe37 ", MC_CAPTCHA_RIGHT },
        { "ACE3", MC_CAPTCHA_WRONG },
        { "ACE377", MC_CAPTCHA_WRONG },
        { "ACE38", MC_CAPTCHA_WRONG },
        { "A CE37", MC_CAPTCHA_WRONG },
        { "", MC_CAPTCHA_WRONG },
        { "     ", MC_CAPTCHA_WRONG },
        { "12345", MC_CAPTCHA_WRONG }
    };

    make(MC_CAPTCHA_PICTURE, 0, "ACE37");

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(check_at(cases[i].answer, NOW), cases[i].result);
    }
}


/* Some number that is right, or the first that is wrong. */
static void
solve(bool right, char out[MC_CAPTCHA_DIGITS + 1])
{
    unsigned  n;

    for (n = 0; n < 1000000; n++) {
        (void) snprintf(out, MC_CAPTCHA_DIGITS + 1, "%u", n);

        if ((check_at(out, NOW) == MC_CAPTCHA_RIGHT) == right) {
            return;
        }
    }

    fail_msg("no answer found");
}


static void
a_proof_of_work_is_a_number_of_digits(void **state)
{
    char     answer[MC_CAPTCHA_DIGITS + 1];
    char     both[MC_CAPTCHA_ID + 1 + MC_CAPTCHA_DIGITS + 1];
    size_t   i;
    uint8_t  digest[MC_SHA256_SIZE];

    static const char *const  wrong[] = {
        "", " ", "-1", "1e3", "0x10", "123456789012345678901", "1 ",
        "99999999999999999999999999999999999999999999999999999999999999999999"
    };

    make(MC_CAPTCHA_WORK, 10, "");

    for (i = 0; i < mc_count(wrong); i++) {
        assert_int_equal(check_at(wrong[i], NOW), MC_CAPTCHA_WRONG);
    }

    solve(false, answer);
    assert_int_equal(check_at(answer, NOW), MC_CAPTCHA_WRONG);

    solve(true, answer);
    assert_int_equal(check_at(answer, NOW), MC_CAPTCHA_RIGHT);

    /* what the page reckons: SHA-256(id ":" answer) */

    (void) snprintf(both, sizeof(both), "%s:%s", t.id, answer);
    assert_int_equal(mc_sha256(both, strlen(both), digest), MC_OK);
    assert_int_equal(digest[0], 0);
    assert_int_equal(digest[1] >> 6, 0);
}


/* A number that solves 8 bits does not solve 16, nor another id. */
static void
a_proof_is_bound_to_id_and_bits(void **state)
{
    char      answer[MC_CAPTCHA_DIGITS + 1];
    unsigned  n, right;

    right = 0;

    for (n = 0; n < 40; n++) {
        make(MC_CAPTCHA_WORK, 8, "");
        solve(true, answer);
        make(MC_CAPTCHA_WORK, 8, "");
        right += check_at(answer, NOW) == MC_CAPTCHA_RIGHT ? 1 : 0;
    }

    assert_in_range(right, 0, 4);
}


static void
expired_is_told_apart_from_wrong(void **state)
{
    make(MC_CAPTCHA_PICTURE, 0, "ACE37");

    assert_int_equal(check_at("ACE37", NOW + 299999), MC_CAPTCHA_RIGHT);
    assert_int_equal(check_at("ACE37", NOW + 300000), MC_CAPTCHA_EXPIRED);
    assert_int_equal(check_at("WRONG", NOW + 300000), MC_CAPTCHA_EXPIRED);
    assert_int_equal(check_at("WRONG", NOW + 299999), MC_CAPTCHA_WRONG);

    /* a clock set back does not make old challenges long-lived */

    assert_int_equal(check_at("ACE37", NOW + 300000 - MC_CAPTCHA_TTL_MAX),
                     MC_CAPTCHA_RIGHT);
    assert_int_equal(check_at("ACE37", NOW + 299999 - MC_CAPTCHA_TTL_MAX),
                     MC_CAPTCHA_EXPIRED);
}


static void
no_changed_letter_is_an_id(void **state)
{
    char    kept;
    size_t  i;

    make(MC_CAPTCHA_PICTURE, 0, "ACE37");

    for (i = 0; i < MC_CAPTCHA_ID; i++) {
        kept = t.id[i];
        t.id[i] = kept == 'A' ? 'B' : 'A';
        assert_int_equal(check_at("ACE37", NOW), MC_CAPTCHA_MALFORMED);
        t.id[i] = kept;
    }

    assert_int_equal(check_at("ACE37", NOW), MC_CAPTCHA_RIGHT);

    t.id[MC_CAPTCHA_ID - 1] = '\0';
    assert_int_equal(check_at("ACE37", NOW), MC_CAPTCHA_MALFORMED);
    t.id[0] = '\0';
    assert_int_equal(check_at("ACE37", NOW), MC_CAPTCHA_MALFORMED);
}


static void
every_secret_opens_and_the_first_seals(void **state)
{
    make(MC_CAPTCHA_PICTURE, 0, "ACE37");

    /* a new secret in front: what was asked before stays good */

    memcpy(t.keys.captcha[1], t.keys.captcha[0], MC_KEY_SIZE);
    t.keys.captcha[0][0] ^= 1;
    assert_int_equal(check_at("ACE37", NOW), MC_CAPTCHA_RIGHT);

    t.keys.count = 1;
    assert_int_equal(check_at("ACE37", NOW), MC_CAPTCHA_MALFORMED);
}


static void
ids_are_equally_long_and_never_equal(void **state)
{
    char  first[MC_CAPTCHA_ID + 1];

    make(MC_CAPTCHA_WORK, 16, "");
    assert_int_equal(strlen(t.id), MC_CAPTCHA_ID);
    memcpy(first, t.id, sizeof(first));

    make(MC_CAPTCHA_WORK, 16, "");
    assert_string_not_equal(t.id, first);

    make(MC_CAPTCHA_PICTURE, 0, "ACE37");
    assert_int_equal(strlen(t.id), MC_CAPTCHA_ID);
    assert_true(MC_CAPTCHA_ID <= 200);
}


static void
what_makes_no_sense_is_not_sealed(void **state)
{
    mc_captcha_t  work = { .kind = MC_CAPTCHA_WORK };
    mc_captcha_t  hard = { .kind = MC_CAPTCHA_WORK, .bits = 33 };
    mc_captcha_t  both = { .kind = MC_CAPTCHA_PICTURE, .bits = 8 };

    assert_int_equal(mc_captcha_make(&t.keys, &work, t.id), MC_EINVAL);
    assert_int_equal(mc_captcha_make(&t.keys, &hard, t.id), MC_EINVAL);
    assert_int_equal(mc_captcha_make(&t.keys, &both, t.id), MC_EINVAL);

    t.keys.count = 0;
    work.bits = 8;
    assert_int_equal(mc_captcha_make(&t.keys, &work, t.id), MC_EINVAL);
}


static void
all_letters_come_and_none_that_look_alike(void **state)
{
    char      letters[MC_CAPTCHA_LETTERS + 1];
    size_t    i;
    unsigned  n, seen[256];

    memset(seen, 0, sizeof(seen));

    for (n = 0; n < 4000; n++) {
        assert_int_equal(mc_captcha_letters(letters), MC_OK);
        assert_int_equal(strlen(letters), MC_CAPTCHA_LETTERS);

        for (i = 0; i < MC_CAPTCHA_LETTERS; i++) {
            seen[(uint8_t) letters[i]]++;
        }
    }

    for (i = 0; i < mc_count(seen); i++) {
        if (i != 0 && strchr(MC_CAPTCHA_ALPHABET, (int) i) != NULL) {
            assert_in_range(seen[i], 1176 - 200, 1176 + 200);

        } else {
            assert_int_equal(seen[i], 0);
        }
    }

    assert_null(strpbrk(MC_CAPTCHA_ALPHABET, "0OoDQ1IlL8B5S2ZUVMW"));
}


/* DejaVu Sans with its tables of letters and of glyph names renamed. */
static int
setup_font(void **state)
{
    int             fd;
    FILE           *file;
    size_t          size, i, tables, changed;
    static uint8_t  data[2 * 1024 * 1024];

    (void) snprintf(t.mute, sizeof(t.mute), "/tmp/membercert-XXXXXX");
    fd = mkstemp(t.mute);
    assert_true(fd >= 0);

    file = fopen(SANS, "rb");
    assert_non_null(file);
    size = fread(data, 1, sizeof(data), file);
    (void) fclose(file);
    assert_in_range(size, 100000, sizeof(data) - 1);

    tables = data[5];
    changed = 0;

    for (i = 0; i < tables; i++) {
        if (memcmp(data + 12 + 16 * i, "cmap", 4) == 0
            || memcmp(data + 12 + 16 * i, "post", 4) == 0)
        {
            data[12 + 16 * i] = 'x';
            changed++;
        }
    }

    assert_int_equal(changed, 2);
    assert_int_equal(write(fd, data, size), size);
    (void) close(fd);

    return setup(state);
}


static int
teardown_font(void **state)
{
    return unlink(t.mute);
}


static mc_captcha_font_t *
open_font(void)
{
    char                error[256];
    mc_str_t            files[] = { mc_str_from(t.mute), mc_str(FONT) };
    mc_captcha_font_t  *font;

    /* the first one has no Latin letters: the next one gives them */

    font = mc_captcha_font_open(files, 2, error);

    if (font == NULL) {
        fail_msg("%s", error);
    }

    return font;
}


static uint32_t
get_32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
           | (uint32_t) p[2] << 8 | p[3];
}


static void
the_png_holds_the_pixels(void **state)
{
    uLong                 len;
    size_t                at, size, y;
    uint8_t               pixels[3 * 2], lines[64];
    mc_buf_t              png;
    static const uint8_t  want[] = { 0, 0, 17, 255, 0, 34, 51, 68 };

    memcpy(pixels, want + 1, 3);
    memcpy(pixels + 3, want + 5, 3);
    mc_buf_init(&png, 1024);
    assert_int_equal(mc_captcha_png(pixels, 3, 2, &png), MC_OK);

    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    at = 8;
    y = 0;

    while (at < png.len) {
        size = get_32(png.data + at);
        assert_true(at + 12 + size <= png.len);
        assert_int_equal(get_32(png.data + at + 8 + size),
                         crc32(0, png.data + at + 4, (uInt) size + 4));

        if (memcmp(png.data + at + 4, "IDAT", 4) == 0) {
            len = sizeof(lines);
            assert_int_equal(uncompress(lines, &len, png.data + at + 8,
                                        (uLong) size), Z_OK);
            assert_int_equal(len, sizeof(want));
            assert_memory_equal(lines, want, sizeof(want));
        }

        at += 12 + size;
        y++;
    }

    assert_int_equal(y, 3);
    assert_int_equal(at, png.len);
    mc_buf_free(&png);

    mc_buf_init(&png, 1024);
    assert_int_equal(mc_captcha_png(pixels, 0, 2, &png), MC_EINVAL);
    assert_int_equal(mc_captcha_png(pixels, 3, 1025, &png), MC_EINVAL);
    mc_buf_free(&png);
}


static void
the_same_seed_draws_the_same_picture(void **state)
{
    uint8_t             a[MC_CAPTCHA_WIDTH * MC_CAPTCHA_HEIGHT];
    uint8_t             b[MC_CAPTCHA_WIDTH * MC_CAPTCHA_HEIGHT];
    mc_captcha_font_t  *font;

    font = open_font();

    assert_int_equal(mc_captcha_draw(font, "ACE37", 1, a), MC_OK);
    assert_int_equal(mc_captcha_draw(font, "ACE37", 1, b), MC_OK);
    assert_memory_equal(a, b, sizeof(a));

    assert_int_equal(mc_captcha_draw(font, "ACE37", 2, b), MC_OK);
    assert_memory_not_equal(a, b, sizeof(a));

    assert_int_equal(mc_captcha_draw(font, "ACE3", 1, a), MC_EINVAL);
    assert_int_equal(mc_captcha_draw(font, "ACE377", 1, a), MC_EINVAL);
    assert_int_equal(mc_captcha_draw(font, "ACE3O", 1, a), MC_EINVAL);
    assert_int_equal(mc_captcha_draw(font, "ace37", 1, a), MC_EINVAL);

    mc_captcha_font_close(font);
}


/* In any picture 5 to 40 % of the pixels are ink, hardly any at the edge. */
static void
letters_stay_within_the_picture(void **state)
{
    char                letters[MC_CAPTCHA_LETTERS + 1];
    size_t              i, ink, edge;
    uint8_t             a[MC_CAPTCHA_WIDTH * MC_CAPTCHA_HEIGHT];
    uint64_t            seed;
    mc_captcha_font_t  *font;

    font = open_font();

    for (seed = 0; seed < 50; seed++) {
        assert_int_equal(mc_captcha_letters(letters), MC_OK);
        assert_int_equal(mc_captcha_draw(font, letters, seed, a), MC_OK);

        ink = 0;
        edge = 0;

        for (i = 0; i < sizeof(a); i++) {
            if (a[i] < 110) {
                ink++;
                edge += i < MC_CAPTCHA_WIDTH
                        || i >= sizeof(a) - MC_CAPTCHA_WIDTH ? 1 : 0;
            }
        }

        assert_in_range(ink, sizeof(a) * 5 / 100, sizeof(a) * 40 / 100);
        assert_in_range(edge, 0, 40);
    }

    mc_captcha_font_close(font);
}


static void
a_font_without_the_letters_is_refused(void **state)
{
    char      error[256];
    size_t    i;
    mc_str_t  file;

    const struct {
        const char  *file;
        const char  *why;
    } cases[] = {
        { t.mute, "has not all letters" },
        { "/nowhere.ttf", "cannot be opened" },
        { "/etc/passwd", "cannot be opened" },
        { "", "has no usable name" }
    };

    for (i = 0; i < mc_count(cases); i++) {
        file = mc_str_from(cases[i].file);
        error[0] = '\0';
        assert_null(mc_captcha_font_open(&file, 1, error));
        assert_non_null(strstr(error, cases[i].why));
    }

    assert_null(mc_captcha_font_open(NULL, 0, error));
    assert_non_null(strstr(error, "is missing"));
}


static void
memory_may_run_out_anywhere(void **state)
{
    char                error[256];
    mc_err_t            err;
    mc_buf_t            png;
    mc_str_t            file = mc_str(FONT);
    unsigned long       n;
    mc_captcha_font_t  *font;

    mc_alloc_fail_at(1, false);
    assert_null(mc_captcha_font_open(&file, 1, error));
    assert_non_null(strstr(error, "no memory"));
    mc_alloc_fail_at(0, false);

    font = open_font();
    err = MC_ENOMEM;

    for (n = 1; err != MC_OK; n++) {
        assert_true(n < 100);
        mc_buf_init(&png, MC_CAPTCHA_PNG_MAX);
        mc_alloc_fail_at(n, false);
        err = mc_captcha_picture(font, "ACE37", &png);
        mc_alloc_fail_at(0, false);
        assert_true(err == MC_OK || err == MC_ENOMEM);
        mc_buf_free(&png);
    }

    assert_true(n > 4);
    mc_captcha_font_close(font);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_takes_its_letters_and_no_others),
        cmocka_unit_test(a_proof_of_work_is_a_number_of_digits),
        cmocka_unit_test(a_proof_is_bound_to_id_and_bits),
        cmocka_unit_test(expired_is_told_apart_from_wrong),
        cmocka_unit_test(no_changed_letter_is_an_id),
        cmocka_unit_test_setup(every_secret_opens_and_the_first_seals,
                               setup),
        cmocka_unit_test_setup(ids_are_equally_long_and_never_equal, setup),
        cmocka_unit_test_setup(what_makes_no_sense_is_not_sealed, setup),
        cmocka_unit_test(all_letters_come_and_none_that_look_alike),
        cmocka_unit_test(the_png_holds_the_pixels),
        cmocka_unit_test(the_same_seed_draws_the_same_picture),
        cmocka_unit_test(letters_stay_within_the_picture),
        cmocka_unit_test(a_font_without_the_letters_is_refused),
        cmocka_unit_test(memory_may_run_out_anywhere)
    };

    return cmocka_run_group_tests(tests, setup_font, teardown_font);
}
