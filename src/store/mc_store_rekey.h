/*
 * Sealed values under an earlier secret, a page at a time, and what takes
 * their place.  Part of the interface of mc_store.h.
 *
 * The store compares the id that each sealed value starts with (mc_keys.h);
 * it neither opens nor seals.  Commands only.
 */

#ifndef MC_STORE_REKEY_H
#define MC_STORE_REKEY_H

#include "mc_store.h"

#pragma GCC visibility push(hidden)


typedef enum {
    MC_REKEY_PROFILES = 0,
    MC_REKEY_CODES,             /* secrets of officers' one-time codes */
    MC_REKEY_MESSAGES,          /* that wait in the outbox */
    MC_REKEY_PHOTOS,
    MC_REKEYS
} mc_rekey_kind_t;

typedef struct {
    int64_t   id;
    mc_str_t  type;             /* profiles: the user type */
    mc_str_t  name;             /* profiles: the number; codes: the officer's
                                   name; messages: the dedupe key */
    int64_t   member_id;        /* photos */
    bool      reference;        /* photos */
    mc_str_t  sealed;
    mc_str_t  fresh;            /* takes its place; empty: leave it alone */
} mc_rekey_row_t;

/* Rows behind id "after" whose value does not carry "key_id", in id order,
 * at most "most". */
mc_err_t mc_rekey_page(mc_conn_t *conn, mc_rekey_kind_t kind,
    const uint8_t key_id[4], int64_t after, size_t most, mc_arena_t *arena,
    mc_rekey_row_t *rows, size_t *count);

/* In one transaction, each row that still has the value it was read with;
 * *changed of them. */
mc_err_t mc_rekey_put(mc_conn_t *conn, mc_rekey_kind_t kind,
    const mc_rekey_row_t *rows, size_t count, int64_t *changed);

/* Until when recovery codes that were given out before "before" may be good
 * (their MAC is keyed and cannot be made anew); 0: none is. */
mc_err_t mc_rekey_codes(mc_conn_t *conn, int64_t before, int64_t *until);


#pragma GCC visibility pop

#endif /* MC_STORE_REKEY_H */
