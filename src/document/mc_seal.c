/*
 * Seals of files and folders.
 *
 * Depends on base and domain (settings).  While configuration is read; one
 * thread.  What a drawing may hold is mc_seal_svg.c's business.
 */

#include "mc_seal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


#define PATH_ROOM  1024
#define SUFFIX     ".svg"


static const char *
read_bytes(int fd, mc_buf_t *out)
{
    char         bytes[8192];
    ssize_t      n;
    struct stat  st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return "is not a regular file";
    }

    do {
        n = read(fd, bytes, sizeof(bytes));

        if (n > 0) {
            (void) mc_buf_append(out, bytes, (size_t) n);
        }
    } while ((n > 0 && out->err == MC_OK) || (n < 0 && errno == EINTR));

    if (out->err == MC_ETOOBIG) {
        return "is longer than 256 kB";
    }

    if (out->err != MC_OK) {
        return "needs more memory than there is";
    }

    return n < 0 ? "cannot be read" : NULL;
}


/* NULL, or what is wrong with the file. */
static const char *
read_file(const char *path, mc_buf_t *out)
{
    int          fd;
    const char  *why;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return errno == ENOENT ? "does not exist" : "cannot be opened";
    }

    why = read_bytes(fd, out);
    (void) close(fd);

    return why;
}


static mc_err_t
open_path(const char *path, mc_seal_t *out, char error[MC_SETTINGS_ERROR])
{
    char         reason[MC_SETTINGS_ERROR];
    mc_buf_t     svg;
    mc_err_t     err;
    const char  *why;

    memset(out, 0, sizeof(*out));
    mc_buf_init(&svg, MC_SEAL_MAX);
    mc_buf_init(&out->content, MC_SEAL_CONTENT);

    err = MC_OK;
    why = read_file(path, &svg);

    if (why != NULL) {
        err = svg.err != MC_OK ? svg.err : MC_EINVAL;

    } else {
        err = mc_seal_read(mc_buf_view(&svg), &out->content, &out->size,
                           reason);
        why = reason;
    }

    if (err != MC_OK) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "seal \"%.110s\" %.130s",
                        path, why);
        mc_buf_free(&out->content);
    }

    mc_buf_free(&svg);

    return err;
}


static bool
path_of(mc_str_t path, const char *name, char out[PATH_ROOM],
    char error[MC_SETTINGS_ERROR])
{
    int  n;

    n = snprintf(out, PATH_ROOM, "%.*s%s%s", (int) path.len, path.data,
                 name[0] == '\0' ? "" : "/", name);

    if (n < 0 || n >= PATH_ROOM || path.len >= PATH_ROOM) {
        (void) snprintf(error, MC_SETTINGS_ERROR,
                        "path of a seal is too long");
        return false;
    }

    return true;
}


mc_err_t
mc_seal_open(mc_str_t path, mc_seal_t *out, char error[MC_SETTINGS_ERROR])
{
    char  name[PATH_ROOM];

    return path_of(path, "", name, error) ? open_path(name, out, error)
                                          : MC_EINVAL;
}


void
mc_seal_close(mc_seal_t *seal)
{
    mc_buf_free(&seal->content);
}


/* The length of CODE in CODE.svg, 0: another file. */
static size_t
code_of(const char *name)
{
    char    c;
    size_t  i, len;

    len = strlen(name);

    if (len <= sizeof(SUFFIX) - 1
        || strcmp(name + len - (sizeof(SUFFIX) - 1), SUFFIX) != 0)
    {
        return 0;
    }

    len -= sizeof(SUFFIX) - 1;

    for (i = 0; i < len; i++) {
        c = name[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z') || c == '_' || c == '-'))
        {
            return 0;
        }
    }

    return len <= MC_SEAL_CODE ? len : 0;
}


static mc_err_t
add_seal(mc_seals_t *seals, mc_str_t dir, const char *name, size_t code,
    char error[MC_SETTINGS_ERROR])
{
    char        path[PATH_ROOM];
    mc_err_t    err;
    mc_seal_t  *seal, *grown;

    if (seals->count == MC_SEALS_MAX) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "folder \"%.*s\" has more "
                        "than %d seals", (int) (dir.len < 120 ? dir.len : 120),
                        dir.data, MC_SEALS_MAX);
        return MC_ETOOBIG;
    }

    if (!path_of(dir, name, path, error)) {
        return MC_EINVAL;
    }

    grown = mc_realloc(seals->seals, (seals->count + 1) * sizeof(mc_seal_t));

    if (grown == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return MC_ENOMEM;
    }

    seals->seals = grown;
    seal = &grown[seals->count];

    err = open_path(path, seal, error);

    if (err == MC_OK) {
        memcpy(seal->code, name, code);
        seals->count++;
    }

    return err;
}


static mc_err_t
add_all(mc_seals_t *seals, mc_str_t dir, DIR *folder,
    char error[MC_SETTINGS_ERROR])
{
    size_t          code, total;
    mc_err_t        err;
    struct dirent  *entry;

    err = MC_OK;
    total = 0;

    while (err == MC_OK && (entry = readdir(folder)) != NULL) {
        code = code_of(entry->d_name);

        if (code == 0) {
            continue;
        }

        err = add_seal(seals, dir, entry->d_name, code, error);

        if (err != MC_OK) {
            break;
        }

        total += seals->seals[seals->count - 1].content.len;

        if (total > MC_SEALS_CONTENT) {
            (void) snprintf(error, MC_SETTINGS_ERROR, "seals of folder "
                            "\"%.*s\" have too many points together; "
                            "simplify their paths",
                            (int) (dir.len < 120 ? dir.len : 120), dir.data);
            err = MC_ETOOBIG;
        }
    }

    return err;
}


static int
compare_codes(const void *a, const void *b)
{
    return strcmp(((const mc_seal_t *) a)->code,
                  ((const mc_seal_t *) b)->code);
}


mc_err_t
mc_seals_open(mc_str_t dir, mc_seals_t *out, char error[MC_SETTINGS_ERROR])
{
    DIR      *folder;
    char      path[PATH_ROOM];
    mc_err_t  err;

    memset(out, 0, sizeof(*out));

    if (!path_of(dir, "", path, error)) {
        return MC_EINVAL;
    }

    folder = opendir(path);

    if (folder == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "folder of seals "
                        "\"%.120s\" %s", path, errno == ENOENT
                        ? "does not exist" : "cannot be opened");
        return MC_EINVAL;
    }

    err = add_all(out, dir, folder, error);
    (void) closedir(folder);

    if (err != MC_OK) {
        mc_seals_close(out);

    } else if (out->count > 0) {
        qsort(out->seals, out->count, sizeof(mc_seal_t), compare_codes);
    }

    return err;
}


void
mc_seals_close(mc_seals_t *seals)
{
    while (seals->count > 0) {
        mc_seal_close(&seals->seals[--seals->count]);
    }

    mc_free(seals->seals);
    seals->seals = NULL;
}


const mc_seal_t *
mc_seals_find(const mc_seals_t *seals, mc_str_t code)
{
    int     order;
    char    key[MC_SEAL_CODE + 1];
    size_t  low, high, middle;

    if (code.len == 0 || code.len > MC_SEAL_CODE
        || memchr(code.data, '\0', code.len) != NULL)
    {
        return NULL;
    }

    memcpy(key, code.data, code.len);
    key[code.len] = '\0';

    low = 0;
    high = seals->count;

    while (low < high) {
        middle = low + (high - low) / 2;
        order = strcmp(key, seals->seals[middle].code);

        if (order == 0) {
            return &seals->seals[middle];
        }

        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }

    return NULL;
}


mc_err_t
mc_seals_note(const mc_seals_t *seals, mc_str_t dir, mc_buf_t *out)
{
    size_t  i;

    (void) mc_buf_printf(out, "regional seals of %zu institutes in ",
                         seals->count);
    (void) mc_buf_str(out, dir);

    for (i = 0; i < seals->count; i++) {
        (void) mc_buf_cstr(out, i == 0 ? ": " : ", ");
        (void) mc_buf_cstr(out, seals->seals[i].code);
    }

    return mc_buf_cstr(out, "; certificates of others leave the place "
                       "empty");
}
