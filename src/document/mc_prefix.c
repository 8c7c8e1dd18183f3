/*
 * Laying out the constant part.
 *
 * Depends on base, domain, this room, libcrypto (the hash of the part).
 * While a template is made; one thread.
 */

#include "mc_prefix.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "mc_skeleton.h"


#define PACKED      200         /* objects of one object stream */
#define RAW_MAX     (4u * 1024 * 1024)

static const char  header[] = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

typedef struct {
    mc_prefix_t  *prefix;
    unsigned      last;             /* the highest number given out */
    mc_buf_t      index;            /* "12 0 13 45 ": numbers and places */
    mc_buf_t      objects;
    size_t        packed;           /* in these two */
    unsigned      ids[PACKED];
    unsigned      stream;           /* number of the object stream */
} laying_t;


uint8_t *
mc_prefix_row(uint8_t *p, int kind, size_t offset, unsigned n)
{
    p[0] = (uint8_t) kind;
    p[1] = (uint8_t) (offset >> 16);
    p[2] = (uint8_t) (offset >> 8);
    p[3] = (uint8_t) offset;
    p[4] = (uint8_t) n;

    return p + MC_PREFIX_ROW;
}


/* Rows come in any order of numbers. */
static mc_err_t
set_row(mc_prefix_t *prefix, unsigned id, int kind, size_t offset, unsigned n)
{
    size_t               at;
    static const uint8_t none[MC_PREFIX_ROW];

    at = (size_t) (id - prefix->slots - 1) * MC_PREFIX_ROW;

    while (prefix->rows.err == MC_OK && prefix->rows.len <= at) {
        (void) mc_buf_append(&prefix->rows, none, sizeof(none));
    }

    if (prefix->rows.err == MC_OK) {
        (void) mc_prefix_row(prefix->rows.data + at, kind, offset, n);
    }

    return prefix->rows.err;
}


static mc_err_t
put_object(mc_prefix_t *prefix, unsigned id, mc_str_t value)
{
    (void) set_row(prefix, id, 1, prefix->bytes.len, 0);
    (void) mc_buf_printf(&prefix->bytes, "%u 0 obj\n", id);
    (void) mc_buf_str(&prefix->bytes, value);

    return mc_buf_str(&prefix->bytes, mc_str("\nendobj\n"));
}


/* Writes the object stream of what was gathered. */
static mc_err_t
flush(laying_t *laying)
{
    char          head[128];
    size_t        i, first;
    mc_buf_t      raw, value;
    mc_err_t      err;
    mc_stream_t   stream;

    if (laying->packed == 0) {
        return MC_OK;
    }

    first = laying->index.len;
    mc_buf_init(&raw, RAW_MAX);
    (void) mc_buf_str(&raw, mc_buf_view(&laying->index));
    (void) mc_buf_str(&raw, mc_buf_view(&laying->objects));

    memset(&stream, 0, sizeof(stream));
    err = mc_stream_pack(&stream, &raw);

    mc_buf_init(&value, RAW_MAX);
    snprintf(head, sizeof(head), "<</Type/ObjStm/N %zu/First %zu"
             "/Filter/FlateDecode/Length %zu>>\nstream\n", laying->packed,
             first, stream.data.len);
    (void) mc_buf_cstr(&value, head);
    (void) mc_buf_str(&value, mc_buf_view(&stream.data));
    (void) mc_buf_str(&value, mc_str("\nendstream"));

    if (err == MC_OK) {
        err = value.err;
    }

    if (err == MC_OK) {
        laying->last++;
        err = put_object(laying->prefix, laying->last, mc_buf_view(&value));
    }

    for (i = 0; err == MC_OK && i < laying->packed; i++) {
        err = set_row(laying->prefix, laying->ids[i], 2, laying->last,
                      (unsigned) i);
    }

    mc_buf_free(&value);
    mc_buf_free(&stream.data);

    laying->packed = 0;
    laying->index.len = 0;
    laying->objects.len = 0;

    return err;
}


static mc_err_t
gather(laying_t *laying, unsigned id, mc_str_t value)
{
    mc_err_t  err;

    if (laying->packed == PACKED) {
        err = flush(laying);
        if (err != MC_OK) {
            return err;
        }
    }

    laying->ids[laying->packed++] = id;

    (void) mc_buf_printf(&laying->index, "%u %zu ", id,
                         laying->objects.len);
    (void) mc_buf_str(&laying->objects, value);
    err = mc_buf_byte(&laying->objects, '\n');

    return err != MC_OK ? err : laying->index.err;
}


static mc_err_t
lay(void *data, unsigned id, mc_str_t value, bool is_stream)
{
    laying_t  *laying = data;

    if (id <= laying->prefix->slots) {
        return MC_OK;
    }

    return is_stream ? put_object(laying->prefix, id, value)
                     : gather(laying, id, value);
}


static void
name(mc_buf_t *out, const char *letter, int number, HPDF_Dict dict)
{
    if (dict != NULL) {
        (void) mc_buf_byte(out, '/');
        (void) mc_buf_cstr(out, letter);

        if (number >= 0) {
            (void) mc_buf_printf(out, "%d", number);
        }

        (void) mc_buf_printf(out, " %u 0 R", mc_pdf_id(dict));
    }
}


static mc_err_t
note_names(mc_prefix_t *prefix, const mc_skeleton_t *skeleton)
{
    int  i;

    for (i = 0; i < MC_SETTINGS_FONTS; i++) {
        name(&prefix->fonts, "A", i, skeleton->faces[i]);
    }

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        name(&prefix->xobjects, "G", i, skeleton->forms[i]);
    }

    name(&prefix->xobjects, "N", -1, skeleton->national);

    return prefix->fonts.err != MC_OK ? prefix->fonts.err
                                      : prefix->xobjects.err;
}


/* Each region's seal as an object, ready to be a part of a file. */
static mc_err_t
make_regions(mc_prefix_t *prefix, const mc_template_t *template_)
{
    size_t       i;
    mc_buf_t    *object;
    mc_str_t     data;
    mc_err_t     err;

    if (template_->regional.count == 0) {
        return MC_OK;
    }

    prefix->regions = mc_alloc(template_->regional.count * sizeof(mc_buf_t));
    if (prefix->regions == NULL) {
        return MC_ENOMEM;
    }

    prefix->region_count = template_->regional.count;
    err = MC_OK;

    for (i = 0; i < prefix->region_count; i++) {
        object = &prefix->regions[i];
        data = mc_buf_view(&template_->regions[i].data);

        mc_buf_init(object, RAW_MAX);
        (void) mc_buf_printf(object, "%u 0 obj\n<</Type/XObject"
                             "/Subtype/Form\n", prefix->seal);
        (void) mc_buf_str(object, mc_skeleton_seal_keys);
        (void) mc_buf_printf(object, "/Length %zu>>\nstream\n", data.len);
        (void) mc_buf_str(object, data);
        (void) mc_buf_str(object, mc_str("\nendstream\nendobj\n"));

        if (object->err != MC_OK) {
            err = object->err;
        }
    }

    return err;
}


static mc_err_t
make_hash(mc_prefix_t *prefix)
{
    EVP_MD_CTX  *hash;

    hash = EVP_MD_CTX_new();
    prefix->hash = hash;

    if (hash == NULL || EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1
        || EVP_DigestUpdate(hash, prefix->bytes.data, prefix->bytes.len) != 1)
    {
        return MC_ENOMEM;
    }

    return MC_OK;
}


static mc_err_t
lay_out(mc_prefix_t *prefix, const mc_template_t *template_, mc_pdf_t *pdf)
{
    size_t         i;
    laying_t       laying;
    mc_err_t       err;
    mc_skeleton_t  skeleton;

    memset(&laying, 0, sizeof(laying));
    laying.prefix = prefix;
    mc_buf_init(&laying.index, RAW_MAX);
    mc_buf_init(&laying.objects, RAW_MAX);

    mc_skeleton_build(pdf, template_, true, &skeleton);

    prefix->slots = skeleton.slots;
    prefix->seal = mc_pdf_id(skeleton.seal);
    prefix->signature = mc_pdf_id(skeleton.signature);
    prefix->root = mc_pdf_id(skeleton.catalog);

    (void) mc_buf_append(&prefix->bytes, header, sizeof(header) - 1);

    /* object streams have the numbers behind all others */
    laying.last = mc_pdf_last(pdf);

    err = mc_pdf_each(pdf, lay, &laying);

    if (err == MC_OK) {
        err = flush(&laying);
    }

    if (err == MC_OK) {
        err = note_names(prefix, &skeleton);
    }

    prefix->next = laying.last + 1;

    for (i = 0; err == MC_OK && i < template_->chain.count; i++) {
        err = mc_face_metrics(template_->chain.fonts[i],
                              &prefix->metrics[i]);
    }

    mc_buf_free(&laying.index);
    mc_buf_free(&laying.objects);

    return err != MC_OK ? err : prefix->bytes.err;
}


mc_err_t
mc_prefix_make(mc_prefix_t *prefix, const mc_template_t *template_)
{
    size_t     i;
    mc_buf_t   scratch;
    mc_err_t   err;
    mc_pdf_t  *pdf;

    mc_buf_init(&prefix->bytes, RAW_MAX);
    mc_buf_init(&prefix->rows, RAW_MAX);
    mc_buf_init(&prefix->fonts, RAW_MAX);
    mc_buf_init(&prefix->xobjects, RAW_MAX);

    for (i = 0; i < MC_SETTINGS_FONTS; i++) {
        mc_buf_init(&prefix->metrics[i], RAW_MAX);
    }

    pdf = mc_alloc(sizeof(mc_pdf_t));
    if (pdf == NULL) {
        return MC_ENOMEM;
    }

    mc_buf_init(&scratch, RAW_MAX);
    mc_pdf_init(pdf, &scratch);
    err = lay_out(prefix, template_, pdf);
    mc_pdf_free(pdf);
    mc_free(pdf);
    mc_buf_free(&scratch);

    if (err == MC_OK) {
        err = make_regions(prefix, template_);
    }

    return err == MC_OK ? make_hash(prefix) : err;
}


void
mc_prefix_free(mc_prefix_t *prefix)
{
    size_t  i;

    for (i = 0; i < prefix->region_count; i++) {
        mc_buf_free(&prefix->regions[i]);
    }

    for (i = 0; i < MC_SETTINGS_FONTS; i++) {
        mc_buf_free(&prefix->metrics[i]);
    }

    mc_free(prefix->regions);
    mc_buf_free(&prefix->bytes);
    mc_buf_free(&prefix->rows);
    mc_buf_free(&prefix->fonts);
    mc_buf_free(&prefix->xobjects);
    EVP_MD_CTX_free(prefix->hash);
    memset(prefix, 0, sizeof(*prefix));
}
