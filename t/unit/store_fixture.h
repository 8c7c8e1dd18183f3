/*
 * What the tests of src/store share: a store in a folder of its own, and
 * members to put into it.  Included by test programs only.
 */

#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "mc_store.h"
#include "mc_time.h"


#define NOW  INT64_C(1700000000000)

typedef struct {
    char         dir[64];
    mc_store_t  *store;
    mc_conn_t   *conn;
    mc_arena_t   arena;
    mc_actor_t   actor;
} fixture_t;

static const uint8_t  fixture_key[32] = "0123456789abcdef0123456789abcde";


/* Of mc_photo_upload(): five attempts, and nothing else is asked. */
#define FIVE  (&(mc_upload_t) { .attempts = 5, .same = MC_SAME_ANY })

#define assert_ok(call)  assert_int_equal(call, MC_OK)
#define assert_err(call, err)  assert_int_equal(call, err)


/* In memory where there is such a place: durability is not what these
 * tests are about, and fsync is slow. */
static inline void
folder_make(char dir[64])
{
    snprintf(dir, 64, "%s/mc-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");

    if (mkdtemp(dir) == NULL) {
        fail_msg("mkdtemp");
    }
}


static inline void
folder_remove(const char *dir)
{
    char  command[512];

    snprintf(command, sizeof(command), "rm -rf -- '%s'", dir);

    if (system(command) != 0) {
        fail_msg("rm");
    }
}


static inline mc_store_t *
store_open_at(const char *dir, uint32_t writers, uint32_t deadline_ms)
{
    mc_store_t          *store;
    mc_store_options_t   options;

    options = (mc_store_options_t) {
        .dir = mc_str_from(dir),
        .audit_key = fixture_key,
        .writers = writers,
        .deadline_ms = deadline_ms
    };

    assert_ok(mc_store_open(&store, &options));

    return store;
}


static inline int
fixture_up(void **state)
{
    fixture_t  *f;

    f = calloc(1, sizeof(fixture_t));
    if (f == NULL) {
        return -1;
    }

    folder_make(f->dir);
    assert_ok(mc_store_create(mc_str_from(f->dir)));

    f->store = store_open_at(f->dir, 2, 2000);
    assert_ok(mc_store_acquire(f->store, &f->conn));

    mc_arena_init(&f->arena, 16 * 1024 * 1024);
    f->actor = (mc_actor_t) {
        .actor = "member",
        .address = mc_str("192.0.2.7"),
        .request_id = mc_str("r1"),
        .now = NOW
    };

    *state = f;

    return 0;
}


static inline int
fixture_down(void **state)
{
    fixture_t  *f;

    f = *state;

    mc_arena_free(&f->arena);
    mc_store_release(f->store, f->conn);
    mc_store_close(f->store);
    folder_remove(f->dir);
    free(f);

    return 0;
}


/* A member as an import would bring it. */
static inline mc_import_member_t
member_row(const char *no, const char *name)
{
    mc_import_member_t  row;

    row = (mc_import_member_t) {
        .member = {
            .user_type = mc_str("np"),
            .member_no = mc_str_from(no),
            .columns = {
                [MC_COLUMN_NAME] = mc_str_from(name),
                [MC_COLUMN_SEX] = mc_str("F"),
                [MC_COLUMN_CERTIFICATE_NO] = mc_str("330001"),
                [MC_COLUMN_CATEGORY] = mc_str("non-practising"),
                [MC_COLUMN_ADMITTED_ON] = mc_str("2015-06-01")
            },
            .status = MC_STATUS_ACTIVE,
            .password_hash = mc_str("$argon2id$one")
        },
        .sealed_profile = mc_str("sealed-1"),
        .set_password = true
    };

    return row;
}


static inline int64_t
member_add(fixture_t *f, const char *no)
{
    mc_import_t         *import;
    mc_member_row_t      stored;
    mc_import_member_t   row;

    row = member_row(no, "Zhang San");

    assert_ok(mc_import_begin(f->conn, &import));
    assert_ok(mc_import_member(import, &row));
    assert_true(row.changed);
    assert_ok(mc_import_commit(import, &f->actor, "1 rows"));

    assert_ok(mc_member_by_no(f->conn, mc_str("np"), mc_str_from(no),
                              &f->arena, &stored));

    return stored.member.id;
}


static inline mc_member_row_t
member_get(fixture_t *f, int64_t id)
{
    mc_member_row_t  row;

    assert_ok(mc_member_by_id(f->conn, id, &f->arena, &row));

    return row;
}


/* A session whose hash is 32 times "letter". */
static inline mc_session_row_t
session_row(int64_t member_id, char letter)
{
    mc_session_row_t  row;

    row = (mc_session_row_t) {
        .member_id = member_id,
        .epoch = 0,
        .client = MC_CLIENT_WEB,
        .created = NOW,
        .last_seen = NOW,
        .expires = NOW + 12 * MC_HOUR
    };

    memset(row.hash, letter, sizeof(row.hash));

    return row;
}


static inline int64_t
audit_count(fixture_t *f)
{
    int64_t  rows, bad;
    uint8_t  head[32];

    assert_ok(mc_audit_verify(f->conn, NULL, NULL, &rows, &bad, head));
    assert_int_equal(bad, 0);

    return rows;
}


#endif /* STORE_FIXTURE_H */
