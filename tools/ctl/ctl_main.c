/*
 * membercertctl: the administrator's command.  General options, the table
 * of commands, help.  The work is done by src/service.
 */

#include "ctl.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>


static const ctl_command_t *const groups[] = {
    ctl_store_commands,
    ctl_work_commands,
    ctl_file_commands,
    ctl_member_commands,
    ctl_certificate_commands,
    ctl_photo_commands,
    ctl_officer_commands,
    ctl_audit_commands,
    ctl_privacy_commands
};


int
ctl_fail(const char *format, ...)
{
    va_list args;

    fputs("membercertctl: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);

    return CTL_FAILED;
}


static void
usage(FILE *file)
{
    fputs("usage: membercertctl [-c nginx.conf] [--server NAME] [-d STORE] "
          "[-s SECRET]\n                     [--json] COMMAND ...\n\n",
          file);

    for (size_t g = 0; g < mc_count(groups); g++) {
        for (const ctl_command_t *c = groups[g]; c->name != NULL; c++) {
            fprintf(file, "  %s %s\n", c->name, c->usage);
        }
    }

    fputs("\n-c is the nginx.conf the site runs with (default "
          "/etc/nginx/nginx.conf);\n-d and -s name store folder and secret "
          "file without one.\nExit code: 0 done, 1 refused, 2 could not "
          "run.\n", file);
}


/* Length in words (1 or 2) of the command that argv starts with, or 0. */
static int
matches(const ctl_command_t *command, int argc, char **argv)
{
    const char *blank = strchr(command->name, ' ');
    size_t      first;

    if (blank == NULL) {
        return strcmp(command->name, argv[0]) == 0 ? 1 : 0;
    }

    first = (size_t) (blank - command->name);

    return argc > 1 && strlen(argv[0]) == first
           && memcmp(command->name, argv[0], first) == 0
           && strcmp(blank + 1, argv[1]) == 0 ? 2 : 0;
}


static const ctl_command_t *
find(int *argc, char ***argv)
{
    int words;

    for (size_t g = 0; g < mc_count(groups); g++) {
        for (const ctl_command_t *c = groups[g]; c->name != NULL; c++) {
            words = matches(c, *argc, *argv);
            if (words > 0) {
                *argc -= words;
                *argv += words;
                return c;
            }
        }
    }

    return NULL;
}


/* General options stand before the command; false: wrong. */
static bool
options(ctl_t *ctl, int *argc, char ***argv)
{
    const char **value;

    while (*argc > 0 && (*argv)[0][0] == '-') {
        value = NULL;

        if (strcmp((*argv)[0], "-c") == 0) {
            value = &ctl->conf;
        } else if (strcmp((*argv)[0], "--server") == 0) {
            value = &ctl->server;
        } else if (strcmp((*argv)[0], "-d") == 0) {
            value = &ctl->store;
        } else if (strcmp((*argv)[0], "-s") == 0) {
            value = &ctl->secret;
        } else if (strcmp((*argv)[0], "--json") == 0) {
            ctl->json = true;
            *argc -= 1;
            *argv += 1;
            continue;
        }

        if (value == NULL || *argc < 2) {
            return false;
        }

        *value = (*argv)[1];
        *argc -= 2;
        *argv += 2;
    }

    return *argc > 0;
}


int
main(int argc, char **argv)
{
    const ctl_command_t *command;
    ctl_t                ctl;
    int                  code;

    memset(&ctl, 0, sizeof(ctl));
    argc -= 1;
    argv += 1;

    if (argc > 0 && strcmp(argv[0], "--help") == 0) {
        usage(stdout);
        return CTL_OK;
    }

    if (!options(&ctl, &argc, &argv)) {
        usage(stderr);
        return CTL_FAILED;
    }

    command = find(&argc, &argv);
    if (command == NULL) {
        usage(stderr);
        return CTL_FAILED;
    }

    ctl.argc = argc;
    ctl.argv = argv;

    code = command->run(&ctl);
    if (code < 0) {
        fprintf(stderr, "usage: membercertctl %s %s\n", command->name,
                command->usage);
        code = CTL_FAILED;
    }

    ctl_close(&ctl);

    if (fflush(stdout) != 0) {
        code = ctl_fail("standard output cannot be written");
    }

    return code;
}
