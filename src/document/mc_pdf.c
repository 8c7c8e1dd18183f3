/*
 * Over libharu's object layer.
 *
 * Depends on base and libharu 2.3.0 or later (the structures of its headers
 * are used: compile and link the same version).  Any thread.
 *
 * libharu's own rules that matter here: an object given to a dictionary or
 * array belongs to it, also when adding fails; an indirect object belongs
 * to the cross reference table.  No error handler is set, so nothing jumps
 * or exits; every handle and status is looked at, and the first fault
 * sticks.
 */

#include "mc_pdf.h"

#include "mc_utf8.h"


#define WORDS_ROOM  256

static const char  header[] = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";


static void *
take_memory(HPDF_UINT size)
{
    return mc_alloc(size);
}


static void
give_memory(void *p)
{
    mc_free(p);
}


static HPDF_STATUS
write_out(HPDF_Stream stream, const HPDF_BYTE *data, HPDF_UINT len)
{
    if (mc_buf_append(stream->attr, data, len) != MC_OK) {
        return HPDF_SetError(stream->error, HPDF_FILE_IO_ERROR, 0);
    }

    return HPDF_OK;
}


static void
fail(mc_pdf_t *pdf)
{
    if (pdf->err == MC_OK) {
        pdf->err = pdf->out->err != MC_OK ? pdf->out->err : MC_ENOMEM;
    }
}


static void
check(mc_pdf_t *pdf, HPDF_STATUS status)
{
    if (status != HPDF_OK) {
        fail(pdf);
    }
}


void
mc_pdf_init(mc_pdf_t *pdf, mc_buf_t *out)
{
    memset(pdf, 0, sizeof(*pdf));

    pdf->out = out;
    pdf->err = out->err;

    HPDF_Error_Init(&pdf->error, NULL);

    pdf->memory = HPDF_MMgr_New(&pdf->error, 0, take_memory, give_memory);

    if (pdf->memory != NULL) {
        pdf->xref = HPDF_Xref_New(pdf->memory, 0);
        pdf->sink = HPDF_CallbackWriter_New(pdf->memory, write_out, out);
    }

    if (pdf->xref == NULL || pdf->sink == NULL) {
        fail(pdf);
    }
}


void
mc_pdf_free(mc_pdf_t *pdf)
{
    if (pdf->xref != NULL) {
        HPDF_Xref_Free(pdf->xref);
    }

    if (pdf->sink != NULL) {
        HPDF_Stream_Free(pdf->sink);
    }

    if (pdf->memory != NULL) {
        HPDF_MMgr_Free(pdf->memory);
    }

    pdf->xref = NULL;
    pdf->sink = NULL;
    pdf->memory = NULL;
}


HPDF_Dict
mc_pdf_dict(mc_pdf_t *pdf, const char *type)
{
    HPDF_Dict  dict;

    if (pdf->err != MC_OK) {
        return NULL;
    }

    dict = HPDF_Dict_New(pdf->memory);

    /* a refused object is freed by the table */
    if (dict == NULL || HPDF_Xref_Add(pdf->xref, dict) != HPDF_OK) {
        fail(pdf);
        return NULL;
    }

    if (type != NULL) {
        mc_pdf_name(pdf, dict, "Type", type);
    }

    return pdf->err == MC_OK ? dict : NULL;
}


static HPDF_STATUS
write_str(HPDF_Stream stream, mc_str_t s)
{
    return HPDF_Stream_Write(stream, (const HPDF_BYTE *) s.data,
                             (HPDF_UINT) s.len);
}


/* libharu calls this behind the dictionary's keys ... */
static HPDF_STATUS
write_keys(HPDF_Dict dict, HPDF_Stream stream)
{
    HPDF_STATUS     status;
    mc_pdf_blob_t  *blob;

    blob = dict->attr;
    blob->sink = stream;

    status = write_str(stream, blob->keys);

    if (status == HPDF_OK && blob->is_stream) {
        status = HPDF_Stream_WriteStr(stream, "/Length ");

        if (status == HPDF_OK) {
            status = HPDF_Stream_WriteUInt(stream,
                                           (HPDF_UINT) blob->data.len);
        }

        if (status == HPDF_OK) {
            status = HPDF_Stream_WriteStr(stream, "\n");
        }
    }

    return status;
}


/* ... and this behind the closing ">>". */
static HPDF_STATUS
write_bytes(HPDF_Dict dict)
{
    HPDF_STATUS     status;
    mc_pdf_blob_t  *blob;

    blob = dict->attr;

    if (!blob->is_stream) {
        return HPDF_OK;
    }

    status = HPDF_Stream_WriteStr(blob->sink, "\nstream\n");

    if (status == HPDF_OK) {
        status = write_str(blob->sink, blob->data);
    }

    if (status == HPDF_OK) {
        status = HPDF_Stream_WriteStr(blob->sink, "\nendstream");
    }

    return status;
}


HPDF_Dict
mc_pdf_stream(mc_pdf_t *pdf, const char *type, mc_str_t keys,
    const mc_str_t *data)
{
    HPDF_Dict       dict;
    mc_pdf_blob_t  *blob;

    dict = mc_pdf_dict(pdf, type);
    if (dict == NULL) {
        return NULL;
    }

    if (pdf->blob_count == MC_PDF_BLOBS) {
        pdf->err = MC_ETOOBIG;
        return NULL;
    }

    blob = &pdf->blobs[pdf->blob_count++];
    blob->keys = keys;
    blob->is_stream = data != NULL;
    blob->data = data != NULL ? *data : mc_str_null;

    dict->attr = blob;
    dict->write_fn = write_keys;
    dict->after_write_fn = write_bytes;

    return dict;
}


void
mc_pdf_fill(mc_pdf_t *pdf, HPDF_Dict dict, mc_str_t keys,
    const mc_str_t *data)
{
    mc_pdf_blob_t  *blob;

    if (pdf->err != MC_OK) {
        return;
    }

    blob = dict->attr;
    blob->keys = keys;
    blob->is_stream = data != NULL;
    blob->data = data != NULL ? *data : mc_str_null;
}


unsigned
mc_pdf_id(HPDF_Dict dict)
{
    /* the bits above say of which kind the object is */
    return dict != NULL ? dict->header.obj_id & 0x00FFFFFF : 0;
}


unsigned
mc_pdf_last(const mc_pdf_t *pdf)
{
    /* entry 0 heads the list of free ones */
    return pdf->err == MC_OK ? pdf->xref->entries->count - 1 : 0;
}


HPDF_Dict
mc_pdf_inner(mc_pdf_t *pdf, HPDF_Dict dict, const char *key)
{
    HPDF_Dict  inner;

    if (pdf->err != MC_OK) {
        return NULL;
    }

    inner = HPDF_Dict_New(pdf->memory);

    if (inner == NULL || HPDF_Dict_Add(dict, key, inner) != HPDF_OK) {
        fail(pdf);
        return NULL;
    }

    return inner;
}


HPDF_Array
mc_pdf_array(mc_pdf_t *pdf, HPDF_Dict dict, const char *key)
{
    HPDF_Array  array;

    if (pdf->err != MC_OK) {
        return NULL;
    }

    array = HPDF_Array_New(pdf->memory);

    if (array == NULL || HPDF_Dict_Add(dict, key, array) != HPDF_OK) {
        fail(pdf);
        return NULL;
    }

    return array;
}


void
mc_pdf_name(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    const char *value)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Dict_AddName(dict, key, value));
    }
}


void
mc_pdf_number(mc_pdf_t *pdf, HPDF_Dict dict, const char *key, int value)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Dict_AddNumber(dict, key, value));
    }
}


void
mc_pdf_bool(mc_pdf_t *pdf, HPDF_Dict dict, const char *key, bool value)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Dict_AddBoolean(dict, key, value ? HPDF_TRUE
                                                         : HPDF_FALSE));
    }
}


void
mc_pdf_text(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    const char *ascii)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Dict_Add(dict, key,
                                 HPDF_String_New(pdf->memory, ascii, NULL)));
    }
}


/* libharu reads the bytes only, in spite of its prototype. */
static HPDF_Binary
binary(mc_pdf_t *pdf, const uint8_t *data, size_t len)
{
    return HPDF_Binary_New(pdf->memory, (HPDF_BYTE *) (uintptr_t) data,
                           (HPDF_UINT) len);
}


void
mc_pdf_binary(mc_pdf_t *pdf, HPDF_Dict dict, const char *key,
    const uint8_t *data, size_t len)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Dict_Add(dict, key, binary(pdf, data, len)));
    }
}


void
mc_pdf_words(mc_pdf_t *pdf, HPDF_Dict dict, const char *key, mc_str_t words)
{
    size_t    pos, n;
    uint8_t   text[WORDS_ROOM];
    uint32_t  c;

    text[0] = 0xFE;
    text[1] = 0xFF;
    n = 2;

    for (pos = 0; pos < words.len && n + 2 <= sizeof(text); n += 2) {
        c = mc_utf8_next(words, &pos);
        text[n] = (uint8_t) (c >> 8);
        text[n + 1] = (uint8_t) c;
    }

    mc_pdf_binary(pdf, dict, key, text, n);
}


void
mc_pdf_ref(mc_pdf_t *pdf, HPDF_Dict dict, const char *key, HPDF_Dict value)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Dict_Add(dict, key, value));
    }
}


void
mc_pdf_push_ref(mc_pdf_t *pdf, HPDF_Array array, HPDF_Dict value)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Array_Add(array, value));
    }
}


HPDF_Array
mc_pdf_push_array(mc_pdf_t *pdf, HPDF_Array array)
{
    HPDF_Array  inner;

    if (pdf->err != MC_OK) {
        return NULL;
    }

    inner = HPDF_Array_New(pdf->memory);

    if (inner == NULL || HPDF_Array_Add(array, inner) != HPDF_OK) {
        fail(pdf);
        return NULL;
    }

    return inner;
}


void
mc_pdf_push_number(mc_pdf_t *pdf, HPDF_Array array, int value)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Array_AddNumber(array, value));
    }
}


void
mc_pdf_push_binary(mc_pdf_t *pdf, HPDF_Array array, const uint8_t *data,
    size_t len)
{
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Array_Add(array, binary(pdf, data, len)));
    }
}


mc_err_t
mc_pdf_write(mc_pdf_t *pdf, HPDF_Dict root)
{
    if (pdf->err == MC_OK) {
        mc_pdf_ref(pdf, pdf->xref->trailer, "Root", root);
    }

    /* offsets count from the stream's beginning: the header goes through */
    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Stream_WriteStr(pdf->sink, header));
    }

    if (pdf->err == MC_OK) {
        check(pdf, HPDF_Xref_WriteToStream(pdf->xref, pdf->sink, NULL));
    }

    return pdf->err;
}


static bool
is_stream(HPDF_Dict dict)
{
    const mc_pdf_blob_t  *blob;

    blob = dict->attr;

    return blob != NULL && blob->is_stream;
}


mc_err_t
mc_pdf_each(mc_pdf_t *pdf, mc_pdf_show_pt show, void *data)
{
    HPDF_Dict        dict;
    HPDF_UINT        i;
    HPDF_XrefEntry   entry;

    for (i = 1; pdf->err == MC_OK && i < pdf->xref->entries->count; i++) {

        entry = HPDF_Xref_GetEntry(pdf->xref, i);
        if (entry == NULL || entry->obj == NULL) {
            fail(pdf);
            break;
        }

        dict = entry->obj;
        pdf->out->len = 0;

        check(pdf, HPDF_Obj_WriteValue(dict, pdf->sink, NULL));

        if (pdf->err == MC_OK) {
            pdf->err = show(data, mc_pdf_id(dict), mc_buf_view(pdf->out),
                            is_stream(dict));
        }
    }

    return pdf->err;
}
