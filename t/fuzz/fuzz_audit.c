/*
 * Fuzz target: a line of an audit file, as somebody hands it in.
 *
 * Promises held: what is taken can be written again and then reads the same;
 * a row's MAC is only found right where the row is the one it was made for.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_audit_admin.h"


static const uint8_t  key[32] = "a key of the fuzz target ......";


static void
check_row(const mc_audit_row_t *row, mc_arena_t *arena)
{
    mc_buf_t           buf;
    mc_audit_row_t     back;
    mc_audit_line_t    kind;
    mc_audit_place_t   place;

    mc_buf_init(&buf, 1024 * 1024);
    fuzz_check(mc_audit_line_row(&buf, row) == MC_OK);
    fuzz_check(mc_audit_line_read(mc_buf_view(&buf), arena, &kind, &back,
                                  &place) == MC_OK);
    fuzz_check(kind == MC_AUDIT_LINE_ROW);
    fuzz_check(back.seq == row->seq && back.at == row->at
               && back.member_id == row->member_id);
    fuzz_check(mc_str_eq(back.actor, row->actor)
               && mc_str_eq(back.action, row->action)
               && mc_str_eq(back.result, row->result)
               && mc_str_eq(back.address, row->address)
               && mc_str_eq(back.request_id, row->request_id));
    fuzz_check(memcmp(back.mac, row->mac, 32) == 0);
    mc_buf_free(&buf);

    /* nobody knows the key */

    place = (mc_audit_place_t) { .seq = row->seq - 1 };
    fuzz_check(mc_audit_follow((mc_audit_keys_t) { key, 1 }, &place, row)
               == MC_EDENIED);
}


static void
check_place(const mc_audit_place_t *place, mc_arena_t *arena)
{
    mc_buf_t           buf;
    mc_audit_row_t     row;
    mc_audit_line_t    kind;
    mc_audit_place_t   back;

    mc_buf_init(&buf, 4096);
    fuzz_check(mc_audit_line_head(&buf, place, 0) == MC_OK);
    fuzz_check(mc_audit_line_read(mc_buf_view(&buf), arena, &kind, &row,
                                  &back) == MC_OK);
    fuzz_check(kind == MC_AUDIT_LINE_HEAD);
    fuzz_check(back.seq == place->seq
               && memcmp(back.mac, place->mac, 32) == 0
               && memcmp(back.seal, place->seal, 32) == 0);
    fuzz_check(mc_audit_sealed((mc_audit_keys_t) { key, 1 }, "export",
                               place) == MC_EDENIED);
    mc_buf_free(&buf);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mc_err_t           err;
    mc_arena_t         arena;
    mc_audit_row_t     row;
    mc_audit_line_t    kind;
    mc_audit_place_t   place;

    mc_arena_init(&arena, 4 * 1024 * 1024);

    err = mc_audit_line_read((mc_str_t) { (const char *) data, size },
                             &arena, &kind, &row, &place);

    fuzz_check(err == MC_OK || err == MC_EINVAL || err == MC_ENOMEM);

    if (err == MC_OK && kind == MC_AUDIT_LINE_ROW) {
        check_row(&row, &arena);

    } else if (err == MC_OK) {
        check_place(&place, &arena);
    }

    mc_arena_free(&arena);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t             len;
    mc_buf_t           buf;
    mc_audit_row_t     row;
    mc_audit_place_t   place;

    row = (mc_audit_row_t) {
        .seq = 12345, .at = 1790000000123, .member_id = n,
        .actor = mc_str("officer 7"), .action = mc_str("view"),
        .result = mc_str("photo 9"), .address = mc_str("2001:db8::7"),
        .request_id = mc_str("00112233445566778899aabbccddeeff"),
        .mac = { 7, 7, 7 }
    };
    place = (mc_audit_place_t) { .seq = 9, .mac = { 1 }, .seal = { 2 } };
    mc_buf_init(&buf, cap);

    switch (n) {

    case 0:
    case 1:
        (void) mc_audit_line_row(&buf, &row);
        break;

    case 2:
        (void) mc_audit_line_head(&buf, &place, 1790000000123);
        break;

    case 3:
        (void) mc_audit_line_start(&buf, &place);
        break;

    default:
        break;
    }

    len = buf.err == MC_OK ? buf.len : 0;

    if (len > 0) {
        memcpy(out, buf.data, len);
    }

    mc_buf_free(&buf);

    return len;
}
