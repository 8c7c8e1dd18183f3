/*
 * The table of settings and the readers of all directives that are no
 * lists (those: mc_settings_list.c; key=value words: mc_settings_option.c).
 *
 * A new directive is one row here: name, number of words, reader, slots;
 * and its default in mc_settings_defaults().
 *
 * Depends on base and domain.  Configuration time only, one thread.
 */

#include "mc_settings_row.h"
#include "mc_label.h"
#include "mc_time.h"
#include "mc_word.h"


#define PHOTO_MAX   65536
#define TEXT_MAX    200         /* code points */
#define WORDS_MAX   64


#define at(name)  offsetof(mc_settings_t, name)


static const mc_option_t pool_options[] = {
    { "store", MC_OPTION_POOL, at(pool_store), 0, 0, 0 },
    { "cpu", MC_OPTION_POOL, at(pool_cpu), 0, 0, 0 },
    { "hash", MC_OPTION_POOL, at(pool_hash), 0, 0, 0 },
    { "net", MC_OPTION_POOL, at(pool_net), 0, 0, 0 }
};

static const mc_option_t session_options[] = {
    { "idle", MC_OPTION_TIME, at(session_idle), 0, MC_MINUTE, 30 * MC_DAY },
    { "absolute", MC_OPTION_TIME, at(session_absolute), 0,
      MC_MINUTE, 366 * MC_DAY },
    { "mini", MC_OPTION_TIME, at(session_mini), 0, MC_MINUTE, 366 * MC_DAY },
    { "fresh", MC_OPTION_TIME, at(session_fresh), 0, MC_MINUTE,
      12 * MC_HOUR },
    { "max", MC_OPTION_NUMBER, at(session_max), 0, 1, 100 },
    { "secure", MC_OPTION_SWITCH, at(session_secure), 0, 0, 0 }
};

static const mc_option_t limit_options[] = {
    { "account", MC_OPTION_RATE, at(login_account), at(login_account_time),
      1, 100000 },
    { "address", MC_OPTION_RATE, at(login_address), at(login_address_time),
      1, 100000 }
};

static const mc_option_t photo_options[] = {
    { "size", MC_OPTION_SIZES, at(photo_min), at(photo_max), 1, PHOTO_MAX },
    { "pixels", MC_OPTION_PIXELS, at(photo_width), at(photo_height),
      16, 4096 },
    { "dpi", MC_OPTION_NUMBER, at(photo_dpi), 0, 1, 2400 },
    { "dpi_missing", MC_OPTION_MISSING, at(photo_dpi_missing_ok), 0, 0, 0 },
    { "max_age", MC_OPTION_TIME, at(photo_max_age), 0, 0, 36525 * MC_DAY },
    { "daily", MC_OPTION_NUMBER, at(photo_daily), 0, 1, 1000 }
};

/* "manual" knows the first alone. */
static const mc_option_t compare_options[] = {
    { "attempts", MC_OPTION_NUMBER, at(compare_attempts), 0, 1, 100 },
    { "url", MC_OPTION_URL, at(compare_url), 0, 0, 0 },
    { "timeout", MC_OPTION_TIME, at(compare_timeout), 0,
      MC_SECOND, 10 * MC_SECOND },
    { "secret", MC_OPTION_FILE, at(compare_secret), 0, 0, 0 },
    { "ca", MC_OPTION_FILE, at(compare_ca), 0, 0, 0 },
    { "reference", MC_OPTION_REFERENCE, at(compare_by_ref), 0, 0, 0 }
};

static const mc_option_t mini_options[] = {
    { "qr", MC_OPTION_FILE, at(mini_qr), 0, 0, 0 }
};


static mc_err_t
take_pools(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, pool_options,
                                    mc_count(pool_options));
}


static mc_err_t
take_session(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, session_options,
                                    mc_count(session_options));
}


static mc_err_t
check_session(const mc_settings_t *settings, char *error)
{
    if (settings->session_idle > settings->session_absolute) {
        return mc_settings_fail(error,
                                "\"idle\" is longer than \"absolute\"");
    }

    if (settings->session_idle > settings->session_mini) {
        return mc_settings_fail(error, "\"idle\" is longer than \"mini\"");
    }

    return MC_OK;
}


static mc_err_t
take_limit(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, limit_options,
                                    mc_count(limit_options));
}


static mc_err_t
take_photo(mc_settings_taken_t *taken)
{
    return mc_settings_take_options(taken, 0, photo_options,
                                    mc_count(photo_options));
}


static mc_err_t
check_photo(const mc_settings_t *settings, char *error)
{
    if (settings->photo_min > settings->photo_max) {
        return mc_settings_fail(error,
                                "invalid size: %u is more than %u",
                                (unsigned) settings->photo_min,
                                (unsigned) settings->photo_max);
    }

    return MC_OK;
}


/* The rule table has the names: key=mode, each key at most once. */
static mc_err_t
take_photo_check(mc_settings_taken_t *taken)
{
    size_t           i;
    unsigned         seen;
    mc_str_t         word, key, value;
    mc_rule_t        rule;
    mc_rule_mode_t   mode;

    seen = 0;

    for (i = 0; i < taken->count; i++) {
        word = taken->words[i];
        rule = mc_word_split(word, '=', &key, &value)
               ? mc_photo_rule_find(key) : MC_RULES;

        if (rule == MC_RULES) {
            return mc_settings_fail(taken->error,
                                    "unknown parameter \"%.*s\"",
                                    mc_cut(word));
        }

        if ((seen & 1u << rule) != 0) {
            return mc_settings_fail(taken->error,
                                    "duplicate parameter \"%.*s\"",
                                    mc_cut(word));
        }

        mode = mc_rule_mode_find(value);

        if (mode == MC_RULE_MODES) {
            return mc_settings_fail(taken->error,
                                    "invalid value \"%.*s\" of \"%.*s\", "
                                    "must be off, warn or reject",
                                    mc_cut(value), mc_cut(key));
        }

        seen |= 1u << rule;
        taken->settings->photo_check.of[rule] = (uint8_t) mode;
    }

    return MC_OK;
}


static mc_err_t
take_compare(mc_settings_taken_t *taken)
{
    bool  *http;

    http = &taken->settings->compare_http;
    *http = mc_str_is(taken->words[0], "http");

    if (!*http && !mc_str_is(taken->words[0], "manual")) {
        return mc_settings_fail(taken->error,
                                "provider \"%.*s\" is not supported, must "
                                "be \"manual\" or \"http\"",
                                mc_cut(taken->words[0]));
    }

    return mc_settings_take_options(taken, 1, compare_options,
                                    *http ? mc_count(compare_options) : 1);
}


static mc_err_t
check_compare(const mc_settings_t *settings, char *error)
{
    if (settings->compare_http && settings->compare_url.len == 0) {
        return mc_settings_fail(error, "\"http\" needs \"url\"");
    }

    /* photos and who they are of would cross the net in the clear */

    if (settings->compare_http
        && settings->compare_url.data[4] == ':'
        && !mc_word_loopback(settings->compare_url))
    {
        return mc_settings_fail(error, "\"url\" must be https:// or on this "
                                "machine");
    }

    return MC_OK;
}


static mc_err_t
take_store(mc_settings_taken_t *taken)
{
    mc_str_t  word, scheme, dir;

    word = taken->words[0];

    if (!mc_word_split(word, ':', &scheme, &dir)
        || !mc_str_is(scheme, "sqlite"))
    {
        return mc_settings_fail(taken->error,
                                "store \"%.*s\" is not supported, must be "
                                "\"sqlite:DIR\"", mc_cut(word));
    }

    return mc_settings_path(taken, dir, &taken->settings->store_dir);
}


static mc_err_t
take_issuer(mc_settings_taken_t *taken)
{
    mc_err_t        err;
    mc_settings_t  *settings;

    settings = taken->settings;
    err = mc_settings_text(taken, taken->words[0], TEXT_MAX,
                           &settings->issuer);

    if (err == MC_OK && taken->count > 1) {
        err = mc_settings_text(taken, taken->words[1], TEXT_MAX,
                               &settings->issuer_en);
    }

    return err;
}


/* A short text into the row's only slot. */
static mc_err_t
take_words(mc_settings_taken_t *taken)
{
    void  *out;

    out = (char *) taken->settings + taken->row->slots[0].offset;

    return mc_settings_text(taken, taken->words[0], WORDS_MAX, out);
}


static mc_err_t
take_mini_program(mc_settings_taken_t *taken)
{
    mc_err_t  err;

    err = mc_settings_text(taken, taken->words[0], WORDS_MAX,
                           &taken->settings->mini_name);

    return err == MC_OK ? mc_settings_take_options(taken, 1, mini_options,
                                                   mc_count(mini_options))
                        : err;
}


static mc_err_t
take_public_url(mc_settings_taken_t *taken)
{
    mc_str_t  word, *out;

    word = taken->words[0];
    out = &taken->settings->public_url;

    if (!mc_word_url(word, true) || memchr(word.data, '?', word.len)) {
        return mc_settings_fail(taken->error, "invalid URL \"%.*s\"",
                                mc_cut(word));
    }

    while (word.data[word.len - 1] == '/') {
        word.len--;
    }

    *out = mc_arena_str(&taken->settings->arena, word);

    return out->data != NULL ? MC_OK : MC_ENOMEM;
}


/* A notice members accept: its link and version into the row's two slots. */
static mc_err_t
take_notice(mc_settings_taken_t *taken)
{
    size_t           i;
    mc_str_t        *out;
    const mc_str_t  *words;

    words = taken->words;

    if (!mc_word_link(words[0])) {
        return mc_settings_fail(taken->error, "invalid URL \"%.*s\"",
                                mc_cut(words[0]));
    }

    if (!mc_word_name(words[1], "._-", 32)) {
        return mc_settings_fail(taken->error, "invalid version \"%.*s\"",
                                mc_cut(words[1]));
    }

    for (i = 0; i < 2; i++) {
        out = (void *) ((char *) taken->settings
                        + taken->row->slots[i].offset);
        *out = mc_arena_str(&taken->settings->arena, words[i]);

        if (out->data == NULL) {
            return MC_ENOMEM;
        }
    }

    return MC_OK;
}


static mc_err_t
take_timezone(mc_settings_taken_t *taken)
{
    if (!mc_word_zone(taken->words[0], &taken->settings->timezone)) {
        return mc_settings_fail(taken->error,
                                "invalid offset \"%.*s\", must be like "
                                "\"+08:00\"", mc_cut(taken->words[0]));
    }

    return MC_OK;
}


#define STR(name)   { MC_SLOT_STR, at(name), 0, 0 }
#define I64(name)   { MC_SLOT_I64, at(name), 0, 0 }
#define U32(name)   { MC_SLOT_U32, at(name), 0, 0 }
#define INT(name)   { MC_SLOT_INT, at(name), 0, 0 }
#define BOOL(name)  { MC_SLOT_BOOL, at(name), 0, 0 }
#define LIST(name, count, type)                                              \
    { MC_SLOT_LIST, at(name), at(count), sizeof(type) / sizeof(mc_str_t) }
#define BYTES(name, type)                                                    \
    { MC_SLOT_BYTES, at(name), 0, sizeof(type) }
#define FIELDS      { MC_SLOT_FIELDS, at(fields), 0, 0 }
#define LAYOUTS     { MC_SLOT_LAYOUTS, at(layouts), 0, 0 }


/* name, words, repeatable, required, reader, check, slots */
const mc_settings_row_t mc_settings_table[] = {

    { "membercert_store", 1, 1, false, true, take_store, NULL,
      { STR(store_dir) } },

    { "membercert_secret", 1, MC_SETTINGS_SECRETS, false, true,
      mc_settings_take_secret, NULL,
      { LIST(secrets, secret_count, mc_str_t) } },

    { "membercert_thread_pool", 1, mc_count(pool_options), false, false,
      take_pools, NULL,
      { STR(pool_store), STR(pool_cpu), STR(pool_hash), STR(pool_net) } },

    { "membercert_session", 1, mc_count(session_options), false, false,
      take_session, check_session,
      { I64(session_idle), I64(session_absolute), I64(session_mini),
        I64(session_fresh), U32(session_max), BOOL(session_secure) } },

    { "membercert_origin", 1, MC_SETTINGS_ORIGINS, false, false,
      mc_settings_take_origin, NULL,
      { LIST(origins, origin_count, mc_str_t) } },

    { "membercert_issuer", 1, 2, false, true, take_issuer, NULL,
      { STR(issuer), STR(issuer_en) } },

    { "membercert_hotline", 1, 1, false, false, take_words, NULL,
      { STR(hotline) } },

    { "membercert_public_url", 1, 1, false, false, take_public_url, NULL,
      { STR(public_url) } },

    { "membercert_mini_program", 1, 1 + mc_count(mini_options), false, false,
      take_mini_program, NULL, { STR(mini_name), STR(mini_qr) } },

    { "membercert_review_time", 1, 1, false, false, take_words, NULL,
      { STR(review_time) } },

    { "membercert_footer", 1, 2, true, false, mc_settings_take_footer, NULL,
      { LIST(footers, footer_count, mc_footer_t) } },

    { "membercert_privacy", 2, 2, false, false, take_notice, NULL,
      { STR(privacy_url), STR(privacy_version) } },

    { "membercert_timezone", 1, 1, false, false, take_timezone, NULL,
      { INT(timezone) } },

    { "membercert_user_type", 3, 3, true, false, mc_settings_take_user_type,
      NULL,
      { LIST(user_types, user_type_count, mc_user_type_t) } },

    { "membercert_field", 3, 7, true, false, mc_settings_take_field, NULL,
      { FIELDS } },

    { "membercert_login_limit", 1, mc_count(limit_options), false, false,
      take_limit, NULL,
      { U32(login_account), I64(login_account_time), U32(login_address),
        I64(login_address_time) } },

    { "membercert_captcha", 1, 4, false, false, mc_settings_take_captcha,
      NULL,
      { U32(captcha_web), U32(captcha_after), BOOL(captcha_mini),
        I64(captcha_ttl), U32(captcha_bits) } },

    { "membercert_recovery", 1, 5, false, false, mc_settings_take_recovery,
      NULL,
      { I64(recovery_code_ttl), U32(recovery_tries), U32(recovery_account),
        I64(recovery_account_time), U32(recovery_address),
        I64(recovery_address_time), U32(recovery_all),
        I64(recovery_all_time) } },

    { "membercert_outbox", 1, 6, true, false, mc_settings_take_outbox, NULL,
      { LIST(outboxes, outbox_count, mc_outbox_line_t) } },

    { "membercert_password", 1, 3, false, false, mc_settings_take_password,
      NULL,
      { BOOL(password_djcp), U32(password_min), STR(password_blocklist) } },

    { "membercert_photo", 1, mc_count(photo_options), false, false,
      take_photo, check_photo,
      { U32(photo_min), U32(photo_max), U32(photo_width), U32(photo_height),
        U32(photo_dpi), BOOL(photo_dpi_missing_ok), I64(photo_max_age),
        U32(photo_daily) } },

    { "membercert_photo_check", 1, MC_RULES, false, false,
      take_photo_check, NULL,
      { BYTES(photo_check, mc_rule_modes_t) } },

    { "membercert_compare", 1, 1 + mc_count(compare_options), false, false,
      take_compare, check_compare,
      { U32(compare_attempts), BOOL(compare_http), STR(compare_url),
        I64(compare_timeout), STR(compare_secret), STR(compare_ca),
        BOOL(compare_by_ref) } },

    { "membercert_compare_consent", 2, 2, false, false, take_notice, NULL,
      { STR(compare_consent_url), STR(compare_consent_version) } },

    { "membercert_font", 1, MC_SETTINGS_FONTS, false, false,
      mc_settings_take_font, NULL,
      { LIST(fonts, font_count, mc_str_t) } },

    { "membercert_layout", 1, 3, true, false, mc_settings_take_layout, NULL,
      { LAYOUTS } },

    { "membercert_sign", 2, 2, false, false, mc_settings_take_sign, NULL,
      { STR(sign_certificate), STR(sign_key) } },

    { "membercert_verify", 1, 2, false, false, mc_settings_take_verify, NULL,
      { U32(verify_limit), I64(verify_limit_time), BOOL(verify_photo) } },

    { "membercert_certificate_cache", 1, 1, false, false,
      mc_settings_take_cache, NULL,
      { I64(cache_size) } }
};

const size_t mc_settings_table_size = mc_count(mc_settings_table);

_Static_assert(mc_count(mc_settings_table) <= 64,
               "mc_settings_t.set has a bit for each row");
_Static_assert(sizeof(mc_outbox_line_t) == 7 * sizeof(mc_str_t)
               && sizeof(mc_user_type_t) == 3 * sizeof(mc_str_t)
               && sizeof(mc_footer_t) == 2 * sizeof(mc_str_t),
               "items of lists consist of strings");


/* Regular Debian places; in the order in which a glyph is looked for. */
static const char *const fonts[] = {
    "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
    "/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf",
    "/usr/share/fonts/truetype/cns11643/TW-Sung-98_1.ttf",
    "/usr/share/fonts/truetype/cns11643/TW-Sung-Ext-B-98_1.ttf"
};


void
mc_settings_defaults(mc_settings_t *settings)
{
    size_t  i;

    settings->pool_store = mc_str("default");
    settings->pool_cpu = mc_str("default");
    settings->pool_hash = mc_str("default");
    settings->pool_net = mc_str("default");

    settings->session_idle = 30 * MC_MINUTE;
    settings->session_absolute = 12 * MC_HOUR;
    settings->session_mini = 7 * MC_DAY;
    settings->session_fresh = 10 * MC_MINUTE;
    settings->session_max = 5;
    settings->session_secure = true;

    settings->hotline = mc_str("010-88250337/0338");
    settings->review_time = mc_label_review_time.zh;
    settings->timezone = 8 * 60;

    settings->user_types[0].code = mc_str("nonpractising");
    settings->user_types[0].zh = mc_label_nonpractising.zh;
    settings->user_types[0].en = mc_label_nonpractising.en;
    settings->user_types[1].code = mc_str("practising");
    settings->user_types[1].zh = mc_label_practising.zh;
    settings->user_types[1].en = mc_label_practising.en;
    settings->user_type_count = 2;

    mc_fields_builtin(&settings->fields);

    settings->login_account = 5;
    settings->login_account_time = 15 * MC_MINUTE;
    settings->login_address = 100;
    settings->login_address_time = 10 * MC_MINUTE;

    settings->captcha_web = MC_CAPTCHA_AFTER;
    settings->captcha_after = 3;
    settings->captcha_mini = true;
    settings->captcha_ttl = 5 * MC_MINUTE;
    settings->captcha_bits = 16;

    settings->recovery_code_ttl = 10 * MC_MINUTE;
    settings->recovery_tries = 5;
    settings->recovery_account = 3;
    settings->recovery_account_time = MC_HOUR;
    settings->recovery_address = 20;
    settings->recovery_address_time = MC_HOUR;
    settings->recovery_all = 1000;
    settings->recovery_all_time = MC_HOUR;

    settings->password_min = 10;

    settings->photo_min = 10000;
    settings->photo_max = 20480;
    settings->photo_width = 178;
    settings->photo_height = 220;
    settings->photo_dpi = 96;
    settings->photo_max_age = 366 * MC_DAY;
    settings->photo_daily = 20;
    mc_photo_rule_usual(&settings->photo_check);

    settings->compare_attempts = 5;
    settings->compare_timeout = 3 * MC_SECOND;

    for (i = 0; i < mc_count(fonts); i++) {
        settings->fonts[i] = mc_str_from(fonts[i]);
    }

    settings->font_count = mc_count(fonts);

    settings->verify_limit = 60;
    settings->verify_limit_time = 10 * MC_MINUTE;
    settings->verify_photo = true;
    settings->cache_size = 16 * 1024 * 1024;
}
