/*
 * ECDSA over P-256 by libcrypto's EVP interface.
 *
 * Depends on base and libcrypto.  Any thread; no state of ours.
 *
 * libcrypto takes and gives a signature as DER; outside, r and s stand one
 * after the other, as WebCrypto has them.
 */

#include "mc_p256.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>


#define CURVE    "prime256v1"
#define HALF     32             /* of a signature */
#define DER_MAX  80             /* 72 at most */


static mc_err_t
point_make(const EC_GROUP *group, const BIGNUM *scalar,
    uint8_t point[MC_P256_POINT])
{
    size_t     len;
    EC_POINT  *place;

    if (BN_is_zero(scalar)
        || BN_cmp(scalar, EC_GROUP_get0_order(group)) >= 0)
    {
        return MC_EINVAL;
    }

    place = EC_POINT_new(group);
    if (place == NULL) {
        return MC_ENOMEM;
    }

    len = 0;

    if (EC_POINT_mul(group, place, scalar, NULL, NULL, NULL) == 1) {
        len = EC_POINT_point2oct(group, place, POINT_CONVERSION_UNCOMPRESSED,
                                 point, MC_P256_POINT, NULL);
    }

    EC_POINT_free(place);

    return len == MC_P256_POINT ? MC_OK : MC_EIO;
}


mc_err_t
mc_p256_point(const uint8_t scalar[MC_P256_SCALAR],
    uint8_t point[MC_P256_POINT])
{
    BIGNUM    *number;
    EC_GROUP  *group;
    mc_err_t   err;

    (void) ERR_set_mark();

    err = MC_ENOMEM;
    group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    number = BN_bin2bn(scalar, MC_P256_SCALAR, NULL);

    if (group != NULL && number != NULL) {
        BN_set_flags(number, BN_FLG_CONSTTIME);
        err = point_make(group, number, point);
    }

    BN_clear_free(number);
    EC_GROUP_free(group);
    (void) ERR_pop_to_mark();

    return err;
}


/* "scalar" may be NULL: a key for checking only. */
static OSSL_PARAM *
key_params(const BIGNUM *scalar, const uint8_t point[MC_P256_POINT])
{
    OSSL_PARAM      *params;
    OSSL_PARAM_BLD  *build;

    build = OSSL_PARAM_BLD_new();
    if (build == NULL) {
        return NULL;
    }

    params = NULL;

    if (OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
                                        CURVE, 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
                                            point, MC_P256_POINT) == 1
        && (scalar == NULL
            || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY,
                                      scalar) == 1))
    {
        params = OSSL_PARAM_BLD_to_param(build);
    }

    OSSL_PARAM_BLD_free(build);

    return params;
}


static mc_err_t
key_import(const BIGNUM *scalar, const uint8_t point[MC_P256_POINT],
    EVP_PKEY **key)
{
    mc_err_t       err;
    OSSL_PARAM    *params;
    EVP_PKEY_CTX  *context;

    err = MC_ENOMEM;
    params = key_params(scalar, point);
    context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);

    if (params != NULL && context != NULL) {
        err = EVP_PKEY_fromdata_init(context) == 1
              && EVP_PKEY_fromdata(context, key,
                                   scalar != NULL ? EVP_PKEY_KEYPAIR
                                                  : EVP_PKEY_PUBLIC_KEY,
                                   params) == 1
              ? MC_OK : MC_EINVAL;
    }

    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);

    return err;
}


static mc_err_t
key_make(const uint8_t *scalar, const uint8_t point[MC_P256_POINT],
    EVP_PKEY **key)
{
    BIGNUM    *number;
    mc_err_t   err;

    *key = NULL;

    if (point[0] != POINT_CONVERSION_UNCOMPRESSED) {
        return MC_EINVAL;
    }

    if (scalar == NULL) {
        return key_import(NULL, point, key);
    }

    /* secure: kept as such in the parameters too, and wiped with them */

    number = BN_secure_new();

    if (number == NULL
        || BN_bin2bn(scalar, MC_P256_SCALAR, number) == NULL)
    {
        err = MC_ENOMEM;

    } else {
        err = key_import(number, point, key);
    }

    BN_clear_free(number);

    return err;
}


/* DER to r and s. */
static mc_err_t
signature_read(const uint8_t *der, size_t len, uint8_t out[MC_P256_SIGNED])
{
    bool        good;
    ECDSA_SIG  *signature;

    signature = d2i_ECDSA_SIG(NULL, &der, (long) len);
    if (signature == NULL) {
        return MC_EIO;
    }

    good = BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, HALF) == HALF
           && BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + HALF, HALF)
              == HALF;

    ECDSA_SIG_free(signature);

    return good ? MC_OK : MC_EIO;
}


/* r and s to DER; its length, 0 when there is no memory. */
static size_t
signature_write(const uint8_t in[MC_P256_SIGNED], uint8_t der[DER_MAX])
{
    int         len;
    BIGNUM     *r, *s;
    ECDSA_SIG  *signature;

    len = 0;
    signature = ECDSA_SIG_new();
    r = BN_bin2bn(in, HALF, NULL);
    s = BN_bin2bn(in + HALF, HALF, NULL);

    if (signature != NULL && r != NULL && s != NULL
        && ECDSA_SIG_set0(signature, r, s) == 1)
    {
        r = s = NULL;           /* the signature owns them */
        len = i2d_ECDSA_SIG(signature, &der);
    }

    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(signature);

    return len > 0 ? (size_t) len : 0;
}


static mc_err_t
sign_with(EVP_PKEY *key, const uint8_t digest[MC_SHA256_SIZE],
    uint8_t out[MC_P256_SIGNED])
{
    size_t         len;
    uint8_t        der[DER_MAX];
    mc_err_t       err;
    EVP_PKEY_CTX  *context;

    context = EVP_PKEY_CTX_new(key, NULL);
    if (context == NULL) {
        return MC_ENOMEM;
    }

    err = MC_EIO;
    len = sizeof(der);

    if (EVP_PKEY_sign_init(context) == 1
        && EVP_PKEY_sign(context, der, &len, digest, MC_SHA256_SIZE) == 1)
    {
        err = signature_read(der, len, out);
    }

    EVP_PKEY_CTX_free(context);

    return err;
}


mc_err_t
mc_p256_sign(const uint8_t scalar[MC_P256_SCALAR],
    const uint8_t point[MC_P256_POINT], const uint8_t digest[MC_SHA256_SIZE],
    uint8_t out[MC_P256_SIGNED])
{
    mc_err_t   err;
    EVP_PKEY  *key;

    (void) ERR_set_mark();
    err = key_make(scalar, point, &key);

    if (err == MC_OK) {
        err = sign_with(key, digest, out);
    }

    EVP_PKEY_free(key);
    (void) ERR_pop_to_mark();

    return err;
}


static mc_err_t
verify_with(EVP_PKEY *key, const uint8_t digest[MC_SHA256_SIZE],
    const uint8_t signature[MC_P256_SIGNED])
{
    size_t         len;
    uint8_t        der[DER_MAX];
    mc_err_t       err;
    EVP_PKEY_CTX  *context;

    len = signature_write(signature, der);
    if (len == 0) {
        return MC_ENOMEM;
    }

    context = EVP_PKEY_CTX_new(key, NULL);
    if (context == NULL) {
        return MC_ENOMEM;
    }

    err = MC_EIO;

    if (EVP_PKEY_verify_init(context) == 1) {
        err = EVP_PKEY_verify(context, der, len, digest, MC_SHA256_SIZE) == 1
              ? MC_OK : MC_EDENIED;
    }

    EVP_PKEY_CTX_free(context);

    return err;
}


mc_err_t
mc_p256_verify(const uint8_t point[MC_P256_POINT],
    const uint8_t digest[MC_SHA256_SIZE],
    const uint8_t signature[MC_P256_SIGNED])
{
    mc_err_t   err;
    EVP_PKEY  *key;

    (void) ERR_set_mark();
    err = key_make(NULL, point, &key);

    if (err == MC_OK) {
        err = verify_with(key, digest, signature);
    }

    EVP_PKEY_free(key);
    (void) ERR_pop_to_mark();

    return err;
}
