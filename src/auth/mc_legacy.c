/*
 * Hashes of older systems: recognised, wrapped, verified.
 *
 * Depends on base, mc_password, libcrypto (MD5, SHA-1, SHA-256) and libcrypt
 * (bcrypt, through crypt_r: no state of the process).  Hash pool or a
 * command.
 *
 * Whatever stands in the column, one verification costs the same: Argon2
 * once, over the password, over its wrapped digest, or over nothing real;
 * and bcrypt once where any member has such a hash.
 */

#include "mc_legacy.h"

#include <crypt.h>
#include <stdio.h>

#include <openssl/evp.h>

#include "mc_crypto.h"


#define WRAP         "$mc-wrap$"
#define BCRYPT_LEN   60
#define BCRYPT_HEAD  7              /* "$2b$10$" */
#define BCRYPT_SALT  22
#define BCRYPT_MIN   4
#define DIGEST_MAX   32

typedef enum {
    ORDER_PLAIN = 0,
    ORDER_SALT_FIRST,
    ORDER_SALT_LAST,
    ORDER_MD5_SALT                  /* hex of md5(password), then salt */
} order_t;

typedef struct {
    const char     *name;
    const EVP_MD *(*digest)(void);
    size_t          len;
    order_t         order;
} scheme_t;

static const scheme_t  schemes[] = {
    { "md5", EVP_md5, 16, ORDER_PLAIN },
    { "md5-salt-password", EVP_md5, 16, ORDER_SALT_FIRST },
    { "md5-password-salt", EVP_md5, 16, ORDER_SALT_LAST },
    { "md5-md5-salt", EVP_md5, 16, ORDER_MD5_SALT },
    { "sha1", EVP_sha1, 20, ORDER_PLAIN },
    { "sha1-salt-password", EVP_sha1, 20, ORDER_SALT_FIRST },
    { "sha1-password-salt", EVP_sha1, 20, ORDER_SALT_LAST },
    { "sha256", EVP_sha256, 32, ORDER_PLAIN },
    { "sha256-salt-password", EVP_sha256, 32, ORDER_SALT_FIRST },
    { "sha256-password-salt", EVP_sha256, 32, ORDER_SALT_LAST },
};

/* A fast hash as its text says, or a wrapped one. */
typedef struct {
    const scheme_t  *scheme;
    char             salt[MC_LEGACY_SALT];
    size_t           salt_len;
    uint8_t          digest[DIGEST_MAX];    /* of a fast one */
    mc_str_t         phc;                   /* of a wrapped one */
} legacy_t;


static const scheme_t *
scheme_find(mc_str_t name)
{
    size_t  i;

    for (i = 0; i < mc_count(schemes); i++) {
        if (mc_str_is(name, schemes[i].name)) {
            return &schemes[i];
        }
    }

    return NULL;
}


/* What stands before "stop"; *rest is behind it.  False: there is none. */
static bool
split(mc_str_t text, char stop, mc_str_t *head, mc_str_t *rest)
{
    const char  *at;

    at = text.len > 0 ? memchr(text.data, stop, text.len) : NULL;

    if (at == NULL) {
        return false;
    }

    *head = (mc_str_t) { text.data, (size_t) (at - text.data) };
    *rest = (mc_str_t) { at + 1, text.len - head->len - 1 };

    return true;
}


static bool
salt_set(legacy_t *legacy, mc_str_t salt)
{
    size_t  i;

    if (salt.len == 0 || salt.len > sizeof(legacy->salt)) {
        return false;
    }

    for (i = 0; i < salt.len; i++) {
        if (salt.data[i] < 0x20 || salt.data[i] > 0x7E) {
            return false;
        }
    }

    memcpy(legacy->salt, salt.data, salt.len);
    legacy->salt_len = salt.len;

    return true;
}


/* "sha1:HEX" or "sha1-salt-password:HEX:SALT" */
static bool
fast_read(mc_str_t text, legacy_t *legacy)
{
    bool      salted;
    mc_str_t  name, hex, salt;

    memset(legacy, 0, sizeof(*legacy));

    if (!split(text, ':', &name, &text)) {
        return false;
    }

    legacy->scheme = scheme_find(name);

    if (legacy->scheme == NULL) {
        return false;
    }

    salted = split(text, ':', &hex, &salt);

    if (!salted) {
        hex = text;
    }

    return salted == (legacy->scheme->order != ORDER_PLAIN)
           && mc_hex_read(hex, legacy->digest, legacy->scheme->len) == MC_OK
           && (!salted || salt_set(legacy, salt));
}


/* "$mc-wrap$SCHEME$SALT$argon2id$..." */
static bool
wrap_read(mc_str_t text, legacy_t *legacy)
{
    char      salt[MC_LEGACY_SALT];
    size_t    len;
    mc_str_t  name, hex;

    memset(legacy, 0, sizeof(*legacy));
    len = sizeof(WRAP) - 1;

    if (text.len <= len || memcmp(text.data, WRAP, len) != 0) {
        return false;
    }

    text.data += len;
    text.len -= len;

    if (!split(text, '$', &name, &text) || !split(text, '$', &hex, &text)) {
        return false;
    }

    legacy->scheme = scheme_find(name);

    /* the PHC string begins with the "$" behind the salt */

    legacy->phc = (mc_str_t) { text.data - 1, text.len + 1 };

    if (legacy->scheme == NULL || !mc_password_phc_valid(legacy->phc)) {
        return false;
    }

    if (legacy->scheme->order == ORDER_PLAIN) {
        return hex.len == 0;
    }

    len = hex.len / 2;

    return hex.len % 2 == 0 && len <= sizeof(salt)
           && mc_hex_read(hex, (uint8_t *) salt, len) == MC_OK
           && salt_set(legacy, (mc_str_t) { salt, len });
}


static bool
bcrypt_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.' || c == '/';
}


/* "$2b$10$" and 53 letters; the cost, or 0. */
static uint32_t
bcrypt_cost(mc_str_t text)
{
    size_t    i;
    uint32_t  cost;

    if (text.len != BCRYPT_LEN || memcmp(text.data, "$2", 2) != 0
        || (text.data[2] != 'a' && text.data[2] != 'b'
            && text.data[2] != 'y')
        || text.data[3] != '$' || text.data[6] != '$'
        || text.data[4] < '0' || text.data[4] > '1'
        || text.data[5] < '0' || text.data[5] > '9')
    {
        return 0;
    }

    for (i = BCRYPT_HEAD; i < BCRYPT_LEN; i++) {
        if (!bcrypt_letter(text.data[i])) {
            return 0;
        }
    }

    cost = (uint32_t) (text.data[4] - '0') * 10
           + (uint32_t) (text.data[5] - '0');

    return cost >= BCRYPT_MIN && cost <= MC_LEGACY_BCRYPT_MAX ? cost : 0;
}


mc_legacy_kind_t
mc_legacy_kind(mc_str_t hash)
{
    legacy_t          legacy;
    mc_legacy_kind_t  kind;

    if (mc_password_phc_valid(hash)) {
        return MC_LEGACY_PHC;
    }

    if (bcrypt_cost(hash) > 0) {
        return MC_LEGACY_BCRYPT;
    }

    kind = wrap_read(hash, &legacy) ? MC_LEGACY_WRAPPED
                                    : fast_read(hash, &legacy)
                                      ? MC_LEGACY_FAST : MC_LEGACY_BAD;
    explicit_bzero(&legacy, sizeof(legacy));

    return kind;
}


static bool
digest_of(const EVP_MD *md, const void *data, size_t len, uint8_t *out)
{
    return EVP_Digest(data, len, out, NULL, md, NULL) == 1;
}


/* The digest the older system would have kept of this password. */
static mc_err_t
scheme_digest(const legacy_t *legacy, mc_str_t password,
    uint8_t out[DIGEST_MAX])
{
    bool     good;
    char     text[2 * 16 + MC_PASSWORD_MAX + MC_LEGACY_SALT + 1];
    size_t   len;
    uint8_t  inner[16];

    good = true;
    len = 0;

    if (legacy->scheme->order == ORDER_SALT_FIRST) {
        memcpy(text, legacy->salt, legacy->salt_len);
        len = legacy->salt_len;
    }

    if (legacy->scheme->order == ORDER_MD5_SALT) {
        good = digest_of(EVP_md5(), password.data, password.len, inner);
        mc_hex(inner, sizeof(inner), text);
        len = 2 * sizeof(inner);

    } else {
        memcpy(text + len, password.data, password.len);
        len += password.len;
    }

    if (legacy->scheme->order == ORDER_SALT_LAST
        || legacy->scheme->order == ORDER_MD5_SALT)
    {
        memcpy(text + len, legacy->salt, legacy->salt_len);
        len += legacy->salt_len;
    }

    good = good && digest_of(legacy->scheme->digest(), text, len, out);

    explicit_bzero(text, sizeof(text));
    explicit_bzero(inner, sizeof(inner));

    return good ? MC_OK : MC_EIO;
}


mc_err_t
mc_legacy_wrap(mc_str_t fast, char out[MC_LEGACY_HASH])
{
    int       n;
    char      salt[2 * MC_LEGACY_SALT + 1], phc[MC_PASSWORD_HASH];
    mc_err_t  err;
    legacy_t  legacy;

    out[0] = '\0';

    if (!fast_read(fast, &legacy)) {
        return MC_EINVAL;
    }

    err = mc_password_hash((mc_str_t) { (const char *) legacy.digest,
                                        legacy.scheme->len }, phc);

    if (err == MC_OK) {
        mc_hex(legacy.salt, legacy.salt_len, salt);
        n = snprintf(out, MC_LEGACY_HASH, WRAP "%s$%s%s",
                     legacy.scheme->name, salt, phc);

        if (n < 0 || n >= MC_LEGACY_HASH) {
            out[0] = '\0';
            err = MC_ETOOBIG;
        }
    }

    explicit_bzero(&legacy, sizeof(legacy));

    return err;
}


mc_err_t
mc_legacy_same(mc_str_t stored, mc_str_t fast)
{
    bool      rehash;
    mc_err_t  err;
    legacy_t  a, b;

    err = MC_EDENIED;

    if (wrap_read(stored, &a) && fast_read(fast, &b)
        && a.scheme == b.scheme && a.salt_len == b.salt_len
        && memcmp(a.salt, b.salt, a.salt_len) == 0)
    {
        err = mc_password_verify(a.phc,
                                 (mc_str_t) { (const char *) b.digest,
                                              b.scheme->len }, &rehash);
    }

    explicit_bzero(&a, sizeof(a));
    explicit_bzero(&b, sizeof(b));

    return err;
}


/* Computes "setting" over the password; the 31 letters of the result are
 * compared with those of "hash" where there is one. */
static mc_err_t
bcrypt_run(struct crypt_data *data, const char *password,
    const char *setting, const char *hash)
{
    bool  same;
    char *out;

    memset(data, 0, sizeof(*data));
    out = crypt_r(password, setting, data);

    same = out != NULL && hash != NULL && strlen(out) == BCRYPT_LEN
           && mc_equal_const(out + BCRYPT_HEAD + BCRYPT_SALT,
                             hash + BCRYPT_HEAD + BCRYPT_SALT,
                             BCRYPT_LEN - BCRYPT_HEAD - BCRYPT_SALT);

    return same ? MC_OK : MC_EDENIED;
}


static void
bcrypt_waste(struct crypt_data *data, const char *password, uint32_t cost)
{
    char  setting[BCRYPT_LEN + 1];

    (void) snprintf(setting, sizeof(setting),
                    "$2b$%02u$Dpv2PjtBIjw53tbhB1MWpe", (unsigned) cost);
    (void) bcrypt_run(data, password, setting, NULL);
}


/*
 * One hash of cost c is half the work of one of c + 1: the real one, then
 * c, c + 1 ... up to "cost" - 1 are together as much as one of "cost".
 */
static mc_err_t
bcrypt_verify(mc_str_t stored, mc_str_t password, uint32_t cost)
{
    char                text[MC_PASSWORD_MAX + 1], hash[BCRYPT_LEN + 1];
    uint32_t            own;
    mc_err_t            err;
    struct crypt_data  *data;

    own = bcrypt_cost(stored);

    if (own == 0 && cost == 0) {
        return MC_EDENIED;
    }

    data = mc_alloc(sizeof(struct crypt_data));
    if (data == NULL) {
        return MC_ENOMEM;
    }

    memcpy(text, password.data, password.len);
    text[password.len] = '\0';

    if (own == 0) {
        bcrypt_waste(data, text, cost);
        err = MC_EDENIED;

    } else {
        memcpy(hash, stored.data, BCRYPT_LEN);
        hash[BCRYPT_LEN] = '\0';
        err = bcrypt_run(data, text, hash, hash);

        for ( /* void */ ; own < cost; own++) {
            bcrypt_waste(data, text, own);
        }
    }

    explicit_bzero(text, sizeof(text));
    mc_free_wiped(data, sizeof(struct crypt_data));

    return err;
}


/* Argon2 over what stands there, or over nothing real. */
static mc_err_t
argon_verify(mc_str_t stored, mc_str_t password, bool *rehash)
{
    uint8_t   digest[DIGEST_MAX];
    mc_err_t  err;
    legacy_t  legacy;

    if (!wrap_read(stored, &legacy)) {
        return mc_password_verify(stored, password, rehash);
    }

    err = scheme_digest(&legacy, password, digest);

    if (err == MC_OK) {
        err = mc_password_verify(legacy.phc,
                                 (mc_str_t) { (const char *) digest,
                                              legacy.scheme->len }, rehash);
    }

    explicit_bzero(digest, sizeof(digest));
    *rehash = err == MC_OK;

    return err;
}


mc_err_t
mc_legacy_verify(mc_str_t stored, mc_str_t password, uint32_t cost,
    bool *rehash)
{
    bool      possible;
    mc_err_t  err, bcrypt;

    possible = password.len > 0 && password.len <= MC_PASSWORD_MAX
               && memchr(password.data, '\0', password.len) == NULL;

    if (!possible) {
        stored = mc_str_null;
        password = mc_str("-");
    }

    if (cost > MC_LEGACY_BCRYPT_MAX) {
        cost = MC_LEGACY_BCRYPT_MAX;
    }

    err = argon_verify(stored, password, rehash);

    if (err != MC_OK && err != MC_EDENIED) {
        return err;
    }

    bcrypt = bcrypt_verify(stored, password, cost);

    if (bcrypt == MC_ENOMEM) {
        *rehash = false;
        return bcrypt;
    }

    if (bcrypt == MC_OK) {
        *rehash = true;
        return MC_OK;
    }

    return err;
}
