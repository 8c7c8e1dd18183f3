/*
 * Use cases: a member asks for all that is held of him, or to have it erased
 * (personal data, PIPL 45-47).
 *
 * A command only; results as in mc_admin.h.
 */

#ifndef MC_PRIVACY_H
#define MC_PRIVACY_H

#include "mc_admin.h"
#include "mc_store_privacy.h"

#pragma GCC visibility push(hidden)


#define MC_PRIVACY_MAX  ((size_t) 64 * 1024 * 1024)

/*
 * One JSON object with everything: the member, the profile opened, photos
 * (data: base64 of the JPEG, null where it cannot be read), cases, consents,
 * confirmations, sessions, recoveries, messages, audit rows.  Never a
 * password hash, a token or a code.  "out" is initialised by the caller with
 * MC_PRIVACY_MAX and wiped by it.  The act is recorded first.
 */
mc_err_t mc_privacy_export(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_buf_t *out);

/* Works also where the profile cannot be opened.  *number is "erased-ID",
 * by which the row is found from then on. */
mc_err_t mc_privacy_erase_run(mc_admin_t *admin, const mc_admin_key_t *key,
    mc_privacy_erased_t *out, mc_str_t *number);


#pragma GCC visibility pop

#endif /* MC_PRIVACY_H */
