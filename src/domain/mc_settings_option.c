/*
 * key=value words of directives: which keys a directive has, and within
 * which bounds, is data; here they are read.
 *
 * Depends on base and domain.  Configuration time only, one thread.
 */

#include "mc_settings_row.h"
#include "mc_time.h"
#include "mc_word.h"


#define POOL_MAX     64
#define MAILBOX_MAX  100


static bool
read_number(const mc_option_t *option, mc_str_t value, uint32_t *out)
{
    return mc_word_number(value, (uint32_t) option->max, out)
           && *out >= option->min;
}


static bool
read_size(const mc_option_t *option, mc_str_t value, uint32_t *out)
{
    return mc_word_size(value, (uint32_t) option->max, out)
           && *out >= option->min;
}


static bool
read_rate(const mc_option_t *option, mc_str_t value, uint32_t *tokens,
    int64_t *time)
{
    mc_str_t  left, right;

    return mc_word_split(value, '/', &left, &right)
           && read_number(option, left, tokens)
           && mc_word_time(right, time)
           && *time >= MC_SECOND && *time <= 30 * MC_DAY;
}


/* off, on, after:3 */
static bool
read_when(const mc_option_t *option, mc_str_t value, uint32_t *when,
    uint32_t *after)
{
    mc_str_t  left, right;

    if (mc_str_is(value, "off") || mc_str_is(value, "on")) {
        *when = mc_str_is(value, "on") ? MC_CAPTCHA_ON : MC_CAPTCHA_OFF;
        return true;
    }

    *when = MC_CAPTCHA_AFTER;

    return mc_word_split(value, ':', &left, &right)
           && mc_str_is(left, "after") && read_number(option, right, after);
}


/* Reads into the settings; false where the value is not acceptable. */
static bool
read_option(mc_settings_t *settings, const mc_option_t *option, mc_str_t value)
{
    char      *base;
    void      *first, *second;
    mc_str_t   left, right;

    base = (char *) settings;
    first = base + option->offset;
    second = base + option->second;

    switch (option->kind) {

    case MC_OPTION_TIME:
        return mc_word_time(value, first)
               && *(int64_t *) first >= option->min
               && *(int64_t *) first <= option->max;

    case MC_OPTION_NUMBER:
        return read_number(option, value, first);

    case MC_OPTION_SWITCH:
        return mc_word_switch(value, first);

    case MC_OPTION_MISSING:
        *(bool *) first = mc_str_is(value, "accept");
        return *(bool *) first || mc_str_is(value, "reject");

    case MC_OPTION_REFERENCE:
        *(bool *) first = mc_str_is(value, "by-ref");
        return *(bool *) first || mc_str_is(value, "inline");

    case MC_OPTION_PROFILE:
        *(bool *) first = mc_str_is(value, "djcp");
        return *(bool *) first || mc_str_is(value, "nist");

    case MC_OPTION_WHEN:
        return read_when(option, value, first, second);

    case MC_OPTION_CHANNEL:
        return mc_str_is(value, "sms") || mc_str_is(value, "email");

    case MC_OPTION_MAILBOX:
        return mc_word_split(value, '@', &left, &right)
               && mc_word_name(left, "._+-", MAILBOX_MAX)
               && mc_word_name(right, ".-", MAILBOX_MAX);

    case MC_OPTION_USER:
        return mc_word_name(value, "._+-@", MAILBOX_MAX);

    case MC_OPTION_POOL:
        return mc_word_name(value, "_-.", POOL_MAX);

    case MC_OPTION_URL:
        return mc_word_url(value, true);

    case MC_OPTION_FILE:
        return true;

    case MC_OPTION_RATE:
        return read_rate(option, value, first, second);

    case MC_OPTION_SIZES:
        return mc_word_split(value, '-', &left, &right)
               && read_size(option, left, first)
               && read_size(option, right, second);

    case MC_OPTION_PIXELS:
        return mc_word_split(value, 'x', &left, &right)
               && read_number(option, left, first)
               && read_number(option, right, second);
    }

    return false;
}


static mc_err_t
fail_value(mc_settings_taken_t *taken, const mc_option_t *option,
    mc_str_t value)
{
    switch (option->kind) {

    case MC_OPTION_TIME:
        return mc_settings_fail(taken->error,
            "invalid time \"%.*s\" of \"%s\", must be %llds to %llds",
            mc_cut(value), option->key,
            (long long) (option->min / MC_SECOND),
            (long long) (option->max / MC_SECOND));

    case MC_OPTION_NUMBER:
        return mc_settings_fail(taken->error,
            "invalid number \"%.*s\" of \"%s\", must be %lld to %lld",
            mc_cut(value), option->key, (long long) option->min,
            (long long) option->max);

    case MC_OPTION_SIZES:
        return mc_settings_fail(taken->error,
            "invalid size \"%.*s\" of \"%s\", must be MIN-MAX, both %lld "
            "to %lld bytes", mc_cut(value), option->key,
            (long long) option->min, (long long) option->max);

    case MC_OPTION_PIXELS:
        return mc_settings_fail(taken->error,
            "invalid size \"%.*s\" of \"%s\", must be WxH, both %lld to "
            "%lld pixels", mc_cut(value), option->key,
            (long long) option->min, (long long) option->max);

    case MC_OPTION_RATE:
        return mc_settings_fail(taken->error,
            "invalid rate \"%.*s\" of \"%s\", must be N/TIME, %lld to "
            "%lld within 1s to 30d", mc_cut(value), option->key,
            (long long) option->min, (long long) option->max);

    default:
        return mc_settings_fail(taken->error,
            "invalid value \"%.*s\" of \"%s\"", mc_cut(value), option->key);
    }
}


static mc_err_t
take_option(mc_settings_taken_t *taken, const mc_option_t *option,
    mc_str_t value)
{
    mc_str_t  *text;

    if (!read_option(taken->settings, option, value)) {
        return fail_value(taken, option, value);
    }

    text = (void *) ((char *) taken->settings + option->offset);

    switch (option->kind) {

    case MC_OPTION_FILE:
        return mc_settings_path(taken, value, text);

    case MC_OPTION_POOL:
    case MC_OPTION_URL:
    case MC_OPTION_CHANNEL:
    case MC_OPTION_MAILBOX:
    case MC_OPTION_USER:
        *text = mc_arena_str(&taken->settings->arena, value);
        return text->data != NULL ? MC_OK : MC_ENOMEM;

    default:
        return MC_OK;
    }
}


mc_err_t
mc_settings_take_options(mc_settings_taken_t *taken, size_t first,
    const mc_option_t *options, size_t count)
{
    size_t    i, n;
    unsigned  seen;
    mc_err_t  err;
    mc_str_t  word, key, value;

    seen = 0;

    for (i = first; i < taken->count; i++) {
        word = taken->words[i];

        if (!mc_word_split(word, '=', &key, &value)) {
            key = mc_str_null;
        }

        for (n = 0; n < count; n++) {
            if (mc_str_is(key, options[n].key)) {
                break;
            }
        }

        if (n == count) {
            return mc_settings_fail(taken->error,
                                    "unknown parameter \"%.*s\"",
                                    mc_cut(word));
        }

        if ((seen & 1u << n) != 0) {
            return mc_settings_fail(taken->error,
                                    "duplicate parameter \"%.*s\"",
                                    mc_cut(word));
        }

        seen |= 1u << n;
        err = take_option(taken, &options[n], value);

        if (err != MC_OK) {
            return err;
        }
    }

    return MC_OK;
}
