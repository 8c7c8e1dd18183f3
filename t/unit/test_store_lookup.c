/*
 * Unit tests of store: members found by an ID number (S03).
 */

#include "store_fixture.h"

#include <sqlite3.h>

#include "mc_store_recovery.h"


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


/* The statement's own words: without them all members of the user type
 * would be looked at. */
static void
index_is_taken(fixture_t *f)
{
    char           path[128];
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    snprintf(path, sizeof(path), "%s/core.db", f->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
        "EXPLAIN QUERY PLAN SELECT m.id FROM member m "
        "WHERE m.id_key IN (?, ?, ?, ?) AND m.user_type || '' = ? "
        "ORDER BY m.id DESC LIMIT ?", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_non_null(strstr((const char *) sqlite3_column_text(stmt, 3),
                           "member_id_key"));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}


static size_t
found(fixture_t *f, uint8_t n, uint8_t m, const char *type, int64_t *first)
{
    size_t                  count;
    uint8_t                 keys[2][32];
    static mc_member_row_t  rows[MC_RECOVERY_FOUND];

    memset(keys[0], n, 32);
    memset(keys[1], m, 32);

    assert_ok(mc_recovery_members(f->conn, mc_str_from(type),
                                  (const uint8_t (*)[32]) keys, 2, &f->arena,
                                  rows, &count));
    *first = count > 0 ? rows[0].member.id : 0;

    if (count > 0) {
        assert_true(mc_str_is(rows[0].sealed_profile, "sealed-1"));
    }

    return count;
}


static void
members_are_found_by_the_key_of_an_id_number_S03(void **state)
{
    char                 no[16];
    char                 bytes[32];
    size_t               written, i;
    int64_t              id, first, revision;
    fixture_t           *f;
    mc_import_t         *import;
    mc_id_key_t          key;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    f = *state;
    id = member_add(f, "330000010001");

    /* from an import */

    memset(bytes, 5, sizeof(bytes));
    row = member_row("330000010002", "Li Si");
    row.member.id_key = (mc_str_t) { bytes, 32 };
    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_ok(mc_import_commit(import, &f->actor, "1 rows"));
    assert_int_equal(found(f, 9, 5, "np", &first), 1);
    assert_int_equal(first, id + 1);
    assert_int_equal(found(f, 9, 5, "pr", &first), 0);
    assert_int_equal(found(f, 9, 8, "np", &first), 0);

    /* filled in afterwards, but not over a newer profile */

    key = (mc_id_key_t) { .member_id = id, .revision = 2 };
    memset(key.key, 5, 32);
    written = 0;
    assert_ok(mc_recovery_id_keys(f->conn, &key, 1, &written));
    assert_int_equal(written, 0);
    key.revision = 1;
    assert_ok(mc_recovery_id_keys(f->conn, &key, 1, &written));
    assert_int_equal(written, 1);
    assert_ok(mc_recovery_id_keys(f->conn, &key, 1, &written));
    assert_int_equal(written, 1);
    assert_int_equal(found(f, 5, 9, "np", &first), 2);
    assert_int_equal(first, id + 1);        /* the newest first */

    /* a save writes it, leaves it, takes it away */

    stored = member_get(f, id);
    memset(bytes, 6, sizeof(bytes));
    stored.member.id_key = (mc_str_t) { bytes, 32 };
    assert_ok(mc_member_save(f->conn, &f->actor, NULL, &stored.member,
                             mc_str("sealed-1"), &revision));
    assert_int_equal(found(f, 6, 9, "np", &first), 1);
    stored = member_get(f, id);
    assert_ok(mc_member_save(f->conn, &f->actor, NULL, &stored.member,
                             mc_str("sealed-1"), &revision));
    assert_int_equal(found(f, 6, 9, "np", &first), 1);
    stored = member_get(f, id);
    stored.member.id_key = mc_str("");
    assert_ok(mc_member_save(f->conn, &f->actor, NULL, &stored.member,
                             mc_str("sealed-1"), &revision));
    assert_int_equal(found(f, 6, 9, "np", &first), 0);

    key.revision = revision;
    assert_ok(mc_recovery_id_keys(f->conn, &key, 1, &written));
    key.none = true;
    assert_ok(mc_recovery_id_keys(f->conn, &key, 1, &written));
    assert_int_equal(written, 3);
    one_integer(f, "SELECT count(*) FROM member WHERE id_key IS NULL", 1);

    /* an import that says nothing of it leaves it, one that does not */

    row = member_row("330000010002", "Li Si Si");
    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    row = member_row("330000010003", "Li");
    row.member.id_key = mc_str("");
    assert_ok(mc_import_member(import, &row));
    assert_ok(mc_import_commit(import, &f->actor, "2 rows"));
    assert_int_equal(found(f, 5, 9, "np", &first), 1);

    for (i = 0; i < MC_RECOVERY_FOUND + 4; i++) {
        snprintf(no, sizeof(no), "3300000200%02u", (unsigned) i);
        row = member_row(no, "Many");
        memset(bytes, 7, sizeof(bytes));
        row.member.id_key = (mc_str_t) { bytes, 32 };
        assert_ok(mc_import_begin(f->conn, &import));
        assert_ok(mc_import_member(import, &row));
        assert_ok(mc_import_commit(import, &f->actor, "1 rows"));
    }

    assert_int_equal(found(f, 7, 9, "np", &first), MC_RECOVERY_FOUND);
    index_is_taken(f);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(
            members_are_found_by_the_key_of_an_id_number_S03, fixture_up,
            fixture_down)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
