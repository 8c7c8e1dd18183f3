/*
 * mc_document_render(): one certificate as a PDF, written by libharu from
 * the template's constant objects and this document's values.
 *
 * Depends on base, domain and this room.  Any thread of a pool; no state is
 * kept between calls.
 *
 * This is the reference writer: plain, one object after the other, each
 * line of the page with all it needs, fixed words and values alike.
 * Nothing comes from the clock or from memory addresses, so the bytes
 * follow from the arguments alone.
 */

#include "mc_document.h"

#include <stdio.h>

#include "mc_content.h"
#include "mc_hole.h"
#include "mc_jpeg_head.h"
#include "mc_skeleton.h"


#define SCRATCH_MAX  MC_DOCUMENT_MAX

/* A piece of the scratch buffer, which may still move. */
typedef struct {
    size_t  start;
    size_t  len;
} piece_t;

typedef struct {
    const mc_template_t     *template_;
    const mc_document_in_t  *in;
    mc_jpeg_head_t           head;
    int                      region;
    mc_cast_t               *cast;
    mc_buf_t                 scratch;
    piece_t                  content;
    piece_t                  files[MC_SETTINGS_FONTS];
    piece_t                  unicodes[MC_SETTINGS_FONTS];
    piece_t                  widths[MC_SETTINGS_FONTS];
    piece_t                  signature;
    char                     keys[MC_SETTINGS_FONTS][MC_FACE_KEYS];
    mc_hole_t                hole;
    uint8_t                  id[16];
    mc_skeleton_t            skeleton;
    mc_pdf_t                 pdf;
} document_t;


static mc_err_t
draw_text(void *data, const mc_line_t *line)
{
    document_t  *document = data;

    return mc_content_text(&document->scratch, line);
}


static mc_err_t
draw_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    document_t  *document = data;

    return mc_ornament_draw(&document->scratch, kind, box);
}


/* Fills the box, or fits into it where the picture has another shape. */
static mc_err_t
draw_photo(void *data, const mc_box_t *box)
{
    mc_box_t     inside;
    document_t  *document = data;

    inside = mc_content_inside(box, document->head.width,
                               document->head.height);

    return mc_content_place(&document->scratch, &inside, 1, "/P Do");
}


static mc_err_t
draw_qr(void *data, const mc_box_t *box)
{
    document_t  *document = data;

    if (document->in->qr == NULL) {
        return MC_OK;
    }

    return mc_content_qr(&document->scratch, document->in->qr, box);
}


static mc_err_t
draw_seal(void *data, mc_seal_kind_t kind, const mc_box_t *box)
{
    document_t  *document = data;

    if (kind == MC_SEAL_NATIONAL) {
        return mc_content_place(&document->scratch, box, MC_SEAL_BOX,
                                "/N Do");
    }

    if (document->region < 0) {
        return MC_OK;
    }

    return mc_content_place(&document->scratch, box, MC_SEAL_BOX, "/S Do");
}


static mc_err_t
open_mark(void *data, const mc_mark_t *mark)
{
    document_t  *document = data;

    return mc_content_open(&document->scratch, mark);
}


static mc_err_t
close_mark(void *data)
{
    document_t  *document = data;

    return mc_content_close(&document->scratch);
}


static piece_t
begin(const document_t *document)
{
    return (piece_t) { document->scratch.len, 0 };
}


static void
end(const document_t *document, piece_t *piece)
{
    piece->len = document->scratch.len - piece->start;
}


static mc_str_t
piece_str(const document_t *document, piece_t piece)
{
    return (mc_str_t) {
        (const char *) document->scratch.data + piece.start, piece.len
    };
}


static mc_err_t
compose_page(document_t *document, const mc_certificate_t *certificate)
{
    mc_err_t              err;
    mc_draw_t             draw;
    const mc_template_t  *template_;

    template_ = document->template_;

    draw = (mc_draw_t) {
        .data = document, .text = draw_text, .photo = draw_photo,
        .ornament = draw_ornament, .qr = draw_qr, .seal = draw_seal,
        .open = open_mark, .close = close_mark
    };

    err = mc_layout_fixed(template_->layout, document->cast, &draw);

    if (err == MC_OK) {
        err = mc_layout_values(template_->layout, document->cast,
                               certificate, template_->timezone, &draw);
    }

    return err;
}


/* Everything that is this document's own, into the scratch buffer. */
static mc_err_t
compose(document_t *document, const mc_certificate_t *certificate)
{
    size_t      i;
    mc_err_t    err;
    mc_buf_t   *scratch;
    mc_cast_t  *cast;

    cast = document->cast;
    scratch = &document->scratch;

    document->content = begin(document);
    err = compose_page(document, certificate);
    end(document, &document->content);

    for (i = 0; err == MC_OK && i < cast->chain->count; i++) {
        if (cast->numbers[i] == 0) {
            continue;
        }

        document->files[i] = begin(document);
        err = mc_cast_file(cast, i, scratch);
        end(document, &document->files[i]);

        document->unicodes[i] = begin(document);
        (void) mc_cast_unicode(cast, i, scratch);
        end(document, &document->unicodes[i]);

        document->widths[i] = begin(document);
        (void) mc_cast_widths(cast, i, scratch);
        end(document, &document->widths[i]);
    }

    if (err == MC_OK && document->template_->signer != NULL) {
        document->signature = begin(document);
        mc_hole_write(&document->hole, document->template_, certificate,
                      scratch);
        end(document, &document->signature);
    }

    return err != MC_OK ? err : scratch->err;
}


static void
put_fonts(document_t *document, HPDF_Dict fonts)
{
    size_t                i;
    char                  resource[8];
    mc_pdf_t             *pdf;
    mc_face_in_t          face;
    const mc_template_t  *template_;

    pdf = &document->pdf;
    template_ = document->template_;

    for (i = 0; i < template_->chain.count; i++) {
        if (document->skeleton.faces[i] != NULL) {
            snprintf(resource, sizeof(resource), "A%u", (unsigned) i);
            mc_pdf_ref(pdf, fonts, resource, document->skeleton.faces[i]);
        }

        if (document->cast->numbers[i] == 0) {
            continue;
        }

        face.font = template_->chain.fonts[i];
        mc_cast_tag(document->cast, i, face.tag);
        face.file = piece_str(document, document->files[i]);
        face.file_raw = face.file.len;
        face.unicode = piece_str(document, document->unicodes[i]);
        face.widths = piece_str(document, document->widths[i]);
        face.deflated = false;

        snprintf(resource, sizeof(resource), "B%u", (unsigned) i);
        mc_pdf_ref(pdf, fonts, resource,
                   mc_face_put(pdf, &face, document->keys[i]));
    }
}


static void
put_photo(document_t *document)
{
    HPDF_Dict  image;
    mc_pdf_t  *pdf;

    pdf = &document->pdf;
    image = document->skeleton.photo;

    mc_pdf_fill(pdf, image, mc_str("/Filter /DCTDecode\n"),
                &document->in->photo);
    mc_pdf_name(pdf, image, "Type", "XObject");
    mc_pdf_name(pdf, image, "Subtype", "Image");
    mc_pdf_number(pdf, image, "Width", (int) document->head.width);
    mc_pdf_number(pdf, image, "Height", (int) document->head.height);
    mc_pdf_number(pdf, image, "BitsPerComponent", 8);
    mc_pdf_name(pdf, image, "ColorSpace", document->head.components == 3
                                          ? "DeviceRGB" : "DeviceGray");
}


static void
put_resources(document_t *document)
{
    size_t          i;
    char            resource[8];
    mc_str_t        data;
    mc_pdf_t       *pdf;
    HPDF_Dict       objects;
    mc_skeleton_t  *skeleton;

    pdf = &document->pdf;
    skeleton = &document->skeleton;

    put_fonts(document, mc_pdf_inner(pdf, skeleton->resources, "Font"));

    objects = mc_pdf_inner(pdf, skeleton->resources, "XObject");
    mc_pdf_ref(pdf, objects, "P", skeleton->photo);

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        snprintf(resource, sizeof(resource), "G%u", (unsigned) i);
        mc_pdf_ref(pdf, objects, resource, skeleton->forms[i]);
    }

    if (skeleton->national != NULL) {
        mc_pdf_ref(pdf, objects, "N", skeleton->national);
    }

    if (document->region >= 0) {
        data = mc_buf_view(
                   &document->template_->regions[document->region].data);
        mc_pdf_fill(pdf, skeleton->seal, mc_skeleton_seal_keys, &data);
        mc_pdf_name(pdf, skeleton->seal, "Type", "XObject");
        mc_pdf_name(pdf, skeleton->seal, "Subtype", "Form");
        mc_pdf_ref(pdf, objects, "S", skeleton->seal);
    }
}


static mc_err_t
write_file(document_t *document)
{
    int             i;
    mc_str_t        data;
    mc_pdf_t       *pdf;
    HPDF_Array      id;
    mc_skeleton_t  *skeleton;

    pdf = &document->pdf;
    skeleton = &document->skeleton;

    mc_skeleton_build(pdf, document->template_, false, skeleton);

    data = piece_str(document, document->content);
    mc_pdf_fill(pdf, skeleton->content, mc_str(""), &data);

    put_photo(document);
    put_resources(document);

    if (skeleton->signature != NULL) {
        mc_pdf_fill(pdf, skeleton->signature,
                    piece_str(document, document->signature), NULL);
    }

    if (pdf->err == MC_OK) {
        id = mc_pdf_array(pdf, pdf->xref->trailer, "ID");

        for (i = 0; i < 2; i++) {
            mc_pdf_push_binary(pdf, id, document->id, sizeof(document->id));
        }
    }

    return mc_pdf_write(pdf, skeleton->catalog);
}


/* libharu has written the signature's dictionary somewhere. */
static mc_err_t
sign(document_t *document, mc_buf_t *out)
{
    mc_err_t        err;
    mc_str_t        text;
    uint8_t        *found;
    mc_document_t   whole;
    mc_hole_fill_t  fill;

    text = piece_str(document, document->signature);
    found = memmem(out->data, out->len, text.data, text.len);
    if (found == NULL) {
        return MC_ECORRUPT;
    }

    memset(&whole, 0, sizeof(whole));
    whole.count = 1;
    whole.len = out->len;
    whole.parts[0] = mc_buf_view(out);

    fill.template_ = document->template_;
    fill.hole = &document->hole;
    fill.memory = found - document->signature.start;
    fill.cms = document->in->cms;
    fill.room = mc_alloc(mc_signer_room(document->template_->signer));

    err = fill.room != NULL ? mc_hole_fill(&fill, &whole) : MC_ENOMEM;
    mc_free(fill.room);

    return err;
}


static mc_err_t
render(document_t *document, const mc_certificate_t *certificate,
    mc_buf_t *out)
{
    mc_err_t  err;

    err = mc_jpeg_head(document->in->photo, &document->head);

    if (err == MC_OK) {
        err = compose(document, certificate);
    }

    if (err == MC_OK) {
        mc_template_id(document->template_, certificate, document->id);
        mc_pdf_init(&document->pdf, out);
        err = write_file(document);
        mc_pdf_free(&document->pdf);
    }

    if (err == MC_OK && document->template_->signer != NULL) {
        err = sign(document, out);
    }

    return err;
}


mc_err_t
mc_document_render(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_document_in_t *in,
    mc_buf_t *out)
{
    mc_err_t     err;
    document_t  *document;

    document = mc_alloc(sizeof(document_t) + sizeof(mc_cast_t));
    if (document == NULL) {
        return MC_ENOMEM;
    }

    document->template_ = template_;
    document->in = in;
    document->region = mc_template_region(template_, certificate);
    document->cast = (mc_cast_t *) (document + 1);
    mc_cast_init(document->cast, &template_->chain, &template_->cast);
    mc_buf_init(&document->scratch, SCRATCH_MAX);

    err = render(document, certificate, out);

    mc_buf_free(&document->scratch);
    mc_free(document);

    return err;
}
