/*
 * The structure of a tagged document: what a screen reader goes by.
 *
 * Follows from the layout alone: marks have fixed numbers, so the tree is
 * the same in every document of a template.  A heading, paragraphs, lists
 * of labels with their values, figures with a text in their place.
 * Source: ISO 32000-1 14.7, 14.8; ISO 14289-1.
 */

#ifndef MC_TAG_H
#define MC_TAG_H

#include "mc_layout.h"
#include "mc_pdf.h"

#pragma GCC visibility push(hidden)


/* Adds StructTreeRoot and MarkInfo to the catalog, StructParents to the
 * page.  Errors stick in "pdf". */
void mc_tag_build(mc_pdf_t *pdf, const mc_layout_t *layout,
    HPDF_Dict catalog, HPDF_Dict page);


#pragma GCC visibility pop

#endif /* MC_TAG_H */
