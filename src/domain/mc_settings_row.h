/*
 * The rows of the settings table, for mc_settings*.c alone: what a directive
 * is called, who reads its words, where its values lie.
 *
 * A row's slots say where its values stand in mc_settings_t, so that one
 * function each merges and digests them all.
 */

#ifndef MC_SETTINGS_ROW_H
#define MC_SETTINGS_ROW_H

#include "mc_buf.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_SLOT_NONE = 0,
    MC_SLOT_STR,
    MC_SLOT_I64,
    MC_SLOT_U32,
    MC_SLOT_INT,
    MC_SLOT_BOOL,
    MC_SLOT_BYTES,              /* "width" of them */
    MC_SLOT_LIST,               /* items of "width" strings */
    MC_SLOT_FIELDS,
    MC_SLOT_LAYOUTS
} mc_slot_kind_t;

typedef struct {
    mc_slot_kind_t  kind;
    size_t          offset;     /* of the value in mc_settings_t */
    size_t          count;      /* of a list: offset of its size_t */
    size_t          width;
} mc_slot_t;

#define MC_SLOTS  8

typedef struct mc_settings_row_s  mc_settings_row_t;

/* One directive being read; its name is not among the words. */
typedef struct {
    mc_settings_t            *settings;
    const mc_settings_row_t  *row;
    const mc_str_t           *words;
    size_t                    count;
    const char               *where;    /* "file:line" */
    bool                      again;    /* stated before at this level */
    char                     *error;
} mc_settings_taken_t;

struct mc_settings_row_s {
    const char  *name;
    size_t       min;           /* words behind the name */
    size_t       max;
    bool         repeatable;
    bool         required;

    mc_err_t   (*take)(mc_settings_taken_t *taken);

    /* what needs several values of the row; may be NULL */
    mc_err_t   (*check)(const mc_settings_t *settings, char *error);

    mc_slot_t    slots[MC_SLOTS];
};

extern const mc_settings_row_t mc_settings_table[];
extern const size_t mc_settings_table_size;

/* Fills in every default. */
void mc_settings_defaults(mc_settings_t *settings);

/* Writes the text and answers MC_EINVAL. */
mc_err_t mc_settings_fail(char *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For messages: %.*s of a word, cut where it is long. */
#define mc_cut(word)  (int) ((word).len < 80 ? (word).len : 80), (word).data


typedef enum {
    MC_OPTION_TIME,             /* int64_t, ms */
    MC_OPTION_NUMBER,           /* uint32_t */
    MC_OPTION_SWITCH,           /* bool */
    MC_OPTION_POOL,             /* mc_str_t */
    MC_OPTION_RATE,             /* uint32_t tokens / int64_t ms */
    MC_OPTION_SIZES,            /* uint32_t - uint32_t, bytes */
    MC_OPTION_PIXELS,           /* uint32_t x uint32_t */
    MC_OPTION_MISSING,          /* bool: accept, reject */
    MC_OPTION_REFERENCE,        /* bool: by-ref, inline */
    MC_OPTION_PROFILE,          /* bool: djcp, nist */
    MC_OPTION_WHEN,             /* mc_captcha_when_t / number of after:N */
    MC_OPTION_CHANNEL,          /* mc_str_t: sms, email */
    MC_OPTION_MAILBOX,          /* mc_str_t: name@host */
    MC_OPTION_USER,             /* mc_str_t: printable, no blank */
    MC_OPTION_URL,              /* mc_str_t: http(s)://host[:port]/path */
    MC_OPTION_FILE              /* mc_str_t: an absolute path */
} mc_option_kind_t;

/* A key=value word; min and max are of the value (times in ms). */
typedef struct {
    const char        *key;
    mc_option_kind_t   kind;
    size_t             offset;
    size_t             second;  /* offset of the other value of a pair */
    int64_t            min;
    int64_t            max;
} mc_option_t;

/* All words from "first" on are key=value, each key at most once. */
mc_err_t mc_settings_take_options(mc_settings_taken_t *taken, size_t first,
    const mc_option_t *options, size_t count);


/* Readers of rows with lists (mc_settings_list.c). */
mc_err_t mc_settings_take_secret(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_font(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_origin(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_footer(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_user_type(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_field(mc_settings_taken_t *taken);

/* Readers of what accounts need (mc_settings_account.c). */
mc_err_t mc_settings_take_captcha(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_recovery(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_outbox(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_password(mc_settings_taken_t *taken);

/* Readers of what the document needs (mc_settings_certificate.c). */
mc_err_t mc_settings_take_sign(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_verify(mc_settings_taken_t *taken);
mc_err_t mc_settings_take_cache(mc_settings_taken_t *taken);

/* Layouts (mc_settings_layout.c). */
mc_err_t mc_settings_take_layout(mc_settings_taken_t *taken);
bool mc_settings_copy_layouts(mc_settings_t *to, const mc_settings_t *from);
void mc_settings_digest_layouts(mc_buf_t *buf,
    const mc_settings_t *settings);

/* Each is printable UTF-8 of some length. */
mc_err_t mc_settings_check_words(const mc_str_t *words, size_t count,
    char *error);

/* The place behind a repeatable row's last item: the list is emptied when
 * its first line of this level is read; MC_EINVAL when it is full. */
mc_err_t mc_settings_next(mc_settings_taken_t *taken, size_t *count,
    size_t most);

/* An absolute path, copied without slashes at its end. */
mc_err_t mc_settings_path(mc_settings_taken_t *taken, mc_str_t word,
    mc_str_t *out);

/* A text of at most "max" code points, copied. */
mc_err_t mc_settings_text(mc_settings_taken_t *taken, mc_str_t word,
    size_t max, mc_str_t *out);


#pragma GCC visibility pop

#endif /* MC_SETTINGS_ROW_H */
