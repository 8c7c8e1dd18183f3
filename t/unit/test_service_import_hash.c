/*
 * Password hashes of an older system, from the file to the first log-in:
 * members keep their passwords, and no fast hash is ever stored (S12 X04).
 */

#include "test_service.h"

#include "mc_import_merge.h"
#include "mc_legacy.h"
#include "mc_store_password.h"


#define HELLO_MD5  "md5:5d41402abc4b2a76b9719d911017c592"
#define HEAD       "user_type,member_no,name,password_hash\n"

/* of "abc" */
#define BCRYPT  "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"


/* The stored hash. */
static void
stored(const char *no, char out[MC_LEGACY_HASH])
{
    mc_conn_t        *conn;
    mc_arena_t        arena;
    mc_member_row_t   row;

    mc_arena_init(&arena, 1024 * 1024);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_member_by_no(conn, mc_str("nonpractising"),
                                     mc_str_from(no), &arena, &row), MC_OK);
    (void) snprintf(out, MC_LEGACY_HASH, "%.*s",
                    (int) row.member.password_hash.len,
                    row.member.password_hash.data != NULL
                    ? row.member.password_hash.data : "");
    mc_store_release(t.site->store, conn);
    mc_arena_free(&arena);
}


static void
import_hash(const char *no, const char *hash, bool overwrite)
{
    char  text[1024];

    (void) snprintf(text, sizeof(text), HEAD "nonpractising,%s,王,\"%s\"\n",
                    no, hash);
    import_text(text, false, overwrite);
}


static void
assert_login(const char *no, const char *password, const char *codes)
{
    mc_login_t  login;

    log_in_as(&login, "nonpractising", no, password, MC_CLIENT_WEB);
    assert_codes(&login.call.problems, codes);
    mc_call_free(&login.call);
}


static void
members_keep_the_passwords_of_the_older_system_S12(void **state)
{
    char    no[16], hash[MC_LEGACY_HASH];
    size_t  i;

    static const struct {
        const char *hash;
        const char *password;
        const char *begins;
    } rows[] = {
        { HELLO_MD5, "hello", "$mc-wrap$md5$$argon2id$" },
        { "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", "hello",
          "$mc-wrap$sha1$$argon2id$" },
        { "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e"
          "1b161e5c1fa7425e73043362938b9824", "hello",
          "$mc-wrap$sha256$$argon2id$" },
        { "md5-md5-salt:c7891cfb2feff73fea4effa141686aca:a:b$", "hello",
          "$mc-wrap$md5-md5-salt$613a6224$argon2id$" },
        { "sha256-salt-password:f04b8dd8bf7108bd48335a14a5b1e7c0"
          "212009ea1c498ff48c107c0e046765b9:a:b$", "hello",
          "$mc-wrap$sha256-salt-password$613a6224$argon2id$" },
        { BCRYPT, "abc", BCRYPT },
    };

    for (i = 0; i < mc_count(rows); i++) {
        (void) snprintf(no, sizeof(no), "6200000%zu", i);

        import_hash(no, rows[i].hash, false);
        stored(no, hash);
        assert_memory_equal(hash, rows[i].begins, strlen(rows[i].begins));

        assert_login(no, "wrong", "login_failed");
        stored(no, hash);
        assert_memory_equal(hash, rows[i].begins, strlen(rows[i].begins));

        /* the first log-in makes a plain one of it */

        assert_login(no, rows[i].password, "");
        stored(no, hash);
        assert_memory_equal(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
        assert_login(no, rows[i].password, "");
        assert_login(no, "wrong", "login_failed");
    }
}


static void
a_second_run_of_the_file_wraps_nothing(void **state)
{
    char  before[MC_LEGACY_HASH], after[MC_LEGACY_HASH];

    import_hash("62000010", HELLO_MD5, false);
    stored("62000010", before);
    assert_memory_equal(before, "$mc-wrap$md5$$argon2id$", 23);

    import_hash("62000010", HELLO_MD5, false);
    stored("62000010", after);
    assert_string_equal(before, after);

    /* also with --overwrite; another one is taken by that alone */

    import_hash("62000010", HELLO_MD5, true);
    stored("62000010", after);
    assert_string_equal(before, after);

    import_hash("62000010", "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
                false);
    stored("62000010", after);
    assert_string_equal(before, after);

    import_hash("62000010", "sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
                true);
    stored("62000010", after);
    assert_memory_equal(after, "$mc-wrap$sha1$", 14);
}


static void
an_import_that_replaces_a_password_ends_what_was_asked_of_it(void **state)
{
    mc_conn_t         *conn;
    mc_actor_t         actor = { .actor = "admin", .now = DAY_ONE };
    mc_login_t         login;
    mc_password_set_t  set = { .result = "forced", .forced = true };

    add_member("62000011");
    log_in_as(&login, "nonpractising", "62000011", PASSWORD, MC_CLIENT_WEB);
    set.member_id = login.call.member_id;
    mc_call_free(&login.call);

    set.hash = mc_str_from(t.phc);
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_password_put(conn, &actor, &set), MC_OK);
    mc_store_release(t.site->store, conn);

    log_in_as(&login, "nonpractising", "62000011", PASSWORD, MC_CLIENT_WEB);
    assert_true(login.password_expired);
    mc_call_free(&login.call);

    import_hash("62000011", HELLO_MD5, true);
    log_in_as(&login, "nonpractising", "62000011", "hello", MC_CLIENT_WEB);
    assert_codes(&login.call.problems, "");
    assert_false(login.password_expired);
    mc_call_free(&login.call);
}


static void
a_dry_run_hashes_and_writes_nothing(void **state)
{
    char               hash[MC_LEGACY_HASH];
    mc_admin_t         admin;
    mc_import_file_t  *file;

    import_text(HEAD "nonpractising,62000012,王,\n", false, false);

    file = calloc(1, sizeof(*file));
    assert_non_null(file);
    file->text = mc_str(HEAD "nonpractising,62000012,王," HELLO_MD5 "\n");
    file->dry_run = true;

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_import_members_run(&admin, file), MC_OK);
    assert_int_equal(file->changed, 1);
    mc_admin_free(&admin);
    free(file);

    stored("62000012", hash);
    assert_string_equal(hash, "");
}


#define MANY  130

static bool
stop_at_once(void *data, size_t done)
{
    size_t  *calls = data;

    (*calls)++;
    assert_in_range(done, 1, MANY);

    return false;
}


static void
hashes_are_wrapped_on_all_cores_and_can_be_interrupted(void **state)
{
    char              room[MANY][MC_LEGACY_HASH];
    size_t            i, left, calls;
    mc_import_kept_t  kept[MANY];

    memset(kept, 0, sizeof(kept));

    for (i = 0; i < MANY; i++) {
        kept[i].phc = mc_str(HELLO_MD5);
        kept[i].wrap = i % 2 == 0 ? room[i] : NULL;
    }

    assert_int_equal(mc_import_wrap(kept, 8, NULL, NULL), MC_OK);

    for (i = 0; i < 8; i++) {
        assert_null(kept[i].wrap);
        assert_int_equal(mc_legacy_kind(kept[i].phc),
                         i % 2 == 0 ? MC_LEGACY_WRAPPED : MC_LEGACY_FAST);
    }

    /* nothing waits any more */

    assert_int_equal(mc_import_wrap(kept, 8, NULL, NULL), MC_OK);

    for (i = 8; i < MANY; i++) {
        kept[i].wrap = room[i];
    }

    calls = 0;
    left = 0;
    i = (size_t) mc_import_wrap(kept, MANY, stop_at_once, &calls);
    assert_true(i == MC_EBUSY || (i == MC_OK && calls == 0));

    for (i = 0; i < MANY; i++) {
        left += kept[i].wrap != NULL;
        assert_true(kept[i].wrap == NULL || i >= 8);
    }

    assert_true(calls == 0 || left > 0);

    /* what cannot be wrapped ends it */

    kept[0].wrap = room[0];
    kept[0].phc = mc_str("nonsense");
    assert_int_equal(mc_import_wrap(kept, 4, NULL, NULL), MC_EINVAL);
}


static void
what_no_password_hash_looks_like_is_named_by_line(void **state)
{
    size_t             i;
    mc_admin_t         admin;
    mc_import_file_t  *file;

    file = calloc(1, sizeof(*file));
    assert_non_null(file);
    file->text = mc_str(HEAD
        "nonpractising,62000020,王,hello\n"
        "nonpractising,62000021,王,md5:5d41402abc4b2a76b9719d911017c59\n"
        "nonpractising,62000022,王,$2a$13$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf."
        "iqN8.yx.jNN1ILEf7h0i\n"
        "nonpractising,62000023,王,130102197312072935\n");

    mc_admin_init(&admin, t.site);
    assert_int_equal(mc_import_members_run(&admin, file), MC_EINVAL);
    assert_int_equal(file->fault_count, 4);

    for (i = 0; i < 4; i++) {
        assert_int_equal(file->faults[i].line, i + 2);
        assert_int_equal(file->faults[i].column, 4);
        assert_non_null(strstr(file->faults[i].reason, "bcrypt"));
        assert_null(strstr(file->faults[i].reason, "130102"));
    }

    mc_admin_free(&admin);
    free(file);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(members_keep_the_passwords_of_the_older_system_S12),
        cmocka_unit_test(a_second_run_of_the_file_wraps_nothing),
        cmocka_unit_test(
            an_import_that_replaces_a_password_ends_what_was_asked_of_it),
        cmocka_unit_test(a_dry_run_hashes_and_writes_nothing),
        cmocka_unit_test(
            hashes_are_wrapped_on_all_cores_and_can_be_interrupted),
        cmocka_unit_test(what_no_password_hash_looks_like_is_named_by_line),
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
