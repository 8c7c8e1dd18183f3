/*
 * The one interface to what is kept: members, sessions, photos, cases,
 * confirmations, consents, audit.  SQLite stands behind it
 * (mc_store_sqlite.h); nothing above this header knows.
 *
 * The store sees sealed bytes only (profile, photos); it neither seals nor
 * opens.  All functions block: pool threads and commands, never the loop.
 *
 * A mc_store_t is shared by all threads of a process and hands out
 * connections; a mc_conn_t is used by one thread at a time.  Nothing is
 * opened before the first mc_store_acquire(), so the object may be made in
 * nginx's master and carried over fork.
 *
 * Every write function is one transaction that holds the writer lock (an
 * in-process mutex, then flock on DIR/lock, one deadline of 5 s for both),
 * checks what it must (session, epoch, revision) inside, writes its audit
 * row, and is durable when it returns MC_OK.
 *
 * Common results: MC_EBUSY lock or database busy, MC_ECROWDED too many wait
 * for it; MC_EFULL; MC_EREADONLY; MC_ESCHEMA no store, or of another
 * user_version; MC_ECORRUPT; MC_EIO; MC_ENOMEM.  Strings go to the caller's
 * arena.
 *
 * Lists and scans read a page and then visit, with nothing open: a visit
 * may take its time and may itself read and write through the connection.
 */

#ifndef MC_STORE_H
#define MC_STORE_H

#include "mc_arena.h"
#include "mc_changed.h"
#include "mc_comparison.h"
#include "mc_member.h"

#pragma GCC visibility push(hidden)


#define MC_STORE_VERSION   5        /* PRAGMA user_version */
#define MC_STORE_DEADLINE  5000     /* ms for the writer lock */
#define MC_AUDIT_KEYS      4

typedef struct mc_store_s  mc_store_t;
typedef struct mc_conn_s   mc_conn_t;

typedef struct {
    mc_str_t        dir;            /* absolute path of the folder */
    const uint8_t  *audit_key;      /* 32 bytes; copied: rows get it */
    const uint8_t  *audit_old;      /* audit_olds times 32 bytes, of earlier
                                       secrets; copied: rows may have them */
    size_t          audit_olds;     /* < MC_AUDIT_KEYS */
    uint32_t        writers;        /* most threads that wait for the lock,
                                       of all stores of this folder in the
                                       process; the next gets MC_ECROWDED at
                                       once; 0: no such bound */
    uint32_t        deadline_ms;    /* 0: MC_STORE_DEADLINE */
} mc_store_options_t;

/* Only memory; MC_ENOMEM. */
mc_err_t mc_store_open(mc_store_t **store, const mc_store_options_t *options);

/* Closes all connections; none may be in use.  NULL is fine. */
void mc_store_close(mc_store_t *store);

/* Closes idle connections (exit_process; before dropping privileges). */
void mc_store_drain(mc_store_t *store);

/* A connection of this thread's own until it is released.  Opens files on
 * first use; checks user_version.  One that failed or whose files were
 * replaced is not handed out again, so a store that recovers is usable
 * without a restart.  A planted symbolic link is MC_EIO. */
mc_err_t mc_store_acquire(mc_store_t *store, mc_conn_t **conn);
void mc_store_release(mc_store_t *store, mc_conn_t *conn);

/* Adds to "out" whom the connection has written about since it was acquired
 * or last asked: each member an audit row was appended for, also where the
 * transaction was rolled back afterwards. */
void mc_store_changed(mc_conn_t *conn, mc_changed_t *out);

/* A short English hint for the log after a failure on this store ("missing:
 * run membercertctl init", "read-only"); never holds data. */
const char *mc_store_hint(mc_err_t err);


/* --- administration (mc_store_admin.c) ------------------------------- */

/* Makes the lock file and both databases in an existing folder; fails with
 * MC_ECONFLICT when they are there. */
mc_err_t mc_store_create(mc_str_t dir);

/* Steps from the present user_version to MC_STORE_VERSION; *from tells where
 * it stood.  Also completes a creation that was interrupted (from 0). */
mc_err_t mc_store_migrate(mc_str_t dir, int *from);

typedef struct {
    int64_t  members;
    int64_t  photos;
    int64_t  confirmations;
    int64_t  sessions;
    int64_t  audit_rows;
    int64_t  bad_photos;        /* hash of the sealed bytes does not fit */
    int64_t  lost_photos;       /* pointers without a photo */
    int64_t  orphan_photos;     /* photos nothing points to */
    bool     integrity;         /* PRAGMA integrity_check of both files */
    char     first[160];        /* what was found first */
} mc_store_report_t;

mc_err_t mc_store_check(mc_conn_t *conn, mc_store_report_t *report);

/* Consistent copy into an existing empty folder (MC_ECONFLICT: not empty,
 * MC_ENOTFOUND: none); core.db first, then photo.db, then the lock file. */
mc_err_t mc_store_backup(mc_conn_t *conn, mc_str_t target_dir);

/* Ended sessions, recovery codes that ended a day ago, messages that left
 * or died 30 days ago, password hashes beyond the last five, orphan photos
 * older than a day, and photos of closed cases and mismatches older than 30
 * days that no member and no confirmation needs (the case stays).  Photos are
 * left for the next time while a backup runs.  Looks at every photo's id
 * (about 20 us each), so it stops at "until" (mc_monotonic(); 0: never). */
mc_err_t mc_store_gc(mc_conn_t *conn, int64_t now, int64_t until,
    int64_t *removed);


/* --- audit ------------------------------------------------------------ */

/* Who acts; goes into the audit row.  No personal data. */
typedef struct {
    const char *actor;          /* "member" "admin" "work" "officer 7" */
    mc_str_t    address;        /* text of the IP address; may be empty */
    mc_str_t    request_id;     /* may be empty */
    int64_t     now;

    /* An officer acts: what is recorded is checked (mc_store_officer.h);
     * NULL otherwise. */
    const struct mc_officer_guard_s *officer;
} mc_actor_t;

typedef struct {
    int64_t     seq;
    int64_t     at;
    int64_t     member_id;      /* 0: none */
    mc_str_t    actor;
    mc_str_t    action;         /* "login" "logout" "save" "upload" "decide"
                                   "compare" "confirm" "consent" "status"
                                   "passwd" "reauth" "import"
                                   "reset" */
    mc_str_t    result;         /* "ok" or a code; ids only, no values */
    mc_str_t    address;
    mc_str_t    request_id;
    uint8_t     mac[32];
} mc_audit_row_t;

/* An act of an administrator that has no other transaction. */
mc_err_t mc_audit_write(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t member_id, const char *action, const char *result);

typedef mc_err_t (*mc_audit_visit_pt)(void *data, const mc_audit_row_t *row);

/* Recomputes the chain; MC_EDENIED with *bad_seq of the first row that does
 * not fit (changed, removed, reordered); *head is the last row's MAC.  visit
 * may be NULL. */
mc_err_t mc_audit_verify(mc_conn_t *conn, mc_audit_visit_pt visit,
    void *data, int64_t *rows, int64_t *bad_seq, uint8_t head[32]);


/* --- members ----------------------------------------------------------- */

typedef struct {
    mc_member_t  member;        /* value_count = 0: the profile is sealed */
    mc_str_t     sealed_profile;
} mc_member_row_t;

mc_err_t mc_member_by_no(mc_conn_t *conn, mc_str_t user_type,
    mc_str_t member_no, mc_arena_t *arena, mc_member_row_t *out);
mc_err_t mc_member_by_id(mc_conn_t *conn, int64_t id, mc_arena_t *arena,
    mc_member_row_t *out);

/* All rows in id order; stops when visit does not answer MC_OK.  The row's
 * strings are valid during the visit. */
typedef mc_err_t (*mc_member_visit_pt)(void *data,
    const mc_member_row_t *row);
mc_err_t mc_member_scan(mc_conn_t *conn, mc_member_visit_pt visit,
    void *data);

mc_err_t mc_institute_get(mc_conn_t *conn, mc_str_t code, mc_arena_t *arena,
    mc_institute_t *out);
mc_err_t mc_institute_list(mc_conn_t *conn, mc_arena_t *arena,
    mc_institute_t **out, size_t *count);

/* The session in whose name a member writes; checked in the transaction:
 * MC_EDENIED when it or its epoch is gone. */
typedef struct {
    const uint8_t *hash;        /* NULL: an administrator acts */
    int64_t        epoch;
} mc_write_guard_t;

/* Saves columns and sealed profile where the revision still is "revision";
 * MC_ECONFLICT otherwise.  *new_revision is the one after. */
mc_err_t mc_member_save(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_member_t *member,
    mc_str_t sealed_profile, int64_t *new_revision);

/* Status, disabled.  The latter raises the epoch and ends sessions, as
 * mc_store_password.h does. */
mc_err_t mc_member_set_status(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t id, mc_status_t status);
mc_err_t mc_member_set_disabled(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t id, bool disabled);

/*
 * Import: many upserts in one transaction, which holds the writer lock from
 * begin to commit or abort.  After MC_EINVAL (no such institute, no user
 * type ...) and MC_ECONFLICT of a row the transaction stands, and the row
 * may be given again; any other failure leaves only abort (a commit then
 * aborts and answers it).
 *
 * A row that says nothing new is not written.  Sealing is random: pass the
 * stored sealed bytes again where the values in them are the same.
 * member.revision other than 0 is the revision the row was merged with:
 * MC_ECONFLICT when it is another by now.
 */
typedef struct mc_import_s  mc_import_t;

typedef struct {
    mc_member_t  member;        /* id 0; key is (user_type, member_no) */
    mc_str_t     sealed_profile;    /* complete, merged by the caller */
    bool         set_password;      /* member.password_hash is to be written */
    bool         only_first;        /* ... where there is none: MC_ECONFLICT
                                       when there is another by now */
    bool         changed;           /* out: row inserted or altered */
} mc_import_member_t;

mc_err_t mc_import_begin(mc_conn_t *conn, mc_import_t **import);
mc_err_t mc_import_institute(mc_import_t *import,
    const mc_institute_t *institute, bool *changed);
mc_err_t mc_import_member(mc_import_t *import, mc_import_member_t *row);
mc_err_t mc_import_commit(mc_import_t *import, const mc_actor_t *actor,
    const char *result);
void mc_import_abort(mc_import_t *import);      /* NULL is fine */


/* --- sessions ---------------------------------------------------------- */

typedef enum { MC_CLIENT_WEB = 0, MC_CLIENT_MINI } mc_client_t;

typedef struct {
    uint8_t      hash[32];
    int64_t      member_id;
    int64_t      epoch;
    mc_client_t  client;
    int64_t      created;       /* ms */
    int64_t      last_seen;
    int64_t      expires;       /* absolute end */
    int64_t      confirmed;     /* when the password was last given; 0:
                                   unknown; not read by list */
    int64_t      public_id;     /* 1 .. 2^53 - 1, random: the member's name
                                   for it */
    mc_str_t     label;         /* of the device; not read by get */
    mc_str_t     address;       /* of the log-in; not read by get */
} mc_session_row_t;

/* Sessions that ended, for whoever keeps copies; what does not fit is
 * dropped all the same. */
#define MC_SESSIONS_ENDED  128

typedef struct {
    size_t   count;
    uint8_t  hashes[MC_SESSIONS_ENDED][32];
} mc_sessions_ended_t;

/* Writes the session, removes the member's oldest beyond "most", ended ones
 * and the one with the hash "was" (whoever's; NULL: none), replaces the
 * password hash when "rehash" is not empty and the old one still is "phc";
 * MC_EDENIED when the epoch or "disabled" changed.  "ended" may be NULL. */
mc_err_t mc_session_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_session_row_t *session, uint32_t most, mc_str_t phc,
    mc_str_t rehash, const uint8_t *was, mc_sessions_ended_t *ended);

/* MC_ENOTFOUND; the epoch inside is that of the session, *member_epoch and
 * *disabled those of the member now. */
mc_err_t mc_session_get(mc_conn_t *conn, const uint8_t hash[32],
    mc_session_row_t *out, int64_t *member_epoch, bool *disabled);

/* MC_ENOTFOUND when it is gone. */
mc_err_t mc_session_touch(mc_conn_t *conn, const uint8_t hash[32],
    int64_t now);

/* The password was given again in the guard's session, at actor->now:
 * MC_EDENIED when that is gone. */
mc_err_t mc_session_confirm(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id);

/* MC_ENOTFOUND when there is none; then the writer lock was not asked for,
 * so that made-up tokens cannot keep writers waiting. */
mc_err_t mc_session_drop(mc_conn_t *conn, const mc_actor_t *actor,
    const uint8_t hash[32]);

/* The member's sessions of this epoch that have not reached their absolute
 * end, the last seen first, at most "max". */
mc_err_t mc_session_list(mc_conn_t *conn, int64_t member_id, int64_t epoch,
    int64_t now, mc_arena_t *arena, mc_session_row_t *out, size_t max,
    size_t *count);

/* Ends the member's session with this public id (0: all but the guard's
 * own), in the name of the guard's session: MC_EDENIED when that is gone,
 * MC_ENOTFOUND when the member has no such session. */
mc_err_t mc_session_end(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id, int64_t public_id,
    mc_sessions_ended_t *ended);


/* --- photos and cases ---------------------------------------------------- */

typedef struct {
    int64_t   id;
    int64_t   member_id;
    bool      reference;            /* else for the certificate */
    uint8_t   plain_sha256[32];     /* of the stored JPEG before sealing */
    mc_str_t  sealed;
    int64_t   at;
} mc_photo_row_t;

typedef struct {
    int64_t          id;
    int64_t          member_id;
    int64_t          photo_id;
    uint8_t          plain_sha256[32];
    mc_case_state_t  state;
    mc_str_t         reason;        /* officer's words or a code */
    int64_t          at;            /* upload */
    int64_t          decided_at;    /* 0: not yet */
    bool             declared;      /* S27 was ticked */

    /* of the comparison */
    int64_t          next_try;      /* while it is pending */
    uint32_t         tries;         /* the provider was asked so often */
    mc_str_t         result;        /* its word; empty: none */
    int32_t          score;         /* of 10,000; -1: none */
    mc_str_t         model;         /* who compared, by its own name */
    mc_str_t         warnings;      /* of the content checks, for officers */
} mc_case_row_t;

/* MC_ENOTFOUND; MC_ECORRUPT when the sealed bytes fail their hash. */
mc_err_t mc_photo_get(mc_conn_t *conn, int64_t photo_id, mc_arena_t *arena,
    mc_photo_row_t *out);

/* The same without that hash, which costs more than all the rest: for one
 * who opens the seal, where damage shows as well. */
mc_err_t mc_photo_load(mc_conn_t *conn, int64_t photo_id, mc_arena_t *arena,
    mc_photo_row_t *out);

/* A reserved photo id: the caller needs it to seal (AAD) before the write.
 * Mostly from memory; each 32nd call of a process is a small commit. */
mc_err_t mc_photo_reserve(mc_conn_t *conn, int64_t *photo_id);

/* What one upload is measured by, inside its transaction. */
typedef struct {
    uint32_t  attempts;     /* member.attempts has come to this:
                               MC_ECONFLICT */
    uint32_t  daily;        /* cases in 24 h have: MC_ETOOBIG; 0: any
                               number */
    int64_t   same;         /* newest case of the same pixels that is not
                               closed, as the caller read it (0: none);
                               another by now: MC_ECONFLICT */
    bool      overtaken;    /* out: that was why */
    int64_t   until;        /* out, with MC_ETOOBIG: when the next may come */
} mc_upload_t;

#define MC_SAME_ANY  (-1)   /* mc_upload_t.same: do not look */

/*
 * One upload: photo row committed in photo.db first, then in core.db the
 * case, older waiting cases closed.  What is refused stores nothing.
 *
 * out->state is read: MC_CASE_REVIEW starts the case there (no provider is
 * asked), with out->reason; anything else is MC_CASE_PENDING and due at
 * once.  out->warnings are kept with it.  Then "out" is the new case.
 */
mc_err_t mc_photo_upload(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, const mc_photo_row_t *photo,
    mc_upload_t *upload, bool declared, mc_case_row_t *out);

/* A photo put on record by the institute (import photos): becomes current
 * (certificate) or the reference at once. */
mc_err_t mc_photo_record(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_photo_row_t *photo);

/* Newest case of the member; MC_ENOTFOUND. */
mc_err_t mc_case_newest(mc_conn_t *conn, int64_t member_id,
    mc_arena_t *arena, mc_case_row_t *out);

/* Newest case with the same plain hash that is not closed;
 * MC_ENOTFOUND. */
mc_err_t mc_case_same(mc_conn_t *conn, int64_t member_id,
    const uint8_t plain_sha256[32], mc_arena_t *arena, mc_case_row_t *out);

typedef mc_err_t (*mc_case_visit_pt)(void *data, const mc_case_row_t *row,
    const mc_member_t *member);
/* state MC_CASE_NONE: all states. */
mc_err_t mc_case_list(mc_conn_t *conn, mc_case_state_t state,
    mc_case_visit_pt visit, void *data);

/* Decides the waiting case of this photo: MC_ENOTFOUND no such photo,
 * MC_ECONFLICT when it is not the waiting one any more. */
mc_err_t mc_case_decide(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t photo_id, mc_case_event_t event, mc_str_t reason,
    mc_case_row_t *out, mc_arena_t *arena);

/*
 * The comparison as a durable job (mc_store_compare.c): a pending case is
 * taken under a lease, and whoever has it records a result or puts it back.
 * A taker that dies leaves nothing behind: the case is due again when its
 * lease has ended.
 */
typedef struct {
    int64_t   id;
    int64_t   member_id;
    int64_t   photo_id;
    int64_t   reference_id;         /* 0: none on record */
    int64_t   at;                   /* upload */
    int64_t   lease;                /* ms; its end, and whose it is */
    uint32_t  tries;                /* asked so often before */
    mc_str_t  user_type;
    mc_str_t  member_no;
} mc_case_due_t;

/* At most "max" cases that are due at actor->now, the longest due first, for
 * "lease" ms.  None due: *count is 0 and nothing was locked or written. */
mc_err_t mc_case_take(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t lease, mc_arena_t *arena, mc_case_due_t *out, size_t max,
    size_t *count);

typedef struct {
    mc_case_event_t  event;         /* MC_CASE_SAYS_... */
    mc_str_t         reason;        /* code, or empty */
    mc_str_t         result;        /* the provider's word; empty: it was
                                       not asked */
    int32_t          score;         /* -1: none */
    mc_str_t         model;
} mc_case_result_t;

/* Records it where the lease is still ours, the case still waits and the
 * reference is the one it was taken with (a mismatch costs its attempt in
 * the same transaction); else MC_ECONFLICT, and the result is dropped. */
mc_err_t mc_case_result(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due, const mc_case_result_t *result);

/* Puts it back until "next_try"; "asked": the provider was asked in vain.
 * MC_ECONFLICT as above. */
mc_err_t mc_case_later(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_case_due_t *due, int64_t next_try, bool asked);

/* Cases that wait since "before" and were not counted here yet; each is
 * counted once. */
mc_err_t mc_case_late(mc_conn_t *conn, int64_t before, int64_t *count);

/* Gives the attempts back and closes the newest case where MC_CASE_RESET
 * has a meaning for it. */
mc_err_t mc_case_reset(mc_conn_t *conn, const mc_actor_t *actor,
    int64_t member_id);


/* --- consent and confirmation ---------------------------------------- */

mc_err_t mc_consent_put(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t member_id, const char *document,
    mc_str_t version, bool accepted);

/* MC_ENOTFOUND: never asked, or the last word was no. */
mc_err_t mc_consent_get(mc_conn_t *conn, int64_t member_id,
    const char *document, mc_str_t version);

/* The last word on it; MC_ENOTFOUND: never asked. */
mc_err_t mc_consent_said(mc_conn_t *conn, int64_t member_id,
    const char *document, mc_str_t version, bool *accepted);

typedef struct mc_known_key_s  mc_known_key_t;

typedef struct {
    int64_t   serial;
    int64_t   member_id;
    char      version[65];
    mc_str_t  frozen;           /* JSON of mc_certificate_write() */
    int64_t   photo_id;
    mc_str_t  code;
    int64_t   at;
    int64_t   superseded_at;    /* 0: the valid one */
    int64_t   revoked_at;       /* 0: it is not */
    mc_str_t  reason;           /* of the last revoking or giving back;
                                   empty: there was neither */
    mc_str_t  statement;        /* decimal digits; empty: none was made */
    int64_t   erased_at;        /* a tombstone: frozen and statement are
                                   empty, photo_id 0, version all zeros */

    /* what is written beside it, not read: the statement's key
     * (mc_store_issue.h); NULL without a statement */
    const mc_known_key_t  *key;
} mc_confirmation_row_t;

/*
 * Freezes: inserts a confirmation unless the newest has this version and
 * is not revoked (*created false, and "confirmation" becomes that row with
 * its strings in the arena), supersedes the older one, and makes
 * confirmation->photo_id the current photo (its case: confirmed).  In:
 * member_id, version, frozen, photo_id, code, at, statement and key; out
 * also: serial.
 *
 * MC_ECONFLICT when the member's revision or newest case (0: none) changed
 * since "revision" / "case_id" were read, or when photo_id is neither the
 * current photo nor that of the newest, matched case.
 */
mc_err_t mc_confirm(mc_conn_t *conn, const mc_actor_t *actor,
    const mc_write_guard_t *guard, int64_t revision, int64_t case_id,
    mc_arena_t *arena, mc_confirmation_row_t *confirmation, bool *created);

/* The newest of the member; MC_ENOTFOUND. */
mc_err_t mc_confirmation_newest(mc_conn_t *conn, int64_t member_id,
    mc_arena_t *arena, mc_confirmation_row_t *out);

typedef mc_err_t (*mc_confirmation_visit_pt)(void *data,
    const mc_confirmation_row_t *row);
/* In serial order those with at >= since (ms). */
mc_err_t mc_confirmation_scan(mc_conn_t *conn, int64_t since,
    mc_confirmation_visit_pt visit, void *data);


#pragma GCC visibility pop

#endif /* MC_STORE_H */
