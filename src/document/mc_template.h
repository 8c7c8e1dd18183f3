/*
 * What a template holds (only for the files of this room).
 *
 * Everything that is the same on each certificate, ready to be written:
 * streams already deflated, the template's fonts as bytes, widths and
 * names as text, seals as whole objects, and the beginning of each file as
 * libharu wrote it.  Read-only after mc_template_open().
 */

#ifndef MC_TEMPLATE_H
#define MC_TEMPLATE_H

#include "mc_cast.h"
#include "mc_document.h"
#include "mc_layout.h"
#include "mc_ornament.h"
#include "mc_prefix.h"
#include "mc_qr_path.h"
#include "mc_seal.h"

#pragma GCC visibility push(hidden)


typedef struct {
    mc_buf_t  data;                 /* deflated */
    size_t    raw;                  /* length before that */
} mc_stream_t;

typedef struct {
    char         tag[7];
    mc_stream_t  file;
    mc_stream_t  unicode;
    mc_buf_t     widths;
} mc_face_t;

struct mc_template_s {
    mc_chain_t          chain;
    const mc_signer_t  *signer;             /* NULL: unsigned */
    int                 timezone;
    mc_layout_t        *layout;
    mc_cast_t           cast;
    uint8_t             grids[MC_CAST_MAX]; /* of its outlines */
    mc_face_t           faces[MC_SETTINGS_FONTS];
                                            /* used: cast.numbers[n] > 0 */
    mc_stream_t         content;
    mc_stream_t         forms[MC_ORNAMENT_FORMS];
    int                 boxes[MC_ORNAMENT_FORMS][4];
    mc_stream_t         national;           /* seal; empty: none */
    mc_seals_t          regional;
    mc_stream_t        *regions;            /* one for each of "regional" */
    mc_stream_t         profile;
    mc_buf_t            xmp;
    mc_qr_path_t        qr;
    uint8_t             digest[32];
    mc_prefix_t         prefix;
};

/* Takes "raw" over: deflated bytes, and the buffer is freed. */
mc_err_t mc_stream_pack(mc_stream_t *stream, mc_buf_t *raw);

/* Everything behind fonts and layout; on failure a text in "error". */
mc_err_t mc_template_make(mc_template_t *template_,
    char error[MC_SETTINGS_ERROR]);

/* The file's identifier: follows from template and certificate. */
void mc_template_id(const mc_template_t *template_,
    const mc_certificate_t *certificate, uint8_t out[16]);

/* Index of the seal of the certificate's institute in "regions", or -1. */
int mc_template_region(const mc_template_t *template_,
    const mc_certificate_t *certificate);


#pragma GCC visibility pop

#endif /* MC_TEMPLATE_H */
