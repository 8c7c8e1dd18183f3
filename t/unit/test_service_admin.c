/*
 * What an administrator does and sees; the audit behind it; background work
 * (I11 I15, DESIGN 5 and 10).
 */

#include "test_service.h"

#include <sqlite3.h>

#include "mc_audit_admin.h"
#include "mc_public.h"
#include "mc_work.h"


static void
admin_key(mc_admin_t *admin, const char *no, mc_admin_key_t *key)
{
    mc_admin_init(admin, t.site);
    admin->now = t.now;
    assert_int_equal(mc_admin_key_read(admin, mc_str_from(no), key), MC_OK);
}


static void
a_member_is_shown_with_masks(void **state)
{
    size_t             i;
    mc_admin_t         admin;
    mc_admin_key_t     key;
    mc_admin_member_t  member;

    add_member("60000001");
    admin_key(&admin, "60000001", &key);
    assert_int_equal(mc_admin_member_show(&admin, &key, &member), MC_OK);

    assert_true(member.has_password);
    assert_true(member.complete);
    assert_false(member.has_case);
    assert_false(member.has_confirmation);
    assert_text(member.institute.name, "浙江省注册会计师协会");

    for (i = 0; i < member.count; i++) {
        if (mc_str_is(member.items[i].field->key, "phone")) {
            assert_text(member.items[i].value, "138****1234");
        }
    }

    mc_admin_again(&admin);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("69999999"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_member_show(&admin, &key, &member),
                     MC_ENOTFOUND);
    assert_string_equal(admin.error, "no such member");
    mc_admin_free(&admin);
}


static void
a_password_follows_the_policy(void **state)
{
    char            text[600];
    size_t          i;
    uint8_t         hash[32];
    mc_admin_t      admin;
    mc_admin_key_t  key;

    static const struct {
        const char *password;
        mc_err_t    err;
    } cases[] = {
        { "", MC_EINVAL }, { "123456789", MC_EINVAL },
        { "密码密码密码密码密", MC_EINVAL }, { "600000020000", MC_EINVAL },
        { "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", MC_EINVAL },
        { PASSWORD, MC_OK }
    };

    import_text("user_type,member_no,name\n"
                "nonpractising,600000020000,甲\n", false, false);
    admin_key(&admin, "600000020000", &key);

    for (i = 0; i < mc_count(cases); i++) {
        assert_int_equal(mc_admin_member_password(&admin, &key,
                                        mc_str_from(cases[i].password), true),
                         cases[i].err);
    }

    memset(text, 'a', sizeof(text));
    assert_int_equal(mc_admin_member_password(&admin, &key,
                                    (mc_str_t) { text, sizeof(text) }, true),
                     MC_EINVAL);
    mc_admin_free(&admin);

    log_in("600000020000", hash);
}


typedef struct {
    size_t  logins;
    size_t  saves;
    size_t  uploads;
    size_t  decisions;
    size_t  confirmations;
    size_t  imports;
    size_t  bad;
} seen_t;


static mc_err_t
see(void *data, const mc_audit_row_t *row)
{
    seen_t  *seen = data;

    seen->logins += mc_str_is(row->action, "login");
    seen->saves += mc_str_is(row->action, "save");
    seen->uploads += mc_str_is(row->action, "upload");
    seen->decisions += mc_str_is(row->action, "decide");
    seen->confirmations += mc_str_is(row->action, "confirm");
    seen->imports += mc_str_is(row->action, "import");

    if (mc_str_is(row->action, "login")) {
        seen->bad += !mc_str_is(row->actor, "member")
                     || !mc_str_is(row->address, "192.0.2.7")
                     || row->member_id == 0;
    }

    if (mc_str_is(row->action, "import") || mc_str_is(row->action, "decide"))
    {
        seen->bad += !mc_str_is(row->actor, "admin");
    }

    return MC_OK;
}


static mc_err_t
take_id(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    int64_t  *id = data;

    *id = row->photo_id;

    return MC_OK;
}


static void
save_postcode(const uint8_t hash[32])
{
    mc_profile_t       profile;
    mc_profile_save_t  save;

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    mc_profile_run(&profile);

    memset(&save, 0, sizeof(save));
    begin(&save.profile.call, hash);
    save.has_match = true;
    save.match = profile.revision;
    save.count = 1;
    save.values[0] = (mc_value_t) { mc_str("postcode"), mc_str("310000") };
    mc_profile_save_run(&save);
    assert_codes(&save.profile.call.problems, "");
    mc_call_free(&save.profile.call);
    mc_call_free(&profile.call);
}


static void
upload_and_approve(const uint8_t hash[32])
{
    int64_t         id;
    mc_buf_t        jpeg;
    mc_admin_t      admin;
    mc_case_row_t   row;
    mc_photo_put_t  put;

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(9, 0, NULL, &jpeg), MC_OK);
    memset(&put, 0, sizeof(put));
    begin(&put.call, hash);
    put.jpeg = mc_buf_view(&jpeg);
    put.declared = true;
    mc_photo_put_run(&put);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    mc_buf_free(&jpeg);

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_REVIEW, take_id,
                                         &id), MC_OK);
    assert_int_equal(mc_admin_photo_decide(&admin, id, true, mc_str(""),
                                           &row), MC_OK);
    mc_admin_free(&admin);
}


/* One whole path, so that the audit has something of each kind. */
static void
walk(const char *no)
{
    char               version[65];
    uint8_t            hash[32];
    mc_cert_view_t     view;
    mc_cert_confirm_t  confirm;

    add_member(no);
    log_in(no, hash);
    accept_privacy(hash);
    save_postcode(hash);
    upload_and_approve(hash);

    memset(&view, 0, sizeof(view));
    begin(&view.call, hash);
    mc_cert_view_run(&view);
    assert_codes(&view.blockers, "");
    memcpy(version, view.version, sizeof(version));
    mc_call_free(&view.call);

    memset(&confirm, 0, sizeof(confirm));
    begin(&confirm.view.call, hash);
    confirm.version = mc_str_from(version);
    mc_cert_confirm_run(&confirm);
    assert_codes(&confirm.view.call.problems, "");
    mc_call_free(&confirm.view.call);
}


static void
core_sql(const char *sql)
{
    char      path[128];
    sqlite3  *db;

    (void) snprintf(path, sizeof(path), "%s/core.db", t.dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}


static void
every_act_stands_in_the_audit_and_a_changed_row_shows(void **state)
{
    seen_t             seen = { .logins = 0 };
    mc_admin_t         admin;
    mc_audit_check_t   check = { .visit = see, .data = &seen };

    walk("60000003");

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_audit_admin_verify(&admin, NULL, &check), MC_OK);
    assert_true(check.rows > 5);
    assert_true(seen.logins >= 1);
    assert_int_equal(seen.saves, 1);
    assert_int_equal(seen.uploads, 1);
    assert_int_equal(seen.decisions, 1);
    assert_int_equal(seen.confirmations, 1);
    assert_true(seen.imports >= 1);
    assert_int_equal(seen.bad, 0);

    core_sql("UPDATE audit SET result = 'serial 9' WHERE seq = 3");
    check.visit = NULL;
    assert_int_equal(mc_audit_admin_verify(&admin, NULL, &check),
                     MC_EDENIED);
    assert_int_equal(check.bad_seq, 3);
    assert_non_null(strstr(admin.error, "row 3"));
    mc_admin_free(&admin);
}


static mc_err_t
collect(void *data, mc_str_t bytes)
{
    return mc_buf_str(data, bytes);
}


static void
confirmations_are_exported_with_their_state(void **state)
{
    mc_buf_t     csv;
    mc_admin_t   admin;
    mc_export_t  out = { .write = collect, .data = &csv };

    walk("60000004");

    mc_buf_init(&csv, 1 << 20);
    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_export_confirmations_run(&admin, &out), MC_OK);
    assert_true(out.rows >= 1);
    mc_buf_byte(&csv, '\0');

    assert_non_null(strstr((char *) csv.data, "serial,member_no,name,"
                           "certificate_no,confirmed_at,version,code,"
                           "state,replaced_at,revoked_at,reason,"
                           "user_type\r\n"));
    assert_non_null(strstr((char *) csv.data,
                           ",60000004,王小明,Z60000004,2026-09-"));
    assert_non_null(strstr((char *) csv.data, ",valid,,,,nonpractising\r\n"));

    out.since = t.now + MC_DAY;
    out.rows = 0;
    assert_int_equal(mc_export_confirmations_run(&admin, &out), MC_OK);
    assert_int_equal(out.rows, 0);

    mc_buf_free(&csv);
    mc_admin_free(&admin);
}


static mc_err_t
import_again(mc_import_file_t *file, const mc_buf_t *csv)
{
    mc_err_t    err;
    mc_admin_t  admin;

    memset(file, 0, sizeof(*file));
    file->text = mc_buf_view(csv);

    mc_admin_init(&admin, t.site);
    err = mc_import_members_run(&admin, file);
    mc_admin_free(&admin);

    return err;
}


static void
an_export_can_be_imported_again_unless_masked(void **state)
{
    mc_buf_t          csv;
    mc_admin_t        admin;
    mc_export_t       out = { .write = collect, .data = &csv };
    mc_import_file_t  file;

    add_member("60000007");
    import_text("user_type,member_no,name,phone,work_unit\n"
                "nonpractising,60000008,甲,\"'+86-10-1234567\","
                "\"a,\"\"b\"\"\"\n", false, false);

    mc_buf_init(&csv, 1 << 20);
    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_export_members_run(&admin, &out), MC_OK);
    assert_true(out.rows >= 2);
    assert_null(memmem(csv.data, csv.len, "$argon2id", 9));
    assert_non_null(memmem(csv.data, csv.len, ID_GOOD, 18));

    assert_int_equal(import_again(&file, &csv), MC_OK);
    assert_int_equal(file.rows, out.rows);
    assert_int_equal(file.changed, 0);

    mc_buf_free(&csv);
    mc_buf_init(&csv, 1 << 20);
    out.masked = true;
    assert_int_equal(mc_export_members_run(&admin, &out), MC_OK);
    assert_null(memmem(csv.data, csv.len, ID_GOOD, 18));

    assert_int_equal(import_again(&file, &csv), MC_EINVAL);
    assert_non_null(strstr(file.faults[0].reason, "masked"));

    mc_buf_free(&csv);
    mc_admin_free(&admin);
}


static mc_err_t
full(void *data, mc_str_t bytes)
{
    return MC_EFULL;
}


static void
an_export_stops_when_its_file_cannot_be_written(void **state)
{
    mc_admin_t   admin;
    mc_export_t  out = { .write = full };

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_export_members_run(&admin, &out), MC_EFULL);
    assert_true(admin.error[0] != '\0');
    assert_int_equal(out.rows, 0);
    mc_admin_free(&admin);
}


static void
a_photo_is_shown_by_its_id_and_a_missing_one_is_named(void **state)
{
    int64_t     id;
    mc_str_t    jpeg;
    mc_admin_t  admin;

    walk("60000005");

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_CONFIRMED, take_id,
                                         &id), MC_OK);
    assert_int_equal(mc_admin_photo_show(&admin, id, &jpeg), MC_OK);
    assert_int_equal((uint8_t) jpeg.data[0], 0xFF);
    assert_int_equal(mc_admin_photo_show(&admin, 999999, &jpeg),
                     MC_ENOTFOUND);
    assert_string_equal(admin.error, "no such photo");
    mc_admin_free(&admin);
}


static void
background_work_removes_ended_sessions(void **state)
{
    uint8_t      hash[32];
    mc_work_t    work;
    mc_whoami_t  who;

    add_member("60000006");
    log_in("60000006", hash);

    memset(&work, 0, sizeof(work));
    begin(&work.call, NULL);
    work.clean = true;
    mc_work_run(&work);
    assert_codes(&work.call.problems, "");
    mc_call_free(&work.call);

    memset(&who, 0, sizeof(who));
    begin(&who.call, hash);
    mc_whoami_run(&who);
    assert_codes(&who.call.problems, "");
    mc_call_free(&who.call);

    t.now += 13 * MC_HOUR;
    memset(&work, 0, sizeof(work));
    begin(&work.call, NULL);
    work.clean = true;
    mc_work_run(&work);
    assert_codes(&work.call.problems, "");
    assert_true(work.removed >= 1);
    mc_call_free(&work.call);
}


static void
the_store_is_checked_and_backed_up(void **state)
{
    char               target[96], path[128];
    int64_t            removed;
    mc_admin_t         admin;
    mc_store_report_t  report;

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_check(&admin, &report), MC_OK);
    assert_true(report.integrity);
    assert_true(report.members >= 1);
    assert_int_equal(report.bad_photos, 0);
    assert_int_equal(report.lost_photos, 0);

    (void) snprintf(target, sizeof(target), "%s/copy", t.dir);
    assert_int_equal(mkdir(target, 0700), 0);

    if (mc_admin_backup(&admin, mc_str_from(target)) != MC_OK) {
        fail_msg("%s", admin.error);
    }

    (void) snprintf(path, sizeof(path), "%s/photo.db", target);
    assert_int_equal(access(path, R_OK), 0);
    assert_int_equal(mc_admin_gc(&admin, &removed), MC_OK);
    mc_admin_free(&admin);
}


/* S02 I17: the hot line needs no store. */
static void
the_public_part_stands_without_a_store(void **state)
{
    char            dir[96];
    mc_site_t      *kept;
    mc_public_t     site;
    mc_settings_t  *settings;

    memset(&site, 0, sizeof(site));
    begin(&site.call, NULL);
    mc_public_run(&site);
    assert_true(site.institutes_known);
    assert_int_equal(site.count, 1);
    assert_text(site.institutes[0].name_en, "Zhejiang Institute");
    mc_call_free(&site.call);

    (void) snprintf(dir, sizeof(dir), "%s/none", t.dir);
    settings = make_settings(dir, t.secret);
    kept = t.site;
    t.site = open_site(settings, MC_SITE_NO_DOCUMENT);

    memset(&site, 0, sizeof(site));
    begin(&site.call, NULL);
    mc_public_run(&site);
    assert_codes(&site.call.problems, "");
    assert_false(site.institutes_known);
    assert_non_null(site.call.hint);
    mc_call_free(&site.call);

    mc_site_close(t.site);
    mc_settings_free(settings);
    t.site = kept;
}


static void
a_site_that_cannot_open_names_the_directive(void **state)
{
    char            path[128], error[MC_SETTINGS_ERROR];
    const char     *where;
    mc_settings_t  *settings;

    (void) snprintf(path, sizeof(path), "%s/short", t.dir);
    write_file(path, "too short", 0600);
    settings = make_settings(t.dir, path);
    assert_null(mc_site_open(settings, MC_SITE_NO_DOCUMENT, error, &where));
    assert_string_equal(where, "nginx.conf:7");
    assert_non_null(strstr(error, "\"membercert_secret\" secret file"));
    assert_non_null(strstr(error, "short"));
    mc_settings_free(settings);

    write_file(path, "0123456789abcdef0123456789abcdef", 0644);
    assert_int_equal(chmod(path, 0644), 0);
    settings = make_settings(t.dir, path);
    assert_null(mc_site_open(settings, MC_SITE_NO_DOCUMENT, error, &where));
    assert_true(error[0] != '\0');
    mc_settings_free(settings);
}


static void
the_last_effect_is_replaced_when_all_are_taken(void **state)
{
    size_t        i;
    mc_effects_t  effects = { .count = 0 };

    for (i = 0; i < MC_EFFECTS + 2; i++) {
        assert_non_null(mc_effect_add(&effects, MC_EFFECT_TOKENS_BACK));
    }

    mc_effect_add(&effects, MC_EFFECT_COOKIE_CLEAR);
    assert_int_equal(effects.count, MC_EFFECTS);
    assert_int_equal(effects.items[MC_EFFECTS - 1].kind,
                     MC_EFFECT_COOKIE_CLEAR);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_shown_with_masks),
        cmocka_unit_test(a_password_follows_the_policy),
        cmocka_unit_test(
            every_act_stands_in_the_audit_and_a_changed_row_shows),
        cmocka_unit_test(confirmations_are_exported_with_their_state),
        cmocka_unit_test(an_export_can_be_imported_again_unless_masked),
        cmocka_unit_test(an_export_stops_when_its_file_cannot_be_written),
        cmocka_unit_test(
            a_photo_is_shown_by_its_id_and_a_missing_one_is_named),
        cmocka_unit_test(background_work_removes_ended_sessions),
        cmocka_unit_test(the_store_is_checked_and_backed_up),
        cmocka_unit_test(the_public_part_stands_without_a_store),
        cmocka_unit_test(a_site_that_cannot_open_names_the_directive),
        cmocka_unit_test(the_last_effect_is_replaced_when_all_are_taken)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
