/*
 * Fuzz target: a seal made of hostile SVG (X06).
 *
 * Promises held: bounds; a message with a line for everything that is
 * refused; content that has the operators and numbers of the contract and
 * nothing else, each path painted, every q with its Q.
 */

#include "fuzz.h"

#include <string.h>

#include "mc_seal.h"


#define HEAD  "<svg xmlns='http://www.w3.org/2000/svg' " \
              "viewBox='0 0 100 100'>"

static const char *const  seeds[] = {
    HEAD "<path d='M10 10h10v10H10zm5 5l1-1.5.5C1 2 3 4 5 6s7 8 9 10'/>"
        "</svg>",
    HEAD "<path d='M0 0Q30 0 30 30T60 60t1 1q1 2 3 4'/></svg>",
    HEAD "<path d='M0 50a50 40 30 01100 0A1 1 0 1 0 9 9z' fill='#c8102e'/>"
        "</svg>",
    HEAD "<g transform='translate(10 4) rotate(30,5,5) skewX(3) scale(2 1)'>"
        "<rect x='1' y='2' width='30' height='40' rx='3' stroke='red'/></g>"
        "</svg>",
    HEAD "<circle cx='50' cy='50' r='4e1' style='fill:none;stroke:#00f;"
        "stroke-width:2;stroke-linejoin:round;stroke-linecap:square'/>"
        "<ellipse cx='5' rx='3' ry='2' fill='rgb(1%,2%,3%)'/></svg>",
    HEAD "<polygon points='0,0 10-10 5.5.5' fill-rule='evenodd'/>"
        "<polyline points='1 2 3 4'/><line x1='1' y2='3' stroke='navy'/>"
        "</svg>",
    "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' "
        "xmlns:s='urn:s' width='10px' height='20'>\n<title>a</title>"
        "<metadata><s:a/></metadata><defs/>\n<g opacity='1'><g><path "
        "transform='matrix(1 0 .5 1 3 4)' d='M1 1L2 2' stroke='gold'/>"
        "</g></g></svg>",
    "<!DOCTYPE svg [<!ENTITY a '&a;&a;'>]>" HEAD "&a;</svg>",
    HEAD "<text x='1'>a</text><image/><style/></svg>"
};


static bool
is_operator(const char *word, size_t len)
{
    size_t                    i;
    static const char *const  operators[] = {
        "q", "Q", "cm", "w", "J", "j", "M", "rg", "RG", "m", "l", "c", "h",
        "re", "W", "n", "f", "f*", "S", "B", "B*"
    };

    for (i = 0; i < mc_count(operators); i++) {
        if (strlen(operators[i]) == len
            && memcmp(operators[i], word, len) == 0)
        {
            return true;
        }
    }

    return false;
}


static void
check_content(const mc_buf_t *content)
{
    int          saved;
    size_t       len;
    const char  *p, *end;

    saved = 0;
    p = (const char *) content->data;
    end = p + content->len;

    fuzz_check(content->len >= 4 && memcmp(end - 2, "Q\n", 2) == 0);

    for ( /* void */ ; p < end; p += len + 1) {
        for (len = 0; p[len] != ' ' && p[len] != '\n'; len++) { /* void */ }

        fuzz_check(len > 0);

        if (strspn(p, "0123456789.-") != len) {
            fuzz_check(is_operator(p, len));
        }

        saved += len == 1 && *p == 'q' ? 1 : len == 1 && *p == 'Q' ? -1 : 0;
        fuzz_check(saved >= 0 && saved <= 2);
    }

    fuzz_check(saved == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char            error[MC_SETTINGS_ERROR];
    mc_buf_t        content;
    mc_err_t        err;
    mc_seal_size_t  box;

    mc_buf_init(&content, MC_SEAL_CONTENT);
    memset(error, 0, sizeof(error));
    memset(&box, 0, sizeof(box));

    err = mc_seal_read((mc_str_t) { (const char *) data, size }, &content,
                       &box, error);

    if (err == MC_OK) {
        fuzz_check(error[0] == '\0');
        fuzz_check(box.width <= 1000 && box.height <= 1000);
        fuzz_check(box.width == 1000 || box.height == 1000);
        check_content(&content);

    } else {
        fuzz_check(err == MC_EINVAL || err == MC_ETOOBIG);
        fuzz_check(strncmp(error, "line ", 5) == 0);
    }

    mc_buf_free(&content);

    return 0;
}


size_t
fuzz_seed(unsigned n, uint8_t *out, size_t cap)
{
    size_t  len;

    if (n >= mc_count(seeds)) {
        return 0;
    }

    len = strlen(seeds[n]);

    if (len > cap) {
        return 0;
    }

    memcpy(out, seeds[n], len);

    return len;
}
