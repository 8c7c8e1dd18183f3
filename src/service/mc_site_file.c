/*
 * Secrets, certificates and a picture that directives name, read from their
 * files.
 *
 * Depends on domain and base.  Configuration time; one thread.
 */

#include "mc_site_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_buf.h"


static const char *
file_refused(int fd, bool secret)
{
    struct stat  st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return "is not a regular file";
    }

    if (secret && (st.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        return "can be read or written by others";
    }

    return NULL;
}


static const char *
file_bytes(int fd, size_t max, mc_buf_t *out)
{
    char     bytes[4096];
    ssize_t  n;

    do {
        n = read(fd, bytes, sizeof(bytes));

        if (n > 0) {
            (void) mc_buf_append(out, bytes, (size_t) n);
        }
    } while ((n > 0 && out->err == MC_OK) || (n < 0 && errno == EINTR));

    explicit_bzero(bytes, sizeof(bytes));

    if (out->err != MC_OK) {
        return "is too long";
    }

    return n < 0 ? "cannot be read" : NULL;
}


/* The path ends in NUL: it is of the settings' arena. */
static bool
file_read(mc_str_t path, bool secret, mc_buf_t *out,
    char error[MC_SETTINGS_ERROR])
{
    int          fd;
    const char  *refused;

    fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        refused = errno == ENOENT ? "does not exist" : "cannot be opened";

    } else {
        refused = file_refused(fd, secret);

        if (refused == NULL) {
            refused = file_bytes(fd, out->max, out);
        }

        (void) close(fd);
    }

    if (refused != NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" %s",
                        path.data, refused);
    }

    return refused == NULL;
}


/* A header must not end early nor begin another one. */
static bool
is_token(mc_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] <= ' ' || s.data[i] > '~') {
            return false;
        }
    }

    return s.len > 0;
}


/* Into the arena, with a NUL behind. */
static bool
keep(mc_str_t bytes, mc_arena_t *arena, mc_str_t *out,
    char error[MC_SETTINGS_ERROR])
{
    *out = mc_arena_str(arena, bytes);

    if (out->data == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
    }

    return out->data != NULL;
}


bool
mc_site_file_secret(mc_str_t path, mc_arena_t *arena, mc_str_t *out,
    char error[MC_SETTINGS_ERROR])
{
    bool      good;
    mc_buf_t  buf;
    mc_str_t  secret;

    mc_buf_init(&buf, MC_SITE_FILE_SECRET);

    good = file_read(path, true, &buf, error);
    secret = mc_buf_view(&buf);

    while (secret.len > 0 && (secret.data[secret.len - 1] == '\n'
                              || secret.data[secret.len - 1] == '\r'))
    {
        secret.len--;
    }

    if (good && !is_token(secret)) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" is not "
                        "one line of printable letters", path.data);
        good = false;
    }

    good = good && keep(secret, arena, out, error);

    mc_buf_wipe(&buf);

    return good;
}


bool
mc_site_file_ca(mc_str_t path, mc_arena_t *arena, mc_str_t *out,
    char error[MC_SETTINGS_ERROR])
{
    bool      good;
    mc_buf_t  buf;

    mc_buf_init(&buf, MC_SITE_FILE_CA);

    good = file_read(path, false, &buf, error)
           && mc_buf_byte(&buf, '\0') == MC_OK;

    if (good && strstr((const char *) buf.data, "-----BEGIN CERTIFICATE-----")
                == NULL)
    {
        (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" holds no "
                        "certificate in PEM form", path.data);
        good = false;
    }

    good = good && keep((mc_str_t) { (const char *) buf.data, buf.len - 1 },
                        arena, out, error);

    mc_buf_free(&buf);

    return good;
}


/* Begins and ends as its kind does; NULL: neither PNG nor JPEG, whole. */
static const char *
picture_type(mc_str_t bytes)
{
    size_t  i;

    static const struct {
        const char  *type;
        mc_str_t     head;
        mc_str_t     tail;
    } kinds[] = {
        { "image/png",
          { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16 },
          { "\0\0\0\0IEND\xae\x42\x60\x82", 12 } },
        { "image/jpeg", { "\xff\xd8\xff", 3 }, { "\xff\xd9", 2 } }
    };

    for (i = 0; i < mc_count(kinds); i++) {

        if (bytes.len > kinds[i].head.len + kinds[i].tail.len
            && memcmp(bytes.data, kinds[i].head.data, kinds[i].head.len) == 0
            && memcmp(bytes.data + bytes.len - kinds[i].tail.len,
                      kinds[i].tail.data, kinds[i].tail.len) == 0)
        {
            return kinds[i].type;
        }
    }

    return NULL;
}


bool
mc_site_file_picture(mc_str_t path, mc_arena_t *arena, mc_str_t *out,
    const char **type, char error[MC_SETTINGS_ERROR])
{
    bool      good;
    mc_buf_t  buf;

    mc_buf_init(&buf, MC_SITE_FILE_PICTURE);

    good = file_read(path, false, &buf, error);

    if (good) {
        *type = picture_type(mc_buf_view(&buf));
        good = *type != NULL;

        if (!good) {
            (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" is "
                            "no whole PNG or JPEG picture", path.data);
        }
    }

    good = good && keep(mc_buf_view(&buf), arena, out, error);

    mc_buf_free(&buf);

    return good;
}
