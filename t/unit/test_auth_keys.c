/*
 * Unit tests of the site's keys: which secret files are taken, and that a
 * sealed value opens with its key and context only.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_keys.h"


#define OUT_MAX  65536

static char  folder[] = "/tmp/mc_keys_XXXXXX";


/* The file's path, in a buffer of the caller. */
static mc_str_t
put_secret(char path[64], const char *name, const char *bytes, size_t len,
    mode_t mode)
{
    FILE  *file;

    (void) snprintf(path, 64, "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);

    return mc_str_from(path);
}


static mc_err_t
open_one(mc_keys_t *keys, const char *bytes, size_t len, mode_t mode)
{
    char      path[64], error[256];
    mc_err_t  err;
    mc_str_t  file;

    file = put_secret(path, "secret", bytes, len, mode);
    err = mc_keys_open(keys, &file, 1, error);

    assert_int_equal(err == MC_OK, error[0] == '\0');
    assert_true(err == MC_OK || strstr(error, path) != NULL);
    assert_int_equal(unlink(path), 0);

    return err;
}


static void
a_secret_file_is_judged_before_it_is_taken(void **state)
{
    char       bytes[4100];
    mc_keys_t  keys;

    memset(bytes, 'k', sizeof(bytes));

    assert_int_equal(open_one(&keys, bytes, 32, 0600), MC_OK);
    assert_int_equal(keys.count, 1);
    assert_int_equal(open_one(&keys, bytes, 32, 0640), MC_OK);
    assert_int_equal(open_one(&keys, bytes, 4096, 0400), MC_OK);

    assert_int_equal(open_one(&keys, bytes, 31, 0600), MC_EINVAL);
    assert_int_equal(keys.count, 0);
    assert_int_equal(open_one(&keys, bytes, 0, 0600), MC_EINVAL);
    assert_int_equal(open_one(&keys, bytes, 4097, 0600), MC_EINVAL);
    assert_int_equal(open_one(&keys, bytes, 32, 0604), MC_EINVAL);
    assert_int_equal(open_one(&keys, bytes, 32, 0602), MC_EINVAL);

    /* line ends do not count as secret */

    memset(bytes + 20, '\n', 20);
    assert_int_equal(open_one(&keys, bytes, 40, 0600), MC_EINVAL);
}


static void
what_is_no_file_is_refused_by_name(void **state)
{
    char       fifo[64], error[256];
    mc_str_t   file;
    mc_keys_t  keys;

    file = mc_str_from(folder);
    assert_int_equal(mc_keys_open(&keys, &file, 1, error), MC_EINVAL);
    assert_non_null(strstr(error, folder));

    file = mc_str("/nowhere/membercert.secret");
    assert_int_equal(mc_keys_open(&keys, &file, 1, error), MC_EINVAL);
    assert_non_null(strstr(error, "/nowhere/membercert.secret"));

    /* a FIFO without a writer must not hang the start */

    (void) snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    file = mc_str_from(fifo);
    assert_int_equal(mc_keys_open(&keys, &file, 1, error), MC_EINVAL);
    assert_int_equal(unlink(fifo), 0);

    assert_int_equal(mc_keys_open(&keys, &file, 0, error), MC_EINVAL);
    assert_int_equal(mc_keys_open(&keys, &file, MC_SECRETS + 1, error),
                     MC_EINVAL);
}


static void
a_link_to_a_good_secret_is_followed(void **state)
{
    char       path[64], link[64], error[256];
    mc_str_t   file;
    mc_keys_t  keys;

    (void) put_secret(path, "real", "0123456789abcdef0123456789abcdef", 32,
                      0600);
    (void) snprintf(link, sizeof(link), "%s/link", folder);
    assert_int_equal(symlink(path, link), 0);

    file = mc_str_from(link);
    assert_int_equal(mc_keys_open(&keys, &file, 1, error), MC_OK);

    assert_int_equal(unlink(link), 0);
    assert_int_equal(unlink(path), 0);
}


static void
keys_differ_by_use_and_by_secret_but_not_by_line_end(void **state)
{
    mc_keys_t  a, b, c;

    assert_int_equal(open_one(&a, "0123456789abcdef0123456789abcdef", 32,
                              0600), MC_OK);
    assert_int_equal(open_one(&b, "0123456789abcdef0123456789abcdef\r\n",
                              34, 0600), MC_OK);
    assert_int_equal(open_one(&c, "0123456789abcdef0123456789abcdeF", 32,
                              0600), MC_OK);

    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(a.seal[0], c.seal[0], MC_KEY_SIZE);
    assert_memory_not_equal(a.id[0], c.id[0], 4);
    assert_memory_not_equal(a.seal[0], a.audit[0], MC_KEY_SIZE);
    assert_memory_not_equal(a.seal[0], a.pseudonym, MC_KEY_SIZE);
    assert_memory_not_equal(a.seal[0], a.id[0], 4);

    mc_keys_wipe(&a);
    assert_int_equal(a.count, 0);
    assert_int_equal(a.seal[0][0] | a.seal[0][31], 0);
}


static void
a_sealed_value_opens_in_its_context_only(void **state)
{
    size_t     i;
    mc_buf_t   sealed, again, plain;
    mc_keys_t  keys;

    assert_int_equal(open_one(&keys, "0123456789abcdef0123456789abcdef", 32,
                              0600), MC_OK);
    mc_buf_init(&sealed, OUT_MAX);
    mc_buf_init(&again, OUT_MAX);
    mc_buf_init(&plain, OUT_MAX);

    assert_int_equal(mc_seal(&keys, "phone:17", mc_str("13800000000"),
                             &sealed), MC_OK);
    assert_int_equal(sealed.len, 11 + MC_SEAL_OVERHEAD);
    assert_int_equal(sealed.data[0], 1);
    assert_memory_equal(sealed.data + 1, keys.id[0], 4);
    assert_null(memmem(sealed.data, sealed.len, "1380000", 7));

    assert_int_equal(mc_seal(&keys, "phone:17", mc_str("13800000000"),
                             &again), MC_OK);
    assert_memory_not_equal(sealed.data + 5, again.data + 5, 12);

    assert_int_equal(mc_unseal(&keys, "phone:17", mc_buf_view(&sealed),
                               &plain), MC_OK);
    assert_true(mc_str_is(mc_buf_view(&plain), "13800000000"));

    assert_int_equal(mc_unseal(&keys, "phone:18", mc_buf_view(&sealed),
                               &plain), MC_ECORRUPT);

    for (i = 0; i < sealed.len; i++) {
        sealed.data[i] ^= 1;
        assert_int_equal(mc_unseal(&keys, "phone:17", mc_buf_view(&sealed),
                                   &plain), MC_ECORRUPT);
        sealed.data[i] ^= 1;
        assert_int_equal(mc_unseal(&keys, "phone:17",
                             (mc_str_t) { (const char *) sealed.data, i },
                             &plain), MC_ECORRUPT);
    }

    assert_true(mc_str_is(mc_buf_view(&plain), "13800000000"));

    mc_buf_free(&plain);
    mc_buf_free(&again);
    mc_buf_free(&sealed);
}


static void
an_empty_value_can_be_sealed(void **state)
{
    mc_buf_t   sealed, plain;
    mc_keys_t  keys;

    assert_int_equal(open_one(&keys, "0123456789abcdef0123456789abcdef", 32,
                              0600), MC_OK);
    mc_buf_init(&sealed, OUT_MAX);
    mc_buf_init(&plain, OUT_MAX);

    assert_int_equal(mc_seal(&keys, "x", mc_str(""), &sealed), MC_OK);
    assert_int_equal(mc_unseal(&keys, "x", mc_buf_view(&sealed), &plain),
                     MC_OK);
    assert_int_equal(plain.len, 0);

    mc_buf_free(&plain);
    mc_buf_free(&sealed);
}


/* A new secret in front: old values open, new ones need the new file. */
static void
the_first_secret_seals_and_all_of_them_open(void **state)
{
    char       old_path[64], new_path[64], error[256];
    mc_buf_t   old_value, new_value, plain;
    mc_str_t   files[2];
    mc_keys_t  old_keys, both;

    files[1] = put_secret(old_path, "old", "old secret of 32 bytes and more!",
                          32, 0600);
    files[0] = put_secret(new_path, "new", "new secret of 32 bytes and more!",
                          32, 0600);

    mc_buf_init(&old_value, OUT_MAX);
    mc_buf_init(&new_value, OUT_MAX);
    mc_buf_init(&plain, OUT_MAX);

    assert_int_equal(mc_keys_open(&old_keys, &files[1], 1, error), MC_OK);
    assert_int_equal(mc_keys_open(&both, files, 2, error), MC_OK);

    assert_int_equal(mc_seal(&old_keys, "x", mc_str("one"), &old_value),
                     MC_OK);
    assert_int_equal(mc_seal(&both, "x", mc_str("two"), &new_value), MC_OK);

    assert_int_equal(mc_unseal(&both, "x", mc_buf_view(&old_value), &plain),
                     MC_OK);
    assert_int_equal(mc_unseal(&both, "x", mc_buf_view(&new_value), &plain),
                     MC_OK);
    assert_true(mc_str_is(mc_buf_view(&plain), "onetwo"));
    assert_int_equal(mc_unseal(&old_keys, "x", mc_buf_view(&new_value),
                               &plain), MC_ECORRUPT);

    mc_buf_free(&plain);
    mc_buf_free(&new_value);
    mc_buf_free(&old_value);
    assert_int_equal(unlink(old_path), 0);
    assert_int_equal(unlink(new_path), 0);
}


static void
sealing_without_memory_fails_cleanly(void **state)
{
    mc_buf_t       out, sealed;
    mc_keys_t      keys;
    unsigned long  n;

    assert_int_equal(open_one(&keys, "0123456789abcdef0123456789abcdef", 32,
                              0600), MC_OK);
    mc_buf_init(&sealed, OUT_MAX);
    assert_int_equal(mc_seal(&keys, "x", mc_str("value"), &sealed), MC_OK);

    for (n = 1; n <= 2; n++) {
        mc_buf_init(&out, OUT_MAX);
        mc_alloc_fail_at(n, false);
        assert_int_equal(mc_seal(&keys, "x", mc_str("value"), &out),
                         MC_ENOMEM);
        mc_alloc_fail_at(0, false);
        mc_buf_free(&out);

        mc_buf_init(&out, OUT_MAX);
        mc_alloc_fail_at(n, false);
        assert_int_equal(mc_unseal(&keys, "x", mc_buf_view(&sealed), &out),
                         MC_ENOMEM);
        mc_alloc_fail_at(0, false);
        mc_buf_free(&out);
    }

    mc_buf_init(&out, 8);
    assert_int_equal(mc_seal(&keys, "x", mc_str("value"), &out), MC_ETOOBIG);
    mc_buf_free(&out);
    mc_buf_free(&sealed);
}


static void
a_pseudonym_is_steady_and_tells_no_number(void **state)
{
    char       first[17], again[17], other[17], foreign[17];
    mc_keys_t  keys, others;

    assert_int_equal(open_one(&keys, "0123456789abcdef0123456789abcdef", 32,
                              0600), MC_OK);
    assert_int_equal(open_one(&others, "0123456789abcdef0123456789abcdeF",
                              32, 0600), MC_OK);

    mc_pseudonym(&keys, 17, first);
    mc_pseudonym(&keys, 17, again);
    mc_pseudonym(&keys, 18, other);
    mc_pseudonym(&others, 17, foreign);

    assert_int_equal(strlen(first), 16);
    assert_int_equal(strspn(first, "0123456789abcdef"), 16);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_string_not_equal(first, foreign);
}


static int
make_folder(void **state)
{
    return mkdtemp(folder) == NULL ? -1 : 0;
}


static int
remove_folder(void **state)
{
    return rmdir(folder);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_secret_file_is_judged_before_it_is_taken),
        cmocka_unit_test(what_is_no_file_is_refused_by_name),
        cmocka_unit_test(a_link_to_a_good_secret_is_followed),
        cmocka_unit_test(keys_differ_by_use_and_by_secret_but_not_by_line_end),
        cmocka_unit_test(a_sealed_value_opens_in_its_context_only),
        cmocka_unit_test(an_empty_value_can_be_sealed),
        cmocka_unit_test(the_first_secret_seals_and_all_of_them_open),
        cmocka_unit_test(sealing_without_memory_fails_cleanly),
        cmocka_unit_test(a_pseudonym_is_steady_and_tells_no_number),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
