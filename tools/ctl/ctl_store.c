/*
 * membercertctl: the store itself.  init, migrate, check, gc, backup, audit
 * verify.
 */

#include "ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_recovery.h"


/* --owner USER: the folder is made for them, unless it is there and theirs:
 * in another's folder the workers could not write. */
static int
make_folder(const char *dir, const char *owner)
{
    struct stat     st;
    struct passwd  *user = getpwnam(owner);

    if (user == NULL) {
        return ctl_fail("no user %s", owner);
    }

    if (mkdir(dir, 0700) != 0) {
        if (errno != EEXIST || lstat(dir, &st) != 0) {
            return ctl_fail("%s: %s", dir, strerror(errno));
        }

        return st.st_uid == user->pw_uid ? CTL_OK
               : ctl_fail("%s: is there and does not belong to %s; chown "
                          "it to them first", dir, owner);
    }

    if (lchown(dir, user->pw_uid, user->pw_gid) != 0) {
        return ctl_fail("%s: %s", dir, strerror(errno));
    }

    return CTL_OK;
}


static int
init(ctl_t *ctl)
{
    int          code;
    mc_err_t     err;
    const char  *owner = ctl_option(ctl, "--owner"), *dir;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_settings(ctl);
    if (code != CTL_OK) {
        return code;
    }

    dir = ctl->settings->store_dir.data;

    if (owner != NULL) {
        code = make_folder(dir, owner);
    }

    if (code == CTL_OK) {
        code = ctl_become_owner(dir);
    }

    if (code != CTL_OK) {
        return code;
    }

    err = mc_store_create(ctl->settings->store_dir);
    if (err == MC_ECONFLICT) {
        ctl_fail("%s: there is a store already", dir);
        return CTL_REFUSED;
    }

    if (err != MC_OK) {
        return ctl_fail("%s: %s", dir, mc_store_hint(err));
    }

    printf("%s: ready\n", dir);
    return CTL_OK;
}


/* What a step left to be computed: the keys ID numbers are looked up by,
 * which need the secret. */
static int
migrate(ctl_t *ctl)
{
    int       code, from = 0;
    size_t    written = 0;
    mc_err_t  err;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code != CTL_OK) {
        return code;
    }

    err = mc_store_migrate(ctl->settings->store_dir, &from);
    if (err != MC_OK) {
        return ctl_fail("%s: %s", ctl->settings->store_dir.data,
                        mc_store_hint(err));
    }

    printf("schema %d -> %d\n", from, MC_STORE_VERSION);

    code = ctl_answer(ctl, mc_admin_lookup_keys(&ctl->admin, &written));
    if (code == CTL_OK && written > 0) {
        printf("look-up keys of %zu members\n", written);
    }

    return code;
}


/* For the eyes: a seal that is missing is no damage. */
static void
print_seal(void *data, mc_str_t layout, const mc_institute_t *institute)
{
    printf("%-14s %.*s: no regional seal of %.*s %.*s\n", "layout",
           (int) layout.len, layout.data, (int) institute->code.len,
           institute->code.data, (int) institute->name.len,
           institute->name.data);
}


static void
json_seal(void *data, mc_str_t layout, const mc_institute_t *institute)
{
    mc_json_out_t *out = data;

    mc_json_open(out, '{');
    mc_json_pair_str(out, "layout", layout);
    mc_json_pair_str(out, "institute", institute->code);
    mc_json_close(out, '}');
}


static int
print_report(ctl_t *ctl, const mc_store_report_t *report)
{
    int code;
    const struct {
        const char *name;
        int64_t     value;
    } rows[] = {
        { "members", report->members },
        { "photos", report->photos },
        { "confirmations", report->confirmations },
        { "sessions", report->sessions },
        { "audit_rows", report->audit_rows },
        { "bad_photos", report->bad_photos },
        { "lost_photos", report->lost_photos },
        { "orphan_photos", report->orphan_photos }
    };
    mc_buf_t       buf;
    mc_json_out_t  out;

    if (!ctl->json) {
        for (size_t i = 0; i < mc_count(rows); i++) {
            printf("%-14s %" PRId64 "\n", rows[i].name, rows[i].value);
        }

        printf("%-14s %s\n", "integrity",
               report->integrity ? "ok" : report->first);

        return ctl_answer(ctl, mc_admin_seals(&ctl->admin, print_seal,
                                              NULL));
    }

    mc_buf_init(&buf, 256 * 1024);
    mc_json_out_init(&out, &buf);
    mc_json_open(&out, '{');

    for (size_t i = 0; i < mc_count(rows); i++) {
        mc_json_pair_int(&out, rows[i].name, rows[i].value);
    }

    mc_json_pair_bool(&out, "integrity", report->integrity);
    mc_json_pair_str(&out, "first", mc_str_from(report->first));
    mc_json_key(&out, "seals_missing");
    mc_json_open(&out, '[');
    code = ctl_answer(ctl, mc_admin_seals(&ctl->admin, json_seal, &out));
    mc_json_close(&out, ']');
    mc_json_close(&out, '}');
    ctl_print_json(&buf);

    return code;
}


static int
check(ctl_t *ctl)
{
    int                code;
    mc_store_report_t  report;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        memset(&report, 0, sizeof(report));
        code = ctl_answer(ctl, mc_admin_check(&ctl->admin, &report));
    }

    if (code != CTL_OK) {
        return code;
    }

    code = print_report(ctl, &report);

    if (code == CTL_OK && (!report.integrity || report.bad_photos != 0
                           || report.lost_photos != 0))
    {
        code = CTL_REFUSED;
    }

    return code;
}


static int
gc(ctl_t *ctl)
{
    int      code;
    int64_t  removed = 0;

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_gc(&ctl->admin, &removed));
    }

    if (code == CTL_OK) {
        printf("%" PRId64 " rows removed\n", removed);
    }

    return code;
}


static int
backup(ctl_t *ctl)
{
    int   code;
    char *dir;

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    dir = realpath(ctl->argv[0], NULL);
    if (dir == NULL) {
        return ctl_fail("%s: %s", ctl->argv[0], strerror(errno));
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    if (code == CTL_OK && access(dir, W_OK|X_OK) != 0) {
        code = ctl_fail("%s: the owner of the store cannot write there; "
                        "chown it to them first", dir);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_backup(&ctl->admin,
                                               mc_str_from(dir)));
    }

    if (code == CTL_OK) {
        printf("%s: complete\n", dir);
    }

    free(dir);
    return code;
}


const ctl_command_t  ctl_store_commands[] = {
    { "init", "[--owner USER]", init },
    { "migrate", "", migrate },
    { "check", "", check },
    { "gc", "", gc },
    { "backup", "DIR", backup },
    { NULL, NULL, NULL }
};
