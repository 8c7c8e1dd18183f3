/*
 * statement: makes statements for tests of what verifies them.
 *
 *     statement SECRET... -- CODE DATE NUMBER NAME CATEGORY PHOTO.jpg DIGITS
 *     statement SECRET... -- keys
 *
 * The first secret signs.  Prints the digits, or the keys as the site does.
 *
 * Depends on auth and base.  One thread.
 */

#include <stdio.h>
#include <stdlib.h>

#include "mc_file.h"
#include "mc_statement.h"
#include "mc_time.h"


#define PHOTO_MAX  (1024 * 1024)

enum {
    CODE = 0,
    DATE,
    NUMBER,
    NAME,
    CATEGORY,
    PHOTO,
    DIGITS,
    WORDS
};


static void
need(bool good, const char *what)
{
    if (!good) {
        fprintf(stderr, "statement: %s\n", what);
        exit(2);
    }
}


static void
print_keys(const mc_keys_t *keys)
{
    char                       id[9], x[44], y[44];
    size_t                     i;
    const mc_statement_key_t  *key;

    printf("{\"keys\":[");

    for (i = 0; i < keys->count; i++) {
        key = &keys->statement[i];
        mc_hex(key->id, sizeof(key->id), id);
        mc_base64url(key->point + 1, 32, x);
        mc_base64url(key->point + 33, 32, y);
        printf("%s{\"id\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}",
               i > 0 ? "," : "", id, x, y);
    }

    printf("]}\n");
}


static void
photo_hash(const char *path, uint8_t out[MC_STATEMENT_PHOTO])
{
    char      why[MC_FILE_WHY];
    size_t    len;
    uint8_t  *bytes, hash[MC_SHA256_SIZE];

    bytes = mc_alloc(PHOTO_MAX);
    need(bytes != NULL, "out of memory");
    need(mc_file_read(path, false, bytes, PHOTO_MAX, &len, why) == MC_OK,
         "the photo cannot be read");
    need(mc_sha256(bytes, len, hash) == MC_OK, "no SHA-256");
    memcpy(out, hash, MC_STATEMENT_PHOTO);
    mc_free(bytes);
}


static void
print_digits(const mc_keys_t *keys, char **words)
{
    mc_str_t        digits;
    mc_date_t       date;
    mc_arena_t      arena;
    mc_statement_t  in;

    memset(&in, 0, sizeof(in));
    need(mc_code_certificate_bytes(mc_str_from(words[CODE]), in.code)
         == MC_OK, "no code");
    need(mc_date_read(mc_str_from(words[DATE]), &date) == MC_OK
         && mc_statement_days(mc_date_time(&date, 0), 0, &in.days) == MC_OK,
         "no date");
    in.number = mc_str_from(words[NUMBER]);
    in.name = mc_str_from(words[NAME]);
    in.category = mc_str_from(words[CATEGORY]);
    photo_hash(words[PHOTO], in.photo);

    mc_arena_init(&arena, 4096);
    need(mc_statement_make(keys, &in,
                           (size_t) strtoul(words[DIGITS], NULL, 10), &arena,
                           &digits) == MC_OK, "cannot be stated");
    printf("%s\n", digits.data);
    mc_arena_free(&arena);
}


int
main(int argc, char **argv)
{
    int        i, n;
    char       error[256];
    mc_str_t   files[MC_SECRETS];
    mc_keys_t  keys;

    for (n = 1; n < argc && strcmp(argv[n], "--") != 0; n++) {
        need(n <= MC_SECRETS, "too many secrets");
        files[n - 1] = mc_str_from(argv[n]);
    }

    i = n + 1;
    need(n > 1 && (argc - i == WORDS
                   || (argc - i == 1 && strcmp(argv[i], "keys") == 0)),
         "usage: SECRET... -- keys | CODE DATE NUMBER NAME CATEGORY PHOTO "
         "DIGITS");
    need(mc_keys_open(&keys, files, (size_t) n - 1, error) == MC_OK, error);

    if (argc - i == 1) {
        print_keys(&keys);

    } else {
        print_digits(&keys, argv + i);
    }

    mc_keys_wipe(&keys);

    return 0;
}
