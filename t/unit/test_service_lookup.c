/*
 * Unit tests of members who are found by their ID number: new ones, after a
 * new secret, after a correction (S03 X04).
 */

#include "test_recovery.h"


static void
a_new_member_learns_the_numbers_by_the_phone_only_S03(void **state)
{
    got_t     got;
    asked_t   asked = { .activation = true, .name = "赵新会",
                        .id_number = "11010119800101001 0" };
    person_t  p = { .no = "1007", .name = "赵新会", .phc = "",
                    .id_number = OTHER_ID };

    add_person(&p);
    start(&asked, &got);

    assert_string_equal(got.kind, "lookup");
    assert_string_equal(got.member_no, "1007");
    assert_string_equal(got.certificate_no, "Z1007");

    confirm(&got, got.code, NEW_PASSWORD, "");
    log_in_is("1007", NEW_PASSWORD, "");
}


static void
of_one_person_under_two_numbers_the_one_in_force_is_meant(void **state)
{
    got_t     got;
    asked_t   asked = { .activation = true, .name = "钱两号" };
    person_t  left = { .no = "1010", .name = "钱两号", .status = "left" };
    person_t  active = { .no = "1009", .name = "钱两号" };

    add_person(&active);
    add_person(&left);

    start(&asked, &got);
    assert_string_equal(got.member_no, "1009");
}


/* A site over the same store, with one more secret in front. */
static mc_site_t *
site_with_new_secret(mc_settings_t **settings)
{
    char         path[128], line[256], error[MC_SETTINGS_ERROR];
    mc_site_t   *site;
    const char  *where;

    (void) snprintf(path, sizeof(path), "%s/secret2", t.dir);
    write_file(path, "a new secret of at least 32 bytes!!!", 0600);

    site_lines[2] = NULL;
    *settings = make_settings(t.dir, t.secret);
    (void) snprintf(line, sizeof(line), "%s/secret2", t.dir);
    (*settings)->secrets[0] = mc_arena_str(&arena, mc_str_from(line));
    (*settings)->secrets[1] = mc_arena_str(&arena, mc_str_from(t.secret));
    (*settings)->secret_count = 2;

    site = mc_site_open(*settings, MC_SITE_NO_DOCUMENT, error, &where);
    assert_non_null(site);

    return site;
}


static void
codes_and_look_ups_outlive_a_new_secret(void **state)
{
    char            code[MC_CODE_SHOWN + 1];
    got_t           got;
    size_t          written;
    asked_t         asked = { .activation = true, .name = "孙换钥" };
    person_t        p = { .no = "1016", .name = "孙换钥" };
    mc_site_t      *before;
    mc_admin_t      admin;
    mc_settings_t  *settings;

    add_person(&p);
    start(&asked, &got);
    activate("1016", code, MC_OK);

    before = t.site;
    t.site = site_with_new_secret(&settings);

    confirm(&got, got.code, NEW_PASSWORD, "");
    confirm_at(NULL, "nonpractising", "1016", code, NEW_PASSWORD "2",
               "recovery_refused", __LINE__);      /* ended by the first */
    fetch(&got);
    start(&asked, &got);
    assert_string_equal(got.member_no, "1016");

    /* the keys are written anew under the first secret, once */

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_lookup_keys(&admin, &written), MC_OK);
    assert_true(written > 0);
    assert_int_equal(mc_admin_lookup_keys(&admin, &written), MC_OK);
    assert_int_equal(written, 0);
    mc_admin_free(&admin);

    mc_site_close(t.site);
    mc_settings_free(settings);
    t.site = before;

    start(&asked, &got);
    assert_string_equal(got.code, "");      /* it knows the old one alone */

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_lookup_keys(&admin, &written), MC_OK);
    assert_true(written > 0);
    mc_admin_free(&admin);
}


static void
save_value(const uint8_t hash[32], const char *key, const char *value)
{
    static mc_profile_save_t  save;
    static mc_profile_t       profile;

    memset(&profile, 0, sizeof(profile));
    begin(&profile.call, hash);
    mc_profile_run(&profile);

    memset(&save, 0, sizeof(save));
    begin(&save.profile.call, hash);
    save.has_match = true;
    save.match = profile.revision;
    save.count = 1;
    save.values[0].key = mc_str_from(key);
    save.values[0].value = mc_str_from(value);
    mc_profile_save_run(&save);
    assert_codes(&save.profile.call.problems, "");

    mc_call_free(&save.profile.call);
    mc_call_free(&profile.call);
}


static void
the_look_up_follows_the_record_S03(void **state)
{
    got_t     got;
    asked_t   asked = { .activation = true, .name = "李改号" };
    uint8_t   hash[32];
    person_t  p = { .no = "1017", .name = "李改号" };

    add_person(&p);
    log_in("1017", hash);
    save_value(hash, "address", "另一条路2号");
    start(&asked, &got);
    assert_string_equal(got.member_no, "1017");

    /* the institute corrects the ID number by a new file */

    p.id_number = OTHER_ID;
    add_person(&p);
    start(&asked, &got);
    assert_string_equal(got.code, "");
    asked.id_number = OTHER_ID;
    start(&asked, &got);
    assert_string_equal(got.member_no, "1017");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(
            a_new_member_learns_the_numbers_by_the_phone_only_S03),
        cmocka_unit_test(
            of_one_person_under_two_numbers_the_one_in_force_is_meant),
        cmocka_unit_test(codes_and_look_ups_outlive_a_new_secret),
        cmocka_unit_test(the_look_up_follows_the_record_S03)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
