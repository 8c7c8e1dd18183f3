/*
 * Keys of a site, derived from membercert_secret by HKDF, the sealing of
 * personal data and photos at rest (AES-256-GCM), and the signature under
 * statements (ECDSA P-256).
 *
 * Whatever is made is made with the first key of its kind; whoever checks
 * tries all of them.
 *
 * A secret file holds >= 32 bytes (any bytes; trailing line ends are cut);
 * read by nginx's master or by membercertctl before it drops root.  The
 * first file seals, all of them open.  A sealed value starts with one
 * version byte (1) and the first 4 bytes of its key's id.  Read-only after
 * opening; any thread.
 */

#ifndef MC_KEYS_H
#define MC_KEYS_H

#include "mc_buf.h"
#include "mc_crypto.h"
#include "mc_p256.h"

#pragma GCC visibility push(hidden)


#define MC_SECRETS        4
#define MC_SEAL_OVERHEAD  (5 + MC_GCM_OVERHEAD)

#define MC_STATEMENT_KEY_ID  4

/* Signs statements (mc_statement.h).  The id is the first bytes of SHA-256
 * of the public point. */
typedef struct {
    uint8_t  id[MC_STATEMENT_KEY_ID];
    uint8_t  point[MC_P256_POINT];          /* public */
    uint8_t  scalar[MC_P256_SCALAR];        /* private */
} mc_statement_key_t;

typedef struct {
    size_t   count;
    uint8_t  id[MC_SECRETS][4];
    uint8_t  seal[MC_SECRETS][MC_KEY_SIZE];
    uint8_t  audit[MC_SECRETS][MC_KEY_SIZE];
    uint8_t  captcha[MC_SECRETS][MC_KEY_SIZE];  /* seals challenges */
    uint8_t  code[MC_SECRETS][MC_KEY_SIZE];     /* HMAC of recovery codes */
    uint8_t  lookup[MC_SECRETS][MC_KEY_SIZE];   /* HMAC of ID numbers */
    uint8_t  device[MC_SECRETS][MC_KEY_SIZE];   /* HMAC of known devices */
    uint8_t  pseudonym[MC_KEY_SIZE];    /* $membercert_member */

    mc_statement_key_t  statement[MC_SECRETS];  /* the first signs */
} mc_keys_t;

/*
 * Reads the files.  Refused: not a regular file, readable or writable by
 * others, shorter than 32 bytes, longer than 4096.  "error" names the file.
 */
mc_err_t mc_keys_open(mc_keys_t *keys, const mc_str_t *files, size_t count,
    char error[256]);
void mc_keys_wipe(mc_keys_t *keys);

/* "context" names what is sealed and whose it is, e.g. "photo:17:certificate"
 * and must be the same for opening (AAD).  Appends to out. */
mc_err_t mc_seal(const mc_keys_t *keys, const char *context, mc_str_t plain,
    mc_buf_t *out);

/* MC_ECORRUPT when no key opens it. */
mc_err_t mc_unseal(const mc_keys_t *keys, const char *context,
    mc_str_t sealed, mc_buf_t *out);

/* The same into "plain", which has room for sealed.len - MC_SEAL_OVERHEAD
 * bytes (MC_ECORRUPT too where "sealed" is shorter). */
mc_err_t mc_unseal_into(const mc_keys_t *keys, const char *context,
    mc_str_t sealed, uint8_t *plain);

/* Is it sealed with the first secret?  Looks at the id alone. */
bool mc_seal_current(const mc_keys_t *keys, mc_str_t sealed);

/* 16 hex letters that stand for a member in logs; keyed. */
void mc_pseudonym(const mc_keys_t *keys, int64_t member_id, char out[17]);


#pragma GCC visibility pop

#endif /* MC_KEYS_H */
