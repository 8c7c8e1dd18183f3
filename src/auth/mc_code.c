/*
 * One-time codes of digits and of letters, and codes of certificates.
 *
 * Depends on base only.  Any thread; neither blocks nor allocates.
 */

#include "mc_code.h"

#include <stdio.h>

#include "mc_utf8.h"


#define CODES      100000000u
#define FULL_ZERO  0xFF10           /* full-width digit and letters */
#define FULL_A     0xFF21
#define FULL_a     0xFF41
#define MAC_INPUT  (4 + MC_SHA256_SIZE + MC_CODE_LETTERS)


/* Crockford: neither I, L, O nor U. */
static const char  alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";


mc_err_t
mc_code_digits(char out[MC_CODE_DIGITS + 1])
{
    mc_err_t  err;
    uint32_t  n;

    do {
        err = mc_random(&n, sizeof(n));

        if (err != MC_OK) {
            return err;
        }

        /* the last, incomplete run of codes would favour the low ones */

    } while (n >= UINT32_MAX - UINT32_MAX % CODES);

    (void) snprintf(out, MC_CODE_DIGITS + 1, "%08u",
                    (unsigned) (n % CODES));
    explicit_bzero(&n, sizeof(n));

    return MC_OK;
}


mc_err_t
mc_code_letters(char out[MC_CODE_SHOWN + 1])
{
    size_t    i, n;
    uint8_t   bytes[MC_CODE_LETTERS];
    mc_err_t  err;

    err = mc_random(bytes, sizeof(bytes));

    if (err != MC_OK) {
        return err;
    }

    n = 0;

    for (i = 0; i < MC_CODE_LETTERS; i++) {

        if (i > 0 && i % 5 == 0) {
            out[n++] = '-';
        }

        out[n++] = alphabet[bytes[i] & 31];
    }

    out[n] = '\0';
    explicit_bzero(bytes, sizeof(bytes));

    return MC_OK;
}


/* The ASCII letter of a point that people would take for it; 0: none. */
static char
narrow(uint32_t point)
{
    if (point >= FULL_ZERO && point < FULL_ZERO + 10) {
        return (char) (point - FULL_ZERO + '0');
    }

    if (point >= FULL_A && point < FULL_A + 26) {
        return (char) (point - FULL_A + 'A');
    }

    if (point >= FULL_a && point < FULL_a + 26) {
        return (char) (point - FULL_a + 'A');
    }

    if (point >= 'a' && point <= 'z') {
        return (char) (point - 'a' + 'A');
    }

    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z')
           ? (char) point : '\0';
}


static bool
is_dash(uint32_t point)
{
    return point == '-' || point == 0xFF0D || point == 0x2212
           || (point >= 0x2010 && point <= 0x2015);
}


static char
digit_of(char c)
{
    return c >= '0' && c <= '9' ? c : '\0';
}


static char
letter_of(char c)
{
    if (c == 'O') {
        return '0';
    }

    if (c == 'I' || c == 'L') {
        return '1';
    }

    return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}


/* Exactly "len" letters that "take" knows, blanks and dashes left out. */
static mc_err_t
code_read(mc_str_t text, size_t len, char (*take)(char c), char *out)
{
    char      c;
    size_t    pos, next, n;
    uint32_t  point;

    n = 0;

    for (pos = 0; pos < text.len; pos = next) {
        next = pos;
        point = mc_utf8_next(text, &next);

        if (point == MC_UTF8_BAD) {
            return MC_EINVAL;
        }

        if (is_dash(point)
            || mc_utf8_trim((mc_str_t) { text.data + pos, next - pos }).len
               == 0)
        {
            continue;
        }

        c = take(narrow(point));

        if (c == '\0' || n == len) {
            return MC_EINVAL;
        }

        out[n++] = c;
    }

    out[n] = '\0';

    return n == len ? MC_OK : MC_EINVAL;
}


mc_err_t
mc_code_digits_read(mc_str_t text, char out[MC_CODE_DIGITS + 1])
{
    return code_read(text, MC_CODE_DIGITS, digit_of, out);
}


mc_err_t
mc_code_letters_read(mc_str_t text, char out[MC_CODE_LETTERS + 1])
{
    return code_read(text, MC_CODE_LETTERS, letter_of, out);
}


mc_err_t
mc_code_certificate_make(char out[MC_CODE_CERTIFICATE + 1])
{
    uint8_t   bytes[MC_CODE_BYTES];
    mc_err_t  err;

    err = mc_random(bytes, sizeof(bytes));

    if (err == MC_OK) {
        mc_code_certificate_letters(bytes, out);
    }

    return err;
}


mc_err_t
mc_code_certificate_normalise(mc_str_t text,
    char out[MC_CODE_CERTIFICATE + 1])
{
    return code_read(text, MC_CODE_CERTIFICATE, letter_of, out);
}


mc_err_t
mc_code_certificate_bytes(mc_str_t code, uint8_t out[MC_CODE_BYTES])
{
    size_t       i, n;
    uint32_t     bits;
    const char  *letter;

    if (code.len != MC_CODE_CERTIFICATE) {
        return MC_EINVAL;
    }

    bits = 0;
    n = 0;

    for (i = 0; i < code.len; i++) {
        letter = code.data[i] != '\0' ? strchr(alphabet, code.data[i]) : NULL;

        if (letter == NULL) {
            return MC_EINVAL;
        }

        bits = bits << 5 | (uint32_t) (letter - alphabet);

        /* a byte is full behind these of every eight letters */

        if ((i * 5 + 5) / 8 > n) {
            out[n] = (uint8_t) (bits >> ((i * 5 + 5) % 8));
            n++;
        }
    }

    return MC_OK;
}


void
mc_code_certificate_letters(const uint8_t bytes[MC_CODE_BYTES],
    char out[MC_CODE_CERTIFICATE + 1])
{
    size_t    i, bit;
    unsigned  pair;

    for (i = 0; i < MC_CODE_CERTIFICATE; i++) {
        bit = i * 5;
        pair = (unsigned) bytes[bit / 8] << 8;

        if (bit / 8 + 1 < MC_CODE_BYTES) {
            pair |= bytes[bit / 8 + 1];
        }

        out[i] = alphabet[pair >> (11 - bit % 8) & 31];
    }

    out[i] = '\0';
}


mc_err_t
mc_code_certificate_shown(mc_str_t code,
    char out[MC_CODE_CERTIFICATE_SHOWN + 1])
{
    size_t  i, n;

    if (code.len != MC_CODE_CERTIFICATE) {
        return MC_EINVAL;
    }

    n = 0;

    for (i = 0; i < code.len; i++) {

        if (i > 0 && i % 4 == 0) {
            out[n++] = '-';
        }

        out[n++] = code.data[i];
    }

    out[n] = '\0';

    return MC_OK;
}


mc_err_t
mc_code_mac(const mc_keys_t *keys, size_t secret,
    const uint8_t id[MC_SHA256_SIZE], mc_str_t code,
    uint8_t out[MC_SHA256_SIZE])
{
    uint8_t   input[MAC_INPUT];
    mc_err_t  err;

    if (secret >= keys->count || code.len > MC_CODE_LETTERS) {
        return MC_EINVAL;
    }

    memcpy(input, "code", 4);
    memcpy(input + 4, id, MC_SHA256_SIZE);
    memcpy(input + 4 + MC_SHA256_SIZE, code.data, code.len);

    err = mc_hmac_sha256(keys->code[secret], input,
                         4 + MC_SHA256_SIZE + code.len, out);
    explicit_bzero(input, sizeof(input));

    return err;
}


mc_err_t
mc_code_id(const mc_keys_t *keys, size_t secret, mc_str_t letters,
    uint8_t out[MC_SHA256_SIZE])
{
    uint8_t   input[2 + MC_CODE_LETTERS];
    mc_err_t  err;

    if (secret >= keys->count || letters.len != MC_CODE_LETTERS) {
        return MC_EINVAL;
    }

    memcpy(input, "id", 2);
    memcpy(input + 2, letters.data, MC_CODE_LETTERS);

    err = mc_hmac_sha256(keys->code[secret], input, sizeof(input), out);
    explicit_bzero(input, sizeof(input));

    return err;
}
