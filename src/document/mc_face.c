/*
 * An embedded font's objects.
 *
 * Depends on base, mc_font, mc_pdf.  Any thread.
 */

#include "mc_face.h"

#include <stdio.h>


static int
per_mille(const mc_font_t *font, int units)
{
    return units * 1000 / (int) font->units;
}


void
mc_face_name(char out[MC_FACE_NAME], const char tag[7],
    const mc_font_t *font)
{
    snprintf(out, MC_FACE_NAME, "%s+%s", tag, font->name);
}


mc_err_t
mc_face_metrics(const mc_font_t *font, mc_buf_t *out)
{
    int  i;

    (void) mc_buf_printf(out, "/Flags 4/ItalicAngle 0/StemV 80/Ascent %d"
                         "/Descent %d/CapHeight %d/FontBBox[",
                         per_mille(font, font->ascent),
                         per_mille(font, font->descent),
                         per_mille(font, font->ascent));

    for (i = 0; i < 4; i++) {
        (void) mc_buf_printf(out, i > 0 ? " %d" : "%d",
                             per_mille(font, font->box[i]));
    }

    return mc_buf_byte(out, ']');
}


static HPDF_Dict
put_descriptor(mc_pdf_t *pdf, const mc_face_in_t *face, const char *name,
    char keys[MC_FACE_KEYS])
{
    int               i;
    HPDF_Dict         descriptor, file;
    HPDF_Array        box;
    const mc_font_t  *font;

    font = face->font;

    snprintf(keys, MC_FACE_KEYS, "%s/Length1 %zu\n",
             face->deflated ? "/Filter /FlateDecode\n" : "", face->file_raw);

    file = mc_pdf_stream(pdf, NULL, mc_str_from(keys), &face->file);

    descriptor = mc_pdf_dict(pdf, "FontDescriptor");
    mc_pdf_name(pdf, descriptor, "FontName", name);
    mc_pdf_number(pdf, descriptor, "Flags", 4);
    mc_pdf_number(pdf, descriptor, "ItalicAngle", 0);
    mc_pdf_number(pdf, descriptor, "StemV", 80);
    mc_pdf_number(pdf, descriptor, "Ascent", per_mille(font, font->ascent));
    mc_pdf_number(pdf, descriptor, "Descent",
                  per_mille(font, font->descent));
    mc_pdf_number(pdf, descriptor, "CapHeight",
                  per_mille(font, font->ascent));
    mc_pdf_ref(pdf, descriptor, "FontFile2", file);

    box = mc_pdf_array(pdf, descriptor, "FontBBox");
    for (i = 0; i < 4; i++) {
        mc_pdf_push_number(pdf, box, per_mille(font, font->box[i]));
    }

    return descriptor;
}


HPDF_Dict
mc_face_put(mc_pdf_t *pdf, const mc_face_in_t *face, char keys[MC_FACE_KEYS])
{
    char        name[MC_FACE_NAME];
    HPDF_Dict   type0, cid, info, descriptor, unicode;
    HPDF_Array  kin;

    mc_face_name(name, face->tag, face->font);

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

    return type0;
}
