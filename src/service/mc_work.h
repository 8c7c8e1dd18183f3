/*
 * Use case: what a site does by itself (DESIGN section 1): messages and
 * comparisons that are due, clean-up of ended sessions and forgotten photos.
 *
 * Run by a worker's timer in the net pool, one at a time, or by hand by
 * membercertctl.  Bounded by MC_WORK_TIME.  Any number of processes may run
 * it: a lease in the store gives each case and message to one of them.
 */

#ifndef MC_WORK_H
#define MC_WORK_H

#include "mc_call.h"
#include "mc_outbox_send.h"

#pragma GCC visibility push(hidden)


#define MC_WORK_TIME  45000     /* ms */
#define MC_WORK_SEND  15000     /* ms of it for messages, while others wait */
#define MC_WORK_LATE  (60 * 60 * 1000)  /* ms a comparison may wait */

typedef struct {
    mc_call_t    call;          /* no credential */
    /* in */
    bool         outbox;        /* send what is due */
    bool         compare;       /* ask for what is due */
    bool         clean;         /* remove what has ended */
    bool       (*stopping)(void);   /* is the process to end?  Then nothing
                                       new is begun; may be NULL */
    /* every message goes there, in so many ms; NULL: by the site's lines */
    void       (*deliver)(void *data, const mc_letter_t *letter,
                     mc_sent_t *sent);
    void        *deliver_data;
    int64_t      deliver_time;

    /* tells at once about whom something was decided, in the job's thread:
     * the next question may take its time; may be NULL */
    void       (*changed)(void *data, const mc_changed_t *changed);
    void        *changed_data;

    int64_t      began;         /* mc_monotonic() at call.now; set by run */
    /* out */
    int64_t      removed;       /* rows */
    uint32_t     sent;          /* messages */
    uint32_t     dead;          /* messages that will not leave any more */
    uint32_t     asked;         /* questions put to the provider */
    uint32_t     decided;       /* cases that left "pending" */
    bool         more;          /* time ran out, something is left */
    int64_t      late;          /* cases that now wait for MC_WORK_LATE, each
                                   counted once in its life */
    const char  *alert;         /* for the log, at its highest level */
} mc_work_t;

void mc_work_run(mc_work_t *work);


/* --- mc_work_outbox.c, mc_work_compare.c --------------------------------- */

/* Until nothing is due, no line may be used, or mc_monotonic() passes
 * "until" (one message at least is sent), or the process is to end. */
mc_err_t mc_work_outbox(mc_work_t *work, mc_conn_t *conn, int64_t until);

/* Until nothing is due, the breaker opens, mc_monotonic() passes "until", or
 * the process is to end; sends messages in between.  Both answer MC_OK, or
 * why the store failed. */
mc_err_t mc_work_compare(mc_work_t *work, mc_conn_t *conn, int64_t until);


#pragma GCC visibility pop

#endif /* MC_WORK_H */
