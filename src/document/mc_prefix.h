/*
 * The beginning of every file of a template: header and constant objects,
 * written by libharu, laid out anew, with what the cross reference says of
 * them.
 *
 * Streams stand as they are; all other constant objects stand in object
 * streams, deflated, so that the structure of a tagged page costs some
 * hundred bytes.
 * Made with the template, read-only afterwards.
 * Source: ISO 32000-1 7.5.7, 7.5.8.
 */

#ifndef MC_PREFIX_H
#define MC_PREFIX_H

#include "mc_buf.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_PREFIX_ROW     5         /* bytes of a cross reference row */
#define MC_PREFIX_WIDTHS  "[1 3 1]" /* of its columns */

/* Numbers of a document's own objects; the others follow "next". */
enum {
    MC_SLOT_CONTENT = 1,
    MC_SLOT_RESOURCES,
    MC_SLOT_PHOTO
};

typedef struct {
    mc_buf_t     bytes;             /* from "%PDF-1.7" on */
    mc_buf_t     rows;              /* of the objects slots + 1 .. next - 1 */
    unsigned     slots;
    unsigned     seal;              /* slot of a region's; 0: none */
    unsigned     signature;         /* 0: none */
    unsigned     next;              /* first number that is free */
    unsigned     root;

    mc_buf_t     fonts;             /* "/A0 7 0 R" ... */
    mc_buf_t     xobjects;          /* "/G0 9 0 R" ... */
    mc_buf_t     metrics[MC_SETTINGS_FONTS];    /* of a descriptor */
    mc_buf_t    *regions;           /* whole objects, of each region's seal */
    size_t       region_count;

    void        *hash;              /* SHA-256 behind "bytes" */
} mc_prefix_t;

struct mc_template_s;

mc_err_t mc_prefix_make(mc_prefix_t *prefix,
    const struct mc_template_s *template_);
void mc_prefix_free(mc_prefix_t *prefix);

/* A row of the cross reference: an object at "offset" (kind 1), the n-th
 * in object stream "offset" (kind 2), none (kind 0). */
uint8_t *mc_prefix_row(uint8_t *p, int kind, size_t offset, unsigned n);


#pragma GCC visibility pop

#endif /* MC_PREFIX_H */
