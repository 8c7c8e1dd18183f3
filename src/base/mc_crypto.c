/*
 * Digests, keys and sealed bytes over libcrypto's EVP interface; random
 * bytes from the kernel.
 *
 * Depends on mc_base and libcrypto.  Any thread; no state of ours.
 *
 * HMAC and HKDF are written out over the digest: both are a few lines, and
 * fetching libcrypto's MAC for each call costs more than the hashing.
 */

#include "mc_crypto.h"

#include <errno.h>
#include <limits.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>


#define SHA256_BLOCK  64


mc_err_t
mc_random(void *out, size_t len)
{
    ssize_t   n;
    uint8_t  *p;

    p = out;

    while (len > 0) {
        n = getrandom(p, len, 0);

        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }

            return MC_EIO;
        }

        p += n;
        len -= (size_t) n;
    }

    return MC_OK;
}


/* The parts one after the other, without a length between. */
static mc_err_t
sha256_joined(const mc_str_t *parts, size_t count,
    uint8_t out[MC_SHA256_SIZE])
{
    size_t       i;
    mc_err_t     err;
    EVP_MD_CTX  *context;

    context = EVP_MD_CTX_new();
    if (context == NULL) {
        return MC_ENOMEM;
    }

    err = MC_EIO;

    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        goto failed;
    }

    for (i = 0; i < count; i++) {
        if (parts[i].len > 0
            && EVP_DigestUpdate(context, parts[i].data, parts[i].len) != 1)
        {
            goto failed;
        }
    }

    if (EVP_DigestFinal_ex(context, out, NULL) == 1) {
        err = MC_OK;
    }

failed:

    EVP_MD_CTX_free(context);

    return err;
}


mc_err_t
mc_sha256(const void *data, size_t len, uint8_t out[MC_SHA256_SIZE])
{
    return sha256_joined(&(mc_str_t) { data, len }, 1, out);
}


mc_err_t
mc_sha256_parts(const mc_str_t *parts, size_t count,
    uint8_t out[MC_SHA256_SIZE])
{
    int          shift;
    size_t       i;
    uint8_t      prefix[8];
    mc_err_t     err;
    EVP_MD_CTX  *context;

    context = EVP_MD_CTX_new();
    if (context == NULL) {
        return MC_ENOMEM;
    }

    err = MC_EIO;

    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        goto failed;
    }

    for (i = 0; i < count; i++) {
        for (shift = 0; shift < 8; shift++) {
            prefix[shift] = (uint8_t) ((uint64_t) parts[i].len
                                       >> (56 - 8 * shift));
        }

        if (EVP_DigestUpdate(context, prefix, sizeof(prefix)) != 1) {
            goto failed;
        }

        if (parts[i].len > 0
            && EVP_DigestUpdate(context, parts[i].data, parts[i].len) != 1)
        {
            goto failed;
        }
    }

    if (EVP_DigestFinal_ex(context, out, NULL) == 1) {
        err = MC_OK;
    }

failed:

    EVP_MD_CTX_free(context);

    return err;
}


static mc_err_t
hmac_block(mc_str_t key, const void *data, size_t len,
    uint8_t out[MC_SHA256_SIZE])
{
    size_t    i;
    uint8_t   inner[SHA256_BLOCK], outer[SHA256_BLOCK];
    uint8_t   digest[MC_SHA256_SIZE];
    mc_err_t  err;

    memset(inner, 0x36, sizeof(inner));
    memset(outer, 0x5C, sizeof(outer));

    for (i = 0; i < key.len; i++) {
        inner[i] ^= (uint8_t) key.data[i];
        outer[i] ^= (uint8_t) key.data[i];
    }

    err = sha256_joined((mc_str_t[]) {
                            { (const char *) inner, sizeof(inner) },
                            { data, len }
                        }, 2, digest);

    if (err == MC_OK) {
        err = sha256_joined((mc_str_t[]) {
                                { (const char *) outer, sizeof(outer) },
                                { (const char *) digest, sizeof(digest) }
                            }, 2, out);
    }

    explicit_bzero(inner, sizeof(inner));
    explicit_bzero(outer, sizeof(outer));
    explicit_bzero(digest, sizeof(digest));

    return err;
}


mc_err_t
mc_hmac_sha256(const uint8_t key[MC_KEY_SIZE], const void *data, size_t len,
    uint8_t out[MC_SHA256_SIZE])
{
    return hmac_block((mc_str_t) { (const char *) key, MC_KEY_SIZE }, data,
                      len, out);
}


mc_err_t
mc_hmac_sha256_with(mc_str_t key, const void *data, size_t len,
    uint8_t out[MC_SHA256_SIZE])
{
    uint8_t   digest[MC_SHA256_SIZE];
    mc_err_t  err;

    if (key.len <= SHA256_BLOCK) {
        return hmac_block(key, data, len, out);
    }

    err = mc_sha256(key.data, key.len, digest);

    if (err == MC_OK) {
        err = mc_hmac_sha256(digest, data, len, out);
    }

    explicit_bzero(digest, sizeof(digest));

    return err;
}


/*
 * RFC 5869 with an absent salt (a key of zeros) and one block of output:
 * T(1) = HMAC(HMAC(0, secret), info | 0x01).
 */
mc_err_t
mc_hkdf(mc_str_t secret, const char *label, uint8_t out[MC_KEY_SIZE])
{
    size_t    len;
    uint8_t   zeros[MC_KEY_SIZE] = { 0 }, pseudo_random_key[MC_KEY_SIZE];
    uint8_t   info[256];
    mc_err_t  err;

    len = strlen(label);
    if (len >= sizeof(info)) {
        return MC_ETOOBIG;
    }

    memcpy(info, label, len);
    info[len] = 0x01;

    err = mc_hmac_sha256(zeros, secret.data, secret.len, pseudo_random_key);

    if (err == MC_OK) {
        err = mc_hmac_sha256(pseudo_random_key, info, len + 1, out);
    }

    explicit_bzero(pseudo_random_key, sizeof(pseudo_random_key));

    return err;
}


/*
 * Sets cipher, key, nonce and additional data.  "seal" is 1 to encrypt and
 * 0 to decrypt, as EVP_CipherInit_ex() has it.
 */
static EVP_CIPHER_CTX *
gcm_start(const uint8_t key[MC_KEY_SIZE], const uint8_t *nonce,
    mc_str_t aad, int seal)
{
    int              n;
    EVP_CIPHER_CTX  *context;

    context = EVP_CIPHER_CTX_new();
    if (context == NULL) {
        return NULL;
    }

    /* 12 bytes is the nonce length of GCM by default */

    if (EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce,
                          seal)
        != 1)
    {
        goto failed;
    }

    if (aad.len > 0
        && EVP_CipherUpdate(context, NULL, &n, (const uint8_t *) aad.data,
                            (int) aad.len)
           != 1)
    {
        goto failed;
    }

    return context;

failed:

    EVP_CIPHER_CTX_free(context);

    return NULL;
}


mc_err_t
mc_gcm_seal(const uint8_t key[MC_KEY_SIZE], mc_str_t aad, const void *plain,
    size_t len, uint8_t *out)
{
    int              n;
    uint8_t         *text, tail[MC_GCM_TAG];
    mc_err_t         err;
    EVP_CIPHER_CTX  *context;

    if (len > INT_MAX - MC_GCM_OVERHEAD || aad.len > INT_MAX) {
        return MC_ETOOBIG;
    }

    err = mc_random(out, MC_GCM_NONCE);
    if (err != MC_OK) {
        return err;
    }

    context = gcm_start(key, out, aad, 1);
    if (context == NULL) {
        return MC_EIO;
    }

    text = out + MC_GCM_NONCE;
    err = MC_EIO;

    if (len > 0
        && EVP_EncryptUpdate(context, text, &n, plain, (int) len) != 1)
    {
        goto failed;
    }

    if (EVP_EncryptFinal_ex(context, tail, &n) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, MC_GCM_TAG,
                               text + len)
           == 1)
    {
        err = MC_OK;
    }

failed:

    EVP_CIPHER_CTX_free(context);

    return err;
}


mc_err_t
mc_gcm_open(const uint8_t key[MC_KEY_SIZE], mc_str_t aad, const void *sealed,
    size_t len, uint8_t *out)
{
    int              n;
    uint8_t          tag[MC_GCM_TAG], tail[MC_GCM_TAG];
    mc_err_t         err;
    const uint8_t   *text;
    EVP_CIPHER_CTX  *context;

    if (len < MC_GCM_OVERHEAD) {
        return MC_EDENIED;
    }

    if (len > INT_MAX || aad.len > INT_MAX) {
        return MC_ETOOBIG;
    }

    len -= MC_GCM_OVERHEAD;
    text = (const uint8_t *) sealed + MC_GCM_NONCE;
    memcpy(tag, text + len, MC_GCM_TAG);

    context = gcm_start(key, sealed, aad, 0);
    if (context == NULL) {
        return MC_EIO;
    }

    err = MC_EIO;

    if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, MC_GCM_TAG, tag)
        != 1)
    {
        goto failed;
    }

    if (len > 0
        && EVP_DecryptUpdate(context, out, &n, text, (int) len) != 1)
    {
        goto failed;
    }

    err = EVP_DecryptFinal_ex(context, tail, &n) == 1 ? MC_OK : MC_EDENIED;

failed:

    EVP_CIPHER_CTX_free(context);

    if (err != MC_OK && len > 0) {
        explicit_bzero(out, len);
    }

    return err;
}


bool
mc_equal_const(const void *a, const void *b, size_t len)
{
    return len == 0 || CRYPTO_memcmp(a, b, len) == 0;
}
