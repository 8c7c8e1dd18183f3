/*
 * Session tokens: making, hashing, and finding them in header lines.
 *
 * Depends on base only.  Neither blocks nor allocates; any thread and the
 * loop.  Cookie lines: RFC 6265 section 4.2.1; bearer: RFC 6750 section 2.1.
 */

#include "mc_token.h"

#include <strings.h>

#include "mc_crypto.h"


#define TOKEN_BYTES  32


mc_err_t
mc_token_make(char out[MC_TOKEN_LEN + 1])
{
    uint8_t   bytes[TOKEN_BYTES];
    mc_err_t  err;

    err = mc_random(bytes, sizeof(bytes));
    if (err != MC_OK) {
        out[0] = '\0';
        return err;
    }

    mc_base64url(bytes, sizeof(bytes), out);
    explicit_bzero(bytes, sizeof(bytes));

    return MC_OK;
}


mc_err_t
mc_token_hash(mc_str_t token, uint8_t out[MC_TOKEN_HASH])
{
    uint8_t   bytes[TOKEN_BYTES];
    mc_err_t  err;

    if (token.len != MC_TOKEN_LEN) {
        return MC_EINVAL;
    }

    if (mc_base64url_read(token, bytes, sizeof(bytes)) != MC_OK) {
        explicit_bzero(bytes, sizeof(bytes));
        return MC_EINVAL;
    }

    err = mc_sha256(bytes, sizeof(bytes), out);
    explicit_bzero(bytes, sizeof(bytes));

    return err;
}


static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}


static mc_str_t
trim(const char *start, const char *end)
{
    while (start < end && is_blank(*start)) {
        start++;
    }

    while (end > start && is_blank(end[-1])) {
        end--;
    }

    return (mc_str_t) { start, (size_t) (end - start) };
}


/*
 * A pair without "=" is no cookie of ours.  A quoted value is left as it
 * is: no token has quotes, so it fails as a token.
 */
mc_str_t
mc_token_cookie(mc_str_t header, const char *name, mc_err_t *err)
{
    mc_str_t     found, value;
    const char  *p, *end, *stop, *equals;

    *err = MC_OK;
    found = mc_str_null;

    if (header.len == 0) {
        return found;
    }

    p = header.data;
    end = p + header.len;

    while (p < end) {
        stop = memchr(p, ';', (size_t) (end - p));
        if (stop == NULL) {
            stop = end;
        }

        equals = memchr(p, '=', (size_t) (stop - p));

        if (equals != NULL && mc_str_is(trim(p, equals), name)) {
            value = trim(equals + 1, stop);

            if (found.data != NULL) {
                *err = MC_EINVAL;
                return mc_str_null;
            }

            found = value;
        }

        p = stop < end ? stop + 1 : end;
    }

    return found;
}


mc_str_t
mc_token_bearer(mc_str_t header)
{
    size_t    i;
    mc_str_t  token;

    static const char  scheme[] = "bearer";
    const size_t       len = sizeof(scheme) - 1;

    if (header.len <= len + 1 || strncasecmp(header.data, scheme, len) != 0
        || header.data[len] != ' ')
    {
        return mc_str_null;
    }

    token = trim(header.data + len, header.data + header.len);

    for (i = 0; i < token.len; i++) {
        if (is_blank(token.data[i])) {
            return mc_str_null;
        }
    }

    return token.len == 0 ? mc_str_null : token;
}
