/*
 * membercertctl: the audit.  audit verify, head, export, rotate.
 */

#include "ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_audit_admin.h"
#include "mc_time.h"


#define HEAD_MAX  4096


/* Lines of a file, the present one kept. */
typedef struct {
    FILE   *file;
    char   *line;
    size_t  size;
} lines_t;


static mc_err_t
next_line(void *data, mc_str_t *line)
{
    ssize_t   n;
    lines_t  *lines = data;

    errno = 0;
    n = getline(&lines->line, &lines->size, lines->file);

    if (n < 0) {
        return feof(lines->file) ? MC_ENOTFOUND
               : errno == ENOMEM ? MC_ENOMEM : MC_EIO;
    }

    if (n > 0 && lines->line[n - 1] == '\n') {
        n--;
    }

    *line = (mc_str_t) { lines->line, (size_t) n };

    return MC_OK;
}


/* An exported head, opened before root is dropped. */
static int
read_head(const char *path, mc_buf_t *head)
{
    mc_buf_init(head, HEAD_MAX);

    return path != NULL ? ctl_read_file(path, HEAD_MAX, head) : CTL_OK;
}


static int
report(ctl_t *ctl, mc_err_t err, const mc_audit_check_t *check)
{
    char hex[2 * 32 + 1];

    if (err != MC_OK) {
        return ctl_answer(ctl, err);
    }

    mc_hex(check->last.mac, sizeof(check->last.mac), hex);

    if (check->first.seq > 0) {
        printf("%" PRId64 " rows fit, after row %" PRId64 ", head %s\n",
               check->rows, check->first.seq, hex);
    } else {
        printf("%" PRId64 " rows fit, head %s\n", check->rows, hex);
    }

    return CTL_OK;
}


static int
check_it(ctl_t *ctl, FILE *file, mc_str_t head)
{
    mc_err_t           err = MC_OK;
    lines_t            lines = { .file = file };
    mc_audit_check_t   check;
    mc_audit_place_t   exported;

    memset(&check, 0, sizeof(check));

    if (head.len > 0) {
        err = mc_audit_admin_read_head(&ctl->admin, head, &exported);
    }

    if (err == MC_OK && file != NULL) {
        err = mc_audit_admin_verify_file(&ctl->admin, next_line, &lines,
                                         head.len > 0 ? &exported : NULL,
                                         &check);
        free(lines.line);

    } else if (err == MC_OK) {
        err = mc_audit_admin_verify(&ctl->admin,
                                    head.len > 0 ? &exported : NULL, &check);
    }

    return report(ctl, err, &check);
}


static int
verify(ctl_t *ctl)
{
    int          code;
    FILE        *file = NULL;
    mc_buf_t     head;
    const char  *from = ctl_option(ctl, "--head");
    const char  *path = ctl_option(ctl, "--file");

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    if (path != NULL) {
        file = fopen(path, "rbe");
        if (file == NULL) {
            return ctl_fail("%s: %s", path, strerror(errno));
        }
    }

    code = read_head(from, &head);

    if (code == CTL_OK) {
        code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    }

    if (code == CTL_OK && from != NULL && head.len == 0) {
        code = ctl_fail("%s: is empty", from);
    }

    if (code == CTL_OK) {
        code = check_it(ctl, file, mc_buf_view(&head));
    }

    if (file != NULL) {
        fclose(file);
    }

    mc_buf_free(&head);
    return code;
}


static int
head(ctl_t *ctl)
{
    int          code;
    FILE        *file;
    mc_buf_t     line;
    const char  *path = ctl_option(ctl, "-o");

    if (!ctl_words(ctl, 0)) {
        return -1;
    }

    path = path != NULL ? path : "-";
    file = ctl_output(path);
    if (file == NULL) {
        return CTL_FAILED;
    }

    mc_buf_init(&line, HEAD_MAX);

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);
    if (code == CTL_OK) {
        code = ctl_answer(ctl, mc_audit_admin_head(&ctl->admin, &line));
    }

    if (code == CTL_OK) {
        code = ctl_write_all(file, path, mc_buf_view(&line));
    }

    mc_buf_free(&line);
    return code;
}


static mc_err_t
write_bytes(void *data, mc_str_t bytes)
{
    return fwrite(bytes.data, 1, bytes.len, data) == bytes.len ? MC_OK
                                                               : MC_EIO;
}


/* On the disk, before the rows leave the store. */
static mc_err_t
write_sync(void *data)
{
    FILE *file = data;

    return fflush(file) == 0 && fsync(fileno(file)) == 0 ? MC_OK : MC_EIO;
}


/* Midnight of a day in the site's zone; false: no date. */
static bool
read_day(ctl_t *ctl, const char *text, int64_t *out)
{
    mc_date_t date;

    if (mc_date_read(mc_str_from(text), &date) != MC_OK) {
        return false;
    }

    *out = mc_date_time(&date, ctl->settings->timezone);

    return true;
}


static int
export_rows(ctl_t *ctl)
{
    int                code;
    FILE              *file;
    mc_date_t          date;
    const char        *path = ctl_option(ctl, "-o");
    const char        *since = ctl_option(ctl, "--since");
    const char        *member = ctl_option(ctl, "--member");
    mc_admin_key_t     key;
    mc_audit_export_t  out;

    memset(&out, 0, sizeof(out));

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

    if (code == CTL_OK && member != NULL) {
        code = ctl_key(ctl, member, &key);
        out.member = &key;
    }

    if (code == CTL_OK && !ctl_output_begin(file)) {
        code = ctl_fail("%s: cannot be written", path);
    }

    if (code == CTL_OK) {
        if (since != NULL) {
            (void) read_day(ctl, since, &out.since);
        }

        out.write = write_bytes;
        out.data = file;
        code = ctl_answer(ctl, mc_audit_admin_export(&ctl->admin, &out));
    }

    return code == CTL_OK ? ctl_write_all(file, path, mc_str_null) : code;
}


/* "12m" or "400d" ago, at midnight of the site's zone. */
static bool
read_keep(ctl_t *ctl, const char *text, int64_t *out)
{
    char      *end;
    long       n;
    mc_date_t  date;

    errno = 0;
    n = strtol(text, &end, 10);

    if (errno != 0 || end == text || n < 1 || n > 10000 || *end == '\0'
        || end[1] != '\0')
    {
        return false;
    }

    date = mc_date_at(ctl->admin.now, ctl->settings->timezone);
    date.hour = date.minute = date.second = 0;

    if (*end == 'd') {
        *out = mc_date_time(&date, ctl->settings->timezone) - n * MC_DAY;
        return true;
    }

    if (*end != 'm') {
        return false;
    }

    n = date.year * 12 + date.month - 1 - n;
    date.year = (int) (n / 12);
    date.month = (int) (n % 12) + 1;
    date.day = date.day > 28 ? 28 : date.day;

    if (n < 12) {
        return false;
    }

    *out = mc_date_time(&date, ctl->settings->timezone);

    return true;
}


/* A rotated file is the only copy: nothing is written over another one. */
static int
output_new(FILE *file, const char *path)
{
    struct stat st;

    if (file == stdout || fstat(fileno(file), &st) != 0
        || !S_ISREG(st.st_mode))
    {
        return ctl_fail("%s: not a file", path);
    }

    if (st.st_size > 0) {
        ctl_fail("%s: is there already; rotate into a new file", path);
        return CTL_REFUSED;
    }

    return CTL_OK;
}


/* An empty file is not left behind, where it can be helped: root may have
 * become somebody who cannot remove it. */
static void
output_undo(FILE *file, const char *path, bool written)
{
    fclose(file);

    if (!written) {
        (void) unlink(path);
    }
}


static int
rotate_to(ctl_t *ctl, FILE *file, const char *path, int64_t before)
{
    int                code;
    mc_audit_export_t  out;

    memset(&out, 0, sizeof(out));
    out.write = write_bytes;
    out.data = file;
    out.sync = write_sync;

    code = ctl_answer(ctl, mc_audit_admin_rotate(&ctl->admin, before, &out));

    if (code == CTL_OK) {
        printf("%" PRId64 " rows moved to %s\n", out.rows, path);

    } else if (out.rows > 0) {
        fprintf(stderr, "membercertctl: %s is not a whole file\n", path);
    }

    output_undo(file, path, out.rows > 0);

    return code;
}


static int
rotate(ctl_t *ctl)
{
    int          code;
    FILE        *file;
    int64_t      before = 0;
    mc_date_t    date;
    const char  *path = ctl_option(ctl, "-o");
    const char  *day = ctl_option(ctl, "--before");
    const char  *keep = ctl_option(ctl, "--keep");

    if (!ctl_words(ctl, 0) || path == NULL || (day == NULL) == (keep == NULL)
        || (day != NULL && mc_date_read(mc_str_from(day), &date) != MC_OK))
    {
        return -1;
    }

    file = ctl_output(path);
    if (file == NULL) {
        return CTL_FAILED;
    }

    code = output_new(file, path);

    if (code != CTL_OK) {
        return code;
    }

    code = ctl_open(ctl, MC_SITE_NO_DOCUMENT);

    if (code == CTL_OK
        && !(day != NULL ? read_day(ctl, day, &before)
                         : read_keep(ctl, keep, &before)))
    {
        code = ctl_fail("%s: write 12m or 400d", keep);
    }

    if (code != CTL_OK) {
        output_undo(file, path, false);
        return code;
    }

    return rotate_to(ctl, file, path, before);
}


const ctl_command_t  ctl_audit_commands[] = {
    { "audit verify", "[--head FILE] [--file FILE]", verify },
    { "audit head", "[-o FILE]", head },
    { "audit export", "[-o FILE] [--since YYYY-MM-DD] "
      "[--member [USER_TYPE-]NO]", export_rows },
    { "audit rotate", "--before YYYY-MM-DD|--keep 12m -o FILE", rotate },
    { NULL, NULL, NULL }
};
