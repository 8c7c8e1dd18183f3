/*
 * What stands on the certificate, its confirmation, the PDF (S16-S18 S34
 * S41 I08 I13 I14).
 */

#include "test_cert.h"


/* S18 S34 */
static void
a_complete_member_sees_the_data_and_no_blocker(void **state)
{
    uint8_t         hash[32];
    mc_cert_view_t  view;

    ready_member("40000001", hash);
    view_as(&view, hash);

    assert_codes(&view.blockers, "");
    assert_text(view.certificate.values[MC_CERT_NAME].zh, "王小明");
    assert_text(view.certificate.values[MC_CERT_SEX].en, "Male");
    assert_text(view.certificate.values[MC_CERT_INSTITUTE].zh,
                "浙江省注册会计师协会");
    assert_true(view.photo_readable);
    assert_true(view.certificate.has_photo);
    assert_int_equal(strlen(view.version), 64);
    assert_false(view.confirmed.present);
    mc_call_free(&view.call);
}


/* S34 S38 I14 S19 */
static void
every_blocker_is_told_at_once(void **state)
{
    uint8_t            hash[32];
    person_t           p = { .no = "40000002", .status = "suspended",
                             .phone = "", .id_number = "" };
    mc_cert_view_t     view;
    mc_cert_confirm_t  confirm;

    static const char  codes[] =
        "member_not_active profile_incomplete field_institute_only "
        "field_required photo_none";

    add_person(&p);
    log_in("40000002", hash);
    view_as(&view, hash);
    assert_codes(&view.blockers, codes);

    confirm_as(&confirm, hash, view.version);
    assert_codes(&confirm.view.call.problems, codes);
    assert_false(confirm.created);
    mc_call_free(&confirm.view.call);
    mc_call_free(&view.call);
}


/* S16 I08 */
static void
a_confirmation_freezes_the_data_and_is_idempotent(void **state)
{
    char               version[65];
    int64_t            serial;
    uint8_t            hash[32];
    mc_cert_view_t     view;
    mc_cert_confirm_t  confirm;

    ready_member("40000003", hash);
    view_as(&view, hash);
    memcpy(version, view.version, sizeof(version));
    mc_call_free(&view.call);

    confirm_as(&confirm, hash, "0123");
    assert_codes(&confirm.view.call.problems, "version_changed");
    mc_call_free(&confirm.view.call);

    confirm_as(&confirm, hash, version);
    assert_codes(&confirm.view.call.problems, "");
    assert_true(confirm.created);
    assert_true(confirm.view.confirmed.valid);
    serial = confirm.view.confirmed.serial;
    assert_true(serial > 0);
    mc_call_free(&confirm.view.call);

    t.now += 5000;
    confirm_as(&confirm, hash, version);
    assert_codes(&confirm.view.call.problems, "");
    assert_false(confirm.created);
    assert_int_equal(confirm.view.confirmed.serial, serial);
    assert_true(confirm.view.confirmed.at == t.now - 5000);
    mc_call_free(&confirm.view.call);

    view_as(&view, hash);
    assert_true(view.confirmed.present && view.confirmed.valid);
    assert_int_equal(view.confirmed.serial, serial);
    mc_call_free(&view.call);
}


/* S17 I13 */
static void
the_pdf_needs_a_confirmation_and_is_always_the_same(void **state)
{
    char           version[65], etag[67], list[256];
    uint8_t        hash[32];
    mc_cert_pdf_t  pdf, again;

    ready_member("40000004", hash);

    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "confirm_first");
    assert_int_equal(pdf.document.len, 0);
    pdf_done(&pdf);

    confirm_present(hash, version);

    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    assert_true(pdf.document.len > 10000);
    assert_memory_equal(pdf.document.parts[0].data, "%PDF-", 5);
    assert_text(pdf.name, "王小明");
    assert_text(pdf.certificate_no, "Z40000004");
    assert_int_equal(strlen(pdf.etag), 66);
    memcpy(etag, pdf.etag, sizeof(etag));

    t.now += MC_HOUR / 4;
    pdf_as(&again, hash, "\"other\"");
    assert_same_file(&again, &pdf);
    assert_string_equal(again.etag, etag);
    pdf_done(&again);
    pdf_done(&pdf);

    (void) snprintf(list, sizeof(list), "\"x\", W/%s", etag);
    pdf_as(&pdf, hash, list);
    assert_codes(&pdf.call.problems, "");
    assert_true(pdf.not_modified);
    assert_int_equal(pdf.document.len, 0);
    pdf_done(&pdf);
}


static void
change_work_unit(const uint8_t hash[32], const char *value)
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
    save.values[0].key = mc_str("work_unit");
    save.values[0].value = mc_str_from(value);
    mc_profile_save_run(&save);
    assert_codes(&save.profile.call.problems, "");

    mc_call_free(&save.profile.call);
    mc_call_free(&profile.call);
}


/* I13 I08: what is not on the certificate changes nothing, what is on it
 * asks again, and the old data is never drawn with the new. */
static void
changed_data_asks_for_a_new_confirmation(void **state)
{
    char            old[65], version[65];
    uint8_t         hash[32];
    mc_cert_pdf_t   pdf;
    mc_cert_view_t  view;

    ready_member("40000005", hash);
    confirm_present(hash, old);

    change_work_unit(hash, "另一公司");
    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    pdf_done(&pdf);

    import_text("user_type,member_no,name\n"
                "nonpractising,40000005,王大明\n", false, false);

    pdf_as(&pdf, hash, "*");
    assert_codes(&pdf.call.problems, "confirm_again");
    pdf_done(&pdf);

    view_as(&view, hash);
    assert_true(view.confirmed.present);
    assert_false(view.confirmed.valid);
    assert_string_not_equal(view.version, old);
    assert_string_equal(view.confirmed.version, old);
    mc_call_free(&view.call);

    confirm_present(hash, version);
    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    assert_text(pdf.name, "王大明");
    pdf_done(&pdf);
}


static void
another_photo_asks_for_a_new_confirmation(void **state)
{
    char           version[65];
    uint8_t        hash[32];
    mc_cert_pdf_t  pdf;

    ready_member("40000006", hash);
    confirm_present(hash, version);

    record_photo("40000006", 1, 0);     /* the same picture once more */
    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    pdf_done(&pdf);

    record_photo("40000006", 1, 1);
    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "confirm_again");
    pdf_done(&pdf);
}


/* I14 */
static void
a_suspended_member_gets_no_certificate_until_active_again(void **state)
{
    char                 version[65];
    uint8_t              hash[32];
    mc_cert_pdf_t        pdf;
    const mc_problem_t  *problem;

    ready_member("40000007", hash);
    confirm_present(hash, version);
    set_status("40000007", MC_STATUS_SUSPENDED);

    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "member_not_active");
    problem = &pdf.call.problems.items[0];
    assert_text(mc_problem_get(problem, "status")->zh, "暂停");
    assert_text(mc_problem_get(problem, "contact")->zh,
                "浙江省注册会计师协会 李老师 0571-12345678");
    pdf_done(&pdf);

    set_status("40000007", MC_STATUS_ACTIVE);
    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    pdf_done(&pdf);
}


static mc_err_t
take_id(void *data, const mc_case_row_t *row, const mc_member_t *member)
{
    int64_t  *id = data;

    *id = row->photo_id;

    return MC_OK;
}


/* S24: success unlocks, and confirming makes the photo the current one. */
static void
an_approved_upload_becomes_current_by_the_confirmation(void **state)
{
    char               version[65];
    int64_t            id;
    uint8_t            hash[32];
    mc_buf_t           jpeg;
    mc_admin_t         admin;
    mc_case_row_t      row;
    mc_photo_put_t     put;
    mc_cert_view_t     view;
    mc_cert_confirm_t  confirm;

    add_member("40000008");
    log_in("40000008", hash);
    accept_privacy(hash);

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(2, 0, NULL, &jpeg), MC_OK);
    memset(&put, 0, sizeof(put));
    begin(&put.call, hash);
    put.jpeg = mc_buf_view(&jpeg);
    put.declared = true;
    mc_photo_put_run(&put);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    mc_buf_free(&jpeg);

    view_as(&view, hash);
    assert_codes(&view.blockers, "compare_review");
    mc_call_free(&view.call);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_photo_list(&admin, MC_CASE_REVIEW, take_id,
                                         &id), MC_OK);
    assert_int_equal(mc_admin_photo_decide(&admin, id, true, mc_str(""),
                                           &row), MC_OK);
    mc_admin_free(&admin);

    view_as(&view, hash);
    assert_codes(&view.blockers, "");
    assert_int_equal(view.photo.state, MC_CASE_MATCHED);
    memcpy(version, view.version, sizeof(version));
    mc_call_free(&view.call);

    confirm_as(&confirm, hash, version);
    assert_codes(&confirm.view.call.problems, "");
    assert_int_equal(confirm.view.photo.state, MC_CASE_CONFIRMED);
    assert_true(confirm.view.photo.current);
    mc_call_free(&confirm.view.call);

    view_as(&view, hash);
    assert_codes(&view.blockers, "");
    assert_true(view.confirmed.valid);
    assert_true(view.photo.current);
    mc_call_free(&view.call);
}


static void
an_administrator_closes_the_case_and_the_photo_on_record_stays(void **state)
{
    char             version[65];
    uint8_t          hash[32];
    mc_buf_t         jpeg;
    mc_admin_t       admin;
    mc_admin_key_t   key;
    mc_photo_put_t   put;

    ready_member("40000009", hash);
    accept_privacy(hash);

    mc_buf_init(&jpeg, 65536);
    assert_int_equal(mc_portrait_draw(1, 7, NULL, &jpeg), MC_OK);
    memset(&put, 0, sizeof(put));
    begin(&put.call, hash);
    put.jpeg = mc_buf_view(&jpeg);
    put.declared = true;
    mc_photo_put_run(&put);
    assert_codes(&put.call.problems, "");
    mc_call_free(&put.call);
    mc_buf_free(&jpeg);

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_admin_key_read(&admin, mc_str("40000009"), &key),
                     MC_OK);
    assert_int_equal(mc_admin_photo_reset(&admin, &key), MC_OK);
    mc_admin_free(&admin);

    confirm_present(hash, version);
}


/* Never blank: the character is named. */
static void
a_character_without_a_glyph_blocks_and_is_named(void **state)
{
    uint8_t              hash[32];
    person_t             p = { .no = "40000010",
                               .name = "王\xF0\x9F\x98\x80" };
    mc_cert_view_t       view;
    const mc_problem_t  *problem;

    add_person(&p);
    record_photo("40000010", 2, 0);
    log_in("40000010", hash);

    view_as(&view, hash);
    assert_codes(&view.blockers, "glyph_missing");
    problem = &view.blockers.items[0];
    assert_text(mc_problem_get(problem, "char")->zh, "\xF0\x9F\x98\x80");
    mc_call_free(&view.call);
}


static void
a_name_of_the_second_plane_is_drawn(void **state)
{
    char           version[65];
    uint8_t        hash[32];
    person_t       p = { .no = "40000011", .name = "𠮷田" };
    mc_cert_pdf_t  pdf;

    add_person(&p);
    record_photo("40000011", 2, 0);
    log_in("40000011", hash);
    confirm_present(hash, version);

    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    assert_true(pdf.document.len > 10000);
    pdf_done(&pdf);
}


static void
the_command_draws_the_confirmed_or_the_present_data(void **state)
{
    bool             confirmed;
    char             version[65];
    uint8_t          hash[32];
    mc_buf_t         pdf, file;
    mc_admin_t       admin;
    mc_admin_key_t   key;
    mc_cert_pdf_t    member;

    ready_member("40000012", hash);
    mc_admin_init(&admin, t.site);
    mc_buf_init(&pdf, MC_DOCUMENT_MAX);
    assert_int_equal(mc_admin_key_read(&admin,
                                       mc_str("nonpractising-40000012"),
                                       &key), MC_OK);

    assert_int_equal(mc_admin_certificate(&admin, &key, mc_str(""), &pdf, &confirmed),
                     MC_OK);
    assert_false(confirmed);
    assert_memory_equal(pdf.data, "%PDF-", 5);

    confirm_present(hash, version);
    mc_buf_free(&pdf);
    mc_buf_init(&pdf, MC_DOCUMENT_MAX);
    assert_int_equal(mc_admin_certificate(&admin, &key, mc_str(""), &pdf, &confirmed),
                     MC_OK);
    assert_true(confirmed);

    pdf_as(&member, hash, "");
    file_of(&member, &file);
    assert_int_equal(file.len, pdf.len);
    assert_memory_equal(file.data, pdf.data, pdf.len);
    mc_buf_free(&file);
    pdf_done(&member);

    mc_buf_free(&pdf);
    mc_admin_free(&admin);
}


/* The n-th allocation and all later ones fail: an answer of the kind
 * "unavailable" or success, nothing else, and no leak. */
static void
running_out_of_memory_is_an_answer(void **state)
{
    char           version[65];
    uint8_t        hash[32];
    unsigned long  n;
    mc_cert_pdf_t  pdf;

    ready_member("40000013", hash);
    confirm_present(hash, version);

    for (n = 1; n < 2000; n += 1 + n / 20) {
        memset(&pdf, 0, sizeof(pdf));
        begin(&pdf.call, hash);

        mc_alloc_fail_at(n, true);
        mc_cert_pdf_run(&pdf);
        mc_alloc_fail_at(0, false);

        if (pdf.call.problems.count == 0) {
            assert_true(pdf.document.len > 10000);
            pdf_done(&pdf);
            break;
        }

        assert_int_equal(mc_problem_kind(pdf.call.problems.items[0].code),
                         MC_KIND_UNAVAILABLE);
        assert_true(pdf.call.problems.retry_after > 0);
        pdf_done(&pdf);
    }

    assert_true(n > 2 && n < 2000);
}


static void
an_etag_is_found_in_every_form_of_the_list(void **state)
{
    size_t  i;

    static const struct {
        const char *list;
        bool        listed;
    } cases[] = {
        { "\"abc\"", true }, { "W/\"abc\"", true }, { "*", true },
        { "\"x\", \"abc\"", true }, { "\"x\",W/\"abc\" ", true },
        { "\"a,b\", \"abc\"", true }, { "", false }, { "abc", false },
        { "\"ab\"", false }, { "\"abcd\"", false }, { "\"abc", false },
        { "\"x\" abc", false }, { "\"*\"", false }, { " * ", true },
        { "x*y", false }, { "\"x\", *", false }
    };

    for (i = 0; i < mc_count(cases); i++) {
        if (mc_cert_etag_listed(mc_str_from(cases[i].list),
                                mc_str("\"abc\"")) != cases[i].listed)
        {
            fail_msg("case %zu: %s", i, cases[i].list);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_member_sees_the_data_and_no_blocker),
        cmocka_unit_test(every_blocker_is_told_at_once),
        cmocka_unit_test(a_confirmation_freezes_the_data_and_is_idempotent),
        cmocka_unit_test(the_pdf_needs_a_confirmation_and_is_always_the_same),
        cmocka_unit_test(changed_data_asks_for_a_new_confirmation),
        cmocka_unit_test(another_photo_asks_for_a_new_confirmation),
        cmocka_unit_test(
            a_suspended_member_gets_no_certificate_until_active_again),
        cmocka_unit_test(
            an_approved_upload_becomes_current_by_the_confirmation),
        cmocka_unit_test(
            an_administrator_closes_the_case_and_the_photo_on_record_stays),
        cmocka_unit_test(a_character_without_a_glyph_blocks_and_is_named),
        cmocka_unit_test(a_name_of_the_second_plane_is_drawn),
        cmocka_unit_test(the_command_draws_the_confirmed_or_the_present_data),
        cmocka_unit_test(running_out_of_memory_is_an_answer),
        cmocka_unit_test(an_etag_is_found_in_every_form_of_the_list)
    };

    return cmocka_run_group_tests(tests, site_setup_document, site_teardown);
}
