/*
 * The lines of a layout that hold no letters: photo, qr, seal, guilloche.
 *
 * Depends on base.  While configuration is read; any thread.
 */

#include "mc_layout_line.h"

#include "mc_word.h"


/* A code's modules must be large enough for a telephone: micrometres. */
#define LEAST_STATEMENT  25000
#define LEAST_ADDRESS    15000


mc_err_t
mc_line_photo(mc_reader_t *reader)
{
    size_t      at;
    mc_err_t    err;
    mc_item_t  *item;

    item = mc_reader_next(reader);
    if (item == NULL) {
        return MC_EINVAL;
    }

    if (reader->layout->has_photo) {
        return mc_reader_fail(reader, "is duplicate");
    }

    at = 0;
    item->kind = MC_ITEM_PHOTO;
    item->mark.role = MC_ROLE_PHOTO;
    reader->layout->has_photo = true;

    err = mc_reader_place(reader, &at, MC_PLACE_BOX, item);

    if (err == MC_OK && at < reader->count) {
        err = mc_reader_fail(reader, "unexpected \"%.*s\"",
                             mc_cut60(reader->words[at]));
    }

    return err != MC_OK ? err : mc_reader_add(reader, item);
}


mc_err_t
mc_line_qr(mc_reader_t *reader)
{
    int             least;
    size_t          at;
    mc_err_t        err;
    mc_str_t        what;
    mc_item_t      *item;
    mc_layout_qr_t  qr;

    item = mc_reader_next(reader);
    if (item == NULL) {
        return MC_EINVAL;
    }

    if (reader->layout->qr != MC_LAYOUT_QR_NONE) {
        return mc_reader_fail(reader, "is duplicate");
    }

    at = 0;
    item->kind = MC_ITEM_QR;
    item->mark.role = MC_ROLE_QR;

    err = mc_reader_place(reader, &at, MC_PLACE_SQUARE, item);
    if (err != MC_OK) {
        return err;
    }

    what = at + 1 == reader->count ? reader->words[at] : mc_str_null;
    qr = mc_str_is(what, "statement") ? MC_LAYOUT_QR_STATEMENT
         : mc_str_is(what, "address") ? MC_LAYOUT_QR_ADDRESS
         : MC_LAYOUT_QR_NONE;

    if (qr == MC_LAYOUT_QR_NONE) {
        return mc_reader_fail(reader, "needs X Y SIZE and \"statement\" or "
                              "\"address\"");
    }

    least = qr == MC_LAYOUT_QR_STATEMENT ? LEAST_STATEMENT : LEAST_ADDRESS;

    if (item->box.width < mc_reader_points(least)) {
        return mc_reader_fail(reader, "of less than %d mm cannot be read "
                              "with \"%.*s\"", least / 1000,
                              mc_cut60(what));
    }

    reader->layout->qr = qr;

    return mc_reader_add(reader, item);
}


/* file=/ABS of the national one, dir=/ABS of the regional one. */
static mc_err_t
read_path(mc_reader_t *reader, mc_str_t word, mc_seal_kind_t kind,
    mc_str_t *out)
{
    mc_str_t     key, value;
    const char  *name;

    name = kind == MC_SEAL_NATIONAL ? "file" : "dir";

    if (!mc_word_split(word, '=', &key, &value) || !mc_str_is(key, name)) {
        return mc_reader_fail(reader, "unknown option \"%.*s\", must be "
                              "%s=PATH", mc_cut60(word), name);
    }

    if (value.len < 2 || value.data[0] != '/') {
        return mc_reader_fail(reader, "path \"%.*s\" is not absolute",
                              mc_cut60(value));
    }

    *out = value;

    return MC_OK;
}


mc_err_t
mc_line_seal(mc_reader_t *reader)
{
    size_t             at;
    mc_err_t           err;
    mc_item_t         *item;
    mc_layout_seal_t  *seal;

    item = mc_reader_next(reader);
    if (item == NULL) {
        return MC_EINVAL;
    }

    if (mc_str_is(reader->words[0], "national")) {
        item->seal = MC_SEAL_NATIONAL;

    } else if (mc_str_is(reader->words[0], "regional")) {
        item->seal = MC_SEAL_REGIONAL;

    } else {
        return mc_reader_fail(reader, "unknown kind \"%.*s\", must be "
                              "national or regional",
                              mc_cut60(reader->words[0]));
    }

    seal = &reader->layout->seals[item->seal];

    if (seal->present) {
        return mc_reader_fail(reader, "is duplicate");
    }

    at = 1;
    item->kind = MC_ITEM_SEAL;
    item->mark.role = MC_ROLE_SEAL;

    err = mc_reader_place(reader, &at, MC_PLACE_SQUARE, item);

    if (err == MC_OK && at < reader->count) {
        err = read_path(reader, reader->words[at++], item->seal,
                        &seal->path);
    }

    if (err == MC_OK && at < reader->count) {
        err = mc_reader_fail(reader, "unexpected \"%.*s\"",
                             mc_cut60(reader->words[at]));
    }

    if (err != MC_OK) {
        return err;
    }

    /* without a picture an empty place is drawn, the same for all */
    item->empty = seal->path.len == 0;
    item->fixed = item->empty || item->seal == MC_SEAL_NATIONAL;

    seal->present = true;
    seal->where = item->where;
    seal->box = item->box;

    return mc_reader_add(reader, item);
}


mc_err_t
mc_line_guilloche(mc_reader_t *reader)
{
    size_t      i, at;
    mc_err_t    err;
    mc_item_t  *item;

    static const struct {
        const char     *name;
        mc_ornament_t   ornament;
        mc_lengths_t    lengths;
    } kinds[] = {
        { "border", MC_ORNAMENT_BORDER, MC_PLACE_BOX },
        { "watermark", MC_ORNAMENT_WATERMARK, MC_PLACE_SQUARE },
        { "emblem", MC_ORNAMENT_EMBLEM, MC_PLACE_SQUARE },
        { "seal", MC_ORNAMENT_SEAL, MC_PLACE_SQUARE },
        { "divider", MC_ORNAMENT_DIVIDER, MC_PLACE_WIDTH },
        { "rule", MC_ORNAMENT_RULE, MC_PLACE_WIDTH },
        { "frame", MC_ORNAMENT_FRAME, MC_PLACE_BOX }
    };

    item = mc_reader_next(reader);
    if (item == NULL) {
        return MC_EINVAL;
    }

    for (i = 0; i < mc_count(kinds); i++) {
        if (mc_str_is(reader->words[0], kinds[i].name)) {
            break;
        }
    }

    if (i == mc_count(kinds)) {
        return mc_reader_fail(reader, "unknown kind \"%.*s\"",
                              mc_cut60(reader->words[0]));
    }

    at = 1;
    err = MC_OK;
    item->kind = MC_ITEM_ORNAMENT;
    item->fixed = true;
    item->ornament = kinds[i].ornament;

    if (reader->count == 1 && item->ornament == MC_ORNAMENT_BORDER) {
        item->box = (mc_box_t) { 0, 0, reader->layout->width,
                                 reader->layout->height };
    } else {
        err = mc_reader_place(reader, &at, kinds[i].lengths, item);
    }

    if (err == MC_OK && at < reader->count) {
        err = mc_reader_fail(reader, "unexpected \"%.*s\"",
                             mc_cut60(reader->words[at]));
    }

    return err != MC_OK ? err : mc_reader_add(reader, item);
}
