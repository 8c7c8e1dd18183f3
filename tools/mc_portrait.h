/*
 * Drawn identity photos for demo and tests: people who do not exist.
 *
 * The same person, variant and options always give the same bytes (with the
 * same libjpeg).  A person is a face, hair and clothes; a variant is another
 * photo of that person: a little other place, tilt, light and noise.
 *
 * For tools and tests.  About 30 ms; any one thread.
 */

#ifndef MC_PORTRAIT_H
#define MC_PORTRAIT_H

#include "mc_buf.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_PORTRAIT_BY_PERSON = 0,  /* odd numbers: men */
    MC_PORTRAIT_MAN,
    MC_PORTRAIT_WOMAN
} mc_portrait_sex_t;

typedef struct {
    mc_portrait_sex_t  sex;
    uint32_t           width;       /* pixels; 0: 178 */
    uint32_t           height;      /* 0: 220 */
    uint32_t           dpi;         /* 0: 96 */
    uint32_t           quality;     /* 1..100; 0: the highest that fits */
    uint32_t           max;         /* bytes it has to fit; 0: 20,480 */
    bool               progressive;
    bool               no_density;  /* JFIF without a unit */
} mc_portrait_options_t;

/*
 * "options" may be NULL; appends to "jpeg".  MC_EINVAL for options out of
 * range, MC_ETOOBIG when no quality fits, MC_ENOMEM.
 */
mc_err_t mc_portrait_draw(uint32_t person, uint32_t variant,
    const mc_portrait_options_t *options, mc_buf_t *jpeg);


#pragma GCC visibility pop

#endif /* MC_PORTRAIT_H */
