/*
 * One configuration text, statement by statement: the inner half of
 * mc_conf_token.h, for mc_conf_walk.c only.
 *
 * Any one thread.
 */

#ifndef MC_CONF_TOKEN_TEXT_H
#define MC_CONF_TOKEN_TEXT_H

#include "mc_conf_token.h"

#pragma GCC visibility push(hidden)


typedef struct {
    mc_str_t    text;                     /* must outlive the reader */
    const char *file;
    size_t      pos;
    unsigned    line;                     /* of "pos", from 1 */
    mc_arena_t  arena;                    /* words with escapes */
    size_t      count;
    mc_str_t    words[MC_CONF_WORDS];
} mc_conf_text_t;

/* Writes "file:line: ..." and returns "err". */
mc_err_t mc_conf_text_fail(const mc_conf_text_t *text, mc_err_t err,
    mc_conf_error_t *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A text with a NUL byte is refused. */
mc_err_t mc_conf_text_start(mc_conf_text_t *text, mc_str_t source,
    const char *file, mc_conf_error_t *error);

/* The next statement (its depth is left 0), valid until the next call;
 * MC_ENOTFOUND at the end. */
mc_err_t mc_conf_text_next(mc_conf_text_t *text,
    mc_conf_statement_t *statement, mc_conf_error_t *error);

/* Whether the statement opens a block of Lua, and how to pass over it: the
 * text must stand behind the opening brace and ends behind the closing. */
bool mc_conf_text_is_lua(const mc_conf_statement_t *statement);
mc_err_t mc_conf_text_skip_lua(mc_conf_text_t *text, mc_conf_error_t *error);


#pragma GCC visibility pop

#endif /* MC_CONF_TOKEN_TEXT_H */
