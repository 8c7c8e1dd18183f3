/*
 * Letters of older systems: private code points of GBK, an institute's own
 * table, variation selectors.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <iconv.h>

#include "mc_character.h"
#include "mc_utf8.h"


static mc_character_map_t  map;


/* What the C library reads two bytes of GB 18030 as. */
static uint32_t
gb18030(uint8_t lead, uint8_t trail)
{
    char     bytes[2], text[8], *in, *out;
    size_t   left, room, pos;
    iconv_t  conversion;

    bytes[0] = (char) lead;
    bytes[1] = (char) trail;
    in = bytes;
    out = text;
    left = sizeof(bytes);
    room = sizeof(text);

    conversion = iconv_open("UTF-8", "GB18030");
    assert_true(conversion != (iconv_t) -1);
    assert_int_equal(iconv(conversion, &in, &left, &out, &room), 0);
    assert_int_equal(iconv_close(conversion), 0);

    pos = 0;

    return mc_utf8_next((mc_str_t) { text, sizeof(text) - room }, &pos);
}


static void
the_80_private_characters_of_GBK_are_those_of_GB_18030(void **state)
{
    unsigned  trail, told;
    uint32_t  private, public;

    private = 0xE815;
    told = 0;

    for (trail = 0x50; trail <= 0xA0; trail++) {
        if (trail == 0x7F) {
            continue;
        }

        public = gb18030(0xFE, (uint8_t) trail);

        /* later libraries leave six of them private, as the edition of
         * 2022 does for two bytes */
        if (public != private) {
            assert_int_equal(mc_character_public(private, NULL), public);
            told++;
        }

        private++;
    }

    assert_int_equal(private, 0xE865);
    assert_true(told >= 74);
    assert_int_equal(mc_character_public(0xE816, NULL), 0x20087);
    assert_int_equal(mc_character_public(0xE855, NULL), 0x241FE);
    assert_int_equal(mc_character_public(0xE814, NULL), 0xE814);
    assert_int_equal(mc_character_public(0xE865, NULL), 0xE865);
    assert_int_equal(mc_character_public(0x4E00, NULL), 0x4E00);
}


static void
settled(const char *text, const mc_character_map_t *table,
    const char *expected)
{
    mc_buf_t  out;

    mc_buf_init(&out, 256);
    assert_int_equal(mc_character_settle(mc_str_from(text), table, &out),
                     MC_OK);
    assert_int_equal(out.len, strlen(expected));
    assert_memory_equal(mc_buf_view(&out).data, expected, out.len);
    mc_buf_free(&out);
}


static void
selectors_go_and_names_stay(void **state)
{
    static const char *const same[] = {
        "张三", "𠮷𫍯䶮", "阿卜杜·热合曼", "José", "ﷺ", ""
    };

    size_t  i;

    for (i = 0; i < mc_count(same); i++) {
        settled(same[i], NULL, same[i]);
    }

    settled("葛\xF3\xA0\x84\x80城", NULL, "葛城");
    settled("︁辻\xEF\xB8\x80", NULL, "辻");
    assert_true(mc_character_unsettled(mc_str("葛\xF3\xA0\x84\x80")));
    assert_true(mc_character_unsettled(mc_str("\xEE\xA0\x9A")));
    assert_false(mc_character_unsettled(mc_str("张三·𠮷")));
}


static void
an_institute_says_what_it_drew_for_itself(void **state)
{
    unsigned  line;

    assert_int_equal(mc_character_map_read(
                         mc_str("# ours\r\n\nE000 20BB7\n"
                                "U+E001\tu+4e00 # one\nE81A 4E01"),
                         &map, &line), MC_OK);
    assert_int_equal(map.count, 3);
    settled("\xEE\x80\x80\xEE\x80\x81\xEE\xA0\x9A\xEE\x80\x82", &map,
            "𠮷一丁\xEE\x80\x82");
}


static void
a_table_with_a_mistake_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        unsigned    line;
    } bad[] = {
        { "E000", 1 },
        { "E000 4E00\nE001 x", 2 },
        { "4E00 4E01", 1 },
        { "E000 E001", 1 },
        { "E000 FE00", 1 },
        { "E000 D800", 1 },
        { "E000 110000", 1 },
        { "E000 4E00 4E01", 1 },
        { "E0000000 4E00", 1 },
        { "E00 4E00", 1 },
        { "E000 4E00\nE000 4E00", 2 },
        { "\n\n\xFF\xFE", 3 },
    };

    size_t    i;
    unsigned  line;

    for (i = 0; i < mc_count(bad); i++) {
        assert_int_equal(mc_character_map_read(mc_str_from(bad[i].text),
                                               &map, &line), MC_EINVAL);
        assert_int_equal(line, bad[i].line);
    }
}


int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_80_private_characters_of_GBK_are_those_of_GB_18030),
        cmocka_unit_test(selectors_go_and_names_stay),
        cmocka_unit_test(an_institute_says_what_it_drew_for_itself),
        cmocka_unit_test(a_table_with_a_mistake_is_refused_with_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
