/*
 * Unit tests of QR symbols (X05): what is drawn is read back by a reader of
 * others (zbarimg), sizes keep their bound, the stored form keeps its bits.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_qr.h"


#define TEXT_MAX  1024
#define DOT       4                 /* pixels a module */

/* 40 letters of public URL and what is put behind */
static const char  address40[] =
    "https://certificate.institute.example.cn/v/#";


static mc_str_t
first(const char *text, size_t len)
{
    return (mc_str_t) { text, len };
}


/* Any digits but a 0 in front. */
static void
some_digits(char *out, size_t len, unsigned seed)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        seed = seed * 1103515245u + 12345u;
        out[i] = (char) ('0' + (i == 0 ? 1 : seed >> 16) % 10);
    }

    out[len] = '\0';
}


/* A grey picture with its quiet zone, as PGM. */
static void
draw(const mc_qr_t *qr, const char *path)
{
    FILE      *file;
    unsigned   x, y, column, row, side;

    file = fopen(path, "wb");
    assert_non_null(file);
    side = (qr->size + 2 * MC_QR_QUIET) * DOT;
    fprintf(file, "P5\n%u %u\n255\n", side, side);

    for (y = 0; y < side; y++) {
        for (x = 0; x < side; x++) {
            column = x / DOT - MC_QR_QUIET;
            row = y / DOT - MC_QR_QUIET;
            fputc(column < qr->size && row < qr->size
                  && mc_qr_dark(qr, column, row) ? 0 : 255, file);
        }
    }

    assert_int_equal(fclose(file), 0);
}


static void
read_back(const mc_qr_t *qr, char out[TEXT_MAX])
{
    int     fd;
    char    path[] = "/tmp/mc_qr_XXXXXX", command[128];
    FILE   *pipe;
    size_t  len;

    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    draw(qr, path);

    (void) snprintf(command, sizeof(command),
                    "zbarimg -q --raw --nodbus %s 2>/dev/null", path);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(out, 1, TEXT_MAX - 1, pipe);
    out[len] = '\0';
    assert_int_equal(pclose(pipe), 0);
    assert_int_equal(unlink(path), 0);

    if (len > 0 && out[len - 1] == '\n') {
        out[len - 1] = '\0';
    }
}


static void
a_reader_reads_address_and_digits_as_one_text_X05(void **state)
{
    static const struct {
        const char  *address;
        size_t       digits;
        unsigned     size;
    } cases[] = {
        { "https://a.cn/v/#0123456789ABCDEF", 0, 29 },
        { "https://certificate.institute.example.cn/v/#0123456789ABCDEF", 0,
          33 },
        { address40, 1, 33 },
        { address40, 300, 53 },
        { address40, 401, 57 },
        { address40, 402, 57 },
        { "http://a/v/#", 478, 57 },
        { "x", 3, 21 }
    };

    char      digits[TEXT_MAX], text[TEXT_MAX], want[2 * TEXT_MAX];
    size_t    i;
    mc_qr_t   qr, again;

    for (i = 0; i < mc_count(cases); i++) {
        some_digits(digits, cases[i].digits, (unsigned) i);
        assert_int_equal(mc_qr_make(mc_str_from(cases[i].address),
                                    mc_str_from(digits), &qr), MC_OK);
        assert_int_equal(qr.size, cases[i].size);

        (void) snprintf(want, sizeof(want), "%s%s", cases[i].address,
                        digits);
        read_back(&qr, text);
        assert_string_equal(text, want);

        assert_int_equal(mc_qr_make(mc_str_from(cases[i].address),
                                    mc_str_from(digits), &again), MC_OK);
        assert_memory_equal(&qr, &again, sizeof(qr));
    }
}


/* For each length of address: the most digits fit, one more does not. */
static void
no_symbol_has_more_than_57_modules_X05(void **state)
{
    char     address[TEXT_MAX], digits[TEXT_MAX];
    size_t   len, most;
    mc_qr_t  qr;

    memset(address, 'a', sizeof(address));
    assert_int_equal(mc_qr_digits(sizeof(address40) - 1), 402);

    for (len = 1; len <= 211; len++) {
        most = mc_qr_digits(len);
        assert_true(most > 0 && most < 520);
        some_digits(digits, most + 1, (unsigned) len);

        assert_int_equal(mc_qr_make(first(address, len), first(digits, most),
                                    &qr), MC_OK);
        assert_true(qr.size <= MC_QR_MODULES);
        assert_int_equal(mc_qr_make(first(address, len),
                                    first(digits, most + 1), &qr),
                         MC_ETOOBIG);
    }

    assert_int_equal(mc_qr_digits(212), 0);
    assert_int_equal(mc_qr_digits(SIZE_MAX), 0);
    assert_int_equal(mc_qr_make(first(address, 213), mc_str(""), &qr),
                     MC_OK);
    assert_int_equal(qr.size, MC_QR_MODULES);
    assert_int_equal(mc_qr_make(first(address, 213), mc_str("1"), &qr),
                     MC_ETOOBIG);
    assert_int_equal(mc_qr_make(first(address, 214), mc_str(""), &qr),
                     MC_ETOOBIG);
    assert_int_equal(mc_qr_make((mc_str_t) { address, SIZE_MAX }, mc_str(""),
                                &qr), MC_ETOOBIG);
}


static void
what_are_no_digits_is_refused(void **state)
{
    mc_qr_t  qr;

    assert_int_equal(mc_qr_make(mc_str(""), mc_str("1"), &qr), MC_EINVAL);
    assert_int_equal(mc_qr_make(mc_str("a"), mc_str("12a"), &qr), MC_EINVAL);
    assert_int_equal(mc_qr_make(mc_str("a"), mc_str("1 2"), &qr), MC_EINVAL);
    assert_int_equal(mc_qr_make(mc_str("a"), mc_str("1\0002"), &qr),
                     MC_EINVAL);
}


static void
the_stored_form_keeps_every_module(void **state)
{
    char      digits[TEXT_MAX];
    size_t    n, i;
    mc_qr_t   qr, again;
    mc_buf_t  buf;
    mc_str_t  packed;

    static const size_t  counts[] = { 1, 40, 100, 200, 300, 402 };

    for (n = 0; n < mc_count(counts); n++) {
        some_digits(digits, counts[n], (unsigned) n);
        assert_int_equal(mc_qr_make(mc_str_from(address40),
                                    mc_str_from(digits), &qr), MC_OK);
        mc_buf_init(&buf, MC_QR_PACKED);
        assert_int_equal(mc_qr_pack(&qr, &buf), MC_OK);
        packed = mc_buf_view(&buf);
        assert_int_equal(packed.len, 1 + (qr.size * qr.size + 7) / 8);

        assert_int_equal(mc_qr_unpack(packed, &again), MC_OK);
        assert_memory_equal(&qr, &again, sizeof(qr));

        for (i = 0; i < packed.len; i++) {
            assert_int_equal(mc_qr_unpack(first(packed.data, i), &again),
                             MC_ECORRUPT);
        }

        assert_int_equal(mc_buf_byte(&buf, 0), qr.size == MC_QR_MODULES
                                               ? MC_ETOOBIG : MC_OK);
        mc_buf_free(&buf);
    }
}


static void
a_stored_form_of_another_kind_is_refused(void **state)
{
    size_t   i;
    uint8_t  packed[MC_QR_PACKED + 1] = { 0 };
    mc_qr_t  qr;

    const char *const  text = (const char *) packed;

    for (i = 0; i < 256; i++) {
        packed[0] = (uint8_t) i;

        if (i >= 21 && i <= 57 && i % 4 == 1) {
            assert_int_equal(mc_qr_unpack(first(text, 1 + (i * i + 7) / 8),
                                          &qr), MC_OK);
            assert_int_equal(mc_qr_unpack(first(text, 2 + (i * i + 7) / 8),
                                          &qr), MC_ECORRUPT);

        } else {
            assert_int_equal(mc_qr_unpack(first(text, 1 + (i * i + 7) / 8
                                                      > sizeof(packed)
                                                      ? sizeof(packed)
                                                      : 1 + (i * i + 7) / 8),
                                          &qr), MC_ECORRUPT);
        }
    }

    /* bits behind the last module */

    packed[0] = 21;
    packed[56] = 0x80;
    assert_int_equal(mc_qr_unpack(first(text, 57), &qr), MC_OK);
    assert_true(mc_qr_dark(&qr, 20, 20));
    packed[56] = 0x40;
    assert_int_equal(mc_qr_unpack(first(text, 57), &qr), MC_ECORRUPT);

    assert_int_equal(mc_qr_pack(&(mc_qr_t) { 22, { 0 } }, NULL), MC_EINVAL);
}


static void *
make_many(void *data)
{
    char      digits[TEXT_MAX];
    mc_qr_t   qr;
    unsigned  i;

    const mc_qr_t  *want = data;

    some_digits(digits, 402, 7);

    for (i = 0; i < 20; i++) {
        if (mc_qr_make(mc_str_from(address40), mc_str_from(digits), &qr)
            != MC_OK || memcmp(&qr, want, sizeof(qr)) != 0)
        {
            return data;
        }
    }

    return NULL;
}


static void
many_threads_make_symbols_at_once(void **state)
{
    char       digits[TEXT_MAX];
    void      *failed;
    size_t     i;
    mc_qr_t    qr;
    pthread_t  threads[4];

    some_digits(digits, 402, 7);
    assert_int_equal(mc_qr_make(mc_str_from(address40), mc_str_from(digits),
                                &qr), MC_OK);

    for (i = 0; i < mc_count(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, make_many, &qr),
                         0);
    }

    for (i = 0; i < mc_count(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_reader_reads_address_and_digits_as_one_text_X05),
        cmocka_unit_test(no_symbol_has_more_than_57_modules_X05),
        cmocka_unit_test(what_are_no_digits_is_refused),
        cmocka_unit_test(the_stored_form_keeps_every_module),
        cmocka_unit_test(a_stored_form_of_another_kind_is_refused),
        cmocka_unit_test(many_threads_make_symbols_at_once)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
