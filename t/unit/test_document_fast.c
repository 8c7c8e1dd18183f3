/*
 * Unit tests of the fast writer (S16, I08, I13, X05, X06): its file's
 * shape, its memory, its signature, and that it refuses what the reference
 * writer refuses.  That both give the same pixels and text is
 * t/proto/document-fast.t.
 */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_crypto.h"
#include "mc_sample.h"
#include "test_sign.h"


#define THREADS  4

static mc_template_t  *template_, *signing;
static mc_signer_t    *signer;
static X509           *leaf;
static EVP_PKEY       *key;
static mc_buf_t        photo;
static mc_qr_t         code;

static char  folder[] = "/tmp/mc_fast_XXXXXX";
static char  leaf_path[64], key_path[64];


static mc_document_in_t
input(void)
{
    return (mc_document_in_t) { .photo = mc_buf_view(&photo), .qr = &code };
}


/* Makes one and puts its parts together. */
static mc_err_t
make(const mc_template_t *with, const char *name, mc_buf_t *file)
{
    size_t            i;
    mc_buf_t          own;
    mc_err_t          err;
    mc_document_t     document;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    in = input();
    mc_sample_certificate(&certificate, mc_str_from(name));
    mc_buf_init(&own, MC_DOCUMENT_MAX);
    mc_buf_init(file, MC_DOCUMENT_MAX);

    err = mc_document_make(with, &certificate, &in, &own, &document);

    for (i = 0; err == MC_OK && i < document.count; i++) {
        err = mc_buf_str(file, document.parts[i]);
    }

    assert_true(err != MC_OK || file->len == document.len);
    mc_buf_free(&own);

    return err;
}


static void
assert_same(const mc_buf_t *a, const mc_buf_t *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->data, b->data, a->len);
}


static void
the_same_certificate_gives_the_same_bytes(void **state)
{
    size_t    i;
    mc_buf_t  first, second;

    for (i = 0; i < mc_sample_name_count; i++) {
        assert_int_equal(make(template_, mc_sample_names[i], &first), MC_OK);
        assert_int_equal(make(template_, mc_sample_names[i], &second),
                         MC_OK);
        assert_same(&first, &second);
        mc_buf_free(&first);
        mc_buf_free(&second);
    }
}


static size_t
number_behind(const mc_buf_t *file, const char *words)
{
    const char  *found;

    found = memmem(file->data, file->len, words, strlen(words));
    assert_non_null(found);

    return strtoul(found + strlen(words), NULL, 10);
}


/* Every object stands where the cross reference says. */
static void
the_cross_reference_points_at_each_object(void **state)
{
    char            head[40];
    size_t          i, n, at, size, start, objects;
    mc_buf_t        file;
    const uint8_t  *row;

    for (n = 0; n < mc_sample_name_count; n++) {
        assert_int_equal(make(n % 2 ? signing : template_,
                              mc_sample_names[n], &file), MC_OK);
        assert_int_equal(mc_buf_byte(&file, 0), MC_OK);

        start = number_behind(&file, "\nstartxref\n");
        size = number_behind(&file, "/W[1 3 1]/Size ");
        row = (const uint8_t *) memmem(file.data + start, file.len - start,
                                       "\nstream\n", 8) + 8;
        objects = 0;

        for (i = 0; i < size; i++, row += 5) {
            at = (size_t) row[1] << 16 | (size_t) row[2] << 8 | row[3];

            if (row[0] == 1) {
                (void) snprintf(head, sizeof(head), "%zu 0 obj\n", i);
                assert_true(at < file.len);
                assert_memory_equal(file.data + at, head, strlen(head));
                assert_memory_equal(file.data + at - 1, "\n", 1);
                objects++;
            }
        }

        assert_true(objects > 15);
        mc_buf_free(&file);
    }
}


static void
each_stream_is_as_long_as_it_says(void **state)
{
    size_t          streams, len;
    mc_buf_t        file;
    const uint8_t  *p, *end;

    assert_int_equal(make(signing, "王㔲𠀮𬘧", &file), MC_OK);

    streams = 0;
    p = file.data;
    end = file.data + file.len;

    while ((p = memmem(p, (size_t) (end - p), "/Length ", 8)) != NULL) {
        len = strtoul((const char *) p + 8, NULL, 10);
        p = memmem(p, (size_t) (end - p), "stream\n", 7);
        assert_non_null(p);
        p += 7 + len;
        assert_memory_equal(p, "\nendstream\n", 10);
        streams++;
    }

    assert_true(streams > 20);
    mc_buf_free(&file);
}


static void
nothing_is_copied_and_nothing_allocated_but_in_the_own_buffer(void **state)
{
    int               i;
    mc_buf_t          own;
    mc_document_t     document;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    in = input();
    mc_buf_init(&own, MC_DOCUMENT_MAX);
    mc_sample_certificate(&certificate, mc_str("林晓岚"));

    assert_int_equal(mc_document_make(template_, &certificate, &in, &own,
                                      &document), MC_OK);
    assert_true(document.count <= MC_DOCUMENT_PARTS);
    assert_ptr_equal(document.parts[2].data, photo.data);

    /* a buffer used again has all the memory it needs */
    mc_alloc_fail_at(1, false);

    for (i = 0; i < 3; i++) {
        own.len = 0;
        assert_int_equal(mc_document_make(template_, &certificate, &in, &own,
                                          &document), MC_OK);
    }

    mc_alloc_fail_at(0, false);
    mc_buf_free(&own);

    /* ... and a fresh one takes it at once */
    mc_alloc_fail_at(2, false);
    assert_int_equal(mc_document_make(template_, &certificate, &in, &own,
                                      &document), MC_OK);
    mc_alloc_fail_at(1, false);
    mc_buf_free(&own);
    assert_int_equal(mc_document_make(template_, &certificate, &in, &own,
                                      &document), MC_ENOMEM);
    mc_alloc_fail_at(0, false);
    mc_buf_free(&own);
}


static void
its_size_stays_within_the_bound(void **state)
{
    mc_buf_t  file;

    assert_int_equal(make(template_, "林晓岚", &file), MC_OK);

    /* the photo has 14 kB */
    assert_in_range(photo.len, 13000, 15000);
    assert_true(file.len < 54000);
    mc_buf_free(&file);
}


static void
the_digest_is_that_of_the_parts_together(void **state)
{
    size_t            i, n;
    uint8_t           digest[32], want[32];
    mc_buf_t          own, file;
    mc_document_t     document;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    in = input();

    for (n = 0; n < 2; n++) {
        mc_buf_init(&own, MC_DOCUMENT_MAX);
        mc_buf_init(&file, MC_DOCUMENT_MAX);
        mc_sample_certificate(&certificate, mc_str("林晓岚"));
        assert_int_equal(mc_document_make(n ? signing : template_,
                                          &certificate, &in, &own,
                                          &document), MC_OK);

        for (i = 0; i < document.count; i++) {
            assert_int_equal(mc_buf_str(&file, document.parts[i]), MC_OK);
        }

        assert_int_equal(mc_document_digest(n ? signing : template_,
                                            &document, digest), MC_OK);
        assert_int_equal(mc_sha256(file.data, file.len, want), MC_OK);
        assert_memory_equal(digest, want, 32);
        assert_true(n == 0 ? document.cms.len == 0 : document.cms.len > 500);

        mc_buf_free(&own);
        mc_buf_free(&file);
    }
}


/* Checks the signature as a reader of PDF does; X06. */
static bool
is_signed(const mc_buf_t *file)
{
    bool              good;
    char             *p;
    size_t            i, range[4];
    uint8_t           cms[16384];
    const uint8_t    *der;
    BIO              *content;
    X509_STORE       *store;
    CMS_ContentInfo  *info;

    p = (char *) memmem(file->data, file->len, "/ByteRange[", 11) + 11;
    for (i = 0; i < 4; i++) {
        range[i] = strtoul(p, &p, 10);
    }

    assert_int_equal(*p, ']');
    assert_int_equal(range[0], 0);
    assert_int_equal(range[2] + range[3], file->len);
    assert_int_equal(file->data[range[1]], '<');
    assert_int_equal(file->data[range[2] - 1], '>');

    assert_int_equal(mc_hex_read((mc_str_t) {
                         (const char *) file->data + range[1] + 1,
                         range[2] - range[1] - 2 }, cms,
                         (range[2] - range[1] - 2) / 2), MC_OK);
    der = cms;
    info = d2i_CMS_ContentInfo(NULL, &der, sizeof(cms));
    assert_non_null(info);

    content = BIO_new(BIO_s_mem());
    assert_non_null(content);
    assert_int_equal(BIO_write(content, file->data, (int) range[1]),
                     (int) range[1]);
    assert_int_equal(BIO_write(content, file->data + range[2],
                               (int) range[3]), (int) range[3]);

    store = X509_STORE_new();
    assert_non_null(store);
    assert_int_equal(X509_STORE_add_cert(store, leaf), 1);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_set_purpose(store, X509_PURPOSE_ANY);

    good = CMS_verify(info, NULL, store, content, NULL,
                      CMS_BINARY | CMS_DETACHED) == 1;

    X509_STORE_free(store);
    BIO_free(content);
    CMS_ContentInfo_free(info);

    return good;
}


static void
the_signature_covers_all_but_its_hole_X06(void **state)
{
    size_t    i;
    mc_buf_t  file;

    for (i = 0; i < 6; i++) {
        assert_int_equal(make(signing, mc_sample_names[i * 9], &file),
                         MC_OK);
        assert_true(is_signed(&file));

        /* one byte: of the constant part, of the values, of the photo, of
         * the trailer */
        file.data[(i + 1) * 100] ^= 1;
        assert_false(is_signed(&file));
        file.data[(i + 1) * 100] ^= 1;
        file.data[file.len - 2] ^= 1;
        assert_false(is_signed(&file));
        file.data[file.len - 2] ^= 1;
        file.data[file.len / 2] ^= 1;
        assert_false(is_signed(&file));

        mc_buf_free(&file);
    }
}


static void
the_reference_writer_signs_as_well(void **state)
{
    mc_buf_t          file;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    in = input();
    mc_buf_init(&file, MC_DOCUMENT_MAX);
    mc_sample_certificate(&certificate, mc_str("林晓岚"));
    assert_int_equal(mc_document_render(signing, &certificate, &in, &file),
                     MC_OK);
    assert_true(is_signed(&file));
    mc_buf_free(&file);
}


/* I13: the signature of the first issue comes back, byte for byte. */
static void
a_signature_of_before_gives_the_same_file_again(void **state)
{
    size_t            i;
    uint8_t           digests[2][32], huge[16384];
    mc_buf_t          own, again, plain;
    mc_document_t     first, second;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    in = input();
    mc_buf_init(&own, MC_DOCUMENT_MAX);
    mc_buf_init(&again, MC_DOCUMENT_MAX);
    mc_sample_certificate(&certificate, mc_str("林晓岚"));

    assert_int_equal(mc_document_make(signing, &certificate, &in, &own,
                                      &first), MC_OK);
    in.cms = first.cms;
    assert_int_equal(mc_document_make(signing, &certificate, &in, &again,
                                      &second), MC_OK);
    assert_int_equal(first.len, second.len);

    assert_int_equal(mc_document_digest(signing, &first, digests[0]), MC_OK);
    assert_int_equal(mc_document_digest(signing, &second, digests[1]),
                     MC_OK);
    assert_memory_equal(digests[0], digests[1], 32);

    /* both writers take it in */
    mc_buf_init(&plain, MC_DOCUMENT_MAX);
    assert_int_equal(mc_document_render(signing, &certificate, &in, &plain),
                     MC_OK);
    assert_non_null(memmem(plain.data, plain.len, "/Contents<30", 12));
    mc_buf_free(&plain);

    /* one that is too long is refused, not cut */
    memset(huge, 0x30, sizeof(huge));
    in.cms = (mc_str_t) { (const char *) huge,
                          mc_signer_room(signer) + 1 };
    again.len = 0;
    assert_int_equal(mc_document_make(signing, &certificate, &in, &again,
                                      &second), MC_ETOOBIG);
    assert_int_equal(mc_document_render(signing, &certificate, &in, &plain),
                     MC_ETOOBIG);
    mc_buf_free(&plain);

    for (i = 0; i < first.count; i++) {
        assert_true(first.parts[i].len > 0);
    }

    mc_buf_free(&own);
    mc_buf_free(&again);
}


static void
both_writers_refuse_the_same(void **state)
{
    size_t            i;
    char              name[4096];
    mc_buf_t          a, b;
    mc_err_t          err;
    mc_document_t     document;
    mc_document_in_t  in;
    mc_certificate_t  certificate;

    static const struct {
        const char  *name;
        size_t       photo;             /* bytes of it */
        size_t       room;
        mc_err_t     err;
    } cases[] = {
        { "王伟", SIZE_MAX, MC_DOCUMENT_MAX, MC_OK },
        { "王\xEF\xB8\x80", SIZE_MAX, MC_DOCUMENT_MAX, MC_EINVAL },
        { "王\xFF", SIZE_MAX, MC_DOCUMENT_MAX, MC_EINVAL },
        { "王伟", 0, MC_DOCUMENT_MAX, MC_EINVAL },
        { "王伟", 1000, MC_DOCUMENT_MAX, MC_EINVAL },
        { "王伟", SIZE_MAX, 4000, MC_ETOOBIG },
        { NULL, SIZE_MAX, MC_DOCUMENT_MAX, MC_ETOOBIG }
    };

    for (i = 0; i + 3 < sizeof(name); i += 3) {
        memcpy(name + i, "王", 4);
    }

    for (i = 0; i < mc_count(cases); i++) {
        in = input();
        mc_sample_certificate(&certificate, mc_str_from(
                                  cases[i].name != NULL ? cases[i].name
                                                        : name));

        if (cases[i].photo < in.photo.len) {
            in.photo.len = cases[i].photo;
        }

        mc_buf_init(&a, cases[i].room);
        mc_buf_init(&b, cases[i].room);
        err = mc_document_make(template_, &certificate, &in, &a, &document);
        assert_int_equal(err, cases[i].err);
        assert_int_equal(mc_document_render(template_, &certificate, &in,
                                            &b), cases[i].err);
        mc_buf_free(&a);
        mc_buf_free(&b);
    }
}


static void *
work(void *data)
{
    size_t     i;
    mc_buf_t  *files = data;

    for (i = 0; i < 8; i++) {
        if (make(template_, mc_sample_names[i * 7], &files[i]) != MC_OK) {
            return data;
        }
    }

    return NULL;
}


static void
threads_make_documents_at_once(void **state)
{
    void      *failed;
    size_t     i, j;
    mc_buf_t   files[THREADS][8];
    pthread_t  threads[THREADS];

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, files[i]),
                         0);
    }

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }

    for (i = 0; i < THREADS; i++) {
        for (j = 0; j < 8; j++) {
            assert_same(&files[i][j], &files[0][j]);
        }
    }

    for (i = 0; i < THREADS; i++) {
        for (j = 0; j < 8; j++) {
            mc_buf_free(&files[i][j]);
        }
    }
}


static int
open_templates(void **state)
{
    char           error[MC_SETTINGS_ERROR];
    mc_settings_t  settings;

    static const test_certificate_t  what = {
        "Seal", "critical,digitalSignature,nonRepudiation", false,
        -TEST_DAY, 90 * TEST_DAY
    };

    if (mkdtemp(folder) == NULL) {
        return -1;
    }

    (void) snprintf(leaf_path, sizeof(leaf_path), "%s/leaf.pem", folder);
    (void) snprintf(key_path, sizeof(key_path), "%s/key.pem", folder);

    key = test_key("P-256");
    leaf = test_certificate(&what, key, NULL, NULL);
    test_put_chain(leaf_path, (X509 *const []) { leaf, NULL });
    test_put_key(key_path, key, NULL);

    mc_buf_init(&photo, MC_DOCUMENT_MAX);
    mc_sample_settings(&settings);

    if (mc_sample_photo(&photo) != MC_OK
        || mc_qr_make(mc_str("https://member.example.org/verify/v/#"),
                      mc_str("31415926535897932384626433832795028841971"),
                      &code) != MC_OK)
    {
        return -1;
    }

    signer = mc_signer_open(mc_str_from(leaf_path), mc_str_from(key_path),
                            error);
    template_ = mc_template_open(&settings, 0, NULL, error);
    signing = mc_template_open(&settings, 0, signer, error);

    return signer == NULL || template_ == NULL || signing == NULL;
}


static int
close_templates(void **state)
{
    mc_template_close(signing);
    mc_template_close(template_);
    mc_signer_close(signer);
    X509_free(leaf);
    EVP_PKEY_free(key);
    mc_buf_free(&photo);

    return unlink(leaf_path) | unlink(key_path) | rmdir(folder);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_same_certificate_gives_the_same_bytes),
        cmocka_unit_test(the_cross_reference_points_at_each_object),
        cmocka_unit_test(each_stream_is_as_long_as_it_says),
        cmocka_unit_test(
            nothing_is_copied_and_nothing_allocated_but_in_the_own_buffer),
        cmocka_unit_test(its_size_stays_within_the_bound),
        cmocka_unit_test(the_digest_is_that_of_the_parts_together),
        cmocka_unit_test(the_signature_covers_all_but_its_hole_X06),
        cmocka_unit_test(the_reference_writer_signs_as_well),
        cmocka_unit_test(a_signature_of_before_gives_the_same_file_again),
        cmocka_unit_test(both_writers_refuse_the_same),
        cmocka_unit_test(threads_make_documents_at_once)
    };

    return cmocka_run_group_tests(tests, open_templates, close_templates);
}
