/*
 * What whoever reads `nginx -t` should know of a site that could be opened:
 * things that work but are hardly meant.
 *
 * Configuration time; any one thread.
 */

#ifndef MC_SITE_HINT_H
#define MC_SITE_HINT_H

#include "mc_site.h"

#pragma GCC visibility push(hidden)


#define MC_SITE_HINTS  8

typedef struct {
    bool      warning;          /* else for information */
    mc_str_t  text;             /* ends in NUL */
} mc_site_hint_t;

/*
 * Certificates that cannot have a QR code, or one without a statement; a
 * signer's certificate that ends within 30 days; the institutes with a seal.
 * Texts go into the arena; MC_ENOMEM.
 */
mc_err_t mc_site_hints(const mc_site_t *site, int64_t now, mc_arena_t *arena,
    mc_site_hint_t hints[MC_SITE_HINTS], size_t *count);


#pragma GCC visibility pop

#endif /* MC_SITE_HINT_H */
