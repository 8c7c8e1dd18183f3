/*
 * membercertctl: words, files, messages.
 */

#include "ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


int
ctl_answer(ctl_t *ctl, mc_err_t err)
{
    if (err == MC_OK) {
        return CTL_OK;
    }

    ctl_fail("%s", ctl->admin.error[0] != '\0' ? ctl->admin.error
                                                : mc_err_name(err));

    return err == MC_ENOTFOUND || err == MC_EINVAL || err == MC_ECONFLICT
           || err == MC_EDENIED ? CTL_REFUSED : CTL_FAILED;
}


static void
take_out(ctl_t *ctl, int at, int count)
{
    for (int i = at; i + count < ctl->argc; i++) {
        ctl->argv[i] = ctl->argv[i + count];
    }

    ctl->argc -= count;
}


bool
ctl_flag(ctl_t *ctl, const char *name)
{
    for (int i = 0; i < ctl->argc; i++) {
        if (strcmp(ctl->argv[i], name) == 0) {
            take_out(ctl, i, 1);
            return true;
        }
    }

    return false;
}


const char *
ctl_option(ctl_t *ctl, const char *name)
{
    const char *value;

    for (int i = 0; i + 1 < ctl->argc; i++) {
        if (strcmp(ctl->argv[i], name) == 0) {
            value = ctl->argv[i + 1];
            take_out(ctl, i, 2);
            return value;
        }
    }

    return NULL;
}


bool
ctl_words(ctl_t *ctl, int count)
{
    for (int i = 0; i < ctl->argc; i++) {
        if (ctl->argv[i][0] == '-' && ctl->argv[i][1] != '\0') {
            ctl_fail("unknown option %s", ctl->argv[i]);
            return false;
        }
    }

    return ctl->argc == count;
}


int
ctl_key(ctl_t *ctl, const char *word, mc_admin_key_t *key)
{
    return ctl_answer(ctl, mc_admin_key_read(&ctl->admin,
                                             mc_str_from(word), key));
}


bool
ctl_id(const char *word, int64_t *id)
{
    char *end;

    errno = 0;
    *id = strtoll(word, &end, 10);

    return errno == 0 && end != word && *end == '\0' && *id > 0;
}


int
ctl_read_file(const char *path, size_t max, mc_buf_t *out)
{
    int       fd = STDIN_FILENO;
    char      piece[65536];
    ssize_t   n;
    mc_err_t  err = MC_OK;

    mc_buf_init(out, max);

    if (path != NULL && strcmp(path, "-") != 0) {
        fd = open(path, O_RDONLY|O_CLOEXEC);
        if (fd == -1) {
            return ctl_fail("%s: %s", path, strerror(errno));
        }
    }

    do {
        n = read(fd, piece, sizeof(piece));
        if (n > 0) {
            err = mc_buf_append(out, piece, (size_t) n);
        }
    } while (err == MC_OK && (n > 0 || (n == -1 && errno == EINTR)));

    explicit_bzero(piece, sizeof(piece));

    if (fd != STDIN_FILENO) {
        close(fd);
    }

    if (err == MC_ETOOBIG) {
        return ctl_fail("%s: larger than %zu bytes",
                        path != NULL ? path : "standard input", max);
    }

    if (err != MC_OK || n < 0) {
        return ctl_fail("%s: cannot be read",
                        path != NULL ? path : "standard input");
    }

    return CTL_OK;
}


/* NULL, or why nothing of ours is to be written there. */
static const char *
output_refused(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        return strerror(errno);
    }

    if (S_ISREG(st.st_mode) && st.st_uid != geteuid()) {
        return "belongs to somebody else, who could read it; remove it or "
               "choose another name";
    }

    return S_ISFIFO(st.st_mode) ? "is no regular file" : NULL;
}


FILE *
ctl_output(const char *path)
{
    int          fd;
    FILE        *file;
    const char  *refused;

    if (strcmp(path, "-") == 0) {
        return stdout;
    }

    /* O_NONBLOCK: a FIFO put there must not hang us */

    fd = open(path, O_WRONLY|O_CREAT|O_CLOEXEC|O_NOFOLLOW|O_NONBLOCK, 0600);
    refused = fd == -1 ? NULL : output_refused(fd);

    if (refused != NULL) {
        ctl_fail("%s: %s", path, refused);
        close(fd);
        return NULL;
    }

    file = fd == -1 ? NULL : fdopen(fd, "wb");

    if (file == NULL) {
        ctl_fail("%s: %s", path, strerror(errno));
        if (fd != -1) {
            close(fd);
        }
    }

    return file;
}


/* Empties the file, unless some of it was written already. */
bool
ctl_output_begin(FILE *file)
{
    struct stat st;

    if (file == stdout || ftello(file) != 0 || fstat(fileno(file), &st) != 0
        || !S_ISREG(st.st_mode))
    {
        return true;
    }

    return ftruncate(fileno(file), 0) == 0;
}


int
ctl_write_all(FILE *file, const char *path, mc_str_t bytes)
{
    bool written;

    written = ctl_output_begin(file)
              && (bytes.len == 0
                  || fwrite(bytes.data, 1, bytes.len, file) == bytes.len)
              && fflush(file) == 0;

    if (file != stdout) {
        written = fclose(file) == 0 && written;
    }

    return written ? CTL_OK : ctl_fail("%s: cannot be written", path);
}


void
ctl_print_problems(FILE *file, const mc_problems_t *problems)
{
    mc_buf_t text;

    for (size_t i = 0; i < problems->count; i++) {
        mc_buf_init(&text, 4096);
        if (mc_problem_text(&problems->items[i], true, &text) == MC_OK) {
            fprintf(file, "  %s: %.*s\n",
                    mc_problem_code(problems->items[i].code),
                    (int) text.len, (const char *) text.data);
        }

        mc_buf_free(&text);
    }
}


void
ctl_print_json(mc_buf_t *buf)
{
    if (buf->err == MC_OK) {
        fwrite(buf->data, 1, buf->len, stdout);
        fputc('\n', stdout);
    }

    mc_buf_free(buf);
}
