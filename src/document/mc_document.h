/*
 * The certificate as a PDF: fonts, template, and the reference writer over
 * libharu's object API.
 *
 * A template is made once per configuration (tens of ms: fonts are mapped,
 * the label subset is made, constant streams are deflated) and read-only
 * afterwards: any number of threads may render at the same time.  Bytes are
 * a function of certificate, photo and template alone.  cpu pool, never
 * the loop.
 * Source: ISO 32000-1; spec S16-S18, I08, I13; what is used of libharu and
 * why: mc_pdf.h.
 */

#ifndef MC_DOCUMENT_H
#define MC_DOCUMENT_H

#include "mc_buf.h"
#include "mc_certificate.h"

#pragma GCC visibility push(hidden)


#define MC_DOCUMENT_MAX  (512 * 1024)   /* bytes of one PDF */

typedef struct mc_template_s  mc_template_t;

/*
 * Opens the fonts in order (TrueType outlines only; the first is the text
 * face, further ones fill its gaps) and builds the constant part.  On
 * failure NULL and a text that names the file.
 */
mc_template_t *mc_template_open(const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR]);
void mc_template_close(mc_template_t *template_);

/* Over layout, font files, library version: part of the PDF's ETag. */
void mc_template_digest(const mc_template_t *template_, uint8_t out[32]);

/* First code point of "text" that no font has, 0 when all are there. */
uint32_t mc_template_missing(const mc_template_t *template_, mc_str_t text);

/* The same over all values of a certificate. */
uint32_t mc_template_missing_any(const mc_template_t *template_,
    const mc_certificate_t *certificate);

/*
 * "photo" is the stored transcode (178 x 220 or as configured).  "out" is
 * initialised by the caller with MC_DOCUMENT_MAX.  MC_EINVAL: a value has a
 * character without glyph, or the photo is no baseline JPEG.  MC_ETOOBIG:
 * values of such length that no readable size holds them, or more than
 * "out" may hold; "out" is then of no use.
 */
mc_err_t mc_document_render(const mc_template_t *template_,
    const mc_certificate_t *certificate, mc_str_t photo, mc_buf_t *out);

/* Strong ETag without quotes: digest of version, serial and template. */
void mc_document_etag(const mc_template_t *template_,
    const char version[65], int64_t serial, char out[65]);


#pragma GCC visibility pop

#endif /* MC_DOCUMENT_H */
