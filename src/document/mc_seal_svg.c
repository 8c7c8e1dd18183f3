/*
 * From SVG to page content.
 *
 * Depends on base, domain (settings), expat.  Any one thread;
 * all memory comes from mc_alloc().
 */

#include "mc_seal.h"

#include <expat.h>
#include <stdarg.h>
#include <stdio.h>

#include "mc_seal_draw.h"


#define SVG_SPACE    "http://www.w3.org/2000/svg "
#define XLINK_SPACE  "http://www.w3.org/1999/xlink "

typedef struct {
    bool              shape;            /* holds nothing more */
    mc_seal_style_t   style;
    mc_seal_matrix_t  matrix;
} level_t;

typedef struct {
    XML_Parser         parser;
    mc_buf_t          *out;
    char              *error;
    mc_err_t           err;
    size_t             depth;           /* open elements */
    size_t             skip;            /* depth at which one is passed
                                           over; 0: none */
    bool               defs;            /* and that one is <defs> */
    size_t             frame;           /* bytes of "out" before a shape */
    level_t            levels[MC_SEAL_DEPTH];
    mc_seal_size_t    *size;
    mc_seal_canvas_t   canvas;
} reader_t;

typedef struct {
    const char        *name;
    mc_seal_shape_fn   draw;            /* NULL: holds others */
    const char        *own;             /* its attributes, "|" behind */
} element_t;

typedef struct {
    const char  *name;
    const char  *advice;
} refused_t;


/* expat 2.9 deprecates what earlier ones alone have. */
static unsigned long
line_number(XML_Parser parser)
{
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
    return (unsigned long) XML_GetCurrentLineNumber64(parser);
#else
    return (unsigned long) XML_GetCurrentLineNumber(parser);
#endif
}


/* The first failure is the one that is told. */
static bool __attribute__((format(printf, 3, 4)))
fail(reader_t *reader, mc_err_t err, const char *format, ...)
{
    int      n;
    va_list  args;

    if (reader->err != MC_OK) {
        return false;
    }

    reader->err = err;

    n = snprintf(reader->error, MC_SETTINGS_ERROR, "line %lu: ",
                 line_number(reader->parser));

    if (n > 0 && n < MC_SETTINGS_ERROR) {
        va_start(args, format);
        (void) vsnprintf(reader->error + n, (size_t) (MC_SETTINGS_ERROR - n),
                         format, args);
        va_end(args);
    }

    (void) XML_StopParser(reader->parser, XML_FALSE);

    return false;
}


/* A name of the file that may stand in a message. */
static const char *
shown(mc_str_t name, char out[32])
{
    size_t  i;

    for (i = 0; i < name.len && i < 31; i++) {
        out[i] = name.data[i] > ' ' && name.data[i] <= '~' ? name.data[i]
                                                           : '?';
    }

    out[i] = '\0';

    return out;
}


static const element_t  elements[] = {
    { "svg", NULL, "viewBox|width|height|x|y|version|baseProfile|"
                   "preserveAspectRatio|zoomAndPan|contentScriptType|" },
    { "g", NULL, "" },
    { "path", mc_seal_draw_path, "d|pathLength|" },
    { "circle", mc_seal_draw_ellipse, "cx|cy|r|" },
    { "ellipse", mc_seal_draw_ellipse, "cx|cy|rx|ry|" },
    { "rect", mc_seal_draw_rect, "x|y|width|height|rx|ry|" },
    { "line", mc_seal_draw_line, "x1|y1|x2|y2|" },
    { "polyline", mc_seal_draw_polyline, "points|" },
    { "polygon", mc_seal_draw_polygon, "points|" }
};

static const refused_t  refused[] = {
    { "text", "convert text to paths in the drawing program" },
    { "tspan", "convert text to paths in the drawing program" },
    { "textPath", "convert text to paths in the drawing program" },
    { "image", "draw it as paths (trace the picture)" },
    { "use", "unlink clones, so that each is a path of its own" },
    { "symbol", "unlink clones, so that each is a path of its own" },
    { "style", "write properties as attributes (plain SVG)" },
    { "linearGradient", "use plain colours" },
    { "radialGradient", "use plain colours" },
    { "pattern", "use plain colours" },
    { "filter", "use plain shapes without effects" },
    { "mask", "cut the paths themselves" },
    { "clipPath", "cut the paths themselves" },
    { "marker", "convert strokes with markers to paths" },
    { "script", "a seal is a drawing alone" },
    { "a", "a seal is a drawing alone" },
    { "foreignObject", "a seal is a drawing alone" },
    { "animate", "a seal does not move" },
    { "animateTransform", "a seal does not move" },
    { "set", "a seal does not move" }
};


/* --- attributes */

static bool
is_own(const element_t *element, const char *name)
{
    size_t       len;
    const char  *p;

    len = strlen(name);

    for (p = element->own; *p != '\0'; p = strchr(p, '|') + 1) {

        if (strncmp(p, name, len) == 0 && p[len] == '|') {
            return true;
        }
    }

    return false;
}


/* Attributes that change nothing of the picture. */
static bool
is_silent(const char *name)
{
    const char  *blank;

    blank = strchr(name, ' ');          /* behind its namespace */

    if (blank != NULL) {
        return strcmp(name, XLINK_SPACE "href") != 0;
    }

    return strcmp(name, "id") == 0 || strcmp(name, "class") == 0
           || strcmp(name, "role") == 0 || strcmp(name, "lang") == 0
           || strncmp(name, "aria-", 5) == 0
           || strncmp(name, "data-", 5) == 0;
}


static bool
apply_style(reader_t *reader, level_t *level, const char *text)
{
    char         buf[32];
    mc_str_t     name;
    const char  *why;

    if (text != NULL
        && mc_seal_style_all(&level->style, mc_str_from(text), &name, &why)
           != MC_SEAL_TAKEN)
    {
        return fail(reader, MC_EINVAL, "\"%s\" in style: %s",
                    shown(name, buf), why);
    }

    return true;
}


static bool
apply_one(reader_t *reader, const element_t *element, level_t *level,
    const char *name, const char *value)
{
    char         buf[32];
    const char  *why, *local;

    local = strchr(name, ' ');          /* behind its namespace */

    if (is_own(element, name) || is_silent(name)
        || strcmp(name, "style") == 0)
    {
        return true;
    }

    if (strcmp(name, "transform") == 0) {
        return mc_seal_transform(&level->matrix, mc_str_from(value))
               ? true : fail(reader, MC_EINVAL,
                             "transform cannot be read");
    }

    switch (mc_seal_style_set(&level->style, mc_str_from(name),
                              mc_str_from(value), &why))
    {
    case MC_SEAL_TAKEN:
        return true;
    case MC_SEAL_REFUSED:
        return fail(reader, MC_EINVAL, "\"%s\": %s",
                    shown(mc_str_from(name), buf), why);
    default:
        return fail(reader, MC_EINVAL, "attribute \"%s\" of <%s> is not "
                    "of the subset, remove it",
                    shown(mc_str_from(local != NULL ? local + 1 : name),
                          buf), element->name);
    }
}


static bool
apply(reader_t *reader, const element_t *element, level_t *level,
    const char **attributes)
{
    size_t  i;

    for (i = 0; attributes[i] != NULL; i += 2) {

        if (!apply_one(reader, element, level, attributes[i],
                       attributes[i + 1]))
        {
            return false;
        }
    }

    return apply_style(reader, level, mc_seal_find(attributes, "style"));
}


/* --- what expat calls */

static void
not_drawn(reader_t *reader, const char *name)
{
    char    buf[32];
    size_t  i;

    for (i = 0; i < mc_count(refused); i++) {

        if (strcmp(name, refused[i].name) == 0) {
            (void) fail(reader, MC_EINVAL, "<%s> is refused: %s", name,
                        refused[i].advice);
            return;
        }
    }

    (void) fail(reader, MC_EINVAL, "<%s> is not of the subset: svg, g, path, "
                "rect, circle, ellipse, line, polyline, polygon",
                shown(mc_str_from(name), buf));
}


/* Texts about the drawing, and what a drawing program keeps for itself. */
static bool
is_passed_over(const char *name)
{
    if (strncmp(name, SVG_SPACE, sizeof(SVG_SPACE) - 1) != 0) {
        return true;
    }

    name += sizeof(SVG_SPACE) - 1;

    return strcmp(name, "title") == 0 || strcmp(name, "desc") == 0
           || strcmp(name, "metadata") == 0;
}


static const element_t *
find_element(const char *name)
{
    size_t  i;

    for (i = 0; i < mc_count(elements); i++) {

        if (strcmp(name, elements[i].name) == 0) {
            return &elements[i];
        }
    }

    return NULL;
}


static bool
paint(reader_t *reader, const element_t *element, level_t *level,
    const char **attributes)
{
    mc_err_t         err;
    mc_seal_shape_t  shape;

    shape.attributes = attributes;
    level->shape = true;

    if (strcmp(element->name, "line") == 0) {
        level->style.fill.on = false;       /* it has no area */
    }

    err = mc_seal_paint(&reader->canvas, &shape, element->draw,
                        &level->style, &level->matrix);

    return err == MC_OK ? true : fail(reader, err, "%s", shape.why);
}


/* The level of an element: that of its parent, or the outermost. */
static bool
begin_level(reader_t *reader, const char *name, const char **attributes)
{
    bool             outermost;
    level_t         *level;
    mc_seal_shape_t  shape;

    outermost = strcmp(name, "svg") == 0;
    level = &reader->levels[reader->depth - 1];

    if ((reader->depth == 1) != outermost) {
        return fail(reader, MC_EINVAL, outermost
                    ? "<svg> inside of a drawing: take it apart"
                    : "the outermost element is not <svg>");
    }

    if (outermost) {
        shape.attributes = attributes;
        level->style = mc_seal_style_first;

        if (!mc_seal_frame(&reader->canvas, &shape, &level->matrix,
                           reader->size))
        {
            return fail(reader, MC_EINVAL, "%s", shape.why);
        }

        reader->frame = reader->out->len;

        return true;
    }

    level[0] = level[-1];

    return level->shape
           ? fail(reader, MC_EINVAL, "a shape holds no other element")
           : true;
}


static void
open_element(reader_t *reader, const char *name, const char **attributes)
{
    level_t          *level;
    const element_t  *element;

    element = find_element(name);

    if (element == NULL) {

        if (strcmp(name, "defs") == 0 && reader->depth > 1) {
            reader->skip = reader->depth;
            reader->defs = true;
        } else {
            not_drawn(reader, name);
        }

        return;
    }

    level = &reader->levels[reader->depth - 1];

    if (begin_level(reader, name, attributes)
        && apply(reader, element, level, attributes)
        && element->draw != NULL)
    {
        (void) paint(reader, element, level, attributes);
    }
}


/* What lies inside of an element that is passed over. */
static void
pass_over(reader_t *reader, const char *name)
{
    char  buf[32];

    if (reader->defs && !is_passed_over(name)) {
        name += sizeof(SVG_SPACE) - 1;
        (void) fail(reader, MC_EINVAL, "<%s> in <defs>: nothing is drawn by "
                    "reference, remove the definitions",
                    shown(mc_str_from(name), buf));
    }
}


static void XMLCALL
on_start(void *data, const XML_Char *name, const XML_Char **attributes)
{
    reader_t  *reader;

    reader = data;

    if (reader->err != MC_OK) {
        return;
    }

    if (++reader->depth > MC_SEAL_DEPTH) {
        (void) fail(reader, MC_ETOOBIG, "more than %d elements inside of "
                    "each other, ungroup them", MC_SEAL_DEPTH);
        return;
    }

    if (reader->skip > 0) {
        pass_over(reader, name);
        return;
    }

    if (is_passed_over(name)) {

        if (reader->depth == 1) {
            (void) fail(reader, MC_EINVAL, "this is no SVG: it does not "
                        "begin with <svg xmlns=\"%.26s\">", SVG_SPACE);
        }

        reader->skip = reader->depth;
        return;
    }

    open_element(reader, name + sizeof(SVG_SPACE) - 1, attributes);
}


static void XMLCALL
on_end(void *data, const XML_Char *name)
{
    reader_t  *reader;

    reader = data;

    if (reader->err == MC_OK) {

        if (reader->skip == reader->depth) {
            reader->skip = 0;
            reader->defs = false;
        }

        reader->depth--;
    }
}


static void XMLCALL
on_doctype(void *data, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
    (void) fail(data, MC_EINVAL, "<!DOCTYPE> and entities are refused: "
                "remove this line");
}


static void XMLCALL
on_instruction(void *data, const XML_Char *target, const XML_Char *text)
{
    char  buf[32];

    (void) fail(data, MC_EINVAL, "<?%s?> is refused: remove this line",
                shown(mc_str_from(target), buf));
}


static void
read_all(reader_t *reader, mc_str_t svg)
{
    enum XML_Status  status;

    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
    XML_SetProcessingInstructionHandler(reader->parser, on_instruction);

    status = XML_Parse(reader->parser, svg.len > 0 ? svg.data : "",
                       (int) svg.len, XML_TRUE);

    if (status == XML_STATUS_OK && reader->err == MC_OK
        && reader->out->err == MC_OK && reader->out->len == reader->frame)
    {
        (void) fail(reader, MC_EINVAL, "nothing is drawn that could be seen");
    }

    if (status == XML_STATUS_OK || reader->err != MC_OK) {
        return;
    }

    if (XML_GetErrorCode(reader->parser) == XML_ERROR_NO_MEMORY) {
        (void) fail(reader, MC_ENOMEM, "out of memory");
    } else {
        (void) fail(reader, MC_EINVAL, "this is no XML: %s",
                    XML_ErrorString(XML_GetErrorCode(reader->parser)));
    }
}


mc_err_t
mc_seal_read(mc_str_t svg, mc_buf_t *content, mc_seal_size_t *size,
    char error[MC_SETTINGS_ERROR])
{
    reader_t  *reader;
    mc_err_t   err;
    static const XML_Memory_Handling_Suite  memory = {
        mc_alloc, mc_realloc, mc_free
    };

    if (svg.len > MC_SEAL_MAX) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "line 1: longer than %d "
                        "kB", MC_SEAL_MAX / 1024);
        return MC_ETOOBIG;
    }

    reader = mc_alloc(sizeof(reader_t));

    if (reader != NULL) {
        reader->parser = XML_ParserCreate_MM("UTF-8", &memory, " ");
    }

    if (reader == NULL || reader->parser == NULL) {
        mc_free(reader);
        (void) snprintf(error, MC_SETTINGS_ERROR, "line 1: out of memory");
        return MC_ENOMEM;
    }

    reader->out = content;
    reader->error = error;
    reader->size = size;
    mc_seal_canvas_init(&reader->canvas, content);

    read_all(reader, svg);

    err = reader->err;

    if (err == MC_OK) {
        err = mc_buf_str(content, mc_str("Q\n"));

        if (err != MC_OK) {
            (void) fail(reader, err, err == MC_ETOOBIG
                        ? "too many points, simplify the paths"
                        : "out of memory");
        }
    }

    mc_seal_canvas_free(&reader->canvas);
    XML_ParserFree(reader->parser);
    mc_free(reader);

    return err;
}
