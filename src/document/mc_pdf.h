/*
 * libharu's object writer with one sticky error: what mc_document.c builds
 * its file from.
 *
 * Only the object layer is used (dictionaries, arrays, cross reference).
 * Its fonts cost 55 ms a document and print wrong glyphs, its PNG loader
 * aborts the process, its memory pool never shrinks; none of them is
 * touched.  Bulk data is not copied into libharu: a stream object holds a
 * pointer, and its bytes go straight into the output buffer.
 * One mc_pdf_t per call; it shares nothing, so any number of threads may
 * write at once.
 */

#ifndef MC_PDF_H
#define MC_PDF_H

#include <hpdf.h>
#include <hpdf_objects.h>

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


#define MC_PDF_BLOBS  128

typedef struct {
    mc_str_t     keys;          /* PDF text, written behind the other keys */
    mc_str_t     data;
    bool         is_stream;
    HPDF_Stream  sink;          /* between the two hooks of a write */
} mc_pdf_blob_t;

typedef struct {
    HPDF_Error_Rec  error;
    HPDF_MMgr       memory;
    HPDF_Xref       xref;
    HPDF_Stream     sink;
    mc_buf_t       *out;
    size_t          blob_count;
    mc_pdf_blob_t   blobs[MC_PDF_BLOBS];
    mc_err_t        err;        /* sticks */
} mc_pdf_t;

/* "out" outlives the writer. */
void mc_pdf_init(mc_pdf_t *pdf, mc_buf_t *out);
void mc_pdf_free(mc_pdf_t *pdf);

/* Objects of their own, NULL after an error; "type" may be NULL. */
HPDF_Dict mc_pdf_dict(mc_pdf_t *pdf, const char *type);

/* With "keys" and, unless "data" is NULL, bytes; both outlive the write. */
HPDF_Dict mc_pdf_stream(mc_pdf_t *pdf, const char *type, mc_str_t keys,
    const mc_str_t *data);

/* For one that was made with no data: gives it both, or new ones. */
void mc_pdf_fill(mc_pdf_t *pdf, HPDF_Dict dict, mc_str_t keys,
    const mc_str_t *data);

/* An object's number in the file; 0 of NULL. */
unsigned mc_pdf_id(HPDF_Dict dict);

/* The highest number of an object; 0 after an error. */
unsigned mc_pdf_last(const mc_pdf_t *pdf);

/* Values inside of another dictionary. */
HPDF_Dict mc_pdf_inner(mc_pdf_t *pdf, HPDF_Dict dict, const char *key);
HPDF_Array mc_pdf_array(mc_pdf_t *pdf, HPDF_Dict dict, const char *key);
void mc_pdf_name(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    const char *value);
void mc_pdf_number(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    int value);
void mc_pdf_bool(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    bool value);
void mc_pdf_text(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    const char *ascii);
/* UTF-8, within the first plane, as UTF-16BE. */
void mc_pdf_words(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    mc_str_t words);
void mc_pdf_binary(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    const uint8_t *data, size_t len);
void mc_pdf_ref(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    HPDF_Dict value);
void mc_pdf_push_ref(mc_pdf_t *pdf, HPDF_Array array, HPDF_Dict value);
HPDF_Array mc_pdf_push_array(mc_pdf_t *pdf, HPDF_Array array);
void mc_pdf_push_number(mc_pdf_t *pdf, HPDF_Array array, int value);
void mc_pdf_push_binary(mc_pdf_t *pdf, HPDF_Array array,
    const uint8_t *data, size_t len);

/* Header, objects, cross reference, trailer with Root. */
mc_err_t mc_pdf_write(mc_pdf_t *pdf, HPDF_Dict root);

/*
 * Writes each object's value alone ("<< ... >>", with "stream" and so on
 * behind it) to "out", cleared before, and shows it: for one who lays out
 * the file himself.  "is_stream": such an object cannot stand in another.
 */
typedef mc_err_t (*mc_pdf_show_pt)(void *data, unsigned id,
    mc_str_t value, bool is_stream);

mc_err_t mc_pdf_each(mc_pdf_t *pdf, mc_pdf_show_pt show, void *data);


#pragma GCC visibility pop

#endif /* MC_PDF_H */
