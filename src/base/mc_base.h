/*
 * The words every room shares: result codes, a counted string, allocation.
 *
 * Depends on libc only.  Any thread.
 *
 * mc_err_t is for failures below the service; a refusal meant for a person
 * is a code of the problem table (domain/mc_problem.h).
 */

#ifndef MC_BASE_H
#define MC_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma GCC visibility push(hidden)


typedef enum {
    MC_OK = 0,
    MC_EINVAL,       /* malformed or out of range */
    MC_ENOTFOUND,
    MC_EDENIED,      /* authentication or integrity check failed */
    MC_EBUSY,        /* a lock or queue did not come free in time */
    MC_ECROWDED,     /* as many wait already as may */
    MC_ECONFLICT,    /* the row changed meanwhile */
    MC_ENOMEM,
    MC_ETOOBIG,      /* a bound of ours was reached */
    MC_EFULL,        /* disk full */
    MC_EREADONLY,
    MC_ESCHEMA,      /* store of another schema version, or none */
    MC_ECORRUPT,     /* stored bytes fail their hash or cannot be opened */
    MC_EIO
} mc_err_t;

/* Text or bytes by length; never assumed to end in NUL. */
typedef struct {
    const char *data;
    size_t      len;
} mc_str_t;

#define mc_str(literal)  ((mc_str_t) { literal, sizeof(literal) - 1 })
#define mc_str_null      ((mc_str_t) { NULL, 0 })

/* "s" may be NULL, which gives the empty string. */
mc_str_t mc_str_from(const char *s);
bool mc_str_eq(mc_str_t a, mc_str_t b);
bool mc_str_is(mc_str_t a, const char *s);

/* The name of an error for a log line: "busy", "corrupt" ... */
const char *mc_err_name(mc_err_t err);

/*
 * All heap memory of the core.  mc_alloc() gives zeroed memory or NULL.
 * mc_alloc_fail_at(n) makes the n-th following allocation fail, once (and
 * with "after" all later ones too); n = 0 switches it off.  Tests only.
 */
void *mc_alloc(size_t size);
void *mc_realloc(void *p, size_t size);
void mc_free(void *p);
void mc_alloc_fail_at(unsigned long n, bool after);

/* Overwrites, then frees; for secrets. */
void mc_free_wiped(void *p, size_t size);

#define mc_count(array)  (sizeof(array) / sizeof((array)[0]))


#pragma GCC visibility pop

#endif /* MC_BASE_H */
