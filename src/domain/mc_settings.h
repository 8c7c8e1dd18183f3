/*
 * Every setting of a site, as one table: directive name, how its words are
 * read, where the value goes, how it merges, its default.
 *
 * nginx's glue and membercertctl call the same functions over plain words
 * (the directive's name is words[0]); errors are texts to which the caller
 * adds file and line.  Strings live in the settings' own arena.
 *
 * Written while configuration is read (one thread), read-only afterwards.
 */

#ifndef MC_SETTINGS_H
#define MC_SETTINGS_H

#include "mc_arena.h"
#include "mc_field.h"
#include "mc_photo_rule.h"

#pragma GCC visibility push(hidden)


#define MC_SETTINGS_ERROR       256
#define MC_SETTINGS_SECRETS     4
#define MC_SETTINGS_ORIGINS     16
#define MC_SETTINGS_USER_TYPES  8
#define MC_SETTINGS_FOOTERS     8
#define MC_SETTINGS_FONTS       8
#define MC_SETTINGS_OUTBOXES    4
#define MC_SETTINGS_LAYOUTS     4
#define MC_SETTINGS_LAYOUT_LINES  256   /* of one layout */
#define MC_SETTINGS_LAYOUT_WORDS  16    /* of one line */

typedef struct {
    mc_str_t code;              /* [a-z0-9_]{1,32} */
    mc_str_t zh;
    mc_str_t en;
} mc_user_type_t;

typedef struct {
    mc_str_t text;
    mc_str_t url;               /* may be empty */
} mc_footer_t;

/* One line of membercert_outbox.  The kinds: "file" (a folder), "exec"
 * (messages wait for membercertctl work --exec), "smtp", "smtps", "http",
 * "https". */
typedef struct {
    mc_str_t kind;
    mc_str_t target;            /* URL; the folder; empty: exec */
    mc_str_t channel;           /* "sms", "email"; empty: both it can */
    mc_str_t from;              /* e-mail address; empty: none */
    mc_str_t user;
    mc_str_t secret;            /* file; may be empty */
    mc_str_t ca;                /* file; may be empty */
} mc_outbox_line_t;

/* A line of a layout, as it was written. */
typedef struct {
    mc_str_t         where;         /* "file:line" */
    size_t           count;
    const mc_str_t  *words;
} mc_settings_line_t;

typedef struct {
    mc_str_t             name;      /* [a-z0-9_-]{1,32} */
    mc_str_t             zh;        /* the name where none is stated */
    mc_str_t             en;        /* zh where none is stated */
    mc_str_t             where;
    size_t               count;
    mc_settings_line_t  *lines;
} mc_settings_layout_t;

typedef enum {
    MC_CAPTCHA_OFF = 0,
    MC_CAPTCHA_ON,
    MC_CAPTCHA_AFTER            /* so many failures */
} mc_captcha_when_t;

typedef struct {
    mc_arena_t  arena;

    mc_str_t    store_dir;      /* membercert_store sqlite:DIR */
    size_t      secret_count;
    mc_str_t    secrets[MC_SETTINGS_SECRETS];   /* files; first seals */

    mc_str_t    pool_store;     /* membercert_thread_pool; "default" */
    mc_str_t    pool_cpu;
    mc_str_t    pool_hash;
    mc_str_t    pool_net;

    int64_t     session_idle;       /* ms */
    int64_t     session_absolute;
    int64_t     session_mini;
    int64_t     session_fresh;      /* after the password was given */
    uint32_t    session_max;
    bool        session_secure;

    size_t      origin_count;
    mc_str_t    origins[MC_SETTINGS_ORIGINS];   /* scheme://host[:port] */

    mc_str_t    issuer;             /* membercert_issuer ZH [EN] */
    mc_str_t    issuer_en;
    mc_str_t    hotline;
    mc_str_t    public_url;         /* without a slash at its end */
    mc_str_t    mini_name;          /* of the mini program; empty: none */
    mc_str_t    mini_qr;            /* file of its code; may be empty */
    mc_str_t    review_time;        /* "2个工作日" */
    mc_str_t    privacy_url;
    mc_str_t    privacy_version;    /* empty: no consent asked */
    int         timezone;           /* minutes east of UTC */

    size_t          footer_count;
    mc_footer_t     footers[MC_SETTINGS_FOOTERS];
    size_t          user_type_count;
    mc_user_type_t  user_types[MC_SETTINGS_USER_TYPES];
    mc_fields_t     fields;         /* the built-in set with changes */
    uint64_t        fields_stated;  /* bit n: items[n], at this level */

    uint32_t    login_account;          /* tokens */
    int64_t     login_account_time;     /* ms in which they come back */
    uint32_t    login_address;
    int64_t     login_address_time;

    uint32_t    captcha_web;            /* mc_captcha_when_t */
    uint32_t    captcha_after;          /* failures, of MC_CAPTCHA_AFTER */
    bool        captcha_mini;
    int64_t     captcha_ttl;            /* ms */
    uint32_t    captcha_bits;           /* zero bits of a proof of work */

    int64_t     recovery_code_ttl;      /* ms */
    uint32_t    recovery_tries;
    uint32_t    recovery_account;       /* tokens */
    int64_t     recovery_account_time;  /* ms in which they come back */
    uint32_t    recovery_address;
    int64_t     recovery_address_time;
    uint32_t    recovery_all;
    int64_t     recovery_all_time;

    mc_outbox_line_t  outbox_line;      /* while one is read */
    size_t            outbox_count;     /* 0: no recovery */
    mc_outbox_line_t  outboxes[MC_SETTINGS_OUTBOXES];

    bool        password_djcp;          /* else nist */
    uint32_t    password_min;           /* code points */
    mc_str_t    password_blocklist;     /* file; may be empty */

    uint32_t    photo_min;              /* bytes */
    uint32_t    photo_max;
    uint32_t    photo_width;            /* pixels */
    uint32_t    photo_height;
    uint32_t    photo_dpi;
    bool        photo_dpi_missing_ok;
    int64_t     photo_max_age;          /* ms; 0: not checked */
    uint32_t    photo_daily;            /* uploads of a member in 24 h */
    mc_rule_modes_t  photo_check;       /* membercert_photo_check */

    uint32_t    compare_attempts;
    bool        compare_http;           /* else manual: to review */
    mc_str_t    compare_url;
    int64_t     compare_timeout;        /* ms */
    mc_str_t    compare_secret;         /* file; may be empty */
    mc_str_t    compare_ca;             /* file; may be empty */
    bool        compare_by_ref;         /* no reference picture is sent */
    mc_str_t    compare_consent_url;
    mc_str_t    compare_consent_version;    /* empty: none asked */

    size_t      font_count;
    mc_str_t    fonts[MC_SETTINGS_FONTS];

    size_t                layout_count;     /* 0: the built-in one */
    mc_settings_layout_t  layouts[MC_SETTINGS_LAYOUTS];

    mc_str_t    sign_certificate;       /* PEM files; empty: unsigned */
    mc_str_t    sign_key;

    uint32_t    verify_limit;           /* public checks of an address */
    int64_t     verify_limit_time;      /* ms in which they come back */
    bool        verify_photo;           /* shown where the member agreed */

    int64_t     cache_size;             /* bytes a worker; 0: off */

    uint64_t    set;            /* bit n: row n of the table was stated */
    mc_str_t    where[64];      /* "file:line" of that row, for late errors */
} mc_settings_t;

/* Number of rows and the directive's name of each. */
size_t mc_settings_rows(void);
const char *mc_settings_name(size_t row);

mc_settings_t *mc_settings_create(void);
void mc_settings_free(mc_settings_t *settings);

/*
 * Takes one directive.  "where" is "file:line".  MC_EINVAL and a text in
 * error ("invalid size \"x\"", "is duplicate"); MC_ENOTFOUND when no row has
 * the name words[0].
 */
mc_err_t mc_settings_take(mc_settings_t *settings, const mc_str_t *words,
    size_t count, const char *where, char error[MC_SETTINGS_ERROR]);

/*
 * Adds a line to the layout that was opened last ("membercert_layout" with
 * its words given to mc_settings_take()).  What lines may say is told by
 * mc_layout_open().
 */
mc_err_t mc_settings_layout_line(mc_settings_t *settings,
    const mc_str_t *words, size_t count, const char *where,
    char error[MC_SETTINGS_ERROR]);

/* Which layout has that name; an empty name is the first, which is the
 * built-in one where none is stated.  False: unknown. */
bool mc_settings_layout(const mc_settings_t *settings, mc_str_t name,
    size_t *index);

/* What "child" does not state comes from "parent"; both stay valid and
 * share no memory. */
mc_err_t mc_settings_merge(mc_settings_t *child, const mc_settings_t *parent);

/*
 * Once, after merging, where a membercert location stands.  Defaults stand
 * since mc_settings_create(); this checks what needs several values (min <=
 * max, required ones present).  On MC_EINVAL "where" names the row's
 * file:line or "".
 */
mc_err_t mc_settings_finish(mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR], const char **where);

/* SHA-256 over all values: servers with the same digest share a site. */
mc_err_t mc_settings_digest(const mc_settings_t *settings, uint8_t out[32]);

const mc_user_type_t *mc_settings_user_type(const mc_settings_t *settings,
    mc_str_t code);


#pragma GCC visibility pop

#endif /* MC_SETTINGS_H */
