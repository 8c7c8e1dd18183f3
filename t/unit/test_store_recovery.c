/*
 * Unit tests of store: codes that were sent and handed out (I04 X03).
 */

#include "store_fixture.h"

#include <sqlite3.h>

#include "mc_store_officer.h"
#include "mc_store_recovery.h"


#define MINUTES(n)  ((n) * MC_MINUTE)

static const mc_password_set_t  new_password = {
    .hash = { "$argon2id$two", 13 },
    .enabled = true,
    .result = "recovery"
};


static mc_outbox_row_t
message_of(int64_t member_id, unsigned n)
{
    mc_outbox_row_t  row;

    row = (mc_outbox_row_t) {
        .member_id = member_id,
        .kind = mc_str("code"),
        .channel = MC_OUTBOX_SMS,
        .sealed = mc_str("sealed"),
        .expires_at = NOW + MINUTES(10)
    };

    snprintf(row.dedupe, sizeof(row.dedupe), "%032u", n);

    return row;
}


/* Token and code of a row are one number in these tests. */
static mc_recovery_row_t
row_of(int64_t member_id, uint8_t n, int64_t at)
{
    mc_recovery_row_t  row;

    row = (mc_recovery_row_t) {
        .member_id = member_id,
        .channel = MC_OUTBOX_SMS,
        .at = at,
        .expires = at + MINUTES(10)
    };

    memset(row.id, n, sizeof(row.id));
    memset(row.code_mac, n, sizeof(row.code_mac));

    return row;
}


static mc_recovery_key_t
key_of(uint8_t id, uint8_t code)
{
    mc_recovery_key_t  key;

    memset(key.id, id, sizeof(key.id));
    memset(key.code_mac, code, sizeof(key.code_mac));

    return key;
}


/* What start() may send in an hour (0: any number), why it last did not. */
static uint32_t  most_of_all;
static char      last_kept[32];

/* A code on its way to the member (NULL why), or nobody's row. */
static bool
start(fixture_t *f, int64_t member_id, uint8_t n, const char *why)
{
    const char              *kept;
    mc_actor_t               actor;
    mc_outbox_row_t          message;
    mc_recovery_start_row_t  row;

    actor = f->actor;
    message = message_of(member_id, n);

    row = (mc_recovery_start_row_t) {
        .row = row_of(member_id, n, actor.now),
        .message = why == NULL ? &message : NULL,
        .why = why,
        .action = "recovery",
        .all = most_of_all,
        .all_time = MC_HOUR
    };

    assert_ok(mc_recovery_start(f->conn, &actor, &row, &kept));

    if (kept != NULL) {
        snprintf(last_kept, sizeof(last_kept), "%s", kept);
    }

    return kept == NULL;
}


static mc_err_t
try(fixture_t *f, uint8_t id, uint8_t code, mc_recovery_row_t *out)
{
    mc_recovery_key_t  keys[2];

    keys[0] = key_of(id, 0xEE);             /* of another secret */
    keys[1] = key_of(id, code);

    return mc_recovery_try(f->conn, &f->actor, keys, 2, 5, out);
}


static mc_err_t
use(fixture_t *f, const mc_recovery_row_t *row, int64_t *epoch)
{
    mc_password_set_t  set;

    set = new_password;
    set.member_id = row->member_id;

    return mc_recovery_use(f->conn, &f->actor, row, 5, &set, epoch);
}


static int64_t
queued(fixture_t *f)
{
    mc_outbox_counts_t  counts;

    assert_ok(mc_outbox_count(f->conn, &counts));

    return counts.queued;
}


static void
one_integer(fixture_t *f, const char *sql, int64_t wanted)
{
    char           path[128];
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(stmt, 0), wanted);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}


static void
a_code_and_its_message_are_written_together_I04(void **state)
{
    int64_t     id;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "330000010001");

    assert_true(start(f, id, 1, NULL));
    assert_int_equal(queued(f), 1);
    one_integer(f, "SELECT count(*) FROM recovery WHERE member_id = 1 "
                   "AND channel = 1", 1);

    /* the same message again breaks its dedupe key: then no row either */

    {
        mc_outbox_row_t          message = message_of(id, 1);
        mc_recovery_start_row_t  row = {
            .row = row_of(id, 2, NOW),
            .message = &message,
            .action = "recovery"
        };

        assert_int_not_equal(mc_recovery_start(f->conn, &f->actor, &row,
                                               NULL), MC_OK);
    }

    one_integer(f, "SELECT count(*) FROM recovery", 1);
    assert_int_equal(queued(f), 1);
}


static void
who_is_nobody_gets_a_row_and_never_a_right_code(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_recovery_row_t   row;

    f = *state;
    id = member_add(f, "330000010001");

    assert_false(start(f, 0, 1, "unknown"));
    assert_false(start(f, id, 2, "no_contact"));

    one_integer(f, "SELECT count(*) FROM recovery WHERE member_id IS NULL",
                2);
    assert_int_equal(queued(f), 0);

    assert_err(try(f, 1, 1, &row), MC_EDENIED);
    assert_err(try(f, 2, 2, &row), MC_EDENIED);
    one_integer(f, "SELECT sum(tries) FROM recovery", 2);

    /* neither a message nor a reason: the caller is wrong */

    {
        mc_recovery_start_row_t  none = { .row = row_of(id, 3, NOW),
                                          .action = "recovery" };

        assert_err(mc_recovery_start(f->conn, &f->actor, &none, NULL),
                   MC_EINVAL);
    }
}


static void
what_is_sent_to_all_is_bounded_and_only_that_counts_I04(void **state)
{
    int64_t             id[5];
    unsigned            i;
    fixture_t          *f;
    mc_recovery_row_t   row;

    f = *state;
    most_of_all = 4;

    for (i = 0; i < mc_count(id); i++) {
        char  no[16];

        snprintf(no, sizeof(no), "33000001000%u", i + 1);
        id[i] = member_add(f, no);
    }

    /* strangers use up nothing, however many they are */

    for (i = 0; i < 50; i++) {
        assert_false(start(f, 0, (uint8_t) (100 + i), "unknown"));
    }

    for (i = 0; i < 4; i++) {
        assert_true(start(f, id[i], (uint8_t) (i + 1), NULL));
    }

    assert_false(start(f, id[4], 5, NULL));
    assert_string_equal(last_kept, MC_RECOVERY_SPENT);
    assert_int_equal(queued(f), 4);
    assert_err(try(f, 5, 5, &row), MC_EDENIED);
    one_integer(f, "SELECT count(*) FROM audit WHERE result = 'limited_all' "
                   "AND member_id = 5", 1);
    one_integer(f, "SELECT count(*) FROM recovery WHERE member_id = 5", 0);

    /* nor is one sent to who had the first */

    assert_false(start(f, id[0], 6, NULL));
    assert_string_equal(last_kept, MC_RECOVERY_SPENT);

    /* the hour begins with the first of the four */

    f->actor.now = NOW + MC_HOUR - 1;
    assert_false(start(f, id[4], 7, NULL));
    f->actor.now = NOW + MC_HOUR;
    assert_true(start(f, id[4], 8, NULL));
    assert_int_equal(queued(f), 5);

    most_of_all = 0;
}


static void
no_more_than_three_codes_an_hour_and_ten_a_day_are_sent(void **state)
{
    int64_t     id;
    unsigned    i, hour;
    uint8_t     n;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "330000010001");
    n = 0;

    for (hour = 0; hour < 5; hour++) {
        f->actor.now = NOW + hour * (MC_HOUR + MC_MINUTE);

        for (i = 0; i < 4; i++) {
            n++;
            assert_true(start(f, id, n, NULL)
                        == (i < (hour < 3 ? 3 : hour == 3 ? 1 : 0)));
        }
    }

    assert_int_equal(queued(f), 10);

    /* those that were not sent are nobody's, and do not count */

    one_integer(f, "SELECT count(*) FROM recovery WHERE member_id IS NULL",
                10);

    f->actor.now = NOW + MC_DAY + MC_MINUTE;
    assert_true(start(f, id, 100, NULL));
    assert_true(start(f, id, 101, NULL));
    assert_true(start(f, id, 102, NULL));
    assert_false(start(f, id, 103, NULL));
}


static void
a_disabled_member_gets_no_code(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_recovery_row_t   row;

    f = *state;
    id = member_add(f, "330000010001");

    assert_true(start(f, id, 1, NULL));
    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, true));
    assert_false(start(f, id, 2, NULL));
    assert_int_equal(queued(f), 1);

    /* and one that was sent before is worth nothing */

    assert_ok(try(f, 1, 1, &row));
    assert_err(use(f, &row, NULL), MC_EDENIED);
    assert_true(mc_str_is(member_get(f, id).member.password_hash,
                          "$argon2id$one"));
}


static void
a_code_is_tried_five_times(void **state)
{
    int64_t             id, rows;
    unsigned            i;
    fixture_t          *f;
    mc_recovery_row_t   row;

    f = *state;
    id = member_add(f, "330000010001");
    assert_true(start(f, id, 1, NULL));

    for (i = 0; i < 4; i++) {
        assert_err(try(f, 1, 9, &row), MC_EDENIED);
    }

    assert_ok(try(f, 1, 1, &row));
    assert_int_equal(row.member_id, id);
    assert_int_equal(row.tries, 4);
    assert_int_equal(row.channel, MC_OUTBOX_SMS);
    assert_false(row.institute);

    assert_err(try(f, 1, 9, &row), MC_EDENIED);
    assert_err(try(f, 1, 1, &row), MC_EDENIED);
    one_integer(f, "SELECT tries FROM recovery", 5);

    /* a dead one is not even written to */

    rows = audit_count(f);
    assert_err(try(f, 1, 1, &row), MC_EDENIED);
    assert_err(try(f, 7, 7, &row), MC_EDENIED);
    assert_int_equal(audit_count(f), rows);
}


static void
a_code_ends_after_its_time(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_recovery_row_t   row;

    f = *state;
    id = member_add(f, "330000010001");
    assert_true(start(f, id, 1, NULL));

    f->actor.now = NOW + MINUTES(10) - 1;
    assert_ok(try(f, 1, 1, &row));

    f->actor.now = NOW + MINUTES(10);
    assert_err(try(f, 1, 1, &row), MC_EDENIED);
    assert_err(use(f, &row, NULL), MC_EDENIED);
}


static void
a_code_is_used_once_and_ends_all_others_and_all_sessions(void **state)
{
    int64_t             id, epoch;
    fixture_t          *f;
    mc_session_row_t    session;
    mc_member_row_t     member;
    mc_recovery_row_t   one, two;

    f = *state;
    id = member_add(f, "330000010001");

    session = session_row(id, 's');
    assert_ok(mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                             mc_str_null, NULL, NULL));
    assert_true(start(f, id, 1, NULL));
    assert_true(start(f, id, 2, NULL));
    assert_ok(try(f, 1, 1, &one));
    assert_ok(try(f, 2, 2, &two));

    assert_ok(use(f, &one, &epoch));
    assert_int_equal(epoch, 1);

    member = member_get(f, id);
    assert_true(mc_str_is(member.member.password_hash, "$argon2id$two"));
    assert_int_equal(member.member.epoch, 1);
    one_integer(f, "SELECT count(*) FROM session", 0);

    assert_err(use(f, &one, &epoch), MC_EDENIED);
    assert_err(use(f, &two, &epoch), MC_EDENIED);
    assert_err(try(f, 1, 1, &one), MC_EDENIED);
    assert_err(try(f, 2, 2, &two), MC_EDENIED);
    assert_int_equal(member_get(f, id).member.epoch, 1);
    (void) audit_count(f);
}


static void
a_code_changes_no_other_members_password(void **state)
{
    int64_t             id, other;
    fixture_t          *f;
    mc_recovery_row_t   row;
    mc_password_set_t   set;

    f = *state;
    id = member_add(f, "330000010001");
    other = member_add(f, "330000010002");
    assert_true(start(f, id, 1, NULL));
    assert_ok(try(f, 1, 1, &row));

    set = new_password;
    set.member_id = other;
    assert_err(mc_recovery_use(f->conn, &f->actor, &row, 5, &set, NULL),
               MC_EDENIED);
    assert_true(mc_str_is(member_get(f, other).member.password_hash,
                          "$argon2id$one"));
}


static void
an_institutes_newest_code_is_the_one_X03(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_recovery_row_t   one, two, sent, row;

    f = *state;
    id = member_add(f, "330000010001");

    one = row_of(id, 1, NOW);
    one.institute = true;
    one.expires = NOW + 72 * MC_HOUR;
    two = one;
    memset(two.id, 2, 32);
    memset(two.code_mac, 2, 32);
    sent = one;
    sent.institute = false;

    assert_err(mc_recovery_institute(f->conn, &f->actor, &sent), MC_EINVAL);
    assert_true(start(f, id, 3, NULL));
    assert_ok(mc_recovery_institute(f->conn, &f->actor, &one));
    assert_ok(try(f, 1, 1, &row));
    assert_true(row.institute);

    assert_ok(mc_recovery_institute(f->conn, &f->actor, &two));
    assert_err(try(f, 1, 1, &row), MC_EDENIED);
    assert_ok(try(f, 3, 3, &row));          /* one that was sent stays */
    assert_ok(try(f, 2, 2, &row));
    assert_ok(use(f, &row, NULL));

    /* it does not count against what is sent */

    assert_true(start(f, id, 4, NULL));
    assert_true(start(f, id, 5, NULL));
    assert_false(start(f, id, 6, NULL));

    memset(two.id, 7, 32);
    assert_ok(mc_member_set_disabled(f->conn, &f->actor, id, true));
    assert_err(mc_recovery_institute(f->conn, &f->actor, &two),
               MC_ECONFLICT);
    two.member_id = 99;
    assert_err(mc_recovery_institute(f->conn, &f->actor, &two),
               MC_ENOTFOUND);
    (void) audit_count(f);
}


static void
an_officer_hands_out_none_without_a_session_X03(void **state)
{
    int64_t             id;
    fixture_t          *f;
    mc_actor_t          actor;
    mc_recovery_row_t   row;
    mc_officer_guard_t  guard = { .officer_id = 1 };

    f = *state;
    id = member_add(f, "330000010001");
    row = row_of(id, 1, NOW);
    row.institute = true;

    actor = f->actor;
    actor.actor = "officer 1";
    actor.officer = &guard;

    assert_err(mc_recovery_institute(f->conn, &actor, &row), MC_EDENIED);
    one_integer(f, "SELECT count(*) FROM recovery", 0);
}


static void
rows_go_when_they_no_longer_count(void **state)
{
    int64_t     id, removed;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "330000010001");
    assert_true(start(f, id, 1, NULL));
    assert_false(start(f, 0, 2, "unknown"));

    removed = 0;
    assert_ok(mc_recovery_gc(f->conn, NOW + MC_DAY, &removed));
    assert_int_equal(removed, 0);
    assert_ok(mc_store_gc(f->conn, NOW + MC_DAY + MINUTES(10), 0, &removed));
    assert_int_equal(removed, 2);
    one_integer(f, "SELECT count(*) FROM recovery", 0);
}


#define T(name)  cmocka_unit_test_setup_teardown(name, fixture_up,           \
                                                 fixture_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        T(a_code_and_its_message_are_written_together_I04),
        T(who_is_nobody_gets_a_row_and_never_a_right_code),
        T(what_is_sent_to_all_is_bounded_and_only_that_counts_I04),
        T(no_more_than_three_codes_an_hour_and_ten_a_day_are_sent),
        T(a_disabled_member_gets_no_code),
        T(a_code_is_tried_five_times),
        T(a_code_ends_after_its_time),
        T(a_code_is_used_once_and_ends_all_others_and_all_sessions),
        T(a_code_changes_no_other_members_password),
        T(an_institutes_newest_code_is_the_one_X03),
        T(an_officer_hands_out_none_without_a_session_X03),
        T(rows_go_when_they_no_longer_count)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
