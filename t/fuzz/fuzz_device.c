/*
 * Fuzz target: the token of a known device, and the label made of a
 * User-Agent.
 *
 * Promises held: nothing but what we made is known, in its one spelling; a
 * label is short, valid UTF-8 and made of our own words.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_agent.h"
#include "mc_device.h"
#include "mc_utf8.h"


#define NOW  INT64_C(1795000000000)

static const uint8_t  account[MC_DEVICE_ACCOUNT] = "fuzz";


static void
keys_make(mc_keys_t *keys)
{
    memset(keys, 0, sizeof(*keys));
    keys->count = 2;
    memset(keys->device[0], 1, MC_KEY_SIZE);
    memset(keys->device[1], 2, MC_KEY_SIZE);
}


/* The seed's own bytes count up, so that it is known again by heart. */
static void
seed_make(const mc_keys_t *keys, char out[MC_DEVICE_LEN + 1])
{
    static const uint8_t  id[MC_DEVICE_ID] = { 1, 2, 3, 4, 5, 6, 7, 8 };

    fuzz_check(mc_device_make(keys, account, NOW, id, out) == MC_OK);
}


static void
check_token(mc_str_t text)
{
    char       known[MC_DEVICE_LEN + 1];
    uint8_t    id[MC_DEVICE_ID];
    mc_keys_t  keys;

    keys_make(&keys);

    if (mc_device_check(&keys, account, text, NOW + 1000, id)) {
        seed_make(&keys, known);
        fuzz_check(mc_str_is(text, known));
        fuzz_check(id[0] == 1 && id[MC_DEVICE_ID - 1] == 8);
    }
}


static void
check_label(mc_str_t text, bool mini)
{
    char      label[MC_AGENT_LABEL];
    size_t    len;
    mc_str_t  made;

    len = mc_agent_label(text, mini, label);
    fuzz_check(len > 0 && len < sizeof(label) && label[len] == '\0');

    made = (mc_str_t) { label, len };
    fuzz_check(strlen(label) == len && mc_utf8_valid(made));
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mc_str_t  text;

    text = (mc_str_t) { (const char *) data, size };

    check_token(text);
    check_label(text, false);
    check_label(text, true);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t       len;
    char         token[MC_DEVICE_LEN + 1];
    mc_keys_t    keys;
    const char  *text;

    static const char *const  agents[] = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
        "MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
        "Firefox/128.0"
    };

    if (n == 0) {
        keys_make(&keys);
        seed_make(&keys, token);
        text = token;

    } else if (n <= mc_count(agents)) {
        text = agents[n - 1];

    } else {
        return 0;
    }

    len = strlen(text);

    if (len > cap) {
        return 0;
    }

    memcpy(out, text, len);

    return len;
}
