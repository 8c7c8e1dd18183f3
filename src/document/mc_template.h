/*
 * What a template holds (only for the files of this room).
 *
 * Everything that is the same on each certificate, ready to be written:
 * streams already deflated, the template's fonts as bytes, widths and
 * names as text.  Read-only after mc_template_open().
 */

#ifndef MC_TEMPLATE_H
#define MC_TEMPLATE_H

#include "mc_cast.h"
#include "mc_document.h"
#include "mc_ornament.h"

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
    mc_chain_t   chain;
    const mc_signer_t  *signer;             /* NULL: unsigned */
    int          timezone;
    mc_layout_t *layout;
    mc_cast_t    cast;
    mc_face_t    faces[MC_SETTINGS_FONTS];  /* used: cast.numbers[n] > 0 */
    mc_stream_t  content;
    mc_stream_t  forms[MC_ORNAMENT_FORMS];
    int          boxes[MC_ORNAMENT_FORMS][4];
    uint8_t      title[256];                /* UTF-16BE with its mark */
    size_t       title_len;
    uint8_t      digest[32];
};


#pragma GCC visibility pop

#endif /* MC_TEMPLATE_H */
