/*
 * Use case: the preview of a certificate.
 *
 * Depends on document and, through mc_cert, on store and domain.  Store
 * pool; what is drawn is drawn after the connection went back.
 */

#include "mc_preview_use.h"

#include "mc_preview.h"


/* The blocker that cannot be overlooked. */
static bool
preview_refuse_glyph(mc_preview_t *preview)
{
    size_t          i;
    mc_call_t      *call;
    mc_problems_t  *blockers;

    call = &preview->view.call;
    blockers = &preview->view.blockers;

    for (i = 0; i < blockers->count; i++) {

        if (blockers->items[i].code == MC_P_GLYPH_MISSING) {
            call->problems.items[0] = blockers->items[i];
            call->problems.count = 1;
            return false;
        }
    }

    return mc_call_refuse(call, MC_P_GLYPH_MISSING);
}


static bool
preview_draw(mc_preview_t *preview, size_t index)
{
    mc_err_t           err;
    mc_call_t         *call;
    mc_preview_in_t    in;
    mc_certificate_t  *certificate;
    const mc_site_t   *site;

    call = &preview->view.call;
    site = call->site;
    certificate = &preview->view.certificate;

    certificate->confirmed_at = call->now;

    if (preview->view.confirmed.valid) {
        certificate->serial = preview->view.confirmed.serial;
        certificate->confirmed_at = preview->view.confirmed.at;
        certificate->code = preview->view.confirmed.code;
    }

    if (mc_template_missing_any(site->documents[index], certificate) != 0) {
        return preview_refuse_glyph(preview);
    }

    in = (mc_preview_in_t) {
        .photo = preview->view.jpeg,
        .qr = site->settings->public_url.len > 0
    };

    err = mc_preview_svg(site->documents[index], certificate, &in,
                         &preview->svg);

    if (err == MC_EINVAL && in.photo.len > 0) {
        in.photo = mc_str_null;         /* one that cannot be drawn */
        preview->svg.len = 0;
        err = mc_preview_svg(site->documents[index], certificate, &in,
                             &preview->svg);
    }

    return err == MC_OK ? true : mc_call_fail(call, err);
}


void
mc_preview_run(mc_preview_t *preview)
{
    size_t      index;
    mc_call_t  *call;

    call = &preview->view.call;
    mc_buf_init(&preview->svg, MC_PREVIEW_MAX);

    if (call->site->document_count == 0) {
        call->hint = "this site was opened without fonts";
        (void) mc_call_refuse(call, MC_P_SERVICE_UNAVAILABLE);
        return;
    }

    index = mc_site_layout(call->site, preview->layout);

    if (index == call->site->document_count) {
        (void) mc_call_refuse(call, MC_P_LAYOUT_UNKNOWN);
        return;
    }

    mc_cert_view_run(&preview->view);

    if (call->problems.count == 0) {
        (void) preview_draw(preview, index);
    }
}


void
mc_preview_free(mc_preview_t *preview)
{
    mc_buf_wipe(&preview->svg);
}
