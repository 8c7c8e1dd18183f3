/*
 * Words of nginx's configuration grammar, for programs that are not nginx.
 *
 * Reads a main file and what it includes (glob patterns; relative names
 * against the main file's folder), at most MC_CONF_FILES files of
 * MC_CONF_FILE_SIZE bytes, MC_CONF_DEPTH blocks or includes deep.  Quotes,
 * escapes and comments as in nginx.  The body of a *_by_lua_block is passed
 * over to its matching brace with Lua strings, long brackets and comments
 * respected; its block opens and closes with nothing between.  A pattern
 * without matches is fine, a missing plain file is an error, as in nginx.
 * What cannot be read is an error with file and line; so is a NUL byte.
 *
 * MC_EINVAL: outside the grammar; MC_ETOOBIG: a bound was reached;
 * MC_ENOTFOUND, MC_EDENIED, MC_EIO: a file; MC_ENOMEM.
 *
 * Any thread; no state outside the arguments.
 */

#ifndef MC_CONF_TOKEN_H
#define MC_CONF_TOKEN_H

#include "mc_arena.h"

#pragma GCC visibility push(hidden)


#define MC_CONF_FILES      256
#define MC_CONF_FILE_SIZE  (1024 * 1024)
#define MC_CONF_DEPTH      32
#define MC_CONF_WORDS      256
#define MC_CONF_WORD_SIZE  4096      /* nginx's bound, too */

typedef enum {
    MC_CONF_SIMPLE = 0,     /* words ; */
    MC_CONF_OPEN,           /* words { */
    MC_CONF_CLOSE           /* } (no words) */
} mc_conf_kind_t;

/* Words and file name live as long as the visit. */
typedef struct {
    mc_conf_kind_t  kind;
    const mc_str_t *words;
    size_t          count;
    const char     *file;
    unsigned        line;       /* of the first word, from 1 */
    unsigned        depth;      /* of the statement itself */
} mc_conf_statement_t;

typedef struct {
    char text[512];             /* "file:line: what is wrong" */
} mc_conf_error_t;

/* Return anything but MC_OK to stop; the visit function then fills error. */
typedef mc_err_t (*mc_conf_visit_pt)(void *data,
    const mc_conf_statement_t *statement, mc_conf_error_t *error);

mc_err_t mc_conf_walk(const char *file, mc_conf_visit_pt visit, void *data,
    mc_conf_error_t *error);

/* The same over text in memory, named "file" in errors; include is
 * resolved only when "follow" (fuzzing does not). */
mc_err_t mc_conf_walk_text(mc_str_t text, const char *file, bool follow,
    mc_conf_visit_pt visit, void *data, mc_conf_error_t *error);


#pragma GCC visibility pop

#endif /* MC_CONF_TOKEN_H */
