/*
 * What a template leaves empty for whom.
 *
 * Depends on domain and base.  Configuration time; one thread.
 */

#include "mc_template.h"

#include "mc_layout.h"


mc_err_t
mc_template_note(const mc_template_t *template_, mc_buf_t *out)
{
    const mc_layout_seal_t  *place;

    place = mc_layout_seal(template_->layout, MC_SEAL_REGIONAL);

    if (!place->present || place->path.len == 0) {
        return MC_OK;
    }

    return mc_seals_note(&template_->regional, place->path, out);
}
