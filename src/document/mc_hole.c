/*
 * The signature's dictionary, and the document's hash.
 *
 * Depends on base, domain, this room, libcrypto.  Any thread: the template's
 * hash is only copied from.
 */

#include "mc_hole.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "mc_digits.h"
#include "mc_template.h"
#include "mc_time.h"


#define RANGE_ROOM  48          /* "[0 123456 123456 123456]" and blanks */


/* "D:20261123120000+08'00'": the confirmation, in the site's time zone. */
static void
put_time(mc_buf_t *out, int64_t time, int timezone)
{
    int        east;
    mc_date_t  date;

    date = mc_date_at(time, timezone);
    east = timezone < 0 ? -timezone : timezone;

    (void) mc_buf_printf(out, "(D:%04d%02d%02d%02d%02d%02d%c%02d'%02d')",
                         date.year, date.month, date.day, date.hour,
                         date.minute, date.second, timezone < 0 ? '-' : '+',
                         east / 60, east % 60);
}


void
mc_hole_write(mc_hole_t *hole, const mc_template_t *template_,
    const mc_certificate_t *certificate, mc_buf_t *out)
{
    size_t  letters;

    (void) mc_buf_str(out, mc_str("/Type/Sig/Filter/Adobe.PPKLite"
                                  "/SubFilter/ETSI.CAdES.detached/M"));
    put_time(out, certificate->confirmed_at, template_->timezone);

    (void) mc_buf_str(out, mc_str("/ByteRange"));
    hole->range = out->len;

    letters = 2 * mc_signer_room(template_->signer);
    hole->len = letters + 2;

    if (mc_buf_reserve(out, RANGE_ROOM + hole->len + 16) != MC_OK) {
        return;
    }

    memset(out->data + out->len, ' ', RANGE_ROOM);
    out->len += RANGE_ROOM;

    (void) mc_buf_str(out, mc_str("/Contents"));
    hole->contents = out->len;

    out->data[out->len++] = '<';
    memset(out->data + out->len, '0', letters);
    out->len += letters;
    out->data[out->len++] = '>';
}


static bool
update(EVP_MD_CTX *hash, const void *data, size_t len)
{
    return len == 0 || EVP_DigestUpdate(hash, data, len) == 1;
}


/* The hash behind the document's first part, without hashing that again
 * where it is the template's. */
static EVP_MD_CTX *
begin_hash(const mc_template_t *template_, const mc_document_t *document)
{
    bool         done;
    EVP_MD_CTX  *hash;

    hash = EVP_MD_CTX_new();
    if (hash == NULL) {
        return NULL;
    }

    if ((const uint8_t *) document->parts[0].data
        == template_->prefix.bytes.data)
    {
        done = EVP_MD_CTX_copy_ex(hash, template_->prefix.hash) == 1;

    } else {
        done = EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1
               && (document->count == 1
                   || update(hash, document->parts[0].data,
                             document->parts[0].len));
    }

    if (!done) {
        EVP_MD_CTX_free(hash);
        return NULL;
    }

    return hash;
}


/* The parts between the first and the last. */
static bool
update_middle(EVP_MD_CTX *hash, const mc_document_t *document)
{
    size_t  i;

    for (i = 1; i + 1 < document->count; i++) {
        if (!update(hash, document->parts[i].data, document->parts[i].len)) {
            return false;
        }
    }

    return true;
}


mc_err_t
mc_document_digest(const mc_template_t *template_,
    const mc_document_t *document, uint8_t out[32])
{
    bool             done;
    mc_str_t         last;
    EVP_MD_CTX      *hash;

    if (document->count == 0) {
        return MC_EINVAL;
    }

    hash = begin_hash(template_, document);
    if (hash == NULL) {
        return MC_ENOMEM;
    }

    last = document->parts[document->count - 1];

    done = update_middle(hash, document) && update(hash, last.data, last.len)
           && EVP_DigestFinal_ex(hash, out, NULL) == 1;

    EVP_MD_CTX_free(hash);

    return done ? MC_OK : MC_EIO;
}


/* Over everything but the hole, which is in the last part. */
static mc_err_t
digest_around(const mc_hole_fill_t *fill, const mc_document_t *document,
    uint8_t out[32])
{
    bool         done;
    size_t       before, after;
    mc_str_t     last;
    EVP_MD_CTX  *hash;

    hash = begin_hash(fill->template_, document);
    if (hash == NULL) {
        return MC_ENOMEM;
    }

    last = document->parts[document->count - 1];
    before = (size_t) ((const char *) fill->memory + fill->hole->contents
                       - last.data);
    after = before + fill->hole->len;

    done = update_middle(hash, document) && update(hash, last.data, before)
           && update(hash, last.data + after, last.len - after)
           && EVP_DigestFinal_ex(hash, out, NULL) == 1;

    EVP_MD_CTX_free(hash);

    return done ? MC_OK : MC_EIO;
}


static void
put_range(const mc_hole_fill_t *fill, const mc_document_t *document)
{
    size_t           behind;
    uint8_t         *p;
    mc_str_t         last;

    last = document->parts[document->count - 1];
    behind = (size_t) (last.data + last.len - (const char *) fill->memory)
             - fill->hole->contents - fill->hole->len;

    p = fill->memory + fill->hole->range;

    memcpy(p, "[0 ", 3);
    p = mc_digits_uint(p + 3, document->len - behind - fill->hole->len);
    *p++ = ' ';
    p = mc_digits_uint(p, document->len - behind);
    *p++ = ' ';
    p = mc_digits_uint(p, behind);
    *p = ']';
}


static void
put_contents(const mc_hole_fill_t *fill, mc_str_t cms)
{
    size_t             i;
    uint8_t           *p;
    static const char  digits[] = "0123456789abcdef";

    p = fill->memory + fill->hole->contents + 1;

    for (i = 0; i < cms.len; i++) {
        *p++ = (uint8_t) digits[(uint8_t) cms.data[i] >> 4];
        *p++ = (uint8_t) digits[(uint8_t) cms.data[i] & 15];
    }
}


mc_err_t
mc_hole_fill(const mc_hole_fill_t *fill, mc_document_t *document)
{
    size_t    room, len;
    uint8_t   digest[32];
    mc_err_t  err;
    mc_str_t  cms;

    room = (fill->hole->len - 2) / 2;
    cms = fill->cms;

    put_range(fill, document);

    if (cms.len == 0) {
        err = digest_around(fill, document, digest);
        if (err != MC_OK) {
            return err;
        }

        err = mc_signer_cms(fill->template_->signer, digest, fill->room,
                            room, &len);
        if (err != MC_OK) {
            return err;
        }

        cms.data = (const char *) fill->room;
        cms.len = len;
    }

    if (cms.len > room) {
        return MC_ETOOBIG;
    }

    put_contents(fill, cms);
    document->cms = cms;

    return MC_OK;
}
