/*
 * Unit tests of statements (X05): what is stated is read back, what does
 * not fit is cut by rule, and no digit can be changed.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_decimal.h"
#include "mc_statement.h"


#define ARENA   65536
#define SIGNED  (37 + 3 + 64)       /* bytes beside the texts */

static mc_keys_t   keys;
static mc_arena_t  arena;


static mc_statement_t
sample(const char *number, const char *name, const char *category)
{
    size_t          i;
    mc_statement_t  in;

    memset(&in, 0, sizeof(in));
    in.number = mc_str_from(number);
    in.name = mc_str_from(name);
    in.category = mc_str_from(category);
    in.days = 9823;                             /* 2026-11-23 */

    for (i = 0; i < sizeof(in.code); i++) {
        in.code[i] = (uint8_t) (200 + i);
    }

    for (i = 0; i < sizeof(in.photo); i++) {
        in.photo[i] = (uint8_t) (i * 13);
    }

    return in;
}


static size_t
bytes_of(mc_str_t digits)
{
    size_t   from;
    uint8_t  bytes[MC_DECIMAL_BYTES];

    assert_int_equal(mc_decimal_read(digits, bytes, &from), MC_OK);
    assert_int_equal(bytes[from], 1);

    return sizeof(bytes) - from;
}


static mc_str_t
make(const mc_statement_t *in, size_t most)
{
    mc_err_t  err;
    mc_str_t  digits;

    err = mc_statement_make(&keys, in, most, &arena, &digits);
    assert_int_equal(err, MC_OK);
    assert_true(digits.len <= most && digits.len <= MC_STATEMENT_DIGITS);
    assert_int_equal(digits.data[digits.len], '\0');
    assert_int_equal(mc_statement_verify(keys.statement[0].point, digits),
                     MC_OK);

    return digits;
}


static void
assert_text(mc_str_t text, const char *want)
{
    if (!mc_str_is(text, want)) {
        fail_msg("\"%.*s\" instead of \"%s\"", (int) text.len, text.data,
                 want);
    }
}


static void
what_is_stated_is_read_back_X05(void **state)
{
    static const struct {
        const char  *number;
        const char  *name;
        const char  *category;
        size_t       texts;         /* bytes of all three, without heads */
    } cases[] = {

        /* digits in pairs; UTF-16 where that is shorter than UTF-8 */

        { "330000010001", "张三", "非执业会员", 6 + 4 + 10 },
        { "3300000100011", "张三", "非执业会员", 7 + 4 + 10 },
        { "7", "张三", "", 1 + 4 },
        { "77", "张三", "", 1 + 4 },
        { "A330000010001", "Zhang San", "member", 13 + 9 + 6 },
        { "33", "阿卜杜热西提·买买提", "个人会员", 1 + 20 + 8 },

        /* plane 2: four bytes either way, and UTF-8 is the simpler */

        { "33", "𠮷", "x", 1 + 4 + 1 },
        { "33", "𠮷𫍯䶮", "非执业会员", 1 + 10 + 10 },
        { "33", "é", "ß", 1 + 2 + 2 },
        { "京注协〔2026〕1号", "李四", "会员", 22 + 4 + 4 },
        { "1234567890123456789012345678901234567890", "欧阳", "", 20 + 4 }
    };

    size_t          i;
    mc_str_t        digits;
    mc_statement_t  in, out;

    for (i = 0; i < mc_count(cases); i++) {
        in = sample(cases[i].number, cases[i].name, cases[i].category);
        digits = make(&in, MC_STATEMENT_DIGITS);
        assert_int_equal(bytes_of(digits), SIGNED + cases[i].texts);

        memset(&out, 0xA5, sizeof(out));
        assert_int_equal(mc_statement_read(digits, &arena, &out), MC_OK);
        assert_text(out.number, cases[i].number);
        assert_text(out.name, cases[i].name);
        assert_text(out.category, cases[i].category);
        assert_false(out.name_cut || out.category_cut);
        assert_int_equal(out.days, in.days);
        assert_memory_equal(out.code, in.code, sizeof(in.code));
        assert_memory_equal(out.photo, in.photo, sizeof(in.photo));
        assert_memory_equal(out.key, keys.statement[0].id, 4);
    }
}


/* Read a byte at a time from what the header says of the form. */
static void
every_byte_stands_where_the_header_says(void **state)
{
    size_t          from;
    uint8_t         bytes[MC_DECIMAL_BYTES], digest[32];
    uint8_t         input[256];
    mc_statement_t  in;

    const uint8_t  *p;

    static const uint8_t  texts[] = {
        2 << 6 | 2, 0x12, 0x3F,
        1 << 6 | 4, 0x5F, 0x20, 0x4E, 0x09,
        0 << 6 | 2, 'a', 'b'
    };

    in = sample("123", "张三", "ab");
    assert_int_equal(mc_decimal_read(make(&in, 520), bytes, &from), MC_OK);
    p = bytes + from;

    assert_int_equal(sizeof(bytes) - from, 37 + sizeof(texts) + 64);
    assert_int_equal(p[0], 1);
    assert_int_equal(mc_sha256(keys.statement[0].point, 65, digest), MC_OK);
    assert_memory_equal(p + 1, digest, 4);
    assert_memory_equal(p + 5, in.code, 10);
    assert_int_equal(p[15] << 8 | p[16], 9823);
    assert_memory_equal(p + 17, in.photo, 20);
    assert_memory_equal(p + 37, texts, sizeof(texts));

    memcpy(input, "membercert statement 1", 22);
    memcpy(input + 22, p, 37 + sizeof(texts));
    assert_int_equal(mc_sha256(input, 22 + 37 + sizeof(texts), digest),
                     MC_OK);
    assert_int_equal(mc_p256_verify(keys.statement[0].point, digest,
                                    p + 37 + sizeof(texts)), MC_OK);
}


static void
a_long_name_is_cut_then_the_category_never_the_rest_X05(void **state)
{
    /* number: 6 bytes; name: 40 characters, 80 bytes; category 10 */

    static const char  name[] =
        "一二三四五六七八九十一二三四五六七八九十"
        "一二三四五六七八九十一二三四五六七八九十";

    static const struct {
        size_t       bytes;             /* for the texts */
        const char  *name;              /* NULL: no statement */
        const char  *category;
    } cases[] = {
        { 6 + 62 + 10, "一二三四五六七八九十一二三四五六七八九十"
                       "一二三四五六七八九十一", "非执业会员" },
        { 6 + 61 + 10, "一二三四五六七八九十一二三四五六七八九十"
                       "一二三四五六七八九十", "非执业会员" },
        { 6 + 10 + 10, "一二三四五", "非执业会员" },
        { 6 + 2 + 10, "一", "非执业会员" },
        { 6 + 1 + 10, "一", "非执业会" },
        { 6 + 2 + 2, "一", "非" },
        { 6 + 2 + 1, NULL, NULL },
        { 6 + 2, NULL, NULL },
        { 6, NULL, NULL },
        { 5, NULL, NULL },
        { 0, NULL, NULL }
    };

    size_t          i, most;
    mc_str_t        digits;
    mc_statement_t  in, out;

    in = sample("330000010001", name, "非执业会员");

    for (i = 0; i < mc_count(cases); i++) {

        /* the fewest digits that hold so many bytes */

        for (most = 200; mc_decimal_bytes(most) < SIGNED + cases[i].bytes;
             most++) { /* void */ }

        if (cases[i].name == NULL) {
            assert_int_equal(mc_statement_make(&keys, &in, most, &arena,
                                               &digits), MC_ETOOBIG);
            continue;
        }

        digits = make(&in, most);
        assert_int_equal(mc_statement_read(digits, &arena, &out), MC_OK);
        assert_text(out.number, "330000010001");
        assert_text(out.name, cases[i].name);
        assert_text(out.category, cases[i].category);
        assert_true(out.name_cut);
        assert_int_equal(out.category_cut,
                         !mc_str_is(out.category, "非执业会员"));
    }
}


static void
nothing_is_cut_within_a_character(void **state)
{
    size_t          most, seen;
    mc_str_t        digits;
    mc_statement_t  in, out;

    in = sample("1", "𠮷𠮷𠮷𠮷", "");
    seen = 0;

    for (most = 240; most < 300; most++) {
        if (mc_statement_make(&keys, &in, most, &arena, &digits) != MC_OK) {
            continue;
        }

        assert_int_equal(mc_statement_read(digits, &arena, &out), MC_OK);
        assert_int_equal(out.name.len % 4, 0);
        assert_true(out.name.len > 0);
        assert_int_equal(out.name_cut, out.name.len < 16);
        seen |= (size_t) 1 << out.name.len;
    }

    assert_int_equal(seen, 1u << 4 | 1u << 8 | 1u << 12 | 1u << 16);
}


/* Whatever the length, and as long as the QR of an address of 40 letters
 * has room for. */
static void
no_statement_is_longer_than_it_may_be_X05(void **state)
{
    char            name[256];
    size_t          len, most;
    mc_str_t        digits;
    mc_statement_t  in;

    memset(name, 'n', sizeof(name));

    for (most = 0; most <= 600; most += 7) {
        for (len = 1; len < sizeof(name); len += 9) {
            in = sample("330000010001", "", "非执业会员");
            in.name = (mc_str_t) { name, len };

            if (mc_statement_make(&keys, &in, most, &arena, &digits)
                == MC_OK)
            {
                assert_true(most > 250);
                assert_true(digits.len <= most
                            && digits.len <= MC_STATEMENT_DIGITS);

            } else {
                assert_true(most < 300);
            }

            mc_arena_free(&arena);
        }
    }

    /* an everyday member within 402 digits, uncut */

    in = sample("330000010001", "欧阳修文", "资深会员（非执业）");
    digits = make(&in, 402);
    assert_true(digits.len < 340);
}


static void
what_cannot_be_stated_is_refused(void **state)
{
    static const struct {
        const char  *number;
        const char  *name;
        const char  *category;
        mc_err_t     err;
    } cases[] = {
        { "", "张三", "x", MC_EINVAL },
        { "1", "", "x", MC_EINVAL },
        { "1", "a\nb", "x", MC_EINVAL },
        { "1", "a\xff", "x", MC_EINVAL },
        { "1\xe5", "a", "x", MC_EINVAL },
        { "1", "a", "\xed\xa0\x80", MC_EINVAL },
        { "A23456789012345678901234567890123456789012345678901234567890"
          "123", "a", "x", MC_OK },
        { "A23456789012345678901234567890123456789012345678901234567890"
          "1234", "a", "x", MC_ETOOBIG }
    };

    size_t          i;
    mc_str_t        digits;
    mc_keys_t       none;
    mc_statement_t  in;

    for (i = 0; i < mc_count(cases); i++) {
        in = sample(cases[i].number, cases[i].name, cases[i].category);
        assert_int_equal(mc_statement_make(&keys, &in, 520, &arena, &digits),
                         cases[i].err);
    }

    memset(&none, 0, sizeof(none));
    in = sample("1", "a", "x");
    assert_int_equal(mc_statement_make(&none, &in, 520, &arena, &digits),
                     MC_EINVAL);

    /* a key that was never derived signs nothing */

    none.count = 1;
    assert_int_equal(mc_statement_make(&none, &in, 520, &arena, &digits),
                     MC_EINVAL);
}


static void
no_digit_can_be_changed_X05(void **state)
{
    char            text[MC_STATEMENT_DIGITS + 2];
    char            kept;
    size_t          i;
    uint8_t         point[MC_P256_POINT];
    mc_str_t        digits;
    mc_statement_t  in;

    in = sample("330000010001", "张三", "非执业会员");
    digits = make(&in, 402);
    memcpy(text, digits.data, digits.len + 1);

    for (i = 0; i < digits.len; i++) {
        kept = text[i];
        text[i] = (char) (kept == '9' ? '0' : kept + 1);
        assert_int_not_equal(
            mc_statement_verify(keys.statement[0].point,
                                (mc_str_t) { text, digits.len }), MC_OK);
        text[i] = kept;
    }

    /* a digit less, a digit more, other letters */

    assert_int_not_equal(
        mc_statement_verify(keys.statement[0].point,
                            (mc_str_t) { text, digits.len - 1 }), MC_OK);
    text[digits.len] = '0';
    assert_int_not_equal(
        mc_statement_verify(keys.statement[0].point,
                            (mc_str_t) { text, digits.len + 1 }), MC_OK);
    text[0] = ' ';
    assert_int_equal(
        mc_statement_verify(keys.statement[0].point,
                            (mc_str_t) { text, digits.len }), MC_EINVAL);

    /* another key; no point of the curve; another form of one */

    assert_int_equal(mc_statement_verify(keys.statement[1].point, digits),
                     MC_EDENIED);
    memcpy(point, keys.statement[0].point, sizeof(point));
    point[64] ^= 1;
    assert_int_equal(mc_statement_verify(point, digits), MC_EINVAL);
    point[64] ^= 1;
    point[0] = 6;
    assert_int_equal(mc_statement_verify(point, digits), MC_EINVAL);
}


static void
keys_come_from_their_secrets_alone(void **state)
{
    uint8_t    scalar[MC_P256_SCALAR], point[MC_P256_POINT];
    mc_keys_t  copy;

    /* FIPS 186-5: the generator is the point of 1; the order is no number */

    memset(scalar, 0, sizeof(scalar));
    assert_int_equal(mc_p256_point(scalar, point), MC_EINVAL);
    scalar[31] = 1;
    assert_int_equal(mc_p256_point(scalar, point), MC_OK);
    assert_memory_equal(point, "\x04\x6B\x17\xD1\xF2\xE1\x2C\x42\x47", 9);
    memset(scalar, 0xFF, sizeof(scalar));
    assert_int_equal(mc_p256_point(scalar, point), MC_EINVAL);

    assert_memory_not_equal(keys.statement[0].point, keys.statement[1].point,
                            MC_P256_POINT);
    assert_memory_not_equal(keys.statement[0].id, keys.statement[1].id, 4);
    assert_memory_not_equal(keys.statement[0].scalar, keys.seal[0], 32);

    copy = keys;
    mc_keys_wipe(&copy);
    memset(scalar, 0, sizeof(scalar));
    assert_memory_equal(copy.statement[0].scalar, scalar, sizeof(scalar));
}


static void
without_memory_nothing_is_stated(void **state)
{
    mc_str_t        digits;
    mc_arena_t      small;
    mc_statement_t  in, out;

    in = sample("1", "张三", "x");
    mc_arena_init(&small, 64);
    assert_int_equal(mc_statement_make(&keys, &in, 520, &small, &digits),
                     MC_ENOMEM);
    mc_arena_free(&small);

    digits = make(&in, 520);
    mc_arena_init(&small, 8);
    assert_int_equal(mc_statement_read(digits, &small, &out), MC_ENOMEM);
    mc_arena_free(&small);
}


static int
open_keys(void **state)
{
    int       fd;
    char      path[2][32], error[256];
    size_t    i;
    mc_err_t  err;
    mc_str_t  files[2];

    static const char *const  secrets[] = {
        "the first secret, of 32 bytes and more",
        "the second one, which is older, too"
    };

    for (i = 0; i < 2; i++) {
        (void) snprintf(path[i], sizeof(path[i]), "/tmp/mc_key_XXXXXX");
        fd = mkstemp(path[i]);

        if (fd < 0
            || write(fd, secrets[i], strlen(secrets[i]))
               != (ssize_t) strlen(secrets[i]))
        {
            return -1;
        }

        (void) close(fd);
        files[i] = mc_str_from(path[i]);
    }

    err = mc_keys_open(&keys, files, 2, error);
    (void) unlink(path[0]);
    (void) unlink(path[1]);
    mc_arena_init(&arena, ARENA);

    return err == MC_OK ? 0 : -1;
}


static int
close_keys(void **state)
{
    mc_keys_wipe(&keys);
    mc_arena_free(&arena);

    return 0;
}


static int
fresh(void **state)
{
    mc_arena_free(&arena);

    return 0;
}


int
main(void)
{
#define T(name)  cmocka_unit_test_setup(name, fresh)
    const struct CMUnitTest  tests[] = {
        T(what_is_stated_is_read_back_X05),
        T(every_byte_stands_where_the_header_says),
        T(a_long_name_is_cut_then_the_category_never_the_rest_X05),
        T(nothing_is_cut_within_a_character),
        T(no_statement_is_longer_than_it_may_be_X05),
        T(what_cannot_be_stated_is_refused),
        T(no_digit_can_be_changed_X05),
        T(keys_come_from_their_secrets_alone),
        T(without_memory_nothing_is_stated)
    };
#undef T

    return cmocka_run_group_tests(tests, open_keys, close_keys);
}
