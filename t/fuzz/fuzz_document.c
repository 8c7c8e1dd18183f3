/*
 * Fuzz target: a certificate made from hostile text and a hostile photo.
 *
 * The input is cut at its first NUL: before it the member's name, behind it
 * the photo.  Promises held: bounds; a document or a refusal, never half of
 * one; a character that cannot be drawn is found before and at rendering
 * alike.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_jpeg_head.h"
#include "mc_sample.h"


static mc_template_t  *template_;
static mc_buf_t        photo;


static void
prepare(void)
{
    char           error[MC_SETTINGS_ERROR];
    mc_settings_t  settings;

    if (template_ != NULL) {
        return;
    }

    mc_buf_init(&photo, MC_DOCUMENT_MAX);
    fuzz_check(mc_sample_photo(&photo) == MC_OK);

    mc_sample_settings(&settings);
    template_ = mc_template_open(&settings, 0, NULL, error);
    fuzz_check(template_ != NULL);
}


/* The fast writer refuses what the other does; its parts are one file. */
static void
check_fast(const mc_certificate_t *certificate, const mc_document_in_t *in,
    mc_err_t plain)
{
    size_t         i, len;
    mc_buf_t       own;
    mc_err_t       err;
    mc_str_t       last;
    mc_document_t  document;

    mc_buf_init(&own, MC_DOCUMENT_MAX);
    err = mc_document_make(template_, certificate, in, &own, &document);

    fuzz_check(err == plain || plain == MC_ETOOBIG);

    if (err == MC_OK) {
        for (i = 0, len = 0; i < document.count; i++) {
            len += document.parts[i].len;
        }

        last = document.parts[document.count - 1];
        fuzz_check(len == document.len && last.len > 6);
        fuzz_check(memcmp(document.parts[0].data, "%PDF-", 5) == 0);
        fuzz_check(memcmp(last.data + last.len - 6, "%%EOF\n", 6) == 0);
    }

    mc_buf_free(&own);
}


static void
check_document(mc_str_t name, mc_str_t picture)
{
    bool              drawable, sound;
    mc_buf_t          pdf;
    mc_err_t          err;
    mc_jpeg_head_t    head;
    mc_certificate_t  certificate;
    mc_document_in_t  in = { .photo = picture };

    mc_sample_certificate(&certificate, name);
    drawable = mc_template_missing_any(template_, &certificate) == 0;
    sound = mc_jpeg_head(picture, &head) == MC_OK;

    mc_buf_init(&pdf, MC_DOCUMENT_MAX);
    err = mc_document_render(template_, &certificate, &in, &pdf);

    fuzz_check((drawable && sound) || err != MC_OK);
    fuzz_check(err == MC_OK || err == MC_EINVAL || err == MC_ETOOBIG);
    fuzz_check(drawable || !sound || err != MC_OK);

    if (err == MC_OK) {
        fuzz_check(pdf.len > 1000 && memcmp(pdf.data, "%PDF-", 5) == 0);
        fuzz_check(memcmp(pdf.data + pdf.len - 6, "%%EOF\n", 6) == 0);
    }

    mc_buf_free(&pdf);
    check_fast(&certificate, &in, err);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t  *cut;
    mc_str_t        name, picture;

    prepare();

    cut = memchr(data, '\0', size);
    name = (mc_str_t) { (const char *) data,
                        cut != NULL ? (size_t) (cut - data) : size };
    picture = mc_buf_view(&photo);
    check_document(name, picture);

    if (cut != NULL) {
        picture = (mc_str_t) { (const char *) cut + 1,
                               size - name.len - 1 };
        check_document(mc_str("王伟"), picture);
    }

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    prepare();

    if (n >= mc_sample_name_count) {
        return 0;
    }

    len = strlen(mc_sample_names[n]);
    if (len + 1 + photo.len > cap) {
        return 0;
    }

    memcpy(out, mc_sample_names[n], len);

    /* every eighth with the photo */
    if (n % 8 != 0) {
        return len;
    }

    out[len] = '\0';
    memcpy(out + len + 1, photo.data, photo.len);

    return len + 1 + photo.len;
}
