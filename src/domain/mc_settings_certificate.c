/*
 * Readers of the directives of the certificate as a document: signature,
 * public check, cache of finished files.
 *
 * Depends on base and domain.  Configuration time only, one thread.
 */

#include "mc_settings_row.h"
#include "mc_time.h"
#include "mc_word.h"


#define CACHE_MIN  (64 * 1024)
#define CACHE_MAX  (1024 * 1024 * 1024)

#define at(name)   offsetof(mc_settings_t, name)


static const mc_option_t sign_options[] = {
    { "certificate", MC_OPTION_FILE, at(sign_certificate), 0, 0, 0 },
    { "key", MC_OPTION_FILE, at(sign_key), 0, 0, 0 }
};

static const mc_option_t verify_options[] = {
    { "limit", MC_OPTION_RATE, at(verify_limit), at(verify_limit_time),
      1, 100000 },
    { "photo", MC_OPTION_SWITCH, at(verify_photo), 0, 0, 0 }
};


mc_err_t
mc_settings_take_sign(mc_settings_taken_t *taken)
{
    mc_err_t  err;

    err = mc_settings_take_options(taken, 0, sign_options,
                                   mc_count(sign_options));
    if (err != MC_OK) {
        return err;
    }

    if (taken->settings->sign_certificate.len == 0
        || taken->settings->sign_key.len == 0)
    {
        return mc_settings_fail(taken->error,
                                "needs \"certificate\" and \"key\"");
    }

    return MC_OK;
}


mc_err_t
mc_settings_take_verify(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, verify_options,
                                    mc_count(verify_options));
}


mc_err_t
mc_settings_take_cache(mc_settings_taken_t *taken)
{
    uint32_t  bytes;
    mc_str_t  word;

    word = taken->words[0];
    bytes = 0;

    if (!mc_str_is(word, "off")
        && (!mc_word_size(word, CACHE_MAX, &bytes)
            || bytes < CACHE_MIN))
    {
        return mc_settings_fail(taken->error, "invalid size \"%.*s\", must be "
                                "\"off\", or 64k to 1024m", mc_cut(word));
    }

    taken->settings->cache_size = bytes;

    return MC_OK;
}
