/*
 * The chain of the audit as arithmetic.
 *
 *   mac(n) = HMAC(key, mac(n-1) | seq at member | len text | len text ...)
 *
 * with numbers and lengths as 8 bytes big endian and mac(0) = zeros; the key
 * is that of the secret of the day, and all secrets known fit.  So a row
 * that was changed, taken out or moved does not fit any more.  A place that
 * is kept for itself carries HMAC(key, kind | seq | mac).
 *
 * Depends on base.  Any thread.
 */

#include "mc_store_audit.h"

#include "mc_buf.h"
#include "mc_crypto.h"
#include "mc_store_audit_mac.h"


#define AUDIT_BYTES  2048           /* bound of what goes into one HMAC */


static void
number_append(mc_buf_t *buf, uint64_t value)
{
    int      i;
    uint8_t  bytes[8];

    for (i = 0; i < 8; i++) {
        bytes[i] = (uint8_t) (value >> (56 - 8 * i));
    }

    mc_buf_append(buf, bytes, sizeof(bytes));
}


mc_err_t
mc_audit_mac(const uint8_t key[32], const uint8_t before[32],
    const mc_audit_row_t *row, uint8_t out[32])
{
    size_t          i;
    mc_err_t        err;
    mc_buf_t        buf;
    const mc_str_t  texts[] = {
        row->actor, row->action, row->result, row->address, row->request_id
    };

    mc_buf_init(&buf, AUDIT_BYTES);

    mc_buf_append(&buf, before, 32);
    number_append(&buf, (uint64_t) row->seq);
    number_append(&buf, (uint64_t) row->at);
    number_append(&buf, (uint64_t) row->member_id);

    for (i = 0; i < mc_count(texts); i++) {
        number_append(&buf, texts[i].len);
        mc_buf_str(&buf, texts[i]);
    }

    err = buf.err;

    if (err == MC_OK) {
        err = mc_hmac_sha256(key, buf.data, buf.len, out);
    }

    mc_buf_free(&buf);

    return err;
}


mc_err_t
mc_audit_seal(const uint8_t key[32], const char *kind,
    mc_audit_place_t *place)
{
    mc_err_t  err;
    mc_buf_t  buf;

    mc_buf_init(&buf, 128);
    mc_buf_cstr(&buf, kind);
    number_append(&buf, (uint64_t) place->seq);
    mc_buf_append(&buf, place->mac, sizeof(place->mac));

    err = buf.err;

    if (err == MC_OK) {
        err = mc_hmac_sha256(key, buf.data, buf.len, place->seal);
    }

    mc_buf_free(&buf);

    return err;
}


mc_err_t
mc_audit_sealed(mc_audit_keys_t keys, const char *kind,
    const mc_audit_place_t *place)
{
    size_t            i;
    mc_err_t          err;
    mc_audit_place_t  right;

    right = *place;

    for (i = 0; i < keys.count; i++) {
        err = mc_audit_seal(keys.bytes + 32 * i, kind, &right);
        if (err != MC_OK) {
            return err;
        }

        if (mc_equal_const(right.seal, place->seal, sizeof(right.seal))) {
            return MC_OK;
        }
    }

    return MC_EDENIED;
}


mc_err_t
mc_audit_follow(mc_audit_keys_t keys, mc_audit_place_t *place,
    const mc_audit_row_t *row)
{
    size_t    i;
    uint8_t   right[32];
    mc_err_t  err;

    if (row->seq != place->seq + 1) {
        return MC_EDENIED;
    }

    for (i = 0; i < keys.count; i++) {
        err = mc_audit_mac(keys.bytes + 32 * i, place->mac, row, right);
        if (err != MC_OK) {
            return err == MC_ETOOBIG ? MC_EDENIED : err;
        }

        if (mc_equal_const(right, row->mac, sizeof(right))) {
            place->seq = row->seq;
            memcpy(place->mac, right, sizeof(right));
            return MC_OK;
        }
    }

    return MC_EDENIED;
}
