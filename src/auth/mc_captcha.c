/*
 * Captcha challenges: the sealed id, and the answer's judgement.
 *
 * Depends on base and mc_keys.h.  Neither blocks nor allocates; any thread
 * and the loop.
 *
 * Inside an id: form (1) | kind (1) | bits (1) | end (8, big endian) | nonce
 * (16) | letters (5, zeros for work); always 32 bytes, so that no id tells
 * its kind by its length.
 */

#include "mc_captcha.h"


#define FORM      1
#define AT_END    3
#define AT_NONCE  11
#define AT_TEXT   (AT_NONCE + MC_CAPTCHA_NONCE)
#define PLAIN     (AT_TEXT + MC_CAPTCHA_LETTERS)
#define SEALED    (PLAIN + MC_GCM_OVERHEAD)
#define CONTEXT   mc_str("captcha")
#define BITS_MAX  32

_Static_assert(SEALED / 3 * 4 == MC_CAPTCHA_ID && SEALED % 3 == 0,
               "the length of an id in letters");


mc_err_t
mc_captcha_letters(char out[MC_CAPTCHA_LETTERS + 1])
{
    size_t    n;
    uint8_t   byte;
    mc_err_t  err;

    static const char    alphabet[] = MC_CAPTCHA_ALPHABET;
    static const size_t  count = sizeof(alphabet) - 1;

    n = 0;

    while (n < MC_CAPTCHA_LETTERS) {
        err = mc_random(&byte, 1);

        if (err != MC_OK) {
            return err;
        }

        /* the rest of 256 would make the first letters likelier */

        if (byte < 256 / count * count) {
            out[n++] = alphabet[byte % count];
        }
    }

    out[n] = '\0';

    return MC_OK;
}


mc_err_t
mc_captcha_make(const mc_keys_t *keys, mc_captcha_t *captcha,
    char id[MC_CAPTCHA_ID + 1])
{
    size_t    i;
    uint8_t   plain[PLAIN], sealed[SEALED];
    mc_err_t  err;

    if (keys->count == 0 || captcha->bits > BITS_MAX
        || (captcha->kind == MC_CAPTCHA_WORK) != (captcha->bits > 0))
    {
        return MC_EINVAL;
    }

    err = mc_random(captcha->nonce, sizeof(captcha->nonce));

    if (err != MC_OK) {
        return err;
    }

    memset(plain, 0, sizeof(plain));

    plain[0] = FORM;
    plain[1] = (uint8_t) captcha->kind;
    plain[2] = (uint8_t) captcha->bits;

    for (i = 0; i < 8; i++) {
        plain[AT_END + i] = (uint8_t) ((uint64_t) captcha->expires
                                       >> (56 - 8 * i));
    }

    memcpy(plain + AT_NONCE, captcha->nonce, MC_CAPTCHA_NONCE);

    if (captcha->kind == MC_CAPTCHA_PICTURE) {
        memcpy(plain + AT_TEXT, captcha->letters, MC_CAPTCHA_LETTERS);
    }

    err = mc_gcm_seal(keys->captcha[0], CONTEXT, plain, sizeof(plain),
                      sealed);

    if (err == MC_OK) {
        mc_base64url(sealed, sizeof(sealed), id);
    }

    explicit_bzero(plain, sizeof(plain));

    return err;
}


/* False: the id is none of ours. */
static bool
captcha_open(const mc_keys_t *keys, mc_str_t id, mc_captcha_t *captcha)
{
    size_t    i;
    uint8_t   plain[PLAIN], sealed[SEALED];
    uint64_t  expires;
    mc_err_t  err;

    if (id.len != MC_CAPTCHA_ID
        || mc_base64url_read(id, sealed, sizeof(sealed)) != MC_OK)
    {
        return false;
    }

    err = MC_EDENIED;

    for (i = 0; i < keys->count && err != MC_OK; i++) {
        err = mc_gcm_open(keys->captcha[i], CONTEXT, sealed, sizeof(sealed),
                          plain);
    }

    if (err != MC_OK || plain[0] != FORM || plain[1] > MC_CAPTCHA_PICTURE
        || plain[2] > BITS_MAX)
    {
        return false;
    }

    expires = 0;

    for (i = 0; i < 8; i++) {
        expires = expires << 8 | plain[AT_END + i];
    }

    captcha->kind = plain[1];
    captcha->bits = plain[2];
    captcha->expires = (int64_t) expires;
    memcpy(captcha->nonce, plain + AT_NONCE, MC_CAPTCHA_NONCE);
    memcpy(captcha->letters, plain + AT_TEXT, MC_CAPTCHA_LETTERS);
    captcha->letters[MC_CAPTCHA_LETTERS] = '\0';

    explicit_bzero(plain, sizeof(plain));

    return true;
}


static mc_str_t
trim(mc_str_t text)
{
    while (text.len > 0 && text.data[0] == ' ') {
        text.data++;
        text.len--;
    }

    while (text.len > 0 && text.data[text.len - 1] == ' ') {
        text.len--;
    }

    return text;
}


static bool
picture_right(const mc_captcha_t *captcha, mc_str_t answer)
{
    char    c, letters[MC_CAPTCHA_LETTERS];
    size_t  i;

    answer = trim(answer);

    if (answer.len != MC_CAPTCHA_LETTERS) {
        return false;
    }

    for (i = 0; i < MC_CAPTCHA_LETTERS; i++) {
        c = answer.data[i];
        letters[i] = (char) (c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }

    return mc_equal_const(letters, captcha->letters, MC_CAPTCHA_LETTERS);
}


static bool
work_right(const mc_captcha_t *captcha, mc_str_t id, mc_str_t answer)
{
    char      text[MC_CAPTCHA_ID + 1 + MC_CAPTCHA_DIGITS];
    size_t    i;
    uint8_t   digest[MC_SHA256_SIZE];
    uint32_t  head;

    if (answer.len == 0 || answer.len > MC_CAPTCHA_DIGITS) {
        return false;
    }

    for (i = 0; i < answer.len; i++) {
        if (answer.data[i] < '0' || answer.data[i] > '9') {
            return false;
        }
    }

    memcpy(text, id.data, MC_CAPTCHA_ID);
    text[MC_CAPTCHA_ID] = ':';
    memcpy(text + MC_CAPTCHA_ID + 1, answer.data, answer.len);

    if (captcha->bits == 0
        || mc_sha256(text, MC_CAPTCHA_ID + 1 + answer.len, digest) != MC_OK)
    {
        return false;
    }

    head = (uint32_t) digest[0] << 24 | (uint32_t) digest[1] << 16
           | (uint32_t) digest[2] << 8 | digest[3];

    return head >> (BITS_MAX - captcha->bits) == 0;
}


mc_captcha_result_t
mc_captcha_check(const mc_keys_t *keys, mc_str_t id, mc_str_t answer,
    int64_t now, mc_captcha_t *captcha)
{
    bool  right;

    if (!captcha_open(keys, id, captcha)) {
        return MC_CAPTCHA_MALFORMED;
    }

    if (now >= captcha->expires
        || captcha->expires - MC_CAPTCHA_TTL_MAX > now)
    {
        return MC_CAPTCHA_EXPIRED;
    }

    right = captcha->kind == MC_CAPTCHA_PICTURE
            ? picture_right(captcha, answer)
            : work_right(captcha, id, answer);

    return right ? MC_CAPTCHA_RIGHT : MC_CAPTCHA_WRONG;
}
