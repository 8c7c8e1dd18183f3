/*
 * The operator's list of passwords: a file read into sorted hashes.
 *
 * Depends on base and libsodium (SipHash).  Parsed while configuration is
 * read; looked up by any thread.
 *
 * Eight bytes a word are enough: of a million words two meet by chance once
 * in ten million lists, and a stranger that meets one is refused a password
 * he can vary.  The key is no secret for the same reason.
 */

#include "mc_policy.h"

#include <stdlib.h>

#include <sodium.h>


static const unsigned char  list_key[crypto_shorthash_KEYBYTES] =
    "membercert list";


static uint64_t
list_hash(const char *word, size_t len)
{
    uint64_t       hash;
    unsigned char  bytes[crypto_shorthash_BYTES];

    (void) crypto_shorthash(bytes, (const unsigned char *) word, len,
                            list_key);
    memcpy(&hash, bytes, sizeof(hash));

    return hash;
}


static int
list_compare(const void *a, const void *b)
{
    uint64_t  x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));

    return (x > y) - (x < y);
}


/* The next line without its end; false: no more. */
static bool
line_next(mc_str_t *text, mc_str_t *line)
{
    const char  *end;

    if (text->len == 0) {
        return false;
    }

    end = memchr(text->data, '\n', text->len);

    line->data = text->data;
    line->len = end == NULL ? text->len : (size_t) (end - text->data);

    text->data += line->len + (end != NULL);
    text->len -= line->len + (end != NULL);

    if (line->len > 0 && line->data[line->len - 1] == '\r') {
        line->len--;
    }

    return true;
}


/* Sorts, and drops what stands twice. */
static void
list_sort(mc_policy_list_t *list)
{
    size_t  i, n;

    if (list->count == 0) {
        return;
    }

    qsort(list->hashes, list->count, sizeof(uint64_t), list_compare);

    for (i = 1, n = 1; i < list->count; i++) {
        if (list->hashes[i] != list->hashes[n - 1]) {
            list->hashes[n++] = list->hashes[i];
        }
    }

    list->count = n;
}


static void
list_add(mc_policy_list_t *list, mc_str_t line)
{
    char    word[MC_POLICY_MAX], c;
    size_t  i;

    for (i = 0; i < line.len; i++) {
        c = line.data[i];
        word[i] = c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
    }

    list->hashes[list->count++] = list_hash(word, line.len);
}


/* How many words there are, or what is wrong with which line. */
static mc_err_t
list_count(mc_str_t text, size_t *count, size_t *number, const char **why)
{
    mc_str_t  line;

    *count = 0;
    *number = 0;
    *why = NULL;

    while (line_next(&text, &line)) {
        (*number)++;

        if (line.len > MC_POLICY_MAX) {
            *why = "is longer than a password may be";
            return MC_EINVAL;
        }

        if (line.len > 0 && memchr(line.data, '\0', line.len) != NULL) {
            *why = "holds a NUL: not a text file";
            return MC_EINVAL;
        }

        *count += line.len >= MC_POLICY_LIST_MIN;

        if (*count > MC_POLICY_LIST_WORDS) {
            *why = "is one word too many";
            return MC_ETOOBIG;
        }
    }

    return MC_OK;
}


mc_err_t
mc_policy_list_parse(mc_policy_list_t *list, mc_str_t text, size_t *number,
    const char **why)
{
    size_t    count;
    mc_err_t  err;
    mc_str_t  line;

    *list = (mc_policy_list_t) { 0, NULL };

    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) {
        text.data += 3;
        text.len -= 3;
    }

    err = list_count(text, &count, number, why);

    if (err != MC_OK || count == 0) {
        return err;
    }

    list->hashes = mc_alloc(count * sizeof(uint64_t));
    if (list->hashes == NULL) {
        return MC_ENOMEM;
    }

    while (line_next(&text, &line)) {
        if (line.len >= MC_POLICY_LIST_MIN) {
            list_add(list, line);
        }
    }

    list_sort(list);

    return MC_OK;
}


void
mc_policy_list_free(mc_policy_list_t *list)
{
    mc_free(list->hashes);
    *list = (mc_policy_list_t) { 0, NULL };
}


bool
mc_policy_list_has(const mc_policy_list_t *list, mc_str_t word)
{
    uint64_t  hash;

    if (list == NULL || list->count == 0 || word.len < MC_POLICY_LIST_MIN) {
        return false;
    }

    hash = list_hash(word.data, word.len);

    return bsearch(&hash, list->hashes, list->count, sizeof(uint64_t),
                   list_compare)
           != NULL;
}
