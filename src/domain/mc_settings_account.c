/*
 * Readers of the directives of accounts: captcha, recovery, outbox,
 * password.
 *
 * Depends on base and domain.  Configuration time only, one thread.
 */

#include "mc_settings_row.h"
#include "mc_time.h"
#include "mc_word.h"


#define at(name)    offsetof(mc_settings_t, name)
#define line(name)  offsetof(mc_settings_t, outbox_line.name)


static const mc_option_t captcha_options[] = {
    { "web", MC_OPTION_WHEN, at(captcha_web), at(captcha_after), 1, 100 },
    { "mini", MC_OPTION_SWITCH, at(captcha_mini), 0, 0, 0 },
    { "ttl", MC_OPTION_TIME, at(captcha_ttl), 0, MC_SECOND, 15 * MC_MINUTE },
    { "bits", MC_OPTION_NUMBER, at(captcha_bits), 0, 8, 24 }
};

static const mc_option_t recovery_options[] = {
    { "code_ttl", MC_OPTION_TIME, at(recovery_code_ttl), 0,
      MC_SECOND, MC_HOUR },
    { "tries", MC_OPTION_NUMBER, at(recovery_tries), 0, 1, 20 },
    { "account", MC_OPTION_RATE, at(recovery_account),
      at(recovery_account_time), 1, 1000 },
    { "address", MC_OPTION_RATE, at(recovery_address),
      at(recovery_address_time), 1, 100000 },
    { "all", MC_OPTION_RATE, at(recovery_all), at(recovery_all_time),
      1, 1000000 }
};

static const mc_option_t outbox_options[] = {
    { "channel", MC_OPTION_CHANNEL, line(channel), 0, 0, 0 },
    { "from", MC_OPTION_MAILBOX, line(from), 0, 0, 0 },
    { "user", MC_OPTION_USER, line(user), 0, 0, 0 },
    { "secret", MC_OPTION_FILE, line(secret), 0, 0, 0 },
    { "ca", MC_OPTION_FILE, line(ca), 0, 0, 0 }
};

static const mc_option_t password_options[] = {
    { "profile", MC_OPTION_PROFILE, at(password_djcp), 0, 0, 0 },
    { "min", MC_OPTION_NUMBER, at(password_min), 0, 8, 64 },
    { "blocklist", MC_OPTION_FILE, at(password_blocklist), 0, 0, 0 }
};


mc_err_t
mc_settings_take_captcha(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, captcha_options,
                                    mc_count(captcha_options));
}


mc_err_t
mc_settings_take_recovery(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, recovery_options,
                                    mc_count(recovery_options));
}


mc_err_t
mc_settings_take_password(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, password_options,
                                    mc_count(password_options));
}


/* smtp://HOST[:PORT]: the form of an http address without a path. */
static bool
smtp_url(mc_str_t word, size_t scheme)
{
    char      url[300];
    mc_str_t  rest;

    rest = (mc_str_t) { word.data + scheme, word.len - scheme };

    if (rest.len > sizeof(url) - 4) {
        return false;
    }

    memcpy(url, "http", 4);
    memcpy(url + 4, rest.data, rest.len);

    return mc_word_url((mc_str_t) { url, rest.len + 4 }, false);
}


/* Text codes over plain http would be anybody's: loopback only. */
static bool
http_url(mc_str_t word, mc_str_t kind)
{
    return mc_word_url(word, true)
           && (mc_str_is(kind, "https") || mc_word_loopback(word));
}


static mc_err_t
outbox_target(mc_settings_taken_t *taken, mc_outbox_line_t *out)
{
    bool      fine;
    mc_str_t  word, kind, rest;

    word = taken->words[0];

    if (mc_str_is(word, "exec")) {
        out->kind = mc_str("exec");
        return MC_OK;
    }

    fine = mc_word_split(word, ':', &kind, &rest);

    if (fine && mc_str_is(kind, "file")) {
        out->kind = mc_str("file");
        return mc_settings_path(taken, rest, &out->target);
    }

    if (fine && (mc_str_is(kind, "smtp") || mc_str_is(kind, "smtps"))) {
        fine = smtp_url(word, kind.len);

    } else if (fine && (mc_str_is(kind, "http") || mc_str_is(kind, "https")))
    {
        fine = http_url(word, kind);

    } else {
        fine = false;
    }

    if (!fine) {
        return mc_settings_fail(taken->error,
                                "invalid outbox \"%.*s\", must be file:DIR, "
                                "exec, smtp://HOST[:PORT], "
                                "smtps://HOST[:PORT] or https://...",
                                mc_cut(word));
    }

    out->kind = mc_arena_str(&taken->settings->arena, kind);
    out->target = mc_arena_str(&taken->settings->arena, word);

    return out->kind.data != NULL && out->target.data != NULL ? MC_OK
                                                              : MC_ENOMEM;
}


/* What a line needs, and what it cannot carry. */
static mc_err_t
outbox_check(mc_settings_taken_t *taken, mc_outbox_line_t *out)
{
    /* who may send messages in the institute's name must be known by it */

    if ((mc_str_is(out->kind, "http") || mc_str_is(out->kind, "https"))
        && out->secret.len == 0 && !mc_word_loopback(out->target))
    {
        return mc_settings_fail(taken->error, "\"%.*s\" needs \"secret\"",
                                mc_cut(taken->words[0]));
    }

    if (!mc_str_is(out->kind, "smtp") && !mc_str_is(out->kind, "smtps")) {
        return MC_OK;
    }

    if (mc_str_is(out->channel, "sms")) {
        return mc_settings_fail(taken->error,
                                "\"%.*s\" carries e-mail, not sms",
                                mc_cut(taken->words[0]));
    }

    if (out->from.len == 0) {
        return mc_settings_fail(taken->error, "\"%.*s\" needs \"from\"",
                                mc_cut(taken->words[0]));
    }

    if ((out->user.len == 0) != (out->secret.len == 0)) {
        return mc_settings_fail(taken->error,
                                "\"user\" and \"secret\" of \"%.*s\" go "
                                "together", mc_cut(taken->words[0]));
    }

    out->channel = mc_str("email");

    return MC_OK;
}


mc_err_t
mc_settings_take_outbox(mc_settings_taken_t *taken)
{
    mc_err_t           err;
    mc_settings_t     *settings;
    mc_outbox_line_t  *now;

    settings = taken->settings;
    now = &settings->outbox_line;
    *now = (mc_outbox_line_t) { .kind = mc_str_null };

    err = mc_settings_next(taken, &settings->outbox_count,
                           MC_SETTINGS_OUTBOXES);
    if (err == MC_OK) {
        err = outbox_target(taken, now);
    }

    if (err == MC_OK) {
        err = mc_settings_take_options(taken, 1, outbox_options,
                                       mc_count(outbox_options));
    }

    if (err == MC_OK) {
        err = outbox_check(taken, now);
    }

    if (err == MC_OK) {
        settings->outboxes[settings->outbox_count++] = *now;
    }

    return err;
}
