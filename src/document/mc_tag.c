/*
 * The structure tree.
 *
 * Depends on base, mc_layout, mc_pdf.  While a template is made, and in the
 * reference writer; any thread.
 *
 * Labels and the values behind them are items of a list: "Lbl" and "LBody".
 * Every mark of the page has its element in the parent tree, in order of
 * the marks' numbers, which is the order the tree is built in.
 */

#include "mc_tag.h"


typedef struct {
    mc_pdf_t           *pdf;
    const mc_layout_t  *layout;
    size_t              items;
    HPDF_Dict           page;
    HPDF_Dict           document;
    HPDF_Array          parents;        /* of the marks 0 .. */
} tags_t;


static const mc_str_t  photo_words = mc_str("会员照片 Photo of the member");
static const mc_str_t  qr_words = mc_str("二维码：核验本证书"
    " QR code: verify this certificate");
static const mc_str_t  seal_words[MC_SEALS][2] = {
    { mc_str("全国协会印章处 Place for the national institute's seal"),
      mc_str("全国协会印章 Seal of the national institute") },
    { mc_str("地方协会印章处 Place for the regional institute's seal"),
      mc_str("地方协会印章 Seal of the regional institute") }
};


static mc_role_t
role_at(const tags_t *tags, size_t item)
{
    return item < tags->items ? mc_layout_role(tags->layout, item)
                              : MC_ROLE_ARTIFACT;
}


/* An element below "parent", still without content. */
static HPDF_Dict
element(tags_t *tags, HPDF_Dict parent, HPDF_Array kids, const char *type)
{
    HPDF_Dict  dict;

    dict = mc_pdf_dict(tags->pdf, NULL);
    mc_pdf_name(tags->pdf, dict, "S", type);
    mc_pdf_ref(tags->pdf, dict, "P", parent);
    mc_pdf_push_ref(tags->pdf, kids, dict);

    return dict;
}


/* One that holds the marks first .. first + count - 1. */
static HPDF_Dict
leaf(tags_t *tags, HPDF_Dict parent, HPDF_Array kids, const char *type,
    size_t first, size_t count)
{
    size_t      i;
    HPDF_Dict   dict;
    HPDF_Array  marks;

    dict = element(tags, parent, kids, type);
    mc_pdf_ref(tags->pdf, dict, "Pg", tags->page);

    if (count == 1) {
        mc_pdf_number(tags->pdf, dict, "K", (int) first);

    } else {
        marks = mc_pdf_array(tags->pdf, dict, "K");

        for (i = 0; i < count; i++) {
            mc_pdf_push_number(tags->pdf, marks, (int) (first + i));
        }
    }

    for (i = 0; i < count; i++) {
        mc_pdf_push_ref(tags->pdf, tags->parents, dict);
    }

    return dict;
}


static mc_str_t
figure_words(const tags_t *tags, size_t item)
{
    mc_seal_kind_t           kind;
    const mc_layout_seal_t  *seal;

    switch (role_at(tags, item)) {

    case MC_ROLE_PHOTO:
        return photo_words;

    case MC_ROLE_QR:
        return qr_words;

    default:
        kind = mc_layout_item_seal(tags->layout, item);
        if (kind >= MC_SEALS) {
            kind = MC_SEAL_NATIONAL;
        }

        seal = mc_layout_seal(tags->layout, kind);

        return seal_words[kind][seal != NULL && seal->path.len > 0];
    }
}


/* How many items from "at" on have this role. */
static size_t
run(const tags_t *tags, size_t at, mc_role_t role)
{
    size_t  n;

    for (n = 0; at + n < tags->items && role_at(tags, at + n) == role; n++) {
        /* void */
    }

    return n;
}


/* Labels and their values; returns where the list ends. */
static size_t
list(tags_t *tags, HPDF_Array kids, size_t at)
{
    size_t      labels, values;
    HPDF_Dict   list_, item;
    HPDF_Array  items, parts;

    list_ = element(tags, tags->document, kids, "L");
    items = mc_pdf_array(tags->pdf, list_, "K");

    while (role_at(tags, at) == MC_ROLE_LABEL) {
        labels = run(tags, at, MC_ROLE_LABEL);
        values = run(tags, at + labels, MC_ROLE_VALUE);

        item = element(tags, list_, items, "LI");
        parts = mc_pdf_array(tags->pdf, item, "K");

        (void) leaf(tags, item, parts, "Lbl", at, labels);

        if (values > 0) {
            (void) leaf(tags, item, parts, "LBody", at + labels, values);
        }

        at += labels + values;
    }

    return at;
}


static void
elements(tags_t *tags, HPDF_Array kids)
{
    size_t     at;
    HPDF_Dict  figure;

    for (at = 0; at < tags->items; /* void */ ) {

        switch (role_at(tags, at)) {

        case MC_ROLE_LABEL:
            at = list(tags, kids, at);
            continue;

        case MC_ROLE_TITLE:
            (void) leaf(tags, tags->document, kids, "H1", at, 1);
            break;

        case MC_ROLE_PHOTO:
        case MC_ROLE_QR:
        case MC_ROLE_SEAL:
            figure = leaf(tags, tags->document, kids, "Figure", at, 1);
            mc_pdf_words(tags->pdf, figure, "Alt", figure_words(tags, at));
            break;

        default:
            (void) leaf(tags, tags->document, kids, "P", at, 1);
            break;
        }

        at++;
    }
}


void
mc_tag_build(mc_pdf_t *pdf, const mc_layout_t *layout, HPDF_Dict catalog,
    HPDF_Dict page)
{
    tags_t      tags;
    HPDF_Dict   root, tree;
    HPDF_Array  kids, numbers;

    memset(&tags, 0, sizeof(tags));
    tags.pdf = pdf;
    tags.layout = layout;
    tags.items = mc_layout_items(layout);
    tags.page = page;

    mc_pdf_bool(pdf, mc_pdf_inner(pdf, catalog, "MarkInfo"), "Marked", true);
    mc_pdf_number(pdf, page, "StructParents", 0);
    mc_pdf_name(pdf, page, "Tabs", "S");

    root = mc_pdf_dict(pdf, "StructTreeRoot");
    mc_pdf_ref(pdf, catalog, "StructTreeRoot", root);
    mc_pdf_number(pdf, root, "ParentTreeNextKey", 1);

    tree = mc_pdf_dict(pdf, NULL);
    mc_pdf_ref(pdf, root, "ParentTree", tree);
    numbers = mc_pdf_array(pdf, tree, "Nums");
    mc_pdf_push_number(pdf, numbers, 0);
    tags.parents = mc_pdf_push_array(pdf, numbers);

    kids = mc_pdf_array(pdf, root, "K");
    tags.document = element(&tags, root, kids, "Document");

    kids = mc_pdf_array(pdf, tags.document, "K");
    elements(&tags, kids);
}
