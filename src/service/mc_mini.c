/*
 * The picture of the mini program's code, kept in memory.
 *
 * Depends on domain and base.  Configuration time; one thread.
 */

#include "mc_mini.h"

#include <stdio.h>

#include "mc_crypto.h"
#include "mc_site_file.h"


#define ARENA_MAX  (2 * MC_SITE_FILE_PICTURE)


mc_mini_t *
mc_mini_open(const mc_settings_t *settings, char error[MC_SETTINGS_ERROR])
{
    char        hex[MC_MINI_TAG - 1];
    uint8_t     digest[MC_SHA256_SIZE];
    mc_mini_t  *mini;

    mini = mc_alloc(sizeof(mc_mini_t));

    if (mini == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    mc_arena_init(&mini->arena, ARENA_MAX);

    if (!mc_site_file_picture(settings->mini_qr, &mini->arena,
                              &mini->picture, &mini->type, error))
    {
        mc_mini_close(mini);
        return NULL;
    }

    if (mc_sha256(mini->picture.data, mini->picture.len, digest) != MC_OK) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "SHA-256 failed");
        mc_mini_close(mini);
        return NULL;
    }

    mc_hex(digest, sizeof(hex) / 2, hex);
    (void) snprintf(mini->etag, sizeof(mini->etag), "\"%s\"", hex);

    return mini;
}


void
mc_mini_close(mc_mini_t *mini)
{
    if (mini != NULL) {
        mc_arena_free(&mini->arena);
        mc_free(mini);
    }
}
