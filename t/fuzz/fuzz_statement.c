/*
 * Fuzz target: statements and codes from outside.
 *
 * Promises held: what is read is printable and bounded, and reading is
 * steady; nothing but what was signed is verified; a code that is taken is
 * its own form.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_decimal.h"
#include "mc_statement.h"
#include "mc_utf8.h"


static void
check_text(mc_str_t text)
{
    fuzz_check(text.data != NULL && text.len <= 126);
    fuzz_check(mc_utf8_printable(text, false));
    fuzz_check(text.data[text.len] == '\0');
}


static void
check_statement(mc_str_t digits)
{
    uint8_t         point[MC_P256_POINT], one[MC_P256_SCALAR] = { 0 };
    mc_err_t        err;
    mc_arena_t      arena;
    mc_statement_t  out;

    mc_arena_init(&arena, 4096);
    err = mc_statement_read(digits, &arena, &out);

    fuzz_check(err == MC_OK || err == MC_EINVAL || err == MC_ETOOBIG);
    fuzz_check(err == MC_ETOOBIG || digits.len <= MC_STATEMENT_DIGITS);

    if (err == MC_OK) {
        check_text(out.number);
        check_text(out.name);
        check_text(out.category);
        fuzz_check(out.number.len > 0 && out.name.len > 0);

        /* nobody has signed it */

        one[31] = 1;
        fuzz_check(mc_p256_point(one, point) == MC_OK);
        fuzz_check(mc_statement_verify(point, digits) == MC_EDENIED);
    }

    mc_arena_free(&arena);
}


/* The input as the bytes of a statement, so that the texts are reached. */
static void
check_bytes(const uint8_t *data, size_t size)
{
    uint8_t     bytes[MC_DECIMAL_BYTES] = { 0 };
    mc_str_t    digits;
    mc_arena_t  arena;

    if (size > sizeof(bytes)) {
        size = sizeof(bytes);
    }

    memcpy(bytes, data, size);
    bytes[0] = 1;

    mc_arena_init(&arena, 4096);
    fuzz_check(mc_decimal_write(bytes, size > 0 ? size : 1, &arena, &digits)
               == MC_OK);
    check_statement(digits);
    mc_arena_free(&arena);
}


static void
check_code(mc_str_t text)
{
    char     code[MC_CODE_CERTIFICATE + 1], again[MC_CODE_CERTIFICATE + 1];
    uint8_t  bytes[MC_CODE_BYTES];

    if (mc_code_certificate_normalise(text, code) != MC_OK) {
        return;
    }

    fuzz_check(mc_code_certificate_bytes(mc_str_from(code), bytes) == MC_OK);
    mc_code_certificate_letters(bytes, again);
    fuzz_check(strcmp(code, again) == 0);
    fuzz_check(mc_code_certificate_normalise(mc_str_from(code), again)
               == MC_OK && strcmp(code, again) == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mc_str_t  text;

    text = (mc_str_t) { (const char *) data, size };
    check_statement(text);
    check_bytes(data, size);
    check_code(text);

    return 0;
}


/* A statement as bytes, one as digits, codes. */
size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t      len;
    uint8_t     bytes[MC_DECIMAL_BYTES] = { 1 };
    mc_str_t    digits;
    mc_arena_t  arena;

    static const char  texts[] = "\x82\x12\x3F\x44\x5F\x20\x4E\x09"
                                 "\xC4\xD8\x42\xDF\xB7";
    static const char *const  codes[] = {
        "0123456789ABCDEF", "oI23-4567 89ab-cdef"
    };

    len = 37 + sizeof(texts) - 1 + 64;
    memcpy(bytes + 37, texts, sizeof(texts) - 1);

    if (n == 0 && len <= cap) {
        memcpy(out, bytes, len);
        return len;
    }

    if (n == 1) {
        mc_arena_init(&arena, 4096);
        len = 0;

        if (mc_decimal_write(bytes, 37 + sizeof(texts) - 1 + 64, &arena,
                             &digits) == MC_OK && digits.len <= cap)
        {
            len = digits.len;
            memcpy(out, digits.data, len);
        }

        mc_arena_free(&arena);
        return len;
    }

    if (n < 2 || n - 2 >= mc_count(codes) || strlen(codes[n - 2]) > cap) {
        return 0;
    }

    len = strlen(codes[n - 2]);
    memcpy(out, codes[n - 2], len);

    return len;
}
