/*
 * The token of a known device: whoever shows it has logged in to this
 * account from there before.  It opens nothing; it only says that an attempt
 * is not a stranger's.
 *
 * base64url(version, issued, id, HMAC-SHA-256 by the device key over the
 * account's key and those): 62 letters.  Good for 180 days and with any
 * secret of the site.  Neither blocks nor keeps memory; any thread and the
 * loop.
 */

#ifndef MC_DEVICE_H
#define MC_DEVICE_H

#include "mc_keys.h"

#pragma GCC visibility push(hidden)


#define MC_DEVICE_LEN      62           /* letters */
#define MC_DEVICE_ID       8
#define MC_DEVICE_ACCOUNT  32
#define MC_DEVICE_TIME     INT64_C(15552000000)     /* ms, 180 days */
#define MC_DEVICE_AHEAD    INT64_C(300000)          /* ms, clocks differ */

/* "id" is kept when the device had one (its budget goes with it), NULL makes
 * a random one.  MC_EIO, MC_ENOMEM: "out" is empty. */
mc_err_t mc_device_make(const mc_keys_t *keys,
    const uint8_t account[MC_DEVICE_ACCOUNT], int64_t now,
    const uint8_t *id, char out[MC_DEVICE_LEN + 1]);

/* Of this account, in time, and by one of our secrets? */
bool mc_device_check(const mc_keys_t *keys,
    const uint8_t account[MC_DEVICE_ACCOUNT], mc_str_t token, int64_t now,
    uint8_t id[MC_DEVICE_ID]);


#pragma GCC visibility pop

#endif /* MC_DEVICE_H */
