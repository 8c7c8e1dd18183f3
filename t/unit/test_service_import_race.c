/*
 * Import of members while others write: what came between the merge and the
 * write is not undone.
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
password_meanwhile(void *data, mc_import_phase_t phase, size_t done,
    size_t total)
{
    bool            *given = data;
    mc_admin_t       admin;
    mc_admin_key_t   key;

    if (phase == MC_IMPORT_MERGING && !*given) {
        mc_admin_init(&admin, t.site);
        assert_int_equal(mc_admin_key_read(&admin, mc_str("59000002"), &key),
                         MC_OK);
        assert_int_equal(mc_admin_member_password(&admin, &key,
                                                  mc_str(PASSWORD),
                                                  true),
                         MC_OK);
        mc_admin_free(&admin);
        *given = true;
    }

    return true;
}


static void
a_password_given_during_the_import_stays(void **state)
{
    bool              given = false;
    char              error[MC_ADMIN_ERROR], phc[MC_PASSWORD_HASH];
    char             *all;
    size_t            room, len;
    unsigned          i;
    uint8_t           hash[32];
    person_t          p = { .no = "59000002", .phc = "" };
    mc_import_file_t  file = { .progress = password_meanwhile,
                               .data = &given };

    add_person(&p);
    assert_int_equal(mc_password_hash(mc_str("something else"), phc), MC_OK);

    /* the member's row first, then enough rows for a tick */

    room = 1000 * 64 + 512;
    all = malloc(room);
    assert_non_null(all);
    len = (size_t) snprintf(all, room,
                            "user_type,member_no,name,password_hash\n"
                            "nonpractising,59000002,王改名,\"%s\"\n", phc);

    for (i = 0; i < 1000; i++) {
        len += (size_t) snprintf(all + len, room - len,
                                 "nonpractising,%u,name %u,\n",
                                 59200001 + i, i);
    }

    assert_int_equal(run_import(&file, all, false, error), MC_OK);
    assert_true(given);
    assert_int_equal(file.changed, 1001);
    log_in("59000002", hash);

    free(all);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_password_given_during_the_import_stays)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
