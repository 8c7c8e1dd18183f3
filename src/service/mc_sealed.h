/*
 * Sealing and opening of what the store must not read: profiles, photos.
 *
 * One place that knows the context strings (AAD): a profile belongs to a
 * user type and number, so that an import can seal before the row has an
 * id; a photo belongs to a member id and a role.  For services; blocks.
 */

#ifndef MC_SEALED_H
#define MC_SEALED_H

#include "mc_site.h"

#pragma GCC visibility push(hidden)


#define MC_SEALED_MAX  (256 * 1024)     /* bytes of one sealed value */

/*
 * Opens row->sealed_profile into *member, a copy of row->member; an empty
 * one gives no values.  MC_ECORRUPT: no key of the site opens it.
 */
mc_err_t mc_sealed_profile_open(const mc_site_t *site,
    const mc_member_row_t *row, mc_arena_t *arena, mc_member_t *member);

/* The context (AAD) of a profile; MC_EINVAL: longer than any can be. */
#define MC_SEALED_CONTEXT  128
mc_err_t mc_sealed_context(mc_str_t user_type, mc_str_t member_no,
    char out[MC_SEALED_CONTEXT]);

/* The sealed form of the member's values, in the arena. */
mc_err_t mc_sealed_profile(const mc_site_t *site, const mc_member_t *member,
    mc_arena_t *arena, mc_str_t *sealed);

/*
 * What members are found by who know their ID number and no more: an HMAC
 * of it in the form of mc_identity.h.  "secret" is an index below
 * site->keys.count; the first one is written.  MC_EINVAL: not a number.
 */
mc_err_t mc_sealed_lookup(const mc_site_t *site, size_t secret,
    mc_str_t id_number, uint8_t out[32]);

/* Sets member->id_key from the opened profile, in the arena; what is no
 * number counts as none. */
mc_err_t mc_sealed_id_key(const mc_site_t *site, mc_member_t *member,
    mc_arena_t *arena);

/*
 * Reads photo "id" and opens it; MC_ECORRUPT also when it is not of
 * "member_id" (0: whoever's).  "plain_sha256" may be NULL.
 */
mc_err_t mc_sealed_photo_open(const mc_site_t *site, mc_conn_t *conn,
    int64_t id, int64_t member_id, mc_arena_t *arena, mc_str_t *jpeg,
    uint8_t *plain_sha256);

/* Fills *photo with the sealed form of "jpeg" and its plain hash. */
mc_err_t mc_sealed_photo(const mc_site_t *site, mc_str_t jpeg,
    mc_arena_t *arena, mc_photo_row_t *photo);


#pragma GCC visibility pop

#endif /* MC_SEALED_H */
