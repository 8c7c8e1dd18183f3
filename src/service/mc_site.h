/*
 * A site: settings, keys, template, store of one set of merged settings.
 *
 * Opened once (nginx: in the master while configuration is read;
 * membercertctl: at start), read-only afterwards (store and comparison keep
 * what changes behind locks of their own), shared by all threads.
 * Opening reads secrets and fonts and opens no database.
 */

#ifndef MC_SITE_H
#define MC_SITE_H

#include "mc_captcha_picture.h"
#include "mc_compare.h"
#include "mc_document.h"
#include "mc_keys.h"
#include "mc_mini.h"
#include "mc_photo_scan.h"
#include "mc_policy.h"
#include "mc_settings.h"
#include "mc_store.h"

#pragma GCC visibility push(hidden)


#define MC_SITE_LAYOUTS  4

typedef struct {
    const mc_settings_t  *settings;     /* borrowed; outlives the site */
    mc_keys_t             keys;
    mc_policy_t          *policy;       /* of new passwords */

    /* one of each layout, the first is the default; 0: opened without
     * fonts */
    size_t                document_count;
    mc_template_t        *documents[MC_SITE_LAYOUTS];
    uint8_t               digests[MC_SITE_LAYOUTS][32];     /* of those */
    mc_signer_t          *signer;       /* NULL: unsigned */

    mc_captcha_font_t    *captcha;      /* NULL: opened without fonts */
    mc_store_t           *store;
    mc_compare_t         *compare;
    struct mc_sender_s   *sender;       /* lines of the outbox */
    mc_mini_t            *mini;         /* NULL: no picture of its code */
    uint8_t               store_id[8];  /* first bytes of SHA-256(dir) */
} mc_site_t;

#define MC_SITE_NO_DOCUMENT  1      /* a command that makes no PDF */

/* "where" names the settings row at fault ("file:line", may be ""). */
mc_site_t *mc_site_open(const mc_settings_t *settings, unsigned flags,
    char error[MC_SETTINGS_ERROR], const char **where);
void mc_site_close(mc_site_t *site);

/* Closes idle connections to store, provider and outbox; none may be in
 * use. */
void mc_site_drain(mc_site_t *site);

/* Which layout has this name: an index into documents[], or
 * document_count.  No name: the first.  loop: neither blocks nor allocates */
size_t mc_site_layout(const mc_site_t *site, mc_str_t name);

/* loop: neither blocks nor allocates */
void mc_site_photo_limits(const mc_site_t *site, int64_t now,
    mc_photo_limits_t *limits);


#pragma GCC visibility pop

#endif /* MC_SITE_H */
