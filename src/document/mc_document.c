/*
 * mc_document_render(): one certificate as a PDF, written by libharu from
 * the template's constant parts and this document's values.
 *
 * Depends on base, domain and this room.  Any thread of the cpu pool; no
 * state is kept between calls.
 *
 * This is the reference writer: plain, one object after the other.  Nothing
 * comes from the clock or from memory addresses, so the bytes follow from
 * certificate, photo and template alone.
 */

#include "mc_document.h"

#include <stdio.h>

#include "mc_content.h"
#include "mc_crypto.h"
#include "mc_jpeg_head.h"
#include "mc_pdf.h"
#include "mc_template.h"


#define SCRATCH_MAX  MC_DOCUMENT_MAX

/* A piece of the scratch buffer, which may still move. */
typedef struct {
    size_t  start;
    size_t  len;
} piece_t;

typedef struct {
    const mc_template_t  *template_;
    mc_str_t              photo;
    mc_jpeg_head_t        head;
    mc_cast_t            *cast;
    mc_buf_t              scratch;
    piece_t               content;
    piece_t               files[MC_SETTINGS_FONTS];
    piece_t               unicodes[MC_SETTINGS_FONTS];
    piece_t               widths[MC_SETTINGS_FONTS];
    char                  keys[2][MC_SETTINGS_FONTS][80];
    uint8_t               id[16];
    mc_pdf_t              pdf;
} document_t;

/* What one embedded font consists of. */
typedef struct {
    const mc_font_t  *font;
    char              tag[7];
    mc_str_t          file;
    mc_str_t          unicode;
    mc_str_t          widths;
    size_t            file_raw;
    bool              deflated;
} face_t;


static mc_err_t
draw_text(void *data, const mc_line_t *line)
{
    document_t  *document = data;

    return mc_content_text(&document->scratch, line);
}


/* Fills the box, or fits into it where the picture has another shape. */
static mc_err_t
draw_photo(void *data, const mc_box_t *box)
{
    int          width, height;
    mc_buf_t    *out;
    document_t  *document = data;

    out = &document->scratch;
    width = box->width;
    height = (int) ((int64_t) box->width * document->head.height
                    / document->head.width);

    if (height > box->height) {
        height = box->height;
        width = (int) ((int64_t) box->height * document->head.width
                       / document->head.height);
    }

    (void) mc_buf_str(out, mc_str("q\n"));
    mc_content_number(out, width);
    (void) mc_buf_str(out, mc_str("0 0 "));
    mc_content_number(out, height);
    mc_content_number(out, box->x + (box->width - width) / 2);
    mc_content_number(out, box->y + (box->height - height) / 2);

    return mc_buf_str(out, mc_str("cm\n/P Do\nQ\n"));
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


/* Everything that is this document's own, into the scratch buffer. */
static mc_err_t
compose(document_t *document, const mc_certificate_t *certificate)
{
    size_t      i;
    mc_err_t    err;
    mc_buf_t   *scratch;
    mc_cast_t  *cast;
    mc_draw_t   draw;

    cast = document->cast;
    scratch = &document->scratch;
    draw = (mc_draw_t) {
        .data = document, .text = draw_text, .photo = draw_photo
    };

    document->content = begin(document);
    err = mc_layout_values(document->template_->layout, cast, certificate,
                           document->template_->timezone, &draw);
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

    return err != MC_OK ? err : scratch->err;
}


static mc_err_t
make_id(document_t *document, const mc_certificate_t *certificate)
{
    char      version[65], number[24];
    uint8_t   digest[32];
    mc_err_t  err;
    mc_str_t  parts[4];

    err = mc_certificate_version(certificate, version);
    if (err != MC_OK) {
        return err;
    }

    snprintf(number, sizeof(number), "%lld",
             (long long) certificate->serial);

    parts[0] = mc_str("id");
    parts[1] = mc_str_from(version);
    parts[2] = mc_str_from(number);
    parts[3] = (mc_str_t) { (const char *) document->template_->digest, 32 };

    err = mc_sha256_parts(parts, mc_count(parts), digest);
    memcpy(document->id, digest, sizeof(document->id));

    return err;
}


static int
per_mille(const mc_font_t *font, int units)
{
    return units * 1000 / (int) font->units;
}


static HPDF_Dict
put_descriptor(mc_pdf_t *pdf, const face_t *face, const char *name,
    char keys[80])
{
    int         i;
    HPDF_Dict   descriptor, file;
    HPDF_Array  box;

    snprintf(keys, 80, "%s/Length1 %zu\n",
             face->deflated ? "/Filter /FlateDecode\n" : "", face->file_raw);

    file = mc_pdf_stream(pdf, NULL, mc_str_from(keys), &face->file);

    descriptor = mc_pdf_dict(pdf, "FontDescriptor");
    mc_pdf_name(pdf, descriptor, "FontName", name);
    mc_pdf_number(pdf, descriptor, "Flags", 4);
    mc_pdf_number(pdf, descriptor, "ItalicAngle", 0);
    mc_pdf_number(pdf, descriptor, "StemV", 80);
    mc_pdf_number(pdf, descriptor, "Ascent",
                  per_mille(face->font, face->font->ascent));
    mc_pdf_number(pdf, descriptor, "Descent",
                  per_mille(face->font, face->font->descent));
    mc_pdf_number(pdf, descriptor, "CapHeight",
                  per_mille(face->font, face->font->ascent));
    mc_pdf_ref(pdf, descriptor, "FontFile2", file);

    box = mc_pdf_array(pdf, descriptor, "FontBBox");
    for (i = 0; i < 4; i++) {
        mc_pdf_push_number(pdf, box, per_mille(face->font,
                                               face->font->box[i]));
    }

    return descriptor;
}


/* Type0 > CIDFontType2 > descriptor > file, and the map to Unicode.
 * "keys" keeps the descriptor's text until the file is written. */
static void
put_face(mc_pdf_t *pdf, const face_t *face, HPDF_Dict fonts,
    const char *resource, char keys[80])
{
    char        name[80];
    HPDF_Dict   type0, cid, info, descriptor, unicode;
    HPDF_Array  kin;

    snprintf(name, sizeof(name), "%s+%s", face->tag, face->font->name);

    descriptor = put_descriptor(pdf, face, name, keys);

    cid = mc_pdf_stream(pdf, "Font", face->widths, NULL);
    mc_pdf_name(pdf, cid, "Subtype", "CIDFontType2");
    mc_pdf_name(pdf, cid, "BaseFont", name);
    mc_pdf_name(pdf, cid, "CIDToGIDMap", "Identity");
    mc_pdf_number(pdf, cid, "DW", 1000);
    mc_pdf_ref(pdf, cid, "FontDescriptor", descriptor);

    info = mc_pdf_inner(pdf, cid, "CIDSystemInfo");
    mc_pdf_text(pdf, info, "Registry", "Adobe");
    mc_pdf_text(pdf, info, "Ordering", "Identity");
    mc_pdf_number(pdf, info, "Supplement", 0);

    unicode = mc_pdf_stream(pdf, NULL,
                            face->deflated ? mc_str("/Filter /FlateDecode\n")
                                           : mc_str(""), &face->unicode);

    type0 = mc_pdf_dict(pdf, "Font");
    mc_pdf_name(pdf, type0, "Subtype", "Type0");
    mc_pdf_name(pdf, type0, "BaseFont", name);
    mc_pdf_name(pdf, type0, "Encoding", "Identity-H");
    mc_pdf_ref(pdf, type0, "ToUnicode", unicode);

    kin = mc_pdf_array(pdf, type0, "DescendantFonts");
    mc_pdf_push_ref(pdf, kin, cid);

    mc_pdf_ref(pdf, fonts, resource, type0);
}


static void
put_fonts(document_t *document, HPDF_Dict fonts)
{
    size_t                i;
    char                  resource[8];
    face_t                face;
    mc_pdf_t             *pdf;
    const mc_face_t      *made;
    const mc_template_t  *template_;

    pdf = &document->pdf;
    template_ = document->template_;

    for (i = 0; i < template_->chain.count; i++) {
        face.font = template_->chain.fonts[i];

        if (template_->cast.numbers[i] > 0) {
            made = &template_->faces[i];
            memcpy(face.tag, made->tag, sizeof(face.tag));
            face.file = mc_buf_view(&made->file.data);
            face.file_raw = made->file.raw;
            face.unicode = mc_buf_view(&made->unicode.data);
            face.widths = mc_buf_view(&made->widths);
            face.deflated = true;

            snprintf(resource, sizeof(resource), "A%u", (unsigned) i);
            put_face(pdf, &face, fonts, resource, document->keys[0][i]);
        }

        if (document->cast->numbers[i] > 0) {
            mc_cast_tag(document->cast, i, face.tag);
            face.file = piece_str(document, document->files[i]);
            face.file_raw = face.file.len;
            face.unicode = piece_str(document, document->unicodes[i]);
            face.widths = piece_str(document, document->widths[i]);
            face.deflated = false;

            snprintf(resource, sizeof(resource), "B%u", (unsigned) i);
            put_face(pdf, &face, fonts, resource, document->keys[1][i]);
        }
    }
}


static HPDF_Dict
put_photo(document_t *document)
{
    HPDF_Dict  image;
    mc_pdf_t  *pdf;

    pdf = &document->pdf;

    image = mc_pdf_stream(pdf, "XObject", mc_str("/Filter /DCTDecode\n"),
                          &document->photo);
    mc_pdf_name(pdf, image, "Subtype", "Image");
    mc_pdf_number(pdf, image, "Width", (int) document->head.width);
    mc_pdf_number(pdf, image, "Height", (int) document->head.height);
    mc_pdf_number(pdf, image, "BitsPerComponent", 8);
    mc_pdf_name(pdf, image, "ColorSpace", document->head.components == 3
                                          ? "DeviceRGB" : "DeviceGray");

    return image;
}


static void
put_forms(document_t *document, HPDF_Dict objects)
{
    int           j;
    size_t        i;
    char          resource[8];
    mc_str_t      data;
    mc_pdf_t     *pdf;
    HPDF_Dict     form;
    HPDF_Array    box;

    pdf = &document->pdf;

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        data = mc_buf_view(&document->template_->forms[i].data);

        form = mc_pdf_stream(pdf, "XObject",
                             mc_str("/Filter /FlateDecode\n"), &data);
        mc_pdf_name(pdf, form, "Subtype", "Form");
        (void) mc_pdf_inner(pdf, form, "Resources");

        box = mc_pdf_array(pdf, form, "BBox");
        for (j = 0; j < 4; j++) {
            mc_pdf_push_number(pdf, box, document->template_->boxes[i][j]);
        }

        snprintf(resource, sizeof(resource), "G%u", (unsigned) i);
        mc_pdf_ref(pdf, objects, resource, form);
    }
}


static void
put_contents(document_t *document, HPDF_Dict page)
{
    mc_str_t    data;
    mc_pdf_t   *pdf;
    HPDF_Array  contents;

    pdf = &document->pdf;
    contents = mc_pdf_array(pdf, page, "Contents");

    data = mc_buf_view(&document->template_->content.data);
    mc_pdf_push_ref(pdf, contents,
                    mc_pdf_stream(pdf, NULL,
                                  mc_str("/Filter /FlateDecode\n"), &data));

    data = piece_str(document, document->content);
    mc_pdf_push_ref(pdf, contents,
                    mc_pdf_stream(pdf, NULL, mc_str(""), &data));
}


static void
put_page(document_t *document, HPDF_Dict pages)
{
    HPDF_Dict   page, resources, objects;
    mc_pdf_t   *pdf;
    HPDF_Array  kids;

    pdf = &document->pdf;

    page = mc_pdf_stream(pdf, "Page",
                         mc_str("/MediaBox [0 0 595.28 841.89]\n"), NULL);
    mc_pdf_ref(pdf, page, "Parent", pages);
    put_contents(document, page);

    resources = mc_pdf_inner(pdf, page, "Resources");
    put_fonts(document, mc_pdf_inner(pdf, resources, "Font"));

    objects = mc_pdf_inner(pdf, resources, "XObject");
    mc_pdf_ref(pdf, objects, "P", put_photo(document));
    put_forms(document, objects);

    mc_pdf_number(pdf, pages, "Count", 1);
    kids = mc_pdf_array(pdf, pages, "Kids");
    mc_pdf_push_ref(pdf, kids, page);
}


static mc_err_t
write_file(document_t *document)
{
    int                   i;
    HPDF_Dict             catalog, pages, info, inner;
    mc_pdf_t             *pdf;
    HPDF_Array            id;
    const mc_template_t  *template_;

    pdf = &document->pdf;
    template_ = document->template_;

    catalog = mc_pdf_dict(pdf, "Catalog");
    pages = mc_pdf_dict(pdf, "Pages");
    mc_pdf_ref(pdf, catalog, "Pages", pages);
    mc_pdf_text(pdf, catalog, "Lang", "zh-CN");

    inner = mc_pdf_inner(pdf, catalog, "ViewerPreferences");
    mc_pdf_name(pdf, inner, "PrintScaling", "None");

    put_page(document, pages);

    info = mc_pdf_dict(pdf, NULL);
    mc_pdf_binary(pdf, info, "Title", template_->title,
                  template_->title_len);

    if (pdf->err == MC_OK) {
        id = mc_pdf_array(pdf, pdf->xref->trailer, "ID");

        for (i = 0; i < 2; i++) {
            mc_pdf_push_binary(pdf, id, document->id, sizeof(document->id));
        }
    }

    return mc_pdf_write(pdf, catalog, info);
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
    document->photo = in->photo;
    document->cast = (mc_cast_t *) (document + 1);
    mc_cast_init(document->cast, &template_->chain, &template_->cast);
    mc_buf_init(&document->scratch, SCRATCH_MAX);

    err = mc_jpeg_head(in->photo, &document->head);

    if (err == MC_OK) {
        err = compose(document, certificate);
    }

    if (err == MC_OK) {
        err = make_id(document, certificate);
    }

    if (err == MC_OK) {
        mc_pdf_init(&document->pdf, out);
        err = write_file(document);
        mc_pdf_free(&document->pdf);
    }

    mc_buf_free(&document->scratch);
    mc_free(document);

    return err;
}


mc_err_t
mc_document_make(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_document_in_t *in,
    mc_buf_t *own, mc_document_t *out)
{
    mc_err_t  err;

    memset(out, 0, sizeof(*out));

    err = mc_document_render(template_, certificate, in, own);

    if (err == MC_OK) {
        out->count = 1;
        out->len = own->len;
        out->parts[0] = mc_buf_view(own);
    }

    return err;
}


mc_err_t
mc_document_digest(const mc_template_t *template_,
    const mc_document_t *document, uint8_t out[32])
{
    return mc_sha256(document->parts[0].data, document->parts[0].len, out);
}
