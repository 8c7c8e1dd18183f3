/*
 * What stands on a certificate, what blocks it, and its version.
 *
 * The data shown before 信息确认 is exactly this struct, and exactly this is
 * frozen and drawn (I08).  "version" is SHA-256 over the fields and the
 * photo's plain hash, so only a change of those asks for a new
 * confirmation (I13).  Pure functions; any thread.
 */

#ifndef MC_CERTIFICATE_H
#define MC_CERTIFICATE_H

#include "mc_label.h"
#include "mc_member.h"
#include "mc_settings.h"
#include "mc_comparison.h"

#pragma GCC visibility push(hidden)


/* In the order pages and document show them. */
typedef enum {
    MC_CERT_NAME = 0,
    MC_CERT_SEX,
    MC_CERT_CATEGORY,           /* member category */
    MC_CERT_CERTIFICATE_NO,
    MC_CERT_MEMBER_NO,
    MC_CERT_ADMITTED_ON,
    MC_CERT_INSTITUTE,          /* name of the institute, not its code */
    MC_CERT_FIELDS
} mc_cert_field_t;

typedef struct {
    mc_text_t  values[MC_CERT_FIELDS];  /* en empty: as zh */
    mc_text_t  issuer;
    uint8_t    photo_sha256[32];        /* of the plain stored JPEG */
    bool       has_photo;

    /* frozen beside that, and not part of the version either: which
     * regional seal; empty: none, or a form from before there were any */
    mc_str_t   institute_code;

    /* set by the confirmation; not part of the version */
    int64_t    serial;
    int64_t    confirmed_at;            /* ms; issue date in the site's zone */
    mc_str_t   code;                    /* 16 letters of base32; of older
                                           stores 22 of base64url */
} mc_certificate_t;

const char *mc_cert_key(mc_cert_field_t field);           /* "name" ... */
mc_text_t mc_cert_label(mc_cert_field_t field);

/* Values and issuer, copied into the arena; all the rest is zeroed, so the
 * caller sets the photo afterwards.  "institute" may be NULL. */
mc_err_t mc_certificate_fill(mc_certificate_t *certificate,
    const mc_settings_t *settings, const mc_member_t *member,
    const mc_institute_t *institute, mc_arena_t *arena);

/* 64 hex letters and a NUL; over values, issuer and photo. */
mc_err_t mc_certificate_version(const mc_certificate_t *certificate,
    char out[65]);

/* Frozen form (JSON) of what the version covers and the institute's code,
 * and back; strings into the arena.  Serial, time and code are columns of
 * the confirmation and left zero.  MC_ECORRUPT when the text is not such a
 * form. */
mc_err_t mc_certificate_write(const mc_certificate_t *certificate,
    mc_buf_t *out);
mc_err_t mc_certificate_read(mc_str_t json, mc_arena_t *arena,
    mc_certificate_t *out);

/* What a decision needs to know beside the member. */
typedef struct {
    mc_case_state_t  state;             /* of the newest case */
    bool             photo_present;     /* one that may be printed, or
                                           the store could not tell */
    bool             photo_readable;    /* of no meaning without one */
    uint32_t         missing_glyph;     /* code point, 0: none */
} mc_certificate_facts_t;

/*
 * Adds every blocker, in the order they are to be worked off:
 * member_not_active, profile_incomplete (with field_required or
 * field_institute_only for each missing item right behind it), photo_none |
 * photo_unavailable | compare_pending | compare_review |
 * compare_mismatched | attempts_used, glyph_missing.
 * A photo on record stays valid while a new one is compared: then no photo
 * blocker is added.  "institute" may be NULL.
 */
mc_err_t mc_certificate_blockers(const mc_settings_t *settings,
    const mc_member_t *member, const mc_institute_t *institute,
    const mc_certificate_facts_t *facts, mc_arena_t *arena,
    mc_problems_t *blockers);


#pragma GCC visibility pop

#endif /* MC_CERTIFICATE_H */
