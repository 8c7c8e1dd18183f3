/*
 * Detached CMS by a writer of our own.
 *
 * Depends on domain, base and libcrypto.  Any thread after opening; the
 * key is shared read-only, everything else of a call is on its stack.
 *
 * All of a CMS but the message's digest and the signature is the same for
 * each document: it is laid out once when the signer is opened, and a call
 * fills in those two and the lengths around them.  libcrypto's CMS_sign()
 * costs twice as much and always adds a signing time, which PAdES baseline
 * leaves to the PDF.
 */

#include "mc_sign.h"

#include <stdio.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "mc_crypto.h"
#include "mc_der.h"
#include "mc_sign_load.h"
#include "mc_time.h"
#include "mc_utf8.h"


#define PIECE_MAX       (2 * MC_SIGNER_FILE)
#define ATTRIBUTES_MAX  256
#define SIGNATURE_MAX   512         /* RSA 4096 */
#define SUBJECT_MAX     256

#define DER(...)  { (const char *) (const uint8_t []) { __VA_ARGS__ },      \
                    sizeof((const uint8_t []) { __VA_ARGS__ }) }

/* Values with their tags. */
static const mc_str_t  signed_data = DER(0x06, 9, 0x2A, 0x86, 0x48, 0x86,
                                         0xF7, 0x0D, 1, 7, 2);
static const mc_str_t  data = DER(0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7,
                                  0x0D, 1, 7, 1);
static const mc_str_t  content_type = DER(0x06, 9, 0x2A, 0x86, 0x48, 0x86,
                                          0xF7, 0x0D, 1, 9, 3);
static const mc_str_t  message_digest = DER(0x06, 9, 0x2A, 0x86, 0x48, 0x86,
                                            0xF7, 0x0D, 1, 9, 4);
static const mc_str_t  signing_certificate = DER(0x06, 11, 0x2A, 0x86, 0x48,
                                                 0x86, 0xF7, 0x0D, 1, 9, 16,
                                                 2, 47);
static const mc_str_t  version_1 = DER(0x02, 1, 1);

/* Values of attributes, up to their 32 bytes. */
static const mc_str_t  digest_head = DER(0x04, 32);
static const mc_str_t  certificate_head = DER(0x30, 38, 0x30, 36, 0x30, 34,
                                              0x04, 32);

/* Algorithm identifiers, with their tags. */
static const mc_str_t  sha256 = DER(0x30, 11, 0x06, 9, 0x60, 0x86, 0x48,
                                    1, 0x65, 3, 4, 2, 1);
static const mc_str_t  by_rsa = DER(0x30, 13, 0x06, 9, 0x2A, 0x86, 0x48,
                                    0x86, 0xF7, 0x0D, 1, 1, 1, 0x05, 0);
static const mc_str_t  by_ecdsa = DER(0x30, 10, 0x06, 8, 0x2A, 0x86, 0x48,
                                      0xCE, 0x3D, 4, 3, 2);

struct mc_signer_s {
    EVP_PKEY  *key;
    bool       rsa;

    mc_buf_t   front;       /* SignedData up to the signers' infos */
    mc_buf_t   info;        /* SignerInfo up to the signature */
    mc_buf_t   attributes;  /* what is signed: the attributes as a set */
    size_t     info_hole;   /* where the message's digest goes */
    size_t     attributes_hole;

    size_t     signature;   /* most bytes */
    uint8_t    digest[32];
    char       name[SUBJECT_MAX];
    size_t     name_len;
    int64_t    until;
};


/* SignedData: version, digest algorithms, what is signed (not within), the
 * chain. */
static mc_err_t
front_make(mc_signer_t *signer, mc_str_t *chain, size_t count)
{
    mc_buf_t  *out;

    out = &signer->front;

    (void) mc_buf_str(out, version_1);
    mc_der_put(out, MC_DER_SET, sha256);
    mc_der_put(out, MC_DER_SEQUENCE, data);
    mc_der_put_set(out, MC_DER_CONTEXT, chain, count);

    return out->err;
}


/* The value is in two parts. */
static void
attribute_put(mc_buf_t *out, mc_str_t type, mc_str_t head, mc_str_t rest)
{
    uint8_t   value[64];
    mc_buf_t  inner;

    memcpy(value, head.data, head.len);
    memcpy(value + head.len, rest.data, rest.len);

    mc_buf_init(&inner, ATTRIBUTES_MAX);
    (void) mc_buf_str(&inner, type);
    mc_der_put(&inner, MC_DER_SET, (mc_str_t) { (const char *) value,
                                                head.len + rest.len });

    if (inner.err == MC_OK) {
        mc_der_put(out, MC_DER_SEQUENCE, mc_buf_view(&inner));

    } else {
        out->err = inner.err;
    }

    mc_buf_free(&inner);
}


/* In the order of a set in DER, which is by length here: 24, 47 and 57
 * bytes. */
static mc_err_t
attributes_make(mc_signer_t *signer, mc_str_t leaf)
{
    size_t    hole;
    uint8_t   hash[MC_SHA256_SIZE];
    mc_err_t  err;
    mc_buf_t  inner;

    static const uint8_t  zeros[MC_SHA256_SIZE];

    err = mc_sha256(leaf.data, leaf.len, hash);

    if (err != MC_OK) {
        return err;
    }

    mc_buf_init(&inner, ATTRIBUTES_MAX);
    attribute_put(&inner, content_type, data, mc_str(""));
    attribute_put(&inner, message_digest, digest_head,
                  (mc_str_t) { (const char *) zeros, sizeof(zeros) });
    hole = inner.len - sizeof(zeros);
    attribute_put(&inner, signing_certificate, certificate_head,
                  (mc_str_t) { (const char *) hash, sizeof(hash) });
    err = inner.err;

    if (err == MC_OK) {
        mc_der_put(&signer->attributes, MC_DER_SET, mc_buf_view(&inner));
        err = signer->attributes.err;
        signer->attributes_hole = signer->attributes.len - inner.len + hole;
    }

    mc_buf_free(&inner);

    return err;
}


/* Issuer and serial number of the leaf. */
static mc_err_t
signer_put(X509 *leaf, mc_buf_t *out)
{
    int       name_len, serial_len;
    uint8_t  *name, *serial;
    mc_err_t  err;
    mc_buf_t  inner;

    name = serial = NULL;
    name_len = i2d_X509_NAME(X509_get_issuer_name(leaf), &name);
    serial_len = i2d_ASN1_INTEGER(X509_get_serialNumber(leaf), &serial);
    err = MC_ENOMEM;

    if (name_len > 0 && serial_len > 0) {
        mc_buf_init(&inner, MC_SIGNER_FILE);
        (void) mc_buf_append(&inner, name, (size_t) name_len);
        (void) mc_buf_append(&inner, serial, (size_t) serial_len);
        err = inner.err;

        if (err == MC_OK) {
            mc_der_put(out, MC_DER_SEQUENCE, mc_buf_view(&inner));
            err = out->err;
        }

        mc_buf_free(&inner);
    }

    OPENSSL_free(name);
    OPENSSL_free(serial);

    return err;
}


/* The attributes stand in it with another tag than what is signed. */
static mc_err_t
info_make(mc_signer_t *signer, X509 *leaf)
{
    mc_err_t   err;
    mc_buf_t  *out;

    out = &signer->info;

    (void) mc_buf_str(out, version_1);
    err = signer_put(leaf, out);

    if (err != MC_OK) {
        return err;
    }

    (void) mc_buf_str(out, sha256);
    signer->info_hole = out->len + signer->attributes_hole;
    (void) mc_buf_byte(out, MC_DER_CONTEXT);
    (void) mc_buf_append(out, signer->attributes.data + 1,
                         signer->attributes.len - 1);
    (void) mc_buf_str(out, signer->rsa ? by_rsa : by_ecdsa);

    return out->err;
}


static mc_err_t
layout_make(mc_signer_t *signer, const mc_sign_files_t *files)
{
    int       len;
    size_t    count;
    uint8_t  *bytes[MC_SIGNER_CHAIN] = { NULL };
    mc_err_t  err;
    mc_str_t  chain[MC_SIGNER_CHAIN];

    err = MC_OK;

    for (count = 0; err == MC_OK && count < files->count; count++) {
        len = i2d_X509(files->chain[count], &bytes[count]);
        chain[count] = (mc_str_t) { (const char *) bytes[count],
                                    len > 0 ? (size_t) len : 0 };
        err = len > 0 ? MC_OK : MC_ENOMEM;
    }

    if (err == MC_OK) {
        err = attributes_make(signer, chain[0]);
    }

    if (err == MC_OK) {
        err = info_make(signer, files->chain[0]);
    }

    if (err == MC_OK) {
        err = front_make(signer, chain, count);
    }

    while (count > 0) {
        OPENSSL_free(bytes[--count]);
    }

    return err;
}


/* The last common name of the subject, else its organisation. */
static void
subject_take(mc_signer_t *signer, X509 *leaf)
{
    int               at, len;
    uint8_t          *text;
    mc_str_t          name;
    const X509_NAME  *subject;

    subject = X509_get_subject_name(leaf);
    at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

    if (at < 0) {
        at = X509_NAME_get_index_by_NID(subject, NID_organizationName, -1);
    }

    if (at < 0) {
        return;
    }

    text = NULL;
    len = ASN1_STRING_to_UTF8(&text,
              X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    name = (mc_str_t) { (const char *) text, len > 0 ? (size_t) len : 0 };

    if (name.len > 0 && name.len < sizeof(signer->name)
        && mc_utf8_printable(name, false))
    {
        memcpy(signer->name, name.data, name.len);
        signer->name_len = name.len;
    }

    OPENSSL_free(text);
}


static int64_t
until_take(X509 *leaf)
{
    struct tm  tm;

    memset(&tm, 0, sizeof(tm));

    return ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &tm) == 1
           ? (int64_t) timegm(&tm) * MC_SECOND : 0;
}


static mc_err_t
signer_fill(mc_signer_t *signer, mc_sign_files_t *files)
{
    mc_err_t  err;
    mc_str_t  parts[2];

    signer->rsa = files->rsa;
    signer->key = files->key;
    files->key = NULL;

    mc_buf_init(&signer->front, PIECE_MAX);
    mc_buf_init(&signer->info, PIECE_MAX);
    mc_buf_init(&signer->attributes, ATTRIBUTES_MAX);
    err = layout_make(signer, files);

    if (err != MC_OK) {
        return err;
    }

    signer->signature = (size_t) EVP_PKEY_get_size(signer->key);

    if (signer->signature > SIGNATURE_MAX) {
        return MC_ETOOBIG;
    }

    subject_take(signer, files->chain[0]);
    signer->until = until_take(files->chain[0]);

    parts[0] = mc_buf_view(&signer->front);
    parts[1] = mc_buf_view(&signer->info);

    return mc_sha256_parts(parts, mc_count(parts), signer->digest);
}


mc_signer_t *
mc_signer_open(mc_str_t certificate, mc_str_t key,
    char error[MC_SETTINGS_ERROR])
{
    mc_err_t          err;
    mc_signer_t      *signer;
    mc_sign_files_t   files;

    signer = NULL;
    err = mc_sign_files_read(&files, certificate, key, error);

    if (err == MC_OK) {
        signer = mc_alloc(sizeof(*signer));
        err = signer != NULL ? signer_fill(signer, &files) : MC_ENOMEM;

        if (err != MC_OK) {
            mc_signer_close(signer);
            signer = NULL;
            (void) snprintf(error, MC_SETTINGS_ERROR, "cannot prepare "
                            "signatures: %s", mc_err_name(err));
        }
    }

    mc_sign_files_free(&files);

    return signer;
}


void
mc_signer_close(mc_signer_t *signer)
{
    if (signer == NULL) {
        return;
    }

    mc_buf_free(&signer->attributes);
    mc_buf_free(&signer->info);
    mc_buf_free(&signer->front);
    EVP_PKEY_free(signer->key);
    mc_free(signer);
}


void
mc_signer_digest(const mc_signer_t *signer, uint8_t out[32])
{
    memcpy(out, signer->digest, sizeof(signer->digest));
}


mc_str_t
mc_signer_name(const mc_signer_t *signer)
{
    return (mc_str_t) { signer->name, signer->name_len };
}


int64_t
mc_signer_until(const mc_signer_t *signer)
{
    return signer->until;
}


/* Lengths from the inside out. */
typedef struct {
    size_t  info;
    size_t  infos;
    size_t  signed_data;
    size_t  content;
    size_t  message;
    size_t  whole;
} lengths_t;


static size_t
with_head(size_t len)
{
    uint8_t  head[MC_DER_HEAD];

    return mc_der_head(MC_DER_SEQUENCE, len, head) + len;
}


static void
lengths_of(const mc_signer_t *signer, size_t signature, lengths_t *out)
{
    out->info = signer->info.len + with_head(signature);
    out->infos = with_head(out->info);
    out->signed_data = signer->front.len + with_head(out->infos);
    out->content = with_head(out->signed_data);
    out->message = signed_data.len + with_head(out->content);
    out->whole = with_head(out->message);
}


size_t
mc_signer_room(const mc_signer_t *signer)
{
    lengths_t  lengths;

    lengths_of(signer, signer->signature, &lengths);

    return lengths.whole;
}


static mc_err_t
digest_sign(const mc_signer_t *signer, const uint8_t digest[MC_SHA256_SIZE],
    uint8_t out[SIGNATURE_MAX], size_t *len)
{
    mc_err_t       err;
    EVP_PKEY_CTX  *context;

    context = EVP_PKEY_CTX_new(signer->key, NULL);
    if (context == NULL) {
        return MC_ENOMEM;
    }

    err = MC_EIO;
    *len = SIGNATURE_MAX;

    if (EVP_PKEY_sign_init(context) == 1
        && (!signer->rsa
            || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
                && EVP_PKEY_CTX_set_signature_md(context, EVP_sha256())
                   == 1))
        && EVP_PKEY_sign(context, out, len, digest, MC_SHA256_SIZE) == 1)
    {
        err = MC_OK;
    }

    EVP_PKEY_CTX_free(context);

    return err;
}


static uint8_t *
put(uint8_t *p, const void *bytes, size_t len)
{
    memcpy(p, bytes, len);

    return p + len;
}


/* "out" has room for lengths->whole. */
static void
cms_write(const mc_signer_t *signer, const lengths_t *lengths,
    const uint8_t message[MC_SHA256_SIZE], mc_str_t signature, uint8_t *out)
{
    uint8_t  *p;

    p = out;
    p += mc_der_head(MC_DER_SEQUENCE, lengths->message, p);
    p = put(p, signed_data.data, signed_data.len);
    p += mc_der_head(MC_DER_CONTEXT, lengths->content, p);
    p += mc_der_head(MC_DER_SEQUENCE, lengths->signed_data, p);
    p = put(p, signer->front.data, signer->front.len);
    p += mc_der_head(MC_DER_SET, lengths->infos, p);
    p += mc_der_head(MC_DER_SEQUENCE, lengths->info, p);
    (void) put(p, signer->info.data, signer->info.len);
    (void) put(p + signer->info_hole, message, MC_SHA256_SIZE);
    p += signer->info.len;
    p += mc_der_head(MC_DER_OCTETS, signature.len, p);
    (void) put(p, signature.data, signature.len);
}


mc_err_t
mc_signer_cms(const mc_signer_t *signer, const uint8_t message[32],
    uint8_t *out, size_t room, size_t *len)
{
    size_t     used;
    uint8_t    attributes[ATTRIBUTES_MAX], digest[MC_SHA256_SIZE];
    uint8_t    signature[SIGNATURE_MAX];
    mc_err_t   err;
    lengths_t  lengths;

    memcpy(attributes, signer->attributes.data, signer->attributes.len);
    memcpy(attributes + signer->attributes_hole, message, MC_SHA256_SIZE);
    err = mc_sha256(attributes, signer->attributes.len, digest);

    if (err != MC_OK) {
        return err;
    }

    (void) ERR_set_mark();
    err = digest_sign(signer, digest, signature, &used);
    (void) ERR_pop_to_mark();

    if (err != MC_OK) {
        return err;
    }

    lengths_of(signer, used, &lengths);

    if (lengths.whole > room) {
        return MC_ETOOBIG;
    }

    cms_write(signer, &lengths, message,
              (mc_str_t) { (const char *) signature, used }, out);
    *len = lengths.whole;

    return MC_OK;
}
