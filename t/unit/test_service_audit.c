/*
 * Notes for the audit: the ring and its halves, what a batch writes; notes
 * that use cases leave; the lines of a file.
 */

#include "test_service.h"

#include "mc_audit_admin.h"
#include "mc_audit_ring.h"


static mc_audit_ring_t  ring;       /* too large for a stack */


static mc_audit_note_t
note(const char *result)
{
    mc_audit_note_t  out;

    out = (mc_audit_note_t) { .action = "test", .member_id = 3 };
    (void) snprintf(out.result, sizeof(out.result), "%s", result);

    return out;
}


static void
put(const char *result)
{
    mc_audit_note_t  n;

    n = note(result);
    mc_audit_ring_put(&ring, &n, t.now, mc_str("192.0.2.9"),
                      mc_str("00112233445566778899aabbccddeeff"));
}


static mc_err_t
write_half(const mc_audit_half_t *half)
{
    mc_audit_batch_job_t  job;

    job = (mc_audit_batch_job_t) { .site = t.site, .half = half,
                                   .wait = 1000, .now = t.now };
    mc_audit_batch_run(&job);
    assert_true(job.ran);

    return job.err;
}


typedef struct {
    size_t  count;
    char    last[160];
    char    before[160];
} seen_t;


static mc_err_t
see(void *data, const mc_audit_row_t *row)
{
    seen_t  *seen;

    seen = data;

    if (!mc_str_is(row->action, "test") && !mc_str_is(row->action, "audit"))
    {
        return MC_OK;
    }

    seen->count++;
    memcpy(seen->before, seen->last, sizeof(seen->last));
    (void) snprintf(seen->last, sizeof(seen->last),
                    "%.*s %.*s %.*s %lld %.*s", (int) row->actor.len,
                    row->actor.data, (int) row->action.len,
                    row->action.data, (int) row->result.len,
                    row->result.data, (long long) row->member_id,
                    (int) row->address.len, row->address.data);

    return MC_OK;
}


static seen_t
rows(void)
{
    seen_t      seen;
    mc_conn_t  *conn;

    memset(&seen, 0, sizeof(seen));
    assert_int_equal(mc_store_acquire(t.site->store, &conn), MC_OK);
    assert_int_equal(mc_audit_scan(conn, 0, see, &seen), MC_OK);
    mc_store_release(t.site->store, conn);

    return seen;
}


static void
a_half_is_written_while_the_other_one_fills(void **state)
{
    size_t                  before;
    const mc_audit_half_t  *half;

    (void) state;
    memset(&ring, 0, sizeof(ring));
    before = rows().count;

    assert_false(mc_audit_ring_due(&ring));
    put("one");
    put("two");
    assert_true(mc_audit_ring_due(&ring));
    assert_false(mc_audit_ring_full(&ring));

    half = mc_audit_ring_begin(&ring);
    assert_int_equal(half->count, 2);
    assert_false(mc_audit_ring_due(&ring));     /* somebody is at it */
    put("three");
    assert_int_equal(half->count, 2);
    assert_int_equal(write_half(half), MC_OK);
    mc_audit_ring_end(&ring, true);

    assert_int_equal(rows().count, before + 2);
    assert_string_equal(rows().last, "member test two 3 192.0.2.9");
    assert_true(mc_audit_ring_due(&ring));
    half = mc_audit_ring_begin(&ring);
    assert_int_equal(half->count, 1);
    assert_int_equal(write_half(half), MC_OK);
    mc_audit_ring_end(&ring, true);
    assert_false(mc_audit_ring_due(&ring));
}


static void
one_that_was_not_written_is_given_again(void **state)
{
    const mc_audit_half_t  *half;

    (void) state;
    memset(&ring, 0, sizeof(ring));
    put("kept");
    half = mc_audit_ring_begin(&ring);
    put("newer");
    mc_audit_ring_end(&ring, false);

    assert_true(mc_audit_ring_due(&ring));
    half = mc_audit_ring_begin(&ring);
    assert_int_equal(half->count, 1);
    assert_string_equal(half->entries[0].note.result, "kept");
    mc_audit_ring_end(&ring, true);
    half = mc_audit_ring_begin(&ring);
    assert_string_equal(half->entries[0].note.result, "newer");
    mc_audit_ring_end(&ring, true);
    assert_false(mc_audit_ring_due(&ring));
}


static void
what_finds_no_place_is_counted_and_told(void **state)
{
    int                     i;
    seen_t                  seen;
    size_t                  before;
    const mc_audit_half_t  *half;

    (void) state;
    memset(&ring, 0, sizeof(ring));
    before = rows().count;

    for (i = 0; i < MC_AUDIT_RING + 7; i++) {
        put("many");
        assert_int_equal(mc_audit_ring_full(&ring),
                         i + 1 >= MC_AUDIT_RING / 4 * 3);
    }

    half = mc_audit_ring_begin(&ring);
    assert_int_equal(half->count, MC_AUDIT_RING);
    assert_int_equal(half->dropped, 7);
    assert_int_equal(write_half(half), MC_OK);
    mc_audit_ring_end(&ring, true);

    seen = rows();
    assert_int_equal(seen.count, before + MC_AUDIT_RING + 1);
    assert_string_equal(seen.last, "work audit dropped 7 0 ");
    assert_string_equal(seen.before, "member test many 3 192.0.2.9");
}


static void
texts_that_are_too_long_are_cut(void **state)
{
    char                    text[500];
    mc_audit_note_t         n;
    const mc_audit_half_t  *half;

    (void) state;
    memset(&ring, 0, sizeof(ring));
    memset(text, 'x', sizeof(text));
    n = note("ok");
    n.officer = true;
    mc_audit_ring_put(&ring, &n, t.now, (mc_str_t) { text, sizeof(text) },
                      (mc_str_t) { text, sizeof(text) });
    mc_audit_ring_put(&ring, &n, t.now, mc_str_null, mc_str_null);
    half = mc_audit_ring_begin(&ring);
    assert_int_equal(strlen(half->entries[0].address), MC_AUDIT_ADDRESS - 1);
    assert_int_equal(strlen(half->entries[0].request_id),
                     MC_AUDIT_REQUEST - 1);
    assert_int_equal(strlen(half->entries[1].address), 0);
    assert_int_equal(write_half(half), MC_OK);
    mc_audit_ring_end(&ring, true);
    assert_string_equal(rows().last, "officer test ok 3 ");

    n.officer_id = 12;
    mc_audit_ring_put(&ring, &n, t.now, mc_str_null, mc_str_null);
    assert_int_equal(write_half(mc_audit_ring_begin(&ring)), MC_OK);
    mc_audit_ring_end(&ring, true);
    assert_string_equal(rows().last, "officer 12 test ok 3 ");
}


/* A refusal that was judged is noted, with its code and nothing else. */
static void
a_failed_log_in_leaves_a_note_and_a_busy_store_none(void **state)
{
    mc_call_t           call;
    mc_login_t          login;
    const mc_effect_t  *effect;

    (void) state;
    add_member("70000001");

    log_in_as(&login, "nonpractising", "70000001", "wrong", MC_CLIENT_WEB);
    effect = effect_of(&login.call.effects, MC_EFFECT_AUDIT);
    assert_non_null(effect);
    assert_string_equal(effect->audit.action, "login");
    assert_string_equal(effect->audit.result, "login_failed");
    assert_true(effect->audit.member_id > 0);
    assert_false(effect->audit.officer);
    mc_call_free(&login.call);

    log_in_as(&login, "nonpractising", "79999999", "wrong", MC_CLIENT_WEB);
    effect = effect_of(&login.call.effects, MC_EFFECT_AUDIT);
    assert_non_null(effect);
    assert_int_equal(effect->audit.member_id, 0);
    mc_call_free(&login.call);

    log_in_as(&login, "nonpractising", "70000001", PASSWORD, MC_CLIENT_WEB);
    assert_null(effect_of(&login.call.effects, MC_EFFECT_AUDIT));
    mc_call_free(&login.call);

    begin(&call, NULL);
    (void) mc_call_fail(&call, MC_EBUSY);
    mc_call_note_refusal(&call, "login");
    assert_null(effect_of(&call.effects, MC_EFFECT_AUDIT));
    mc_call_free(&call);
}


static void
a_row_comes_back_from_its_line(void **state)
{
    size_t             i;
    mc_buf_t           buf;
    mc_arena_t         arena;
    mc_audit_row_t     row, back;
    mc_audit_line_t    kind;
    mc_audit_place_t   place, other;

    static const char *const  wrong[] = {
        "", "{}", "[]", "x", "{\"seq\":1}", "{\"head\":1}",
        "{\"head\":1,\"mac\":\"00\",\"seal\":\"00\"}",
        "{\"after\":\"1\",\"mac\":\"\",\"seal\":\"\"}",
        "{\"after\":9223372036854775807,\"mac\":\"\",\"seal\":\"\"}",
        "{\"head\":99999999999999999999,\"mac\":\"\",\"seal\":\"\"}"
    };

    (void) state;
    mc_arena_init(&arena, 1024 * 1024);
    mc_buf_init(&buf, 8192);

    row = (mc_audit_row_t) {
        .seq = INT64_C(9007199254740993), .at = DAY_ONE, .member_id = 0,
        .actor = mc_str("officer 7"), .action = mc_str("\"<>&\\"),
        .result = mc_str(""), .address = mc_str("2001:db8::1"),
        .request_id = mc_str("x"), .mac = { 1, 0xfe }
    };

    assert_int_equal(mc_audit_line_row(&buf, &row), MC_OK);
    assert_int_equal(mc_audit_line_read(mc_buf_view(&buf), &arena, &kind,
                                        &back, &place), MC_OK);
    assert_int_equal(kind, MC_AUDIT_LINE_ROW);
    assert_true(back.seq == row.seq);
    assert_true(back.at == row.at);
    assert_int_equal(back.member_id, 0);
    assert_true(mc_str_eq(back.actor, row.actor));
    assert_true(mc_str_eq(back.action, row.action));
    assert_true(mc_str_eq(back.result, row.result));
    assert_true(mc_str_eq(back.address, row.address));
    assert_memory_equal(back.mac, row.mac, 32);
    mc_buf_free(&buf);

    place = (mc_audit_place_t) { .seq = 5, .mac = { 9 }, .seal = { 8 } };
    mc_buf_init(&buf, 8192);
    assert_int_equal(mc_audit_line_head(&buf, &place, t.now), MC_OK);
    assert_int_equal(mc_audit_line_read(mc_buf_view(&buf), &arena, &kind,
                                        &back, &other), MC_OK);
    assert_int_equal(kind, MC_AUDIT_LINE_HEAD);
    assert_memory_equal(&place, &other, sizeof(place));
    mc_buf_free(&buf);

    for (i = 0; i < mc_count(wrong); i++) {
        assert_int_equal(mc_audit_line_read(mc_str_from(wrong[i]), &arena,
                                            &kind, &back, &place),
                         MC_EINVAL);
    }

    mc_arena_free(&arena);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_half_is_written_while_the_other_one_fills),
        cmocka_unit_test(one_that_was_not_written_is_given_again),
        cmocka_unit_test(what_finds_no_place_is_counted_and_told),
        cmocka_unit_test(texts_that_are_too_long_are_cut),
        cmocka_unit_test(
            a_failed_log_in_leaves_a_note_and_a_busy_store_none),
        cmocka_unit_test(a_row_comes_back_from_its_line)
    };

    return cmocka_run_group_tests(tests, site_setup, site_teardown);
}
