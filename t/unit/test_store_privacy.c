/*
 * What is held of a member: listed, erased; what gc removes of accounts;
 * seals that change.
 */

#include "store_fixture.h"

#include "mc_store_privacy.h"
#include "mc_store_rekey.h"
#include "mc_store_sqlite.h"


static void
sql(fixture_t *f, const char *text)
{
    if (mc_sqlite_exec(f->conn->db[MC_DB_CORE], text) != MC_OK) {
        fail_msg("%s: %s", text, sqlite3_errmsg(f->conn->db[MC_DB_CORE]));
    }
}


static int64_t
number(fixture_t *f, mc_db_t db, const char *text)
{
    int64_t  out;

    assert_ok(mc_sqlite_int(f->conn->db[db], text, &out));

    return out;
}


static int64_t
photo_add(fixture_t *f, int64_t member_id, const char *sealed)
{
    mc_photo_row_t  photo;

    photo = (mc_photo_row_t) { .member_id = member_id, .at = NOW,
                               .sealed = mc_str_from(sealed) };

    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));

    return photo.id;
}


/* Two members with everything. */
static void
both_make(fixture_t *f)
{
    mc_session_row_t  session;

    assert_int_equal(member_add(f, "1"), 1);
    assert_int_equal(member_add(f, "2"), 2);
    photo_add(f, 1, "sealed-photo-one");
    photo_add(f, 1, "sealed-photo-two");
    photo_add(f, 2, "sealed-photo-three");

    session = session_row(1, 'a');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));
    session = session_row(2, 'b');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));

    sql(f, "INSERT INTO photo_case (member_id, photo_id, plain_sha256, "
        "state, reason, at, declared) SELECT id, photo_id, zeroblob(32), "
        "'mismatched', 'words about ' || id, 1, 1 FROM member");
    sql(f, "INSERT INTO confirmation (member_id, version, frozen, photo_id, "
        "code, at, reason) SELECT id, hex(zeroblob(31)) || '11', "
        "CAST('{\"frozen\":' || id || '}' AS BLOB), photo_id, "
        "'code' || id, 5, 'why' "
        "FROM member");
    sql(f, "INSERT INTO consent (member_id, document, version, accepted, at) "
        "SELECT id, 'privacy', '1', 1, 1 FROM member");
    sql(f, "INSERT INTO password_history (member_id, hash, at) "
        "SELECT id, 'old-hash', 1 FROM member");
    sql(f, "INSERT INTO recovery (id, kind, channel, member_id, code_mac, "
        "tries, at, expires_at) SELECT randomblob(32), 'code', 1, id, "
        "randomblob(32), 0, 1, 2 FROM member");
    sql(f, "INSERT INTO outbox (member_id, kind, channel, dedupe, sealed, "
        "state, at, expires_at, next_try) SELECT id, 'code', 'sms', 'd' "
        "|| id, x'626f78', 'queued', 1, 2, 1 FROM member");
}


static void
rows_are_listed_without_anything_to_log_in_with(void **state)
{
    mc_buf_t        buf;
    mc_str_t        text;
    fixture_t      *f;
    mc_json_t      *json;
    mc_json_out_t   out;

    f = *state;
    both_make(f);

    mc_buf_init(&buf, 1024 * 1024);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');
    assert_ok(mc_privacy_rows(f->conn, 1, &out));
    mc_json_close(&out, '}');
    text = mc_buf_view(&buf);

    assert_ok(mc_json_read(&f->arena, text, &json, NULL));
    assert_non_null(mc_json_get(json, "cases")->child);
    assert_null(mc_json_get(json, "cases")->child->next);
    assert_true(mc_str_is(mc_json_get_str(mc_json_get(json, "cases")->child,
                                          "reason"), "words about 1"));
    assert_true(mc_str_is(
        mc_json_get_str(mc_json_get(json, "confirmations")->child,
                        "frozen"), "{\"frozen\":1}"));
    assert_non_null(mc_json_get(json, "audit")->child);
    assert_null(memmem(text.data, text.len, "old-hash", 8));
    assert_null(memmem(text.data, text.len, "words about 2", 13));
    assert_null(memmem(text.data, text.len, "\"hash\"", 6));
    assert_null(memmem(text.data, text.len, "code_mac", 8));
    mc_buf_free(&buf);

    /* a bound is a failure, not a part of the answer */

    mc_buf_init(&buf, 100);
    mc_json_out_init(&out, &buf);
    assert_err(mc_privacy_rows(f->conn, 1, &out), MC_ETOOBIG);
    mc_buf_free(&buf);
}


static void
erasing_one_leaves_a_tombstone_and_everybody_else(void **state)
{
    size_t                i;
    fixture_t            *f;
    mc_member_row_t       row;
    mc_store_report_t     report;
    mc_privacy_erased_t   erased;
    mc_confirmation_row_t tomb;

    static const char *const  gone[] = {
        "SELECT count(*) FROM session WHERE member_id = 1",
        "SELECT count(*) FROM photo_case WHERE member_id = 1",
        "SELECT count(*) FROM password_history WHERE member_id = 1",
        "SELECT count(*) FROM recovery WHERE member_id = 1",
        "SELECT count(*) FROM outbox WHERE member_id = 1"
    };

    f = *state;
    both_make(f);
    f->actor.actor = "admin";
    f->actor.now = mc_now();

    assert_ok(mc_privacy_erase(f->conn, &f->actor, 1, &erased));
    assert_int_equal(erased.photos, 2);
    assert_false(erased.traces);

    row = member_get(f, 1);
    assert_true(mc_str_is(row.member.member_no, "erased-1"));
    assert_int_equal(row.member.columns[MC_COLUMN_NAME].len, 0);
    assert_int_equal(row.member.password_hash.len, 0);
    assert_int_equal(row.sealed_profile.len, 0);
    assert_int_equal(row.member.photo_id, 0);
    assert_true(row.member.disabled);
    assert_int_equal(row.member.epoch, 1);

    for (i = 0; i < mc_count(gone); i++) {
        assert_int_equal(number(f, MC_DB_CORE, gone[i]), 0);
    }

    assert_int_equal(number(f, MC_DB_PHOTO, "SELECT count(*) FROM photo"),
                     1);
    assert_ok(mc_confirmation_newest(f->conn, 1, &f->arena, &tomb));
    assert_int_equal(tomb.erased_at, f->actor.now);
    assert_int_equal(tomb.frozen.len, 0);
    assert_true(mc_str_is(tomb.code, "code1"));
    assert_int_equal(tomb.version[63], '0');

    row = member_get(f, 2);
    assert_true(mc_str_is(row.member.member_no, "2"));
    assert_true(row.member.photo_id != 0);
    assert_int_equal(number(f, MC_DB_CORE, "SELECT count(*) FROM session"),
                     1);

    assert_ok(mc_store_check(f->conn, &report));
    assert_true(report.integrity);
    assert_int_equal(report.lost_photos, 0);
    (void) audit_count(f);

    /* again: the tombstone keeps its day */

    f->actor.now += 1000;
    assert_ok(mc_privacy_erase(f->conn, &f->actor, 1, &erased));
    assert_int_equal(erased.photos, 0);
    assert_ok(mc_confirmation_newest(f->conn, 1, &f->arena, &tomb));
    assert_int_equal(tomb.erased_at, f->actor.now - 1000);

    assert_err(mc_privacy_erase(f->conn, &f->actor, 9, &erased),
               MC_ENOTFOUND);
}


static void
nothing_is_erased_while_a_backup_runs(void **state)
{
    int                   fd;
    fixture_t            *f;
    mc_privacy_erased_t   erased;

    f = *state;
    both_make(f);
    assert_ok(mc_lock_folder(f->dir, false, &fd));
    assert_err(mc_privacy_erase(f->conn, &f->actor, 1, &erased), MC_EBUSY);
    close(fd);
    assert_true(mc_str_is(member_get(f, 1).member.member_no, "1"));
    assert_ok(mc_privacy_erase(f->conn, &f->actor, 1, &erased));
}


static void
gc_takes_what_accounts_leave_behind(void **state)
{
    int         i;
    char        text[256];
    int64_t     removed;
    fixture_t  *f;

    f = *state;
    assert_int_equal(member_add(f, "1"), 1);
    assert_int_equal(member_add(f, "2"), 2);

    for (i = 0; i < 9; i++) {
        (void) snprintf(text, sizeof(text), "INSERT INTO password_history "
                        "(member_id, hash, at) VALUES (%d, 'h%d', %d)",
                        i < 7 ? 1 : 2, i, i);
        sql(f, text);
    }

    /* messages: one that waits, one done lately, one long ago */

    for (i = 0; i < 3; i++) {
        (void) snprintf(text, sizeof(text), "INSERT INTO outbox (member_id, "
                        "kind, channel, dedupe, sealed, state, at, "
                        "expires_at, next_try, done_at) VALUES (1, 'code', "
                        "'sms', '%d', x'', '%s', 1, 2, 1, %s)", i,
                        i == 0 ? "queued" : "sent",
                        i == 0 ? "NULL" : i == 1 ? "40 * 86400000" : "1");
        sql(f, text);
    }

    assert_ok(mc_store_gc(f->conn, 60 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 2 + 1);
    assert_int_equal(number(f, MC_DB_CORE, "SELECT count(*) FROM "
                            "password_history WHERE member_id = 1"), 5);
    assert_int_equal(number(f, MC_DB_CORE, "SELECT count(*) FROM "
                            "password_history WHERE hash IN ('h0', 'h1')"),
                     0);
    assert_int_equal(number(f, MC_DB_CORE, "SELECT count(*) FROM outbox"),
                     2);

    /* out of time: nothing is begun */

    sql(f, "UPDATE outbox SET done_at = 1, state = 'sent'");
    assert_ok(mc_store_gc(f->conn, 60 * MC_DAY, 1, &removed));
    assert_int_equal(removed, 0);
    assert_ok(mc_store_gc(f->conn, 60 * MC_DAY, 0, &removed));
    assert_int_equal(removed, 2);
}


static void
a_value_is_sealed_anew_only_where_it_is_what_was_read(void **state)
{
    size_t           count;
    int64_t          changed;
    fixture_t       *f;
    mc_photo_row_t   photo;
    mc_rekey_row_t   rows[4];
    static const uint8_t  id[4] = { 'n', 'e', 'w', '!' };

    f = *state;
    both_make(f);
    sql(f, "UPDATE member SET profile = CAST(x'01' || 'old!one' AS BLOB)");

    assert_ok(mc_rekey_page(f->conn, MC_REKEY_PROFILES, id, 0, 4, &f->arena,
                            rows, &count));
    assert_int_equal(count, 2);
    assert_true(mc_str_is(rows[0].name, "1"));
    assert_true(mc_str_is(rows[0].type, "np"));

    rows[0].fresh = mc_str("\x01new!one");
    rows[1].fresh = mc_str("\x01new!two");
    sql(f, "UPDATE member SET profile = CAST(x'01' || 'old!two' AS BLOB) "
        "WHERE id = 2");

    changed = 0;
    assert_ok(mc_rekey_put(f->conn, MC_REKEY_PROFILES, rows, 2, &changed));
    assert_int_equal(changed, 1);

    assert_ok(mc_rekey_page(f->conn, MC_REKEY_PROFILES, id, 0, 4, &f->arena,
                            rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 2);

    /* a photo's hash follows its bytes */

    assert_ok(mc_rekey_page(f->conn, MC_REKEY_PHOTOS, id, 1, 1, &f->arena,
                            rows, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].id, 2);
    rows[0].fresh = mc_str("\x01new!photo");
    changed = 0;
    assert_ok(mc_rekey_put(f->conn, MC_REKEY_PHOTOS, rows, 1, &changed));
    assert_int_equal(changed, 1);
    assert_ok(mc_photo_get(f->conn, 2, &f->arena, &photo));
    assert_true(mc_str_is(photo.sealed, "\x01new!photo"));

    assert_ok(mc_rekey_codes(f->conn, 0, &changed));
    assert_int_equal(changed, 0);
    assert_ok(mc_rekey_codes(f->conn, 1, &changed));
    assert_int_equal(changed, 2);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(rows_are_listed_without_anything_to_log_in_with),
        block(erasing_one_leaves_a_tombstone_and_everybody_else),
        block(nothing_is_erased_while_a_backup_runs),
        block(gc_takes_what_accounts_leave_behind),
        block(a_value_is_sealed_anew_only_where_it_is_what_was_read)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
