#include "mc_preview.h"


mc_err_t
mc_preview_svg(const mc_template_t *template_,
    const mc_certificate_t *certificate, mc_str_t photo, mc_buf_t *out)
{
    return MC_EINVAL;
}
