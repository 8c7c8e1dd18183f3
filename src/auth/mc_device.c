/*
 * Tokens of known devices: made and checked.
 *
 * Depends on base and mc_keys.  Any thread and the loop.
 */

#include "mc_device.h"


#define VERSION  1
#define ISSUED   5                              /* bytes, seconds */
#define HEAD     (1 + ISSUED + MC_DEVICE_ID)
#define WHOLE    (HEAD + MC_SHA256_SIZE)


static mc_err_t
head_sign(const uint8_t key[MC_KEY_SIZE],
    const uint8_t account[MC_DEVICE_ACCOUNT], const uint8_t head[HEAD],
    uint8_t mac[MC_SHA256_SIZE])
{
    uint8_t  data[MC_DEVICE_ACCOUNT + HEAD];

    memcpy(data, account, MC_DEVICE_ACCOUNT);
    memcpy(data + MC_DEVICE_ACCOUNT, head, HEAD);

    return mc_hmac_sha256(key, data, sizeof(data), mac);
}


mc_err_t
mc_device_make(const mc_keys_t *keys,
    const uint8_t account[MC_DEVICE_ACCOUNT], int64_t now,
    const uint8_t *id, char out[MC_DEVICE_LEN + 1])
{
    int       i;
    uint8_t   whole[WHOLE];
    int64_t   issued;
    mc_err_t  err;

    out[0] = '\0';
    issued = now / 1000;
    whole[0] = VERSION;

    for (i = ISSUED; i > 0; i--) {
        whole[i] = (uint8_t) (issued & 0xff);
        issued >>= 8;
    }

    err = MC_OK;

    if (id != NULL) {
        memcpy(whole + 1 + ISSUED, id, MC_DEVICE_ID);

    } else {
        err = mc_random(whole + 1 + ISSUED, MC_DEVICE_ID);
    }

    if (err == MC_OK) {
        err = head_sign(keys->device[0], account, whole, whole + HEAD);
    }

    if (err == MC_OK) {
        mc_base64url(whole, sizeof(whole), out);
    }

    return err;
}


bool
mc_device_check(const mc_keys_t *keys,
    const uint8_t account[MC_DEVICE_ACCOUNT], mc_str_t token, int64_t now,
    uint8_t id[MC_DEVICE_ID])
{
    int      i;
    bool     good;
    size_t   n;
    uint8_t  whole[WHOLE], mac[MC_SHA256_SIZE];
    int64_t  issued;

    if (token.len != MC_DEVICE_LEN
        || mc_base64url_read(token, whole, sizeof(whole)) != MC_OK
        || whole[0] != VERSION)
    {
        return false;
    }

    issued = 0;

    for (i = 1; i <= ISSUED; i++) {
        issued = issued << 8 | whole[i];
    }

    issued *= 1000;

    if (issued > now + MC_DEVICE_AHEAD || now - issued >= MC_DEVICE_TIME) {
        return false;
    }

    good = false;

    for (n = 0; n < keys->count && !good; n++) {
        good = head_sign(keys->device[n], account, whole, mac) == MC_OK
               && mc_equal_const(mac, whole + HEAD, sizeof(mac));
    }

    if (good) {
        memcpy(id, whole + 1 + ISSUED, MC_DEVICE_ID);
    }

    return good;
}
