/*
 * The public check of a certificate (X05).
 */

#include "test_service.h"

#include <sqlite3.h>

#include "mc_cert.h"
#include "mc_crypto.h"
#include "mc_privacy.h"
#include "mc_profile.h"
#include "mc_statement.h"
#include "mc_verify.h"


/* A confirmation of today's data; its code. */
static void
confirm(const uint8_t hash[32], char code[32])
{
    char                   version[65];
    mc_conn_t             *conn;
    mc_arena_t             arena;
    mc_cert_view_t         view;
    mc_cert_confirm_t      act;
    mc_confirmation_row_t  row;

    memset(&view, 0, sizeof(view));
    begin(&view.call, hash);
    mc_cert_view_run(&view);
    assert_codes(&view.call.problems, "");
    assert_codes(&view.blockers, "");
    memcpy(version, view.version, sizeof(version));
    mc_call_free(&view.call);

    memset(&act, 0, sizeof(act));
    begin(&act.view.call, hash);
    act.version = mc_str_from(version);
    mc_cert_confirm_run(&act);
    assert_codes(&act.view.call.problems, "");

    mc_arena_init(&arena, 65536);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_confirmation_get(conn, act.view.confirmed.serial,
                                         &arena, &row), MC_OK);
    assert_true(row.code.len < 32);
    memcpy(code, row.code.data, row.code.len);
    code[row.code.len] = '\0';
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);
    mc_call_free(&act.view.call);
}


static void
certificate(const char *no, uint8_t hash[32], char code[32])
{
    add_member(no);
    record_photo(no, 1, 0);
    log_in(no, hash);
    confirm(hash, code);
}


static void
check(mc_verify_t *verify, const char *code)
{
    memset(verify, 0, sizeof(*verify));
    begin(&verify->call, NULL);
    verify->code = mc_str_from(code);
    mc_verify_run(verify);
}


static void
assert_standing_at(const char *code, const char *wanted, int line)
{
    mc_verify_t  verify;

    check(&verify, code);
    assert_codes_at(&verify.call.problems, "", line);
    assert_text_at(mc_str_from(mc_standing_code(verify.standing)), wanted,
                   line);
    mc_call_free(&verify.call);
}

#define assert_standing(code, wanted)                                        \
    assert_standing_at(code, wanted, __LINE__)


/* What the problem is, and the hash of the picture. */
static void
photo_of(const char *code, const char *problem, uint8_t digest[32])
{
    mc_verify_photo_t  photo;

    memset(&photo, 0, sizeof(photo));
    begin(&photo.call, NULL);
    photo.code = mc_str_from(code);
    mc_verify_photo_run(&photo);
    assert_codes(&photo.call.problems, problem);

    if (problem[0] == '\0') {
        assert_int_equal(mc_sha256(photo.jpeg.data, photo.jpeg.len, digest),
                         MC_OK);

    } else {
        assert_int_equal(photo.jpeg.len, 0);
    }

    mc_call_free(&photo.call);
}


static void
agree(const uint8_t hash[32], bool accepted, const char *version,
    const char *problem)
{
    mc_consent_t  consent;

    memset(&consent, 0, sizeof(consent));
    begin(&consent.call, hash);
    consent.document = mc_str("verify_photo");
    consent.version = mc_str_from(version);
    consent.accepted = accepted;
    mc_consent_run(&consent);
    assert_codes(&consent.call.problems, problem);
    mc_call_free(&consent.call);
}


static void
take_back(const char *code, const char *reason, bool back)
{
    mc_err_t               err;
    mc_conn_t             *conn;
    mc_actor_t             actor;
    mc_arena_t             arena;
    mc_confirmation_row_t  row;

    actor = (mc_actor_t) { .actor = "admin", .now = t.now };
    mc_arena_init(&arena, 65536);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_confirmation_find(conn, mc_str_from(code), &arena,
                                          &row), MC_OK);

    err = back ? mc_confirmation_unrevoke(conn, &actor, row.serial,
                                          mc_str_from(reason), &arena, &row)
               : mc_confirmation_revoke(conn, &actor, row.serial,
                                        mc_str_from(reason), &arena, &row);
    assert_int_equal(err, MC_OK);
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);
}


static void
erase(const char *no)
{
    mc_str_t             number;
    mc_admin_t           admin;
    mc_admin_key_t       key;
    mc_privacy_erased_t  erased;

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str_from(no), &key),
                     MC_OK);
    assert_int_equal(mc_privacy_erase_run(&admin, &key, &erased, &number),
                     MC_OK);
    mc_admin_free(&admin);
}


/* By somebody else's hand. */
static void
alter(const char *file, const char *sql)
{
    char      path[128];
    sqlite3  *db;

    (void) snprintf(path, sizeof(path), "%s/%s", t.dir, file);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}


static void
a_code_tells_what_stands_on_the_certificate_X05(void **state)
{
    char         code[32];
    uint8_t      hash[32];
    mc_verify_t  verify;

    certificate("50000001", hash, code);
    check(&verify, code);

    assert_codes(&verify.call.problems, "");
    assert_int_equal(verify.standing, MC_STANDING_VALID);
    assert_text(verify.certificate.values[MC_CERT_NAME].zh, "王小明");
    assert_text(verify.number, "Z50000001");
    assert_text(verify.certificate.values[MC_CERT_INSTITUTE].en,
                "Zhejiang Institute");
    assert_text(verify.certificate.issuer.en, "Institute");
    assert_text(verify.certificate.code, code);
    assert_true(verify.certificate.serial > 0);
    assert_true(verify.certificate.confirmed_at == t.now);
    assert_int_equal(verify.member_status, MC_STATUS_ACTIVE);
    assert_true(verify.replaced_at == 0 && verify.revoked_at == 0);
    assert_int_equal(verify.reason.len, 0);
    assert_int_equal(verify.file_count, 0);
    assert_false(verify.photo);
    assert_int_equal(mc_statement_verify(t.site->keys.statement[0].point,
                                         verify.statement), MC_OK);

    /* nobody is named to the log, nothing is left to do */

    assert_true(verify.call.member_id == 0);
    assert_null(verify.call.hint);
    assert_int_equal(verify.call.effects.count, 0);
    mc_call_free(&verify.call);
}


static void
files_that_were_sent_are_told_by_their_hash(void **state)
{
    bool          first;
    char          code[32];
    uint8_t       hash[32];
    mc_conn_t    *conn;
    mc_arena_t    arena;
    mc_issued_t   issued;
    mc_verify_t   verify;

    certificate("50000002", hash, code);
    check(&verify, code);

    issued = (mc_issued_t) { .serial = verify.certificate.serial,
                             .at = t.now };
    memset(issued.sha256, 0xab, 32);
    mc_call_free(&verify.call);

    mc_arena_init(&arena, 65536);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_issued_put(conn, &arena, &issued, &first), MC_OK);
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);

    check(&verify, code);
    assert_int_equal(verify.file_count, 1);
    assert_memory_equal(verify.files[0].sha256, issued.sha256, 32);
    mc_call_free(&verify.call);
}


static void
it_is_found_however_it_is_typed(void **state)
{
    char     code[32], typed[128];
    size_t   i, n;
    uint8_t  hash[32];

    certificate("50000003", hash, code);

    for (i = n = 0; code[i] != '\0'; i++) {
        if (i > 0 && i % 4 == 0) {
            typed[n++] = i == 8 ? ' ' : '-';
        }

        switch (code[i]) {

        case '0':
            typed[n++] = i % 2 ? 'o' : 'O';
            break;

        case '1':
            typed[n++] = i % 2 ? 'l' : 'I';
            break;

        default:
            typed[n++] = code[i] >= 'A' ? (char) (code[i] + 32) : code[i];
        }
    }

    typed[n] = '\0';
    assert_standing(typed, "valid");
    (void) snprintf(typed, sizeof(typed), " %s ", code);
    assert_standing(typed, "valid");
}


static void
codes_of_older_stores_go_on_X05(void **state)
{
    char         code[32], sql[256];
    uint8_t      hash[32];
    mc_verify_t  verify;

    static const char  old[] = "BZjb9pnGV5yKCXOp-nc_ew";

    certificate("50000004", hash, code);
    (void) snprintf(sql, sizeof(sql), "UPDATE confirmation SET code = '%s' "
                    "WHERE code = '%s'", old, code);
    alter("core.db", sql);

    assert_standing(old, "valid");

    /* their case means something */

    check(&verify, "bZjb9pnGV5yKCXOp-nc_ew");
    assert_codes(&verify.call.problems, "code_unknown");
    mc_call_free(&verify.call);
}


static void
malformed_and_unknown_are_one_answer_X05(void **state)
{
    char         code[32], longer[4001];
    size_t       i;
    uint8_t      hash[32];
    mc_verify_t  verify;

    const char *codes[] = {
        "0000000000000000", "", " ", "-", "0", "000000000000000",
        "00000000000000000", "UUUUUUUUUUUUUUUU", "AAAAAAAAAAAAAAAAAAAAAA",
        "0000 0000 0000 000\xff", "' OR 1=1 --", "%", "photo",
        "________________", "----------------------",
        "\xf0\xa0\x80\x80\xf0\xa0\x80\x80", longer
    };

    memset(longer, '0', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';

    certificate("50000005", hash, code);

    for (i = 0; i < mc_count(codes); i++) {
        check(&verify, codes[i]);
        assert_codes(&verify.call.problems, "code_unknown");
        assert_int_equal(verify.call.problems.retry_after, 0);
        assert_int_equal(verify.call.problems.items[0].count, 0);
        assert_null(verify.call.hint);
        assert_int_equal(verify.call.effects.count, 0);
        mc_call_free(&verify.call);
        photo_of(codes[i], "code_unknown", NULL);
    }
}


static void
what_happens_is_told_at_once_X05_I14(void **state)
{
    char         first[32], second[32];
    uint8_t      hash[32];
    mc_verify_t  verify;

    certificate("50000006", hash, first);
    assert_standing(first, "valid");

    set_status("50000006", MC_STATUS_SUSPENDED);
    assert_standing(first, "suspended");
    set_status("50000006", MC_STATUS_LEFT);
    assert_standing(first, "ended");
    set_status("50000006", MC_STATUS_DECEASED);
    assert_standing(first, "ended");
    set_status("50000006", MC_STATUS_ACTIVE);
    assert_standing(first, "valid");

    take_back(first, "发证有误", false);
    check(&verify, first);
    assert_int_equal(verify.standing, MC_STANDING_REVOKED);
    assert_true(verify.revoked_at == t.now);
    assert_text(verify.reason, "发证有误");
    mc_call_free(&verify.call);

    /* the same data again: another certificate */

    t.now += MC_DAY;
    log_in("50000006", hash);
    confirm(hash, second);
    assert_string_not_equal(first, second);
    assert_standing(second, "valid");
    assert_standing(first, "revoked");

    take_back(first, "查明无误", true);
    check(&verify, first);
    assert_int_equal(verify.standing, MC_STANDING_REPLACED);
    assert_true(verify.replaced_at == t.now);
    assert_true(verify.revoked_at == 0);
    assert_int_equal(verify.reason.len, 0);
    assert_true(verify.certificate.confirmed_at == t.now - MC_DAY);
    mc_call_free(&verify.call);

    set_status("50000006", MC_STATUS_LEFT);
    assert_standing(first, "replaced");
    assert_standing(second, "ended");

    erase("50000006");
    assert_standing(first, "erased");
    check(&verify, second);
    assert_int_equal(verify.standing, MC_STANDING_ERASED);
    assert_int_equal(verify.number.len, 0);
    assert_int_equal(verify.statement.len, 0);
    assert_int_equal(verify.file_count, 0);
    assert_true(verify.certificate.serial == 0);
    mc_call_free(&verify.call);
}


static void
the_photo_is_shown_where_the_member_agreed_X05(void **state)
{
    char            first[32], second[32];
    uint8_t         hash[32], one[32], two[32], again[32];
    mc_verify_t     verify;
    mc_cert_view_t  view;

    certificate("50000007", hash, first);
    photo_of(first, "photo_not_shown", NULL);

    agree(hash, true, "2", "consent_unknown");
    agree(hash, true, "1", "");
    photo_of(first, "", one);
    check(&verify, first);
    assert_true(verify.photo);
    assert_memory_equal(verify.certificate.photo_sha256, one, 32);
    mc_call_free(&verify.call);

    /* each confirmation shows its own */

    record_photo("50000007", 9, 0);
    photo_of(first, "", again);
    assert_memory_equal(one, again, 32);
    confirm(hash, second);
    photo_of(first, "", again);
    assert_memory_equal(one, again, 32);
    photo_of(second, "", two);
    assert_memory_not_equal(one, two, 32);

    /* the member's own view of it */

    memset(&view, 0, sizeof(view));
    begin(&view.call, hash);
    mc_cert_view_run(&view);
    assert_true(view.verify_said && view.verify_accepted);
    mc_call_free(&view.call);

    agree(hash, false, "1", "");
    photo_of(first, "photo_not_shown", NULL);
    photo_of(second, "photo_not_shown", NULL);
    check(&verify, second);
    assert_false(verify.photo);
    mc_call_free(&verify.call);

    agree(hash, true, "1", "");
    photo_of(second, "", again);

    erase("50000007");
    photo_of(second, "photo_not_shown", NULL);
}


static void
a_site_may_show_none(void **state)
{
    char            code[32];
    uint8_t         hash[32];
    mc_verify_t     verify;
    mc_cert_view_t  view;

    certificate("50000008", hash, code);
    agree(hash, true, "1", "");
    t.settings->verify_photo = false;

    photo_of(code, "photo_not_shown", NULL);
    agree(hash, true, "1", "consent_unknown");
    check(&verify, code);
    assert_false(verify.photo);
    mc_call_free(&verify.call);

    memset(&view, 0, sizeof(view));
    begin(&view.call, hash);
    mc_cert_view_run(&view);
    assert_false(view.verify_said);
    mc_call_free(&view.call);

    t.settings->verify_photo = true;
}


static void
a_photo_that_is_not_the_confirmed_one_is_not_shown(void **state)
{
    char               code[32], sql[256];
    uint8_t            hash[32];
    mc_verify_photo_t  photo;

    certificate("50000009", hash, code);
    agree(hash, true, "1", "");
    record_photo("50000009", 7, 0);

    (void) snprintf(sql, sizeof(sql), "UPDATE confirmation SET photo_id = "
                    "photo_id + 1 WHERE code = '%s'", code);
    alter("core.db", sql);
    photo_of(code, "photo_unavailable", NULL);

    (void) snprintf(sql, sizeof(sql), "UPDATE confirmation SET photo_id = "
                    "photo_id + 1000 WHERE code = '%s'", code);
    alter("core.db", sql);

    memset(&photo, 0, sizeof(photo));
    begin(&photo.call, NULL);
    photo.code = mc_str_from(code);
    mc_verify_photo_run(&photo);
    assert_codes(&photo.call.problems, "photo_unavailable");
    assert_true(photo.call.problems.retry_after > 0);
    assert_null(strstr(photo.call.hint, code));
    mc_call_free(&photo.call);
}


static void
frozen_data_that_cannot_be_read_is_no_answer(void **state)
{
    char         code[32], sql[256];
    uint8_t      hash[32];
    mc_verify_t  verify;

    certificate("50000010", hash, code);
    (void) snprintf(sql, sizeof(sql), "UPDATE confirmation SET frozen = "
                    "x'7b' WHERE code = '%s'", code);
    alter("core.db", sql);

    check(&verify, code);
    assert_int_equal(verify.call.problems.count, 1);
    assert_true(mc_problem_kind(verify.call.problems.items[0].code)
                == MC_KIND_UNAVAILABLE);
    mc_call_free(&verify.call);
}


static void
keys_are_the_sites_and_those_that_signed_before(void **state)
{
    char              code[32];
    uint8_t           hash[32];
    mc_verify_keys_t  keys;

    certificate("50000011", hash, code);

    memset(&keys, 0, sizeof(keys));
    begin(&keys.call, NULL);
    mc_verify_keys_run(&keys);
    assert_codes(&keys.call.problems, "");
    assert_int_equal(keys.count, 1);
    assert_memory_equal(keys.keys[0].point,
                        t.site->keys.statement[0].point, 65);
    assert_memory_equal(keys.keys[0].id, t.site->keys.statement[0].id, 4);
    mc_call_free(&keys.call);

    /* one of a secret that has gone */

    alter("core.db", "INSERT INTO statement_key (id, public, at) VALUES "
          "(x'01020304', zeroblob(65), 1)");

    memset(&keys, 0, sizeof(keys));
    begin(&keys.call, NULL);
    mc_verify_keys_run(&keys);
    assert_int_equal(keys.count, 2);
    assert_memory_equal(keys.keys[1].id, "\1\2\3\4", 4);
    mc_call_free(&keys.call);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_code_tells_what_stands_on_the_certificate_X05),
        cmocka_unit_test(files_that_were_sent_are_told_by_their_hash),
        cmocka_unit_test(it_is_found_however_it_is_typed),
        cmocka_unit_test(codes_of_older_stores_go_on_X05),
        cmocka_unit_test(malformed_and_unknown_are_one_answer_X05),
        cmocka_unit_test(what_happens_is_told_at_once_X05_I14),
        cmocka_unit_test(the_photo_is_shown_where_the_member_agreed_X05),
        cmocka_unit_test(a_site_may_show_none),
        cmocka_unit_test(a_photo_that_is_not_the_confirmed_one_is_not_shown),
        cmocka_unit_test(frozen_data_that_cannot_be_read_is_no_answer),
        cmocka_unit_test(keys_are_the_sites_and_those_that_signed_before),
    };

    return cmocka_run_group_tests_name("service: verify", tests, site_setup,
                                       site_teardown);
}
