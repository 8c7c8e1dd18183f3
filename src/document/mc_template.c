/*
 * Opening a template, and what asks of it.
 *
 * Depends on base, domain, the other files of this room.  Opened while
 * configuration is read; any thread may read it afterwards.
 */

#include "mc_template.h"

#include <stdio.h>

#include "mc_crypto.h"
#include "mc_utf8.h"


static mc_err_t
open_layout(mc_template_t *template_, const mc_settings_t *settings,
    size_t layout, char *error)
{
    char         text[MC_SETTINGS_ERROR];
    const char  *where;

    where = "";
    template_->layout = mc_layout_open(settings, layout, text, &where);

    if (template_->layout != NULL) {
        return MC_OK;
    }

    if (where != NULL && where[0] != '\0') {
        snprintf(error, MC_SETTINGS_ERROR, "%.160s in %.90s", text, where);
    } else {
        snprintf(error, MC_SETTINGS_ERROR, "%s", text);
    }

    return MC_EINVAL;
}


mc_template_t *
mc_template_open(const mc_settings_t *settings, size_t layout,
    const mc_signer_t *signer, char error[MC_SETTINGS_ERROR])
{
    mc_template_t  *template_;

    template_ = mc_alloc(sizeof(mc_template_t));
    if (template_ == NULL) {
        snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    template_->timezone = settings->timezone;
    template_->signer = signer;

    if (open_layout(template_, settings, layout, error) != MC_OK
        || mc_chain_open(&template_->chain, settings, error) != MC_OK
        || mc_template_make(template_, error) != MC_OK)
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

    mc_prefix_free(&template_->prefix);

    for (i = 0; i < MC_SETTINGS_FONTS; i++) {
        mc_buf_free(&template_->faces[i].file.data);
        mc_buf_free(&template_->faces[i].unicode.data);
        mc_buf_free(&template_->faces[i].widths);
    }

    for (i = 0; i < MC_ORNAMENT_FORMS; i++) {
        mc_buf_free(&template_->forms[i].data);
    }

    for (i = 0; template_->regions != NULL && i < template_->regional.count;
         i++)
    {
        mc_buf_free(&template_->regions[i].data);
    }

    mc_free(template_->regions);
    mc_seals_close(&template_->regional);
    mc_buf_free(&template_->national.data);
    mc_buf_free(&template_->profile.data);
    mc_buf_free(&template_->xmp);
    mc_buf_free(&template_->content.data);
    mc_chain_close(&template_->chain);
    mc_layout_close(template_->layout);
    mc_free(template_);
}


mc_qr_want_t
mc_template_qr(const mc_template_t *template_)
{
    return (mc_qr_want_t) mc_layout_qr(template_->layout);
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


/* Two lanes of multiply and fold, eight bytes a step. */
static void
mix(uint64_t state[2], const void *data, size_t len)
{
    size_t          step;
    uint64_t        word;
    const uint8_t  *p;

    p = data;
    state[0] ^= len;

    do {
        step = len < sizeof(word) ? len : sizeof(word);
        word = 0;
        if (step > 0) {
            memcpy(&word, p, step);
        }

        state[0] = (state[0] ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        state[0] ^= state[0] >> 32;
        state[1] = (state[1] + word) * UINT64_C(0xD6E8FEB86659FD93);
        state[1] ^= state[1] >> 29;

        p += step;
        len -= step;

    } while (len > 0);
}


void
mc_template_id(const mc_template_t *template_,
    const mc_certificate_t *certificate, uint8_t out[16])
{
    int               i;
    uint64_t          state[2];
    const mc_text_t  *text;

    memcpy(state, template_->digest, sizeof(state));

    mix(state, template_->digest, sizeof(template_->digest));
    mix(state, &certificate->serial, sizeof(certificate->serial));
    mix(state, &certificate->confirmed_at, sizeof(int64_t));
    mix(state, certificate->photo_sha256, sizeof(certificate->photo_sha256));
    mix(state, certificate->code.data, certificate->code.len);

    for (i = 0; i <= MC_CERT_FIELDS; i++) {
        text = i < MC_CERT_FIELDS ? &certificate->values[i]
                                  : &certificate->issuer;
        mix(state, text->zh.data, text->zh.len);
        mix(state, text->en.data, text->en.len);
    }

    memcpy(out, state, sizeof(state));
}


int
mc_template_region(const mc_template_t *template_,
    const mc_certificate_t *certificate)
{
    const mc_seal_t  *seal;

    if (template_->regional.count == 0) {
        return -1;
    }

    seal = mc_seals_find(&template_->regional, certificate->institute_code);

    return seal != NULL ? (int) (seal - template_->regional.seals) : -1;
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
