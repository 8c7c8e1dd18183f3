/*
 * Making a template: label subset, fixed content, seals, metadata, digest.
 *
 * Depends on base, domain, the other files of this room, zlib (libharu
 * needs it anyway).  While configuration is read; one thread.
 */

#include "mc_template.h"

#include <hpdf.h>
#include <stdio.h>
#include <zlib.h>

#include "mc_crypto.h"
#include "mc_quick.h"
#include "mc_wording.h"
#include "mc_xmp.h"


/* Raise it when code of this room changes what a page looks like. */
#define FORMAT  "membercert document 2"

#define RAW_MAX  (4u * 1024 * 1024)

/*
 * Labels' outlines are rounded to a 140th of the em: points move by 0.4 dots
 * of 600 dpi at most where letters have 14 points, and every document has
 * 3 kB less.  Letters of the title stay as they are.
 */
#define GRID   140
#define LARGE  2400

typedef struct {
    mc_template_t  *template_;
    mc_quick_t      quick;
} drawing_t;


mc_err_t
mc_stream_pack(mc_stream_t *stream, mc_buf_t *raw)
{
    uLongf    len;
    mc_err_t  err;

    err = raw->err;

    if (err == MC_OK) {
        len = compressBound(raw->len);
        mc_buf_init(&stream->data, len);
        stream->raw = raw->len;

        err = mc_buf_reserve(&stream->data, len);

        if (err == MC_OK && compress2(stream->data.data, &len, raw->data,
                                      raw->len, 9) != Z_OK)
        {
            err = MC_ENOMEM;
        }

        stream->data.len = err == MC_OK ? len : 0;
    }

    mc_buf_free(raw);

    return err;
}


static mc_err_t
make_face(mc_template_t *template_, size_t font)
{
    mc_buf_t    raw;
    mc_err_t    err;
    mc_face_t  *face;

    face = &template_->faces[font];

    mc_cast_tag(&template_->cast, font, face->tag);

    mc_buf_init(&raw, RAW_MAX);
    (void) mc_cast_file_round(&template_->cast, font, template_->grids, &raw);
    err = mc_stream_pack(&face->file, &raw);

    if (err == MC_OK) {
        mc_buf_init(&raw, RAW_MAX);
        (void) mc_cast_unicode(&template_->cast, font, &raw);
        err = mc_stream_pack(&face->unicode, &raw);
    }

    if (err == MC_OK) {
        mc_buf_init(&face->widths, RAW_MAX);
        err = mc_cast_widths(&template_->cast, font, &face->widths);
    }

    return err;
}


static void
make_grids(mc_template_t *template_)
{
    size_t    i;
    unsigned  grid;

    for (i = 0; i < template_->cast.count; i++) {
        grid = template_->chain.fonts[template_->cast.glyphs[i].font]->units
               / GRID;
        template_->grids[i] = (uint8_t) (grid < 1 ? 1
                                         : grid > 255 ? 255 : grid);
    }
}


/* Large letters stay as the font has them. */
static void
note_large(mc_template_t *template_, const mc_line_t *line)
{
    size_t  i, n;

    for (i = 0; line->size >= LARGE && i < line->count; i++) {
        for (n = 0; n < template_->cast.count; n++) {
            if (template_->cast.glyphs[n].code_point
                == line->glyphs[i].code_point)
            {
                template_->grids[n] = 1;
            }
        }
    }
}


static mc_err_t
draw_text(void *data, const mc_line_t *line)
{
    drawing_t  *drawing = data;

    note_large(drawing->template_, line);

    return mc_quick_text(&drawing->quick, line);
}


static mc_err_t
draw_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    return mc_quick_ornament(&((drawing_t *) data)->quick, kind, box);
}


static mc_err_t
draw_seal(void *data, mc_seal_kind_t kind, const mc_box_t *box)
{
    return mc_quick_place(&((drawing_t *) data)->quick, box, MC_SEAL_BOX,
                          "/N Do");
}


static mc_err_t
open_mark(void *data, const mc_mark_t *mark)
{
    mc_quick_open(&((drawing_t *) data)->quick, mark);

    return MC_OK;
}


static mc_err_t
close_mark(void *data)
{
    return mc_quick_close(&((drawing_t *) data)->quick);
}


static mc_err_t
make_content(mc_template_t *template_)
{
    size_t      i;
    mc_buf_t    raw;
    mc_err_t    err;
    mc_draw_t   draw;
    drawing_t   drawing;

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        mc_buf_init(&raw, RAW_MAX);
        (void) mc_ornament_form(i, &raw, template_->boxes[i]);

        err = mc_stream_pack(&template_->forms[i], &raw);
        if (err != MC_OK) {
            return err;
        }
    }

    mc_buf_init(&raw, RAW_MAX);
    drawing.template_ = template_;
    mc_quick_init(&drawing.quick, &raw);
    make_grids(template_);

    draw = (mc_draw_t) {
        .data = &drawing, .text = draw_text, .ornament = draw_ornament,
        .seal = draw_seal, .open = open_mark, .close = close_mark
    };

    err = mc_layout_fixed(template_->layout, &template_->cast, &draw);

    /* the documents' own content begins with colours of its own */
    (void) mc_quick_end(&drawing.quick);

    if (err != MC_OK) {
        mc_buf_free(&raw);
        return err;
    }

    return mc_stream_pack(&template_->content, &raw);
}


static mc_err_t
make_national(mc_template_t *template_, char *error)
{
    mc_err_t                 err;
    mc_seal_t                seal;
    const mc_layout_seal_t  *place;

    place = mc_layout_seal(template_->layout, MC_SEAL_NATIONAL);

    if (place == NULL || !place->present || place->path.len == 0) {
        return MC_OK;
    }

    err = mc_seal_open(place->path, &seal, error);
    if (err != MC_OK) {
        return err;
    }

    err = mc_stream_pack(&template_->national, &seal.content);
    mc_seal_close(&seal);

    return err;
}


/* The drawings stay: the preview shows them as well. */
static mc_err_t
pack_regions(mc_template_t *template_)
{
    size_t      i;
    mc_buf_t    raw;
    mc_err_t    err;

    template_->regions = mc_alloc(template_->regional.count
                                  * sizeof(mc_stream_t));
    if (template_->regions == NULL) {
        return MC_ENOMEM;
    }

    err = MC_OK;

    for (i = 0; err == MC_OK && i < template_->regional.count; i++) {
        mc_buf_init(&raw, MC_SEAL_CONTENT);
        (void) mc_buf_str(&raw, mc_buf_view(
                                    &template_->regional.seals[i].content));
        err = mc_stream_pack(&template_->regions[i], &raw);
    }

    return err;
}


static mc_err_t
make_regional(mc_template_t *template_, char *error)
{
    mc_err_t                 err;
    const mc_layout_seal_t  *place;

    place = mc_layout_seal(template_->layout, MC_SEAL_REGIONAL);

    if (place == NULL || !place->present || place->path.len == 0) {
        return MC_OK;
    }

    err = mc_seals_open(place->path, &template_->regional, error);

    if (err == MC_OK && template_->regional.count > 0) {
        err = pack_regions(template_);
    }

    return err;
}


static mc_err_t
make_metadata(mc_template_t *template_)
{
    mc_buf_t  raw;
    mc_err_t  err;

    mc_buf_init(&template_->xmp, RAW_MAX);
    err = mc_xmp_write(&template_->xmp, mc_wording.document);

    if (err == MC_OK) {
        mc_buf_init(&raw, RAW_MAX);
        (void) mc_xmp_profile(&raw);
        err = mc_stream_pack(&template_->profile, &raw);
    }

    return err;
}


/* Over what decides about the bytes of a document besides its data. */
static mc_err_t
make_digest(mc_template_t *template_)
{
    size_t     i, n;
    uint8_t    fonts[MC_SETTINGS_FONTS][32], layout[32], signer[32];
    mc_err_t   err;
    mc_str_t   parts[8 + MC_SETTINGS_FONTS], *seals;
    char       zone[16];

    n = 0;
    snprintf(zone, sizeof(zone), "%d", template_->timezone);

    err = mc_layout_digest(template_->layout, layout);
    memset(signer, 0, sizeof(signer));

    if (template_->signer != NULL) {
        mc_signer_digest(template_->signer, signer);
    }

    parts[n++] = mc_str(FORMAT);
    parts[n++] = mc_str_from(HPDF_GetVersion());
    parts[n++] = mc_str_from(zone);
    parts[n++] = (mc_str_t) { (const char *) layout, 32 };
    parts[n++] = (mc_str_t) { (const char *) signer, 32 };

    /* labels, ornaments, national seal, structure: all of them as bytes */
    parts[n++] = mc_buf_view(&template_->prefix.bytes);

    for (i = 0; err == MC_OK && i < template_->chain.count; i++) {
        err = mc_font_digest(template_->chain.fonts[i], fonts[i]);
        parts[n++] = (mc_str_t) { (const char *) fonts[i], 32 };
    }

    if (err == MC_OK) {
        err = mc_sha256_parts(parts, n, template_->digest);
    }

    if (err != MC_OK || template_->regional.count == 0) {
        return err;
    }

    seals = mc_alloc((1 + 2 * template_->regional.count) * sizeof(mc_str_t));
    if (seals == NULL) {
        return MC_ENOMEM;
    }

    n = 0;
    seals[n++] = (mc_str_t) { (const char *) template_->digest, 32 };

    for (i = 0; i < template_->regional.count; i++) {
        seals[n++] = mc_str_from(template_->regional.seals[i].code);
        seals[n++] = mc_buf_view(&template_->regional.seals[i].content);
    }

    err = mc_sha256_parts(seals, n, template_->digest);
    mc_free(seals);

    return err;
}


static mc_err_t
make_parts(mc_template_t *template_)
{
    size_t    i;
    mc_err_t  err;

    err = make_content(template_);

    for (i = 0; err == MC_OK && i < template_->chain.count; i++) {
        if (template_->cast.numbers[i] > 0) {
            err = make_face(template_, i);
        }
    }

    if (err == MC_OK) {
        err = make_metadata(template_);
    }

    if (err == MC_OK) {
        err = mc_prefix_make(&template_->prefix, template_);
    }

    return err == MC_OK ? make_digest(template_) : err;
}


mc_err_t
mc_template_make(mc_template_t *template_, char error[MC_SETTINGS_ERROR])
{
    mc_err_t  err;
    uint32_t  missing;

    missing = 0;
    error[0] = '\0';
    mc_qr_path_init(&template_->qr);
    mc_cast_init(&template_->cast, &template_->chain, NULL);

    err = mc_layout_prepare(template_->layout, &template_->cast, &missing);
    if (err == MC_EINVAL) {
        snprintf(error, MC_SETTINGS_ERROR, "no font has the character U+%04X"
                 " of the certificate's own words", missing);
        return err;
    }

    if (err == MC_OK) {
        err = make_national(template_, error);
    }

    if (err == MC_OK) {
        err = make_regional(template_, error);
    }

    if (err == MC_OK) {
        err = make_parts(template_);
    }

    if (err != MC_OK && error[0] == '\0') {
        snprintf(error, MC_SETTINGS_ERROR, "the certificate's template cannot"
                 " be made (%s)", mc_err_name(err));
    }

    return err;
}
