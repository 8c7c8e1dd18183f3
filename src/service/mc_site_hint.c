/*
 * Remarks on an opened site.
 *
 * Depends on document, auth, domain, base.  Configuration time; one thread.
 */

#include "mc_site_hint.h"

#include "mc_decimal.h"
#include "mc_issue.h"
#include "mc_time.h"


#define SIGNER_DAYS      30
#define STATEMENT_BYTES  (104 + 30)     /* one of an everyday member */
#define TEXT_MAX         2048

typedef struct {
    mc_arena_t      *arena;
    mc_site_hint_t  *hints;
    size_t           count;
    mc_err_t         err;
} list_t;


/* The same is not said twice; what is beyond the list is left out. */
static void
add(list_t *list, bool warning, mc_str_t text)
{
    size_t  i;

    if (text.data == NULL) {
        list->err = MC_ENOMEM;
        return;
    }

    for (i = 0; i < list->count; i++) {
        if (mc_str_eq(list->hints[i].text, text)) {
            return;
        }
    }

    if (list->count < MC_SITE_HINTS) {
        list->hints[list->count++] = (mc_site_hint_t) { warning, text };
    }
}


static void
add_qr(list_t *list, const mc_site_t *site, mc_qr_want_t want)
{
    if (want == MC_QR_NONE) {
        return;
    }

    if (site->settings->public_url.len == 0) {
        add(list, true, mc_str("certificates have no QR code without "
                               "\"membercert_public_url\""));

    } else if (want == MC_QR_STATEMENT
               && mc_decimal_bytes(mc_issue_digits(site)) < STATEMENT_BYTES)
    {
        add(list, true, mc_str("\"membercert_public_url\" is so long that "
                               "statements hardly fit into QR codes"));
    }
}


static void
add_signer(list_t *list, const mc_site_t *site, int64_t now)
{
    char     date[11];
    int64_t  until;

    if (site->signer == NULL) {
        return;
    }

    until = mc_signer_until(site->signer);

    if (until - now < SIGNER_DAYS * MC_DAY) {
        mc_date_write(until, site->settings->timezone, date);
        add(list, true, mc_arena_printf(list->arena, "the certificate of "
                            "\"membercert_sign\" ends on %s", date));
    }
}


static void
add_seals(list_t *list, const mc_template_t *document)
{
    mc_buf_t  text;

    mc_buf_init(&text, TEXT_MAX);

    if (mc_template_note(document, &text) == MC_ENOMEM) {
        list->err = MC_ENOMEM;

    } else if (text.len > 0 && text.err == MC_OK) {
        add(list, false, mc_arena_str(list->arena, mc_buf_view(&text)));
    }

    mc_buf_free(&text);
}


mc_err_t
mc_site_hints(const mc_site_t *site, int64_t now, mc_arena_t *arena,
    mc_site_hint_t hints[MC_SITE_HINTS], size_t *count)
{
    size_t  i;
    list_t  list;

    list = (list_t) { .arena = arena, .hints = hints };

    for (i = 0; i < site->document_count; i++) {
        add_qr(&list, site, mc_template_qr(site->documents[i]));
        add_seals(&list, site->documents[i]);
    }

    add_signer(&list, site, now);
    *count = list.count;

    return list.err;
}
