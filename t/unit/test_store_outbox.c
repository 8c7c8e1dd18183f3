/*
 * Messages in the store (S12 X03): queued in the transaction they belong to,
 * taken by one at a time, wiped when they left or died.
 */

#include "store_fixture.h"

#include <fcntl.h>

#include "mc_store_outbox.h"
#include "mc_store_sqlite.h"


#define LEASE   (15 * MC_SECOND)
#define MARKER  "sealed-bytes-that-must-not-stay"


static mc_outbox_row_t
message(int64_t member_id, char letter, unsigned channel)
{
    mc_outbox_row_t  row;

    row = (mc_outbox_row_t) {
        .member_id = member_id,
        .kind = mc_str("code"),
        .channel = channel,
        .sealed = mc_str(MARKER),
        .expires_at = NOW + 10 * MC_MINUTE,
    };

    memset(row.dedupe, letter, MC_OUTBOX_DEDUPE);

    return row;
}


static mc_err_t
append(fixture_t *f, const mc_outbox_row_t *row, mc_err_t end)
{
    mc_err_t  err;

    assert_ok(mc_write_begin(f->conn));
    err = mc_outbox_append(f->conn, NOW, row);

    return mc_write_end(f->conn, err != MC_OK ? err : end);
}


static void
queue(fixture_t *f, int64_t member_id, char letter, unsigned channel)
{
    mc_outbox_row_t  row;

    row = message(member_id, letter, channel);
    assert_ok(append(f, &row, MC_OK));
}


static mc_err_t
take_at(fixture_t *f, int64_t now, unsigned channels, mc_outbox_row_t *row)
{
    return mc_outbox_take(f->conn, now, LEASE, channels, &f->arena, row);
}


static mc_actor_t
work_at(int64_t now)
{
    return (mc_actor_t) { .actor = "work", .address = mc_str(""),
                          .request_id = mc_str(""), .now = now };
}


static void
assert_counts(fixture_t *f, int64_t queued, int64_t sent, int64_t dead)
{
    mc_outbox_counts_t  counts;

    assert_ok(mc_outbox_count(f->conn, &counts));
    assert_int_equal(counts.queued, queued);
    assert_int_equal(counts.sent, sent);
    assert_int_equal(counts.dead, dead);
    assert_int_equal(counts.oldest, queued > 0 ? NOW : 0);
}


static void
a_message_is_queued_with_its_transaction_or_not_at_all(void **state)
{
    int64_t          id;
    fixture_t       *f;
    mc_outbox_row_t  row;

    f = *state;
    id = member_add(f, "1");
    row = message(id, 'a', MC_OUTBOX_SMS);

    assert_err(mc_outbox_append(f->conn, NOW, &row), MC_EINVAL);
    assert_err(append(f, &row, MC_EFULL), MC_EFULL);
    assert_counts(f, 0, 0, 0);

    assert_ok(append(f, &row, MC_OK));
    assert_counts(f, 1, 0, 0);

    /* the key is one message's */
    assert_int_not_equal(append(f, &row, MC_OK), MC_OK);
    assert_counts(f, 1, 0, 0);

    row = message(id, 'b', MC_OUTBOX_ANY);
    assert_err(append(f, &row, MC_OK), MC_EINVAL);

    row = message(id, 'b', MC_OUTBOX_SMS);
    row.sealed = mc_str_null;
    assert_err(append(f, &row, MC_OK), MC_EINVAL);

    row = message(id, 'b', MC_OUTBOX_SMS);
    row.dedupe[3] = '\0';
    assert_err(append(f, &row, MC_OK), MC_EINVAL);

    row = message(id + 77, 'b', MC_OUTBOX_SMS);
    assert_int_not_equal(append(f, &row, MC_OK), MC_OK);
    assert_counts(f, 1, 0, 0);
}


static void
a_message_is_taken_by_one_and_delivered_once_on_record(void **state)
{
    int64_t          id, rows;
    fixture_t       *f;
    mc_actor_t       actor;
    mc_outbox_row_t  row, other;

    f = *state;
    id = member_add(f, "1");
    queue(f, id, 'a', MC_OUTBOX_SMS);

    assert_err(take_at(f, NOW, MC_OUTBOX_EMAIL, &row), MC_ENOTFOUND);
    assert_ok(take_at(f, NOW, MC_OUTBOX_ANY, &row));

    assert_int_equal(row.member_id, id);
    assert_true(mc_str_is(row.kind, "code"));
    assert_int_equal(row.channel, MC_OUTBOX_SMS);
    assert_true(mc_str_is(row.sealed, MARKER));
    assert_int_equal(row.dedupe[0], 'a');
    assert_int_equal(row.dedupe[MC_OUTBOX_DEDUPE], '\0');
    assert_int_equal(row.expires_at, NOW + 10 * MC_MINUTE);
    assert_int_equal(row.lease, NOW + LEASE);
    assert_int_equal(row.tries, 0);

    assert_err(take_at(f, NOW + LEASE - 1, MC_OUTBOX_ANY, &other),
               MC_ENOTFOUND);

    /* whoever had it first has died: the second takes over, alone */

    assert_ok(take_at(f, NOW + LEASE, MC_OUTBOX_ANY, &other));

    rows = audit_count(f);
    actor = work_at(NOW + LEASE);
    assert_err(mc_outbox_done(f->conn, &actor, &row), MC_ECONFLICT);
    assert_err(mc_outbox_dead(f->conn, &actor, &row), MC_ECONFLICT);
    assert_err(mc_outbox_later(f->conn, &row, NOW, true), MC_ECONFLICT);
    assert_int_equal(audit_count(f), rows);

    assert_ok(mc_outbox_done(f->conn, &actor, &other));
    assert_int_equal(audit_count(f), rows + 1);
    assert_counts(f, 0, 1, 0);

    assert_err(mc_outbox_done(f->conn, &actor, &other), MC_ECONFLICT);
    assert_err(take_at(f, NOW + MC_HOUR - 1, MC_OUTBOX_ANY, &row),
               MC_ENOTFOUND);
}


static void
what_failed_waits_and_is_counted_and_the_longest_due_comes_first(
    void **state)
{
    int64_t          id;
    fixture_t       *f;
    mc_outbox_row_t  row;

    f = *state;
    id = member_add(f, "1");
    queue(f, id, 'a', MC_OUTBOX_SMS);
    queue(f, id, 'b', MC_OUTBOX_EMAIL);

    assert_ok(take_at(f, NOW, MC_OUTBOX_ANY, &row));
    assert_int_equal(row.dedupe[0], 'a');
    assert_ok(mc_outbox_later(f->conn, &row, NOW + 5000, true));

    assert_ok(take_at(f, NOW, MC_OUTBOX_ANY, &row));
    assert_int_equal(row.dedupe[0], 'b');
    assert_ok(mc_outbox_later(f->conn, &row, NOW + 4000, false));

    assert_err(take_at(f, NOW + 3999, MC_OUTBOX_ANY, &row), MC_ENOTFOUND);

    assert_ok(take_at(f, NOW + 5000, MC_OUTBOX_ANY, &row));
    assert_int_equal(row.dedupe[0], 'b');
    assert_int_equal(row.tries, 0);

    assert_ok(take_at(f, NOW + 5000, MC_OUTBOX_ANY, &row));
    assert_int_equal(row.dedupe[0], 'a');
    assert_int_equal(row.tries, 1);

    assert_counts(f, 2, 0, 0);
}


static void
a_clock_set_back_delays_no_message(void **state)
{
    fixture_t       *f;
    mc_outbox_row_t  row;

    f = *state;
    queue(f, member_add(f, "1"), 'a', MC_OUTBOX_SMS);

    assert_ok(take_at(f, NOW, MC_OUTBOX_ANY, &row));
    assert_err(take_at(f, NOW - MC_MINUTE, MC_OUTBOX_ANY, &row),
               MC_ENOTFOUND);
    assert_ok(take_at(f, NOW - MC_DAY, MC_OUTBOX_ANY, &row));

    assert_err(mc_outbox_take(f->conn, NOW, 0, MC_OUTBOX_ANY, &f->arena,
                              &row), MC_EINVAL);
    assert_err(mc_outbox_take(f->conn, NOW, 2 * MC_HOUR, MC_OUTBOX_ANY,
                              &f->arena, &row), MC_EINVAL);
}


static void
what_is_not_worth_sending_any_more_dies_unless_it_is_being_sent(
    void **state)
{
    int64_t          id, count, rows, late;
    fixture_t       *f;
    mc_actor_t       actor;
    mc_outbox_row_t  row;

    f = *state;
    id = member_add(f, "1");
    queue(f, id, 'a', MC_OUTBOX_SMS);
    queue(f, id, 'b', MC_OUTBOX_SMS);
    queue(f, id, 'c', MC_OUTBOX_EMAIL);

    late = NOW + 10 * MC_MINUTE;
    assert_ok(take_at(f, late - 1, MC_OUTBOX_SMS, &row));

    actor = work_at(late - 1);
    assert_ok(mc_outbox_expire(f->conn, &actor, &count));
    assert_int_equal(count, 0);

    rows = audit_count(f);
    actor = work_at(late);
    assert_ok(mc_outbox_expire(f->conn, &actor, &count));
    assert_int_equal(count, 2);
    assert_int_equal(audit_count(f), rows + 2);
    assert_counts(f, 1, 0, 2);

    assert_ok(mc_outbox_done(f->conn, &actor, &row));
    assert_counts(f, 0, 1, 2);

    assert_ok(mc_outbox_expire(f->conn, &actor, &count));
    assert_int_equal(count, 0);
}


static void
a_crowd_dies_in_several_transactions(void **state)
{
    int64_t          count, sum, id;
    unsigned         i, rounds;
    fixture_t       *f;
    mc_actor_t       actor;
    mc_outbox_row_t  row;

    f = *state;
    id = member_add(f, "1");
    assert_ok(mc_write_begin(f->conn));

    for (i = 0; i < 450; i++) {
        row = message(id, 'a', MC_OUTBOX_SMS);
        (void) snprintf(row.dedupe, sizeof(row.dedupe), "%032u", i);
        assert_ok(mc_outbox_append(f->conn, NOW, &row));
    }

    assert_ok(mc_write_end(f->conn, MC_OK));

    actor = work_at(NOW + MC_HOUR);
    sum = rounds = 0;

    do {
        assert_ok(mc_outbox_expire(f->conn, &actor, &count));
        assert_true(count <= 200);
        sum += count;
        rounds++;
    } while (count > 0);

    assert_int_equal(sum, 450);
    assert_int_equal(rounds, 4);
    assert_counts(f, 0, 0, 450);
}


static bool
file_holds(const char *dir, const char *name, const char *text)
{
    int      fd;
    bool     found;
    char     path[128], *bytes;
    ssize_t  n;

    (void) snprintf(path, sizeof(path), "%s/%s", dir, name);
    fd = open(path, O_RDONLY);

    if (fd < 0) {
        return false;
    }

    bytes = malloc(4 * 1024 * 1024);
    assert_non_null(bytes);
    n = read(fd, bytes, 4 * 1024 * 1024);
    assert_true(n >= 0 && n < 4 * 1024 * 1024);
    found = memmem(bytes, (size_t) n, text, strlen(text)) != NULL;

    free(bytes);
    close(fd);

    return found;
}


static void
checkpoint_all(fixture_t *f)
{
    assert_int_equal(sqlite3_wal_checkpoint_v2(f->conn->db[MC_DB_CORE],
                         "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
                     SQLITE_OK);
}


/* The file is read beside SQLite, which loses its POSIX locks by that: one
 * process, one thread, no harm. */
static void
nothing_of_a_message_stays_on_the_disk(void **state)
{
    int64_t          id, count;
    fixture_t       *f;
    mc_actor_t       actor;
    mc_outbox_row_t  row;

    f = *state;
    id = member_add(f, "1");
    actor = work_at(NOW);

    queue(f, id, 'a', MC_OUTBOX_SMS);
    queue(f, id, 'b', MC_OUTBOX_SMS);
    queue(f, id, 'c', MC_OUTBOX_SMS);
    checkpoint_all(f);
    assert_true(file_holds(f->dir, "core.db", MARKER));

    assert_ok(take_at(f, NOW, MC_OUTBOX_ANY, &row));
    assert_ok(mc_outbox_done(f->conn, &actor, &row));
    assert_ok(take_at(f, NOW, MC_OUTBOX_ANY, &row));
    assert_ok(mc_outbox_dead(f->conn, &actor, &row));

    actor = work_at(NOW + MC_HOUR);
    assert_ok(mc_outbox_expire(f->conn, &actor, &count));
    assert_int_equal(count, 1);
    assert_counts(f, 0, 1, 2);

    checkpoint_all(f);
    assert_false(file_holds(f->dir, "core.db", MARKER));
    assert_false(file_holds(f->dir, "core.db-wal", MARKER));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
#define t(name)  cmocka_unit_test_setup_teardown(name, fixture_up, fixture_down)
        t(a_message_is_queued_with_its_transaction_or_not_at_all),
        t(a_message_is_taken_by_one_and_delivered_once_on_record),
        t(what_failed_waits_and_is_counted_and_the_longest_due_comes_first),
        t(a_clock_set_back_delays_no_message),
        t(what_is_not_worth_sending_any_more_dies_unless_it_is_being_sent),
        t(a_crowd_dies_in_several_transactions),
        t(nothing_of_a_message_stays_on_the_disk),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
