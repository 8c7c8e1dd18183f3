/*
 * hostile: writes a file that tests a photo rule to standard output.
 *
 *   hostile RECIPE > file.jpg
 *   hostile --list
 *
 * Depends on base and the recipes.  One thread.
 */

#include <stdio.h>

#include "mc_hostile.h"
#include "mc_time.h"


#define OUT_MAX  (4 * 1024 * 1024)


static int
list(void)
{
    char    name[40];
    size_t  i;

    for (i = 0; i < mc_hostile_count(); i++) {
        if (mc_hostile_name(i, name) == MC_OK) {
            puts(name);
        }
    }

    return fflush(stdout) == 0 ? 0 : 1;
}


int
main(int argc, char **argv)
{
    mc_buf_t  file;
    mc_err_t  err;

    if (argc != 2) {
        fprintf(stderr, "usage: hostile RECIPE > file.jpg\n"
                        "       hostile --list\n");
        return 2;
    }

    if (strcmp(argv[1], "--list") == 0) {
        return list();
    }

    mc_buf_init(&file, OUT_MAX);
    err = mc_hostile_make(argv[1], mc_now(), &file);

    if (err == MC_OK
        && (fwrite(file.data, 1, file.len, stdout) != file.len
            || fflush(stdout) != 0))
    {
        err = MC_EIO;
    }

    mc_buf_free(&file);

    if (err != MC_OK) {
        fprintf(stderr, "hostile: %s: %s\n", argv[1], mc_err_name(err));
        return 1;
    }

    return 0;
}
