/*
 * mc_document_make(): the fast writer.
 *
 * Depends on base, domain, this room.  Any thread; no state is kept between
 * calls, and no memory is taken but in the caller's buffer.
 *
 * The file: the template's constant part, then content, fonts, QR code,
 * the photo's dictionary | the photo | its end | the region's seal (ready
 * in the template) | signature, cross reference stream.  Between the bars
 * lie memory that is not copied.
 */

#include "mc_fast.h"

#include "mc_crypto.h"
#include "mc_digits.h"


#define OWN_FIRST  (48 * 1024)


/* Coordinates begin at 10; the box leaves a module around, so that its
 * clipping touches no edge. */
static mc_err_t
write_qr(mc_fast_t *fast)
{
    size_t     start;
    mc_buf_t  *own;
    mc_err_t   err;
    unsigned   end;

    if (fast->in->qr == NULL
        || mc_layout_qr(fast->template_->layout) == MC_LAYOUT_QR_NONE)
    {
        return MC_OK;
    }

    own = fast->own;
    end = fast->in->qr->size + MC_QR_PATH_ORIGIN + 1;

    fast->qr = mc_fast_begin(fast, 0);
    mc_fast_put(own, "/Type/XObject/Subtype/Form/Resources<<>>"
                "/Matrix[1 0 0 1 -10 -10]/Filter/FlateDecode/BBox[9 9 ");
    mc_fast_uint(own, end);
    mc_fast_put(own, " ");
    mc_fast_uint(own, end);
    mc_fast_put(own, "]");
    start = mc_fast_bytes(fast);
    err = mc_qr_path_write(&fast->template_->qr, fast->in->qr, own);
    mc_fast_bytes_end(fast, start);

    return err;
}


static void
write_resources(mc_fast_t *fast)
{
    size_t                i;
    char                  key[5] = "/B0 ";
    mc_buf_t             *own;
    const mc_prefix_t    *prefix;

    own = fast->own;
    prefix = &fast->template_->prefix;

    (void) mc_fast_begin(fast, MC_SLOT_RESOURCES);
    mc_fast_put(own, "/Font<<");
    (void) mc_buf_str(own, mc_buf_view(&prefix->fonts));

    for (i = 0; i < fast->template_->chain.count; i++) {
        if (fast->faces[i] != 0) {
            key[2] = (char) ('0' + i);
            mc_fast_ref(own, key, fast->faces[i]);
        }
    }

    mc_fast_put(own, ">>/XObject<<");
    (void) mc_buf_str(own, mc_buf_view(&prefix->xobjects));
    mc_fast_ref(own, "/P ", MC_SLOT_PHOTO);

    if (fast->qr != 0) {
        mc_fast_ref(own, "/Q ", fast->qr);
    }

    if (fast->region >= 0) {
        mc_fast_ref(own, "/S ", prefix->seal);
    }

    mc_fast_put(own, ">>");
    mc_fast_end(fast);
}


/* Own bytes end here; "len" bytes of the template or photo come next. */
static void
cut(mc_fast_t *fast, int n, size_t len)
{
    fast->cuts[n] = fast->own->len;
    fast->elsewhere += len;
}


static void
write_photo(mc_fast_t *fast)
{
    mc_buf_t  *own;

    own = fast->own;

    (void) mc_fast_begin(fast, MC_SLOT_PHOTO);
    mc_fast_put(own, "/Type/XObject/Subtype/Image/Filter/DCTDecode/Width ");
    mc_fast_uint(own, fast->head.width);
    mc_fast_put(own, "/Height ");
    mc_fast_uint(own, fast->head.height);
    mc_fast_put(own, fast->head.components == 3
             ? "/BitsPerComponent 8/ColorSpace/DeviceRGB/Length "
             : "/BitsPerComponent 8/ColorSpace/DeviceGray/Length ");
    mc_fast_uint(own, fast->in->photo.len);
    mc_fast_put(own, ">>\nstream\n");

    cut(fast, 0, fast->in->photo.len);

    mc_fast_put(own, "\nendstream\nendobj\n");
}


static void
write_seal(mc_fast_t *fast)
{
    size_t              len;
    const mc_prefix_t  *prefix;

    len = 0;
    prefix = &fast->template_->prefix;

    if (fast->region >= 0) {
        fast->slots[prefix->seal] = mc_fast_here(fast);
        len = prefix->regions[fast->region].len;
    }

    cut(fast, 1, len);
}


static void
write_signature(mc_fast_t *fast)
{
    unsigned  slot;

    slot = fast->template_->prefix.signature;

    if (slot != 0) {
        (void) mc_fast_begin(fast, slot);
        mc_hole_write(&fast->hole, fast->template_, fast->certificate,
                      fast->own);
        mc_fast_end(fast);
    }
}


static void
put_id(mc_fast_t *fast)
{
    char     text[33];
    uint8_t  id[16];

    mc_template_id(fast->template_, fast->certificate, id);
    mc_hex(id, sizeof(id), text);

    mc_fast_put(fast->own, "/ID[<");
    mc_fast_put(fast->own, text);
    mc_fast_put(fast->own, "><");
    mc_fast_put(fast->own, text);
    mc_fast_put(fast->own, ">]");
}


static void
put_rows(mc_fast_t *fast)
{
    unsigned            i;
    uint8_t             rows[MC_PREFIX_ROW * MC_FAST_OBJECTS], *p;
    const mc_prefix_t  *prefix;

    prefix = &fast->template_->prefix;

    p = mc_prefix_row(rows, 0, 0, 255);

    for (i = 1; i <= prefix->slots; i++) {
        p = mc_prefix_row(p, fast->slots[i] != 0, fast->slots[i], 0);
    }

    (void) mc_buf_append(fast->own, rows, (size_t) (p - rows));
    (void) mc_buf_str(fast->own, mc_buf_view(&prefix->rows));

    p = rows;

    for (i = 0; i < fast->next - prefix->next; i++) {
        p = mc_prefix_row(p, 1, fast->offsets[i], 0);
    }

    (void) mc_buf_append(fast->own, rows, (size_t) (p - rows));
}


static void
write_xref(mc_fast_t *fast)
{
    size_t    at, start;
    unsigned  id;

    at = mc_fast_here(fast);
    id = mc_fast_begin(fast, 0);
    mc_fast_put(fast->own, "/Type/XRef/W" MC_PREFIX_WIDTHS "/Size ");
    mc_fast_uint(fast->own, id + 1);
    mc_fast_ref(fast->own, "/Root ", fast->template_->prefix.root);
    put_id(fast);
    start = mc_fast_bytes(fast);
    put_rows(fast);
    mc_fast_bytes_end(fast, start);

    mc_fast_put(fast->own, "startxref\n");
    mc_fast_uint(fast->own, at);
    mc_fast_put(fast->own, "\n%%EOF\n");
}


static mc_err_t
write_own(mc_fast_t *fast)
{
    size_t    i;
    mc_err_t  err;

    err = mc_fast_content(fast);

    for (i = 0; err == MC_OK && i < fast->template_->chain.count; i++) {
        if (fast->cast.numbers[i] > 0) {
            err = mc_fast_face(fast, i);
        }
    }

    if (err == MC_OK) {
        err = write_qr(fast);
    }

    if (err != MC_OK) {
        return err;
    }

    write_resources(fast);
    write_photo(fast);
    write_seal(fast);
    write_signature(fast);
    write_xref(fast);

    return fast->own->err;
}


static void
add_part(mc_document_t *out, const void *data, size_t len)
{
    if (len > 0) {
        out->parts[out->count].data = data;
        out->parts[out->count].len = len;
        out->count++;
        out->len += len;
    }
}


static void
add_parts(const mc_fast_t *fast, size_t from, mc_document_t *out)
{
    const uint8_t      *data;
    const mc_prefix_t  *prefix;

    data = fast->own->data;
    prefix = &fast->template_->prefix;

    add_part(out, prefix->bytes.data, prefix->bytes.len);
    add_part(out, data + from, fast->cuts[0] - from);
    add_part(out, fast->in->photo.data, fast->in->photo.len);
    add_part(out, data + fast->cuts[0], fast->cuts[1] - fast->cuts[0]);

    if (fast->region >= 0) {
        add_part(out, prefix->regions[fast->region].data,
                 prefix->regions[fast->region].len);
    }

    add_part(out, data + fast->cuts[1], fast->own->len - fast->cuts[1]);
}


/* A new signature's bytes are kept behind the file's. */
static mc_err_t
sign(mc_fast_t *fast, mc_document_t *out)
{
    mc_err_t        err;
    mc_hole_fill_t  fill;

    if (fast->template_->signer == NULL) {
        return MC_OK;
    }

    fill.template_ = fast->template_;
    fill.hole = &fast->hole;
    fill.memory = fast->own->data;
    fill.cms = fast->in->cms;
    fill.room = fast->own->data + fast->own->len;   /* was reserved */

    err = mc_hole_fill(&fill, out);

    if (err == MC_OK && fast->in->cms.len == 0) {
        fast->own->len += out->cms.len;
    }

    return err;
}


mc_err_t
mc_document_make(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_document_in_t *in,
    mc_buf_t *own, mc_document_t *out)
{
    size_t    from;
    mc_fast_t    fast;
    mc_err_t  err;

    out->count = 0;
    out->len = 0;
    out->cms = mc_str_null;

    from = own->len;

    /* all but the cast, which is large and clears itself */
    memset(&fast, 0, offsetof(mc_fast_t, cast));
    fast.template_ = template_;
    fast.certificate = certificate;
    fast.in = in;
    fast.own = own;
    fast.next = template_->prefix.next;
    fast.elsewhere = template_->prefix.bytes.len - from;
    fast.region = mc_template_region(template_, certificate);

    mc_cast_init(&fast.cast, &template_->chain, &template_->cast);

    err = mc_jpeg_head(in->photo, &fast.head);

    if (err == MC_OK) {
        err = mc_buf_reserve(own, OWN_FIRST);
    }

    if (err == MC_OK) {
        err = write_own(&fast);
    }

    if (err == MC_OK && template_->signer != NULL) {
        err = mc_buf_reserve(own, mc_signer_room(template_->signer));
    }

    if (err != MC_OK) {
        return err;
    }

    add_parts(&fast, from, out);

    return sign(&fast, out);
}
