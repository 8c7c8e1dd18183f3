/*
 * Every main path with each of its allocations failing in turn, ours and
 * SQLite's: MC_ENOMEM, nothing half-done, and the next try goes well.
 */

#include "mc_store_password.h"
#include "store_fixture.h"

#include <sqlite3.h>

#include "mc_crypto.h"
#include "mc_store_audit.h"
#include "mc_store_privacy.h"


static sqlite3_mem_methods  real_memory;
static unsigned long        sqlite_left;    /* until one fails; 0: off */
static bool                 sqlite_failed;


static bool
sqlite_refused(void)
{
    if (sqlite_left == 0 || --sqlite_left != 0) {
        return false;
    }

    sqlite_failed = true;

    return true;
}


static void *
sqlite_malloc(int size)
{
    return sqlite_refused() ? NULL : real_memory.xMalloc(size);
}


static void *
sqlite_realloc(void *p, int size)
{
    return sqlite_refused() ? NULL : real_memory.xRealloc(p, size);
}


static void
sqlite_hook(void)
{
    sqlite3_mem_methods  methods;

    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory),
                     SQLITE_OK);

    methods = real_memory;
    methods.xMalloc = sqlite_malloc;
    methods.xRealloc = sqlite_realloc;

    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods),
                     SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0),
                     SQLITE_OK);
}


typedef mc_err_t (*act_pt)(fixture_t *f);


static mc_err_t
act_acquire(fixture_t *f)
{
    mc_err_t    err;
    mc_conn_t  *conn;

    mc_store_drain(f->store);
    err = mc_store_acquire(f->store, &conn);

    if (err == MC_OK) {
        mc_store_release(f->store, conn);
    }

    return err;
}


static mc_err_t
act_read(fixture_t *f)
{
    mc_member_row_t  row;

    return mc_member_by_no(f->conn, mc_str("np"), mc_str("1"), &f->arena,
                           &row);
}


static mc_err_t
act_save(fixture_t *f)
{
    int64_t           revision;
    mc_err_t          err;
    mc_member_row_t   row;

    err = mc_member_by_id(f->conn, 1, &f->arena, &row);

    return err != MC_OK ? err
                        : mc_member_save(f->conn, &f->actor, NULL,
                                         &row.member, mc_str("sealed"),
                                         &revision);
}


static mc_err_t
act_login(fixture_t *f)
{
    mc_session_row_t  session;

    session = session_row(1, 'a');
    (void) mc_random(session.hash, sizeof(session.hash));

    return mc_session_put(f->conn, &f->actor, &session, 5, mc_str_null,
                          mc_str_null, NULL, NULL);
}


/* A case is taken, put back, taken again, answered. */
static mc_err_t
act_compare(fixture_t *f)
{
    size_t             count;
    int64_t            late;
    mc_err_t           err;
    mc_actor_t         actor;
    mc_case_due_t      due;
    mc_case_row_t      out;
    mc_photo_row_t     photo;
    mc_case_result_t   result;

    photo = (mc_photo_row_t) {
        .member_id = 1, .sealed = mc_str("sealed photo"), .at = NOW
    };
    out = (mc_case_row_t) { .state = MC_CASE_PENDING };
    result = (mc_case_result_t) { .event = MC_CASE_SAYS_REVIEW,
                                  .result = mc_str("unsure"), .score = -1 };
    actor = f->actor;

    err = mc_photo_reserve(f->conn, &photo.id);

    if (err == MC_OK) {
        err = mc_photo_upload(f->conn, &actor, NULL, &photo, FIVE, true,
                              &out);
    }

    if (err == MC_OK) {
        err = mc_case_take(f->conn, &actor, 1000, &f->arena, &due, 1,
                           &count);
    }

    if (err == MC_OK) {
        assert_int_equal(count, 1);
        err = mc_case_later(f->conn, &actor, &due, NOW, true);
    }

    if (err == MC_OK) {
        err = mc_case_late(f->conn, NOW, &late);
    }

    if (err == MC_OK) {
        err = mc_case_take(f->conn, &actor, 1000, &f->arena, &due, 1,
                           &count);
    }

    return err == MC_OK ? mc_case_result(f->conn, &actor, &due, &result)
                        : err;
}


static mc_err_t
act_upload(fixture_t *f)
{
    mc_err_t        err;
    mc_case_row_t   out;
    mc_photo_row_t  photo, read;

    photo = (mc_photo_row_t) {
        .member_id = 1, .sealed = mc_str("sealed photo"), .at = NOW
    };
    out = (mc_case_row_t) { .state = MC_CASE_REVIEW };

    err = mc_photo_reserve(f->conn, &photo.id);

    if (err == MC_OK) {
        err = mc_photo_upload(f->conn, &f->actor, NULL, &photo, FIVE, true,
                              &out);
    }

    if (err == MC_OK) {
        err = mc_photo_get(f->conn, photo.id, &f->arena, &read);
    }

    if (err == MC_OK) {
        err = mc_case_decide(f->conn, &f->actor, photo.id, MC_CASE_APPROVE,
                             mc_str(""), &out, &f->arena);
    }

    return err;
}


static mc_err_t
act_confirm(fixture_t *f)
{
    bool                    created;
    mc_err_t                err;
    mc_case_row_t           c;
    mc_member_row_t         member;
    mc_confirmation_row_t   row;

    static unsigned  count;

    err = mc_case_newest(f->conn, 1, &f->arena, &c);

    if (err == MC_OK) {
        err = mc_member_by_id(f->conn, 1, &f->arena, &member);
    }

    if (err != MC_OK) {
        return err;
    }

    row = (mc_confirmation_row_t) {
        .member_id = 1, .frozen = mc_str("{}"), .photo_id = c.photo_id,
        .at = NOW
    };

    snprintf(row.version, sizeof(row.version), "%064u", count++);
    row.code = mc_arena_printf(&f->arena, "code-%u", count);

    if (row.code.data == NULL) {
        return MC_ENOMEM;
    }

    return mc_confirm(f->conn, &f->actor, NULL, member.member.revision, c.id,
                      &f->arena, &row, &created);
}


static mc_err_t
act_import(fixture_t *f)
{
    bool                 changed;
    mc_err_t             err;
    mc_import_t         *import;
    mc_institute_t       institute;
    mc_import_member_t   row;

    institute = (mc_institute_t) { .code = mc_str("zj") };
    row = member_row("7", "Li Si");
    row.member.columns[MC_COLUMN_INSTITUTE] = mc_str("zj");

    err = mc_import_begin(f->conn, &import);
    if (err != MC_OK) {
        return err;
    }

    err = mc_import_institute(import, &institute, &changed);

    if (err == MC_OK) {
        err = mc_import_member(import, &row);
    }

    if (err != MC_OK) {
        mc_import_abort(import);
        return err;
    }

    return mc_import_commit(import, &f->actor, "ok");
}


static mc_err_t
scan_visit(void *data, const mc_member_row_t *row)
{
    (*(int *) data)++;

    return MC_OK;
}


static mc_err_t
act_scan(fixture_t *f)
{
    int  count;

    count = 0;

    return mc_member_scan(f->conn, scan_visit, &count);
}


static mc_err_t
act_verify(fixture_t *f)
{
    int64_t  rows, bad;
    uint8_t  head[32];

    return mc_audit_verify(f->conn, NULL, NULL, &rows, &bad, head);
}


static mc_err_t
act_check(fixture_t *f)
{
    mc_store_report_t  report;

    return mc_store_check(f->conn, &report);
}


static mc_err_t
act_gc(fixture_t *f)
{
    int64_t  removed;

    return mc_store_gc(f->conn, NOW + 30 * MC_DAY, 0, &removed);
}


static mc_err_t
act_backup(fixture_t *f)
{
    char      dir[64];
    mc_err_t  err;

    folder_make(dir);
    err = mc_store_backup(f->conn, mc_str_from(dir));

    /* a backup that failed leaves nothing behind */

    if (err != MC_OK && rmdir(dir) != 0) {
        fail_msg("files are left of a failed backup");
    }

    if (err == MC_OK) {
        folder_remove(dir);
    }

    return err;
}


static mc_err_t
act_password(fixture_t *f)
{
    size_t             count;
    mc_err_t           err;
    mc_str_t           past[MC_PASSWORD_PAST];
    uint32_t           cost;
    mc_password_set_t  set;

    set = (mc_password_set_t) {
        .member_id = 1,
        .hash = mc_str("$argon2id$two"),
        .history = 2,
        .result = "ok"
    };

    err = mc_password_put(f->conn, &f->actor, &set);

    if (err == MC_OK) {
        err = mc_password_past(f->conn, 1, &f->arena, past, mc_count(past),
                               &count);
    }

    return err == MC_OK ? mc_password_bcrypt(f->conn, &cost) : err;
}


static mc_err_t
act_create(fixture_t *f)
{
    char      dir[64];
    mc_err_t  err;

    folder_make(dir);
    err = mc_store_create(mc_str_from(dir));

    if (err != MC_OK && rmdir(dir) != 0) {
        fail_msg("files are left of a failed creation");
    }

    if (err == MC_OK) {
        folder_remove(dir);
    }

    return err;
}


static void
batch_fill(void *data, size_t n, mc_audit_row_t *row)
{
    *row = (mc_audit_row_t) {
        .at = NOW, .actor = mc_str("member"), .action = mc_str("login"),
        .result = mc_str("no"), .address = mc_str(""),
        .request_id = mc_str("")
    };
}


static mc_err_t
act_batch(fixture_t *f)
{
    return mc_audit_batch(f->conn, 3, batch_fill, NULL, 1000);
}


static mc_err_t
act_rotate(fixture_t *f)
{
    int64_t           removed;
    mc_err_t          err;
    mc_audit_place_t  end;

    err = mc_audit_before(f->conn, INT64_MAX, &end);

    return err != MC_OK ? err
           : mc_audit_rotate(f->conn, &f->actor, &end, &removed);
}


/* A member of its own: the others are needed. */
static mc_err_t
act_erase(fixture_t *f)
{
    mc_err_t              err;
    mc_buf_t              buf;
    mc_json_out_t         out;
    mc_member_row_t       row;
    mc_privacy_erased_t   erased;

    err = mc_member_by_no(f->conn, mc_str("np"), mc_str("7"), &f->arena,
                          &row);

    if (err != MC_OK) {
        return err == MC_ENOTFOUND ? MC_OK : err;
    }

    mc_buf_init(&buf, 1024 * 1024);
    mc_json_out_init(&out, &buf);
    err = mc_privacy_rows(f->conn, row.member.id, &out);
    mc_buf_free(&buf);

    return err != MC_OK ? err
           : mc_privacy_erase(f->conn, &f->actor, row.member.id, &erased);
}


static const struct {
    const char  *name;
    act_pt       act;
} acts[] = {
    { "acquire", act_acquire },
    { "read", act_read },
    { "save", act_save },
    { "login", act_login },
    { "upload", act_upload },
    { "confirm", act_confirm },
    { "import", act_import },
    { "scan", act_scan },
    { "verify", act_verify },
    { "check", act_check },
    { "gc", act_gc },
    { "compare", act_compare },
    { "batch", act_batch },
    { "erase", act_erase },
    { "rotate", act_rotate },
    { "password", act_password },
    { "backup", act_backup },
    { "create", act_create }
};


/* Every third with a connection that has nothing prepared yet. */
static void
conn_renew(fixture_t *f, unsigned long n)
{
    mc_store_release(f->store, f->conn);

    if (n % 3 == 0) {
        mc_store_drain(f->store);
    }

    assert_ok(mc_store_acquire(f->store, &f->conn));
    mc_arena_free(&f->arena);
}


static void
any_allocation_of_ours_may_fail(void **state)
{
    size_t         i;
    mc_err_t       err;
    fixture_t     *f;
    unsigned long  n;

    f = *state;
    member_add(f, "1");

    for (i = 0; i < mc_count(acts); i++) {
        for (n = 1; n < 1000; n++) {
            conn_renew(f, n);
            mc_alloc_fail_at(n, false);
            err = acts[i].act(f);
            mc_alloc_fail_at(0, false);

            if (err == MC_OK) {
                break;
            }

            if (err != MC_ENOMEM) {
                fail_msg("%s, allocation %lu: %s", acts[i].name, n,
                         mc_err_name(err));
            }
        }

        assert_true(n < 1000);
        conn_renew(f, 0);
        (void) audit_count(f);
    }
}


static void
any_allocation_of_sqlite_may_fail(void **state)
{
    bool           failed;
    size_t         i;
    mc_err_t       err;
    fixture_t     *f;
    unsigned long  n, step;

    f = *state;
    member_add(f, "1");

    for (i = 0; i < mc_count(acts); i++) {
        step = 1;

        for (n = 1; n < 60000; n += step) {
            conn_renew(f, n);
            sqlite_failed = false;
            sqlite_left = n;
            err = acts[i].act(f);
            sqlite_left = 0;
            failed = sqlite_failed;

            if (!failed) {
                assert_ok(err);
                break;
            }

            /* SQLite can do without some of them */

            if (err != MC_ENOMEM && err != MC_OK) {
                fail_msg("%s, allocation %lu: %s", acts[i].name, n,
                         mc_err_name(err));
            }

            step = 1 + n / 60;
        }

        assert_true(n < 60000);
        conn_renew(f, 0);
        (void) audit_count(f);
    }
}


#define block(test)                                                          \
    cmocka_unit_test_setup_teardown(test, fixture_up, fixture_down)


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        block(any_allocation_of_ours_may_fail),
        block(any_allocation_of_sqlite_may_fail)
    };

    sqlite_hook();

    return cmocka_run_group_tests(tests, NULL, NULL);
}
