/*
 * Fuzz target: the JSON reader and writer.
 *
 * Promises held: bounds of depth and values, strings are valid UTF-8
 * without NUL, no key twice, what the writer makes of a tree reads back as
 * the same tree, and any bytes as a string make a readable text.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_json.h"
#include "mc_utf8.h"


#define ROOM  (8 * 1024 * 1024)


static void
check_text(mc_str_t text)
{
    fuzz_check(mc_utf8_valid(text));
    fuzz_check(text.len == 0 || memchr(text.data, '\0', text.len) == NULL);
}


static unsigned
check_tree(const mc_json_t *node, unsigned depth)
{
    unsigned          count;
    const mc_json_t  *child;

    count = 1;
    check_text(node->string);
    check_text(node->key);

    if (node->type == MC_JSON_ARRAY || node->type == MC_JSON_OBJECT) {
        depth++;
    }

    fuzz_check(depth <= MC_JSON_DEPTH);

    for (child = node->child; child != NULL; child = child->next) {
        count += check_tree(child, depth);
    }

    fuzz_check(count <= MC_JSON_NODES);

    return count;
}


/* Numbers go out as strings: the writer has whole numbers only. */
static void
write_tree(mc_json_out_t *out, const mc_json_t *node)
{
    char              key[256];
    bool              object;
    const mc_json_t  *child;

    switch (node->type) {
    case MC_JSON_NULL:
        mc_json_null(out);
        return;
    case MC_JSON_BOOL:
        mc_json_bool(out, node->boolean);
        return;
    case MC_JSON_NUMBER:
    case MC_JSON_STRING:
        mc_json_str(out, node->string);
        return;
    case MC_JSON_ARRAY:
    case MC_JSON_OBJECT:
        break;
    }

    object = node->type == MC_JSON_OBJECT;
    mc_json_open(out, object ? '{' : '[');

    for (child = node->child; child != NULL; child = child->next) {
        if (object) {
            if (child->key.len >= sizeof(key)) {
                continue;
            }

            memcpy(key, child->key.data, child->key.len);
            key[child->key.len] = '\0';
            mc_json_key(out, key);
        }

        write_tree(out, child);
    }

    mc_json_close(out, object ? '}' : ']');
}


static void
check_same(const mc_json_t *a, const mc_json_t *b)
{
    const mc_json_t  *child, *other;

    fuzz_check(b != NULL);
    fuzz_check(b->type
               == (a->type == MC_JSON_NUMBER ? MC_JSON_STRING : a->type));
    fuzz_check(a->boolean == b->boolean);
    fuzz_check(mc_str_eq(a->string, b->string));
    fuzz_check(mc_str_eq(a->key, b->key));

    other = b->child;

    for (child = a->child; child != NULL; child = child->next) {
        if (child->key.len >= 256) {
            continue;
        }

        check_same(child, other);
        other = other->next;
    }

    fuzz_check(other == NULL);
}


static void
check_round(const mc_json_t *tree)
{
    mc_buf_t        buf;
    mc_json_t      *again;
    mc_arena_t      arena;
    mc_json_out_t   out;

    mc_buf_init(&buf, ROOM);
    mc_arena_init(&arena, ROOM);
    mc_json_out_init(&out, &buf);

    write_tree(&out, tree);

    fuzz_check(buf.err == MC_OK);
    fuzz_check(mc_json_read(&arena, mc_buf_view(&buf), &again, NULL)
               == MC_OK);
    check_same(tree, again);

    mc_arena_free(&arena);
    mc_buf_free(&buf);
}


static void
check_string(mc_str_t text)
{
    mc_buf_t        buf;
    mc_err_t        err;
    mc_json_t      *tree;
    mc_arena_t      arena;
    mc_json_out_t   out;

    mc_buf_init(&buf, ROOM);
    mc_arena_init(&arena, ROOM);
    mc_json_out_init(&out, &buf);

    mc_json_str(&out, text);
    fuzz_check(buf.err == MC_OK);

    err = mc_json_read(&arena, mc_buf_view(&buf), &tree, NULL);

    if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL) {
        fuzz_check(err == MC_EINVAL);

    } else {
        fuzz_check(err == MC_OK && tree->type == MC_JSON_STRING);

        if (mc_utf8_valid(text)) {
            fuzz_check(mc_str_eq(tree->string, text));
        }
    }

    mc_arena_free(&arena);
    mc_buf_free(&buf);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t       offset;
    mc_str_t     text;
    mc_err_t     err, small;
    mc_json_t   *tree, *other;
    mc_arena_t   arena, narrow;

    text = (mc_str_t) { (const char *) data, size };
    offset = SIZE_MAX;
    mc_arena_init(&arena, ROOM);

    err = mc_json_read(&arena, text, &tree, &offset);
    fuzz_check(offset <= size);

    if (err == MC_OK) {
        fuzz_check(offset == size);
        (void) check_tree(tree, 0);
        check_round(tree);

    } else {
        fuzz_check(err == MC_EINVAL && tree == NULL);
    }

    mc_arena_init(&narrow, size * 2);
    small = mc_json_read(&narrow, text, &other, NULL);
    fuzz_check(small == err || small == MC_ENOMEM);
    mc_arena_free(&narrow);

    mc_arena_free(&arena);
    check_string(text);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len, i;

    static const char *const  texts[] = {
        "{\"user_type\":\"individual\",\"member_no\":\"0001234\","
            "\"password\":\"correct horse\",\"captcha\":\"a1B2\"}",
        "{\"fields\":{\"phone\":\"+86 138 0000 0000\",\"email\":null},"
            "\"revision\":17,\"agree\":true,\"list\":[1,-2.5e3,0]}",
        "\"\\u4F1A\\u5458\\uD842\\uDFB7 \\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        " [ true , false , null , \"\\u00e9\" , {} , [] ] ",
        "[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]",
        "{\"a\":{\"a\":{\"b\":1,\"c\":[{},{\"a\":\"\xE4\xBC\x9A\"}]}}}",
        "-1.7976931348623157E+308",
        "\"<script>&\xE2\x80\xA8\xF0\xA0\xAE\xB7\xEF\xBB\xBF\"",
        "[0,1,2,3,4,5,6,7,8,9,0.5,1e1,1E-2,-0]",
    };

    if (n < mc_count(texts)) {
        len = strlen(texts[n]);

        if (len > cap) {
            return 0;
        }

        memcpy(out, texts[n], len);
        return len;
    }

    if (n == mc_count(texts) && cap >= 2 * MC_JSON_NODES) {
        /* an array and as many values as may just stand in it */
        out[0] = '[';

        for (i = 1; i + 1 < 2 * MC_JSON_NODES - 2; i += 2) {
            out[i] = '7';
            out[i + 1] = ',';
        }

        out[i] = '7';
        out[i + 1] = ']';

        return i + 2;
    }

    return 0;
}
