/*
 * The constant objects of a document, made with libharu: catalog, page,
 * fonts of the labels, ornaments, seal, structure, metadata.
 *
 * Both writers begin with it.  What is each document's own has an empty
 * object here ("slot"), so that the others can refer to it; slots have the
 * first numbers of the file.
 * One call, one mc_skeleton_t; any thread.
 */

#ifndef MC_SKELETON_H
#define MC_SKELETON_H

#include "mc_face.h"
#include "mc_pdf.h"
#include "mc_template.h"

#pragma GCC visibility push(hidden)


typedef struct {
    HPDF_Dict  catalog;

    /* slots, in the order of their numbers; NULL: not wanted */
    HPDF_Dict  content;
    HPDF_Dict  resources;
    HPDF_Dict  photo;
    HPDF_Dict  seal;                            /* of a region */
    HPDF_Dict  signature;
    unsigned   slots;

    /* what the resources name: /A0 .., /G0 .., /N */
    HPDF_Dict  faces[MC_SETTINGS_FONTS];        /* NULL: not used */
    HPDF_Dict  forms[MC_ORNAMENT_FORMS];
    HPDF_Dict  national;

    /* text that libharu's objects point to */
    char       page_keys[128];
    char       keys[MC_SETTINGS_FONTS][MC_FACE_KEYS];
} mc_skeleton_t;

/*
 * "fixed": the constant page content stands before the content slot's.
 * Errors stick in "pdf"; "out" lives until the file is written.
 */
void mc_skeleton_build(mc_pdf_t *pdf, const mc_template_t *template_,
    bool fixed, mc_skeleton_t *out);

/* Keys and bytes of a seal's form object. */
extern const mc_str_t mc_skeleton_seal_keys;


#pragma GCC visibility pop

#endif /* MC_SKELETON_H */
