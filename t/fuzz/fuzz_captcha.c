/*
 * Fuzz target: what a client sends as the answer to a captcha: an id and an
 * answer, divided by the first line end.
 *
 * Promises held: an id that was not made here is malformed, whatever it is;
 * an id that was made says what it was made from, and only its own answer
 * is right; nothing is right after its end.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_captcha.h"

#define NOW  INT64_C(1790000000000)


static mc_keys_t     keys;
static mc_captcha_t  made[2];
static char          ids[2][MC_CAPTCHA_ID + 1];


static void
start(void)
{
    if (keys.count != 0) {
        return;
    }

    keys.count = 1;
    memset(keys.captcha[0], 7, MC_KEY_SIZE);

    made[0] = (mc_captcha_t) {
        .kind = MC_CAPTCHA_PICTURE, .expires = NOW + 1, .letters = "ACE37"
    };
    made[1] = (mc_captcha_t) {
        .kind = MC_CAPTCHA_WORK, .bits = 1, .expires = NOW + 1
    };

    fuzz_check(mc_captcha_make(&keys, &made[0], ids[0]) == MC_OK);
    fuzz_check(mc_captcha_make(&keys, &made[1], ids[1]) == MC_OK);
}


static bool
is_made(mc_str_t id)
{
    return mc_str_is(id, ids[0]) || mc_str_is(id, ids[1]);
}


/* Digits, at most 20 of them, and the first bit of their digest is zero. */
static bool
work_is_right(mc_str_t answer)
{
    char      text[MC_CAPTCHA_ID + 1 + MC_CAPTCHA_DIGITS];
    size_t    i;
    uint8_t   digest[MC_SHA256_SIZE];

    if (answer.len == 0 || answer.len > MC_CAPTCHA_DIGITS) {
        return false;
    }

    for (i = 0; i < answer.len; i++) {
        if (answer.data[i] < '0' || answer.data[i] > '9') {
            return false;
        }
    }

    memcpy(text, ids[1], MC_CAPTCHA_ID);
    text[MC_CAPTCHA_ID] = ':';
    memcpy(text + MC_CAPTCHA_ID + 1, answer.data, answer.len);
    fuzz_check(mc_sha256(text, MC_CAPTCHA_ID + 1 + answer.len, digest)
               == MC_OK);

    return digest[0] < 128;
}


static void
check_answer(mc_str_t answer)
{
    mc_captcha_t         seen;
    mc_captcha_result_t  result;

    result = mc_captcha_check(&keys, mc_str_from(ids[1]), answer, NOW,
                              &seen);
    fuzz_check(result == (work_is_right(answer) ? MC_CAPTCHA_RIGHT
                                                : MC_CAPTCHA_WRONG));
    fuzz_check(memcmp(seen.nonce, made[1].nonce, MC_CAPTCHA_NONCE) == 0);

    result = mc_captcha_check(&keys, mc_str_from(ids[0]), answer, NOW,
                              &seen);
    fuzz_check(result == MC_CAPTCHA_RIGHT || result == MC_CAPTCHA_WRONG);
    fuzz_check(result == MC_CAPTCHA_WRONG
               || answer.len >= MC_CAPTCHA_LETTERS);
    fuzz_check(memcmp(seen.letters, "ACE37", 6) == 0);

    result = mc_captcha_check(&keys, mc_str_from(ids[0]), answer, NOW + 1,
                              &seen);
    fuzz_check(result == MC_CAPTCHA_EXPIRED);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t               at;
    mc_str_t             id, answer;
    mc_captcha_t         seen;
    mc_captcha_result_t  result;

    start();

    for (at = 0; at < size && data[at] != '\n'; at++) {
        /* void */
    }

    id = (mc_str_t) { (const char *) data, at };
    answer = (mc_str_t) { (const char *) data + at, size - at };

    if (answer.len > 0) {
        answer.data++;
        answer.len--;
    }

    result = mc_captcha_check(&keys, id, answer, NOW, &seen);
    fuzz_check((result == MC_CAPTCHA_MALFORMED) == !is_made(id));

    check_answer(answer);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t       len;
    const char  *id;

    static const char *const  answers[] = {
        "ACE37", " ace37 ", "0", "7", "18446744073709551615",
        "184467440737095516150", "", "ACE3", "1 2"
    };

    start();

    if (n >= 2 * mc_count(answers)) {
        return 0;
    }

    id = n % 2 == 0 ? ids[0]
                    : "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    len = strlen(answers[n / 2]);

    if (MC_CAPTCHA_ID + 1 + len > cap) {
        return 0;
    }

    memcpy(out, id, MC_CAPTCHA_ID);
    out[MC_CAPTCHA_ID] = '\n';
    memcpy(out + MC_CAPTCHA_ID + 1, answers[n / 2], len);

    return MC_CAPTCHA_ID + 1 + len;
}
