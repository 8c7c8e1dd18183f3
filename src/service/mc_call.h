/*
 * What every use case gets and gives: who asks, faults, effects, memory.
 *
 * The loop fills "in" parts, a thread runs one mc_x_run(), the loop reads
 * "out" parts.  No nginx object is reachable from here; while the thread
 * runs, the loop touches none of it.  All strings that go in are copied to
 * the call's arena first; all that come out live in it.
 */

#ifndef MC_CALL_H
#define MC_CALL_H

#include "mc_arena.h"
#include "mc_effect.h"
#include "mc_problem.h"
#include "mc_site.h"
#include "mc_store_officer.h"

#pragma GCC visibility push(hidden)


#define MC_CALL_ARENA  (2 * 1024 * 1024)

typedef struct {
    bool     present;           /* a token came with the request */
    uint8_t  hash[32];
    bool     trusted;           /* the zone vouches for it (checked <= 30 s
                                   ago): a read may skip the session row */
    int64_t  member_id;         /* when trusted */
    int64_t  epoch;             /* when trusted */
} mc_credential_t;

/* An officer asks instead of a member: about a photo, or about a member, or
 * about neither.  Where a use case of members is run for an officer, it is
 * about that member. */
typedef struct {
    /* in */
    bool                  asks;         /* it came to an officer's location */
    int64_t               photo_id;     /* 0: none */
    mc_str_t              user_type;
    mc_str_t              member_no;

    /* from mc_call_officer() */
    bool                  known;
    mc_officer_row_t      row;
    mc_officer_session_t  session;
    mc_officer_guard_t    guard;
    char                  actor[32];    /* "officer 7" */

    /* from mc_call_desk_member() */
    int64_t               reference_id; /* 0: none */
} mc_call_officer_t;

#define MC_OFFICER_IDLE   INT64_C(900000)       /* 15 min */
#define MC_OFFICER_LIFE   INT64_C(28800000)     /* 8 h */
#define MC_OFFICER_TOUCH  INT64_C(60000)        /* last_seen is kept so old */

typedef struct {
    /* in */
    const mc_site_t  *site;
    mc_credential_t   credential;
    mc_str_t          address;      /* client IP as text */
    mc_str_t          request_id;   /* 32 hex letters */
    int64_t           now;          /* ms */
    mc_call_officer_t officer;
    bool              due_ok;       /* also for a member whose password must
                                       be changed first (mc_new_password.h) */

    /* out */
    mc_problems_t     problems;     /* count 0: success */
    mc_effects_t      effects;
    int64_t           member_id;    /* who it turned out to be; 0: unknown */
    const char       *hint;         /* for the error log, once; or NULL */

    mc_arena_t        arena;
} mc_call_t;

void mc_call_init(mc_call_t *call, const mc_site_t *site);
void mc_call_free(mc_call_t *call);

/* --- parts shared by the use cases (mc_call.c); threads only ------------ */

/* The call's connection; adds service_busy or service_unavailable.  done()
 * notes whom it wrote about in the effects. */
mc_conn_t *mc_call_conn(mc_call_t *call);
void mc_call_done(mc_call_t *call, mc_conn_t *conn);

/* Adds the problem for a failure below, sets the hint; answers false, so
 * that a step may end with: return mc_call_fail(call, err). */
bool mc_call_fail(mc_call_t *call, mc_err_t err);

/* Adds a refusal without arguments; answers false. */
bool mc_call_refuse(mc_call_t *call, mc_problem_code_t code);

/* When a session row ends: the nearer of idle and absolute end, ms. */
int64_t mc_call_session_end(const mc_call_t *call,
    const mc_session_row_t *row);

/*
 * Reads and checks the session row, whether trusted or not; afterwards the
 * credential is trusted and call->member_id set.  Refuses session_expired.
 * Notes SESSION_PUT, touches last_seen when it is older than 5 minutes.
 */
bool mc_call_session(mc_call_t *call, mc_conn_t *conn,
    mc_session_row_t *row);

/* Was the password given in this session not long ago
 * (settings->session_fresh)?  Refuses reauth_needed.  The row is one that
 * mc_call_session() has just read: the zone does not know. */
bool mc_call_fresh(mc_call_t *call, const mc_session_row_t *row);

/*
 * Who asks: reads the session (unless trusted) and the member, opens the
 * profile.  Refuses session_expired, and password_expired unless
 * call->due_ok.  Notes SESSION_PUT, touches last_seen
 * when it is older than 5 minutes.  Fills member and guard.  In an officer's
 * call: mc_call_desk_member(), and the guard is the actor's.
 */
bool mc_call_member(mc_call_t *call, mc_conn_t *conn, mc_member_t *member,
    mc_write_guard_t *guard);

/* The parts of that for whoever reads the member's row with more beside
 * it: which member a member's call is about (refuses session_expired), and
 * whether the row lets him in (NULL: there is none); fills the guard. */
bool mc_call_whose(mc_call_t *call, mc_conn_t *conn, int64_t *member_id);
bool mc_call_admit(mc_call_t *call, const mc_member_t *member,
    mc_write_guard_t *guard);

/* Opens the row's profile into *member. */
bool mc_call_profile(mc_call_t *call, const mc_member_row_t *row,
    mc_member_t *member);

/* An officer's session; refuses session_expired.  Touches last_seen when it
 * is older than a minute (mc_call_officer.c). */
bool mc_call_officer(mc_call_t *call, mc_conn_t *conn);

/* The session and the member the call is about; refuses not_found also for
 * a member of another institute. */
bool mc_call_desk_member(mc_call_t *call, mc_conn_t *conn,
    mc_member_t *member);

/* When an officer's session ends, ms; and officer->actor of its row. */
int64_t mc_call_officer_end(const mc_officer_session_t *session);
void mc_call_officer_name(mc_call_officer_t *officer);

/* The member's institute; an unknown code gives an empty one. */
bool mc_call_institute(mc_call_t *call, mc_conn_t *conn,
    const mc_member_t *member, mc_institute_t *out);

/* The argument "contact" of a problem: the institute's line. */
void mc_call_contact(mc_call_t *call, const mc_institute_t *institute,
    mc_problem_t *problem);

void mc_call_actor(const mc_call_t *call, mc_actor_t *actor);

/*
 * Notes an act that changes nothing (a download, a look, a failure) for the
 * audit, which has it within a second (MC_EFFECT_AUDIT): about
 * call->member_id, by whoever asks.  "action" is a literal; the result holds
 * ids and codes, never a value (mc_call_note.c).
 */
void mc_call_note(mc_call_t *call, const char *action, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* The same of a call that was refused: the result is the problem's code.
 * Nothing is noted of a call that succeeded or could not be judged. */
void mc_call_note_refusal(mc_call_t *call, const char *action);


#pragma GCC visibility pop

#endif /* MC_CALL_H */
