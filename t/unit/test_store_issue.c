/*
 * What was sent of a certificate, its keys, and its versions: found,
 * listed, revoked, given back, erased (X05 X06 I13 X07).
 */

#include "store_fixture.h"

#include <pthread.h>

#include "mc_store_issue.h"
#include "mc_store_officer.h"
#include "mc_store_privacy.h"
#include "mc_store_sqlite.h"


static void
sql(fixture_t *f, const char *text)
{
    assert_ok(mc_sqlite_exec(f->conn->db[MC_DB_CORE], text));
}


static int64_t
number(fixture_t *f, const char *text)
{
    int64_t  value;

    assert_ok(mc_sqlite_int(f->conn->db[MC_DB_CORE], text, &value));

    return value;
}


/* A photo on record, for a member's confirmations. */
static int64_t
photo_add(fixture_t *f, int64_t member_id)
{
    mc_photo_row_t  photo;

    photo = (mc_photo_row_t) {
        .member_id = member_id, .sealed = mc_str("sealed"), .at = NOW
    };

    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));

    return photo.id;
}


static mc_confirmation_row_t
confirm(fixture_t *f, int64_t member_id, char version, const char *code)
{
    bool                    created;
    mc_member_row_t         member;
    mc_confirmation_row_t   row;
    mc_known_key_t          key;

    member = member_get(f, member_id);
    key = (mc_known_key_t) { .id = "key", .at = NOW };
    memset(key.point, 4, sizeof(key.point));

    row = (mc_confirmation_row_t) {
        .member_id = member_id, .frozen = mc_str("{}"),
        .photo_id = member.member.photo_id, .code = mc_str_from(code),
        .at = NOW + version, .statement = mc_str("123"), .key = &key
    };
    memset(row.version, version, sizeof(row.version) - 1);

    assert_ok(mc_confirm(f->conn, &f->actor, NULL, member.member.revision,
                         0, &f->arena, &row, &created));
    row.key = NULL;

    if (!created) {
        row.serial = -row.serial;
    }

    return row;
}


static int64_t
ready(fixture_t *f, const char *no)
{
    int64_t  id;

    id = member_add(f, no);
    photo_add(f, id);

    return id;
}


static mc_issued_t
file_row(int64_t serial, char template_digest, char letter)
{
    mc_issued_t  row;

    row = (mc_issued_t) {
        .serial = serial, .modules = mc_str("modules"),
        .cms = mc_str("cms"), .at = NOW + letter
    };

    memset(row.template_digest, template_digest, 32);
    memset(row.sha256, letter, 32);

    return row;
}


/* I13: whoever comes second gets the first one's file. */
static void
a_file_is_recorded_once_for_a_serial_and_a_template(void **state)
{
    bool         first;
    size_t       count;
    int64_t      serial;
    fixture_t   *f;
    mc_issued_t  row, got, *list;

    f = *state;
    serial = confirm(f, ready(f, "1"), 'a', "CODE").serial;

    row = file_row(serial, 't', 'a');
    assert_err(mc_issued_get(f->conn, serial, row.template_digest,
                             &f->arena, &got), MC_ENOTFOUND);
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));
    assert_true(first);

    row = file_row(serial, 't', 'b');
    row.modules = mc_str("");
    row.cms = mc_str("another");
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));
    assert_false(first);
    assert_true(mc_str_is(row.modules, "modules"));
    assert_true(mc_str_is(row.cms, "cms"));
    assert_int_equal(row.sha256[31], 'a');
    assert_int_equal(row.at, NOW + 'a');

    /* another template: another file; neither QR nor signature */

    row = file_row(serial, 'u', 'c');
    row.modules = row.cms = mc_str_null;
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));
    assert_true(first);
    assert_ok(mc_issued_get(f->conn, serial, row.template_digest, &f->arena,
                            &got));
    assert_int_equal(got.modules.len, 0);
    assert_int_equal(got.cms.len, 0);
    assert_int_equal(got.sha256[0], 'c');

    assert_ok(mc_issued_list(f->conn, serial, &f->arena, &list, &count));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].sha256[0], 'c');
    assert_int_equal(list[1].sha256[0], 'a');

    row = file_row(serial + 1, 't', 'a');
    assert_err(mc_issued_put(f->conn, &f->arena, &row, &first),
               MC_ENOTFOUND);
    assert_int_equal(number(f, "SELECT count(*) FROM issued"), 2);
}


#define THREADS  4

typedef struct {
    mc_store_t  *store;
    int64_t      serial;
    char         letter;
    bool         first;
    mc_err_t     err;
    mc_issued_t  row;
    mc_arena_t   arena;
} racer_t;


static void *
race(void *data)
{
    racer_t    *racer;
    mc_conn_t  *conn;

    racer = data;
    racer->row = file_row(racer->serial, 't', racer->letter);
    racer->err = mc_store_acquire(racer->store, &conn);

    if (racer->err == MC_OK) {
        racer->err = mc_issued_put(conn, &racer->arena, &racer->row,
                                   &racer->first);
        mc_store_release(racer->store, conn);
    }

    return NULL;
}


static void
of_threads_that_send_the_first_file_at_once_one_is_recorded(void **state)
{
    int          i, winners;
    racer_t      racers[THREADS];
    fixture_t   *f;
    pthread_t    threads[THREADS];
    mc_store_t  *store;

    f = *state;
    store = store_open_at(f->dir, THREADS, 5000);
    memset(racers, 0, sizeof(racers));

    for (i = 0; i < THREADS; i++) {
        racers[i].store = store;
        racers[i].letter = (char) ('a' + i);
        racers[i].serial = i == 0 ? confirm(f, ready(f, "1"), 'a',
                                            "CODE").serial
                                  : racers[0].serial;
        mc_arena_init(&racers[i].arena, 65536);
    }

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]),
                         0);
    }

    winners = 0;

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_ok(racers[i].err);
        winners += racers[i].first;
    }

    assert_int_equal(winners, 1);

    for (i = 0; i < THREADS; i++) {
        assert_memory_equal(racers[i].row.sha256, racers[0].row.sha256, 32);

        if (racers[i].first) {
            assert_int_equal(racers[i].row.sha256[0], racers[i].letter);
        }

        mc_arena_free(&racers[i].arena);
    }

    mc_store_close(store);
}


static void
keys_that_signed_are_known_once(void **state)
{
    size_t           count;
    int64_t          id;
    fixture_t       *f;
    mc_known_key_t  *keys;

    f = *state;
    id = ready(f, "1");

    assert_ok(mc_statement_key_list(f->conn, &f->arena, &keys, &count));
    assert_int_equal(count, 0);

    (void) confirm(f, id, 'a', "CODE-A");
    (void) confirm(f, id, 'b', "CODE-B");
    sql(f, "INSERT INTO statement_key VALUES (x'01020304', zeroblob(65), 1)");

    assert_ok(mc_statement_key_list(f->conn, &f->arena, &keys, &count));
    assert_int_equal(count, 2);
    assert_memory_equal(keys[0].id, "key", 4);
    assert_int_equal(keys[0].point[64], 4);
    assert_int_equal(keys[0].at, NOW + 'a');
    assert_memory_equal(keys[1].id, "\1\2\3\4", 4);
}


/* X06: revoked, confirmed again, given back. */
static void
what_was_revoked_is_never_given_again_and_can_be_given_back(void **state)
{
    size_t                  count;
    int64_t                 id, rows;
    fixture_t              *f;
    mc_confirmation_row_t   one, two, row, *list;

    f = *state;
    id = ready(f, "1");
    one = confirm(f, id, 'a', "CODE-A");
    assert_true(confirm(f, id, 'a', "CODE-X").serial == -one.serial);
    rows = audit_count(f);

    f->actor.actor = "admin";
    f->actor.now = NOW + 1000;

    assert_err(mc_confirmation_revoke(f->conn, &f->actor, one.serial,
                                      mc_str(""), &f->arena, &row),
               MC_EINVAL);
    assert_err(mc_confirmation_unrevoke(f->conn, &f->actor, one.serial,
                                        mc_str("x"), &f->arena, &row),
               MC_ECONFLICT);
    assert_err(mc_confirmation_revoke(f->conn, &f->actor, one.serial + 7,
                                      mc_str("x"), &f->arena, &row),
               MC_ENOTFOUND);
    assert_int_equal(audit_count(f), rows);

    assert_ok(mc_confirmation_revoke(f->conn, &f->actor, one.serial,
                                     mc_str("误发"), &f->arena, &row));
    assert_int_equal(row.revoked_at, NOW + 1000);
    assert_int_equal(mc_confirmation_state(&row), MC_CONFIRMATION_REVOKED);
    assert_int_equal(audit_count(f), rows + 1);
    assert_err(mc_confirmation_revoke(f->conn, &f->actor, one.serial,
                                      mc_str("again"), &f->arena, &row),
               MC_ECONFLICT);

    /* the same data: a new serial, and the old one stays revoked */

    two = confirm(f, id, 'a', "CODE-B");
    assert_true(two.serial > one.serial);
    assert_int_equal(two.revoked_at, 0);
    assert_int_equal(two.reason.len, 0);

    assert_ok(mc_confirmation_find(f->conn, mc_str("CODE-A"), &f->arena,
                                   &row));
    assert_int_equal(mc_confirmation_state(&row), MC_CONFIRMATION_REVOKED);
    assert_true(mc_str_is(row.reason, "误发"));
    assert_true(mc_str_is(row.statement, "123"));

    /* given back it is the one that was replaced */

    assert_ok(mc_confirmation_unrevoke(f->conn, &f->actor, one.serial,
                                       mc_str("mistake"), &f->arena, &row));
    assert_int_equal(mc_confirmation_state(&row), MC_CONFIRMATION_REPLACED);
    assert_true(mc_str_is(row.reason, "mistake"));

    assert_ok(mc_confirmation_list(f->conn, id, &f->arena, &list, &count));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].serial, two.serial);
    assert_int_equal(mc_confirmation_state(&list[0]), MC_CONFIRMATION_VALID);
    assert_int_equal(list[1].serial, one.serial);
    assert_int_equal(list[1].superseded_at, two.at);
}


static void
a_list_of_versions_is_bounded(void **state)
{
    size_t                  count;
    int64_t                 id;
    fixture_t              *f;
    mc_confirmation_row_t  *list;

    f = *state;
    id = ready(f, "1");
    sql(f, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 100) INSERT INTO confirmation (member_id, version, "
        "frozen, photo_id, code, at, superseded_at) SELECT 1, "
        "hex(zeroblob(32)), x'7b7d', 1, 'c' || i, i, i + 1 FROM n");

    assert_ok(mc_confirmation_list(f->conn, id, &f->arena, &list, &count));
    assert_int_equal(count, MC_CONFIRMATIONS_LISTED);
    assert_int_equal(list[0].serial, 100);
    assert_int_equal(list[63].serial, 37);
}


/* I11 */
static void
an_officer_revokes_within_the_own_institute_only(void **state)
{
    int64_t                 id, rows;
    fixture_t              *f;
    mc_actor_t              actor;
    mc_officer_guard_t      guard;
    mc_confirmation_row_t   row, out;

    f = *state;
    id = ready(f, "1");
    row = confirm(f, id, 'a', "CODE");

    sql(f, "INSERT INTO institute VALUES ('ZJ', 'a', 'b', 'c', 'd'), "
        "('SH', 'a', 'b', 'c', 'd')");
    sql(f, "UPDATE member SET institute = 'SH'");
    sql(f, "INSERT INTO officer (id, name, institute, password_hash, "
        "totp, totp_step, disabled, epoch, at) VALUES "
        "(7, 'o', 'ZJ', 'x', x'00', 0, 0, 0, 1)");
    sql(f, "INSERT INTO officer_session (hash, officer_id, epoch, "
        "created_at, last_seen, expires_at) VALUES "
        "(zeroblob(32), 7, 0, 1, 1700000000000, 1800000000000)");

    guard = (mc_officer_guard_t) { .officer_id = 7 };
    actor = f->actor;
    actor.actor = "officer 7";
    actor.officer = &guard;
    rows = audit_count(f);

    assert_err(mc_confirmation_revoke(f->conn, &actor, row.serial,
                                      mc_str("x"), &f->arena, &out),
               MC_ENOTFOUND);

    /* not even whether it is revoked */

    assert_err(mc_confirmation_unrevoke(f->conn, &actor, row.serial,
                                        mc_str("x"), &f->arena, &out),
               MC_ENOTFOUND);
    assert_int_equal(audit_count(f), rows);

    sql(f, "UPDATE member SET institute = 'ZJ'");
    assert_ok(mc_confirmation_revoke(f->conn, &actor, row.serial,
                                     mc_str("x"), &f->arena, &out));
    assert_int_equal(audit_count(f), rows + 1);

    sql(f, "UPDATE officer SET disabled = 1");
    assert_err(mc_confirmation_unrevoke(f->conn, &actor, row.serial,
                                        mc_str("x"), &f->arena, &out),
               MC_EDENIED);
}


/* X07 */
static void
an_erased_member_leaves_neither_statement_nor_files(void **state)
{
    bool                    first;
    size_t                  count;
    int64_t                 id, other;
    fixture_t              *f;
    mc_issued_t             row, *list;
    mc_privacy_erased_t     erased;
    mc_confirmation_row_t   out;

    f = *state;
    id = ready(f, "1");
    row = file_row(confirm(f, id, 'a', "CODE-A").serial, 't', 'a');
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));
    other = confirm(f, ready(f, "2"), 'a', "CODE-B").serial;
    row = file_row(other, 't', 'b');
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));

    assert_ok(mc_privacy_erase(f->conn, &f->actor, id, &erased));

    assert_ok(mc_confirmation_find(f->conn, mc_str("CODE-A"), &f->arena,
                                   &out));
    assert_int_equal(mc_confirmation_state(&out), MC_CONFIRMATION_ERASED);
    assert_int_equal(out.statement.len, 0);
    assert_int_equal(out.reason.len, 0);
    assert_ok(mc_issued_list(f->conn, out.serial, &f->arena, &list, &count));
    assert_int_equal(count, 0);
    assert_ok(mc_issued_list(f->conn, other, &f->arena, &list, &count));
    assert_int_equal(count, 1);

    /* nothing comes back to it */

    row = file_row(out.serial, 't', 'a');
    assert_err(mc_issued_put(f->conn, &f->arena, &row, &first),
               MC_ENOTFOUND);
    assert_err(mc_confirmation_revoke(f->conn, &f->actor, out.serial,
                                      mc_str("x"), &f->arena, &out),
               MC_ENOTFOUND);
}


/* The one statement of a download against those it stands for. */
static void
a_download_is_one_look_at_all_of_it(void **state)
{
    bool                    first;
    int64_t                 id;
    uint8_t                 digest[32];
    fixture_t              *f;
    mc_issued_t             row;
    mc_download_t           got;
    mc_confirmation_row_t   one;

    f = *state;
    memset(digest, 't', 32);

    assert_err(mc_download_read(f->conn, 1, digest, &f->arena, &got),
               MC_ENOTFOUND);

    id = ready(f, "1");
    assert_ok(mc_download_read(f->conn, id, digest, &f->arena, &got));
    assert_true(mc_str_is(got.member.member_no, "1"));
    assert_false(got.confirmed || got.sent);
    assert_int_equal(got.newest.id, 0);
    assert_int_equal(got.institute.name.len, 0);

    sql(f, "INSERT INTO institute VALUES ('ZJ', '浙江', 'Zhejiang', 'c', "
        "'d')");
    sql(f, "UPDATE member SET institute = 'ZJ'");
    sql(f, "INSERT INTO photo_case (member_id, photo_id, plain_sha256, "
        "state, reason, at, declared) VALUES (1, 77, zeroblob(32), "
        "'closed', '', 1, 1), (1, 78, zeroblob(32), 'mismatched', '', 1, 1)");
    sql(f, "DELETE FROM photo_case WHERE photo_id = 78");
    one.serial = 0;
    sql(f, "UPDATE photo_case SET member_id = 1");

    assert_ok(mc_download_read(f->conn, id, digest, &f->arena, &got));
    assert_true(mc_str_is(got.institute.name_en, "Zhejiang"));
    assert_true(mc_str_is(got.institute.code, "ZJ"));
    assert_int_equal(got.newest.photo_id, 77);
    sql(f, "DELETE FROM photo_case");

    one = confirm(f, id, 'a', "CODE-A");
    one = confirm(f, id, 'b', "CODE-B");
    row = file_row(one.serial, 'u', 'a');
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));

    assert_ok(mc_download_read(f->conn, id, digest, &f->arena, &got));
    assert_true(got.confirmed);
    assert_int_equal(got.row.serial, one.serial);
    assert_true(mc_str_is(got.row.code, "CODE-B"));
    assert_true(mc_str_is(got.row.statement, "123"));
    assert_false(got.sent);

    row = file_row(one.serial, 't', 'b');
    assert_ok(mc_issued_put(f->conn, &f->arena, &row, &first));
    assert_ok(mc_download_read(f->conn, id, digest, &f->arena, &got));
    assert_true(got.sent);
    assert_int_equal(got.issued.serial, one.serial);
    assert_true(mc_str_is(got.issued.modules, "modules"));
    assert_int_equal(got.issued.sha256[0], 'b');
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(a_file_is_recorded_once_for_a_serial_and_a_template),
        block(of_threads_that_send_the_first_file_at_once_one_is_recorded),
        block(keys_that_signed_are_known_once),
        block(what_was_revoked_is_never_given_again_and_can_be_given_back),
        block(a_list_of_versions_is_bounded),
        block(an_officer_revokes_within_the_own_institute_only),
        block(an_erased_member_leaves_neither_statement_nor_files),
        block(a_download_is_one_look_at_all_of_it)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
