/*
 * Sealing and opening of profiles and photos.
 *
 * Depends on auth (keys), store (rows), domain (profile as JSON).  Threads
 * and commands, never the loop.  Plain text only ever stands in the caller's
 * arena, which is wiped when it is freed, and in buffers wiped here.
 */

#include "mc_sealed.h"

#include <stdio.h>

#include "mc_identity.h"
#include "mc_photo.h"


mc_err_t
mc_sealed_context(mc_str_t user_type, mc_str_t member_no,
    char out[MC_SEALED_CONTEXT])
{
    int  n;

    n = snprintf(out, MC_SEALED_CONTEXT, "profile:%.*s:%.*s",
                 (int) user_type.len, user_type.data,
                 (int) member_no.len, member_no.data);

    return n > 0 && n < MC_SEALED_CONTEXT ? MC_OK : MC_EINVAL;
}


void
mc_photo_context(int64_t member_id, bool reference, char out[64])
{
    (void) snprintf(out, 64, "photo:%lld:%s", (long long) member_id,
                    reference ? "reference" : "certificate");
}


/* Moves a buffer's bytes into the arena. */
static mc_err_t
keep(mc_buf_t *buf, mc_arena_t *arena, mc_str_t *out)
{
    if (buf->err != MC_OK) {
        return buf->err;
    }

    *out = mc_arena_str(arena, mc_buf_view(buf));

    return out->data == NULL ? MC_ENOMEM : MC_OK;
}


mc_err_t
mc_sealed_profile_open(const mc_site_t *site, const mc_member_row_t *row,
    mc_arena_t *arena, mc_member_t *member)
{
    char      context[MC_SEALED_CONTEXT];
    mc_buf_t  plain;
    mc_err_t  err;

    *member = row->member;
    member->value_count = 0;

    if (row->sealed_profile.len == 0) {
        return MC_OK;
    }

    err = mc_sealed_context(member->user_type, member->member_no,
                            context);

    if (err != MC_OK) {
        return err;
    }

    mc_buf_init(&plain, MC_SEALED_MAX);

    err = mc_unseal(&site->keys, context, row->sealed_profile, &plain);

    if (err == MC_OK) {
        err = mc_member_profile_read(member, mc_buf_view(&plain), arena);
    }

    mc_buf_wipe(&plain);

    return err == MC_EINVAL ? MC_ECORRUPT : err;
}


mc_err_t
mc_sealed_profile(const mc_site_t *site, const mc_member_t *member,
    mc_arena_t *arena, mc_str_t *sealed)
{
    char      context[MC_SEALED_CONTEXT];
    mc_buf_t  plain, out;
    mc_err_t  err;

    err = mc_sealed_context(member->user_type, member->member_no,
                            context);

    if (err != MC_OK) {
        return err;
    }

    mc_buf_init(&plain, MC_SEALED_MAX);
    mc_buf_init(&out, MC_SEALED_MAX);

    err = mc_member_profile_write(member, &plain);

    if (err == MC_OK) {
        err = mc_seal(&site->keys, context, mc_buf_view(&plain), &out);
    }

    if (err == MC_OK) {
        err = keep(&out, arena, sealed);
    }

    mc_buf_wipe(&plain);
    mc_buf_free(&out);

    return err;
}


mc_err_t
mc_sealed_lookup(const mc_site_t *site, size_t secret, mc_str_t id_number,
    uint8_t out[32])
{
    char      number[MC_IDENTITY_NUMBER + 1];
    mc_err_t  err;

    if (secret >= site->keys.count) {
        return MC_EINVAL;
    }

    err = mc_identity_number(id_number, number);

    if (err == MC_OK) {
        err = mc_hmac_sha256(site->keys.lookup[secret], number,
                             strlen(number), out);
    }

    explicit_bzero(number, sizeof(number));

    return err;
}


mc_err_t
mc_sealed_id_key(const mc_site_t *site, mc_member_t *member,
    mc_arena_t *arena)
{
    uint8_t            key[32];
    mc_err_t           err;
    mc_str_t           value, bytes;
    const mc_field_t  *field;

    field = mc_field_find(&site->settings->fields, mc_str("id_number"));
    value = field != NULL ? mc_member_value(member, field) : mc_str_null;

    err = mc_sealed_lookup(site, 0, value, key);

    if (err == MC_EINVAL) {
        member->id_key = mc_str("");
        return MC_OK;
    }

    if (err == MC_OK) {
        bytes = (mc_str_t) { (const char *) key, sizeof(key) };
        member->id_key = mc_arena_str(arena, bytes);
        err = member->id_key.data != NULL ? MC_OK : MC_ENOMEM;
    }

    return err;
}


mc_err_t
mc_sealed_photo_open(const mc_site_t *site, mc_conn_t *conn, int64_t id,
    int64_t member_id, mc_arena_t *arena, mc_str_t *jpeg,
    uint8_t *plain_sha256)
{
    char            context[64];
    uint8_t        *plain;
    mc_err_t        err;
    mc_photo_row_t  row;

    err = mc_photo_load(conn, id, arena, &row);

    if (err != MC_OK) {
        return err;
    }

    if (member_id != 0 && row.member_id != member_id) {
        return MC_ECORRUPT;
    }

    if (row.sealed.len < MC_SEAL_OVERHEAD) {
        return MC_ECORRUPT;
    }

    mc_photo_context(row.member_id, row.reference, context);

    jpeg->len = row.sealed.len - MC_SEAL_OVERHEAD;
    plain = mc_arena_alloc(arena, jpeg->len);
    jpeg->data = (const char *) plain;

    if (plain == NULL) {
        return MC_ENOMEM;
    }

    err = mc_unseal_into(&site->keys, context, row.sealed, plain);

    if (err == MC_OK && plain_sha256 != NULL) {
        memcpy(plain_sha256, row.plain_sha256, sizeof(row.plain_sha256));
    }

    return err;
}


mc_err_t
mc_sealed_photo(const mc_site_t *site, mc_str_t jpeg, mc_arena_t *arena,
    mc_photo_row_t *photo)
{
    char      context[64];
    mc_buf_t  out;
    mc_err_t  err;

    err = mc_sha256(jpeg.data, jpeg.len, photo->plain_sha256);

    if (err != MC_OK) {
        return err;
    }

    mc_photo_context(photo->member_id, photo->reference, context);
    mc_buf_init(&out, MC_SEALED_MAX);

    err = mc_seal(&site->keys, context, jpeg, &out);

    if (err == MC_OK) {
        err = keep(&out, arena, &photo->sealed);
    }

    mc_buf_free(&out);

    return err;
}
