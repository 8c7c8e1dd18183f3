/*
 * portrait: writes a drawn identity photo to standard output.
 *
 *   portrait [OPTION...] PERSON [VARIANT] > file.jpg
 *
 * Depends on base and the generator.  One thread.
 */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mc_portrait.h"


#define OUT_MAX  (4 * 1024 * 1024)


static int
usage(void)
{
    fprintf(stderr,
            "usage: portrait [OPTION...] PERSON [VARIANT] > file.jpg\n"
            "  --man, --woman   instead of odd: man, even: woman\n"
            "  --width=N --height=N --dpi=N --quality=1..100\n"
            "  --max=BYTES      what the file has to fit (20480)\n"
            "  --progressive --no-density\n");

    return 2;
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


static bool
option(int c, mc_portrait_options_t *options)
{
    switch (c) {

    case 'm':
        options->sex = MC_PORTRAIT_MAN;
        return true;

    case 'f':
        options->sex = MC_PORTRAIT_WOMAN;
        return true;

    case 'w':
        return number(optarg, &options->width);

    case 'h':
        return number(optarg, &options->height);

    case 'd':
        return number(optarg, &options->dpi);

    case 'q':
        return number(optarg, &options->quality);

    case 'x':
        return number(optarg, &options->max);

    case 'p':
        options->progressive = true;
        return true;

    case 'n':
        options->no_density = true;
        return true;

    default:
        return false;
    }
}


int
main(int argc, char **argv)
{
    int                    c;
    mc_buf_t               jpeg;
    mc_err_t               err;
    uint32_t               person, variant;
    mc_portrait_options_t  options;

    static const struct option  names[] = {
        { "man", no_argument, NULL, 'm' },
        { "woman", no_argument, NULL, 'f' },
        { "width", required_argument, NULL, 'w' },
        { "height", required_argument, NULL, 'h' },
        { "dpi", required_argument, NULL, 'd' },
        { "quality", required_argument, NULL, 'q' },
        { "max", required_argument, NULL, 'x' },
        { "progressive", no_argument, NULL, 'p' },
        { "no-density", no_argument, NULL, 'n' },
        { NULL, 0, NULL, 0 }
    };

    memset(&options, 0, sizeof(options));
    variant = 0;

    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (!option(c, &options)) {
            return usage();
        }
    }

    if (argc - optind < 1 || argc - optind > 2
        || !number(argv[optind], &person)
        || (argc - optind == 2 && !number(argv[optind + 1], &variant)))
    {
        return usage();
    }

    mc_buf_init(&jpeg, OUT_MAX);
    err = mc_portrait_draw(person, variant, &options, &jpeg);

    if (err == MC_OK
        && (fwrite(jpeg.data, 1, jpeg.len, stdout) != jpeg.len
            || fflush(stdout) != 0))
    {
        err = MC_EIO;
    }

    mc_buf_free(&jpeg);

    if (err != MC_OK) {
        fprintf(stderr, "portrait: %s\n", mc_err_name(err));
        return 1;
    }

    return 0;
}
