/*
 * membercertctl: many at once.  import institutes, members, photos; export
 * members, confirmations.
 */

#include "ctl.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "mc_export.h"
#include "mc_import.h"
#include "mc_time.h"


#define CSV_MAX          ((size_t) 512 * 1024 * 1024)
#define PHOTO_MAX        ((size_t) 1024 * 1024)
#define PRIVATE_USE_MAX  ((size_t) 256 * 1024)

static volatile sig_atomic_t  interrupted;


static void
interrupt(int signo)
{
    interrupted = 1;
}


static void
catch_interrupt(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = interrupt;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}


static bool
progress(void *data, mc_import_phase_t phase, size_t done, size_t total)
{
    static const char *const names[] = {
        "checking", "merging", "hashing", "writing", "done"
    };

    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r%-9s %zu / %zu%s", names[phase], done, total,
                phase == MC_IMPORT_DONE ? "\n" : "   ");
    }

    return !interrupted;
}


static void
print_faults(const char *path, const char *kind,
    const mc_import_fault_t *faults, size_t count)
{
    size_t shown = count < MC_IMPORT_FAULTS ? count : MC_IMPORT_FAULTS;

    for (size_t i = 0; i < shown; i++) {
        fprintf(stderr, "%s:%u:%u: %s%s\n", path, faults[i].line,
                faults[i].column, kind, faults[i].reason);
    }

    if (shown < count) {
        fprintf(stderr, "%s: and %zu more\n", path, count - shown);
    }
}


static int
report(ctl_t *ctl, const char *path, const mc_import_file_t *file,
    mc_err_t err)
{
    print_faults(path, "", file->faults, file->fault_count);
    print_faults(path, "warning: ", file->warnings, file->warning_count);

    if (err != MC_OK && file->fault_count > 0) {
        ctl_fail("%s: %zu faults, nothing was written", path,
                 file->fault_count);
        return CTL_REFUSED;
    }

    if (err != MC_OK && file->committed > 0) {
        fprintf(stderr, "%s: %zu rows are written; run it again for the "
                "rest\n", path, file->committed);
    }

    if (err == MC_OK) {
        printf("%s: %zu rows, %zu %s\n", path, file->rows, file->changed,
               file->dry_run ? "would change" : "changed");
    }

    return ctl_answer(ctl, err);
}


/* What an institute says its own private characters are. */
static int
read_private_use(const char *path, mc_character_map_t *map)
{
    int       code;
    mc_buf_t  text;
    mc_err_t  err;
    unsigned  line;

    mc_buf_init(&text, PRIVATE_USE_MAX);
    code = ctl_read_file(path, PRIVATE_USE_MAX, &text);

    if (code == CTL_OK) {
        err = mc_character_map_read(mc_buf_view(&text), map, &line);

        if (err != MC_OK) {
            code = ctl_fail("%s:%u: must be a private code point and what it "
                            "stands for, \"E000 20BB7\"", path, line);
        }
    }

    mc_buf_free(&text);

    return code;
}


/* False: the words are no such command. */
static bool
import_words(ctl_t *ctl, bool members, mc_import_file_t *file,
    const char **private_use)
{
    const char *encoding = ctl_option(ctl, "--encoding");

    file->dry_run = ctl_flag(ctl, "--dry-run");
    file->overwrite = members && ctl_flag(ctl, "--overwrite");
    file->parts = members && ctl_flag(ctl, "--parts");
    file->gb18030 = encoding != NULL && strcmp(encoding, "gb18030") == 0;
    file->progress = progress;
    *private_use = members ? ctl_option(ctl, "--private-use") : NULL;

    return ctl_words(ctl, 1)
           && (encoding == NULL || file->gb18030
               || strcmp(encoding, "utf-8") == 0);
}


static int
import_file(ctl_t *ctl, bool members, mc_import_file_t *file,
    const char *private_use, mc_character_map_t *map)
{
    int       code;
    mc_buf_t  text;
    mc_err_t  err;

    mc_buf_init(&text, CSV_MAX);
    code = ctl_read_file(ctl->argv[0], CSV_MAX, &text);

    if (code == CTL_OK && private_use != NULL) {
        code = read_private_use(private_use, map);
        file->private_use = map;
    }

    if (code == CTL_OK) {
        code = ctl_open(ctl, members ? 0 : MC_SITE_NO_DOCUMENT);
    }

    if (code == CTL_OK) {
        catch_interrupt();
        file->text = mc_buf_view(&text);
        err = members ? mc_import_members_run(&ctl->admin, file)
                      : mc_import_institutes_run(&ctl->admin, file);
        code = report(ctl, ctl->argv[0], file, err);
    }

    mc_buf_wipe(&text);

    return code;
}


static int
import_csv(ctl_t *ctl, bool members)
{
    int                  code;
    const char          *private_use;
    mc_import_file_t    *file;
    mc_character_map_t  *map;

    file = mc_alloc(sizeof(mc_import_file_t));
    map = mc_alloc(sizeof(mc_character_map_t));

    if (file == NULL || map == NULL) {
        code = ctl_fail("out of memory");

    } else if (!import_words(ctl, members, file, &private_use)) {
        code = -1;

    } else {
        code = import_file(ctl, members, file, private_use, map);
    }

    mc_free(map);
    mc_free(file);

    return code;
}


static int
import_institutes(ctl_t *ctl)
{
    return import_csv(ctl, false);
}


static int
import_members(ctl_t *ctl)
{
    return import_csv(ctl, true);
}


/* "330000010001.jpg" or "practising-330000010001.jpg". */
static bool
photo_name(const char *name, char *key, size_t size)
{
    size_t len = strlen(name);

    if (len < 5 || len - 4 >= size || name[0] == '.'
        || strcasecmp(name + len - 4, ".jpg") != 0)
    {
        return false;
    }

    memcpy(key, name, len - 4);
    key[len - 4] = '\0';

    return true;
}


static int
import_photo(ctl_t *ctl, const char *dir, const char *name, const char *word,
    bool reference)
{
    int             code;
    char            path[4096];
    mc_buf_t        bytes;
    mc_admin_key_t  key;

    if (snprintf(path, sizeof(path), "%s/%s", dir, name)
        >= (int) sizeof(path))
    {
        return ctl_fail("%s: name too long", name);
    }

    mc_admin_again(&ctl->admin);
    code = ctl_read_file(path, PHOTO_MAX, &bytes);

    if (code == CTL_OK) {
        code = ctl_key(ctl, word, &key);
    }

    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_admin_photo_import(&ctl->admin, &key,
                                          reference, mc_buf_view(&bytes)));
    }

    if (code != CTL_OK) {
        fprintf(stderr, "%s: not imported\n", path);
        ctl_print_problems(stderr, &ctl->admin.problems);
    }

    mc_buf_free(&bytes);
    return code;
}


static int
import_folder(ctl_t *ctl, DIR *dir, bool reference)
{
    int             code = CTL_OK, one;
    char            key[256];
    size_t          done = 0, refused = 0;
    struct dirent  *entry;

    catch_interrupt();

    while (!interrupted && (entry = readdir(dir)) != NULL) {
        if (!photo_name(entry->d_name, key, sizeof(key))) {
            continue;
        }

        one = import_photo(ctl, ctl->argv[0], entry->d_name, key, reference);
        code = one > code ? one : code;
        done += one == CTL_OK;
        refused += one != CTL_OK;
    }

    printf("%zu photos imported, %zu refused%s\n", done, refused,
           interrupted ? ", interrupted" : "");

    return interrupted ? CTL_FAILED : code;
}


static int
import_photos(ctl_t *ctl)
{
    int   code;
    DIR  *dir;
    bool  reference = ctl_flag(ctl, "--reference");

    if (!ctl_words(ctl, 1)) {
        return -1;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code != CTL_OK) {
        return code;
    }

    dir = opendir(ctl->argv[0]);
    if (dir == NULL) {
        return ctl_fail("%s: %s (it must be readable to the owner of the "
                        "store folder)", ctl->argv[0], strerror(errno));
    }

    code = import_folder(ctl, dir, reference);
    closedir(dir);

    return code;
}


static mc_err_t
export_bytes(void *data, mc_str_t bytes)
{
    return fwrite(bytes.data, 1, bytes.len, data) == bytes.len ? MC_OK
                                                               : MC_EIO;
}


static int
export_csv(ctl_t *ctl, mc_err_t (*run)(mc_admin_t *, mc_export_t *))
{
    int          code;
    FILE        *file;
    const char  *path = ctl_option(ctl, "-o");
    const char  *since = ctl_option(ctl, "--since");
    mc_date_t    date;
    mc_export_t  out;

    memset(&out, 0, sizeof(out));
    out.masked = ctl_flag(ctl, "--masked");

    if (!ctl_words(ctl, 0)
        || (since != NULL
            && mc_date_read(mc_str_from(since), &date) != MC_OK))
    {
        return -1;
    }

    path = path != NULL ? path : "-";
    file = ctl_output(path);
    if (file == NULL) {
        return CTL_FAILED;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code != CTL_OK) {
        return code;
    }

    if (!ctl_output_begin(file)) {
        return ctl_fail("%s: cannot be written", path);
    }

    out.since = since != NULL ? mc_date_time(&date, ctl->settings->timezone)
                              : 0;
    out.write = export_bytes;
    out.data = file;
    code = ctl_answer(ctl, run(&ctl->admin, &out));

    if (code == CTL_OK) {
        code = ctl_write_all(file, path, mc_str_null);
    }

    return code;
}


static int
export_members(ctl_t *ctl)
{
    return export_csv(ctl, mc_export_members_run);
}


static int
export_confirmations(ctl_t *ctl)
{
    return export_csv(ctl, mc_export_confirmations_run);
}


const ctl_command_t  ctl_file_commands[] = {
    { "import institutes", "FILE.csv [--dry-run] [--encoding gb18030]",
      import_institutes },
    { "import members", "FILE.csv [--dry-run] [--overwrite] [--parts] "
      "[--encoding gb18030] [--private-use FILE]", import_members },
    { "import photos", "DIR [--reference]", import_photos },
    { "export members", "[-o FILE] [--masked]", export_members },
    { "export confirmations", "[-o FILE] [--since YYYY-MM-DD]",
      export_confirmations },
    { NULL, NULL, NULL }
};
