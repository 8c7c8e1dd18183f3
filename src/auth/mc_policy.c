/*
 * The rules of a new password, and the file of the operator's list.
 *
 * Depends on domain (settings, problems) and the other mc_policy_*.c.  The
 * file is read while configuration is; checks run in pool threads and
 * commands.
 */

#include "mc_policy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mc_utf8.h"


struct mc_policy_s {
    bool              djcp;
    uint32_t          min;              /* code points */
    char              min_text[16];
    char              max_text[16];
    mc_policy_list_t  list;
};


static mc_err_t
file_fault(char error[MC_SETTINGS_ERROR], const char *path, const char *why)
{
    (void) snprintf(error, MC_SETTINGS_ERROR, "%.160s: %.60s", path,
                    why);

    return MC_EINVAL;
}


/* All bytes of a regular file; *out from mc_alloc(). */
static mc_err_t
file_bytes(const char *path, char **out, size_t *len,
    char error[MC_SETTINGS_ERROR])
{
    int          fd;
    char        *bytes;
    ssize_t      n;
    size_t       got, size;
    mc_err_t     err;
    struct stat  st;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return file_fault(error, path, strerror(errno));
    }

    bytes = NULL;
    err = MC_EINVAL;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void) file_fault(error, path, "not a regular file");
        goto done;
    }

    if (st.st_size > MC_POLICY_LIST_BYTES) {
        (void) file_fault(error, path, "longer than 64 MiB");
        goto done;
    }

    size = (size_t) st.st_size;
    bytes = mc_alloc(size + 1);

    if (bytes == NULL) {
        (void) file_fault(error, path, "out of memory");
        err = MC_ENOMEM;
        goto done;
    }

    for (got = 0; got < size; got += (size_t) n) {
        n = read(fd, bytes + got, size - got);

        if (n <= 0) {
            (void) file_fault(error, path, n < 0 ? strerror(errno)
                                                 : "shrank while read");
            goto done;
        }
    }

    *out = bytes;
    *len = size;
    bytes = NULL;
    err = MC_OK;

done:

    mc_free(bytes);
    close(fd);

    return err;
}


static mc_err_t
list_load(mc_policy_list_t *list, mc_str_t file,
    char error[MC_SETTINGS_ERROR])
{
    char        *bytes;
    char         path[4096];
    size_t       len, line;
    mc_err_t     err;
    const char  *why;

    if (file.len >= sizeof(path)) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "blocklist= is too long");
        return MC_EINVAL;
    }

    memcpy(path, file.data, file.len);
    path[file.len] = '\0';

    err = file_bytes(path, &bytes, &len, error);

    if (err != MC_OK) {
        return err;
    }

    err = mc_policy_list_parse(list, (mc_str_t) { bytes, len }, &line, &why);

    mc_free(bytes);

    if (err == MC_ENOMEM) {
        (void) file_fault(error, path, "out of memory");

    } else if (err != MC_OK) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "%.160s:%zu: %.60s",
                        path, line, why);
    }

    return err;
}


mc_policy_t *
mc_policy_open(const mc_settings_t *settings, char error[MC_SETTINGS_ERROR])
{
    mc_policy_t  *policy;

    policy = mc_alloc(sizeof(mc_policy_t));

    if (policy == NULL) {
        (void) snprintf(error, MC_SETTINGS_ERROR, "out of memory");
        return NULL;
    }

    policy->djcp = settings->password_djcp;
    policy->min = settings->password_min;

    (void) snprintf(policy->min_text, sizeof(policy->min_text), "%u",
                    (unsigned) policy->min);
    (void) snprintf(policy->max_text, sizeof(policy->max_text), "%d",
                    MC_POLICY_MAX);

    if (settings->password_blocklist.len > 0
        && list_load(&policy->list, settings->password_blocklist, error)
           != MC_OK)
    {
        mc_policy_close(policy);
        return NULL;
    }

    return policy;
}


void
mc_policy_close(mc_policy_t *policy)
{
    if (policy != NULL) {
        mc_policy_list_free(&policy->list);
        mc_free(policy);
    }
}


static void
context_put(mc_policy_context_t *context, mc_str_t word)
{
    if (word.len >= 3 && context->count < MC_POLICY_CONTEXT) {
        context->words[context->count++] = word;
    }
}


void
mc_policy_context_add(mc_policy_context_t *context, mc_str_t word)
{
    size_t  i, start;

    context_put(context, word);

    if (word.len == 0 || memchr(word.data, '@', word.len) == NULL) {
        return;
    }

    for (start = 0, i = 0; i <= word.len; i++) {
        if (i == word.len || strchr("@.-_+", word.data[i]) != NULL) {
            context_put(context, (mc_str_t) { word.data + start,
                                              i - start });
            start = i + 1;
        }
    }
}


/* How many of: small letters, capitals, digits, anything else. */
static unsigned
classes(mc_str_t password)
{
    char      c;
    size_t    i;
    unsigned  seen;

    seen = 0;

    for (i = 0; i < password.len; i++) {
        c = password.data[i];

        seen |= c >= 'a' && c <= 'z' ? 1u
                : c >= 'A' && c <= 'Z' ? 2u
                : c >= '0' && c <= '9' ? 4u : 8u;
    }

    return (seen & 1) + (seen >> 1 & 1) + (seen >> 2 & 1) + (seen >> 3 & 1);
}


bool
mc_policy_check(const mc_policy_t *policy, mc_str_t password,
    const mc_policy_context_t *context, mc_problems_t *problems)
{
    size_t         before;
    mc_problem_t  *problem;

    before = problems->count;

    if (password.len > MC_POLICY_MAX) {
        problem = mc_problem_add(problems, MC_P_PASSWORD_LONG);
        mc_problem_arg(problem, "max", mc_str_from(policy->max_text),
                       mc_str_null);
        return false;
    }

    if (mc_utf8_count(password) < policy->min) {
        problem = mc_problem_add(problems, MC_P_PASSWORD_SHORT);
        mc_problem_arg(problem, "min", mc_str_from(policy->min_text),
                       mc_str_null);
    }

    if (policy->djcp && classes(password) < 3) {
        (void) mc_problem_add(problems, MC_P_PASSWORD_CLASSES);
    }

    if (mc_policy_points(password, &policy->list, NULL) < MC_POLICY_POINTS) {
        (void) mc_problem_add(problems, MC_P_PASSWORD_COMMON);

    } else if (context != NULL
               && mc_policy_points(password, &policy->list, context)
                  < MC_POLICY_POINTS)
    {
        (void) mc_problem_add(problems, MC_P_PASSWORD_CONTEXT);
    }

    return problems->count == before;
}
