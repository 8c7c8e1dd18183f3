/*
 * Unit test of the deflated path of a QR code (X05): what zlib reads from
 * it, drawn into modules again.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

#include "mc_qr_path.h"


/* What the deflated path says, drawn into modules again; X05. */
static void
check_path(const mc_qr_path_t *path, const mc_qr_t *qr)
{
    int         used;
    char       *p;
    uLongf      len;
    unsigned    x, y, width, i, dark, drawn;
    mc_buf_t    out;
    static char text[65536];
    static bool grid[MC_QR_MODULES][MC_QR_MODULES];

    memset(grid, 0, sizeof(grid));
    mc_buf_init(&out, 65536);
    assert_int_equal(mc_qr_path_write(path, qr, &out), MC_OK);

    len = sizeof(text) - 1;
    assert_int_equal(uncompress((Bytef *) text, &len, out.data, out.len),
                     Z_OK);
    text[len] = '\0';
    mc_buf_free(&out);

    p = text;
    assert_memory_equal(p, "0 0 0 rg\n% 1 re\n", 16);
    p += 16;

    for (drawn = 0; sscanf(p, "%u %u %u 1 re\n%n", &x, &y, &width, &used)
         == 3; p += used)
    {
        x -= MC_QR_PATH_ORIGIN;
        y -= MC_QR_PATH_ORIGIN;
        assert_true(width > 0 && x + width <= qr->size && y < qr->size);

        for (i = 0; i < width; i++, drawn++) {
            assert_false(grid[qr->size - 1 - y][x + i]);
            grid[qr->size - 1 - y][x + i] = true;
        }
    }

    assert_string_equal(p, "f\n");

    for (dark = 0, y = 0; y < qr->size; y++) {
        for (x = 0; x < qr->size; x++) {
            assert_int_equal(grid[y][x], mc_qr_dark(qr, x, y));
            dark += mc_qr_dark(qr, x, y);
        }
    }

    assert_int_equal(dark, drawn);
}


static void
the_deflated_path_of_a_qr_code_draws_its_modules_X05(void **state)
{
    unsigned      size, n;
    size_t        i;
    mc_qr_t       qr;
    mc_buf_t      out;
    mc_qr_path_t  path;

    assert_int_equal(mc_qr_make(mc_str("https://members.example.org/v/#"),
                                mc_str("31415926535897932384626433832795"),
                                &qr), MC_OK);
    mc_qr_path_init(&path);
    check_path(&path, &qr);
    srandom(7);

    /* every size, and grids no code has: all dark, all light, stripes */
    for (size = 1; size <= MC_QR_MODULES; size++) {
        for (n = 0; n < 8; n++) {
            memset(&qr, 0, sizeof(qr));
            qr.size = size;

            for (i = 0; i < (size_t) size * size; i++) {
                if (n == 0 || (n == 1 && i % 2) || (n == 2 && i % size % 23)
                    || (n == 3 && i / size % 2)
                    || (n > 3 && random() % (n + 1) > 1))
                {
                    qr.bits[i / 8] |= (uint8_t) (0x80 >> i % 8);
                }
            }

            check_path(&path, &qr);
        }

        memset(qr.bits, 0, sizeof(qr.bits));
        check_path(&path, &qr);
    }

    qr.size = 0;
    mc_buf_init(&out, 1000);
    assert_int_equal(mc_qr_path_write(&path, &qr, &out), MC_EINVAL);
    qr.size = MC_QR_MODULES + 1;
    assert_int_equal(mc_qr_path_write(&path, &qr, &out), MC_EINVAL);
    qr.size = MC_QR_MODULES;
    assert_int_equal(mc_qr_path_write(&path, &qr, &out), MC_ETOOBIG);
    mc_buf_free(&out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_deflated_path_of_a_qr_code_draws_its_modules_X05)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
