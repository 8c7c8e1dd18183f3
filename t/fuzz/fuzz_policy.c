/*
 * Fuzz target: the operator's list of passwords, a password against it, and
 * an imported hash.
 *
 * The first byte says how long the password is, the rest is the file.
 * Promises held: a list is sorted and without doubles; each of its lines is
 * known and costs at most what a line costs; knowing more makes no password
 * dearer; what is taken for a hash has the letters and the length of one.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_legacy.h"
#include "mc_policy.h"


#define LIST_POINTS  34     /* a line in capitals and with digits in it */


static void
check_lines(const mc_policy_list_t *list, mc_str_t text)
{
    char         word[MC_POLICY_MAX];
    size_t       i, len;
    const char  *end;

    while (text.len > 0) {
        end = memchr(text.data, '\n', text.len);
        len = end == NULL ? text.len : (size_t) (end - text.data);

        if (len >= MC_POLICY_LIST_MIN && len <= sizeof(word)
            && memchr(text.data, '\r', len) == NULL)
        {
            for (i = 0; i < len; i++) {
                word[i] = text.data[i] >= 'A' && text.data[i] <= 'Z'
                          ? (char) (text.data[i] - 'A' + 'a')
                          : text.data[i];
            }

            fuzz_check(mc_policy_list_has(list, (mc_str_t) { word, len }));
            fuzz_check(mc_policy_points((mc_str_t) { text.data, len }, list,
                                        NULL) <= LIST_POINTS);
        }

        len += end != NULL;
        text.data += len;
        text.len -= len;
    }
}


static void
check_points(mc_str_t password, const mc_policy_list_t *list, mc_str_t own)
{
    uint32_t             none, listed, known;
    mc_policy_context_t  context;

    memset(&context, 0, sizeof(context));
    mc_policy_context_add(&context, own);
    fuzz_check(context.count <= MC_POLICY_CONTEXT);

    none = mc_policy_points(password, NULL, NULL);
    listed = mc_policy_points(password, list, NULL);
    known = mc_policy_points(password, list, &context);

    fuzz_check(none <= 16 * MC_POLICY_MAX);
    fuzz_check(listed <= none && known <= listed);
}


static void
check_hash(mc_str_t text)
{
    size_t  i;

    if (mc_legacy_kind(text) != MC_LEGACY_BAD) {
        fuzz_check(text.len >= 36 && text.len < MC_LEGACY_HASH);

        for (i = 0; i < text.len; i++) {
            fuzz_check(text.data[i] >= 0x20 && text.data[i] <= 0x7E);
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t            i, len, line;
    mc_err_t          err;
    mc_str_t          password, text;
    const char       *why;
    mc_policy_list_t  list;

    if (size == 0 || size > 2048) {
        return 0;       /* a check of each line: long ones take too long */
    }

    len = data[0] < size - 1 ? data[0] : size - 1;
    password = (mc_str_t) { (const char *) data + 1, len };
    text = (mc_str_t) { (const char *) data + 1 + len, size - 1 - len };

    check_hash(text);

    err = mc_policy_list_parse(&list, text, &line, &why);

    if (err != MC_OK) {
        fuzz_check(err == MC_EINVAL && line >= 1 && why != NULL);
        fuzz_check(list.count == 0 && list.hashes == NULL);
        check_points(password, NULL, text);
        return 0;
    }

    for (i = 1; i < list.count; i++) {
        fuzz_check(list.hashes[i - 1] < list.hashes[i]);
    }

    if (text.len < 3 || memcmp(text.data, "\xEF\xBB\xBF", 3) != 0) {
        check_lines(&list, text);
    }

    check_points(password, &list, text);
    mc_policy_list_free(&list);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    static const char *const  seeds[] = {
        "\x0DPassword123!\npassword\nqwertyuiop\r\nLetmein!\n\nabc\n",
        "\x0EZhang@19850101\xEF\xBB\xBFone line\nzhang.wei@mail.example",
        "\x0C""1qaz2wsx!@#$aaaaaaaaaaaaaaaaabcabcabcabc\n1985-01-01",
        "\x01xmd5-salt-password:f76679ee2c584a04a2c3802b10171abc:a:b$",
        "\x01x$2b$10$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "\x01x$mc-wrap$sha1-salt-password$61$argon2id$v=19$m=19456,t=2,p=1$"
            "Dpv2PjtBIjw53tbhB1MWpQ$"
            "EmJI0NvqxPiWTFRtezTXlyb76CGbCE7d7K4voWA/ROY",
    };

    if (n >= sizeof(seeds) / sizeof(seeds[0])) {
        return 0;
    }

    len = strlen(seeds[n]);
    len = len < cap ? len : cap;
    memcpy(out, seeds[n], len);

    return len;
}
