/*
 * The same file for ever: QR code and signature are made once and kept,
 * whoever asks, from whichever thread, before and after a restart (I13 I14
 * X05 X06), also by the command.
 */

#include "test_cert.h"

#include <pthread.h>

#include "mc_issue.h"
#include "mc_statement.h"
#include "mc_store_sqlite.h"
#include "test_sign.h"


#define PUBLIC  "https://member.example.org/site"

static char  sign_dir[] = "/tmp/membercert-sign-XXXXXX";
static char  sign_line[256];


static void
put_signer(const char *dir)
{
    X509      *chain[2];
    char       path[128];
    EVP_PKEY  *key;

    static const test_certificate_t  what = {
        "Institute", "critical,digitalSignature", false, -TEST_DAY,
        30 * TEST_DAY
    };

    key = test_key("P-256");
    chain[0] = test_certificate(&what, key, NULL, NULL);
    chain[1] = NULL;

    (void) snprintf(path, sizeof(path), "%s/chain.pem", dir);
    test_put_chain(path, chain);
    (void) snprintf(path, sizeof(path), "%s/key.pem", dir);
    test_put_key(path, key, NULL);

    X509_free(chain[0]);
    EVP_PKEY_free(key);
}


static int
setup(void **state)
{
    assert_non_null(mkdtemp(sign_dir));
    put_signer(sign_dir);

    (void) snprintf(sign_line, sizeof(sign_line), "membercert_sign "
                    "certificate=%s/chain.pem key=%s/key.pem", sign_dir,
                    sign_dir);
    site_lines[0] = "membercert_public_url " PUBLIC;
    site_lines[1] = sign_line;

    return site_setup_document(state);
}


static int
teardown(void **state)
{
    (void) nftw(sign_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);

    return site_teardown(state);
}


static mc_conn_t *
borrow(void)
{
    mc_conn_t  *conn;

    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);

    return conn;
}


static mc_confirmation_row_t
newest_of(const char *no, mc_arena_t *arena)
{
    mc_conn_t              *conn;
    mc_member_row_t         member;
    mc_confirmation_row_t   row;

    conn = borrow();
    assert_int_equal(mc_member_by_no(conn, mc_str("nonpractising"),
                                     mc_str_from(no), arena, &member),
                     MC_OK);
    assert_int_equal(mc_confirmation_newest(conn, member.member.id, arena,
                                            &row), MC_OK);
    mc_store_release(t.site->store, conn);

    return row;
}


/* X05: code, statement, the key it is proved with. */
static void
a_confirmation_makes_a_code_and_a_statement_with_its_key(void **state)
{
    char                    version[65];
    size_t                  count;
    uint8_t                 hash[32], code[MC_CODE_BYTES];
    mc_conn_t              *conn;
    mc_arena_t              arena;
    mc_statement_t          said;
    mc_known_key_t         *keys;
    mc_certificate_t        frozen;
    mc_confirmation_row_t   row;

    ready_member("70000001", hash);
    confirm_present(hash, version);

    mc_arena_init(&arena, 1024 * 1024);
    row = newest_of("70000001", &arena);

    assert_int_equal(row.code.len, MC_CODE_CERTIFICATE);
    assert_int_equal(mc_code_certificate_bytes(row.code, code), MC_OK);

    assert_true(row.statement.len > 300);
    assert_true(row.statement.len <= mc_issue_digits(t.site));
    assert_int_equal(mc_statement_verify(t.site->keys.statement[0].point,
                                         row.statement), MC_OK);
    assert_int_equal(mc_statement_read(row.statement, &arena, &said), MC_OK);
    assert_memory_equal(said.code, code, MC_CODE_BYTES);
    assert_text(said.name, "王小明");
    assert_text(said.number, "Z70000001");
    assert_text(said.category, "非执业会员");
    assert_false(said.name_cut || said.category_cut);

    assert_int_equal(mc_certificate_read(row.frozen, &arena, &frozen),
                     MC_OK);
    assert_memory_equal(said.photo, frozen.photo_sha256,
                        MC_STATEMENT_PHOTO);
    assert_text(frozen.institute_code, "ZJ");

    conn = borrow();
    assert_int_equal(mc_statement_key_list(conn, &arena, &keys, &count),
                     MC_OK);
    assert_int_equal(count, 1);
    assert_memory_equal(keys[0].id, t.site->keys.statement[0].id, 4);
    assert_memory_equal(keys[0].point, t.site->keys.statement[0].point, 65);
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);
}


static size_t
issued_of(int64_t serial, uint8_t sha256[32])
{
    size_t        count;
    mc_conn_t    *conn;
    mc_arena_t    arena;
    mc_issued_t  *list;

    conn = borrow();
    mc_arena_init(&arena, 1024 * 1024);
    assert_int_equal(mc_issued_list(conn, serial, &arena, &list, &count),
                     MC_OK);

    if (count > 0) {
        memcpy(sha256, list[0].sha256, 32);
    }

    mc_arena_free(&arena);
    mc_store_release(t.site->store, conn);

    return count;
}


static void
assert_recorded(const mc_cert_pdf_t *pdf)
{
    uint8_t   recorded[32], digest[32];
    mc_buf_t  file;

    assert_int_equal(issued_of(pdf->serial, recorded), 1);
    file_of(pdf, &file);
    assert_int_equal(mc_sha256(file.data, file.len, digest), MC_OK);
    assert_memory_equal(digest, recorded, 32);
    mc_buf_free(&file);
}


/* The file a member gets from the present site. */
static void
download(const char *no, mc_buf_t *file)
{
    uint8_t        hash[32];
    mc_cert_pdf_t  pdf;

    log_in(no, hash);
    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    assert_true(pdf.document.cms.len > 200);
    assert_recorded(&pdf);
    file_of(&pdf, file);
    pdf_done(&pdf);
}


static void
assert_same_bytes(const mc_buf_t *one, const mc_buf_t *two)
{
    assert_int_equal(one->len, two->len);
    assert_memory_equal(one->data, two->data, one->len);
}


/* I13: a signature is random, and yet the file is the same. */
static void
a_signed_file_is_the_same_later_and_after_a_restart(void **state)
{
    char        version[65];
    uint8_t     hash[32];
    mc_buf_t    files[3];
    mc_site_t  *before;

    ready_member("70000002", hash);
    confirm_present(hash, version);

    download("70000002", &files[0]);
    t.now += MC_DAY;
    download("70000002", &files[1]);
    assert_same_bytes(&files[0], &files[1]);

    before = t.site;
    t.site = open_site(t.settings, 0);
    download("70000002", &files[2]);
    assert_same_bytes(&files[0], &files[2]);
    mc_site_close(t.site);
    t.site = before;

    mc_buf_free(&files[0]);
    mc_buf_free(&files[1]);
    mc_buf_free(&files[2]);
}


/* Without what was recorded another signature would be made: the test
 * above can fail. */
static void
two_signatures_of_the_same_data_differ(void **state)
{
    char        version[65];
    uint8_t     hash[32];
    mc_buf_t    files[2];
    mc_conn_t  *conn;

    ready_member("70000003", hash);
    confirm_present(hash, version);
    download("70000003", &files[0]);

    conn = borrow();
    assert_int_equal(mc_sqlite_exec(conn->db[MC_DB_CORE],
                                    "DELETE FROM issued"), MC_OK);
    mc_store_release(t.site->store, conn);

    download("70000003", &files[1]);
    assert_int_equal(files[0].len, files[1].len);
    assert_memory_not_equal(files[0].data, files[1].data, files[0].len);
    mc_buf_free(&files[0]);
    mc_buf_free(&files[1]);
}


#define THREADS  4

typedef struct {
    mc_cert_pdf_t  pdf;
    mc_site_t     *site;
} racer_t;


static void *
race(void *data)
{
    racer_t  *racer;

    racer = data;
    mc_cert_pdf_run(&racer->pdf);

    return NULL;
}


/* As of two workers: each pair of threads has a site of its own. */
static void
first_downloads_at_once_are_one_file(void **state)
{
    int         i;
    char        version[65];
    uint8_t     hash[32];
    racer_t    *racers;
    mc_site_t  *other;
    pthread_t   threads[THREADS];

    ready_member("70000004", hash);
    confirm_present(hash, version);

    other = open_site(t.settings, 0);
    racers = calloc(THREADS, sizeof(racer_t));
    assert_non_null(racers);

    for (i = 0; i < THREADS; i++) {
        begin(&racers[i].pdf.call, hash);
        racers[i].pdf.call.site = i % 2 == 0 ? t.site : other;
    }

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]),
                         0);
    }

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }

    for (i = 0; i < THREADS; i++) {
        assert_codes(&racers[i].pdf.call.problems, "");
        assert_same_file(&racers[0].pdf, &racers[i].pdf);
        assert_recorded(&racers[i].pdf);
    }

    for (i = 0; i < THREADS; i++) {
        pdf_done(&racers[i].pdf);
    }

    mc_site_close(other);
    free(racers);
}


static void
an_unknown_layout_is_refused(void **state)
{
    char           version[65];
    uint8_t        hash[32];
    mc_cert_pdf_t  pdf;

    ready_member("70000005", hash);
    confirm_present(hash, version);

    memset(&pdf, 0, sizeof(pdf));
    begin(&pdf.call, hash);
    pdf.layout = mc_str("card");
    mc_cert_pdf_run(&pdf);
    assert_codes(&pdf.call.problems, "layout_unknown");
    assert_int_equal(pdf.document.count, 0);
    pdf_done(&pdf);
}


/* The command's file is the member's, whoever is first. */
static void
the_command_writes_the_members_file(void **state)
{
    bool             confirmed;
    char             version[65];
    uint8_t          hash[32];
    mc_buf_t         pdf, file;
    mc_admin_t       admin;
    mc_admin_key_t   key;

    ready_member("70000007", hash);
    confirm_present(hash, version);

    mc_admin_init(&admin, t.site);
    mc_buf_init(&pdf, MC_DOCUMENT_MAX);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("70000007"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_certificate(&admin, &key, mc_str(""), &pdf,
                                          &confirmed), MC_OK);
    assert_true(confirmed);

    download("70000007", &file);
    assert_same_bytes(&pdf, &file);

    mc_buf_free(&pdf);
    mc_buf_free(&file);
    mc_buf_init(&pdf, MC_DOCUMENT_MAX);
    assert_int_equal(mc_admin_certificate(&admin, &key, mc_str("card"),
                                          &pdf, &confirmed), MC_ENOTFOUND);
    assert_int_equal(pdf.len, 0);
    mc_buf_free(&pdf);
    mc_admin_free(&admin);
}


/* Neither of them may be signed: nobody confirmed it. */
static void
a_sample_and_unconfirmed_data_are_not_signed(void **state)
{
    bool             confirmed;
    uint8_t          hash[32];
    mc_buf_t         jpeg, files[2];
    mc_admin_t       admin;
    mc_admin_key_t   key;

    ready_member("70000008", hash);

    mc_admin_init(&admin, t.site);
    mc_buf_init(&jpeg, 65536);
    mc_buf_init(&files[0], MC_DOCUMENT_MAX);
    mc_buf_init(&files[1], MC_DOCUMENT_MAX);
    assert_int_equal(mc_portrait_draw(3, 0, NULL, &jpeg), MC_OK);
    assert_int_equal(mc_admin_sample(&admin, mc_str(""), mc_str("ZJ"),
                                     mc_buf_view(&jpeg), &files[0]), MC_OK);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("70000008"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_certificate(&admin, &key, mc_str(""),
                                          &files[1], &confirmed), MC_OK);
    assert_false(confirmed);

    assert_memory_equal(files[0].data, "%PDF-", 5);
    assert_memory_equal(files[1].data, "%PDF-", 5);
    assert_null(memmem(files[0].data, files[0].len, "ETSI.CAdES", 10));
    assert_null(memmem(files[1].data, files[1].len, "ETSI.CAdES", 10));

    mc_buf_free(&jpeg);
    mc_buf_free(&files[0]);
    mc_buf_free(&files[1]);
    mc_admin_free(&admin);
}


/* X05: the statement where it fits, else the address with the code. */
static void
the_qr_code_says_the_statement_or_the_code(void **state)
{
    bool                    has;
    char                    version[65];
    mc_qr_t                 qr, wanted;
    uint8_t                 hash[32];
    mc_str_t                address, whole;
    mc_arena_t              arena;
    mc_confirmation_row_t   row;

    if (mc_template_qr(t.site->documents[0]) != MC_QR_STATEMENT) {
        fail_msg("the built-in layout has no place for a statement");
    }

    ready_member("70000009", hash);
    confirm_present(hash, version);

    mc_arena_init(&arena, 1024 * 1024);
    row = newest_of("70000009", &arena);

    assert_int_equal(mc_issue_address(t.site, &arena, &address), MC_OK);
    assert_text(address, PUBLIC "/v/#");

    assert_int_equal(mc_issue_qr(t.site, 0, row.code, row.statement, &arena,
                                 &qr, &has), MC_OK);
    assert_true(has);
    assert_int_equal(mc_qr_make(address, row.statement, &wanted), MC_OK);
    assert_memory_equal(&qr, &wanted, sizeof(qr));

    /* of older confirmations there is none */

    whole = mc_arena_printf(&arena, "%s%s", PUBLIC "/v/#",
                            "AAECAwQFBgcICQoLDA0ODw");
    memset(&qr, 0, sizeof(qr));
    assert_int_equal(mc_issue_qr(t.site, 0,
                                 mc_str("AAECAwQFBgcICQoLDA0ODw"),
                                 mc_str(""), &arena, &qr, &has), MC_OK);
    assert_true(has);
    memset(&wanted, 0, sizeof(wanted));
    assert_int_equal(mc_qr_make(whole, mc_str(""), &wanted), MC_OK);
    assert_memory_equal(&qr, &wanted, sizeof(qr));
    mc_arena_free(&arena);
}


/* The n-th allocation and all later ones fail, on the way of a first
 * download: an answer, and what was recorded is what is sent later. */
static void
running_out_of_memory_leaves_no_half_record(void **state)
{
    char            version[65];
    uint8_t         hash[32];
    mc_buf_t        file;
    unsigned long   n;
    mc_cert_pdf_t   pdf;

    ready_member("70000010", hash);
    confirm_present(hash, version);

    for (n = 1; n < 3000; n += 1 + n / 20) {
        memset(&pdf, 0, sizeof(pdf));
        begin(&pdf.call, hash);

        mc_alloc_fail_at(n, true);
        mc_cert_pdf_run(&pdf);
        mc_alloc_fail_at(0, false);

        if (pdf.call.problems.count == 0) {
            assert_recorded(&pdf);
            pdf_done(&pdf);
            break;
        }

        assert_int_equal(mc_problem_kind(pdf.call.problems.items[0].code),
                         MC_KIND_UNAVAILABLE);
        pdf_done(&pdf);
    }

    assert_true(n > 5 && n < 3000);
    download("70000010", &file);
    mc_buf_free(&file);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            a_confirmation_makes_a_code_and_a_statement_with_its_key),
        cmocka_unit_test(a_signed_file_is_the_same_later_and_after_a_restart),
        cmocka_unit_test(two_signatures_of_the_same_data_differ),
        cmocka_unit_test(first_downloads_at_once_are_one_file),
        cmocka_unit_test(an_unknown_layout_is_refused),
        cmocka_unit_test(the_command_writes_the_members_file),
        cmocka_unit_test(a_sample_and_unconfirmed_data_are_not_signed),
        cmocka_unit_test(the_qr_code_says_the_statement_or_the_code),
        cmocka_unit_test(running_out_of_memory_leaves_no_half_record)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
