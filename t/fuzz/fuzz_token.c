/*
 * Fuzz target: what a client says it is: cookie line, bearer line, the
 * letters of a token, and a stored password hash.
 *
 * Promises held: every result lies within the input; a token has one
 * spelling only; a cookie that is found stands behind its name and "=".
 */

#include "fuzz.h"

#include <string.h>

#include "mc_crypto.h"
#include "mc_password.h"
#include "mc_token.h"


static void
check_within(mc_str_t part, mc_str_t whole)
{
    fuzz_check(part.data >= whole.data
               && part.data + part.len <= whole.data + whole.len);
}


static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}


static void
check_cookie(mc_str_t text, const char *name)
{
    mc_err_t     err;
    mc_str_t     value;
    const char  *p;

    err = MC_EIO;
    value = mc_token_cookie(text, name, &err);
    fuzz_check(err == MC_OK || err == MC_EINVAL);
    fuzz_check(err == MC_OK || value.data == NULL);

    if (value.data == NULL) {
        return;
    }

    check_within(value, text);
    fuzz_check(value.len == 0 || memchr(value.data, ';', value.len) == NULL);

    p = value.data;

    while (p > text.data && is_blank(p[-1])) {
        p--;
    }

    fuzz_check(p > text.data && p[-1] == '=');
}


static void
check_bearer(mc_str_t text)
{
    mc_str_t  token;

    token = mc_token_bearer(text);

    if (token.data != NULL) {
        check_within(token, text);
        fuzz_check(token.len > 0 && text.len > 7);
        fuzz_check(memchr(token.data, ' ', token.len) == NULL);
    }
}


/* Any 43 letters of the input: accepted means canonical. */
static void
check_letters(mc_str_t text)
{
    char      again[MC_TOKEN_LEN + 1];
    uint8_t   bytes[32], hash[MC_TOKEN_HASH];
    mc_str_t  part;

    part = text;

    if (part.len > MC_TOKEN_LEN) {
        part.len = MC_TOKEN_LEN;
    }

    if (mc_token_hash(part, hash) != MC_OK) {
        return;
    }

    fuzz_check(part.len == MC_TOKEN_LEN);
    fuzz_check(mc_base64url_read(part, bytes, sizeof(bytes)) == MC_OK);
    mc_base64url(bytes, sizeof(bytes), again);
    fuzz_check(memcmp(again, part.data, MC_TOKEN_LEN) == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mc_str_t  text;

    text = (mc_str_t) { (const char *) data, size };

    check_cookie(text, "mc");
    check_cookie(text, "__Host-mc");
    check_bearer(text);
    check_letters(text);

    if (mc_password_phc_valid(text)) {
        fuzz_check(size < MC_PASSWORD_HASH
                   && memcmp(data, "$argon2id$v=19$", 15) == 0);
    }

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    static const char *const  texts[] = {
        "mc=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "a=1; __Host-mc=abc; b=\"2\"; mc=def; mc=ghi",
        " mc = x ;;; =; mc",
        "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "bearer   a b",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "-_-_zZ09-_-_zZ09-_-_zZ09-_-_zZ09-_-_zZ09-_8",
        ("$argon2id$v=19$m=19456,t=2,p=1$Dpv2PjtBIjw53tbhB1MWpQ$"
            "EmJI0NvqxPiWTFRtezTXlyb76CGbCE7d7K4voWA/ROY"),
    };

    if (n >= mc_count(texts)) {
        return 0;
    }

    len = strlen(texts[n]);

    if (len > cap) {
        return 0;
    }

    memcpy(out, texts[n], len);

    return len;
}
