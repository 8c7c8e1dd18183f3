/*
 * Words and statements of nginx's configuration grammar in one text.
 *
 * Depends on mc_arena; mc_conf_walk.c drives it through files.  Any thread.
 *
 * The grammar is that of nginx, with its odd sides: a quote begins a quoted
 * word only where a word begins (a"b is three letters), "#" a comment
 * likewise, "}" inside a word is a letter, "${" does not open a block, and
 * a quoted word must be followed by a blank, ";", "{" or ")".
 */

#include "mc_conf_token_text.h"

#include <stdarg.h>
#include <stdio.h>


#define CONF_LUA_SUFFIX  "_by_lua_block"


mc_err_t
mc_conf_text_fail(const mc_conf_text_t *text, mc_err_t err,
    mc_conf_error_t *error, const char *format, ...)
{
    int      len;
    size_t   room;
    va_list  args;

    room = sizeof(error->text);
    len = snprintf(error->text, room, "%s:%u: ", text->file, text->line);

    if (len >= 0 && (size_t) len < room) {
        va_start(args, format);
        (void) vsnprintf(error->text + len, room - (size_t) len, format,
                         args);
        va_end(args);
    }

    return err;
}


static mc_err_t
unexpected(const mc_conf_text_t *text, mc_conf_error_t *error, int byte)
{
    if (byte == -1) {
        return mc_conf_text_fail(text, MC_EINVAL, error,
                                 "unexpected end of file, expecting \";\" "
                                 "or \"}\"");
    }

    if (byte < 0x20 || byte > 0x7E) {
        return mc_conf_text_fail(text, MC_EINVAL, error,
                                 "unexpected byte 0x%02x",
                                 (unsigned) byte);
    }

    return mc_conf_text_fail(text, MC_EINVAL, error, "unexpected \"%c\"",
                             byte);
}


/* The byte "ahead" of the current one, or -1 behind the end. */
static int
peek(const mc_conf_text_t *text, size_t ahead)
{
    if (ahead >= text->text.len - text->pos) {
        return -1;
    }

    return (uint8_t) text->text.data[text->pos + ahead];
}


/* Passes one byte and counts the line; must not stand at the end. */
static void
step(mc_conf_text_t *text)
{
    text->line += text->text.data[text->pos] == '\n';
    text->pos++;
}


mc_err_t
mc_conf_text_start(mc_conf_text_t *text, mc_str_t source, const char *file,
    mc_conf_error_t *error)
{
    const char  *nul;

    *text = (mc_conf_text_t) { .text = source, .file = file, .line = 1 };
    mc_arena_init(&text->arena, 2 * MC_CONF_WORDS * MC_CONF_WORD_SIZE);

    nul = source.len > 0 ? memchr(source.data, '\0', source.len) : NULL;

    if (nul == NULL) {
        return MC_OK;
    }

    while (source.data + text->pos < nul) {
        step(text);
    }

    return unexpected(text, error, '\0');
}


static bool
is_blank(int byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}


static void
skip_line(mc_conf_text_t *text)
{
    while (peek(text, 0) != -1 && peek(text, 0) != '\n') {
        step(text);
    }
}


static void
skip_blanks(mc_conf_text_t *text)
{
    for ( ;; ) {
        if (is_blank(peek(text, 0))) {
            step(text);

        } else if (peek(text, 0) == '#') {
            skip_line(text);

        } else {
            return;
        }
    }
}


/* What "\" and this letter mean; 0 where the backslash stays. */
static char
escaped(char letter)
{
    switch (letter) {
    case '"':
    case '\'':
    case '\\':
        return letter;
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    default:
        return 0;
    }
}


/* Adds a word; one with a backslash is copied without its escapes. */
static mc_err_t
add_word(mc_conf_text_t *text, mc_str_t word, mc_conf_error_t *error)
{
    char    *copy, meaning;
    size_t   i, len;

    if (text->count == MC_CONF_WORDS) {
        return mc_conf_text_fail(text, MC_ETOOBIG, error, "too many words");
    }

    if (word.len > MC_CONF_WORD_SIZE) {
        return mc_conf_text_fail(text, MC_ETOOBIG, error,
                                 "too long parameter");
    }

    if (word.len > 0 && memchr(word.data, '\\', word.len) != NULL) {
        copy = mc_arena_alloc(&text->arena, word.len);
        if (copy == NULL) {
            return mc_conf_text_fail(text, MC_ENOMEM, error, "no memory");
        }

        for (i = 0, len = 0; i < word.len; i++) {
            meaning = word.data[i] == '\\' && i + 1 < word.len
                      ? escaped(word.data[i + 1]) : 0;

            copy[len++] = meaning != 0 ? meaning : word.data[i];
            i += meaning != 0;
        }

        word = (mc_str_t) { copy, len };
    }

    text->words[text->count++] = word;

    return MC_OK;
}


static mc_err_t
read_quoted(mc_conf_text_t *text, mc_conf_error_t *error)
{
    int       quote, byte;
    size_t    start;
    mc_err_t  err;

    quote = peek(text, 0);
    step(text);
    start = text->pos;

    for ( ;; ) {
        byte = peek(text, 0);

        if (byte == quote) {
            break;
        }

        if (byte == '\\' && peek(text, 1) != -1) {
            step(text);

        } else if (byte == -1) {
            return unexpected(text, error, byte);
        }

        step(text);
    }

    err = add_word(text, (mc_str_t) { text->text.data + start,
                                      text->pos - start }, error);
    if (err != MC_OK) {
        return err;
    }

    step(text);
    byte = peek(text, 0);

    if (is_blank(byte) || byte == ';' || byte == '{' || byte == ')') {
        return MC_OK;
    }

    return unexpected(text, error, byte);
}


static mc_err_t
read_bare(mc_conf_text_t *text, mc_conf_error_t *error)
{
    int     byte;
    bool    variable;
    size_t  start;

    start = text->pos;
    variable = false;

    for ( ;; ) {
        byte = peek(text, 0);

        if (byte == '{' && variable) {
            step(text);
            continue;
        }

        if (is_blank(byte) || byte == ';' || byte == '{') {
            break;
        }

        variable = byte == '$';

        if (byte == '\\' && peek(text, 1) != -1) {
            step(text);

        } else if (byte == -1) {
            return unexpected(text, error, byte);
        }

        step(text);
    }

    return add_word(text, (mc_str_t) { text->text.data + start,
                                       text->pos - start }, error);
}


mc_err_t
mc_conf_text_next(mc_conf_text_t *text, mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    int       byte;
    mc_err_t  err;

    text->count = 0;
    mc_arena_free(&text->arena);

    skip_blanks(text);

    *statement = (mc_conf_statement_t) {
        .words = text->words, .file = text->file, .line = text->line
    };

    if (peek(text, 0) == -1) {
        return MC_ENOTFOUND;
    }

    for ( ;; ) {
        skip_blanks(text);
        byte = peek(text, 0);

        if (byte == ';' || byte == '{' || byte == '}') {
            if ((text->count == 0) != (byte == '}')) {
                return unexpected(text, error, byte);
            }

            step(text);
            break;
        }

        if (byte == -1) {
            return unexpected(text, error, byte);
        }

        err = byte == '"' || byte == '\'' ? read_quoted(text, error)
                                          : read_bare(text, error);
        if (err != MC_OK) {
            return err;
        }
    }

    statement->count = text->count;
    statement->kind = byte == ';' ? MC_CONF_SIMPLE
                      : byte == '{' ? MC_CONF_OPEN : MC_CONF_CLOSE;

    return MC_OK;
}


bool
mc_conf_text_is_lua(const mc_conf_statement_t *statement)
{
    size_t    len;
    mc_str_t  name;

    len = sizeof(CONF_LUA_SUFFIX) - 1;

    if (statement->kind != MC_CONF_OPEN) {
        return false;
    }

    name = statement->words[0];

    return name.len >= len
           && memcmp(name.data + name.len - len, CONF_LUA_SUFFIX, len) == 0;
}


/*
 * The level of a long bracket, [[ or [==[, that opens here: the number of
 * its signs plus one; 0 where none opens.
 */
static size_t
lua_bracket(const mc_conf_text_t *text)
{
    size_t  level;

    if (peek(text, 0) != '[') {
        return 0;
    }

    for (level = 1; peek(text, level) == '='; level++) { /* void */ }

    return peek(text, level) == '[' ? level : 0;
}


/* Passes over a long bracket of that level; false at the end of text. */
static bool
skip_lua_bracket(mc_conf_text_t *text, size_t level)
{
    size_t  signs;

    text->pos += level + 1;

    while (peek(text, 0) != -1) {
        if (peek(text, 0) != ']') {
            step(text);
            continue;
        }

        step(text);

        for (signs = 0; peek(text, 0) == '='; signs++) {
            step(text);
        }

        if (signs + 1 == level && peek(text, 0) == ']') {
            step(text);
            return true;
        }
    }

    return false;
}


/* A Lua string in quotes may go over a line end only behind a backslash. */
static bool
skip_lua_string(mc_conf_text_t *text)
{
    int  quote, byte;

    quote = peek(text, 0);
    step(text);

    for ( ;; ) {
        byte = peek(text, 0);

        if (byte == -1 || byte == '\n') {
            return false;
        }

        step(text);

        if (byte == quote) {
            return true;
        }

        if (byte != '\\' || peek(text, 0) == -1) {
            continue;
        }

        if (peek(text, 0) == '\r' && peek(text, 1) == '\n') {
            step(text);
        }

        step(text);
    }
}


/* Passes over a Lua string, comment or single byte. */
static bool
skip_lua_piece(mc_conf_text_t *text)
{
    int     byte;
    size_t  level;

    byte = peek(text, 0);

    if (byte == '"' || byte == '\'') {
        return skip_lua_string(text);
    }

    if (byte == '-' && peek(text, 1) == '-') {
        text->pos += 2;
        level = lua_bracket(text);

        if (level == 0) {
            skip_line(text);
            return true;
        }

        return skip_lua_bracket(text, level);
    }

    level = lua_bracket(text);

    if (level > 0) {
        return skip_lua_bracket(text, level);
    }

    step(text);

    return true;
}


mc_err_t
mc_conf_text_skip_lua(mc_conf_text_t *text, mc_conf_error_t *error)
{
    int       byte;
    size_t    open;
    unsigned  line;

    line = text->line;

    for (open = 1; open > 0; /* void */ ) {
        byte = peek(text, 0);
        open += byte == '{';
        open -= byte == '}';

        if (byte == -1 || !skip_lua_piece(text)) {
            text->line = line;
            return mc_conf_text_fail(text, MC_EINVAL, error,
                                     "the Lua block that begins here does "
                                     "not end");
        }
    }

    return MC_OK;
}
