/*
 * Small files that directives name: a secret shared with another service,
 * certificates to trust, the mini program's code.
 *
 * Read while configuration is read (nginx's master, or a command before it
 * drops root); any one thread.  Errors are texts that name the file.
 */

#ifndef MC_SITE_FILE_H
#define MC_SITE_FILE_H

#include "mc_arena.h"
#include "mc_settings.h"

#pragma GCC visibility push(hidden)


#define MC_SITE_FILE_SECRET  512            /* bytes */
#define MC_SITE_FILE_CA      (512 * 1024)
#define MC_SITE_FILE_PICTURE 204800

/* One line of printable ASCII without blanks, in the arena; "path" ends in
 * NUL (it is of the settings' arena).  Refused: not a regular file, open to
 * others, empty, too long. */
bool mc_site_file_secret(mc_str_t path, mc_arena_t *arena, mc_str_t *out,
    char error[MC_SETTINGS_ERROR]);

/* Certificates in PEM form. */
bool mc_site_file_ca(mc_str_t path, mc_arena_t *arena, mc_str_t *out,
    char error[MC_SETTINGS_ERROR]);

/* A picture's bytes and its type ("image/png", "image/jpeg"), which the
 * bytes tell, not the name.  Refused: another kind, one that is cut off. */
bool mc_site_file_picture(mc_str_t path, mc_arena_t *arena, mc_str_t *out,
    const char **type, char error[MC_SETTINGS_ERROR]);


#pragma GCC visibility pop

#endif /* MC_SITE_FILE_H */
