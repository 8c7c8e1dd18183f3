/*
 * The layout as SVG.
 *
 * Depends on base, domain, mc_layout, mc_template, mc_ornament, zlib.
 * Store or cpu pool; any thread, as each call has memory of its own.
 *
 * The page's own system, points with y up, is kept; one group turns it
 * over.
 */

#include "mc_preview.h"

#include <math.h>
#include <zlib.h>

#include "mc_crypto.h"
#include "mc_jpeg_head.h"
#include "mc_preview_glyph.h"
#include "mc_preview_page.h"
#include "mc_template.h"
#include "mc_utf8.h"


#define MARK_LINES  3
#define MARK_ROOM   32

typedef struct {
    const mc_template_t     *template_;
    const mc_certificate_t  *certificate;
    const mc_preview_in_t   *in;
    mc_cast_t                cast;
    mc_preview_glyphs_t      glyphs;
    mc_buf_t                 body;
    unsigned                 clips;
} preview_t;


/* Content of the template, which keeps it deflated. */
static mc_err_t
put_stream(preview_t *preview, const mc_stream_t *stream, mc_buf_t *out)
{
    uLongf    len;
    mc_err_t  err;
    uint8_t  *raw;

    if (stream->raw == 0) {
        return MC_OK;
    }

    raw = mc_alloc(stream->raw);

    if (raw == NULL) {
        return MC_ENOMEM;
    }

    len = stream->raw;
    err = uncompress(raw, &len, stream->data.data, stream->data.len) == Z_OK
          ? mc_preview_page((mc_str_t) { (char *) raw, len },
                            &preview->clips, out)
          : MC_ECORRUPT;

    mc_free(raw);

    return err;
}


/* --- what the layout calls */

static mc_err_t
draw_text(void *data, const mc_line_t *line)
{
    preview_t  *preview;

    preview = data;

    return mc_preview_line(&preview->glyphs, line, &preview->body);
}


static mc_err_t
draw_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    mc_buf_t    content;
    mc_err_t    err;
    preview_t  *preview;

    preview = data;
    mc_buf_init(&content, MC_PREVIEW_MAX);

    err = mc_ornament_draw(&content, kind, box);

    if (err == MC_OK) {
        err = mc_preview_page(mc_buf_view(&content), &preview->clips,
                              &preview->body);
    }

    mc_buf_free(&content);

    return err;
}


/* "matrix(1 0 0 1 " and the corner of a box. */
static void
put_corner(mc_buf_t *out, int x, int y)
{
    mc_preview_number(out, x);
    (void) mc_buf_byte(out, ' ');
    mc_preview_number(out, y);
    (void) mc_buf_str(out, mc_str(")\""));
}


static mc_err_t
draw_photo(void *data, const mc_box_t *box)
{
    char       *text;
    mc_buf_t   *out;
    mc_str_t    photo;
    preview_t  *preview;

    preview = data;
    out = &preview->body;
    photo = preview->in->photo;

    if (photo.len == 0) {
        return MC_OK;
    }

    text = mc_alloc((photo.len + 2) / 3 * 4 + 1);

    if (text == NULL) {
        return MC_ENOMEM;
    }

    mc_base64(photo.data, photo.len, text);

    (void) mc_buf_str(out, mc_str("<image preserveAspectRatio=\"none\" "
                                  "width=\""));
    mc_preview_number(out, box->width);
    (void) mc_buf_str(out, mc_str("\" height=\""));
    mc_preview_number(out, box->height);
    (void) mc_buf_str(out, mc_str("\" transform=\"matrix(1 0 0 -1 "));
    put_corner(out, box->x, box->y + box->height);
    (void) mc_buf_str(out, mc_str(" href=\"data:image/jpeg;base64,"));
    (void) mc_buf_cstr(out, text);

    mc_free(text);

    return mc_buf_str(out, mc_str("\"/>\n"));
}


static mc_err_t
draw_seal(void *data, mc_seal_kind_t kind, const mc_box_t *box)
{
    int                  region;
    mc_buf_t            *out;
    mc_err_t             err;
    preview_t           *preview;
    const mc_stream_t   *stream;

    preview = data;
    out = &preview->body;
    stream = &preview->template_->national;

    if (kind != MC_SEAL_NATIONAL) {
        region = mc_template_region(preview->template_,
                                    preview->certificate);

        if (region < 0) {
            return MC_OK;
        }

        stream = &preview->template_->regions[region];
    }

    (void) mc_buf_printf(out, "<g transform=\"matrix(%.6f 0 0 %.6f ",
                         box->width / 100.0 / MC_SEAL_BOX,
                         box->height / 100.0 / MC_SEAL_BOX);
    put_corner(out, box->x, box->y);
    (void) mc_buf_str(out, mc_str(">\n"));

    err = put_stream(preview, stream, out);

    return err == MC_OK ? mc_buf_str(out, mc_str("</g>\n")) : err;
}


/* What of a text can be drawn, as glyphs. */
static size_t
glyphs_of(preview_t *preview, mc_str_t text, mc_glyph_t *out, size_t room)
{
    size_t  pos, count;

    count = 0;

    for (pos = 0; pos < text.len && count < room; /* void */ ) {

        if (mc_cast_add(&preview->cast, mc_utf8_next(text, &pos),
                        &out[count]) == MC_OK)
        {
            count++;
        }
    }

    return count;
}


/* The code exists only after the confirmation. */
static mc_err_t
draw_qr(void *data, const mc_box_t *box)
{
    mc_buf_t    *out;
    mc_err_t     err;
    mc_line_t    line;
    mc_glyph_t   glyphs[8];
    preview_t   *preview;

    preview = data;
    out = &preview->body;

    if (!preview->in->qr) {
        return MC_OK;
    }

    (void) mc_buf_str(out, mc_str("<rect id=\"qr\" fill=\"#e4e6e8\" "
                                  "width=\""));
    mc_preview_number(out, box->width);
    (void) mc_buf_str(out, mc_str("\" height=\""));
    mc_preview_number(out, box->height);
    (void) mc_buf_str(out, mc_str("\" transform=\"matrix(1 0 0 1 "));
    put_corner(out, box->x, box->y);
    err = mc_buf_str(out, mc_str("/>\n"));

    memset(&line, 0, sizeof(line));
    line.glyphs = glyphs;
    line.count = glyphs_of(preview, mc_str("二维码"), glyphs,
                           mc_count(glyphs));
    line.size = box->width / 6;
    line.colour = (mc_colour_t) { 350, 370, 400 };
    line.x = box->x + (box->width - mc_line_width(&line)) / 2;
    line.y = box->y + box->height / 2 - line.size / 3;

    return err == MC_OK && line.count > 0 ? draw_text(preview, &line) : err;
}


/* 预览 PREVIEW, three times along the page's diagonal. */
static mc_err_t
draw_mark(preview_t *preview)
{
    int          i;
    double       width, height, away;
    mc_err_t     err;
    mc_line_t    line;
    mc_glyph_t   glyphs[MARK_ROOM];

    width = mc_layout_width(preview->template_->layout);
    height = mc_layout_height(preview->template_->layout);

    memset(&line, 0, sizeof(line));
    line.glyphs = glyphs;
    line.count = glyphs_of(preview, mc_str("预览 PREVIEW"), glyphs,
                           MARK_ROOM);
    line.size = 10000;
    line.turn = atan2(height, width);
    line.colour = (mc_colour_t) { 700, 110, 100 };
    line.size = (int) (line.size * hypot(width, height) * 0.45
                       / (mc_line_width(&line) + 1));

    err = mc_buf_str(&preview->body,
                     mc_str("<g id=\"mark\" fill-opacity=\"0.16\">\n"));

    for (i = 0; err == MC_OK && line.count > 0 && i < MARK_LINES; i++) {
        away = (i - 1) * 0.33 * fmin(width, height) - line.size * 0.35;
        line.x = (int) (width / 2 - sin(line.turn) * away
                        - cos(line.turn) * mc_line_width(&line) / 2);
        line.y = (int) (height / 2 + cos(line.turn) * away
                        - sin(line.turn) * mc_line_width(&line) / 2);

        err = draw_text(preview, &line);
    }

    return err == MC_OK ? mc_buf_str(&preview->body, mc_str("</g>\n")) : err;
}


static mc_err_t
draw_page(preview_t *preview)
{
    mc_err_t              err;
    const mc_layout_t    *layout;
    const mc_draw_t       draw = {
        .data = preview,
        .text = draw_text,
        .photo = draw_photo,
        .ornament = draw_ornament,
        .qr = draw_qr,
        .seal = draw_seal
    };

    layout = preview->template_->layout;

    err = mc_layout_fixed(layout, &preview->cast, &draw);

    if (err == MC_OK) {
        err = mc_layout_values(layout, &preview->cast, preview->certificate,
                               preview->template_->timezone, &draw);
    }

    return err == MC_OK ? draw_mark(preview) : err;
}


/* --- the document */

static void
put_title(preview_t *preview, mc_buf_t *out)
{
    (void) mc_buf_str(out, mc_str("证书预览 Certificate preview: "));
    (void) mc_buf_xml(out, preview->certificate->values[MC_CERT_NAME].zh);
}


static mc_err_t
put_head(preview_t *preview, mc_buf_t *out)
{
    int                 width, height;
    size_t              i;
    mc_err_t            err;
    const mc_layout_t  *layout;

    layout = preview->template_->layout;
    width = mc_layout_width(layout);
    height = mc_layout_height(layout);

    (void) mc_buf_str(out, mc_str("<svg xmlns=\"http://www.w3.org/2000/svg\""
                                  " xml:lang=\"zh\" role=\"img\" width=\""));
    mc_preview_number(out, width);
    (void) mc_buf_str(out, mc_str("\" height=\""));
    mc_preview_number(out, height);
    (void) mc_buf_str(out, mc_str("\" viewBox=\"0 0 "));
    mc_preview_number(out, width);
    (void) mc_buf_byte(out, ' ');
    mc_preview_number(out, height);
    (void) mc_buf_str(out, mc_str("\" aria-label=\""));
    put_title(preview, out);
    (void) mc_buf_str(out, mc_str("\">\n<title>"));
    put_title(preview, out);
    (void) mc_buf_str(out, mc_str("</title>\n<defs>\n"));
    (void) mc_buf_str(out, mc_buf_view(&preview->glyphs.outlines));

    err = MC_OK;

    for (i = 0; err == MC_OK && i < MC_ORNAMENT_FORMS; i++) {
        (void) mc_buf_printf(out, "<g id=\"G%zu\">", i);
        err = put_stream(preview, &preview->template_->forms[i], out);
        (void) mc_buf_str(out, mc_str("</g>\n"));
    }

    (void) mc_buf_str(out, mc_str("</defs>\n<path fill=\"#fff\" d=\"M0 0H"));
    mc_preview_number(out, width);
    (void) mc_buf_byte(out, 'V');
    mc_preview_number(out, height);
    (void) mc_buf_str(out, mc_str("H0Z\"/>\n"
                                  "<g transform=\"matrix(1 0 0 -1 0 "));
    mc_preview_number(out, height);
    (void) mc_buf_str(out, mc_str(")\">\n"));

    return err == MC_OK ? out->err : err;
}


static mc_err_t
put_document(preview_t *preview, mc_buf_t *out)
{
    mc_err_t  err;

    err = draw_page(preview);

    if (err == MC_OK) {
        err = put_head(preview, out);
    }

    if (err == MC_OK) {
        (void) mc_buf_str(out, mc_buf_view(&preview->body));
        err = mc_buf_str(out, mc_str("</g>\n</svg>\n"));
    }

    return err;
}


mc_err_t
mc_preview_svg(const mc_template_t *template_,
    const mc_certificate_t *certificate, const mc_preview_in_t *in,
    mc_buf_t *out)
{
    mc_err_t         err;
    preview_t       *preview;
    mc_jpeg_head_t   head;

    if (in->photo.len > 0) {
        err = mc_jpeg_head(in->photo, &head);

        if (err != MC_OK) {
            return err;
        }
    }

    preview = mc_alloc(sizeof(preview_t));

    if (preview == NULL) {
        return MC_ENOMEM;
    }

    preview->template_ = template_;
    preview->certificate = certificate;
    preview->in = in;
    mc_cast_init(&preview->cast, &template_->chain, &template_->cast);
    mc_preview_glyphs_init(&preview->glyphs, &template_->chain,
                           MC_PREVIEW_MAX);
    mc_buf_init(&preview->body, MC_PREVIEW_MAX);

    err = put_document(preview, out);

    mc_buf_free(&preview->body);
    mc_preview_glyphs_free(&preview->glyphs);
    mc_free(preview);

    return err;
}
