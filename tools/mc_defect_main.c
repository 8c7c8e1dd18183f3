/*
 * defect: writes drawn identity photos with a defect.
 *
 *   defect KIND PERSON [VARIANT] > file.jpg
 *   defect --all FOLDER PEOPLE       FOLDER/KIND-PERSON.jpg, all kinds
 *   defect --list
 *
 * Depends on base and the defects.  One thread.
 */

#include "mc_defect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>


#define OUT_MAX  65536


static int
usage(void)
{
    fprintf(stderr, "usage: defect KIND PERSON [VARIANT] > file.jpg\n"
                    "       defect --all FOLDER PEOPLE\n"
                    "       defect --list\n");

    return 2;
}


static int
list(void)
{
    size_t  i;

    for (i = 0; i < mc_defect_count(); i++) {
        printf("%s\n", mc_defect_name(i));
    }

    return fflush(stdout) == 0 ? 0 : 1;
}


static bool
number(const char *text, uint32_t *out)
{
    char           *end;
    unsigned long   value;

    errno = 0;
    value = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0
        || value > UINT32_MAX)
    {
        return false;
    }

    *out = (uint32_t) value;

    return true;
}


static mc_err_t
save(const char *folder, const char *kind, uint32_t person,
    const mc_buf_t *jpeg)
{
    char   path[4096];
    int    len;
    FILE  *file;
    bool   good;

    len = snprintf(path, sizeof(path), "%s/%s-%u.jpg", folder, kind,
                   (unsigned) person);

    if (len < 0 || (size_t) len >= sizeof(path)) {
        return MC_ETOOBIG;
    }

    file = fopen(path, "wb");

    if (file == NULL) {
        return MC_EIO;
    }

    good = fwrite(jpeg->data, 1, jpeg->len, file) == jpeg->len;

    return fclose(file) == 0 && good ? MC_OK : MC_EIO;
}


/* Each person is drawn once. */
static mc_err_t
all_of(const char *folder, uint32_t person)
{
    size_t         i;
    mc_buf_t       jpeg;
    mc_err_t       err;
    mc_picture_t   picture;

    err = mc_defect_source(person, 0, &picture);

    if (err != MC_OK) {
        return err;
    }

    for (i = 0; err == MC_OK && i < mc_defect_count(); i++) {
        mc_buf_init(&jpeg, OUT_MAX);
        err = mc_defect_apply(mc_defect_name(i), &picture, &jpeg);

        if (err == MC_OK) {
            err = save(folder, mc_defect_name(i), person, &jpeg);
        }

        mc_buf_free(&jpeg);
    }

    mc_picture_free(&picture);

    return err;
}


static int
all(const char *folder, uint32_t people)
{
    mc_err_t  err;
    uint32_t  person;

    err = MC_OK;

    for (person = 1; err == MC_OK && person <= people; person++) {
        err = all_of(folder, person);
    }

    if (err != MC_OK) {
        fprintf(stderr, "defect: %s: %s\n", folder, mc_err_name(err));
        return 1;
    }

    return 0;
}


int
main(int argc, char **argv)
{
    mc_buf_t  jpeg;
    mc_err_t  err;
    uint32_t  person, variant;

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        return list();
    }

    if (argc == 4 && strcmp(argv[1], "--all") == 0) {
        return number(argv[3], &person) ? all(argv[2], person) : usage();
    }

    variant = 0;

    if (argc < 3 || argc > 4 || !number(argv[2], &person)
        || (argc == 4 && !number(argv[3], &variant)))
    {
        return usage();
    }

    mc_buf_init(&jpeg, OUT_MAX);
    err = mc_defect_make(argv[1], person, variant, &jpeg);

    if (err == MC_OK
        && (fwrite(jpeg.data, 1, jpeg.len, stdout) != jpeg.len
            || fflush(stdout) != 0))
    {
        err = MC_EIO;
    }

    mc_buf_free(&jpeg);

    if (err != MC_OK) {
        fprintf(stderr, "defect: %s: %s\n", argv[1], mc_err_name(err));
        return 1;
    }

    return 0;
}
