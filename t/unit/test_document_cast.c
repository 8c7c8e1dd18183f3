/*
 * Unit tests of the cast (S16): which font draws a character, numbers, and
 * what they say.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mc_cast.h"
#include "mc_sample.h"


static mc_chain_t  chain;


static int
open_chain(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    mc_settings_t  settings;

    mc_sample_settings(&settings);

    return mc_chain_open(&chain, &settings, error) != MC_OK;
}


static int
close_chain(void **state)
{
    mc_chain_close(&chain);

    return 0;
}


/* The chain's order decides, and the later fonts fill the gaps. */
static bool
draws(const mc_font_t *font, uint32_t code_point)
{
    unsigned glyph = mc_font_glyph(font, code_point);

    return glyph != 0 && mc_font_outline(font, glyph).len > 0;
}


static void
the_first_font_that_has_a_character_draws_it(void **state)
{
    bool        found;
    size_t      f, drawn[MC_SETTINGS_FONTS] = { 0 };
    uint32_t    c;
    mc_glyph_t  glyph;

    /* which font has what differs from version to version of the fonts */

    for (c = 0x3400; c < 0x2FA20; c = c == 0x9FFF ? 0x20000 : c + 1) {
        for (f = 0; f < chain.count && !draws(chain.fonts[f], c); f++) {
            /* void */
        }

        found = mc_chain_find(&chain, c, &glyph);
        assert_int_equal(found, f < chain.count);

        if (found) {
            assert_int_equal(glyph.font, f);
            assert_int_equal(glyph.glyph, mc_font_glyph(chain.fonts[f], c));
            drawn[f]++;
        }
    }

    /* a newer font may leave nothing to one behind it, but not to all */
    assert_true(drawn[0] > 0 && drawn[1] > 0);
    assert_true(drawn[chain.count - 1] > 0);

    assert_true(mc_chain_find(&chain, 'A', &glyph) && glyph.font == 0);
    assert_true(mc_chain_find(&chain, 0x20BB7, &glyph) && glyph.font == 0);
}


static void
a_cast_numbers_each_character_once_and_has_an_end(void **state)
{
    size_t      i;
    uint32_t    c;
    mc_err_t    err;
    mc_cast_t  *fixed, *cast;
    mc_glyph_t  glyph, again;

    fixed = mc_alloc(sizeof(mc_cast_t));
    cast = mc_alloc(sizeof(mc_cast_t));
    assert_non_null(fixed);
    assert_non_null(cast);
    mc_cast_init(fixed, &chain, NULL);
    mc_cast_init(cast, &chain, fixed);

    assert_int_equal(mc_cast_add(fixed, 0x4E00, &glyph), MC_OK);
    assert_true(glyph.fixed);
    assert_int_equal(mc_cast_add(cast, 0x4E00, &again), MC_OK);
    assert_true(again.fixed);
    assert_int_equal(cast->count, 0);

    for (c = 0x4E01; c < 0x4E01 + MC_CAST_MAX; c++) {
        assert_int_equal(mc_cast_add(cast, c, &glyph), MC_OK);
        assert_false(glyph.fixed);
        assert_int_equal(mc_cast_add(cast, c, &again), MC_OK);
        assert_int_equal(glyph.number, again.number);
    }

    err = mc_cast_add(cast, c, &glyph);
    assert_int_equal(err, MC_ETOOBIG);
    assert_int_equal(mc_cast_add(cast, 0x4E01, &glyph), MC_OK);

    for (i = 0; i < cast->count; i++) {
        assert_int_equal(cast->glyphs[i].code_point, 0x4E01 + i);
    }

    mc_free(fixed);
    mc_free(cast);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_first_font_that_has_a_character_draws_it),
        cmocka_unit_test(a_cast_numbers_each_character_once_and_has_an_end)
    };

    return cmocka_run_group_tests(tests, open_chain, close_chain);
}
