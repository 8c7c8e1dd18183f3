/*
 * Sessions as their member sees them (I06): listed, ended one by one or all
 * others, replaced by a log-in.
 */

#include "store_fixture.h"


static mc_session_row_t
add(fixture_t *f, int64_t member_id, char letter, int64_t public_id)
{
    mc_session_row_t  row;

    row = session_row(member_id, letter);
    row.public_id = public_id;
    row.label = mc_str("Chrome · Windows");
    row.address = mc_str("192.0.2.7");
    row.last_seen = NOW + letter;

    assert_ok(mc_session_put(f->conn, &f->actor, &row, 100, mc_str_null,
                             mc_str_null, NULL, NULL));

    return row;
}


static mc_write_guard_t
guard_of(const mc_session_row_t *row)
{
    return (mc_write_guard_t) { .hash = row->hash, .epoch = row->epoch };
}


/* Letters of the member's sessions, in the order of the list. */
static void
assert_list(fixture_t *f, int64_t member_id, const char *letters)
{
    char              seen[16];
    size_t            i, count;
    mc_session_row_t  rows[8];

    assert_ok(mc_session_list(f->conn, member_id, 0, NOW, &f->arena, rows,
                              mc_count(rows), &count));
    assert_true(count < sizeof(seen));

    for (i = 0; i < count; i++) {
        seen[i] = (char) rows[i].hash[31];
    }

    seen[count] = '\0';
    assert_string_equal(seen, letters);
}


static void
a_member_sees_the_own_sessions_the_last_seen_first(void **state)
{
    size_t             count;
    int64_t            id, other;
    fixture_t         *f;
    mc_session_row_t   row, rows[8];

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");

    row = session_row(id, 'm');
    row.client = MC_CLIENT_MINI;
    row.public_id = INT64_C(9007199254740991);
    row.label = mc_str("小程序 · iPhone");
    row.address = mc_str("2001:db8::1");
    row.created = NOW - 5;
    row.last_seen = NOW - 4;
    row.expires = NOW + 1;
    assert_ok(mc_session_put(f->conn, &f->actor, &row, 100, mc_str_null,
                             mc_str_null, NULL, NULL));
    (void) add(f, id, 'b', 2);
    (void) add(f, id, 'c', 3);
    (void) add(f, other, 'd', 2);

    assert_list(f, id, "cbm");
    assert_list(f, other, "d");

    assert_ok(mc_session_list(f->conn, id, 0, NOW, &f->arena, rows, 8,
                              &count));
    assert_int_equal(rows[2].client, MC_CLIENT_MINI);
    assert_true(rows[2].public_id == INT64_C(9007199254740991));
    assert_true(mc_str_is(rows[2].label, "小程序 · iPhone"));
    assert_true(mc_str_is(rows[2].address, "2001:db8::1"));
    assert_int_equal(rows[2].created, NOW - 5);
    assert_int_equal(rows[2].last_seen, NOW - 4);

    /* what is over, or of an earlier epoch, is not one any more */

    assert_ok(mc_session_list(f->conn, id, 0, NOW + 1, &f->arena, rows, 8,
                              &count));
    assert_int_equal(count, 2);
    assert_ok(mc_session_list(f->conn, id, 1, NOW, &f->arena, rows, 8,
                              &count));
    assert_int_equal(count, 0);
    assert_ok(mc_session_list(f->conn, id, 0, NOW, &f->arena, rows, 1,
                              &count));
    assert_int_equal(count, 1);
}


static void
one_is_ended_by_its_id_and_never_somebody_elses(void **state)
{
    int64_t              id, other, rows;
    fixture_t           *f;
    mc_session_row_t     a, b;
    mc_write_guard_t     guard;
    mc_sessions_ended_t  ended;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");
    a = add(f, id, 'a', 1);
    b = add(f, id, 'b', 2);
    (void) add(f, other, 'c', 3);
    guard = guard_of(&a);
    rows = audit_count(f);

    assert_err(mc_session_end(f->conn, &f->actor, &guard, id, 3, &ended),
               MC_ENOTFOUND);
    assert_int_equal(ended.count, 0);
    assert_int_equal(audit_count(f), rows);
    assert_list(f, other, "c");

    assert_ok(mc_session_end(f->conn, &f->actor, &guard, id, 2, &ended));
    assert_int_equal(ended.count, 1);
    assert_memory_equal(ended.hashes[0], b.hash, 32);
    assert_int_equal(audit_count(f), rows + 1);
    assert_list(f, id, "a");

    /* the one that was ended ends nothing any more */

    guard = guard_of(&b);
    assert_err(mc_session_end(f->conn, &f->actor, &guard, id, 1, &ended),
               MC_EDENIED);
    assert_list(f, id, "a");

    /* the own one, too */

    guard = guard_of(&a);
    assert_ok(mc_session_end(f->conn, &f->actor, &guard, id, 1, &ended));
    assert_int_equal(ended.count, 1);
    assert_list(f, id, "");
}


static void
all_others_are_ended_at_once(void **state)
{
    int64_t              id, other, rows;
    fixture_t           *f;
    mc_session_row_t     b;
    mc_write_guard_t     guard;
    mc_sessions_ended_t  ended;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");
    (void) add(f, id, 'a', 1);
    b = add(f, id, 'b', 2);
    (void) add(f, id, 'c', 3);
    (void) add(f, other, 'd', 4);
    guard = guard_of(&b);
    rows = audit_count(f);

    assert_ok(mc_session_end(f->conn, &f->actor, &guard, id, 0, &ended));
    assert_int_equal(ended.count, 2);
    assert_int_equal(ended.hashes[0][0] + ended.hashes[1][0], 'a' + 'c');
    assert_int_equal(audit_count(f), rows + 1);
    assert_list(f, id, "b");
    assert_list(f, other, "d");

    /* none left: fine, and nothing to record */

    assert_ok(mc_session_end(f->conn, &f->actor, &guard, id, 0, &ended));
    assert_int_equal(ended.count, 0);
    assert_int_equal(audit_count(f), rows + 1);
}


static void
a_log_in_ends_the_session_it_came_with_whoevers_I06(void **state)
{
    int64_t              id, other, rows;
    fixture_t           *f;
    mc_session_row_t     a, b, next;
    mc_sessions_ended_t  ended;

    f = *state;
    id = member_add(f, "1");
    other = member_add(f, "2");
    a = add(f, id, 'a', 1);
    b = add(f, other, 'b', 2);

    /* what is refused ends nothing */

    next = session_row(id, 'n');
    next.epoch = 7;
    assert_err(mc_session_put(f->conn, &f->actor, &next, 5, mc_str_null,
                              mc_str_null, a.hash, &ended), MC_EDENIED);
    assert_int_equal(ended.count, 0);
    assert_list(f, id, "a");

    next.epoch = 0;
    rows = audit_count(f);
    assert_ok(mc_session_put(f->conn, &f->actor, &next, 5, mc_str_null,
                             mc_str_null, b.hash, &ended));
    assert_int_equal(ended.count, 1);
    assert_memory_equal(ended.hashes[0], b.hash, 32);
    assert_list(f, other, "");
    assert_int_equal(audit_count(f), rows + 2);

    /* a token of nobody, and the oldest beyond the most */

    memset(next.hash, 'o', sizeof(next.hash));
    next.created = NOW + 1;
    assert_ok(mc_session_put(f->conn, &f->actor, &next, 2, mc_str_null,
                             mc_str_null, b.hash, &ended));
    assert_int_equal(ended.count, 1);
    assert_int_equal(audit_count(f), rows + 3);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


static int64_t
confirmed(fixture_t *f, const mc_session_row_t *row)
{
    bool              disabled;
    int64_t           epoch;
    mc_session_row_t  out;

    assert_ok(mc_session_get(f->conn, row->hash, &out, &epoch, &disabled));

    return out.confirmed;
}


static void
a_session_is_confirmed_only_where_it_still_is_one(void **state)
{
    int64_t            id;
    fixture_t         *f;
    mc_session_row_t   a, b;
    mc_write_guard_t   guard;

    f = *state;
    id = member_add(f, "1");
    a = add(f, id, 'p', 21);
    b = add(f, id, 'q', 22);
    guard = guard_of(&a);

    assert_int_equal(confirmed(f, &a), 0);
    assert_ok(mc_session_confirm(f->conn, &f->actor, &guard, id));
    assert_true(confirmed(f, &a) == f->actor.now);
    assert_int_equal(confirmed(f, &b), 0);

    assert_err(mc_session_confirm(f->conn, &f->actor, &guard, id + 1),
               MC_EDENIED);
    guard.epoch++;
    assert_err(mc_session_confirm(f->conn, &f->actor, &guard, id),
               MC_EDENIED);
    assert_ok(mc_session_drop(f->conn, &f->actor, a.hash));
    guard.epoch--;
    assert_err(mc_session_confirm(f->conn, &f->actor, &guard, id),
               MC_EDENIED);
    (void) audit_count(f);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        block(a_member_sees_the_own_sessions_the_last_seen_first),
        block(one_is_ended_by_its_id_and_never_somebody_elses),
        block(all_others_are_ended_at_once),
        block(a_log_in_ends_the_session_it_came_with_whoevers_I06),
        block(a_session_is_confirmed_only_where_it_still_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
