/*
 * The certificate as a picture before it is confirmed: the layout's own
 * items as SVG, marked as a preview across the page.
 *
 * Follows the same layout as the PDF: glyph outlines are paths that are
 * defined once and used, ornaments and seals are the page content that the
 * PDF holds, read back operator by operator, the photo is the JPEG itself.
 * The QR code exists only after the confirmation; its place is grey.  No
 * script, no style sheet, no reference to the outside: it may be shown as
 * <img> under the strictest policy.
 *
 * Store or cpu pool; any thread.
 * Source: spec S18; SVG 1.1 (2nd edition).
 */

#ifndef MC_PREVIEW_H
#define MC_PREVIEW_H

#include "mc_buf.h"
#include "mc_certificate.h"
#include "mc_document.h"

#pragma GCC visibility push(hidden)


#define MC_PREVIEW_MAX  (1024 * 1024)

typedef struct {
    mc_str_t  photo;        /* the stored JPEG; empty: its frame is, too */
    bool      qr;           /* the document will have one */
} mc_preview_in_t;

/*
 * Appends the whole SVG document to "out" (initialised by the caller with
 * MC_PREVIEW_MAX).  MC_EINVAL: a value has a character without glyph, or
 * the photo is no baseline JPEG.  MC_ETOOBIG: a value fits in no readable
 * size.  "out" is then of no use.
 */
mc_err_t mc_preview_svg(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_preview_in_t *in,
    mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_PREVIEW_H */
