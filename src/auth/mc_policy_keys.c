/*
 * Where the keys of a keyboard stand, for walks over it.
 *
 * Depends on base.  Any thread.
 */

#include "mc_policy.h"


static const char *const  keys[] = {
    "1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
};

static const char *const  shifted[] = {
    "!@#$%^&*()_+", "QWERTYUIOP{}", "ASDFGHJKL:\"", "ZXCVBNM<>?",
};


/* Row and column of the key, both 0 for what has none. */
static bool
key_of(char c, int *row, int *column)
{
    int          i;
    const char  *at;

    for (i = 0; i < (int) mc_count(keys); i++) {
        at = c == '\0' ? NULL : strchr(keys[i], c);

        if (at != NULL) {
            *row = i;
            *column = (int) (at - keys[i]);
            return true;
        }

        at = c == '\0' ? NULL : strchr(shifted[i], c);

        if (at != NULL) {
            *row = i;
            *column = (int) (at - shifted[i]);
            return true;
        }
    }

    return false;
}


/* A lower row stands half a key to the right: below 2 are q and w. */
int
mc_policy_key_step(char from, char to)
{
    int  row, column, row_to, column_to, down, right;

    if (!key_of(from, &row, &column) || !key_of(to, &row_to, &column_to)) {
        return 0;
    }

    down = row_to - row;
    right = column_to - column;

    if ((down == 0 && (right == 1 || right == -1))
        || (down == 1 && (right == 0 || right == -1))
        || (down == -1 && (right == 0 || right == 1)))
    {
        return down * 3 + right + 10;
    }

    return 0;
}
