/*
 * Institutes and members from CSV files (I15 S38).
 */

#include "test_service.h"


/* Keeps faults; the admin's error is looked at by the caller. */
static mc_err_t
run_import(mc_import_file_t *file, const char *text, bool institutes,
    char error[MC_ADMIN_ERROR])
{
    mc_err_t    err;
    mc_admin_t  admin;

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    file->text = mc_str_from(text);

    err = institutes ? mc_import_institutes_run(&admin, file)
                     : mc_import_members_run(&admin, file);

    (void) snprintf(error, MC_ADMIN_ERROR, "%s", admin.error);
    mc_admin_free(&admin);

    return err;
}


static bool
find(const char *no, mc_admin_t *admin, mc_admin_member_t *out)
{
    mc_err_t        err;
    mc_admin_key_t  key;

    mc_admin_init(admin, t.site);
    assert_int_equal(mc_admin_key_read(admin, mc_str_from(no), &key), MC_OK);
    err = mc_admin_member_show(admin, &key, out);
    assert_true(err == MC_OK || err == MC_ENOTFOUND);

    return err == MC_OK;
}


static mc_str_t
value_of(const mc_admin_member_t *member, const char *key)
{
    return mc_member_value(&member->member,
                           mc_field_find(&t.settings->fields,
                                         mc_str_from(key)));
}


static void
assert_value(const char *no, const char *key, const char *wanted)
{
    mc_admin_t         admin;
    mc_admin_member_t  member;

    assert_true(find(no, &admin, &member));
    assert_text(value_of(&member, key), wanted);
    mc_admin_free(&admin);
}


static void
faulty_rows_are_all_named_and_nothing_is_written(void **state)
{
    char               error[MC_ADMIN_ERROR];
    size_t             i;
    mc_admin_t         admin;
    mc_import_file_t   file = { .rows = 0 };
    mc_admin_member_t  member;

    static const char  text[] =
        "user_type,member_no,name,sex,admitted_on,institute,id_number,"
        "phone,status,password_hash\n"
        "nonpractising,50000001,张三,M,2020-01-01,ZJ,,,,\n"
        "nobody,50000002,张三,M,,,,,,\n"
        "nonpractising,1.2E+15,张三,M,,,,,,\n"
        "nonpractising,50000003,,X,2020-02-30,NO,110105194912310020,12,,\n"
        "nonpractising,50000004,张三,M,,,,138****1234,gone,plain\n"
        "nonpractising,50000001,张三,M,,,,,,\n"
        "nonpractising,50000005,张三\n"
        "nonpractising,50000006,\"张\"三,,,,,,,\n"
        "nonpractising,50000007,\xff,,,,,,,\n";

    static const struct {
        unsigned     line;
        unsigned     column;
        const char  *reason;
    } faults[] = {
        { 3, 1, "user type" },
        { 4, 2, "exponent" },
        { 5, 3, "name is empty" },
        { 5, 4, "neither M nor F" },
        { 5, 5, "not a date" },
        { 5, 6, "no institute" },
        { 5, 7, "not an ID number" },
        { 5, 8, "telephone" },
        { 6, 8, "masked" },
        { 6, 9, "status" },
        { 6, 10, "password hashes" },
        { 7, 2, "twice" },
        { 8, 0, "3 cells; the header has 10" },
        { 9, 3, "" },
        { 10, 3, "" }
    };

    assert_int_equal(run_import(&file, text, false, error), MC_EINVAL);

    for (i = 0; i < mc_count(faults) && i < file.fault_count; i++) {
        if (file.faults[i].line != faults[i].line
            || file.faults[i].column != faults[i].column
            || strstr(file.faults[i].reason, faults[i].reason) == NULL)
        {
            fail_msg("fault %zu: line %u column %u: %s", i,
                     file.faults[i].line, file.faults[i].column,
                     file.faults[i].reason);
        }
    }

    assert_int_equal(file.fault_count, mc_count(faults));
    assert_non_null(strstr(error, "nothing was written"));
    assert_int_equal(file.committed, 0);
    assert_false(find("50000001", &admin, &member));
    mc_admin_free(&admin);
}


static void
a_header_that_is_wrong_is_refused(void **state)
{
    char    error[MC_ADMIN_ERROR];
    size_t  i;

    static const struct {
        const char *text;
        const char *reason;
    } cases[] = {
        { "", "empty" },
        { "member_no,name\n", "user_type" },
        { "user_type,name\n", "member_no" },
        { "user_type,member_no\n", "name" },
        { "user_type,member_no,name,colour\n", "unknown column" },
        { "user_type,member_no,name,password\n", "as password_hash" },
        { "user_type,member_no,name,name\n", "twice" }
    };

    for (i = 0; i < mc_count(cases); i++) {
        mc_import_file_t  file = { .rows = 0 };

        assert_int_equal(run_import(&file, cases[i].text, false, error),
                         MC_EINVAL);
        assert_true(file.fault_count >= 1);

        if (strstr(file.faults[0].reason, cases[i].reason) == NULL) {
            fail_msg("case %zu: %s", i, file.faults[0].reason);
        }
    }
}


static void
what_spreadsheets_write_is_understood(void **state)
{
    add_member("51000000");     /* something is there */

    import_text("\xEF\xBB\xBFUser_Type, Member_No ,name,sex,admitted_on,"
                "status,id_number,phone,work_unit\r\n"
                "非执业会员, 5100 0001,李四,女,2020/1/5,暂停,"
                "11010519491231002x,'+86-10-1234567,\"甲, 乙\"\"丙\"\"\"\r\n",
                false, false);

    assert_value("51000001", "sex", "F");
    assert_value("51000001", "admitted_on", "2020-01-05");
    assert_value("51000001", "id_number", ID_GOOD);
    assert_value("51000001", "phone", "+86-10-1234567");
    assert_value("51000001", "work_unit", "甲, 乙\"丙\"");
}


static void
gb18030_is_read_when_asked_for(void **state)
{
    char              error[MC_ADMIN_ERROR];
    mc_import_file_t  file = { .gb18030 = true };
    mc_import_file_t  bad = { .gb18030 = true };

    assert_int_equal(run_import(&file, "user_type,member_no,name\n"
                                "nonpractising,52000001,"
                                "\xD5\xC5\xC8\xFD\n", false, error), MC_OK);
    assert_value("52000001", "name", "张三");

    assert_int_equal(run_import(&bad, "user_type,member_no,name\n"
                                "nonpractising,52000002,\xFF\xFF\n", false,
                                error), MC_EINVAL);
    assert_non_null(strstr(error, "GB18030"));
}


/* DESIGN 10: upsert by (user_type, member_no). */
static void
an_upsert_replaces_the_institutes_columns_only(void **state)
{
    static const char  text[] =
        "user_type,member_no,name,certificate_no,id_number,phone,work_unit,"
        "postcode\n"
        "nonpractising,53000001,王新名,,,13999999999,,310000\n";

    add_member("53000001");
    import_text(text, false, false);

    assert_value("53000001", "name", "王新名");
    assert_value("53000001", "certificate_no", "");     /* emptied */
    assert_value("53000001", "id_number", "");
    assert_value("53000001", "phone", "13800001234");   /* the member's */
    assert_value("53000001", "work_unit", "某公司");
    assert_value("53000001", "postcode", "310000");     /* was empty */
    assert_value("53000001", "sex", "M");               /* not in the file */

    import_text(text, false, true);
    assert_value("53000001", "phone", "13999999999");
    assert_value("53000001", "work_unit", "某公司");
}


static void
a_password_of_the_members_own_is_kept(void **state)
{
    char      phc[MC_PASSWORD_HASH];
    uint8_t   hash[32];
    person_t  p = { .no = "54000001", .phc = phc };

    add_member("54000001");
    assert_int_equal(mc_password_hash(mc_str("something else"), phc), MC_OK);
    add_person(&p);
    log_in("54000001", hash);

    p.phc = "";
    p.no = "54000002";
    add_person(&p);
    p.phc = t.phc;
    add_person(&p);
    log_in("54000002", hash);
}


static void
a_second_run_changes_nothing_and_a_dry_run_writes_nothing(void **state)
{
    char               error[MC_ADMIN_ERROR];
    mc_admin_t         admin;
    mc_admin_member_t  member;
    mc_import_file_t   dry = { .dry_run = true };
    mc_import_file_t   first = { .rows = 0 };
    mc_import_file_t   second = { .rows = 0 };

    static const char  text[] =
        "user_type,member_no,name,phone\n"
        "nonpractising,55000001,甲,13800000001\n"
        "practising,55000001,乙,13800000002\n";

    assert_int_equal(run_import(&dry, text, false, error), MC_OK);
    assert_int_equal(dry.rows, 2);
    assert_int_equal(dry.changed, 2);
    assert_int_equal(dry.committed, 0);
    assert_false(find("55000001", &admin, &member));
    mc_admin_free(&admin);

    assert_int_equal(run_import(&first, text, false, error), MC_OK);
    assert_int_equal(first.changed, 2);
    assert_int_equal(first.committed, 2);

    assert_int_equal(run_import(&second, text, false, error), MC_OK);
    assert_int_equal(second.rows, 2);
    assert_int_equal(second.changed, 0);
}


static void
a_number_of_two_user_types_must_name_one(void **state)
{
    mc_admin_t         admin;
    mc_admin_key_t     key;
    mc_admin_member_t  member;

    import_text("user_type,member_no,name\n"
                "nonpractising,56000001,甲\n"
                "practising,56000001,乙\n", false, false);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("56000001"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_member_show(&admin, &key, &member),
                     MC_EINVAL);
    assert_non_null(strstr(admin.error, "USER_TYPE-NUMBER"));

    assert_int_equal(mc_admin_key_read(&admin, mc_str("practising-56000001"),
                                       &key), MC_OK);
    assert_int_equal(mc_admin_member_show(&admin, &key, &member), MC_OK);
    assert_text(member.member.columns[MC_COLUMN_NAME], "乙");

    assert_int_equal(mc_admin_key_read(&admin, mc_str("not/a number"),
                                       &key), MC_EINVAL);
    mc_admin_free(&admin);
}


typedef struct {
    size_t             calls;
    size_t             stop_at;
    mc_import_phase_t  stop_in;
} progress_t;


static bool
tell(void *data, mc_import_phase_t phase, size_t done, size_t total)
{
    progress_t  *progress = data;

    assert_true(done <= total || phase == MC_IMPORT_CHECKING);
    progress->calls++;

    return !(phase == progress->stop_in && done >= progress->stop_at);
}


/* A file of n rows from number "first" on. */
static char *
many(size_t n, unsigned first)
{
    char    *text;
    size_t   i, len, room;

    room = n * 64 + 128;
    text = malloc(room);
    assert_non_null(text);
    len = (size_t) snprintf(text, room, "user_type,member_no,name,phone\n");

    for (i = 0; i < n; i++) {
        len += (size_t) snprintf(text + len, room - len,
                                 "nonpractising,%u,name %zu,13800000000\n",
                                 first + (unsigned) i, i);
    }

    return text;
}


static void
an_interrupt_leaves_nothing_half_imported(void **state)
{
    char               error[MC_ADMIN_ERROR], *text;
    mc_admin_t         admin;
    progress_t         progress = { 0, 2000, MC_IMPORT_WRITING };
    mc_import_file_t   file = { .progress = tell, .data = &progress };
    mc_import_file_t   again = { .progress = tell, .data = &progress };
    mc_admin_member_t  member;

    text = many(3000, 57000001);
    assert_int_equal(run_import(&file, text, false, error), MC_EBUSY);
    assert_non_null(strstr(error, "interrupted"));
    assert_int_equal(file.committed, 0);
    assert_false(find("57000001", &admin, &member));
    mc_admin_free(&admin);

    progress.stop_at = SIZE_MAX;
    assert_int_equal(run_import(&again, text, false, error), MC_OK);
    assert_int_equal(again.committed, 3000);
    assert_true(progress.calls > 6);
    assert_true(find("57003000", &admin, &member));
    mc_admin_free(&admin);
    free(text);
}


static void
parts_are_safe_one_by_one(void **state)
{
    char               error[MC_ADMIN_ERROR], *text;
    mc_admin_t         admin;
    progress_t         progress = { 0, MC_IMPORT_PART, MC_IMPORT_WRITING };
    mc_import_file_t   file = { .parts = true, .progress = tell,
                                .data = &progress };
    mc_admin_member_t  member;

    text = many(MC_IMPORT_PART + 1000, 58000001);

    /* stopped after the last row of part one, before its commit: nothing */

    assert_int_equal(run_import(&file, text, false, error), MC_EBUSY);
    assert_int_equal(file.committed, 0);

    /* stopped in part two: part one is there, part two is not */

    memset(&file, 0, sizeof(file));
    file.parts = true;
    file.progress = tell;
    file.data = &progress;
    progress.stop_at = MC_IMPORT_PART + 1000;

    assert_int_equal(run_import(&file, text, false, error), MC_EBUSY);
    assert_int_equal(file.committed, MC_IMPORT_PART);
    assert_true(find("58050000", &admin, &member));
    mc_admin_free(&admin);
    assert_false(find("58050001", &admin, &member));
    mc_admin_free(&admin);

    /* run again: only what is missing is written */

    memset(&file, 0, sizeof(file));
    file.parts = true;
    assert_int_equal(run_import(&file, text, false, error), MC_OK);
    assert_int_equal(file.committed, MC_IMPORT_PART + 1000);
    assert_int_equal(file.changed, 1000);
    free(text);
}


/* A member saves between the merge and the write. */
typedef struct {
    uint8_t  hash[32];
    bool     saved;
} race_t;


static bool
save_meanwhile(void *data, mc_import_phase_t phase, size_t done,
    size_t total)
{
    race_t            *race = data;
    mc_profile_t       profile;
    mc_profile_save_t  save;

    if (phase != MC_IMPORT_MERGING || race->saved) {
        return true;
    }

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, race->hash);
    mc_profile_run(&profile);

    memset(&save, 0, sizeof(save));
    begin(&save.profile.call, race->hash);
    save.has_match = true;
    save.match = profile.revision;
    save.count = 2;
    save.values[0].key = mc_str("work_unit");
    save.values[0].value = mc_str("我的新公司");
    save.values[1].key = mc_str("postcode");
    save.values[1].value = mc_str("100000");
    mc_profile_save_run(&save);
    assert_codes(&save.profile.call.problems, "");
    race->saved = true;

    mc_call_free(&save.profile.call);
    mc_call_free(&profile.call);

    return true;
}


static void
a_save_during_the_import_is_not_lost(void **state)
{
    char              error[MC_ADMIN_ERROR], *text, *all;
    size_t            room;
    race_t            race = { .saved = false };
    mc_import_file_t  file = { .progress = save_meanwhile, .data = &race };

    add_member("59000001");
    log_in("59000001", race.hash);

    /* the member's row first, then enough rows for a tick */

    text = many(1000, 59100001);
    room = strlen(text) + 256;
    all = malloc(room);
    assert_non_null(all);
    (void) snprintf(all, room, "user_type,member_no,name,phone\n"
                    "nonpractising,59000001,王改名,13700000000\n%s",
                    strchr(text, '\n') + 1);

    assert_int_equal(run_import(&file, all, false, error), MC_OK);
    assert_true(race.saved);

    assert_value("59000001", "name", "王改名");
    assert_value("59000001", "work_unit", "我的新公司");
    assert_value("59000001", "postcode", "100000");
    assert_value("59000001", "phone", "13800001234");

    free(all);
    free(text);
}


static void
institutes_are_checked_merged_and_counted(void **state)
{
    char              error[MC_ADMIN_ERROR];
    mc_admin_t        admin;
    mc_import_file_t  bad = { .rows = 0 };
    mc_import_file_t  dry = { .dry_run = true };
    mc_import_file_t  good = { .rows = 0 };
    mc_import_file_t  again = { .rows = 0 };
    mc_import_file_t  phone = { .rows = 0 };
    mc_admin_member_t member;

    static const char  text[] =
        "code,name,name_en,contact,phone\n"
        "BJ,北京注册会计师协会,Beijing Institute,王老师,010-1\n"
        "ZJ,浙江省注册会计师协会,Zhejiang Institute,李老师,"
        "0571-12345678\n";

    assert_int_equal(run_import(&bad, "code,name,phone\nA B,x,\nC,,1\n"
                                "D,d,1.0E+10\nD,e,\n", true, error),
                     MC_EINVAL);
    assert_int_equal(bad.fault_count, 3);
    assert_int_equal(bad.faults[0].line, 2);
    assert_int_equal(bad.faults[0].column, 1);
    assert_int_equal(bad.faults[1].line, 3);
    assert_int_equal(bad.faults[1].column, 2);
    assert_int_equal(bad.faults[2].line, 4);

    assert_int_equal(run_import(&dry, text, true, error), MC_OK);
    assert_int_equal(dry.changed, 1);
    assert_int_equal(run_import(&good, text, true, error), MC_OK);
    assert_int_equal(good.changed, 1);
    assert_int_equal(run_import(&again, text, true, error), MC_OK);
    assert_int_equal(again.changed, 0);

    /* columns that are not in the file stay */

    assert_int_equal(run_import(&phone, "code,name,phone\n"
                                "ZJ,浙江省注册会计师协会,0571-1\n", true,
                                error), MC_OK);
    add_member("59900001");
    assert_true(find("59900001", &admin, &member));
    assert_text(member.institute.contact, "李老师");
    assert_text(member.institute.phone, "0571-1");
    mc_admin_free(&admin);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_rows_are_all_named_and_nothing_is_written),
        cmocka_unit_test(a_header_that_is_wrong_is_refused),
        cmocka_unit_test(what_spreadsheets_write_is_understood),
        cmocka_unit_test(gb18030_is_read_when_asked_for),
        cmocka_unit_test(an_upsert_replaces_the_institutes_columns_only),
        cmocka_unit_test(a_password_of_the_members_own_is_kept),
        cmocka_unit_test(
            a_second_run_changes_nothing_and_a_dry_run_writes_nothing),
        cmocka_unit_test(a_number_of_two_user_types_must_name_one),
        cmocka_unit_test(a_save_during_the_import_is_not_lost),
        cmocka_unit_test(institutes_are_checked_merged_and_counted),
        cmocka_unit_test(an_interrupt_leaves_nothing_half_imported),
        cmocka_unit_test(parts_are_safe_one_by_one)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
