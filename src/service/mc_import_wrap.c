/*
 * Fast hashes of an import, wrapped in Argon2id on all cores.
 *
 * Depends on auth.  A command only, with threads of its own for the time of
 * the call; each takes the next hash that nobody has, and needs 19 MiB.
 */

#include "mc_import_merge.h"

#include <pthread.h>
#include <unistd.h>


#define WRAP_THREADS  16
#define WRAP_STEP     64

typedef struct {
    mc_import_kept_t  *kept;
    size_t             count;

    pthread_mutex_t    mutex;       /* the fields below */
    size_t             next;
    mc_err_t           err;
} wrap_t;


/* The next that waits; NULL: no more, or somebody failed. */
static mc_import_kept_t *
wrap_next(wrap_t *wrap)
{
    mc_import_kept_t  *found;

    found = NULL;

    pthread_mutex_lock(&wrap->mutex);

    while (wrap->err == MC_OK && found == NULL && wrap->next < wrap->count) {
        if (wrap->kept[wrap->next].wrap != NULL) {
            found = &wrap->kept[wrap->next];
        }

        wrap->next++;
    }

    pthread_mutex_unlock(&wrap->mutex);

    return found;
}


static void
wrap_fail(wrap_t *wrap, mc_err_t err)
{
    pthread_mutex_lock(&wrap->mutex);

    if (wrap->err == MC_OK) {
        wrap->err = err;
    }

    pthread_mutex_unlock(&wrap->mutex);
}


static bool
wrap_one(wrap_t *wrap)
{
    mc_err_t           err;
    mc_import_kept_t  *kept;

    kept = wrap_next(wrap);

    if (kept == NULL) {
        return false;
    }

    err = mc_legacy_wrap(kept->phc, kept->wrap);

    if (err != MC_OK) {
        wrap_fail(wrap, err);
        return false;
    }

    kept->phc = mc_str_from(kept->wrap);
    kept->wrap = NULL;

    return true;
}


static void *
wrap_thread(void *data)
{
    while (wrap_one(data)) {
        /* void */
    }

    return NULL;
}


/* The calling thread works as well, and is the one that tells. */
static void
wrap_self(wrap_t *wrap, bool (*tell)(void *data, size_t done), void *data)
{
    size_t  n, done;

    for (n = 1; wrap_one(wrap); n++) {

        if (tell == NULL || n % WRAP_STEP != 0) {
            continue;
        }

        pthread_mutex_lock(&wrap->mutex);
        done = wrap->next;
        pthread_mutex_unlock(&wrap->mutex);

        if (!tell(data, done)) {
            wrap_fail(wrap, MC_EBUSY);
        }
    }
}


mc_err_t
mc_import_wrap(mc_import_kept_t *kept, size_t count,
    bool (*tell)(void *data, size_t done), void *data)
{
    long       cores;
    size_t     i, n;
    wrap_t     wrap;
    pthread_t  threads[WRAP_THREADS];

    for (i = 0; i < count && kept[i].wrap == NULL; i++) {
        /* void */
    }

    if (i == count) {
        return MC_OK;
    }

    wrap = (wrap_t) { .kept = kept, .count = count, .next = i };

    if (pthread_mutex_init(&wrap.mutex, NULL) != 0) {
        return MC_ENOMEM;
    }

    cores = sysconf(_SC_NPROCESSORS_ONLN);

    /* fewer threads than cores is no failure */

    for (n = 0; n < WRAP_THREADS && (long) n + 1 < cores && n + i + 1 < count;
         n++)
    {
        if (pthread_create(&threads[n], NULL, wrap_thread, &wrap) != 0) {
            break;
        }
    }

    wrap_self(&wrap, tell, data);

    while (n > 0) {
        (void) pthread_join(threads[--n], NULL);
    }

    pthread_mutex_destroy(&wrap.mutex);

    return wrap.err;
}
