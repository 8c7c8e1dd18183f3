/*
 * membercertctl: what its commands share.
 *
 * A command opens its single input or output file first (as whoever started
 * it), then calls ctl_open(), which reads configuration and secret, opens
 * the site and, when started by root, becomes the owner of the store folder
 * for good.  One thread.
 */

#ifndef MC_CTL_H
#define MC_CTL_H

#include <stdio.h>

#include "mc_admin.h"
#include "mc_json.h"

#pragma GCC visibility push(hidden)


#define CTL_OK       0
#define CTL_REFUSED  1          /* it ran, and the answer is no */
#define CTL_FAILED   2          /* it could not run */

typedef struct {
    /* general options */
    const char     *conf;       /* -c */
    const char     *server;     /* --server */
    const char     *store;      /* -d */
    const char     *secret;     /* -s */
    bool            json;       /* --json */

    /* words and options behind the command's name */
    int             argc;
    char          **argv;

    /* after ctl_open() */
    mc_settings_t  *settings;
    mc_site_t      *site;
    mc_admin_t      admin;
    bool            admin_ready;
} ctl_t;

typedef struct {
    const char *name;           /* "photo approve" */
    const char *usage;          /* what follows the name */
    int       (*run)(ctl_t *ctl);
} ctl_command_t;

extern const ctl_command_t  ctl_store_commands[];
extern const ctl_command_t  ctl_work_commands[];
extern const ctl_command_t  ctl_member_commands[];
extern const ctl_command_t  ctl_certificate_commands[];
extern const ctl_command_t  ctl_photo_commands[];
extern const ctl_command_t  ctl_file_commands[];
extern const ctl_command_t  ctl_officer_commands[];
extern const ctl_command_t  ctl_audit_commands[];
extern const ctl_command_t  ctl_privacy_commands[];

/* "membercertctl: ..." on standard error; answers CTL_FAILED. */
int ctl_fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Prints admin->error; CTL_REFUSED for what the caller asked wrongly. */
int ctl_answer(ctl_t *ctl, mc_err_t err);

/* Takes "--name" or "--name VALUE" out of the words; NULL: not there. */
bool ctl_flag(ctl_t *ctl, const char *name);
const char *ctl_option(ctl_t *ctl, const char *name);

/* Exactly "count" words left, none of them an option; else usage. */
bool ctl_words(ctl_t *ctl, int count);

/* Settings from -c (or -d and -s); CTL_OK or a message and CTL_FAILED. */
int ctl_settings(ctl_t *ctl);

/* Settings, site, owner of the store; flags of mc_site_open(). */
int ctl_open(ctl_t *ctl, unsigned flags);
void ctl_close(ctl_t *ctl);

/* Becomes the owner of "dir" when root; says what fails. */
int ctl_become_owner(const char *dir);

/* A member number or photo id among the words. */
int ctl_key(ctl_t *ctl, const char *word, mc_admin_key_t *key);
bool ctl_id(const char *word, int64_t *id);

/* Whole file, at most "max" bytes; NULL path or "-": standard input. */
int ctl_read_file(const char *path, size_t max, mc_buf_t *out);

/* A new password: one line of standard input, hidden when it is typed,
 * never an argument.  "line" is to be wiped, also on failure. */
int ctl_password(mc_buf_t *line, mc_str_t *password);

/*
 * Opens (a new file, 0600) before root is dropped; "-": standard output.
 * What stands in it stays until ctl_output_begin(), which is called when
 * there is something to write, by ctl_write_all() too.  A file of somebody
 * else is refused: they would read what root writes there.
 */
FILE *ctl_output(const char *path);
bool ctl_output_begin(FILE *file);
int ctl_write_all(FILE *file, const char *path, mc_str_t bytes);

void ctl_print_problems(FILE *file, const mc_problems_t *problems);
void ctl_print_json(mc_buf_t *buf);


#pragma GCC visibility pop

#endif /* MC_CTL_H */
