/*
 * Seals: drawings of the operator, as a strict subset of SVG, turned into
 * page content.
 *
 * Taken: svg, g, path, rect, circle, ellipse, line, polyline, polygon with
 * transform, fill (none or one colour), fill-rule, stroke and its width,
 * caps, joins and miter limit, as attributes or in style="".  Metadata of
 * drawing programs is passed over.  Everything else (text, pictures,
 * gradients, filters, opacity, references, scripts, entities) is refused
 * with its line: a seal that were drawn without a part of it would be
 * another seal.
 *
 * The content stands in a box [0 0 1000 1000], y up, aspect kept, centred,
 * clipped to the drawing's own frame; it begins with q and ends with Q and
 * needs no resources.  Operators: q Q cm w J j M rg RG m l c h re W n f f*
 * S B B*.  Bytes are a function of the SVG alone.
 *
 * Reads files, so only while configuration is read; what is open is
 * read-only: any thread.
 * Source: SVG 1.1 (2nd edition) 7-11; SVG 2 8-9, 13.
 */

#ifndef MC_SEAL_H
#define MC_SEAL_H

#include "mc_buf.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_SEAL_BOX       1000
#define MC_SEAL_MAX       (256 * 1024)      /* bytes of one SVG */
#define MC_SEAL_CONTENT   (4 * 1024 * 1024) /* of what one becomes */
#define MC_SEAL_DEPTH     16
#define MC_SEAL_SEGMENTS  100000
#define MC_SEAL_CODE      16                /* letters of a code */
#define MC_SEALS_MAX      256               /* of one folder */
#define MC_SEALS_CONTENT  (16 * 1024 * 1024)

/* How much of the box the drawing takes: the longer side is 1000. */
typedef struct {
    int  width;
    int  height;
} mc_seal_size_t;

typedef struct {
    char            code[MC_SEAL_CODE + 1]; /* of the institute; or empty */
    mc_buf_t        content;
    mc_seal_size_t  size;
} mc_seal_t;

typedef struct {
    size_t      count;
    mc_seal_t  *seals;                      /* sorted by code */
} mc_seals_t;

/*
 * Appends the drawing to "content".  MC_EINVAL, MC_ETOOBIG: "error" says
 * "line 12: ..." and what to do about it; then "content" is of no use.
 * Needs no file; any thread.
 */
mc_err_t mc_seal_read(mc_str_t svg, mc_buf_t *content, mc_seal_size_t *size,
    char error[MC_SETTINGS_ERROR]);

/* One file; on failure "error" names it and the line, and nothing is to be
 * freed. */
mc_err_t mc_seal_open(mc_str_t path, mc_seal_t *out,
    char error[MC_SETTINGS_ERROR]);
void mc_seal_close(mc_seal_t *seal);

/* Every CODE.svg of a folder, CODE of [A-Za-z0-9_-], at most 16; other
 * files are passed over.  A folder without any is no error. */
mc_err_t mc_seals_open(mc_str_t dir, mc_seals_t *out,
    char error[MC_SETTINGS_ERROR]);
void mc_seals_close(mc_seals_t *seals);

/* NULL: that institute has none. */
const mc_seal_t *mc_seals_find(const mc_seals_t *seals, mc_str_t code);

/* "seals of 2 institutes in DIR: 31, 33; ...": what nginx -t notes. */
mc_err_t mc_seals_note(const mc_seals_t *seals, mc_str_t dir,
    mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_SEAL_H */
