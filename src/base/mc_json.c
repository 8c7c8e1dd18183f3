/*
 * JSON reader: recursive descent over a text in memory.
 *
 * Depends on mc_arena and mc_utf8.  Any thread.  The writer is
 * mc_json_out.c.
 *
 * Recursion goes as deep as MC_JSON_DEPTH.  Every function that reads
 * something leaves "pos" behind it, or at the first byte that does not fit.
 */

#include "mc_json.h"

#include <math.h>
#include <stdlib.h>

#include "mc_utf8.h"


typedef struct {
    mc_arena_t *arena;
    mc_str_t    text;
    size_t      pos;
    unsigned    depth;
    unsigned    nodes;
} reader_t;


static mc_err_t read_value(reader_t *reader, mc_json_t **out);


/* The next byte, or -1 at the end of the text. */
static int
peek(const reader_t *reader)
{
    if (reader->pos == reader->text.len) {
        return -1;
    }

    return (uint8_t) reader->text.data[reader->pos];
}


static bool
skip_byte(reader_t *reader, char byte)
{
    if (peek(reader) != byte) {
        return false;
    }

    reader->pos++;

    return true;
}


static void
skip_blanks(reader_t *reader)
{
    while (skip_byte(reader, ' ') || skip_byte(reader, '\n')
           || skip_byte(reader, '\r') || skip_byte(reader, '\t'))
    {
        /* void */
    }
}


static bool
skip_digits(reader_t *reader)
{
    size_t  start;

    start = reader->pos;

    while (peek(reader) >= '0' && peek(reader) <= '9') {
        reader->pos++;
    }

    return reader->pos > start;
}


static mc_err_t
read_word(reader_t *reader, const char *word)
{
    for (/* void */ ; *word != '\0'; word++) {
        if (!skip_byte(reader, *word)) {
            return MC_EINVAL;
        }
    }

    return MC_OK;
}


static mc_err_t
read_number(reader_t *reader, mc_json_t *node)
{
    char      *end;
    size_t     start;
    mc_str_t   letters;

    start = reader->pos;
    (void) skip_byte(reader, '-');

    if (!skip_byte(reader, '0') && !skip_digits(reader)) {
        return MC_EINVAL;
    }

    if (skip_byte(reader, '.') && !skip_digits(reader)) {
        return MC_EINVAL;
    }

    if (skip_byte(reader, 'e') || skip_byte(reader, 'E')) {
        if (!skip_byte(reader, '+')) {
            (void) skip_byte(reader, '-');
        }

        if (!skip_digits(reader)) {
            return MC_EINVAL;
        }
    }

    letters = (mc_str_t) { reader->text.data + start, reader->pos - start };
    node->string = mc_arena_str(reader->arena, letters);

    if (node->string.data == NULL) {
        return MC_ENOMEM;
    }

    /* strtod() reads the whole unless a program set another LC_NUMERIC */

    node->number = strtod(node->string.data, &end);

    if (*end != '\0' || !isfinite(node->number)) {
        reader->pos = start;
        return MC_EINVAL;
    }

    return MC_OK;
}


/* Four hex digits behind "\u". */
static mc_err_t
read_unit(reader_t *reader, uint32_t *unit)
{
    int       i, letter;
    uint32_t  value;

    value = 0;

    for (i = 0; i < 4; i++) {
        letter = peek(reader);

        if (letter >= '0' && letter <= '9') {
            letter -= '0';

        } else if (letter >= 'a' && letter <= 'f') {
            letter -= 'a' - 10;

        } else if (letter >= 'A' && letter <= 'F') {
            letter -= 'A' - 10;

        } else {
            return MC_EINVAL;
        }

        value = value << 4 | (uint32_t) letter;
        reader->pos++;
    }

    *unit = value;

    return MC_OK;
}


/* A code point behind "\u": one unit, or a pair of surrogates. */
static mc_err_t
read_unicode(reader_t *reader, uint32_t *code)
{
    size_t    start;
    uint32_t  high, low;

    start = reader->pos;

    if (read_unit(reader, &high) != MC_OK) {
        return MC_EINVAL;
    }

    if (high >= 0xD800 && high <= 0xDBFF) {
        if (!skip_byte(reader, '\\') || !skip_byte(reader, 'u')
            || read_unit(reader, &low) != MC_OK)
        {
            return MC_EINVAL;
        }

        if (low < 0xDC00 || low > 0xDFFF) {
            reader->pos = start;
            return MC_EINVAL;
        }

        *code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);

        return MC_OK;
    }

    if (high == 0 || (high >= 0xDC00 && high <= 0xDFFF)) {
        reader->pos = start;
        return MC_EINVAL;
    }

    *code = high;

    return MC_OK;
}


/* What stands behind a backslash. */
static mc_err_t
read_escape(reader_t *reader, uint32_t *code)
{
    int          letter;
    const char  *found;

    static const char  letters[] = "\"\\/bfnrt";
    static const char  meanings[] = "\"\\/\b\f\n\r\t";

    letter = peek(reader);

    if (letter == 'u') {
        reader->pos++;
        return read_unicode(reader, code);
    }

    found = letter > 0 ? strchr(letters, letter) : NULL;
    if (found == NULL) {
        return MC_EINVAL;
    }

    reader->pos++;
    *code = (uint8_t) meanings[found - letters];

    return MC_OK;
}


/*
 * How many bytes stand before the closing quote, which is an upper bound of
 * the decoded length: no escape is shorter than what it means.
 */
static size_t
string_room(const reader_t *reader)
{
    size_t  i;

    for (i = reader->pos; i < reader->text.len; i++) {
        if (reader->text.data[i] == '"') {
            break;
        }

        if (reader->text.data[i] == '\\') {
            i++;
        }
    }

    if (i > reader->text.len) {
        i = reader->text.len;
    }

    return i - reader->pos;
}


static mc_err_t
read_string(reader_t *reader, mc_str_t *out)
{
    int        letter;
    char      *text;
    size_t     len, start;
    uint32_t   code;
    mc_err_t   err;

    if (!skip_byte(reader, '"')) {
        return MC_EINVAL;
    }

    text = mc_arena_alloc(reader->arena, string_room(reader) + 1);
    if (text == NULL) {
        return MC_ENOMEM;
    }

    len = 0;

    while (!skip_byte(reader, '"')) {
        letter = peek(reader);

        if (letter < 0x20) {
            return MC_EINVAL;
        }

        if (letter == '\\') {
            reader->pos++;
            err = read_escape(reader, &code);
            if (err != MC_OK) {
                return err;
            }

            len += mc_utf8_encode(code, text + len);
            continue;
        }

        start = reader->pos;

        if (mc_utf8_next(reader->text, &reader->pos) == MC_UTF8_BAD) {
            reader->pos = start;
            return MC_EINVAL;
        }

        memcpy(text + len, reader->text.data + start, reader->pos - start);
        len += reader->pos - start;
    }

    *out = (mc_str_t) { text, len };

    return MC_OK;
}


/*
 * Whether the object has room for a member of that name.  The walk through
 * all earlier ones is why their number is bounded: no text costs more than
 * MC_JSON_NODES * MC_JSON_MEMBERS / 2 comparisons.
 */
static bool
may_add(const mc_json_t *object, mc_str_t key)
{
    unsigned          count;
    const mc_json_t  *member;

    count = 0;

    for (member = object->child; member != NULL; member = member->next) {
        if (mc_str_eq(member->key, key)) {
            return false;
        }

        count++;
    }

    return count < MC_JSON_MEMBERS;
}


/* The key of a member, its colon and the blanks around. */
static mc_err_t
read_key(reader_t *reader, const mc_json_t *object, mc_str_t *key)
{
    size_t    start;
    mc_err_t  err;

    skip_blanks(reader);
    start = reader->pos;

    err = read_string(reader, key);
    if (err != MC_OK) {
        return err;
    }

    if (!may_add(object, *key)) {
        reader->pos = start;
        return MC_EINVAL;
    }

    skip_blanks(reader);

    return skip_byte(reader, ':') ? MC_OK : MC_EINVAL;
}


/* The children of an array or object; its bracket is already read. */
static mc_err_t
read_children(reader_t *reader, mc_json_t *node)
{
    char        bracket;
    mc_str_t    key;
    mc_err_t    err;
    mc_json_t  *child, **last;

    bracket = node->type == MC_JSON_OBJECT ? '}' : ']';
    last = &node->child;

    skip_blanks(reader);

    if (skip_byte(reader, bracket)) {
        return MC_OK;
    }

    do {
        key = mc_str_null;

        if (node->type == MC_JSON_OBJECT) {
            err = read_key(reader, node, &key);
            if (err != MC_OK) {
                return err;
            }
        }

        err = read_value(reader, &child);
        if (err != MC_OK) {
            return err;
        }

        child->key = key;
        *last = child;
        last = &child->next;

        skip_blanks(reader);

    } while (skip_byte(reader, ','));

    return skip_byte(reader, bracket) ? MC_OK : MC_EINVAL;
}


static mc_err_t
read_container(reader_t *reader, mc_json_t *node, mc_json_type_t type)
{
    mc_err_t  err;

    if (reader->depth == MC_JSON_DEPTH) {
        return MC_EINVAL;
    }

    node->type = type;
    reader->pos++;
    reader->depth++;

    err = read_children(reader, node);

    reader->depth--;

    return err;
}


/* One value with the blanks before it. */
static mc_err_t
read_value(reader_t *reader, mc_json_t **out)
{
    mc_json_t  *node;

    skip_blanks(reader);

    if (reader->nodes == MC_JSON_NODES) {
        return MC_EINVAL;
    }

    node = mc_arena_alloc(reader->arena, sizeof(mc_json_t));
    if (node == NULL) {
        return MC_ENOMEM;
    }

    reader->nodes++;
    *out = node;

    switch (peek(reader)) {

    case '{':
        return read_container(reader, node, MC_JSON_OBJECT);

    case '[':
        return read_container(reader, node, MC_JSON_ARRAY);

    case '"':
        node->type = MC_JSON_STRING;
        return read_string(reader, &node->string);

    case 't':
        node->type = MC_JSON_BOOL;
        node->boolean = true;
        return read_word(reader, "true");

    case 'f':
        node->type = MC_JSON_BOOL;
        return read_word(reader, "false");

    case 'n':
        return read_word(reader, "null");

    default:
        node->type = MC_JSON_NUMBER;
        return read_number(reader, node);
    }
}


mc_err_t
mc_json_read(mc_arena_t *arena, mc_str_t text, mc_json_t **out,
    size_t *offset)
{
    mc_err_t    err;
    reader_t    reader;
    mc_json_t  *root;

    reader = (reader_t) { .arena = arena, .text = text };

    err = read_value(&reader, &root);

    if (err == MC_OK) {
        skip_blanks(&reader);

        if (peek(&reader) != -1) {
            err = MC_EINVAL;
        }
    }

    if (offset != NULL) {
        *offset = reader.pos;
    }

    *out = err == MC_OK ? root : NULL;

    return err;
}


const mc_json_t *
mc_json_get(const mc_json_t *object, const char *key)
{
    const mc_json_t  *member;

    if (object == NULL || object->type != MC_JSON_OBJECT) {
        return NULL;
    }

    for (member = object->child; member != NULL; member = member->next) {
        if (mc_str_is(member->key, key)) {
            return member;
        }
    }

    return NULL;
}


mc_str_t
mc_json_get_str(const mc_json_t *object, const char *key)
{
    const mc_json_t  *member;

    member = mc_json_get(object, key);

    if (member == NULL || member->type != MC_JSON_STRING) {
        return mc_str_null;
    }

    return member->string;
}
