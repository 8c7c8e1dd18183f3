/*
 * The standing of a certificate.
 *
 * Depends on base.  Pure functions; any thread.
 */

#include "mc_standing.h"

#include "mc_label.h"


static const char *const  codes[MC_STANDINGS] = {
    "valid", "replaced", "revoked", "ended", "suspended", "erased"
};


mc_standing_t
mc_standing(int64_t erased_at, int64_t revoked_at, int64_t replaced_at,
    mc_status_t member)
{
    if (erased_at != 0) {
        return MC_STANDING_ERASED;
    }

    if (revoked_at != 0) {
        return MC_STANDING_REVOKED;
    }

    if (replaced_at != 0) {
        return MC_STANDING_REPLACED;
    }

    switch (member) {

    case MC_STATUS_ACTIVE:
        return MC_STANDING_VALID;

    case MC_STATUS_SUSPENDED:
        return MC_STANDING_SUSPENDED;

    default:
        return MC_STANDING_ENDED;
    }
}


const char *
mc_standing_code(mc_standing_t standing)
{
    return standing < MC_STANDINGS ? codes[standing] : "";
}


mc_str_t
mc_standing_text(mc_standing_t standing, bool english)
{
    if (standing >= MC_STANDINGS) {
        return mc_str_null;
    }

    return english ? mc_label_standing[standing].en
                   : mc_label_standing[standing].zh;
}
