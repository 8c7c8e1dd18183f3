/*
 * Comparisons as jobs in the store (S24 X01): due, taken, answered, put
 * back; leases that end; photos that were replaced; the step from schema 1.
 */

#include "store_back.h"


#define LEASE  (20 * MC_SECOND)

static int64_t  photo_count;


/* An upload that waits for its comparison; answers its photo's id. */
static int64_t
upload(fixture_t *f, int64_t member_id, const char *warnings)
{
    mc_case_row_t   row;
    mc_photo_row_t  photo;

    photo = (mc_photo_row_t) { .member_id = member_id,
                               .sealed = mc_str("sealed"),
                               .at = f->actor.now };
    memset(photo.plain_sha256, (int) ++photo_count, 32);

    assert_ok(mc_photo_reserve(f->conn, &photo.id));

    row = (mc_case_row_t) { .state = MC_CASE_PENDING,
                            .warnings = mc_str_from(warnings) };
    assert_ok(mc_photo_upload(f->conn, &f->actor,
                              &(mc_write_guard_t) { NULL, 0 }, &photo, FIVE,
                              true, &row));
    assert_int_equal(row.state, MC_CASE_PENDING);
    assert_int_equal(row.next_try, f->actor.now);

    return photo.id;
}


static size_t
take(fixture_t *f, mc_case_due_t *due, size_t max)
{
    size_t  count;

    assert_ok(mc_case_take(f->conn, &f->actor, LEASE, &f->arena, due, max,
                           &count));

    return count;
}


static mc_err_t
answer(fixture_t *f, const mc_case_due_t *due, mc_case_event_t event,
    const char *word)
{
    mc_case_result_t  result;

    result = (mc_case_result_t) { .event = event,
                                  .reason = mc_str(""),
                                  .result = mc_str_from(word),
                                  .score = 1234,
                                  .model = mc_str("model 1") };

    return mc_case_result(f->conn, &f->actor, due, &result);
}


static mc_case_row_t
newest(fixture_t *f, int64_t member_id)
{
    mc_case_row_t  row;

    assert_ok(mc_case_newest(f->conn, member_id, &f->arena, &row));

    return row;
}


static void
a_case_is_taken_once_answered_once_and_costs_once(void **state)
{
    int64_t         id, rows;
    fixture_t      *f;
    mc_case_row_t   row;
    mc_case_due_t   due[4];

    f = *state;
    id = member_add(f, "1");
    assert_int_equal(upload(f, id, "blur"), 1);

    assert_int_equal(take(f, due, 4), 1);
    assert_int_equal(due[0].member_id, id);
    assert_int_equal(due[0].photo_id, 1);
    assert_int_equal(due[0].reference_id, 0);
    assert_int_equal(due[0].tries, 0);
    assert_true(mc_str_is(due[0].member_no, "1"));

    assert_int_equal(take(f, due + 1, 3), 0);

    rows = audit_count(f);
    assert_ok(answer(f, &due[0], MC_CASE_SAYS_MISMATCH, "mismatch"));
    assert_int_equal(audit_count(f), rows + 1);

    row = newest(f, id);
    assert_int_equal(row.state, MC_CASE_MISMATCHED);
    assert_int_equal(row.tries, 1);
    assert_int_equal(row.score, 1234);
    assert_int_equal(row.decided_at, NOW);
    assert_true(mc_str_is(row.result, "mismatch"));
    assert_true(mc_str_is(row.model, "model 1"));
    assert_true(mc_str_is(row.warnings, "blur"));
    assert_int_equal(member_get(f, id).member.attempts, 1);

    assert_err(answer(f, &due[0], MC_CASE_SAYS_MISMATCH, "mismatch"),
               MC_ECONFLICT);
    assert_int_equal(member_get(f, id).member.attempts, 1);
    assert_int_equal(take(f, due, 4), 0);
}


static void
a_lease_that_ends_gives_the_case_to_the_next_and_only_to_him(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_case_due_t   first, second;

    f = *state;
    id = member_add(f, "1");
    (void) upload(f, id, "");

    assert_int_equal(take(f, &first, 1), 1);

    f->actor.now = NOW + LEASE - 1;
    assert_int_equal(take(f, &second, 1), 0);

    f->actor.now = NOW + LEASE;
    assert_int_equal(take(f, &second, 1), 1);
    assert_int_equal(second.id, first.id);

    assert_err(answer(f, &first, MC_CASE_SAYS_MATCH, "match"), MC_ECONFLICT);
    assert_err(mc_case_later(f->conn, &f->actor, &first, NOW, true),
               MC_ECONFLICT);
    assert_int_equal(newest(f, id).state, MC_CASE_PENDING);

    assert_ok(answer(f, &second, MC_CASE_SAYS_MISMATCH, "mismatch"));
    assert_err(answer(f, &first, MC_CASE_SAYS_MATCH, "match"), MC_ECONFLICT);
    assert_int_equal(newest(f, id).state, MC_CASE_MISMATCHED);
    assert_int_equal(member_get(f, id).member.attempts, 1);
}


static void
a_result_for_a_photo_that_was_replaced_is_dropped(void **state)
{
    int64_t         id, second;
    fixture_t      *f;
    mc_case_due_t   due, other;

    f = *state;
    id = member_add(f, "1");
    (void) upload(f, id, "");
    assert_int_equal(take(f, &due, 1), 1);

    second = upload(f, id, "");
    assert_err(answer(f, &due, MC_CASE_SAYS_MATCH, "match"), MC_ECONFLICT);
    assert_int_equal(newest(f, id).state, MC_CASE_PENDING);
    assert_int_equal(newest(f, id).photo_id, second);

    assert_int_equal(take(f, &other, 1), 1);
    assert_int_equal(other.photo_id, second);

    assert_ok(mc_case_reset(f->conn, &f->actor, id));
    assert_err(answer(f, &other, MC_CASE_SAYS_MISMATCH, "mismatch"),
               MC_ECONFLICT);
    assert_int_equal(member_get(f, id).member.attempts, 0);
}


/* X01: what was found of a wrong reference must not decide. */
static void
a_result_against_a_reference_that_was_replaced_is_dropped(void **state)
{
    int64_t          id;
    fixture_t       *f;
    mc_case_due_t    due;
    mc_photo_row_t   photo;

    f = *state;
    id = member_add(f, "1");
    (void) upload(f, id, "");
    assert_int_equal(take(f, &due, 1), 1);
    assert_int_equal(due.reference_id, 0);

    photo = (mc_photo_row_t) { .member_id = id, .reference = true,
                               .sealed = mc_str("sealed"),
                               .at = f->actor.now };
    assert_ok(mc_photo_reserve(f->conn, &photo.id));
    assert_ok(mc_photo_record(f->conn, &f->actor, &photo));

    assert_err(answer(f, &due, MC_CASE_SAYS_MISMATCH, "mismatch"),
               MC_ECONFLICT);
    assert_int_equal(newest(f, id).state, MC_CASE_PENDING);
    assert_int_equal(member_get(f, id).member.attempts, 0);

    f->actor.now = NOW + LEASE;
    assert_int_equal(take(f, &due, 1), 1);
    assert_int_equal(due.reference_id, photo.id);
    assert_ok(answer(f, &due, MC_CASE_SAYS_MATCH, "match"));
    assert_int_equal(newest(f, id).state, MC_CASE_MATCHED);
}


static void
what_is_put_back_waits_and_burns_no_attempt(void **state)
{
    int64_t         id;
    fixture_t      *f;
    mc_case_due_t   due;

    f = *state;
    id = member_add(f, "1");
    (void) upload(f, id, "");
    assert_int_equal(take(f, &due, 1), 1);

    assert_ok(mc_case_later(f->conn, &f->actor, &due, NOW + 5000, true));
    assert_int_equal(newest(f, id).state, MC_CASE_PENDING);
    assert_int_equal(newest(f, id).tries, 1);
    assert_int_equal(newest(f, id).next_try, NOW + 5000);
    assert_int_equal(member_get(f, id).member.attempts, 0);

    f->actor.now = NOW + 4999;
    assert_int_equal(take(f, &due, 1), 0);

    f->actor.now = NOW + 5000;
    assert_int_equal(take(f, &due, 1), 1);
    assert_int_equal(due.tries, 1);

    /* not asked: nothing is counted */

    assert_ok(mc_case_later(f->conn, &f->actor, &due, NOW + 5000, false));
    assert_int_equal(newest(f, id).tries, 1);

    assert_int_equal(take(f, &due, 1), 1);
    assert_ok(answer(f, &due, MC_CASE_SAYS_REVIEW, "unsure"));
    assert_int_equal(newest(f, id).state, MC_CASE_REVIEW);
    assert_int_equal(newest(f, id).decided_at, 0);
    assert_int_equal(newest(f, id).tries, 2);
}


static void
the_longest_due_comes_first_and_a_clock_set_back_loses_nothing(void **state)
{
    size_t          i;
    int64_t         ids[3];
    fixture_t      *f;
    mc_case_due_t   due[3];

    f = *state;

    for (i = 0; i < 3; i++) {
        ids[i] = member_add(f, (const char *[]) { "1", "2", "3" }[i]);
    }

    for (i = 3; i-- > 0; f->actor.now += 1000) {
        (void) upload(f, ids[i], "");
    }

    assert_int_equal(take(f, due, 2), 2);
    assert_int_equal(due[0].member_id, ids[2]);
    assert_int_equal(due[1].member_id, ids[1]);

    /* days back: neither the third nor the two taken wait for NOW again */

    f->actor.now = NOW - 3 * MC_DAY;
    assert_int_equal(take(f, due, 3), 3);
}


static void
a_long_wait_is_told_once(void **state)
{
    int64_t     id, count;
    fixture_t  *f;

    f = *state;
    id = member_add(f, "1");
    (void) upload(f, id, "");

    assert_ok(mc_case_late(f->conn, NOW - 1, &count));
    assert_int_equal(count, 0);
    assert_ok(mc_case_late(f->conn, NOW, &count));
    assert_int_equal(count, 1);
    assert_ok(mc_case_late(f->conn, NOW, &count));
    assert_int_equal(count, 0);
}


static void
only_a_providers_word_is_recorded(void **state)
{
    fixture_t      *f;
    mc_case_due_t   due;

    f = *state;
    (void) upload(f, member_add(f, "1"), "");
    assert_int_equal(take(f, &due, 1), 1);

    assert_err(answer(f, &due, MC_CASE_APPROVE, "x"), MC_EINVAL);
    assert_err(answer(f, &due, MC_CASE_UPLOAD, "x"), MC_EINVAL);
    assert_err(answer(f, &due, (mc_case_event_t) 99, "x"), MC_EINVAL);
}


#define SCHEMA  "SELECT group_concat(sql, '; ') FROM sqlite_master "         \
                "WHERE name LIKE 'photo_case%'"

#define BACK_TO_1                                                            \
    BACK_TO_3                                                                \
    "DROP TABLE officer_session; DROP TABLE officer; "                       \
    "DROP INDEX member_institute; DROP INDEX member_no; "                    \
    "DROP INDEX member_name; DROP INDEX photo_case_review; "                 \
    "DROP INDEX photo_case_due; DROP INDEX photo_case_late; "                \
    "ALTER TABLE photo_case DROP COLUMN next_try; "                          \
    "ALTER TABLE photo_case DROP COLUMN lease_until; "                       \
    "ALTER TABLE photo_case DROP COLUMN tries; "                             \
    "ALTER TABLE photo_case DROP COLUMN first_asked; "                       \
    "ALTER TABLE photo_case DROP COLUMN asked_at; "                          \
    "ALTER TABLE photo_case DROP COLUMN alerted; "                           \
    "ALTER TABLE photo_case DROP COLUMN result; "                            \
    "ALTER TABLE photo_case DROP COLUMN score; "                             \
    "ALTER TABLE photo_case DROP COLUMN model; "                             \
    "ALTER TABLE photo_case DROP COLUMN warnings; "                          \
    "PRAGMA user_version = 1"


/* The first schema, with a case that waits, becomes today's. */
static void
a_store_of_version_1_is_brought_up_and_its_cases_are_due(void **state)
{
    int             from, half;
    char            before[4096], after[4096], none[4096];
    int64_t         id;
    fixture_t      *f;
    mc_case_due_t   due;

    f = *state;
    id = member_add(f, "1");
    (void) upload(f, id, "");

    mc_store_release(f->store, f->conn);
    mc_store_drain(f->store);

    /* also where the last run ended between the two files */

    for (half = 0; half < 2; half++) {
        outside(f->dir, "core.db", SCHEMA, before);
        outside(f->dir, "core.db", BACK_TO_1, none);

        if (half == 0) {
            outside(f->dir, "photo.db", "DROP INDEX photo_member; "
                    "PRAGMA user_version = 1", none);
        }

        assert_err(mc_store_acquire(f->store, &f->conn), MC_ESCHEMA);

        assert_ok(mc_store_migrate(mc_str_from(f->dir), &from));
        assert_int_equal(from, 1);

        outside(f->dir, "core.db", SCHEMA, after);
        assert_true(strlen(before) > 900);
        assert_string_equal(before, after);
    }

    assert_ok(mc_store_acquire(f->store, &f->conn));
    assert_int_equal(take(f, &due, 1), 1);
    assert_int_equal(due.member_id, id);
    assert_int_equal(newest(f, id).score, -1);
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(a_case_is_taken_once_answered_once_and_costs_once),
        block(a_lease_that_ends_gives_the_case_to_the_next_and_only_to_him),
        block(a_result_for_a_photo_that_was_replaced_is_dropped),
        block(a_result_against_a_reference_that_was_replaced_is_dropped),
        block(what_is_put_back_waits_and_burns_no_attempt),
        block(the_longest_due_comes_first_and_a_clock_set_back_loses_nothing),
        block(a_long_wait_is_told_once),
        block(only_a_providers_word_is_recorded),
        block(a_store_of_version_1_is_brought_up_and_its_cases_are_due)
    };

    return cmocka_run_group_tests_name("store: comparisons", tests, NULL,
                                       NULL);
}
