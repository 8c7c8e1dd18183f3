/*
 * What a layout needs of the fonts: its characters, and room for the
 * longest values.
 *
 * Depends on base, domain, mc_cast, mc_fit.  While configuration is read;
 * any thread.
 */

#include "mc_layout_page.h"

#include <stdio.h>

#include "mc_seal.h"
#include "mc_utf8.h"
#include "mc_wording.h"


#define NAME_LETTERS       40
#define NUMBER_LETTERS     24
#define CATEGORY_LETTERS   12
#define INSTITUTE_LETTERS  30
#define ENGLISH_LETTERS    80

#define LEAST     492               /* 5 points, as whole dots */
#define LEAST_EN  396


static mc_err_t
prepare_text(mc_cast_t *cast, mc_str_t text, uint32_t *missing)
{
    size_t      pos;
    uint32_t    code_point;
    mc_err_t    err;
    mc_glyph_t  glyph;

    for (pos = 0; pos < text.len; /* void */ ) {
        code_point = mc_utf8_next(text, &pos);

        err = mc_cast_add(cast, code_point, &glyph);
        if (err != MC_OK) {
            *missing = code_point;
            return err;
        }
    }

    return MC_OK;
}


static mc_err_t
prepare_words(mc_cast_t *cast, const mc_words_t *words, uint32_t *missing)
{
    size_t    i;
    mc_err_t  err;

    for (i = 0; i < words->count; i++) {
        err = prepare_text(cast, words->pieces[i].words, missing);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


static mc_err_t
prepare_both(mc_cast_t *cast, mc_str_t first, mc_str_t second,
    uint32_t *missing)
{
    mc_err_t  err;

    err = prepare_text(cast, first, missing);

    return err != MC_OK ? err : prepare_text(cast, second, missing);
}


mc_err_t
mc_layout_prepare_item(const mc_item_t *item, mc_cast_t *cast,
    uint32_t *missing)
{
    mc_err_t   err;
    mc_text_t  label;

    switch (item->kind) {

    case MC_ITEM_TEXT:
        err = prepare_words(cast, &item->zh, missing);
        return err != MC_OK ? err : prepare_words(cast, &item->en, missing);

    case MC_ITEM_LABEL:
        label = mc_value_label(item->value);
        return prepare_both(cast, label.zh, label.en, missing);

    case MC_ITEM_SEAL:
        if (!item->empty) {
            return MC_OK;
        }

        err = prepare_both(cast, mc_wording.national, mc_wording.regional,
                           missing);
        return err != MC_OK ? err
               : prepare_text(cast, mc_wording.seal, missing);

    default:
        return MC_OK;
    }
}


mc_err_t
mc_layout_prepare_base(mc_cast_t *cast, uint32_t *missing)
{
    size_t    i;
    mc_err_t  err;

    /* other letters come with the document that needs them: each of these
     * is part of every file */
    const mc_str_t  texts[] = {
        mc_str("0123456789 -"), mc_wording.year, mc_wording.month,
        mc_wording.day, mc_wording.none, mc_wording.member_open,
        mc_wording.member_close, mc_wording.spare
    };

    for (i = 0; i < mc_count(texts); i++) {
        err = prepare_text(cast, texts[i], missing);
        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}


mc_err_t
mc_layout_prepare(const mc_layout_t *layout, mc_cast_t *cast,
    uint32_t *missing)
{
    size_t    i;
    mc_err_t  err;

    err = mc_layout_prepare_base(cast, missing);

    for (i = 0; err == MC_OK && i < layout->item_count; i++) {
        err = mc_layout_prepare_item(&layout->items[i], cast, missing);
    }

    return err;
}


/* The longest values, in letters every text face has. */
typedef struct {
    mc_certificate_t  certificate;
    char              name[3 * NAME_LETTERS];
    char              institute[3 * INSTITUTE_LETTERS];
    char              category[3 * CATEGORY_LETTERS];
    char              english[ENGLISH_LETTERS];
    char              number[NUMBER_LETTERS];
} sample_t;


static mc_str_t
repeat(char *room, size_t size, const char *letter)
{
    size_t  i, len;

    len = strlen(letter);

    for (i = 0; i + len <= size; i += len) {
        memcpy(room + i, letter, len);
    }

    return (mc_str_t) { room, i };
}


static void
longer(mc_str_t *longest, mc_str_t text)
{
    if (mc_utf8_valid(text) && mc_utf8_count(text) > mc_utf8_count(*longest))
    {
        *longest = text;
    }
}


static void
fill_sample(sample_t *sample, const mc_settings_t *settings)
{
    size_t      i;
    mc_text_t  *values;
    mc_str_t    number;

    memset(sample, 0, sizeof(*sample));
    values = sample->certificate.values;

    number = repeat(sample->number, sizeof(sample->number), "0");

    values[MC_CERT_NAME].zh = repeat(sample->name, sizeof(sample->name),
                                     "中");
    values[MC_CERT_SEX].zh = mc_str("女");
    values[MC_CERT_SEX].en = mc_str("Female");
    values[MC_CERT_CERTIFICATE_NO].zh = number;
    values[MC_CERT_MEMBER_NO].zh = number;
    values[MC_CERT_ADMITTED_ON].zh = mc_str("2026-12-28");
    values[MC_CERT_INSTITUTE].zh = repeat(sample->institute,
                                          sizeof(sample->institute), "中");
    values[MC_CERT_INSTITUTE].en = repeat(sample->english,
                                          sizeof(sample->english), "Guild ");
    values[MC_CERT_CATEGORY].zh = repeat(sample->category,
                                         sizeof(sample->category), "中");

    for (i = 0; i < settings->user_type_count; i++) {
        longer(&values[MC_CERT_CATEGORY].zh, settings->user_types[i].zh);
        longer(&values[MC_CERT_CATEGORY].en, settings->user_types[i].en);
    }

    sample->certificate.issuer = (mc_text_t) {
        settings->issuer, settings->issuer_en
    };

    sample->certificate.serial = 99999999;
    sample->certificate.confirmed_at = 1798416000000;   /* 28 December */
    sample->certificate.code = mc_str("WWWWWWWWWWWWWWWW");
}


/* The size of an item's first line, and the smallest of the others: its
 * English ones. */
typedef struct {
    int  first;
    int  rest;
} sizes_t;


static mc_err_t
note_size(void *data, const mc_line_t *line)
{
    sizes_t  *sizes = data;

    if (sizes->first == 0 || line->size == sizes->first) {
        sizes->first = line->size;

    } else if (sizes->rest == 0 || line->size < sizes->rest) {
        sizes->rest = line->size;
    }

    return MC_OK;
}


static const char *
item_name(const mc_item_t *item)
{
    return item->kind == MC_ITEM_VALUE ? mc_value_name(item->value)
                                       : "text";
}


static mc_err_t
check_item(const mc_item_t *item, mc_cast_t *cast,
    const mc_values_t *values, char *error)
{
    int        size;
    mc_err_t   err;
    sizes_t    sizes;
    uint32_t   missing;
    mc_draw_t  draw;

    missing = 0;

    err = mc_layout_prepare_item(item, cast, &missing);
    if (err == MC_EINVAL) {
        snprintf(error, MC_SETTINGS_ERROR, "no font has the character U+%04X "
                 "of this line", missing);
        return err;
    }

    if (err == MC_ETOOBIG) {
        snprintf(error, MC_SETTINGS_ERROR, "more than %d different "
                 "characters in a layout", MC_CAST_MAX);
        return MC_EINVAL;
    }

    memset(&sizes, 0, sizeof(sizes));
    draw = (mc_draw_t) { .data = &sizes, .text = note_size };

    if (err == MC_OK) {
        err = mc_layout_draw_item(item, cast, values, &draw);
    }

    if (err == MC_ETOOBIG) {
        snprintf(error, MC_SETTINGS_ERROR, "the longest \"%s\" fits in no "
                 "size here, make its place larger", item_name(item));
        return MC_EINVAL;
    }

    if (err != MC_OK || item->kind == MC_ITEM_SEAL || sizes.first == 0) {
        return err;
    }

    size = sizes.first < LEAST ? sizes.first
           : sizes.rest > 0 && sizes.rest < LEAST_EN ? sizes.rest : 0;

    if (size > 0) {
        snprintf(error, MC_SETTINGS_ERROR, "the longest \"%s\" would be set "
                 "in %d.%d points here, less than %d; make its place larger",
                 item_name(item), size / 100, size / 10 % 10,
                 size == sizes.first ? 5 : 4);
        return MC_EINVAL;
    }

    return MC_OK;
}


/* What the lines name can be read; the template opens it again. */
static mc_err_t
check_seals(const mc_layout_t *layout, char *error, const char **where)
{
    mc_err_t                 err;
    mc_seal_t                seal;
    mc_seals_t               seals;
    const mc_layout_seal_t  *line;

    line = &layout->seals[MC_SEAL_NATIONAL];

    if (line->path.len > 0) {
        *where = line->where;
        err = mc_seal_open(line->path, &seal, error);
        if (err != MC_OK) {
            return err;
        }

        mc_seal_close(&seal);
    }

    line = &layout->seals[MC_SEAL_REGIONAL];

    if (line->path.len > 0) {
        *where = line->where;
        err = mc_seals_open(line->path, &seals, error);
        if (err != MC_OK) {
            return err;
        }

        mc_seals_close(&seals);
    }

    return MC_OK;
}


static mc_err_t
check_layout(const mc_layout_t *layout, const mc_chain_t *chain,
    const mc_values_t *values, char *error, const char **where)
{
    size_t      i;
    mc_err_t    err;
    uint32_t    missing;
    mc_cast_t  *cast;

    cast = mc_alloc(sizeof(mc_cast_t));
    if (cast == NULL) {
        return MC_ENOMEM;
    }

    missing = 0;
    mc_cast_init(cast, chain, NULL);
    err = mc_layout_prepare_base(cast, &missing);

    if (err == MC_EINVAL) {
        snprintf(error, MC_SETTINGS_ERROR, "no font has the character U+%04X "
                 "of the certificate's own words", missing);
    }

    for (i = 0; err == MC_OK && i < layout->item_count; i++) {
        err = check_item(&layout->items[i], cast, values, error);

        if (err != MC_OK) {
            *where = layout->items[i].where;
        }
    }

    mc_free(cast);

    return err != MC_OK ? err : check_seals(layout, error, where);
}


mc_err_t
mc_layout_check(const mc_settings_t *settings, char error[MC_SETTINGS_ERROR],
    const char **where)
{
    size_t        i;
    mc_err_t      err;
    sample_t      sample;
    mc_chain_t    chain;
    const char   *line;
    mc_layout_t  *layout;
    mc_values_t   values;

    *where = "";
    error[0] = '\0';

    err = mc_chain_open(&chain, settings, error);
    if (err != MC_OK) {
        return err;
    }

    fill_sample(&sample, settings);
    err = mc_values_fill(&values, &sample.certificate, settings->timezone);

    for (i = 0; err == MC_OK && (i == 0 || i < settings->layout_count); i++)
    {
        line = "";
        layout = mc_layout_open(settings, i, error, &line);

        err = layout == NULL ? MC_EINVAL
              : check_layout(layout, &chain, &values, error, &line);
        mc_layout_close(layout);

        /* the built-in page's lines are nobody's */
        *where = settings->layout_count > 0 ? line : "";
    }

    mc_chain_close(&chain);

    if (err == MC_OK) {
        *where = "";

    } else if (error[0] == '\0') {
        snprintf(error, MC_SETTINGS_ERROR, "layout: %s", mc_err_name(err));
    }

    return err;
}
