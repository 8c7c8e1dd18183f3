/*
 * The picture by which the mini program is opened (S04): the code that
 * WeChat made for it, from the file membercert_mini_program names.
 *
 * Read with the configuration, read-only afterwards; any thread.
 */

#ifndef MC_MINI_H
#define MC_MINI_H

#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_MINI_TAG  34         /* letters: quotes, half a SHA-256 as hex */

typedef struct {
    mc_arena_t   arena;
    mc_str_t     picture;
    const char  *type;          /* "image/png", "image/jpeg" */
    char         etag[MC_MINI_TAG + 1];     /* of the bytes, quoted */
} mc_mini_t;

/* NULL with a text in error: no such file, too long, another kind. */
mc_mini_t *mc_mini_open(const mc_settings_t *settings,
    char error[MC_SETTINGS_ERROR]);
void mc_mini_close(mc_mini_t *mini);        /* accepts NULL */


#pragma GCC visibility pop

#endif /* MC_MINI_H */
