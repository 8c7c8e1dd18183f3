/*
 * The signature's dictionary: bytes that are signed around a hole for the
 * CMS.
 *
 * Used by both writers.  One mc_hole_t a document; any thread.
 * Source: ISO 32000-1 12.8; ETSI EN 319 142-1.
 */

#ifndef MC_HOLE_H
#define MC_HOLE_H

#include "mc_document.h"

#pragma GCC visibility push(hidden)


typedef struct {
    size_t  range;              /* where "/ByteRange" has its numbers */
    size_t  contents;           /* where the "<" of the hole stands */
    size_t  len;                /* of the hole with "<" and ">" */
} mc_hole_t;

/* The entries between "<<" and ">>"; places count from the beginning of
 * "out". */
void mc_hole_write(mc_hole_t *hole, const mc_template_t *template_,
    const mc_certificate_t *certificate, mc_buf_t *out);

/* What mc_hole_fill() works on. */
typedef struct {
    const mc_template_t  *template_;
    const mc_hole_t      *hole;
    uint8_t              *memory;   /* the "out" of mc_hole_write() */
    mc_str_t              cms;      /* to put in; empty: sign */
    uint8_t              *room;     /* for a new one: mc_signer_room() */
} mc_hole_fill_t;

/*
 * The document is complete but for the hole, which lies in its last part;
 * that part ends the file.  Sets document->cms.  MC_ETOOBIG: "cms" does not
 * fit.
 */
mc_err_t mc_hole_fill(const mc_hole_fill_t *fill, mc_document_t *document);


#pragma GCC visibility pop

#endif /* MC_HOLE_H */
