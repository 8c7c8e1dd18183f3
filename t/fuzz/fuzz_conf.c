/*
 * Fuzz target: the reader of nginx's configuration grammar.
 *
 * Promises held: bounds, blocks in balance, an error text for every
 * refusal, and statements that are written out with every word in quotes
 * read back as the same statements.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_buf.h"
#include "mc_conf_token.h"


#define ROOM  (4 * 1024 * 1024)

typedef struct {
    mc_buf_t  text;         /* the statements again, in quotes */
    mc_buf_t  print;        /* what was seen, to compare */
    unsigned  depth;
    bool      long_word;
} seen_t;


static void
write_word(mc_buf_t *buf, mc_str_t word)
{
    size_t  i;

    (void) mc_buf_byte(buf, '"');

    for (i = 0; i < word.len; i++) {
        if (word.data[i] == '"' || word.data[i] == '\\') {
            (void) mc_buf_byte(buf, '\\');
        }

        (void) mc_buf_byte(buf, (uint8_t) word.data[i]);
    }

    (void) mc_buf_cstr(buf, "\" ");
}


static mc_err_t
visit(void *data, const mc_conf_statement_t *statement,
    mc_conf_error_t *error)
{
    size_t   i;
    seen_t  *seen;

    seen = data;

    if (statement->kind == MC_CONF_CLOSE) {
        fuzz_check(seen->depth > 0 && statement->count == 0);
        seen->depth--;

    } else {
        fuzz_check(statement->count >= 1);
    }

    fuzz_check(statement->count <= MC_CONF_WORDS);
    fuzz_check(statement->depth == seen->depth && statement->line >= 1);
    fuzz_check(strcmp(statement->file, "fuzz.conf") == 0);

    (void) mc_buf_printf(&seen->print, "%d/%u", (int) statement->kind,
                         statement->depth);

    for (i = 0; i < statement->count; i++) {
        fuzz_check(statement->words[i].len <= MC_CONF_WORD_SIZE);
        seen->long_word |= statement->words[i].len > MC_CONF_WORD_SIZE / 2;
        (void) mc_buf_printf(&seen->print, " %zu:",
                             statement->words[i].len);
        (void) mc_buf_str(&seen->print, statement->words[i]);
        write_word(&seen->text, statement->words[i]);
    }

    (void) mc_buf_byte(&seen->text, (uint8_t) ";{}"[statement->kind]);
    (void) mc_buf_byte(&seen->text, '\n');

    if (statement->kind == MC_CONF_OPEN) {
        seen->depth++;
        fuzz_check(seen->depth <= MC_CONF_DEPTH + 1);
    }

    return MC_OK;
}


static mc_err_t
walk(mc_str_t text, seen_t *seen)
{
    mc_err_t         err;
    mc_conf_error_t  error;

    *seen = (seen_t) { .depth = 0 };
    mc_buf_init(&seen->text, ROOM);
    mc_buf_init(&seen->print, ROOM);

    err = mc_conf_walk_text(text, "fuzz.conf", false, visit, seen, &error);

    if (err == MC_OK) {
        fuzz_check(seen->depth == 0 && error.text[0] == '\0');

    } else {
        fuzz_check(strncmp(error.text, "fuzz.conf:", 10) == 0);
    }

    fuzz_check(seen->text.err == MC_OK && seen->print.err == MC_OK);

    return err;
}


static void
seen_free(seen_t *seen)
{
    mc_buf_free(&seen->print);
    mc_buf_free(&seen->text);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    seen_t    first, second;
    mc_err_t  err;

    err = walk((mc_str_t) { (const char *) data, size }, &first);
    fuzz_check(err == MC_OK || err == MC_EINVAL || err == MC_ETOOBIG);

    if (err == MC_OK && !first.long_word) {
        fuzz_check(walk(mc_buf_view(&first.text), &second) == MC_OK);
        fuzz_check(mc_str_eq(mc_buf_view(&first.print),
                             mc_buf_view(&second.print)));
        seen_free(&second);
    }

    seen_free(&first);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len, i;

    static const char *const  texts[] = {
        "user www-data;\nevents { worker_connections 768; }\nhttp {\n"
            "    include mime.types; # all of them\n    server {\n"
            "        listen 80 default_server;\n"
            "        location ~ \\.pdf$ { return 404 \"no; such\"; }\n"
            "    }\n}\n",
        "membercert_field phone \"\xE7\x94\xB5\xE8\xAF\x9D\" 'Phone'"
            " member required;\nset $a ${b}c;\nmap $x $y { default \"\"; }",
        "log_format main '$remote_addr [\"$request\"] \\'$status\\' \\t\\n'"
            "\n    '\\\\ $http_user_agent';",
        "location / {\n content_by_lua_block {\n  local s = \"}\\\"\" "
            "-- }\n  local t = [==[ } ]] ]==] --[[ } ]]\n"
            "  if s then t = { '{' } end\n }\n}\n",
        "if ($x = \"y\") { break; }\nrewrite ^/(.*)$ /${1} last;",
        "a\"b c#d e}f;\n#} comment\n\"\" '' {\n}\n",
        "a \"b\"c;\n", "a { b", "} a;", "\"open", "a $ ${ {{ ;",
    };

    if (n < mc_count(texts)) {
        len = strlen(texts[n]);

        if (len > cap) {
            return 0;
        }

        memcpy(out, texts[n], len);
        return len;
    }

    if (n == mc_count(texts) && cap >= 3 * MC_CONF_DEPTH) {
        for (i = 0; i < MC_CONF_DEPTH; i++) {
            out[2 * i] = 'a';
            out[2 * i + 1] = '{';
            out[2 * MC_CONF_DEPTH + i] = '}';
        }

        return 3 * MC_CONF_DEPTH;
    }

    if (n == mc_count(texts) + 1 && cap > 2 * MC_CONF_WORDS) {
        for (i = 0; i < MC_CONF_WORDS; i++) {
            out[2 * i] = 'w';
            out[2 * i + 1] = ' ';
        }

        out[2 * MC_CONF_WORDS] = ';';

        return 2 * MC_CONF_WORDS + 1;
    }

    return 0;
}
