/*
 * Small files that the configuration names, read whole.
 *
 * Start of nginx or of a command, before root is dropped; blocks.  Any one
 * thread.
 */

#ifndef MC_FILE_H
#define MC_FILE_H

#include "mc_base.h"

#pragma GCC visibility push(hidden)


#define MC_FILE_WHY  60

/*
 * Into "buf", which has room for "max" bytes.  A symbolic link is followed;
 * what it leads to is judged.  "secret": refused when others may read or
 * write it.
 * MC_EINVAL: "why" says what is wrong, to be put behind the file's name:
 * "does not exist", "is not a regular file", "is longer than 4096 bytes".
 */
mc_err_t mc_file_read(const char *path, bool secret, uint8_t *buf,
    size_t max, size_t *len, char why[MC_FILE_WHY]);


#pragma GCC visibility pop

#endif /* MC_FILE_H */
