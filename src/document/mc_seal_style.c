/*
 * Presentation properties and transforms of SVG.
 *
 * Depends on base, libm.  Any one thread.
 *
 * A property is taken, is without effect on paths and so passed over, must
 * have the value that changes nothing, or is refused with what to do.
 */

#include "mc_seal_draw.h"

#include <math.h>


#define PI  3.14159265358979323846

typedef const char *(*set_fn)(mc_seal_style_t *style, mc_str_t value);

typedef struct {
    const char  *name;
    set_fn       set;
    const char  *only;              /* values that change nothing, "|" each */
    const char  *why;
} property_t;

typedef struct {
    const char  *name;
    uint32_t     rgb;
} colour_t;


const mc_seal_style_t  mc_seal_style_first = {
    .fill = { true, { 0, 0, 0 } },
    .width = 1,
    .miter = 4
};

static const colour_t  colours[] = {
    { "black", 0x000000 },
    { "silver", 0xC0C0C0 },
    { "gray", 0x808080 },
    { "grey", 0x808080 },
    { "white", 0xFFFFFF },
    { "maroon", 0x800000 },
    { "red", 0xFF0000 },
    { "purple", 0x800080 },
    { "fuchsia", 0xFF00FF },
    { "magenta", 0xFF00FF },
    { "green", 0x008000 },
    { "lime", 0x00FF00 },
    { "olive", 0x808000 },
    { "yellow", 0xFFFF00 },
    { "navy", 0x000080 },
    { "blue", 0x0000FF },
    { "teal", 0x008080 },
    { "aqua", 0x00FFFF },
    { "cyan", 0x00FFFF },
    { "orange", 0xFFA500 },
    { "gold", 0xFFD700 },
    { "brown", 0xA52A2A },
    { "crimson", 0xDC143C },
    { "darkred", 0x8B0000 },
    { "firebrick", 0xB22222 },
    { "darkblue", 0x00008B }
};


static void
set_rgb(mc_seal_paint_t *paint, uint32_t rgb)
{
    int  i;

    paint->on = true;

    for (i = 0; i < 3; i++) {
        paint->rgb[i] = (int) (((rgb >> (16 - 8 * i) & 255) * 1000 + 127)
                               / 255);
    }
}


static bool
read_hex(mc_str_t text, uint32_t *out)
{
    char      c;
    size_t    i;
    uint32_t  digit;

    if (text.len != 3 && text.len != 6) {
        return false;
    }

    *out = 0;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if (c >= '0' && c <= '9') {
            digit = (uint32_t) (c - '0');
        } else if ((c | 32) >= 'a' && (c | 32) <= 'f') {
            digit = (uint32_t) ((c | 32) - 'a') + 10;
        } else {
            return false;
        }

        *out = text.len == 6 ? *out << 4 | digit
                             : *out << 8 | digit << 4 | digit;
    }

    return true;
}


/* rgb(200, 16, 46) or rgb(78%, 6%, 18%); "text" is behind the bracket. */
static bool
read_rgb(mc_str_t text, mc_seal_paint_t *paint)
{
    int             i;
    double          value;
    mc_seal_scan_t  scan;

    scan = mc_seal_scan(text);

    for (i = 0; i < 3; i++) {

        if (!mc_seal_number(&scan, &value)) {
            return false;
        }

        if (scan.p < scan.end && *scan.p == '%') {
            scan.p++;
            value *= 2.55;
        }

        if (value < 0 || value > 255) {
            return false;
        }

        paint->rgb[i] = (int) lround(value * 1000 / 255);
        mc_seal_comma(&scan);
    }

    paint->on = true;

    return scan.end - scan.p == 1 && *scan.p == ')';
}


static bool
starts(mc_str_t text, const char *with)
{
    size_t  len;

    len = strlen(with);

    return text.len >= len && memcmp(text.data, with, len) == 0;
}


static const char *
set_paint(mc_seal_paint_t *paint, mc_str_t value)
{
    size_t    i;
    uint32_t  rgb;

    if (mc_str_is(value, "none")) {
        paint->on = false;
        return NULL;
    }

    if (starts(value, "url(")) {
        return "gradients and patterns are not drawn, use one colour";
    }

    if (starts(value, "#")) {
        value.data++;
        value.len--;

        if (!read_hex(value, &rgb)) {
            return "a colour is #rgb or #rrggbb";
        }

        set_rgb(paint, rgb);
        return NULL;
    }

    if (starts(value, "rgb(")) {
        value.data += 4;
        value.len -= 4;
        return read_rgb(value, paint) ? NULL : "a colour is rgb(r,g,b)";
    }

    for (i = 0; i < mc_count(colours); i++) {

        if (mc_str_is(value, colours[i].name)) {
            set_rgb(paint, colours[i].rgb);
            return NULL;
        }
    }

    return "write the colour as #rrggbb";
}


static const char *
set_fill(mc_seal_style_t *style, mc_str_t value)
{
    return set_paint(&style->fill, value);
}


static const char *
set_stroke(mc_seal_style_t *style, mc_str_t value)
{
    return set_paint(&style->stroke, value);
}


static const char *
set_rule(mc_seal_style_t *style, mc_str_t value)
{
    style->even_odd = mc_str_is(value, "evenodd");

    return style->even_odd || mc_str_is(value, "nonzero")
           ? NULL : "it is nonzero or evenodd";
}


static const char *
set_width(mc_seal_style_t *style, mc_str_t value)
{
    return mc_seal_length(value, &style->width) && style->width >= 0
           ? NULL : "write a number of the drawing's own units";
}


static const char *
set_cap(mc_seal_style_t *style, mc_str_t value)
{
    style->cap = mc_str_is(value, "round") ? 1
                 : mc_str_is(value, "square") ? 2 : 0;

    return style->cap > 0 || mc_str_is(value, "butt")
           ? NULL : "it is butt, round or square";
}


static const char *
set_join(mc_seal_style_t *style, mc_str_t value)
{
    style->join = mc_str_is(value, "round") ? 1
                  : mc_str_is(value, "bevel") ? 2 : 0;

    return style->join > 0 || mc_str_is(value, "miter")
           ? NULL : "it is miter, round or bevel";
}


static const char *
set_miter(mc_seal_style_t *style, mc_str_t value)
{
    return mc_seal_length(value, &style->miter) && style->miter >= 1
           && style->miter <= 1000 ? NULL : "write a number from 1 on";
}


static const char  opaque[] =
    "a seal is drawn in full colours, make it opaque";
static const char  hidden[] = "delete what is not to be seen";
static const char  plain[] =
    "convert it to plain paths in the drawing program";

static const property_t  properties[] = {
    { "fill", set_fill, NULL, NULL },
    { "fill-rule", set_rule, NULL, NULL },
    { "stroke", set_stroke, NULL, NULL },
    { "stroke-width", set_width, NULL, NULL },
    { "stroke-linecap", set_cap, NULL, NULL },
    { "stroke-linejoin", set_join, NULL, NULL },
    { "stroke-miterlimit", set_miter, NULL, NULL },

    { "opacity", NULL, "1|1.0|100%", opaque },
    { "fill-opacity", NULL, "1|1.0|100%", opaque },
    { "stroke-opacity", NULL, "1|1.0|100%", opaque },
    { "mix-blend-mode", NULL, "normal", opaque },
    { "display", NULL, "inline|block|initial", hidden },
    { "visibility", NULL, "visible", hidden },
    { "stroke-dasharray", NULL, "none", plain },
    { "clip-path", NULL, "none", plain },
    { "mask", NULL, "none", plain },
    { "filter", NULL, "none", plain },
    { "marker", NULL, "none", plain },
    { "marker-start", NULL, "none", plain },
    { "marker-mid", NULL, "none", plain },
    { "marker-end", NULL, "none", plain },
    { "vector-effect", NULL, "none", plain },
    { "paint-order", NULL, "normal|fill", plain },

    /* of no meaning for an opaque path without dashes, markers, clips */
    { "stroke-dashoffset", NULL, NULL, NULL },
    { "clip-rule", NULL, NULL, NULL },
    { "color", NULL, NULL, NULL },
    { "isolation", NULL, NULL, NULL },
    { "overflow", NULL, NULL, NULL },
    { "enable-background", NULL, NULL, NULL },
    { "solid-color", NULL, NULL, NULL },
    { "solid-opacity", NULL, NULL, NULL },
    { "stop-color", NULL, NULL, NULL },
    { "stop-opacity", NULL, NULL, NULL },
    { "flood-color", NULL, NULL, NULL },
    { "flood-opacity", NULL, NULL, NULL },
    { "lighting-color", NULL, NULL, NULL },
    { "color-interpolation", NULL, NULL, NULL },
    { "color-interpolation-filters", NULL, NULL, NULL },
    { "color-rendering", NULL, NULL, NULL },
    { "image-rendering", NULL, NULL, NULL },
    { "shape-rendering", NULL, NULL, NULL },
    { "text-rendering", NULL, NULL, NULL },
    { "pointer-events", NULL, NULL, NULL },
    { "cursor", NULL, NULL, NULL }
};

/* Of text, of which there is none. */
static const char *const  text_properties[] = {
    "font", "text-", "letter-", "word-", "line-", "white-space",
    "writing-mode", "direction", "dominant-", "baseline-", "shape-inside",
    "shape-padding", "shape-margin", "-inkscape-"
};


static bool
is_listed(mc_str_t value, const char *list)
{
    size_t       len;
    const char  *bar;

    for ( ;; ) {
        bar = strchr(list, '|');
        len = bar != NULL ? (size_t) (bar - list) : strlen(list);

        if (value.len == len && memcmp(value.data, list, len) == 0) {
            return true;
        }

        if (bar == NULL) {
            return false;
        }

        list = bar + 1;
    }
}


static mc_str_t
trim(mc_str_t text)
{
    mc_seal_scan_t  scan;

    scan = mc_seal_scan(text);

    while (scan.end > scan.p
           && (scan.end[-1] == ' ' || scan.end[-1] == '\t'
               || scan.end[-1] == '\n' || scan.end[-1] == '\r'))
    {
        scan.end--;
    }

    return (mc_str_t) { scan.p, (size_t) (scan.end - scan.p) };
}


mc_seal_taken_t
mc_seal_style_set(mc_seal_style_t *style, mc_str_t name, mc_str_t value,
    const char **why)
{
    size_t             i;
    const property_t  *property;

    value = trim(value);

    for (i = 0; i < mc_count(text_properties); i++) {

        if (starts(name, text_properties[i])
            && !mc_str_is(name, "text-rendering"))
        {
            return MC_SEAL_TAKEN;
        }
    }

    for (i = 0; i < mc_count(properties); i++) {
        property = &properties[i];

        if (!mc_str_is(name, property->name)) {
            continue;
        }

        *why = NULL;

        if (property->set != NULL) {
            *why = mc_str_is(value, "inherit") ? NULL
                                               : property->set(style, value);

        } else if (property->only != NULL
                   && !is_listed(value, property->only))
        {
            *why = property->why;
        }

        return *why == NULL ? MC_SEAL_TAKEN : MC_SEAL_REFUSED;
    }

    return MC_SEAL_NOT_OURS;
}


mc_seal_taken_t
mc_seal_style_all(mc_seal_style_t *style, mc_str_t text, mc_str_t *name,
    const char **why)
{
    mc_str_t         value;
    const char      *p, *end, *stop, *colon;
    mc_seal_taken_t  taken;

    p = text.len > 0 ? text.data : "";
    end = p + text.len;

    for ( /* void */ ; p < end; p = stop + 1) {
        stop = memchr(p, ';', (size_t) (end - p));
        stop = stop != NULL ? stop : end;

        *name = trim((mc_str_t) { p, (size_t) (stop - p) });

        if (name->len == 0) {
            continue;
        }

        colon = memchr(name->data, ':', name->len);

        if (colon == NULL) {
            *why = "style is \"property: value; ...\"";
            return MC_SEAL_REFUSED;
        }

        value.data = colon + 1;
        value.len = name->len - (size_t) (colon + 1 - name->data);
        *name = trim((mc_str_t) { name->data,
                                  (size_t) (colon - name->data) });

        taken = mc_seal_style_set(style, *name, value, why);

        if (taken == MC_SEAL_NOT_OURS) {
            *why = "it is no property of the subset, remove it";
            taken = MC_SEAL_REFUSED;
        }

        if (taken != MC_SEAL_TAKEN) {
            return taken;
        }
    }

    return MC_SEAL_TAKEN;
}


/* One function by its name and arguments. */
static bool
make_matrix(mc_str_t name, const double *v, int count,
    mc_seal_matrix_t *out)
{
    double  c, s;

    *out = (mc_seal_matrix_t) { 1, 0, 0, 1, 0, 0 };

    if (mc_str_is(name, "matrix") && count == 6) {
        *out = (mc_seal_matrix_t) { v[0], v[1], v[2], v[3], v[4], v[5] };

    } else if (mc_str_is(name, "translate") && (count == 1 || count == 2)) {
        out->e = v[0];
        out->f = count == 2 ? v[1] : 0;

    } else if (mc_str_is(name, "scale") && (count == 1 || count == 2)) {
        out->a = v[0];
        out->d = count == 2 ? v[1] : v[0];

    } else if (mc_str_is(name, "rotate") && (count == 1 || count == 3)) {
        c = cos(v[0] * PI / 180);
        s = sin(v[0] * PI / 180);
        *out = (mc_seal_matrix_t) { c, s, -s, c, 0, 0 };

        if (count == 3) {
            out->e = v[1] - c * v[1] + s * v[2];
            out->f = v[2] - s * v[1] - c * v[2];
        }

    } else if (mc_str_is(name, "skewX") && count == 1) {
        out->c = tan(v[0] * PI / 180);

    } else if (mc_str_is(name, "skewY") && count == 1) {
        out->b = tan(v[0] * PI / 180);

    } else {
        return false;
    }

    return true;
}


bool
mc_seal_transform(mc_seal_matrix_t *matrix, mc_str_t text)
{
    int               count;
    double            v[6];
    mc_str_t          name;
    mc_seal_scan_t    scan;
    mc_seal_matrix_t  next;

    scan = mc_seal_scan(text);

    while (scan.p < scan.end) {
        name.data = scan.p;

        while (scan.p < scan.end && *scan.p != '(') {
            scan.p++;
        }

        if (scan.p == scan.end) {
            return false;
        }

        name.len = (size_t) (scan.p++ - name.data);
        mc_seal_blanks(&scan);

        for (count = 0; count < 6 && mc_seal_number(&scan, &v[count]);
             count++)
        {
            mc_seal_comma(&scan);
        }

        if (scan.p >= scan.end || *scan.p++ != ')'
            || !make_matrix(trim(name), v, count, &next))
        {
            return false;
        }

        *matrix = mc_seal_multiply(matrix, &next);
        mc_seal_comma(&scan);
    }

    return isfinite(matrix->a + matrix->b + matrix->c + matrix->d
                    + matrix->e + matrix->f);
}
