/*
 * TOTP: HMAC-SHA-1 over the number of the half minute, cut to six digits.
 *
 * Depends on base and libcrypto.  Any thread.
 */

#include "mc_totp.h"

#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "mc_crypto.h"


#define SHA1_SIZE  20
#define DIGITS     1000000      /* 10 ^ 6 */
#define LETTERS    32           /* of a secret */

static const char  alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";


mc_err_t
mc_totp_make(uint8_t secret[MC_TOTP_SECRET])
{
    return mc_random(secret, MC_TOTP_SECRET);
}


int64_t
mc_totp_step(int64_t now)
{
    return now > 0 ? now / MC_TOTP_PERIOD : 0;
}


/* RFC 4226 5.3: four bytes from where the last one's low half points. */
static uint32_t
truncate_mac(const uint8_t mac[SHA1_SIZE])
{
    size_t  at;

    at = mac[SHA1_SIZE - 1] & 0x0f;

    return (uint32_t) (mac[at] & 0x7f) << 24 | (uint32_t) mac[at + 1] << 16
           | (uint32_t) mac[at + 2] << 8 | mac[at + 3];
}


mc_err_t
mc_totp_code(const uint8_t secret[MC_TOTP_SECRET], int64_t step,
    char out[MC_TOTP_CODE])
{
    int       i;
    uint8_t   counter[8], mac[EVP_MAX_MD_SIZE];
    uint64_t  n;
    unsigned  len;

    n = (uint64_t) step;

    for (i = 7; i >= 0; i--) {
        counter[i] = (uint8_t) n;
        n >>= 8;
    }

    len = 0;

    if (HMAC(EVP_sha1(), secret, MC_TOTP_SECRET, counter, sizeof(counter),
             mac, &len)
        == NULL
        || len != SHA1_SIZE)
    {
        out[0] = '\0';
        return MC_EIO;
    }

    (void) snprintf(out, MC_TOTP_CODE, "%06u",
                    (unsigned) (truncate_mac(mac) % DIGITS));

    explicit_bzero(mac, sizeof(mac));

    return MC_OK;
}


mc_err_t
mc_totp_verify(const uint8_t secret[MC_TOTP_SECRET], mc_str_t code,
    int64_t now, int64_t used, int64_t *step)
{
    char      right[MC_TOTP_CODE], given[MC_TOTP_CODE];
    int64_t   i, middle, found;
    mc_err_t  err;

    memset(given, 0, sizeof(given));

    if (code.len == MC_TOTP_CODE - 1) {
        memcpy(given, code.data, code.len);
    }

    found = -1;
    middle = mc_totp_step(now);

    for (i = middle - 1; i <= middle + 1; i++) {
        err = mc_totp_code(secret, i, right);

        if (err != MC_OK) {
            return err;
        }

        if (mc_equal_const(right, given, sizeof(right)) && i > used) {
            found = i;
        }
    }

    explicit_bzero(right, sizeof(right));

    if (found < 0) {
        return MC_EDENIED;
    }

    *step = found;

    return MC_OK;
}


/* 20 bytes are four groups of 40 bits: no letter is left half filled. */
void
mc_totp_base32(const uint8_t secret[MC_TOTP_SECRET],
    char out[MC_TOTP_BASE32])
{
    size_t    i, k;
    uint64_t  bits;

    for (i = 0; i < MC_TOTP_SECRET / 5; i++) {
        bits = 0;

        for (k = 0; k < 5; k++) {
            bits = bits << 8 | secret[i * 5 + k];
        }

        for (k = 0; k < 8; k++) {
            out[i * 8 + k] = alphabet[bits >> (35 - 5 * k) & 0x1f];
        }
    }

    out[LETTERS] = '\0';
}


static int
letter_value(char c)
{
    if (c >= 'a' && c <= 'z') {
        return c - 'a';
    }

    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}


mc_err_t
mc_totp_base32_read(mc_str_t text, uint8_t secret[MC_TOTP_SECRET])
{
    int       value;
    size_t    i, k;
    uint64_t  bits;

    if (text.len != LETTERS) {
        return MC_EINVAL;
    }

    for (i = 0; i < LETTERS / 8; i++) {
        bits = 0;

        for (k = 0; k < 8; k++) {
            value = letter_value(text.data[i * 8 + k]);

            if (value < 0) {
                explicit_bzero(secret, MC_TOTP_SECRET);
                return MC_EINVAL;
            }

            bits = bits << 5 | (uint64_t) value;
        }

        for (k = 0; k < 5; k++) {
            secret[i * 5 + k] = (uint8_t) (bits >> (32 - 8 * k));
        }
    }

    return MC_OK;
}


/* RFC 3986: everything but unreserved letters as %XX. */
static void
percent(mc_str_t text, mc_buf_t *out)
{
    char    c;
    size_t  i;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || c == '-' || c == '.' || c == '_' || c == '~')
        {
            (void) mc_buf_byte(out, (uint8_t) c);

        } else {
            (void) mc_buf_printf(out, "%%%02X", (unsigned) (uint8_t) c);
        }
    }
}


mc_err_t
mc_totp_uri(const uint8_t secret[MC_TOTP_SECRET], mc_str_t issuer,
    mc_str_t name, mc_buf_t *out)
{
    char  letters[MC_TOTP_BASE32];

    mc_totp_base32(secret, letters);

    (void) mc_buf_cstr(out, "otpauth://totp/");
    percent(issuer, out);
    (void) mc_buf_byte(out, ':');
    percent(name, out);
    (void) mc_buf_printf(out, "?secret=%s&issuer=", letters);
    percent(issuer, out);
    (void) mc_buf_cstr(out, "&algorithm=SHA1&digits=6&period=30");

    explicit_bzero(letters, sizeof(letters));

    return out->err;
}
