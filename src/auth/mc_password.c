/*
 * Argon2id over libsodium, with a bound on what a stored hash may cost.
 *
 * Depends on base and libsodium.  Blocks for 20-27 ms and takes 19 MiB a
 * call: hash pool or a command, never the loop.
 *
 * A hash comes from the store or a CSV file, so its parameters are checked
 * before libsodium sees them: "m=4294967295" would take the machine down.
 */

#include "mc_password.h"

#include <errno.h>

#include <sodium.h>


#define HASH_MEMORY   19456     /* KiB */
#define HASH_TIME     2
#define HASH_LANES    1

#define PHC_MEMORY_MAX  (64 * 1024)     /* KiB */
#define PHC_TIME_MAX    4
#define PHC_LANES_MAX   4
#define PHC_SALT_MIN    8       /* bytes, as libsodium has them */
#define PHC_HASH_MIN    16
#define PHC_FIELD_MAX   64

_Static_assert(MC_PASSWORD_HASH >= crypto_pwhash_argon2id_STRBYTES,
               "a PHC string of libsodium must fit");


typedef struct {
    uint32_t  memory;
    uint32_t  time;
    uint32_t  lanes;
} phc_t;


/* The hash of 32 random bytes that nobody kept; costs what a real one
 * costs today. */
static const char  dummy[] =
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "Dpv2PjtBIjw53tbhB1MWpQ$EmJI0NvqxPiWTFRtezTXlyb76CGbCE7d7K4voWA/ROY";


mc_err_t
mc_password_init(void)
{
    return sodium_init() < 0 ? MC_EIO : MC_OK;
}


/* Skips "literal" at *pos. */
static bool
phc_literal(mc_str_t phc, size_t *pos, const char *literal)
{
    size_t  len;

    len = strlen(literal);

    if (phc.len - *pos < len || memcmp(phc.data + *pos, literal, len) != 0) {
        return false;
    }

    *pos += len;

    return true;
}


/* A decimal number without leading zeros, within [1, max]. */
static bool
phc_number(mc_str_t phc, size_t *pos, uint32_t max, uint32_t *out)
{
    uint32_t  value;

    value = 0;

    while (*pos < phc.len && phc.data[*pos] >= '0' && phc.data[*pos] <= '9') {
        value = value * 10 + (uint32_t) (phc.data[*pos] - '0');

        if (value == 0 || value > max) {
            return false;
        }

        (*pos)++;
    }

    *out = value;

    return value > 0;
}


/* Canonical base64 without padding up to a "$" or the end.  libsodium takes
 * bytes beyond ASCII for letters. */
static bool
phc_field(mc_str_t phc, size_t *pos, size_t min)
{
    size_t       i, len, got;
    uint8_t      bytes[PHC_FIELD_MAX];
    const char  *start, *stop, *end;

    start = phc.data + *pos;
    stop = memchr(start, '$', phc.len - *pos);
    len = stop == NULL ? phc.len - *pos : (size_t) (stop - start);

    for (i = 0; i < len; i++) {
        if ((unsigned char) start[i] >= 0x80) {
            return false;
        }
    }

    if (sodium_base642bin(bytes, sizeof(bytes), start, len, NULL, &got, &end,
                          sodium_base64_VARIANT_ORIGINAL_NO_PADDING)
        != 0)
    {
        return false;
    }

    *pos += len;

    return end == start + len && got >= min;
}


static bool
phc_parse(mc_str_t phc, phc_t *out)
{
    size_t  pos;

    if (phc.len == 0 || phc.len >= MC_PASSWORD_HASH
        || memchr(phc.data, '\0', phc.len) != NULL)
    {
        return false;
    }

    pos = 0;

    return phc_literal(phc, &pos, "$argon2id$v=19$m=")
           && phc_number(phc, &pos, PHC_MEMORY_MAX, &out->memory)
           && phc_literal(phc, &pos, ",t=")
           && phc_number(phc, &pos, PHC_TIME_MAX, &out->time)
           && phc_literal(phc, &pos, ",p=")
           && phc_number(phc, &pos, PHC_LANES_MAX, &out->lanes)
           && out->memory >= 8 * out->lanes
           && phc_literal(phc, &pos, "$")
           && phc_field(phc, &pos, PHC_SALT_MIN)
           && phc_literal(phc, &pos, "$")
           && phc_field(phc, &pos, PHC_HASH_MIN)
           && pos == phc.len;
}


bool
mc_password_phc_valid(mc_str_t phc)
{
    phc_t  parsed;

    return phc_parse(phc, &parsed);
}


mc_err_t
mc_password_hash(mc_str_t password, char out[MC_PASSWORD_HASH])
{
    out[0] = '\0';

    if (password.len == 0) {
        return MC_EINVAL;
    }

    if (password.len > MC_PASSWORD_MAX) {
        return MC_ETOOBIG;
    }

    if (crypto_pwhash_argon2id_str(out, password.data, password.len,
                                   HASH_TIME, (size_t) HASH_MEMORY * 1024)
        != 0)
    {
        out[0] = '\0';
        return MC_ENOMEM;
    }

    return MC_OK;
}


/*
 * What cannot be right still runs one hash, so that the time does not tell
 * an unknown number from a wrong password.
 */
mc_err_t
mc_password_verify(mc_str_t phc, mc_str_t password, bool *rehash)
{
    int    rc;
    char   stored[MC_PASSWORD_HASH];
    bool   possible;
    phc_t  parsed;

    *rehash = false;

    possible = password.len > 0 && password.len <= MC_PASSWORD_MAX
               && phc_parse(phc, &parsed);

    if (possible) {
        memcpy(stored, phc.data, phc.len);
        stored[phc.len] = '\0';

    } else {
        memcpy(stored, dummy, sizeof(dummy));
    }

    if (password.len == 0 || password.len > MC_PASSWORD_MAX) {
        password = mc_str("-");
    }

    errno = 0;

    rc = crypto_pwhash_argon2id_str_verify(stored, password.data,
                                           password.len);
    explicit_bzero(stored, sizeof(stored));

    if (rc != 0) {
        return errno == ENOMEM ? MC_ENOMEM : MC_EDENIED;
    }

    if (!possible) {
        return MC_EDENIED;
    }

    *rehash = parsed.memory != HASH_MEMORY || parsed.time != HASH_TIME
              || parsed.lanes != HASH_LANES;

    return MC_OK;
}
