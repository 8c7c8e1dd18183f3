/*
 * Keys of a site and the sealing of data at rest.
 *
 * Depends on base only.  mc_keys_open() reads files and blocks: start of
 * nginx or of a command.  The rest works on a read-only mc_keys_t; any
 * thread.
 *
 * Each secret gives its keys by HKDF with labels of their own; the id is
 * an output too, so that it tells nothing of the keys.  Form of a sealed
 * value: version (1) | id (4) | nonce | ciphertext | tag.
 */

#include "mc_keys.h"

#include <stdio.h>

#include "mc_file.h"


#define SEAL_VERSION  1
#define SEAL_HEAD     5

#define SECRET_MIN    32
#define SECRET_MAX    4096

#define STATEMENT_TRIES  4


/*
 * 256 bits are no number below the curve's order once in four billion
 * secrets; then the next label is tried (FIPS 186-5 A.2.2).
 */
static mc_err_t
statement_derive(mc_statement_key_t *key, mc_str_t secret)
{
    char      label[32];
    uint8_t   digest[MC_SHA256_SIZE];
    mc_err_t  err;
    unsigned  n;

    err = MC_EINVAL;

    for (n = 1; err == MC_EINVAL && n <= STATEMENT_TRIES; n++) {
        (void) snprintf(label, sizeof(label), "membercert statement %u", n);
        err = mc_hkdf(secret, label, key->scalar);

        if (err == MC_OK) {
            err = mc_p256_point(key->scalar, key->point);
        }
    }

    if (err == MC_OK) {
        err = mc_sha256(key->point, sizeof(key->point), digest);
    }

    if (err == MC_OK) {
        memcpy(key->id, digest, sizeof(key->id));
    }

    return err;
}


static mc_err_t
keys_derive(mc_keys_t *keys, size_t n, mc_str_t secret)
{
    const struct {
        const char  *label;
        uint8_t     *out;
    } kinds[] = {
        { "membercert seal 1", keys->seal[n] },
        { "membercert audit 1", keys->audit[n] },
        { "membercert captcha 1", keys->captcha[n] },
        { "membercert code 1", keys->code[n] },
        { "membercert lookup 1", keys->lookup[n] },
        { "membercert device 1", keys->device[n] }
    };

    size_t    i;
    uint8_t   id[MC_KEY_SIZE];
    mc_err_t  err;

    err = mc_hkdf(secret, "membercert id 1", id);

    if (err == MC_OK) {
        memcpy(keys->id[n], id, sizeof(keys->id[n]));
    }

    for (i = 0; err == MC_OK && i < mc_count(kinds); i++) {
        err = mc_hkdf(secret, kinds[i].label, kinds[i].out);
    }

    if (err == MC_OK) {
        err = statement_derive(&keys->statement[n], secret);
    }

    if (err == MC_OK && n == 0) {
        err = mc_hkdf(secret, "membercert pseudonym 1", keys->pseudonym);
    }

    return err;
}


/* Trailing line ends do not count. */
static mc_err_t
secret_read(const char *path, uint8_t secret[SECRET_MAX], size_t *len,
    char why[MC_FILE_WHY])
{
    mc_err_t  err;

    err = mc_file_read(path, true, secret, SECRET_MAX, len, why);

    if (err != MC_OK) {
        return err;
    }

    while (*len > 0 && (secret[*len - 1] == '\n' || secret[*len - 1] == '\r'))
    {
        (*len)--;
    }

    if (*len < SECRET_MIN) {
        (void) snprintf(why, MC_FILE_WHY, "is shorter than %d bytes",
                        SECRET_MIN);
        return MC_EINVAL;
    }

    return MC_OK;
}


static mc_err_t
keys_add(mc_keys_t *keys, mc_str_t file, char error[256])
{
    char      path[4096], why[MC_FILE_WHY];
    size_t    len;
    uint8_t   secret[SECRET_MAX];
    mc_err_t  err;

    if (file.len == 0 || file.len >= sizeof(path)
        || memchr(file.data, '\0', file.len) != NULL)
    {
        (void) snprintf(error, 256, "name of a secret file is malformed");
        return MC_EINVAL;
    }

    memcpy(path, file.data, file.len);
    path[file.len] = '\0';

    err = secret_read(path, secret, &len, why);

    if (err != MC_OK) {
        (void) snprintf(error, 256, "secret file \"%.180s\" %s", path, why);

    } else {
        err = keys_derive(keys, keys->count,
                          (mc_str_t) { (const char *) secret, len });

        if (err == MC_OK) {
            keys->count++;

        } else {
            (void) snprintf(error, 256, "cannot derive keys of \"%.180s\"",
                            path);
        }
    }

    explicit_bzero(secret, sizeof(secret));

    return err;
}


mc_err_t
mc_keys_open(mc_keys_t *keys, const mc_str_t *files, size_t count,
    char error[256])
{
    size_t    i;
    mc_err_t  err;

    memset(keys, 0, sizeof(*keys));
    error[0] = '\0';

    if (count == 0 || count > MC_SECRETS) {
        (void) snprintf(error, 256, "1 to %d secret files are needed",
                        MC_SECRETS);
        return MC_EINVAL;
    }

    for (i = 0; i < count; i++) {
        err = keys_add(keys, files[i], error);

        if (err != MC_OK) {
            mc_keys_wipe(keys);
            return err;
        }
    }

    return MC_OK;
}


void
mc_keys_wipe(mc_keys_t *keys)
{
    explicit_bzero(keys, sizeof(*keys));
}


mc_err_t
mc_seal(const mc_keys_t *keys, const char *context, mc_str_t plain,
    mc_buf_t *out)
{
    size_t    len;
    uint8_t  *sealed;
    mc_err_t  err;

    if (keys->count == 0) {
        return MC_EINVAL;
    }

    if (plain.len > SIZE_MAX - MC_SEAL_OVERHEAD) {
        return MC_ETOOBIG;
    }

    len = plain.len + MC_SEAL_OVERHEAD;

    sealed = mc_alloc(len);
    if (sealed == NULL) {
        return MC_ENOMEM;
    }

    sealed[0] = SEAL_VERSION;
    memcpy(sealed + 1, keys->id[0], sizeof(keys->id[0]));

    err = mc_gcm_seal(keys->seal[0], mc_str_from(context), plain.data,
                      plain.len, sealed + SEAL_HEAD);

    if (err == MC_OK) {
        err = mc_buf_append(out, sealed, len);
    }

    mc_free(sealed);

    return err;
}


/* Every key whose id fits is tried: ids are short and may meet. */
static mc_err_t
unseal_by_id(const mc_keys_t *keys, mc_str_t context, mc_str_t sealed,
    uint8_t *plain)
{
    size_t    i;
    mc_err_t  err;

    for (i = 0; i < keys->count; i++) {
        if (memcmp(sealed.data + 1, keys->id[i], sizeof(keys->id[i])) != 0) {
            continue;
        }

        err = mc_gcm_open(keys->seal[i], context, sealed.data + SEAL_HEAD,
                          sealed.len - SEAL_HEAD, plain);

        if (err != MC_EDENIED) {
            return err;
        }
    }

    return MC_ECORRUPT;
}


mc_err_t
mc_unseal_into(const mc_keys_t *keys, const char *context, mc_str_t sealed,
    uint8_t *plain)
{
    if (sealed.len < MC_SEAL_OVERHEAD || sealed.data[0] != SEAL_VERSION) {
        return MC_ECORRUPT;
    }

    return unseal_by_id(keys, mc_str_from(context), sealed, plain);
}


mc_err_t
mc_unseal(const mc_keys_t *keys, const char *context, mc_str_t sealed,
    mc_buf_t *out)
{
    size_t    len;
    uint8_t  *plain;
    mc_err_t  err;

    if (sealed.len < MC_SEAL_OVERHEAD) {
        return MC_ECORRUPT;
    }

    len = sealed.len - MC_SEAL_OVERHEAD;

    plain = mc_alloc(len);
    if (plain == NULL) {
        return MC_ENOMEM;
    }

    err = mc_unseal_into(keys, context, sealed, plain);

    if (err == MC_OK) {
        err = mc_buf_append(out, plain, len);
    }

    mc_free_wiped(plain, len);

    return err;
}


bool
mc_seal_current(const mc_keys_t *keys, mc_str_t sealed)
{
    return keys->count > 0 && sealed.len >= SEAL_HEAD
           && sealed.data[0] == SEAL_VERSION
           && memcmp(sealed.data + 1, keys->id[0], sizeof(keys->id[0])) == 0;
}


void
mc_pseudonym(const mc_keys_t *keys, int64_t member_id, char out[17])
{
    int      shift;
    uint8_t  number[8], digest[MC_SHA256_SIZE];

    for (shift = 0; shift < 8; shift++) {
        number[shift] = (uint8_t) ((uint64_t) member_id
                                   >> (56 - 8 * shift));
    }

    if (mc_hmac_sha256(keys->pseudonym, number, sizeof(number), digest)
        != MC_OK)
    {
        memset(digest, 0, sizeof(digest));
    }

    mc_hex(digest, 8, out);
}
