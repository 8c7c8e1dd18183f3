/*
 * Small files, read whole.
 *
 * Depends on libc only.  Blocks; start of nginx or of a command.
 */

#include "mc_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>


static const char  longer[] = "is longer";


/* Up to "n" bytes or the end of the file; -1: it cannot be read. */
static ssize_t
read_whole(int fd, uint8_t *buf, size_t n)
{
    size_t   have;
    ssize_t  got;

    have = 0;

    while (have < n) {
        got = read(fd, buf + have, n - have);

        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }

            return -1;
        }

        if (got == 0) {
            break;
        }

        have += (size_t) got;
    }

    return (ssize_t) have;
}


/* NULL or what is wrong with the opened file. */
static const char *
refused(int fd, bool secret)
{
    struct stat  info;

    if (fstat(fd, &info) != 0) {
        return "cannot be examined";
    }

    if (!S_ISREG(info.st_mode)) {
        return "is not a regular file";
    }

    if (secret && (info.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        return "is readable or writable by others (chmod o-rw)";
    }

    return NULL;
}


/* A file that grows meanwhile is as good as one that is too long. */
static const char *
take(int fd, uint8_t *buf, size_t max, size_t *len)
{
    ssize_t  got;
    uint8_t  more;

    got = read_whole(fd, buf, max);

    if (got < 0) {
        return "cannot be read";
    }

    *len = (size_t) got;

    return read_whole(fd, &more, 1) == 0 ? NULL : longer;
}


mc_err_t
mc_file_read(const char *path, bool secret, uint8_t *buf, size_t max,
    size_t *len, char why[MC_FILE_WHY])
{
    int          fd;
    const char  *text;

    *len = 0;

    /* O_NONBLOCK: a FIFO put there must not hang the start */

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        text = errno == ENOENT ? "does not exist" : "cannot be opened";

    } else {
        text = refused(fd, secret);

        if (text == NULL) {
            text = take(fd, buf, max, len);
        }

        (void) close(fd);
    }

    if (text == NULL) {
        return MC_OK;
    }

    if (text == longer) {
        (void) snprintf(why, MC_FILE_WHY, "%s than %zu bytes", text, max);

    } else {
        (void) snprintf(why, MC_FILE_WHY, "%s", text);
    }

    return MC_EINVAL;
}
