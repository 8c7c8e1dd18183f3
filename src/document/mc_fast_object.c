/*
 * The fast writer's objects: page content and fonts.
 *
 * Depends on base, domain, this room.  Any thread.
 */

#include "mc_fast.h"

#include "mc_content.h"
#include "mc_digits.h"


#define LENGTH  6               /* digits of a length filled in later */


void
mc_fast_put(mc_buf_t *out, const char *text)
{
    (void) mc_buf_append(out, text, strlen(text));
}


void
mc_fast_uint(mc_buf_t *out, uint64_t value)
{
    uint8_t  text[24];

    (void) mc_buf_append(out, text,
                         (size_t) (mc_digits_uint(text, value) - text));
}


void
mc_fast_ref(mc_buf_t *out, const char *key, unsigned id)
{
    mc_fast_put(out, key);
    mc_fast_uint(out, id);
    mc_fast_put(out, " 0 R");
}


size_t
mc_fast_here(const mc_fast_t *fast)
{
    return fast->elsewhere + fast->own->len;
}


/* "12 0 obj"; slots have fixed numbers, the others the next one. */
unsigned
mc_fast_begin(mc_fast_t *fast, unsigned slot)
{
    unsigned  id;

    id = slot;

    if (slot == 0) {
        id = fast->next++;
        fast->offsets[id - fast->template_->prefix.next] = mc_fast_here(fast);
    } else {
        fast->slots[slot] = mc_fast_here(fast);
    }

    mc_fast_uint(fast->own, id);
    mc_fast_put(fast->own, " 0 obj\n<<");

    return id;
}


void
mc_fast_end(mc_fast_t *fast)
{
    mc_fast_put(fast->own, ">>\nendobj\n");
}


/* "/Length      >>stream"; returns where the stream's bytes begin. */
size_t
mc_fast_bytes(mc_fast_t *fast)
{
    mc_fast_put(fast->own, "/Length       >>\nstream\n");

    return fast->own->len;
}


void
mc_fast_bytes_end(mc_fast_t *fast, size_t start)
{
    size_t    len;
    uint8_t  *p;

    if (fast->own->err != MC_OK) {
        return;
    }

    len = fast->own->len - start;
    p = fast->own->data + start - sizeof(">>\nstream\n") + 1 - LENGTH;

    /* blanks stay behind the number */
    (void) mc_digits_padded(p, len, len >= 100000 ? 6 : len >= 10000 ? 5
                            : len >= 1000 ? 4 : len >= 100 ? 3
                            : len >= 10 ? 2 : 1);

    mc_fast_put(fast->own, "\nendstream\nendobj\n");
}


static mc_err_t
draw_text(void *data, const mc_line_t *line)
{
    mc_fast_t  *fast = data;

    return mc_quick_text(&fast->quick, line);
}


static mc_err_t
draw_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    mc_fast_t  *fast = data;

    return mc_quick_ornament(&fast->quick, kind, box);
}


static mc_err_t
draw_photo(void *data, const mc_box_t *box)
{
    mc_fast_t    *fast = data;
    mc_box_t   inside;

    inside = mc_content_inside(box, fast->head.width, fast->head.height);

    return mc_quick_place(&fast->quick, &inside, 1, "/P Do");
}


static mc_err_t
draw_qr(void *data, const mc_box_t *box)
{
    mc_fast_t  *fast = data;

    if (fast->in->qr == NULL) {
        return MC_OK;
    }

    return mc_quick_place(&fast->quick, box, fast->in->qr->size, "/Q Do");
}


static mc_err_t
draw_seal(void *data, mc_seal_kind_t kind, const mc_box_t *box)
{
    mc_fast_t  *fast = data;

    if (kind == MC_SEAL_NATIONAL) {
        return mc_quick_place(&fast->quick, box, MC_SEAL_BOX, "/N Do");
    }

    if (fast->region < 0) {
        return MC_OK;
    }

    return mc_quick_place(&fast->quick, box, MC_SEAL_BOX, "/S Do");
}


static mc_err_t
open_mark(void *data, const mc_mark_t *mark)
{
    mc_fast_t  *fast = data;

    mc_quick_open(&fast->quick, mark);

    return MC_OK;
}


static mc_err_t
close_mark(void *data)
{
    mc_fast_t  *fast = data;

    return mc_quick_close(&fast->quick);
}


mc_err_t
mc_fast_content(mc_fast_t *fast)
{
    size_t     start;
    mc_err_t   err;
    mc_draw_t  draw;

    draw = (mc_draw_t) {
        .data = fast, .text = draw_text, .photo = draw_photo,
        .ornament = draw_ornament, .qr = draw_qr, .seal = draw_seal,
        .open = open_mark, .close = close_mark
    };

    (void) mc_fast_begin(fast, MC_SLOT_CONTENT);
    start = mc_fast_bytes(fast);

    mc_quick_init(&fast->quick, fast->own);
    err = mc_layout_values(fast->template_->layout, &fast->cast,
                           fast->certificate, fast->template_->timezone,
                           &draw);
    mc_fast_bytes_end(fast, start);

    return err;
}


static void
put_name(mc_fast_t *fast, const char *key, size_t font, const char tag[7])
{
    mc_fast_put(fast->own, key);
    mc_fast_put(fast->own, tag);
    (void) mc_buf_byte(fast->own, '+');
    mc_fast_put(fast->own, fast->template_->chain.fonts[font]->name);
}


static mc_err_t
write_file(mc_fast_t *fast, size_t font)
{
    size_t    at, start, len;
    uint8_t  *p;
    mc_err_t  err;

    (void) mc_fast_begin(fast, 0);
    mc_fast_put(fast->own, "/Length1 ");
    at = fast->own->len;
    mc_fast_put(fast->own, "      ");
    start = mc_fast_bytes(fast);

    err = mc_cast_file(&fast->cast, font, fast->own);
    len = fast->own->len - start;
    mc_fast_bytes_end(fast, start);

    /* the same number as behind /Length */
    if (fast->own->err == MC_OK) {
        p = fast->own->data;
        memcpy(p + at, p + start - sizeof(">>\nstream\n") + 1 - LENGTH,
               LENGTH);
    }

    return len > 999999 ? MC_ETOOBIG : err;
}


/* The five objects of one font: file, map, descriptor, CIDFont, Type0. */
mc_err_t
mc_fast_face(mc_fast_t *fast, size_t font)
{
    char       tag[7];
    size_t     start;
    unsigned   file, unicode, descriptor, cid;
    mc_buf_t  *own;
    mc_err_t   err;

    own = fast->own;
    mc_cast_tag(&fast->cast, font, tag);

    file = fast->next;
    err = write_file(fast, font);
    if (err != MC_OK) {
        return err;
    }

    unicode = mc_fast_begin(fast, 0);
    start = mc_fast_bytes(fast);
    (void) mc_cast_unicode(&fast->cast, font, own);
    mc_fast_bytes_end(fast, start);

    descriptor = mc_fast_begin(fast, 0);
    put_name(fast, "/Type/FontDescriptor/FontName/", font, tag);
    (void) mc_buf_str(own,
                      mc_buf_view(&fast->template_->prefix.metrics[font]));
    mc_fast_ref(own, "/FontFile2 ", file);
    mc_fast_end(fast);

    cid = mc_fast_begin(fast, 0);
    put_name(fast, "/Type/Font/Subtype/CIDFontType2/BaseFont/", font, tag);
    mc_fast_put(own, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        "/Supplement 0>>/CIDToGIDMap/Identity/DW 1000");
    (void) mc_cast_widths(&fast->cast, font, own);
    mc_fast_ref(own, "/FontDescriptor ", descriptor);
    mc_fast_end(fast);

    fast->faces[font] = mc_fast_begin(fast, 0);
    put_name(fast, "/Type/Font/Subtype/Type0/BaseFont/", font, tag);
    mc_fast_ref(own, "/Encoding/Identity-H/ToUnicode ", unicode);
    mc_fast_ref(own, "/DescendantFonts[", cid);
    mc_fast_put(own, "]");
    mc_fast_end(fast);

    return own->err;
}
