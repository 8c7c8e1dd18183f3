/*
 * One embedded font as objects of a PDF: Type0, CIDFontType2, descriptor,
 * TrueType file, map to Unicode.
 *
 * Any thread; errors stick in "pdf".
 * Source: ISO 32000-1 9.6 to 9.10.
 */

#ifndef MC_FACE_H
#define MC_FACE_H

#include "mc_font.h"
#include "mc_pdf.h"

#pragma GCC visibility push(hidden)


#define MC_FACE_NAME  72        /* "ABCDEF+Name" and a NUL */
#define MC_FACE_KEYS  80

/* What it consists of; the strings outlive the file's writing. */
typedef struct {
    const mc_font_t  *font;
    char              tag[7];
    mc_str_t          file;
    mc_str_t          unicode;
    mc_str_t          widths;
    size_t            file_raw;     /* length of the TrueType file */
    bool              deflated;     /* "file" and "unicode" */
} mc_face_in_t;

void mc_face_name(char out[MC_FACE_NAME], const char tag[7],
    const mc_font_t *font);

/* The Type0 font.  "keys" outlives the file's writing. */
HPDF_Dict mc_face_put(mc_pdf_t *pdf, const mc_face_in_t *face,
    char keys[MC_FACE_KEYS]);

/* The descriptor's entries that follow from the font alone, as text. */
mc_err_t mc_face_metrics(const mc_font_t *font, mc_buf_t *out);


#pragma GCC visibility pop

#endif /* MC_FACE_H */
