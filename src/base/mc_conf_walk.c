/*
 * A configuration with what it includes, statement by statement.
 *
 * Depends on mc_conf_token_text and libc's glob().  Any thread; reads files,
 * so it blocks.
 *
 * Each file is a text of its own: the blocks it opens it must close, and
 * "include" is followed where it stands, in every block, as nginx does.
 * A circle of includes ends at MC_CONF_DEPTH.
 */

#include "mc_conf_token_text.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_buf.h"


#define CONF_PATH_SIZE  4096


/* What all files of one walk share. */
typedef struct {
    mc_conf_visit_pt  visit;
    void             *data;
    mc_conf_error_t  *error;
    const char       *main_file;
    bool              follow;
    unsigned          files;
    unsigned          includes;      /* open inside one another */
} walk_t;


static mc_err_t walk_text(walk_t *walk, mc_str_t text, const char *file,
    unsigned depth);


static mc_err_t
file_error(mc_conf_error_t *error, mc_conf_text_t *from, const char *file,
    int number)
{
    mc_err_t  err;

    err = number == ENOENT || number == ENOTDIR ? MC_ENOTFOUND
          : number == EACCES ? MC_EDENIED : MC_EIO;

    errno = number;

    if (from != NULL) {
        return mc_conf_text_fail(from, err, error, "cannot read \"%s\": %m",
                                 file);
    }

    (void) snprintf(error->text, sizeof(error->text), "%s: cannot read: %m",
                    file);

    return err;
}


/* Appends an open file as a whole; 0, or what errno says. */
static int
load_open(int fd, mc_buf_t *out)
{
    char         room[8192];
    ssize_t      n;
    struct stat  st;

    if (fstat(fd, &st) != 0) {
        return errno;
    }

    if (!S_ISREG(st.st_mode)) {
        return S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
    }

    for ( ;; ) {
        n = read(fd, room, sizeof(room));

        if (n == 0) {
            return 0;
        }

        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }

            return errno;
        }

        if (mc_buf_append(out, room, (size_t) n) != MC_OK) {
            return out->err == MC_ETOOBIG ? EFBIG : ENOMEM;
        }
    }
}


/*
 * Reads a whole file.  O_NONBLOCK keeps a pipe from holding the caller;
 * anything but a regular file is refused.
 */
static mc_err_t
load(walk_t *walk, mc_conf_text_t *from, const char *file, mc_buf_t *out)
{
    int  fd, error;

    fd = open(file, O_RDONLY|O_CLOEXEC|O_NOCTTY|O_NONBLOCK);

    if (fd == -1) {
        return file_error(walk->error, from, file, errno);
    }

    error = load_open(fd, out);
    (void) close(fd);

    if (error == 0) {
        return MC_OK;
    }

    (void) file_error(walk->error, from, file, error);

    return error == EFBIG ? MC_ETOOBIG : error == ENOMEM ? MC_ENOMEM : MC_EIO;
}


static mc_err_t
walk_file(walk_t *walk, mc_conf_text_t *from, const char *file,
    unsigned depth)
{
    mc_err_t  err;
    mc_buf_t  buf;

    if (from != NULL && walk->files == MC_CONF_FILES) {
        return mc_conf_text_fail(from, MC_ETOOBIG, walk->error,
                                 "more than %d files", MC_CONF_FILES);
    }

    walk->files++;
    mc_buf_init(&buf, MC_CONF_FILE_SIZE);

    err = load(walk, from, file, &buf);

    if (err == MC_OK) {
        err = walk_text(walk, mc_buf_view(&buf), file, depth);
    }

    mc_buf_wipe(&buf);

    return err;
}


/* The pattern with the main file's folder before a relative name. */
static mc_err_t
include_path(walk_t *walk, mc_conf_text_t *text, mc_str_t name,
    char path[CONF_PATH_SIZE])
{
    int          len;
    size_t       folder;
    const char  *slash;

    slash = strrchr(walk->main_file, '/');
    folder = slash == NULL || name.data[0] == '/'
             ? 0 : (size_t) (slash - walk->main_file) + 1;

    if (folder + name.len >= CONF_PATH_SIZE) {
        return mc_conf_text_fail(text, MC_ETOOBIG, walk->error,
                                 "too long path");
    }

    len = snprintf(path, CONF_PATH_SIZE, "%.*s%.*s", (int) folder,
                   walk->main_file, (int) name.len, name.data);

    return len < 0 ? MC_EINVAL : MC_OK;
}


static mc_err_t
include_matches(walk_t *walk, mc_conf_text_t *text, const char *pattern,
    unsigned depth)
{
    int       rc;
    glob_t    found;
    size_t    i;
    mc_err_t  err;

    rc = glob(pattern, 0, NULL, &found);

    if (rc == GLOB_NOMATCH) {
        return MC_OK;
    }

    if (rc != 0) {
        return mc_conf_text_fail(text, rc == GLOB_NOSPACE ? MC_ENOMEM
                                                          : MC_EIO,
                                 walk->error, "cannot list \"%s\"", pattern);
    }

    err = MC_OK;

    for (i = 0; i < found.gl_pathc && err == MC_OK; i++) {
        err = walk_file(walk, text, found.gl_pathv[i], depth);
    }

    globfree(&found);

    return err;
}


static mc_err_t
include(walk_t *walk, mc_conf_text_t *text,
    const mc_conf_statement_t *statement, unsigned depth)
{
    char      path[CONF_PATH_SIZE];
    mc_err_t  err;

    if (statement->count != 2 || statement->words[1].len == 0) {
        return mc_conf_text_fail(text, MC_EINVAL, walk->error,
                                 "invalid number of arguments in "
                                 "\"include\" directive");
    }

    if (walk->includes == MC_CONF_DEPTH) {
        return mc_conf_text_fail(text, MC_ETOOBIG, walk->error,
                                 "more than %d includes inside one another",
                                 MC_CONF_DEPTH);
    }

    err = include_path(walk, text, statement->words[1], path);
    if (err != MC_OK) {
        return err;
    }

    walk->includes++;

    err = strpbrk(path, "*?[") != NULL
          ? include_matches(walk, text, path, depth)
          : walk_file(walk, text, path, depth);

    walk->includes--;

    return err;
}


/* One statement; "depth" is changed by blocks that open and close. */
static mc_err_t
walk_statement(walk_t *walk, mc_conf_text_t *text,
    mc_conf_statement_t *statement, unsigned *depth)
{
    bool      lua;
    mc_err_t  err;

    statement->depth = *depth;
    lua = mc_conf_text_is_lua(statement);

    if (statement->kind == MC_CONF_SIMPLE && walk->follow
        && mc_str_is(statement->words[0], "include"))
    {
        return include(walk, text, statement, *depth);
    }

    if (statement->kind == MC_CONF_OPEN && !lua) {
        if (*depth == MC_CONF_DEPTH) {
            return mc_conf_text_fail(text, MC_ETOOBIG, walk->error,
                                     "more than %d blocks inside one "
                                     "another", MC_CONF_DEPTH);
        }

        *depth += 1;
    }

    err = walk->visit(walk->data, statement, walk->error);

    if (err != MC_OK || !lua) {
        return err;
    }

    err = mc_conf_text_skip_lua(text, walk->error);
    if (err != MC_OK) {
        return err;
    }

    *statement = (mc_conf_statement_t) {
        .kind = MC_CONF_CLOSE, .words = text->words, .file = text->file,
        .line = text->line, .depth = *depth
    };

    return walk->visit(walk->data, statement, walk->error);
}


static mc_err_t
walk_statements(walk_t *walk, mc_conf_text_t *text, unsigned outer)
{
    unsigned             depth;
    mc_err_t             err;
    mc_conf_statement_t  statement;

    depth = outer;

    for ( ;; ) {
        err = mc_conf_text_next(text, &statement, walk->error);

        if (err == MC_ENOTFOUND) {
            break;
        }

        if (err == MC_OK && statement.kind == MC_CONF_CLOSE) {
            if (depth == outer) {
                return mc_conf_text_fail(text, MC_EINVAL, walk->error,
                                         "unexpected \"}\"");
            }

            depth--;
        }

        if (err == MC_OK) {
            err = walk_statement(walk, text, &statement, &depth);
        }

        if (err != MC_OK) {
            return err;
        }
    }

    if (depth > outer) {
        return mc_conf_text_fail(text, MC_EINVAL, walk->error,
                                 "unexpected end of file, expecting \"}\"");
    }

    return MC_OK;
}


static mc_err_t
walk_text(walk_t *walk, mc_str_t text, const char *file, unsigned depth)
{
    mc_err_t         err;
    mc_conf_text_t  *reader;

    reader = mc_alloc(sizeof(mc_conf_text_t));
    if (reader == NULL) {
        (void) snprintf(walk->error->text, sizeof(walk->error->text),
                        "%s: no memory", file);
        return MC_ENOMEM;
    }

    err = mc_conf_text_start(reader, text, file, walk->error);

    if (err == MC_OK) {
        err = walk_statements(walk, reader, depth);
    }

    mc_arena_free(&reader->arena);
    mc_free_wiped(reader, sizeof(mc_conf_text_t));

    return err;
}


mc_err_t
mc_conf_walk(const char *file, mc_conf_visit_pt visit, void *data,
    mc_conf_error_t *error)
{
    walk_t  walk;

    walk = (walk_t) {
        .visit = visit, .data = data, .error = error, .main_file = file,
        .follow = true
    };

    error->text[0] = '\0';

    return walk_file(&walk, NULL, file, 0);
}


mc_err_t
mc_conf_walk_text(mc_str_t text, const char *file, bool follow,
    mc_conf_visit_pt visit, void *data, mc_conf_error_t *error)
{
    walk_t  walk;

    walk = (walk_t) {
        .visit = visit, .data = data, .error = error, .main_file = file,
        .follow = follow, .files = 1
    };

    error->text[0] = '\0';

    return walk_text(&walk, text, file, 0);
}
