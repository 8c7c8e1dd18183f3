/*
 * message STORE SECRET MEMBER_NO KIND [CODE [SECONDS [sms|email]]]: queues a
 * message in the outbox, as recovery does, and prints its key.  For tests of
 * delivery.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_message.h"
#include "mc_sealed.h"
#include "mc_store_sqlite.h"
#include "mc_time.h"


typedef struct {
    mc_settings_t     *settings;
    mc_site_t         *site;
    mc_conn_t         *conn;
    mc_arena_t         arena;
    mc_outbox_row_t    row;
} program_t;


static int
fail(const char *what, const char *why)
{
    fprintf(stderr, "message: %s: %s\n", what, why);

    return 1;
}


static bool
take(program_t *program, const char *name, const char *value)
{
    char      error[MC_SETTINGS_ERROR];
    mc_str_t  words[2];

    words[0] = mc_str_from(name);
    words[1] = mc_str_from(value);

    if (mc_settings_take(program->settings, words, 2, "", error) == MC_OK) {
        return true;
    }

    (void) fail(name, error);

    return false;
}


static bool
open_site(program_t *program, const char *dir, const char *secret)
{
    char         store[4096], error[MC_SETTINGS_ERROR];
    const char  *where;

    program->settings = mc_settings_create();

    if (program->settings == NULL) {
        return false;
    }

    snprintf(store, sizeof(store), "sqlite:%s", dir);

    if (!take(program, "membercert_store", store)
        || !take(program, "membercert_secret", secret)
        || !take(program, "membercert_issuer", "测试协会")
        || !take(program, "membercert_outbox", "exec"))
    {
        return false;
    }

    program->site = mc_site_open(program->settings, MC_SITE_NO_DOCUMENT,
                                 error, &where);

    if (program->site == NULL) {
        (void) fail("site", error);
    }

    return program->site != NULL;
}


/* Root becomes the owner of the store, as membercertctl does. */
static bool
become_owner(const char *dir)
{
    struct stat  st;

    if (geteuid() != 0) {
        return true;
    }

    return stat(dir, &st) == 0 && setgid(st.st_gid) == 0
           && setuid(st.st_uid) == 0;
}


static mc_message_kind_t
kind_of(const char *word)
{
    if (strcmp(word, "lookup") == 0) {
        return MC_MESSAGE_LOOKUP;
    }

    if (strcmp(word, "contact") == 0) {
        return MC_MESSAGE_CONTACT;
    }

    return strcmp(word, "changed") == 0 ? MC_MESSAGE_CHANGED
                                        : MC_MESSAGE_CODE;
}


static mc_err_t
make(program_t *program, int argc, char **argv)
{
    mc_err_t           err;
    mc_member_t        member;
    mc_member_row_t    row;
    mc_message_args_t  args;

    args = (mc_message_args_t) {
        .now = mc_now(),
        .code = mc_str_from(argc > 5 ? argv[5] : "12345678"),
        .ttl = (argc > 6 ? atol(argv[6]) : 600) * MC_SECOND,
        .prefer = argc > 7 && strcmp(argv[7], "email") == 0
                  ? MC_OUTBOX_EMAIL : MC_OUTBOX_SMS,
    };

    err = mc_member_by_no(program->conn, mc_str("nonpractising"),
                          mc_str_from(argv[3]), &program->arena, &row);

    if (err == MC_OK) {
        err = mc_sealed_profile_open(program->site, &row, &program->arena,
                                     &member);
    }

    return err == MC_OK
           ? mc_message_make(program->site, &member, kind_of(argv[4]), &args,
                             &program->row, &program->arena) : err;
}


static mc_err_t
queue(program_t *program, int argc, char **argv)
{
    mc_err_t  err;

    err = mc_store_acquire(program->site->store, &program->conn);

    if (err != MC_OK) {
        return err;
    }

    err = make(program, argc, argv);

    if (err == MC_OK) {
        err = mc_write_begin(program->conn);

        if (err == MC_OK) {
            err = mc_write_end(program->conn,
                               mc_outbox_append(program->conn, mc_now(),
                                                &program->row));
        }
    }

    mc_store_release(program->site->store, program->conn);

    return err;
}


int
main(int argc, char **argv)
{
    mc_err_t   err;
    program_t  program;

    if (argc < 5) {
        return fail("usage", "message STORE SECRET MEMBER_NO KIND [CODE "
                    "[SECONDS [sms|email]]]");
    }

    memset(&program, 0, sizeof(program));
    mc_arena_init(&program.arena, 1024 * 1024);

    err = open_site(&program, argv[1], argv[2]) && become_owner(argv[1])
          ? queue(&program, argc, argv) : MC_EINVAL;

    if (err == MC_OK) {
        printf("%s\n", program.row.dedupe);
    }

    mc_site_close(program.site);
    mc_settings_free(program.settings);
    mc_arena_free(&program.arena);

    return err == MC_OK ? 0 : fail(argv[3], mc_err_name(err));
}
