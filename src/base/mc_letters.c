/*
 * Bytes as letters: hex, base64url and base64 (RFC 4648).
 *
 * The second half of mc_crypto.h; needs no libcrypto.  Any thread.
 */

#include "mc_crypto.h"


static const char  hex_letters[] = "0123456789abcdef";

static const char  base64url_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


void
mc_hex(const void *data, size_t len, char *out)
{
    size_t          i;
    const uint8_t  *p;

    p = data;

    for (i = 0; i < len; i++) {
        *out++ = hex_letters[p[i] >> 4];
        *out++ = hex_letters[p[i] & 15];
    }

    *out = '\0';
}


static int
hex_value(char letter)
{
    if (letter >= '0' && letter <= '9') {
        return letter - '0';
    }

    if (letter >= 'a' && letter <= 'f') {
        return letter - 'a' + 10;
    }

    if (letter >= 'A' && letter <= 'F') {
        return letter - 'A' + 10;
    }

    return -1;
}


mc_err_t
mc_hex_read(mc_str_t text, uint8_t *out, size_t len)
{
    int     high, low;
    size_t  i;

    if (text.len % 2 != 0 || text.len / 2 != len) {
        return MC_EINVAL;
    }

    for (i = 0; i < len; i++) {
        high = hex_value(text.data[2 * i]);
        low = hex_value(text.data[2 * i + 1]);

        if (high < 0 || low < 0) {
            return MC_EINVAL;
        }

        out[i] = (uint8_t) (high << 4 | low);
    }

    return MC_OK;
}


size_t
mc_base64url_len(size_t len)
{
    return len / 3 * 4 + (len % 3 == 0 ? 0 : len % 3 + 1);
}


void
mc_base64url(const void *data, size_t len, char *out)
{
    size_t          i;
    uint32_t        bits;
    unsigned        count;
    const uint8_t  *p;

    p = data;
    bits = 0;
    count = 0;

    for (i = 0; i < len; i++) {
        bits = (bits & 0xFF) << 8 | p[i];
        count += 8;

        while (count >= 6) {
            count -= 6;
            *out++ = base64url_letters[bits >> count & 63];
        }
    }

    if (count > 0) {
        *out++ = base64url_letters[bits << (6 - count) & 63];
    }

    *out = '\0';
}


void
mc_base64(const void *data, size_t len, char *out)
{
    size_t  have;

    mc_base64url(data, len, out);

    for (have = 0; out[have] != '\0'; have++) {
        if (out[have] == '-') {
            out[have] = '+';

        } else if (out[have] == '_') {
            out[have] = '/';
        }
    }

    while (have % 4 != 0) {
        out[have++] = '=';
    }

    out[have] = '\0';
}


static int
base64url_value(char letter)
{
    if (letter >= 'A' && letter <= 'Z') {
        return letter - 'A';
    }

    if (letter >= 'a' && letter <= 'z') {
        return letter - 'a' + 26;
    }

    if (letter >= '0' && letter <= '9') {
        return letter - '0' + 52;
    }

    if (letter == '-') {
        return 62;
    }

    return letter == '_' ? 63 : -1;
}


mc_err_t
mc_base64url_read(mc_str_t text, uint8_t *out, size_t len)
{
    int       value;
    size_t    i;
    uint32_t  bits;
    unsigned  count;

    if (text.len != mc_base64url_len(len)) {
        return MC_EINVAL;
    }

    bits = 0;
    count = 0;

    for (i = 0; i < text.len; i++) {
        value = base64url_value(text.data[i]);
        if (value < 0) {
            return MC_EINVAL;
        }

        bits = (bits & 0xFF) << 6 | (uint32_t) value;
        count += 6;

        if (count >= 8) {
            count -= 8;
            *out++ = (uint8_t) (bits >> count);
        }
    }

    /* canonical: the bits that belong to no byte are zero */

    return (bits & ((1u << count) - 1)) == 0 ? MC_OK : MC_EINVAL;
}
