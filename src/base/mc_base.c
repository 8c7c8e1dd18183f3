/*
 * Strings, error names and the one allocator of the core.
 *
 * Depends on libc only.  Any thread.  The only state is the fail counter of
 * mc_alloc_fail_at(): 0 while no test is at work, so that an allocation
 * costs one relaxed load more than calloc().
 */

#include "mc_base.h"

#include <stdatomic.h>
#include <stdlib.h>


static atomic_ulong  alloc_left;     /* allocations until one fails; 0: off */
static atomic_bool   alloc_after;    /* all later ones fail, too */


mc_str_t
mc_str_from(const char *s)
{
    if (s == NULL) {
        return (mc_str_t) { "", 0 };
    }

    return (mc_str_t) { s, strlen(s) };
}


bool
mc_str_eq(mc_str_t a, mc_str_t b)
{
    return a.len == b.len
           && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}


bool
mc_str_is(mc_str_t a, const char *s)
{
    return mc_str_eq(a, mc_str_from(s));
}


const char *
mc_err_name(mc_err_t err)
{
    switch (err) {
    case MC_OK:         return "ok";
    case MC_EINVAL:     return "invalid";
    case MC_ENOTFOUND:  return "not found";
    case MC_EDENIED:    return "denied";
    case MC_EBUSY:      return "busy";
    case MC_ECROWDED:   return "crowded";
    case MC_ECONFLICT:  return "conflict";
    case MC_ENOMEM:     return "no memory";
    case MC_ETOOBIG:    return "too big";
    case MC_EFULL:      return "disk full";
    case MC_EREADONLY:  return "read-only";
    case MC_ESCHEMA:    return "wrong schema";
    case MC_ECORRUPT:   return "corrupt";
    case MC_EIO:        return "input/output error";
    }

    return "unknown";
}


/*
 * Whether this allocation is the one to fail.  The counter goes down to 1
 * and then either to 0 (once) or stays there (all later ones).
 */
static bool
alloc_refused(void)
{
    unsigned long  left, next;

    left = atomic_load_explicit(&alloc_left, memory_order_relaxed);

    do {
        if (left == 0) {
            return false;
        }

        next = (left == 1 && atomic_load(&alloc_after)) ? 1 : left - 1;

    } while (!atomic_compare_exchange_weak(&alloc_left, &left, next));

    return left == 1;
}


void
mc_alloc_fail_at(unsigned long n, bool after)
{
    atomic_store(&alloc_after, after);
    atomic_store(&alloc_left, n);
}


void *
mc_alloc(size_t size)
{
    if (alloc_refused()) {
        return NULL;
    }

    return calloc(1, size == 0 ? 1 : size);
}


void *
mc_realloc(void *p, size_t size)
{
    if (alloc_refused()) {
        return NULL;
    }

    return realloc(p, size == 0 ? 1 : size);
}


void
mc_free(void *p)
{
    free(p);
}


void
mc_free_wiped(void *p, size_t size)
{
    if (p == NULL) {
        return;
    }

    explicit_bzero(p, size);
    free(p);
}
