/*
 * Comparisons that are due: takes a few under a lease, asks the provider
 * about each, records what it says.
 *
 * Depends on store, domain and, through mc_sealed, auth.  Net pool, or a
 * command.
 *
 * A lease lasts as long as the few may take, so a process that dies delays
 * them by seconds; what it had asked is asked again with the same key.
 * What is not an answer costs nothing: the case is put back and tried again
 * later, for ever.
 */

#include "mc_work.h"

#include <stdio.h>

#include "mc_retry.h"
#include "mc_sealed.h"
#include "mc_time.h"


#define BATCH       4               /* cases under a lease at a time */
#define LEASE_MORE  (5 * MC_SECOND) /* beyond the provider's own time */
#define CASE_ARENA  (1024 * 1024)


/* What the steps for one case share. */
typedef struct {
    mc_work_t             *work;
    mc_conn_t             *conn;
    const mc_settings_t   *settings;
    int64_t                began;       /* mc_monotonic() at call.now */
    int64_t                until;
    const mc_case_due_t   *due;
    mc_arena_t             arena;       /* of one case; wiped after it */
} compare_t;


/* The call's clock, gone on. */
static void
compare_actor(const compare_t *compare, mc_actor_t *actor)
{
    *actor = (mc_actor_t) {
        .actor = "work",
        .address = mc_str(""),
        .request_id = mc_str(""),
        .now = compare->work->call.now + mc_monotonic() - compare->began,
    };
}


/* Is there no time for one more question? */
static bool
compare_ends(const compare_t *compare)
{
    bool (*stopping)(void) = compare->work->stopping;

    return (stopping != NULL && stopping())
           || mc_monotonic() + compare->settings->compare_timeout
              > compare->until;
}


/* Others may take the case before an answer could be here. */
static bool
lease_ends(const compare_t *compare)
{
    mc_actor_t  actor;

    compare_actor(compare, &actor);

    return actor.now + compare->settings->compare_timeout
           > compare->due->lease;
}


static void
note_hint(compare_t *compare, const char *hint, bool alert)
{
    if (hint == NULL) {
        return;
    }

    if (compare->work->call.hint == NULL) {
        compare->work->call.hint = hint;
    }

    if (alert && compare->work->alert == NULL) {
        compare->work->alert = hint;
    }
}


/* The case was replaced, reset, or taken by somebody else meanwhile: what
 * we know of it is worth nothing. */
static mc_err_t
dropped(mc_err_t err)
{
    return err == MC_ECONFLICT ? MC_OK : err;
}


static mc_err_t
put_back(compare_t *compare, int64_t wait, bool asked)
{
    mc_actor_t  actor;

    compare_actor(compare, &actor);

    return dropped(mc_case_later(compare->conn, &actor, compare->due,
                                 actor.now + wait, asked));
}


/* Who is waiting for this answer shall not wait for the others' as well. */
static void
tell(compare_t *compare)
{
    mc_work_t     *work;
    mc_changed_t   changed;

    work = compare->work;

    if (work->changed != NULL) {
        changed = (mc_changed_t) { .count = 0 };
        mc_store_changed(compare->conn, &changed);
        work->changed(work->changed_data, &changed);
    }
}


static mc_err_t
record(compare_t *compare, const mc_case_result_t *result)
{
    mc_err_t    err;
    mc_actor_t  actor;

    compare_actor(compare, &actor);

    err = mc_case_result(compare->conn, &actor, compare->due, result);
    tell(compare);

    if (err == MC_OK) {
        compare->work->decided++;
    }

    return dropped(err);
}


/* To the institute, without a word of the provider. */
static mc_err_t
record_review(compare_t *compare, mc_case_why_t why)
{
    mc_case_result_t  result;

    result = (mc_case_result_t) {
        .event = MC_CASE_SAYS_REVIEW,
        .reason = mc_str_from(mc_case_why_code(why)),
        .result = mc_str(""),
        .score = -1,
        .model = mc_str(""),
    };

    return record(compare, &result);
}


static mc_err_t
record_answer(compare_t *compare, const mc_compare_result_t *answer)
{
    uint32_t           random;
    const char        *reason;
    mc_case_result_t   result;

    if (answer->answer != MC_ANSWER_RETRY) {
        result.event = mc_answer_event(answer->answer, &reason);
        result.reason = mc_str_from(reason);
        result.result = mc_str_from(mc_answer_name(answer->answer));
        result.score = answer->score;
        result.model = mc_str_from(answer->model);

        return record(compare, &result);
    }

    if (!answer->asked) {
        return put_back(compare, 0, false);
    }

    if (answer->retry_after > 0) {
        return put_back(compare, answer->retry_after, true);
    }

    random = 0;
    (void) mc_random(&random, sizeof(random));

    return put_back(compare, mc_retry_wait(compare->due->tries + 1, random),
                    true);
}


/* May the photo leave the house?  Asked again here: a consent can be taken
 * back while a case waits. */
static mc_err_t
consent_read(compare_t *compare, bool *given)
{
    mc_err_t  err;

    err = mc_consent_get(compare->conn, compare->due->member_id,
                         "comparison",
                         compare->settings->compare_consent_version);

    *given = err == MC_OK;

    return err == MC_ENOTFOUND ? MC_OK : err;
}


static mc_err_t
photo_read(compare_t *compare, int64_t id, mc_str_t *jpeg, uint8_t *sha256,
    bool *readable)
{
    mc_err_t  err;

    err = mc_sealed_photo_open(compare->work->call.site, compare->conn, id,
                               compare->due->member_id, &compare->arena,
                               jpeg, sha256);

    *readable = err == MC_OK;

    if (err != MC_ECORRUPT && err != MC_ENOTFOUND) {
        return err;
    }

    note_hint(compare, "a photo is lost, damaged or sealed with another "
              "secret: run membercertctl check", false);

    return MC_OK;
}


/*
 * The same question gives the same key, also from another process: what the
 * provider has answered once it need not compute again.
 */
static mc_err_t
job_key(compare_t *compare, mc_compare_job_t *job, const uint8_t sha256[32])
{
    char       numbers[96];
    uint8_t    digest[32];
    mc_err_t   err;
    mc_str_t   parts[3];

    (void) snprintf(numbers, sizeof(numbers), "%lld:%lld:%lld",
                    (long long) compare->due->id,
                    (long long) compare->due->photo_id,
                    (long long) compare->due->reference_id);

    parts[0].data = (const char *) compare->work->call.site->store_id;
    parts[0].len = sizeof(compare->work->call.site->store_id);
    parts[1] = mc_str_from(numbers);
    parts[2] = (mc_str_t) { (const char *) sha256, 32 };

    err = mc_sha256_parts(parts, mc_count(parts), digest);

    if (err == MC_OK) {
        mc_hex(digest, sizeof(digest), job->key);
        mc_hex(sha256, 32, job->probe_sha256);
    }

    return err;
}


/* Who it is: a number of ours that says nothing where the picture comes
 * along; the member's number where the provider looks it up. */
static bool
job_member(compare_t *compare, mc_compare_job_t *job)
{
    char                  name[17];
    const mc_case_due_t  *due;

    due = compare->due;

    if (compare->settings->compare_by_ref) {
        job->member_ref = mc_arena_printf(&compare->arena, "%.*s:%.*s",
                              (int) due->user_type.len, due->user_type.data,
                              (int) due->member_no.len, due->member_no.data);
    } else {
        mc_pseudonym(&compare->work->call.site->keys, due->member_id, name);
        job->member_ref = mc_arena_str(&compare->arena, mc_str_from(name));
    }

    job->attempt = due->tries + 1;

    return job->member_ref.data != NULL;
}


static mc_err_t
case_ask(compare_t *compare, mc_compare_job_t *job)
{
    mc_compare_result_t  answer;

    mc_compare_ask(compare->work->call.site->compare, job, &answer);

    if (answer.asked) {
        compare->work->asked++;
    }

    note_hint(compare, answer.hint, answer.alert);

    return record_answer(compare, &answer);
}


/* Asks only what can be answered. */
static mc_err_t
case_photos(compare_t *compare)
{
    bool              readable;
    uint8_t           sha256[32];
    mc_err_t          err;
    mc_compare_job_t  job;

    memset(&job, 0, sizeof(job));

    if (!compare->settings->compare_by_ref) {

        if (compare->due->reference_id == 0) {
            return record_review(compare, MC_WHY_NO_REFERENCE);
        }

        err = photo_read(compare, compare->due->reference_id,
                         &job.reference, NULL, &readable);

        if (err != MC_OK || !readable) {
            return err != MC_OK
                   ? err : record_review(compare, MC_WHY_BAD_REFERENCE);
        }
    }

    err = photo_read(compare, compare->due->photo_id, &job.probe, sha256,
                     &readable);

    if (err != MC_OK || !readable) {
        return err != MC_OK ? err
                            : record_review(compare, MC_WHY_BAD_PROBE);
    }

    err = job_key(compare, &job, sha256);

    if (err == MC_OK && !job_member(compare, &job)) {
        err = MC_ENOMEM;
    }

    return err == MC_OK ? case_ask(compare, &job) : err;
}


static mc_err_t
case_run(compare_t *compare)
{
    bool      given;
    mc_err_t  err;

    if (!mc_compare_provider(compare->settings)->asks) {
        return record_review(compare, MC_WHY_UNSURE);
    }

    err = consent_read(compare, &given);

    if (err == MC_OK) {
        err = given ? case_photos(compare)
                    : record_review(compare, MC_WHY_NO_CONSENT);
    }

    return err;
}


/* A code that somebody waits for does not wait for all of a lot: at most one
 * message goes before the next question. */
static mc_err_t
send_between(compare_t *compare)
{
    return compare->work->outbox
           ? mc_work_outbox(compare->work, compare->conn, mc_monotonic())
           : MC_OK;
}


/* One lot; *count is 0 when nothing is due or may be asked. */
static mc_err_t
lot_run(compare_t *compare, size_t *count)
{
    size_t         i, room;
    int64_t        lease;
    mc_err_t       err;
    mc_actor_t     actor;
    mc_arena_t     names;
    mc_case_due_t  due[BATCH];

    *count = 0;
    room = mc_compare_room(compare->work->call.site->compare, BATCH);
    lease = (int64_t) room * compare->settings->compare_timeout
            + LEASE_MORE;

    if (room == 0) {
        return MC_OK;
    }

    mc_arena_init(&names, CASE_ARENA);
    compare_actor(compare, &actor);

    err = mc_case_take(compare->conn, &actor, lease, &names, due, room,
                       count);

    for (i = 0; err == MC_OK && i < *count; i++) {
        compare->due = &due[i];

        err = send_between(compare);

        if (err == MC_OK) {
            err = compare_ends(compare) || lease_ends(compare)
                  ? put_back(compare, 0, false) : case_run(compare);
        }

        mc_arena_free(&compare->arena);
    }

    mc_arena_free(&names);

    return err;
}


mc_err_t
mc_work_compare(mc_work_t *work, mc_conn_t *conn, int64_t until)
{
    size_t     count;
    mc_err_t   err;
    compare_t  compare;

    compare = (compare_t) {
        .work = work,
        .conn = conn,
        .settings = work->call.site->settings,
        .began = work->began,
        .until = until,
    };

    mc_arena_init(&compare.arena, CASE_ARENA);

    do {
        if (compare_ends(&compare)) {
            work->more = true;
            return MC_OK;
        }

        err = lot_run(&compare, &count);

    } while (err == MC_OK && count > 0);

    return err;
}
