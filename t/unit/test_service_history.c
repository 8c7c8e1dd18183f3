/*
 * Versions of a certificate: revoked by a command or an officer, confirmed
 * anew, given back, listed (X06 I11 I13).
 */

#include "test_cert.h"

#include "mc_history.h"
#include "mc_store_sqlite.h"


static void
history_as(mc_history_t *history, const uint8_t hash[32])
{
    memset(history, 0, sizeof(*history));
    begin(&history->call, hash);
    mc_history_run(history);
    assert_codes(&history->call.problems, "");
}


static void
revoke_as_admin(int64_t serial, bool revoke, const char *reason,
    mc_err_t wanted)
{
    mc_admin_t              admin;
    mc_confirmation_row_t   row;

    mc_admin_init(&admin, t.site);
    admin.now = t.now;
    assert_int_equal(mc_admin_revoke(&admin, serial, revoke,
                                     mc_str_from(reason), &row), wanted);
    assert_true((wanted == MC_OK) == (admin.error[0] == '\0'));
    mc_admin_free(&admin);
}


/* X06 */
static void
a_revoked_certificate_is_refused_and_confirmed_anew(void **state)
{
    char                 version[65];
    int64_t              serial;
    uint8_t              hash[32];
    mc_history_t         history;
    mc_cert_pdf_t        pdf;
    mc_cert_view_t       view;
    mc_cert_confirm_t    confirm;
    const mc_problem_t  *problem;

    ready_member("70000006", hash);
    confirm_present(hash, version);

    view_as(&view, hash);
    serial = view.confirmed.serial;
    mc_call_free(&view.call);

    revoke_as_admin(serial, true, " ", MC_EINVAL);
    revoke_as_admin(serial, true, "a\tb", MC_EINVAL);
    revoke_as_admin(serial, false, "x", MC_ECONFLICT);
    revoke_as_admin(serial + 1000, true, "x", MC_ENOTFOUND);
    revoke_as_admin(serial, true, "照片有误", MC_OK);

    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "certificate_revoked");
    problem = &pdf.call.problems.items[0];
    assert_text(mc_problem_get(problem, "reason")->zh, "照片有误");
    assert_int_equal(mc_problem_get(problem, "date")->zh.len, 10);
    pdf_done(&pdf);

    view_as(&view, hash);
    assert_codes(&view.blockers, "");
    assert_false(view.confirmed.valid);
    assert_true(view.confirmed.revoked_at == t.now);
    assert_text(view.confirmed.reason, "照片有误");
    mc_call_free(&view.call);

    /* the same version: a new serial */

    t.now += 5000;
    confirm_as(&confirm, hash, version);
    assert_codes(&confirm.view.call.problems, "");
    assert_true(confirm.created);
    assert_true(confirm.view.confirmed.serial > serial);
    assert_true(confirm.view.confirmed.valid);
    mc_call_free(&confirm.view.call);

    pdf_as(&pdf, hash, "");
    assert_codes(&pdf.call.problems, "");
    assert_true(pdf.serial > serial);
    pdf_done(&pdf);

    revoke_as_admin(serial, false, "Irrtum", MC_OK);

    history_as(&history, hash);
    assert_int_equal(history.count, 2);
    assert_int_equal(history.items[0].state, MC_CONFIRMATION_VALID);
    assert_int_equal(history.items[0].replaced_at, 0);
    assert_int_equal(history.items[1].serial, serial);
    assert_int_equal(history.items[1].state, MC_CONFIRMATION_REPLACED);
    assert_true(history.items[1].replaced_at == t.now);
    assert_int_equal(history.items[1].revoked_at, 0);
    mc_call_free(&history.call);
}


/* An officer's account and session, of institute "code". */
static void
officer_session(const char *code, uint8_t hash[32])
{
    char        sql[512];
    mc_conn_t  *conn;

    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    memset(hash, code[0], 32);

    (void) snprintf(sql, sizeof(sql),
        "INSERT INTO institute SELECT '%s', 'a', 'b', 'c', 'd' WHERE NOT "
        "EXISTS (SELECT 1 FROM institute WHERE code = '%s'); "
        "INSERT INTO officer (name, institute, password_hash, totp, "
        "totp_step, disabled, epoch, at) VALUES ('o%s', '%s', 'x', x'00', "
        "0, 0, 0, 1); INSERT INTO officer_session SELECT "
        "CAST(replace(hex(zeroblob(16)), '0', '%c') AS BLOB), id, 0, %lld, "
        "%lld, %lld FROM officer WHERE name = 'o%s'", code, code, code, code,
        code[0], (long long) t.now, (long long) t.now,
        (long long) t.now + 3600000, code);

    assert_int_equal(mc_sqlite_exec(conn->db[MC_DB_CORE], sql), MC_OK);
    mc_store_release(t.site->store, conn);
}


static void
revoke_as(mc_revoke_t *revoke, const uint8_t hash[32], bool take,
    int64_t serial, const char *reason)
{
    memset(revoke, 0, sizeof(*revoke));
    begin(&revoke->history.call, hash);
    revoke->history.call.officer.asks = true;
    revoke->serial = serial;
    revoke->reason = mc_str_from(reason);

    if (take) {
        mc_revoke_run(revoke);

    } else {
        mc_unrevoke_run(revoke);
    }
}


static void
assert_refused(const uint8_t hash[32], bool take, int64_t serial,
    const char *reason, const char *code)
{
    mc_revoke_t  revoke;

    revoke_as(&revoke, hash, take, serial, reason);
    assert_codes(&revoke.history.call.problems, code);
    assert_int_equal(revoke.history.count, 0);
    mc_call_free(&revoke.history.call);
}


/* I11 */
static void
an_officer_revokes_what_is_the_own_institutes(void **state)
{
    char             version[65];
    int64_t          serial;
    uint8_t          hash[32], own[32], other[32];
    mc_revoke_t      revoke;
    mc_history_t     history;
    mc_cert_view_t   view;

    ready_member("71000001", hash);
    confirm_present(hash, version);
    view_as(&view, hash);
    serial = view.confirmed.serial;
    mc_call_free(&view.call);

    officer_session("ZJ", own);
    officer_session("SH", other);

    assert_refused(other, true, serial, "x", "not_found");
    assert_refused(own, true, serial + 1000, "x", "not_found");
    assert_refused(own, true, serial, "", "reason_missing");
    assert_refused(own, true, serial, "a\nb", "reason_missing");
    assert_refused(own, false, serial, "x", "not_revoked");
    assert_refused(hash, true, serial, "x", "session_expired");

    revoke_as(&revoke, own, true, serial, " wrong photo ");
    assert_codes(&revoke.history.call.problems, "");
    assert_int_equal(revoke.history.count, 1);
    assert_int_equal(revoke.history.items[0].state,
                     MC_CONFIRMATION_REVOKED);
    assert_text(revoke.history.items[0].reason, "wrong photo");
    assert_true(revoke.history.call.effects.changed.count > 0);
    mc_call_free(&revoke.history.call);

    assert_refused(own, true, serial, "x", "already_revoked");
    assert_refused(other, true, serial, "x", "not_found");

    /* the list of a member, for the desk */

    memset(&history, 0, sizeof(history));
    begin(&history.call, own);
    history.call.officer.asks = true;
    history.call.officer.user_type = mc_str("nonpractising");
    history.call.officer.member_no = mc_str("71000001");
    mc_history_run(&history);
    assert_codes(&history.call.problems, "");
    assert_int_equal(history.count, 1);
    mc_call_free(&history.call);

    revoke_as(&revoke, own, false, serial, "a mistake");
    assert_codes(&revoke.history.call.problems, "");
    assert_int_equal(revoke.history.items[0].state, MC_CONFIRMATION_VALID);
    mc_call_free(&revoke.history.call);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_revoked_certificate_is_refused_and_confirmed_anew),
        cmocka_unit_test(an_officer_revokes_what_is_the_own_institutes)
    };

    return cmocka_run_group_tests(tests, site_setup_document,
                                  site_teardown);
}
