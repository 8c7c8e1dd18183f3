/*
 * The comparison of a site: its provider, the files of its directive, the
 * circuit breaker in front of it.
 *
 * Depends on domain and base.  Opened while configuration is read; asked
 * by threads.
 */

#include "mc_compare.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_buf.h"
#include "mc_retry.h"
#include "mc_time.h"


#define SECRET_MAX  512             /* bytes */
#define CA_MAX      (512 * 1024)

struct mc_compare_s {
    const mc_compare_provider_t  *provider;
    mc_arena_t                    arena;

    pthread_mutex_t               mutex;    /* the fields below */
    mc_breaker_t                  breaker;
    mc_compare_http_t             http;     /* its list of idle handles */
};


/* An officer decides: whatever waits, from days with another provider, goes
 * to review. */
static void
manual_ask(mc_compare_t *compare, const mc_compare_job_t *job,
    mc_compare_result_t *result)
{
    result->answer = MC_ANSWER_UNSURE;
}


static void
manual_drain(mc_compare_t *compare)
{
}


static const mc_compare_provider_t  manual = {
    "manual", false, manual_ask, manual_drain
};


const mc_compare_provider_t *
mc_compare_provider(const mc_settings_t *settings)
{
    return settings->compare_http ? &mc_compare_http : &manual;
}


static const char *
file_refused(int fd, bool secret)
{
    struct stat  st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return "is not a regular file";
    }

    if (secret && (st.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        return "can be read or written by others";
    }

    return NULL;
}


static const char *
file_bytes(int fd, size_t max, mc_buf_t *out)
{
    char     bytes[4096];
    ssize_t  n;

    do {
        n = read(fd, bytes, sizeof(bytes));

        if (n > 0 && mc_buf_append(out, bytes, (size_t) n) != MC_OK) {
            return "is too long";
        }
    } while (n > 0 || (n < 0 && errno == EINTR));

    explicit_bzero(bytes, sizeof(bytes));

    return n < 0 ? "cannot be read" : NULL;
}


/* The path ends in NUL: it is of the settings' arena. */
static bool
file_read(mc_str_t path, bool secret, mc_buf_t *out,
    char error[MC_SETTINGS_ERROR])
{
    int          fd;
    const char  *refused;

    fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        refused = errno == ENOENT ? "does not exist" : "cannot be opened";

    } else {
        refused = file_refused(fd, secret);

        if (refused == NULL) {
            refused = file_bytes(fd, out->max, out);
        }

        (void) close(fd);
    }

    if (refused != NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" %s",
                        path.data, refused);
    }

    return refused == NULL;
}


/* A header must not end early nor begin another one. */
static bool
is_token(mc_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] <= ' ' || s.data[i] > '~') {
            return false;
        }
    }

    return s.len > 0;
}


static bool
open_secret(mc_compare_t *compare, mc_str_t path,
    char error[MC_SETTINGS_ERROR])
{
    bool      good;
    mc_buf_t  buf;
    mc_str_t  secret;

    mc_buf_init(&buf, SECRET_MAX);

    good = file_read(path, true, &buf, error);
    secret = mc_buf_view(&buf);

    while (secret.len > 0 && (secret.data[secret.len - 1] == '\n'
                              || secret.data[secret.len - 1] == '\r'))
    {
        secret.len--;
    }

    if (good && !is_token(secret)) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" is not "
                        "one line of printable letters", path.data);
        good = false;
    }

    if (good) {
        compare->http.bearer = mc_arena_printf(&compare->arena,
            "Authorization: Bearer %.*s", (int) secret.len, secret.data);

        if (compare->http.bearer.data == NULL) {
            (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
            good = false;
        }
    }

    mc_buf_wipe(&buf);

    return good;
}


static bool
open_ca(mc_compare_t *compare, mc_str_t path, char error[MC_SETTINGS_ERROR])
{
    bool      good;
    mc_buf_t  buf;

    mc_buf_init(&buf, CA_MAX);

    good = file_read(path, false, &buf, error)
           && mc_buf_byte(&buf, '\0') == MC_OK;

    if (good && strstr((const char *) buf.data, "-----BEGIN CERTIFICATE-----")
                == NULL)
    {
        (void) snprintf(error, MC_SETTINGS_ERROR, "file \"%.120s\" holds no "
                        "certificate in PEM form", path.data);
        good = false;
    }

    if (good) {
        compare->http.ca = mc_arena_str(&compare->arena,
                                (mc_str_t) { (const char *) buf.data,
                                             buf.len - 1 });

        if (compare->http.ca.data == NULL) {
            (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
            good = false;
        }
    }

    mc_buf_free(&buf);

    return good;
}


mc_compare_t *
mc_compare_open(const mc_settings_t *settings, char error[MC_SETTINGS_ERROR])
{
    mc_compare_t  *compare;

    compare = mc_alloc(sizeof(mc_compare_t));

    if (compare == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    compare->provider = mc_compare_provider(settings);
    compare->http.settings = settings;
    mc_arena_init(&compare->arena, 2 * CA_MAX);
    (void) pthread_mutex_init(&compare->mutex, NULL);

    if (!compare->provider->asks) {
        return compare;
    }

    if ((settings->compare_secret.len > 0
         && !open_secret(compare, settings->compare_secret, error))
        || (settings->compare_ca.len > 0
            && !open_ca(compare, settings->compare_ca, error)))
    {
        mc_compare_close(compare);
        return NULL;
    }

    return compare;
}


void
mc_compare_drain(mc_compare_t *compare)
{
    compare->provider->drain(compare);
}


void
mc_compare_close(mc_compare_t *compare)
{
    if (compare == NULL) {
        return;
    }

    mc_compare_drain(compare);
    (void) pthread_mutex_destroy(&compare->mutex);
    mc_arena_free(&compare->arena);
    mc_free(compare);
}


mc_compare_http_t *
mc_compare_http_of(mc_compare_t *compare)
{
    return &compare->http;
}


void
mc_compare_lock(mc_compare_t *compare)
{
    pthread_mutex_lock(&compare->mutex);
}


void
mc_compare_unlock(mc_compare_t *compare)
{
    pthread_mutex_unlock(&compare->mutex);
}


size_t
mc_compare_room(mc_compare_t *compare, size_t most)
{
    size_t  room;

    mc_compare_lock(compare);

    if (mc_breaker_open(&compare->breaker, mc_monotonic())) {
        room = 0;

    } else {
        room = compare->breaker.failures > 0 ? 1 : most;
    }

    mc_compare_unlock(compare);

    return room;
}


void
mc_compare_ask(mc_compare_t *compare, const mc_compare_job_t *job,
    mc_compare_result_t *result)
{
    *result = (mc_compare_result_t) { .answer = MC_ANSWER_RETRY,
                                      .score = -1 };

    mc_compare_lock(compare);
    result->asked = mc_breaker_ask(&compare->breaker, mc_monotonic());
    mc_compare_unlock(compare);

    if (!result->asked) {
        return;
    }

    compare->provider->ask(compare, job, result);

    mc_compare_lock(compare);
    mc_breaker_done(&compare->breaker, mc_monotonic(), !result->failed);
    mc_compare_unlock(compare);
}
