/*
 * Making a template: fonts, fixed content, digest; and what asks of it.
 *
 * Depends on base, domain, the other files of this room, zlib (libharu
 * needs it anyway).  Opened while configuration is read; any thread may
 * read it afterwards.
 */

#include "mc_template.h"

#include <hpdf.h>
#include <stdio.h>
#include <zlib.h>

#include "mc_content.h"
#include "mc_crypto.h"
#include "mc_utf8.h"
#include "mc_wording.h"


/* Raise it when code of this room changes what a page looks like. */
#define FORMAT  "membercert document 1"

#define RAW_MAX  (4u * 1024 * 1024)


/* Takes "raw" over: deflated bytes, and the buffer is freed. */
static mc_err_t
deflate_into(mc_stream_t *stream, mc_buf_t *raw)
{
    uLongf    len;
    mc_err_t  err;

    err = raw->err;

    if (err == MC_OK) {
        len = compressBound(raw->len);
        mc_buf_init(&stream->data, len);
        stream->data.data = mc_alloc(len);
        stream->data.size = len;
        stream->raw = raw->len;

        if (stream->data.data == NULL) {
            err = MC_ENOMEM;

        } else if (compress2(stream->data.data, &len, raw->data, raw->len,
                             9) != Z_OK)
        {
            err = MC_ENOMEM;
        }

        stream->data.len = err == MC_OK ? len : 0;
    }

    mc_buf_free(raw);

    return err;
}


static mc_err_t
make_face(mc_template_t *template_, size_t font)
{
    mc_buf_t    raw;
    mc_err_t    err;
    mc_face_t  *face;

    face = &template_->faces[font];

    mc_cast_tag(&template_->cast, font, face->tag);

    mc_buf_init(&raw, RAW_MAX);
    (void) mc_cast_file(&template_->cast, font, &raw);
    err = deflate_into(&face->file, &raw);

    if (err == MC_OK) {
        mc_buf_init(&raw, RAW_MAX);
        (void) mc_cast_unicode(&template_->cast, font, &raw);
        err = deflate_into(&face->unicode, &raw);
    }

    if (err == MC_OK) {
        mc_buf_init(&face->widths, RAW_MAX);
        err = mc_cast_widths(&template_->cast, font, &face->widths);
    }

    return err;
}


static mc_err_t
draw_text(void *data, const mc_line_t *line)
{
    return mc_content_text(data, line);
}


static mc_err_t
draw_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    return mc_ornament_draw(data, kind, box);
}


static mc_err_t
make_content(mc_template_t *template_)
{
    size_t     i;
    mc_buf_t   raw;
    mc_err_t   err;
    mc_draw_t  draw;

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        mc_buf_init(&raw, RAW_MAX);
        (void) mc_ornament_form(i, &raw, template_->boxes[i]);

        err = deflate_into(&template_->forms[i], &raw);
        if (err != MC_OK) {
            return err;
        }
    }

    mc_buf_init(&raw, RAW_MAX);
    draw = (mc_draw_t) {
        .data = &raw, .text = draw_text, .ornament = draw_ornament
    };

    err = mc_layout_fixed(template_->layout, &template_->cast, &draw);
    if (err != MC_OK) {
        mc_buf_free(&raw);
        return err;
    }

    return deflate_into(&template_->content, &raw);
}


static void
make_title(mc_template_t *template_)
{
    size_t    pos, n;
    mc_str_t  text;
    uint32_t  c;

    text = mc_wording.document;
    template_->title[0] = 0xFE;
    template_->title[1] = 0xFF;
    n = 2;

    /* our own words: all within the first plane */
    for (pos = 0; pos < text.len && n + 2 <= sizeof(template_->title); ) {
        c = mc_utf8_next(text, &pos);
        template_->title[n++] = (uint8_t) (c >> 8);
        template_->title[n++] = (uint8_t) c;
    }

    template_->title_len = n;
}


static mc_str_t
stream_str(const mc_stream_t *stream)
{
    return mc_buf_view(&stream->data);
}


/* Over what decides about the bytes of a document besides its data. */
static mc_err_t
make_digest(mc_template_t *template_)
{
    size_t    i, n;
    uint8_t   fonts[MC_SETTINGS_FONTS][32];
    mc_err_t  err;
    mc_str_t  parts[6 + 4 * MC_SETTINGS_FONTS + MC_ORNAMENT_FORMS];
    char      zone[16];

    n = 0;
    snprintf(zone, sizeof(zone), "%d", template_->timezone);

    parts[n++] = mc_str(FORMAT);
    parts[n++] = mc_str_from(HPDF_GetVersion());
    parts[n++] = mc_str_from(zone);
    parts[n++] = (mc_str_t) { (char *) template_->title,
                              template_->title_len };
    parts[n++] = stream_str(&template_->content);

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        parts[n++] = stream_str(&template_->forms[i]);
    }

    for (i = 0; i < template_->chain.count; i++) {
        err = mc_font_digest(template_->chain.fonts[i], fonts[i]);
        if (err != MC_OK) {
            return err;
        }

        parts[n++] = (mc_str_t) { (char *) fonts[i], 32 };
        parts[n++] = stream_str(&template_->faces[i].file);
        parts[n++] = stream_str(&template_->faces[i].unicode);
        parts[n++] = mc_buf_view(&template_->faces[i].widths);
    }

    return mc_sha256_parts(parts, n, template_->digest);
}


static mc_err_t
make(mc_template_t *template_, char *error)
{
    size_t    i;
    mc_err_t  err;
    uint32_t  missing;

    missing = 0;
    mc_cast_init(&template_->cast, &template_->chain, NULL);

    err = mc_layout_prepare(template_->layout, &template_->cast, &missing);
    if (err == MC_EINVAL) {
        snprintf(error, MC_SETTINGS_ERROR, "no font has the character U+%04X"
                 " of the certificate's own words", missing);
        return err;
    }

    if (err == MC_OK) {
        err = make_content(template_);
    }

    for (i = 0; err == MC_OK && i < template_->chain.count; i++) {
        if (template_->cast.numbers[i] > 0) {
            err = make_face(template_, i);
        }
    }

    if (err == MC_OK) {
        make_title(template_);
        err = make_digest(template_);
    }

    if (err != MC_OK) {
        snprintf(error, MC_SETTINGS_ERROR, "the certificate's template cannot"
                 " be made (%s)", mc_err_name(err));
    }

    return err;
}


mc_template_t *
mc_template_open(const mc_settings_t *settings, size_t layout,
    const mc_signer_t *signer, char error[MC_SETTINGS_ERROR])
{
    const char     *where;
    mc_template_t  *template_;

    template_ = mc_alloc(sizeof(mc_template_t));
    if (template_ == NULL) {
        snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    template_->timezone = settings->timezone;
    template_->signer = signer;
    template_->layout = mc_layout_open(settings, layout, error, &where);

    if (template_->layout == NULL
        || mc_chain_open(&template_->chain, settings, error) != MC_OK
        || make(template_, error) != MC_OK)
    {
        mc_template_close(template_);
        return NULL;
    }

    return template_;
}


void
mc_template_close(mc_template_t *template_)
{
    size_t  i;

    if (template_ == NULL) {
        return;
    }

    for (i = 0; i < MC_SETTINGS_FONTS; i++) {
        mc_buf_free(&template_->faces[i].file.data);
        mc_buf_free(&template_->faces[i].unicode.data);
        mc_buf_free(&template_->faces[i].widths);
    }

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        mc_buf_free(&template_->forms[i].data);
    }

    mc_buf_free(&template_->content.data);
    mc_chain_close(&template_->chain);
    mc_layout_close(template_->layout);
    mc_free(template_);
}


mc_qr_want_t
mc_template_qr(const mc_template_t *template_)
{
    return MC_QR_NONE;
}


bool
mc_template_signs(const mc_template_t *template_)
{
    return template_->signer != NULL;
}


void
mc_template_digest(const mc_template_t *template_, uint8_t out[32])
{
    memcpy(out, template_->digest, 32);
}


uint32_t
mc_template_missing(const mc_template_t *template_, mc_str_t text)
{
    size_t      pos;
    uint32_t    code_point;
    mc_glyph_t  glyph;

    for (pos = 0; pos < text.len; /* void */ ) {
        code_point = mc_utf8_next(text, &pos);

        if (!mc_chain_find(&template_->chain, code_point, &glyph)) {
            return code_point;
        }
    }

    return 0;
}


uint32_t
mc_template_missing_any(const mc_template_t *template_,
    const mc_certificate_t *certificate)
{
    int        i;
    uint32_t   missing;
    mc_text_t  text;

    for (i = 0; i <= MC_CERT_FIELDS; i++) {
        text = i < MC_CERT_FIELDS ? certificate->values[i]
                                  : certificate->issuer;

        missing = mc_template_missing(template_, text.zh);
        if (missing == 0) {
            missing = mc_template_missing(template_, text.en);
        }

        if (missing != 0) {
            return missing;
        }
    }

    return 0;
}


void
mc_document_etag(const mc_template_t *template_, const char version[65],
    int64_t serial, char out[65])
{
    char      number[24];
    uint8_t   digest[32];
    mc_str_t  parts[3];

    snprintf(number, sizeof(number), "%lld", (long long) serial);

    parts[0] = mc_str_from(version);
    parts[1] = mc_str_from(number);
    parts[2] = (mc_str_t) { (const char *) template_->digest, 32 };

    if (mc_sha256_parts(parts, mc_count(parts), digest) != MC_OK) {
        out[0] = '\0';
        return;
    }

    mc_hex(digest, sizeof(digest), out);
}
