/*
 * Fuzz target: what people type into the form of a recovery: names, ID
 * numbers, codes of digits and of letters.
 *
 * Promises held: what is taken is in its bounds and in its alphabet, and in
 * the form it is brought to it reads as itself.
 */

#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "mc_code.h"
#include "mc_identity.h"
#include "mc_utf8.h"


static void
check_name(mc_str_t text)
{
    mc_err_t    err;
    mc_str_t    name, again;
    mc_arena_t  arena;

    mc_arena_init(&arena, 65536);

    err = mc_identity_name(text, &arena, &name);
    fuzz_check(err == MC_OK || err == MC_EINVAL);

    if (err == MC_OK) {
        fuzz_check(name.len > 0 && name.len <= MC_IDENTITY_NAME);
        fuzz_check(mc_utf8_printable(name, false));
        fuzz_check(mc_identity_name(name, &arena, &again) == MC_OK);
        fuzz_check(mc_str_eq(name, again));
    }

    mc_arena_free(&arena);
}


static void
check_number(mc_str_t text)
{
    char      number[MC_IDENTITY_NUMBER + 1];
    char      again[MC_IDENTITY_NUMBER + 1];
    size_t    i;
    mc_err_t  err;

    memset(number, 'x', sizeof(number));
    err = mc_identity_number(text, number);
    fuzz_check(err == MC_OK || err == MC_EINVAL);

    if (err != MC_OK) {
        return;
    }

    fuzz_check(memchr(number, '\0', sizeof(number)) != NULL);

    for (i = 0; number[i] != '\0'; i++) {
        fuzz_check(strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()",
                          number[i]) != NULL);
    }

    fuzz_check(i > 0);
    fuzz_check(mc_identity_number(mc_str_from(number), again) == MC_OK);
    fuzz_check(strcmp(number, again) == 0);
}


static void
check_codes(mc_str_t text)
{
    char  digits[MC_CODE_DIGITS + 1], letters[MC_CODE_LETTERS + 1];
    char  again[MC_CODE_LETTERS + 1];

    if (mc_code_digits_read(text, digits) == MC_OK) {
        fuzz_check(strlen(digits) == MC_CODE_DIGITS);
        fuzz_check(strspn(digits, "0123456789") == MC_CODE_DIGITS);
    }

    if (mc_code_letters_read(text, letters) == MC_OK) {
        fuzz_check(strlen(letters) == MC_CODE_LETTERS);
        fuzz_check(strspn(letters, "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
                   == MC_CODE_LETTERS);
        fuzz_check(mc_code_letters_read(mc_str_from(letters), again)
                   == MC_OK);
        fuzz_check(strcmp(letters, again) == 0);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mc_str_t  text;

    text = (mc_str_t) { (const char *) data, size };

    check_name(text);
    check_number(text);
    check_codes(text);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    static const char *const  seeds[] = {
        "王 小　明", "买买提・艾力", "John Smith", "𠮷田．三",
        "11010519491231002x", " 110105-19491231 ００２Ｘ", "H1234567（8）",
        "12345678", "１２３４ 5678", "1234-5678",
        "ABCDE-FGHJK-MNPQR-STVWX-01234", "abcde fghjk mnpqr stvwx oil34",
        "ＡＢＣＤＥ－FGHJK–MNPQR—STVWX−01234"
    };

    if (n >= mc_count(seeds)) {
        return 0;
    }

    len = strlen(seeds[n]);
    len = len < cap ? len : cap;
    memcpy(out, seeds[n], len);

    return len;
}
