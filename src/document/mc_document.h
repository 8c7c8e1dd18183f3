/*
 * The certificate as a PDF: the template, the fast writer and the reference
 * writer over libharu's object API.
 *
 * A template is made once per configuration and layout (tens of ms: fonts
 * are mapped, the label subset is made, constant streams are deflated,
 * libharu writes the constant part) and read-only afterwards: any number of
 * threads may make documents at the same time.  Bytes are a function of
 * certificate, photo, QR code, signature and template alone.  Pools, never
 * the loop.
 * Source: ISO 32000-1; ISO 19005-2; spec S16-S18, I08, I13, I14; what is
 * used of libharu and why: mc_pdf.h.
 */

#ifndef MC_DOCUMENT_H
#define MC_DOCUMENT_H

#include "mc_buf.h"
#include "mc_certificate.h"
#include "mc_qr.h"
#include "mc_sign.h"

#pragma GCC visibility push(hidden)


#define MC_DOCUMENT_MAX    (512 * 1024)   /* bytes of one PDF */
#define MC_DOCUMENT_PARTS  8

typedef struct mc_template_s  mc_template_t;

/* What the layout's place for a QR code wants to carry. */
typedef enum {
    MC_QR_NONE = 0,             /* the layout has no place */
    MC_QR_STATEMENT,
    MC_QR_ADDRESS
} mc_qr_want_t;

/*
 * Opens the fonts in order (TrueType outlines only; the first is the text
 * face, further ones fill its gaps), reads layout number "layout" of the
 * settings (0 is the built-in one where none is configured) and its seals,
 * and builds the constant part.  "signer" may be NULL: unsigned documents;
 * else it outlives the template.  On failure NULL and a text that names
 * the file.
 */
mc_template_t *mc_template_open(const mc_settings_t *settings, size_t layout,
    const mc_signer_t *signer, char error[MC_SETTINGS_ERROR]);
void mc_template_close(mc_template_t *template_);

mc_qr_want_t mc_template_qr(const mc_template_t *template_);
bool mc_template_signs(const mc_template_t *template_);

/* Appends a sentence for who reads nginx -t: institutes that have a seal.
 * Nothing where the layout has no place for one. */
mc_err_t mc_template_note(const mc_template_t *template_, mc_buf_t *out);

/* Over layout, fonts, seals, signer, library and format version: with a
 * confirmation's serial the name of one file. */
void mc_template_digest(const mc_template_t *template_, uint8_t out[32]);

/* First code point of "text" that no font has, 0 when all are there. */
uint32_t mc_template_missing(const mc_template_t *template_, mc_str_t text);

/* The same over all values of a certificate. */
uint32_t mc_template_missing_any(const mc_template_t *template_,
    const mc_certificate_t *certificate);

/* Beside the certificate: what a file is made of. */
typedef struct {
    mc_str_t        photo;      /* the stored transcode, as configured */
    const mc_qr_t  *qr;         /* NULL: its place stays empty */
    mc_str_t        cms;        /* of an earlier issue; empty: sign now */
} mc_document_in_t;

/* "parts" one after the other are the file.  They point into the template,
 * into "own" and into the photo, which must all outlive them. */
typedef struct {
    size_t    count;
    size_t    len;              /* of all parts together */
    mc_str_t  parts[MC_DOCUMENT_PARTS];
    mc_str_t  cms;              /* the signature inside; empty: unsigned */
} mc_document_t;

/*
 * The fast writer: appends what is this document's own to the template's
 * constant part, without copying that or the photo.  "own" is initialised
 * by the caller with MC_DOCUMENT_MAX and takes all memory that is needed;
 * it may be used again, with its length set to 0.
 * MC_EINVAL: a value has a character without glyph, or the photo is no
 * baseline JPEG.  MC_ETOOBIG: values of such length that no readable size
 * holds them, a CMS over the signer's room, or more than "own" may hold;
 * "out" is then of no use.
 */
mc_err_t mc_document_make(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_document_in_t *in,
    mc_buf_t *own, mc_document_t *out);

/* SHA-256 of the whole file; that of the constant part is kept. */
mc_err_t mc_document_digest(const mc_template_t *template_,
    const mc_document_t *document, uint8_t out[32]);

/*
 * The reference writer: plain, one object after the other through libharu.
 * The same page, text, structure and errors as mc_document_make(), in one
 * buffer; not the same bytes.  Tests hold the two against each other.
 */
mc_err_t mc_document_render(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_document_in_t *in,
    mc_buf_t *out);

/* Strong ETag without quotes: digest of version, serial and template. */
void mc_document_etag(const mc_template_t *template_,
    const char version[65], int64_t serial, char out[65]);


#pragma GCC visibility pop

#endif /* MC_DOCUMENT_H */
