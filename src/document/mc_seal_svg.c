#include "mc_seal.h"

#include <stdio.h>


mc_err_t
mc_seal_read(mc_str_t svg, mc_buf_t *content, mc_seal_size_t *size,
    char error[MC_SETTINGS_ERROR])
{
    (void) snprintf(error, MC_SETTINGS_ERROR, "line 1: not read yet");
    return MC_EINVAL;
}
