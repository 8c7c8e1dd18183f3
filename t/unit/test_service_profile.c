/*
 * Reading and saving the member's record, consent (S34-S41 I07).
 */

#include "test_service.h"


static const mc_profile_item_t *
item(const mc_profile_t *profile, const char *key)
{
    size_t  i;

    for (i = 0; i < profile->count; i++) {
        if (mc_str_is(profile->items[i].field->key, key)) {
            return &profile->items[i];
        }
    }

    fail_msg("no item %s", key);

    return NULL;
}


static void
read_profile(mc_profile_t *profile, const uint8_t hash[32])
{
    memset(profile, 0, sizeof(*profile));
    begin(&profile->call, hash);
    mc_profile_run(profile);
    assert_codes(&profile->call.problems, "");
}


static int64_t
revision_of(const uint8_t hash[32])
{
    int64_t       revision;
    mc_profile_t  profile;

    read_profile(&profile, hash);
    revision = profile.revision;
    mc_call_free(&profile.call);

    return revision;
}


/* "key", "value", ..., NULL */
static void
save(mc_profile_save_t *save_, const uint8_t hash[32], int64_t match,
    const char *const *pairs)
{
    memset(save_, 0, sizeof(*save_));
    begin(&save_->profile.call, hash);

    save_->has_match = match >= 0;
    save_->match = match;

    for (; pairs[0] != NULL; pairs += 2) {
        save_->values[save_->count].key = mc_str_from(pairs[0]);
        save_->values[save_->count].value = mc_str_from(pairs[1]);
        save_->count++;
    }

    mc_profile_save_run(save_);
}

#define pairs(...)  ((const char *const []) { __VA_ARGS__, NULL })


static void
a_record_shows_masked_values_and_the_institute_by_name(void **state)
{
    uint8_t       hash[32];
    mc_profile_t  profile;

    add_member("20000001");
    log_in("20000001", hash);
    read_profile(&profile, hash);

    assert_true(profile.complete);
    assert_false(profile.privacy_accepted);
    assert_text(profile.member_no, "20000001");
    assert_text(item(&profile, "phone")->value, "138****1234");
    assert_text(item(&profile, "id_number")->value, "1101**********002X");
    assert_text(item(&profile, "institute")->value, "浙江省注册会计师协会");
    assert_text(item(&profile, "institute")->value_en, "Zhejiang Institute");
    assert_text(item(&profile, "sex")->value, "男");
    assert_text(item(&profile, "sex")->value_en, "Male");
    assert_text(item(&profile, "work_unit")->value, "某公司");
    assert_text(profile.institute.phone, "0571-12345678");
    mc_call_free(&profile.call);
}


/* S34 S37 */
static void
what_is_missing_is_marked(void **state)
{
    uint8_t       hash[32];
    person_t      p = { .no = "20000002", .phone = "", .id_number = "" };
    mc_profile_t  profile;

    add_person(&p);
    log_in("20000002", hash);
    read_profile(&profile, hash);

    assert_false(profile.complete);
    assert_true(item(&profile, "phone")->missing);
    assert_true(item(&profile, "phone")->field->member_edits);
    assert_true(item(&profile, "id_number")->missing);
    assert_false(item(&profile, "id_number")->field->member_edits);
    assert_false(item(&profile, "work_unit")->missing);
    assert_false(item(&profile, "email")->missing);
    mc_call_free(&profile.call);
}


/* S40 */
static void
a_save_changes_what_was_sent_and_raises_the_revision(void **state)
{
    int64_t            revision;
    uint8_t            hash[32];
    mc_profile_t       profile;
    mc_profile_save_t  s;

    add_member("20000003");
    log_in("20000003", hash);
    revision = revision_of(hash);

    save(&s, hash, revision, pairs("phone", "  13911112222\xE3\x80\x80",
                                   "email", "who@example.org"));
    assert_codes(&s.profile.call.problems, "");
    assert_int_equal(s.profile.revision, revision + 1);
    assert_text(item(&s.profile, "phone")->value, "139****2222");
    mc_call_free(&s.profile.call);

    read_profile(&profile, hash);
    assert_int_equal(profile.revision, revision + 1);
    assert_text(item(&profile, "phone")->value, "139****2222");
    assert_text(item(&profile, "email")->value, "wh***@example.org");
    assert_text(item(&profile, "work_unit")->value, "某公司");
    mc_call_free(&profile.call);
}


/* mc_character.h: GBK's private code points, variation selectors */
static void
letters_of_older_systems_are_kept_as_what_they_mean(void **state)
{
    uint8_t            hash[32];
    mc_profile_save_t  s;

    add_member("20000023");
    log_in("20000023", hash);

    save(&s, hash, revision_of(hash),
         pairs("work_unit", "\xEE\xA0\x9A葛\xF3\xA0\x84\x80公司",
               "phone", "13911112222"));
    assert_codes(&s.profile.call.problems, "");
    assert_text(item(&s.profile, "work_unit")->value, "㑳葛公司");
    mc_call_free(&s.profile.call);
}


static void
a_save_that_changes_nothing_writes_nothing(void **state)
{
    int64_t            revision;
    uint8_t            hash[32];
    mc_profile_save_t  s;

    add_member("20000004");
    log_in("20000004", hash);
    revision = revision_of(hash);

    save(&s, hash, revision, pairs("phone", "13800001234",
                                   "name", "王小明"));
    assert_codes(&s.profile.call.problems, "");
    assert_int_equal(s.profile.revision, revision);
    mc_call_free(&s.profile.call);

    assert_int_equal(revision_of(hash), revision);
}


static void
all_faults_are_told_at_once_and_nothing_is_stored(void **state)
{
    int64_t              revision;
    uint8_t              hash[32];
    mc_profile_save_t    s;
    const mc_problem_t  *problem;

    add_member("20000005");
    log_in("20000005", hash);
    revision = revision_of(hash);

    save(&s, hash, revision,
         pairs("phone", "12", "address", " ", "name", "李四",
               "email", "wrong", "colour", "red", "work_unit", "新公司"));
    assert_codes(&s.profile.call.problems,
                 "field_format field_required field_institute_only "
                 "field_format field_unknown");

    problem = &s.profile.call.problems.items[0];
    assert_text(problem->field, "phone");

    problem = &s.profile.call.problems.items[2];
    assert_text(problem->field, "name");
    assert_text(mc_problem_get(problem, "contact")->zh,
                "浙江省注册会计师协会 李老师 0571-12345678");
    assert_text(mc_problem_get(problem, "contact")->en,
                "Zhejiang Institute 李老师 0571-12345678");
    mc_call_free(&s.profile.call);

    assert_int_equal(revision_of(hash), revision);
}


static void
a_masked_value_sent_back_is_refused(void **state)
{
    int64_t            revision;
    uint8_t            hash[32];
    mc_profile_save_t  s;

    add_member("20000006");
    log_in("20000006", hash);
    revision = revision_of(hash);

    save(&s, hash, revision, pairs("phone", "138****1234"));
    assert_codes(&s.profile.call.problems, "field_masked");
    mc_call_free(&s.profile.call);
}


static void
a_save_needs_the_revision_and_an_old_one_shows_what_stands_now(void **state)
{
    int64_t            revision;
    uint8_t            hash[32];
    mc_profile_save_t  s;

    add_member("20000007");
    log_in("20000007", hash);
    revision = revision_of(hash);

    save(&s, hash, -1, pairs("work_unit", "甲"));
    assert_codes(&s.profile.call.problems, "if_match_missing");
    mc_call_free(&s.profile.call);

    save(&s, hash, revision, pairs("work_unit", "甲"));
    assert_codes(&s.profile.call.problems, "");
    mc_call_free(&s.profile.call);

    save(&s, hash, revision, pairs("work_unit", "乙"));
    assert_codes(&s.profile.call.problems, "changed_meanwhile");
    assert_int_equal(s.profile.revision, revision + 1);
    assert_text(item(&s.profile, "work_unit")->value, "甲");
    mc_call_free(&s.profile.call);
}


static void
without_a_session_nothing_is_read_or_saved(void **state)
{
    uint8_t            hash[32];
    mc_profile_t       profile;
    mc_profile_save_t  s;

    memset(hash, 3, sizeof(hash));
    save(&s, hash, 1, pairs("work_unit", "甲"));
    assert_codes(&s.profile.call.problems, "session_expired");
    mc_call_free(&s.profile.call);

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, NULL);
    mc_profile_run(&profile);
    assert_codes(&profile.call.problems, "session_expired");
    assert_int_equal(profile.count, 0);
    mc_call_free(&profile.call);
}


static void
another_secret_opens_no_record_and_the_hint_says_so(void **state)
{
    char            path[128];
    uint8_t         hash[32];
    mc_site_t      *kept;
    mc_profile_t    profile;
    mc_settings_t  *settings;

    add_member("20000008");
    log_in("20000008", hash);

    (void) snprintf(path, sizeof(path), "%s/other", t.dir);
    write_file(path, "another secret of at least 32 bytes", 0600);

    settings = make_settings(t.dir, path);
    kept = t.site;
    t.site = open_site(settings, MC_SITE_NO_DOCUMENT);

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    mc_profile_run(&profile);
    assert_codes(&profile.call.problems, "service_unavailable");
    assert_non_null(strstr(profile.call.hint, "membercert_secret"));
    mc_call_free(&profile.call);

    mc_site_close(t.site);
    mc_settings_free(settings);
    t.site = kept;
}


static void
personal_data_does_not_stand_in_the_files(void **state)
{
    char      path[128], *bytes;
    FILE     *file;
    long      size;
    size_t    i;
    person_t  p = { .no = "20000009", .phone = "13712345678",
                    .address = "SomewhereVeryParticular 7" };

    static const char *const  files[] = { "core.db", "core.db-wal" };

    add_person(&p);

    for (i = 0; i < mc_count(files); i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", t.dir, files[i]);
        file = fopen(path, "rb");
        assert_non_null(file);
        assert_int_equal(fseek(file, 0, SEEK_END), 0);
        size = ftell(file);
        rewind(file);
        bytes = malloc((size_t) size + 1);
        assert_non_null(bytes);
        assert_int_equal(fread(bytes, 1, (size_t) size, file), size);
        fclose(file);

        assert_null(memmem(bytes, (size_t) size, "13712345678", 11));
        assert_null(memmem(bytes, (size_t) size, ID_GOOD, 18));
        assert_null(memmem(bytes, (size_t) size, "VeryParticular", 14));

        if (i == 1) {
            assert_non_null(memmem(bytes, (size_t) size, "20000009", 8));
        }

        free(bytes);
    }
}


static void
consent_is_for_the_present_notice_and_can_be_withdrawn(void **state)
{
    size_t        i;
    uint8_t       hash[32];
    mc_consent_t  consent;
    mc_profile_t  profile;

    static const struct {
        const char *document;
        const char *version;
        bool        accepted;
        const char *codes;
        bool        then;
    } steps[] = {
        { "privacy", "2025-01", true, "consent_unknown", false },
        { "cookies", "2026-01", true, "consent_unknown", false },
        { "privacy", "", true, "consent_unknown", false },
        { "comparison", "2026-01", true, "consent_unknown", false },
        { "privacy", "2026-01", true, "", true },
        { "privacy", "2026-01", false, "", false }
    };

    add_member("20000010");
    log_in("20000010", hash);

    for (i = 0; i < mc_count(steps); i++) {
        memset(&consent, 0, sizeof(consent));
        begin(&consent.call, hash);
        consent.document = mc_str_from(steps[i].document);
        consent.version = mc_str_from(steps[i].version);
        consent.accepted = steps[i].accepted;
        mc_consent_run(&consent);
        assert_codes(&consent.call.problems, steps[i].codes);
        mc_call_free(&consent.call);

        read_profile(&profile, hash);
        assert_int_equal(profile.privacy_accepted, steps[i].then);
        mc_call_free(&profile.call);
    }
}


/* The n-th allocation fails: an answer, no crash, no leak, nothing half. */
static void
running_out_of_memory_is_an_answer(void **state)
{
    int64_t            revision;
    uint8_t            hash[32];
    unsigned long      n;
    mc_profile_save_t  s;

    add_member("20000011");
    log_in("20000011", hash);
    revision = revision_of(hash);

    for (n = 1; n < 200; n++) {
        memset(&s, 0, sizeof(s));
        begin(&s.profile.call, hash);
        s.has_match = true;
        s.match = revision;
        s.count = 1;
        s.values[0].key = mc_str("work_unit");
        s.values[0].value = mc_str("另一公司");

        mc_alloc_fail_at(n, true);
        mc_profile_save_run(&s);
        mc_alloc_fail_at(0, false);

        if (s.profile.call.problems.count == 0) {
            mc_call_free(&s.profile.call);
            break;
        }

        assert_int_equal(mc_problem_kind(s.profile.call.problems
                                         .items[0].code),
                         MC_KIND_UNAVAILABLE);
        mc_call_free(&s.profile.call);

        if (revision_of(hash) != revision) {
            revision = revision_of(hash);   /* written, not shown */
            break;
        }
    }

    assert_true(n > 3 && n < 200);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_record_shows_masked_values_and_the_institute_by_name),
        cmocka_unit_test(what_is_missing_is_marked),
        cmocka_unit_test(
            a_save_changes_what_was_sent_and_raises_the_revision),
        cmocka_unit_test(
            letters_of_older_systems_are_kept_as_what_they_mean),
        cmocka_unit_test(a_save_that_changes_nothing_writes_nothing),
        cmocka_unit_test(all_faults_are_told_at_once_and_nothing_is_stored),
        cmocka_unit_test(a_masked_value_sent_back_is_refused),
        cmocka_unit_test(
            a_save_needs_the_revision_and_an_old_one_shows_what_stands_now),
        cmocka_unit_test(without_a_session_nothing_is_read_or_saved),
        cmocka_unit_test(
            another_secret_opens_no_record_and_the_hint_says_so),
        cmocka_unit_test(personal_data_does_not_stand_in_the_files),
        cmocka_unit_test(
            consent_is_for_the_present_notice_and_can_be_withdrawn),
        cmocka_unit_test(running_out_of_memory_is_an_answer)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
