/*
 * Opening of a site: keys, then the rules of passwords, fonts, the store
 * object, the comparison, the outbox, the mini program's code.
 *
 * Depends on all middle rooms.  Runs while configuration is read (nginx's
 * master, or a command at its start): reads secrets, fonts and the list of
 * passwords, opens no database and creates nothing.  Afterwards the site is
 * read-only.
 */

#include "mc_site.h"

#include <stdio.h>

#include "mc_layout.h"
#include "mc_outbox_send.h"
#include "mc_password.h"


/*
 * Threads of a process that may wait for the writer lock.  nginx does not
 * tell how many threads a pool has; the store pool should have twice as
 * many, so that reads go on while writers wait.
 */
#define SITE_WRITERS  8

_Static_assert(MC_SECRETS <= MC_AUDIT_KEYS,
               "the audit is verified with every secret's key");


/* Where the row "name" was stated; "" when it was not. */
static const char *
site_where(const mc_settings_t *settings, const char *name)
{
    size_t  row;

    for (row = 0; row < mc_settings_rows(); row++) {

        if (strcmp(mc_settings_name(row), name) == 0
            && settings->where[row].data != NULL)
        {
            return settings->where[row].data;
        }
    }

    return "";
}


/* Names the directive at fault in front of the error. */
static void
site_name(const char *name, char error[MC_SETTINGS_ERROR])
{
    char  text[MC_SETTINGS_ERROR];

    memcpy(text, error, MC_SETTINGS_ERROR);
    text[MC_SETTINGS_ERROR - 1] = '\0';

    (void) snprintf(error, MC_SETTINGS_ERROR, "\"%s\" %.*s", name,
                    MC_SETTINGS_ERROR - 32, text);
}


static bool
open_keys(mc_site_t *site, char error[MC_SETTINGS_ERROR])
{
    uint8_t               digest[MC_SHA256_SIZE];
    const mc_settings_t  *settings;

    settings = site->settings;

    if (mc_keys_open(&site->keys, settings->secrets, settings->secret_count,
                     error)
        != MC_OK)
    {
        return false;
    }

    if (mc_sha256(settings->store_dir.data, settings->store_dir.len, digest)
        != MC_OK)
    {
        (void) snprintf(error, MC_SETTINGS_ERROR, "SHA-256 failed");
        return false;
    }

    memcpy(site->store_id, digest, sizeof(site->store_id));

    return true;
}


static bool
open_signer(mc_site_t *site, char error[MC_SETTINGS_ERROR])
{
    const mc_settings_t  *settings;

    settings = site->settings;

    if (settings->sign_certificate.len == 0) {
        return true;
    }

    site->signer = mc_signer_open(settings->sign_certificate,
                                  settings->sign_key, error);

    return site->signer != NULL;
}


/* Without any layout in the settings: the built-in one. */
static size_t
layout_count(const mc_settings_t *settings)
{
    return settings->layout_count > 0 ? settings->layout_count : 1;
}


/* "line" is that of the layout at fault; empty: another row is. */
static bool
open_documents(mc_site_t *site, char error[MC_SETTINGS_ERROR],
    const char **line)
{
    size_t          i;
    mc_template_t  *document;

    if (mc_layout_check(site->settings, error, line) != MC_OK) {
        return false;
    }

    for (i = 0; i < layout_count(site->settings); i++) {
        document = mc_template_open(site->settings, i, site->signer, error);

        if (document == NULL) {
            return false;
        }

        site->documents[i] = document;
        site->document_count++;
        mc_template_digest(document, site->digests[i]);
    }

    site->captcha = mc_captcha_font_open(site->settings->fonts,
                                         site->settings->font_count, error);

    return site->captcha != NULL;
}


static bool
open_store(mc_site_t *site, char error[MC_SETTINGS_ERROR])
{
    mc_err_t            err;
    mc_store_options_t  options;

    options = (mc_store_options_t) {
        .dir = site->settings->store_dir,
        .audit_key = site->keys.audit[0],
        .audit_old = site->keys.audit[1],
        .audit_olds = site->keys.count - 1,
        .writers = SITE_WRITERS,
    };

    err = mc_store_open(&site->store, &options);

    if (err != MC_OK) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "store: %s",
                        mc_err_name(err));
        return false;
    }

    return true;
}


mc_site_t *
mc_site_open(const mc_settings_t *settings, unsigned flags,
    char error[MC_SETTINGS_ERROR], const char **where)
{
    mc_site_t   *site;
    const char  *row, *line;

    error[0] = '\0';
    *where = "";
    row = "";
    line = "";

    site = mc_alloc(sizeof(mc_site_t));

    if (site == NULL || mc_password_init() != MC_OK) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "%s",
                        site == NULL ? "out of memory"
                                     : "libsodium cannot be initialised");
        goto failed;
    }

    site->settings = settings;

    row = "membercert_secret";

    if (!open_keys(site, error)) {
        goto failed;
    }

    row = "membercert_password";

    site->policy = mc_policy_open(settings, error);

    if (site->policy == NULL) {
        goto failed;
    }

    row = "membercert_sign";

    if ((flags & MC_SITE_NO_DOCUMENT) == 0 && !open_signer(site, error)) {
        goto failed;
    }

    row = "membercert_font";

    if ((flags & MC_SITE_NO_DOCUMENT) == 0
        && !open_documents(site, error, &line))
    {
        row = *line != '\0' ? "membercert_layout" : row;
        goto failed;
    }

    line = "";

    row = "membercert_store";

    if (!open_store(site, error)) {
        goto failed;
    }

    row = "membercert_compare";

    site->compare = mc_compare_open(settings, error);

    if (site->compare == NULL) {
        goto failed;
    }

    row = "membercert_outbox";

    site->sender = mc_sender_open(settings, error);

    if (site->sender == NULL) {
        goto failed;
    }

    row = "membercert_mini_program";

    if ((flags & MC_SITE_NO_DOCUMENT) == 0 && settings->mini_qr.len != 0) {
        site->mini = mc_mini_open(settings, error);

        if (site->mini == NULL) {
            goto failed;
        }
    }

    return site;

failed:

    if (*row != '\0') {
        *where = *line != '\0' ? line : site_where(settings, row);
        site_name(row, error);
    }

    mc_site_close(site);

    return NULL;
}


void
mc_site_close(mc_site_t *site)
{
    size_t  i;

    if (site == NULL) {
        return;
    }

    mc_mini_close(site->mini);
    mc_sender_close(site->sender);
    mc_compare_close(site->compare);
    mc_store_close(site->store);
    mc_policy_close(site->policy);

    for (i = 0; i < site->document_count; i++) {
        mc_template_close(site->documents[i]);
    }

    mc_signer_close(site->signer);
    mc_captcha_font_close(site->captcha);
    mc_keys_wipe(&site->keys);
    mc_free(site);
}


void
mc_site_drain(mc_site_t *site)
{
    mc_store_drain(site->store);
    mc_compare_drain(site->compare);
    mc_sender_drain(site->sender);
}


size_t
mc_site_layout(const mc_site_t *site, mc_str_t name)
{
    size_t  index;

    return mc_settings_layout(site->settings, name, &index)
           ? index : site->document_count;
}


void
mc_site_photo_limits(const mc_site_t *site, int64_t now,
    mc_photo_limits_t *limits)
{
    const mc_settings_t  *settings;

    settings = site->settings;

    *limits = (mc_photo_limits_t) {
        .min = settings->photo_min,
        .max = settings->photo_max,
        .width = settings->photo_width,
        .height = settings->photo_height,
        .dpi = settings->photo_dpi,
        .dpi_missing_ok = settings->photo_dpi_missing_ok,
        .max_age = settings->photo_max_age,
        .now = now,
    };
}
