/*
 * The operators of our page content, as SVG.
 *
 * Depends on base, mc_seal_draw (numbers), libm.  Any one thread.
 *
 * Operands are copied as they are written; only colours are converted.
 */

#include "mc_preview_operator.h"

#include <math.h>
#include <stdio.h>


typedef mc_preview_run_t    page_t;
typedef mc_preview_state_t  state_t;


static state_t *
now(page_t *page)
{
    return &page->states[page->saved];
}


static void
put(mc_buf_t *out, const char *text)
{
    (void) mc_buf_cstr(out, text);
}


static bool
save(page_t *page)
{
    if (page->saved == MC_PREVIEW_SAVED) {
        return false;
    }

    page->saved++;
    page->states[page->saved] = page->states[page->saved - 1];
    now(page)->groups = 0;

    return true;
}


void
mc_preview_close(page_t *page)
{
    state_t  *state;

    for (state = now(page); state->groups > 0; state->groups--) {
        put(page->out, "</g>");
    }
}


static bool
restore(page_t *page)
{
    if (page->saved == 0) {
        return false;
    }

    mc_preview_close(page);
    page->saved--;

    return true;
}


static bool
concat(page_t *page)
{
    size_t  i;

    put(page->out, "<g transform=\"matrix(");

    for (i = 0; i < 6; i++) {
        (void) mc_buf_str(page->out, page->operands[i]);
        put(page->out, i < 5 ? " " : ")\">");
    }

    now(page)->groups++;

    return true;
}


static bool
colour(page_t *page, char out[8])
{
    int             i, value[3];
    double          part;
    mc_seal_scan_t  scan;

    for (i = 0; i < 3; i++) {
        scan = mc_seal_scan(page->operands[i]);

        if (!mc_seal_number(&scan, &part) || part < 0 || part > 1) {
            return false;
        }

        value[i] = (int) lround(part * 255);
    }

    (void) snprintf(out, 8, "#%02x%02x%02x", (unsigned) value[0] & 255,
                    (unsigned) value[1] & 255, (unsigned) value[2] & 255);

    return true;
}


static bool
set_fill(page_t *page)
{
    return colour(page, now(page)->fill);
}


static bool
set_stroke(page_t *page)
{
    return colour(page, now(page)->stroke);
}


static bool
set_width(page_t *page)
{
    now(page)->width = page->operands[0];

    return true;
}


static bool
set_miter(page_t *page)
{
    now(page)->miter = page->operands[0];

    return true;
}


static bool
style_of(page_t *page, char *out)
{
    *out = page->operands[0].data[0];

    return page->operands[0].len == 1 && *out >= '0' && *out <= '2';
}


static bool
set_cap(page_t *page)
{
    return style_of(page, &now(page)->cap);
}


static bool
set_join(page_t *page)
{
    return style_of(page, &now(page)->join);
}


/* --- the path */

/* The operands [from, to) behind a letter. */
static void
piece(page_t *page, char letter, size_t from, size_t to)
{
    (void) mc_buf_byte(&page->path, (uint8_t) letter);

    for ( /* void */ ; from < to; from++) {
        (void) mc_buf_str(&page->path, page->operands[from]);

        if (from + 1 < to) {
            (void) mc_buf_byte(&page->path, ' ');
        }
    }
}


static bool
move_to(page_t *page)
{
    piece(page, 'M', 0, 2);
    return true;
}


static bool
line_to(page_t *page)
{
    piece(page, 'L', 0, 2);
    return true;
}


static bool
curve_to(page_t *page)
{
    piece(page, 'C', 0, 6);
    return true;
}


static bool
end_path(page_t *page)
{
    piece(page, 'Z', 0, 0);
    return true;
}


static bool
rectangle(page_t *page)
{
    mc_str_t  width;

    piece(page, 'M', 0, 2);
    piece(page, 'h', 2, 3);
    piece(page, 'v', 3, 4);

    width = page->operands[2];

    if (width.data[0] == '-') {
        page->operands[2].data++;
        page->operands[2].len--;
        piece(page, 'h', 2, 3);
    } else {
        (void) mc_buf_str(&page->path, mc_str("h-"));
        (void) mc_buf_str(&page->path, width);
    }

    return end_path(page);
}


/* --- painting */

static void
put_pair(mc_buf_t *out, const char *name, mc_str_t value)
{
    (void) mc_buf_byte(out, ' ');
    put(out, name);
    put(out, "=\"");
    (void) mc_buf_str(out, value);
    (void) mc_buf_byte(out, '"');
}


static void
put_pen(page_t *page)
{
    state_t                   *state;
    static const char *const   caps[] = { "butt", "round", "square" };
    static const char *const   joins[] = { "miter", "round", "bevel" };

    state = now(page);

    if (state->stroke[0] != '\0') {
        put_pair(page->out, "stroke", mc_str_from(state->stroke));
    }

    if (state->width.len > 0) {
        put_pair(page->out, "stroke-width", state->width);
    }

    if (state->cap > '0') {
        put_pair(page->out, "stroke-linecap",
                 mc_str_from(caps[state->cap - '0']));
    }

    if (state->join > '0') {
        put_pair(page->out, "stroke-linejoin",
                 mc_str_from(joins[state->join - '0']));
    }

    if (state->miter.len > 0) {
        put_pair(page->out, "stroke-miterlimit", state->miter);
    }

    if (state->dash.len > 0) {
        put_pair(page->out, "stroke-dasharray", state->dash);
    }
}


static bool
paint(page_t *page, bool fill, bool even_odd, bool stroke)
{
    mc_buf_t  *out;

    if (page->path.err != MC_OK || page->clip) {
        return false;
    }

    out = page->out;
    put(out, "<path d=\"");
    (void) mc_buf_str(out, mc_buf_view(&page->path));
    put(out, "\"");
    page->path.len = 0;

    if (!fill) {
        put_pair(out, "fill", mc_str("none"));
    } else if (now(page)->fill[0] != '\0') {
        put_pair(out, "fill", mc_str_from(now(page)->fill));
    }

    if (fill && even_odd) {
        put_pair(out, "fill-rule", mc_str("evenodd"));
    }

    if (stroke) {
        put_pen(page);
    } else {
        put_pair(out, "stroke", mc_str("none"));
    }

    put(out, "/>\n");

    return true;
}


static bool
fill(page_t *page)
{
    return paint(page, true, false, false);
}


static bool
fill_even_odd(page_t *page)
{
    return paint(page, true, true, false);
}


static bool
stroke(page_t *page)
{
    return paint(page, false, false, true);
}


static bool
both(page_t *page)
{
    return paint(page, true, false, true);
}


static bool
both_even_odd(page_t *page)
{
    return paint(page, true, true, true);
}


static bool
end_and_stroke(page_t *page)
{
    return end_path(page) && stroke(page);
}


static bool
end_and_both(page_t *page)
{
    return end_path(page) && both(page);
}


static bool
clip(page_t *page)
{
    page->clip = true;

    return true;
}


/* n: what was asked to clip does so until the next Q. */
static bool
no_paint(page_t *page)
{
    unsigned  id;

    if (page->clip) {
        id = ++*page->clips;
        (void) mc_buf_printf(page->out, "<clipPath id=\"C%u\"><path d=\"",
                             id);
        (void) mc_buf_str(page->out, mc_buf_view(&page->path));
        (void) mc_buf_printf(page->out, "\"/></clipPath>"
                             "<g clip-path=\"url(#C%u)\">", id);
        now(page)->groups++;
    }

    page->clip = false;
    page->path.len = 0;

    return true;
}


static bool
set_dash(page_t *page)
{
    mc_str_t  dash;

    dash = page->operands[0];

    if (dash.data[0] != '[' || !mc_str_eq(page->operands[1], mc_str("0"))) {
        return false;
    }

    now(page)->dash = (mc_str_t) { dash.data + 1, dash.len - 2 };

    return true;
}


/* A form: our ornaments are named /G and a digit. */
static bool
draw_form(page_t *page)
{
    mc_str_t  name;

    name = page->operands[0];

    if (name.len != 3 || name.data[0] != '/' || name.data[1] != 'G'
        || name.data[2] < '0' || name.data[2] > '9')
    {
        return false;
    }

    (void) mc_buf_printf(page->out, "<use href=\"#G%c\"", name.data[2]);
    put_pen(page);

    if (now(page)->fill[0] != '\0') {
        put_pair(page->out, "fill", mc_str_from(now(page)->fill));
    }

    put(page->out, "/>\n");

    return true;
}


static const mc_preview_operator_t  operators[] = {
    { "q", 0, save },
    { "Q", 0, restore },
    { "cm", 6, concat },
    { "w", 1, set_width },
    { "J", 1, set_cap },
    { "j", 1, set_join },
    { "M", 1, set_miter },
    { "d", 2, set_dash },
    { "rg", 3, set_fill },
    { "RG", 3, set_stroke },
    { "m", 2, move_to },
    { "l", 2, line_to },
    { "c", 6, curve_to },
    { "h", 0, end_path },
    { "re", 4, rectangle },
    { "W", 0, clip },
    { "n", 0, no_paint },
    { "f", 0, fill },
    { "f*", 0, fill_even_odd },
    { "S", 0, stroke },
    { "s", 0, end_and_stroke },
    { "B", 0, both },
    { "B*", 0, both_even_odd },
    { "b", 0, end_and_both },
    { "Do", 1, draw_form }
};


const mc_preview_operator_t *
mc_preview_operator(mc_str_t name)
{
    size_t  i;

    for (i = 0; i < mc_count(operators); i++) {

        if (mc_str_is(name, operators[i].name)) {
            return &operators[i];
        }
    }

    return NULL;
}
