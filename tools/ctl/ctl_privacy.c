/*
 * membercertctl: personal data.  member export, member erase, rekey.
 */

#include "ctl.h"

#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

#include "mc_privacy.h"
#include "mc_rekey.h"
#include "mc_time.h"


#define NUMBER_MAX  128

static volatile sig_atomic_t  interrupted;


static void
interrupt(int signo)
{
    interrupted = 1;
}


static int
export_member(ctl_t *ctl)
{
    int             code;
    FILE           *file;
    mc_buf_t        json;
    const char     *path = ctl_option(ctl, "-o");
    mc_admin_key_t  key;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    path = path != NULL ? path : "-";
    file = ctl_output(path);
    if (file == NULL) {
        return CTL_FAILED;
    }

    mc_buf_init(&json, MC_PRIVACY_MAX);

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_privacy_export(&ctl->admin, &key, &json));
    }

    if (code == CTL_OK) {
        (void) mc_buf_byte(&json, '\n');
        code = ctl_write_all(file, path, mc_buf_view(&json));
    }

    mc_buf_wipe(&json);
    return code;
}


/* What is erased does not come back: the number once more, typed or on
 * standard input. */
static int
ask_again(const char *number)
{
    char    line[NUMBER_MAX];
    size_t  len;

    if (isatty(STDIN_FILENO)) {
        fprintf(stderr, "everything held of %s will be erased for good\n"
                "the number once more: ", number);
    }

    if (fgets(line, sizeof(line), stdin) == NULL) {
        line[0] = '\0';
    }

    len = strcspn(line, "\r\n");
    line[len] = '\0';

    if (strcmp(line, number) != 0) {
        ctl_fail("that is not the same number; nothing was changed");
        return CTL_REFUSED;
    }

    return CTL_OK;
}


static int
erase(ctl_t *ctl)
{
    int                   code;
    bool                  yes = ctl_flag(ctl, "--yes");
    mc_str_t              number;
    mc_admin_key_t        key;
    mc_privacy_erased_t   erased;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = yes ? CTL_OK : ask_again(ctl->argv[0]);

    if (code == CTL_OK) {
        code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    }

    if (code == CTL_OK) {
        code = ctl_key(ctl, ctl->argv[0], &key);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_privacy_erase_run(&ctl->admin, &key,
                                                    &erased, &number));
    }

    if (code != CTL_OK) {
        return code;
    }

    printf("erased, with %" PRId64 " photos; the row is %.*s now\n",
           erased.photos, (int) number.len, number.data);

    if (erased.traces) {
        printf("readers still hold older pages in the WAL: run this command "
               "again for\n%.*s when the site is quiet\n", (int) number.len,
               number.data);
    }

    printf("backups made before still hold the data\n");
    return CTL_OK;
}


static bool
progress(void *data, mc_rekey_kind_t kind, int64_t done)
{
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%-15s %" PRId64 "   ", mc_rekey_name(kind), done);
    }

    return !interrupted;
}


/* What is left to do before the earlier files can be taken out. */
static int
rekey_report(const ctl_t *ctl, const mc_rekey_t *rekey)
{
    char     until[25];
    int64_t  broken = 0;

    for (int kind = 0; kind < MC_REKEYS; kind++) {
        printf("%-15s %" PRId64 " sealed anew",
               mc_rekey_name((mc_rekey_kind_t) kind), rekey->sealed[kind]);

        if (rekey->broken[kind] > 0) {
            printf(", %" PRId64 " opened by none of the secrets",
                   rekey->broken[kind]);
        }

        printf("\n");
        broken += rekey->broken[kind];
    }

    printf("%-15s %" PRId64 "\n%-15s %" PRId64 " made anew\n", "audit keys",
           rekey->audit_keys, "ID number keys", rekey->lookups);

    if (rekey->stopped) {
        fprintf(stderr, "membercertctl: interrupted; run it again for the "
                "rest\n");
        return CTL_FAILED;
    }

    if (ctl->settings->secret_count < 2) {
        printf("membercert_secret names one file: nothing to drop\n");

    } else if (broken > 0) {
        printf("KEEP the old files: some values could not be opened; is one "
               "missing?\n");

    } else if (rekey->codes_until != 0) {
        mc_time_write(rekey->codes_until, until);
        printf("recovery codes given out before need the old files until "
               "%s;\nthen they can be dropped from membercert_secret\n",
               until);

    } else {
        printf("the old files can be dropped from membercert_secret\n");
    }

    return broken > 0 ? CTL_REFUSED : CTL_OK;
}


static int
rekey(ctl_t *ctl)
{
    int               code;
    mc_rekey_t        job;
    struct sigaction  action;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    memset(&job, 0, sizeof(job));
    job.progress = progress;

    memset(&action, 0, sizeof(action));
    action.sa_handler = interrupt;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_rekey_run(&ctl->admin, &job));
    }

    if (isatty(STDERR_FILENO)) {
        fputc('\n', stderr);
    }

    return code == CTL_OK ? rekey_report(ctl, &job) : code;
}


const ctl_command_t  ctl_privacy_commands[] = {
    { "member export", "[USER_TYPE-]NO [-o FILE]", export_member },
    { "member erase", "[USER_TYPE-]NO [--yes]", erase },
    { "rekey", "", rekey },
    { NULL, NULL, NULL }
};
