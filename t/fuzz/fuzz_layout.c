/*
 * Fuzz target: the lines of a layout, in nginx's grammar.
 *
 * Promises held: bounds; a layout or an error with a text and a place,
 * never half of one; every place of one that is taken lies on its page;
 * every item is opened once, in both halves together, and its number is
 * its own; letters begin on the page.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_conf_token.h"
#include "mc_layout.h"
#include "mc_sample.h"


#define ITEMS  128

typedef struct {
    const mc_layout_t  *layout;
    bool                open;
    unsigned char       seen[ITEMS];
} page_t;

static mc_chain_t  chain;
static mc_cast_t   fixed, own;


static void
check_box(const page_t *page, const mc_box_t *box)
{
    fuzz_check(box->x >= 0 && box->y >= 0 && box->width >= 0
               && box->height >= 0);
    fuzz_check(box->x + box->width <= mc_layout_width(page->layout) + 2);
    fuzz_check(box->y + box->height <= mc_layout_height(page->layout) + 2);
}


static mc_err_t
see_open(void *data, const mc_mark_t *mark)
{
    page_t  *page = data;

    fuzz_check(!page->open);
    page->open = true;

    if (mark->role != MC_ROLE_ARTIFACT) {
        fuzz_check(mark->id >= 0
                   && (size_t) mark->id < mc_layout_items(page->layout));
        fuzz_check(mc_layout_role(page->layout, (size_t) mark->id)
                   == mark->role);
        fuzz_check(page->seen[mark->id]++ == 0);
    }

    return MC_OK;
}


static mc_err_t
see_close(void *data)
{
    page_t  *page = data;

    fuzz_check(page->open);
    page->open = false;

    return MC_OK;
}


static mc_err_t
see_text(void *data, const mc_line_t *line)
{
    page_t  *page = data;

    fuzz_check(page->open && line->count > 0 && line->size > 0);
    fuzz_check(line->turn != 0
               || (line->x >= 0 && line->x <= mc_layout_width(page->layout)));

    return MC_OK;
}


static mc_err_t
see_box(void *data, const mc_box_t *box)
{
    fuzz_check(((page_t *) data)->open);
    check_box(data, box);

    return MC_OK;
}


static mc_err_t
see_seal(void *data, mc_seal_kind_t kind, const mc_box_t *box)
{
    fuzz_check(kind < MC_SEALS);

    return see_box(data, box);
}


/* The white below a code may reach over the edge. */
static mc_err_t
see_ornament(void *data, mc_ornament_t kind, const mc_box_t *box)
{
    return kind == MC_ORNAMENT_PANEL ? MC_OK : see_box(data, box);
}


static void
check_page(const mc_layout_t *layout)
{
    page_t            page;
    size_t            i;
    mc_err_t          err;
    uint32_t          missing;
    mc_draw_t         draw;
    mc_certificate_t  certificate;

    memset(&page, 0, sizeof(page));
    page.layout = layout;
    draw = (mc_draw_t) {
        &page, see_text, see_box, see_ornament, see_box, see_seal, see_open,
        see_close
    };

    memset(&fixed, 0, sizeof(fixed));
    memset(&own, 0, sizeof(own));
    mc_cast_init(&fixed, &chain, NULL);
    mc_cast_init(&own, &chain, &fixed);
    mc_sample_certificate(&certificate, mc_str("欧阳明月"));

    err = mc_layout_prepare(layout, &fixed, &missing);

    if (err == MC_OK) {
        err = mc_layout_fixed(layout, &fixed, &draw);
    }

    if (err == MC_OK) {
        err = mc_layout_values(layout, &own, &certificate, 480, &draw);
    }

    fuzz_check(err == MC_OK || err == MC_EINVAL || err == MC_ETOOBIG);

    for (i = 0; err == MC_OK && i < mc_layout_items(layout); i++) {
        fuzz_check(page.seen[i] == 1);
    }
}


static mc_err_t
take_line(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    char      text[MC_SETTINGS_ERROR];
    mc_err_t  err;

    if (statement->count == 0) {
        return MC_OK;
    }

    err = mc_settings_layout_line(data, statement->words, statement->count,
                                  "fuzz:1", text);
    fuzz_check(err == MC_OK || text[0] != '\0');

    return err;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char             error[MC_SETTINGS_ERROR];
    mc_str_t         words[2];
    const char      *where;
    mc_layout_t     *layout;
    mc_settings_t   *settings, fonts;
    mc_conf_error_t  why;

    if (chain.count == 0) {
        mc_sample_settings(&fonts);
        fuzz_check(mc_chain_open(&chain, &fonts, error) == MC_OK);
    }

    settings = mc_settings_create();
    fuzz_check(settings != NULL);

    words[0] = mc_str("membercert_layout");
    words[1] = mc_str("fuzz");
    fuzz_check(mc_settings_take(settings, words, 2, "fuzz:1", error)
               == MC_OK);

    (void) mc_conf_walk_text((mc_str_t) { (const char *) data, size },
                             "fuzz", false, take_line, settings, &why);

    layout = mc_layout_open(settings, 0, error, &where);

    if (layout != NULL) {
        check_page(layout);
    } else {
        fuzz_check(error[0] != '\0' && where[0] != '\0');
    }

    mc_layout_close(layout);
    mc_settings_free(settings);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    static const char *const  seeds[] = {
        "page a4; style e size=8 least=6; style s size=12.5 least=7 "
        "tracking=.5 leading=1.3 color=#123456 align=center en=e; "
        "title 10 20 150 15 s \"会员证书\" \"CERTIFICATE\"; "
        "text 10 60 150 s '$name ${membership}' 'of $issuer_en.';",

        "page card; style s size=9; label name 10 10 20 s; "
        "value name 40 10 60 12 s; photo 10 30 27 34; "
        "qr 100 30 30 address; seal national 60 70 17; "
        "seal regional 80 70 17 dir=/srv/seals;",

        "page 85.6 54; style s size=7 align=right; guilloche border; "
        "guilloche border 1 1 80 50; guilloche watermark 20 10 30; "
        "guilloche emblem 5 5 10; guilloche seal 60 30 15; "
        "guilloche divider 10 20 40; guilloche rule 10 30 40; "
        "guilloche frame 5 5 20 25; value code 30 40 50 s;",

        "page 210 297; style s size=4 least=4; qr 10 10 40 statement; "
        "value serial 1 1 5 s; value date 1 100 50 9 s;",

        "text 1 1 1 s a;", "page a5; page a5;", "page 0 0;",
        "style s size=144 leading=4; page a6; text 0 0 105 148 s 'W';"
    };

    if (n >= sizeof(seeds) / sizeof(seeds[0])) {
        return 0;
    }

    len = strlen(seeds[n]);

    if (len > cap) {
        return 0;
    }

    memcpy(out, seeds[n], len);

    return len;
}
