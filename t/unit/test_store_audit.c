/*
 * The audit as a chain: batches, a busy writer, what a check finds, heads
 * from elsewhere, rotation, keys of earlier secrets.
 */

#include "store_fixture.h"

#include <fcntl.h>
#include <sys/file.h>

#include "mc_store_audit.h"
#include "mc_store_meta.h"
#include "mc_store_sqlite.h"


static void
sql(fixture_t *f, const char *text)
{
    assert_ok(mc_sqlite_exec(f->conn->db[MC_DB_CORE], text));
}


static void
act(fixture_t *f, int times)
{
    while (times-- > 0) {
        assert_ok(mc_audit_write(f->conn, &f->actor, 7, "test", "ok"));
    }
}


static mc_audit_check_t
checked(fixture_t *f, const mc_audit_place_t *exported, mc_err_t wanted)
{
    mc_audit_check_t  check;

    check = (mc_audit_check_t) { .exported = exported };
    assert_int_equal(mc_audit_check(f->conn, &check), wanted);

    return check;
}


static void
fill(void *data, size_t n, mc_audit_row_t *row)
{
    *row = (mc_audit_row_t) {
        .at = NOW + (int64_t) n,
        .member_id = (int64_t) n,
        .actor = mc_str("member"),
        .action = mc_str("download"),
        .result = mc_str("serial 1"),
        .address = mc_str("192.0.2.1\n\x1b[31m"),
        .request_id = mc_str("r")
    };
}


static mc_err_t
last_address(void *data, const mc_audit_row_t *row)
{
    char  *out;

    out = data;
    (void) snprintf(out, 64, "%.*s", (int) row->address.len,
                    row->address.data);

    return MC_OK;
}


static void
a_batch_is_part_of_the_chain_and_holds_no_control_letters(void **state)
{
    char               address[64];
    fixture_t         *f;
    mc_audit_check_t   check;

    f = *state;
    act(f, 2);
    assert_ok(mc_audit_batch(f->conn, 300, fill, NULL, 100));
    act(f, 1);

    check = (mc_audit_check_t) { .data = address };
    assert_ok(mc_audit_check(f->conn, &check));
    assert_int_equal(check.rows, 303);
    assert_int_equal(check.last.seq, 303);

    assert_ok(mc_audit_scan(f->conn, 301, last_address, address));
    assert_string_equal(address, "192.0.2.7");
    assert_ok(mc_audit_batch(f->conn, 1, fill, NULL, 100));
    assert_ok(mc_audit_scan(f->conn, 303, last_address, address));
    assert_string_equal(address, "192.0.2.1??[31m");

    assert_ok(mc_audit_batch(f->conn, 0, fill, NULL, 100));
    assert_int_equal(checked(f, NULL, MC_OK).rows, 304);
}


static void
a_batch_does_not_wait_for_a_busy_writer(void **state)
{
    int         fd;
    char        path[128];
    int64_t     start;
    fixture_t  *f;

    f = *state;
    (void) snprintf(path, sizeof(path), "%s/lock", f->dir);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);

    start = mc_monotonic();
    assert_err(mc_audit_batch(f->conn, 5, fill, NULL, 50), MC_EBUSY);
    assert_true(mc_monotonic() - start < 1000);
    assert_int_equal(checked(f, NULL, MC_OK).rows, 0);

    assert_int_equal(flock(fd, LOCK_UN), 0);
    close(fd);
    assert_ok(mc_audit_batch(f->conn, 5, fill, NULL, 50));
    assert_int_equal(checked(f, NULL, MC_OK).rows, 5);

    /* and the next writer has the store's own time again */

    assert_int_equal(f->conn->wait, 0);
}


static void
what_was_done_to_rows_is_found(void **state)
{
    size_t             i;
    fixture_t         *f;
    mc_audit_check_t   check;

    static const struct {
        const char        *sql;
        mc_audit_fault_t   fault;
        int64_t            seq;
    } rows[] = {
        { "UPDATE audit SET at = at + 1 WHERE seq = 4", MC_AUDIT_CHANGED,
          4 },
        { "UPDATE audit SET member_id = NULL WHERE seq = 2",
          MC_AUDIT_CHANGED, 2 },
        { "UPDATE audit SET actor = 'memb', action = 'er' WHERE seq = 5",
          MC_AUDIT_CHANGED, 5 },
        { "DELETE FROM audit WHERE seq = 6", MC_AUDIT_CHANGED, 6 },
        { "DELETE FROM audit WHERE seq = 1", MC_AUDIT_CUT_START, 1 },
        { "DELETE FROM audit WHERE seq > 7", MC_AUDIT_CUT_END, 8 },
        { "DELETE FROM audit_head", MC_AUDIT_NO_HEAD, 11 },
        { "UPDATE audit_head SET seq = seq - 1", MC_AUDIT_NO_HEAD, 11 },
        { "INSERT INTO audit_anchor SELECT 1, seq, mac, seal "
          "FROM audit_head", MC_AUDIT_NO_ANCHOR, 11 },
        { "UPDATE audit SET seq = 99 WHERE seq = 3;"
          "UPDATE audit SET seq = 3 WHERE seq = 4;"
          "UPDATE audit SET seq = 4 WHERE seq = 99", MC_AUDIT_CHANGED, 3 }
    };

    f = *state;
    act(f, 10);
    assert_int_equal(checked(f, NULL, MC_OK).fault, MC_AUDIT_FITS);

    for (i = 0; i < mc_count(rows); i++) {
        sql(f, "SAVEPOINT trick");
        sql(f, rows[i].sql);
        check = checked(f, NULL, MC_EDENIED);
        assert_int_equal(check.fault, rows[i].fault);
        assert_int_equal(check.bad_seq, rows[i].seq);
        assert_true(strlen(mc_audit_fault_text(check.fault)) > 10);
        sql(f, "ROLLBACK TO trick; RELEASE trick");
    }

    assert_int_equal(checked(f, NULL, MC_OK).rows, 10);
}


static void
a_head_from_elsewhere_tells_a_cut_tail(void **state)
{
    fixture_t         *f;
    mc_audit_check_t   check;
    mc_audit_place_t   head, kept;

    f = *state;
    act(f, 5);
    assert_ok(mc_audit_head(f->conn, &kept));
    act(f, 3);
    assert_ok(mc_audit_head(f->conn, &head));
    assert_int_equal(head.seq, 8);
    assert_ok(mc_audit_seal(fixture_key, "export", &head));

    assert_int_equal(checked(f, &head, MC_OK).rows, 8);
    act(f, 1);
    assert_int_equal(checked(f, &head, MC_OK).rows, 9);

    /* an old copy, head and all */

    sql(f, "DELETE FROM audit WHERE seq > 5");
    sql(f, "DELETE FROM audit_head");
    assert_ok(mc_write_begin(f->conn));
    {
        mc_query_t  query;

        mc_query(&query, f->conn, MC_DB_CORE,
                 "INSERT INTO audit_head VALUES (1, ?, ?, ?)");
        mc_query_int(&query, kept.seq);
        mc_query_blob(&query, kept.mac, 32);
        mc_query_blob(&query, kept.seal, 32);
        assert_ok(mc_write_end(f->conn, mc_query_run(&query, NULL)));
    }

    assert_int_equal(checked(f, NULL, MC_OK).rows, 5);
    check = checked(f, &head, MC_EDENIED);
    assert_int_equal(check.fault, MC_AUDIT_SHORT);
    assert_int_equal(check.bad_seq, 6);

    f->actor.now += 1000;
    act(f, 6);
    check = checked(f, &head, MC_EDENIED);
    assert_int_equal(check.fault, MC_AUDIT_OTHER);
    assert_int_equal(check.bad_seq, 8);
}


static void
a_seal_is_good_for_its_kind_and_key_alone(void **state)
{
    mc_audit_keys_t    keys;
    mc_audit_place_t   place;
    static const uint8_t  other[32] = "another key of thirty-two bytes";

    (void) state;
    keys = (mc_audit_keys_t) { fixture_key, 1 };
    place = (mc_audit_place_t) { .seq = 3, .mac = { 1, 2, 3 } };

    assert_ok(mc_audit_seal(fixture_key, "head", &place));
    assert_ok(mc_audit_sealed(keys, "head", &place));
    assert_err(mc_audit_sealed(keys, "anchor", &place), MC_EDENIED);
    assert_err(mc_audit_sealed((mc_audit_keys_t) { other, 1 }, "head",
                               &place), MC_EDENIED);
    place.seq = 4;
    assert_err(mc_audit_sealed(keys, "head", &place), MC_EDENIED);
    assert_err(mc_audit_sealed((mc_audit_keys_t) { NULL, 0 }, "head",
                               &place), MC_EDENIED);
}


static void
rotation_removes_the_older_rows_and_the_chain_goes_on(void **state)
{
    int64_t            removed;
    fixture_t         *f;
    mc_audit_check_t   check;
    mc_audit_place_t   end, head;

    f = *state;
    assert_err(mc_audit_before(f->conn, NOW, &end), MC_ENOTFOUND);
    assert_ok(mc_audit_batch(f->conn, 4500, fill, NULL, 1000));
    assert_ok(mc_audit_head(f->conn, &head));
    assert_err(mc_audit_before(f->conn, NOW, &end), MC_ENOTFOUND);

    assert_ok(mc_audit_before(f->conn, NOW + 4400, &end));
    assert_int_equal(end.seq, 4400);
    assert_ok(mc_audit_rotate(f->conn, &f->actor, &end, &removed));
    assert_int_equal(removed, 4400);

    check = checked(f, NULL, MC_OK);
    assert_int_equal(check.first.seq, 4400);
    assert_int_equal(check.rows, 101);
    assert_ok(mc_audit_seal(fixture_key, "export", &head));
    assert_int_equal(checked(f, &head, MC_OK).rows, 101);

    /* one that is older than the anchor cannot be compared any more */

    head.seq = 4000;
    check = checked(f, &head, MC_EDENIED);
    assert_int_equal(check.fault, MC_AUDIT_ROTATED);

    /* a row that was not checked is not removed */

    assert_ok(mc_audit_before(f->conn, NOW + 4450, &end));
    end.mac[0] ^= 1;
    assert_err(mc_audit_rotate(f->conn, &f->actor, &end, &removed),
               MC_ECONFLICT);
    assert_int_equal(checked(f, NULL, MC_OK).rows, 101);

    /* all of it: new rows go on behind it */

    assert_ok(mc_audit_before(f->conn, INT64_MAX, &end));
    assert_ok(mc_audit_rotate(f->conn, &f->actor, &end, &removed));
    assert_int_equal(removed, 101);
    act(f, 2);
    check = checked(f, NULL, MC_OK);
    assert_int_equal(check.first.seq, 4501);
    assert_int_equal(check.rows, 3);

    sql(f, "DELETE FROM audit; DELETE FROM audit_head");
    check = checked(f, NULL, MC_EDENIED);
    assert_int_equal(check.fault, MC_AUDIT_NO_HEAD);
}


static void
rows_of_an_earlier_secret_are_checked_with_its_key(void **state)
{
    int64_t               removed;
    fixture_t            *f;
    mc_conn_t            *conn;
    mc_store_t           *store;
    mc_audit_check_t      check;
    mc_audit_place_t      end;
    mc_store_options_t    options;
    static const uint8_t  fresh[32] = "a new key of thirty-two bytes..";

    f = *state;
    act(f, 6);
    assert_ok(mc_audit_before(f->conn, INT64_MAX, &end));
    end.seq = 2;
    {
        mc_query_t  query;

        mc_query(&query, f->conn, MC_DB_CORE,
                 "SELECT mac FROM audit WHERE seq = 2");
        assert_ok(mc_query_row(&query));
        mc_query_get_blob(&query, 0, end.mac, 32);
        assert_ok(mc_query_done(&query));
    }
    assert_ok(mc_audit_rotate(f->conn, &f->actor, &end, &removed));

    /* both are known: anchor and head are sealed anew */

    options = (mc_store_options_t) {
        .dir = mc_str_from(f->dir), .audit_key = fresh,
        .audit_old = fixture_key, .audit_olds = 1
    };
    assert_ok(mc_store_open(&store, &options));
    assert_ok(mc_store_acquire(store, &conn));
    assert_ok(mc_audit_reseal(conn, &f->actor));
    assert_ok(mc_audit_reseal(conn, &f->actor));
    check = (mc_audit_check_t) { .rows = 0 };
    assert_ok(mc_audit_check(conn, &check));
    assert_int_equal(check.rows, 4 + 1 + 1);
    mc_store_release(store, conn);
    mc_store_close(store);

    /* the old one is dropped: its key comes from elsewhere */

    options.audit_olds = 0;
    assert_ok(mc_store_open(&store, &options));
    assert_ok(mc_store_acquire(store, &conn));
    check = (mc_audit_check_t) { .rows = 0 };
    assert_err(mc_audit_check(conn, &check), MC_EDENIED);
    check = (mc_audit_check_t) { .old = { fixture_key, 1 } };
    assert_ok(mc_audit_check(conn, &check));
    assert_ok(mc_audit_write(conn, &f->actor, 1, "test", "ok"));
    check = (mc_audit_check_t) { .old = { fixture_key, 1 } };
    assert_ok(mc_audit_check(conn, &check));
    assert_int_equal(check.rows, 7);
    mc_store_release(store, conn);
    mc_store_close(store);
}


static void
a_value_of_the_store_changes_only_from_what_it_was(void **state)
{
    size_t      count;
    fixture_t  *f;
    mc_meta_t   rows[2];

    f = *state;
    assert_ok(mc_meta_put(f->conn, mc_str("k:1"), mc_str_null, mc_str("a")));
    assert_err(mc_meta_put(f->conn, mc_str("k:1"), mc_str_null,
                           mc_str("b")), MC_ECONFLICT);
    assert_err(mc_meta_put(f->conn, mc_str("k:1"), mc_str("x"), mc_str("b")),
               MC_ECONFLICT);
    assert_ok(mc_meta_put(f->conn, mc_str("k:1"), mc_str("a"), mc_str("b")));
    assert_ok(mc_meta_put(f->conn, mc_str("j"), mc_str_null, mc_str("c")));
    assert_ok(mc_meta_list(f->conn, mc_str("k:"), 2, &f->arena, rows,
                           &count));
    assert_int_equal(count, 1);
    assert_true(mc_str_is(rows[0].value, "b"));
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(a_batch_is_part_of_the_chain_and_holds_no_control_letters),
        block(a_batch_does_not_wait_for_a_busy_writer),
        block(what_was_done_to_rows_is_found),
        block(a_head_from_elsewhere_tells_a_cut_tail),
        cmocka_unit_test(a_seal_is_good_for_its_kind_and_key_alone),
        block(rotation_removes_the_older_rows_and_the_chain_goes_on),
        block(rows_of_an_earlier_secret_are_checked_with_its_key),
        block(a_value_of_the_store_changes_only_from_what_it_was)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
