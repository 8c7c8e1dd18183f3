/*
 * The constant objects.
 *
 * Depends on base, domain, this room, libharu.  Any thread.
 */

#include "mc_skeleton.h"

#include <stdio.h>

#include "mc_tag.h"


static const mc_str_t  deflated = mc_str("/Filter /FlateDecode\n");

const mc_str_t  mc_skeleton_seal_keys = mc_str(
    "/Filter /FlateDecode\n/BBox [0 0 1000 1000]\n/Resources <<>>\n");


static HPDF_Dict
slot(mc_pdf_t *pdf, mc_skeleton_t *out)
{
    out->slots++;

    return mc_pdf_stream(pdf, NULL, mc_str(""), NULL);
}


/* The first objects of the file: their numbers are 1 .. slots. */
static void
make_slots(mc_pdf_t *pdf, const mc_template_t *template_, mc_skeleton_t *out)
{
    out->content = slot(pdf, out);
    out->resources = slot(pdf, out);
    out->photo = slot(pdf, out);

    if (template_->regional.count > 0) {
        out->seal = slot(pdf, out);
    }

    if (template_->signer != NULL) {
        out->signature = slot(pdf, out);
    }
}


static void
put_faces(mc_pdf_t *pdf, const mc_template_t *template_, mc_skeleton_t *out)
{
    size_t            i;
    mc_face_in_t      face;
    const mc_face_t  *made;

    for (i = 0; i < template_->chain.count; i++) {
        if (template_->cast.numbers[i] == 0) {
            continue;
        }

        made = &template_->faces[i];
        face.font = template_->chain.fonts[i];
        memcpy(face.tag, made->tag, sizeof(face.tag));
        face.file = mc_buf_view(&made->file.data);
        face.file_raw = made->file.raw;
        face.unicode = mc_buf_view(&made->unicode.data);
        face.widths = mc_buf_view(&made->widths);
        face.deflated = true;

        out->faces[i] = mc_face_put(pdf, &face, out->keys[i]);
    }
}


static void
put_forms(mc_pdf_t *pdf, const mc_template_t *template_, mc_skeleton_t *out)
{
    int         j;
    size_t      i;
    mc_str_t    data;
    HPDF_Dict   form;
    HPDF_Array  box;

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        data = mc_buf_view(&template_->forms[i].data);

        form = mc_pdf_stream(pdf, "XObject", deflated, &data);
        mc_pdf_name(pdf, form, "Subtype", "Form");
        (void) mc_pdf_inner(pdf, form, "Resources");

        box = mc_pdf_array(pdf, form, "BBox");
        for (j = 0; j < 4; j++) {
            mc_pdf_push_number(pdf, box, template_->boxes[i][j]);
        }

        out->forms[i] = form;
    }

    if (template_->national.data.len > 0) {
        data = mc_buf_view(&template_->national.data);
        out->national = mc_pdf_stream(pdf, "XObject", mc_skeleton_seal_keys,
                                      &data);
        mc_pdf_name(pdf, out->national, "Subtype", "Form");
    }
}


static void
put_metadata(mc_pdf_t *pdf, const mc_template_t *template_,
    HPDF_Dict catalog)
{
    mc_str_t    data;
    HPDF_Dict   dict, intent;
    HPDF_Array  intents;

    data = mc_buf_view(&template_->xmp);
    dict = mc_pdf_stream(pdf, "Metadata", mc_str(""), &data);
    mc_pdf_name(pdf, dict, "Subtype", "XML");
    mc_pdf_ref(pdf, catalog, "Metadata", dict);

    data = mc_buf_view(&template_->profile.data);
    dict = mc_pdf_stream(pdf, NULL, deflated, &data);
    mc_pdf_number(pdf, dict, "N", 3);

    intent = mc_pdf_dict(pdf, "OutputIntent");
    mc_pdf_name(pdf, intent, "S", "GTS_PDFA1");
    mc_pdf_text(pdf, intent, "OutputConditionIdentifier", "sRGB");
    mc_pdf_ref(pdf, intent, "DestOutputProfile", dict);

    intents = mc_pdf_array(pdf, catalog, "OutputIntents");
    mc_pdf_push_ref(pdf, intents, intent);
}


static HPDF_Dict
put_page(mc_pdf_t *pdf, const mc_template_t *template_, bool fixed,
    mc_skeleton_t *out)
{
    int         width, height;
    mc_str_t    data;
    HPDF_Dict   pages, page;
    HPDF_Array  array;

    width = mc_layout_width(template_->layout);
    height = mc_layout_height(template_->layout);

    snprintf(out->page_keys, sizeof(out->page_keys),
             "/MediaBox [0 0 %d.%02d %d.%02d]\n", width / 100, width % 100,
             height / 100, height % 100);

    pages = mc_pdf_dict(pdf, "Pages");
    mc_pdf_ref(pdf, out->catalog, "Pages", pages);

    page = mc_pdf_stream(pdf, "Page", mc_str_from(out->page_keys), NULL);
    mc_pdf_ref(pdf, page, "Parent", pages);
    mc_pdf_ref(pdf, page, "Resources", out->resources);

    array = mc_pdf_array(pdf, page, "Contents");

    if (fixed) {
        data = mc_buf_view(&template_->content.data);
        mc_pdf_push_ref(pdf, array,
                        mc_pdf_stream(pdf, NULL, deflated, &data));
    }

    mc_pdf_push_ref(pdf, array, out->content);

    mc_pdf_number(pdf, pages, "Count", 1);
    array = mc_pdf_array(pdf, pages, "Kids");
    mc_pdf_push_ref(pdf, array, page);

    return page;
}


/* The field, its widget (of no size) and an empty appearance. */
static void
put_field(mc_pdf_t *pdf, HPDF_Dict page, mc_skeleton_t *out)
{
    int         i;
    mc_str_t    nothing;
    HPDF_Dict   form, field, look;
    HPDF_Array  array;

    field = mc_pdf_dict(pdf, "Annot");
    mc_pdf_name(pdf, field, "Subtype", "Widget");
    mc_pdf_name(pdf, field, "FT", "Sig");
    mc_pdf_text(pdf, field, "T", "Signature1");
    mc_pdf_ref(pdf, field, "V", out->signature);
    mc_pdf_ref(pdf, field, "P", page);
    mc_pdf_number(pdf, field, "F", 132);        /* print, locked */

    array = mc_pdf_array(pdf, field, "Rect");
    for (i = 0; i < 4; i++) {
        mc_pdf_push_number(pdf, array, 0);
    }

    nothing = mc_str("");
    look = mc_pdf_stream(pdf, "XObject",
                         mc_str("/BBox [0 0 0 0]\n/Resources <<>>\n"),
                         &nothing);
    mc_pdf_name(pdf, look, "Subtype", "Form");
    mc_pdf_ref(pdf, mc_pdf_inner(pdf, field, "AP"), "N", look);

    array = mc_pdf_array(pdf, page, "Annots");
    mc_pdf_push_ref(pdf, array, field);

    form = mc_pdf_inner(pdf, out->catalog, "AcroForm");
    mc_pdf_number(pdf, form, "SigFlags", 3);
    array = mc_pdf_array(pdf, form, "Fields");
    mc_pdf_push_ref(pdf, array, field);
}


void
mc_skeleton_build(mc_pdf_t *pdf, const mc_template_t *template_, bool fixed,
    mc_skeleton_t *out)
{
    HPDF_Dict  page, inner;

    memset(out, 0, sizeof(*out));

    make_slots(pdf, template_, out);

    out->catalog = mc_pdf_dict(pdf, "Catalog");
    mc_pdf_text(pdf, out->catalog, "Lang", "zh-CN");

    inner = mc_pdf_inner(pdf, out->catalog, "ViewerPreferences");
    mc_pdf_bool(pdf, inner, "DisplayDocTitle", true);
    mc_pdf_name(pdf, inner, "PrintScaling", "None");

    page = put_page(pdf, template_, fixed, out);
    put_faces(pdf, template_, out);
    put_forms(pdf, template_, out);
    put_metadata(pdf, template_, out->catalog);
    mc_tag_build(pdf, template_->layout, out->catalog, page);

    if (out->signature != NULL) {
        put_field(pdf, page, out);
    }
}
